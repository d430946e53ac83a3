"""Documents of every format: what is read of them, and PDFs as publishers make them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import odfdo
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from ebooklib import epub
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from openproposals.errors import NoTextError
from openproposals.factcheck import documents
from support.kinds import Pinned
from support.places import PRINTED

HOMES = Pinned("On compte 330 000³ logements vides, soit 25 m² par foyer et 3 t de CO₂.", ("³",), "330 000")


def made_docx() -> bytes:
    made = docx.Document()
    made.add_heading("Le logement", 1)
    paragraph = made.add_paragraph("On compte 330\u00a0000")
    for said, script in (("3", "super"), (" logements vides, soit 25 m", ""), ("2", "super"), (" par foyer et 3 t de CO", ""), ("2", "sub"), (".", "")):  # fmt: skip
        run = paragraph.add_run(said)
        if script:
            setattr(run.font, f"{script}script", True)
    table = made.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Total", "330 000"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def made_odt() -> bytes:
    made = odfdo.Document("text")
    made.body.clear()
    made.body.append(odfdo.Header(1, "Le logement"))
    for name, position in (("up", "super 58%"), ("down", "sub 58%")):
        style = odfdo.Style("text", name=name)
        style.set_properties({"style:text-position": position}, area="text")
        made.insert_style(style, automatic=True)
    paragraph = odfdo.Paragraph("On compte 330\u00a0000")
    for said, style_name, tail in (("3", "up", " logements vides, soit 25 m"), ("2", "up", " par foyer et 3 t de CO"), ("2", "down", ".")):  # fmt: skip
        span = odfdo.Span(said, style=style_name)
        span.tail = tail
        paragraph.append(span)
    made.body.append(paragraph)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HTML = "<h1>Le logement</h1><p>On compte 330&#160;000<sup>3</sup> logements vides, soit 25 m<sup>2</sup> par foyer et 3 t de CO<sub>2</sub>.</p>"


def made_epub() -> bytes:
    book = epub.EpubBook()
    book.set_identifier("livret")
    book.set_title("Livret")
    book.set_language("fr")
    chapter = epub.EpubHtml(title="Un", file_name="un.xhtml", lang="fr")
    chapter.content = HTML
    for item in (chapter, epub.EpubNcx(), epub.EpubNav()):
        book.add_item(item)
    book.spine = [chapter]
    out = io.BytesIO()
    epub.write_epub(out, book)
    return out.getvalue()


def drawn(pages: list[list[tuple[float, float, float, str]]]) -> bytes:
    """A PDF of pages of words, each with its place (points) and the size of its type."""
    out = io.BytesIO()
    sheet = Canvas(out, invariant=1)
    for page in pages:
        for x, y, size, said in page:
            sheet.setFont("Helvetica", size)
            sheet.drawString(x, y, said)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def spread(y: float, parts: list[tuple[str, float]], x: float = 60) -> list[tuple[float, float, float, str]]:
    """Words on a line one after another; those that rise or fall are in smaller type."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    placed = []
    for said, rise in parts:
        size = 7.0 if rise else 11.0
        placed.append((x, y + rise, size, said))
        x += stringWidth(said, "Helvetica", size)
    return placed


SMALL = [("On compte 330 000", 0), ("3", 4), (" logements vides, soit 25 m", 0), ("2", 4), (" par foyer et 3 t de CO", 0), ("2", -2), (".", 0)]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", made_docx()), ("a.odt", made_odt()), ("a.epub", made_epub()), ("a.html", HTML.encode()), ("a.pdf", drawn([spread(700, SMALL)]))],
)  # fmt: skip
def test_a_passage_is_found_in_every_format(name: str, data: bytes) -> None:
    """With its raised and lowered digits as such, under its heading where the format has headings."""
    found = HOMES.graded_in(data, name)
    assert found.grade == "found", found
    assert found.heading == ("" if name.endswith(".pdf") else "Le logement")


