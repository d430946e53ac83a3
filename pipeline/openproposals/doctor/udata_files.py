"""What udata reads of a file: format, title, media type, size, schema and sum."""

from __future__ import annotations

from openproposals.doctor.node_values import Nodes, Term, iri, is_iri, is_literal, python, says
from openproposals.doctor.udata_addresses import is_web
from openproposals.doctor.udata_terms import preferred, text_of, value
from openproposals.doctor.verdicts import Tell

_EU_FORMAT = "http://publications.europa.eu/resource/authority/file-type/"
_IANA = "https://www.iana.org/assignments/media-types/"
_OGC = "http://www.opengeospatial.org/standards/"


def format_of(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    """The format's short name: of a service its protocol, else a label, the EU's code, the media type's last part."""
    service = nodes.first(node, "dcat:accessService")
    if service is not None and not is_literal(service):
        for standard in nodes.objects(service, "dct:conformsTo"):
            if is_iri(standard) and standard.value.startswith(_OGC):
                return str(standard.value.removeprefix(_OGC).lower())
    found = value(nodes, node, "dct:format", "rdfs:label")
    if found is None:
        return None
    if not isinstance(found, str):
        tell("refused", "text-expected", node, preferred(nodes, node, "dct:format"))
        return None
    for start in (_EU_FORMAT, _IANA):
        if found.startswith(start):
            return found.removeprefix(start).rpartition("/")[2].lower()
    if "://" in found:
        tell("changed", "format-shown-as-address", node, preferred(nodes, node, "dct:format"))
    return found.lower()


def title_of(nodes: Nodes, node: Term, url: str, form: str | None, tell: Tell) -> str | None:
    """A file's title, else the end of its address, else a name made of its format."""
    if value(nodes, node, "dct:title"):
        return text_of(nodes, node, "dct:title", tell)
    tell("changed", "dcat:Distribution without dct:title", node, "dct:title")
    last = url.split("/")[-1]
    return last if "." in last and "?" not in last else None


def media_type(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    """The media type, IANA's address cut off."""
    found = value(nodes, node, "dcat:mediaType", "rdfs:label")
    if found is not None and not isinstance(found, str):
        tell("refused", "text-expected", node, preferred(nodes, node, "dcat:mediaType"))
        return None
    return found.removeprefix(_IANA) if found else None


def size(nodes: Nodes, node: Term, tell: Tell) -> int | None:
    """The number of bytes: what is none refuses the dataset."""
    found = value(nodes, node, "dcat:byteSize")
    if found is None:
        return None
    try:
        if isinstance(found, str) and int(found) >= 0:
            tell("kept", "size-is-text", node, preferred(nodes, node, "dcat:byteSize"))
        if not -(1 << 63) <= int(found) < 1 << 63:
            raise ValueError
        return int(found)
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        tell("refused", "size-not-a-number", node, preferred(nodes, node, "dcat:byteSize"))
        return None


def schema(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    """The address of the schema that the file follows."""
    term = nodes.first(node, "dct:conformsTo")
    if term is None or not says(term):
        return None
    found = str(python(term))
    if is_web(found):
        return found
    if is_literal(term):
        tell("refused", "schema-not-web", node, term)
    else:
        other = nodes.first(term, "dct:type")
        if other is not None and is_web(str(python(other))):
            return str(python(other))
        tell("dropped", "schema-not-web", node, term)
    return None


def checksum(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    """A sum, under SPDX's own name of MD5, SHA-1 or SHA-256; typed xsd:hexBinary it refuses the dataset."""
    term = nodes.first(node, "spdx:checksum")
    if term is None or not says(term):
        return None
    algorithm = None if is_literal(term) else nodes.first(term, "spdx:algorithm")
    if algorithm is None or is_literal(algorithm):
        tell("refused", "checksum-without-algorithm", node, term)
        return None
    if algorithm.value not in [iri(f"spdx:checksumAlgorithm_{each}") for each in ("md5", "sha1", "sha256")]:
        tell("advice", "sum-not-kept", node, algorithm)
        return None
    found = value(nodes, term, "spdx:checksumValue")
    if not isinstance(found, str):
        tell(
            "refused", "checksum-not-taken", term, preferred(nodes, term, "spdx:checksumValue") or "spdx:checksumValue"
        )
        return None
    return found
