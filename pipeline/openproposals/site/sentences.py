"""A statistic in a sentence or two: what is claimed, by whom, where, and with what source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

from openproposals.messages import Language, day, spoken
from openproposals.model.rdf import LiteralTerm
from openproposals.site.chain import Chain
from openproposals.site.nodes import GraphNode
from openproposals.site.quantities import value

Say = Callable[..., str]  # a text of the pages by its name, its facts filled in
_STATUSES = ("dangling", "uncited", "ambiguous", "not-recorded")


@dataclass(frozen=True)
class Piece:
    """A run of words: its language ("" for the page's own), and whether it is a value or a work's title."""

    text: str
    language: str = ""
    role: Literal["", "value", "title"] = ""


Sentence = list[Piece]


def plain(sentence: Iterable[Piece]) -> str:
    """The words alone.

    >>> plain([Piece("330,000 people", role="value"), Piece(".")])
    '330,000 people.'
    """
    return "".join(piece.text for piece in sentence)


def claim(chain: Chain, language: Language, say: Say) -> Sentence:
    """What a statistic claims: its label and its values."""
    label, values = [_piece(chain.statistic.label(language), language)], list(_figures(chain, language, say))
    return _filled(say("sentence_claim"), label=label, values=_joined(values)) if values else label


def statement(chain: Chain, language: Language, say: Say) -> Sentence:
    """What a statistic claims, by whom and where, then its source as it is printed or given, or that none is."""
    statistic, said = chain.statistic, claim(chain, language, say)
    names = [[_piece(agent.label(language), language)] for agent in statistic.all("op:claimant")]
    if names:
        said += _filled(say("sentence_by"), who=_joined(names))
    for document in statistic.all("schema:appearance")[:1]:
        said += _filled(say("sentence_in"), document=[_title(document, language)])
    for place in [found for passage in chain.passages[:1] if (found := passage.said("rdfs:label", language))]:
        said += _filled(say("sentence_at"), place=[_piece(place, language)])
    return [*said, Piece("."), *(piece for each in _sources(chain, language, say) for piece in [Piece(" "), *each])]


def said_value(figure: GraphNode, kind: str, language: Language) -> Sentence:
    """The value of a figure, what is counted in the language in which it is said; empty where it has no value."""
    said, unit = value(figure, kind, language), figure.said("schema:unitText", language)
    counted = _piece(unit, language) if unit else Piece("")
    before, found, after = said.rpartition(counted.text) if counted.language and counted.text else (said, "", "")
    pieces = (Piece(before), Piece(found, counted.language), Piece(after))
    return [piece for piece in pieces if piece.text]


def reference(source: GraphNode, language: Language, say: Say) -> Sentence:
    """A source in one line: publisher, title (or that none is printed), date; its label where it has neither."""
    parts = [[_piece(each.label(language), language)] for each in source.all("dcterms:publisher")]
    titled = bool(source.texts("dcterms:title"))
    parts += [[_title(source, language)]] if titled or not parts else [[Piece(say("no_title"))]]
    if date := source.text("dcterms:issued"):
        parts.append([Piece(day(date, spoken(language)))])
    return _joined(parts)


def _piece(text: LiteralTerm, language: Language) -> Piece:
    return Piece(text.value, "" if text.language.lower() == spoken(language).lower() else text.language)


def _title(work: GraphNode, language: Language) -> Piece:
    return replace(_piece(work.said("dcterms:title", language) or work.label(language), language), role="title")


def _figures(chain: Chain, language: Language, say: Say) -> Iterator[Sentence]:
    kind = chain.statistic.code("op:figureKind")
    for figure in chain.figures:
        said = [replace(piece, role="value") for piece in said_value(figure, kind, language)]
        stated = figure.text("sdmxd:refPeriod") if figure.code("op:periodBasis") == "stated" else ""
        notes = [[Piece(day(stated, spoken(language)))]] if stated else []
        notes += [[Piece(say("forecast"))]] if figure.code("sdmxa:obsStatus") == "obsStatus-F" else []
        if against := figure.said("op:comparedWith", language):
            notes.append(_filled(say("sentence_compared"), what=[_piece(against, language)]))
        if said:
            yield [*said, *([Piece(" ("), *_joined(notes), Piece(")")] if notes else [])]


def _sources(chain: Chain, language: Language, say: Say) -> Iterator[Sentence]:
    for state, key in (("whole", "sentence_source"), ("possible", "sentence_possible")):
        for source in dict.fromkeys(way.source for way in chain.ways if way.source and way.state == state):
            yield _filled(say(key), source=reference(source, language, say))
    if chain.status in _STATUSES:
        yield [Piece(say(f"why_{chain.status}"))]


def _joined(parts: Iterable[Sentence]) -> Sentence:
    joined = [piece for part in parts for piece in (Piece(", "), *part)]
    return joined[1:]


def _filled(text: str, **facts: Sentence) -> Sentence:
    """A text of the pages, in whose holes pieces stand."""
    found: Sentence = []
    for words, hole, _, _ in Formatter().parse(text):
        found += [Piece(words)] if words else []
        found += facts[hole] if hole else []
    return found
