"""A corpus of any size in the real schema, from a seed: clean, so that whatever is found in it was planted.

    python benchmarks/generate.py FOLDER --proposals 100000 [--seed 1] [--parquet]

N proposals come with their proposers, further themes, responses and outcomes, and with N/2 statistics, their figures,
markers, notes, sources, evidence, passages and ratings: about 65 triples a proposal. Texts are as long as the first
corpus's, drawn from sentences of 20,000 made words, with accents, quotes and line breaks. Rows are written in pieces,
so that memory does not grow with N.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

PIECE = 100_000
WORDS, SENTENCES = 20_000, 60_000
_ONSETS = ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "ch", "tr", "pl", "gr", "br", "é", "qu"]
_VOWELS = ["a", "e", "i", "o", "u", "é", "è", "ai", "ou", "eu", "an", "in", "on", "ô", "ê", "œ", "â"]
_ENDS = ["", "", "", "s", "r", "t", "nt", "l", "tion", "ment", "té", "ç" + "ais"]
_TOPICS = [f"http://metadata.un.org/sdg/{n}" for n in range(1, 18)]
_KINDS = ["count", "percentage", "multiple", "rank", "ratio", "range", "projection", "qualitative"]
_KIND_SHARES = [0.40, 0.38, 0.04, 0.02, 0.02, 0.04, 0.02, 0.08]
_STATUSES = ["cited", "uncited", "dangling", "ambiguous"]
_STATUS_SHARES = [0.58, 0.28, 0.11, 0.03]
_ANSWERS = ["supports", "opposes", "neutral", "conditional", "no-answer"]
_OUTCOMES = ["not-started", "in-progress", "kept", "partly-kept", "broken", "abandoned", "unknown"]
_AREA = "https://sws.geonames.org/"


class Texts:
    """Sentences from a seed; a text is one to three of them, cut to about the wanted length."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([seed, 7])
        sizes = rng.integers(1, 4, WORDS)
        pick = lambda pool, n: np.array(pool, dtype=object)[rng.integers(0, len(pool), n)]  # noqa: E731
        words = pick(_ONSETS, WORDS) + pick(_VOWELS, WORDS)
        for size in (2, 3):
            longer = sizes >= size
            words[longer] = words[longer] + pick(_ONSETS, longer.sum()) + pick(_VOWELS, longer.sum())
        words = words + pick(_ENDS, WORDS)
        ranks = (WORDS ** rng.random((SENTENCES, 7))).astype(int) - 1  # as in a language, few words are common
        self.short = pl.Series([" ".join(words[row]).capitalize() for row in ranks])
        signs = np.array([", ", " « ", "’", " : ", ' "', "\n"], dtype=object)
        joints = signs[rng.choice(len(signs), SENTENCES, p=[0.80, 0.07, 0.06, 0.04, 0.02, 0.01])]
        closing = {" « ": " »", ' "': '"'}
        order = rng.permutation(SENTENCES)
        self.long = pl.Series(
            [
                f"{self.short[a]}{j}{self.short[int(b)].lower()}{closing.get(j, '')}."
                for a, (b, j) in enumerate(zip(order, joints, strict=True))
            ]
        )

    def labels(self, rng: np.random.Generator, count: int) -> pl.Series:
        """About 45 characters."""
        return self.short.gather(rng.integers(0, SENTENCES, count))

    def summaries(self, rng: np.random.Generator, count: int) -> pl.Series:
        """About 130 characters: one long sentence and a half."""
        first, second = (pool.gather(rng.integers(0, SENTENCES, count)) for pool in (self.long, self.short))
        return first + " " + second + "."


class Writer:
    """Tables of a folder, a piece at a time: CSV files, or folders of Parquet files, as many as there are pieces."""

    def __init__(self, folder: Path, *, parquet: bool = False) -> None:
        self.folder, self.parquet = folder, parquet
        self.rows: dict[str, int] = {}
        self._parts: Counter[str] = Counter()

    def add(self, table: str, columns: dict[str, object]) -> None:
        """Append rows to a table."""
        frame = pl.DataFrame(columns)
        if self.parquet and frame.height:
            parts = self.folder / f"{table}.parquet"
            parts.mkdir(exist_ok=True)
            frame.write_parquet(parts / f"part-{self._parts[table]:05}.parquet", compression="zstd", statistics=False)
            self._parts[table] += 1
        elif not self.parquet:
            with (self.folder / f"{table}.csv").open("ab") as file:
                frame.write_csv(file, include_header=table not in self.rows)
        self.rows[table] = self.rows.get(table, 0) + frame.height


