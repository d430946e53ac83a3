"""The program's languages: one folder of `words/` a language, the same files, keys and facts in each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import openproposals
from openproposals.messages import LANGUAGES

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

    files = [path for path in PACKAGE.rglob("*.toml") if WORDS not in path.parents]
    assert files
    assert [path.name for path in files if tagged(tomllib.loads(path.read_text(encoding="utf-8")))] == []
