"""Places for queries: short ones are not held up by long ones, and nobody by one client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openproposals.serving.lanes import Lanes, Turn


class Queries:
    """Queries by name, `client` and a digit, and what became of each."""

    def __init__(self, short: int, long: int) -> None:
        self.lanes = Lanes(short, long)
        self.turns: dict[str, Turn] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.long: list[str] = []
        self.displaced: list[str] = []

    async def begin(self, *names: str, long: bool = False) -> None:
        """Let them come, one after the other."""
        for name in names:
            self.tasks[name] = asyncio.create_task(self._one(name, long=long))
            await asyncio.sleep(0)

    async def _one(self, name: str, *, long: bool) -> None:
        self.turns[name] = await self.lanes.enter(
            name[0], lambda: self.long.append(name), lambda: self.displaced.append(name), long=long
        )

    @property
    def running(self) -> list[str]:
        """Those that have a place."""
        return [*self.turns]

    async def leave(self, name: str) -> None:
        """It is answered."""
        self.lanes.leave(self.turns.pop(name))
        await asyncio.sleep(0)

    async def overstay(self, *names: str) -> None:
        """They take longer than short ones."""
        for name in names:
            self.lanes.overstay(self.turns[name])
            await asyncio.sleep(0)

    async def stop(self) -> None:
        """Let nobody wait any more."""
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


def run(short: int, long: int, story: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        queries = Queries(short, long)
        await story(queries)
        await queries.stop()

    asyncio.run(told())


def test_a_long_query_makes_room_for_short_ones() -> None:
    """It goes on in a long place; the next one has its short place at once."""

    async def story(queries: Queries) -> None:
        await queries.begin("a1", "b1")
        assert queries.running == ["a1"]
        await queries.overstay("a1")
        assert (queries.running, queries.long, queries.displaced) == (["a1", "b1"], ["a1"], [])
        await queries.leave("b1")
        await queries.leave("a1")
        await queries.begin("a2", "b2")
        await queries.overstay("a2")
        assert queries.running == ["a2", "b2"]
        assert queries.long == ["a1", "a2"]

    run(1, 1, story)


def test_beyond_the_long_places_a_query_is_displaced() -> None:
    """A client has one long place, however many are free; what a long query had is there for the next one."""

    async def story(queries: Queries) -> None:
        await queries.begin("a1", "a2", "b1", "c1")
        await queries.overstay("a1", "a2", "b1")
        assert (queries.long, queries.displaced) == (["a1", "b1"], ["a2"])
        assert queries.running == ["a1", "a2", "b1", "c1"]  # until it has left
        await queries.overstay("c1")
        assert queries.displaced == ["a2", "c1"]

    run(4, 2, story)


def test_a_displaced_query_begins_again_in_a_long_place() -> None:
    """Once one is free, and its client has none; what waits for a long place keeps nobody from a short one."""

    async def story(queries: Queries) -> None:
        await queries.begin("a1")
        await queries.overstay("a1")
        await queries.begin("a2", "b1", long=True)
        await queries.begin("c1", "d1")
        assert queries.running == ["a1", "c1", "d1"]
        await queries.leave("a1")
        assert queries.running == ["c1", "d1", "a2"]
        await queries.leave("a2")
        assert queries.running == ["c1", "d1", "b1"]
        assert queries.turns["b1"].long

    run(2, 1, story)


def test_who_has_least_comes_first() -> None:
    """One client with many waiting queries does not keep another from its first."""

    async def story(queries: Queries) -> None:
        await queries.begin("a1", "a2", "a3", "a4", "b1")
        assert queries.running == ["a1", "a2"]
        await queries.leave("a1")
        assert queries.running == ["a2", "b1"]
        await queries.leave("a2")
        assert queries.running == ["b1", "a3"]

    run(2, 0, story)


@given(
    st.lists(
        st.tuples(st.sampled_from(["begin", "again", "overstay", "leave", "cancel"]), st.integers(0, 9)), max_size=40
    )
)
def test_places_are_neither_lost_nor_given_twice(moves: list[tuple[str, int]]) -> None:
    """Whatever comes, overstays, leaves or is given up: at the end all places are free."""

    async def story(queries: Queries) -> None:
        overdue: set[str] = set()
        for number, (move, which) in enumerate(moves):
            running = queries.running
            if move == "begin":
                await queries.begin(f"{'abc'[which % 3]}{number}")
            elif move == "again":
                await queries.begin(f"{'abc'[which % 3]}{number}", long=True)
            elif move == "cancel" and queries.tasks:
                [*queries.tasks.values()][which % len(queries.tasks)].cancel()
                await asyncio.sleep(0)
            elif running:
                name = running[which % len(running)]
                if move == "leave":
                    await queries.leave(name)
                elif name not in overdue and not queries.turns[name].long:
                    overdue.add(name)
                    await queries.overstay(name)
            assert sum(not turn.long for turn in queries.turns.values()) <= 2
            assert sum(turn.long for turn in queries.turns.values()) <= 1
        await queries.stop()
        for name in queries.running:
            await queries.leave(name)
        queries.tasks.clear()
        await queries.begin("x1", "y1", "z1")
        assert queries.running == ["x1", "y1"]
        await queries.overstay("x1")
        assert queries.running == ["x1", "y1", "z1"]

    run(2, 1, story)
