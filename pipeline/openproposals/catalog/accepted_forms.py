"""Which file an IRI leads to by what a client accepts, in what nginx and Apache both read: regular expressions."""

from __future__ import annotations

from collections.abc import Iterator

# An item: it has a page, or a file that leads to one, where the site is hosted (docs/decisions/0012-site.md).
ITEM = "[a-z]+(?:-[a-z]+)*/[A-Za-z0-9][A-Za-z0-9._~-]*"
# With this begin the IRIs of the vocabulary, of the lists of codes, of the example questions, and of some publishers.
TERMS = "https://w3id.org/openproposals/"
TERM = "ns|publisher|code(?:/[A-Za-z0-9][A-Za-z0-9._~-]*){1,2}|queries/[A-Za-z0-9][A-Za-z0-9._~-]*"
# What an item is had as, in the order of preference where a client has none, and the media types that ask for it.
_FORMS = (
    (".html", r"text/html|application/xhtml\+xml"),
    (".jsonld", r"application/(?:ld\+)?json"),
    (".ttl", "text/turtle"),
    (".nt", "application/n-triples"),
    (".rdf", r"application/rdf\+xml"),
    (".html", r"\*/\*|text/\*"),
)
# The file of a whole release in each form, where an item has no page of its own.
WHOLE = {
    ".html": "index.html",
    ".jsonld": "{name}.jsonld",
    ".ttl": "{name}.ttl",
    ".nt": "{name}.ttl",
    ".rdf": "catalog.rdf",
}


def asked() -> Iterator[tuple[str, str]]:
    """Patterns of the Accept header, each with the ending that it asks for, the most wanted first.

    Wanted most is what has the greatest weight, to one decimal, and then what stands first in our order. A weight of
    zero asks for nothing.
    """
    weights = [r"(?:;\s*q=1(?:\.0*)?)?", *(rf";\s*q=0\.{tenth}[0-9]*" for tenth in range(9, 0, -1))]
    for weight in weights:
        for form, media in _FORMS:
            yield rf"(?:^|,)\s*(?:{media})\s*(?:;(?!\s*q=)[^;,]+)*{weight}\s*(?:,|$)", form
