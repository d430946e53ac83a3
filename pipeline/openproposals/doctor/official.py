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


def judge(document: Document, folder: Path) -> list[ForeignResult]:
    """What the shapes in a folder find. Files named background* are knowledge (concepts of code lists), not shapes.

    Raises UsageError: no shapes there, or a catalogue that takes more memory or time than it may; CannotGoOn: a file of
    the shapes that cannot be read.
    """
    given = sorted(folder.glob("*.ttl"))
    rules = [path for path in given if not path.name.startswith("background") and "recommended" not in path.name]
    if not rules:
        raise UsageError(
            f"no shapes in {folder}",
            mend="give the folder of DCAT-AP's SHACL files (*.ttl), from SEMICeu/DCAT-AP releases/3.0.1",
        )
    background = [path for path in given if path.name.startswith("background")]
    texts = [_text(path) for path in (*rules, *background)]
    lengths = json.dumps([len(document.data), *map(len, texts)])
    arguments = (document.name, document.syntax, document.address, lengths, str(len(rules)))
    found = examination.bounded(_WORK, document, b"".join(texts), arguments, "run the shapes on it")
    return [ForeignResult(*each) for each in json.loads(found)]


def _text(path: Path) -> bytes:
    try:
        return files.data(path)
    except OSError as error:
        raise CannotGoOn(
            "a file of the shapes cannot be read", why=str(error), mend="fetch the shapes again"
        ) from error


def packed(found: Sequence[ForeignResult]) -> bytes:
    """Results as JSON, from the child to the parent."""
    return json.dumps([astuple(each) for each in found]).encode()
