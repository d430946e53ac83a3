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
from openproposals.commands.group import cli
from openproposals.messages import Phrase
from openproposals.release import published
from openproposals.site.engine import EngineMissing
from openproposals.web import links
from support.commands import run

PACKAGE = Path(openproposals.__file__).parent
OURS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
OURS |= {EngineMissing.__name__}
HELPERS = {"refuse": frozenset({"table", "where"})}  # what they give besides the facts that they are given
OF_HELPERS = {"model/templates.py"}  # where the key is a helper's argument
TEXTS: dict[str, dict[str, str]] = {
    key: texts for key, texts in messages.texts("errors", "en").items() if key not in ("layout", "kinds", "reasons")
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


def test_every_error_says_how_to_mend_it() -> None:
    """Those apart that another error tells of (npm), that follow a stop, or that no input can bring about."""
    without = {key for key, texts in TEXTS.items() if "mend" not in texts}
    assert {key for key in without if not key.startswith("npm-")} == {"run-stopped", "not-a-variable"}


def _reasons() -> Iterator[tuple[str, tuple[str, ...], set[str]]]:
    """Every reason of ours that is given to an exception: where, its keys, and its facts."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if ast.unparse(call.func).rpartition(".")[2] == "because":
                place = f"{path.relative_to(PACKAGE).as_posix()}:{call.lineno}"
                yield place, _keys(call.args[0], tree), {str(keyword.arg) for keyword in call.keywords}


def test_every_reason_of_ours_is_said() -> None:
    """Each is given its facts, and none is left over."""
    known, used = messages.texts("errors", "en")["reasons"], set()
    for place, keys, facts in _reasons():
        for key in keys:
            assert _used({"": known[key]}) == facts, place
        used |= {*keys}
    assert used == known.keys()


def test_no_exception_of_ours_carries_a_reason_in_english_alone() -> None:
    """What we raise ourselves holds a phrase, and what catches it hands the phrase on: no `because=str(error)`."""
    mixed = {"Unparsable", "NotCompiledError", "ValueError", "OSError"}  # caught by what turns them into our errors
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "because" and not place.startswith("doctor/"):
                assert not ast.unparse(node.value).startswith("str("), f"{place}:{node.lineno}"
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                given = [a for a in node.exc.args if isinstance(a, ast.JoinedStr) or ast.unparse(a)[:1] in "'\""]
                assert not (ast.unparse(node.exc.func) in mixed and given), f"{place}:{node.lineno}"


@pytest.mark.slow
def test_a_reason_of_ours_is_said_in_the_readers_language(tmp_path: Path) -> None:
    """Out of a parser, of a file, and of a dump that holds quoted triples."""
    (tmp_path / "q.ttl").write_text("<< <a:a> <a:b> <a:c> >> <a:d> <a:e> .", encoding="utf-8")
    done = _run("trace", "S02", tmp_path / "q.ttl", lang="fr")
    assert done.returncode == 2
    assert "\n  cause :  il contient des triplets cités (<<...>>)" in done.stderr
    (tmp_path / "corpus.toml").write_text("a = " + "[" * 200 + "]" * 200, encoding="utf-8")
    done = _run("validate", tmp_path, lang="fr")
    assert done.returncode == 1
    assert "n'est pas du TOML : ses objets et tableaux sont imbriqués sur plus de 100 niveaux" in done.stdout
    (tmp_path / "corpus.toml").unlink()
    os.mkfifo(tmp_path / "x.ttl")
    with pytest.raises(errors.UsageError) as refused:
        published.read_dump(tmp_path / "x.ttl")
    assert refused.value.words("fr")["why"] == "ce n'est pas un fichier ordinaire"


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


@pytest.mark.slow
def test_a_file_that_is_not_there_is_told_in_french(tmp_path: Path) -> None:
    """A document, a file of quotes, a folder of shapes: exit code 2, and nothing in English."""
    booklet = tmp_path / "booklet.txt"
    booklet.write_text("some words", encoding="utf-8")
    missing = tmp_path / "nowhere"
    corpus = PACKAGE.parents[1] / "tests" / "corpora" / "minimal"
    for command, said in (
        (("anchor", missing, "words"), "aucun document à "),
        (("anchor", tmp_path, "words"), "aucun document à "),
        (("anchor", booklet, "--quotes", missing), "ne peut être lu"),
        (("trace", "x", corpus, "--quiet", "--document", missing), "aucun document à "),
        (("doctor", corpus, "--dcat-ap-shapes", missing), "aucune forme dans "),
    ):
        done = _run(*command, lang="fr")
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
        assert "Usage" not in done.stderr


@pytest.mark.parametrize("command", [[], *([name] for name in cli.commands)], ids=" ".join)
def test_help_is_in_the_readers_language(command: list[str]) -> None:
    """The line about --help too, which click says in English."""
    done = run(*command, "-h", LANG="fr_FR.UTF-8")
    assert done.returncode == 0
    assert "-h, --help  " in done.stdout
    assert "Afficher ce message et sortir." in done.stdout


@pytest.mark.slow
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
