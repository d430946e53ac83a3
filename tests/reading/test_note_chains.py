"""Notes known by the order of their marks: in every form of line, at the foot of pages or where pages were."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates

Form = Callable[[int, str], str]
MARKS: dict[str, Form] = {
    "[1]": lambda n, said: f"{said} [{n}].",
    "¹": lambda n, said: f"{said}.{str(n).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}",
    "word1": lambda n, said: f"{said}.{n}",
    "(1)": lambda n, said: f"{said} ({n}).",
}
NOTES: dict[str, Form] = {
    "1 Work": lambda n, work: f"{n} {work}",
    "1. Work": lambda n, work: f"{n}. {work}",
    "(1) Work": lambda n, work: f"({n}) {work}",
    "1 - Work": lambda n, work: f"{n} - {work}",
    "Fußnote 1: Work": lambda n, work: f"Fußnote {n}: {work}",
    "- 1 Work": lambda n, work: f"- {n} {work}",
    "**1** Work": lambda n, work: f"**{n}** {work}",
    "- <sup>1</sup> Work": lambda n, work: f"- <sup>{n}</sup> {work}",
    "| 1 | Work |": lambda n, work: f"| {n} | {work} |",
    "1, Work on the next line": lambda n, work: f"{n}\n{work}",
}
SAID = ("Der Fluss führt weniger Wasser", "Die Mieten sind um 12 Prozent gestiegen", "Der Bericht sagt das deutlich")
WORKS = ("Wasseramt, Der Abfluss, 2021.", "§ 154 Absatz 4 Satz 3 SGB XI.", "https://beispiel.org/studie", "Ebd.")
LIST = "Wir wollen:\n\n1. Neue Häuser bauen\n2. Alte Häuser pflegen\n3. Bäume pflanzen"
PLACES = ("where pages were", "before the words of pages", "at the end, below a list", "at the end, on two pages")


def written(mark: Form, note: Form, place: str) -> str:
    """A document of four pages with three marks each."""
    pages = [range(first, first + 3) for first in (1, 4, 7, 10)]
    bodies = ["\n\n".join(f"{mark(n, SAID[n % 3])} {SAID[n % 2]}." for n in page) for page in pages]
    notes = [note(n, WORKS[n % 4]) for n in range(1, 13)]
    if place == PLACES[0]:
        feet = ["\n\n".join(notes[page[0] - 1 : page[-1]]) for page in pages]
        return "\n\n---\n\n".join(f"{body}\n\n{foot}" for body, foot in zip(bodies, feet, strict=True)) + "\n"
    if place == PLACES[1]:
        tops = ["\n".join(notes[page[0] - 1 : page[-1]]) for page in pages]
        return "\f".join(f"{top}\n\n{body}" for body, top in zip(bodies, tops, strict=True)) + "\n"
    if place == PLACES[2]:
        return "\n\n".join([*bodies, LIST, "# Anmerkungen", *notes]) + "\n"
    gathered = [["Anmerkungen", *notes[:7]], notes[7:]]
    pages_said = [*bodies, *("\n".join(part) for part in gathered)]
    return "\f".join(f"Bericht 2020\n{said}\n{number}" for number, said in enumerate(pages_said, 1)) + "\n"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("mark", MARKS)
def test_the_form_whose_numbers_rise_with_the_marks_has_the_notes(mark: str, note: str, place: str) -> None:
    said = written(MARKS[mark], NOTES[note], place)
    name = "a.txt" if "\f" in said else "a.md"
    found = candidates.read(documents.read(name, said.encode()), "A", "de").candidates
    signs = {c.id: c.cells["sign"] for c in found if c.kind == "note"}
    wanted = [str(n) for n in range(1, 13)]
    assert [*signs.values()] == wanted
    assert [(c.cells["sign"], [signs[n] for n in c.pair]) for c in found if c.kind == "mark"] == [
        (n, [n]) for n in wanted
    ]


ROUND = {
    "an anchor and a link": '<span id="n{n}"></span>[<sup>{n}</sup>](#m{n}) {work}',
    "a tag with a link": '<a href="#m{n}"><sup>{n}</sup></a> {work}',
    "an item": "* <sup>{n}</sup> {work}",
    "a numbered item": "{n}. <sup>{n}</sup> {work}",
    "emphasis": "**<sup>{n}</sup>** {work}",
    "a quotation": "> <sup>{n}</sup>. {work}",
}


@pytest.mark.parametrize("form", ROUND.values(), ids=ROUND)
def test_a_raised_number_begins_a_note_whatever_stands_round_it(form: str) -> None:
    """Where a mark of its number stands before: two of them, too few to be known by their order."""
    said = [f"{SAID[n]}[{n}](#n{n}). {SAID[0]}.\n\n{form.format(n=n, work=WORKS[n])}" for n in (1, 2)]
    found = candidates.read(documents.read("a.md", "\n\n".join(said).encode()), "A", "de").candidates
    signs = {c.id: c.cells["sign"] for c in found if c.kind == "note"}
    assert [*signs.values()] == ["1", "2"]
    assert [[signs[n] for n in c.pair] for c in found if c.kind == "mark"] == [["1"], ["2"]]


def test_a_heading_is_no_note_of_a_mark_that_has_one() -> None:
    """Nor do its number, or the number of its page, make a mark of a note that begins again."""
    first = "".join(f"{SAID[n % 3]}.{sign} Das ist so.\n" for n, sign in enumerate("⁴⁵⁶"))
    notes = "".join(f"{sign} Wasseramt, Bericht über den Fluss, 2021.\n" for sign in "⁴⁵⁶")
    heads = ["25\n5. Die Städte sparen Wasser\n", "26\nDas ist alles.\n6. Die Dörfer sparen Wasser\n"]
    said = f"24\n{first}{notes}\f{heads[0]}{BODY}\f{heads[1]}{SAID[0]}.⁷ Das ist so.\n⁶ Wasseramt, Bericht über den See, 2022.\n"
    found = candidates.read(documents.read("a.txt", said.encode()), "A", "de").candidates
    assert [c.cells["sign"] for c in found if c.kind == "note"] == ["4", "5", "6", "6"]
    assert [c.cells["sign"] for c in found if c.kind == "mark"] == ["4", "5", "6", "7"]


AUTHORS = ("Wasseramt", "Rechnungshof", "Stadtarchiv", "Mieterbund")
AGAIN = ("where pages were", "at the foot of pages", "by chapter, at the end")


@pytest.mark.parametrize("place", AGAIN)
@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("mark", MARKS)
def test_the_numbers_may_begin_again_in_each_part(mark: str, note: str, place: str) -> None:
    """Each mark leads to the note of its own part."""
    bodies, notes = [], []
    for part in range(3):
        bodies.append("\n\n".join(f"{MARKS[mark](n, SAID[n % 3])} {SAID[part]}." for n in range(1, 5)))
        notes.append("\n\n".join(NOTES[note](n, f"{AUTHORS[n - 1]}, Bericht {'abc'[part]}") for n in range(1, 5)))
    if place == AGAIN[2]:
        said = "\n\n".join([*bodies, "# Anmerkungen", *notes]) + "\n"
    else:
        said = ("\f" if place == AGAIN[1] else "\n\n").join(map("\n\n".join, zip(bodies, notes, strict=True))) + "\n"
    found = candidates.read(documents.read("a.txt" if "\f" in said else "a.md", said.encode()), "A", "de").candidates
    words = {c.id: " ".join(c.words.split()) for c in found if c.kind == "note"}
    assert [c.cells["sign"] for c in found if c.kind == "note"] == ["1", "2", "3", "4"] * 3
    led = [(c.cells["sign"], [words[n].strip("*| ")[-1:] for n in c.pair]) for c in found if c.kind == "mark"]
    assert led == [(str(n), [part]) for part in "abc" for n in range(1, 5)]


def test_items_of_a_list_are_no_notes_of_marks_in_doubt() -> None:
    """Items that an enumeration in parentheses names before: their numbers go on with words."""
    said = "Wir wollen (1) bauen, (2) pflegen, (3) pflanzen, (4) sparen und (5) teilen.\n\n" + "\n\n".join(
        f"{n}. {words}" for n, words in enumerate(("Bauen", "Pflegen", "Pflanzen", "Sparen", "Teilen"), 1)
    )
    found = candidates.read(documents.read("a.md", said.encode()), "A", "de").candidates
    assert not [c for c in found if c.kind in ("mark", "note")]


def read(said: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The signs of the marks that have a note, and each note's sign with its words."""
    found = candidates.read(documents.read("a.txt", said.encode()), "A", "de").candidates
    notes = [(c.cells["sign"], c.words) for c in found if c.kind == "note"]
    return [c.cells["sign"] for c in found if c.kind == "mark" and c.pair], notes


