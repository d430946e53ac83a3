"""What the cited sources say of a statistic, for a trace: gathered from the tables, with what the rule found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openproposals.model import languages

if TYPE_CHECKING:
    from openproposals.factcheck.trace import Held, Row

_PLAIN = (
    "figure", "value", "minimum", "maximum", "numerator", "denominator", "unit", "qualifier", "population",
    "area", "period", "seen_in", "seen_at",
)  # fmt: skip
_WHY = {"not-attempted": "source-not-sought", "searched-not-found": "source-not-found"}


def said(held: Held, statistic: str, sources: list[Row]) -> list[Row]:
    """What is recorded of what these sources say of a statistic, and for each source without a statement the reason.

    Each has `source` and `result`, a code of the list `comparison`.
    """
    found = [_statement(held, row) for row in held.rows("source-statements", statistic=statistic)]
    told = {each["source"] for each in found}
    known = [{"source": each["id"], "result": _WHY.get(each["trace_status"], "not-looked-for")} for each in sources]
    return found + [each for each in known if each["source"] not in told]


def _statement(held: Held, row: Row) -> Row:
    activity = held.row("activities", row["activity"])
    results = held.rows("comparisons", statement=row["id"])
    return {
        "id": row["id"], "iri": f"{held.base}statement/{row['id']}", "source": row["source"],
        **{name: row[name] for name in _PLAIN if name in row},
        "counted": _words(row, "unit"), "printed": {}, "compared_with": {}, "locator": _words(row, "locator"),
        "search": {name: activity[name] for name in ("id", "ended") if name in activity},
        "result": results[0]["result"] if results else "",
    }  # fmt: skip


def _words(row: Row, stem: str) -> dict[str, str]:
    return {languages.split(name)[1]: row[name] for name in row if languages.split(name)[0] == stem}
