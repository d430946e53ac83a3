"""The landing page: one HTML file in the languages of the corpus, with a schema.org Dataset for search engines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from openproposals.catalog import datapackage, history, in_parts, registry
from openproposals.messages import LANGUAGES, Translated, day, language_in_itself, size, texts
from openproposals.model.tables import Tables
from openproposals.release.ours import FileDigest

COUNTED = ("proposals", "statistics", "figures", "sources")
REFERENCES = (("sources.bib", "BibTeX"), ("sources.csl.json", "CSL-JSON"))
STATUSES = ("cited", "uncited", "dangling", "ambiguous", "not-recorded")


def landing(
    descriptor: Mapping[str, Any], entries: Mapping[str, FileDigest], tables: Tables, cited: Mapping[str, int]
) -> bytes:
    """The page as UTF-8. Everything in it is escaped; the descriptor's rules allow http(s) addresses only.

    tables: their heights are told. cited: the number of statistics by citation status (see `statuses`).
    """
    issued, modified = history.dates(descriptor)
    said = {tag: registry.languages({"languages": [tag]})[0] for tag in descriptor["languages"]}
    files = [_file(name, entries[name]) for name in registry.distributions(entries)]
    text = _template().render(
        d=descriptor,
        words={language: texts("catalog/page", language) for language in LANGUAGES},
        files=[f for f in files if not f["name"].startswith("tables/")],
        tables=[f for f in files if f["name"].startswith("tables/")],
        rows={name: tables.height(name) for name in COUNTED},
        statuses=cited,
        references=[(name, label) for name, label in REFERENCES if name in entries],
        licence=datapackage.licence(descriptor),
        languages=descriptor["languages"],
        said=said,
        names={tag: language_in_itself(tag) for tag in descriptor["languages"]},
        year=modified[:4],
        issued={language: day(issued, language) for language in LANGUAGES},
        modified={language: day(modified, language) for language in LANGUAGES},
        previous=history.previous(descriptor),
        notes=history.notes(descriptor),
        dataset=_in_script(schema_org(descriptor, entries, descriptor["languages"][0])),
    )
    return (text + "\n").encode()


def statuses(tables: Tables) -> dict[str, int]:
    """The number of statistics by citation status."""
    counted = tables.counts("statistics", "citation_status")
    return {status: counted[status] for status in STATUSES}


def schema_org(descriptor: Mapping[str, Any], entries: Mapping[str, FileDigest], language: str) -> dict[str, Any]:
    """The schema.org Dataset, as Google Dataset Search requires it, with a DataDownload for each data file.

    Its texts are plain, in the page's language: an array of values that each name a language is not read.
    """
    site, (issued, modified) = str(descriptor["site"]), history.dates(descriptor)
    said = registry.languages({"languages": [language]})[0]
    coverage = descriptor.get("coverage", {})
    publisher = {
        "@type": "Organization",
        "@id": descriptor["publisher"]["iri"],
        "name": descriptor["publisher"]["name"],
    }
    contact = {"@type": "ContactPoint", "name": descriptor["contact"]["name"], "email": descriptor["contact"]["email"]}
    period = f"{coverage.get('start', '..')}/{coverage.get('end', '..')}"
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": descriptor["base"],
        "name": descriptor["title"][language],
        "description": descriptor["description"][language],
        "url": site,
        "identifier": descriptor["base"],
        "version": descriptor["version"],
        "datePublished": issued,
        "dateModified": modified,
        "inLanguage": descriptor["languages"],
        "isAccessibleForFree": True,
        "license": datapackage.licence(descriptor)["path"],
        "keywords": list(descriptor.get("keywords", {}).get(language, ())),
        "creator": publisher,
        "publisher": {**publisher, "contactPoint": contact},
        **({"temporalCoverage": period} if period != "../.." else {}),
        **({"spatialCoverage": [_place(iri, said) for iri in coverage["spatial"]]} if coverage.get("spatial") else {}),
        "distribution": [_download(site, name, entries[name], said) for name in registry.distributions(entries)],
    }


def _place(iri: str, language: str) -> dict[str, Any]:
    about = registry.place(iri)
    return {"@type": "Place", "@id": iri, **({"name": about[language]} if about else {})}


def _download(site: str, name: str, entry: FileDigest, language: str) -> dict[str, Any]:
    kind, packed = registry.format_of(name), name.endswith(registry.GZIP)
    parted = isinstance(entry, in_parts.PartedFile)
    assert kind is not None, "only data files are listed"
    return {
        "@type": "DataDownload",
        "name": Translated(registry.titles(name)).say(language),
        "contentUrl": site + name if not parted else [site + part for part in in_parts.parts_of(name, entry)],
        "encodingFormat": [kind.media_type, "application/gzip"] if packed else kind.media_type,
        "contentSize": f"{entry.size} B",
        **({} if parted else {"sha256": entry.sha256}),
    }


def _file(name: str, entry: FileDigest) -> dict[str, Any]:
    kind = registry.format_of(name)
    assert kind is not None, "only data files are listed"
    said = Translated(registry.titles(name))
    titles = {language: said.say(language).rpartition(" (")[0] for language in LANGUAGES}
    label = f"{kind.label}, gzip" if name.endswith(registry.GZIP) else kind.label
    link = "SHA256SUMS" if isinstance(entry, in_parts.PartedFile) else name  # which names the parts
    return {
        "name": name,
        "link": link,
        "title": titles,
        "label": label,
        "size": {x: size(entry.size, x) for x in LANGUAGES},
    }


def _in_script(value: Mapping[str, Any]) -> str:
    """JSON for a script element: <, > and & are escaped, so that it cannot end the element."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _template() -> jinja2.Template:
    text = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
                                     lstrip_blocks=True)  # fmt: skip
    return environment.from_string(text)
