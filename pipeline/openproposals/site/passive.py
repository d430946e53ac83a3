"""Which of a release's files a site may hold: those whose names a run gives, and that no browser and no server runs.

A stranger's release may list any file as its own. What stands on a site is trusted as its pages are, so a page, a
picture with scripts, or a file that a web server obeys is never taken over, whatever lists it.
"""

from __future__ import annotations

import re
from xml.parsers import expat

_DATA = "ttl|jsonld|nt|rdf|csv|json|bib"
_NAME = re.compile(
    rf"(?:releases/[0-9.]+/)?(?:[a-z0-9-]+[.](?:{_DATA})|[a-z0-9-]+[.](?:ttl|jsonld|nt)[.]gz|CITATION[.]cff|report[.]json|SHA256SUMS"
    r"|[a-z0-9-]+[.]csv-metadata[.]json|sources[.]csl[.]json|[.]zenodo[.]json|[.]well-known/void|schemas/[a-z0-9-]+[.]json"
    r"|tables/[a-z0-9-]+[.]csv(?:-metadata[.]json)?|hosting/(?:(?:nginx|apache)[.]conf|w3id(?:-terms)?[.]htaccess|github-pages[.]yml))"
)
_RUN = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/XSL/Transform")


def is_name(name: str) -> bool:
    """Whether a run gives this name to a file of data.

    >>> [is_name(n) for n in ("a.ttl", "tables/a.csv", "releases/1.0.0/a.nt.gz", "a.svg", ".htaccess", "x/a.csv")]
    [True, True, True, False, False, False]
    """
    return bool(_NAME.fullmatch(name))


def is_page(name: str) -> bool:
    """Whether it is a release's own page, in place of which a site has pages of its own."""
    return bool(re.fullmatch(r"(?:releases/[0-9.]+/)?index[.]html", name))


def is_inert(name: str, data: bytes) -> bool:
    """Whether nothing in a file of data is run by a browser that shows it: no page and no style sheet in XML.

    Nor does a file without an extension begin as a page does: a browser may guess its type from that.

    >>> page = b'<RDF><s xmlns="http://www.w3.org/1999/xhtml"/></RDF>'
    >>> is_inert("a.rdf", b"<RDF/>"), is_inert("a.rdf", page), is_inert("a.ttl", page)
    (True, False, True)
    """
    if not name.endswith(".rdf"):
        return "." in name.rpartition("/")[2] or not data.lstrip().startswith(b"<")
    active: list[object] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: active.extend(
        value for key, value in attributes.items() if key.startswith("xmlns") and value.strip() in _RUN
    )
    parser.ProcessingInstructionHandler = lambda *found: active.append(found)
    parser.StartDoctypeDeclHandler = lambda *found: active.append(found)
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return not active
