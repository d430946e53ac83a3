"""The normal forms: vectors that do not move, what each form survives and refuses, and three implementations that agree."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck import search
from openproposals.factcheck.normal import UNIT, accented, bare, digest, faithful, frame, kept, opening, without
from support import forms
from support.places import ROOT

PAGE = ROOT / "docs" / "normal-forms.md"
SCRIPT = ROOT / "pipeline" / "openproposals" / "site" / "assets" / "normal-forms.js"
ODD = "0123456789 .,'-−–²³₂⁻%€\n é\u00ad[^a](b)йі½×/ٱ٣٫٬’«»…ß+<>=≤≠~▲±$*☑✘，．\u0e4d\u0e49\u0ecd\u0ec9\u0338\u0301\u0306\u0323\u0345ัก้ำ각がMWeEIİış\u0307\u0327\u0326-+"
TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(ODD)), max_size=40)
MARKS = st.sampled_from(["", ".", ","])


@cache
def vectors() -> list[list[str]]:
    """The rows of the page's table: script, mark, words, kept, bare, opening, and four digests."""
    table = PAGE.read_text(encoding="utf-8").partition("## Vectors")[2]
    rows = [line.strip().strip("|").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip().strip("`") for cell in row] for row in rows]


def test_the_page_s_vectors_are_what_every_implementation_makes() -> None:
    """Ten scripts and more: the forms written out, their openings and their digests."""
    assert len({row[0].split(",")[0] for row in vectors()}) >= 10
    for _, mark, words, kept_form, bare_form, fingerprint, *digests in vectors():
        for made in (
            (faithful, kept, bare, opening, accented),
            (forms.faithful, forms.kept, forms.bare, forms.opening, forms.accented),
        ):
            found = (made[0](words), made[1](words, mark), made[2](words), made[4](words))
            assert found[1:3] == (kept_form, bare_form)
            assert made[3](bare_form) == fingerprint
            assert [digest(form).sha256[:16] for form in found] == digests


@given(TEXTS, MARKS)
def test_a_plain_implementation_agrees(text: str, mark: str) -> None:
    """Written from the page alone, without our code."""
    assert faithful(text) == forms.faithful(text)
    assert kept(text, mark) == forms.kept(text, mark)
    assert bare(text) == forms.bare(text)
    assert accented(text) == forms.accented(text)


@given(TEXTS)
def test_a_text_s_index_has_its_bare_form(text: str) -> None:
    """Computed at once for a whole text, with the place of every letter."""
    found = search.index(text)
    assert found.letters == bare(text)
    assert len(found.positions) == len(found.letters)
    assert list(found.positions) == sorted(found.positions)


@pytest.mark.skipif(
    not shutil.which("node"), reason="node is not installed: the site's implementation is not held to ours"
)
@pytest.mark.slow
def test_the_site_s_implementation_agrees() -> None:
    """In JavaScript: every character, the vectors, and texts at random."""
    rng = random.Random("normal forms")
    signs = [c for c in map(chr, range(0x20000)) if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
    given_texts = [[f"a{c}1", ","] for c in signs] + [[f"1{c}2{c}b", "."] for c in signs[:3000]]
    given_texts += [[row[2], row[1]] for row in vectors()]
    given_texts += [["".join(rng.choices(ODD, k=12)), rng.choice(["", ".", ","])] for _ in range(5000)]
    given_texts += [["".join(rng.choices("5 12MWeE+-.\nkIÉé#", k=12)), rng.choice(["", ".", ","])] for _ in range(5000)]
    lines = "".join(json.dumps(each) + "\n" for each in given_texts)
    command = ["node", str(ROOT / "tests" / "support" / "forms.mjs"), SCRIPT.as_uri()]
    ran = subprocess.run(command, input=lines.encode(), capture_output=True, check=True, timeout=120)
    made = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert len(made) == len(given_texts)
    wrong = []
    for (text, mark), found in zip(given_texts, made, strict=True):
        ours = [faithful(text), kept(text, mark), bare(text), opening(bare(text)), accented(text)]
        if ours != found:
            wrong.append((text, mark, ours, found))
    assert wrong == [], f"{len(wrong)} of {len(given_texts)}, Python {sys.version}"


WORDS = "Près de 3,1 millions d'élèves : l'œuvre « d'État », – 10⁶ fois…"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (unicodedata.normalize("NFD", WORDS), "decomposed accents"),
        (WORDS.replace("'", "’"), "curly apostrophes"),
        (WORDS.replace(" ", "\u00a0"), "no-break spaces"),
        (WORDS.replace(" ", "\n  "), "line wraps"),
        (WORDS.replace("millions", "mil\u00adlions"), "soft hyphens"),
        (f"**{WORDS}**", "bold marks"),
        (WORDS.replace("–", "—"), "another dash"),
        (WORDS.replace("…", "..."), "three dots"),
        (WORDS.replace("fo", "\ufb01o").replace("\ufb01o", "fo"), "ligatures"),
    ],
)
def test_faithful_survives(other: str, why: str) -> None:
    """The faithful form does not change with what a typist or an extraction does to the same words."""
    assert faithful(WORDS) == faithful(other), why


