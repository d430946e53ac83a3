"""Small charts of a statistic, made when the site is made: a share of a hundred, a range, points in time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from openproposals.messages import LANGUAGES, Language, day, number, percent, spoken, texts
from openproposals.site.chain import Chain
from openproposals.site.nodes import GraphNode
from openproposals.site.quantities import value

_LEFT, _RIGHT, _ROW = 20, 620, 46  # of a width of 640


@dataclass(frozen=True)
class Shape:
    """A part of a chart: its kind, its ends or place (SVG units), what is written beside it, its style."""

    kind: Literal["line", "bar", "point", "text"]
    x: float
    y: float
    to: tuple[float, float] = (0, 0)
    text: str = ""
    style: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart: its height, where its width is 640, and its parts."""

    height: int
    shapes: Sequence[Shape]


def chart(found: Chain, language: Language) -> Chart | None:
    """The chart of a statistic; None where its figures make none. No scale is guessed: shares are of a hundred."""
    kind, chrome = found.statistic.code("op:figureKind"), spoken(language)
    dated = [f for f in found.figures if decimal_of(f, "schema:value") is not None and _year(f)]
    if len(dated) > 1 and len({_unit(f) for f in dated}) == 1 and len({f.text("sdmxd:refPeriod") for f in dated}) > 1:
        return _course(dated, kind, language)
    shares = [share for f in found.figures if (share := _share(f)) is not None]
    if shares and len(shares) == len(found.figures):
        said = [value(figure, kind, language) for figure in found.figures]
        rows = [_bar(at, *row) for at, row in enumerate(zip(shares, said, strict=True))]
        height = _ROW * len(rows)
        ends = [
            Shape("text", _LEFT, height + 14, text=percent("0", chrome)),
            Shape("text", _RIGHT, height + 14, text=percent("100", chrome), style="end"),
        ]
        return Chart(height + 22, [shape for row in rows for shape in row] + ends)
    return _range(found.figures[0], kind, language) if len(found.figures) == 1 else None


def decimal_of(figure: GraphNode, name: str) -> Decimal | None:
    """A number of a figure; None where it has none, or where what a stranger's release says is no decimal."""
    text = figure.text(name)
    return Decimal(text) if re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", text) else None


def _unit(figure: GraphNode) -> str:
    return figure.code("qudt:hasUnit") + "".join(text.value for text in figure.texts("schema:unitText"))


def _year(figure: GraphNode) -> int:
    """The year that a figure is about; 0 where none is said."""
    found = re.match("[0-9]{4}", figure.text("sdmxd:refPeriod"))
    return int(found[0]) if found else 0


def _share(figure: GraphNode) -> float | None:
    """A share of a hundred: a percentage up to a hundred, so many in so many; None for any other figure."""
    part, whole = decimal_of(figure, "op:numerator"), decimal_of(figure, "op:denominator")
    if part is not None and whole is not None:
        return float(100 * part / whole) if 0 <= part <= whole and whole > 0 and not _compares(figure) else None
    share = decimal_of(figure, "schema:value")
    if figure.code("qudt:hasUnit") != "PERCENT" or share is None:
        return None
    return float(share) if 0 <= share <= 100 else None


def _compares(figure: GraphNode) -> bool:
    """Whether a ratio sets two things against each other, as pay does, and is no part of a whole."""
    names = {texts("site/quantities", tag)["names"]["ratio"] for tag in LANGUAGES}
    return any(names & set(text.value.split()) for text in figure.texts("schema:unitText"))


def _bar(row: int, share: float, said: str) -> list[Shape]:
    y = _ROW * row + 24
    end = _LEFT + (_RIGHT - _LEFT) * share / 100
    return [
        Shape("text", _LEFT, y - 8, text=said),
        Shape("bar", _LEFT, y, (_RIGHT, y + 14), style="whole"),
        Shape("bar", _LEFT, y, (end, y + 14)),
    ]


def _range(figure: GraphNode, kind: str, language: Language) -> Chart | None:
    low, high = decimal_of(figure, "schema:minValue"), decimal_of(figure, "schema:maxValue")
    if low is None or high is None or not 0 <= low <= high or not high:
        return None
    at = [_LEFT + float((_RIGHT - 40 - _LEFT) * edge / high) for edge in (low, high)]
    names = [
        number(text, spoken(language)) for text in (figure.text("schema:minValue"), figure.text("schema:maxValue"))
    ]
    return Chart(
        70,
        [
            Shape("text", _LEFT, 14, text=value(figure, kind, language)),
            Shape("line", _LEFT, 36, (_RIGHT, 36), style="axis"),
            Shape("bar", at[0], 30, (at[1], 42)),
            Shape("text", _LEFT, 60, text=number("0", spoken(language))),
            *(Shape("text", x, 60, text=name, style="middle") for x, name in zip(at, names, strict=True)),
        ],
    )


def _course(figures: Sequence[GraphNode], kind: str, language: Language) -> Chart | None:
    """Points in time, from zero up; what is forecast is reached by a broken line, and hollow."""
    ordered = sorted(figures, key=lambda figure: figure.text("sdmxd:refPeriod"))
    years = [_year(figure) for figure in ordered]
    numbers = [each for figure in ordered if (each := decimal_of(figure, "schema:value")) is not None]
    if min(numbers) < 0 or max(numbers) <= 0 or years[0] == years[-1]:
        return None
    x = [_LEFT + 90 + (_RIGHT - _LEFT - 200) * (year - years[0]) / (years[-1] - years[0]) for year in years]
    y = [150 - float(110 * each / max(numbers)) for each in numbers]
    shapes = [Shape("line", _LEFT, 150, (_RIGHT, 150), style="axis")]
    for at, figure in enumerate(ordered):
        style = "forecast" if figure.code("sdmxa:obsStatus") == "obsStatus-F" else ""
        shapes += [Shape("line", x[at - 1], y[at - 1], (x[at], y[at]), style=style)] if at else []
        shapes += [
            Shape("point", x[at], y[at], style=style),
            Shape("text", x[at], y[at] - 12, text=value(figure, kind, language), style="middle"),
            Shape("text", x[at], 168, text=day(figure.text("sdmxd:refPeriod"), spoken(language)), style="middle"),
        ]
    return Chart(176, shapes)
