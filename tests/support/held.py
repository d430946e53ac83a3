"""The imaginary town's booklet and corpus, the real ones where they are at hand, and PDFs made from them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl

from openproposals import stages
from openproposals.factcheck import documents, verify
from openproposals.factcheck.documents import Text
from openproposals.stages import Run
from support.places import REAL, ROOT, SHARED, VAL_CLAIR

TOWN = VAL_CLAIR
BOOKLET = ROOT / "tests" / "documents" / "val-clair.txt"
SOURCE = ROOT / "tests" / "documents" / "habitat-2024.txt"
REAL_BOOKLET = SHARED / "documents" / "booklet.txt"


@cache
def tables(folder: Path) -> dict[str, pl.DataFrame]:
    work = stages.validate(folder, Run())
    assert work.corpus is not None
    assert work.conforms
    return dict(work.corpus.tables)


@cache
def passages(folder: Path, text: str) -> list[verify.Passage]:
    return [passage for passage in verify.passages(tables(folder)) if passage.text == text]


def town() -> tuple[list[verify.Passage], str]:
    return passages(TOWN, "V"), BOOKLET.read_text(encoding="utf-8")


def real() -> tuple[list[verify.Passage], str]:
    return passages(REAL, "B"), REAL_BOOKLET.read_text(encoding="utf-8")


def text_of(content: str, name: str = "given.txt") -> Text:
    return documents.read(name, content.encode())


def pdf(text: str) -> bytes:
    """A PDF as a publisher makes one: justified, notes raised, a running head, page numbers."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    style = getSampleStyleSheet()["BodyText"]
    style.alignment = 4
    flat = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

    def said(paragraph: str) -> str:
        plain = html.escape(paragraph.replace("\u202f", "\u00a0"))
        return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"<super>{m[0].translate(flat)}</super>", plain)

    def dress(canvas: object, document: object) -> None:
        draw: Callable[[int, int, str], None] = canvas.drawString  # type: ignore[attr-defined]
        draw(60, 800, "Livret de mars")
        draw(290, 30, str(document.page))  # type: ignore[attr-defined]

    made = io.BytesIO()
    parts = [part for p in text.split("\n\n") for part in (Paragraph(said(p), style), Spacer(1, 14))]
    SimpleDocTemplate(made, invariant=1).build(parts, onFirstPage=dress, onLaterPages=dress)
    return made.getvalue()


def blank_pdf() -> bytes:
    """A PDF whose one page is empty, as a scan is."""
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    sheet = Canvas(made, invariant=1)
    sheet.showPage()
    sheet.save()
    return made.getvalue()
