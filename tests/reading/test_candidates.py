"""What a reading offers of small documents in three languages: the lasting proof that the rules are general."""

from __future__ import annotations

from pathlib import Path

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates
from openproposals.reading.candidates import Candidate, TextRead

HERE = Path(__file__).parent / "documents"


def reading(name: str, language: str) -> TextRead:
    return candidates.read(documents.read(name, (HERE / name).read_bytes()), "T", language)


def said(found: TextRead, kind: str) -> list[str]:
    return [" ".join(c.words.split()) for c in found.candidates if c.kind == kind]


@pytest.fixture(scope="module")
def french() -> TextRead:
    return reading("val-doux.txt", "fr")


@pytest.fixture(scope="module")
def english() -> TextRead:
    return reading("harbour.md", "en")


@pytest.fixture(scope="module")
def german() -> TextRead:
    return reading("waldstadt.html", "de")


def test_figures_in_french(french: TextRead) -> None:
    """With their qualifier, magnitude and sign; dates, pages, addresses and numbers of sections are none."""
    assert said(french, "figure") == [
        "1 340", "près de 11 %", "un ménage sur quatre", "8,40 €", "11,20 €", "trois", "Deux tiers", "cent",
        "trente-deux", "21 000", "deux fois", "4 et 6 millions", "deuxième", "100 %", "plus de 30",
    ]  # fmt: skip


def test_figures_in_english(english: TextRead) -> None:
    assert said(english, "figure") == [
        "More than 2.3 million", "one child in five", "12.5 per cent", "$4.2bn", "twice", "Triple", "1,200", "24",
        "About two-thirds", "50 to 70", "at least £300,000", "three",
    ]  # fmt: skip


def test_figures_in_german(german: TextRead) -> None:
    assert said(german, "figure") == [
        "Rund 1,2 Mio.", "jeder zehnte", "18,5 Prozent", "ein Drittel", "dreimal", "400", "15 und 20",
        "höchstens 3,4 Mrd.", "Zweiundzwanzig",
    ]  # fmt: skip


def cells(found: TextRead, words: str) -> dict[str, str]:
    (one,) = (c for c in found.candidates if c.kind == "figure" and " ".join(c.words.split()) == words)
    return {name: value for name, value in one.cells.items() if value}


def test_a_figure_has_the_cells_that_its_print_tells(french: TextRead, english: TextRead, german: TextRead) -> None:
    """Values are read by the language; a ratio has its two numbers, a range its two ends."""
    assert cells(french, "près de 11 %") == {"value": "11", "unit": "%", "qualifier": "nearly"}
    assert cells(french, "un ménage sur quatre") == {"numerator": "1", "denominator": "4", "qualifier": "as-stated"}
    assert cells(french, "4 et 6 millions") == {"minimum": "4000000", "maximum": "6000000", "qualifier": "between"}
    assert cells(french, "trente-deux")["value"] == "32"
    assert cells(french, "plus de 30") == {"value": "30", "unit": "km", "qualifier": "more-than"}
    assert cells(english, "More than 2.3 million") == {"value": "2300000", "qualifier": "more-than"}
    assert cells(english, "About two-thirds")["denominator"] == "3"
    assert cells(german, "höchstens 3,4 Mrd.")["value"] == "3400000000"
    assert cells(german, "Zweiundzwanzig")["value"] == "22"


@pytest.mark.parametrize("count", [28, 29, 60])
def test_a_number_of_any_length_is_read(count: int) -> None:
    """As axes of a chart are, whose years an extraction joins: it is offered, and no digit is rounded away."""
    digits = "9" * count
    found = candidates.read(documents.read("a.txt", f"Le total atteint {digits} euros.".encode()), "T", "fr")
    (one,) = (c for c in found.candidates if c.kind == "figure")
    assert digits in one.words
    assert one.cells["value"] in (digits, "")


