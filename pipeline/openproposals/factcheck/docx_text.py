"""The doorway to DOCX: paragraphs, tables and notes as text, by python-docx. Run in a child process (documents.py)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.pagebreak import RenderedPageBreak
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from openproposals.errors import UsageError, reason
from openproposals.factcheck.laid_out import HEADING, lowered, raised

_NOTES = ("footnotes", "endnotes")


def text(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of a DOCX as UTF-8, a form feed where a page ended when it was saved; the argument is its name.

    Notes follow the text, each after its number. Raises UsageError: what python-docx refuses.
    """
    (name,) = arguments
    try:
        document = docx.Document(io.BytesIO(data))
        return "\n".join([*_blocks(document), *_notes(document)]).encode()
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, AttributeError) as error:
        raise UsageError("document-not-office", name=name, kind="DOCX", because=reason(error)) from error


def _blocks(container: Document) -> Iterator[str]:
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(" ".join(cell.text.split()) for cell in row.cells)
            yield ""
        else:
            style = block.style.name or "" if block.style else ""
            yield (HEADING if style.startswith(("Heading", "Title")) else "") + _paragraph(block)
            yield ""


def _paragraph(paragraph: Paragraph) -> str:
    parts = []
    for inner in paragraph.iter_inner_content():
        runs = inner.runs if isinstance(inner, Hyperlink) else [inner]
        parts += [_run(run) for run in runs]
    return "".join(parts)


def _run(run: Run) -> str:
    said = "".join("\f" if isinstance(part, RenderedPageBreak) else part for part in run.iter_inner_content()
                   if isinstance(part, (str, RenderedPageBreak)))  # fmt: skip
    for kind in _NOTES:
        for reference in run._element.findall(qn(f"w:{kind[:-1]}Reference")):
            said += raised(str(reference.get(qn("w:id"))))
    if run.font.superscript:
        return raised(said)
    return lowered(said) if run.font.subscript else said


def _notes(document: Document) -> Iterator[str]:
    for relation in document.part.rels.values():
        if relation.is_external or relation.reltype.rpartition("/")[2] not in _NOTES:
            continue
        for note in parse_xml(relation.target_part.blob):
            number = str(note.get(qn("w:id")))
            said = "".join(each.text or "" for each in note.iter(qn("w:t")))
            if said.strip() and int(number) > 0:
                yield f"{raised(number)} {said.strip()}"
