"""Asterisks: which are Markdown's emphasis, and which are left over, as the sign of a mark or a note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openproposals.factcheck.normal import Span

_STARS = re.compile(r"\*+")


def spare(content: str, start: int, end: int) -> Iterator[tuple[int, Span]]:
    """Runs of asterisks in a block that close more emphasis than was opened: where, and the span of what is left."""
    opened = 0
    for run in _STARS.finditer(content, start, end):
        size = len(run[0])
        before, after = content[run.start() - 1 : run.start()], content[run.end() : run.end() + 1]
        opens = (not before or before.isspace() or before in "(«“\"'’-") and not (after or " ").isspace()
        if opens:
            if run.start() == start and is_surplus(content, run.span(), end):
                size -= 1  # the sign of a note
            opened += size
        elif size > opened:
            yield run.start(), (run.start() + opened, run.end())
            opened = 0
        else:
            opened -= size


def is_surplus(content: str, run: Span, end: int) -> bool:
    """Whether a run of asterisks that begins a block is one longer than the one that ends it."""
    closing = [m for m in _STARS.finditer(content, run[1], end) if not content[m.start() - 1].isspace()]
    return bool(closing) and len(closing) == 1 and run[1] - run[0] == len(closing[0][0]) + 1


def closes(content: str, start: int, end: int) -> bool:
    """Whether asterisks that begin a block are closed in it: then they are Markdown's."""
    return _STARS.search(content, start, end) is not None
