"""A text four times as long takes about four times the processor, whatever it is made of."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck import altered, documents, judging, normal, placing, quotes, search, verify
from openproposals.factcheck.documents import Text
from openproposals.factcheck.indexed import IndexedText

pytestmark = pytest.mark.slow

_LENGTH = 8_000
_RATIO, _AT_LEAST = 9, 0.15  # far above 4, far below 16; what takes less than this many seconds is quick

UNITS = {
    "brackets": "[", "angles": "<", "addresses": "](", "nested addresses": "](x(", "notes": "[^", "tags": "<a ",
    "comments": "<!--", "definitions": "\n[a]: ", "marked lines": "[1]\nx\n", "page words": "page\n",
    "page numbers": "page 7\n", "pages": "mot\f", "one word": "x", "words": "mot ", "equal lines": "la même ligne\n",
    "combining": "\u0301", "mixed combining": "\u0323\u0301", "voiced": "\uff9e\u0323", "digits": "7",
    "numbers": "7 ", "grouped": "000 ", "decimals": "1.", "notes on words": "a1", "raised": "²", "spaces": " ",
    "signs": "!", "hyphens": "a-\n", "ellipses": "…", "dots": "...", "parted": "mot … ",
}  # fmt: skip
TEXTS: dict[str, Callable[[int], str]] = {
    **{name: lambda n, unit=unit: unit * (n // len(unit)) for name, unit in UNITS.items()},  # type: ignore[misc]
    "counted lines": lambda n: "\n".join(str(i % 10_000) for i in range(n // 5)),
    "a word of marks": lambda n: "a" + "\u0323\u0301" * (n // 2),
    "an address without end": lambda n: "](" + "a" * n,
    "a note after signs": lambda n: "!" * n + "7",
}


def _indexed(text: str) -> None:
    found = search.index(text)
    if len(found.letters):
        found.span(0, len(found.letters))


def _held(quote: str) -> Callable[[str], object]:
    return lambda text: quotes.match(quote, IndexedText(Text("a", text, "")))


def _altered(text: str) -> None:
    """A figure between the sign that the whole text repeats and nothing."""
    frame = altered.Figure("f", "9", normal.bare_digest("mot" * 4), normal.bare_digest("mot"))
    nowhere = normal.Forms(normal.digest("x"), normal.digest("x"), normal.bare_digest("motmotmotmotmotmotabsent"))
    passage = verify.Passage("p", "t", 0, 5, judging.Sought(nowhere, (), 5, ","), (frame,))
    verify.grade([passage], {"t": Text("a.txt", text, "")})


WAYS: dict[str, Callable[[str], object]] = {
    "markdown": lambda text: documents.read("a.md", (text + "x").encode()),
    "text": lambda text: documents.read("a.txt", (text + "x").encode()),
    "faithful": normal.faithful,
    "kept": lambda text: normal.kept(text, ","),
    "bare": normal.bare,
    "figure": lambda text: placing.places("330 000", text[:400]),
    "index": _indexed,
    "quote": _held("mot mot mot absent"),
    "quote with accents": _held("mot mot mót"),
    "elided quote": _held("mot […] absent"),
    "elided digits": _held("7 […] 7 […] 8"),
    "altered": _altered,
}  # fmt: skip


def _seconds(way: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    way(text)
    return time.process_time() - began


@pytest.mark.parametrize("way", WAYS)
def test_time_is_in_proportion(way: str) -> None:
    slow = {}
    for name, made in TEXTS.items():
        short, long = (_seconds(WAYS[way], made(_LENGTH * times)) for times in (1, 4))
        if long > _AT_LEAST and long > _RATIO * short:
            slow[name] = (short, long)
    assert not slow


@given(
    st.text(st.sampled_from("aeé\u0301\u0323\u0327\u0345\u0344\u0f73\u1e69\uff76\uff9e\uff9f\u3099각ﷺ²"), max_size=60)
)
def test_ordered_marks_change_no_normal_form(text: str) -> None:
    long = text + "-" * 500  # beyond which marks are put in order first
    for form in ("NFC", "NFD"):
        assert normal._normalized(form, long) == unicodedata.normalize(form, long)  # type: ignore[arg-type]


def test_a_page_is_the_last_that_begins_before() -> None:
    text = documents.read("a.txt", b"un\fdeux\f\ftrois")
    assert [documents.page(text, at) for at in (0, 2, 3, 8, 9, 10)] == [1, 1, 2, 3, 4, 4]
    assert documents.page(documents.read("a.txt", b"un"), 0) is None


def test_a_marker_in_a_head_or_an_address_is_counted_once() -> None:
    text = documents.read("a.md", b"mot [1] et [un](http://a.org/[2])\nT[3]\nx\nT[3]\ny\nT[3]\n")
    assert [text.content[slice(*span)] for span in text.heads] == ["T[3]\n", "T[3]\n", "T[3]\n"]
    assert "a.org" not in text.read
    assert len(text.read) == len(text.content)


SPANS = st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda at: (at[0], at[0] + at[1]))


@given(st.text("ab1 ", max_size=60), st.lists(SPANS))
def test_what_is_passed_over_moves_nothing(text: str, spans: list[tuple[int, int]]) -> None:
    """Also where one span begins within another: every other character stays where it stands."""
    inside = sorted((start, end) for start, end in spans if end <= len(text))
    read = Text("a", text, "", heads=tuple(inside)).without_heads
    covered = {at for start, end in inside for at in range(start, end)}
    assert read == "".join(" " if at in covered else sign for at, sign in enumerate(text))
