"""Figures that were once missed: in rarer words, or beside what looks like a year, a day, a street, a section."""

from __future__ import annotations

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates

FORMS = [
    (
        "de",
        "Ein einjähriger Vertrag, zweiprozentig, eintägig; einfach, einmalig, der Einzelne.",
        ["einjähriger", "zweiprozentig", "eintägig"],
    ),
    (
        "de",
        "Am elften Tag die einundzwanzigste Stadt, das dreißigste Haus, die zweihundertste.",
        ["elften", "einundzwanzigste", "dreißigste", "zweihundertste"],
    ),
    (
        "de",
        "Milliardenzahlungen, ein Schaden in Millionenhöhe, zigtausend Bäume; ein Millionär und Milliardäre.",
        ["Milliardenzahlungen", "Millionenhöhe", "zigtausend"],
    ),
    (
        "de",
        "Zweiklassenmedizin, Fünfprozenthürde, Dreipersonenhaushalt, eine Viertelstunde; die Achtung.",
        ["Zweiklassenmedizin", "Fünfprozenthürde", "Dreipersonenhaushalt", "eine Viertelstunde"],
    ),
    (
        "de",
        "Sie verdreifachte und halbierte sich, wir verdoppeln, ein doppelter Boden, bei Verdoppelung.",
        ["verdreifachte", "halbierte", "verdoppeln", "doppelter", "Verdoppelung"],
    ),
    ("de", "Daten nur einmal eingeben, mehr als einmal; noch einmal, einmal mehr.", ["nur einmal", "mehr als einmal"]),
    ("de", "Nach einem \n   Jahr, um 5 \n Prozent, 12 \nMio. Euro.", ["einem", "5 \n Prozent", "12 \nMio."]),
    ("de", "Eine Rente bis 2000 Euro, ab 1900 Tonnen; bis 2030, ab 2019 CO2-neutral.", ["2000", "1900"]),
    (
        "fr",
        "Nous doublerons, ils triplaient, en quadruplant ; sans doublons.",
        ["doublerons", "triplaient", "quadruplant"],
    ),
    (
        "fr",
        "À ce jour 31 cours réalisées, 5 places de plus, 12 rue de la Paix, 4, place des Fêtes, 7 rue Foch.",
        ["31", "5"],
    ),
    ("fr", "Rue du 11 Novembre\f4 PROPOSITIONS, 15\n000 euros.", ["4", "15\n000"]),
    ("fr", "La seizième ville, la vingt-neuvième.", ["seizième", "vingt-neuvième"]),
    ("en", "An increase of 11% in one year, in one \ncountry; all in one.", ["11%", "one", "one"]),
    ("en", "The 12 may apply, in May 40 schools met, on May 12, 2010, on 3 March.", ["12", "40"]),
    (
        "en",
        "The fifteenth case, the twenty-ninth, only once, more than once; once more, once the law is made.",
        ["fifteenth", "twenty-ninth", "only once", "more than once"],
    ),
    (
        "de",
        "Unter einem Drittel, mit Zweidrittelmehrheit, ein gutes Drittel, ein knappes Viertel, jede*r Zweite.",
        ["Unter einem Drittel", "Zweidrittelmehrheit", "ein gutes Drittel", "ein knappes Viertel", "jede*r Zweite"],
    ),
    (
        "de",
        "Auf dem drittletzten Platz, zweier Häuser, zum halben Preis, 6-facher Satz, dreierlei, die drei-\nund vierjährigen.",
        ["drittletzten", "zweier", "halben", "6-facher", "dreierlei", "drei-\nund vierjährigen"],
    ),
    (
        "de",
        "Förderung bis 3000/5000€, V/0482/2019, im Verhältnis 50-25-25, am 3.5.21, Kontakt: 0421 361-3908.",
        ["3000/5000€", "50-25", "25"],
    ),
    ("fr", "LE DEUXIEME ADULTE, LA MOITIE, un bon tiers.", ["DEUXIEME", "LA MOITIE", "un bon tiers"]),
    ("fr", "Objectif 60 ans, mesure 12, axe 4.", ["60"]),
    (
        "fr",
        "Un cours de 12 h par semaine, 20h de stage, moins d'1h30, à 8h30, de 8h à 18h, dès 6 h, action < 2h.",
        ["12", "20", "moins d'1", "30", "2"],
    ),
    ("en", "Find a contact 2 days later, Telephone 020 7219 3074, section 4 years.", ["2", "4"]),
    (
        "en",
        "EUR100 million, CHF50, 24hrs, a 5yr plan, 500mg, the 2000 people, over 2 centuries, the 18th century.",
        ["EUR100 million", "CHF50", "24", "5", "500", "2000", "over 2"],
    ),
    (
        "en",
        "Staff rose from 10 to\n12. The board met, and it grew by\n1.5. That is much.",
        ["10 to\n12", "1.5"],
    ),
    (
        "de",
        "Zwei- bis dreimal, ein- bis zweimal, das 100ste Haus, 3×8.",
        ["Zwei- bis dreimal", "ein- bis zweimal", "100ste", "3", "8"],
    ),
    ("de", "Insgesamt 245.000 €\n1,1 Tonnen, EUR 50.", ["245.000 €", "1,1", "EUR 50"]),
    (
        "de",
        "2000 neue Wohnungen, 1950 Polizist*innen, in 1600 Gemeinden; 2015 wurde es, in 2010 Städten.",
        ["2000", "1950", "1600"],
    ),
    (
        "en",
        "2000 new homes, 1950 additional places, in 1800 schools; test scores of 6%, the 2019 elections.",
        ["2000", "1950", "1800", "6%"],
    ),
    (
        "de",
        "Dreieinhalbfach, ein Dreivierteljahr, eine Viertelmillion.",
        ["Dreieinhalbfach", "Dreivierteljahr", "Viertelmillion"],
    ),
    ("fr", "Le quadruplement, doublements, un triplement.", ["quadruplement", "doublements", "triplement"]),
    (
        "en",
        "In their forties, in his late thirties, a quarter-million; the sixties.",
        ["forties", "thirties", "a quarter", "million"],
    ),
    ("en", "Para\n248. We heard of 12.\n249. Then we left.\n\nIt cost\n400. That is much.", ["12", "400"]),
    (
        "de",
        "Am Weg ist Platz für 2500 Bäume; Verordnung 12 Monate; Hauptweg 3, 10117 Berlin, Artikel 3, 4 und 5.",
        ["2500", "12"],
    ),
    ("en", "Part 2, 40 homes; parts 2, 4 and 5.", ["40"]),
    ("fr", "Les 3×8, 2×2 voies ; le paragraphe 4.", ["3", "8", "2", "2"]),
    (
        "en",
        "For 18-25s, below 2C, +3C, every quarter of an hour; a Type 2C home, footnote 6.",
        ["18-25", "below 2", "+3", "quarter of an hour"],
    ),
    ("en", "They are active into their 70s and 80s, in her late 30s; the 60s and 70s.", ["70", "80", "30"]),
    ("en", "Rents ........ 36\nHomes . . . . . 40\nIt rose to ... 12 homes.", ["12"]),
    ("en", "Our aims are\n1. a law and\n2. a plan and\n3. means.", []),
    (
        "en",
        "A one-day visit, one-bedroom flats, it takes two and one day respectively, in one day; one day we shall, one-off.",
        ["one", "one", "two", "one", "one"],
    ),
    (
        "de",
        "Ein-Euro-Jobs, je ein Vertreter, jeweils einen Ort; mehr denn je eine Sache, Ein- und Ausgang.",
        ["Ein", "ein", "einen"],
    ),
    ("fr", "Entre 1et 5%, 3et 4, un 1er.", ["1et 5%", "3", "4", "1er"]),
    ("en", "It doubles, trebling and halving; rents quadrupling.", ["doubles", "trebling", "halving", "quadrupling"]),
]


