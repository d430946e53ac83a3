"""What is no words in Markdown: where links lead, tags, emphasis, escapes; and what its entities stand for.

Each is a span with what is read instead, which is never longer: positions stay those of the file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from openproposals.factcheck.laid_out import SUPERSCRIPT_OF
from openproposals.factcheck.normal import Span

Fill = tuple[int, int, str]  # start, end, and what is read there
_INLINE = re.compile(
    r"!\[[^\]\n]{0,400}\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s\"[^\"\n]{0,400}\")?\)"  # an image
    r"|~~(?=\S)[^~\n]{1,2000}(?<=\S)~~|<(?:del|s|strike)>[^<\n]{0,2000}</(?:del|s|strike)>"  # what is struck out
    r"|(?<=\])\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s\"[^\"\n]{0,400}\")?\)"  # where a link leads
    r"|(?<!\\)\[\^[^\]\s]{1,40}\]:?"  # a note's marker
    r"|<sup>[0-9]{1,3}</sup>|</?(?:a|b|em|i|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>\n]{0,400})?>"
    r"|(?<=[^\s\\])\*{1,3}|\*{1,3}(?=\S)|(?<![\w\\])_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`{1,3}"  # emphasis and code
    r"|\\(?=[!-/:-@\[-`{-~])",  # an escape
    re.DOTALL,
)
_BLOCK = re.compile(
    r"^\[[^\]\n]{1,200}\]:\s*\S+[^\n]*$"  # a link's definition
    r"|^[^\S\n]{0,3}(?:>[^\S\n]?){1,9}|^#{1,6}(?=\s)"  # a quotation, a heading
    r"|</?[A-Za-z][^<>\n]{0,400}>",
    re.MULTILINE,
)
_CODE = [
    (re.compile(rf"<{name}(?=[\s>])", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE))
    for name in ("script", "style")
]
_COMMENT = 2000  # characters
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_HEADING = re.compile(r"^#{1,6}[^\S\n]+(\S[^\n]{0,300})$", re.MULTILINE)


def fills(content: str) -> list[Fill]:
    """The spans of Markdown that are no words, in order, each with what is read instead."""
    found = [(*m.span(), _raised(m[0])) for m in _INLINE.finditer(content)]
    found += [(*span, "") for span in (*_comments(content), *_code(content))]
    found += [(*m.span(), " ") for m in _BLOCK.finditer(content)]
    found += [(*m.span(), html.unescape(m[0])) for m in _ENTITY.finditer(content)]
    kept: list[Fill] = []
    for fill in sorted(found, key=lambda fill: (fill[0], -fill[1])):
        if (not kept or fill[0] >= kept[-1][1]) and len(fill[2]) <= fill[1] - fill[0]:
            kept.append(fill)
    return kept


def _code(content: str) -> Iterator[Span]:
    """Scripts and styles, of which a reader sees nothing. Each end is looked for once, so that time is linear."""
    for opened, closed in _CODE:
        at = 0
        while (start := opened.search(content, at)) and (end := closed.search(content, start.end())):
            yield start.start(), end.end()
            at = end.end()


def _comments(content: str) -> Iterator[Span]:
    """The comments, `<!-- -->`, of at most 2,000 characters. Each end is looked for once, so that time is linear."""
    start, end = content.find("<!--"), 0
    while start >= 0:
        if end < start + 4:
            end = content.find("-->", start + 4)
        if end < 0:
            return
        whole = end - start - 4 <= _COMMENT
        if whole:
            yield start, end + 3
        start = content.find("<!--", end + 3 if whole else start + 4)


def _raised(said: str) -> str:
    """What is read instead of an inline sign: a raised number for <sup>, else nothing."""
    number = re.fullmatch("<sup>([0-9]{1,3})</sup>", said)
    return number[1].translate(SUPERSCRIPT_OF) if number else ""


def headings(content: str) -> Iterator[tuple[int, str]]:
    """The headings marked with #, each with its position."""
    for found in _HEADING.finditer(content):
        yield found.start(), re.sub(r"[*_`#]+", "", found[1]).strip()


def spans(filled: list[Fill]) -> tuple[Span, ...]:
    """The spans of what `fills` gave, without what is read there instead."""
    return tuple((start, end) for start, end, _ in filled)
