"""What has an IRI and is shown on a page of something else: where it leads, and the triples that are its data.

Figures, passages, notes and remarks stand on the page of what they are about; the publisher on the first page; the
example questions, which are the program's own, on the query page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from openproposals.catalog.accepted_forms import TERMS
from openproposals.messages import Language, fitting, spoken
from openproposals.model.rdf import LiteralTerm, Triple
from openproposals.query import examples
from openproposals.site.pages import Page, parts
from openproposals.site.source import SiteData

_PLACED = ("figure", "remark")  # kinds of nodes whose place on a page has their name
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class ShownElsewhere:
    """A node's path in the site, the path of the page that it leads to, the place there, its name and its data."""

    path: str
    target: str
    place: str
    label: LiteralTerm
    triples: Sequence[Triple]


def shown(page: Page, iris: Iterable[str], base: str, language: Language) -> Iterator[ShownElsewhere]:
    """Those of the nodes on a page that lead to it (`pages.shown_on`)."""
    for part in parts(page, iris, base):
        place = quote(part.node.local) if part.path.partition("/")[0] in _PLACED else ""
        yield ShownElsewhere(part.path, page.path, place, part.node.label(language), part.triples)


def standing(found: SiteData, language: Language) -> Iterator[ShownElsewhere]:
    """What is of the whole release and of the program: the publisher, and the example questions."""
    for agent in found.dataset.all("dcterms:publisher"):
        key = agent.iri.removeprefix(TERMS)
        if agent.iri.startswith(TERMS) and _SAFE.fullmatch(key):
            yield ShownElsewhere(f"term/{key}", "index", "", agent.label(language), found.records.triples(agent.iri))
    for example in examples.load():
        asked = fitting(example.question, spoken(language))
        label = LiteralTerm(example.question[asked], "", asked)
        path = f"term/queries/{example.name}"
        yield ShownElsewhere(path, "query", f"example={example.name}", label, examples.described(example.name))
    prefixes = examples.described("prefixes")
    yield ShownElsewhere("term/queries/prefixes", "query", "", LiteralTerm("prefixes", "", ""), prefixes)
