"""What is missing (`expected.toml`) and what portals trip over (`traps.toml`), asked of the catalogue in SPARQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import pyoxigraph as ox

from openproposals.catalog import registry
from openproposals.doctor.catalogue_graph import Catalogue
from openproposals.errors import UsageError
from openproposals.guards.terminal import shown
from openproposals.messages import Language, load, say

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#", "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#", "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
EFFECTS = ("refused", "lost", "changed", "advice")
_LONGEST = 100
_MOST = 200_000  # remarks of one catalogue
# Read when this is imported: a sealed child opens no file.
_TRAPS = load("doctor/traps")
_MISSING = {f"{r['on']} without {r['has'].partition('|')[0]}": r for r in load("doctor/expected")["property"]}
_LICENCES = {text.lower() for licence in registry.licences().values() for text in (licence.label, licence.url)}


@dataclass(frozen=True, order=True)
class Remark:
    """What portals will do to one node: the effect, which check said so, and what the node says."""

    effect: int
    code: str
    node: str
    value: str
    portals: tuple[str, ...]

    @property
    def effect_name(self) -> str:
        """Refused, lost, changed or advice."""
        return EFFECTS[self.effect]

    def words(self, lang: Language) -> dict[str, str]:
        """What, and how to mend it."""
        rule = _MISSING.get(self.code)
        if rule is None:
            facts = {"this": self.node, "value": self.value}
            return {part: say("doctor/traps", f"{self.code}.{part}", lang, **facts) for part in ("what", "mend")}
        why = say("doctor/expected", f"{rule['on']}.{rule['has']}", lang)
        mend = "mend_with_key" if rule["key"] else "mend"
        facts = {"on": rule["on"], "key": rule["key"], "term": self.value, "why": why}
        return {part: say("doctor/expected", key, lang, **facts) for part, key in (("what", "what"), ("mend", mend))}


def examine(catalogue: Catalogue, today: str) -> list[Remark]:
    """Everything that portals will change or drop, the worst first; `today` is YYYY-MM-DD.

    Raises UsageError: more than 200,000 remarks.
    """
    every = chain(_missing(catalogue), _trapped(catalogue, today), _contexts(catalogue), _sizes(catalogue))
    found = list(islice(every, _MOST + 1))
    if len(found) > _MOST:
        raise UsageError("remarks-too-many", n=_MOST)
    return sorted(set(found))


def ask(store: ox.Store, body: str, variables: str = "?this ?value") -> Iterator[Any]:
    """The rows of a SELECT whose body is given, prefixes put in front."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    yield from store.query(f"{prefixes}SELECT DISTINCT {variables} WHERE {{ {body} }}")  # type: ignore[misc]


def _missing(catalogue: Catalogue) -> Iterator[Remark]:
    for code, rule in _MISSING.items():
        for row in ask(
            catalogue.store, f"?this a {rule['on']} . FILTER NOT EXISTS {{ ?this {rule['has']} ?x }}", "?this"
        ):
            yield _remark(rule, code, row["this"], rule["has"].partition("|")[0])


def _trapped(catalogue: Catalogue, today: str) -> Iterator[Remark]:
    put_in = {"{today}": today, "{licences}": ", ".join(f'"{text}"' for text in sorted(_LICENCES))}
    for code, rule in _TRAPS.items():
        body = rule["query"]
        for name, text in put_in.items():
            body = body.replace(name, text)
        rows: Iterable[Any] = ask(catalogue.store, body)
        for row in _shared(rows) if rule.get("shared") else rows:
            yield _remark(rule, code, row["this"], brief(row["value"]))


def _shared(rows: Iterable[Any]) -> Iterator[Any]:
    """Those rows whose value several nodes have. A join in SPARQL would take the square of their number."""
    found = list(rows)
    nodes = Counter(row["value"] for row in found)
    yield from (row for row in found if nodes[row["value"]] > 1)


def _contexts(catalogue: Catalogue) -> Iterator[Remark]:
    """A remote context in the JSON-LD: harvesters fetch it, or crash."""
    rule = {"portals": ["data.gouv.fr", "CKAN"], "effect": "refused"}
    for context in catalogue.remote_contexts:
        yield _remark(rule, "remote-context", ox.Literal("@context"), shown(context))


def _sizes(catalogue: Catalogue) -> Iterator[Remark]:
    """A size that is no xsd:nonNegativeInteger; asked of the quads, because a SPARQL store makes all integers alike."""
    rule = {"portals": ["data.europa.eu", "CKAN", "data.gouv.fr"], "effect": "lost"}
    for quad in catalogue.quads:
        if quad.predicate.value != PREFIXES["dcat"] + "byteSize":
            continue
        size = quad.object
        typed = isinstance(size, ox.Literal) and size.datatype.value == PREFIXES["xsd"] + "nonNegativeInteger"
        if not typed or not brief(size).strip('"').isdecimal():
            yield _remark(rule, "size-not-a-number", quad.subject, brief(size))


def _remark(rule: Mapping[str, Any], code: str, node: object, value: str) -> Remark:
    return Remark(EFFECTS.index(rule["effect"]), code, brief(node), value, tuple(rule["portals"]))


def brief(term: object) -> str:
    """A term as people read it: a prefixed name, an address, a text in quotes, shortened and on one line."""
    if isinstance(term, ox.NamedNode):
        prefix = next((p for p, iri in PREFIXES.items() if term.value.startswith(iri)), "")
        return f"{prefix}:{term.value.removeprefix(PREFIXES[prefix])}" if prefix else shown(term.value, _LONGEST)
    if isinstance(term, ox.Literal):
        return f'"{shown(term.value)}"'
    return "[]" if isinstance(term, ox.BlankNode) else str(term)
