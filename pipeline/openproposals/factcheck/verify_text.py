"""The report of a verification: text for people, or data for programs, which never has words of a document."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openproposals.factcheck import quotes, verify
from openproposals.factcheck.verification import Quoted, Verified
from openproposals.guards.terminal import shown
from openproposals.messages import Language, say
from openproposals.model import codes, schema
from openproposals.model.tables import Frames
from openproposals.web import links

Origins = Mapping[tuple[str, str], str]
WIDTH = 100
_LONGEST = 600


def _say(key: str, language: Language, **facts: object) -> str:
    return say("factcheck/verify", f"said.{key}", language, **facts)


def data(found: Verified, origins: Origins | None = None) -> dict[str, Any]:
    """The report for programs: the number of passages of each grade, then every passage, quote and address.

    origins: by table and id, the publisher's own cells from which rows were imported.
    """
    known = origins or {}
    report: dict[str, Any] = {
        "texts": [
            {
                "text": name,
                "document": each.name,
                "sha256": each.sha256,
                "characters": len(each.content),
                "pinned": name in found.pinned,
            }
            for name, each in (found.texts or {}).items()
        ],
        "summary": {grade: count for grade in verify.GRADES if (count := _count(found, grade))},
        "passages": [_with_origin(_passage(each), known, "passages", each.id) for each in found.passages],
    }
    if found.quotes:
        report["quotes"] = [_quote(each) for each in found.quotes]
    if found.links is not None:
        report["links"] = [
            {**_named(each, known), "address": each["address"], "grade": checked.grade, "status": checked.status,
             "reason": checked.reason, "final": checked.final, "moved_to": checked.moved_to, "sha256": checked.digest}
            for each, checked in found.links
        ]  # fmt: skip
    return report


def _named(each: Mapping[str, str], origins: Origins) -> dict[str, Any]:
    return _with_origin({each["kind"]: each["id"]}, origins, f"{each['kind']}s", each["id"])


def _with_origin(said: dict[str, Any], origins: Origins, table: str, key: str) -> dict[str, Any]:
    place = origins.get((table, key), "")
    return {**said, "origin": place} if place else said


def _count(found: Verified, grade: str) -> int:
    return sum(each.grade == grade for each in found.passages)


def _passage(graded: verify.Graded) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": graded.id, "text": graded.text, "grade": graded.grade, "document": graded.document or None,
        "start": graded.start, "end": graded.end, "page": graded.page, "last_page": graded.last_page,
        "heading": graded.heading or None, "larger_line": graded.larger_line or None, "forms": list(graded.forms),
    }  # fmt: skip
    if len(graded.spans) > 1:
        plain["spans"] = [{"start": start, "end": end} for start, end in graded.spans]
    if graded.figure:
        plain |= {"figure": graded.figure, "printed": graded.printed, "found": graded.found}
    return plain


def _quote(quoted: Quoted) -> dict[str, Any]:
    owner = {"passage": quoted.passage} if quoted.passage else {"statistic": quoted.statistic, "source": quoted.source}
    spans = [{"start": start, "end": end} for start, end in quoted.match.spans]
    plain: dict[str, Any] = {**owner, "grade": quoted.match.grade, "document": quoted.document or None, "spans": spans}
    plain["forms"] = list(quoted.match.forms)
    if quoted.match.nearest:
        plain["nearest"] = dict(zip(("start", "end"), quoted.match.nearest, strict=True))
        plain["differences"] = [{each.kind: each.words} for each in quoted.match.differences]
    return plain


def text(
    found: Verified, tables: Frames, language: Language, *, every: bool = False, origins: Origins | None = None
) -> str:
    """The report for people: each passage with its locator and the words found, the number of each grade, the rest.

    What is of most concern comes first. Passages in place are counted only, unless `every` is asked for.
    origins: by table and id, the publisher's own cells from which rows were imported.
    """
    known = origins or {}
    lines: list[str] = []
    if found.texts is not None:
        for name, each in found.texts.items():
            if name not in found.pinned:
                facts = {"document": shown(each.name, _LONGEST), "text": name, "sha256": each.sha256}
                lines += textwrap.wrap(_say("not_pinned", language, characters=len(each.content), **facts), WIDTH)
        column = schema.tagged(tables["passages"].columns, "locator", language)
        named = {row["id"]: row.get(column) or "" for row in tables["passages"].iter_rows(named=True)}
        listed = [each for each in found.passages if every or each.grade != "in-place"]
        for graded in sorted(listed, key=lambda each: verify.GRADES.index(each.grade)):
            lines += _passage_lines(graded, named.get(graded.id, ""), found, language)
            lines += _origin(known, "passages", graded.id, language)
        grades = Counter(each.grade for each in found.passages)
        lines += ["", _say("passages" if grades else "nothing", language)]
        lines += [f"  {grades[g]:>6}  {codes.label('grade', g, language)}" for g in verify.GRADES if grades[g]]
        missing = sorted({each.text for each in found.passages if each.grade == "document-missing"})
        lines += [_say("hint", language, texts=", ".join(missing))] if missing else []
    if found.quotes:
        lines += [
            "",
            _say("quotes", language),
            *(line for each in found.quotes for line in _quote_lines(each, language)),
        ]
    if found.links is not None:
        lines += ["", _say("links" if found.links else "no_links", language)]
        for row, checked in found.links:
            lines += [*_link_lines(row, checked, language), *_origin(known, f"{row['kind']}s", row["id"], language)]
    return "\n".join(lines).lstrip("\n")


def _origin(origins: Origins, table: str, key: str, language: Language) -> list[str]:
    """The publisher's own cell of a row, on a line of its own; none where it was not imported."""
    place = origins.get((table, key), "")
    return _wrapped(_say("origin", language, place=place)) if place else []


