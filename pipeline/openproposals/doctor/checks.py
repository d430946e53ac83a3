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
from openproposals.messages import Language, load

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
_EXPECTED, _TRAPS = load("doctor/expected")["property"], load("doctor/traps")
_LICENCES = {text.lower() for licence in registry.licences().values() for text in (licence.label, licence.url)}


@dataclass(frozen=True, order=True)
class Remark:
    """What portals will do to one node: the effect, which check said so, and in words what and how to mend it."""

    effect: int
    code: str
    node: str
    value: str
    portals: tuple[str, ...]
    sentences: tuple[tuple[str, str, str], ...]

    @property
    def effect_name(self) -> str:
        """Refused, lost, changed or advice."""
        return EFFECTS[self.effect]

    def words(self, lang: Language) -> dict[str, str]:
        """What, and how to mend it."""
        return next({"what": what, "mend": mend} for language, what, mend in self.sentences if language == lang)


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
    for rule in _EXPECTED:
        for row in ask(
            catalogue.store, f"?this a {rule['on']} . FILTER NOT EXISTS {{ ?this {rule['has']} ?x }}", "?this"
        ):
            term = str(rule["has"]).partition("|")[0]
            key = rule["key"]
            mends = {
                "en": f"give the {rule['on']} a {term}; in a corpus of openproposals: {key} in corpus.toml"
                if key
                else f"give it a {term}",
                "fr": f"donner un {term} au {rule['on']} ; dans un corpus d'openproposals : {key} dans corpus.toml"
                if key
                else f"lui donner un {term}",
            }
            missing = {"en": f"no {term}: {rule['en']}", "fr": f"pas de {term} : {rule['fr']}"}
            sentences = tuple((language, missing[language], mends[language]) for language in ("en", "fr"))
            yield _remark(rule, f"{rule['on']} without {term}", row["this"], term, sentences)


def _trapped(catalogue: Catalogue, today: str) -> Iterator[Remark]:
    put_in = {"{today}": today, "{licences}": ", ".join(f'"{text}"' for text in sorted(_LICENCES))}
    for code, rule in _TRAPS.items():
        body = rule["query"]
        for name, text in put_in.items():
            body = body.replace(name, text)
        rows: Iterable[Any] = ask(catalogue.store, body)
        for row in _shared(rows) if rule.get("shared") else rows:
            facts = {"this": brief(row["this"]), "value": brief(row["value"])}
            sentences = tuple(
                (language, rule[language]["what"].format(**facts), rule[language]["mend"].format(**facts))
                for language in ("en", "fr")
            )
            yield _remark(rule, code, row["this"], facts["value"], sentences)


def _shared(rows: Iterable[Any]) -> Iterator[Any]:
    """Those rows whose value several nodes have. A join in SPARQL would take the square of their number."""
    found = list(rows)
    nodes = Counter(row["value"] for row in found)
    yield from (row for row in found if nodes[row["value"]] > 1)


def _contexts(catalogue: Catalogue) -> Iterator[Remark]:
    """A remote context in the JSON-LD: harvesters fetch it, or crash."""
    rule = {"portals": ["data.gouv.fr", "CKAN"], "effect": "refused"}
    for context in catalogue.remote_contexts:
        en = f"the @context {shown(context)} must be fetched: when its server is down, nothing is harvested"
        fr = f"le @context {shown(context)} est à charger : quand son serveur ne répond pas, rien n'est moissonné"
        mends = "write the context into the file", "écrire le contexte dans le fichier"
        sentences = (("en", en, mends[0]), ("fr", fr, mends[1]))
        yield _remark(rule, "remote-context", ox.Literal("@context"), context, sentences)


def _sizes(catalogue: Catalogue) -> Iterator[Remark]:
    """A size that is no xsd:nonNegativeInteger; asked of the quads, because a SPARQL store makes all integers alike."""
    rule = {"portals": ["data.europa.eu", "CKAN", "data.gouv.fr"], "effect": "lost"}
    for quad in catalogue.quads:
        if quad.predicate.value != PREFIXES["dcat"] + "byteSize":
            continue
        size = quad.object
        typed = isinstance(size, ox.Literal) and size.datatype.value == PREFIXES["xsd"] + "nonNegativeInteger"
        if not typed or not brief(size).strip('"').isdecimal():
            value = brief(size)
            en = f"{value} (dcat:byteSize) is no xsd:nonNegativeInteger"
            fr = f"{value} (dcat:byteSize) n'est pas un xsd:nonNegativeInteger"
            mends = "write the number of bytes, so typed", "écrire le nombre d'octets, ainsi typé"
            yield _remark(rule, "size-not-a-number", quad.subject, value, (("en", en, mends[0]), ("fr", fr, mends[1])))


def _remark(
    rule: Mapping[str, Any], code: str, node: object, value: str, sentences: tuple[tuple[str, str, str], ...]
) -> Remark:
    return Remark(EFFECTS.index(rule["effect"]), code, brief(node), value, tuple(rule["portals"]), sentences)


def brief(term: object) -> str:
    """A term as people read it: a prefixed name, an address, a text in quotes, shortened and on one line."""
    if isinstance(term, ox.NamedNode):
        prefix = next((p for p, iri in PREFIXES.items() if term.value.startswith(iri)), "")
        return f"{prefix}:{term.value.removeprefix(PREFIXES[prefix])}" if prefix else shown(term.value, _LONGEST)
    if isinstance(term, ox.Literal):
        return f'"{shown(term.value)}"'
    return "[]" if isinstance(term, ox.BlankNode) else str(term)
