"""Notes found by the order of their marks: lines in one form whose numbers rise as the marks do, each after its mark.

Where the marks of a text count up without a hole, their notes are lines that begin with the same numbers, in whatever
form: 1 Work, (1) Work, - 1: Work, **1** Work, | 1 | Work |. What stands round the number is the form; the form that
gives the longest rise has the notes. They may stand at the end, or between the words where pages ended.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import groupby

from openproposals.reading import possible_marks
from openproposals.reading.layout import PrintedLine
from openproposals.reading.note_forms import FormedLine, beginnings
from openproposals.reading.note_lines import NoteLine
from openproposals.reading.note_runs import FlatMark
from openproposals.reading.rules import Rules

_FEW, _SURE = 3, 5  # marks of a chain: that brackets or the type show, or nothing does
_SHARE = 3  # all notes of a chain but one in so many must be found, where the type shows the marks
_ENDS = re.compile(r"\s?(?:[.,;:!?]|\n|\Z)")  # after a mark in parentheses; an item goes on with its words


def found(
    content: str,
    lines: Sequence[PrintedLine],
    known: Sequence[tuple[int, int]],
    noted: Sequence[NoteLine],
    breaks: Sequence[int],
    how: Rules,
) -> tuple[list[NoteLine], list[FlatMark]]:
    """The lines that are notes by the order of their marks, and those of the marks that nothing else shows.

    lines: of the text; known: places and numbers of the marks that brackets or the type show; noted: the notes that
    are known; breaks: where pages begin; how: the rules of the text's language. None where as many are known already.
    """
    begun = list(beginnings(content, lines, how))
    if known:
        return _of_shown(begun, known, noted, breaks), []
    starts = {line.note.start for line in begun}
    for style in (False, True):
        free = [m for m in _flat(content, in_parentheses=style) if m.start not in starts]
        parts = _parts([(m.start, m.number) for m in free], in_doubt=True)
        best = _of_parts(begun, parts, breaks) if len(parts) > 1 else []
        led = {mark for part in parts for mark in part}
        if not best or len(best) < len(led):
            chain = _chain([(m.start, m.number) for m in free], 1)
            best = _longest(begun, chain, breaks)
            led = set(chain[: len(best)])
            best = best if best and int(best[-1].sign) == len(best) else []
        others = {note.body for note in noted} - {note.body for note in best}
        if len(best) >= max(_SURE, len(others) + 1):
            return best, [m for m in free if (m.start, m.number) in led]
    return [], []


def _of_shown(
    begun: Sequence[FormedLine], known: Sequence[tuple[int, int]], noted: Sequence[NoteLine], breaks: Sequence[int]
) -> list[NoteLine]:
    """The notes of marks that brackets or the type show; none where these have a hole, or as many are known."""
    parts = _parts(known, in_doubt=False)
    if len(parts) > 1 and len(known) >= _SURE:
        every = _of_parts(begun, parts, breaks)
        return every if len(every) == len(known) > len(noted) else []
    chain = _chain(known, None)
    if len(chain) < _FEW:
        return []
    best = _longest(begun, chain, breaks)
    have = {note.sign for note in noted}
    had = sum(str(number) in have for _, number in chain)
    if len(best) == len(chain) == had and _stray(best, noted, known, chain):
        return best
    enough = len(best) == len(chain) or (not had and len(best) * _SHARE >= len(chain) * (_SHARE - 1))
    return best if enough and len(best) > max(had, _FEW - 1) else []


def _parts(marks: Sequence[tuple[int, int]], *, in_doubt: bool) -> list[list[tuple[int, int]]]:
    """The marks of each part of a text whose numbers begin again at 1; none where those of a part have a hole.

    marks: places and numbers, in order; of those in doubt, what does not count up is passed over, and few make no part.
    """
    made: list[list[tuple[int, int]]] = []
    for at, number in marks:
        if number == 1:
            made.append([])
        if made and number == len(made[-1]) + 1:
            made[-1].append((at, number))
        elif not in_doubt:
            return []
    return [part for part in made if not in_doubt or len(part) >= _FEW]


def _of_parts(
    begun: Sequence[FormedLine], parts: Sequence[Sequence[tuple[int, int]]], breaks: Sequence[int]
) -> list[NoteLine]:
    """The notes of parts whose numbers begin again: before the marks of the next part, else in order behind all."""
    made: list[NoteLine] = []
    low = parts[-1][-1][0]
    for part, following in zip(parts, [*parts[1:], []], strict=True):
        start = breaks[_page(breaks, part[0][0]) - 1] if breaks else part[0][0]
        own = [
            line for line in begun if start <= line.note.start and (not following or line.note.start < following[0][0])
        ]
        best = _longest(own, part, breaks)
        if len(best) < len(part):
            rest = [line for line in begun if line.note.start > low]
            best = _longest(rest, part, (), latest=False)
            low = best[-1].start if best else low
        made += best
    return sorted(made, key=lambda note: note.start)


def _stray(
    best: Sequence[NoteLine],
    noted: Sequence[NoteLine],
    known: Sequence[tuple[int, int]],
    chain: Sequence[tuple[int, int]],
) -> bool:
    """Whether a few lines count as notes beside those that stand together behind all the marks, each of which is one.

    They are items of lists. Where many do, the notes are those.
    """
    starts = {note.start for note in best}
    others = [note for note in noted if note.start not in starts and note.style in ("flat", "parenthesised")]
    once = len(known) == len(chain) and min(starts) > chain[-1][0]
    return once and 0 < len(others) * 2 < len(chain)


def _flat(content: str, *, in_parentheses: bool) -> list[FlatMark]:
    """Numbers that may be marks: in parentheses that no words follow, or right after a word or its full stop."""
    if in_parentheses:
        return [m for m in possible_marks.in_parentheses(content) if _ENDS.match(content, m.end)]
    return [m for m in possible_marks.possible(content) if m.weight >= possible_marks.SURE]


def _chain(marks: Sequence[tuple[int, int]], first: int | None) -> list[tuple[int, int]]:
    """The first mark of each number, where these count up without a hole; of marks in doubt, those that do from 1.

    marks: places and numbers, in order.
    """
    made: list[tuple[int, int]] = []
    for at, number in marks:
        wanted = made[-1][1] + 1 if made else first or number
        if number == wanted:
            made.append((at, number))
        elif number > wanted and first is None:
            return []
    return made


def _longest(
    begun: Sequence[FormedLine], chain: Sequence[tuple[int, int]], breaks: Sequence[int], *, latest: bool = True
) -> list[NoteLine]:
    """Of the forms of lines, the one whose numbers rise longest, each line after the mark of its number or on its page.

    Lines after the last mark, as at the end of a text, are taken before those between the words.
    """
    place = {number: at for at, number in chain}
    fitting = sorted((line for line in begun if line.number in place), key=lambda line: line.form)
    best: list[NoteLine] = []
    for _, group in groupby(fitting, key=lambda line: line.form):
        lines = list(group)
        behind = [line for line in lines if line.note.start > chain[-1][0]]
        after = [line for line in lines if line.note.start > place[line.number]]
        beside = [line for line in lines if _page(breaks, line.note.start) == _page(breaks, place[line.number])]
        rises = [_rising(behind, latest=latest), _rising(after, latest=False)]
        best = max(best, *rises, _rising(beside, latest=False) if breaks else [], key=len)
    return best


def _page(breaks: Sequence[int], position: int) -> int:
    return bisect(breaks, position)


def _rising(lines: Sequence[FormedLine], *, latest: bool) -> list[NoteLine]:
    """The longest rise of numbers; of equally long ones that with the first lines, or with the latest."""
    made: dict[int, list[NoteLine]] = {}  # by the last number
    for line in sorted(lines, key=lambda line: line.note.start):
        below = max((rise for number, rise in made.items() if number < line.number), key=len, default=[])
        had = len(made.get(line.number, []))
        if len(below) + 1 > had or (latest and len(below) + 1 == had):
            made[line.number] = [*below, line.note]
    return max(made.values(), key=len, default=[])