@pytest.mark.parametrize(
    ("language", "said", "wanted"),
    [
        ("en", "It cost $109M, £27.1m, €4.7 m, $3T, £2bn, €5 mln and 12k.",
         ["109000000", "27100000", "4700000", "3000000000000", "2000000000", "5000000", "12000"]),
        ("en", "It was 5 m long, 3 M€ dear and rose from £5m to £7m.", ["5", "3000000", "5000000", "7000000"]),
        ("fr", "Soit 1,7 M$, 40 k€, 12 MEUR, 2,5 Mrds d'euros, 3 Mds €, 4 Mio. et 5 m.",
         ["1700000", "40000", "12000000", "2500000000", "3000000000", "4000000", "5"]),
        ("de", "Das sind 40 T€, 3 M€, 10 k€, 4 Mia. Franken, 2,5 Mrd. Euro, 7 Mio. € und 5 m.",
         ["40000", "3000000", "10000", "4000000000", "2500000000", "7000000", "5"]),
    ],
)  # fmt: skip
def test_a_short_magnitude_multiplies(language: str, said: str, wanted: list[str]) -> None:
    """A letter, too, before or after a sign of money; not that of a unit."""
    found = candidates.read(documents.read("a.txt", said.encode()), "T", language).candidates
    assert [c.cells["value"] for c in found if c.kind == "figure"] == wanted


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [
        ("en", "a million and a half", "1500000"),
        ("en", "two million and a half", "2500000"),
        ("en", "two and a half", "2.5"),
        ("en", "a thousand billion", "1000000000000"),
        ("fr", "deux millions et demi", "2500000"),
        ("fr", "deux ans et demi", "2.5"),
        ("fr", "deux mille milliards", "2000000000000"),
        ("fr", "deux millions trois cent mille", "2300000"),
        ("de", "tausend Milliarden", "1000000000000"),
    ],
)
def test_magnitudes_in_words_multiply(language: str, said: str, value: str) -> None:
    """A half after a million is half a million; a thousand before a billion multiplies it."""
    found = candidates.read(documents.read("a.txt", f"Soit {said}.".encode()), "T", language).candidates
    assert [c.cells["value"] for c in found if c.kind == "figure"] == [value]


@pytest.mark.parametrize(
    ("language", "said", "wanted"),
    [
        ("fr", "Autour de 500-1500 kE, 3-5 Mds €, de 10 à 20 M€.",
         [("500000", "1500000"), ("3000000000", "5000000000"), ("10000000", "20000000")]),
        ("de", "Etwa 500-1500 kEUR, 3–5 Mrd. €, 10 bis 20 T€.",
         [("500000", "1500000"), ("3000000000", "5000000000"), ("10000", "20000")]),
        ("en", "Some £500-1500k, $3-4bn, £10m to £20m, 1500-2000 kg, from 1800 to 2000 km.",
         [("500000", "1500000"), ("3000000000", "4000000000"), ("1500", "2000"), ("1800", "2000")]),
    ],
)  # fmt: skip
def test_the_magnitude_of_a_range_may_be_said_once(language: str, said: str, wanted: list[tuple[str, str]]) -> None:
    """Also where its end looks like a year."""
    found = candidates.read(documents.read("a.txt", said.encode()), "T", language).candidates
    ranges = [(c.cells["minimum"], c.cells["maximum"]) for c in found if c.kind == "figure" and c.cells["minimum"]]
    assert ranges == wanted


def test_bracketed_notes_may_stand_close_to_their_words() -> None:
    """As in "[1]https://…": its number is no figure."""
    text = "Die Stadt plant das Ziel.[1] Und mehr.[2]\n\n[1]https://stadt.example/ziel\n[2]Art. 20a GG\n"
    found = candidates.read(documents.read("a.txt", text.encode()), "T", "de").candidates
    assert [c.kind for c in found if c.kind in ("mark", "note", "figure")] == ["mark", "mark", "note", "note"]


@pytest.mark.parametrize(
    ("said", "language", "qualifiers"),
    [
        ("No more than 5, no fewer than six, more than 7, fewer than 8.", "en", ["at-most", "more-than", "more-than", "at-most"]),
        ("Pas plus de 5, pas moins de six, plus de 7, moins de 8.", "fr", ["at-most", "more-than", "more-than", "at-most"]),
        ("Nicht mehr als 5, nicht weniger als sechs, mehr als 7.", "de", ["at-most", "more-than", "more-than"]),
    ],
)  # fmt: skip
def test_a_qualifier_that_is_denied_says_the_opposite(said: str, language: str, qualifiers: list[str]) -> None:
    found = candidates.read(documents.read("a.txt", said.encode()), "T", language).candidates
    assert [c.cells["qualifier"] for c in found if c.kind == "figure"] == qualifiers


def test_headings_of_html_have_the_levels_of_their_elements() -> None:
    """And numbers tell them where a format does not: the tree of themes follows."""
    page = (
        b"<h1>Plan</h1><h2>Homes</h2><p>Text.</p><h3>Rents</h3><p>Text.</p><h2>Roads</h2><h2>2.1.3 Trams</h2><p>x</p>"
    )
    found = candidates.read(documents.read("a.html", page), "T", "en")
    headings = [(c.words, c.cells["level"]) for c in found.candidates if c.kind == "heading"]
    assert headings == [("Plan", "1"), ("Homes", "2"), ("Rents", "3"), ("Roads", "2"), ("2.1.3 Trams", "3")]


