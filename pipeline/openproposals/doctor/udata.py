"""What udata 17.18, the engine of data.gouv.fr, takes of a catalogue: its DCAT backend's reading, field by field.

Written after udata's behaviour, and held against udata itself on a matrix of catalogues (tests/doctor). A dataset is
refused where one of its fields fails udata's own checks: it is saved whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openproposals.doctor import udata_addresses as addresses_of
from openproposals.doctor.node_values import Nodes, Term, is_iri, is_literal, python, says
from openproposals.doctor.udata_dates import date, modified, temporal
from openproposals.doctor.udata_files import checksum, format_of, media_type, schema, size, title_of
from openproposals.doctor.udata_licences import licence
from openproposals.doctor.udata_people import contacts
from openproposals.doctor.udata_tags import LONGEST_ACRONYM, frequency, spatial, tags
from openproposals.doctor.udata_terms import address, as_text, preferred, text_of, value
from openproposals.doctor.verdicts import Taken, Tell, Told

PORTAL = "data.gouv.fr"
# Refused when the dataset is saved; before that, its identifier is taken, and no further dataset can have it.
_AT_THE_END = {"acronym-too-long", "address-not-web", "address-with-space", "checksum-not-taken", "polygon-open",
               "schema-not-web", "size-not-a-number"}  # fmt: skip


def read(nodes: Nodes, today: str) -> Iterator[Taken]:
    """Every dataset that udata finds, with what becomes of it and of its parts; `today` is YYYY-MM-DD."""
    seen: set[str] = set()
    for node in nodes.typed("dcat:Dataset", "dcat:DatasetSeries"):
        if _external(nodes, node):
            continue
        told = Told()
        first = nodes.first(node, "dct:identifier")
        identifier = str(python(first)) if first is not None and says(first) else ""
        if first is None:
            told("refused", "dcat:Dataset without dct:identifier", node, "dct:identifier")
        elif not identifier:
            told("refused", "identifier-empty", node, first)
        fields = _dataset(nodes, node, today, told)
        if identifier in seen:
            told("refused", "identifier-shared", node, first)
        if told.codes <= _AT_THE_END:
            seen.add(identifier)
        yield told.taken(node, fields)


def _external(nodes: Nodes, node: Term) -> bool:
    """Whether a dataset without a title is only named by a service or a whole, and described elsewhere."""
    if says(preferred(nodes, node, "dct:title")):
        return False
    pointing = nodes.pointing_at(node)
    return len(pointing) == 1 and pointing[0][1].rpartition("/")[2].rpartition("#")[2] in ("servesDataset", "hasPart")


def _dataset(nodes: Nodes, node: Term, today: str, tell: Tell) -> dict[str, Any]:
    acronym = text_of(nodes, node, "skos:altLabel", tell)
    if acronym and len(acronym) > LONGEST_ACRONYM:
        tell("refused", "acronym-too-long", node, acronym)
    return {
        "title": _title(nodes, node, tell),
        "description": _description(nodes, node, tell, "dct:description", "dct:abstract"),
        "identifier": text_of(nodes, node, "dct:identifier", tell),
        "frequency": frequency(nodes, node, tell),
        "contact": contacts(nodes, node, tell),
        "spatial": spatial(nodes, node, tell),
        "tags": tags(nodes, node, tell),
        "temporal": temporal(nodes, node, tell),
        "schema": schema(nodes, node, tell),
        "licence": licence(nodes, node, tell),
        "remote_url": _landing(nodes, node, tell),
        "created": date(nodes, node, "dct:created", tell),
        "issued": date(nodes, node, "dct:issued", tell),
        "modified": modified(nodes, node, today, tell),
        "resources": _resources(nodes, node, today, tell),
    }


def _title(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    if not value(nodes, node, "dct:title"):
        empty = nodes.first(node, "dct:title") is not None
        tell("refused", "title-empty" if empty else "dcat:Dataset without dct:title", node, "dct:title")
        return None
    return text_of(nodes, node, "dct:title", tell)


def _description(nodes: Nodes, node: Term, tell: Tell, *terms: str) -> str:
    """The first description that says something, in French if there is one; only a text is shown."""
    found = next((v for term in terms if says(v := preferred(nodes, node, term))), None)
    if found is None:
        return ""
    if not is_literal(found):
        tell("dropped", "description-not-text", node, found)
        return ""
    if found in nodes.objects(node, "dct:abstract"):
        tell("kept", "abstract-for-description", node, found)
    if not isinstance(python(found), str):
        tell("refused", "text-expected", node, found)
    return str(found.value).strip()


def _landing(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    page = nodes.first(node, "dcat:landingPage")
    if page is not None:
        if says(page) and not isinstance(python(page), str):
            tell("refused", "text-expected", node, page)
        if addresses_of.is_web(str(python(page))):
            as_text(page, node, tell)
            return str(python(page))
        tell("dropped", "page-not-web", node, page)
    return str(node.value) if is_iri(node) and addresses_of.is_web(node.value) else None


def _resources(nodes: Nodes, node: Term, today: str, tell: Tell) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for distribution in nodes.objects(node, "dcat:distribution", "dcat:distributions"):
        if is_literal(distribution):
            tell("refused", "distribution-is-text", node, distribution)
            continue
        resource = _resource(nodes, distribution, today, tell)
        if resource is None:
            continue
        if resource["url"] in found:
            tell("dropped", "one-address-twice", distribution, resource["url"])
        found[resource["url"]] = resource
    for part in nodes.objects(node, "dct:hasPart"):
        if is_literal(part):
            tell("refused", "part-is-text", node, part)
        elif is_iri(part):
            address(part, part, tell)
            found[part.value] = {**_described(nodes, part, part.value, today, tell), "type": "other"}
    return list(found.values())


def _resource(nodes: Nodes, node: Term, today: str, tell: Tell) -> dict[str, Any] | None:
    page, file = nodes.first(node, "dcat:accessURL"), nodes.first(node, "dcat:downloadURL")
    term = next((each for each in (file, page) if each is not None and python(each)), None)
    if term is None:
        tell("dropped", "file-without-address", node, "dcat:downloadURL")
        return None
    address(term, node, tell)
    as_text(term, node, tell)
    if page is None:
        tell("kept", "only-a-download-address", node, term)
    kind = "api" if nodes.first(node, "dcat:accessService") is not None else "main"
    return {**_described(nodes, node, str(python(term)), today, tell), "type": kind}


def _described(nodes: Nodes, node: Term, address: str, today: str, tell: Tell) -> dict[str, Any]:
    service = nodes.first(node, "dcat:accessService")
    if service is not None and is_literal(service):
        tell("refused", "service-is-text", node, service)
    form = format_of(nodes, node, tell)
    return {
        "url": address,
        "title": title_of(nodes, node, address, form, tell),
        "description": _description(nodes, node, tell, "dct:description"),
        "format": form,
        "mime": media_type(nodes, node, tell),
        "size": size(nodes, node, tell),
        "schema": schema(nodes, node, tell),
        "checksum": checksum(nodes, node, tell),
        "issued": date(nodes, node, "dct:issued", tell),
        "modified": modified(nodes, node, today, tell),
        "identifier": text_of(nodes, node, "dct:identifier", tell),
    }
