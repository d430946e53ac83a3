"""A report: findings in the reader's words, or as data; what was read, written and judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openproposals.findings import Finding, Language, conforms, excerpt

CAP = 20  # findings of one code shown in full; the rest are counted, and the report says so
_PART = {
    "en": {"violation": "violation", "warning": "warning"},
    "fr": {"violation": "violation", "warning": "avertissement"},
}
_MEND = {"en": ("why: ", "mend:", "more:"), "fr": ("motif :", "remède :", "voir :")}


@dataclass(frozen=True)
class Counts:
    """Rows read and triples written, by table, and who judged: the report's figures."""

    rows: dict[str, int]
    triples: dict[str, int]
    judges: tuple[str, ...]


def text(findings: Sequence[Finding], language: Language, prefix: str = "") -> str:
    """Findings for people, in place order, many of a kind capped; "" when there are none."""
    shown: dict[str, int] = {}
    blocks = []
    for finding in findings:
        shown[finding.code] = shown.get(finding.code, 0) + 1
        if shown[finding.code] <= CAP:
            blocks.append(_block(finding, language, prefix))
    for code, count in shown.items():
        if count > CAP:
            more = {
                "en": f"{count - CAP} more of [{code}], {count} in all, not shown",
                "fr": f"{count - CAP} de plus de [{code}], {count} en tout, non montrées",
            }
            blocks.append(more[language])
    return "\n".join(blocks)


def _block(finding: Finding, language: Language, prefix: str) -> str:
    words = finding.words(language)
    why, mend, more = _MEND[language]
    head = f"{prefix}{finding.location} {_PART[language][finding.severity]} [{finding.code}]"
    lines = [
        head,
        f"  {words['what']}",
        f"  {why} {words['why']}",
        f"  {mend} {words['mend']}",
        f"  {more} docs/findings/{finding.code}.md",
    ]
    return "\n".join(lines)


def summary(findings: Sequence[Finding], counts: Counts | None, language: Language) -> str:
    """One line at the end: how it went, and how much was read and written."""
    violations = sum(f.severity == "violation" for f in findings)
    warnings = len(findings) - violations
    rows = sum(counts.rows.values()) if counts else 0
    triples = sum(counts.triples.values()) if counts else 0
    if language == "fr":
        verdict = "conforme" if not violations else f"{violations} violation(s)"
        extra = f", {triples} triplets" if triples else ""
        return f"{verdict}, {warnings} avertissement(s) ; {rows} lignes{extra}"
    verdict = "conforms" if not violations else f"{violations} violation(s)"
    extra = f", {triples} triples" if triples else ""
    return f"{verdict}, {warnings} warning(s); {rows} rows{extra}"


def data(findings: Sequence[Finding], counts: Counts | None, descriptor: dict[str, str]) -> bytes:
    """The report as JSON: words in both languages, so that it reads the same whoever made it."""
    found: dict[str, Any] = {**descriptor, "conforms": conforms(findings)}
    if counts:
        found |= {"rows": counts.rows, "triples": counts.triples, "judges": list(counts.judges)}
    found["findings"] = [
        {
            "code": f.code,
            "severity": f.severity,
            "file": f.location.file,
            "row": f.location.row,
            "column": f.location.column,
            "name": f.location.name,
            "cell": excerpt(f.cell)[1:-1],
            "en": f.words("en"),
            "fr": f.words("fr"),
        }
        for f in findings
    ]
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
