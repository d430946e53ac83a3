"""What CKAN takes of a catalogue: the reading of ckanext-dcat 2.4 with its default profile, euro_dcat_ap_3.

Written after its behaviour, and held against ckanext-dcat itself on a matrix of catalogues (tests/doctor). Its parser
checks nothing: it refuses no dataset. Where it ends in an error, it takes no dataset of the whole catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openproposals.doctor import shapes_on_earth as earth
from openproposals.doctor.dates import is_date
from openproposals.doctor.node_values import Nodes, Term, iri, is_iri, is_literal, kind, says, text
from openproposals.doctor.verdicts import Taken, Tell, Told

PORTAL = "CKAN"
_LANGUAGE = "fr"
_GEOJSON = "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
_WKT = iri("geo:wktLiteral")
_ONCE = {"issued": "dct:issued", "modified": "dct:modified", "identifier": "dct:identifier", "url": "dcat:landingPage",
         "frequency": "dct:accrualPeriodicity"}  # fmt: skip
_INTERVALS = (
    ("dcat:startDate", "dcat:endDate"),
    ("time:hasBeginning", "time:hasEnd"),
    ("schema:startDate", "schema:endDate"),
)
_INSTANTS = ("time:inXSDDateTimeStamp", "time:inXSDDateTime", "time:inXSDDate")


def read(nodes: Nodes) -> Iterator[Taken]:
    """Every dataset, with what becomes of its parts; all are refused where its parser ends in an error."""
    found = []
    for node in nodes.typed("dcat:Dataset"):
        told = Told()
        found.append((node, told, _dataset(nodes, node, told)))
    stopped = any(told.refused for _, told, _ in found)
    for node, told, fields in found:
        taken = told.taken(node, fields)
        yield Taken(node, stopped, fields, [v for v in taken.verdicts if not stopped or v[0] == "refused"])


def value(nodes: Nodes, node: Term, *terms: str) -> str:
    """The value in the portal's language, else the first; of a node its label, else its IRI."""
    for term in terms:
        first = ""
        for each in nodes.objects(node, term):
            if not is_literal(each):
                label = nodes.first(each, "rdfs:label")
                first = text(label if label is not None else each)
                break
            if each.language == _LANGUAGE:
                first = text(each)
                break
            first = first or text(each)
        if first:
            return first
    return ""


def _dataset(nodes: Nodes, node: Term, tell: Tell) -> dict[str, Any]:
    once = {key: value(nodes, node, term) for key, term in _ONCE.items()}
    for term in _ONCE.values():
        for other in _passed_over(nodes, node, term):
            tell("dropped", "value-twice", node, other)
    page = nodes.first(node, "dcat:landingPage")
    if is_literal(page):
        tell("kept", "address-is-text", node, page)
    _dates(nodes, node, tell)
    title, notes = value(nodes, node, "dct:title"), value(nodes, node, "dct:description")
    if not title:
        tell("dropped", "dcat:Dataset without dct:title", node, "dct:title")
    if not notes and nodes.first(node, "dct:abstract") is not None:
        tell("dropped", "abstract-for-description", node, nodes.first(node, "dct:abstract"))
    for licence in nodes.objects(node, "dct:license"):
        tell("dropped", "licence-on-dataset", node, licence)
    files = nodes.objects(node, "dcat:distribution")
    return once | {
        "title": title,
        "notes": notes,
        "version": value(nodes, node, "dcat:version", "owl:versionInfo", "adms:version"),
        "tags": _tags(nodes, node),
        "language": [text(each) for each in nodes.objects(node, "dct:language")],
        "theme": [text(each) for each in nodes.objects(node, "dcat:theme")],
        "contact": _contact(nodes, node, tell),
        "publisher": _agent(nodes, node, "dct:publisher", tell),
        "temporal": _temporal(nodes, node, tell),
        **_spatial(nodes, node, tell),
        "resources": [_resource(nodes, file, node, tell) for file in files],
    }


def _dates(nodes: Nodes, node: Term, tell: Tell) -> None:
    """CKAN keeps a date as it is written, be it none."""
    for date in nodes.objects(node, "dct:issued", "dct:modified"):
        if is_literal(date) and date.value and not is_date(date.value):
            tell("kept", "date-not-a-date", node, date)


