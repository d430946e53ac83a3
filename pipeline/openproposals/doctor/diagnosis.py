"""The whole examination: remarks, links, DCAT-AP, score; as text or as JSON, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openproposals.doctor import addresses, checks, examination, fetch, score
from openproposals.doctor.catalogue import Document
from openproposals.doctor.official import judge
from openproposals.guards.terminal import as_json, shown
from openproposals.messages import Language, say, texts
from openproposals.validation.results import ForeignResult

_SHOWN = 3
_STATES = ("answers", "missing", "untrue", "unchecked")


@dataclass(frozen=True)
class Diagnosis:
    """What was found of one catalogue; `dcat_ap` is None where no shapes were given."""

    name: str
    remarks: Sequence[checks.Remark]
    links: Sequence[addresses.Link]
    points: Sequence[score.Point]
    dcat_ap: Sequence[ForeignResult] | None
    datasets: int = 0

    @property
    def total(self) -> int:
        """The score."""
        return sum(point.earned for point in self.points)

    @property
    def healthy(self) -> bool:
        """Whether nothing is refused, lost, missing or untrue, and no shape is violated."""
        harmed = any(remark.effect_name in ("refused", "lost") for remark in self.remarks)
        broken = any(link.found in ("missing", "untrue") for link in self.links)
        return not (harmed or broken or any(result.severity == "Violation" for result in self.dcat_ap or ()))


def diagnose(
    document: Document, *, today: str, live: bool = False, official: Path | None = None, private: bool = False
) -> Diagnosis:
    """Look at a catalogue. `official`: a folder with DCAT-AP's shapes; `live`: ask its addresses over the network.

    Raises UsageError: what cannot be parsed, and what takes more memory or time than it may.
    """
    examined = examination.examine(document, today)
    results = judge(document, official) if official else None
    followed = addresses.follow(examined.named, document.files, live=live, private=private)
    conforms = None if results is None else not any(r.severity == "Violation" for r in results)
    points = score.score(examined.held, followed, conforms)
    return Diagnosis(document.name, examined.remarks, followed, points, results, examined.datasets)


def data(diagnosis: Diagnosis, lang: Language) -> str:
    """The diagnosis as JSON."""
    found: dict[str, Any] = {
        "catalogue": diagnosis.name,
        "healthy": diagnosis.healthy,
        "remarks": [
            {"code": r.code, "effect": r.effect_name, "portals": list(r.portals), "node": r.node, "value": r.value}
            | r.words(lang)
            for r in diagnosis.remarks
        ],
        "links": [
            {"node": k.node, "kind": k.kind, "address": k.address, "found": k.found, "how": k.how}
            for k in diagnosis.links
        ],
        "score": {
            "total": diagnosis.total,
            "of": sum(p.points for p in diagnosis.points),
            "rating": score.rating(diagnosis.total),
            "points": [
                {"id": p.id, "dimension": p.dimension, "points": p.points, "earned": p.earned, "state": p.state,
                 "lacking": list(p.lacking)}
                for p in diagnosis.points
            ],
        },
        "dcat_ap": None
        if diagnosis.dcat_ap is None
        else [{"severity": r.severity, "node": r.focus, "path": r.path, "value": r.value, "message": r.message}
              for r in diagnosis.dcat_ap],
    }  # fmt: skip
    return as_json(found)


def text(diagnosis: Diagnosis, lang: Language) -> str:
    """The diagnosis for people: by portal, then DCAT-AP, the addresses, the score."""
    return "\n".join(
        [*_portals(diagnosis, lang), *_dcat_ap(diagnosis, lang), *_links(diagnosis, lang), *_score(diagnosis, lang)]
    )


def _portals(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    for portal in ("data.gouv.fr", "CKAN", "data.europa.eu", "Google Dataset Search"):
        alike: dict[tuple[int, str], list[checks.Remark]] = {}
        for remark in diagnosis.remarks:
            if portal in remark.portals:
                alike.setdefault((remark.effect, remark.code), []).append(remark)
        yield portal
        if not alike:
            yield f"  {_words('takes_all' if diagnosis.datasets else 'no_datasets', lang)}"
        for (effect, code), remarks in sorted(alike.items()):
            said = remarks[0].words(lang)
            yield f"  {_words(checks.EFFECTS[effect], lang)} [{code.replace(' ', '-')}] {said['what']}"
            nodes = sorted({remark.node for remark in remarks})
            more = _words("and_more", lang, count=len(nodes) - _SHOWN) if len(nodes) > _SHOWN else ""
            yield f"    {_words('where', lang)} {', '.join(nodes[:_SHOWN])}{more}"
            yield f"    {_words('mend', lang)} {said['mend']}"
        yield ""


def _dcat_ap(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    yield "DCAT-AP"
    if diagnosis.dcat_ap is None:
        yield f"  {_words('shapes_not_given', lang)}"
    else:
        count = sum(r.severity == "Violation" for r in diagnosis.dcat_ap)
        yield f"  {_words('shapes_found', lang, violations=count, others=len(diagnosis.dcat_ap) - count)}"
        if diagnosis.dcat_ap:
            yield f"  {_words('quoted', lang)}"
        for result in diagnosis.dcat_ap:
            where = f"{shown(result.focus, 120)} {shown(result.path, 80)}"
            yield f"  {result.severity}: {where}: {shown(result.message, 200)}"
    yield ""


def _links(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    yield _words("addresses", lang)
    states = [link.found for link in diagnosis.links]
    counted = (f"{_words(s, lang)} {states.count(s)}" for s in _STATES if s in states)
    yield "  " + ", ".join(counted)
    for link in diagnosis.links:
        if link.found in ("missing", "untrue") or "charset" in link.how:
            how = shown(fetch.trouble(link.how, lang), 100)
            found = _words(link.found, lang).rstrip(": \u00a0") + texts("signs", lang)["colon"]
            yield f"  {found}{shown(link.address, 200)} ({how})"
    yield ""


def _score(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    total, of = diagnosis.total, sum(point.points for point in diagnosis.points)
    yield _words("score", lang, total=total, of=of, rating=_words(score.rating(total), lang))
    for point in diagnosis.points:
        lacking = f": {', '.join(point.lacking)}" if point.lacking else ""
        yield f"  {point.earned:>3}/{point.points:<3} {point.id} ({_words(point.state, lang)}{lacking})"


def _words(key: str, lang: Language, **facts: object) -> str:
    return say("doctor/words", key, lang, **facts)
