"""The reading against the documents: every position, digest, frame and sign, and nothing in the texts unexplained."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from openproposals.factcheck import documents
from openproposals.factcheck.normal import forms, frame, without
from openproposals.reading import candidates, ledger
from openproposals.reading.ledger import Accounted, Decided
from openproposals.reading.rules import rules
from support.places import REAL, ROOT, SHARED, needs_documents

pytestmark = needs_documents
FILES = {"B": "booklet.txt", "R": "press-release.txt"}
Row = Mapping[str, str]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {k: (SHARED / "documents" / f).read_bytes().decode() for k, f in FILES.items()}


def table(name: str, folder: Path = REAL) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(row: Row) -> tuple[int, int]:
    return int(row["start"]), int(row["end"])


def marks(text: str) -> list[tuple[int, int]]:
    """The spans of the recorded note marks of a text."""
    return [span(row) for row in table("markers") if row["text"] == text]


def test_texts_are_those_the_descriptor_pins(texts: dict[str, str]) -> None:
    """Length and digest of each text."""
    import hashlib
    import tomllib

    pinned = tomllib.loads((REAL / "corpus.toml").read_text(encoding="utf-8"))["texts"]
    for name, text in texts.items():
        expected = (pinned[name]["characters"], pinned[name]["sha256"])
        assert expected == (len(text), hashlib.sha256(text.encode()).hexdigest())


def test_every_passage_stands_where_it_says(texts: dict[str, str]) -> None:
    """Each passage's three digests are those of the words at its position, which begin and end with a word or sign."""
    for row in table("passages"):
        text = texts[row["text"]]
        words = text[slice(*span(row))]
        assert words == words.strip()
        found = forms(without(text, span(row), marks(row["text"])), ",")
        for name, form in (("faithful", found.faithful), ("kept", found.kept), ("bare", found.bare)):
            assert (row[f"{name}_length"], row[f"{name}_sha256"]) == (str(form.length), form.sha256), row["id"]
        assert row["bare_opening"] == found.bare.opening


def test_every_figure_stands_in_its_passage_as_printed(texts: dict[str, str]) -> None:
    """Each figure's span is the figure as printed, and its frame that of the words round it."""
    passages = {row["id"]: row for row in table("passages")}
    printed = {row["id"]: row["as_printed_fr"] for row in table("figures")}
    for row in table("figure-passages"):
        start, end = span(row)
        first, last = span(passages[row["passage"]])
        assert first <= start < end <= last
        assert printed[row["figure"]] == texts[row["text"]][start:end]
        inside = [(a - first, b - first) for a, b in marks(row["text"]) if first <= a < last]
        found = frame(texts[row["text"]][first:last], start - first, end - first, inside)
        expected = (row["before_length"], row["before_sha256"], row["after_length"], row["after_sha256"])
        assert expected == (str(found.before.length), found.before.sha256, str(found.after.length), found.after.sha256)
        assert row["after_opening"] == found.after.opening


def test_every_marker_is_the_sign_that_is_printed(texts: dict[str, str]) -> None:
    """A marker's span holds its sign."""
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    for row in table("markers"):
        assert row["as_printed"] == texts[row["text"]][slice(*span(row))].translate(plain)


def accounted(text: str, content: str) -> list[Accounted]:
    """The ledger of a text: what the corpus records is kept, what is left out by hand is dismissed with its reason."""
    passages = {row["id"]: row for row in table("passages")}
    rows = [("figure", row) for row in table("figure-passages")] + [("mark", row) for row in table("markers")]
    for kind, name in (("note", "notes"), ("heading", "themes"), ("proposal", "proposals")):
        rows += [(kind, passages[row["passage"]]) for row in table(name)]
    decided = [Decided(kind, *span(row), kept=True) for kind, row in rows if row["text"] == text]
    out = [(*span(row), row["reason"]) for row in left_out() if row["text"] == text]
    decided += [Decided("heading", start, end, kept=False, why=why) for start, end, why in out]
    found = candidates.read(documents.read(FILES[text], content.encode()), text, "fr").candidates
    headings = [(c.start, c.end) for c in found if c.kind in ("heading", "proposal")]
    return ledger.account(content, ledger.signs(content, rules("fr"), headings), decided, out)


def left_out() -> list[dict[str, str]]:
    return table("left-out", ROOT / "tests" / "reading")


def test_every_digit_mark_and_heading_is_accounted_for(texts: dict[str, str]) -> None:
    """Nothing in the texts is unexplained, and the counts are those that the corpus publishes."""
    counted = []
    for name, content in texts.items():
        found = accounted(name, content)
        assert [each for each in found if each.state == "unexplained"] == []
        for sort, states in ledger.counts(found).items():
            if sort == "page":  # the texts have none
                continue
            counted.append({"text": name, "sign": sort, **{s: str(states[s]) for s in ledger.STATES}})
    assert counted == table("ledger")


def test_every_theme_and_proposal_is_a_heading_that_the_rules_find(texts: dict[str, str]) -> None:
    """None is recorded that is no heading of the text."""
    recorded = [each for name, text in texts.items() for each in accounted(name, text) if each.state == "recorded"]
    assert sum(each.sign.sort == "heading" for each in recorded) == 28 + 47


def test_nothing_is_left_out_twice_or_in_vain(texts: dict[str, str]) -> None:
    """Each line of the left-out list is a sign, or more, that nothing else explains."""
    rows = [(row["text"], *span(row)) for row in left_out()]
    assert len(rows) == len(set(rows))
    signs = [(n, e.sign.start, e.sign.end) for n, t in texts.items() for e in accounted(n, t) if e.state == "dismissed"]
    vain = [row for row in rows if not any(row[0] == n and row[1] < end and start < row[2] for n, start, end in signs)]
    assert vain == []
