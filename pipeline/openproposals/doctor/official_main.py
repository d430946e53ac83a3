"""The child's part of official.py: the only part that imports pyshacl."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from openproposals.doctor import catalogue_graph, official
from openproposals.doctor.catalogue import Document
from openproposals.validation import shacl


def work(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The work of a child: a catalogue's bytes, then the shapes' files, then those of the background.

    arguments: name, media type, address, the length of each, and how many of them are shapes.
    Raises UsageError as `catalogue_graph.read` does, and CannotGoOn as `shacl.foreign` does.
    """
    name, syntax, address, lengths, rules = arguments
    ends = accumulate(json.loads(lengths), initial=0)
    data, *texts = (payload[start:end] for start, end in pairwise(ends))
    quads = catalogue_graph.read(Document(name, data, syntax, address)).quads
    ntriples = ox.serialize((_sound(q) for q in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return official.packed(shacl.foreign_results(ntriples, texts[: int(rules)], texts[int(rules) :]))


def _sound(quad: ox.Quad) -> ox.Triple:
    """A triple whose IRIs have no sign that an IRI may not have: the judge's parser would end at a space in one."""
    return ox.Triple(*(_written(term) for term in (quad.subject, quad.predicate, quad.object)))


def _written(term: Any) -> Any:
    return (
        ox.NamedNode(_FORBIDDEN.sub(lambda sign: quote(sign[0]), term.value))
        if isinstance(term, ox.NamedNode)
        else term
    )


_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\]')
shacl.foreign_results(
    b"<urn:a> <urn:b> <urn:c> .", [b"[] a <http://www.w3.org/ns/shacl#NodeShape> ."]
)  # imports what it needs
