"""Marks that the type does not raise: flat, in parentheses, after a year's full stop; and numbers that are none."""

from __future__ import annotations

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates

PAGES = """The river carries less water each year.12 A report put the loss at 30% by 2035.13 Costs, it says, rise (see page 9).14

12 River Board, The flow in figures, 2021
13 Q 47, BC 103
14 Water Agency, Outlook to 2035, March 2024
\fMost towns agree;15 some do not.”16 In 2019 there were 1765 in 2019 alone. CO2 and vitamin B12 are no marks.

15 Council of Towns, Survey, 2022
16 Ibid.
"""
PARENTHESES = """Les prix ont monté (1) puis baissé de 3 % (2). Trois villes (sur 12) le disent.

( 1 ) Voir Agence du prix, Les prix, 2020.
( 2 ) Mairie, Note sur les loyers, 2021.
"""
LIST = """Nous voulons trois choses.

1. Des logements neufs
2. Des loyers justes
3. Des écoles ouvertes
"""


def signs(said: str, language: str) -> tuple[list[str], list[str], list[str]]:
    """The marks, those of them with a note, and the notes."""
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    marks = [c for c in found if c.kind == "mark"]
    notes = [c.cells["sign"] for c in found if c.kind == "note"]
    return [c.cells["sign"] for c in marks], [c.cells["sign"] for c in marks if c.pair], notes


def figures(said: str, language: str, name: str = "a.txt") -> list[str]:
    found = candidates.read(documents.read(name, said.encode()), "A", language).candidates
    return [c.words for c in found if c.kind == "figure"]


def test_flat_marks_lead_to_the_notes_at_the_foot_of_their_page() -> None:
    """Also after a full stop that follows a year, and after punctuation; the numbers go on from page to page."""
    numbers = ["12", "13", "14", "15", "16"]
    assert signs(PAGES, "en") == (numbers, numbers, numbers)
    assert figures(PAGES, "en") == ["30%", "1765"]


def test_notes_that_go_on_from_the_numbers_of_paragraphs_are_notes() -> None:
    """As in reports whose paragraphs are numbered: the paragraphs have no marks before them."""
    said = "5. Towns grow.8 Some shrink.9\n6. Rents rise.10\n7. Homes are few.\n\n8 Board, Report\n9 Ibid.\n10 Board, Letter\n"
    assert signs(said, "en") == (["8", "9", "10"], ["8", "9", "10"], ["8", "9", "10"])


@pytest.mark.parametrize("address", ["www.board.example/papers/flow", "https://board.example/flow", "Board, The flow"])
@pytest.mark.parametrize("item", ["1. The towns should share it", "1. Le fleuve doit suffire"])
def test_an_item_is_no_note_where_a_raised_mark_has_one(item: str, address: str) -> None:
    """A number that stands before an item and as a number of a page is less than a raised mark with its note."""
    said = (
        "November 1, 2012\nPage 1\nThe river carries less water each year⁸ and costs rise.\nThe board proposes that:\n"
        f"{item}\nand all the water.\n \n8\n{address}\n"
    )
    marks, paired, notes = signs(said, "en")
    assert (marks, paired, notes) == (["8"], ["8"], ["8"])


def test_a_raised_note_may_have_hardly_a_word() -> None:
    """As in references to evidence; without a mark before it, a raised number there is none."""
    said = "Towns grow.⁸ Some shrink.⁹\n\n⁸ Q 31.\n⁹ BC 24.\n"
    assert signs(said, "en") == (["8", "9"], ["8", "9"], ["8", "9"])
    assert signs("It is so.\n\n² + 3\n", "en") == ([], [], [])


def test_a_mark_may_stand_close_to_the_next_sentence() -> None:
    said = "It is so.8In this case it was.9\n\n8 Board, Report\n9 Ibid.\n"
    assert signs(said, "en") == (["8", "9"], ["8", "9"], ["8", "9"])


def test_asterisks_of_the_spelling_are_no_marks() -> None:
    """Where a text has several after words and no note; one may be a mark whose note is missing."""
    said = "Freund* und Kolleg* und Nachbar* kommen. Der Preis steigt¹.\n\n¹ Amt, Preise\n"
    assert signs(said, "de")[0] == ["1"]
    assert signs("Der Preis* steigt.\n", "de")[0] == ["*"]


