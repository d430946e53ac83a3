"""Every remark of a catalogue: what each harvester does with it, what DCAT-AP asks, what was not judged.

What a harvester does is read off its own reading (`ckan.py`, `udata.py`); what a catalogue should say stands in
`expected.toml`, what is asked of it in SPARQL in `rules.toml`, the words of all remarks in `remarks.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import pyoxigraph as ox

from openproposals.doctor import ckan, eu_tables, udata
from openproposals.doctor.catalogue_graph import Catalogue
from openproposals.doctor.node_values import PREFIXES, Nodes
from openproposals.errors import UsageError
from openproposals.guards.terminal import shown
from openproposals.messages import Language, load, say
from openproposals.messages import texts as words_of

EFFECTS = ("refused", "dropped", "changed", "unchecked", "not-dcat-ap", "advice", "kept")
ALL = ("data.gouv.fr", "CKAN", "data.europa.eu")
_LONGEST = 100
_MOST = 200_000  # remarks of one catalogue
# Read when this is imported: a sealed child opens no file.
_EXPECTED, _RULES = load("doctor/expected")["property"], load("doctor/rules")
_CODED = (
    "dct:license",
    "dct:accrualPeriodicity",
    "dct:accessRights",
    "dct:format",
    "dcat:theme",
    "dct:language",
    "dct:spatial",
)
_LIST = re.compile(r"[^,;|]+(?:[;|][^,;|]+)+")


@dataclass(frozen=True, order=True)
class Remark:
    """What becomes of one thing in the catalogue: the effect, which check said so, where, and by whom."""

    effect: int
    code: str
    node: str
    value: str
    portals: tuple[str, ...]

    @property
    def effect_name(self) -> str:
        """What the harvesters do with it, in the words of EFFECTS."""
        return EFFECTS[self.effect]

    def words(self, lang: Language, *, ours: bool = False) -> dict[str, str]:
        """What, and how to mend it: in RDF, or in `corpus.toml` where the catalogue is of a corpus of ours."""
        key, facts = self.code, {"this": self.node, "value": self.value, "bare": self.value.strip('"')}
        texts = words_of("doctor/remarks", lang)
        if key not in texts:
            on, _, term = self.code.partition(" without ")
            rule = next(r for r in _EXPECTED if r["on"] == on and str(r["has"]).partition("|")[0] == term)
            key, facts = (
                "without",
                facts
                | {
                    "on": on,
                    "term": term,
                    "reason": words_of("doctor/expected", lang)[rule["on"]][rule["has"]],
                    "key": rule["key"],
                },
            )
        open_ = {"this": "…"} if self.node.startswith("[]") else {}  # a blank node has no name to write
        mend = "corpus" if ours and "corpus" in texts[key] else "mend"
        return {
            "what": say("doctor/remarks", f"{key}.what", lang, **facts),
            "mend": say("doctor/remarks", f"{key}.{mend}", lang, **(facts | open_)),
        }


def examine(catalogue: Catalogue, today: str) -> list[Remark]:
    """Everything that is to be said of a catalogue, the worst first; `today` is YYYY-MM-DD.

    Raises UsageError: more than 200,000 remarks.
    """
    contexts, nodes = _contexts(catalogue), catalogue.nodes
    every = contexts if catalogue.partial else chain(
        contexts, _harvested(catalogue, today), _pages(nodes), _missing(catalogue), _asked(catalogue), _keywords(nodes),
        _codes(nodes),
    )  # fmt: skip
    found = list(islice(every, _MOST + 1))
    if len(found) > _MOST:
        raise UsageError("remarks-too-many", n=_MOST)
    return _joined(found)


def _joined(found: Iterable[Remark]) -> list[Remark]:
    """Remarks that say the same of the same, their portals put together."""
    portals: dict[tuple[int, str, str, str], dict[str, None]] = {}
    for each in found:
        portals.setdefault((each.effect, each.code, each.node, each.value), {}).update(dict.fromkeys(each.portals))
    return sorted(Remark(*key, tuple(names)) for key, names in portals.items())


def ask(store: ox.Store, body: str, variables: str = "?this ?value") -> Iterator[Any]:
    """The rows of a SELECT whose body is given, prefixes put in front."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    yield from store.query(f"{prefixes}SELECT DISTINCT {variables} WHERE {{ {body} }}")  # type: ignore[misc]


