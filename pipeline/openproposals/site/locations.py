"""Where pages and files of a site are: their paths, and the links from one to another."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from urllib.parse import quote

from openproposals.messages import Language, spoken
from openproposals.model.rdf import is_web_iri
from openproposals.site.nodes import GraphNode

_LINKS = 1 << 16  # links that are kept: those of a page's frame are asked for again on each page


def output(path: str, language: Language, main: Language, ending: str = ".html") -> str:
    """The path of a page's file in the site: the main language at the root, each other one in its own folder.

    >>> output("statistic/S02", "fr", "fr"), output("statistic/S02", "pt-BR", "fr")
    ('statistic/S02.html', 'pt-BR/statistic/S02.html')
    """
    return ("" if language == main else f"{language}/") + path + ending


@dataclass(frozen=True)
class PageLocation:
    """The path and the language of the page being written; links are relative to it.

    language: that of the data, any tag; `chrome` is that of the program's words. languages: those of the release, the
    main one first. paths: pages' paths by IRI. root: where links are absolute, the address that they begin with.
    """

    path: str
    language: Language
    languages: Sequence[Language]
    paths: Mapping[str, str]
    root: str = ""

    @property
    def chrome(self) -> Language:
        """The language of the program's words on the page."""
        return spoken(self.language)

    def to(self, path: str, ending: str = ".html", language: Language | None = None) -> str:
        """A link to another page of the site."""
        return self.file(output(path, language or self.language, self.languages[0], ending))

    @cached_property
    def here(self) -> str:
        """The folder of the page, from the root of the site; "" for the root itself."""
        return posixpath.dirname(output(self.path, self.language, self.languages[0]))

    def file(self, name: str) -> str:
        """A link to a file of the site, given by its path from the root; a colon in it is escaped."""
        if self.root:
            return self.root + quote(posixpath.normpath(name), safe="/~").removeprefix(".")
        return _relative(name, self.here)

    def link(self, node: GraphNode) -> str:
        """A link to a node: its page, else its IRI where that is a web address, else ""."""
        path = self.paths.get(node.iri)
        return self.to(path) if path else node.iri if is_web_iri(node.iri) else ""


@lru_cache(_LINKS)
def _relative(name: str, here: str) -> str:
    """A link to a file from a folder, both given from the root of the site.

    >>> _relative("assets/site.css", "en/theme"), _relative("en/theme/P 1.html", "en/theme"), _relative(".", "")
    ('../../assets/site.css', 'P%201.html', '.')
    """
    there, start = [] if name == "." else name.split("/"), here.split("/") if here else []
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(there[:-1], start, strict=False)))
    return quote("/".join([".."] * (len(start) - shared) + there[shared:]) or ".", safe="/~")
