"""The doorway to EPUB: its chapters in reading order, by EbookLib, each laid out as HTML is. Run in a child process."""

from __future__ import annotations

import io
from collections.abc import Sequence
from zipfile import BadZipFile

import ebooklib.epub

from openproposals.errors import UsageError, reason
from openproposals.factcheck import extraction


def text(data: bytes, arguments: Sequence[str]) -> bytes:
    """The text of an EPUB as UTF-8; the argument is its name. Raises UsageError: what EbookLib or lxml refuses."""
    (name,) = arguments
    try:
        book = ebooklib.epub.read_epub(io.BytesIO(data), {"ignore_ncx": True})
        items = [book.get_item_with_id(key) for key, _ in book.spine]
        chapters = [item.content for item in items if item is not None and item.content.strip()]
    except (ebooklib.epub.EpubException, BadZipFile, KeyError, ValueError, AttributeError, TypeError) as error:
        raise UsageError("document-not-office", name=name, kind="EPUB", because=reason(error)) from error
    return b"\n\n".join(extraction.html(chapter, [name]) for chapter in chapters)