def _passage_lines(graded: verify.Graded, locator: str, found: Verified, language: Language) -> Iterator[str]:
    where = ""
    if graded.start is not None:
        where = _say("where", language, start=graded.start, end=graded.end)
        if graded.page and graded.last_page and graded.last_page > graded.page:
            where += _say("pages", language, page=graded.page, last=graded.last_page)
        elif graded.page:
            where += _say("page", language, page=graded.page)
        for key in ("heading", "larger_line"):
            if title := str(getattr(graded, key)):
                where += _say(key, language, title=shown(title, _LONGEST))
    grade = _graded(codes.label("grade", graded.grade, language), graded.forms, language)
    yield "  ".join(filter(None, (graded.id, f"[{grade}]", where, shown(locator, _LONGEST))))
    if graded.grade == "figure-altered" and not graded.figure:
        yield from _wrapped(_say("digits", language))
    if graded.figure:
        facts = {"figure": graded.figure, "printed": " ".join(graded.printed.split()), "found": graded.found}
        yield from _wrapped(_say("printed", language, **facts))
    if graded.start is not None and found.texts:
        yield from _wrapped(_say("quote", language, words=verify.found_words(graded, found.texts)))


def _graded(grade: str, forms: Sequence[str], language: Language) -> str:
    """A grade, with the forms in which the words differ from what was recorded."""
    named = ", ".join(say("factcheck/verify", f"forms.{form}", language) for form in forms)
    return _say("forms", language, grade=grade, forms=named) if named else grade


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(shown(line, _LONGEST), WIDTH, initial_indent="    ", subsequent_indent="    ")


def _quote_lines(quoted: Quoted, language: Language) -> Iterator[str]:
    owner = quoted.passage or _say("source", language, source=quoted.source, statistic=quoted.statistic)
    grade = say("factcheck/verify", f"quotes.{quoted.match.grade}", language)
    yield f"  {owner}  [{_graded(grade, quoted.match.forms, language)}]"
    yield from _wrapped(_say("quote", language, words=" ".join(quoted.quote.split())))
    if quoted.match.differences:
        yield from _wrapped(_say("nearest", language, diff=quotes.marked(quoted.match.differences)))


def _link_lines(each: Mapping[str, str], checked: links.Checked, language: Language) -> Iterator[str]:
    yield f"  {each['id']}  [{links.words(checked.grade, language)}]  {shown(each['address'], _LONGEST)}"
    if checked.reason:
        yield from _wrapped(links.words(checked.reason, language))
    if checked.moved_to and checked.grade not in ("gone", "unreachable"):
        yield from _wrapped(_say("to", language, address=checked.moved_to))
