"""The child's part of official.py: the only part that imports pyshacl."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate, pairwise

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
    ntriples = ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return official.packed(shacl.foreign_results(ntriples, texts[: int(rules)], texts[int(rules) :]))


shacl.foreign_results(
    b"<urn:a> <urn:b> <urn:c> .", [b"[] a <http://www.w3.org/ns/shacl#NodeShape> ."]
)  # imports what it needs
