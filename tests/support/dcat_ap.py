"""The official shapes of DCAT-AP 3.0.1, which are not copied into the project; they are beside it in CI."""

from __future__ import annotations

import pyshacl
import rdflib
from rdflib.namespace import SH
from rdflib.term import Node

from support.places import SHARED

PLACE = SHARED / "standards" / "dcat-ap-3.0.1"
REQUIRED = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "deprecateduris.ttl")


def found(graph: rdflib.Graph, *shapes: str) -> tuple[set[tuple[Node | None, Node | None]], str]:
    """The severity and the path of each result of these files of shapes, and pyshacl's own words."""
    read = rdflib.Graph()
    for name in shapes or REQUIRED:
        read.parse(PLACE / name)
    _, results, text = pyshacl.validate(graph + rdflib.Graph().parse(PLACE / "background.ttl"), shacl_graph=read)
    assert isinstance(results, rdflib.Graph)
    each = results.objects(None, SH.result)
    return {(results.value(r, SH.resultSeverity), results.value(r, SH.resultPath)) for r in each}, text
