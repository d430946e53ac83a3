"""Marks and notes told by their order: notes before the words of their page, in one line, between others."""

from __future__ import annotations

from openproposals.factcheck import documents
from openproposals.reading import candidates

BODY = "The towns along the river met to see what can be done about the flow of it.\n"


def read(said: str, name: str = "a.txt", language: str = "en") -> tuple[list[tuple[str, str]], list[str]]:
    """The marks, each with the beginning of its note, "" for none; and the signs of the notes."""
    found = candidates.read(documents.read(name, said.encode()), "A", language).candidates
    by_id = {c.id: c for c in found}
    marks = [(c.cells["sign"], " ".join(by_id[p].words[:12] for p in c.pair)) for c in found if c.kind == "mark"]
    return marks, [c.cells["sign"] for c in found if c.kind == "note"]


def test_notes_may_come_before_the_words_of_their_page() -> None:
    """As in the text of a PDF whose foot was drawn first; the numbers go on from the page before."""
    said = (
        f"It fell.1 It rose.2\n{BODY}1 River Board, The flow\n2 Water Office\n"
        f"\fAnnual report\n3 Town Council, A survey\n4 www.river.example/flow\n{BODY}Most agreed3 and some left.4\n"
    )
    marks, notes = read(said)
    assert [sign for sign, _ in marks] == ["1", "2", "3", "4"]
    assert marks[2][1] == "3 Town Counc"
    assert notes == ["1", "2", "3", "4"]


def test_notes_first_are_those_of_raised_marks_of_their_page() -> None:
    """Numbers that begin again are led to on the page; the last note ends before the words that hold its marks."""
    page = f"1. River Board, The {{0}}, www.river.example/a/flow\n2. Water Office, {{0}}, www.water.example/b\n{BODY * 3}It fell ¹. It rose ².\n"
    marks, notes = read("\f".join([page.format("flow"), page.format("level")]))
    assert [sign for sign, _ in marks] == notes == ["1", "2", "1", "2"]
    found = candidates.read(documents.read("a.txt", "\f".join([page, page]).encode()), "A", "en").candidates
    at = {c.id: c.page for c in found}
    assert all(at[c.pair[0]] == c.page for c in found if c.kind == "mark")


def test_two_short_notes_may_stand_in_one_line() -> None:
    said = "It fell.1 It rose.2 It stayed.3\n\n1 www.river.example/ 2 www.water.example/\n3 Town Council\n"
    marks, notes = read(said)
    assert marks == [("1", "1 www.river."), ("2", "2 www.water."), ("3", "3 Town Counc")]
    assert notes == ["1", "2", "3"]


def test_headings_with_raised_numbers_are_no_notes() -> None:
    """Where the page's marks lead to notes whose numbers are not raised; nor are the numbers of the pages."""
    said = (
        f"1\n¹ The river\n{BODY}It fell ¹. It rose\n², and so did ³.\n² The towns\n{BODY}"
        "1. River Board, The flow\n2. Water Office, The level\n3. Town Council, The survey\n"
        f"\f2\nThe Board\n{BODY}It is so ⁴.\n³ The end\n{BODY}4. Water Office, The end of it\n"
        f"\f3\nThe Board\n{BODY}\f4\nThe Board\n{BODY}"
    )
    marks, notes = read(said)
    assert [sign for sign, _ in marks] == ["1", "2", "3", "4"]
    assert notes == ["1", "2", "3", "4"]


def test_numbered_questions_are_no_notes_where_the_notes_stand_at_the_end() -> None:
    """Several of these stand in one line; the note in the midst of a line is known before the list is judged."""
    marks = " ".join(f"Point {word} is so{sign}." for word, sign in zip("abcdef", "¹²³⁴⁵⁶", strict=True))
    questions = "".join(f"{n}. What do the towns say to point {n} of it?\n" for n in range(1, 6))
    end = "¹ Water Office. ² River Board. ³ Town Council. ⁴ Water Office. ⁵ River Board.\n⁶ Town Council.\n"
    found, notes = read(f"{marks}\n\f{questions}\f{end}")
    assert [sign for sign, _ in found] == notes == ["1", "2", "3", "4", "5", "6"]
    assert all(note[0] in "¹²³⁴⁵⁶" for _, note in found)


