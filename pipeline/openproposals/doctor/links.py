"""Do the catalogue's addresses answer, and are sizes and sums true: in the release's folder, or live when asked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from openproposals.doctor import checks, fetch
from openproposals.doctor.catalogue import Patient

MOST = 500  # addresses asked live; more than a catalogue of one corpus has
Kind = Literal["access", "download", "page"]
_TERMS: dict[Kind, str] = {
    "access": "dcat:accessURL",
    "download": "dcat:downloadURL",
    "page": "dcat:landingPage|foaf:homepage",
}
_TEXT = ("text/turtle", "text/csv", "application/n-triples")


@dataclass(frozen=True, order=True)
class Link:
    """An address, what it is for, and what became of it. `found`: answers, missing, untrue, or unchecked."""

    node: str
    kind: Kind
    address: str
    found: Literal["answers", "missing", "untrue", "unchecked"]
    how: str = ""


def follow(patient: Patient, *, live: bool, private: bool = False) -> list[Link]:
    """Every address of the catalogue. Nothing is asked over the network unless `live`."""
    wanted = [(kind, checks.brief(row["this"]), row["value"].value)
              for kind, term in _TERMS.items()
              for row in checks.ask(patient.store, f"?this {term} ?value . FILTER(isIRI(?value))")]  # fmt: skip
    found: list[Link] = []
    remote: list[tuple[Kind, str, str]] = []
    for kind, node, address in wanted:
        name = _name(patient, address)
        if live:
            remote.append((kind, node, address))
        elif name is None:
            found.append(Link(node, kind, address, "unchecked"))
        elif patient.files is not None and name in patient.files:
            found.append(Link(node, kind, address, "answers", "folder"))
        else:
            found.append(Link(node, kind, address, "missing", "folder"))
    with ThreadPoolExecutor(8) as pool:
        asked = list(dict.fromkeys(address for _, _, address in remote))
        answers = dict(zip(asked[:MOST], pool.map(lambda a: fetch.look(a, private=private), asked[:MOST]), strict=True))
    for kind, node, address in remote:
        answer = answers.get(address)
        if answer is None:
            found.append(Link(node, kind, address, "unchecked"))
        elif not fetch.answers(answer):
            found.append(
                Link(
                    node, kind, address, "missing", answer.reason if answer.status is None else f"HTTP {answer.status}"
                )
            )
        elif answer.media_type in _TEXT and answer.charset not in ("utf-8", "utf8"):
            found.append(Link(node, kind, address, "answers", f"{answer.media_type} without charset=utf-8"))
        else:
            found.append(Link(node, kind, address, "answers", f"HTTP {answer.status}"))
    return sorted({*found, *_untrue(patient)})


def _name(patient: Patient, address: str) -> str | None:
    """The release's file at an address; None for an address elsewhere."""
    if patient.files is None or not patient.site or not address.startswith(patient.site):
        return None
    return unquote(address.removeprefix(patient.site)) or "index.html"


def _untrue(patient: Patient) -> Iterator[Link]:
    """Sizes and sums that are not those of the file in the folder."""
    body = """?this dcat:downloadURL ?value . OPTIONAL { ?this dcat:byteSize ?size }
      OPTIONAL { ?this spdx:checksum/spdx:checksumValue ?sum }"""
    for row in checks.ask(patient.store, body, "?this ?value ?size ?sum"):
        name = _name(patient, row["value"].value) if hasattr(row["value"], "value") else None
        entry = patient.files.get(name) if patient.files is not None and name else None
        if entry is None:
            continue
        size, digest = row["size"], row["sum"]
        node, address = checks.brief(row["this"]), row["value"].value
        if size is not None and str(getattr(size, "value", "")) != str(entry.size):
            yield Link(node, "download", address, "untrue", f"dcat:byteSize {size.value}, {entry.size}")
        if digest is not None and str(getattr(digest, "value", "")).lower() != entry.sha256:
            yield Link(node, "download", address, "untrue", "spdx:checksumValue")
