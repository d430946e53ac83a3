"""Whatever lies where a file is looked for, a command ends with a sentence: it waits for nothing, reads nothing endless.

And what commands write beside a stranger's files goes where it is meant to go.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from openproposals import loading, places, stages
from openproposals.commands.group import cli
from openproposals.errors import CannotGoOn, OpenproposalsError, UsageError
from openproposals.factcheck import verification
from openproposals.factcheck.rebase import check_new
from openproposals.factcheck.record import write_results
from openproposals.factcheck.trace import Held
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build
from openproposals.stages import Run
from support.held import BOOKLET, TOWN
from support.places import MINIMAL

pytestmark = [pytest.mark.slow, pytest.mark.long]

SELECT = "SELECT * { ?s ?p ?o } LIMIT 1"
TODAY = "2026-11-22"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """What waits for a FIFO is ended."""

    def end(number: int, frame: object) -> None:
        raise AssertionError("it waits")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(60)
    yield
    signal.alarm(0)


def run(*arguments: str | Path) -> tuple[int, str]:
    """The exit code, and what was said; an error is said as the program says it."""
    result = CliRunner().invoke(cli, ["--help"] if not arguments else [*map(str, arguments)])
    if isinstance(result.exception, OpenproposalsError):
        return result.exception.exit_code, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "release"
    work, _ = stages.publish(MINIMAL, out, Run(today=TODAY))
    assert work.conforms
    return out


PUT: dict[str, Callable[[Path], object]] = {
    "FIFO": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "secret": lambda path: path.symlink_to("../../secret.ttl"),
}
COMMANDS: dict[str, list[str]] = {
    "query": ["query", "RELEASE", SELECT],
    "diff": ["diff", "RELEASE", "OTHER"],
    "trace": ["trace", "anything", "RELEASE"],
    "verify": ["verify", "RELEASE"],
    "doctor": ["doctor", "RELEASE"],
    "site": ["site", "RELEASE", "--out", "PAGES"],
    "publish": ["publish", str(MINIMAL), "--out", "RELEASE"],
    "publish --check": ["publish", str(MINIMAL), "--out", "RELEASE", "--check"],
    "convert": ["convert", str(MINIMAL), "--out", "RELEASE"],
}
NAMES = ["SHA256SUMS", "report.json", "datapackage.json", "minimal.ttl", "vocabulary.ttl", "catalog.ttl",
         "catalog.jsonld", "tables/proposals.csv", "index.html"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, "FIFO") for name in NAMES), ("minimal.ttl", "device"), ("minimal.ttl", "secret")]
)
def test_a_release_with_a_file_that_is_none(tmp_path: Path, published: Path, name: str, kind: str) -> None:
    """Every command that reads a release ends, without a traceback, and tells nothing of what a link leads to."""
    release = tmp_path / "release"
    (tmp_path / "secret.ttl").write_text("<urn:s> <urn:p> 'SECRET' .\n")
    for command, arguments in COMMANDS.items():
        shutil.rmtree(release, ignore_errors=True)
        shutil.copytree(published, release)
        (release / name).unlink()
        PUT[kind](release / name)
        named = {"RELEASE": str(release), "OTHER": str(published), "PAGES": str(tmp_path / "pages")}
        code, said = run(*(named.get(each, each) for each in arguments))
        assert code in (0, 1, 2, 3), (command, said)
        assert "SECRET" not in said
        assert not any("SECRET" in p.read_text(errors="ignore") for p in (tmp_path / "pages").rglob("*") if p.is_file())
        if command in ("publish", "convert"):
            assert code in (1, 3), (command, said)  # 1: without that table, the version does not follow
            assert os.path.lexists(release / name)


@pytest.mark.parametrize("kind", ["FIFO", "device"])
def test_a_dump_a_query_and_a_document_that_are_none(tmp_path: Path, published: Path, kind: str) -> None:
    path = tmp_path / "a.ttl"
    PUT[kind](path)
    for arguments in (
        ["query", path, SELECT],
        ["query", published, path],
        ["trace", "anything", path],
        ["verify", TOWN, "--document", path],
        ["verify", TOWN, "--document", f"livret={path}"],
        ["anchor", path, "words"],
        ["anchor", BOOKLET, "--quotes", path],
        ["doctor", path],
    ):
        code, said = run(*arguments)
        assert code in (2, 3), (arguments, said)


# Writing beside a stranger's files -----------------------------------------------------------------------------------


def town(folder: Path) -> Path:
    """The town's corpus, to be written to."""
    return Path(shutil.copytree(TOWN, folder))


