"""What a harvester reads first: the catalogue (DCAT-AP) and the data package, made from the descriptor and the files.

docs/decisions/0006-catalogue.md says which shape each property takes, and which portal asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Namespace

from openproposals import schema
from openproposals.release import Entry

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = Namespace("http://publications.europa.eu/resource/authority/")
IANA = Namespace("https://www.iana.org/assignments/media-types/")
DCAT3 = Namespace(str(DCAT))  # rdflib's DCAT is closed at version 2 and lacks dcat:version
# DCAT-AP's code list has the algorithm under https, SPDX under http: both are said to be the same.
SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")


@dataclass(frozen=True)
class Format:
    """How a kind of file is named: media type, EU file type, and the short name that portals show."""

    media_type: str
    file_type: str
    label: str


FORMATS = {
    ".ttl": Format("text/turtle", "RDF_TURTLE", "TTL"),
    ".jsonld": Format("application/ld+json", "JSON_LD", "JSON-LD"),
    ".nt": Format("application/n-triples", "RDF_N_TRIPLES", "NT"),
    ".csv": Format("text/csv", "CSV", "CSV"),
}


# Labels of the EU data themes (authority table data-theme), English and French.
THEMES = {
    "AGRI": ("Agriculture, fisheries, forestry and food", "Agriculture, pêche, sylviculture et alimentation"),
    "ECON": ("Economy and finance", "Économie et finances"),
    "EDUC": ("Education, culture and sport", "Éducation, culture et sport"),
    "ENER": ("Energy", "Énergie"),
    "ENVI": ("Environment", "Environnement"),
    "GOVE": ("Government and public sector", "Gouvernement et secteur public"),
    "HEAL": ("Health", "Santé"),
    "INTR": ("International issues", "Questions internationales"),
    "JUST": ("Justice, legal system and public safety", "Justice, système juridique et sécurité publique"),
    "REGI": ("Regions and cities", "Régions et villes"),
    "SOCI": ("Population and society", "Population et société"),
    "TECH": ("Science and technology", "Science et technologie"),
    "TRAN": ("Transport", "Transports"),
}


def describe(descriptor: Mapping[str, Any], entries: Mapping[str, Entry]) -> bytes:
    """The catalogue, as Turtle: one dataset, one distribution for each data file of the release."""
    site, dataset = str(descriptor["site"]), URIRef(descriptor["base"])
    g = Graph()
    for prefix, namespace in (("dcat", DCAT), ("dcterms", DCTERMS), ("foaf", FOAF), ("vcard", VCARD), ("spdx", SPDX)):
        g.bind(prefix, namespace)
    catalog = URIRef(site + "catalog.ttl#catalog")
    publisher = URIRef(descriptor["publisher"]["iri"])
    g.add((catalog, RDF.type, DCAT.Catalog))
    g.add((catalog, DCAT.dataset, dataset))
    g.add((catalog, DCAT.themeTaxonomy, EU["data-theme"]))
    g.add((EU["data-theme"], RDF.type, SKOS.ConceptScheme))
    for language, title in (("en", "Data theme"), ("fr", "Thème de données")):
        g.add((EU["data-theme"], DCTERMS.title, Literal(title, language)))
    g.add((publisher, RDF.type, FOAF.Agent))
    g.add((publisher, FOAF.name, Literal(descriptor["publisher"]["name"])))
    if "homepage" in descriptor["publisher"]:
        g.add((publisher, FOAF.homepage, URIRef(descriptor["publisher"]["homepage"])))
    g.add((dataset, RDF.type, DCAT.Dataset))
    g.add((dataset, DCTERMS.identifier, Literal(str(dataset))))
    g.add((dataset, DCAT3.version, Literal(descriptor["version"])))
    for subject in (catalog, dataset):
        g.add((subject, DCTERMS.publisher, publisher))
        for language in ("fr", "en"):
            g.add((subject, DCTERMS.title, Literal(descriptor["title"][language], language)))
            g.add((subject, DCTERMS.description, Literal(descriptor["description"][language], language)))
        for date in (DCTERMS.issued, DCTERMS.modified):
            g.add((subject, date, Literal(descriptor["released"], datatype=XSD.date)))
        for language in ("FRA", "ENG"):
            _link(g, subject, DCTERMS.language, EU[f"language/{language}"], DCTERMS.LinguisticSystem)
    _link(g, dataset, DCAT.landingPage, URIRef(site), FOAF.Document)
    _link(g, dataset, DCTERMS.accessRights, EU["access-right/PUBLIC"], DCTERMS.RightsStatement)
    for language, words in descriptor.get("keywords", {}).items():
        for word in words:
            g.add((dataset, DCAT.keyword, Literal(word, language)))
    for theme in descriptor.get("themes", ()):
        _link(g, dataset, DCAT.theme, EU[f"data-theme/{theme}"], SKOS.Concept)
        for language, label in zip(("en", "fr"), THEMES[theme], strict=True):
            g.add((EU[f"data-theme/{theme}"], SKOS.prefLabel, Literal(label, language)))
    _contact(g, dataset, descriptor)
    _coverage(g, dataset, descriptor.get("coverage", {}))
    rights = URIRef(site + "catalog.ttl#rights")
    for language in ("fr", "en"):
        g.add((rights, RDFS.label, Literal(descriptor["rights"][language], language)))
    for name, entry in sorted(entries.items()):
        kind = FORMATS.get("." + name.rpartition(".")[2])
        if kind is not None:
            _distribution(g, dataset, site, name, entry, kind, descriptor, rights)
    return g.serialize(format="turtle", encoding="utf-8")


def _link(g: Graph, subject: URIRef, term: URIRef, value: URIRef, kind: URIRef) -> None:
    """A link, and what it lands on: its class, and its authority table if it is the EU's."""
    g.add((subject, term, value))
    g.add((value, RDF.type, kind))
    scheme, _, code = value.removeprefix(str(EU)).partition("/")
    if value.startswith(str(EU)) and code:
        g.add((value, SKOS.inScheme, EU[scheme]))


