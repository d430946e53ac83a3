"""DCAT-AP's own shapes, run on a stranger's catalogue in a child process, as its examination is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from openproposals.doctor import examination
from openproposals.doctor.catalogue import Document
from openproposals.errors import CannotGoOn, UsageError
from openproposals.guards import files
from openproposals.validation.results import ForeignResult

_WORK = "openproposals.doctor.official_main:work"  # named: pyshacl is imported in the child alone
_SHAPES_LIMIT = 16 << 20  # bytes of a file of shapes


def judge(document: Document, folder: Path) -> list[ForeignResult]:
    """What the shapes in a folder find. Files named background* are knowledge (concepts of code lists), not shapes.

    Raises UsageError: no shapes there, or a catalogue that takes more memory or time than it may; CannotGoOn: a file of
    the shapes that cannot be read.
    """
    given = sorted(folder.glob("*.ttl"))
    rules = [path for path in given if not path.name.startswith("background") and "recommended" not in path.name]
    if not rules:
        raise UsageError("no-shapes", folder=folder)
    background = [path for path in given if path.name.startswith("background")]
    texts = [_text(path) for path in (*rules, *background)]
    lengths = json.dumps([len(document.data), *map(len, texts)])
    arguments = (document.name, document.syntax, document.address, lengths, str(len(rules)))
    found = examination.bounded(_WORK, document, b"".join(texts), arguments)
    return [ForeignResult(*each) for each in json.loads(found)]


def _text(path: Path) -> bytes:
    try:
        return files.data(path, most=_SHAPES_LIMIT)
    except OSError as error:
        raise CannotGoOn("their-shapes-unreadable", because=str(error)) from error


def packed(found: Sequence[ForeignResult]) -> bytes:
    """Results as JSON, from the child to the parent."""
    return json.dumps([astuple(each) for each in found]).encode()
