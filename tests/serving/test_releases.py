"""Two releases of one corpus beside each other: each has an address and a graph of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from openproposals import stages
from openproposals.engines.cluster import Cluster
from openproposals.errors import UsageError
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.serving.generations import prepare
from openproposals.stages import Run
from support import engines
from support.places import MINIMAL
from support.serving import Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.long]

OLD = "0.0.9"


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An earlier release of the corpus, with a proposal less."""
    folder = tmp_path_factory.mktemp("older")
    shutil.copytree(MINIMAL, folder / "minimal")
    descriptor = folder / "minimal" / "corpus.toml"
    text = descriptor.read_text(encoding="utf-8")
    descriptor.write_text(text.replace('version = "0.1.0"', f'version = "{OLD}"'), encoding="utf-8")
    made = folder / "release"
    assert stages.publish(folder / "minimal", made, Run(today="2026-11-21"))[0].conforms
    return made


@pytest.fixture(scope="module")
def both(release: Path, older: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(release, older, cache=tmp_path_factory.mktemp("both") / "cache") as running:
        yield running


def counted(server: Server, query: str, **more: str) -> int:
    answer = server.ask("/sparql?" + urlencode({"query": query, **more}), accept="text/csv")
    assert answer.status == 200, answer.body
    return int(answer.body.split()[1])


ALL, VERSION = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "http://www.w3.org/ns/dcat#version"


def test_each_is_a_graph_and_a_query_is_asked_of_the_first(both: Server) -> None:
    """What is asked without a dataset is not counted twice; GRAPH and FROM reach the other one."""
    graphs = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    names = both.ask("/sparql?" + urlencode({"query": graphs}), accept="text/csv").body.decode().split()[1:]
    first = names[0]
    assert names == [first, f"{first}releases/{OLD}"]
    assert counted(both, ALL) == counted(both, ALL, **{"default-graph-uri": first})
    assert counted(both, f"SELECT (COUNT(*) AS ?n) FROM <{names[1]}> {{ ?s ?p ?o }}") > 100
    described = both.ask("/sparql", accept="text/turtle").body.decode()
    assert all(f"<{name}>" in described for name in names)


def test_each_has_an_address(both: Server) -> None:
    """Pages, items and files of the other release stand under its version, and lead to the server's own addresses."""
    assert json.loads(both.ask("/health").body)["releases"] == {"minimal": "0.1.0", f"minimal/releases/{OLD}": OLD}
    under = f"/minimal/releases/{OLD}"
    assert both.ask(under).headers["location"] == f"{under}/"
    assert f'"version": "{OLD}"'.encode() in both.ask(f"{under}/report.json").body
    assert both.ask(f"{under}/statistic/no-car", accept="text/turtle").media == "text/turtle"
    assert both.ask(f"{under}/figure/none").status == 404
    assert both.ask("/minimal/releases/0.0.8/").status == 404
    page = both.ask(f"{under}/en/query.html")
    link = page.headers["link"].partition(">")[0].removeprefix("<")
    endpoint = urlsplit(urljoin(f"{both.url}{under}/en/query.html", link))
    assert endpoint.path == "/sparql"
    asked = parse_qs(endpoint.query)["default-graph-uri"][0]
    assert asked.endswith(f"/releases/{OLD}")
    assert counted(both, ALL, **{"default-graph-uri": asked}) > 100
    assert "?" not in both.ask("/minimal/en/query.html").headers["link"]
    changes = json.loads(both.ask(f"{under}/changes").body)
    assert changes["id"] == f"{both.url}{under}/changes"


def test_two_of_one_version_are_refused(release: Path, tmp_path: Path) -> None:
    """They would have one address."""
    again = [open_release(release), open_release(release)]
    with pytest.raises(UsageError) as error:
        prepare(again, tmp_path, SILENT)
    assert error.value.key == "serve-twice"


def test_a_release_in_parts_is_asked_as_the_whole_one(release: Path, tmp_path: Path) -> None:
    """It has no pages; its triples and its files answer."""
    near = Cluster(engines.Near(tmp_path / "room"), group=7, small=0)
    assert stages.publish(MINIMAL, tmp_path / "parts", Run(today="2026-11-22", engine=near))[0].conforms
    found = []
    for folder in (release, tmp_path / "parts"):
        with serving(folder, cache=tmp_path / "cache") as server:
            item = server.ask("/minimal/statistic/no-car", accept="application/n-triples")
            found.append((counted(server, ALL), {*item.body.splitlines()}))
            assert server.ask("/minimal/", accept="text/turtle, application/rdf+xml;q=0.5").status == 200
    assert found[0][0] == found[1][0]
    assert found[1][1]
    assert found[1][1] <= found[0][1]  # the page's data have its figures too