def test_faithful_keeps_a_star_between_digits() -> None:
    """A product is no emphasis."""
    assert faithful("5*3 maisons") != faithful("53 maisons")
    assert faithful("*5* maisons") == faithful("5 maisons")


@pytest.mark.parametrize(
    ("one", "other", "mark"),
    [
        (WORDS, WORDS.upper(), ","),
        (WORDS, WORDS.replace("élèves", "élè-\nves"), ","),
        (WORDS, WORDS.replace("œ", "oe"), ","),
        (WORDS, WORDS.replace("é", "e").replace("è", "e").replace("É", "E"), ","),
        ("25 m², CO₂", "25 m2, CO 2", ","),
        ("1,200,000", "1200000", "."),
        ("1,200,000", "1 200 000", "."),
        ("1.200.000", "1’200’000", ","),
        ("n° 5", "nº 5", ","),
        ("№ 5", "no 5", ","),
        ("1er, XXIe", "1ᵉʳ, XXIᵉ", ","),
        ("٣٣٠٬٠٠٠", "330 000", ""),
        ("-3 %", "− 3 %", ","),
        ("น้ำ", "น\u0e4d\u0e49า", "."),
        ("45,000个", "45，000个", "."),
        ("= un titre =", "un titre", ","),
        ("→ > 5 %", ">5 %", ","),
        ("a ≠ b", "a =\u0338 b", ","),
        ("−$5", "− $5", "."),
        ("soit −3,5 %", "soit−3,5%", ","),
    ],
)
def test_kept_survives(one: str, other: str, mark: str) -> None:
    """The kept form does not change with capitals, accents, hyphens, grouping, raised digits."""
    assert kept(one, mark) == kept(other, mark)


@pytest.mark.parametrize(
    ("one", "other", "mark"),
    [
        ("330 000", "33 0000", ","), ("-3 %", "3 %", ","), ("1/3", "13", ","), ("5 %", "5 €", ","), ("m²", "m³", ","),
        ("10⁶", "106", ","), ("1,234", "1.234", "."), ("1,234", "1.234", ""), ("G7", "G20", ","), ("10-15", "1015", ","),
        ("CO₂", "CO", ","), ("мой", "мои", ","), ("2½", "21/2", ","), ("12:30", "1230", ","), ("2, 3", "23", ","),
        ("10⁻³", "10³", ","), ("+3", "3", ","), ("soit−3", "soit3", ","), ("≤ 5", "≥ 5", ","), ("<5", "5", ","), ("<5", ">5", ","), ("±5", "5", ","), ("-$5", "$5", "."),
        ("− € 5", "€ 5", ","), ("$-5", "$5", "."), ("60+ ans", "60 ans", ","), ("↑ 5 %", "↓ 5 %", ","), ("▲5", "5", ","),
        ("a ≠ b", "a = b", ","), ("a ≤\u0338 b", "a ≤ b", ","), ("✗ oui", "✓ oui", ","), ("5‱", "5", ","), ("~5", "5", ","),
    ],
)  # fmt: skip
def test_kept_refuses(one: str, other: str, mark: str) -> None:
    """What says something else has another kept form."""
    assert kept(one, mark) != kept(other, mark)


