"""Where notes end: at a blank line, the next note, the end of their page, a running head, a figure set large.

In a text without blank lines a note in the midst of a page goes on into the words after it: it holds marks then, and
ends with a short line before the first of them.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from openproposals.factcheck.normal import SUPERSCRIPTS, Span
from openproposals.reading.layout import PrintedLine, full_width, plain_span
from openproposals.reading.note_lines import NoteLine, sign_of

_AMOUNT = re.compile(r"[~+±]?[$€£]?[0-9][0-9.,]*\s?(?:%|[+€$£]|\+?[kmM]|bn)")  # alone on its line: a figure set large
_RAISED = re.compile(rf"(?<=\s)[{SUPERSCRIPTS}]{{1,4}}(?=\s[^\W\d_])")
_NEAR = 4  # notes on each side, of which none has the sign of one in the midst of a line
_LONGEST, _MOST_LINES = 1500, 14  # of a note that no blank line ends
_BEGINS = re.compile(r"[A-ZÀ-Þ«„“•]|[0-9]+\. ")
_TOLD = re.compile(r"[.!?)»”]\Z|(?:https?://|www\.)?\S+[/#]\S+\Z")  # the end of a sentence or an address
_SHORT, _SHORTER = 0.7, 0.4  # of a full line: the last one of a note that ends as a sentence does, or otherwise


def ended(
    content: str, begun: Sequence[NoteLine], found: Sequence[PrintedLine], heads: Sequence[Span], marks: Sequence[int]
) -> Iterator[tuple[NoteLine, int]]:
    """The lines that begin notes, each with the end of its note.

    found: the lines of the text; heads: its running heads; marks: where, in order, the marks that are known stand.
    """
    starts = {o.start for o in begun}
    headed = {start for start, _ in heads}
    place = {line.start: at for at, line in enumerate(found)}
    wide = full_width(found)
    for each in begun:
        lines = [found[place[each.start]]]
        for following in found[place[each.start] + 1 : place[each.start] + _MOST_LINES]:
            last = lines[-1]
            line_head = content.rfind("\n", 0, following.start) + 1
            if last.blank_after or last.breaks or following.start in starts or line_head in headed:
                break
            if following.end - each.start > _LONGEST or _AMOUNT.fullmatch(following.words.strip()):
                break
            lines.append(following)
        last = _before_marks(lines, each, marks, wide)
        yield each, plain_span(content, (each.body, last.end))[1]


def divided(
    content: str, ends: Sequence[tuple[NoteLine, int]], first: Mapping[str, int]
) -> Iterator[tuple[NoteLine, int]]:
    """The notes with their ends, and those that begin in the midst of a line, behind the address of the note before.

    first: where the first mark of each sign stands; a note has its mark before it, and no other note its sign near it.
    """
    for at, (note, end) in enumerate(ends):
        one = note
        near = {other.sign for other, _ in ends[max(0, at - _NEAR) : at + _NEAR]}
        for match in _RAISED.finditer(content, note.body, end) if note.style == "raised" else ():
            sign = sign_of(match[0])
            follows = sign.isdecimal() and one.sign.isdecimal() and int(sign) == int(one.sign) + 1
            if follows and sign not in near and first.get(sign, end) < note.start:
                yield one, plain_span(content, (one.body, match.start()))[1]
                one = NoteLine(match.start(), match.end() + 1, sign, "raised")
        yield one, end


def _before_marks(lines: Sequence[PrintedLine], note: NoteLine, marks: Sequence[int], wide: int) -> PrintedLine:
    """The last line of a note: of the lines that it may take, one before the first that holds a mark."""
    at = bisect(marks, note.body)
    if at == len(marks) or marks[at] >= lines[-1].end:
        return lines[-1]
    for line, following in pairwise(lines):
        if line.end > marks[at]:
            break
        if _ends(line, following, wide):
            return line
    return lines[-1]


def _ends(line: PrintedLine, following: PrintedLine, wide: int) -> bool:
    """Whether a note may end with a line: a short one, after which another sentence begins."""
    told = _TOLD.search(line.words) is not None
    return _BEGINS.match(following.words) is not None and len(line.words) < wide * (_SHORT if told else _SHORTER)
