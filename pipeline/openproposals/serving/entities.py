"""What a release names (proposals, statistics, sources, agents), found again by words and numbers.

The names and figures are asked of the store once for each generation, and held in memory; a release of more than
`MOST` names is not indexed.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openproposals.model.numbers import readings

MOST = 200_000
KINDS = ("proposal", "statistic", "source", "agent")
PROPERTIES = ("figure", "passage", "marker", "source", "possible-source", "citation-status")
_PREFIXES = """PREFIX op: <https://w3id.org/openproposals/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <http://schema.org/> PREFIX cito: <http://purl.org/spar/cito/>
"""
NAMES = f"""{_PREFIXES}SELECT DISTINCT ?item ?kind ?name (LANG(?name) AS ?language) {{
  VALUES (?class ?kind) {{
    (op:Proposal "proposal") (op:Statistic "statistic") (op:Source "source") (prov:Agent "agent") }}
  ?item a ?class ; rdfs:label|foaf:name|dcterms:title|dcterms:identifier ?name
}} ORDER BY ?item ?name LIMIT {MOST + 1}"""
FIGURES = f"""{_PREFIXES}SELECT ?item ?figure ?said {{
  ?item op:hasFigure ?figure . ?figure op:asPrinted|schema:value|schema:minValue|schema:maxValue ?said }}
  ORDER BY ?item ?figure ?said"""
TRAIL = f"""{_PREFIXES}SELECT ?item ?step ?to {{
  VALUES (?property ?step) {{ (op:statedIn "passage") (op:hasMarker "marker") (cito:citesAsEvidence "source")
    (op:possibleSource "possible-source") (op:citationStatus "citation-status") }}
  ?item a op:Statistic ; ?property ?to }} ORDER BY ?item ?step ?to"""
_LOOKED_AT, _SCORED = 10_000, 200  # entries of the index that a text leads to; entities that are compared with it
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass
class Entity:
    """Something that a release names: its IRI and kind, its names by language, its figures as printed and as values.

    trail: what its figures rest on, by the name of the step.
    """

    iri: str
    kind: str
    names: list[tuple[str, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    trail: dict[str, list[str]] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Its name in a language, else in any."""
        tagged = [text for text, tag in self.names if tag == language] or [text for text, tag in self.names if tag]
        return (tagged or [text for text, _ in self.names] or [self.iri])[0]

    def has(self, name: str, values: Sequence[str]) -> bool:
        """Whether a property of `PROPERTIES` has one of these values.

        A figure is a number, however thousands are set apart, or as it is printed; anything else is an IRI, or its end.
        """
        keys = {key for value in values for key in _keys(name, value)}
        held = self.figures if name == "figure" else self.trail.get(name, [])
        return any(not keys.isdisjoint(_keys(name, each)) for each in held)