def _contact(g: Graph, dataset: URIRef, descriptor: Mapping[str, Any]) -> None:
    contact = URIRef(descriptor["site"] + "catalog.ttl#contact")
    g.add((dataset, DCAT.contactPoint, contact))
    for kind in (VCARD.Kind, VCARD.Organization):
        g.add((contact, RDF.type, kind))
    g.add((contact, VCARD.fn, Literal(descriptor["contact"]["name"])))
    g.add((contact, VCARD.hasEmail, URIRef("mailto:" + descriptor["contact"]["email"])))


def _coverage(g: Graph, dataset: URIRef, coverage: Mapping[str, Any]) -> None:
    for place in coverage.get("spatial", ()):
        _link(g, dataset, DCTERMS.spatial, URIRef(place), DCTERMS.Location)
    if "start" in coverage or "end" in coverage:
        period = BNode("period")  # an IRI here is dereferenced by udata, and the coverage lost
        g.add((dataset, DCTERMS.temporal, period))
        g.add((period, RDF.type, DCTERMS.PeriodOfTime))
        for key, term in (("start", DCAT.startDate), ("end", DCAT.endDate)):
            if key in coverage:
                g.add((period, term, Literal(coverage[key], datatype=XSD.date)))


def _distribution(
    g: Graph,
    dataset: URIRef,
    site: str,
    name: str,
    entry: Entry,
    kind: Format,
    descriptor: Mapping[str, Any],
    rights: URIRef,
) -> None:
    here = URIRef(f"{site}catalog.ttl#{name.replace('/', '-')}")
    checksum = URIRef(f"{here}-sha256")
    licence, file_type, media_type = (
        URIRef(descriptor["licence"]),
        EU[f"file-type/{kind.file_type}"],
        IANA[kind.media_type],
    )
    g.add((dataset, DCAT.distribution, here))
    g.add((here, RDF.type, DCAT.Distribution))
    for language, title in titles(name).items():
        g.add((here, DCTERMS.title, Literal(title, language)))
    g.add((here, DCAT.accessURL, URIRef(site + name)))
    g.add((URIRef(site + name), RDF.type, RDFS.Resource))
    g.add((here, DCAT.downloadURL, URIRef(site + name)))
    _link(g, here, DCTERMS.format, file_type, DCTERMS.MediaTypeOrExtent)
    g.add((file_type, RDFS.label, Literal(kind.label)))
    _link(g, here, DCAT.mediaType, media_type, DCTERMS.MediaType)
    g.add((here, DCAT.byteSize, Literal(str(entry.size), datatype=XSD.nonNegativeInteger)))
    _link(g, here, DCTERMS.license, licence, DCTERMS.LicenseDocument)
    _link(g, here, DCTERMS.rights, rights, DCTERMS.RightsStatement)
    for date in (DCTERMS.issued, DCTERMS.modified):
        g.add((here, date, Literal(descriptor["released"], datatype=XSD.date)))
    g.add((here, SPDX.checksum, checksum))
    g.add((checksum, RDF.type, SPDX.Checksum))
    g.add((checksum, SPDX.algorithm, SHA256))
    g.add((SHA256, RDF.type, SPDX.ChecksumAlgorithm))
    g.add((SHA256, OWL.sameAs, SPDX.checksumAlgorithm_sha256))
    g.add((checksum, SPDX.checksumValue, Literal(entry.sha256, datatype=XSD.hexBinary)))


