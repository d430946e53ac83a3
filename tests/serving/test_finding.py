"""Looking things up over HTTP: the search, OpenRefine's reconciliation, the description for programs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.errors import UsageError
from openproposals.serving import entities, generations
from openproposals.serving.entities import Entities, Entity
from openproposals.serving.finding import _candidates
from openproposals.serving.generations import NameIndex
from openproposals.serving.pool import Pool
from openproposals.serving.requests import Refused
from support.serving import HttpAnswer, Server

BASE = "https://example.org/c/"


def entity(name: str, *figures: str, kind: str = "statistic") -> Entity:
    return Entity(f"{BASE}{kind}/{name.replace(' ', '-')}", kind, [(name, "en")], list(figures))


FOUND = Entities(
    [
        entity("People without a home", "330 000", "330000"),
        entity("Vacant dwellings", "3.1 million", "3100000"),
        entity("Vacant dwellings in towns", "330000"),
        entity("House the homeless", kind="proposal"),
        entity("Été à l'œuvre", kind="source"),
    ]
)


def found(text: str, *kinds: str) -> list[str]:
    return [each.names[0][0] for _, each in FOUND.find(text, kinds or ("statistic",), 10)]


def test_a_number_and_words() -> None:
    """The number decides which, the words in which order; a number that nobody gives finds nothing."""
    assert found("330,000") == ["People without a home", "Vacant dwellings in towns"]
    assert found("330 000 people") == ["People without a home"]
    assert found("vacant dwellings 330000") == ["Vacant dwellings in towns"]
    assert found("Vacant dwellings") == ["Vacant dwellings", "Vacant dwellings in towns"]
    assert found("3.1 million dwellings") == ["Vacant dwellings"]
    assert found("999 dwellings") == []
    assert found("nothing of it") == []
    assert found("ete a l’œuvre", "source") == ["Été à l'œuvre"]


def test_what_a_typed_text_begins() -> None:
    """Names that begin so, whatever their accents; then what the words name; one thing once."""
    names = [each.names[0][0] for each in FOUND.beginning("vaca", 10)]
    assert names == ["Vacant dwellings", "Vacant dwellings in towns"]
    assert [each.names[0][0] for each in FOUND.beginning("ETE A", 1)] == ["Été à l'œuvre"]
    assert [each.names[0][0] for each in FOUND.beginning("homeless", 10)] == ["House the homeless"]
    assert [each.names[0][0] for each in FOUND.beginning("Vacant dwellings", 1)] == ["Vacant dwellings"]
    assert FOUND.beginning("...", 10) == FOUND.beginning("zz", 10) == []


@given(st.text(max_size=60))
def test_any_text_finds_something_or_nothing(text: str) -> None:
    """Whatever is looked for: scores from 0 to 100, the best first, each once."""
    scored = FOUND.find(text, ("statistic", "proposal", "source", "agent"), 10)
    assert [score for score, _ in scored] == sorted((score for score, _ in scored), reverse=True)
    assert all(0 <= score <= 100 for score, _ in scored)
    assert len({each.iri for _, each in scored}) == len(scored)


def test_what_many_names_have_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many that a text may mean, few are compared with it: those with its rarest words, and its namesake."""
    compared: list[str] = []
    score = entities._score
    monkeypatch.setattr(
        entities, "_score", lambda text, words, one: compared.append(one.iri) or score(text, words, one)
    )
    many = Entities(
        [entity(f"The number of things {'abcdefghijk'[n % 11] * (n // 11 + 1)}") for n in range(3000)]
        + [entity("The number of", "7"), entity("Make 10 000 places", kind="proposal")]
    )
    common = many.find("the number of things", ("statistic",), 5)
    assert len(common) == 5
    assert many.find("the number of", ("statistic",), 1)[0][1].names == [("The number of", "en")]
    assert many.find("the number of things bbbb", ("statistic",), 1)[0][1].names == [
        ("The number of things bbbb", "en")
    ]
    assert many.find("make 10,000 places", ("proposal",), 1)[0][0] == 100
    assert many.find("make 20 000 places", ("proposal",), 1) == []
    assert many.find("the number of", ("source",), 1) == []
    assert len(compared) < 1000


