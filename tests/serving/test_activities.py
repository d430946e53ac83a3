"""What a follower of a release is told: the release and what was withdrawn, and no more than is known."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from typing import Any, cast

import pytest

from openproposals.release.published import open_release
from openproposals.serving import activities, offers
from openproposals.serving.memory_cache import MemoryCache
from openproposals.serving.offers import Offer
from openproposals.serving.pool import Pool
from openproposals.serving.requests import HttpRequest, Message, Refused
from support.places import DIST
from support.serving import Server

OP = "https://w3id.org/openproposals/ns#"


@pytest.fixture(scope="module")
def offer() -> Offer:
    """The kept release, with the catalogue alone of its files."""
    whole = offers.of(open_release(DIST))
    return dataclasses.replace(whole, files={name: whole.files[name] for name in ("catalog.ttl", "SHA256SUMS")})


class Store:
    """A store that answers one thing."""

    def __init__(self, said: str) -> None:
        self.said = said

    async def asked(self, *_: object) -> bytes:
        """What it answers."""
        return self.said.encode()


def told(offer: Offer, said: str = "", accept: str = "") -> dict[str, Any]:
    async def nothing() -> Message:
        return {}

    request = HttpRequest("GET", "/x/changes", "", {"accept": accept}, "", nothing)
    pool = cast(Pool, Store(said))
    reply = asyncio.run(activities.reply(request, offer, pool, MemoryCache(1 << 20), "https://h"))
    assert reply is not None
    assert isinstance(reply.body, bytes)
    return {**json.loads(reply.body), "media": reply.headers["content-type"]}


def test_the_release_is_a_change(offer: Offer) -> None:
    """One item, with the release's date, notes and titles in each language."""
    found = told(offer)
    assert (found["id"], found["type"], found["totalItems"]) == (
        f"https://h/{offer.name}/changes",
        "OrderedCollection",
        1,
    )
    (item,) = found["orderedItems"]
    assert item["id"] == f"{offer.base}releases/{offer.version}"
    assert item["object"]["id"] == offer.base
    assert item["published"].endswith("T00:00:00Z")
    assert set(item["summaryMap"]) == set(item["object"]["nameMap"]) == {"en", "fr"}


def test_what_was_withdrawn(offer: Offer) -> None:
    """This version's first, and dated; an earlier one's without a date, which nothing in the release says."""
    said = f"""<{offer.base}statistic/A> <{OP}withdrawnSince> "0.0.1" .
<{offer.base}statistic/A> <http://purl.org/dc/terms/isReplacedBy> <{offer.base}statistic/B> .
<{offer.base}statistic/Z> <{OP}withdrawnSince> "{offer.version}" .
<{offer.base}statistic/Z> <http://www.w3.org/2004/02/skos/core#changeNote> "Printed twice."@en ."""
    _, new, old = told(offer, said)["orderedItems"]
    assert new["object"] == {"id": f"{offer.base}statistic/Z", "type": "Tombstone"}
    assert (new["type"], new["summaryMap"], "published" in new) == ("Delete", {"en": "Printed twice."}, True)
    assert (old["result"], "published" in old, "summaryMap" in old) == ([f"{offer.base}statistic/B"], False, False)


def test_the_form_that_is_taken(offer: Offer) -> None:
    """ActivityStreams' own type unless the client would rather have another; refused where it takes none."""
    assert told(offer)["media"] == "application/activity+json"
    assert told(offer, accept="application/ld+json")["media"] == "application/ld+json"
    with pytest.raises(Refused):
        told(offer, accept="text/html")


@pytest.mark.slow
def test_over_http(server: Server) -> None:
    """A query of a store that is there."""
    answer = server.ask("/minimal/changes")
    assert (answer.status, answer.media) == (200, "application/activity+json")
    assert json.loads(answer.body)["totalItems"] == len(json.loads(answer.body)["orderedItems"]) >= 1
