"""Whose query is answered next, and how long it may hold up others: places for short queries, and some for long ones.

A query begins in a short place. Once it has taken longer than a short one may, it moves to a long place, if one is free
and its client has none yet; else it stays where it is until somebody waits for its place, and is ended then. So a
query that never ends holds others up for a moment, and not for as long as a query may take.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False)
class Turn:
    """A query of a client that waits for a place, or has one.

    lengthened: called when it gets a long one. end: called when another is to have its place.
    """

    client: str
    given: asyncio.Future[None]
    lengthened: Callable[[], object]
    end: Callable[[], object]
    placed: bool = False
    long: bool = False


class Lanes:
    """The places: so many for short queries, so many for long ones."""

    def __init__(self, short: int, long: int) -> None:
        self._short, self._long = short, long  # those that are free
        self._waiting: list[Turn] = []
        self._overdue: list[Turn] = []  # in short places, for longer than a short query may
        self._running: Counter[str] = Counter()
        self._lengthy: set[str] = set()  # the clients that have a long place

    async def enter(self, client: str, lengthened: Callable[[], object], end: Callable[[], object]) -> Turn:
        """Wait for a short place. Who has fewest queries running comes first, then who came first."""
        turn = Turn(client, asyncio.get_running_loop().create_future(), lengthened, end)
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
        self._overdue.append(turn)
        self._move()

    def leave(self, turn: Turn) -> None:
        """Its place is free."""
        if turn in self._overdue:
            self._overdue.remove(turn)
        if turn.long:
            self._long += 1
            self._lengthy.discard(turn.client)
        else:
            self._short += 1
        self._running -= Counter([turn.client])
        self._move()

    def _move(self) -> None:
        for turn in [*self._overdue]:
            if self._long and turn.client not in self._lengthy:
                self._overdue.remove(turn)
                self._long, self._short, turn.long = self._long - 1, self._short + 1, True
                self._lengthy.add(turn.client)
                turn.lengthened()
        while self._waiting and self._short:
            turn = min(self._waiting, key=lambda each: self._running[each.client])
            self._waiting.remove(turn)
            if turn.given.cancelled():
                continue
            turn.placed, self._short = True, self._short - 1
            self._running[turn.client] += 1
            turn.given.set_result(None)
        for _ in range(min(len(self._waiting), len(self._overdue))):
            turn = max(self._overdue, key=lambda each: self._running[each.client])
            self._overdue.remove(turn)
            turn.end()