def test_properties_alone_find_what_has_them_all() -> None:
    """One that alone has them is a match; with a text they leave of its candidates those that have them."""
    some = [entity("Vacant dwellings", "3.1 million"), entity("Vacant flats", "330 000"), entity("Empty", "330000")]
    some[0].trail["source"] = [f"{BASE}source/n1"]
    some[1].trail["source"] = [f"{BASE}source/n1", f"{BASE}source/N2"]
    index = Entities(some)

    def ids(**asked: object) -> list[tuple[str, object]]:
        return [(str(each["id"]).rpartition("/")[2], each["match"]) for each in _candidates(asked, index, "en")]

    def wanted(**values: object) -> list[dict[str, object]]:
        return [{"pid": name.replace("_", "-"), "v": value} for name, value in values.items()]

    assert ids(properties=wanted(source="n1")) == [("Vacant-dwellings", False), ("Vacant-flats", False)]
    assert ids(properties=wanted(source={"id": f"{BASE}source/N2", "name": "x"})) == [("Vacant-flats", True)]
    assert ids(properties=wanted(figure=330000)) == [("Vacant-flats", False), ("Empty", False)]
    assert ids(properties=wanted(figure="330,000"), limit=1) == [("Vacant-flats", False)]
    assert ids(properties=wanted(figure="330 000", source=["n1", "n9"])) == [("Vacant-flats", True)]
    assert ids(properties=wanted(figure=3100000)) == [("Vacant-dwellings", True)]
    assert ids(properties=wanted(source="n1"), type="proposal") == []
    assert ids(properties=wanted(theme="x")) == []
    assert ids(query="vacant", properties=wanted(figure=330000))[0][0] == "Vacant-flats"
    assert ids(query="vacant", properties=wanted(source="n9")) == []


@pytest.mark.parametrize(("answers", "status"), [([b""], 503), ([b"x\n" * (entities.MOST + 2)], 501), ([], 501)])
def test_where_there_is_no_index(answers: list[bytes], status: int) -> None:
    """It is said whether one is still made, or never will be: too many names, or a store that does not answer."""

    class Store(Pool):
        """A store that answers so, and then is busy; or that refuses each question."""

        def __init__(self) -> None:
            self.left = [*answers]

        async def asked(self, query: str, client: str = "", graphs: Sequence[str] | None = None) -> bytes:
            """The next answer."""
            if not answers:
                raise UsageError("query-time", seconds=1)
            if not self.left:
                raise Refused(503, "busy")
            return self.left.pop(0)

    async def made() -> NameIndex:
        index = NameIndex()
        making = asyncio.create_task(generations._index(Store(), index))
        await asyncio.wait([making], timeout=0.1)
        making.cancel()
        return index

    index = asyncio.run(made())
    assert (index.entities, index.never) == (None, status == 501)


# -- over HTTP ---------------------------------------------------------------------------------------------------------


def said(answer: HttpAnswer) -> Any:
    assert (answer.status, answer.media) == (200, "application/json"), answer.body
    return json.loads(answer.body)


@pytest.fixture(scope="module")
def indexed(server: Server) -> Server:
    """The server, once it has its index of names."""
    for _ in range(100):
        if server.ask("/search?q=1").status == 200:
            break
        time.sleep(0.1)
    return server


@pytest.mark.slow
def test_search(indexed: Server) -> None:
    """A number and words give statistics with their figures and their trail."""
    result = said(indexed.ask("/search?" + urlencode({"q": "no car"})))["results"][0]
    assert result["id"].endswith("/statistic/no-car")
    assert result["figures"]
    assert result["trail"]["citation-status"]
    assert indexed.ask("/search").status == 400
    assert indexed.ask("/search?q=%20").status == 400
    assert len(said(indexed.ask("/search?q=a+the+in&limit=1"))["results"]) <= 1