@pytest.mark.parametrize("table", ["verifications", "passages"])
def test_a_link_called_as_a_draft_was_leads_nowhere(tmp_path: Path, table: str) -> None:
    """The name that drafts once had, made a link by whoever made the corpus."""
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    corpus = town(tmp_path / "corpus")
    (corpus / f".{table}.csv.draft").symlink_to(mine)
    code, said = run("verify", corpus, "--document", BOOKLET, "--record", "2026-04-02")
    assert code in (0, 1), said
    run("anchor", BOOKLET, "--write", corpus)
    assert mine.read_text() == "mine"
    assert (corpus / f".{table}.csv.draft").is_symlink()
    assert (corpus / "verifications.csv").read_text(encoding="utf-8").count("2026-04-02") > 1


def test_what_is_recorded_goes_through_no_link(tmp_path: Path) -> None:
    """A table that became a link after it was read is not written to."""
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    corpus = town(tmp_path / "corpus")
    held = loading.held(places.CorpusFolder(corpus), Run())
    assert isinstance(held, Held)
    from openproposals.factcheck import documents

    found = verification.verified(held, [("", documents.read(BOOKLET.name, BOOKLET.read_bytes()))])
    (corpus / "verifications.csv").unlink(missing_ok=True)
    (corpus / "verifications.csv").symlink_to(mine)
    with pytest.raises(CannotGoOn, match="could not be written"):
        write_results(held, found, "2026-04-02")
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("there", ["a link", "a file", "a folder that holds anything"])
def test_a_corpus_is_pinned_into_a_new_folder_alone(tmp_path: Path, there: str) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    other.mkdir()
    if there == "a link":
        out.symlink_to(other)
    elif there == "a file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / ".hidden").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        check_new(out)


# Any tree ------------------------------------------------------------------------------------------------------------

FOLDERS = st.dictionaries(
    st.sampled_from(["SHA256SUMS", "report.json", "minimal.ttl", "NOTES.md", ".git", "corpus.toml", "proposals.csv"]),
    st.sampled_from(["file", "link", "fifo", "folder"]),
    max_size=3,
)


@settings(max_examples=12)
@given(under=FOLDERS, beside=FOLDERS, begun=st.booleans(), command=st.sampled_from(["publish", "convert", "site"]))
def test_nothing_of_anybody_s_changes_by_a_command(
    tmp_path_factory: pytest.TempPathFactory,
    published: Path,
    under: dict[str, str],
    beside: dict[str, str],
    begun: bool,
    command: str,
) -> None:
    """Whatever stands under and beside --out, and whether the command succeeds or is refused."""
    room = tmp_path_factory.mktemp("room")
    out = room / "out"
    if begun:
        shutil.copytree(published, out)
    else:
        out.mkdir()
    for folder, tree in ((room, beside), (out, under)):
        for name, kind in tree.items():
            path = folder / name
            if os.path.lexists(path):
                path.unlink()
            {"file": lambda p: p.write_text("mine"), "link": lambda p: p.symlink_to("/nowhere"),
             "fifo": os.mkfifo, "folder": Path.mkdir}[kind](path)  # type: ignore[operator]  # fmt: skip
    held = {name: (room / name).lstat() for name in beside} | {f"out/{n}": (out / n).lstat() for n in under}
    commands: dict[str, Callable[[], object]] = {
        "publish": lambda: stages.publish(MINIMAL, out, Run(today=TODAY)),
        "convert": lambda: stages.convert(MINIMAL, out, ["turtle"], Run(today=TODAY)),
        "site": lambda: build.site(open_release(published), out, SILENT, room / "no-engine"),
    }
    try:
        commands[command]()
    except OpenproposalsError:
        pass
    else:
        assert not under
    for name, before in held.items():
        after = (room / name).lstat()
        assert (before.st_ino, before.st_mode, before.st_size, before.st_mtime_ns) == (
            after.st_ino, after.st_mode, after.st_size, after.st_mtime_ns)  # fmt: skip
    assert not [p for p in room.iterdir() if p.name.startswith(".out.")]
    shutil.rmtree(room)
