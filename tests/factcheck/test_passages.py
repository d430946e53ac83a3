"""The two normal forms: what each survives, what each refuses, and vectors that do not move."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck.normal import digest, faithful, frame, skeleton
from support.places import SHARED, needs_documents

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


TOKENS = st.sampled_from(
    ["l'été", "3,1", "330 000", "élèves²", "« oui »", "œuvre", "-3 %", "vivre-ensemble", "–", "…", "fin.", "G7", "\"non\"", "·", "**gras**", "ça", ":", "10⁶"]
)  # fmt: skip
TEXTS = st.lists(TOKENS, min_size=1, max_size=15).map(" ".join)
KEPT_BY_BOTH = {
    "decomposed accents": lambda t: unicodedata.normalize("NFD", t),
    "curly apostrophes": lambda t: t.replace("'", "’"),
    "curly quotation marks": lambda t: t.replace('"', "”"),
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "narrow no-break spaces": lambda t: t.replace(" ", "\u202f"),
    "line wraps": lambda t: t.replace(" ", "\n   "),
    "soft hyphens": lambda t: t.replace("été", "é\u00adté"),
    "zero-width spaces": lambda t: t.replace("fin", "f\u200bin"),
    "bold marks lost": lambda t: t.replace("*", ""),
    "ligatures": lambda t: t.replace("fi", "\ufb01"),
    "another dash": lambda t: t.replace("–", "—"),
    "a minus sign": lambda t: t.replace("-3", "−3"),
    "three dots": lambda t: t.replace("…", "..."),
    "a note marker lost": lambda t: t.replace("²", ""),
    "other guillemets": lambda t: t.replace("« ", '"').replace(" »", '"'),
    "a space lost before a sign": lambda t: re.sub(" (?=[:%])", "", t),
    "another middle dot": lambda t: t.replace("·", "•"),
}
KEPT_BY_THE_SKELETON = {
    "capitals": lambda t: t.replace("²", "").upper(),
    "œ as oe": lambda t: t.replace("œ", "oe"),
    "a marker flattened": lambda t: t.replace("²", "2"),
    "words broken at a line's end": lambda t: t.replace("élèves", "élè-\nves"),
    "a middle dot as a hyphen": lambda t: t.replace("·", "-"),
    "a number ungrouped": lambda t: t.replace("330 000", "330000"),
    "accents lost": lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c)),
    "a decimal point": lambda t: t.replace("3,1", "3.1"),
}
REFUSED_BY_BOTH = {
    "a word replaced": ("fin", "début"),
    "a word lost": ("œuvre", ""),
    "a figure replaced": ("3,1", "3,2"),
    "a figure's digit lost": ("330 000", "330 00"),
    "a decimal sign lost": ("3,1", "31"),
    "a power lost": ("10⁶", "10"),
}
REFUSED_BY_THE_FAITHFUL_ALONE = {  # what the figure check is for
    "a sign lost": ("-3 %", "3 %"),
    "a unit replaced": ("-3 %", "-3 €"),
    "a number grouped otherwise": ("330 000", "33 0000"),
    "another number glued to a letter": ("G7", "G20"),
}


@pytest.mark.parametrize("how", KEPT_BY_BOTH)
@given(TEXTS)
def test_both_forms_survive(how: str, text: str) -> None:
    """What a typist or a fair extraction does to any text leaves both of its forms alone."""
    other = KEPT_BY_BOTH[how](text)
    assert faithful(text) == faithful(other)
    assert skeleton(text) == skeleton(other)


@pytest.mark.parametrize("how", KEPT_BY_THE_SKELETON)
@given(TEXTS)
def test_the_skeleton_survives(how: str, text: str) -> None:
    """What a poor extraction does to any text leaves its skeleton alone."""
    assert skeleton(text) == skeleton(KEPT_BY_THE_SKELETON[how](text))


@pytest.mark.parametrize("how", REFUSED_BY_BOTH)
@given(TEXTS)
def test_both_forms_refuse(how: str, text: str) -> None:
    """Another word or another figure is another passage."""
    was, now = REFUSED_BY_BOTH[how]
    other = f"{text} {was}".replace(was, now)
    assert faithful(f"{text} {was}") != faithful(other)
    assert skeleton(f"{text} {was}") != skeleton(other)


@pytest.mark.parametrize("how", REFUSED_BY_THE_FAITHFUL_ALONE)
@given(TEXTS)
def test_only_the_faithful_form_refuses(how: str, text: str) -> None:
    """The skeleton's blind spots, on any text."""
    was, now = REFUSED_BY_THE_FAITHFUL_ALONE[how]
    other = f"{text} {was} x".replace(was, now)
    assert faithful(f"{text} {was} x") != faithful(other)
    assert skeleton(f"{text} {was} x") == skeleton(other)


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