@pytest.mark.slow
def test_suggestions(indexed: Server) -> None:
    """The manifest leads to the three services of 0.2; each gives an id and a name, from a cursor on."""
    services = said(indexed.ask("/reconcile"))["suggest"]
    assert services.keys() == {"entity", "property", "type"}

    def suggested(what: str, **given: str) -> list[dict[str, Any]]:
        where = services[what]["service_url"] + services[what]["service_path"]
        assert where.startswith(indexed.url)
        answer = said(indexed.ask(where.removeprefix(indexed.url) + "?" + urlencode(given)))
        assert answer.keys() == {"result"}
        assert all(isinstance(each["id"], str) and each["name"] for each in answer["result"])
        return list(answer["result"])

    assert [each["id"] for each in suggested("property", prefix="Source")] == ["source", "possible-source"]
    assert [each["id"] for each in suggested("property", prefix="source", cursor="1")] == ["possible-source"]
    assert [each["id"] for each in suggested("type", prefix="s")] == ["statistic", "source"]
    bus, *_ = suggested("entity", prefix="run bu")
    assert (bus["id"].rpartition("/")[2], bus["notable"][0]["id"]) == ("night-bus", "proposal")
    assert suggested("entity", prefix="run bu", cursor="999999999") == []
    assert indexed.ask("/reconcile/suggest/entity").status == 400
    assert indexed.ask("/reconcile/suggest/entity?prefix=%20").status == 400
    assert indexed.ask("/reconcile/suggest/flyout?prefix=a").status == 404


@pytest.mark.slow
def test_reconciliation(indexed: Server) -> None:
    """The manifest; a batch by GET and by POST; only the types asked for; what is no batch, in words."""
    manifest = said(indexed.ask("/reconcile"))
    assert manifest["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace"} <= manifest.keys()
    assert {kind["id"] for kind in manifest["defaultTypes"]} == {"proposal", "statistic", "source", "agent"}
    batch = {
        "q0": {"query": "Run buses after midnight"},
        "q1": {"query": "Run buses after midnight", "type": "statistic"},
        "q2": {"query": "run buses", "limit": 1, "type": ["proposal"]},
        "q3": {"properties": [{"pid": "theme", "v": "buses"}]},
        "q4": {"properties": [{"pid": "citation-status", "v": [{"id": "uncited"}, 7]}, {"pid": "theme", "v": True}]},
        "q5": {"query": "no car", "properties": [{"pid": "citation-status", "v": "nonsense"}]},
    }
    body = urlencode({"queries": json.dumps(batch)})
    by_post = indexed.ask("/reconcile", "POST", body.encode(), content_type="application/x-www-form-urlencoded")
    assert said(by_post) == said(indexed.ask("/reconcile?" + body))
    found = {name: each["result"] for name, each in said(by_post).items()}
    best = found["q0"][0]
    assert (best["id"].rpartition("/")[2], best["match"], best["score"]) == ("night-bus", True, 100.0)
    assert best["type"] == [{"id": "proposal", "name": "proposal"}]
    assert all(each["type"][0]["id"] == "statistic" for each in found["q1"])
    assert len(found["q2"]) == 1
    assert found["q3"] == found["q5"] == []
    assert all(each["type"][0]["id"] == "statistic" for each in found["q4"])
    for bad in (
        "nonsense",
        "[]",
        '{"q": 1}',
        '{"q": {"query": 1}}',
        '{"q": {"properties": []}}',
        '{"q": {"query": ""}}',
        '{"q": {"query": "x", "properties": [{"pid": "source"}]}}',
        '{"q": {"query": "x", "properties": {}}}',
        json.dumps({str(n): {"query": ""} for n in range(60)}),
    ):
        assert indexed.ask("/reconcile?" + urlencode({"queries": bad})).status == 400


@pytest.mark.slow
def test_the_description_names_what_is_answered(indexed: Server) -> None:
    """Each path that it describes is there."""
    described = said(indexed.ask("/openapi.json"))
    assert described["openapi"].startswith("3.1")
    for path in described["paths"]:
        given = path.format(corpus="minimal", kind="statistic", id="no-car", what="type")
        assert indexed.ask(given).status in (200, 303, 400)
    corpus = described["paths"]["/{corpus}/{kind}/{id}"]["get"]["parameters"][0]
    assert corpus["schema"]["enum"] == ["minimal"]
