"""Documents as readers hold them, each with the passages that are looked for in it and what the command says of them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from factcheck.test_formats import (
    HOMES,
    HTML,
    LEFTWARD,
    SAID,
    SAME_IN_HTML,
    SMALL,
    THREE,
    WHOLE,
    arabic,
    bound,
    drawn,
    lines,
    made_docx,
    set_one_by_one,
    spread,
)
from openproposals.factcheck import documents, verify
from openproposals.site.checking import as_data
from support.held import pdf, town
from support.kinds import Pinned
from support.places import PRINTED

NOTES = [
    Pinned("¹28e rapport sur l'état du logement, 2023"),
    Pinned("⁶Une enquête sur les repas des ménages modestes, 2023"),
    Pinned("¹² Rapport du laboratoire des inégalités, 2022"),
]
TIGHT = [
    *lines(["On compte 330 000 logements vides."], top=700),
    *spread(60, [("3", 3), (" Habitat, Les logements vides", 0)]),
    *spread(50, [("4", 3), (" Insee, Enquête sur les loyers", 0)]),
]
Document = tuple[str, bytes, Sequence[verify.Passage]]


def _named(some: Sequence[Pinned]) -> list[verify.Passage]:
    """Passages of one text, each with a name of its own."""
    return [replace(each.passage(), id=f"p{number}") for number, each in enumerate(some)]


def held() -> Iterator[Document]:
    """Every kind of document that a page reads: its name, its bytes and what is looked for in it."""
    passages, booklet = town()
    homes = [HOMES.passage()]
    notes = "\n\n".join([HOMES.text, *(each.words for each in NOTES), "Une fin."])
    yield "town.pdf", pdf(booklet), passages
    yield "notes.pdf", pdf(notes), _named(NOTES)
    yield "tight.pdf", drawn([TIGHT]), _named([Pinned("³ Habitat, Les logements vides"), Pinned("⁴ Insee, Enquête sur les loyers")])  # fmt: skip
    yield "small.pdf", drawn([spread(700, SMALL)]), homes
    yield "outline.pdf", bound(THREE, [("Se nourrir", 0)]), [WHOLE.passage()]
    for number, (printed, words) in enumerate(LEFTWARD.values()):
        yield f"arabic-{number}.pdf", arabic(printed), [Pinned(words).passage()]
    for back in (500, 0):  # a syllable given twice stands over itself, or is printed twice
        drawn_twice = set_one_by_one("ab", {"a": "ว่", "b": "ว่"}, back)
        yield f"thai-{back}.pdf", drawn_twice, _named([Pinned("ว่"), Pinned("ว่ว่")])
    yield "hindi.pdf", marked("क्षि", "प्रति"), _named([Pinned("क्षि प्रति")])
    for path in sorted(PRINTED.glob("*.pdf")):
        yield f"printed-{path.name}", path.read_bytes(), _named(printed_passages(path))
    yield "town.html", page(booklet).encode(), passages
    yield "latin.html", f"<meta charset=iso-8859-1>{HTML}".replace("é", "&eacute;").encode("latin-1"), homes
    yield "formats.html", HTML.encode(), homes
    for number, inside in enumerate(SAME_IN_HTML.values()):
        yield f"same-{number}.html", f"<p>Avant.</p>{inside}<p>Puis.</p>".encode(), [SAID.passage()]
    yield "list.html", f"<ol><li>Avant<li>{HTML}</ol><p style='display: none'>330 000</p>".encode(), homes
    yield "town.docx", word(booklet), passages
    yield "formats.docx", made_docx(), homes
    yield "town.txt", booklet.encode(), passages


def printed_passages(path: Path) -> list[Pinned]:
    """The passages of a text as a browser prints it, in the order of its lines."""
    words = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return [Pinned(each, language="ENG") for each in words]


def marked(*words: str) -> bytes:
    """A PDF of words that its glyphs do not say, and that their marked content says, as browsers write other scripts."""
    said = io.BytesIO()
    sheet = Canvas(said, invariant=1)
    shown = sheet.beginText(60, 700)
    for word in words:
        shown._code.append(f"/Span <</ActualText <feff{word.encode('utf-16-be').hex()}>>> BDC (xy) Tj EMC ( ) Tj")
    sheet.drawText(shown)
    sheet.save()
    return said.getvalue()


def page(text: str) -> str:
    """A text as a web page: a paragraph each, digits raised, a table of what follows."""
    said = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"<sup>{_flat(m[0])}</sup>", html.escape(text))
    return "<!doctype html><title>Livret</title><script>330 000</script>" + "".join(
        f"<p>{p}</p>" for p in said.split("\n\n")
    )


def word(text: str) -> bytes:
    """A text as a word processor writes it: digits raised, words taken back, a footnote, a table."""
    made = docx.Document()
    for paragraph in text.split("\n\n"):
        place = made.add_paragraph()
        for run in re.split("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", paragraph):
            place.add_run(_flat(run)).font.superscript = bool(run and run[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹")
        place._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>caché 12</w:t></w:r>"))
        place._p.append(
            parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>13</w:delText></w:r></w:del>')
        )
    made.add_table(1, 2).rows[0].cells[1].text = "14 %"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _flat(digits: str) -> str:
    return digits.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def written(folder: Path) -> list[dict[str, Any]]:
    """The documents as files in a folder, each with its passages and what the command says of them."""
    said = []
    for name, data, passages in held():
        (folder / name).write_bytes(data)
        read = documents.read(name, data)
        graded = verify.grade(passages, {passage.text: read for passage in passages})
        expected = [[g.id, g.grade, list(g.forms), g.figure, g.found, g.page] for g in graded]
        said.append({"name": name, "passages": [as_data(passage) for passage in passages], "expected": expected})
    return said


def refused() -> dict[str, bytes]:
    """Files that hold nothing to look in, or that a page cannot read: their bytes by name."""
    locked = io.BytesIO()
    sheet = Canvas(locked, invariant=1, encrypt=StandardEncryption("secret", canPrint=0))
    sheet.drawString(60, 700, "On compte 330 000 logements vides.")
    sheet.save()
    return {
        "empty.pdf": b"",
        "locked.pdf": locked.getvalue(),
        "damaged.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 20,
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "picture.docx": b"PK\x03\x04" + bytes(range(256)),
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "archive.zip": b"PK\x03\x04" + bytes(200),
        "blank.html": b"<!doctype html><title>Rien</title><p> </p>",
    }