def test_a_word_broken_by_a_hyphen_leaves_the_digits_of_its_page_raised() -> None:
    """The hyphen at a line's end is written in two ways, by how pdfium is asked."""
    broken = [(60.0, 714.0, 11.0, "Selon une étude que la mairie a comman-"), (60.0, 686.0, 11.0, "dée en 2020.")]
    read = documents.read("a.pdf", drawn([[broken[0], *spread(700, SMALL), broken[1]]]))
    assert "comman-\nOn compte 330 000³ logements vides, soit 25 m²" in read.content


def test_digits_are_raised_where_a_program_sets_all_type_in_one_size() -> None:
    """And enlarges it: size 1, twelve times."""
    out = io.BytesIO()
    sheet = Canvas(out, invariant=1)
    for x, y, size, said in spread(700, SMALL):
        sheet.saveState()
        sheet.translate(x, y)
        sheet.scale(size, size)
        sheet.setFont("Helvetica", 1)
        sheet.drawString(0, 0, said)
        sheet.restoreState()
    sheet.showPage()
    sheet.save()
    assert HOMES.graded_in(out.getvalue(), "a.pdf").grade == "found"


def test_tables_and_notes_of_an_office_document_are_text() -> None:
    """Cells apart, rows apart."""
    assert "Total\t330 000" in documents.read("a.docx", made_docx()).content


LINES = ["On compte 330 000 logements", "vides dans la ville, dit une étude", "que la mairie a commandée."]
WHOLE = Pinned(" ".join(LINES), (), "330 000")


def lines(said: list[str], x: float = 60, top: float = 700) -> list[tuple[float, float, float, str]]:
    return [(x, top - 14 * number, 11, line) for number, line in enumerate(said)]


def bound(pages: list[list[tuple[float, float, float, str]]], outline: list[tuple[str, int]], bold: str = "") -> bytes:
    """A PDF of pages of words, with an outline: titles and the pages, from 0, that they lead to; one line is bold."""
    out = io.BytesIO()
    sheet = Canvas(out, invariant=1)
    for number, page in enumerate(pages):
        for title, there in outline:
            if there == number:
                sheet.bookmarkPage(title)
                sheet.addOutlineEntry(title, title)
        for x, y, size, said in page:
            sheet.setFont("Helvetica-Bold" if said == bold else "Helvetica", size)
            sheet.drawString(x, y, said)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


BODY = ["Un paragraphe qui précède, sans chiffre.", "Il dit ce que chacun sait déjà.", *LINES, "Et ainsi de suite."]


def under(title: list[str], size: float = 11) -> list[tuple[float, float, float, str]]:
    """A page: its running head, words, a title, the passage."""
    head = [(60.0, 800.0, 16.0, "Rapport annuel")]
    return [
        *head,
        *lines(BODY[:2], top=770),
        *((60, 720 - 20 * n, size, t) for n, t in enumerate(title)),
        *lines(BODY[2:], top=660),
    ]


