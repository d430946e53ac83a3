"""Check the counts of rows and values that the descriptor asserts, and quotes that the corpus may not publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import DESCRIPTOR, Finding, Location
from openproposals.model import schema


def check(corpus: Corpus, found: Iterable[Finding]) -> list[Finding]:
    """Findings: assertions that do not hold, assertions about unknown tables or columns, and quotes without permission.

    found: the findings so far. Tables of which rows could not be read are not counted: the counts would be wrong.
    """
    broken = (
        corpus.unread
        | corpus.ragged.keys()
        | {f.location.file.removesuffix(".csv") for f in found if f.code == "row-blank"}
    )
    findings = [] if corpus.descriptor.get("quotable") else list(_quotes(corpus))
    for table, expected in corpus.descriptor.get("assertions", {}).items():
        frame = corpus.tables.get(table)
        if table in broken or (broken and frame is not None and schema.tables()[table].origin == "derived"):
            continue
        columns = corpus.schema[table].column_names if frame is not None else []
        for column, wanted in expected.items():
            place = Location(DESCRIPTOR, name=f"assertions.{table}.{column}")
            if frame is None or (column != "rows" and column not in columns):
                findings.append(Finding(place, "assertion-unknown", column))
                continue
            counts = {"rows": frame.height} if column == "rows" else dict(frame[column].value_counts().iter_rows())
            for value, count in ({"rows": wanted} if column == "rows" else wanted).items():
                held = counts.get(value, 0)
                if held != count:
                    facts = {"expected": str(count), "found": str(held)}
                    where = place if column == "rows" else Location(DESCRIPTOR, name=f"{place.name}.{value}")
                    findings.append(Finding(where, "assertion-failed", str(held), facts))
    return findings


def _quotes(corpus: Corpus) -> Iterator[Finding]:
    """A finding for each quote of a corpus whose descriptor does not say that it may quote."""
    for table in ("passages", "statistic-sources"):
        quotes = corpus.tables.columns(table, ["quote"])["quote"]
        for index in quotes.is_not_null().arg_true():
            yield Finding(corpus.location(table, index, "quote"), "quoted-words", quotes[index])
