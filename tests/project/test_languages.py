"""The program's languages: one folder of `words/` a language, the same files, keys and facts in each."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import openproposals
from openproposals.messages import LANGUAGES
from openproposals.model.rdf import LiteralTerm, parse
from openproposals.model.schema import shipped
from support.places import ROOT

PACKAGE = Path(openproposals.__file__).parent
WORDS = PACKAGE / "words"
OTHERS = [language for language in LANGUAGES if language != "en"]


def _texts(data: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _texts(value, f"{path}.{key}")
        else:
            yield f"{path}.{key}", value


def _said(language: str) -> dict[str, str]:
    """Every text of a language's folder, by file and key."""
    files = sorted((WORDS / language).rglob("*.toml"))
    names = [file.relative_to(WORDS / language).with_suffix("").as_posix() for file in files]
    read = (tomllib.loads(file.read_text(encoding="utf-8")) for file in files)
    return {key: text for name, data in zip(names, read, strict=True) for key, text in _texts(data, name)}


SAID = {language: _said(language) for language in LANGUAGES}


def _facts(text: str) -> list[set[str]]:
    """The facts of a text, in its singular and in its plural."""
    return [
        {str(n).split("!")[0] for _, n, _, _ in Formatter().parse(form) if n is not None} for form in text.split("|")
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text(language: str) -> None:
    """What is missing would be said in English; what is left over would never be said."""
    missing = sorted(SAID["en"].keys() - SAID[language].keys())
    assert missing == []
    assert sorted(SAID[language].keys() - SAID["en"].keys()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_has_the_same_facts_in_each_language(language: str) -> None:
    """A fact that is not said is lost; one that is not given stops the program."""
    wrong = {
        key: text
        for key, text in SAID[language].items()
        if set().union(*_facts(text)) != set().union(*_facts(SAID["en"][key]))
    }
    assert wrong == {}


def test_texts_stand_in_words_alone() -> None:
    """A TOML file beside the code holds no text in several languages."""

    def tagged(data: object) -> bool:
        if isinstance(data, Mapping):
            return bool(data.keys() & {*LANGUAGES}) or any(map(tagged, data.values()))
        return isinstance(data, list) and any(map(tagged, data))

    files = [path for path in PACKAGE.rglob("*.toml") if WORDS not in path.parents and path.stem != "languages"]
    assert files
    assert [path.name for path in files if tagged(tomllib.loads(path.read_text(encoding="utf-8")))] == []


def _copied(folder: Path, language: str) -> Path:
    """A copy of the package with a further language: English, each text of it marked."""
    package = Path(shutil.copytree(PACKAGE, folder / "openproposals", ignore=shutil.ignore_patterns("__pycache__")))
    for name in ("schema", "shapes", "docs/queries"):
        shutil.copytree(shipped(name), package / name)  # type: ignore[arg-type]
    for file in (WORDS / "en").rglob("*.toml"):
        there = package / "words" / language / file.relative_to(WORDS / "en")
        there.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        there.write_text(text if file.stem == "signs" else re.sub(r'= "', '= "¤', text), encoding="utf-8")
    return package


@pytest.mark.slow
def test_a_further_language_is_a_folder(tmp_path: Path) -> None:
    """No line of code names it: it is offered, spoken, and chosen by the locale; what it lacks is said in English."""
    package = _copied(tmp_path, "eo")
    (package / "words/eo/factcheck/trace.toml").unlink()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LANG": "eo.UTF-8", "LC_ALL": ""}

    def run(*arguments: object) -> str:
        command = [sys.executable, "-m", "openproposals", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
        return done.stdout + done.stderr

    assert "de|en|eo|fr" in "|".join(sorted(re.findall(r"[a-z]+", run("validate", "--help").split("--lang [")[1])[:4]))
    assert "¤Validate a corpus's tables." in run("validate", "--help")
    assert "¤conforms" in run("validate", ROOT / "tests" / "corpora" / "minimal", "--lang", "eo")
    assert "¤no corpus, release or file at 'nowhere'" in run("validate", "nowhere")
    assert "Statistic S02" in run("trace", "S02", ROOT / "dist" / "vivre-ensemble")


def test_no_line_of_code_asks_which_language_it_is() -> None:
    """Except for English, which is the one that stands in for others."""
    asked = re.compile(r"""\b(?:language|lang)\s*(?:==|!=)\s*["'](?!en["'])[a-z]|["'][a-z]{2}["']\s+if\s+lang""")
    places = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.js")]
    found = [
        f"{p.name}: {line}" for p in places for line in p.read_text(encoding="utf-8").splitlines() if asked.search(line)
    ]
    assert found == []


def _labels() -> list[tuple[str, set[str]]]:
    """The languages in which each term, code and example question is named and defined."""
    named: dict[str, set[str]] = {}
    files = [
        *shipped("schema").glob("*.ttl"),
        *(shipped("schema") / "codes").glob("*.ttl"),
        *shipped("docs/queries").glob("[0-9]*.ttl"),
    ]
    for file in files:
        for subject, predicate, value in parse(file.read_bytes(), "turtle"):
            said = predicate.rpartition("#")[2]
            if isinstance(value, LiteralTerm) and said in ("label", "prefLabel", "comment", "definition"):
                named.setdefault(f"{file.stem} {subject.value} {said}", set()).add(value.language)
    return sorted(named.items())


def test_terms_codes_and_questions_are_named_in_each_language() -> None:
    """As the program's own words are."""
    found = _labels()
    assert len(found) > 270
    assert [name for name, tags in found if not {*LANGUAGES} <= tags] == []


def test_tables_and_columns_are_described_in_each_language() -> None:
    """What a Table Schema titles or describes in English, it does in every other language."""
    read = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in shipped("schema").glob("*.json")}
    tables = {name: schema for name, schema in read.items() if "fields" in schema}
    assert len(tables) > 40
    missing = [
        f"{name} {each['name']} {part}_{language}"
        for name, schema in tables.items()
        for each in (schema, *schema["fields"])
        for part in ("title", "description")
        for language in OTHERS
        if part in each and not each.get(f"{part}_{language}")
    ]
    assert missing == []