THREE = [under(["1 Se nourrir"]), under(["2 Se loger", "en ville"]), under(["3 Se chauffer"])]
HEADED = {
    "named by the outline": (bound(THREE, [("Se nourrir", 0), ("2 Se loger en ville", 1)]), "2 Se loger en ville", ""),
    "with its number in print alone": (bound(THREE, [("Se loger en ville", 1)]), "2 Se loger en ville", ""),
    "of another number": (bound(THREE, [("5 Se loger en ville", 1)]), "", ""),
    "named, but not printed there": (bound(THREE, [("Se soigner", 1), ("Rapport annuel", 0)]), "Rapport annuel", ""),
    "in larger type": (bound([under([]), *(under(t, 15) for t in (["2 Se loger", "en ville"], ["3 Se chauffer"]))], []), "", "2 Se loger en ville"),
    "in bold type": (bound(THREE, [], bold="2 Se loger"), "", "2 Se loger"),
    "in the type of the text": (bound(THREE, []), "", ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADED)
def test_the_heading_above_a_passage_of_a_pdf_is_what_the_document_says(kind: str) -> None:
    """The outline's, where it is printed; else a line in larger or bolder type is told as no more than that."""
    data, heading, larger = HEADED[kind]
    text = documents.read("a.pdf", data)
    second = text.content.index("On compte", text.content.index("\f"))
    assert (text.heading(second), text.larger_line(second)) == (heading, larger)
    assert not re.search("[\ue0f1-\ue0f3]", text.content)


def test_two_columns_are_read_one_after_the_other() -> None:
    """As they are drawn: column by column."""
    page = [*lines([*LINES, "Fin de la colonne."]), *lines(["Autre colonne,", "autres mots."], x=320)]
    assert WHOLE.graded_in(drawn([page]), "a.pdf").grade == "found"


@pytest.mark.parametrize("heads", [1, 2])
def test_footnotes_and_heads_between_pages_are_passed_over(heads: int) -> None:
    """A footnote cut by the page, a head on every page or on every second one."""
    pages = []
    for number in range(6):
        head = [(60.0, 800.0, 9.0, "Le livret de la ville")] if number % heads == 0 else []
        foot = [(290.0, 30.0, 9.0, str(number + 1))]
        body = lines([f"Une ligne de la page {'abcdef'[number]}."])
        if number == 2:
            body = [*lines(LINES[:1]), *spread(60, [("3", 4), (" Insee, Enquête logement, qui", 0)])]
        if number == 3:
            body = [*lines(LINES[1:]), *lines(["fut refaite en 2013."], top=60)]
        pages.append([*head, *body, *foot])
    found = WHOLE.graded_in(drawn(pages), "a.pdf")
    assert (found.grade, found.page, found.last_page) == ("reworded-form", 3, 4), found
    assert "interrupted" in found.forms


def test_a_row_of_a_table_is_found() -> None:
    """Cells drawn apart."""
    rows = [(60.0, 700.0 - 14 * n, 11.0, f"Ville {'ABCD'[n]}") for n in range(4)]
    cells = [(200.0, 700.0 - 14 * n, 11.0, f"{n + 3} 400 logements") for n in range(4)]
    page = [each for pair in zip(rows, cells, strict=True) for each in pair]
    table = Pinned("Ville C 5 400 logements", (), "5 400")
    assert table.graded_in(drawn([page]), "a.pdf").stands


def test_a_scan_with_a_stamp_holds_no_text() -> None:
    """A picture over the page, and a few words on it."""
    from PIL import Image

    picture = io.BytesIO()
    Image.new("L", (60, 80), 200).save(picture, "PNG")
    out = io.BytesIO()
    sheet = Canvas(out, invariant=1)
    for _ in range(2):
        sheet.drawImage(ImageReader(picture), 0, 0, 595, 842)
        sheet.drawString(60, 20, "Bibliothèque de la ville, copie 12")
        sheet.showPage()
    sheet.save()
    with pytest.raises(NoTextError):
        documents.read("scan.pdf", out.getvalue())


SAID = Pinned("On compte 330 000 logements vides, dit l'étude, et 10⁻⁶ en tout.", (), "330 000")
PAGE = "<p>Avant cela, un paragraphe.</p>{}<p>Puis un autre.</p>"
HTML_SAID = SAID.words.replace("10⁻⁶", "10<sup>-6</sup>")
SAME_IN_HTML = {
    "struck out": HTML_SAID.replace("compte", "compte <del>jamais</del> <s>guère</s>"),
    "hidden": HTML_SAID.replace("compte", "compte <span hidden>jamais</span><template>jamais</template>"),
    "a summary": f"<details><summary>Voir</summary>{HTML_SAID}</details>",
    "a definition": f"<dl><dt>Logement</dt><dd>{HTML_SAID}</dd></dl>",
    "a section": f"<section>Le logement</section><section>{HTML_SAID}</section>",
    "how to say it": HTML_SAID.replace("vides", "<ruby>vides<rp>(</rp><rt>vid</rt><rp>)</rp></ruby>"),
}


@pytest.mark.parametrize("kind", SAME_IN_HTML)
def test_in_html_the_words_that_are_shown_are_read(kind: str) -> None:
    """Neither what is struck out or hidden, nor what stands in another block."""
    assert SAID.graded_in(PAGE.format(SAME_IN_HTML[kind]).encode(), "livret.html").stands


def test_what_is_struck_out_is_not_found() -> None:
    """In HTML and in Markdown."""
    assert not SAID.graded_in(PAGE.format(f"<p><del>{HTML_SAID}</del></p>").encode(), "livret.html").stands
    assert not SAID.graded_in(SAID.text.replace(SAID.words, f"~~{SAID.words}~~").encode(), "livret.md").stands


def test_in_markdown_an_image_is_no_words() -> None:
    """Its other text is not shown."""
    text = SAID.text.replace("logements", "![une maison](maison.png) logements")
    assert SAID.graded_in(text.encode(), "livret.md").stands


def _written(paragraph: str) -> documents.Text:
    """A DOCX with the inside of a paragraph, as Word writes it."""
    made = docx.Document()
    place = made.add_paragraph()._p
    for each in parse_xml(f"<w:p {nsdecls('w')}>{paragraph}</w:p>"):
        place.append(each)
    out = io.BytesIO()
    made.save(out)
    return documents.read("livret.docx", out.getvalue())


RUN = "<w:r><w:t>{}</w:t></w:r>"
WORD = {
    "an insertion": f'<w:ins w:id="1" w:author="a">{RUN}</w:ins>',
    "a control": f"<w:sdt><w:sdtContent>{RUN}</w:sdtContent></w:sdt>",
    "a field": f'<w:fldSimple w:instr="TITLE">{RUN}</w:fldSimple>',
    "a tag": f'<w:smartTag w:uri="u" w:element="e">{RUN}</w:smartTag>',
    "moved here": f'<w:moveTo w:id="1" w:author="a">{RUN}</w:moveTo>',
    "a text box": f"<w:r><w:pict><w:txbxContent><w:p>{RUN}</w:p></w:txbxContent></w:pict></w:r>",
}
NOT_READ = {
    "a deletion": '<w:del w:id="1" w:author="a"><w:r><w:delText>330</w:delText></w:r></w:del>',
    "struck out": "<w:r><w:rPr><w:strike/></w:rPr><w:t>330</w:t></w:r>",
    "hidden": "<w:r><w:rPr><w:vanish/></w:rPr><w:t>330</w:t></w:r>",
}


@pytest.mark.parametrize("kind", WORD)
def test_in_docx_words_are_read_wherever_they_stand(kind: str) -> None:
    """Tracked insertions, controls, fields, text boxes."""
    assert "330 000" in _written(WORD[kind].format("330 000")).content


@pytest.mark.parametrize("kind", NOT_READ)
def test_in_docx_what_is_taken_back_is_not_read(kind: str) -> None:
    """Tracked deletions, struck out and hidden words."""
    assert "330" not in _written(RUN.format("On compte") + NOT_READ[kind]).content


def test_in_docx_cells_are_read_as_paragraphs_are() -> None:
    """With raised digits; a merged cell once, a table within a cell too."""
    made = docx.Document()
    table = made.add_table(2, 2)
    table.cell(0, 0).paragraphs[0].add_run("25 m")
    table.cell(0, 0).paragraphs[0].add_run("2").font.superscript = True
    table.cell(0, 1).add_table(1, 1).cell(0, 0).text = "dedans"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "ensemble"
    out = io.BytesIO()
    made.save(out)
    content = documents.read("livret.docx", out.getvalue()).content
    assert "25 m²\tdedans" in content
    assert content.count("ensemble") == 1


def set_one_by_one(words: str, letters: dict[str, str], back: int = 1200) -> bytes:
    """A PDF of words in Courier, each letter set so far to the left (in thousandths), of which a table says that they are others."""
    table = "\n".join(f"<{ord(one):02x}> <{''.join(f'{ord(c):04x}' for c in other)}>" for one, other in letters.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(letters)} beginbfchar\n{table}\nendbfchar endcmap end end"
    )
    shown, at = "", 500
    for word in words.split():
        shown += f"1 0 0 1 {at} 700 Tm [{f' {back} '.join(f'({letter})' for letter in word)}] TJ "
        at -= 14.4 * len(word) + 14.4
    content = f"BT /F 24 Tf {shown}ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    out, starts = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        starts.append(len(out))
        out += f"{number} 0 obj{each}endobj\n".encode()
    rows = b"".join(f"{start:010} 00000 n \n".encode() for start in starts)
    xref = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + rows
    return out + xref + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>startxref\n{len(out)}\n%%EOF".encode()


