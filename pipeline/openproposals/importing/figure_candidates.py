"""Candidate figures: the numbers that labels hold, in a file for a person to fill or to delete. None is ever a fact.

In: the labels of proposals, and the file as it stands. Out: the file with a row for each number that it lacks. What a
person wrote stays: a row is taken out only if nobody has filled it and its proposal is gone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from openproposals.corpus import edit
from openproposals.importing.made_tables import MadeTables
from openproposals.model.languages import Languages
from openproposals.model.numbers import readings

FILE = "figure-candidates.csv"
_OFFERED = ("id", "proposal", "value", "printed", "found_in")
MOST = 10_000  # rows: nobody fills more
_NUMBER = re.compile(r"(?<![\w.,])[-−+]?\d(?:[\d.,'’\u00a0\u202f]*\d)?(?:\s?%)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def columns(spoken: Languages) -> list[str]:
    """The columns of the file: those of `claims`, empty where a person decides, and where the number was found."""
    label, unit = f"label_{spoken.main}", f"unit_{spoken.main}"
    return [
        "id",
        "proposal",
        label,
        "kind",
        "value",
        "unit",
        unit,
        "period",
        "source_url",
        "printed",
        "found_in",
        "take",
    ]


def candidates(made: MadeTables, spoken: Languages, present: str) -> str:
    """The content of the file; "" where no label holds a number and there is no file."""
    header = columns(spoken)
    reader = csv.DictReader(io.StringIO(present.removeprefix("\ufeff"), newline=""))
    there = [{name: each.get(name) or "" for name in each} for each in reader]
    ids = {key for part in made.parts.get("proposals", ()) for key in part.frame["id"]}
    kept = [row for row in there if row.get("proposal") in ids or _filled(row, spoken)]
    known = {row.get("id", "") for row in kept}
    fresh = list(islice((row for row in _found(made, spoken) if row["id"] not in known), MOST - len(kept)))
    if not there and not fresh:
        return ""
    if not fresh and len(kept) == len(there):
        return present
    return edit.table(list(reader.fieldnames or header), [*kept, *fresh])


def _filled(row: Mapping[str, str], spoken: Languages) -> bool:
    """Whether a person wrote anything into a row, or changed the value that was read."""
    own = {name: text for name, text in row.items() if name not in _OFFERED and text}
    return bool(own) or row.get("value", "") != _value(row.get("printed", ""), spoken)


def _value(printed: str, spoken: Languages) -> str:
    """A number as a table has it; "" where it has several readings."""
    read = readings(printed, spoken.main)
    return str(next(iter(read))) if len(read) == 1 else ""


def _found(made: MadeTables, spoken: Languages) -> Iterator[dict[str, str]]:
    label = f"label_{spoken.main}"
    for part in made.parts.get("proposals", ()):
        if label not in part.frame.columns:
            continue
        for key, text in part.frame.select("id", label).iter_rows():
            prints = [m[0] for m in _NUMBER.finditer(text or "") if not _YEAR.fullmatch(m[0])]
            for number, printed in enumerate(prints, start=1):
                yield {
                    "id": f"{key}-{number}", "proposal": key, "value": _value(printed, spoken), "printed": printed,
                    "found_in": text,
                }  # fmt: skip
