"""Quotes held to a text word by word, and what is shown of the nearest words where one fails."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.factcheck import quotes
from support.held import BOOKLET, SOURCE, text_of

BOOKLET_TEXT = quotes.IndexedText(text_of(BOOKLET.read_text(encoding="utf-8")))
WORDS = re.split("[ \n]+", BOOKLET_TEXT.text.content)  # a number in groups is one word
STANDS = {
    "420 familles attendent une réponse": "exact",
    "420 familles attendent une réponse.": "normalised",
    "420 familles attendent une réponse depuis plus de deux ans. Cette attente": "normalised",
    "« 420\u00a0familles attendent une réponse »": "normalised",
    "cette attente pèse d’abord sur les plus jeunes": "normalised",
    "1 340 logements restent vides": "normalised",
    "1340 logements restent vides": "normalised",
    "“C'est trop”, disent les enseignantes": "normalised",
    "l’école au cœur du quartier": "normalised",
    "cette attente pese d'abord sur les plus jeunes": "normalised",
    "CETTE ATTENTE PÈSE D'ABORD": "normalised",
    "La facture moyenne a pourtant baissé de −3 % en 2025": "normalised",
    "atteint 46 jours - le double du délai de 2015": "normalised",
    "accompagne les habitantes et les habitants. Elle emploie 84 personnes": "exact",
    "Les Amis de Val-Clair accompagne les habitantes": "normalised",
    "À Val-Clair, […] 420 familles attendent une réponse": "elided",
    "Dix-huit classes ... manufacture": "elided",
    "Un ménage sur trois (...) déclare avoir eu froid… l'hiver dernier": "elided",
    "dans les bâtiments de l'ancienne manufacture…": "exact",
}
# The hardest: almost right. What is shown must lead the eye to the one thing that differs.
FAILS = {
    "420 familles attendent un logement depuis plus de deux ans":
        "420 familles attendent [-un logement-] {+une réponse+} depuis plus de deux ans",
    "430 familles attendent une réponse": "[-430-] {+420+} familles attendent une réponse",
    "La facture moyenne a pourtant baissé de 3 % en 2025":
        "La facture moyenne a pourtant baissé de [-3-] {+-3+} % en 2025",
    "91 € d'entre elles demandent un renfort": "91 [-€-] {+%+} d entre elles demandent un renfort",
    "Un ménage sur trois (13) déclare avoir eu froid":
        "Un ménage sur trois [-13-] {+1 3+} déclare avoir eu froid",
    "13 40 logements restent vides": "[-13 40-] {+1 340+} logements restent vides",
    "familles attendent une réponse depuis deux ans": "familles attendent une réponse depuis {+plus de+} deux ans",
    "Quarante kilomètres de voies cyclables seraient tracés en trois ans":
        "Quarante kilomètres de voies [-cyclables-] seraient tracés en trois ans",
    "Au sommet du G20 comme à Val-Clair": "Au sommet du [-G20-] {+G7+} comme à Val Clair",
    "logements restent vides […] quatre cents familles":
        "logements restent vides [-quatre cents-] {+tandis que 420+} familles",
    "Rien de tel n'est écrit nulle part ailleurs": "",
}  # fmt: skip


@pytest.mark.parametrize(("quote", "grade"), STANDS.items())
def test_what_a_typist_changes_is_set_aside(quote: str, grade: str) -> None:
    """Quotation marks, full stops, spaces, grouping, case at the start; pieces round an ellipsis, in order."""
    match = quotes.match(quote, BOOKLET_TEXT)
    assert grade == match.grade
    assert match.spans
    assert match.spans == tuple(sorted(match.spans))


@pytest.mark.parametrize(("quote", "shown"), FAILS.items())
def test_what_differs_is_not_found_and_the_nearest_words_are_shown(quote: str, shown: str) -> None:
    """A word, a figure, its sign or its unit: not found, and the difference is plain."""
    match = quotes.match(quote, BOOKLET_TEXT)
    assert match.grade == "not-found"
    assert quotes.marked(match.differences) == shown
    assert bool(match.nearest) == bool(shown)


def test_pieces_out_of_order_or_far_apart_are_no_quote() -> None:
    """An ellipsis leaves words out; it does not join what stands elsewhere."""
    assert quotes.match("restent vides […] À Val-Clair, 1 340 logements", BOOKLET_TEXT).grade == "not-found"
    far = quotes.IndexedText(text_of("Au début, il pleut. " + "Autre chose. " * 400 + "À la fin, il fait beau."))
    assert quotes.match("Au début, il pleut […] il fait beau", far).grade == "not-found"


def test_a_cited_source_s_own_words() -> None:
    """The text of a cited work, wrapped by its own extraction."""
    source_text = quotes.IndexedText(text_of(SOURCE.read_text(encoding="utf-8")))
    assert (
        quotes.match(
            "Au 1er janvier 2024, la commune compte 1340 logements vides […] soit 11 % du parc", source_text
        ).grade
        == "elided"
    )
    assert quotes.match("la commune compte 1 430 logements vides", source_text).grade == "not-found"


@given(st.integers(0, len(WORDS) - 12), st.integers(3, 11), st.integers(0, 10))
def test_any_run_of_words_is_found_and_no_run_with_one_word_replaced(start: int, length: int, at: int) -> None:
    """Word by word: true of every run of the text."""
    run = WORDS[start : start + length]
    assert quotes.match(" ".join(run), BOOKLET_TEXT).grade in quotes.FOUND
    changed = [*run[: at % length], "xyzzy", *run[at % length + 1 :]]
    assert quotes.match(" ".join(changed), BOOKLET_TEXT).grade == "not-found"
