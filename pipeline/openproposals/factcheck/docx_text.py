"""The doorway to DOCX: paragraphs, tables and notes as text, by python-docx. Run in a child process (documents.py).

Insertions that are still tracked are read, and deletions are not. Text boxes follow the text, as notes do.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from openproposals.errors import UsageError, reason
from openproposals.factcheck.laid_out import HEADING, lowered, raised

_NOTES = ("footnotes", "endnotes")
_NOT_READ = frozenset(
    qn(f"w:{name}")
    for name in ("del", "moveFrom", "instrText", "delInstrText", "rPr", "pPr", "rt", "sdtPr", "sdtEndPr", "tblPr")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_WRITTEN = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "\u00ad", qn("w:lastRenderedPageBreak"): "\f",
}  # fmt: skip


def text(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of a DOCX as UTF-8, a form feed where a page ended when it was saved; the argument is its name.

    Notes follow the text, each after its number. Raises UsageError: what python-docx refuses.
    """
    (name,) = arguments
    try:
        document = docx.Document(io.BytesIO(data))
        boxes: list[str] = []
        said = _said(document.element.body, document, boxes)
        return "\n".join([said, *boxes, *_notes(document)]).encode()
    except RecursionError as error:
        raise UsageError("document-nested", name=name) from error
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, AttributeError) as error:
        raise UsageError("document-not-office", name=name, kind="DOCX", because=reason(error)) from error


def _said(element: BaseOxmlElement, document: Document, boxes: list[str]) -> str:
    """What an element says; the text boxes in it are gathered."""
    tag = element.tag
    if tag in _NOT_READ or not isinstance(tag, str):
        return ""
    if tag == qn("w:t"):
        return element.text or ""
    if tag in _WRITTEN:
        return _WRITTEN[tag]
    if tag == qn("w:br"):
        return "\n" if element.get(qn("w:type")) in (None, "textWrapping") else ""
    for kind in _NOTES:
        if tag == qn(f"w:{kind[:-1]}Reference"):
            return raised(str(element.get(qn("w:id"))))
    said = "".join(_said(each, document, boxes) for each in element)
    if tag == qn("w:r"):
        return _run(element, said)
    if tag == qn("w:p"):
        return HEADING * _level(element, document) + said + "\n\n"
    if tag == qn("w:tc"):
        return " ".join(said.split()) + "\t"
    if tag == qn("w:tr"):
        return said.removesuffix("\t") + "\n"
    if tag == qn("w:txbxContent"):
        boxes.append(said)
        return ""
    return said + "\n" if tag == qn("w:tbl") else said


def _run(element: BaseOxmlElement, said: str) -> str:
    """The words of a run as they are set: hidden and struck out ones are not read."""
    for name in ("w:vanish", "w:strike", "w:dstrike"):
        found = element.find(f"{qn('w:rPr')}/{qn(name)}")
        if found is not None and found.get(qn("w:val")) not in ("0", "false", "off"):
            return ""
    placed = element.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    how = placed.get(qn("w:val")) if placed is not None else None
    return raised(said) if how == "superscript" else lowered(said) if how == "subscript" else said


def _level(element: BaseOxmlElement, document: Document) -> int:
    """The level of a heading, by the name of its style; 0 for another paragraph."""
    style = Paragraph(element, document).style
    name = (style.name or "") if style else ""
    if not name.startswith(("Heading", "Title")):
        return 0
    return int(name[-1]) if re.fullmatch("Heading [1-9]", name) else 1


def _notes(document: Document) -> list[str]:
    found = []
    for relation in document.part.rels.values():
        if relation.is_external or relation.reltype.rpartition("/")[2] not in _NOTES:
            continue
        for note in parse_xml(relation.target_part.blob):
            number = str(note.get(qn("w:id")))
            said = "".join(_said(each, document, []) for each in note)
            if said.strip() and int(number) > 0:
                found.append(f"{raised(number)} {' '.join(said.replace(HEADING, '').split())}")
    return found
