"""The descriptor of a corpus that is imported, and its languages even where it cannot be used as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openproposals.corpus import decoding, descriptor
from openproposals.findings import DESCRIPTOR, Finding, Location
from openproposals.guards import files
from openproposals.importing.mapping import UNKNOWN
from openproposals.model.languages import Languages

_LIMIT = 16 << 20  # bytes of corpus.toml and mapping.toml


def read(folder: Path) -> tuple[dict[str, Any] | None, Languages, list[Finding]]:
    """The settled descriptor of a corpus, its languages, and findings.

    None stands for a descriptor that cannot be used, {} for one that is not written yet.
    """
    if not (folder / DESCRIPTOR).exists():
        return {}, Languages((UNKNOWN,)), []
    said, findings = text(folder / DESCRIPTOR)
    described, problems = descriptor.parse(said) if said is not None else (None, [])
    own = Languages(tuple(described["languages"])) if described else descriptor.languages_of(said or "")
    own = own if own.own else Languages((UNKNOWN,))
    return described, own, [*findings, *problems]


def text(path: Path) -> tuple[str | None, list[Finding]]:
    """The text of a TOML file; None and a finding where it cannot be read."""
    try:
        return decoding.decode(path.name, files.data(path, follow=False, most=_LIMIT))
    except files.NotPlainError:
        return None, [Finding(Location(path.name), "not-a-file")]
    except OSError as error:
        return None, [Finding(Location(path.name), "file-unreadable", facts={"problem": error.strerror or str(error)})]
