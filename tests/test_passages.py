"""The two normal forms: what each survives, what each refuses, and vectors that do not move."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.passages import digest, faithful, frame, skeleton
from places import SHARED, needs_documents

WORDS = "Près de 3,1 millions d'élèves² : l'œuvre « d'État », – 10⁶ fois…"


def test_vectors_of_both_forms() -> None:
    """The forms of one sentence, written out: every step of the definition leaves its trace."""
    assert faithful(WORDS) == "Près de 3,1 millions d'élèves: l'œuvre \"d'État\", - 10⁶ fois..."
    assert skeleton(WORDS) == "presde3.1millionsdeleves" + "loeuvre" + "detat" + "106fois"


def test_digest_is_that_of_the_utf8_bytes() -> None:
    """The published digest of a known form is the SHA-256 anyone computes."""
    assert digest("é").sha256 == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    assert digest("é").length == 1


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
        (WORDS.replace("fois", "\ufb01ois").replace("\ufb01ois", "fois"), "ligatures"),
        (WORDS.replace("²", ""), "a marker lost"),
    ],
)
def test_faithful_survives(other: str, why: str) -> None:
    """The faithful form does not change with what a typist or an extraction does to the same words."""
    assert faithful(WORDS) == faithful(other), why


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (WORDS.upper().replace("MILLIONS D'ÉLÈVES²", "MILLIONS D'ÉLÈVES"), "capitals"),
        (WORDS.replace("élèves²", "élèves2"), "superscripts flattened"),
        (WORDS.replace("élèves", "élè-\nves"), "words hyphenated at a line end"),
        (WORDS.replace("œ", "oe"), "œ as oe"),
        (WORDS.replace("3,1", "3.1"), "another decimal sign"),
    ],
)
def test_skeleton_survives(other: str, why: str) -> None:
    """The skeleton does not change with what bad extraction does."""
    assert skeleton(WORDS) == skeleton(other), why


@pytest.mark.parametrize("other", [WORDS.replace("3,1", "3,2"), WORDS.replace("millions", "milliers"), WORDS + " non"])
def test_both_refuse_a_changed_word_or_figure(other: str) -> None:
    """A changed word or figure changes both forms."""
    assert faithful(WORDS) != faithful(other)
    assert skeleton(WORDS) != skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("330 000", "33 0000"), ("-3 %", "3 %"), ("1/3", "13"), ("5 %", "5 €")])
def test_known_blind_spots_of_the_skeleton(one: str, other: str) -> None:
    """What the skeleton cannot tell apart, the faithful form can: so a figure's own span is compared too."""
    assert skeleton(one) == skeleton(other)
    assert faithful(one) != faithful(other)


@given(st.text())
def test_forms_are_idempotent_and_agree_on_composition(text: str) -> None:
    """A normal form of a normal form is itself; the skeleton holds only its alphabet."""
    assert faithful(text) == faithful(unicodedata.normalize("NFD", text))
    assert re.fullmatch(r"[0-9a-z.]*", skeleton(text))


def test_frame_of_a_figure_that_comes_first() -> None:
    """Nothing before the figure: the empty form's digest, with length 0."""
    found = frame("54 % des enfants", 0, 4)
    assert digest("") == found.before
    assert digest("desenfants") == found.after


@needs_documents
def test_vectors_on_the_booklet() -> None:
    """The vectors that the forms were fixed with."""
    text = (SHARED / "documents" / "booklet.txt").read_text(encoding="utf-8")
    table = (SHARED / "model" / "normal-forms.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\d+) \| (\d+) \| (faithful|skeleton)[^|]*\| (\d+) \| ([0-9a-f]{64}) \|", table, re.MULTILINE
    )
    assert len(rows) == 8
    for start, end, form, length, sha256 in rows:
        found = digest({"faithful": faithful, "skeleton": skeleton}[form](text[int(start) : int(end)]))
        assert (int(length), sha256) == (found.length, found.sha256)
