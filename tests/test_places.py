"""What an argument names: one order, told in places.py, and the same for every command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openproposals import places
from openproposals.errors import UsageError
from openproposals.places import Address, CorpusFolder, File
from openproposals.release.published import Release
from support.commands import run
from support.places import DIST, MINIMAL


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the minimal corpus."""
    out = tmp_path_factory.mktemp("published") / "town"
    assert run("publish", MINIMAL, "--out", out, "--quiet").returncode == 0
    return out


@pytest.fixture
def here(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder: `town` under sources/ and dist/, a corpus, a release and a dump elsewhere, and a folder."""
    for place in ("sources/town", "other/town", "alone"):
        shutil.copytree(MINIMAL, tmp_path / place)
    for place in ("dist/town", "dist/published", "copy"):
        shutil.copytree(published, tmp_path / place)
    shutil.copy(published / "minimal.ttl", tmp_path / "X.TTL")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


ORDER = [  # an argument, what a command about corpora takes it for, what one about releases does
    ("sources/town", "corpus sources/town", "corpus sources/town"),
    ("other/town", "corpus other/town", "corpus other/town"),
    ("alone", "corpus alone", "corpus alone"),
    ("town", "corpus sources/town", "release dist/town"),
    ("published", "release dist/published", "release dist/published"),
    ("copy", "release copy", "release copy"),
    ("./copy", "release copy", "release copy"),
    ("dist/town", "release dist/town", "release dist/town"),
    ("X.TTL", "file X.TTL", "file X.TTL"),
    ("https://example.org/x.ttl", "address https://example.org/x.ttl", "address https://example.org/x.ttl"),
    ("HTTP://[", "address HTTP://[", "address HTTP://["),
    ("elsewhere/town", "nothing", "nothing"),
    ("folder", "nothing", "nothing"),
    (".", "nothing", "nothing"),
    ("..", "nothing", "nothing"),
    ("nowhere", "nothing", "nothing"),
    ("x" * 5_000, "nothing", "nothing"),
    ("a\0b", "nothing", "nothing"),
]


def told(named: str, own: places.PlaceKind) -> str:
    """What an argument names, in words."""
    try:
        found = places.find(named, own)
    except UsageError:
        return "nothing"
    match found:
        case CorpusFolder(folder):
            return f"corpus {folder}"
        case Release():
            return f"release {found.folder}"
        case File(path):
            return f"file {path}"
        case Address(url):
            return f"address {url}"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("named", "of_corpora", "of_releases"), ORDER)
def test_the_order_of_resolution(named: str, of_corpora: str, of_releases: str) -> None:
    """A path is what it is; a bare name is looked up, and the command's own kind is taken where there are two."""
    assert (told(named, "corpus"), told(named, "release")) == (of_corpora, of_releases)


def test_an_empty_name_is_the_only_one_there_is(here: Path) -> None:
    """A corpus before a release; of several, none is chosen."""
    assert told("", "corpus") == "corpus sources/town"
    shutil.rmtree(here / "sources")
    with pytest.raises(UsageError, match="dist/ holds 2 places, and none was named"):
        places.find("", "corpus")
    shutil.rmtree(here / "dist" / "town")
    assert told("", "corpus") == "release dist/published"
    shutil.rmtree(here / "dist")
    with pytest.raises(UsageError, match="no corpus and no release"):
        places.find("", "corpus")


def test_two_dots_are_no_bare_name(here: Path) -> None:
    """In a corpus that has folders sources/ and dist/ of its own, `.` is that corpus and `..` is not."""
    shutil.copytree(MINIMAL, here, dirs_exist_ok=True)
    for own in ("corpus", "release"):
        assert (told(".", own), told("..", own)) == ("corpus .", "nothing")


COUNT = "SELECT (COUNT(?p) AS ?n) { ?p a <https://w3id.org/openproposals/ns#Proposal> }"


@pytest.mark.parametrize("place", ["other/vivre-ensemble", "sources/vivre-ensemble"])
@pytest.mark.slow
def test_a_path_is_never_answered_from_a_release_of_the_same_name(tmp_path: Path, place: str) -> None:
    """`query` asks the three proposals of the path, not the 47 of ./dist; `site` says that it is a corpus."""
    shutil.copytree(DIST, tmp_path / "dist" / "vivre-ensemble")
    corpus = tmp_path / place
    shutil.copytree(MINIMAL, corpus)
    asked = run("query", place, COUNT, "--format", "csv", "--quiet", cwd=tmp_path)
    assert (asked.returncode, asked.stdout.split()) == (0, ["n", "3"])
    made = run("site", place, "--out", "pages", "--quiet", cwd=tmp_path)
    assert made.returncode == 2
    assert "is a corpus, not a release" in made.stderr
    assert not (tmp_path / "pages").exists()
    (corpus / "proposals.csv").write_text("id\n", encoding="utf-8")
    broken = run("query", place, COUNT, "--quiet", cwd=tmp_path)
    assert broken.returncode == 2
    assert "does not conform" in broken.stderr


@pytest.mark.slow
def test_a_dump_is_a_dump_whatever_the_case_of_its_ending(here: Path) -> None:
    """`X.TTL` is asked and traced alike."""
    asked = run("query", "X.TTL", COUNT, "--format", "csv", "--quiet", cwd=here)
    assert (asked.returncode, asked.stdout.split()) == (0, ["n", "3"])
    traced = run("trace", "proposal/1", "X.TTL", "--quiet", cwd=here)
    assert "no statistic, proposal or source" in traced.stderr or traced.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["datapackage.json", "SHA256SUMS"])
def test_a_release_is_one_for_every_command_or_for_none(here: Path, lost: str) -> None:
    """Without its data package or its sums, a folder is a release for nobody."""
    (here / "copy" / lost).unlink()
    for command in (
        ("query", "copy", COUNT),
        ("trace", "x", "copy"),
        ("verify", "copy"),
        ("site", "copy", "--out", "pages"),
        ("doctor", "copy"),
        ("diff", "copy", "dist/town"),
    ):
        done = run(*command, cwd=here)
        assert (done.returncode, "no corpus, release or file at 'copy'" in done.stderr) == (2, True), command


@pytest.mark.slow
def test_a_release_without_a_report_is_one_for_every_command(here: Path) -> None:
    """What a run has counted is not needed to read what it published."""
    (here / "copy" / "report.json").unlink()
    for command in (("query", "copy", COUNT), ("verify", "copy"), ("doctor", "copy"), ("diff", "copy", "dist/town")):
        done = run(*command, cwd=here)
        assert "no corpus, release or file" not in done.stderr, command


def test_a_command_takes_its_own_kind(here: Path) -> None:
    """A release where one is wanted, a corpus where one is wanted; anything else is refused, and told what it is."""
    assert places.release("town").folder == Path("dist/town")
    assert places.release("copy").name == "minimal"
    assert places.corpus("town") == Path("sources/town")
    for named, kind in (
        ("X.TTL", "no release"),
        ("alone", "a corpus, not a release"),
        ("http://x.test/", "no release"),
    ):
        with pytest.raises(UsageError, match=kind):
            places.release(named)
    for named in ("X.TTL", "copy", "http://x.test/"):
        with pytest.raises(UsageError, match="no corpus"):
            places.corpus(named)
    assert here.is_dir()