def _capital(words: str) -> str:
    """In capitals, but for what may be a unit."""
    words = words.replace("ı", "i")
    units = [m.span() for m in UNIT.finditer(words)]
    return "".join(c if any(a <= at < b for a, b in units) else c.upper() for at, c in enumerate(words))


CHANGES = {
    "composed": lambda w: unicodedata.normalize("NFC", w),
    "decomposed": lambda w: unicodedata.normalize("NFD", w),
    "wrapped": lambda w: w.replace(" ", "\n"),
    "hyphenated": lambda w: re.sub(r"(?<=[^\W\d_]{2})(?=[^\W\d_]{2})", "-\n", w, count=1),
    "soft hyphens": lambda w: re.sub(r"(?<=[^\W\d_]{2})(?=[^\W\d_]{2})", "\u00ad", w),
    "capital": _capital,
    "zero width": lambda w: w.replace(" ", " \u200b"),
}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("row", vectors(), ids=lambda row: row[0])
def test_in_every_script_the_same_words_have_the_same_forms(row: list[str], how: str) -> None:
    """Composed or decomposed, wrapped, hyphenated, in capitals."""
    _, mark, words, *_ = row
    other = CHANGES[how](words)
    assert (kept(words, mark), bare(words)) == (kept(other, mark), bare(other))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row[0])
@given(st.data())
def test_in_every_script_a_changed_letter_or_digit_changes_the_form(row: list[str], data: st.DataObject) -> None:
    """Every letter and digit replaced by every other of its words, with a digit of any script."""
    _, mark, words, *_ = row
    places = [at for at, c in enumerate(words) if c.isalpha() or c.isdecimal()]
    at = data.draw(st.sampled_from(places))
    pool = [c for c in words if c.isalpha()] if words[at].isalpha() else list("0123456789")
    new = data.draw(st.sampled_from(pool))
    other = words[:at] + new + words[at + 1 :]
    if kept(new) != kept(words[at]) and not (words[at].isdecimal() and int(new) == unicodedata.decimal(words[at])):
        assert kept(words, mark) != kept(other, mark)


@given(st.lists(st.sampled_from(["élèves", "3,1", "330 000", "25 m²", "-3 %", "1/3", "G7", "CO₂", "Ελλάς", "мой", "लोग", "人"]), min_size=1, max_size=6), st.lists(st.sampled_from(["élèves", "3,2", "33 0000", "25 m³", "3 %", "13", "G20", "CO", "Ελλάδα", "мои", "लोगो", "入"]), min_size=1, max_size=6))  # fmt: skip
def test_passages_that_differ_have_different_digests(one: list[str], other: list[str]) -> None:
    """The words of the two lists say different things, in whatever order they come."""
    pairs = {"élèves": "élèves"}
    if [pairs.get(w) for w in one] != other:
        assert kept(" ".join(one), ",") != kept(" ".join(other), ",")


def test_recorded_marks_are_taken_out_by_their_spans() -> None:
    """Whatever they look like, and nothing else."""
    text = "330 000³ personnes[1] et 25 m²."
    marks = [(7, 8), (18, 21)]
    assert without(text, (0, len(text)), marks) == "330 000 personnes et 25 m²."
    found = frame(text, 0, 7, marks)
    assert found.before == frame("x", 0, 0).before
    assert found.after.length == len("personnesetm")


def test_digest_is_that_of_the_utf8_bytes() -> None:
    """The published digest of a known form is the SHA-256 anyone computes."""
    assert digest("é").sha256 == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    assert digest("é").length == 1
