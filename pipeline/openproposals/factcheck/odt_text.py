"""The doorway to ODT: paragraphs, tables and notes as text, by odfdo. Run in a child process (documents.py)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from zipfile import BadZipFile

import odfdo
from odfdo.xmlpart import XmlPart

from openproposals.errors import UsageError, reason
from openproposals.factcheck.laid_out import HEADING, lowered, raised

_LEFT_OUT = frozenset(
    {"office:annotation", "text:tracked-changes", "text:sequence-decls", "office:forms", "text:ruby-text"}
)


def text(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of an ODT as UTF-8, a form feed where a page ended when it was saved; the argument is its name.

    Notes follow the text, each after its number, and text boxes. Raises UsageError: what odfdo refuses.
    """
    (name,) = arguments
    try:
        document = odfdo.Document(io.BytesIO(data))
        small = {
            str(style.get_attribute_string("style:name")): str(position)
            for part in map(document.get_part, ("content.xml", "styles.xml"))
            if isinstance(part, XmlPart)
            for style in part.root.get_elements("//style:style[@style:family='text']")
            for properties in style.get_elements("style:text-properties")
            if (position := properties.get_attribute_string("style:text-position"))
        }
        notes: list[str] = []
        said = _said(document.body, small, notes)
        return "\n".join([said, *notes]).encode()
    except (BadZipFile, KeyError, ValueError, OSError, AttributeError, TypeError) as error:
        raise UsageError("document-not-office", name=name, kind="ODT", because=reason(error)) from error


def _said(element: odfdo.Element, small: Mapping[str, str], notes: list[str]) -> str:
    """What an element says; the notes and text boxes in it are gathered."""
    tag = element.tag
    if tag in _LEFT_OUT:
        return ""
    if tag == "draw:frame":
        boxes = element.get_elements("draw:text-box")
        notes += ["".join(_said(each, small, notes) for each in box.children).strip() for box in boxes]
        return ""
    if tag == "text:s":
        return " " * int(element.get_attribute_string("text:c") or 1)
    if tag in ("text:tab", "text:line-break", "text:soft-page-break"):
        return {"text:tab": "\t", "text:line-break": "\n"}.get(tag, "\f")
    if tag == "text:note":
        cited, body = ("".join(_said(e, small, []) for e in element.get_elements(f"text:note-{part}"))
                       for part in ("citation", "body"))  # fmt: skip
        notes.append(f"{raised(cited.strip())} {' '.join(body.split())}")
        return raised(cited.strip())
    said = (element.text or "") + "".join(_said(each, small, notes) + (each.tail or "") for each in element.children)
    if tag == "text:span":
        position = small.get(element.get_attribute_string("text:style-name") or "", "")
        if position.startswith(("super", "sub", "-")) or re.match("[1-9]", position):
            return lowered(said) if position.startswith(("sub", "-")) else raised(said)
    if tag == "table:table-cell":
        return " ".join(said.split()) + "\t"
    if tag == "table:table-row":
        return said.rstrip("\t") + "\n"
    if tag in ("text:p", "text:h"):
        level = element.get_attribute_string("text:outline-level") or "1" if tag == "text:h" else "0"
        return HEADING * (int(level) if re.fullmatch("[0-9]", level) else 1) + said + "\n\n"
    return said
