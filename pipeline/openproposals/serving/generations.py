"""What is served at one moment, and how it is replaced by what comes after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openproposals.errors import UsageError
from openproposals.serving.offers import Offer


@dataclass(frozen=True)
class Generation:
    """What is served at one moment: each release by its path, which is its corpus's name."""

    offers: Mapping[str, Offer]

    def placed(self, path: str) -> tuple[Offer, str | None] | None:
        """The release under a request's path, and the name in it; the name is None where the slash is missing."""
        first, slash, name = path[1:].partition("/")
        offer = self.offers.get(first)
        return (offer, name if slash else None) if offer else None


class Generations:
    """The generation of now. A request takes it once, and sees nothing of its successor."""

    def __init__(self, now: Generation) -> None:
        self.now = now


def together(offers: Sequence[Offer]) -> Generation:
    """A generation of these releases. Raises UsageError: two of one corpus."""
    found: dict[str, Offer] = {}
    for offer in offers:
        if offer.name in found or offer.name in RESERVED:
            raise UsageError("serve-twice", corpus=offer.name)
        found[offer.name] = offer
    return Generation(found)


RESERVED = frozenset({"health", "sparql"})
