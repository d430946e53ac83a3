"""The card of a statistic by oEmbed: what its page offers, for each way to name it; and what has no card."""

from __future__ import annotations

import asyncio
import html
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from openproposals.release import ours
from openproposals.serving import cards
from openproposals.serving.offers import Offer, OfferedFile
from openproposals.serving.requests import HttpRequest, Message, Refused
from support.serving import Server

BASE, PUBLIC = "https://e.org/x/", "https://h/open"
CARD = '<blockquote lang="{0}"><p>A &amp; <b>3</b></p></blockquote>'
PAGE = '<title>A &amp; B</title><pre id="cite-card" tabindex="0">{0}</pre>'


@pytest.fixture
def offer(tmp_path: Path) -> Offer:
    """Pages in two languages, French first, and one without a card."""
    pages = {"statistic/S.html": "fr", "en/statistic/S.html": "en", "proposal/P.html": ""}
    found = {}
    for name, language in pages.items():
        path = tmp_path / name.replace("/", "-")
        path.write_text(PAGE.format(html.escape(CARD.format(language))) if language else "<title>P</title>")
        found[name] = OfferedFile(path, "", "text/html", ours.FileStamp.of(path.stat()))
    return Offer("x", "1.0.0", BASE, found)


def told(offer: Offer, language: str = "", **given: str) -> dict[str, Any]:
    async def nothing() -> Message:
        return {}

    headers = {"accept-language": language} if language else {}
    request = HttpRequest("GET", "/oembed", urlencode(given), headers, "", nothing)
    body = asyncio.run(cards.reply(request, {"x": offer}, PUBLIC)).body
    assert isinstance(body, bytes)
    return dict(json.loads(body))


@pytest.mark.parametrize(
    ("address", "language", "shown"),
    [
        (f"{BASE}statistic/S", "", "fr"),
        (f"{BASE}statistic/S", "en-GB", "en"),
        (f"{PUBLIC}/x/statistic/S", "de", "fr"),
        (f"{PUBLIC}/x/en/statistic/S.html?a=b#c", "fr", "en"),
        (f"{BASE}statistic/S.html", "en", "fr"),
    ],
)
def test_the_card_of_a_statistic(offer: Offer, address: str, language: str, shown: str) -> None:
    """An IRI in the client's language, else the main one; a page as it is."""
    found = told(offer, language, url=address, maxwidth="300")
    assert (found["html"], found["title"]) == (CARD.format(shown), "A & B")
    assert (found["version"], found["type"], found["width"]) == ("1.0", "rich", 300)
    narrow = told(offer, language, url=address, maxwidth="90")
    assert 0 < found["height"] < narrow["height"]
    assert told(offer, language, url=address, maxwidth="90", maxheight="20")["height"] == 20


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"url": f"{BASE}statistic/S", "format": "xml"}, 501),
        ({"url": f"{BASE}proposal/P"}, 404),
        ({"url": f"{BASE}statistic/none"}, 404),
        ({"url": "https://elsewhere.org/statistic/S"}, 404),
        ({"url": f"{BASE}../../etc/passwd"}, 404),
    ],
)
def test_what_has_no_card(offer: Offer, given: dict[str, str], status: int) -> None:
    """Refused in words."""
    with pytest.raises(Refused) as refused:
        told(offer, **given)
    assert refused.value.status == status
    assert refused.value.said.say("en")


@pytest.mark.slow
def test_a_page_leads_to_its_card(server: Server) -> None:
    """By its Link header: the card, in the page's language, is what the page itself offers."""
    page = server.ask("/minimal/statistic/no-car.html")
    link = page.headers["link"].partition(">")[0].removeprefix("<")
    address = urlsplit(urljoin(f"{server.url}/minimal/statistic/no-car.html", link))
    answer = server.ask(f"{address.path}?{address.query}")
    assert (address.path, answer.status) == ("/oembed", 200)
    assert parse_qs(address.query)["url"][0].endswith("statistic/no-car.html")
    assert (
        html.escape(json.loads(answer.body)["html"]).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
        in page.body.decode()
    )
