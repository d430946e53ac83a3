"""Where notes end: at a blank line, the next note, the end of their page, a running head, a figure set large.

In a text without blank lines a note in the midst of a page goes on into the words after it: it holds marks then, and
ends with a short line before the first of them.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import pairwise

from openproposals.factcheck.normal import Span
from openproposals.reading.layout import PrintedLine, full_width, plain_span
from openproposals.reading.note_lines import NoteLine

_AMOUNT = re.compile(r"[~+±]?[$€£]?[0-9][0-9.,]*\s?(?:%|[+€$£]|\+?[kmM]|bn)")  # alone on its line: a figure set large
_LONGEST, _MOST_LINES = 1500, 14  # of a note that no blank line ends
_HYPHENS = "-\u00ad\u2010"  # of a word that goes on below, also below a blank line
_BEGINS = re.compile(r"[A-ZÀ-Þ«„“•]|[0-9]+\. ")
_SENTENCE_END = re.compile(r"[.!?)»”]\Z|(?:https?://|www\.)?\S+[/#]\S+\Z")  # the end of a sentence or an address
_SHORT, _SHORTER = 0.7, 0.4  # of a full line: the last one of a note that ends as a sentence does, or otherwise


def ended(
    content: str, begun: Sequence[NoteLine], found: Sequence[PrintedLine], heads: Sequence[Span], marks: Sequence[int]
) -> Iterator[tuple[NoteLine, int]]:
    """The lines that begin notes, each with the end of its note.

    found: the lines of the text; heads: its running heads; marks: where, in order, the marks that are known stand.
    """
    starts = [o.start for o in begun]
    headed = {start for start, _ in heads}
    places = [line.start for line in found]
    wide = full_width(found)
    for each in begun:
        place = bisect(places, each.start) - 1
        limit = next(iter(starts[bisect(starts, each.start) :]), len(content))
        lines = [found[place]]
        for following in found[place + 1 : place + _MOST_LINES]:
            last = lines[-1]
            line_head = content.rfind("\n", 0, following.start) + 1
            goes_on = last.words[-1] in _HYPHENS and following.words[0].islower()
            if (last.blank_after and not goes_on) or last.breaks or following.start >= limit or line_head in headed:
                break
            if following.end - each.start > _LONGEST or _AMOUNT.fullmatch(following.words.strip()):
                break
            lines.append(following)
        last = _before_marks(lines, each, marks, wide)
        yield each, _of_row(content, plain_span(content, (each.body, min(last.end, limit))))


def _of_row(content: str, span: Span) -> int:
    """Where the words of a span end, without what ends a row of a table and begins the next one."""
    said = content[slice(*span)]
    return span[0] + len(said.rstrip("| \t\r\n")) if said.endswith("|") else span[1]


def _before_marks(lines: Sequence[PrintedLine], note: NoteLine, marks: Sequence[int], wide: int) -> PrintedLine:
    """The last line of a note: of the lines that it may take, one before the first that holds a mark."""
    at = bisect(marks, note.body)
    if at == len(marks) or marks[at] >= lines[-1].end:
        return lines[-1]
    above = [(line, following) for line, following in pairwise(lines) if line.end <= marks[at]]
    short = (line for line, following in above if _ends(line, following, wide))
    whole = (line for line, following in above if _SENTENCE_END.search(line.words) and _BEGINS.match(following.words))
    return next(short, next(whole, lines[-1]))


def _ends(line: PrintedLine, following: PrintedLine, wide: int) -> bool:
    """Whether a note may end with a line: a short one, after which another sentence begins."""
    is_whole = _SENTENCE_END.search(line.words) is not None
    return _BEGINS.match(following.words) is not None and len(line.words) < wide * (_SHORT if is_whole else _SHORTER)
