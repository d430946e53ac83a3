"""The metadata quality score of data.europa.eu, out of 405, point by point. What was not checked earns nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openproposals.doctor import checks
from openproposals.doctor.addresses import Link
from openproposals.doctor.catalogue_graph import Catalogue
from openproposals.messages import load

State = Literal["earned", "lacking", "unchecked"]
Standing = tuple[State, Sequence[str]]  # and the nodes that lack it
_SHOWN = 3
_RULES: list[dict[str, Any]] = load("doctor/score")["point"]  # read on import: a sealed child opens no file


@dataclass(frozen=True)
class Point:
    """One indicator: its points, whether they are earned, and the first nodes that lack it."""

    id: str
    dimension: str
    points: int
    state: State
    lacking: tuple[str, ...] = ()

    @property
    def earned(self) -> int:
        """Its points or nothing."""
        return self.points if self.state == "earned" else 0


def held(catalogue: Catalogue) -> dict[str, Standing]:
    """Each indicator that is of the metadata itself, by its id: earned when every dataset or distribution has it."""
    return {rule["id"]: _standing(rule, catalogue) for rule in rules() if "check" not in rule}


def score(held: Mapping[str, Standing], links: Sequence[Link], shapes: bool | None) -> list[Point]:
    """Every indicator: those `held`, whether addresses answer, and DCAT-AP's shapes, met or not (`shapes`)."""
    return [_point(rule, held.get(rule["id"]) or _checked(rule, links, shapes)) for rule in rules()]


def rating(total: int) -> str:
    """The portal's word for a score: excellent from 351, good from 221, sufficient from 121.

    >>> rating(405), rating(300), rating(10)
    ('excellent', 'good', 'bad')
    """
    return next(
        word for least, word in ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad")) if total >= least
    )


def _point(rule: dict[str, Any], standing: Standing) -> Point:
    state, lacking = standing
    return Point(rule["id"], rule["dimension"], rule["points"], state, tuple(lacking[:_SHOWN]))


def _checked(rule: dict[str, Any], links: Sequence[Link], shapes: bool | None) -> Standing:
    if rule["check"] == "shapes":
        return ("unchecked" if shapes is None else "earned" if shapes else "lacking"), []
    asked = [link for link in links if link.kind == rule["check"]]
    missing = sorted({link.address for link in asked if link.found == "missing"})
    unchecked = not asked or any(link.found == "unchecked" for link in asked)
    return ("lacking" if missing else "unchecked" if unchecked else "earned"), missing


def _standing(rule: dict[str, Any], catalogue: Catalogue) -> Standing:
    of = "dcat:Dataset" if "dataset" in rule else "dcat:Distribution"
    holds = rule.get("where") or [f"?node {rule.get('dataset') or rule['distribution']} ?v"]
    filters = " ".join(f"FILTER EXISTS {{ {each} }}" for each in holds)
    nodes = {checks.brief(row["node"]) for row in checks.ask(catalogue.store, f"?node a {of}", "?node")}
    having = {checks.brief(row["node"]) for row in checks.ask(catalogue.store, f"?node a {of} . {filters}", "?node")}
    lacking = sorted(nodes - having)
    return ("earned" if nodes and not lacking else "lacking"), lacking[:_SHOWN]


def rules() -> list[dict[str, Any]]:
    """The indicators, from `score.toml`."""
    return _RULES