class Entities:
    """An index of entities by their names, by the words of these, by their numbers, and by their properties."""

    def __init__(self, found: Iterable[Entity]) -> None:
        self.all = {entity.iri: entity for entity in found}
        self._by_name: dict[str, list[str]] = {}
        self._by_word: dict[str, list[str]] = {}
        self._by_number: dict[str, list[str]] = {}
        self._by_value: dict[str, list[str]] = {}
        for iri, entity in self.all.items():
            named = [words(text) for text, _ in entity.names]
            _noted(self._by_name, (" ".join(each) for each in named), iri)
            _noted(self._by_word, (word for each in named for word in each), iri)
            said = [*entity.figures, *(text for text, _ in entity.names)]
            properties = {"figure": entity.figures, **entity.trail}
            keys = (f"{name} {key}" for name, held in properties.items() for each in held for key in _keys(name, each))
            _noted(self._by_value, keys, iri)
            _noted(self._by_number, (number for each in said for number in numbers(each)), iri)
        self._names = sorted(self._by_name)

    @staticmethod
    def of(names: bytes, figures: bytes, trail: bytes) -> Entities:
        """The index of what three queries gave, as CSV."""
        made: dict[str, Entity] = {}
        for row in _rows(names):
            made.setdefault(row["item"], Entity(row["item"], row["kind"])).names.append((row["name"], row["language"]))
        for row in _rows(figures):
            if row["item"] in made:
                made[row["item"]].figures.append(row["said"])
        for row in _rows(trail):
            if row["item"] in made:
                made[row["item"]].trail.setdefault(row["step"], []).append(row["to"])
        return Entities(made.values())

    def find(self, text: str, kinds: Sequence[str], most: int) -> list[tuple[float, Entity]]:
        """The entities of these kinds that a text names best, each with a score to 100, the best first.

        A number of the text must be a figure of theirs, or in their name; of the words, some must be theirs.
        """
        wanted, counted = words(text), numbers(text)
        rated = [(_score(text, wanted, self.all[iri]), iri) for iri in self._near(wanted, counted, frozenset(kinds))]
        rated.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(score, self.all[iri]) for score, iri in rated[:most]]

    def beginning(self, text: str, most: int) -> list[Entity]:
        """The entities of which a name begins with a text, whatever its accents; then those that it names best."""
        typed = " ".join(words(text))
        first = bisect_left(self._names, typed) if typed else len(self._names)
        near = itertools.takewhile(lambda name: name.startswith(typed), itertools.islice(self._names, first, None))
        begun = itertools.islice(dict.fromkeys(iri for name in near for iri in self._by_name[name]), most)
        found = {iri: self.all[iri] for iri in begun}
        if len(found) < most:
            found |= {each.iri: each for _, each in self.find(text, KINDS, most)}
        return [*found.values()][:most]

    def with_properties(
        self, given: Sequence[tuple[str, Sequence[str]]], kinds: Sequence[str], most: int
    ) -> list[Entity]:
        """The entities of these kinds that have a value of each property given; the first of these leads to them."""
        if not given:
            return []
        name, values = given[0]
        keys = dict.fromkeys(f"{name} {key}" for value in values for key in _keys(name, value))
        iris = dict.fromkeys(iri for key in keys for iri in self._by_value.get(key, [])[:_LOOKED_AT])
        found = (self.all[iri] for iri in itertools.islice(iris, _LOOKED_AT))
        fit = (each for each in found if each.kind in kinds and all(each.has(*other) for other in given[1:]))
        return list(itertools.islice(fit, most))

    def _near(self, wanted: Sequence[str], counted: Sequence[str], kinds: frozenset[str]) -> list[str]:
        """Those that may be meant, at most so many that looking at each takes milliseconds.

        They are looked for by the rarest words first; the commonest are looked at as far as there is room.
        """
        near: Counter[str] = Counter()
        room = _LOOKED_AT
        for found in sorted((self._by_word.get(word, []) for word in wanted), key=len):
            near.update(found[:room])
            room -= min(room, len(found))
        if counted:
            given = dict.fromkeys(iri for number in counted for iri in self._by_number.get(number, [])[:_LOOKED_AT])
            near = Counter({iri: near[iri] for iri in given if not wanted or iri in near})
        for iri in self._by_name.get(" ".join(wanted), [])[:_SCORED] if not counted else []:
            near[iri] = len(wanted) + 1  # before all others
        return [
            iri for iri, _ in Counter({i: n for i, n in near.items() if self.all[i].kind in kinds}).most_common(_SCORED)
        ]


def _noted(index: dict[str, list[str]], keys: Iterable[str], iri: str) -> None:
    for key in dict.fromkeys(keys):
        index.setdefault(key, []).append(iri)


def words(text: str) -> list[str]:
    """The words of a text, without accents and in lower case, each once.

    >>> words("Logements vacants, à l'été 2020")
    ['logements', 'vacants', 'a', "l'ete"]
    """
    flat = "".join(c for c in unicodedata.normalize("NFD", text[:500]) if not unicodedata.combining(c))
    return list(dict.fromkeys(_WORD.findall(flat.casefold().replace("’", "'"))))


def numbers(text: str) -> list[str]:
    """Every value that the numbers of a text may have, as a plain decimal: however thousands are set apart.

    >>> numbers("330 000 personnes"), numbers("3,1 millions"), numbers("no")
    (['330000'], ['3100000'], [])
    """
    return sorted(f"{value.normalize():f}" for value in readings(text[:500]))


def _keys(name: str, value: str) -> list[str]:
    """What a value of a property is compared by.

    >>> _keys("figure", "330 000"), _keys("source", "https://example.org/source/n1")
    (['330 000', '330000'], ['https://example.org/source/n1', 'n1'])
    """
    plain = value[:500].strip().casefold()
    if name == "figure":
        return list(dict.fromkeys([plain, *numbers(value)]))
    return list(dict.fromkeys([plain, re.split("[/#]", plain)[-1]]))


def _score(text: str, wanted: Sequence[str], entity: Entity) -> float:
    """100 for a name of theirs, else how much of the text and of the nearest name is the same words."""
    flat = " ".join(words(text))
    best = 0.0
    for name, _ in entity.names:
        theirs = words(name)
        if flat and flat == " ".join(theirs):
            return 100.0
        shared = len(set(wanted) & set(theirs))
        best = max(best, 2 * shared / max(1, len(wanted) + len(theirs)))
    return round(min(99.0, 99.0 * best if wanted else 50.0), 1)


def _rows(data: bytes) -> Iterable[Mapping[str, str]]:
    return csv.DictReader(io.StringIO(data.decode(), newline=""))
