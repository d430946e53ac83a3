"""Whose query is answered next, and how long it may hold up others: places for short queries, and some for long ones.

A query begins in a short place. Once it has taken longer than a short one may, it moves to a long place, if one is free
and its client has none yet; else it is displaced, and begins again once there is one for it. So a query that never ends
holds others up for a moment, and not for as long as a query may take.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False)
class Turn:
    """A query of a client that waits for a place, or has one.

    long: whether the place is a long one. lengthened: called when a short place becomes a long one. displaced: called
    when another is to have its place.
    """

    client: str
    given: asyncio.Future[None]
    lengthened: Callable[[], object]
    displaced: Callable[[], object]
    long: bool = False
    placed: bool = False


class Lanes:
    """The places: so many for short queries, so many for long ones."""

    def __init__(self, short: int, long: int) -> None:
        self._short, self._long = short, long  # those that are free
        self._waiting: list[Turn] = []
        self._running: Counter[str] = Counter()
        self._lengthy: set[str] = set()  # the clients that have a long place

    async def enter(
        self, client: str, lengthened: Callable[[], object], displaced: Callable[[], object], *, long: bool = False
    ) -> Turn:
        """Wait for a place. Who has fewest queries running comes first, then who came first."""
        turn = Turn(client, asyncio.get_running_loop().create_future(), lengthened, displaced, long)
        self._waiting.append(turn)
        self._move()
        try:
            await turn.given
        except BaseException:
            if turn.placed:
                self.leave(turn)
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise
        return turn

    def overstay(self, turn: Turn) -> None:
        """It has taken longer than a short query may."""
        if self._long and turn.client not in self._lengthy:
            self._short, turn.long = self._short + 1, True
            self._lengthen(turn)
            turn.lengthened()
            self._move()
        else:
            turn.displaced()

    def leave(self, turn: Turn) -> None:
        """Its place is free."""
        if turn.long:
            self._long += 1
            self._lengthy.discard(turn.client)
        else:
            self._short += 1
        self._running -= Counter([turn.client])
        self._move()

    def _move(self) -> None:
        for long in (True, False):
            while first := self._next(long=long):
                self._place(first)

    def _next(self, *, long: bool) -> Turn | None:
        """Who gets the next free place, if there is one."""
        if not (self._long if long else self._short):
            return None
        fit = [each for each in self._waiting if each.long == long and not (long and each.client in self._lengthy)]
        return min(fit, key=lambda each: self._running[each.client], default=None)

    def _place(self, turn: Turn) -> None:
        self._waiting.remove(turn)
        if turn.given.cancelled():
            return
        turn.placed = True
        self._running[turn.client] += 1
        if turn.long:
            self._lengthen(turn)
        else:
            self._short -= 1
        turn.given.set_result(None)

    def _lengthen(self, turn: Turn) -> None:
        self._long -= 1
        self._lengthy.add(turn.client)
