"""The files of a corpus that workers read: large tables, parts of tables, and Parquet, in a folder or at an address.

A table is a file (`proposals.csv`, `proposals.parquet`) or a folder of that name, with parts of either form. An address
is whatever Spark's Hadoop file systems read (hdfs:, s3a:, file:); Spark gives the bytes, a file is staged in a task.
"""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from openproposals.engines import staged, staging
from openproposals.engines.staged import Staged, StagedPart
from openproposals.errors import CannotGoOn, UsageError
from openproposals.findings import DESCRIPTOR

if TYPE_CHECKING:
    from openproposals.engines.session import Session

ENDINGS = (".csv", ".parquet")


@dataclass(frozen=True)
class CorpusFile:
    """A file to be staged: the whole of a table, or a part of it.

    table: what the table's file is called as CSV, such as `proposals.csv`. file: what findings call it. path: where it
    is, a path or an address. number: its place among the parts. room: where it is staged.
    """

    table: str
    file: str
    path: str
    number: int
    room: Path

    def stage(self) -> StagedPart | None:
        """Stage the file from its path; None where it is not taken."""
        return self._staged(Path(self.path))

    def stage_content(self, content: bytes) -> StagedPart | None:
        """Stage the file, which holds these bytes."""
        with tempfile.NamedTemporaryFile(suffix=PurePosixPath(self.file).suffix) as copy:
            copy.write(content)
            copy.flush()
            return self._staged(Path(copy.name))

    def _staged(self, path: Path) -> StagedPart | None:
        stage = staging.stage_parquet if self.file.endswith(".parquet") else staging.stage_file
        return stage(path, self.file, self.number, self.room)


def in_folder(folder: Path, staged_from: int, room: Path) -> list[CorpusFile]:
    """The files in a folder that workers read; the driver reads what is a CSV file of less than so many bytes.

    Raises CannotGoOn where a table is there in two forms.
    """
    found: list[CorpusFile] = []
    for path in sorted(each for each in folder.iterdir() if each.suffix in ENDINGS):
        seen = path.lstat()
        if stat.S_ISDIR(seen.st_mode):
            parts = [part for part in path.iterdir() if stat.S_ISREG(part.lstat().st_mode)]
        elif stat.S_ISREG(seen.st_mode) and (path.suffix == ".parquet" or seen.st_size >= staged_from):
            parts = [path]
        else:
            continue
        found += _of(path.name, {str(part.relative_to(folder)): str(part.absolute()) for part in parts}, room)
    _in_one_form({path.name for path in folder.iterdir()})
    return found


def at_address(session: Session, address: str, staged_from: int) -> tuple[Path, list[CorpusFile]]:
    """The corpus at an address: a folder with its descriptor and small files, and the files that workers read.

    Raises UsageError where there is no descriptor, and CannotGoOn where Spark cannot read the address.
    """
    folder = session.room / "corpus"
    folder.mkdir()
    small: dict[str, str] = {}
    found: list[CorpusFile] = []
    listed = session.listed(address)
    for each in listed:
        if each.is_folder and PurePosixPath(each.name).suffix in ENDINGS:
            parts = {f"{each.name}/{part.name}": part.path for part in session.listed(each.path) if not part.is_folder}
            found += _of(each.name, parts, session.room)
        elif (
            not each.is_folder
            and each.name.endswith(ENDINGS)
            and (each.name.endswith(".parquet") or each.size >= staged_from)
        ):
            found += _of(each.name, {each.name: each.path}, session.room)
        elif not each.is_folder and each.size < staged_from:
            small[each.path] = each.name
    if DESCRIPTOR not in small.values():
        raise UsageError("no-corpus-at-address", address=address)
    _in_one_form({each.name for each in listed})
    for path, content in session.contents([*small], _itself):
        (folder / small[path]).write_bytes(content)
    return folder, found


def _itself(path: str, content: bytes) -> tuple[str, bytes]:
    return path, content


def _of(name: str, files: Mapping[str, str], room: Path) -> list[CorpusFile]:
    """The files of a table; Spark's own, whose names begin with a point or an underscore, are not."""
    taken = sorted(f for f in files if f.endswith(ENDINGS) and PurePosixPath(f).name[0] not in "._")
    table = f"{PurePosixPath(name).stem}.csv"
    return [CorpusFile(table, file, files[file], number, room) for number, file in enumerate(taken)]


def _in_one_form(names: Iterable[str]) -> None:
    twice = sorted(name for name in names if name.endswith(".parquet") and f"{PurePosixPath(name).stem}.csv" in names)
    if twice:
        raise CannotGoOn("table-in-two-forms", file=twice[0])


def by_table(
    folder: Path, files: Sequence[CorpusFile], parts: Sequence[StagedPart | None]
) -> dict[str, list[StagedPart]]:
    """The staged parts of each table. A CSV file of the folder that is not taken is left out: the driver reads it.

    Raises CannotGoOn for any other file that is not taken.
    """
    found: dict[str, list[StagedPart]] = {}
    for file, part in zip(files, parts, strict=True):
        if part is not None:
            found.setdefault(file.table, []).append(part)
        elif file.file.endswith(".parquet"):
            raise CannotGoOn("parquet-not-read", file=file.file)
        elif not (folder / file.table).is_file():
            raise CannotGoOn("part-not-read", file=file.file)
    return found


def stored(
    read: Mapping[str, Sequence[StagedPart]], path: Path, named: Callable[[Sequence[str]], Sequence[str]]
) -> Staged | None:
    """The table of files that were staged; None where they were not, or their header does not fit.

    Raises CannotGoOn for parts of which the header does not fit, or is not the same in all.
    """
    parts = read.get(path.name, ())
    if not parts:
        return None
    names = named(parts[0].header)
    other = next((part for part in parts if not names or part.header != parts[0].header), None)
    if other is not None and other.file != path.name:
        raise CannotGoOn("part-of-other-header", file=other.file)
    return staged.of(parts, names, path.name) if names else None
