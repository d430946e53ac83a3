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


def claim(node: GraphNode, language: Language, text: str) -> dict[str, Any]:
    """A statistic in schema.org, with what it claims in words, and who claims it."""
    claimants = [_organisation(agent) for agent in node.all("op:claimant")]
    return {
        **thing("statistic", node, language),
        "text": text,
        **({"author": claimants} if claimants else {}),
    }


def reviews(node: GraphNode, language: Language, text: str) -> list[dict[str, Any]]:
    """A ClaimReview for each rating that somebody has given a statistic, as search engines ask for it."""
    found = []
    for review in node.back("schema:itemReviewed"):
        given = review.one("schema:reviewRating")
        if not review.has_type("schema:ClaimReview") or given is None:
            continue
        name, date = given.said("schema:alternateName", language), review.text("schema:datePublished")
        page = next((each.iri for each in review.all("schema:url") if is_web_iri(each.iri)), "")
        numbers = {key: given.text(f"schema:{key}") for key in ("ratingValue", "bestRating", "worstRating")}
        found.append(
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "@id": review.iri,
                "claimReviewed": text,
                "itemReviewed": {"@type": "Claim", "@id": node.iri, "name": node.label(language).value},
                "author": [_organisation(agent) for agent in review.all("schema:author")],
                "reviewRating": {
                    "@type": "Rating",
                    **({"alternateName": name.value} if name else {}),
                    **{key: number for key, number in numbers.items() if number},
                },
                **({"url": page} if page else {}),
                **({"datePublished": date} if date else {}),
            }
        )
    return found


def dataset(node: GraphNode, language: Language) -> dict[str, Any]:
    """The release's dataset, as its catalogue has it, in schema.org: plain texts in the page's language.

    Google Dataset Search wants texts there: an array of values that each name a language is not read.
    """
    description, licence, site = node.said("dcterms:description", language), node.one("dcterms:license"), _web(node)
    matches = [match.iri for match in licence.all("skos:exactMatch") if is_web_iri(match.iri)] if licence else []
    publisher = [_organisation(each) for each in node.all("dcterms:publisher")]
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": node.iri,
        "name": node.label(language).value,
        "description": description.value if description else "",
        **({"url": site} if site else {}),
        "identifier": node.text("dcterms:identifier") or node.iri,
        "version": node.text("dcat:version"),
        "datePublished": node.text("dcterms:issued"),
        "dateModified": node.text("dcterms:modified"),
        "inLanguage": node.label(language).language or language,
        "isAccessibleForFree": True,
        **({"license": [licence.iri, *matches] if matches else licence.iri} if licence else {}),
        "keywords": [text.value for text in node.texts("dcat:keyword") if text.language in (language, "")],
        "creator": publisher,
        "publisher": publisher,
        **_coverage(node, language),
        "distribution": [_download(each, language) for each in node.all("dcat:distribution")],
    }


def _web(node: GraphNode) -> str:
    page = node.one("dcat:landingPage")
    return page.iri if page and is_web_iri(page.iri) else ""


def _organisation(node: GraphNode) -> dict[str, str]:
    home = node.one("foaf:homepage")
    return {
        "@type": "Organization",
        "@id": node.iri,
        "name": node.text("foaf:name") or node.label("").value,
        **({"url": home.iri} if home and is_web_iri(home.iri) else {}),
    }


def _coverage(node: GraphNode, language: Language) -> dict[str, Any]:
    period = node.one("dcterms:temporal")
    ends = [period.text(name) or ".." for name in ("dcat:startDate", "dcat:endDate")] if period else []
    places = [
        {"@type": "Place", "@id": place.iri, "name": place.label(language).value}
        for place in node.all("dcterms:spatial")
    ]
    return {
        **({"temporalCoverage": "/".join(ends)} if ends else {}),
        **({"spatialCoverage": places} if places else {}),
    }


def _download(node: GraphNode, language: Language) -> dict[str, str]:
    address, media = node.one("dcat:downloadURL"), node.one("dcat:mediaType")
    checksum = node.one("spdx:checksum")
    return {
        "@type": "DataDownload",
        "name": node.label(language).value,
        "contentUrl": address.iri if address else "",
        **({"encodingFormat": media.iri.partition("/media-types/")[2] or media.iri} if media else {}),
        "contentSize": f"{node.text('dcat:byteSize')} B",
        **({"sha256": checksum.text("spdx:checksumValue").lower()} if checksum else {}),
    }


def _named(node: GraphNode, language: Language) -> dict[str, str]:
    kind = {"agent": "Organization"}.get(node.iri.rsplit("/", 2)[-2] if node.iri.count("/") > 1 else "", "CreativeWork")
    return {"@type": kind, "@id": node.iri, "name": node.label(language).value}
