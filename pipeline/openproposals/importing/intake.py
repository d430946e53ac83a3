"""An import from beginning to end: read the mapping, read the sheets, make the tables, write them. All or nothing.

    corpus.toml + mapping.toml -> sheets -> tables, ids.csv, imported.json

`take` works on a folder. `taken` makes tables of sheets that are already there, for other ways of getting them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from openproposals.corpus import imported
from openproposals.corpus.imported import ImportedPart, ImportRecord
from openproposals.errors import UsageError, reason
from openproposals.findings import Finding, Location, conforms, ordered
from openproposals.guards import files
from openproposals.importing import (
    descriptions,
    figure_candidates,
    identity,
    joining,
    making,
    oddities,
    reading,
    withdrawals,
    writing,
)
from openproposals.importing import mapping as mappings
from openproposals.importing.csvw_metadata import ENDING as METADATA
from openproposals.importing.made_tables import MadeTables
from openproposals.importing.mapping import MAPPING, CorpusMapping
from openproposals.importing.sheets import Sheet, Understood
from openproposals.messages import Phrase
from openproposals.model import schema
from openproposals.model.tables import ORIGIN
from openproposals.progress import SILENT

_LIMIT = 16 << 20  # bytes of corpus.toml and mapping.toml
_LISTED = 10  # ids in a sentence
_RAW = frozenset(reading.KINDS) - {".txt"}  # what is not ignored in silence; a text may be anybody's notes


@dataclass(frozen=True)
class Intake:
    """What an import did: findings, how each file was understood, rows by table, new and lost ids, and files written.

    `unused` are the columns that the mapping leaves out. `changed` is empty where nothing was to be done, and where
    there is a violation.
    """

    findings: list[Finding]
    understood: tuple[Understood, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    new: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gone: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed: Sequence[str] = ()
    unused: Sequence[str] = ()

    @property
    def conforms(self) -> bool:
        """Whether nothing stood against writing the tables."""
        return conforms(self.findings)


def take(folder: Path, progress: Callable[[str], object] = SILENT.stage) -> Intake:
    """Import a corpus's folder by its `mapping.toml`. Where there is a violation, nothing is written.

    progress: is given the name of each stage.
    Raises UsageError where there is no mapping, CannotGoOn where the disk refuses.
    """
    if not (folder / MAPPING).is_file():
        raise UsageError("no-mapping", folder=folder)
    writing.recover(folder)
    described, own, findings = descriptions.read(folder)
    said, problems = descriptions.text(folder / MAPPING)
    found, unfit = mappings.parse(said, own) if said is not None else (None, problems)
    findings += unfit
    if found is None:
        return Intake(ordered(findings))
    progress("read")
    sheets = {name: reading.read(folder, source) for name, source in found.sheets.items()}
    progress("import")
    return taken(folder, found, sheets, described, findings)


def taken(
    folder: Path,
    found: CorpusMapping,
    sheets: Mapping[str, Sheet],
    described: Mapping[str, Any] | None,
    findings: Sequence[Finding] = (),
) -> Intake:
    """Make the tables of sheets and write them into a corpus's folder, unless there is a violation.

    described: the settled descriptor of the corpus; None where it cannot be used, which `findings` then say; {} where
    none is written yet, so that no row can be withdrawn.
    """
    said = [*findings, *(finding for sheet in sheets.values() for finding in sheet.findings)]
    filled_in = {name for _, name in found.same}  # a workbook to fill in has sheets that are not
    said += [f for name, sheet in sheets.items() if name not in filled_in for f in oddities.no_rows(sheet)]
    understood = tuple(dict.fromkeys(each for sheet in sheets.values() for each in sheet.understood))
    made = making.make(found, joining.joined(found, sheets), identity.read(_ids(folder)))
    texts: dict[str, bytes] = {}
    if conforms([*said, *made.findings]) and made.has_words:
        from openproposals.importing import anchoring  # heavy: the normal form of every letter

        made, texts = anchoring.anchor(folder, made, found.spoken)
    said += made.findings
    record = imported.read(folder)
    said += _in_the_way(folder, found, made, record)
    said += [_renamed(each) for each in made.ids.renamed]
    if not conforms(said) or described is None:
        return Intake(ordered(said), understood, unused=found.unused)
    contents = {f"{table}.csv": _csv(made, table) for table in made.parts} | texts
    offered = figure_candidates.candidates(made, found.spoken, _present(folder / figure_candidates.FILE))
    contents |= {figure_candidates.FILE: offered.encode()} if offered else {}
    stale = [f"{table}.csv" for table in record.sums if table not in made.parts]
    gone = withdrawals.lost(made.ids.gone(), described) if described else {}
    said += [_lost(table, ids) for table, ids in gone.items()]
    proposed = withdrawals.text(gone, str(described["version"])) if gone else ""
    contents |= {withdrawals.FILE: proposed.encode()} if proposed else {}
    contents[identity.IDS] = made.ids.text().encode()
    contents[imported.RECORD] = _recorded(made, sheets, contents)
    stale += [name for name in (withdrawals.FILE, imported.NOT_FOUND) if name not in contents]
    changed = writing.write(folder, contents, stale)
    rows = {table: made.frame(table).height for table in made.parts}
    new = {table: ids for table, ids in made.ids.new().items() if ids}
    return Intake(ordered(said), understood, rows, new, gone, changed, found.unused)


def data(done: Intake) -> dict[str, object]:
    """What an import did, as data, without its findings."""
    return {
        "understood": [asdict(each) for each in done.understood],
        "unused": list(done.unused),
        "rows": dict(done.rows),
        "new": {table: list(ids) for table, ids in done.new.items()},
        "gone": {table: list(ids) for table, ids in done.gone.items()},
        "changed": list(done.changed),
    }


def _ids(folder: Path) -> Iterator[Sequence[str]]:
    """The rows of ids.csv. Raises UsageError where somebody has changed it into something else."""
    path = folder / identity.IDS
    if not path.exists():
        return
    unusable = UsageError("ids-unusable", path=path, columns=", ".join(identity.COLUMNS))
    try:
        text = files.text(path, follow=False).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise unusable from None
    reader = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(reader, ())) != identity.COLUMNS:
        raise unusable
    for row in reader:
        if len(row) != len(identity.COLUMNS):
            raise unusable
        yield row


def _present(path: Path) -> str:
    """The text of a file that a person may have filled; "" where there is none."""
    try:
        return files.text(path, follow=False)
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("unreadable", path=path, because=reason(error)) from error


def _in_the_way(folder: Path, found: CorpusMapping, made: MadeTables, record: ImportRecord) -> Iterator[Finding]:
    """Findings about files that would be written over: a file that is read, a table that somebody made or changed."""
    read = {path.relative_to(folder).as_posix() for file in found.files for path in reading.named(folder, file)[0]}
    written = {*made.parts, *(rule.table for rule in found.rows)}
    for table in sorted(written):
        if f"{table}.csv" in read:
            yield Finding(Location(f"{table}.csv"), "raw-file-is-table", f"{table}.csv")
    for name in (f"{table}.csv" for table in sorted({*made.parts, *record.sums})):
        table = name.removesuffix(".csv")
        there = imported.sha256(folder, table)
        if there and there != record.sums.get(table) and table not in found.owns and name not in read:
            yield Finding(Location(name), "table-by-hand", name, {"table": table})
    known = {imported.RECORD, *imported.COMPANIONS, *(f"{table}.csv" for table in schema.tables())}
    for path in sorted(folder.iterdir()):
        left = path.suffix.lower() in _RAW and path.is_file() and path.name not in {*read, *known}
        if left and not reading.is_lock(path.name) and not path.name.endswith(METADATA):
            yield Finding(Location(path.name), "file-unmapped", path.name)


def _renamed(each: identity.Renamed) -> Finding:
    facts: dict[str, str | Phrase] = {
        "before": f'"{each.before}"',
        "id": each.id,
        "how": Phrase("importing/words", f"reasons.{each.how}"),
    }
    return Finding(Location(f"{each.table}.csv", name=each.id), "label-changed", each.after, facts)


def _lost(table: str, ids: Sequence[str]) -> Finding:
    shown = ", ".join(ids[:_LISTED]) + (", …" if len(ids) > _LISTED else "")
    facts = {"ids": shown, "count": str(len(ids)), "file": withdrawals.FILE}
    return Finding(Location(f"{table}.csv"), "rows-removed", ids[0], facts)


def _csv(made: MadeTables, table: str) -> bytes:
    """A table as CSV, its columns in the order of its Table Schema."""
    frame = made.frame(table).drop([*ORIGIN])
    declared = schema.tables()[table]
    ranks = {}
    for name in frame.columns:
        column = declared.written(name)
        ranks[name] = declared.column_names.index(column.name if column else name)
    into = io.BytesIO()
    frame.select(sorted(frame.columns, key=lambda name: ranks[str(name)])).write_csv(into)
    return into.getvalue()


def _recorded(made: MadeTables, sheets: Mapping[str, Sheet], contents: Mapping[str, bytes]) -> bytes:
    places = list(dict.fromkeys(place for sheet in sheets.values() for place in sheet.headers))
    headers = {place: header for sheet in sheets.values() for place, header in sheet.headers.items()}
    parts: dict[str, list[ImportedPart]] = {}
    for table, each in made.parts.items():
        before = 0
        for part in each:
            parts.setdefault(table, []).append(ImportedPart(part.columns, imported.runs(part.frame, before, places)))
            before += part.frame.height
    sums = {table: hashlib.sha256(contents[f"{table}.csv"]).hexdigest() for table in parts}
    record = ImportRecord(sums, parts, places, headers)
    return (json.dumps(record.data(), ensure_ascii=False, separators=(",", ":")) + "\n").encode()
