"""How udata reads a term: the French one first, a node by what is in it. A text that is none refuses the dataset."""

from __future__ import annotations

import re
from typing import Any

from openproposals.doctor.node_values import Nodes, Term, is_literal, python, says
from openproposals.doctor.udata_addresses import is_web
from openproposals.doctor.verdicts import Tell

_LANGUAGE = "fr"


def preferred(nodes: Nodes, node: Term, term: str) -> Term | None:
    """The value in French, else the first."""
    return nodes.once(_preferred, node, term)


def _preferred(nodes: Nodes, node: Term, term: str) -> Term | None:
    found = nodes.objects(node, term)
    return next((v for v in found if is_literal(v) and v.language == _LANGUAGE), found[0] if found else None)


def value(nodes: Nodes, node: Term, term: str, *inside: str) -> Any:
    """The value as Python has it, None where it is empty; of a node, the first it has of `inside`, else its IRI."""
    found = preferred(nodes, node, term)
    if found is None or not says(found):
        return None
    if not is_literal(found):
        for each in inside:
            if within := value(nodes, found, each):
                return within
    return python(found)


def text_of(nodes: Nodes, node: Term, term: str, tell: Tell) -> str | None:
    """A value that must be a text: a number or a date there refuses the dataset."""
    found = value(nodes, node, term)
    if found is None or isinstance(found, str):
        return found
    tell("refused", "text-expected", node, preferred(nodes, node, term))
    return None


def values_of(nodes: Nodes, node: Term, term: str) -> list[Any]:
    """Every value, a node by its label or its description."""
    found = []
    for each in nodes.objects(node, term):
        said = None
        if not is_literal(each):
            said = value(nodes, each, "rdfs:label") or value(nodes, each, "dct:description")
        found.append(said or python(each))
    return [each for each in dict.fromkeys(found) if each]


def address(term: Term, node: Term, tell: Tell) -> None:
    """A file's address, which must be the web's: else the dataset is refused."""
    found = str(python(term))
    if not is_web(found):
        tell("refused", "address-with-space" if re.search(r"\s", found.strip()) else "address-not-web", node, term)


def as_text(term: Term, node: Term, tell: Tell) -> None:
    """An address that is written as a text: udata takes it all the same."""
    if is_literal(term):
        tell("kept", "address-is-text", node, term)