def test_a_line_that_is_underlined_is_a_heading() -> None:
    found = candidates.read(documents.read("a.md", b"The plan\n========\n\nFirst: homes\n---\n\nText.\n"), "T", "en")
    headings = [(c.words, c.cells["level"]) for c in found.candidates if c.kind == "heading"]
    assert headings == [("The plan", "1"), ("First: homes", "2")]


def test_a_line_that_goes_on_is_no_heading() -> None:
    text = "Les faits\n\nOn compte 12 lits.\n\nsuite de la ligne\n"
    assert said(candidates.read(documents.read("a.txt", text.encode()), "T", "fr"), "heading") == ["Les faits"]


def test_what_is_no_figure_has_its_reason(french: TextRead) -> None:
    """Every number that is not offered is dismissed by name."""
    content = documents.read("val-doux.txt", (HERE / "val-doux.txt").read_bytes()).content
    told = {(content[d.start : d.end], d.reason) for d in french.dismissed}
    expected = {
        ("2015", "year"), ("2023", "year"), ("3", "page"), ("1", "section"), ("un", "article"), ("12", "date"),
        ("12", "contact"), ("38000", "contact"), ("04", "contact"), ("2021", "year"),
    }  # fmt: skip
    assert expected - told == set()


def by(found: TextRead, kind: str) -> dict[str, Candidate]:
    return {c.id: c for c in found.candidates if c.kind == kind}


def test_marks_lead_to_their_notes(french: TextRead) -> None:
    """Raised or flat; two marks may have one note; what has no counterpart is told, with the sign that was meant."""
    notes = by(french, "note")
    led = {(m.cells["sign"], notes[n].cells["sign"]) for m in by(french, "mark").values() for n in m.pair}
    assert led == {("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")}
    assert [n.cells["sign"] for n in notes.values()] == ["1", "2", "3", "4", "5"]
    faults = {(c.cells["sign"], fault) for c in french.candidates for fault in c.faults}
    assert faults == {("6", "missing-note"), ("5", "missing-mark")}


def test_marks_of_markdown_and_html(english: TextRead, german: TextRead) -> None:
    notes = by(english, "note")
    marks = [
        (m.cells["sign"], [notes[n].cells["sign"] for n in m.pair], m.faults) for m in by(english, "mark").values()
    ]
    assert marks == [("a", ["a"], ()), ("b", ["b"], ()), ("c", [], ("missing-note",))]
    assert [(m.words, len(m.pair)) for m in by(german, "mark").values()] == [("¹", 1), ("²", 1)]


def test_a_figure_knows_its_mark_and_its_sentence(french: TextRead) -> None:
    """The first mark after it in its sentence; a sentence without a mark gives none."""
    marks = by(french, "mark")
    paired = {c.words: [marks[m].cells["sign"] for m in c.pair] for c in by(french, "figure").values()}
    assert paired["1 340"] == ["1"]
    assert paired["un ménage\u00a0sur quatre".replace("\u00a0", " ")] == ["2"]
    assert paired["11,20 €"] == []
    assert paired["deuxième"] == ["6"]


def test_headings_and_proposals(french: TextRead, english: TextRead, german: TextRead) -> None:
    """Infinitives in French, imperatives and promises in English, infinitives at the end in German."""
    assert {"1. Se loger", "2. SE SOIGNER"} <= {*said(french, "heading")}
    assert said(french, "proposal") == [
        "Encadrer les loyers dans le centre.", "Ouvrir cent places d'hébergement.",
        "Créer un centre de santé dans le quartier de la manufacture ;",
        "Rembourser à 100 % les trajets de plus de 30 km.",
    ]  # fmt: skip
    assert said(english, "heading") == ["Harbour plan", "Clean water"]
    assert said(english, "proposal") == [
        "Triple the number of inspectors to 1,200.", "Publish every test within 24 hours.",
        "We will end the discharge of sewage by 2030.",
    ]  # fmt: skip
    assert said(german, "heading") == ["Wir für Waldstadt", "Wohnen", "Verkehr"]
    assert said(german, "proposal") == [
        "Mieten deckeln und Leerstand beenden",
        "Wir werden 400 Wohnungen im Jahr bauen.",
    ]


def test_works_that_notes_cite(french: TextRead, english: TextRead) -> None:
    """Title, publisher and date as printed; nothing invented."""
    works = [(c.cells["title"], c.cells["publisher"], c.cells["issued"]) for c in by(french, "source").values()]
    assert ("Atlas de l'hébergement", "Conseil départemental", "2022") in works
    assert ("Enquête sur le renoncement", "Institut des prix", "2020") in works
    (river, water) = by(english, "source").values()
    assert (river.cells["title"], river.cells["publisher"], river.cells["issued"]) == (
        "State of the river", "Harbour Board", "2021",
    )  # fmt: skip
    assert water.cells["url"] == "https://example.org/spending-2020"