@pytest.mark.parametrize(("language", "said", "wanted"), FORMS)
def test_figures_in_rarer_forms_are_offered(language: str, said: str, wanted: list[str]) -> None:
    """Compounds, ordinals of every number, verbs that multiply, ones that count, units after a line's end."""
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == wanted


NOTES = [
    (
        "fr",
        "L'échelle attribue 1 UC au premier adulte, 0,5 UC aux autres et 0,3 UC aux enfants ; deux des villes. N° 5, vol. 12.",
        ["1", "0,5", "0,3", "deux"],
    ),
    (
        "en",
        "The score was raised by 3 and it gained +10; from 2 to 4 on the way, an estimated 2.4, and it exceeded 20. Ch. 3, 45-7, at 12.",
        ["3", "+10", "2 to 4", "an estimated 2.4", "20"],
    ),
    (
        "en",
        "It met two of the five goals, and three at once. The Two Towers, vol. 12, ch. 3.",
        ["two of the five", "three"],
    ),
    (
        "fr",
        "Il en existe 48 en France, soit 0,46 contre 0,24, à peine 12 en 2020 ; vol. 12, n° 3, 283-285.",
        ["48", "0,46", "0,24", "à peine 12"],
    ),
    ("de", "Sie hat zwei der Ziele erreicht. Nr. 5, Heft 12.", ["zwei"]),
    ("de", "Effekte: r >= 0,10 gering, Räume in Gebieten 3,1, in Orten 4,4.", ["0,10", "3,1", "4,4"]),
    ("de", "Die erste Person erhält ein Gewicht von 1. Vgl. Version 2.0, am 12.05.2021.", ["1"]),
    ("fr", "Seuils : r >= 0,3 moyen ; un poids de 1, puis une note de 4.", ["0,3", "1", "4"]),
    ("en", "Rooms in towns rose beyond 3.5 in each. Version 2.1, Apache 4.0, subsection (2.1).", ["3.5"]),
]


