"""How much of a draft is accounted for: the ledger counted by text and page, as a table and as a picture.

The picture is SVG without a word of the document: its lines as bars, its signs as spots by their state.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from openproposals.messages import Language, number, say
from openproposals.reading.draft import CorpusDraft, DraftText, accounted
from openproposals.reading.layout import PrintedLine, lines
from openproposals.reading.ledger import SORTS, STATES, Accounted, SignSort, SignState, counts
from openproposals.reading.workbook import kept

_SHEET = 60  # lines of a sheet, where a text has no pages
_ACROSS = 8  # pages beside each other
_WIDTH, _HEIGHT, _GAP, _TITLE = 120, 170, 18, 22  # of a page and between pages, in pixels
_COLUMNS = 110  # characters of a line that fill a page's width
_LOOKS: Mapping[SignState, tuple[str, int]] = {  # colour and size, so that colour alone tells nothing
    "recorded": ("#2e7d32", 3),
    "dismissed": ("#9e9e9e", 2),
    "unexplained": ("#b71c1c", 6),
}


@dataclass(frozen=True)
class TextCoverage:
    """The counts of a text by page (0 where it has no pages), and by sort of sign; rows dropped without a reason."""

    text: DraftText
    found: Sequence[Accounted]
    pages: Mapping[int, Counter[SignState]]
    sorts: Mapping[SignSort, Counter[SignState]]
    bare: int

    @property
    def unexplained(self) -> int:
        """How many signs are unexplained."""
        return sum(states["unexplained"] for states in self.sorts.values())


def coverage(draft: CorpusDraft) -> list[TextCoverage]:
    """The coverage of each text of a draft, by the decisions as they stand."""
    made, states = [], accounted(draft)
    for text in draft.texts:
        found = states[text.id]
        pages: dict[int, Counter[SignState]] = {}
        for each in found:
            pages.setdefault(bisect_right(text.text.pages, each.sign.start), Counter())[each.state] += 1
        bare = sum(
            r["text"] == text.id and kept(r["keep"]) is False and not r.get("why", "").strip() for r in draft.rows
        )
        made.append(TextCoverage(text, found, dict(sorted(pages.items())), counts(found), bare))
    return made


def table(found: Sequence[TextCoverage], lang: Language) -> str:
    """The counts as text: for each text its pages that are not done, then its sorts and the sum."""
    made = []
    for each in found:
        made.append(say("reading/coverage", "text", lang, id=each.text.id, n=each.unexplained))
        if each.bare:
            made.append(say("reading/coverage", "bare", lang, n=each.bare))
        rows = [
            (say("reading/coverage", f"sorts.{sort}", lang), each.sorts[sort])
            for sort in SORTS
            if sort != "page" or each.sorts[sort]
        ]
        rows += [
            (say("reading/coverage", "page", lang, page=page), states)
            for page, states in each.pages.items()
            if page and states["unexplained"]
        ]
        header = [say("reading/coverage", f"states.{state}", lang) for state in STATES]
        wide = max(len(name) for name, _ in rows)
        made.append("  ".join([" " * wide, *header]))
        for name, states in rows:
            cells = [number(states[s], lang).rjust(len(h)) for s, h in zip(STATES, header, strict=True)]
            made.append("  ".join([name.ljust(wide), *cells]))
    return "\n".join(made) + "\n"


def picture(found: Sequence[TextCoverage], lang: Language) -> str:
    """The pages of a draft's texts as SVG, what is unexplained large and red."""
    sheets = [sheet for each in found for sheet in _sheets(each)]
    across = min(_ACROSS, max(1, len(sheets)))
    width = across * (_WIDTH + _GAP) + _GAP
    height = -(-len(sheets) // across) * (_HEIGHT + _TITLE + _GAP) + _GAP
    said = say("reading/coverage", "picture", lang, n=sum(each.unexplained for each in found))
    made = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
        f' role="img" aria-label={quoteattr(said)}>',
        f"<title>{escape(said)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/><g font-family="sans-serif" font-size="10">',
    ]
    for at, (name, shown, signs) in enumerate(sheets):
        left = _GAP + at % across * (_WIDTH + _GAP)
        top = _GAP + at // across * (_HEIGHT + _TITLE + _GAP)
        left_over = sum(each.state == "unexplained" for each in signs)
        label = say("reading/coverage", "sheet", lang, name=name, count=number(left_over, lang))
        made.append(f'<g transform="translate({left} {top})"><text y="10">{escape(label)}</text>')
        made.append(f'<rect y="{_TITLE - 6}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#616161"/>')
        made += _drawn(shown, signs)
        made.append("</g>")
    return "\n".join([*made, "</g></svg>", ""])


def _sheets(each: TextCoverage) -> Iterator[tuple[str, list[PrintedLine], list[Accounted]]]:
    """The pages of a text, else sheets of sixty lines: a name, the lines, the signs."""
    found = lines(each.text.text.content)
    pages = each.text.text.pages
    breaks = list(pages) or [line.start for line in found[::_SHEET]]
    if breaks:
        breaks[0] = 0
    of_lines: dict[int, list[PrintedLine]] = {}
    for line in found:
        of_lines.setdefault(bisect_right(breaks, line.start), []).append(line)
    of_signs: dict[int, list[Accounted]] = {}
    for sign in each.found:
        of_signs.setdefault(bisect_right(breaks, sign.sign.start), []).append(sign)
    for sheet in range(1, len(breaks) + 1):
        yield f"{each.text.id} {sheet}", of_lines.get(sheet, []), of_signs.get(sheet, [])


def _drawn(shown: Sequence[PrintedLine], signs: Sequence[Accounted]) -> Iterator[str]:
    step = min(5.0, (_HEIGHT - 8) / max(1, len(shown)))
    scale = (_WIDTH - 10) / _COLUMNS
    starts = [line.start for line in shown]
    for at, line in enumerate(shown):
        wide = min(line.end - line.start, _COLUMNS) * scale
        yield f'<rect x="5" y="{_TITLE + at * step:.1f}" width="{wide:.1f}" height="{step / 3:.1f}" fill="#e0e0e0"/>'
    for state in ("dismissed", "recorded", "unexplained"):
        colour, size = _LOOKS[state]
        for each in signs:
            at = bisect_right(starts, each.sign.start) - 1
            if each.state == state and at >= 0:
                x = 5 + min(each.sign.start - starts[at], _COLUMNS) * scale
                y = _TITLE + at * step - size / 4
                yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{size}" height="{size}" fill="{colour}"/>'
