"""Which licence udata recognises, by its name, its code, its address, or nearly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from openproposals.catalog import registry
from openproposals.doctor.node_values import Nodes, Term, python
from openproposals.doctor.udata_addresses import is_web
from openproposals.doctor.udata_tags import slug
from openproposals.doctor.udata_terms import values_of
from openproposals.doctor.verdicts import Tell
from openproposals.messages import load

_NEAR = 2
_RESTRICTED = "LimitationsOnPublicAccess/INSPIRE_Directive_Article13"
_OWN = load("doctor/data_gouv_fr")["licences"]
_LICENCES = {text.lower() for licence in registry.licences().values() for text in (licence.label, licence.url)} | {
    text.lower() for name, licence in _OWN.items() for text in (name, licence["title"], licence["url"])
}
_SLUGS = {slug(text) for text in _LICENCES if "://" not in text}


def licence(nodes: Nodes, node: Term, tell: Tell) -> bool:
    """Whether one of the licences is known; else "not specified" is shown."""
    places = "dcat:downloadURL", "dcat:accessURL"
    files = [
        file
        for file in nodes.objects(node, "dcat:distribution", "dcat:distributions")
        if any(python(each) for each in nodes.objects(file, *places))
    ]
    said = [
        *values_of(nodes, node, "dct:license"),
        *(values_of(nodes, node, "dct:rights") or _unanimous(nodes, files, "dct:rights")),
        *(each for file in files for each in values_of(nodes, file, "dct:license")),
    ]
    known = False
    for each in said:
        if not isinstance(each, str):
            tell("refused", "text-expected", node, "dct:license")
            return False
        if known := _known(each):
            break
    rights = [*values_of(nodes, node, "dct:accessRights"), *values_of(nodes, node, "dct:rights"),
              *_unanimous(nodes, files, "dct:accessRights")]  # fmt: skip
    if known and any(_RESTRICTED in str(each) for each in rights):
        tell("dropped", "licence-of-restricted-access", node, "dct:accessRights")
        return False
    if not known:
        for holder in (node, *files):
            for each in nodes.objects(holder, "dct:license"):
                tell("dropped", "licence-not-recognised", holder, each)
    return known


def _unanimous(nodes: Nodes, files: Sequence[Term], term: str) -> list[Any]:
    said = [values_of(nodes, file, term) for file in files]
    return said[0] if said and all(each == said[0] for each in said) else []


def _known(said: str) -> bool:
    found = re.search(r"(https?://\S+)", said.rstrip("."))
    parts = [found[1], said.replace(found[1], "").strip()] if found else [said]
    return any(_licence(part.strip().lower()) for part in parts if part)


@cache
def _licence(said: str) -> bool:
    if said in _LICENCES or slug(said) in _SLUGS:
        return True
    if is_web(said):
        part = re.sub(r"^[a-z]*:?//|[?#].*$", "", said).rstrip("/")
        return any(part in each for each in _LICENCES)
    return sum(_near(slug(said), each) for each in _SLUGS) == 1


def _near(one: str, other: str) -> bool:
    """Whether two texts differ by no more than two letters added, left out, changed or exchanged."""
    if abs(len(one) - len(other)) > _NEAR:
        return False
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        left, row = row, [n]
        for m, b in enumerate(other, 1):
            row.append(min(left[m] + 1, row[m - 1] + 1, left[m - 1] + (a != b)))
    return row[-1] <= _NEAR
