"""What is not ours is left as it is: in the folder that a run would replace, and beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals import stages
from openproposals.errors import OpenproposalsError, ReleaseError
from openproposals.release import ours, workspace, write
from openproposals.stages import Run
from support.places import MINIMAL

REPORT = b'{"corpus": "c", "version": "1.0.0"}'
MARKS: dict[ours.OutputKind, str] = {"release": "datapackage.json", "site": "assets/site.css", "dumps": "c.ttl"}
KINDS: list[ours.OutputKind] = ["release", "site", "dumps"]


def quiet(stage: str) -> None:
    """Say nothing."""


def made(target: Path, kind: ours.OutputKind = "release", text: str = "one") -> None:
    """A release, a site or dumps, small."""
    with write.drafting(target, kind=kind) as draft:
        for name in (MARKS[kind], "tables/a.csv", "a.txt"):
            draft.write(name, text.encode())
        draft.report(json.loads(REPORT))
        draft.seal()
        write.swap(draft, target)


def state(folder: Path) -> dict[str, object]:
    """Everything in a folder: what it is, what it holds or leads to, and its permissions."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        holds: object = path.readlink() if stat.S_ISLNK(mode) else path.read_bytes() if stat.S_ISREG(mode) else ""
        found[path.relative_to(folder).as_posix()] = (mode, holds)
    return found


def summed(folder: Path) -> None:
    """SHA256SUMS over a folder, as sha256sum writes it."""
    names = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in names]
    (folder / "SHA256SUMS").write_text("".join(lines))


def thesis(out: Path) -> None:
    out.mkdir()
    (out / "thesis.odt").write_text("years")


def thesis_in_git(out: Path) -> None:
    thesis(out)
    (out / ".git" / "objects").mkdir(parents=True)
    (out / "SHA256SUMS").write_text("")


def thesis_with_empty_sums(out: Path) -> None:
    thesis(out)
    (out / "SHA256SUMS").write_text("")


def thesis_with_sums(out: Path) -> None:
    thesis(out)
    summed(out)


def release_in_git(out: Path) -> None:
    made(out)
    (out / ".git").write_text("gitdir: ../.git/worktrees/pages\n")


def git_named_in_the_sums(out: Path) -> None:
    made(out)
    (out / ".git").write_text("gitdir: ../.git/worktrees/pages\n")
    summed_again(out)


def corpus_named_in_the_sums(out: Path) -> None:
    made(out)
    (out / "corpus.toml").write_text("name")
    summed_again(out)


def summed_again(out: Path) -> None:
    (out / "SHA256SUMS").unlink()
    summed(out)


