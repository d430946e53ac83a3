"""A diagnosis for programs: JSON, and SARIF 2.1.0 for code hosts and editors."""

from __future__ import annotations

from typing import Any

from openproposals import __version__
from openproposals.doctor import score
from openproposals.doctor.diagnosis import Diagnosis
from openproposals.guards.terminal import as_json
from openproposals.messages import Language

_LEVELS = {
    "refused": "error",
    "dropped": "error",
    "changed": "warning",
    "not-dcat-ap": "warning",
    "unchecked": "warning",
}


def data(diagnosis: Diagnosis, lang: Language) -> str:
    """The diagnosis as JSON."""
    found: dict[str, Any] = {
        "catalogue": diagnosis.name,
        "healthy": diagnosis.healthy,
        "judged": diagnosis.judged,
        "remarks": [
            {"code": r.code, "effect": r.effect_name, "portals": list(r.portals), "node": r.node, "value": r.value}
            | r.words(lang, ours=diagnosis.ours)
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
            "datasets": [
                {"node": one.node, "title": one.title, "total": total} for one, total in diagnosis.scores()
            ],
        },
        "dcat_ap": None
        if diagnosis.dcat_ap is None
        else [{"severity": r.severity, "node": r.focus, "path": r.path, "value": r.value, "message": r.message}
              for r in diagnosis.dcat_ap],
    }  # fmt: skip
    return as_json(found)


def sarif(diagnosis: Diagnosis, lang: Language) -> str:
    """The remarks as SARIF: the catalogue is the artifact, the node a logical location."""
    results = []
    for remark in diagnosis.remarks:
        said = remark.words(lang, ours=diagnosis.ours)
        place = {
            "physicalLocation": {"artifactLocation": {"uri": diagnosis.name}},
            "logicalLocations": [{"fullyQualifiedName": remark.node}],
        }
        results.append({
            "ruleId": remark.code.replace(" ", "-"),
            "level": _LEVELS.get(remark.effect_name, "note"),
            "message": {"text": f"{', '.join(remark.portals)}: {said['what']}. {said['mend']}"},
            "locations": [place],
            "properties": {"effect": remark.effect_name, "portals": list(remark.portals), "value": remark.value},
        })  # fmt: skip
    rules = [{"id": each} for each in sorted({r.code.replace(" ", "-") for r in diagnosis.remarks})]
    driver = {"name": "openproposals doctor", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return as_json(log)
