"""Dates and periods as udata reads them: what is no date refuses the dataset, or is passed over."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Any

from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

from openproposals.doctor.node_values import Nodes, Term, is_iri, is_literal, python, says, text
from openproposals.doctor.udata_terms import preferred, value
from openproposals.doctor.verdicts import Tell

_BOUNDS = ("schema:startDate", "schema:endDate", "dcat:startDate", "dcat:endDate", "scv:min", "scv:max")


def temporal(nodes: Nodes, node: Term, tell: Tell) -> tuple[Any, Any] | None:
    """The first and last day."""
    term = nodes.first(node, "dct:temporal")
    if term is None:
        return None
    if is_iri(term):
        tell("dropped", "period-with-an-iri", node, term)
        return None
    try:
        span = _period_text(text(term)) if is_literal(term) else _period(nodes, term, tell)
    except (ValueError, OverflowError, TypeError):
        span = None
    if span is None:
        read = is_literal(term) or nodes.first(term, *_BOUNDS) is None
        tell("dropped", "period-not-read" if read else "period-not-in-days", node, term)
        return None
    start, end = (_as_day(each) for each in span)
    for each in (start, end):
        if each is not None and not isinstance(each, datetime.date):
            tell("refused", "period-not-in-days", node, each)
            return None
    if start and end:
        if type(start) is not type(end) or _zoned(start) != _zoned(end):
            tell("refused", "period-of-two-kinds", node, f"{start}, {end}")
            return None
        if _after(start, end):
            tell("changed", "period-backwards", node if is_literal(term) else term, f"{start}, {end}")
            start, end = end, start
    return start, end


def _after(start: Any, end: Any) -> bool:
    try:
        return bool(start > end)
    except ValueError:  # no such zone
        return _day(start) > _day(end)


def _zoned(day: Any) -> bool:
    return getattr(day, "tzinfo", None) is not None


def _period(nodes: Nodes, node: Term, tell: Tell) -> tuple[Any, Any] | None:
    for first, last in zip(_BOUNDS[::2], _BOUNDS[1::2], strict=True):
        pair = nodes.first(node, first), nodes.first(node, last)
        if any(says(each) for each in pair):
            if any(says(each) and not is_literal(each) for each in pair):
                return None  # an address for a day: udata gives the period up
            if first.startswith("schema:"):
                tell("kept", "period-of-schema-org", node, "schema:startDate")
            return tuple(python(each) if says(each) else None for each in pair)  # type: ignore[return-value]
    return None


def _period_text(said: str) -> tuple[Any, Any] | None:
    if said.count("/") == 1:
        start, end = said.split("/")
        return parse_date(start).date(), parse_date(end).date()
    if said.count("-") == 0:
        return datetime.date(int(said), 1, 1), datetime.date(int(said), 12, 31)
    if said.count("-") == 1:
        day = parse_date(said).date()
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return None


def _as_day(said: Any) -> Any:
    if said is None or isinstance(said, datetime.date):
        return said
    try:
        return parse_date(said, yearfirst=True).date()
    except (ValueError, OverflowError, TypeError):
        return said


def date(nodes: Nodes, node: Term, term: str, tell: Tell) -> str | None:
    """A date of issue: what is none refuses the dataset."""
    said = value(nodes, node, term)
    _twice(nodes, node, term, tell)
    if said is None:
        return None
    if isinstance(said, str):
        try:
            said = parse_date(said.strip())
        except (ValueError, OverflowError, TypeError):
            said = None
    if not isinstance(said, datetime.date):
        tell("refused", "date-not-a-date", node, preferred(nodes, node, term))
        return None
    try:
        said = said.astimezone(datetime.UTC) if isinstance(said, datetime.datetime) and said.tzinfo else said
    except (ValueError, OverflowError):  # so many hours from UTC that there is no such zone, or no such year
        tell("refused", "date-not-a-date", node, preferred(nodes, node, term))
        return None
    _invented(nodes, node, term, tell)
    return _day(said)


def modified(nodes: Nodes, node: Term, today: str, tell: Tell) -> str | None:
    """A date of change: what is none, or in the future, is passed over."""
    said = value(nodes, node, "dct:modified")
    _twice(nodes, node, "dct:modified", tell)
    if said is None:
        return None
    if isinstance(said, str):
        try:
            said = parse_date(said)
        except ParserError:
            tell("dropped", "date-not-a-date", node, preferred(nodes, node, "dct:modified"))
            return None
        except (OverflowError, TypeError):
            said = 0
    if not isinstance(said, datetime.date):
        tell("refused", "date-not-a-date", node, preferred(nodes, node, "dct:modified"))
        return None
    if _day(said) > today:
        tell("dropped", "date-in-the-future", node, preferred(nodes, node, "dct:modified"))
        return None
    _invented(nodes, node, "dct:modified", tell)
    return _day(said)


def _day(said: datetime.date) -> str:
    """The day of a date or a moment, whatever its zone: YYYY-MM-DD."""
    return datetime.date(said.year, said.month, said.day).isoformat()


def _twice(nodes: Nodes, node: Term, term: str, tell: Tell) -> None:
    kept = preferred(nodes, node, term)
    for other in nodes.objects(node, term):
        if other != kept:
            tell("dropped", "value-twice", node, other)


def _invented(nodes: Nodes, node: Term, term: str, tell: Tell) -> None:
    found = preferred(nodes, node, term)
    if found is not None and not re.match(r"\s*\d{4}-?\d\d-?\d\d|.*\d[./ ]", str(getattr(found, "value", ""))):
        tell("changed", "date-not-a-day", node, found)
