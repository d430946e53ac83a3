"""Texts that act on a terminal or a log where they are printed raw, and a judge that sees them."""

from __future__ import annotations

import re

HOSTILE = [
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "\u202eעברית\u202c",
    "\u2066العربية\u2069",
    "\n::error::taken",
    "\r::warning file=a::taken",
    "##[error]taken",
    "##vso[task.complete result=Failed]taken",
    "\x00\x08\x7f\u2028\u200f",
    "\ud800",
]
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_COMMANDS = re.compile(r"^\s*::[^\n]*::|##(?:\[|vso\[)", re.MULTILINE | re.IGNORECASE)


def acting(text: str) -> list[str]:
    """What in a text acts: controls but the line feed, bidi controls, workflow and logging commands."""
    return [*_CONTROLS.findall(text), *_COMMANDS.findall(text)]
