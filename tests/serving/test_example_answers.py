"""Example questions are answered before anybody asks: the same bytes, within bounds, and never another question's."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from openproposals.errors import UsageError
from openproposals.messages import LANGUAGES
from openproposals.progress import SILENT
from openproposals.query import examples, sparql
from openproposals.release.published import open_release
from openproposals.serving import example_making, protocol
from openproposals.serving.example_answering import BoundedWriter, FullError, TooLargeError
from openproposals.serving.generations import Generation, Generations, prepare
from openproposals.serving.kept_answers import SYNTAXES, ExampleBounds, ExampleQuestion, KeptAnswers
from openproposals.serving.pool import Pool, QueryBounds, RunningQuery
from openproposals.serving.protocol import ROWS, Asked
from openproposals.serving.requests import HttpRequest, Message

ALWAYS = ExampleBounds(least=0)
TEXTS = sorted({each.asked(language) for each in examples.load() for language in LANGUAGES})
FORMS = {ROWS[media]: media for media in reversed(ROWS)}


class NoPool(Pool):
    """A pool that is not to be asked."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), [], QueryBounds())

    def begin(self, request: bytes, client: str) -> RunningQuery:
        """Say that it was asked."""
        raise LookupError(json.loads(request)["query"])


async def body(asked: Asked, query: str, accept: str, **more: str) -> tuple[str, bytes]:
    """The media type and the bytes of an answer."""

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    target = urlencode({"query": query, **more})
    request = HttpRequest("GET", "/sparql", target, {"accept": accept}, "192.0.2.1", receive)
    question = await protocol.asked(request)
    assert question
    reply = await protocol.reply(request, question, asked)
    if isinstance(reply.body, bytes):
        return reply.headers["content-type"], reply.body
    try:
        return reply.headers["content-type"], b"".join([piece async for piece in reply.body])
    finally:
        await reply.body.aclose()


def served(release: Path, kept: Path, bounds: ExampleBounds, story: Callable[[Generation], Coroutine[Any, Any, None]],
           ) -> dict[str, object]:  # fmt: skip
    """Serve a release, let its examples be answered, then do something. What is told of the answers."""
    said: list[dict[str, object]] = []

    async def told() -> None:
        releases = [open_release(release)]
        generations = Generations(releases, kept, QueryBounds(short=1, long=1), bounds)
        await generations.start(prepare(releases, kept, SILENT), lambda event: said.append(dict(event)))
        try:
            async with asyncio.timeout(60):
                await asyncio.wait(generations.now.beside)
            await story(generations.now)
        finally:
            await generations.close()

    asyncio.run(told())
    return said[0] if said else {}


def kept_only(now: Generation) -> Asked:
    """Where only what is kept is answered."""
    return Asked(NoPool(), "http://x/sparql", now.store.graphs, None, now.examples)


async def nothing(now: Generation) -> None:
    """Do nothing."""


def test_no_example_has_an_answer_that_varies() -> None:
    """By the time, by chance, by a graph that a request does not tell of, or by the address that is asked."""
    for text in TEXTS:
        assert "\\u" not in text
        words = ("from", "graph", "now", "rand", "uuid", "struuid", "bnode")
        assert not any(sparql.has_keyword(text, word) for word in words)  # and it is SPARQL without a base


def test_each_release_has_its_own_answers(tmp_path: Path) -> None:
    """Without a dataset the first one's; by its graph each one's; of several together, or in another order, nobody's."""
    kept = KeptAnswers.of(tmp_path / "answers", ["urn:a"], ["urn:a", "urn:b"])
    kept.sweep()
    for question in kept.questions:
        if question.text == TEXTS[0].strip():
            with kept.written(question, "csv") as file:
                file.write(question.graphs[0].encode())

    def said(default: list[str] | None, syntax: str = "csv") -> bytes | None:
        file = kept.found(TEXTS[0], default, syntax)
        if file is None:
            return None
        with file:
            return file.read()

    assert [said(None), said(["urn:a"]), said(["urn:b"])] == [b"urn:a", b"urn:a", b"urn:b"]
    assert not any(map(said, ([], ["urn:c"], ["urn:a", "urn:b"], ["urn:b", "urn:a"], ["urn:a", "urn:a"])))
    assert said(None, "json") is None
    both = KeptAnswers.of(tmp_path / "answers", ["urn:a", "urn:c"], ["urn:a", "urn:b", "urn:c"])
    assert both.found(TEXTS[0], None, "csv") is None  # of two corpora, which are asked together
    assert len(both.questions) == 4 * len({text.strip() for text in TEXTS})


