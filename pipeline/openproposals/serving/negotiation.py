"""Content negotiation (RFC 9110, 12.5): which of the forms that there are a client takes best."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PART = re.compile(r"\s*([A-Za-z0-9!#$&^_.+*-]+)/([A-Za-z0-9!#$&^_.+*-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r"(?i);\s*q\s*=\s*(1(?:\.0{0,3})?|0(?:\.[0-9]{0,3})?)\s*(?:;|$)")
_CODING = re.compile(r"(?i)\s*([a-z0-9*-]+)\s*((?:;[^,]*)?)")


def best(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered` that an Accept header takes best; of equals, the one offered first; None for none.

    What is no media range in the header is passed over; a header without any takes everything.

    >>> best("text/turtle;q=0.5, text/*;q=0.9", ("text/html", "text/turtle")), best("", ("a/b",))
    ('text/html', 'a/b')
    >>> best("application/pdf", ("text/html",)), best("*/*;q=0.1, text/turtle", ("text/html", "text/turtle"))
    (None, 'text/turtle')
    >>> best("text/html;q=0, */*", ("text/html", "text/turtle"))
    'text/turtle'
    """
    ranges = [
        (found[1].lower(), found[2].lower(), _quality(found[3]))
        for part in accept.split(",")
        if (found := _PART.fullmatch(part))
    ]
    if not ranges:
        return offered[0]
    rated = [(_rated(media, ranges), -place, media) for place, media in enumerate(offered)]
    quality, _, media = max(rated)
    return media if quality > 0 else None


def _rated(media: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    """The quality of the most specific range that a media type is in, 0 where it is in none."""
    kind, _, sub = media.partition("/")
    for wanted in ((kind, sub), (kind, "*"), ("*", "*")):
        found = [quality for *asked, quality in ranges if tuple(asked) == wanted]
        if found:
            return max(found)
    return 0.0


def takes_gzip(accept: str) -> bool:
    """Whether an Accept-Encoding header takes gzip.

    >>> [takes_gzip(text) for text in ("gzip, br", "gzip;q=0", "*", "br, *;q=0", "")]
    [True, False, True, False, False]
    """
    found = {m[1].lower(): _quality(m[2]) for part in accept.split(",") if (m := _CODING.fullmatch(part))}
    return found.get("gzip", found.get("*", 0.0)) > 0


def _quality(parameters: str) -> float:
    found = _QUALITY.search(parameters)
    return float(found[1]) if found else 1.0
