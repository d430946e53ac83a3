"""A release over HTTP: its files, its items by content negotiation, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import re
import time
from pathlib import Path

import pytest

from openproposals.model import rdf
from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.serving import generations, items, offering, replies
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.pool import Pool, QueryBounds
from openproposals.serving.replies import Reply
from openproposals.serving.requests import HttpRequest, Message, Refused
from support.places import MINIMAL
from support.serving import Server, serving

pytestmark = pytest.mark.slow


def an_item(release: Path) -> str:
    """The path of a statistic in the release."""
    found = re.search(r"(?m)^<(statistic/[a-z-]+)> a ", (release / "minimal.ttl").read_text(encoding="utf-8"))
    assert found
    return found[1]


def test_health_says_what_is_served(server: Server) -> None:
    """One object: a status, and the version of each release."""
    answer = server.ask("/health")
    assert (answer.status, answer.media) == (200, "application/json")
    assert json.loads(answer.body) == {"status": "ok", "releases": {"minimal": "0.1.0"}}


def test_the_root_leads_to_the_pages(server: Server) -> None:
    """/ leads to the release, and a folder without its slash to the one with it."""
    assert (server.ask("/").status, server.ask("/").headers["location"]) == (303, "/minimal/")
    assert server.ask("/minimal").headers["location"] == "/minimal/"
    page = server.ask("/minimal/")
    assert (page.status, page.media) == (200, "text/html")


def test_a_dump_is_the_file(server: Server, release: Path) -> None:
    """The bytes that were published; their SHA-256 is the validator, and a client that has them gets nothing."""
    data = (release / "minimal.ttl").read_bytes()
    answer = server.ask("/minimal/minimal.ttl")
    assert (answer.body, answer.headers["content-type"]) == (data, "text/turtle; charset=utf-8")
    tag = f'"{hashlib.sha256(data).hexdigest()}"'
    assert answer.headers["etag"] == tag
    for given in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = server.ask("/minimal/minimal.ttl", if_none_match=given)
        assert (again.status, again.body) == (304, b"")
    assert server.ask("/minimal/minimal.ttl", if_none_match='"x"').status == 200


def test_ranges(server: Server, release: Path) -> None:
    """Part of a dump; the whole for what is no range, or of another edition; words for a part that it does not have."""
    data, path = (release / "minimal.ttl").read_bytes(), "/minimal/minimal.ttl"
    for given, (first, end) in {
        "bytes=0-9": (0, 10),
        "bytes=5-": (5, len(data)),
        "bytes=-7": (len(data) - 7, len(data)),
        "Bytes=0-9": (0, 10),
        "bytes=-99999999999999999999": (0, len(data)),
        "bytes=1-99999999999999999999": (1, len(data)),
    }.items():
        part = server.ask(path, range=given)
        assert (part.status, part.body) == (206, data[first:end])
        assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{len(data)}"
    for given in ("bytes=9-5", "bytes=0-1,5-6", "lines=0-1", "bytes=-", "bytes=a-b"):
        assert server.ask(path, range=given).body == data
    assert server.ask(path, range="bytes=0-9", if_range='"another"').body == data
    beyond = server.ask(path, range=f"bytes={len(data)}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    tag = server.ask(path).headers["etag"]
    for given, status in {'"another"': 412, f"W/{tag}": 412, tag: 206, f'"x", {tag}': 206, "*": 206}.items():
        assert server.ask(path, if_match=given, range="bytes=5-").status == status


def test_compression(server: Server, release: Path) -> None:
    """Text goes compressed to who takes it, under a validator of its own."""
    data, path = (release / "minimal.ttl").read_bytes(), "/minimal/minimal.ttl"
    packed = server.ask(path, accept_encoding="gzip")
    assert gzip.decompress(packed.body) == data
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] != server.ask(path).headers["etag"]
    assert "accept-encoding" in packed.headers["vary"]
    assert server.ask(path, accept_encoding="gzip", if_none_match=packed.headers["etag"]).status == 304
    for given in ("", "br", "gzip;q=0"):
        assert server.ask(path, accept_encoding=given).body == data


SYNTAXES: dict[str, rdf.Syntax] = {
    "text/turtle": "turtle", "application/n-triples": "ntriples", "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
}  # fmt: skip
NEGOTIATED = {
    "": "text/html", "*/*": "text/html", "text/html": "text/html", "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples", "application/ld+json": "application/ld+json",
    "application/rdf+xml": "application/rdf+xml", "application/json": "application/ld+json",
    "text/html;q=0.2, text/turtle;q=0.8": "text/turtle", "text/*": "text/html",
    "text/html;q=0, text/*": "text/turtle", "application/pdf, */*;q=0.1": "text/html",
    "application/pdf, text/turtle;q=0.1": "text/turtle", "application/*": "application/ld+json",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html",
    "TEXT/TURTLE": "text/turtle", "nonsense": "text/html",
    "application/rdf+xml, text/turtle;q=0.9, */*;q=0.1": "application/rdf+xml",
}  # fmt: skip


@pytest.mark.parametrize("accept", NEGOTIATED)
def test_an_item_in_the_form_that_the_client_takes(server: Server, release: Path, accept: str) -> None:
    """At an item's own address: its page, or its data in five syntaxes."""
    answer = server.ask(f"/minimal/{an_item(release)}", accept=accept)
    assert (answer.status, answer.media) == (200, NEGOTIATED[accept])
    assert "accept" in answer.headers["vary"].split(", ")


