"""The report of a verification: text for people, or data for programs, which never has words of a document."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from openproposals.factcheck import quotes, verify
from openproposals.factcheck.verification import Quoted, Verified
from openproposals.guards.terminal import shown
from openproposals.messages import Language, say
from openproposals.model import codes, schema
from openproposals.model.tables import Frames
from openproposals.web import links

WIDTH = 100
_LONGEST = 600


def _say(key: str, language: Language, **facts: object) -> str:
    return say("factcheck/verify", f"said.{key}", language, **facts)


def data(found: Verified) -> dict[str, Any]:
    """The report for programs: the number of passages of each grade, then every passage, quote and address."""
    report: dict[str, Any] = {
        "summary": {grade: count for grade in verify.GRADES if (count := _count(found, grade))},
        "passages": [_passage(each) for each in found.passages],
    }
    if found.quotes:
        report["quotes"] = [_quote(each) for each in found.quotes]
    if found.links is not None:
        report["links"] = [
            {**{each["kind"]: each["id"]}, "address": each["address"], "grade": checked.grade, "status": checked.status,
             "reason": checked.reason, "final": checked.final, "moved_to": checked.moved_to, "sha256": checked.digest}
            for each, checked in found.links
        ]  # fmt: skip
    return report


def _count(found: Verified, grade: str) -> int:
    return sum(each.grade == grade for each in found.passages)


def _passage(graded: verify.Graded) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": graded.id, "text": graded.text, "grade": graded.grade, "document": graded.document or None,
        "start": graded.start, "end": graded.end, "page": graded.page,
    }  # fmt: skip
    if graded.figure:
        plain |= {"figure": graded.figure, "printed": graded.printed, "found": graded.found}
    return plain


def _quote(quoted: Quoted) -> dict[str, Any]:
    owner = {"passage": quoted.passage} if quoted.passage else {"statistic": quoted.statistic, "source": quoted.source}
    spans = [{"start": start, "end": end} for start, end in quoted.match.spans]
    plain: dict[str, Any] = {**owner, "grade": quoted.match.grade, "document": quoted.document or None, "spans": spans}
    if quoted.match.nearest:
        plain["nearest"] = dict(zip(("start", "end"), quoted.match.nearest, strict=True))
        plain["differences"] = [{each.kind: each.words} for each in quoted.match.differences]
    return plain


def text(found: Verified, tables: Frames, language: Language) -> str:
    """The report for people: each passage with its locator and the words found, the number of each grade, the rest."""
    lines: list[str] = []
    if found.texts is not None:
        column = schema.tagged(tables["passages"].columns, "locator", language)
        named = {row["id"]: row.get(column) for row in tables["passages"].iter_rows(named=True)}
        for graded in found.passages:
            lines += _passage_lines(graded, named.get(graded.id) or "", found, language)
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
        lines += [line for each, checked in found.links for line in _link_lines(each, checked, language)]
    return "\n".join(lines).lstrip("\n")


def _passage_lines(graded: verify.Graded, locator: str, found: Verified, language: Language) -> Iterator[str]:
    where = ""
    if graded.start is not None:
        where = _say("where", language, start=graded.start, end=graded.end)
        where += _say("page", language, page=graded.page) if graded.page else ""
    grade = codes.label("grade", graded.grade, language)
    yield "  ".join(filter(None, (graded.id, f"[{grade}]", where, shown(locator, _LONGEST))))
    if graded.figure:
        facts = {"figure": graded.figure, "printed": " ".join(graded.printed.split()), "found": graded.found}
        yield from _wrapped(_say("printed", language, **facts))
    if graded.start is not None and found.texts:
        yield from _wrapped(_say("quote", language, words=" ".join(verify.found_words(graded, found.texts).split())))


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(shown(line, _LONGEST), WIDTH, initial_indent="    ", subsequent_indent="    ")


def _quote_lines(quoted: Quoted, language: Language) -> Iterator[str]:
    owner = quoted.passage or _say("source", language, source=quoted.source, statistic=quoted.statistic)
    yield f"  {owner}  [{say('factcheck/verify', f'quotes.{quoted.match.grade}', language)}]"
    yield from _wrapped(_say("quote", language, words=" ".join(quoted.quote.split())))
    if quoted.match.differences:
        yield from _wrapped(_say("nearest", language, diff=quotes.marked(quoted.match.differences)))


def _link_lines(each: Mapping[str, str], checked: links.Checked, language: Language) -> Iterator[str]:
    yield f"  {each['id']}  [{links.words(checked.grade, language)}]  {shown(each['address'], _LONGEST)}"
    if checked.reason:
        yield from _wrapped(links.words(checked.reason, language))
    if checked.moved_to and checked.grade not in ("gone", "unreachable"):
        yield from _wrapped(_say("to", language, address=checked.moved_to))
