"""Structured data for search engines: schema.org as JSON-LD inside a page."""

from __future__ import annotations

from typing import Any

from openproposals.messages import Language
from openproposals.model.rdf import is_web_iri
from openproposals.site.nodes import GraphNode

_TYPES = {
    "proposal": "CreativeWork",
    "statistic": "Claim",
    "source": "CreativeWork",
    "document": "CreativeWork",
    "theme": "DefinedTerm",
    "agent": "Organization",
    "term": "DefinedTerm",
    "withdrawn": "Thing",
}
_SUMMARIES = ("dcterms:abstract", "skos:definition", "rdfs:comment")


def thing(kind: str, node: GraphNode, language: Language) -> dict[str, Any]:
    """A node in schema.org: type, name, description, and the works it is based on."""
    summary = next((s for name in _SUMMARIES if (s := node.said(name, language))), None)
    related = {
        "appearance": [_named(n, language) for n in node.all("schema:appearance")],
        "isBasedOn": [_named(n, language) for n in (*node.all("op:citesSource"), *node.all("cito:citesAsEvidence"))],
        "isPartOf": [_named(n, language) for n in node.all("dcterms:isPartOf")],
        "publisher": [_named(n, language) for n in node.all("dcterms:publisher")],
    }
    return {
        "@context": "https://schema.org",
        "@type": _TYPES[kind],
        "@id": node.iri,
        "name": node.label(language).value,
        "inLanguage": node.label(language).language or language,
        **({"description": summary.value} if summary else {}),
        **({"datePublished": node.text("dcterms:issued")} if kind in ("source", "document") else {}),
        **{name: found for name, found in related.items() if found},
    }


def dataset(node: GraphNode, language: Language, resources: list[dict[str, str]]) -> dict[str, Any]:
    """The release as a schema.org Dataset; `resources` are its downloads (keys `path` and `type`)."""
    description = node.said("dcterms:description", language)
    licence = node.one("dcterms:license")
    site = node.one("dcat:landingPage")
    begins = site.iri if site and is_web_iri(site.iri) else ""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": node.iri,
        "name": node.label(language).value,
        "description": description.value if description else "",
        "inLanguage": node.label(language).language or language,
        "version": node.text("dcat:version"),
        "datePublished": node.text("dcterms:issued"),
        **({"license": licence.iri} if licence else {}),
        "creator": [_named(n, language) for n in node.all("dcterms:publisher")],
        "distribution": [
            {"@type": "DataDownload", "contentUrl": begins + r["path"], "encodingFormat": r["type"]} for r in resources
        ],
    }


def _named(node: GraphNode, language: Language) -> dict[str, str]:
    kind = {"agent": "Organization"}.get(node.iri.rsplit("/", 2)[-2] if node.iri.count("/") > 1 else "", "CreativeWork")
    return {"@type": kind, "@id": node.iri, "name": node.label(language).value}
