"""How a page is cited: a source as the work it is, a statistic or a proposal as an entry of this dataset."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from openproposals.dumps import references
from openproposals.messages import Language, day, spoken
from openproposals.model.rdf import is_web_iri
from openproposals.site.nodes import GraphNode

_RIS = {"document": "GEN", "webpage": "ELEC"}
_RIS_FIELDS = (
    ("PB", "publisher"),
    ("T2", "container-title"),
    ("ET", "version"),
    ("SP", "page"),
    ("UR", "URL"),
    ("LA", "language"),
)


@dataclass(frozen=True)
class Citation:
    """What is cited, as a CSL-JSON item (schema 1.0.2), and the day, version and address that the styles name.

    language: that of the page, a tag; the styles are said in the program's language that is nearest.
    """

    item: Mapping[str, Any]
    issued: str
    language: Language

    @property
    def csl(self) -> str:
        """CSL-JSON, an array of one."""
        return json.dumps([self.item], ensure_ascii=False, indent=1)

    @property
    def bibtex(self) -> str:
        """BibTeX."""
        return references.bibtex([dict(self.item)])

    @property
    def ris(self) -> str:
        """RIS, with the line ends that it asks for."""
        return "".join(f"{tag}  - {' '.join(text.split())}\r\n" for tag, text in self._ris()) + "ER  - \r\n"

    @property
    def coins(self) -> str:
        """An OpenURL ContextObject, as COinS has it in a page: it alone tells Zotero a body from a person.

        Its kinds, `webpage` and `document`, are named as CSL's are.
        """
        item = self.item
        named: Mapping[str, str] = next(iter(item.get("author", ())), {})
        said = {
            "ctx_ver": "Z39.88-2004",
            "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
            "rft.type": item["type"],
            "rft.title": item["title"],
            "rft.source": item.get("container-title", ""),
            "rft.aucorp": named.get("literal", ""),
            "rft.aulast": named.get("family", ""),
            "rft.aufirst": named.get("given", ""),
            "rft.publisher": item.get("publisher", ""),
            "rft.date": self.issued,
            "rft.pages": item.get("page", ""),
            "rft.language": item.get("language", ""),
            "rft.identifier": item.get("URL", ""),
        }
        return urlencode({key: text for key, text in said.items() if text}, quote_via=quote)

    def _ris(self) -> Iterator[tuple[str, str]]:
        item = self.item
        yield "TY", _RIS[item["type"]]
        yield "TI", item["title"]
        if self.author:
            yield "AU", self.author
        for tag, key in _RIS_FIELDS:
            if key in item:
                yield tag, item[key]
        if self.issued:
            year, *rest = self.issued.split("-")
            yield "PY", year
            yield "DA", "/".join([year, *rest, "", "", ""][:4])
        yield "N1", item["note"]

    @property
    def author(self) -> str:
        """Who is named first."""
        return ", ".join(
            ", ".join(str(a[part]) for part in ("family", "given", "literal") if part in a)
            for a in self.item.get("author", ())
        )

    def style(self, name: str, say: Callable[..., str]) -> str:
        """The citation as a person writes it. name: `apa` or `iso690`. say: a text of the pages by its name."""
        date = day(self.issued, spoken(self.language)) if self.issued else say("cite_undated")
        author = self.author.upper() if name == "iso690" else self.author
        facts = {"author": author, "date": date, "title": self.item["title"]}
        within = {"container": self.item.get("container-title", ""), "version": self.item.get("version", "")}
        key, address = f"cite_{name}" if within["container"] else f"cite_{name}_work", self.item.get("URL", "")
        said = re.sub(r"([.?!])\.", r"\1", say(key, **facts, **within, address=address)).strip(" .,:")
        return said if address else f"{said}."


def work(source: GraphNode, language: Language) -> Citation:
    """A source: the work itself, as printed. Its publisher stands as its author, as in the release's own references.

    An address that is not certain to be the work's is not cited.
    """
    title = source.said("dcterms:title", language)
    publishers = source.all("dcterms:publisher")
    names = [(each, each.label(language).value) for each in publishers]
    authors = [references.person(name) if each.has_type("foaf:Person") else {"literal": name} for each, name in names]
    pages, issued = source.text("schema:pagination"), source.text("dcterms:issued")
    certain = all(status.local != "located-uncertain" for status in source.all("op:traceStatus"))
    names_of_address = ("schema:url", "schema:archivedAt") if certain else ("schema:archivedAt",)
    address = next((n.iri for name in names_of_address for n in source.all(name)), "")
    item = {
        "id": source.local,
        "type": "document",
        "title": title.value if title else f"[{source.label(language).value}]",
        **({"language": title.language} if title and title.language else {}),
        **({"author": authors[:1], "publisher": names[0][1]} if names else {}),
        **_issued(issued),
        **({"URL": address} if is_web_iri(address) else {}),
        **({"page": pages} if pages else {}),
        "note": f"openproposals: {source.iri}",
    }
    return Citation(item, issued, language)


def entry(node: GraphNode, said: str, dataset: GraphNode, language: Language) -> Citation:
    """An entry of the dataset. said: its title. The address is its IRI, which stays; the date is the release's."""
    publishers = [each.label(language).value for each in dataset.all("dcterms:publisher")]
    issued = (dataset.text("dcterms:modified") or dataset.text("dcterms:issued"))[:10]
    item = {
        "id": f"{node.iri.rstrip('/').rsplit('/', 3)[-3]}-{node.local}",
        "type": "webpage",
        "title": said,
        "language": language,
        **({"author": [{"literal": publishers[0]}], "publisher": publishers[0]} if publishers else {}),
        "container-title": dataset.label(language).value,
        "version": dataset.text("dcat:version"),
        **_issued(issued),
        "URL": node.iri,
        "note": f"openproposals: {node.iri}",
    }
    return Citation(item, issued, language)


def _issued(date: str) -> dict[str, Any]:
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", date)
    return {"issued": {"date-parts": [[int(part) for part in parts.groups() if part]]}} if parts else {}
