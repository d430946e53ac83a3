"""The small charts of figures: shares of a hundred, ranges, points in time; none where a scale would be guessed."""

from __future__ import annotations

from functools import cache

import pytest

from openproposals.model.rdf import parse
from openproposals.site.chain import chain
from openproposals.site.charts import Chart, chart
from openproposals.site.nodes import Graph, expand
from openproposals.site.quantities import value
from support.places import DIST


@cache
def charts() -> dict[str, Chart | None]:
    """The chart of each statistic of the first corpus, in English."""
    graph = Graph.made(parse((DIST / "vivre-ensemble.ttl").read_bytes(), "turtle"))
    return {node.identifier: chart(chain(node), "en") for node in graph.kind("op:Statistic")}


def drawn(name: str) -> Chart:
    found = charts()[name]
    assert found
    return found


def test_a_share_is_a_bar_of_a_hundred() -> None:
    """As long as the share: 22.8 per cent, and one in three."""
    for name, share, said in (
        ("S13", 22.8, "nearly 22.8%\u00a0of children"),
        ("S10", 100 / 3, "1 in 3 municipalities"),
    ):
        whole, part = (shape for shape in drawn(name).shapes if shape.kind == "bar")
        assert abs((part.to[0] - part.x) / (whole.to[0] - whole.x) - share / 100) < 1e-6
        assert said in [shape.text for shape in drawn(name).shapes]


def test_a_projection_is_two_points_and_what_is_forecast_is_hollow() -> None:
    """The later one is higher, as its value is, and reached by a broken line."""
    now, then = (shape for shape in drawn("S05").shapes if shape.kind == "point")
    assert (now.style, then.style) == ("", "forecast")
    assert abs((150 - now.y) / (150 - then.y) - 1.2 / 2.3) < 1e-6
    assert [shape.style for shape in drawn("S05").shapes if shape.kind == "line"] == ["axis", "forecast"]
    assert {"2012", "2060"} <= {shape.text for shape in drawn("S05").shapes}


def test_a_range_is_a_range() -> None:
    """From six to eight million, on a scale from nothing."""
    (bar,) = (shape for shape in drawn("S11").shapes if shape.kind == "bar")
    assert abs((bar.x - 20) / (bar.to[0] - 20) - 6 / 8) < 1e-6


def test_a_count_a_rank_and_a_pay_ratio_have_no_chart() -> None:
    """Nothing says what they would be shares of."""
    assert [name for name in ("S02", "S08", "S04", "S16", "S24") if charts()[name]] == []


@pytest.mark.parametrize("number", ["1e5", "NaN", "Infinity", "９", "-1", "9" * 5000, "0x1", ""])
@pytest.mark.parametrize("name", ["schema:value", "op:numerator", "schema:maxValue"])
def test_a_number_of_a_strangers_release_stops_no_page(name: str, number: str) -> None:
    """What is no plain number makes no chart, and is said as it stands."""
    said = {"schema:minValue": "1", "op:denominator": "0", name: number}
    facts = "".join(f'<{expand(key)}> "{text}" ; ' for key, text in said.items())
    kind = f"<{expand('op:figureKind')}> <{expand('kind:rank')}>"
    data = f"<a:s> {kind} ; <{expand('op:hasFigure')}> <a:f> . <a:f> {facts} <{expand('qudt:hasUnit')}> <a:NUM> ."
    found = chain(Graph.made(parse(data.encode(), "turtle")).node("a:s"))
    assert chart(found, "fr") is None
    for each in ("rank", "count", "multiple"):
        assert isinstance(value(found.figures[0], each, "fr"), str)