def _harvested(catalogue: Catalogue, today: str) -> Iterator[Remark]:
    """What each harvester does, by its own reading."""
    readings = (
        (ckan.PORTAL, catalogue.nodes, ckan.read(catalogue.nodes)),
        (udata.PORTAL, catalogue.default_graph, udata.read(catalogue.default_graph, today)),
    )
    for portal, nodes, reading in readings:
        for taken in reading:
            for effect, code, node, value in taken.verdicts:
                said = value if isinstance(value, str) else brief(value)
                yield Remark(EFFECTS.index(effect), code, placed(nodes, node), said, (portal,))


def _pages(nodes: Nodes) -> Iterator[Remark]:
    """Pages after this one, which nobody has looked at; and what udata does not follow."""
    for page in nodes.typed("hydra:PartialCollectionView", "hydra:PagedCollection"):
        following = nodes.first(page, "hydra:next", "hydra:nextPage")
        if following is None:
            continue
        yield Remark(EFFECTS.index("unchecked"), "more-pages", brief(page), brief(following), ALL)
        partial = bool(nodes.typed("hydra:PartialCollectionView"))
        if nodes.first(page, "hydra:next" if partial else "hydra:nextPage") is None:
            yield Remark(
                EFFECTS.index("dropped"), "next-page-not-followed", brief(page), brief(following), (udata.PORTAL,)
            )


def _missing(catalogue: Catalogue) -> Iterator[Remark]:
    for rule in _EXPECTED:
        term = str(rule["has"]).partition("|")[0]
        body = f"?this a {rule['on']} . FILTER NOT EXISTS {{ ?this {rule['has']} ?x }}"
        for row in ask(catalogue.store, body, "?this"):
            yield _remark(catalogue, rule, f"{rule['on']} without {term}", row["this"], term)


def _asked(catalogue: Catalogue) -> Iterator[Remark]:
    for code, rule in _RULES.items():
        for row in ask(catalogue.store, eu_tables.filled(rule["query"])):
            yield _remark(catalogue, rule, code, row["this"], brief(row["value"]))


def _keywords(nodes: Nodes) -> Iterator[Remark]:
    for node in nodes.typed("dcat:Dataset"):
        for word in nodes.objects(node, "dcat:keyword"):
            if isinstance(word, ox.Literal) and _LIST.fullmatch(word.value):
                yield Remark(
                    EFFECTS.index("changed"), "keyword-holds-a-list", placed(nodes, node), brief(word), ALL[:2]
                )


def _codes(nodes: Nodes) -> Iterator[Remark]:
    """Addresses in the tables that others publish that are none of their codes, as far as we know them."""
    for node in nodes.typed("dcat:Catalog", "dcat:Dataset", "dcat:Distribution", "dcat:DataService"):
        for said in nodes.objects(node, *_CODED):
            if isinstance(said, ox.NamedNode) and eu_tables.is_unknown(said.value):
                advice = EFFECTS.index("advice")
                yield Remark(advice, "code-not-in-the-table", placed(nodes, node), brief(said), ALL[2:])


def _contexts(catalogue: Catalogue) -> Iterator[Remark]:
    """Remote contexts in the JSON-LD: harvesters fetch them, the doctor does not."""
    for context in catalogue.remote_contexts:
        yield Remark(EFFECTS.index("unchecked"), "remote-context", '"@context"', shown(context, _LONGEST), ALL[:2])


def _remark(catalogue: Catalogue, rule: dict[str, Any], code: str, node: object, value: str) -> Remark:
    return Remark(EFFECTS.index(rule["effect"]), code, placed(catalogue.nodes, node), value, tuple(rule["portals"]))


def placed(nodes: Nodes, node: object) -> str:
    """A node's name; of a blank node the name of the one that has it, and by which property."""
    steps: list[str] = []
    while isinstance(node, ox.BlankNode) and len(steps) < 3:
        above = nodes.pointing_at(node)
        if not above:
            break
        steps.append(brief(ox.NamedNode(above[0][1])))
        node = above[0][0]
    return " ".join([brief(node), *reversed(steps)])


def brief(term: object) -> str:
    """A term as people read it: a prefixed name, an address, a text in quotes, shortened and on one line."""
    if isinstance(term, ox.NamedNode):
        prefix = next((p for p, iri in PREFIXES.items() if term.value.startswith(iri)), "")
        return f"{prefix}:{term.value.removeprefix(PREFIXES[prefix])}" if prefix else shown(term.value, _LONGEST)
    if isinstance(term, ox.Literal):
        return f'"{shown(term.value)}"'
    return "[]" if isinstance(term, ox.BlankNode) else str(term)
