"""Write reports: findings as text, JSON, GitHub commands or SARIF, and the counts of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openproposals import __version__
from openproposals.findings import Finding, conforms, excerpt
from openproposals.guards.terminal import as_json, obeyed_by_none, shown
from openproposals.messages import LANGUAGES, Language, number, say

Lines = Mapping[tuple[str, int], int]  # by file and row, the line on which the row begins
ALIKE = 5  # of findings alike (one code, file and column), the first is shown in full, and the places of so many more
GROUPS = 50  # groups shown; the rest are counted
_GITHUB = {"violation": "error", "warning": "warning", "hint": "notice"}
_SARIF = {"violation": "error", "warning": "warning", "hint": "note"}
CAP = 10_000  # findings in a report for programs; the rest are counted, and the report says so


@dataclass(frozen=True)
class Counts:
    """Rows read and triples written, by table, and who judged: the report's figures.

    `screened` counts the rows that a screen went through (0 where the judges saw all), `judged` those that were handed
    to a judge, once for each judge; `unproved` names by shape what a screen does not know how to prove. `written` is
    the size of the release in bytes.
    """

    rows: dict[str, int]
    triples: dict[str, int]
    judges: tuple[str, ...]
    screened: int = 0
    judged: int = 0
    unproved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    written: int = 0

    def with_graph(
        self, triples: dict[str, int], judge: str, screened: int, judged: int, unproved: Mapping[str, tuple[str, ...]]
    ) -> Counts:
        """A copy with the counts of the graph: triples by table, the judge, and how much was screened and judged."""
        return replace(
            self,
            triples=triples,
            judges=(*self.judges, judge),
            screened=max(self.screened, screened),
            judged=self.judged + judged,
            unproved=unproved,
        )


def text(findings: Sequence[Finding], language: Language) -> str:
    """Findings for people: those alike grouped, in the order of their first place, counted and capped."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.location.file, _column(finding)), []).append(finding)
    blocks = [_block(group, language) for group in list(groups.values())[:GROUPS]]
    hidden = list(groups.values())[GROUPS:]
    if hidden:
        count = sum(map(len, hidden))
        codes = ", ".join(sorted({g[0].code for g in hidden}))
        blocks.append(say("report", "hidden", language, hidden=count, total=len(findings), codes=codes))
    return "\n".join(blocks)


def _column(finding: Finding) -> str:
    """The column by which findings are grouped; for the descriptor, the key."""
    return finding.location.name if finding.location.row else str(finding.location)


def _alike(finding: Finding, first: Finding) -> str:
    """The place and the cell of a finding like the first of its group, and its nearest value where that is another."""
    near = str(finding.facts.get("near", ""))
    cell = f" {excerpt(finding.cell)}" if finding.cell else ""
    origin = f" ({finding.origin})" if finding.origin else ""
    return f"{finding.location}{origin}{cell}{shown(near) if near != first.facts.get('near', '') else ''}"


def _block(group: Sequence[Finding], language: Language) -> str:
    first, *rest = group
    words = first.words(language)
    lines = [
        f"{first.location} {say('report', first.severity, language)} [{first.code}]",
        *([f"  {say('report', 'origin', language, place=first.origin)}"] if first.origin else []),
        f"  {words['what']}",
        f"  {say('report', 'why', language, words=words['why'])}",
        f"  {say('report', 'mend', language, words=words['mend'])}",
        f"  {say('report', 'page', language, path=f'docs/findings/{first.code}.md')}",
    ]
    if rest:
        places = [_alike(f, first) for f in rest[:ALIKE]]
        hidden = len(rest) - len(places)
        places += [say("report", "count", language, total=len(group), hidden=hidden)] if hidden else []
        lines.append(f"  {say('report', 'also', language, places='; '.join(places))}")
    return "\n".join(lines)


def github(findings: Sequence[Finding], folder: Path, begins: Lines, language: Language) -> str:
    """Workflow commands of GitHub Actions: one annotation a finding, at the line where its row begins."""
    lines = [
        f"::{_GITHUB[f.severity]} file={_property(str(folder / f.location.file))},"
        f"line={_line(f, begins)},title={f.code}::{_escaped(_message(f, language))}"
        for f in findings[:CAP]
    ]
    return "\n".join(lines)


