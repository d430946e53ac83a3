"""The metadata quality score of data.europa.eu, out of 405, of each dataset and of the catalogue.

A dataset earns a point where it, or every one of its distributions, has what the point asks for; the catalogue's score
is the mean of its datasets'. That files are counted all together, and that the mean is taken, is our reading of the
portal's method: its own programs could not be looked at. What was not checked earns nothing, and is shown as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openproposals.doctor import checks, eu_tables
from openproposals.doctor.addresses import Link
from openproposals.doctor.catalogue_graph import Catalogue
from openproposals.messages import load

State = Literal["earned", "lacking", "unchecked"]
_SHOWN = 3
_RULES: list[dict[str, Any]] = load("doctor/score")["point"]  # read on import: a sealed child opens no file


@dataclass(frozen=True)
class Holding:
    """A dataset: its name and title, its files' names, the points that its metadata earn, and what lacks the others."""

    node: str
    title: str
    files: Sequence[str]
    earned: Sequence[str]
    lacking: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Point:
    """One indicator: its points, its state, the share of datasets that earn it, and the first nodes that lack it."""

    id: str
    dimension: str
    points: int
    state: State
    share: float
    lacking: tuple[str, ...] = ()

    @property
    def earned(self) -> int:
        """The points that the catalogue earns by it."""
        return round(self.points * self.share)


def held(catalogue: Catalogue) -> list[Holding]:
    """Every dataset, with the indicators that are of the metadata itself."""
    nodes = catalogue.nodes
    having = {rule["id"]: _having(rule, catalogue) for rule in rules() if "check" not in rule}
    found = []
    for dataset in nodes.typed("dcat:Dataset"):
        files = [f for f in nodes.objects(dataset, "dcat:distribution") if not hasattr(f, "datatype")]
        lacking: dict[str, list[str]] = {}
        for rule in rules():
            if "check" in rule:
                continue
            asked = [dataset] if "dataset" in rule else files
            without = [each for each in asked if each not in having[rule["id"]]]
            if without or not asked:
                lacking[rule["id"]] = [checks.placed(nodes, each) for each in without[:_SHOWN] or [dataset]]
        earned = [rule["id"] for rule in rules() if "check" not in rule and rule["id"] not in lacking]
        title = nodes.first(dataset, "dct:title")
        found.append(Holding(checks.placed(nodes, dataset), checks.brief(title) if title is not None else "",
                             [checks.placed(nodes, file) for file in files], earned, lacking))  # fmt: skip
    return found


def score(held: Sequence[Holding], links: Sequence[Link], shapes: bool | None) -> list[Point]:
    """Every indicator over all datasets: of the metadata, whether addresses answer, and DCAT-AP's shapes (`shapes`)."""
    by_node = _by_node(links)
    return [_point(rule, held, by_node, shapes) for rule in rules()]


def of_dataset(one: Holding, links: Sequence[Link], shapes: bool | None) -> int:
    """The points of one dataset."""
    return sum(point.earned for point in score([one], links, shapes))


def at_stake(code: str) -> int:
    """The points that hang on the property without which a remark's code says that a dataset or its file is.

    >>> at_stake("dcat:Dataset without dct:temporal"), at_stake("more-pages")
    (20, 0)
    """
    on, _, term = code.partition(" without ")
    of = {"dcat:Dataset": "dataset", "dcat:Distribution": "distribution"}.get(on, "")
    return sum(rule["points"] for rule in rules() if rule.get(of) == term)


def rating(total: int) -> str:
    """The portal's word for a score: excellent from 351, good from 221, sufficient from 121.

    >>> rating(405), rating(300), rating(10)
    ('excellent', 'good', 'bad')
    """
    return next(
        word for least, word in ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad")) if total >= least
    )


def _point(
    rule: dict[str, Any], held: Sequence[Holding], links: Mapping[tuple[str, str], Sequence[Link]], shapes: bool | None
) -> Point:
    standings = [_standing(rule, each, links, shapes) for each in held]
    states = [state for state, _ in standings]
    lacking = tuple(dict.fromkeys(node for _, nodes in standings for node in nodes))[:_SHOWN]
    state: State = (
        "lacking" if "lacking" in states else "unchecked" if "unchecked" in states or not states else "earned"
    )
    share = states.count("earned") / len(states) if states else 0.0
    return Point(rule["id"], rule["dimension"], rule["points"], state, share, lacking)


def _standing(
    rule: dict[str, Any], one: Holding, links: Mapping[tuple[str, str], Sequence[Link]], shapes: bool | None
) -> tuple[State, Sequence[str]]:
    if "check" not in rule:
        return ("earned", ()) if rule["id"] in one.earned else ("lacking", one.lacking[rule["id"]])
    if rule["check"] == "shapes":
        return ("unchecked" if shapes is None else "earned" if shapes else "lacking"), ()
    asked = [link for file in one.files for link in links.get((file, rule["check"]), ())]
    missing = sorted({link.address for link in asked if link.found == "missing"})
    if missing or not asked:
        return "lacking", missing
    return ("earned" if all(link.found == "answers" for link in asked) else "unchecked"), ()


def _by_node(links: Sequence[Link]) -> dict[tuple[str, str], list[Link]]:
    found: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        found.setdefault((link.node, link.kind), []).append(link)
    return found


def _having(rule: dict[str, Any], catalogue: Catalogue) -> set[Any]:
    of = "dcat:Dataset" if "dataset" in rule else "dcat:Distribution"
    holds = [eu_tables.filled(each) for each in rule.get("where", ())] or [
        f"?node {rule.get('dataset') or rule['distribution']} ?v"
    ]
    filters = " ".join(f"FILTER EXISTS {{ {each} }}" for each in holds)
    every = "?node a dcat:Dataset" if of == "dcat:Dataset" else "?some dcat:distribution ?node"
    return {row["node"] for row in checks.ask(catalogue.store, f"{every} . {filters}", "?node")}


def rules() -> list[dict[str, Any]]:
    """The indicators, from `score.toml`."""
    return _RULES
