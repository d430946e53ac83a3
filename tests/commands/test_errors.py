"""Errors: every place that raises one, and every text, in both languages; and what a reader sees of them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import openproposals
from openproposals import errors, messages
from openproposals.messages import Phrase
from openproposals.site.engine import EngineMissing
from openproposals.web import links

PACKAGE = Path(openproposals.__file__).parent
OURS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
OURS |= {EngineMissing.__name__}
HELPERS = {"refuse": frozenset({"table", "where"})}  # what they give besides the facts that they are given
OF_HELPERS = {"model/templates.py"}  # where the key is a helper's argument
TEXTS: dict[str, dict[str, str]] = {
    key: texts for key, texts in messages.texts("errors", "en").items() if key not in ("layout", "kinds")
}


@dataclass(frozen=True)
class Site:
    """A call that makes an error: where it is, the keys that it may have, and its facts."""

    place: str
    keys: tuple[str, ...]
    facts: frozenset[str]


def _keys(node: ast.expr, tree: ast.AST) -> tuple[str, ...]:
    """The texts that an expression may be: a literal, one of two, or a name that is given such in its module."""
    if isinstance(node, ast.Constant):
        return (str(node.value),)
    if isinstance(node, ast.IfExp):
        return (*_keys(node.body, tree), *_keys(node.orelse, tree))
    assert isinstance(node, ast.Name), ast.dump(node)
    given = [a.value for a in ast.walk(tree) if isinstance(a, ast.Assign) and ast.unparse(a.targets[0]) == node.id]
    return tuple(key for value in given if isinstance(value, ast.IfExp | ast.Constant) for key in _keys(value, tree))


def _sites() -> Iterator[Site]:
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).rpartition(".")[2]
            passed = any(keyword.arg is None for keyword in call.keywords)
            if name not in OURS | HELPERS.keys() or ast.unparse(call.func).startswith("click."):
                continue
            place = path.relative_to(PACKAGE).as_posix()
            if passed:
                assert place in OF_HELPERS, f"{place}:{call.lineno} hides its facts"
                continue
            facts = frozenset(str(keyword.arg) for keyword in call.keywords) | HELPERS.get(name, frozenset())
            yield Site(f"{place}:{call.lineno}", _keys(call.args[0], tree), facts)


SITES = tuple(_sites())


def _used(texts: Mapping[str, str]) -> set[str]:
    """The facts that texts use."""
    return {name.split("!")[0] for text in texts.values() for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.place)
def test_every_raise_site_has_its_texts_and_gives_their_facts(site: Site) -> None:
    """No fact is wanting, none is given in vain: `because` is the reason where the text has none."""
    assert site.keys
    for key in site.keys:
        assert key in TEXTS, key
        texts = TEXTS[key]
        assert _used(texts) == site.facts - (set() if "why" in texts or "because" in _used(texts) else {"because"})


def test_every_text_is_raised_somewhere() -> None:
    """No text is left over, and the walk has found as many places as there are."""
    assert {key for site in SITES for key in site.keys} == TEXTS.keys()
    assert len(SITES) > 110


@pytest.mark.parametrize("key", TEXTS)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_an_error_says_what_and_is_no_sentence(key: str, language: str) -> None:
    """What, and perhaps why and mend, none of which ends with a full stop."""
    texts = messages.texts("errors", language)[key]
    assert {"what"} <= texts.keys() <= {"what", "why", "mend"}
    assert not [text for text in texts.values() if text.endswith(".")]


def test_every_refused_address_has_its_words() -> None:
    """The reasons of `web`, which errors give as theirs."""
    for path in (PACKAGE / "web").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            literal = isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Refused") and call.args
            if literal and isinstance(call.args[0], ast.Constant):  # type: ignore[attr-defined]
                assert call.args[0].value in messages.texts("web/links", "en")  # type: ignore[attr-defined]


def test_a_phrase_among_the_facts_is_said_in_the_readers_language() -> None:
    """A reason of the web, and what a folder holds."""
    reason = links.reason("timeout", "http://b.example/")
    error = errors.UsageError("dump-not-fetched", address="http://a.example/", because=reason)
    assert error.why == "no answer within the time allowed: http://b.example/"
    assert error.words("fr")["why"] == "pas de réponse dans le temps imparti : http://b.example/"
    held = Phrase("errors", "kinds.site")
    other = errors.ReleaseError("out-holds-another-kind", folder="x", found=held, wanted=held)
    assert other.words("fr")["what"] == "x/ contient un site, et non un site"


def test_what_a_fact_holds_is_no_pattern() -> None:
    """Braces and bars in a name stay as they are."""
    assert errors.UsageError("unreadable", path="{a}|{}", because="{b}").words("fr")["what"] == "{a}|{} ne peut être lu"


def _run(*arguments: object, lang: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "openproposals", *map(str, arguments), "--lang", lang]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LANG": "C.UTF-8"})


def test_a_wrong_argument_is_answered_in_french() -> None:
    """Exit code 2: what, why and mend."""
    done = _run("validate", "nowhere", lang="fr")
    assert done.returncode == 2
    assert "aucun corpus, aucune publication ni aucun fichier à 'nowhere'" in done.stderr
    assert "\n  cause :  un corpus est un dossier" in done.stderr
    assert "\n  remède : en donner le chemin" in done.stderr


def test_a_folder_of_somebodys_is_refused_in_french(tmp_path: Path) -> None:
    """Exit code 3."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    corpus = PACKAGE.parents[1] / "sources" / "vivre-ensemble"
    done = _run("publish", corpus, "--out", tmp_path, "--quiet", lang="fr")
    assert done.returncode == 3
    assert "contient notes.txt, qu'aucune exécution n'a écrit" in done.stderr


def test_an_error_out_of_a_child_is_said_in_french() -> None:
    """A query that is no SPARQL is found so by a child, which hands on the key and the facts."""
    done = _run("query", PACKAGE.parents[1] / "dist" / "vivre-ensemble", "SELECT {", "--quiet", lang="fr")
    assert done.returncode == 2
    assert "la requête n'est pas du SPARQL" in done.stderr
    assert "regarder ici :\n    SELECT {\n" in done.stderr


def test_texts_are_loaded_in_one_place() -> None:
    """`messages` loads the package's own files; a corpus's descriptor is the only other TOML. There is one Language."""
    loaders, languages = set(), set()
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) and any(alias.name == "tomllib" for alias in node.names):
                loaders.add(name)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "Language":
                languages.add(name)
    assert loaders == {"messages.py", "guards/parsing.py"}
    assert languages == {"messages.py"}