def test_a_raised_numerator_is_no_mark() -> None:
    assert signs("Eine Quote von ¹/3 : ²/₃ gilt.", "de")[0] == []
    assert figures("Eine Quote von ¹/3 zu ²/₃ gilt.", "de") == ["¹/3", "²/₃"]


def test_a_raised_mark_on_a_line_of_its_own_is_found() -> None:
    """As some extractions set it, after the words that it belongs to."""
    said = "The loss is large.1 It grows.\n2\nIt will stay.3\n\n1 Board, Report, 2020\n2 Ibid.\n3 Board, Letter\n"
    assert signs(said, "en") == (["1", "2", "3"], ["1", "2", "3"], ["1", "2", "3"])


def test_marks_in_parentheses_lead_to_notes_in_parentheses() -> None:
    """A number in parentheses that has no note is a number."""
    assert signs(PARENTHESES, "fr") == (["1", "2"], ["1", "2"], ["1", "2"])
    assert figures(PARENTHESES, "fr") == ["3 %", "Trois", "12"]


def test_an_enumeration_is_no_run_of_notes() -> None:
    """Its numbers have no marks before them."""
    assert signs(LIST, "fr") == ([], [], [])
    assert figures(LIST, "fr") == ["trois"]


@pytest.mark.parametrize(
    ("said", "language", "wanted"),
    [
        ("Heute ist es jeder Vierte, früher nur jede zehnte Frau.", "de", ["jeder Vierte", "jede zehnte"]),
        (
            "Es sind mehr als 500 Millionen Euro für die 55- bis 64-Jährigen.",
            "de",
            ["mehr als 500 Millionen", "55- bis 64"],
        ),
        ("Es stieg um neuneinhalb Prozent, jeder Punkt ist ein Prozent.", "de", ["neuneinhalb Prozent", "ein Prozent"]),
        (
            "Sie soll ein 40-mal so hoher Lohn sein, einen Lohn von zehn Euro hat ein Drittel.",
            "de",
            ["40-mal", "zehn", "ein Drittel"],
        ),
        ("L'intervalle est [0,05 ; 0,10].", "fr", ["0,05", "0,10"]),
        ("9.188. Of these, five agreed.", "en", ["five"]),
        ("Wir wollen die\n2-Klassen-Medizin beenden, zur dritten Säule, mit Dritten.", "de", ["2", "dritten"]),
        ("Appel aux exclus, objectif 1000 témoignages, article 1000, mesure 12 logements.", "fr", ["1000"]),
        ("Partnerships\n(14)\nBoards", "en", ["14"]),
        ("Ein BMI von 30 gilt als hoch, 33 von 100 Menschen haben ihn.", "de", ["30", "33 von 100"]),
        ("The rate has halved, from £370\nmillion in the second quarter.", "en", ["halved", "£370\nmillion", "second"]),
        ("A 10-point plan on a score of 0 - 100, with -5 for COVID-19.", "en", ["10", "0 - 100", "-5"]),
        ("Das 1,5-Grad-Ziel, nicht nur ein Bericht über eine Reform, auf die wir achten auch.", "de", ["1,5"]),
        ("Seite 10 von 223, Art 2, Abs 4, Section 5.", "de", ["5"]),
        ("Page 3 of 20. A case under section 1001 or § 2302.", "en", []),
        (
            "Une seule question, par une commune ; seule une autre, élus par tiers.",
            "fr",
            ["Une seule", "une", "par tiers"],
        ),
        ("> 1.\n\n> 2.\n\nTotal 12 (- 4 %)", "en", ["12", "- 4 %"]),
        ("Steps ① and Ⅳ of 9.", "en", ["①", "Ⅳ", "9"]),
        ("From 5%–7%, the ninety-third.", "en", ["5%–7%", "ninety-third"]),
        ("Un peu moins du tiers part, entre 2012 et 2014.", "fr", ["du tiers"]),
        ("Il vaut 46,5 Md€ — 44 à 66 Md€ en brut.", "fr", ["46,5 Md€", "44 à 66 Md€"]),
        (
            "It claimed $90m, in 40+ towns, 15+k homes, 5+m people, 2+ m hours; 5 m wide.",
            "en",
            ["$90m", "40+", "15+k", "5+m", "2+ m", "5"],
        ),
        (
            "Ein Euro bringt acht Euro, eine hälftige Summe ist halb so viel, ein Ende.",
            "de",
            ["Ein", "acht", "hälftige", "halb so"],
        ),
        ("Elle est numéro un, pour un euro ; un texte (L. 2153-1) du 1ᵉʳ juin.", "fr", ["un", "un"]),
        (
            "Sport     275 000     320 000\nSoins     5 000-10 000     695 000",
            "fr",
            ["275 000", "320 000", "5 000-10 000", "695 000"],
        ),
        (
            "Il faut quatre à cinq fois plus, une loi tous les deux ans, tous les deux.",
            "fr",
            ["quatre à cinq fois", "deux"],
        ),
        ("Laut Rn. 146, Ansicht 9 und Titel 12 sind es 7.", "de", ["7"]),
        ("By numbers\n1.7m\nlogins a month\n12 m\nwide", "en", ["1.7m", "12"]),
    ],
)
def test_figures_in_other_forms(said: str, language: str, wanted: list[str]) -> None:
    assert figures(said, language) == wanted


