"""How udata reads one field of a dataset or of a file, and what its checks refuse."""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

from openproposals.catalog import registry
from openproposals.doctor import shapes_on_earth as earth
from openproposals.doctor.nodes import Nodes, Term, iri, is_iri, is_literal, kind, python, says, text
from openproposals.doctor.udata_addresses import is_web
from openproposals.doctor.verdicts import Tell
from openproposals.messages import load

LONGEST_ACRONYM = 128
_LANGUAGE = "fr"
_SHORTEST_TAG = 3
_LONGEST_NAME = 255
_ROLES = {
    "contact": "dcat:contactPoint",
    "creator": "dct:creator",
    "publisher": "dct:publisher",
    "rightsHolder": "dct:rightsHolder",
}
_ROLES |= {
    role: f"geodcat:{role}"
    for role in (
        "custodian",
        "distributor",
        "originator",
        "principalInvestigator",
        "processor",
        "resourceProvider",
        "user",
    )
}
_FREQ = "http://purl.org/cld/freq/"
_EU_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_EU_FORMAT = "http://publications.europa.eu/resource/authority/file-type/"
_IANA = "https://www.iana.org/assignments/media-types/"
_WKT = {iri("geo:wktLiteral"), "http://www.opengis.net/rdf#wktLiteral"}
_GEOJSON = {iri("geo:geoJSONLiteral"), _IANA + "application/vnd.geo+json"}
_OGC = "http://www.opengeospatial.org/standards/"
_KNOWN = load("doctor/data_gouv_fr")
_FREQUENCIES, _EU_FREQUENCIES = set(_KNOWN["frequencies"]["dublin-core"]), set(_KNOWN["frequencies"]["eu"])
_NEAR = 2
_RESTRICTED = "LimitationsOnPublicAccess/INSPIRE_Directive_Article13"
_OWN = _KNOWN["licences"]
_LICENCES = {text.lower() for licence in registry.licences().values() for text in (licence.label, licence.url)} | {
    text.lower() for name, licence in _OWN.items() for text in (name, licence["title"], licence["url"])
}


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


def contacts(nodes: Nodes, node: Term, tell: Tell) -> list[tuple[str | None, str | None, str]]:
    """Name, mail address and role of each person or organisation that is shown; no mail address is checked."""
    found = []
    for role, term in _ROLES.items():
        for each in nodes.objects(node, term):
            name, mail, form = _contact(nodes, each, role)
            if why := _wrong_contact(name, mail, form, role):
                tell("dropped", why, node if is_literal(each) else each, each)
            else:
                mailed = nodes.first(each, "vcard:hasEmail", "foaf:mbox")
                if mailed is not None and not is_literal(mailed) and not is_iri(mailed):
                    tell("changed", "mail-in-a-node", each, mail)
                elif is_literal(mailed):
                    tell("kept", "mail-without-mailto", each, mailed)
                found.append((name, mail, role))
    return found


def _contact(nodes: Nodes, node: Term, role: str) -> tuple[Any, Any, Any]:
    if is_literal(node):
        return python(node), None, None
    card, agent = _card(nodes, node), _agent(nodes, node)
    first, second = (card, agent) if role == "contact" else (agent, card)
    return first if any(first) else second


def _card(nodes: Nodes, node: Term) -> tuple[Any, Any, Any]:
    org = nodes.first(node, _ORG)
    names = value(nodes, node, "vcard:fn"), value(nodes, node, "vcard:organization-name") or (
        None if org is None or is_literal(org)
        else value(nodes, org, "vcard:organization-name") or value(nodes, org, "vcard:organisation-name"))  # fmt: skip
    mail = value(nodes, node, "vcard:hasEmail") or value(nodes, node, "vcard:email")
    form = value(nodes, node, "vcard:hasURL") or value(nodes, node, "vcard:url") or value(nodes, node, "vcard:hasUrl")
    return _called(*names), _mail(mail), form or None


_ORG = "vcard:org"


def _agent(nodes: Nodes, node: Term) -> tuple[Any, Any, Any]:
    name = value(nodes, node, "foaf:name") or value(nodes, node, "skos:prefLabel")
    mail, other = value(nodes, node, "foaf:mbox"), None
    org, member = nodes.first(node, "org:memberOf"), nodes.first(node, "foaf:member")
    if org is not None and not is_literal(org):
        other, mail = value(nodes, org, "foaf:name"), mail or value(nodes, org, "foaf:mbox")
    elif member is not None and not is_literal(member):
        name, other = value(nodes, member, "foaf:name"), name
        mail = value(nodes, member, "foaf:mbox") or mail
    return _called(name, other), _mail(mail), None


def _called(name: Any, organisation: Any) -> Any:
    return f"{name} ({organisation})" if name and organisation else name or organisation or None


def _mail(said: Any) -> str | None:
    return str(said or "").removeprefix("mailto:").strip() or None


def _wrong_contact(name: Any, mail: str | None, form: Any, role: str) -> str:
    if not (name or mail or form):
        return "contact-says-nothing"
    if role == "contact" and not (mail or form):
        return "contact-without-mail"
    if name and (not isinstance(name, str) or len(name) > _LONGEST_NAME):
        return "name-too-long"
    return "form-not-web" if form and not is_web(str(form)) else ""


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
        if label:
            found.append((theme, label))
        else:
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


