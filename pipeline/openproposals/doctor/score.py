"""The metadata quality score of data.europa.eu, out of 405, point by point. What was not checked earns nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openproposals.doctor import checks
from openproposals.doctor.catalogue import Patient
from openproposals.doctor.links import Link
from openproposals.messages import load

State = Literal["earned", "lacking", "unchecked"]


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


def score(patient: Patient, links: Sequence[Link], shapes: bool | None) -> list[Point]:
    """Every indicator, earned when every dataset or distribution has it; `shapes`: DCAT-AP's, met or not."""
    return [_point(rule, patient, links, shapes) for rule in rules()]


def rating(total: int) -> str:
    """The portal's word for a score: excellent from 351, good from 221, sufficient from 121.

    >>> rating(405), rating(300), rating(10)
    ('excellent', 'good', 'bad')
    """
    return next(
        word for least, word in ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad")) if total >= least
    )


def _point(rule: dict[str, Any], patient: Patient, links: Sequence[Link], shapes: bool | None) -> Point:
    state, lacking = _state(rule, patient, links, shapes)
    return Point(rule["id"], rule["dimension"], rule["points"], state, tuple(lacking[:3]))


def _state(
    rule: dict[str, Any], patient: Patient, links: Sequence[Link], shapes: bool | None
) -> tuple[State, list[str]]:
    if rule.get("check") == "shapes":
        return ("unchecked" if shapes is None else "earned" if shapes else "lacking"), []
    if "check" in rule:
        asked = [link for link in links if link.kind == rule["check"]]
        missing = sorted({link.address for link in asked if link.found == "missing"})
        unchecked = not asked or any(link.found == "unchecked" for link in asked)
        return ("lacking" if missing else "unchecked" if unchecked else "earned"), missing
    of = "dcat:Dataset" if "dataset" in rule else "dcat:Distribution"
    property_ = rule.get("dataset") or rule["distribution"]
    holds = f"?node {property_} ?v1 . {rule.get('where', '')}"
    nodes = {checks.brief(row["node"]) for row in checks.ask(patient.store, f"?node a {of}", "?node")}
    having = {checks.brief(row["node"]) for row in checks.ask(patient.store, f"?node a {of} . {holds}", "?node")}
    lacking = sorted(nodes - having)
    return ("earned" if nodes and not lacking else "lacking"), lacking


def rules() -> list[dict[str, Any]]:
    """The indicators, from `score.toml`."""
    found: list[dict[str, Any]] = load("doctor/score")["point"]
    return found