def test_a_mark_that_a_space_keeps_apart_is_found() -> None:
    """Where the notes at the foot of the page count up and their numbers stand so in the text."""
    said = "Le risque croît 6(surtout ici).\nL'écart se creuse depuis 2018 7.\n\n6. Voir le rapport de l'agence.\n7. Ibid.\n"
    assert signs(said, "fr") == (["6", "7"], ["6", "7"], ["6", "7"])
    assert figures("Il faut 15-20h par semaine, pour 1/3 des gens.", "fr") == ["15-20", "1/3"]
    assert figures("Ein Lohn eines Tages von 8,50 Euro.", "de") == ["8,50"]


def test_a_flat_mark_after_a_number_is_no_decimals() -> None:
    """27.185 closes a sentence with mark 185, where the notes of the page say so; decimals elsewhere stay."""
    said = (
        "He came back.184 It was on January 27.185 With more of it he left.186 The rate was 3.15 then.\n\n"
        "184 Office, Report of the year\n185 Board, Diary of the day\n186 Board, Memorandum of the day\n"
    )
    found = candidates.read(documents.read("a.txt", said.encode()), "A", "en").candidates
    assert [c.words for c in found if c.kind == "mark"] == ["184", "185", "186"]
    assert [len(c.pair) for c in found if c.kind == "mark"] == [1, 1, 1]
    assert "3.15" in [c.words for c in found if c.kind == "figure"]


def test_a_line_that_comes_back_within_pages_is_no_running_head() -> None:
    """Its numbers are figures, and a note that says it goes on; at the edge of pages it is a head."""
    body = "\n".join(f"Line {word} of the body says more than nothing at all." for word in "abcdefg")
    page = f"Report 2020\n{body}\nSee the hearing before the board, 12 members,\n{body}\n"
    found = candidates.read(documents.read("a.txt", "\f".join([page] * 4).encode()), "A", "en")
    assert [c.words for c in found.candidates if c.kind == "figure"] == ["12"] * 4
    assert [d.reason for d in found.dismissed] == ["page"] * 4


def test_notes_beyond_a_thousand() -> None:
    """Raised numbers of four digits are marks and notes, too."""
    said = "<p>He left.<sup>1001</sup> She came.<sup>1002</sup></p><p><sup>1001</sup> Office, Report</p><p><sup>1002</sup> Board, Diary</p>"
    found = candidates.read(documents.read("a.html", said.encode()), "A", "en").candidates
    assert [(c.cells["sign"], len(c.pair)) for c in found if c.kind == "mark"] == [("1001", 1), ("1002", 1)]


