"""A stranger's catalogue, parsed and examined in a child process: what comes back is text, not a graph.

A parser that crashes on its bytes, or a catalogue that takes all memory, ends the child alone; it opens no file and no
socket. The addresses that the catalogue names are asked afterwards, by the parent (addresses.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openproposals.doctor import addresses, catalogue_graph, checks, score
from openproposals.doctor.catalogue import Document
from openproposals.errors import UsageError
from openproposals.guards import child

# A catalogue takes some 20 times its bytes, as quads and as a store; the rest is for queries and remarks.
_MEMORY, _MEMORY_A_BYTE = 640 << 20, 24
_SECONDS, _BYTES_A_SECOND = 20, 5_000_000


@dataclass(frozen=True)
class Examined:
    """What was found in a catalogue's bytes: remarks, addresses, the score's indicators, and how many datasets."""

    remarks: Sequence[checks.Remark]
    named: addresses.NamedAddresses
    held: Mapping[str, score.Standing]
    datasets: int


def examine(document: Document, today: str) -> Examined:
    """Parse and examine a document in a child; `today` is YYYY-MM-DD.

    Raises UsageError: what cannot be parsed, and what takes more memory or time than it may.
    """
    arguments = (document.name, document.syntax, document.address, str(len(document.data)), today)
    return _from_json(bounded(_WORK, document, document.beside, arguments))


def bounded(work: str, document: Document, more: bytes, arguments: Sequence[str]) -> bytes:
    """What `work` gives for a document's bytes and some `more`, within bounds.

    Raises UsageError where the bounds do not suffice or the child crashes, and what the work raises.
    """
    size = len(document.data) + len(more)
    bounds = child.Bounds(_MEMORY + _MEMORY_A_BYTE * size, _SECONDS + size / _BYTES_A_SECOND)
    try:
        return child.run(work, document.data + more, bounds, arguments)
    except child.OutOfBounds as stopped:
        raise _stopped(stopped.reason, document.name, size, bounds) from None


def _stopped(reason: child.Reason, name: str, size: int, bounds: child.Bounds) -> UsageError:
    if reason == "memory":
        return UsageError("catalogue-memory", name=name, megabytes=bounds.memory >> 20, size=size)
    if reason == "time":
        return UsageError("catalogue-time", name=name, seconds=round(bounds.seconds), size=size)
    return UsageError("catalogue-crash", name=name)


def work(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The work of a child: a catalogue's bytes, then those of the catalog.jsonld beside it, examined.

    arguments: name, media type, address, length of the catalogue, today. Raises UsageError as
    `catalogue_graph.read` does.
    """
    name, syntax, address, length, today = arguments
    document = Document(name, payload[: int(length)], syntax, address, payload[int(length) :])
    return _to_json(examined(document, today))


def examined(document: Document, today: str) -> Examined:
    """Parse and examine a document here. Raises UsageError as `catalogue_graph.read` and `checks.examine` do."""
    catalogue = catalogue_graph.read(document)
    datasets = sum(1 for _ in checks.ask(catalogue.store, "?this a dcat:Dataset", "?this"))
    return Examined(checks.examine(catalogue, today), addresses.named(catalogue), score.held(catalogue), datasets)


_WORK = f"{__name__}:{work.__name__}"


def _to_json(examined: Examined) -> bytes:
    """What many remarks share (effect, code, portals) is written once."""
    kinds: dict[Any, int] = {}
    remarks = [(kinds.setdefault((r.effect, r.code, r.portals), len(kinds)), r.node, r.value) for r in examined.remarks]
    said = {"kinds": list(kinds), "remarks": remarks, "named": asdict(examined.named), "held": examined.held}
    return json.dumps(said | {"datasets": examined.datasets}).encode()


def _from_json(data: bytes) -> Examined:
    said = json.loads(data)
    kinds = [(effect, code, tuple(portals)) for effect, code, portals in said["kinds"]]
    remarks = []
    for kind, node, value in said["remarks"]:
        effect, code, portals = kinds[kind]
        remarks.append(checks.Remark(effect, code, node, value, portals))
    named = said["named"]
    found = addresses.NamedAddresses(
        [(kind, node, address) for kind, node, address in named["addresses"]],
        [addresses.Claim(**claim) for claim in named["claims"]],
        named["site"],
    )
    held: dict[str, score.Standing] = {key: (state, lacking) for key, (state, lacking) in said["held"].items()}
    return Examined(remarks, found, held, said["datasets"])