def arabic(printed: str) -> bytes:
    """A PDF of Arabic whose letters, here a to k, were set one by one from left to right."""
    letters = dict(zip("abcdefghijk", [*"فيعام\u064b", "م\u064b", "لا", "ال", *"٢٣"], strict=True))
    return set_one_by_one(printed, letters | {digit: digit for digit in "0123456789"})


LEFTWARD = {
    "words": ("ab cde", "في عام"),
    "a letter and its accent in one glyph": ("cdgd", "عامًا"),
    "letters in one glyph": ("he", "لام"),
    "letters in one glyph, said to stand the other way round": ("ie", "لام"),
    "a number": ("cde 3202", "عام 2023"),
    "a number in digits of its own": ("cde kj", "عام ٢٣"),
}


@pytest.mark.parametrize("kind", LEFTWARD)
def test_arabic_words_of_a_pdf_are_read_from_right_to_left(kind: str) -> None:
    """Also where their letters were set one by one, as browsers do, and pdfium gives them from left to right."""
    printed, said = LEFTWARD[kind]
    assert documents.read("livret.pdf", arabic(printed)).content.split() == said.split()


@pytest.mark.parametrize("path", sorted(PRINTED.glob("*.pdf")), ids=lambda path: str(path.stem))
def test_what_a_browser_prints_is_read_as_it_was_written(path: Path) -> None:
    """Scripts whose syllables are several signs, with digits of their own, points, brackets; ligatures; columns of lines."""
    for number, words in enumerate(path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()):
        found = Pinned(words, language="ENG").graded_in(path.read_bytes(), path.name)
        assert (found.grade, found.forms) == ("found", ()), (
            number,
            documents.read(path.name, path.read_bytes()).content,
        )


