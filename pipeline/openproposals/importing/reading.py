"""A sheet of the mapping read from the publisher's files: which files it means, and in which format each is.

In: the corpus's folder and what the mapping says of a sheet. Out: a sheet. Files lie in the folder or below it; a link
is not followed, nothing is fetched, and an archive is unpacked in memory, within bounds.
"""

from __future__ import annotations

import difflib
import fnmatch
import functools
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from openproposals.errors import reason
from openproposals.findings import Finding, Location
from openproposals.guards import files
from openproposals.importing import delimited, objects, oddities, workbook_child, workbooks
from openproposals.importing.delimited import Stated
from openproposals.importing.sheets import Sheet, Understood, joined, sheet, with_added
from openproposals.messages import Phrase

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXTS = (".csv", ".tsv", ".tab", ".txt")
KINDS = (*BOOKS, *TEXTS, ".json", ".jsonl", ".ndjson", ".parquet", ".zip")
MOST = 2 << 30  # bytes of a file
_MEMBERS = 20_000  # files of an archive
_MAY_BE_TABBED = 4_000  # bytes of a .tsv that hold a tab, or it is no such file
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class SheetSource:
    """What a mapping says of a sheet: where it is, and whatever of its form is stated.

    `file` is a path under the corpus's folder, perhaps with wildcards. `sheet` names the sheet of a workbook, or the
    file of an archive. `records` leads to the records of JSON. `path_as` names what the wildcards of `file` stand for.
    """

    file: str
    sheet: str = ""
    records: str = ""
    path_as: tuple[str, ...] = ()
    decimal: str = ""
    stated: Stated = field(default_factory=Stated)
    join: Join | None = None


@dataclass(frozen=True)
class Join:
    """Another sheet whose columns stand beside a sheet's own: in the row whose `other` is the `own` of this one."""

    sheet: str
    own: str
    other: str


def read(folder: Path, source: SheetSource) -> Sheet:
    """The sheet that a mapping means, of one file or of all that its pattern names. Findings are in the sheet."""
    paths, findings = named(folder, source.file)
    parts = [part for path in paths for part in _of(folder, path, source)]
    if not parts:
        nothing = sheet(Understood(source.file, header=0), [], [], [])
        return replace(nothing, understood=(), findings=tuple(findings))
    whole = joined(parts)
    return replace(whole, findings=(*findings, *whole.findings))


def named(folder: Path, pattern: str) -> tuple[list[Path], list[Finding]]:
    """The files that a pattern names, sorted, and findings: none is there, or one is an editor's lock."""
    outside = PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts or "\\" in pattern
    if outside or not pattern:
        return [], [Finding(Location(pattern or "mapping.toml"), "raw-file-outside", pattern)]
    wild = bool(_WILD.search(pattern))
    found = sorted(folder.glob(pattern)) if wild else [folder / pattern]
    locks = [path for path in found if is_lock(path.name)]
    kept = [path for path in found if path.is_file() and path not in locks]
    beside = [path.with_name(lock) for path in kept for lock in (f"~${path.name}", f".~lock.{path.name}#")]
    open_ = dict.fromkeys([*locks, *(path for path in beside if path.exists())])
    said = [Finding(Location(path.name), "lock-file-skipped") for path in open_]
    if not kept:
        near = difflib.get_close_matches(pattern, [path.name for path in folder.iterdir() if path.is_file()], 1, 0.6)
        said.append(Finding(Location(pattern), "raw-file-missing", pattern, {"near": f": {near[0]}" if near else ""}))
    return kept, said


def is_lock(name: str) -> bool:
    """Whether a file is what an office program writes while a workbook is open: `~$promises.xlsx`.

    >>> is_lock("~$promises.xlsx"), is_lock(".~lock.promises.ods#"), is_lock("promises.xlsx")
    (True, True, False)
    """
    return name.startswith(("~$", ".~lock."))


def _of(folder: Path, path: Path, source: SheetSource) -> Iterator[Sheet]:
    """The sheets of one file: one, or for an archive one for each of its files that is meant."""
    name = path.relative_to(folder).as_posix()
    try:
        data = files.data(path, follow=False, most=MOST)
    except files.NotPlainError:
        yield failed(name, "not-a-file")
        return
    except OSError as error:
        yield failed(name, "file-unreadable", problem=str(reason(error)))
        return
    if path.suffix.lower() == ".zip":
        yield from _archived(name, data, source)
        return
    yield _with_path(content(name, data, source), name, source)


def content(name: str, data: bytes, source: SheetSource) -> Sheet:
    """The sheet of a file's bytes, by the ending of its name, and what is odd about it."""
    return oddities.told(_content(name, data, source))


def _content(name: str, data: bytes, source: SheetSource) -> Sheet:
    ending = PurePosixPath(name).suffix.lower()
    if ending in BOOKS:
        return _of_book(name, data, source)
    if ending in (".json", ".jsonl", ".ndjson"):
        return objects.read(name, data, source.records, source.stated.encoding, lines=ending != ".json")
    if ending == ".parquet":
        from openproposals.importing import parquet_sheets  # heavy, and needed by this format alone

        return parquet_sheets.read(name, data)
    if ending in TEXTS:
        tabbed = ending in (".tsv", ".tab") and not source.stated.delimiter and b"\t" in data[:_MAY_BE_TABBED]
        return delimited.read(name, data, replace(source.stated, delimiter="\t") if tabbed else source.stated)
    return failed(name, "raw-file-unknown", known=" ".join(KINDS))


@functools.lru_cache(maxsize=4)
def book(data: bytes) -> workbooks.Book:
    """A workbook with all its sheets; the last few are kept, since several sheets are often of one file."""
    return workbooks.opened(data)


