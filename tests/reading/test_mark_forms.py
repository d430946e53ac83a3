"""Marks and notes in every form that a text or its extraction gives them, made by a generator in three languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates

SENTENCES = {
    "fr": ["La rivière porte moins d'eau chaque année", "La ville a perdu un quart de ses arbres en 2019", "Les loyers ont monté de 12 % en ville", "Le rapport le dit sans détour", "Une étude conteste ce chiffre", "Le coût atteint 4,5 millions d'euros"],
    "en": ["The river carries less water each year", "The town has lost a quarter of its trees in 2019", "Rents have gone up by 12%", "The report says so plainly", "One study denies this figure", "The cost comes to 4.5 million euros"],
    "de": ["Der Fluss führt jedes Jahr weniger Wasser", "Ein Viertel ihrer Bäume verlor die Stadt seit 2019", "Die Mieten sind um 12 Prozent gestiegen", "Der Bericht sagt das deutlich", "Eine Studie bestreitet diese Zahl", "Die Kosten liegen bei 4,5 Millionen Euro"],
}  # fmt: skip
WORKS = {
    "fr": ["Agence de l'eau, Les débits, 2021, p. 12.", "« Les loyers », Observatoire, 2022.", "Ibid.", "https://exemple.org/etude-2019", "Cour des comptes, Avis n° 2020-14, p. 3."],
    "en": ["Water Agency, The flow in figures, 2021, p. 12.", "“Rents”, Observatory, 2022.", "Ibid.", "https://example.org/study-2019", "Court of Audit, Opinion 2020-14, p. 3."],
    "de": ["Wasseramt, Der Abfluss in Zahlen, 2021, S. 12.", "„Mieten“, Beobachtungsstelle, 2022.", "Ebd.", "https://beispiel.org/studie-2019", "Rechnungshof, Stellungnahme 2020-14, S. 3."],
}  # fmt: skip
HEADINGS = {"fr": "Notes", "en": "Notes", "de": "Anmerkungen"}
Form = Callable[[str, str], str]
FLAT_NOTES: dict[str, Form] = {
    "1 Work": lambda said, n: f"{n} {said}",
    "1. Work": lambda said, n: f"{n}. {said}",
    "1) Work": lambda said, n: f"{n}) {said}",
    "1: Work": lambda said, n: f"{n}: {said}",
    "1Work": lambda said, n: f"{n}{said}" if said[0].isalpha() else f"{n} {said}",
    "1, Work on the next line": lambda said, n: f"{n}\n{said}",
}
SURE_NOTES: dict[str, Form] = {
    "¹ Work": lambda said, n: f"{raised(n)} {said}",
    "[1] Work": lambda said, n: f"[{n}] {said}",
    "\\[1\\] Work": lambda said, n: f"\\[{n}\\] {said}",
}
OWN_LINE: dict[str, Form] = {
    "¹, Work on the next line": lambda said, n: f"{raised(n)}\n{said}",
    "[1], Work on the next line": lambda said, n: f"[{n}]\n{said}",
}
IN_PARENTHESES: dict[str, Form] = {"(1) Work": lambda said, n: f"({n}) {said}"}
SURE_MARKS: dict[str, Form] = {
    "word¹.": lambda said, n: f"{said}{raised(n)}.",
    "word.¹": lambda said, n: f"{said}.{raised(n)}",
    "word [1].": lambda said, n: f"{said} [{n}].",
    "word.[ 1 ]": lambda said, n: f"{said}.[ {n} ]",
    "[1]. at the start of a line": lambda said, n: f"{said}\n[{n}].",
    "word\\[1\\].": lambda said, n: f"{said}\\[{n}\\].",
    "word[\\[1\\]](#note).": lambda said, n: f"{said}[\\[{n}\\]](#note{n}).",
    "word[1](#note).": lambda said, n: f"{said}[{n}](#note{n}).",
    "word<sup>1</sup>.": lambda said, n: f"{said}<sup>{n}</sup>.",
}
FLAT_MARKS: dict[str, Form] = {
    "word1.": lambda said, n: f"{said}{n}.",
    "word.1": lambda said, n: f"{said}.{n}",
}
OTHER_MARKS: dict[str, Form] = {
    "word (1).": lambda said, n: f"{said} ({n}).",
    "1 on a line of its own": lambda said, n: f"{said}\n{n}",
    "1. at the start of a line": lambda said, n: f"{said}\n{n}.",
}
PLACES = ["at the foot of pages", "at the end of pages", "at the end"]
FIT = [
    (SURE_MARKS, FLAT_NOTES | SURE_NOTES | OWN_LINE | IN_PARENTHESES),
    (FLAT_MARKS, FLAT_NOTES | SURE_NOTES),
    (OTHER_MARKS, SURE_NOTES),
]


def raised(number: str) -> str:
    return number.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def written(language: str, mark: Form, note: Form, place: str, first: int) -> str:
    """A document of three pages with three marks each, and their notes."""
    pages, gathered = [], []
    said, works = SENTENCES[language], WORKS[language]
    for page in range(3):
        numbers = range(first + 3 * page, first + 3 * page + 3)
        body = "\n".join(f"{mark(said[n % len(said)], str(n))} {said[(n + 2) % len(said)]}." for n in numbers)
        notes = [note(works[n % len(works)], str(n)) for n in numbers]
        gathered += notes
        pages.append("\n".join([body, "", *notes]) if place == PLACES[0] else body)
    if place != PLACES[0]:
        pages.append("\n".join([HEADINGS[language], "", *gathered]))
    return ("\n\n" if place == "at the end" else "\f").join(pages) + "\n"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("mark", "notes"), [(mark, notes) for marks, notes in FIT for mark in marks.items()], ids=lambda each: each[0] if isinstance(each, tuple) else ""
)  # fmt: skip
def test_marks_and_notes_are_found_in_every_form(mark: tuple[str, Form], notes: dict[str, Form], place: str) -> None:
    """Each is offered once, none else is, and each mark leads to its note; the numbers may begin anywhere."""
    name = "a.md" if "\\" in mark[0] or "#" in mark[0] or "<" in mark[0] else "a.txt"
    for at, (form, note) in enumerate(notes.items()):
        for language, first in zip(SENTENCES, (1, 8, 97), strict=True):
            if place == "at the end of pages" and form.startswith("1") and mark in FLAT_MARKS.items():
                first = 1  # numbers at the end of a text that begin anywhere are an enumeration
            if at % 3 and language != "fr":
                continue
            said = written(language, mark[1], note, place, first)
            found = candidates.read(documents.read(name, said.encode()), "A", language).candidates
            wanted = [(str(n), [str(n)]) for n in range(first, first + 9)]
            signs = {c.id: c.cells["sign"] for c in found if c.kind == "note"}
            marks = [(c.cells["sign"], [signs[n] for n in c.pair]) for c in found if c.kind == "mark"]
            assert (form, language, [*signs.values()]) == (form, language, [number for number, _ in wanted]), said
            assert (form, language, marks) == (form, language, wanted), said


HTML_MARKS = {
    "raised link": '<sup><a href="#n">{}</a></sup>',
    "raised brackets in a link": '<a href="#n"><sup>[{}]</sup></a>',
    "raised parentheses": "<sup>({})</sup>",
    "link": '<a href="#n">{}</a>',
    "styled": '<span class="raised">{}</span>',
}
HTML_NOTES = {
    "list": ("<ol>{}</ol>", '<li>{said} <a href="#m">↩</a></li>'),
    "list that leads back": ("<ol>{}</ol>", '<li><a href="#m">^</a> {said}</li>'),
    "raised": ("{}", "<p><sup>{number}</sup> {said}</p>"),
    "table": ("<table>{}</table>", "<tr><td>{number}</td><td>{said}</td></tr>"),
    "terms": ("<dl>{}</dl>", "<dt>{number}</dt><dd>{said}</dd>"),
}


@pytest.mark.parametrize("notes", HTML_NOTES)
@pytest.mark.parametrize("mark", HTML_MARKS)
def test_marks_and_notes_of_html_are_found(mark: str, notes: str) -> None:
    """However the page sets them: each mark leads to its note."""
    form, (whole, one) = HTML_MARKS[mark], HTML_NOTES[notes]
    body = "".join(f"<p>{said}{form.format(n)}. So it is said.</p>" for n, said in enumerate(SENTENCES["en"][:5], 1))
    listed = whole.format("".join(one.format(number=n, said=said) for n, said in enumerate(WORKS["en"], 1)))
    page = f"<h1>Plan</h1>{body}<h2>Notes</h2>{listed}"
    found = candidates.read(documents.read("a.html", page.encode()), "A", "en").candidates
    signs = {c.id: c.cells["sign"] for c in found if c.kind == "note"}
    marks = [(c.cells["sign"], [signs[n] for n in c.pair]) for c in found if c.kind == "mark"]
    assert marks == [(str(n), [str(n)]) for n in range(1, 6)]
    assert [*signs.values()] == ["1", "2", "3", "4", "5"]


def test_a_note_may_begin_in_the_midst_of_a_line() -> None:
    """Behind the address of the note before it, where a PDF puts it: the notes are two, each with its mark."""
    said = (
        "It rose². It fell³. It stayed.\n\n² Board of Towns, Report 2013\nhttp://www.b.org/a-\nb/docs/ "
        "³ Global Office (2012) Flows from 12 countries\nhttp://www.g.org/x.html\n"
    )
    found = candidates.read(documents.read("a.txt", said.encode()), "A", "en").candidates
    notes = {c.id: c.words for c in found if c.kind == "note"}
    assert [words.splitlines()[0] for words in notes.values()] == [
        "² Board of Towns, Report 2013",
        "³ Global Office (2012) Flows from 12 countries",
    ]
    assert [[notes[n][0] for n in c.pair] for c in found if c.kind == "mark"] == [["²"], ["³"]]