def test_a_note_states_figures_and_cites_numbers() -> None:
    """With a sign, a magnitude, a unit or what is counted, a number in a note is a figure; a volume or a case is none."""
    said = (
        "Es kostet mehr.<sup>1</sup> Es bleibt so.<sup>2</sup> Er hilft.<sup>3</sup>\n\n"
        "<sup>1</sup> Bis 2022 wurden 1.067 Mio. € gezahlt, ein Anteil von 67,4 %, für die 32 Impfzentren.\n\n"
        "<sup>2</sup> Urteil (Az.: N 7/21), Zeitschrift 102(2), Heft 12, um drei Jahre verlängert.\n\n"
        "<sup>3</sup> Bericht der Stadt, Band 4, 18/4301.\n"
    )
    assert figures(said, "de", "a.md") == ["1.067 Mio. €", "67,4 %", "32", "drei"]


def test_a_figure_set_large_ends_a_note() -> None:
    """A line of an amount alone is no part of the note above it."""
    said = "It ran* all day.\n\n* The time in which it\nwas there\n50.2%\nOF CUSTOMERS\nbegan.\n"
    found = candidates.read(documents.read("a.txt", said.encode()), "A", "en").candidates
    assert [c.words for c in found if c.kind == "note"] == ["* The time in which it\nwas there"]
    assert figures(said, "en") == ["50.2%"]


def test_decimals_and_references_are_no_flat_marks() -> None:
    """A list of two points whose numbers stand in 1,3 and in M-9.2 has no marks."""
    said = "De l'ordre de 1,3 point ; voir M-9.1 et M-9.2 200 M€.\n\n1. rejeter une offre\n2. préférer une autre\n"
    assert signs(said, "fr") == ([], [], [])


def test_a_bracketed_mark_keeps_its_punctuation() -> None:
    """As converters set it: [8,] and [9.] before their notes."""
    said = "Er warnt. [8,](#a) [9.](#b)\n\n<sup>8</sup> Drucksache der Stadt\n\n<sup>9</sup> Ebenso das Gericht\n"
    found = candidates.read(documents.read("a.md", said.encode()), "A", "de").candidates
    assert [(c.cells["sign"], len(c.pair)) for c in found if c.kind == "mark"] == [("8", 1), ("9", 1)]


def test_flat_marks_lead_to_notes_that_are_raised() -> None:
    """As a converter leaves them: after a word, a full stop, a sign of money or percent, or a year; most must be there."""
    marks = "Es wuchs.66 Es sank um 3 %67 auf 4 Mrd. €.68 Es gilt bis 2023.69 Ausgaben70 fielen.\n\n"
    notes = "".join(f"<sup>{n}</sup> vgl. Bericht der Stadt\n\n" for n in range(66, 71))
    found = candidates.read(documents.read("a.md", (marks + notes).encode()), "A", "de").candidates
    assert [(c.cells["sign"], len(c.pair)) for c in found if c.kind == "mark"] == [(str(n), 1) for n in range(66, 71)]
    assert figures(marks + notes, "de", "a.md") == ["3 %", "4 Mrd. €"]
    few = "Es wuchs.66 Es sank.\n\n" + notes
    found = candidates.read(documents.read("a.md", few.encode()), "A", "de").candidates
    assert [c.words for c in found if c.kind == "mark"] == []


def test_flat_marks_of_raised_notes_begin_again_on_each_page() -> None:
    """After money, a quotation mark, an abbreviation of percent, and before a space and a full stop."""
    pages = (
        'Es lag bei 86,9 Mio. €1 . Der Fonds "Saar"2 wuchs um 4,2 v. H.3\n\n'
        "<sup>1</sup> Ohne die Behörde.\n\n<sup>2</sup> Siehe oben.\n\n<sup>3</sup> Quelle: das Amt.\n\n"
        "Auch des Landes1 und der Städte2 wegen.\n\n<sup>1</sup> Bericht der Stadt.\n\n<sup>2</sup> Ebenda.\n"
    )
    found = candidates.read(documents.read("a.md", pages.encode()), "A", "de").candidates
    by_id = {c.id: c for c in found}
    led = [(c.cells["sign"], by_id[c.pair[0]].start > c.start) for c in found if c.kind == "mark"]
    assert led == [("1", True), ("2", True), ("3", True), ("1", True), ("2", True)]
    assert figures(pages, "de", "a.md") == ["86,9 Mio. €", "4,2 v. H."]