@pytest.mark.parametrize(("language", "said", "wanted"), NOTES)
def test_notes_state_figures_in_words_and_with_units_in_capitals(language: str, said: str, wanted: list[str]) -> None:
    """Numbers in small letters, and counts of what an abbreviation names; no number of a volume or a title."""
    content = f"A.<sup>1</sup>\n\n<sup>1</sup> {said}\n"
    found = candidates.read(documents.read("a.md", content.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == wanted


def test_the_notes_of_markdown_state_figures() -> None:
    """They are read, and a number in the text is no mark of them: 62 per cent has no mark 2."""
    said = "The rate[^1] was 62 per cent, which[^2] rose.\n\n[^1]: Office, 2020, 12 % of all.\n[^2]: Half of the 40 towns.\n"
    found = candidates.read(documents.read("a.md", said.encode()), "A", "en").candidates
    assert [c.words for c in found if c.kind == "figure"] == ["62 per cent", "12 %", "Half", "40"]
    assert [c.words for c in found if c.kind == "mark"] == ["[^1]", "[^2]"]


@pytest.mark.parametrize(
    ("said", "language", "wanted"),
    [
        ("Support 20 mph zones, 80 km/h roads and 100 Mbps lines.", "en", ["mph", "km/h", "Mbps"]),
        ("Limiter à 30 km/h en ville.", "fr", ["km/h"]),
        ("Wir wollen Tempo bis 130 km/h, 30 Stundenkilometer im Ort.", "de", ["km/h", "Stundenkilometer"]),
    ],
)
def test_speeds_are_units(said: str, language: str, wanted: list[str]) -> None:
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    assert [c.cells["unit"] for c in found if c.kind == "figure"] == wanted
