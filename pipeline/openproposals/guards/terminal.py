r"""What the program says to a terminal, to a log or down a pipe: nothing of it acts on the reader's machine.

Texts for people go through `tell`. It shows control characters and bidirectional controls as escapes, and takes from
every line what GitHub Actions and Azure Pipelines would obey. JSON goes through `as_json`, which writes the same
characters as \uXXXX: a program reads the same text. Other data (CSV, Turtle) goes through `give` byte by byte.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import sys
import unicodedata
from typing import Literal, TextIO, cast

from openproposals.errors import CannotGoOn, UsageError, because, reason

Name = Literal["stdout", "stderr"]
EXCERPT = 60  # characters of a stranger's text that a sentence quotes
# Characters that act in JSON, or that cannot be encoded. JSON itself escapes those below U+0020.
_ACTS = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001-\U000e007f\ud800-\udfff]"
)
_HASHES = re.compile(r"#(?=#(?:\[|vso\[))", re.IGNORECASE)  # ##[command] and ##vso[command], obeyed anywhere in a line
_COLONS = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)  # ::command::, obeyed where a line begins


class Closed(Exception):  # noqa: N818 - a state of affairs, not a fault
    """Raised when the reader of standard output has closed it, as in `| head -1`."""


def shown(text: str, limit: int = EXCERPT) -> str:
    r"""A text on one line, at most `limit` characters of it, with escapes for what a terminal or a log would act on.

    >>> shown("a\x1b[2J\nb"), shown("abc", 2)
    ('a\\x1b[2J\\nb', 'ab…')
    """
    short = text if len(text) <= limit else text[:limit] + "…"
    return short if short.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short)


def harmless(text: str) -> str:
    r"""A text of many lines in which nothing acts: its line ends and its spaces stay, other controls are escaped.

    >>> harmless("a\r\x1b[2J\n::error::b ##[debug]")
    'a\\r\\x1b[2J\n\\x3a:error::b \\x23#[debug]'
    """
    lines = (line if line.isprintable() else "".join(map(_inert, line)) for line in text.split("\n"))
    return obeyed_by_none("\n".join(lines))


def obeyed_by_none(text: str) -> str:
    """A text in which no line is a workflow command of GitHub Actions or a logging command of Azure Pipelines."""
    return _COLONS.sub(r"\1\\x3a", _HASHES.sub(r"\\x23", text))


def _inert(character: str) -> str:
    """A character, or an escape for one that is neither printable nor a space."""
    visible = character.isprintable() or unicodedata.category(character) == "Zs"
    return character if visible else ascii(character)[1:-1]


def as_json(value: object) -> str:
    r"""A value as JSON, two spaces a level, with \uXXXX for what would act on a terminal or a log.

    >>> print(as_json("caf\xe9 \u202e ##[error]"))
    "café \u202e \u0023#[error]"
    """
    return inert_json(json.dumps(value, ensure_ascii=False, indent=2))


def inert_json(text: str) -> str:
    """JSON text that parses to the same value, with escapes in its strings for what acts."""
    return _HASHES.sub(r"\\u0023", _ACTS.sub(lambda found: json.dumps(found[0])[1:-1], text))


def tell(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Print a text for people, made harmless; what the stream cannot encode is escaped.

    Raises Closed and CannotGoOn where standard output takes no more. Standard error that takes no more is let be.
    """
    _write("stderr" if err else "stdout", harmless(text) + end)


def give(data: str | bytes, end: str = "") -> None:
    """Print data on standard output as it stands, text as UTF-8: what a program reads must be true to the byte.

    Raises Closed and CannotGoOn where standard output takes no more.
    """
    _write("stdout", (data.encode() if isinstance(data, str) else data) + end.encode())


def rewrite(line: str, end: str = "") -> None:
    """Write a line over the one that stands on the terminal's last line, on standard error."""
    _write("stderr", f"\r\033[K{harmless(line)}{end}")


def is_terminal() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def asked() -> str:
    """All of standard input, as text. Raises UsageError where it is closed, cannot be read, or is no text."""
    try:
        if sys.stdin is None:
            raise OSError(errno.EBADF, because("stream-closed"))
        return sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("no-input", because=reason(error)) from error


def _write(name: Name, data: str | bytes) -> None:
    stream = _stream(name)
    try:
        if stream is None:
            raise OSError(errno.EBADF, because("stream-closed"))
        _put(stream, data)
    except OSError as error:
        _silence(stream)
        if name == "stderr":
            return
        if isinstance(error, BrokenPipeError):
            raise Closed from error
        raise CannotGoOn("no-output", because=reason(error)) from error


def _put(stream: TextIO, data: str | bytes) -> None:
    """Write and flush, so that a write error is raised here, not at exit."""
    if isinstance(data, str):
        encoding = stream.encoding or "utf-8"
        stream.write(data.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    else:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()


def _stream(name: Name) -> TextIO | None:
    """The standard stream itself, without the guard that may stand before it; None where it is closed."""
    stream = getattr(sys, name)
    return stream.guarded if isinstance(stream, _Guard) else cast("TextIO | None", stream)


def _silence(stream: TextIO | None) -> None:
    """Send what is still held for a stream that takes no more nowhere, so that the interpreter ends quietly."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):  # a stream that is no file has no number
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


class _Guard:
    """Replaces sys.stdout or sys.stderr, so that what libraries print is escaped like our own text."""

    def __init__(self, name: Name, guarded: TextIO | None) -> None:
        self.name, self.guarded = name, guarded
        self.encoding = getattr(guarded, "encoding", None) or "utf-8"
        self.errors = "backslashreplace"

    def write(self, text: str) -> int:
        """Print a text; returns its length. An empty text is ignored: libraries write one to test the stream."""
        if said := harmless(text):
            _write(self.name, said)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.guarded is not None and self.guarded.isatty()


def guard() -> None:
    """Replace the standard streams by guarded ones.

    A closed stream is opened on /dev/null first: otherwise the next file opened would get its number.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = cast(TextIO, _Guard("stdout", _stream("stdout")))
    sys.stderr = cast(TextIO, _Guard("stderr", _stream("stderr")))
