"""The review page: a draft's texts and candidates beside each other, decided by keys alone, without the network.

One HTML file in the draft's folder: it holds the document's words, and saves the workbook as candidates.csv. Its
scripts and styles are its own, by their digests; nothing else is loaded.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from openproposals.factcheck.documents import Text
from openproposals.messages import LANGUAGES, Language, say, texts
from openproposals.reading import workbook

_ASSETS = Path(__file__).parent / "assets"


def page(
    given: Sequence[tuple[str, Text]],
    rows: Sequence[Mapping[str, str]],
    dismissed: Mapping[str, Sequence[tuple[int, int, str]]],
    lang: Language,
) -> str:
    """The page of texts with their ids, the rows of their workbook, and what the rules dismissed, by text."""
    css, js, layout = (_asset(name) for name in ("review.css", "review.js", "review.html"))
    said = texts("reading/review", lang)
    reasons = texts("reading/reasons", lang)["dismissed"]
    written = csv.DictReader(io.StringIO(workbook.as_csv(rows).decode(), newline=""))
    data = {
        "words": said,
        "columns": workbook.columns(rows),
        "rows": list(written),
        "texts": [
            {
                "id": name,
                "name": f"{name}: {text.name}",
                "content": text.content,
                "dismissed": [(start, end, reasons.get(why, why)) for start, end, why in _apart(dismissed[name])],
            }
            for name, text in given
        ],
        **{answer: _answers(answer) for answer in ("yes", "no")},
    }
    # "<" would end the element that holds it
    held = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    parts = {"language": lang, "title": html.escape(say("reading/review", "title", lang)), "css": css, "js": js}
    parts |= {"style": _digest(css), "script": _digest(js), "data": held}
    pieces = layout.split("{{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        filled += [parts[name], rest]
    return "".join(filled)


def _apart(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The spans that begin after the one before has ended."""
    made: list[tuple[int, int, str]] = []
    for span in sorted(spans):
        if not made or span[0] >= made[-1][1]:
            made.append(span)
    return made


def _answers(answer: str) -> list[str]:
    return sorted({word for lang in LANGUAGES for word in texts("reading/reasons", lang)["answers"][answer].split()})


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _digest(said: str) -> str:
    return base64.b64encode(hashlib.sha256(said.encode()).digest()).decode()