BODY = "Die Städte am Fluss haben beraten, was gegen die Trockenheit getan werden kann.\n" * 25
GOES_ON = "".join(f"{n} Wasseramt, Bericht {n}.\n" for n in range(1, 10))


def test_of_two_lists_that_a_third_goes_on_from_the_nearer_one_is_notes() -> None:
    """Items of the same numbers on an earlier page are far from the notes that follow."""
    items = "1. Häuser bauen\n2. Häuser pflegen\n3. Bäume pflanzen\n"
    said = "".join(f"Der Fluss führt weniger Wasser.{n} Das ist so.\n" for n in range(1, 10))
    marks, notes = read(f"{said}\f{items}{BODY}\f{BODY}\fQuellen\n{GOES_ON}")
    assert marks == [sign for sign, _ in notes] == [str(n) for n in range(1, 10)]
    assert notes[0][1] == "1 Wasseramt, Bericht 1."


def test_a_mark_may_stand_out_of_order_where_columns_do() -> None:
    """The second column of a page before its first: the number that lacks a mark stands once on the page."""
    first = "".join(f"Der Fluss führt weniger Wasser.{n} Das ist so.\n" for n in (4, 1, 2, 3))
    other = "".join(f"Die Mieten sind gestiegen.{n} Das ist so.\n" for n in range(5, 10))
    marks, notes = read(f"{first}\f{other}\fQuellen\n{GOES_ON}")
    assert sorted(marks) == [sign for sign, _ in notes] == [str(n) for n in range(1, 10)]


