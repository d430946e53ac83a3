"""The lines, blocks and sentences of a text, by their positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from openproposals.factcheck.normal import SUPERSCRIPTS, Span

LINE_END = r"(?>\r\n|[\n\r\u2028])"  # of a line
BLANK_LINE = re.compile(rf"{LINE_END}[^\S\n\r\u2028\f]*{LINE_END}")
_LINE = re.compile(r"[^\n\f\r\u2028]*(?:\r\n|[\n\f\r\u2028]|\Z)")
_STOP = re.compile(rf"[.!?…]+[\"»”’')\]*]*[{SUPERSCRIPTS}]*(?:\[\^?\w{{1,5}}\])*\"?(?=\s|\Z)")
_FEW_LINES = 40  # of a text too short to tell whether it has blank lines
_LAST_WORD = re.compile(r"([\w.]+)\Z")
_SIGNS_ROUND = " \t\u00a0*_#>•·–—-\u2022\u25aa\u25cf\ue0f1"  # Markdown's and lists' signs, which are no words
_LIST = re.compile(r"\s*(?:[-*+•·▪●◦–—>\uf0b7\uf0a7]|[a-z]\)|\(?[0-9]{1,2}[.)])\s+")


@dataclass(frozen=True)
class PrintedLine:
    """A line without the white space round it, and whether the lines beside it are blank."""

    start: int
    end: int
    words: str
    blank_before: bool
    blank_after: bool
    breaks: bool  # whether a page ends with it

    @property
    def item(self) -> int:
        """The length of the sign of a list that it begins with; 0 for none."""
        found = _LIST.match(self.words)
        return found.end() if found else 0


def lines(content: str) -> list[PrintedLine]:
    """The lines that hold something, in order."""
    found: list[tuple[int, int, str, bool]] = []
    for match in _LINE.finditer(content):
        if match.start() == match.end():
            break
        said = match[0].strip()
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        found.append((start, start + len(said), said, match[0].endswith("\f")))
    made = []
    for at, (start, end, said, breaks) in enumerate(found):
        if said:
            before = at == 0 or not found[at - 1][2] or found[at - 1][3]
            after = at + 1 == len(found) or not found[at + 1][2] or breaks
            made.append(PrintedLine(start, end, said, before, after, breaks))
    return made


def plain_span(content: str, span: Span) -> Span:
    """A span without the signs of Markdown and of lists, and the white space, at its ends."""
    start, end = span
    while start < end and (content[start] in _SIGNS_ROUND or content[start].isspace()):
        start += 1
    while start < end and (content[end - 1] in " \t\u00a0*_#" or content[end - 1].isspace()):
        end -= 1
    return start, end


def blocks(found: Sequence[PrintedLine], breaks: Sequence[int]) -> list[list[PrintedLine]]:
    """Lines that stand together: between blank lines, ends of pages, items of lists, lines that begin at `breaks`.

    Where a text has next to no blank lines, as those of PDFs, paragraphs end with a short line that ends a sentence,
    and a short line between two of them stands alone.
    """
    made: list[list[PrintedLine]] = []
    begun = set(breaks)
    wide = full_width(found) if _is_dense(found) else 0
    for at, line in enumerate(found):
        before = found[at - 1] if at else None
        after_break = before is not None and (before.start in begun or before.breaks)
        new = not made or line.blank_before or after_break or line.start in begun or line.item
        if not new and wide and before is not None:
            following = found[at + 1] if at + 1 < len(found) else None
            new = _ends(before, wide) or _is_title(before, line, wide) or _is_title(line, following, wide, before)
        if new:
            made.append([])
        made[-1].append(line)
    return made


def _is_dense(found: Sequence[PrintedLine]) -> bool:
    """Whether a text has next to no blank lines between its lines."""
    return len(found) > _FEW_LINES and sum(line.blank_before for line in found) * 5 < len(found)


def full_width(found: Sequence[PrintedLine]) -> int:
    """The length of a full line: that which three lines in four do not exceed."""
    lengths = sorted(len(line.words) for line in found)
    return lengths[len(lengths) * 3 // 4]


def _ends(line: PrintedLine, wide: int) -> bool:
    """Whether a line ends a paragraph: it is short and ends a sentence."""
    return (
        len(line.words) < wide * 0.85
        and re.search(rf"[.!?:;][\"»”’')\]]*[{SUPERSCRIPTS}0-9]*\Z", line.words) is not None
    )


def _is_title(line: PrintedLine, following: PrintedLine | None, wide: int, before: PrintedLine | None = None) -> bool:
    """Whether a line stands alone: short, with a capital or a number, no stop, between lines that begin anew."""
    if len(line.words) > wide * 0.7 or not re.match(r"[^\W\d_a-zà-ÿ]|[0-9]", line.words):
        return False
    if re.search(r"[.,;:!–—-]\Z", line.words) or (following and re.match(r"[a-zà-ÿ(]", following.words)):
        return False
    return before is None or _ends(before, wide * 2) or len(before.words) < wide * 0.7


class Spans:
    """Whether a position stands in one of some spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))  # the furthest end so far

    def holds(self, position: int) -> bool:
        """Whether the position stands in one of them."""
        at = bisect_right(self._starts, position) - 1
        return at >= 0 and position < self._reach[at]


class Sentences:
    """The sentences of a text; each block is cut at its stops."""

    def __init__(self, content: str, parts: Sequence[Sequence[PrintedLine]], abbreviations: frozenset[str]) -> None:
        self.spans = [
            span
            for part in parts
            for span in _sentences(content, part[0].start, part[-1].end, abbreviations)
            if span[0] < span[1]
        ]
        self._starts = [start for start, _ in self.spans]

    def around(self, position: int) -> Span | None:
        """The sentence in which a position stands; None where it stands between sentences."""
        at = bisect_right(self._starts, position) - 1
        if at < 0 or position >= self.spans[at][1] + 1:
            return None
        return self.spans[at]


def _sentences(content: str, start: int, end: int, abbreviations: frozenset[str]) -> Iterator[Span]:
    begun = start
    for stop in _STOP.finditer(content, start, end):
        last = _LAST_WORD.search(content, max(begun, stop.start() - 12), stop.start())
        following = content[stop.end() : stop.end() + 3].lstrip()[:1]
        short = last is not None and (last[1].lower() in abbreviations or re.fullmatch(r"(?:\w\.)*[A-Z]", last[1]))
        if stop[0][0] == "." and (short or following.islower()):
            continue
        yield plain_span(content, (begun, stop.end()))
        begun = stop.end()
    yield plain_span(content, (begun, end))
