"""The catalogue (DCAT-AP 3.0.1), which harvesters read, made from the descriptor and the list of files.

docs/decisions/0006-catalogue.md says how each property is written, and which portal requires it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Namespace
from rdflib.term import Node

from openproposals.catalog import history, in_parts, registry
from openproposals.messages import Language
from openproposals.model import schema
from openproposals.release.ours import FileDigest

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
EU = Namespace(registry.EU)
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
IANA = Namespace("https://www.iana.org/assignments/media-types/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCAT3 = Namespace(str(DCAT))  # rdflib's DCAT is closed at version 2 and lacks dcat:version
# DCAT-AP's code list has the algorithm under https, SPDX under http; owl:sameAs links them.
SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
LICENCE_TYPES = Namespace("http://purl.org/adms/licencetype/")
PUBLISHER_TYPES = Namespace("http://purl.org/adms/publishertype/")
Object = Node | str | Mapping[str, str]


class _Describing(Graph):
    """An RDF graph with short ways to add statements. `languages`: those in which the program's own words are given."""

    def __init__(self, languages: Sequence[Language]) -> None:
        super().__init__()
        self.languages = languages

    def words(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Words of the program in the languages that are asked for, in English where it has them in none of these."""
        found = {language: texts[language] for language in self.languages if language in texts}
        return found or {language: text for language, text in texts.items() if language == "en"}

    def say(self, subject: URIRef | BNode, **said: Object | Iterable[Object]) -> None:
        """Add triples. A keyword `prefix_local` is a property; a mapping is text by language, a list several values."""
        for name, value in said.items():
            prefix, _, local = name.partition("_")
            term = _TERMS[prefix][local]
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, Mapping):
                    for language, text in one.items():
                        self.add((subject, term, Literal(text, language)))
                else:
                    self.add((subject, term, one if isinstance(one, Node) else Literal(str(one))))

    def concept(self, value: URIRef, *kinds: URIRef, **said: Object | Iterable[Object]) -> URIRef:
        """Add a resource with its classes, its EU authority table and label if it has one, and other statements."""
        for kind in kinds:
            self.add((value, RDF.type, kind))
        scheme, _, code = value.removeprefix(registry.EU).partition("/")
        if value.startswith(registry.EU) and code:
            self.say(value, skos_inScheme=EU[scheme])
        label = self.words(registry.concept(value))
        if SKOS.Concept in kinds and label:
            self.say(value, skos_prefLabel=label)
        self.say(value, **said)
        return value


_TERMS = {
    "adms": ADMS, "dcat": DCAT3, "dcatap": DCATAP, "dct": Namespace(str(DCTERMS)), "foaf": Namespace(str(FOAF)),
    "owl": Namespace(str(OWL)), "rdfs": Namespace(str(RDFS)), "skos": Namespace(str(SKOS)), "spdx": SPDX,
    "vcard": VCARD,
}  # fmt: skip


def describe(descriptor: Mapping[str, Any], entries: Mapping[str, FileDigest]) -> Graph:
    """The catalogue: one dataset, one distribution for each data file of the release."""
    site, dataset = str(descriptor["site"]), URIRef(descriptor["base"])
    g = _Describing(registry.languages(descriptor))
    for prefix, namespace in _TERMS.items():
        g.bind("dcterms" if prefix == "dct" else prefix, namespace, replace=True)
    catalog = URIRef(site + "catalog.ttl#catalog")
    issued, modified = history.dates(descriptor)
    shared: dict[str, Object | Iterable[Object]] = {
        "dct_title": descriptor["title"],
        "dct_description": descriptor["description"],
        "dct_publisher": _publisher(g, descriptor["publisher"]),
        "dct_issued": Literal(issued, datatype=XSD.date),
        "dct_modified": Literal(modified, datatype=XSD.date),
        "dct_language": [_language(g, tag) for tag in descriptor["languages"]],
        "dct_spatial": [_place(g, iri, descriptor) for iri in descriptor.get("coverage", {}).get("spatial", ())],
    }
    licence = _licence(g, str(descriptor["licence"]))
    rights = g.concept(URIRef(site + "catalog.ttl#rights"), DCTERMS.RightsStatement, rdfs_label=descriptor["rights"])
    scheme = EU["data-theme"]
    g.concept(scheme, SKOS.ConceptScheme, dct_title=g.words(registry.concept("data-theme")))
    g.concept(catalog, DCAT.Catalog, **shared)
    g.say(catalog, dct_license=licence, dct_rights=rights, dcat_dataset=dataset, dcat_themeTaxonomy=scheme)
    g.say(catalog, foaf_homepage=g.concept(URIRef(site), FOAF.Document))
    g.concept(dataset, DCAT.Dataset, **shared)
    g.say(
        dataset,
        dct_identifier=str(dataset),
        dct_accessRights=g.concept(EU["access-right/PUBLIC"], DCTERMS.RightsStatement),
        dct_accrualPeriodicity=g.concept(EU[f"frequency/{descriptor.get('frequency', 'IRREG')}"], DCTERMS.Frequency),
        dcat_landingPage=URIRef(site),
        dcat_contactPoint=_contact(g, descriptor),
        dcat_version=str(descriptor["version"]),
        dcat_keyword=[{language: word} for language, words in descriptor.get("keywords", {}).items() for word in words],
        dcat_theme=[
            g.concept(EU[f"data-theme/{code}"], SKOS.Concept, skos_prefLabel=g.words(registry.themes()[code]))
            for code in descriptor.get("themes", ())
        ],
    )
    previous, notes = history.previous(descriptor), history.notes(descriptor)
    if previous:
        g.say(dataset, dcat_previousVersion=URIRef(previous))
    if notes:
        g.say(dataset, adms_versionNotes=notes)
    _period(g, dataset, descriptor.get("coverage", {}))
    for name in registry.distributions(entries):
        distribution = _distribution(g, site, name, entries[name])
        g.say(dataset, dcat_distribution=distribution)
        g.say(distribution, dct_license=licence, dct_rights=rights)
        g.say(distribution, dct_issued=shared["dct_issued"], dct_modified=shared["dct_modified"])
    return g


def _language(g: _Describing, tag: str) -> URIRef:
    return g.concept(EU[f"language/{registry.authority_code(tag)}"], DCTERMS.LinguisticSystem)


def _publisher(g: _Describing, publisher: Mapping[str, str]) -> URIRef:
    found = g.concept(URIRef(publisher["iri"]), FOAF.Agent, foaf_name=publisher["name"])
    if "homepage" in publisher:
        g.say(found, foaf_homepage=g.concept(URIRef(publisher["homepage"]), FOAF.Document))
    if "type" in publisher:
        kind = PUBLISHER_TYPES[publisher["type"]]
        g.say(found, dct_type=g.concept(kind, SKOS.Concept, skos_inScheme=PUBLISHER_TYPES["1.0"]))
    return found


def _licence(g: _Describing, iri: str) -> URIRef:
    """The licence; a known one has the label and the links by which portals recognise it."""
    found = g.concept(URIRef(iri), DCTERMS.LicenseDocument)
    licence = registry.licence(iri)
    if licence:
        kind = LICENCE_TYPES[licence.type]
        g.say(
            found,
            rdfs_label=licence.label,
            dct_title=licence.label,
            dct_type=g.concept(kind, SKOS.Concept, skos_inScheme=LICENCE_TYPES["1.0"]),
            skos_exactMatch=[URIRef(licence.url), URIRef(f"https://spdx.org/licenses/{licence.spdx}")],
        )
    return found


def _contact(g: _Describing, descriptor: Mapping[str, Any]) -> URIRef:
    contact = URIRef(descriptor["site"] + "catalog.ttl#contact")
    mail = URIRef("mailto:" + descriptor["contact"]["email"])
    return g.concept(
        contact, VCARD.Kind, VCARD.Organization, vcard_fn=descriptor["contact"]["name"], vcard_hasEmail=mail
    )


def _place(g: _Describing, iri: str, descriptor: Mapping[str, Any]) -> URIRef:
    """A place with its name and its bounding box, without which data.gouv.fr takes no coverage."""
    about = registry.place(iri)
    found = g.concept(URIRef(iri), DCTERMS.Location)
    if about:
        g.say(found, skos_prefLabel=g.words(about))
    box = about.get("box") or descriptor["coverage"].get("box")
    if box:
        g.say(found, dcat_bbox=Literal(polygon(*box), datatype=GEO.wktLiteral))
    return found


def polygon(west: float, south: float, east: float, north: float) -> str:
    """A bounding box in degrees as a WKT polygon, counterclockwise.

    >>> polygon(-5.15, 41.33, 9.57, 51.09)
    'POLYGON((-5.15 41.33,9.57 41.33,9.57 51.09,-5.15 51.09,-5.15 41.33))'
    """
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"POLYGON(({','.join(f'{x} {y}' for x, y in corners)}))"


def _period(g: _Describing, dataset: URIRef, coverage: Mapping[str, Any]) -> None:
    days = {term: coverage[key] for key, term in (("start", "startDate"), ("end", "endDate")) if key in coverage}
    if days:
        period = BNode("period")  # a blank node: udata dereferences an IRI, and loses the coverage
        g.say(dataset, dct_temporal=period)
        g.add((period, RDF.type, DCTERMS.PeriodOfTime))
        for term, day in days.items():
            g.add((period, DCAT3[term], Literal(day, datatype=XSD.date)))


def _distribution(g: _Describing, site: str, name: str, entry: FileDigest) -> URIRef:
    here, there = URIRef(f"{site}catalog.ttl#{name.replace('/', '-')}"), URIRef(site + name)
    kind = registry.format_of(name)
    assert kind is not None, "only data files are distributions"
    parted = isinstance(entry, in_parts.PartedFile)
    parts = [URIRef(site + part) for part in in_parts.parts_of(name, entry)]
    for part in parts:
        g.concept(part, RDFS.Resource)
    g.concept(here, DCAT.Distribution, dct_title=g.words(registry.titles(name)), dct_description=g.words(content(name)))
    g.say(
        here,
        dcat_accessURL=URIRef(site) if parted else there,
        dcat_downloadURL=parts,
        dcat_byteSize=Literal(str(entry.size), datatype=XSD.nonNegativeInteger),
        dcat_mediaType=g.concept(IANA[kind.media_type], DCTERMS.MediaType),
        # CKAN takes the label only if dct:IMT is the first class that it finds
        dct_format=g.concept(EU[f"file-type/{kind.file_type}"], DCTERMS.IMT, DCTERMS.MediaTypeOrExtent,
                             rdfs_label=kind.label),
        dcatap_availability=g.concept(EU["planned-availability/STABLE"], SKOS.Concept),
        spdx_checksum=() if parted else _checksum(g, here, entry),
    )  # fmt: skip
    if name.endswith(registry.GZIP):
        g.say(here, dcat_compressFormat=g.concept(IANA["application/gzip"], DCTERMS.MediaType))
    described = schema_of(name)
    if described:
        standard = g.concept(URIRef(f"{site}schemas/{described.name}.json"), DCTERMS.Standard)
        g.say(standard, dct_title=g.words(schema.said(described.descriptor, "title")))
        g.say(here, dct_conformsTo=standard)
    return here


def _checksum(g: _Describing, here: URIRef, entry: FileDigest) -> URIRef:
    g.concept(SHA256, SPDX.ChecksumAlgorithm, owl_sameAs=SPDX.checksumAlgorithm_sha256)
    value = Literal(entry.sha256, datatype=XSD.hexBinary)
    return g.concept(URIRef(f"{here}-sha256"), SPDX.Checksum, spdx_algorithm=SHA256, spdx_checksumValue=value)


def schema_of(name: str) -> schema.Table | None:
    """The Table Schema of a CSV file of the release; None for any other file."""
    stem, _, extension = name.rpartition(".")
    if extension != "csv":
        return None
    return schema.tables().get("figures-flat" if stem == "figures" else stem.removeprefix("tables/"))


def content(name: str) -> dict[str, str]:
    """The description of a file by language: that of its Table Schema, else its title."""
    table = schema_of(name)
    if table is None:
        return registry.titles(name)
    return schema.said(table.descriptor, "description")
