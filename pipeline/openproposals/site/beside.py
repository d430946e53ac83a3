"""A figure beside the others of its release in the same unit: who is near it in size, on one scale."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openproposals.messages import Language, number, percent, short, spoken
from openproposals.site.charts import Chart, Shape, decimal_of
from openproposals.site.nodes import GraphNode

_MOST = 9  # figures of other statistics in a picture: those nearest in size
_LEFT, _RIGHT, _ROW = 20, 620, 44  # of a width of 640
_LABEL = 52  # characters of a name in the picture; the table has it whole
_FAR = 50  # how many times the least the greatest may be on an even scale


@dataclass(frozen=True)
class SizedFigure:
    """A figure with its least and its greatest value, which are the same where it is no range."""

    low: Decimal
    high: Decimal
    figure: GraphNode
    statistic: GraphNode


@dataclass(frozen=True)
class Neighbours:
    """The figures of a statistic and those nearest in size, the smallest first.

    left_out: how many figures in the same unit are not among them. tenfold: whether the scale goes by powers of ten.
    """

    rows: Sequence[SizedFigure]
    own: GraphNode
    left_out: int
    tenfold: bool


def sized(statistics: Iterable[GraphNode]) -> Mapping[str, Sequence[SizedFigure]]:
    """Every figure that has a size, by its unit, the smallest first. A rank, a multiple and a ratio have none."""
    found: dict[str, list[SizedFigure]] = {}
    for statistic in statistics:
        for figure in statistic.all("op:hasFigure"):
            unit, ends = _unit(figure), _ends(figure)
            if unit and ends:
                found.setdefault(unit, []).append(SizedFigure(*ends, figure, statistic))
    return {unit: sorted(some, key=lambda each: (each.low, each.high)) for unit, some in found.items()}


def neighbours(statistic: GraphNode, by_unit: Mapping[str, Sequence[SizedFigure]]) -> Neighbours | None:
    """A statistic's figures beside those nearest in size; None where no other statistic has a figure in their unit."""
    figures = statistic.all("op:hasFigure")
    unit = next((unit for figure in figures if (unit := _unit(figure)) and _ends(figure)), "")
    some = by_unit.get(unit, ())
    own = [at for figure in figures if (ends := _ends(figure)) for at in _places(some, ends, figure)]
    if not own or len(own) == len(some):
        return None
    chosen, before, after = set(own), min(own) - 1, max(own) + 1
    chosen |= set(range(min(own), max(own) + 1)) if max(own) - min(own) < _MOST else set()
    while len(chosen - set(own)) < _MOST and (before >= 0 or after < len(some)):
        if before >= 0:
            chosen.add(before)
        if after < len(some) and len(chosen - set(own)) < _MOST:
            chosen.add(after)
        before, after = before - 1, after + 1
    rows = [some[at] for at in sorted(chosen)]
    least = rows[0].low
    tenfold = least > 0 and max(row.high for row in rows) > _FAR * least and not _shares(rows)
    return Neighbours(rows, statistic, len(some) - len(rows), tenfold)


def side_by_side(found: Neighbours, language: Language, in_words: Callable[[GraphNode, str], str]) -> Chart:
    """The picture: a row for each figure, with a point, or a bar from end to end of a range; its own are filled.

    in_words: says the value of a figure of a kind.
    """
    steps = _steps(found)
    height = _ROW * len(found.rows)
    marks = {step: _across(step, steps, tenfold=found.tenfold) for step in steps}
    shapes = [Shape("line", x, 30, (x, height), style="axis") for x in marks.values()]
    for at, row in enumerate(found.rows):
        is_own = row.statistic == found.own
        style = "own" if is_own else ""
        low, high = (_across(edge, steps, tenfold=found.tenfold) for edge in (row.low, row.high))
        y = _ROW * at + 30
        bar = Shape("bar", low, y - 6, (high, y + 6), style=style)
        shapes += [
            Shape("text", _LEFT, y - 14, text=_named(row, language, in_words), style=style),
            Shape("line", _LEFT, y, (_RIGHT, y), style="axis"),
            Shape("point", low, y, style=style) if low == high else bar,
        ]
    for step, x in marks.items():
        end = "end" if x == _RIGHT else "" if x == _LEFT else "middle"
        shapes.append(Shape("text", x, height + 14, text=_written(step, found, language), style=end))
    return Chart(height + 22, shapes)


def _unit(figure: GraphNode) -> str:
    """What its unit is compared by: a hundredth, a thing counted, another unit; "" where sizes do not compare."""
    code = figure.code("qudt:hasUnit")
    if code in ("", "UNITLESS"):
        return ""
    return code if code == "PERCENT" else f"{code} {sorted(text.value for text in figure.texts('schema:unitText'))}"


def _ends(figure: GraphNode) -> tuple[Decimal, Decimal] | None:
    exact = decimal_of(figure, "schema:value")
    low, high = decimal_of(figure, "schema:minValue"), decimal_of(figure, "schema:maxValue")
    ends = (exact, exact) if exact is not None else (low, high)
    if ends[0] is None or ends[1] is None or not 0 <= ends[0] <= ends[1]:
        return None
    return ends[0], ends[1]


def _places(some: Sequence[SizedFigure], ends: tuple[Decimal, Decimal], figure: GraphNode) -> list[int]:
    at = bisect_left(some, ends, key=lambda each: (each.low, each.high))
    while at < len(some) and (some[at].low, some[at].high) == ends:
        if some[at].figure == figure:
            return [at]
        at += 1
    return []


def _shares(rows: Sequence[SizedFigure]) -> bool:
    return _unit(rows[0].figure) == "PERCENT" and max(row.high for row in rows) <= 100


def _steps(found: Neighbours) -> list[Decimal]:
    """The numbers that the scale names: powers of ten around all values, else nothing and the greatest value."""
    greatest = max(row.high for row in found.rows)
    if not found.tenfold:
        return [Decimal(0), Decimal(100) if _shares(found.rows) else greatest or Decimal(1)]
    first, last = found.rows[0].low.adjusted(), greatest.adjusted() + (greatest != Decimal(10) ** greatest.adjusted())
    return [Decimal(10) ** power for power in range(first, last + 1, 1 + (last - first) // 7)]


def _across(edge: Decimal, steps: Sequence[Decimal], *, tenfold: bool) -> float:
    first, last = steps[0], steps[-1]
    share = (edge.log10() - first.log10()) / (last.log10() - first.log10()) if tenfold else edge / last
    return _LEFT + float(share) * (_RIGHT - _LEFT)


def _written(step: Decimal, found: Neighbours, language: Language) -> str:
    chrome, lexical = spoken(language), f"{step:f}"
    if found.rows[0].figure.code("qudt:hasUnit") == "PERCENT":
        return percent(lexical, chrome)
    return short(lexical, chrome) or number(lexical, chrome)


def _named(row: SizedFigure, language: Language, in_words: Callable[[GraphNode, str], str]) -> str:
    name = row.statistic.label(language).value
    cut = name if len(name) <= _LABEL else name[: _LABEL - 1].rstrip() + "…"
    return f"{cut} · {in_words(row.figure, row.statistic.code('op:figureKind'))}"