def _of_book(name: str, data: bytes, source: SheetSource) -> Sheet:
    opened = book(data)
    said = workbooks.problems(name, opened)
    if opened.problem or opened.encrypted:
        return replace(failed(name, "raw-file-damaged"), findings=tuple(said))
    visible = [each for each in opened.names if each not in opened.hidden]
    filled = [each for each in visible if any(any(row) for row in opened.grids[each])]
    wanted = source.sheet or (filled or visible or list(opened.names) or [""])[0]
    if wanted not in opened.names:
        near = difflib.get_close_matches(wanted, opened.names, 1, 0.5)
        facts = {"known": ", ".join(opened.names), "near": near[0] if near else (filled or [""])[0]}
        missing = Finding(Location(name), "workbook-sheet-missing", wanted, facts)
        return replace(failed(name, "workbook-sheet-missing"), findings=(*said, missing))
    others = [each for each in filled if each != wanted]
    if not source.sheet and others:
        facts = {"taken": wanted, "others": ", ".join(others)}
        said.append(Finding(Location(name), "workbook-sheets-several", wanted, facts))
    found = workbooks.laid_out(name, wanted, opened, source.stated)
    return replace(found, findings=(*said, *found.findings))


def _archived(name: str, data: bytes, source: SheetSource) -> Iterator[Sheet]:
    """The sheets of an archive's files that `sheet` names; without it, of the only one that can be read."""
    bomb = workbook_child.unsafe(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            outside = [e.filename for e in entries if _is_outside(e.filename)]
            if bomb or outside or len(entries) > _MEMBERS:
                key = bomb or ("archive-path" if outside else "archive-many")
                facts = {"problem": Phrase(workbooks.WORDS, f"reasons.{key}")}
                yield replace(
                    failed(name, "archive-unsafe"),
                    findings=(Finding(Location(name), "archive-unsafe", (outside or [""])[0], facts),),
                )
                return
            able = readable(entry.filename for entry in entries)
            if not able:
                yield failed(name, "raw-file-unknown", known=" ".join(KINDS[:-1]))
                return
            wanted = [each for each in able if _is_meant(each, source.sheet)] if source.sheet else able
            if not wanted or (not source.sheet and len(wanted) > 1):
                known = ", ".join(able[:20]) or "-"
                code = "archive-member-missing" if source.sheet else "archive-members-several"
                yield failed(name, code, cell=source.sheet, known=known)
                return
            for member in wanted:
                inner = replace(source, sheet="")
                found = content(f"{name}!{member}", archive.read(member), inner)
                yield _with_path(found, member, replace(source, file=source.sheet or member))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        encrypted = isinstance(error, RuntimeError) and "password" in str(error)
        yield failed(name, "workbook-encrypted" if encrypted else "raw-file-damaged", problem=str(error))


def readable(members: Iterable[str]) -> list[str]:
    """Those files of an archive that can be read, without what macOS and office programs put beside them.

    >>> readable(["p.csv", "__MACOSX/._p.csv", "~$b.xlsx", "README.md", "a/b.xlsx"])
    ['a/b.xlsx', 'p.csv']
    """
    named_ = {member: PurePosixPath(member) for member in members}
    kept = {n: path for n, path in named_.items() if path.suffix.lower() in KINDS[:-1] and not is_lock(path.name)}
    return sorted(n for n, path in kept.items() if "__MACOSX" not in path.parts and not path.name.startswith("."))


def _is_outside(member: str) -> bool:
    r"""Whether a name in an archive leads out of it.

    >>> _is_outside("../a.csv"), _is_outside("/etc/a.csv"), _is_outside("data/a.csv"), _is_outside("C:\\a.csv")
    (True, True, False, True)
    """
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match("[A-Za-z]:", member))


def _is_meant(member: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(member, pattern) or fnmatch.fnmatchcase(PurePosixPath(member).name, pattern)


def _with_path(found: Sheet, name: str, source: SheetSource) -> Sheet:
    """The sheet with a column for each name of `path_as`."""
    if not source.path_as:
        return found
    parts = stood_for(name, source.file, len(source.path_as))
    if parts is None:
        facts = {"count": str(len(source.path_as)), "pattern": source.file}
        missing = Finding(Location(name), "path-too-short", name, facts)
        return replace(found, findings=(*found.findings, missing))
    return with_added(found, dict(zip(source.path_as, parts, strict=True)))


def stood_for(name: str, pattern: str, count: int) -> list[str] | None:
    """What the wildcards of a pattern stand for in a path, part by part; None where there are too few parts.

    Where the pattern has fewer wildcards than are asked for, or `**`, the last folders are taken.

    >>> stood_for("data/2021/saxony/theses.json", "data/*/*/theses.json", 2)
    ['2021', 'saxony']
    >>> stood_for("2021/saxony.json", "*/*.json", 2), stood_for("a/b/c/d.json", "**/d.json", 2)
    (['2021', 'saxony'], ['b', 'c'])
    """
    given, wild = PurePosixPath(name).parts, PurePosixPath(pattern).parts
    found: list[str] = []
    if "**" not in wild and len(given) == len(wild):
        for part, asked in zip(given, wild, strict=True):
            if _WILD.search(asked):
                before, after = re.split(_WILD, asked)[0], re.split(r"[*?\]]", asked)[-1]
                found.append(part.removeprefix(before).removesuffix(after) or part)
    if len(found) >= count:
        return found[:count]
    folders = list(given[:-1])
    return folders[-count:] if len(folders) >= count else None


def failed(place: str, code: str, cell: str = "", **facts: str) -> Sheet:
    """A sheet of nothing, and the finding that says why."""
    nothing = sheet(Understood(place, header=0), [], [], [])
    return replace(nothing, understood=(), findings=(Finding(Location(place), code, cell, facts),))
