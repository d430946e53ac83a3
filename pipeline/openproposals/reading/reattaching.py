"""Decisions carried over to a new version of a document, by digests of what is said.

A row is the same where its kind, the kept form of its words and that of the words round it are; else where its words
stand once in both versions. What the editor added by hand is looked for by its words. What is gone is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openproposals.factcheck.normal import digest, kept
from openproposals.reading import workbook
from openproposals.reading.workbook import DECISIONS

Row = Mapping[str, str]
_Key = tuple[str, ...]
_ROUND = 60  # characters on either side of a row that has no sentence


@dataclass(frozen=True)
class Carried:
    """The new rows with the old decisions; how many were carried, how many rows are new, what decisions are lost."""

    rows: list[dict[str, str]]
    count: int
    fresh: int
    lost: Sequence[Row]


def carried(
    old: Sequence[Row],
    before: Mapping[str, str],
    new: Sequence[dict[str, str]],
    now: Mapping[str, str],
    earlier: Sequence[Row] = (),
) -> Carried:
    """Carry the decisions of old rows over to new ones; `before` and `now` are the contents of their texts by id.

    earlier: rows that earlier versions lost; their places are not known any more, so they are found by their words.
    """
    same: dict[int, Row] = {}
    used: set[int] = set()
    keys: list[tuple[Sequence[_Key | None], Sequence[_Key]]] = [
        ([*(_key(r, before, strict) for r in old), *(None for _ in earlier)], [_key(r, now, strict) for r in new])
        for strict in (True, False)
    ]
    keys.append(([*(None for _ in old), *map(_printed, earlier)], list(map(_printed, new))))
    old = [*old, *earlier]
    for of_all_old, of_all_new in keys:
        of_old = _grouped((at, key) for at, key in enumerate(of_all_old) if key and at not in used)
        of_new = _grouped((at, key) for at, key in enumerate(of_all_new) if at not in same)
        for key, places in of_new.items():
            others = of_old.get(key, [])
            if len(places) == len(others):  # in order, where they are as many
                same |= {place: old[other] for place, other in zip(places, others, strict=True)}
                used.update(others)
    made = [
        {**row, "new": "new"} if at not in same else {**row, **workbook.carried(same[at])} for at, row in enumerate(new)
    ]
    lost: list[Row] = []
    for at, row in enumerate(old):
        if at in used or not _is_decided(row):
            continue
        if found := _by_words(row, now):
            made.append({**row, **found, "new": ""})
        else:
            lost.append(row)
    order = {text: at for at, text in enumerate(now)}
    made.sort(key=lambda r: (order.get(r["text"], len(order)), int(r["start"])))
    return Carried(made, sum(map(_is_decided, made)), len(new) - len(same), lost)


def _grouped(keyed: Iterable[tuple[int, _Key]]) -> dict[_Key, list[int]]:
    made: dict[_Key, list[int]] = defaultdict(list)
    for at, key in keyed:
        made[key].append(at)
    return made


def _key(row: Row, contents: Mapping[str, str], strict: bool) -> _Key:
    content = contents.get(row["text"], "")
    start, end = int(row["start"]), int(row["end"])
    words = (row["kind"], row["text"], digest(kept(content[start:end])).sha256)
    if not strict:
        return words
    first, last = row.get("sentence_start", ""), row.get("sentence_end", "")
    around = content[int(first) : int(last)] if first and last else content[max(0, start - _ROUND) : end + _ROUND]
    return (*words, digest(kept(around)).sha256)


def _printed(row: Row) -> _Key:
    return (row["kind"], row["text"], digest(kept(row.get("words", ""))).sha256)


def _is_decided(row: Row) -> bool:
    return any(row.get(name, "").strip() for name in DECISIONS)


def _by_words(row: Row, contents: Mapping[str, str]) -> dict[str, str] | None:
    """The new place of a row that no rule found: where its words stand, if they stand once."""
    words, content = row.get("words", ""), contents.get(row["text"], "")
    if row.get("rule") or not words or content.count(words) != 1:
        return None
    start = content.index(words)
    return {"start": str(start), "end": str(start + len(words))}