def titles(name: str) -> dict[str, str]:
    """A file's title in both languages.

    >>> titles("tables/proposals.csv")
    {'fr': 'Table : Propositions (CSV)', 'en': 'Table: Proposals (CSV)'}
    """
    stem, _, extension = name.rpartition(".")
    label = FORMATS["." + extension].label
    table = schema.tables().get(stem.removeprefix("tables/"))
    if stem.startswith("tables/") and table:
        return {
            "fr": f"Table : {table.descriptor['title_fr']} ({label})",
            "en": f"Table: {table.descriptor['title']} ({label})",
        }
    known = {
        "figures": ("Chiffres, un par ligne, avec leur source", "Figures, one a row, with their source"),
        "figures-excel": ("Chiffres, pour tableur", "Figures, for spreadsheets"),
        "vocabulary": ("Vocabulaire et listes de codes", "Vocabulary and code lists"),
    }
    fr, en = known.get(stem, ("Toutes les données", "All the data"))
    return {"fr": f"{fr} ({label})", "en": f"{en} ({label})"}


def data_package(
    descriptor: Mapping[str, Any], entries: Mapping[str, Entry], published: list[schema.Table], flat: schema.Table
) -> bytes:
    """The Data Package of the CSV files, Table Schemas inlined; `flat` is that of figures.csv."""
    names = {table.name for table in published}
    resources = [_resource(f"tables/{t.name}.csv", t.name, entries, _table_schema(t, names)) for t in published]
    resources.append(_resource("figures.csv", flat.name, entries, _table_schema(flat, names)))
    package = {
        "name": descriptor["name"],
        "id": descriptor["base"],
        "title": descriptor["title"]["en"],
        "description": descriptor["description"]["en"],
        "version": descriptor["version"],
        "created": f"{descriptor['released']}T00:00:00Z",
        "homepage": descriptor["site"],
        "licenses": [{"path": descriptor["licence"]}],
        "contributors": [{"title": descriptor["publisher"]["name"], "role": "publisher"}],
        "keywords": descriptor.get("keywords", {}).get("en", []),
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(path: str, name: str, entries: Mapping[str, Entry], table_schema: dict[str, Any]) -> dict[str, Any]:
    entry = entries[path]
    return {
        "name": name,
        "type": "table",
        "path": path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": entry.size,
        "hash": f"sha256:{entry.sha256}",
        "dialect": {
            "csv": {
                "delimiter": ",",
                "lineTerminator": "\n",
                "quoteChar": '"',
                "doubleQuote": True,
                "skipInitialSpace": False,
            }
        },
        "schema": table_schema,
    }


def _table_schema(table: schema.Table, published: set[str]) -> dict[str, Any]:
    """The Table Schema, without links to tables that are not published (all such cells are empty)."""
    inlined = {k: v for k, v in table.descriptor.items() if k not in ("origin", "foreignKeys")}
    links = [
        key
        for key in table.descriptor.get("foreignKeys", ())
        if not key["reference"]["resource"] or key["reference"]["resource"] in published
    ]
    return {**inlined, "foreignKeys": links} if links else inlined
