"""What the descriptor says the tables must hold, against what they hold."""

from __future__ import annotations

from openproposals import schema
from openproposals.corpus import DESCRIPTOR, Corpus
from openproposals.findings import Finding, Location


def check(corpus: Corpus) -> list[Finding]:
    """A finding for each assertion that does not hold, or that names no table or column."""
    findings = []
    for table, expected in corpus.descriptor.get("assertions", {}).items():
        frame = corpus.tables.get(table)
        columns = schema.tables()[table].column_names if frame is not None else []
        for column, wanted in expected.items():
            place = Location(DESCRIPTOR, name=f"assertions.{table}.{column}")
            if frame is None or (column != "rows" and column not in columns):
                findings.append(Finding(place, "assertion-unknown", column))
                continue
            counts = {"rows": frame.height} if column == "rows" else dict(frame[column].value_counts().iter_rows())
            for value, count in ({"rows": wanted} if column == "rows" else wanted).items():
                found = counts.get(value, 0)
                if found != count:
                    facts = {"expected": str(count), "found": str(found)}
                    where = place if column == "rows" else Location(DESCRIPTOR, name=f"{place.name}.{value}")
                    findings.append(Finding(where, "assertion-failed", str(found), facts))
    return findings