def test_a_disk_that_is_full_is_no_refusal(tmp_path: Path) -> None:
    """It passes through the engine as what it is, and so does an answer that is too large; no draft is left."""
    rows = ox.Store().query("SELECT * { VALUES ?n { 1 2 3 } }")
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(FullError) as error:  # noqa: PTH123
        sparql.write(rows, "csv", cast("IO[bytes]", BoundedWriter(full, 1000)))
    assert error.value.error.errno == errno.ENOSPC
    question = ExampleQuestion("ASK {}", (), "a")
    kept = KeptAnswers(tmp_path, [], [question])
    with pytest.raises(TooLargeError), kept.written(question, "csv") as file:
        sparql.write(
            ox.Store().query("SELECT * { VALUES ?n { 1 2 3 } }"), "csv", cast("IO[bytes]", BoundedWriter(file, 4))
        )
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_what_is_kept_is_what_a_worker_answers(release: Path, tmp_path: Path) -> None:
    """Byte for byte in each syntax, with and without the graph's name; anything else is asked of a worker."""

    async def story(now: Generation) -> None:
        fresh, kept = Asked(now.pool, "http://x/sparql", now.store.graphs), kept_only(now)
        (graph,) = now.store.graphs
        for text in TEXTS:
            for media in FORMS.values():
                assert await body(kept, text, media) == await body(fresh, text, media), (text, media)
            named = {"default-graph-uri": graph}
            assert await body(kept, text, "text/csv", **named) == await body(kept, text, "text/csv")
            assert await body(kept, f"\r\n{text} ".replace("\n", "\r\n"), "*/*") == await body(kept, text, "*/*")
        for other in (f"{TEXTS[0]} LIMIT 1", TEXTS[0].lower(), f"{TEXTS[0]}#"):
            with pytest.raises(LookupError):
                await body(kept, other, "text/csv")
        with pytest.raises(LookupError):
            await body(kept, TEXTS[0], "text/csv", **{"named-graph-uri": graph})

    said = served(release, tmp_path, ALWAYS, story)
    assert said == {"event": "examples", "answered": len(TEXTS), "refused": 0, "left": 0}


@pytest.mark.slow
@pytest.mark.long
def test_they_are_made_once_for_each_store(release: Path, tmp_path: Path) -> None:
    """Kept over a restart, made again where one is gone, swept where nobody asks for it, none for a small store."""
    served(release, tmp_path, ExampleBounds(), nothing)
    (folder,) = (each for each in (tmp_path / "stores").iterdir() if each.is_dir())
    assert not (folder / "answers").exists()
    (folder / "answers").write_text("in the way")
    assert "answers" in str(served(release, tmp_path, ALWAYS, nothing)["reason"])
    (folder / "answers").unlink()
    served(release, tmp_path, ALWAYS, nothing)
    made = {path.name: path.stat() for path in (folder / "answers").iterdir()}
    assert len(made) == len(SYNTAXES) * len(TEXTS)
    gone = min(made)
    whole = (folder / "answers" / gone).read_bytes()
    (folder / "answers" / gone).unlink()
    (folder / "answers" / "older.csv").write_text("x")
    served(release, tmp_path, ALWAYS, nothing)
    again = {path.name: path.stat() for path in (folder / "answers").iterdir()}
    assert again.keys() == made.keys()
    assert {name for name in made if made[name].st_ino != again[name].st_ino} <= {gone}
    assert (folder / "answers" / gone).read_bytes() == whole


@pytest.mark.slow
def test_what_goes_beyond_its_bounds_is_refused_at_once(release: Path, tmp_path: Path) -> None:
    """A large answer in the syntaxes in which it is too large, whatever was kept; others are kept."""

    async def story(now: Generation) -> None:
        kept, fresh = kept_only(now), Asked(now.pool, "http://x/sparql", now.store.graphs)
        refused = 0
        for text in TEXTS:
            for media in FORMS.values():
                _, whole = await body(fresh, text, media)
                if len(whole) <= 1500:
                    assert await body(kept, text, media) == (await body(fresh, text, media))
                else:
                    refused += 1
                    with pytest.raises(UsageError) as error:
                        await body(kept, text, media)
                    assert error.value.key == "answer-too-large"
        assert refused

    said = served(release, tmp_path, ExampleBounds(least=0, answer=1500), story)
    assert int(str(said["refused"])) > 0
    assert int(str(said["answered"])) > 0
    assert served(release, tmp_path / "none", ExampleBounds(least=0, all=0), nothing)["left"] == len(TEXTS)


@pytest.mark.slow
@pytest.mark.long
def test_a_question_that_never_ends_is_stopped(release: Path, tmp_path: Path) -> None:
    """After its time of the processor; the next one is answered."""
    made = prepare([open_release(release)], tmp_path, SILENT).store
    graphs = (*made.graphs,)
    every = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    said = [ExampleQuestion(text, graphs, str(n)) for n, text in enumerate((f"SELECT * {{ {every} }} ORDER BY ?l",
            f"SELECT (COUNT(*) AS ?n) {{ {every} }}", "SELECT * { VALUES ?n { 1 } }"))]  # fmt: skip
    kept = KeptAnswers(tmp_path / "answers", graphs, said)
    with made.in_use:
        asyncio.run(example_making.made(made.folder, kept, ExampleBounds(seconds=0.6, memory=256 << 20)))
    keys = []
    for each in said[:2]:
        with pytest.raises(UsageError) as error:
            kept.found(each.text, None, "csv")
        keys.append(error.value.key)
    assert keys[1] == "query-time"
    assert keys[0] in ("query-time", "query-memory")
    file = kept.found(said[2].text, None, "csv")
    assert file
    with file:
        assert file.read() == b"n\r\n1\r\n"
