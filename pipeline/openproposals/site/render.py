"""Rendering of pages with Jinja: the functions that templates get. All text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

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
    texts,
)
from openproposals.model import schema
from openproposals.model.rdf import LiteralTerm, is_web_iri
from openproposals.site import beside, charts, drawing, listing, overview, sentences, templating
from openproposals.site.chain import Chain
from openproposals.site.locations import PageLocation, output
from openproposals.site.nodes import GraphNode
from openproposals.words.cldr import direction

_NAMES = 20_000  # names, and values in words, that are kept


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
    return templating.template("leading.html").render(target=target, **facts).encode()


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

    turns = direction(chrome) != direction(language)

    def words_of(text: LiteralTerm) -> Markup:
        return templating.marked(text.value, text.language, differs=turns or text.language.lower() != chrome.lower())

    def to_node(node: GraphNode, kind: str = "") -> Markup:
        return templating.linked(place.link(node), words_of(label(node)), kind)

    tools: dict[str, Any] = {
        "words_of": words_of,
        "to_node_of": to_node,
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
    found = templating.template(f"{template}.html")
    address = given["release"].address + quote(output(place.path, language, place.languages[0]))
    return found.render(
        place=place, lang=chrome, language=language, languages=place.languages, address=address, **tools | given
    ).encode()