def test_items_of_lists_are_no_notes_beside_those_at_the_end() -> None:
    """Where every mark has its note in the block behind the words, a list of the same numbers is none."""
    pages = [f"Der Fluss führt weniger Wasser. [{n}] Das ist so.\n" for n in range(1, 10)]
    items = "Wir wollen:\n\n1. Neue Häuser bauen\n2. Alte Häuser pflegen\n3. Bäume pflanzen\n\n"
    said = f"{''.join(pages[:3])}{items}\f{''.join(pages[3:])}\fQuellen\n"
    marks, notes = read(f"{said}{GOES_ON[: GOES_ON.index('6')]}\f{GOES_ON[GOES_ON.index('6') :]}")
    assert marks == [sign for sign, _ in notes] == [str(n) for n in range(1, 10)]
    assert notes[0][1] == "1 Wasseramt, Bericht 1."


def test_a_gas_has_no_mark() -> None:
    """CO² is printed for CO₂; after another word the same sign is a mark."""
    marks, notes = read("Der Preis für CO² steigt.¹ Der Wert sinkt.²\n\n¹ Wasseramt, Bericht.\n² Ebd.\n")
    assert marks == [sign for sign, _ in notes] == ["1", "2"]


def test_the_span_of_a_note_is_its_words() -> None:
    """Of a row without its last edge, of emphasis with both its signs, of a word that goes on below a blank line."""
    marks = "".join(f"Der Fluss führt weniger Wasser. [{n}]\n\n" for n in (1, 2, 3))
    forms = {
        "| {} | Bericht |": "1 | Bericht",
        "**{}.** Bericht": "**1.** Bericht",
        "{} Be\u00ad\n\n\nricht": "1 Be\u00ad\n\n\nricht",
        "Anmerkung {}: Bericht": "Anmerkung 1: Bericht",
    }
    for form, words in forms.items():
        _, notes = read(marks + "\n\n".join(form.format(n) for n in (1, 2, 3)) + "\n")
        assert notes[0] == ("1", words)
