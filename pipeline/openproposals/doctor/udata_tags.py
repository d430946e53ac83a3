"""What udata finds a dataset by: frequency, keywords and themes, places."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from openproposals.doctor import shapes_on_earth as earth
from openproposals.doctor.node_values import Nodes, Term, iri, is_literal, kind, python, says
from openproposals.doctor.udata_addresses import is_web
from openproposals.doctor.udata_terms import value
from openproposals.doctor.verdicts import Tell
from openproposals.messages import load

LONGEST_ACRONYM = 128
_SHORTEST_TAG = 3
_FREQ = "http://purl.org/cld/freq/"
_EU_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_GEOJSON_TYPE = "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
_WKT = {iri("geo:wktLiteral"), "http://www.opengis.net/rdf#wktLiteral"}
_GEOJSON = {iri("geo:geoJSONLiteral"), _GEOJSON_TYPE}
_INSPIRE, _INSPIRE_NAME = "http://inspire.ec.europa.eu/theme", "gemet - inspire themes, version 1.0"
_INSPIRE_SCHEMES = (_INSPIRE, "http://www.eionet.europa.eu/gemet/inspire_themes")
_KNOWN = load("doctor/data_gouv_fr")["frequencies"]
_FREQUENCIES, _EU_FREQUENCIES = set(_KNOWN["dublin-core"]), set(_KNOWN["eu"])
_HVD = {f"http://data.europa.eu/bna/c_{code}" for code in ("164e0bf5", "a9135398", "ac64a52d", "b79e35eb", "dd313021",
                                                            "e1da4e07")}  # fmt: skip


def frequency(nodes: Nodes, node: Term, tell: Tell) -> str | None:
    """The frequency, where it is one of the lists that udata knows."""
    term = nodes.first(node, "dct:accrualPeriodicity")
    if term is None:
        return None
    if is_literal(term) and not is_web(term.value):
        said = python(term)
        if not isinstance(said, str):
            tell("refused", "text-expected", node, term)
            return None
        known = said.lower() in _FREQUENCIES or said.upper() in _EU_FREQUENCIES
    else:
        said = str(getattr(term, "value", ""))
        known = (said.removeprefix(_EU_FREQUENCY) in _EU_FREQUENCIES and said.startswith(_EU_FREQUENCY)) or (
            said.startswith(_FREQ) and said.removeprefix(_FREQ).lower() in _FREQUENCIES
        )  # fmt: skip
    if not known:
        tell("dropped", "frequency-unknown", node, term)
    return said if known else None


def tags(nodes: Nodes, node: Term, tell: Tell) -> list[str]:
    """Keywords and the labels of themes; what is shorter than three letters is passed over."""
    found = []
    for each in nodes.objects(node, "dcat:keyword"):
        if not is_literal(each):
            tell("dropped", "keyword-not-text", node, each)
        else:
            found.append((each, python(each)))
    for theme in nodes.objects(node, "dcat:theme"):
        label = python(theme) if is_literal(theme) else value(nodes, theme, "skos:prefLabel")
        if not is_literal(theme) and theme.value in _HVD:
            label = "hvd " + theme.value
        inspired = not is_literal(theme) and _of_inspire(nodes, theme, node, tell)
        found += [(theme, "inspire")] if inspired else []
        if label:
            found.append((theme, label))
        elif not inspired:
            tell("dropped", "theme-without-label", node, theme)
    kept = []
    for term, said in found:
        if not isinstance(said, str):
            tell("refused", "text-expected", node, term)
        elif len(slug(said)) < _SHORTEST_TAG:
            tell("dropped", "keyword-too-short", node, term)
        else:
            kept.append(said)
    return kept


def _of_inspire(nodes: Nodes, theme: Term, node: Term, tell: Tell) -> bool:
    """Whether a theme is one of INSPIRE's: by its address, or by its scheme's address or name.

    A scheme that is a text, or whose name is none, ends udata's work on the dataset.
    """
    if theme.value.startswith(_INSPIRE):
        return True
    scheme = nodes.first(theme, "skos:inScheme")
    if scheme is None or not says(scheme):
        return False
    if is_literal(scheme):
        tell("refused", "scheme-is-text", node, scheme)
        return False
    titles = (value(nodes, scheme, term) for term in ("dct:title", "skos:prefLabel", "rdfs:label"))
    title = next(filter(None, titles), "")
    if not isinstance(title, str):
        tell("refused", "text-expected", node, theme)
        return False
    return scheme.value in _INSPIRE_SCHEMES or title.lower() == _INSPIRE_NAME


def slug(text: str) -> str:
    """A text as udata makes a tag of it, nearly: letters of other scripts stay, where udata writes Latin ones.

    >>> slug("Eau & déchets")
    'eau-dechets'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.replace("'", "-")).strip("-")


def spatial(nodes: Nodes, node: Term, tell: Tell) -> bool:
    """Whether a coverage is shown: a polygon in WKT or GeoJSON, or a box in a text."""
    shown, numbers = False, True
    for place in nodes.objects(node, "dct:spatial"):
        some, wrong, odd = nodes.once(_polygons, place)
        where = node if is_literal(place) else place
        if not some or wrong == earth.NO_NUMBER:
            tell("dropped", "place-without-a-box", node, place)
            numbers = numbers and not wrong
        elif wrong:
            tell("refused", wrong, where, place)
        elif odd:
            tell("kept", odd, where, place)
        shown = shown or some
    return shown and numbers


def _polygons(nodes: Nodes, place: Term) -> tuple[bool, str, str]:
    """Whether a place has polygons, what in them is refused, and what is kept though it cannot be so."""
    found: list[Any] = []
    if is_literal(place):
        boxed = earth.box(place.value)
        found = [] if boxed is None else [boxed]
    else:
        for each in nodes.every(place):
            if is_literal(each):
                found += earth.polygons(each.value, kind(each) in _WKT, kind(each) in _GEOJSON)
    wrong = next((why for polygon in found if (why := earth.wrong(polygon))), "")
    return (
        bool(found),
        wrong,
        "" if wrong else next((why for p in found if (why := earth.odd(p, is_literal(place)))), ""),
    )
