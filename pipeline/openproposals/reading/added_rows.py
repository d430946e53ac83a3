"""What the rules read in a row that the editor added: number and qualifier of a figure, the sign of a mark or a note.

What the editor wrote in a cell stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from openproposals.factcheck.laid_out import DIGIT_OF
from openproposals.factcheck.normal import SUPERSCRIPTS
from openproposals.reading.draft import DraftText
from openproposals.reading.figures import figures
from openproposals.reading.numerals import numerals
from openproposals.reading.rules import rules

_CELLS = ("value", "minimum", "maximum", "numerator", "denominator", "unit", "qualifier", "rule")
_SIGN = re.compile(rf"\s*(?:\[\^?)?([0-9]{{1,4}}|[{SUPERSCRIPTS}]+|[*†‡]+|\w{{1,40}}(?=\]))")


def completed(row: Mapping[str, str], text: DraftText) -> dict[str, str]:
    """A row with the cells that its words tell, where it is the editor's own; another one as it is."""
    said = text.text.content[int(row["start"]) : int(row["end"])]
    found: dict[str, str] = {}
    if not row.get("rule") and row["kind"] == "figure":
        how = rules(text.language)
        shown, _ = figures(said, numerals(said, how)[0], how)
        found = {name: getattr(shown[0], name) for name in _CELLS} if len(shown) == 1 else {"qualifier": "as-stated"}
    elif not row.get("rule") and row["kind"] in ("mark", "note"):
        sign = _SIGN.match(said)
        found = {"sign": sign[1].translate(DIGIT_OF) if sign else said.strip()[:1]}
    return {**row, **{name: cell for name, cell in found.items() if not row.get(name)}}
