"""Rendering of pages with Jinja: the functions that templates get. All text is escaped."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from openproposals.messages import (
    Language,
    day,
    filled,
    fitting,
    language_in_itself,
    number,
    own_texts,
    size,
    spaced,
    spoken,
    texts,
)
from openproposals.model import schema
from openproposals.model.rdf import LiteralTerm, is_web_iri
from openproposals.site import beside, charts, drawing, listing, overview, sentences
from openproposals.site.chain import Chain
from openproposals.site.nodes import GraphNode
from openproposals.words.cldr import direction

_NAMES = 20_000  # names, and values in words, that are kept
_LINKS = 1 << 16  # links that are kept: those of a page's frame are asked for again on each page
_HERE = Path(__file__).parent


class _PlainContext(jinja2.runtime.Context):
    """Calls what a template calls without a look at it first: none of our functions asks for the template's state."""

    def call(self, called: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Call it, without the variables of the loop and the block around it."""
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*given, **named)


class _Environment(jinja2.Environment):
    """Templates in a plain context."""

    context_class = _PlainContext


@cache
def _environment() -> jinja2.Environment:
    return _Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def words(language: Language) -> dict[str, str]:
    """Every text of the pages in a language, by name."""
    return {name: spaced(text, language) for name, text in texts("site/words", language)["words"].items()}


def say(name: str, language: Language, **facts: object) -> str:
    """A text of the pages in a language; `n` chooses singular or plural.

    >>> say("n_sources", "fr", n=1), say("n_sources", "en", n=1200)
    ('1 source', '1,200 sources')
    """
    text = words(language)[name]
    return filled(text, language, **facts) if facts else text


def output(path: str, language: Language, main: Language, ending: str = ".html") -> str:
    """The path of a page's file in the site: the main language at the root, each other one in its own folder.

    >>> output("statistic/S02", "fr", "fr"), output("statistic/S02", "pt-BR", "fr")
    ('statistic/S02.html', 'pt-BR/statistic/S02.html')
    """
    return ("" if language == main else f"{language}/") + path + ending


@dataclass(frozen=True)
class RenderedMemory:
    """What the pages of a site in one language say again and again: parts of their frame, names, values in words.

    Names and values are dropped when they are many: most are those of pages that stand near each other.
    """

    frames: dict[tuple[str, ...], str] = field(default_factory=dict)
    labels: dict[str, LiteralTerm] = field(default_factory=dict)
    values: dict[tuple[str, str], sentences.Sentence] = field(default_factory=dict)

    def make_room(self) -> None:
        """Forget names and values, once they are many."""
        for kept in (self.labels, self.values):
            if len(kept) > _NAMES:
                kept.clear()


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
    return quote(posixpath.relpath(f"/{name}", f"/{here}"), safe="/~")


def known(node: GraphNode, language: Language) -> LiteralTerm | None:
    """The name of a well-known IRI for which the release has no label (`model/known.toml`); None for any other node."""
    if node.known:
        return None
    said = own_texts("model/known", language)
    language = language if node.iri in said else "en"
    named = texts("model/known", language).get(node.iri)
    return LiteralTerm(named, "", language) if named else None


def described(thing: Mapping[str, Any], key: str, language: Language) -> LiteralTerm:
    """A text of a table's or a column's description, in the language or in another that it has."""
    said = schema.said(thing, key)
    tag = fitting(said, language)
    return LiteralTerm(said.get(tag, ""), "", tag)


def _word(name: str, *, printed: bool) -> str:
    """The name of a text; where no note marker is recorded (not `printed`), its variant `NAME_given`, if any."""
    given = f"{name}_given"
    return given if not printed and given in words("en") else name


def leading(path: str, page: str, place: str, label: LiteralTerm, languages: Sequence[Language]) -> bytes:
    """The file at the address of a node that is shown on the page of another: it leads there, to its place."""
    location = PageLocation(path, languages[0], languages, {})
    target = location.to(page) + (f"#{place}" if place else "")
    facts = {"label": label, "lang": location.chrome, "direction": direction(languages[0])}
    return _environment().get_template("leading.html").render(target=target, **facts).encode()


def claim(chain: Chain, place: PageLocation, *, printed: bool) -> str:
    """What a statistic claims, in plain words. printed: whether the release has note markers."""
    said = sentences.claim(chain, place.language, lambda name: words(place.chrome)[_word(name, printed=printed)])
    return sentences.plain(said)


def render(template: str, place: PageLocation, **given: Any) -> bytes:
    """A page as UTF-8. Everything that a template prints is escaped; only `tojson` writes into a script element."""
    language, chrome = place.language, place.chrome
    printed = given["printed"]

    def forms(name: str) -> str:
        return words(chrome)[_word(name, printed=printed)]

    memory: RenderedMemory = given["memory"]
    memory.make_room()

    def kept(name: str, caller: Callable[[], str]) -> str:
        key = name, place.here, "" if "/" in place.path else place.path
        if key not in memory.frames:
            memory.frames[key] = caller()
        return memory.frames[key]

    def label(node: GraphNode) -> LiteralTerm:
        if node.iri not in memory.labels:
            memory.labels[node.iri] = known(node, chrome) or node.label(language)
        return memory.labels[node.iri]

    def in_words(figure: GraphNode, kind: str) -> sentences.Sentence:
        key = figure.iri, kind
        if key not in memory.values:
            memory.values[key] = sentences.said_value(figure, kind, language)
        return memory.values[key]

    tools: dict[str, Any] = {
        "kept": kept,
        "svg": drawing.svg,
        "citation": None,
        "reviews": (),
        "chain": None,
        "colon": spaced(texts("signs", chrome)["colon"], chrome),
        "w": lambda name, **facts: say(_word(name, printed=printed), chrome, **facts),
        "forms": forms,
        "statement": lambda chain: sentences.statement(chain, language, forms),
        "reference": lambda source: sentences.reference(source, language, forms),
        "statistics_of": lambda nodes: listing.statistics(nodes, language),
        "proposals_of": lambda nodes: listing.proposals(nodes, language),
        "sources_of": lambda nodes: listing.sources(nodes, language),
        "most": listing.MOST,
        "publishers_of": listing.publishers,
        "by_node": lambda items: {item.node: item for item in items},
        "used": overview.used,
        "known_words": words(chrome),
        "side_by_side": lambda found: beside.side_by_side(
            found, language, lambda figure, kind: sentences.plain(in_words(figure, kind))
        ),
        "chart_of": lambda found: charts.chart(found, language),
        "in_words": in_words,
        "sentence": sentences.plain,
        "size": lambda octets: size(octets, chrome),
        "to": place.to,
        "file": place.file,
        "link": place.link,
        "quantity": lambda text: number(text, chrome),
        "day": lambda text: day(text, chrome),
        "of_kind": lambda nodes, kind: [n for n in nodes if place.paths.get(n.iri, "").partition("/")[0] == kind],
        "label": label,
        "said": lambda node, name: node.said(name, language),
        "described": lambda thing, key: described(thing, key, language),
        "named": language_in_itself,
        "direction": direction,
        "asked_in": lambda texts: texts[fitting(texts, chrome)],
        "plain": lambda text: LiteralTerm(text, "", ""),
        "is_web": is_web_iri,
    }
    found = _environment().get_template(f"{template}.html")
    address = given["release"].address + quote(output(place.path, language, place.languages[0]))
    return found.render(
        place=place, lang=chrome, language=language, languages=place.languages, address=address, **tools | given
    ).encode()