def test_every_syntax_says_the_same(server: Server, release: Path) -> None:
    """The triples of an item are the same in each syntax, by negotiation and by address."""
    path = f"/minimal/{an_item(release)}"
    said = []
    for (media, syntax), ending in zip(SYNTAXES.items(), ("ttl", "nt", "jsonld", "rdf"), strict=True):
        answer = server.ask(path, accept=media)
        assert answer.body == server.ask(f"{path}.{ending}").body
        assert answer.headers["content-location"] == f"{path.rpartition('/')[2]}.{ending}"
        said.append(sorted(map(str, rdf.parse(answer.body, syntax))))
    assert said[0]
    assert said[1:] == said[:1] * 3


def test_an_iri_without_a_page_answers_with_its_data(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release too large for pages: what it says of an IRI comes from the store, in each syntax; nothing is None."""
    monkeypatch.setattr(offering, "_LARGEST", 0)
    prepared = generations.prepare([open_release(release)], tmp_path, SILENT)
    offer, memory = prepared.offers["minimal"], MemoryCache(1 << 20)
    assert not offer.has_pages

    async def asked(pool: Pool, name: str, accept: str) -> Reply | None:
        request = HttpRequest("GET", f"/minimal/{name}", "", {"accept": accept}, "", receive=never)
        return await items.described(request, offer, name, pool, memory)

    async def never() -> Message:
        raise AssertionError

    async def all_of_it() -> list[Reply | None]:
        pool = Pool(prepared.store.folder, [offer.base], QueryBounds(short=1, long=0))
        await pool.start()
        try:
            found = [await asked(pool, an_item(release), media) for media in SYNTAXES]
            with monkeypatch.context() as small:  # what is large is given as the store has it, and in no other form
                small.setattr(items, "_LARGEST", 10)
                large = await asked(pool, an_item(release), "application/n-triples")
                assert large is not None
                assert large.headers["content-type"].startswith("application/n-triples")
                with pytest.raises(Refused):
                    await asked(pool, an_item(release), "text/turtle")
            return [*found, await asked(pool, "figure/nowhere", ""), await asked(pool, "figure/a> ?x ?y } {", "")]
        finally:
            await pool.close()

    *found, nowhere, injected = asyncio.run(all_of_it())
    prepared.store.in_use.close()
    assert (nowhere, injected) == (None, None)
    said = []
    for (media, syntax), answer in zip(SYNTAXES.items(), found, strict=True):
        assert answer is not None
        assert isinstance(answer.body, bytes)
        assert answer.headers["content-type"].startswith(media)
        said.append(sorted(map(str, rdf.parse(answer.body, syntax))))
    assert f"{offer.base}{an_item(release)}" in said[0][0]
    assert said[1:] == said[:1] * 3


def test_what_cannot_be_given(server: Server, release: Path) -> None:
    """Nothing of that name is 404, no form that is taken 406, and what would change something 405; each in words."""
    item = an_item(release)
    answers = [
        server.ask("/minimal/statistic/nowhere"),
        server.ask("/minimal/statistic/nowhere.rdf"),
        server.ask("/elsewhere/"),
        server.ask(f"/minimal/{item}", accept="application/pdf"),
        server.ask(f"/minimal/{item}", "DELETE"),
        server.ask(f"/minimal/{item}", "PUT", b"x"),
    ]
    assert [answer.status for answer in answers] == [404, 404, 404, 406, 405, 405]
    for answer in answers:
        said = json.loads(answer.body)
        assert (answer.media, said["status"]) == ("application/problem+json", answer.status)
        assert said["title"]
    french = json.loads(server.ask("/nothing", accept_language="fr-CA, en;q=0.5").body)
    assert french["title"] == "il n'y a rien à cette adresse"


def test_head_is_get_without_a_body(server: Server, release: Path) -> None:
    """The same status and headers, and not a byte more."""
    for path in ("/health", "/minimal/minimal.ttl", f"/minimal/{an_item(release)}", "/nowhere"):
        get, head = server.ask(path), server.ask(path, "HEAD")
        assert head.body == b""
        assert {**get.headers, "date": ""} == {**head.headers, "date": ""}


def test_pages_have_the_policy_that_they_carry(server: Server) -> None:
    """The header lets a page do what its own element does; what is no page is shown by itself without running anything."""
    for path in ("", "query.html", "figures.html", "en/query.html", "statistic/no-car.html"):
        page = server.ask(f"/minimal/{path}")
        carried = re.search(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', page.body)
        assert carried, path
        said = carried[1].decode().replace("&#39;", "'")
        if path.endswith("query.html") and b"engine/yasqe.js" not in page.body:
            continue  # made without its engine, the page asks for less
        assert page.headers["content-security-policy"] == said
    check = (Path(replies.__file__).parents[1] / "site" / "templates" / "check.html").read_text(encoding="utf-8")
    (workers,) = re.findall("block workers %}(.*?){%", check)
    assert f"worker-src {workers};" in replies.page_policy("en/check.html")
    assert server.ask("/minimal/feed.xml").media == "application/atom+xml"
    assert "sandbox" in server.ask("/minimal/assets/icon.svg").headers["content-security-policy"]
    for path in ("/minimal/", "/minimal/minimal.ttl", "/nowhere"):
        assert server.ask(path).headers["x-content-type-options"] == "nosniff"
        assert server.ask(path).headers["access-control-allow-origin"] == "*"


def test_the_log_is_one_json_object_a_line(server: Server) -> None:
    """Whatever is in a request, it is one line of JSON on which nothing acts."""
    server.ask("/log-me?x=%1b[31m%0a", user_agent="odd \x1b[31m ##[error] agent")
    found: list[str] = []
    for _ in range(100):  # an answer is logged once it is sent
        found = [line for line in server.log.read_text(encoding="utf-8").splitlines() if "log-me" in line]
        if found:
            break
        time.sleep(0.05)
    assert len(found) == 1
    assert "\x1b" not in found[0]
    line = json.loads(found[0])
    assert (line["method"], line["status"], line["client"]) == ("GET", 404, "127.0.0.1")
    assert line["target"].startswith("/log-me")


@pytest.mark.long
def test_a_site_is_served_in_place_and_a_base_path_stands_before_everything(release: Path, tmp_path: Path) -> None:
    """Behind a proxy, --url says under which path; addresses that the server gives have it too."""
    from openproposals.progress import SILENT
    from openproposals.release.published import open_release
    from openproposals.site import build

    site = tmp_path / "site"
    build.site(open_release(release), site, SILENT)
    with serving(site, "--url", "https://data.example.org/open/data/", cache=tmp_path / "cache") as running:
        assert running.ask("/open/data/health").status == 200
        assert running.ask("/open/data/").headers["location"] == "/open/data/minimal/"
        assert running.ask("/open/data").headers["location"] == "/open/data/"
        assert running.ask("/open/data/minimal/", host="data.example.org").status == 200
        assert running.ask("/minimal/").status == 404
        assert not list((tmp_path / "cache").glob("sites/*"))
        page = site / "index.html"  # somebody edits the site meanwhile: it is not what was summed
        page.write_bytes(page.read_bytes() + b"<p>more</p>")
        assert running.ask("/open/data/minimal/tables/proposals.csv").status == 200
        assert b"<p>more</p>" not in running.ask("/open/data/minimal/").body


@pytest.mark.long
def test_a_corpus_is_published_into_the_cache_first(tmp_path: Path) -> None:
    """Nothing is written beside the corpus, nor in dist/."""
    with serving(MINIMAL, cache=tmp_path / "cache") as running:
        assert running.ask("/minimal/").status == 200
    assert (tmp_path / "cache" / "corpora" / "minimal" / "SHA256SUMS").is_file()
