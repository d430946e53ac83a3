"""A text with what is no word of it blank, at its length: marks, running heads, where Markdown's links lead."""

from __future__ import annotations

from collections.abc import Sequence

from openproposals.factcheck.documents import Text
from openproposals.factcheck.normal import Span
from openproposals.reading.note_lines import NAMED


def with_named_notes(text: Text) -> str:
    """The text as it is read, with the words of Markdown's notes, which stand where nothing else is read."""
    parts, at = [], 0
    for start, end, _ in text.fills:
        label = NAMED.match(text.content, start, end)
        if start >= at and label and label[2] and label.end() < end:
            parts += [text.read[at : label.end()], text.content[label.end() : end]]
            at = end
    return "".join([*parts, text.read[at:]])


def blank(content: str, spans: Sequence[Span]) -> str:
    """The content, at its length, with spans in order blank."""
    parts, at = [], 0
    for start, end in spans:
        if end > at:
            parts += [content[at : max(at, start)], " " * (end - max(at, start))]
            at = end
    return "".join([*parts, content[at:]])
