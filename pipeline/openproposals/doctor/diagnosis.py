"""The whole examination of a catalogue: remarks, addresses, DCAT-AP, score. How it is told: telling.py, records.py."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from openproposals.doctor import addresses, checks, examination, fetch, published_page, score
from openproposals.doctor.catalogue import Document
from openproposals.doctor.official import judge
from openproposals.validation.results import ForeignResult
from openproposals.web.request import Answer

_LARGEST, _PAGES = 5_000_000, 20  # bytes of a published page; how many are asked


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
        """The score: the points earned in all, rounded."""
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
    published = _published(examined, private=private) if live else []
    remarks = sorted({*examined.remarks, *_page(document), *published})
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
    """What a search engine makes of the release's own page, as it stands in the release's folder."""
    return [] if document.page is None else _judged("index.html", document.page.decode(errors="replace"))


def _published(examined: examination.Examined, *, private: bool) -> list[checks.Remark]:
    """What a search engine makes of the datasets' landing pages, asked over the network; of the first twenty.

    A placeholder is not asked: the catalogue's own remarks say so.
    """
    datasets = {one.node for one in examined.held}
    named = (address for kind, node, address in examined.named.addresses if kind == "page" and node in datasets)
    pages = [address for address in dict.fromkeys(named) if not addresses.is_placeholder(address)]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda address: fetch.body(address, _LARGEST, private=private), pages[:_PAGES])
        found = [each for address, answer in zip(pages, answers, strict=False) for each in _answered(address, answer)]
    return [*found, *(_unread(address, "page-not-asked", str(_PAGES)) for address in pages[_PAGES:])]


def _answered(address: str, answer: Answer) -> list[checks.Remark]:
    if answer.status == 200 and not answer.reason:
        return _judged(address, _decoded(answer.body, answer.charset))
    how = f"HTTP {answer.status}" if answer.status not in (None, 200) else answer.reason
    return [_unread(address, "page-not-read", how)]


def _unread(address: str, code: str, value: str) -> checks.Remark:
    return checks.Remark(checks.EFFECTS.index("unchecked"), code, address, value, (published_page.PORTAL,))


def _judged(name: str, text: str) -> list[checks.Remark]:
    return [
        checks.Remark(checks.EFFECTS.index(e), code, name, value, (published_page.PORTAL,))
        for e, code, value in published_page.judge(text)
    ]


def _decoded(data: bytes, charset: str) -> str:
    """The text of a page; one that names no charset, or none that there is, is read as UTF-8."""
    try:
        return data.decode(charset or "utf-8", errors="replace")
    except LookupError:
        return data.decode(errors="replace")