def test_a_syllable_that_a_pdf_gives_twice_is_read_once() -> None:
    """For the letter and for its tone mark, which stands over it, as browsers do; not where it is printed twice."""
    letters = {"a": "ว่", "b": "ว่"}
    assert documents.read("livret.pdf", set_one_by_one("ab", letters, 500)).content.split() == ["ว่"]
    assert documents.read("livret.pdf", set_one_by_one("ab", letters, 0)).content.split() == ["ว่ว่"]


def test_in_odt_text_boxes_are_read_and_how_to_say_words_is_not() -> None:
    """A box follows the text: it interrupts no sentence."""
    made = odfdo.Document("text")
    made.body.clear()
    made.body.append(
        odfdo.Element.from_tag(
            "<text:p>On compte <draw:frame><draw:text-box><text:p>En bref, 330 000 logements.</text:p></draw:text-box></draw:frame>"
            "<text:ruby><text:ruby-base>vides</text:ruby-base><text:ruby-text>vid</text:ruby-text></text:ruby>.</text:p>"
        )
    )
    out = io.BytesIO()
    made.save(out)
    content = documents.read("livret.odt", out.getvalue()).content
    assert "On compte vides." in content
    assert content.strip().endswith("En bref, 330 000 logements.")


def test_a_glyph_that_its_font_calls_a_form_feed_ends_no_page() -> None:
    """A diagram in such a font made many pages of one, and every later page had another number."""
    first, second = rb"one\014two", b"three"
    there = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 2 /Kids [4 0 R 6 0 R] >>"]
    there.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, said in ((5, first), (7, second)):
        drawn_there = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % said
        there.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % number
        )
        there.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn_there), drawn_there))
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(there, 1))
    data = b"%PDF-1.4\n" + numbered + b"trailer << /Root 1 0 R >>\n%%EOF\n"
    assert documents.read("a.pdf", data).content.split("\f") == ["one two", "three"]