def sarif(findings: Sequence[Finding], folder: Path, begins: Lines, language: Language) -> bytes:
    """SARIF 2.1.0 (OASIS), for code hosts and editors."""
    codes = sorted({f.code for f in findings})
    results = [
        {
            "ruleId": f.code,
            "level": _SARIF[f.severity],
            "message": {"text": _message(f, language)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(shown(str(folder / f.location.file), 4096))},
                        "region": {"startLine": _line(f, begins)},
                    },
                    "logicalLocations": [{"fullyQualifiedName": str(f.location)}],
                }
            ],
        }
        for f in findings[:CAP]
    ]
    run = {
        "tool": {
            "driver": {"name": "openproposals", "version": __version__, "rules": [{"id": code} for code in codes]}
        },
        "results": results,
        "properties": {"findings": len(findings), "shown": len(results)},
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return (as_json(log) + "\n").encode()


def _message(finding: Finding, language: Language) -> str:
    words = finding.words(language)
    origin = f" ({finding.origin})" if finding.origin else ""
    return f"{finding.location}{origin}: {words['what']} {say('report', 'mend', language, words=words['mend'])}"


def _escaped(text: str) -> str:
    """A message in a workflow command: percent signs and line ends would be read as its own."""
    return obeyed_by_none(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a workflow command, in which commas and colons separate."""
    return _escaped(shown(text, 4096)).replace(":", "%3A").replace(",", "%2C")


def _line(finding: Finding, begins: Lines) -> int:
    """The line to point at: the finding's own, where the bytes are at fault; else that on which its row begins."""
    if "line" in finding.facts:
        return int(str(finding.facts["line"]))
    return begins.get((finding.location.file, finding.location.row), 1)


def summary(findings: Sequence[Finding], counts: Counts | None, language: Language) -> str:
    """One line at the end: how it went, and how much was read and written."""
    violations, warnings, hints = (
        sum(f.severity == severity for f in findings) for severity in ("violation", "warning", "hint")
    )
    rows = sum(counts.rows.values()) if counts else 0
    triples = sum(counts.triples.values()) if counts else 0

    def part(key: str, **facts: object) -> str:
        return say("report", f"summary.{key}", language, **facts)

    verdict = part("violations", violations=violations) if violations else part("conforms")
    noted = part("hints", hints=hints) if hints else ""
    more = part("triples", triples=triples) if triples else ""
    if counts and counts.screened:
        more += part("screened", screened=counts.screened, judged=counts.judged)
    if counts and counts.written:
        more += part("written", megabytes=number(f"{counts.written / 1e6:.1f}", language))
    return part("whole", verdict=verdict, warnings=warnings, hints=noted, rows=rows, more=more)


def data(findings: Sequence[Finding], counts: Counts | None, descriptor: dict[str, str]) -> bytes:
    """The report as JSON."""
    return (as_json(facts(findings, counts, descriptor)) + "\n").encode()


def facts(findings: Sequence[Finding], counts: Counts | None, descriptor: dict[str, str]) -> dict[str, Any]:
    """The report as data, with texts in every language, so that the file does not depend on `--lang`."""
    found: dict[str, Any] = {**descriptor, "conforms": conforms(findings)}
    if counts:
        found |= {"rows": counts.rows, "triples": counts.triples, "judges": list(counts.judges)}
        found |= {"screened": counts.screened, "judged": counts.judged}
        found |= (
            {"unproved": {shape: list(parts) for shape, parts in counts.unproved.items()}} if counts.unproved else {}
        )
    found["counts"] = {c: sum(f.code == c for f in findings) for c in sorted({f.code for f in findings})}
    found["shown"] = min(len(findings), CAP)
    found["findings"] = [
        {
            "code": f.code,
            "severity": f.severity,
            "file": shown(f.location.file),
            "row": f.location.row,
            "column": f.location.column,
            "name": shown(f.location.name),
            "cell": excerpt(f.cell)[1:-1],
            **({"origin": str(f.origin)} if f.origin else {}),
            **{language: f.words(language) for language in LANGUAGES},
        }
        for f in findings[:CAP]
    ]
    return found
