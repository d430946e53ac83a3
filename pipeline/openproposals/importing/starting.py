"""Starting a corpus: a folder with `corpus.toml`, `mapping.toml`, and the publisher's files or workbooks to fill in.

In: answers, the files as they were inspected, and a day. Out: new files; nothing that is there is written over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from openproposals.corpus import imported
from openproposals.errors import UsageError
from openproposals.findings import DESCRIPTOR, Finding
from openproposals.guards import files, parsing
from openproposals.importing import blank_books, descriptions, identity, presets, reading, writing
from openproposals.importing.answers import Answers, offer
from openproposals.importing.first_descriptor import descriptor_text
from openproposals.importing.first_mapping import FILLED, TEMPLATE, mapping_text, preset_mapping, template_mapping
from openproposals.importing.inspecting import Inspection
from openproposals.importing.mapping import MAPPING
from openproposals.importing.toml_text import text
from openproposals.messages import Language
from openproposals.model import schema
from openproposals.model.languages import Languages


@dataclass(frozen=True)
class Started:
    """What was written: files, columns without a place, what was offered and decided, and findings on the files.

    `decided`: lines of mapping.toml that follow from what was odd about a file, as `last = 42`.
    """

    files: Sequence[str]
    unused: Sequence[str]
    offered: Sequence[str]
    decided: Sequence[str]
    findings: Sequence[Finding]


def create(
    folder: Path,
    said: Answers,
    found: Sequence[Inspection],
    given: Sequence[Path],
    preset: str,
    today: str,
    language: Language,
) -> Started:
    """Write a corpus's folder. Files that are given are copied there; nothing that is there is written over.

    Raises UsageError where a file of that name is there, CannotGoOn where the disk refuses.
    """
    named = {path.name: _copied(path.name) for path in given}
    contents: dict[str, bytes] = {}
    for path in given:
        if not (folder / named[path.name]).exists() or not path.samefile(folder / named[path.name]):
            contents[named[path.name]] = files.data(path, most=reading.MOST)
    offered = offer(found)
    name = identity.words(folder.resolve().name) or "corpus"
    contents[DESCRIPTOR] = descriptor_text(name, said, offered, today).encode()
    spoken = Languages(tuple(said.languages))
    for taken in (DESCRIPTOR, MAPPING, *contents):
        if (folder / taken).exists():
            raise UsageError("new-taken", path=folder / taken)
    folder.mkdir(parents=True, exist_ok=True)
    if not given and not preset:
        contents[MAPPING] = template_mapping(said).encode()
        contents[f"{TEMPLATE}.xlsx"] = blank_books.xlsx(FILLED, spoken, language)
        contents[f"{TEMPLATE}.ods"] = blank_books.ods(FILLED, spoken, language)
        left: list[str] = []
    elif preset:
        copies = {n: data for n, data in contents.items() if n in named.values()}
        written = writing.write(folder, copies)
        fitted = presets.fitted(preset, folder, list(named.values()), said.languages)
        if not fitted["sheets"]:
            writing.write(folder, {}, written)
            raise UsageError("preset-fits-nothing", folder=folder, preset=preset)
        contents[MAPPING] = preset_mapping(said, fitted).encode()
        left = list(fitted["unused"])
    else:
        contents[MAPPING] = mapping_text(said, found, named).encode()
        left = parsing.from_toml(contents[MAPPING].decode())["unused"]
    writing.write(folder, contents)
    places = [*offered.places, "-".join(offered.years or ()), *offered.themes]
    findings = [finding for each in found for finding in each.findings]
    decided = {} if preset else {id(finding): line for finding in findings if (line := _decided(finding))}
    rest = [finding for finding in findings if id(finding) not in decided]
    return Started(sorted(contents), left, [each for each in places if each], [*decided.values()], rest)


def _decided(finding: Finding) -> str:
    """The line of the first mapping that mends a finding, with its place; "" where none does."""
    match finding.code:
        case "row-total":
            return f"{finding.location.file}: last = {finding.facts['last']}"
        case "rows-above-header":
            return f"{finding.location.file}: header = {finding.facts['header']}"
        case _:
            return ""


def _copied(name: str) -> str:
    """What a file is called in the folder: another name where its own is that of a table."""
    stem = PurePosixPath(name).stem
    return f"raw-{name}" if PurePosixPath(name).suffix.lower() == ".csv" and stem in schema.tables() else name


def take_preset(folder: Path, preset: str) -> None:
    """Write a corpus's mapping.toml from a preset, for the files that are in its folder.

    Raises UsageError where a mapping is there already, or no file has the preset's columns.
    """
    if (folder / MAPPING).exists():
        raise UsageError("new-taken", path=folder / MAPPING)
    left_out = {DESCRIPTOR, MAPPING, *imported.COMPANIONS, *(f"{table}.csv" for table in schema.tables())}
    names = [path.name for path in sorted(folder.iterdir()) if path.is_file() and path.name not in left_out]
    given = [name for name in names if PurePosixPath(name).suffix.lower() in reading.KINDS]
    _, spoken, _ = descriptions.read(folder)
    fitted = presets.fitted(preset, folder, given, spoken.own)
    if not fitted["sheets"]:
        raise UsageError("preset-fits-nothing", folder=folder, preset=preset)
    writing.write(folder, {MAPPING: text(fitted).encode()})
