"""The whole examination of a catalogue: remarks, addresses, DCAT-AP, score. How it is told: telling.py, records.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openproposals.doctor import addresses, checks, examination, page, score
from openproposals.doctor.catalogue import Document
from openproposals.doctor.official import judge
from openproposals.validation.results import ForeignResult


@dataclass(frozen=True)
class Diagnosis:
    """What was found of one catalogue; `dcat_ap` is None where no shapes were given.

    `ours`: it is of a corpus of openproposals, and is mended in its descriptor. `judged` is False where what the
    catalogue says hangs on a context that was not fetched.
    """

    name: str
    remarks: Sequence[checks.Remark]
    links: Sequence[addresses.Link]
    points: Sequence[score.Point]
    dcat_ap: Sequence[ForeignResult] | None
    datasets: int = 0
    held: Sequence[score.Holding] = ()
    ours: bool = False
    judged: bool = True

    @property
    def total(self) -> int:
        """The score."""
        return round(sum(point.points * point.share for point in self.points))

    @property
    def conforms(self) -> bool | None:
        """Whether no official shape is violated; None where none was tried."""
        return None if self.dcat_ap is None else not any(r.severity == "Violation" for r in self.dcat_ap)

    @property
    def healthy(self) -> bool:
        """Whether all was judged, nothing is refused, dropped, missing or untrue, and no shape is violated."""
        harmed = any(remark.effect_name in ("refused", "dropped") for remark in self.remarks)
        broken = any(link.found in ("missing", "untrue") for link in self.links)
        return self.judged and not harmed and not broken and self.conforms is not False

    def scores(self) -> list[tuple[score.Holding, int]]:
        """Each dataset with its score, the lowest first."""
        by_node: dict[str, list[addresses.Link]] = {}
        for link in self.links:
            by_node.setdefault(link.node, []).append(link)
        found = []
        for one in self.held:
            links = [link for file in one.files for link in by_node.get(file, ())]
            found.append((one, score.of_dataset(one, links, self.conforms)))
        return sorted(found, key=lambda each: (each[1], each[0].node))


def diagnose(
    document: Document, *, today: str, live: bool = False, official: Path | None = None, private: bool = False
) -> Diagnosis:
    """Look at a catalogue. `official`: a folder with DCAT-AP's shapes; `live`: ask its addresses over the network.

    Raises UsageError: what cannot be parsed, and what takes more memory or time than it may.
    """
    examined = examination.examine(document, today)
    results = judge(document, official) if official and examined.judged else None
    followed = addresses.follow(examined.named, document.files, live=live, private=private)
    conforms = None if results is None else not any(r.severity == "Violation" for r in results)
    points = score.score(examined.held, followed, conforms)
    remarks = sorted([*examined.remarks, *_page(document)])
    ours = document.files is not None
    return Diagnosis(
        document.name,
        remarks,
        followed,
        points,
        results,
        examined.datasets,
        examined.held,
        ours,
        examined.judged,
    )


def _page(document: Document) -> list[checks.Remark]:
    """What a search engine makes of the release's own page."""
    if document.page is None:
        return []
    found = page.judge(document.page.decode(errors="replace"))
    return [
        checks.Remark(checks.EFFECTS.index(e), code, "index.html", value, (page.PORTAL,)) for e, code, value in found
    ]
