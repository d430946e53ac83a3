"""A trace with the grades and words of its passages, as they are found in documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openproposals.factcheck import matching, verify
from openproposals.factcheck.documents import Text
from openproposals.factcheck.trace import Held, Row, find, trace


def traced(held: Held, name: str, files: Sequence[tuple[str, Text]] = ()) -> Row:
    """The trace of a statistic, a proposal or a source, given by id or IRI, as nested dicts and lists.

    files: documents, each with an id or "". Each passage of the trace then also has the grade that it gets in them
    (`grade`) and, where it was found, its words (`words`).
    Raises UsageError as `trace.find` and `matching.assign_files` do.
    """
    found = trace(held, *find(held, name))
    if files:
        texts = matching.assign_files(held.tables, files).texts
        wanted = {each["passage"]: each for each in _places(found)}
        graded = verify.grade([p for p in verify.passages(held.tables) if p.id in wanted], texts)
        _add_grades(found, graded, texts)
    return found


def _places(found: object) -> Iterator[Row]:
    """Every place of a passage in a trace, at any depth; a passage may occur several times."""
    if isinstance(found, dict):
        if "passage" in found and "faithful" in found:
            yield found
        for each in found.values():
            yield from _places(each)
    elif isinstance(found, list):
        for each in found:
            yield from _places(each)


def _add_grades(found: Row, graded: Sequence[verify.Graded], texts: Mapping[str, Text]) -> None:
    results = {}
    for each in graded:
        words = verify.found_words(each, texts)
        results[each.id] = {"grade": each.grade} | ({"words": words} if words else {})
    for place in _places(found):
        place.update(results.get(place["passage"], {}))
