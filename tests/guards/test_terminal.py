"""Whatever text the program says, nothing of it acts on a terminal or a log; data stays true to the byte."""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openproposals.guards import terminal
from support.escapes import HOSTILE, acting

characters = st.characters() | st.sampled_from("\n\r\t\x1b\x9b\x07\x00:#[ \u202e\u2066\u2028\u200f\ufeff\ud800\xa0")
texts = st.lists(characters | st.sampled_from(HOSTILE), max_size=30).map("".join)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


class Stream(io.TextIOWrapper):
    """A standard stream in memory, in an encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")

    @property
    def said(self) -> bytes:
        """What was written so far."""
        self.flush()
        found = self.buffer
        assert isinstance(found, io.BytesIO)
        return found.getvalue()


def through(text: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `tell` writes of a text to a stream in an encoding."""
    with monkeypatch.context() as patched:
        stream = Stream(encoding)
        patched.setattr(sys, "stdout", stream)
        terminal.tell(text)
        return stream.said.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "cp1252", "utf-16"])
@given(text=texts)
@example("::error::x")
@example(" \t::error::x\r::warning::y")
@example("a\n\u202e::set-output name=a::b\n##[error]c ##vso[task.complete]d")
@example("#" * 5 + "[group]")
@example("\x85::error::\u2028::error::")
def test_nothing_that_is_told_acts(encoding: str, text: str) -> None:
    """In any encoding: no control but the line feed, no bidi control, no line that a workflow obeys."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert acting(through(text, encoding, monkeypatch)) == []


@given(text=texts)
def test_what_is_told_keeps_its_lines(text: str) -> None:
    """Line feeds are the text's own, and letters stay: as many lines come out, with the letters that went in."""
    said = terminal.harmless(text)
    assert said.count("\n") == text.count("\n")
    kept = [c for c in text if unicodedata.category(c)[0] == "L"]
    assert [c for c in said if c in kept and not c.isascii()] == [c for c in kept if not c.isascii()]


@given(text=texts)
def test_what_is_shown_is_one_line(text: str) -> None:
    """An excerpt has one line and a bounded length, whatever it is of."""
    said = terminal.shown(text)
    assert said.isprintable()
    assert len(said) <= 10 * terminal.EXCERPT + 1


@given(value=values)
@example({"::error::": "##[error]", "\u202e": ["\ud800", "\x1b[2J", "\U000e0041"]})
def test_json_is_harmless_and_true(value: object) -> None:
    """Any value parses back to itself, and its text acts on nothing."""
    said = terminal.as_json(value)
    assert json.loads(said) == value
    assert acting(said) == []
    assert said.encode().decode() == said


@given(text=texts)
def test_json_of_a_library_is_harmless_and_true(text: str) -> None:
    """JSON that somebody else has written stays the same value."""
    said = json.dumps({text: [text]}, ensure_ascii=False)
    assert json.loads(terminal.inert_json(said)) == {text: [text]}


@pytest.mark.parametrize("letters", ["العربية", "עברית", "café", "日本語", "Ελληνικά"])
def test_letters_of_every_script_stay(letters: str) -> None:
    """Arabic and Hebrew are letters, not controls."""
    assert terminal.harmless(letters) == letters
    assert terminal.shown(letters) == letters
    assert letters in terminal.as_json(letters)


@given(data=st.binary(max_size=200))
def test_data_is_true_to_the_byte(data: bytes) -> None:
    """What a program reads is given as it stands."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        stream = Stream("ascii")
        monkeypatch.setattr(sys, "stdout", stream)
        terminal.give(data)
        assert stream.said == data


def test_what_a_library_prints_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard stands before both streams."""
    out, err = Stream(), Stream("latin-1")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    terminal.guard()
    print("\x1b[2J::error::a")
    print("::error::\u202eé", file=sys.stderr)
    assert (out.said, err.said) == (b"\\x1b[2J::error::a\n", b"\\x3a:error::\\u202e\xe9\n")


class Full(Stream):
    """A stream that takes nothing more."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        """Raise, as a full disk does."""
        if hasattr(self, "error"):
            raise self.error


def test_a_stream_that_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is an error of ours, a closed pipe a quiet end; standard error that is gone ends nothing."""
    monkeypatch.setattr(sys, "stdout", Full(OSError(28, "No space left on device")))
    with pytest.raises(terminal.CannotGoOn, match="standard output cannot be written"):
        terminal.tell("a")
    monkeypatch.setattr(sys, "stdout", Full(BrokenPipeError(32, "Broken pipe")))
    with pytest.raises(terminal.Closed):
        terminal.give(b"a")
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(terminal.CannotGoOn, match="closed"):
        terminal.tell("a")
    monkeypatch.setattr(sys, "stderr", Full(OSError(28, "No space left on device")))
    terminal.tell("a", err=True)


def test_every_hostile_text_acts_raw() -> None:
    """The judge of these tests sees each: what it does not see would prove nothing."""
    assert [text for text in HOSTILE if not acting(text)] == []
    assert re.search("[\u0590-\u06ff]", "".join(HOSTILE))