def _passed_over(nodes: Nodes, node: Term, term: str) -> list[Term]:
    """The values of a property that is kept once, but the one that is kept."""
    found = nodes.objects(node, term)
    return found[1:] if len(found) > 1 and not any(getattr(each, "language", None) for each in found) else []


def _tags(nodes: Nodes, node: Term) -> list[str]:
    said = [text(each) for each in nodes.objects(node, "dcat:keyword")]
    return [part for each in said for part in (map(str.strip, each.split(",")) if "," in each else [each])]


def _contact(nodes: Nodes, node: Term, tell: Tell) -> tuple[str, str]:
    found = nodes.objects(node, "dcat:contactPoint") or nodes.objects(node, "adms:contactPoint")
    if not found:
        return "", ""
    name, mail = _card(nodes, found[0], "vcard:hasFN", "vcard:fn"), _card(nodes, found[0], "vcard:hasEmail")
    if is_literal(found[0]) or not (name or mail):
        tell("dropped", "contact-says-nothing", node, found[0])
    for other in found[1:]:
        tell("dropped", "contact-twice", node, other)
    if mail and not mail.startswith("mailto:"):
        tell("kept", "mail-without-mailto", found[0], nodes.first(found[0], "vcard:hasEmail"))
    return name, mail.replace("mailto:", "")


def _card(nodes: Nodes, node: Term, term: str, plain: str = "") -> str:
    found = value(nodes, node, plain) if plain else ""
    first = nodes.first(node, term)
    if not found and first is not None:
        bare = not is_iri(first) and not is_literal(first)
        found = value(nodes, first, "vcard:hasValue") if bare else value(nodes, node, term)
    return found


def _agent(nodes: Nodes, node: Term, term: str, tell: Tell) -> str:
    found = nodes.objects(node, term)
    if not found:
        return ""
    names = nodes.objects(found[0], "foaf:name")
    plain = next((text(each) for each in names if not getattr(each, "language", None)), "")
    translated = {each.language: text(each) for each in names if getattr(each, "language", None)}
    name = translated.get(_LANGUAGE) or plain or next(iter(translated.values()), "")
    if not name:
        tell("dropped", "publisher-without-name", node, found[0])
    for other in found[1:]:
        tell("dropped", "publisher-twice", node, other)
    return name


def _temporal(nodes: Nodes, node: Term, tell: Tell) -> tuple[str, str]:
    periods = nodes.objects(node, "dct:temporal")
    for first, last in _INTERVALS:
        for period in periods:
            start, end = (_instant(nodes, period, term) for term in (first, last))
            if start or end:
                if first.startswith("schema:"):
                    tell("kept", "period-of-schema-org", period, "schema:startDate")
                if is_date(start) and is_date(end) and start[:10] > end[:10]:
                    tell("kept", "period-backwards", period, f"{start}, {end}")
                return start, end
    for period in periods:
        tell("dropped", "period-not-read", node, period)
    return "", ""


def _instant(nodes: Nodes, period: Term, term: str) -> str:
    if not term.startswith("time:"):
        return value(nodes, period, term)
    moment = nodes.first(period, term)
    return "" if moment is None else value(nodes, moment, *_INSTANTS)


_GEOMETRIES = (("geom", "locn:geometry"), ("bbox", "dcat:bbox"), ("centroid", "dcat:centroid"))


def _spatial(nodes: Nodes, node: Term, tell: Tell) -> dict[str, Any]:
    place: dict[str, Any] = {"uri": "", "text": "", "geom": "", "bbox": "", "centroid": ""}
    places = nodes.objects(node, "dct:spatial")
    for each in places:
        said, verdicts = nodes.once(_place, each)
        place |= {key: value for key, value in said.items() if value}
        for verdict in verdicts:
            tell(*verdict)
    if places and not any(place.values()):
        tell("dropped", "place-says-nothing", node, places[0])
    return {f"spatial_{key}": said for key, said in place.items()}


def _place(nodes: Nodes, node: Term) -> tuple[dict[str, Any], list[tuple[str, str, Term, Term]]]:
    """What is kept of one place, and what becomes of its parts."""
    said: dict[str, Any] = {"uri": node.value if is_iri(node) else "", "text": text(node) if is_literal(node) else ""}
    verdicts: list[tuple[str, str, Term, Term]] = []
    located = nodes.is_a(node, "dct:Location")
    for key, term in _GEOMETRIES:
        for shape in nodes.objects(node, term):
            if located:
                said[key] = _geometry(shape, said.get(key, ""), node, lambda *each: verdicts.append(each))
            else:
                verdicts.append(("dropped", "place-not-a-location", node, shape))
    names = nodes.objects(node, "skos:prefLabel", "rdfs:label") if located else []
    return said | ({"text": text(names[-1])} if names else {}), verdicts


