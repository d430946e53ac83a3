"""The card of a statistic for pages that embed it: oEmbed 1.0, with the HTML that the statistic's own page offers."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping

from openproposals.serving.offers import Offer, OfferedFile
from openproposals.serving.replies import Reply, as_json
from openproposals.serving.requests import HttpRequest, Refused, parameters

_CARD = re.compile(r'<pre id="cite-card"[^>]*>(.*?)</pre>', re.DOTALL)  # site/templates/parts.html
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_WIDTH = 600  # pixels, unless the client has less room
_LETTER, _LINE, _GAP, _MARGINS = 8, 20, 16, 80  # pixels of a letter and a line, between blocks, at both sides
_BLOCK, _TAG = re.compile(r"<(?:p|footer)>(.*?)</(?:p|footer)>", re.DOTALL), re.compile("<[^>]*>")
_LARGEST = 4 << 20  # bytes of a page that is read


async def reply(request: HttpRequest, offers: Mapping[str, Offer], public: str) -> Reply:
    """The card of the parameter `url`: an IRI of a release, or the address of its page here.

    public: the server's address. Raises Refused: no `url`, no card there, or a format other than JSON; ChangedError.
    """
    given = parameters(request.query)
    if not given.get("url"):
        raise Refused(400, "no_card_url")
    if given.get("format", "json") != "json":
        raise Refused(501, "card_format")
    language = request.language if "accept-language" in request.headers else ""
    found = _page(given["url"].partition("#")[0].partition("?")[0], offers, public, language)
    if found is None or found[1].size > _LARGEST:
        raise Refused(404, "no_card")
    offer, file = found
    text = await asyncio.to_thread(_read, file)
    card, title = _CARD.search(text), _TITLE.search(text)
    if not card:
        raise Refused(404, "no_card")
    width = _at_most(_WIDTH, given.get("maxwidth", ""))
    said = {
        "version": "1.0",
        "type": "rich",
        **({"title": html.unescape(title[1])} if title else {}),
        "provider_name": offer.name,
        "provider_url": f"{public}/{offer.place}/",
        "html": html.unescape(card[1]),
        "width": width,
        "height": _at_most(_height(html.unescape(card[1]), width), given.get("maxheight", "")),
    }
    answer = as_json(said)
    return Reply(200, {**answer.headers, "vary": "accept-language"}, answer.body)


def _page(address: str, offers: Mapping[str, Offer], public: str, language: str) -> tuple[Offer, OfferedFile] | None:
    """The page of an address: that page itself, or for an IRI the one in a language, else in the main one."""
    for offer in offers.values():
        for base in (f"{public}/{offer.place}/", offer.base):
            if not address.startswith(base):
                continue
            name = address.removeprefix(base)
            names = [name] if name.endswith(".html") else [f"{language}/{name}.html", f"{name}.html"]
            file = next((offer.files[each] for each in names if each in offer.files), None)
            if file:
                return offer, file
    return None


def _read(file: OfferedFile) -> str:
    with file.opened() as opened:
        return opened.read().decode()


def _at_most(pixels: int, most: str) -> int:
    """A size, at most that of the parameter maxwidth or maxheight.

    >>> _at_most(600, "300"), _at_most(600, "5000"), _at_most(600, "x")
    (300, 600, 600)
    """
    return min(pixels, int(most)) if re.fullmatch("[1-9][0-9]{0,5}", most) else pixels


def _height(card: str, width: int) -> int:
    """About how high a card is, in pixels: its lines of text in a common font. The page that embeds it decides.

    >>> _height("<blockquote><p>Homeless: <b>330,000</b></p><footer>X</footer></blockquote>", 600)
    88
    """
    inside = max(_LETTER, width - _MARGINS)
    blocks = [html.unescape(_TAG.sub("", block)) for block in _BLOCK.findall(card)]
    return sum(_LINE * -(-len(text) * _LETTER // inside) + _GAP for text in blocks) + _GAP