def generate(folder: Path, proposals: int, seed: int = 1, *, parquet: bool = False) -> dict[str, int]:
    """Write a clean corpus, as CSV or as Parquet. Returns the rows of each table."""
    folder.mkdir(parents=True)
    texts, writer = Texts(seed), Writer(folder, parquet=parquet)
    sizes = _Sizes(proposals)
    (folder / "corpus.toml").write_text(_descriptor(), encoding="utf-8")
    rng = np.random.default_rng([seed, 1])
    _small(writer, texts, rng, sizes)
    for first, last in _pieces(proposals):
        _proposals(writer, texts, np.random.default_rng([seed, 2, first]), sizes, first, last)
        _answered(writer, texts, np.random.default_rng([seed, 4, first]), sizes, first, last)
    for first, last in _pieces(sizes.statistics):
        _statistics(writer, texts, np.random.default_rng([seed, 3, first]), sizes, first, last)
    return writer.rows


class _Sizes:
    """How many rows of what, for so many proposals."""

    def __init__(self, proposals: int) -> None:
        self.proposals = proposals
        self.statistics = max(proposals // 2, 1)
        self.sources = max(proposals // 10, 1)
        self.notes = max(proposals // 8, 1)
        self.themes = max(min(proposals // 200, 2_000), 2)
        self.agents = max(min(proposals // 50, 20_000), 1)
        self.documents = max(proposals // 10_000, 1)


def _pieces(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, PIECE):
        yield first, min(first + PIECE, count)


def _ids(prefix: str, numbers: np.ndarray) -> pl.Series:
    return pl.Series([prefix] * 1).new_from_index(0, len(numbers)) + pl.Series(numbers + 1).cast(pl.String)


def _digests(numbers: np.ndarray, salt: str) -> list[str]:
    return [hashlib.sha256(f"{salt}{n}".encode()).hexdigest() for n in numbers.tolist()]


def _openings(numbers: np.ndarray) -> list[str]:
    return [f"{n % (1 << 32):08x}" for n in numbers.tolist()]


def _small(writer: Writer, texts: Texts, rng: np.random.Generator, sizes: _Sizes) -> None:
    """Documents, texts, agents, themes, theme-subjects, activities, sources, notes."""
    documents = np.arange(sizes.documents)
    writer.add(
        "documents",
        {
            "id": _ids("D", documents),
            "title_fr": "Cahier " + _ids("", documents),
            "label_fr": "Cahier " + _ids("", documents),
            "label_en": "Volume " + _ids("", documents),
            "language": "FRA",
            "issued": "2025-01-17",
        },
    )
    writer.add(
        "texts",
        {
            "id": _ids("D", documents),
            "document": _ids("D", documents),
            "characters": (sizes.statistics // sizes.documents + 2) * 500,
            "sha256": _digests(documents, "t"),
            "extraction_fr": "Engendré.",
            "extraction_en": "Generated.",
        },
    )
    agents = np.arange(sizes.agents)
    writer.add(
        "agents",
        {
            "id": _ids("agent-", agents),
            "kind": "Organization",
            "label_fr": texts.labels(rng, len(agents)),
            "label_en": texts.labels(rng, len(agents)),
            "homepage": "https://agents.example.org/" + _ids("a", agents),
        },
    )
    themes = np.arange(sizes.themes)
    top = max(sizes.themes // 10, 1)
    parents = _ids("T", rng.integers(0, top, len(themes)))
    writer.add(
        "themes",
        {
            "id": _ids("T", themes),
            "number": _ids("", themes),
            "position": themes + 1,
            "parent": pl.select(pl.when(pl.lit(themes >= top)).then(parents)).to_series(),
            "label_fr": texts.labels(rng, len(themes)),
            "label_en": texts.labels(rng, len(themes)),
        },
    )
    subjects = pl.DataFrame(
        {
            "theme": _ids("T", np.repeat(themes, 2)),
            "topic": pl.Series(_TOPICS).gather(rng.integers(0, len(_TOPICS), 2 * len(themes))),
        }
    )
    writer.add("theme-subjects", subjects.unique(maintain_order=True).to_dict())
    writer.add(
        "activities",
        {
            "id": ["reading"],
            "text": [None],
            "looked_for": ["figures-and-sources"],
            "ended": ["2026-01-01T00:00:00Z"],
            "comment_fr": ["Lu."],
            "comment_en": ["Read."],
        },
    )
    for first, last in _pieces(sizes.sources):
        n = np.arange(first, last)
        found = rng.random(len(n)) < 0.5
        url = pl.Series([f"https://sources.example.org/rapport/{k}?page={k % 90}" for k in n.tolist()])
        writer.add(
            "sources",
            {
                "id": _ids("src-", n),
                "label_fr": texts.labels(rng, len(n)),
                "label_en": texts.labels(rng, len(n)),
                "title_fr": texts.labels(rng, len(n)),
                "publisher": _ids("agent-", rng.integers(0, sizes.agents, len(n))),
                "issued": pl.Series(rng.integers(1995, 2026, len(n))).cast(pl.String),
                "url": pl.select(pl.when(pl.lit(found)).then(url)).to_series(),
                "trace_status": pl.select(
                    pl.when(pl.lit(found)).then(pl.lit("located")).otherwise(pl.lit("not-attempted"))
                ).to_series(),
            },
        )
    for first, last in _pieces(sizes.notes):
        n = np.arange(first, last)
        writer.add("notes", {"id": _ids("N", n), "as_printed": n % 400 + 1})
        writer.add("note-sources", {"note": _ids("N", n), "source": _ids("src-", n % sizes.sources)})


def _proposals(writer: Writer, texts: Texts, rng: np.random.Generator, sizes: _Sizes, first: int, last: int) -> None:
    n = np.arange(first, last)
    count = len(n)
    url = pl.Series([f"https://idees.example.org/{k}" for k in n.tolist()])
    writer.add(
        "proposals",
        {
            "id": _ids("P", n),
            "position": n + 1,
            "theme": _ids("T", rng.integers(0, sizes.themes, count)),
            "document": _ids("D", n % sizes.documents),
            "label_fr": texts.labels(rng, count),
            "label_en": texts.labels(rng, count),
            "summary_fr": texts.summaries(rng, count),
            "summary_en": texts.summaries(rng, count),
            "url": pl.select(pl.when(pl.lit(rng.random(count) < 0.5)).then(url)).to_series(),
            "proposer": _ids("agent-", n % sizes.agents),
            "issued": pl.Series(rng.integers(2015, 2026, count)).cast(pl.String),
        },
    )
    joint, filed = n[::10], n[::5]
    writer.add(
        "proposal-proposers", {"proposal": _ids("P", joint), "proposer": _ids("agent-", (joint + 1) % sizes.agents)}
    )
    writer.add("proposal-themes", {"proposal": _ids("P", filed), "theme": _ids("T", filed % sizes.themes)})
    # Every statistic is stated in one proposal; four proposals in ten rest on one more for context.
    stated = n[n % 2 == 0]
    stated = stated[stated // 2 < sizes.statistics]
    context = n[rng.random(count) < 0.4]
    other = (context // 2 + 1 + rng.integers(0, max(sizes.statistics - 2, 1), len(context))) % sizes.statistics
    kept = (other != context // 2) | (context % 2 == 1)
    writer.add(
        "evidence",
        {
            "proposal": pl.concat([_ids("P", stated), _ids("P", context[kept])]),
            "statistic": pl.concat([_ids("S", stated // 2), _ids("S", other[kept])]),
            "basis": ["Stated"] * len(stated) + ["Context"] * int(kept.sum()),
        },
    )


def _answered(writer: Writer, texts: Texts, rng: np.random.Generator, sizes: _Sizes, first: int, last: int) -> None:
    """Responses to three proposals in ten, and outcomes of two in ten, with the publisher's lists of both."""
    if not first:
        for table, codes in (("answers", _ANSWERS), ("outcome-statuses", _OUTCOMES)):
            labels = {f"label_{tag}": [f"{code} {tag}" for code in codes] for tag in ("fr", "en")}
            writer.add(table, {"id": codes, **labels, "maps_to": codes})
    n = np.arange(first, last)
    answered, ended = (n[rng.random(len(n)) < share] for share in (0.3, 0.2))
    if not len(answered) or not len(ended):
        answered = ended = n[:1]
    writer.add(
        "responses",
        {
            "id": _ids("R", answered),
            "proposal": _ids("P", answered),
            "agent": _ids("agent-", rng.integers(0, sizes.agents, len(answered))),
            "answer": pl.Series(_ANSWERS).gather(rng.integers(0, len(_ANSWERS), len(answered))),
            "comment_fr": texts.labels(rng, len(answered)),
            "issued": pl.Series(rng.integers(2015, 2026, len(answered))).cast(pl.String),
            "source_url": "https://answers.example.org/" + _ids("r", answered),
        },
    )
    writer.add(
        "outcomes",
        {
            "id": _ids("O", ended),
            "proposal": _ids("P", ended),
            "status": pl.Series(_OUTCOMES).gather(rng.integers(0, len(_OUTCOMES), len(ended))),
            "account_fr": texts.summaries(rng, len(ended)),
            "account_en": texts.summaries(rng, len(ended)),
            "issued": pl.Series(rng.integers(2015, 2026, len(ended))).cast(pl.String),
        },
    )
    writer.add(
        "outcome-sources",
        {"outcome": _ids("O", ended), "source_url": "https://outcomes.example.org/" + _ids("o", ended)},
    )


def _statistics(writer: Writer, texts: Texts, rng: np.random.Generator, sizes: _Sizes, first: int, last: int) -> None:
    n = np.arange(first, last)
    count = len(n)
    kind = rng.choice(len(_KINDS), count, p=_KIND_SHARES)
    status = rng.choice(len(_STATUSES), count, p=_STATUS_SHARES)
    qualitative = kind == _KINDS.index("qualitative")
    comments = {tag: texts.summaries(rng, count) for tag in ("fr", "en")}
    commented = pl.lit(rng.random(count) < 0.3)
    writer.add(
        "statistics",
        {
            "id": _ids("S", n),
            "label_fr": texts.labels(rng, count),
            "label_en": texts.labels(rng, count),
            "scope": np.where(qualitative, "qualitative", "society"),
            "kind": np.array(_KINDS)[kind],
            "citation_status": np.array(_STATUSES)[status],
            "comment_fr": pl.select(pl.when(commented).then(comments["fr"])).to_series(),
            "comment_en": pl.select(pl.when(commented).then(comments["en"])).to_series(),
            "claimant": pl.select(pl.when(pl.lit(n % 10 == 0)).then(_ids("agent-", n % sizes.agents))).to_series(),
        },
    )
    rated = n[::20]
    writer.add(
        "ratings",
        {
            "id": _ids("Q", rated),
            "statistic": _ids("S", rated),
            "reviewer": _ids("agent-", rated % sizes.agents),
            "rating_fr": texts.labels(rng, len(rated)),
            "rating_value": rated % 5 + 1,
            "rating_best": 5,
            "rating_worst": 1,
            "reviewed": "2026-01-01",
            "review_url": "https://reviews.example.org/" + _ids("q", rated),
        },
    )
    # A passage a statistic, of 60 to 400 characters, somewhere in its document.
    start = (n // sizes.documents) * 500
    length = rng.integers(60, 400, count)
    document = n % sizes.documents
    writer.add(
        "passages",
        {
            "id": _ids("B-S", n),
            "text": _ids("D", document),
            "start": start,
            "end": start + length,
            "faithful_length": length - 4,
            "faithful_sha256": _digests(n, "f"),
            "kept_length": length - 20,
            "kept_sha256": _digests(n, "k"),
            "bare_length": length - 22,
            "bare_sha256": _digests(n, "b"),
            "bare_opening": _openings(n),
            "theme": _ids("T", rng.integers(0, sizes.themes, count)),
            "locator_fr": "Partie " + _ids("", n % 90) + ", " + texts.labels(rng, count),
            "locator_en": "Part " + _ids("", n % 90) + ", " + texts.labels(rng, count),
        },
    )
    writer.add("statistic-passages", {"statistic": _ids("S", n), "passage": _ids("B-S", n)})
    _markers(writer, rng, sizes, n, status, start)
    projection = kind == _KINDS.index("projection")
    _figures(writer, rng, sizes, n[~qualitative], kind[~qualitative], projection[~qualitative], 1, start[~qualitative])
    if projection.any():
        _figures(writer, rng, sizes, n[projection], kind[projection], projection[projection], 2, start[projection])


def _markers(
    writer: Writer, rng: np.random.Generator, sizes: _Sizes, n: np.ndarray, status: np.ndarray, start: np.ndarray
) -> None:
    """A marker for what is not uncited; one in six of the cited is cited by a link of its own, without a marker."""
    names = np.array(_STATUSES)[status]
    direct = (names == "cited") & (rng.random(len(n)) < 1 / 6)
    marked = (names != "uncited") & ~direct
    note = _ids("N", rng.integers(0, sizes.notes, len(n)))
    place = start + 45
    rows = pl.DataFrame(
        {
            "id": _ids("M", n),
            "text": _ids("D", n % sizes.documents),
            "as_printed": n % 400 + 1,
            "start": place,
            "end": place + 1,
            "note": pl.select(pl.when(pl.lit(names == "cited")).then(note)).to_series(),
            "possible_note": pl.select(pl.when(pl.lit(names == "ambiguous")).then(note)).to_series(),
        }
    )
    writer.add("markers", rows.filter(pl.Series(marked)).to_dict())
    writer.add("statistic-markers", {"statistic": _ids("S", n[marked]), "marker": _ids("M", n[marked])})
    source = _ids("src-", rng.integers(0, sizes.sources, int(direct.sum())))
    writer.add("statistic-sources", {"statistic": _ids("S", n[direct]), "source": source})


def _figures(
    writer: Writer,
    rng: np.random.Generator,
    sizes: _Sizes,
    n: np.ndarray,
    kind: np.ndarray,
    projection: np.ndarray,
    number: int,
    start: np.ndarray,
) -> None:
    count = len(n)
    names = np.array(_KINDS)[kind]
    ratio, span = names == "ratio", names == "range"
    value = np.round(rng.lognormal(6, 3, count), 1)
    top, bottom = rng.integers(1, 40, count), 2 ** rng.integers(1, 6, count)
    text = lambda v, keep: pl.select(pl.when(pl.lit(keep)).then(pl.lit(pl.Series(v).cast(pl.String)))).to_series()  # noqa: E731
    exact = np.where(ratio, top / bottom, value)
    percent = names == "percentage"
    implied = np.where(rng.random(count) < 0.5, "implied", "stated")
    ids = _ids("S", n) + f"-{number}"
    writer.add(
        "figures",
        {
            "id": ids,
            "statistic": _ids("S", n),
            "value": text(exact, ~span),
            "minimum": text(value, span),
            "maximum": text(value + 5, span),
            "numerator": text(top, ratio),
            "denominator": text(bottom, ratio),
            "unit": np.where(percent, "PERCENT", "NUM"),
            "unit_fr": np.where(percent, "part des personnes interrogées", "personne"),
            "unit_en": np.where(percent, "share of the people asked", "person"),
            "qualifier": np.where(span, "between", np.where(rng.random(count) < 0.8, "as-stated", "nearly")),
            "as_printed_fr": text(exact, ~span),
            "area": pl.Series([_AREA]).new_from_index(0, count)
            + pl.Series(rng.integers(1, 9999999, count)).cast(pl.String)
            + "/",
            "area_basis": implied,
            "period": pl.Series(rng.integers(1995, 2026, count)).cast(pl.String),
            "period_basis": "source-date",
            "status": pl.select(pl.when(pl.lit(projection)).then(pl.lit("A" if number == 1 else "F"))).to_series(),
        },
    )
    placed = rng.random(count) < 0.6
    where = start[placed] + 10 * number
    k = n[placed]
    writer.add(
        "figure-passages",
        {
            "figure": ids.filter(pl.Series(placed)),
            "passage": _ids("B-S", k),
            "text": _ids("D", k % sizes.documents),
            "start": where,
            "end": where + 8,
            "before_length": np.full(len(k), 8),
            "before_sha256": _digests(k, "b"),
            "after_length": np.full(len(k), 64),
            "after_sha256": _digests(k, "a"),
            "after_opening": _openings(k),
        },
    )


def _descriptor() -> str:
    lines = [
        'name = "bench"\nversion = "1.0.0"\nreleased = 2026-01-01\nbase = "https://w3id.org/openproposals/bench/"',
        'site = "https://bench.example.org/"',
        'licence = "http://publications.europa.eu/resource/authority/licence/ETALAB_2_0"\nthemes = ["SOCI"]',
        '[title]\nfr = "Propositions engendrées"\nen = "Generated proposals"',
        '[description]\nfr = "Un corpus engendré, pour mesurer."\nen = "A generated corpus, to measure with."',
        '[rights]\nfr = "Engendré."\nen = "Generated."',
        '[publisher]\nname = "bench"\niri = "https://w3id.org/openproposals/bench-publisher"',
        'homepage = "https://bench.example.org/"',
        '[contact]\nname = "bench"\nemail = "bench@bench.example.org"',
        '[keywords]\nfr = ["mesure"]\nen = ["benchmark"]',
        '[coverage]\nspatial = ["http://publications.europa.eu/resource/authority/country/FRA"]',
        "start = 1995-01-01\nend = 2026-12-31",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--proposals", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parquet", action="store_true", help="as Parquet, in parts: for the engine spark alone")
    given = parser.parse_args()
    for name, count in generate(given.folder, given.proposals, given.seed, parquet=given.parquet).items():
        print(f"{name}: {count}")