def test_a_note_of_another_type_fills_the_gap_between_its_neighbours() -> None:
    """Also before the first, and a flat mark in the gap between two, of which no note is printed."""
    said = (
        "Es fiel176 und stieg.177 Es blieb178 so, in Räumen179 der Stadt.180 Es endet.181\n\n"
        " 176 Z. B. das Amt für den Fluss.\n\n<sup>177</sup> Bericht der Stadt.\n\n 178 Amt für Wasser, Brief.\n\n"
        "<sup>180</sup> Ebenda.\n\n<sup>181</sup> Bericht des Amtes.\n"
    )
    marks, notes = read(said, "a.md", "de")
    assert [sign for sign, _ in marks] == ["176", "177", "178", "179", "180", "181"]
    assert [sign for sign, note in marks if not note] == ["179"]
    assert notes == ["176", "177", "178", "180", "181"]


def test_the_second_of_two_marks_and_one_behind_a_sentence() -> None:
    """Where there is a note for each: after a raised one, and alone at the end of a line."""
    said = "It fell.¹ It rose. ² 3\nIt stayed. 4\nIt went.⁵\n\n¹ Office\n\n² Board\n\n³ Council\n\n⁴ Towns\n\n⁵ Ibid.\n"
    marks, notes = read(said)
    assert [sign for sign, _ in marks] == notes == ["1", "2", "3", "4", "5"]


def test_a_note_in_the_midst_of_a_line_may_be_lowered_or_stand_close() -> None:
    """As where a PDF's lines run into each other: at 5.₁₂Board, and ³ between two sentences."""
    said = "It fell.¹¹ It rose.¹² It stayed.¹³ It went.¹⁴\n\n¹¹ Office, p. 3\nat 5.₁₂Board, p. 7.\n¹³Council, 2016. ¹⁴Towns, p. 2.\n"
    marks, notes = read(said)
    assert [sign for sign, note in marks if note] == notes == ["11", "12", "13", "14"]


def test_a_mark_of_a_range_leads_to_every_note_of_it() -> None:
    said = "It fell.¹ It rose.²⁻⁴\n\n¹ Office\n\n² Board\n\n³ Council\n\n⁴ Towns\n"
    marks, notes = read(said)
    assert [note for _, note in marks] == ["¹ Office", "² Board ³ Council ⁴ Towns"]
    assert notes == ["1", "2", "3", "4"]


def test_marks_that_something_else_explains_are_sought_for_their_notes() -> None:
    """After capitals, and in one link with the sign before them; CO2 without such a note is none."""
    said = (
        "Es gilt nach § 44 LHO7 und so[.8](#a) Es fiel.9 Es blieb.10 Mehr CO2 wurde gemessen.11 So ist [e12](#b).\n\n"
        + "".join(f"<sup>{n}</sup> Bericht der Stadt\n\n" for n in range(7, 13))
    )
    marks, notes = read(said, "a.md", "de")
    assert [sign for sign, _ in marks] == notes == ["7", "8", "9", "10", "11", "12"]


def test_a_quotation_mark_is_a_mark_only_where_a_number_is_missing() -> None:
    """One without a partner, as extractions lose them, is no mark where the numbers are complete; a raised zero is none."""
    said = 'It is the law" of p⁰.\n\nIt fell.¹ It rose.² It stayed.³\n\n¹ Office\n\n² Board\n\n³ Council\n'
    marks, notes = read(said)
    assert [sign for sign, _ in marks] == notes == ["1", "2", "3"]
    gap = 'It fell.¹ It is the law" here. It stayed.³ It went.⁴\n\n¹ Office\n\n³ Council\n\n⁴ Towns\n'
    assert [sign for sign, _ in read(gap)[0]] == ["1", '"', "3", "4"]


def test_many_flat_marks_that_rise_are_marks_though_others_are_lost() -> None:
    """Half of the notes' marks stand in what the text does not give; the others rise with the notes."""
    said = "".join(f"Point {word} is so.{n}\n\n" for word, n in zip("abcdef", range(1, 13, 2), strict=True))
    notes = "".join(f"<sup>{n}</sup> Bericht der Stadt\n\n" for n in range(1, 13))
    assert [sign for sign, _ in read(said + notes, "a.md")[0]] == ["1", "3", "5", "7", "9", "11"]
