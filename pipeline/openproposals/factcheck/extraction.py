"""What reads HTML: lxml with inscriptis, run in a child process, sealed (documents.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import lxml.etree
import lxml.html
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig

from openproposals.errors import UsageError, reason
from openproposals.factcheck.laid_out import HEADING, lowered, raised

_NOT_READ = ("del", "s", "strike", "template", "rt", "rp")  # taken back, not shown, or how to say the words beside them
_BLOCKS = (  # set on lines of their own, which inscriptis does not know of
    "details", "summary", "section", "dl", "dt", "dd", "fieldset", "legend", "option", "button", "caption", "dialog",
    "center", "menu", "search", "form", "noscript", "optgroup", "textarea",
)  # fmt: skip


def html(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of HTML, as UTF-8; the argument is its name. Raises UsageError: what lxml or inscriptis refuses."""
    (name,) = arguments
    try:
        data.decode()
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    except UnicodeDecodeError:
        parser = lxml.html.HTMLParser(huge_tree=True)  # the encoding that the page declares
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
        for element in list(tree.iter(*_NOT_READ)) + tree.xpath("//*[@hidden]"):
            element.clear(keep_tail=True)  # dropping each would join its tail to what stands before: the time's square
        for element in tree.iter(*_BLOCKS):
            element.tag = "div"
        for moved, written in (("sup", raised), ("sub", lowered)):
            for element in tree.iter(moved):
                said = str(element.text_content()).strip()
                if re.fullmatch(r"[-+−–]?[0-9]{1,4}(?:[,;–-]\s?[0-9]{1,4})*|\([0-9]{1,3}\)", said):  # as a text has it
                    for child in list(element):
                        element.remove(child)
                    element.text = written(said)
        for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"):
            heading.text = HEADING * int(heading.tag[1]) + (heading.text or "")
        return str(Inscriptis(tree, ParserConfig()).get_text()).encode()
    except RecursionError as error:
        raise UsageError("document-nested", name=name) from error
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UsageError("document-not-html", name=name, because=reason(error)) from error