def _geometry(shape: Term, before: Any, node: Term, tell: Tell) -> Any:
    if not is_literal(shape):
        tell("refused", "geometry-not-text", node, shape)
        return before
    if kind(shape) in (_GEOJSON, iri("xsd:string"), iri("rdf:langString")):
        try:
            json.loads(shape.value)
        except ValueError:
            tell("dropped", "geometry-not-read", node, shape)
            return before
        return shape.value
    if kind(shape) != _WKT or not (before or earth.is_wkt(shape.value)):
        tell("dropped", "geometry-not-read", node, shape)
        return before
    return before or shape.value


def _resource(nodes: Nodes, node: Term, dataset: Term, tell: Tell) -> dict[str, Any]:
    address = value(nodes, node, "dcat:downloadURL", "dcat:accessURL")
    if not address:
        tell("dropped", "file-without-address", dataset if is_literal(node) else node, "dcat:downloadURL")
    for term in nodes.objects(node, "dcat:downloadURL", "dcat:accessURL"):
        if is_literal(term):
            tell("kept", "address-is-text", node, term)
        elif " " in text(term):
            tell("kept", "address-with-space", node, term)
    if address and nodes.first(node, "dcat:accessURL") is None:
        tell("kept", "only-a-download-address", node, nodes.first(node, "dcat:downloadURL"))
    _dates(nodes, node, tell)
    form, media_type = _format(nodes, node, tell)
    sums = nodes.objects(node, "spdx:checksum")
    return {
        "url": address,
        "name": value(nodes, node, "dct:title"),
        "description": value(nodes, node, "dct:description"),
        "issued": value(nodes, node, "dct:issued"),
        "modified": value(nodes, node, "dct:modified"),
        "license": value(nodes, node, "dct:license"),
        "rights": value(nodes, node, "dct:rights"),
        "mimetype": media_type,
        "format": form,
        "size": _size(nodes, node, tell),
        "hash": next((v for each in reversed(sums) if (v := value(nodes, each, "spdx:checksumValue"))), ""),
    }


def _format(nodes: Nodes, node: Term, tell: Tell) -> tuple[str, str]:
    """The format's label and the media type: of a text with a slash the latter, of a dct:IMT both, of an IRI either."""
    media_type, found = value(nodes, node, "dcat:mediaType"), nodes.first(node, "dct:format")
    if found is None:
        return "", media_type
    if is_literal(found):
        said = text(found)
        return ("", said) if not media_type and "/" in said else (said, media_type)
    if _is_imt(nodes, found):
        label, inner = value(nodes, found, "rdfs:label"), nodes.first(found, "rdf:value")
        if not label:
            tell("dropped", "format-without-label", node, found)
        if not media_type and inner is None:
            tell("changed", "media-type-shown-as-none", node, found)
        return label, media_type or (text(inner) if inner is not None else "None")
    if not is_iri(found):
        tell("dropped", "format-without-label", node, found)
        return "", media_type
    if "iana.org/assignments/media-types" in found.value and not media_type:
        return "", found.value
    tell("changed", "format-shown-as-address", node, found)
    return found.value, media_type


def _is_imt(nodes: Nodes, node: Term) -> bool:
    """Whether dct:IMT is the first class that a format is given."""
    first = nodes.first(node, "rdf:type")
    return first is not None and getattr(first, "value", "") == iri("dct:IMT")


def _size(nodes: Nodes, node: Term, tell: Tell) -> int | None:
    said = value(nodes, node, "dcat:byteSize")
    if not said:
        return None
    first = nodes.first(node, "dcat:byteSize")
    try:
        size = int(float(said))
    except ValueError:
        tell("dropped", "size-not-a-number", node, first)
        return None
    except OverflowError:
        tell("refused", "size-without-end", node, first)
        return None
    if says(first) and is_literal(first) and kind(first) == iri("xsd:string"):
        tell("kept", "size-is-text", node, first)
    if says(first) and float(said) != size:
        tell("changed", "size-with-a-fraction", node, first)
    return size
