"""The small charts of figures: shares of a hundred, ranges, points in time; none where a scale would be guessed."""

from __future__ import annotations

from functools import cache

import pytest

from openproposals.model.rdf import parse
from openproposals.site.beside import Neighbours, neighbours, side_by_side, sized
from openproposals.site.chain import chain
from openproposals.site.charts import Chart, chart
from openproposals.site.nodes import Graph, expand
from openproposals.site.overview import picture
from openproposals.site.quantities import value
from support.places import DIST


@cache
def first_corpus() -> Graph:
    """The graph of the first corpus."""
    return Graph.made(parse((DIST / "vivre-ensemble.ttl").read_bytes(), "turtle"))


@cache
def charts() -> dict[str, Chart | None]:
    """The chart of each statistic of the first corpus, in English."""
    graph = first_corpus()
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


def beside(name: str) -> Neighbours | None:
    statistics = first_corpus().kind("op:Statistic")
    own = next(node for node in statistics if node.identifier == name)
    return neighbours(own, sized(statistics))


def test_a_figure_stands_beside_the_others_of_its_unit() -> None:
    """People with people, from the fewest to the most, a range as a bar; its own alone is filled."""
    found = beside("S02")
    assert found
    assert [row.figure.local for row in found.rows] == ["S02-1", "S05-1", "S05-2", "S11-1", "S07-1", "S18-1"]
    assert found.left_out == 0
    shapes = side_by_side(found, "en", lambda f, kind: value(f, kind, "en")).shapes
    assert [shape.style for shape in shapes if shape.kind == "point"] == ["own", "", "", "", ""]
    assert len([shape for shape in shapes if shape.kind == "bar"]) == 1
    said = [shape.text for shape in shapes if shape.kind == "text"]
    assert said[0] == "People without a home in France · 330,000\u00a0people"
    assert said[-5:] == ["100,000", "1 million", "10 million", "100 million", "1 billion"]


def test_the_scale_goes_by_tens_where_sizes_lie_far_apart_and_shares_have_a_hundred() -> None:
    """Three hundred and thirty thousand and seven hundred million; shares on one scale to a hundred."""
    people, shares = beside("S02"), beside("S13")
    assert people
    assert people.tenfold
    assert shares
    assert not shares.tenfold
    (own,) = (
        shape
        for shape in side_by_side(shares, "fr", lambda f, kind: value(f, kind, "fr")).shapes
        if shape.style == "own" and shape.kind == "point"
    )
    assert abs((own.x - 20) / 600 - 0.228) < 1e-6


def test_what_has_no_size_or_no_neighbour_stands_beside_nothing() -> None:
    """A rank, a multiple and a ratio compare with nothing; dwellings are alone in their unit."""
    assert [name for name in ("S08", "S04", "S10", "S24", "S03") if beside(name)] == []


def test_of_many_figures_the_nearest_are_shown_and_the_others_counted() -> None:
    """Thirty figures in one unit: four and five of them around the one in the middle."""
    kind, unit, made = expand("op:hasFigure"), expand("qudt:hasUnit"), expand("schema:value")
    data = "".join(f'<a:s{n}> <{kind}> <a:f{n}> . <a:f{n}> <{unit}> <a:EUR> ; <{made}> "{n}" . ' for n in range(1, 31))
    graph = Graph.made(parse(data.encode(), "turtle"))
    statistics = [graph.node(f"a:s{n}") for n in range(1, 31)]
    found = neighbours(statistics[14], sized(statistics))
    assert found
    assert [int(row.low) for row in found.rows] == list(range(10, 20))
    assert found.left_out == 20


def test_each_document_has_its_row() -> None:
    """What stands in two documents is counted in both."""
    graph = first_corpus()
    kinds = [graph.kind(f"op:{name}") for name in ("Proposal", "Statistic")]
    documents = [graph.node(f"https://w3id.org/openproposals/vivre-ensemble/document/{key}") for key in "BR"]
    booklet, press = picture([], documents, *kinds).documents
    assert (booklet.head, press.head) == tuple(documents)
    assert dict(booklet.shares("statistic")) == {"cited": 11, "ambiguous": 1, "dangling": 4, "uncited": 10}
    assert dict(press.shares("statistic")) == {"uncited": 4}
    assert (len(booklet.proposals), len(press.proposals)) == (47, 0)
    assert picture([], [], *kinds).documents == ()