def release_with(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def lay(out: Path) -> None:
        made(out)
        make(out / name)

    return lay


def release_with_a_file_turned(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def lay(out: Path) -> None:
        made(out)
        (out / "a.txt").unlink()
        make(out / "a.txt")

    return lay


def sums_that_lead_out(out: Path) -> None:
    made(out)
    with (out / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  ../notes.txt\n")


def note(path: Path) -> None:
    path.write_text("mine")


def note_and_new_sums(out: Path) -> None:
    made(out)
    note(out / "NOTES.md")
    summed_again(out)


def changed_and_new_sums(out: Path) -> None:
    made(out)
    note(out / "a.txt")
    summed_again(out)


def never_a_release(out: Path) -> None:
    thesis(out)
    (out / "report.json").write_text('{"corpus": "x", "version": "0.0.1"}')
    (out / "datapackage.json").write_text("{}")
    summed(out)


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "somebody's files": (thesis, "thesis.odt"),
    "a git repository with an empty SHA256SUMS": (thesis_in_git, ".git"),
    "somebody's files with an empty SHA256SUMS": (thesis_with_empty_sums, "SHA256SUMS"),
    "somebody's files with true sums": (thesis_with_sums, "SHA256SUMS"),
    "a release with notes": (release_with("NOTES.md", note), "NOTES.md"),
    "a release with notes in a folder": (release_with("tables/NOTES.md", note), "tables/NOTES.md"),
    "a release with an empty folder": (release_with("mine", Path.mkdir), "mine"),
    "a release with a link": (release_with("link", lambda p: p.symlink_to("a.txt")), "link"),
    "a release with a FIFO": (release_with("pipe", os.mkfifo), "pipe"),
    "a release that is a worktree of git": (release_in_git, ".git"),
    "a release whose sums name .git": (git_named_in_the_sums, ".git"),
    "a release whose sums name corpus.toml": (corpus_named_in_the_sums, "corpus.toml"),
    "a release with a corpus in it": (release_with("corpus.toml", note), "corpus.toml"),
    "a release of which a file was changed": (release_with("a.txt", note), "a.txt"),
    "a release of which a file is a link": (
        release_with_a_file_turned(lambda p: p.symlink_to("../notes.txt")), "a.txt"),
    "a release of which a file is a FIFO": (release_with_a_file_turned(os.mkfifo), "a.txt"),
    "a release with notes, its sums made anew": (note_and_new_sums, "NOTES.md"),
    "a release of which a file was changed, its sums made anew": (changed_and_new_sums, "a.txt"),
    "somebody's files with true sums and a report": (never_a_release, "out"),
    "a release whose sums lead out of it": (sums_that_lead_out, "SHA256SUMS"),
    "a release without its report": (lambda out: (made(out), (out / "report.json").write_text("{}"))[0], "report.json"),
    "a release whose report is cut": (
        lambda out: (made(out), (out / "report.json").write_text('{"corpus": '))[0], "report.json"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_ours_stops_the_run(tmp_path: Path, kind: str) -> None:
    """It is named, there is a mend, and nothing has changed."""
    lay, named = REFUSED[kind]
    (tmp_path / "notes.txt").write_text("mine")
    lay(tmp_path / "out")
    before = state(tmp_path)
    with pytest.raises(ReleaseError) as error:
        made(tmp_path / "out", text="two")
    # a folder of which nothing is ours is refused by its first file
    assert named in error.value.what or (named == "SHA256SUMS" or "report" in kind)
    assert error.value.mend
    assert before == state(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_one_command_does_not_replace_what_another_wrote(
    tmp_path: Path, kind: ours.OutputKind, other: ours.OutputKind
) -> None:
    made(tmp_path / "out", kind)
    before = state(tmp_path)
    if kind == other:
        made(tmp_path / "out", other, "two")
        assert (tmp_path / "out" / "a.txt").read_text() == "two"
    else:
        with pytest.raises(ReleaseError, match="not"):
            made(tmp_path / "out", other, "two")
        assert before == state(tmp_path)


def test_a_release_with_line_ends_that_git_wrote_anew_is_ours(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, text="a\nb\n" * 400_000)
    for path in (p for p in out.rglob("*") if p.is_file()):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    made(out, text="two")
    assert (out / "a.txt").read_text() == "two"


def test_a_file_of_ours_that_is_gone_is_not_missed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out)
    (out / "tables" / "a.csv").unlink()
    made(out, text="two")
    assert (out / "tables" / "a.csv").read_text() == "two"


@pytest.mark.parametrize("there", ["corpus", "corpus/release", "."])
def test_a_corpus_is_not_published_onto_itself(tmp_path: Path, there: str) -> None:
    """Nor into its own folder, nor onto one that holds it; nor converted so."""
    shutil.copytree(MINIMAL, tmp_path / "corpus")
    before = state(tmp_path)
    for run in (
        lambda: stages.publish(tmp_path / "corpus", tmp_path / there, Run()),
        lambda: stages.convert(tmp_path / "corpus", tmp_path / there, ["turtle"], Run()),
    ):
        with pytest.raises(ReleaseError) as error:
            run()
        assert error.value.mend
    assert before == state(tmp_path)


@pytest.mark.parametrize("name", [".out.old", ".out.draft", ".out.0123456789abcdef.draft", ".out.0123456789abcdef.old"])
def test_what_only_looks_like_a_draft_is_left_alone(tmp_path: Path, name: str) -> None:
    """Folders beside the target without a marker of ours, whatever they are called."""
    (tmp_path / name / "new").mkdir(parents=True)
    (tmp_path / name / "new" / "thesis.odt").write_text("years")
    before = state(tmp_path / name)
    made(tmp_path / "out")
    made(tmp_path / "out", text="two")
    assert before == state(tmp_path / name)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "out"])


def test_of_a_draft_only_what_its_marker_names_is_cleared(tmp_path: Path) -> None:
    """A file that somebody put into it stays."""
    left = tmp_path / ".out.0123456789abcdef.draft"
    (left / "new").mkdir(parents=True)
    (left / workspace.MARKER).write_text('["openproposals", "out"]\n["file", "a.txt"]\n["file", "../../b.txt"]\n')
    for name in ("new/a.txt", "new/thesis.odt", "thesis.odt"):
        (left / name).write_text("x")
    (tmp_path / "b.txt").write_text("mine")
    made(tmp_path / "out")
    assert sorted(state(left)) == ["new", "new/thesis.odt", workspace.MARKER, "thesis.odt"]
    assert (tmp_path / "b.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "named",
    [
        "{elsewhere}/empty/x",
        "../../elsewhere/empty/x",
        "sub/x",
        "sub/inner/x",
        "a\\u0000b/x",
        "\\ud800/x",
        "",
        "/",
        "//x",
    ],
)
@pytest.mark.parametrize("link", [False, True], ids=["a folder", "a link"])
def test_a_planted_marker_reaches_nothing_elsewhere(tmp_path: Path, named: str, link: bool) -> None:
    """Whatever names it holds, and wherever its folder leads: not even an empty folder goes, and the run goes on."""
    elsewhere = tmp_path / "elsewhere"
    for inner in ("empty", "inner", "sub/inner"):
        (elsewhere / inner).mkdir(parents=True)
    left = tmp_path / ".out.0123456789abcdef.draft"
    left.mkdir()
    if link:
        (left / "new").symlink_to(elsewhere)
    else:
        (left / "new").mkdir()
        (left / "new" / "sub").symlink_to(elsewhere)
    line = named.format(elsewhere=elsewhere)
    (left / workspace.MARKER).write_text(f'["openproposals", "out"]\n["file", "{line}"]\n')
    before = state(elsewhere)
    made(tmp_path / "out")
    made(tmp_path / "out", text="two")
    assert before == state(elsewhere)
    assert (tmp_path / "out" / "a.txt").read_text() == "two"


def test_a_marker_without_end_is_left_alone(tmp_path: Path) -> None:
    """A line longer than any of ours is damage: no more of the marker is read."""
    left = tmp_path / ".out.0123456789abcdef.draft"
    (left / "new").mkdir(parents=True)
    with (left / workspace.MARKER).open("wb") as marker:
        marker.truncate(1 << 40)
    made(tmp_path / "out")
    assert (left / workspace.MARKER).stat().st_size == 1 << 40


def test_the_draft_of_another_target_is_left_alone(tmp_path: Path) -> None:
    left = tmp_path / ".out.0123456789abcdef.draft"
    (left / "new").mkdir(parents=True)
    (left / "new" / "a.txt").write_text("x")
    (left / workspace.MARKER).write_text('["openproposals", "other"]\n["file", "a.txt"]\n')
    before = state(left)
    made(tmp_path / "out")
    assert before == state(left)


@pytest.mark.parametrize("exchange", [True, False], ids=["atomic", "two renames"])
def test_what_comes_in_while_a_run_writes_is_kept(
    tmp_path: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the swap it stops the run; at the very moment of the swap it is kept, and the run says where."""
    out = tmp_path / "out"
    made(out)
    with pytest.raises(ReleaseError, match=r"NOTES\.md"), write.drafting(out) as draft:
        draft.write("a.txt", b"two")
        draft.seal()
        (out / "NOTES.md").write_text("mine")
        write.swap(draft, out)
    assert (out / "NOTES.md").read_text() == "mine"
    assert (out / "a.txt").read_text() == "one"
    (out / "NOTES.md").unlink()
    swap = write._exchange

    def late(one: Path, other: Path) -> bool:
        (out / "tables" / "NOTES.md").write_text("mine")
        (out / "a.txt").write_text("edited")
        return exchange and swap(one, other)

    monkeypatch.setattr(write, "_exchange", late)
    with pytest.raises(ReleaseError, match="somebody worked"):
        made(out, text="two")
    assert (out / "a.txt").read_text() == "two"
    kept = {p.name: p.read_text() for p in tmp_path.glob(".out.*/*/**/*") if p.is_file()}
    assert kept == {"NOTES.md": "mine", "a.txt": "edited"}
    monkeypatch.undo()
    made(out, text="three")
    assert kept == {p.name: p.read_text() for p in tmp_path.glob(".out.*/*/**/*") if p.is_file()}


def test_a_release_is_put_back_when_the_second_rename_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    made(out)
    monkeypatch.setattr(write, "_exchange", lambda one, other: False)
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    before = state(tmp_path)
    with pytest.raises(ReleaseError):
        made(out, text="two")
    assert before == state(tmp_path)


def test_two_folders_side_by_side_are_written_at_once(tmp_path: Path) -> None:
    """The lock is on the target, not on the folder that it stands in."""
    with write.drafting(tmp_path / "one") as draft:
        draft.write("a.txt", b"x")
        made(tmp_path / "two")
        with pytest.raises(ReleaseError, match="another run"), write.drafting(tmp_path / "one"):
            pass
        draft.seal()
        write.swap(draft, tmp_path / "one")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]


# Any tree ------------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    ["SHA256SUMS", "report.json", "datapackage.json", "a.txt", "tables", "NOTES.md", ".git", "corpus.toml", "releases",
     "assets", "out", ".out.old", ".out.draft", ".out.0123456789abcdef.draft", "new", "old", workspace.MARKER]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", "mine", REPORT.decode(), "{}", f"{'0' * 64}  a.txt\n", f"{hashlib.sha256(b'mine').hexdigest()}  a.txt\n",
     '["openproposals", "out"]\n', '["openproposals", "out"]\n["file", "a.txt"]\n["swap"]\n']
)  # fmt: skip
LEAVES = st.one_of(
    st.tuples(st.just("file"), TEXTS),
    st.tuples(st.just("link"), st.sampled_from(["a.txt", "../mine.txt", "/nowhere", "..", "."])),
    st.just(("fifo", "")),
    st.just(("release", "")),
)
TREES = st.recursive(LEAVES, lambda below: st.dictionaries(NAMES, below, max_size=4), max_leaves=12)


def lay(path: Path, tree: object) -> None:
    """A tree on the disk; where a name is taken, what is there stays."""
    if os.path.lexists(path) and not (isinstance(tree, dict) and path.is_dir() and not path.is_symlink()):
        return
    if isinstance(tree, dict):
        path.mkdir(exist_ok=True)
        for name, below in tree.items():
            lay(path / name, below)
        return
    assert isinstance(tree, tuple)
    kind, said = tree
    if kind == "file":
        path.write_text(said)
    elif kind == "link":
        path.symlink_to(said)
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        made(path)


def of_ours(folder: Path) -> set[str]:
    """By a reading of its own: what the sums of a release name, with those sums, and the folders that lead there."""
    sums, report = folder / "SHA256SUMS", folder / "report.json"
    if any(not stat.S_ISREG(p.lstat().st_mode) if os.path.lexists(p) else True for p in (sums, report)):
        return set()
    lines = [line.split("  ", 1) for line in sums.read_text().splitlines()]
    try:
        listed = dict(json.loads(report.read_bytes())["files"])
    except (ValueError, LookupError, TypeError):
        return set()
    named = {line[1]: line[0] for line in lines if line[1] == "report.json" or listed.get(line[1]) == line[0]}
    true = {
        name
        for name, digest in named.items()
        if (folder / name).is_file() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    }
    return {"SHA256SUMS", *true, *(str(p) for name in named for p in Path(name).parents)} if named else set()


def left_by_a_run(before: dict[str, object]) -> set[str]:
    """What a killed run may have left: an empty folder, an empty marker alone, or what a marker for this target names."""
    draft = ".out.0123456789abcdef.draft"
    marker = f"{draft}/{workspace.MARKER}"
    there = {name for name in before if name == draft or name.startswith(f"{draft}/")}
    said = before.get(marker, ("", b"?"))
    assert isinstance(said, tuple)
    if there == {draft} and said[1] == b"?":
        return there
    if there == {draft, marker} and said[1] == b"":
        return there
    if not str(said[1]).startswith('b\'["openproposals", "out"]'):
        return set()
    parts = (
        "",
        f"/{workspace.MARKER}",
        "/new",
        "/old",
        "/new/a.txt",
        "/old/a.txt",
        "/new/SHA256SUMS",
        "/old/SHA256SUMS",
    )
    return {f"{draft}{part}" for part in parts}


@given(under=TREES, beside=st.dictionaries(NAMES, TREES, max_size=3), begun=st.booleans(), kind=st.sampled_from(KINDS))
def test_nothing_that_is_not_ours_changes(
    tmp_path_factory: pytest.TempPathFactory,
    under: object,
    beside: dict[str, object],
    begun: bool,
    kind: ours.OutputKind,
) -> None:
    """Any tree under the target and beside it, and whether the run succeeds or is refused."""
    room = tmp_path_factory.mktemp("room")
    out = room / "out"
    (room / "mine.txt").write_text("mine")
    if begun:
        made(out)
    lay(out, under)
    for name, tree in beside.items():
        lay(room / name, tree)
    before = state(room)
    mine = {f"out/{name}" for name in of_ours(out)} | {"out"} if out.is_dir() and not out.is_symlink() else set()
    drafts = left_by_a_run(before)
    refused = False
    try:
        made(out, kind, "two")
    except OpenproposalsError:
        refused = True
    after = state(room)
    if refused:
        lost = {name for name in before if after.get(name) != before[name]}
        assert lost <= drafts
        assert all(name in before for name in after)
        return
    lost = {name for name in before if after.get(name) != before[name]}
    assert lost <= mine | drafts
    assert (out / "a.txt").read_text() == "two"
    shutil.rmtree(room)


@pytest.mark.parametrize("kind", KINDS)
def test_a_private_folder_stays_private(tmp_path: Path, kind: ours.OutputKind) -> None:
    """A run keeps the permissions that somebody gave to the folder, and to what is in it; so does its draft meanwhile."""
    target = tmp_path / "out"
    made(target, kind)
    given = {".": 0o2710, "tables": 0o750, "a.txt": 0o600}
    for name, mode in given.items():
        (target / name).chmod(mode)
    with write.drafting(target, kind=kind) as draft:
        draft.write("a.txt", b"draft")
        assert stat.S_IMODE(draft.folder.parent.stat().st_mode) == 0o700
    made(target, kind, "two")
    assert (target / "a.txt").read_text() == "two"
    assert {name: stat.S_IMODE((target / name).stat().st_mode) for name in given} == given


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder any group")
def test_a_folder_of_a_group_stays_the_groups(tmp_path: Path) -> None:
    """With its set-group-ID bit, what a run writes in it has its group."""
    target = tmp_path / "out"
    made(target)
    os.chown(target, -1, 12345)
    target.chmod(0o2770)
    made(target, text="two")
    found = [target, *target.rglob("*")]
    assert {path.stat().st_gid for path in found} == {12345}
    assert stat.S_IMODE(target.stat().st_mode) == 0o2770