_HVD = {f"http://data.europa.eu/bna/c_{code}" for code in ("164e0bf5", "a9135398", "ac64a52d", "b79e35eb", "dd313021",
                                                            "e1da4e07")}  # fmt: skip


def slug(text: str) -> str:
    """A text as udata makes a tag of it, nearly: letters of other scripts stay, where udata writes Latin ones.

    >>> slug("Eau & déchets")
    'eau-dechets'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.replace("'", "-")).strip("-")


_SLUGS = {slug(text) for text in _LICENCES if "://" not in text}


def temporal(nodes: Nodes, node: Term, tell: Tell) -> tuple[Any, Any] | None:
    """The first and last day."""
    term = nodes.first(node, "dct:temporal")
    if term is None:
        return None
    if is_iri(term):
        tell("dropped", "period-with-an-iri", node, term)
        return None
    try:
        span = _period_text(text(term)) if is_literal(term) else _period(nodes, term, tell)
    except (ValueError, OverflowError, TypeError):
        span = None
    if span is None:
        read = is_literal(term) or nodes.first(term, *_BOUNDS) is None
        tell("dropped", "period-not-read" if read else "period-not-in-days", node, term)
        return None
    start, end = (_as_day(each) for each in span)
    for each in (start, end):
        if each is not None and not isinstance(each, datetime.date):
            tell("refused", "period-not-in-days", node, each)
            return None
    if start and end:
        if type(start) is not type(end) or _zoned(start) != _zoned(end):
            tell("refused", "period-of-two-kinds", node, f"{start}, {end}")
            return None
        if start > end:
            tell("changed", "period-backwards", node if is_literal(term) else term, f"{start}, {end}")
            start, end = end, start
    return start, end


def _zoned(day: Any) -> bool:
    return getattr(day, "tzinfo", None) is not None


_BOUNDS = ("schema:startDate", "schema:endDate", "dcat:startDate", "dcat:endDate", "scv:min", "scv:max")


def _period(nodes: Nodes, node: Term, tell: Tell) -> tuple[Any, Any] | None:
    for first, last in zip(_BOUNDS[::2], _BOUNDS[1::2], strict=True):
        pair = nodes.first(node, first), nodes.first(node, last)
        if any(says(each) for each in pair):
            if first.startswith("schema:"):
                tell("kept", "period-of-schema-org", node, "schema:startDate")
            return tuple(python(each) if says(each) else None for each in pair)  # type: ignore[return-value]
    return None


def _period_text(said: str) -> tuple[Any, Any] | None:
    if said.count("/") == 1:
        start, end = said.split("/")
        return parse_date(start).date(), parse_date(end).date()
    if said.count("-") == 0:
        return datetime.date(int(said), 1, 1), datetime.date(int(said), 12, 31)
    if said.count("-") == 1:
        day = parse_date(said).date()
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return None


def _as_day(said: Any) -> Any:
    if said is None or isinstance(said, datetime.date):
        return said
    try:
        return parse_date(said, yearfirst=True).date()
    except (ValueError, OverflowError, TypeError):
        return said


def date(nodes: Nodes, node: Term, term: str, tell: Tell) -> str | None:
    """A date of issue: what is none refuses the dataset."""
    said = value(nodes, node, term)
    _twice(nodes, node, term, tell)
    if said is None:
        return None
    if isinstance(said, str):
        try:
            said = parse_date(said.strip())
        except (ValueError, OverflowError, TypeError):
            said = None
    if not isinstance(said, datetime.date):
        tell("refused", "date-not-a-date", node, preferred(nodes, node, term))
        return None
    _invented(nodes, node, term, tell)
    return (said.astimezone(datetime.UTC) if isinstance(said, datetime.datetime) and said.tzinfo else said).isoformat()[
        :10
    ]


def modified(nodes: Nodes, node: Term, today: str, tell: Tell) -> str | None:
    """A date of change: what is none, or in the future, is passed over."""
    said = value(nodes, node, "dct:modified")
    _twice(nodes, node, "dct:modified", tell)
    if said is None:
        return None
    if isinstance(said, str):
        try:
            said = parse_date(said)
        except ParserError:
            tell("dropped", "date-not-a-date", node, preferred(nodes, node, "dct:modified"))
            return None
        except (OverflowError, TypeError):
            said = 0
    if not isinstance(said, datetime.date):
        tell("refused", "date-not-a-date", node, preferred(nodes, node, "dct:modified"))
        return None
    if said.isoformat()[:10] > today:
        tell("dropped", "date-in-the-future", node, preferred(nodes, node, "dct:modified"))
        return None
    _invented(nodes, node, "dct:modified", tell)
    return said.isoformat()[:10]


def _twice(nodes: Nodes, node: Term, term: str, tell: Tell) -> None:
    kept = preferred(nodes, node, term)
    for other in nodes.objects(node, term):
        if other != kept:
            tell("dropped", "value-twice", node, other)


def _invented(nodes: Nodes, node: Term, term: str, tell: Tell) -> None:
    found = preferred(nodes, node, term)
    if found is not None and not re.match(r"\s*\d{4}-?\d\d-?\d\d|.*\d[./ ]", str(getattr(found, "value", ""))):
        tell("changed", "date-not-a-day", node, found)


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
