"""Kept figures made into statistics: rows with one label are one statistic, in whichever text they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openproposals.reading.draft import ID, row_key
from openproposals.reading.kept_text import CorpusRows, KeptText

_KINDS = {  # of a statistic, by the rule that found its first figure
    "percentage": "percentage", "ratio": "ratio", "fraction": "ratio", "every": "ratio", "range": "range",
    "multiple": "multiple", "ordinal": "rank",
}  # fmt: skip


def add_statistics(making: CorpusRows, read: Sequence[KeptText]) -> None:
    """Rows of any text with one label are one statistic; those of them that print the same are one figure.

    A row's id is that of its figure, with ~2 and so on where the figure stands a further time.
    """
    groups: dict[str, list[tuple[KeptText, Mapping[str, str]]]] = {}
    for text in read:
        for row in text.rows:
            if row["kind"] == "figure":
                groups.setdefault(row["label"].strip(), []).append((text, row))
    for pairs in groups.values():
        given = next((row[ID] for _, row in pairs if row.get(ID)), "")
        key = given.rpartition("-")[0] or making.free("S")
        marks = list(dict.fromkeys(mark for text, row in pairs for mark in text.paired(row)))
        first = pairs[0][1]
        status = _status(making, marks, all(text.finished for text, _ in pairs))
        kind = _KINDS.get(first.get("rule", ""), "count")
        about = {"id": key, **making.labels(first), "scope": "society", "kind": kind, "citation_status": status}
        making.add("statistics", about)
        for mark in marks:
            making.add("statistic-markers", {"statistic": key, "marker": mark})
        _figures(making, key, pairs)
    stated = [(text, row, making.given[row_key(row)]) for text in read for row in text.rows if row["kind"] == "figure"]
    for text, row, name in sorted(stated, key=lambda each: not each[1].get(ID)):
        text.sentence(row, name)  # one that has a name keeps it
    for text, row, name in stated:
        text.state(row, name, name.rpartition("-")[0])


def _figures(making: CorpusRows, key: str, pairs: Sequence[tuple[KeptText, Mapping[str, str]]]) -> None:
    taken = {row[ID] for _, row in pairs if row.get(ID)}
    figures: dict[str, str] = {}
    for text, row in [*(p for p in pairs if p[1].get(ID)), *(p for p in pairs if not p[1].get(ID))]:
        said = text.said(row)
        if said not in figures:
            figures[said] = row.get(ID, "").partition("~")[0] or _first(f"{key}-{{}}", taken, 1)
            taken.add(figures[said])
            text.figure(row, figures[said], key, said)
            name = row.get(ID, "") or figures[said]
        else:
            name = row.get(ID, "") or _first(f"{figures[said]}~{{}}", taken, 2)
        taken.add(name)
        making.given[row_key(row)] = name


def _first(pattern: str, taken: set[str], number: int) -> str:
    while pattern.format(number) in taken:
        number += 1
    return pattern.format(number)


def _status(making: CorpusRows, marks: Sequence[str], finished: bool) -> str:
    own = [r for r in making.tables.get("markers", ()) if r["id"] in marks]
    if any(r.get("note") for r in own):
        return "cited"
    if any(r.get("possible_note") for r in own):
        return "ambiguous"
    if not finished:
        return "not-recorded"
    return "dangling" if own else "uncited"
