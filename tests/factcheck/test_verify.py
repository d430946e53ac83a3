"""Passages looked for in other texts: what is found, what is refused, and what is said of each."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.errors import UsageError
from openproposals.factcheck import altered, documents, matching, placing, verify
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.normal import bare, forms, frame, kept
from support import extractions
from support.held import TOWN, blank_pdf, passages, pdf, real, tables, text_of, town
from support.places import REAL, SHARED, needs_documents

Known = Callable[[], tuple[list[verify.Passage], str]]
CORPORA = [pytest.param(town, id="town"), pytest.param(real, id="booklet", marks=needs_documents)]


def one(passage: verify.Passage, content: str) -> verify.Graded:
    return verify.grade([passage], {passage.text: text_of(content)})[0]


@pytest.mark.parametrize("known", CORPORA)
def test_in_its_own_text_every_passage_is_in_place(known: Known) -> None:
    """The pinned text: each passage where it is said to be."""
    wanted, text = known()
    graded = verify.grade(wanted, {wanted[0].text: text_of(text)})
    assert {"in-place"} == {each.grade for each in graded}
    assert [(p.id, p.start, p.end) for p in wanted] == [(g.id, g.start, g.end) for g in graded]


@pytest.mark.parametrize("name", extractions.ALL)
@pytest.mark.parametrize("known", CORPORA)
def test_every_passage_that_another_extraction_holds_is_found(known: Known, name: str) -> None:
    """Found where the letters and digits of the passage stand in the new text, running heads apart; nowhere else."""
    wanted, text = known()
    other = text_of(extractions.ALL[name](text))
    whole = "".join(
        line for span in _between(other.heads, len(other.content)) for line in [other.content[slice(*span)]]
    )
    letters = {bare(other.content), bare(whole)}
    graded = verify.grade(wanted, {wanted[0].text: other})
    for passage, grade in zip(wanted, graded, strict=True):
        held = any(bare(text[passage.start : passage.end]) in each for each in letters)
        if name == "columns":  # a figure may stand in another line than the words after it
            assert held or not grade.stands
        else:
            assert grade.stands == held, (passage.id, grade)
        if grade.stands:
            words = "".join(other.content[slice(*span)] for span in grade.spans)
            assert passage.sought.forms.bare.length == len(bare(words))


def _between(heads: tuple[tuple[int, int], ...], length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for head in heads for edge in head), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _mutated(rng: random.Random, words: str) -> tuple[str, int]:
    """One word or one digit of a passage changed, and where."""
    digits = [m.start() for m in re.finditer("[0-9]", words)]
    if digits and rng.random() < 0.5:
        at = rng.choice(digits)
        return words[:at] + rng.choice([d for d in "0123456789" if d != words[at]]) + words[at + 1 :], at
    found = rng.choice(list(re.finditer("[A-Za-zÀ-ÿœ]{2,}", words)))
    return words[: found.start()] + rng.choice(["jamais", "tout", "pomme"]) + words[found.end() :], found.start()


@pytest.mark.parametrize("name", ["as it is", "curly", "flattened", "wrapped"])
@pytest.mark.parametrize(("known", "rounds"), [(town, 7), pytest.param(real, 1, marks=needs_documents)])
def test_no_passage_is_found_where_one_word_or_digit_was_changed(known: Known, name: str, rounds: int) -> None:
    """In all 4 * (7 * 22 + 109) mutations: none is found over the place that was changed."""
    wanted, text = known()
    rng = random.Random(f"{name}{rounds}")
    for _ in range(rounds):
        changed, places, drift = text, {}, 0
        for passage in sorted(wanted, key=lambda p: p.start):
            words = text[passage.start : passage.end]
            mutated, at = _mutated(rng, words)
            if any(passage.start < other.end and other.start < passage.end for other in wanted if other is not passage):
                continue  # a passage within another: both would be changed
            start = passage.start + drift
            changed = changed[:start] + mutated + changed[start + len(words) :]
            places[passage.id] = (passage, mutated[max(0, at - 8) : at + 12])
            drift += len(mutated) - len(words)
        other = extractions.ALL[name](changed) if name != "as it is" else changed
        graded = verify.grade([p for p, _ in places.values()], {wanted[0].text: text_of(other)})
        for grade in graded:
            if grade.stands:  # the same words elsewhere: a heading in the contents, a figure said twice
                passage, _ = places[grade.id]
                words = kept(text[passage.start : passage.end], ",")
                assert kept(text, ",").count(words) >= 2


@pytest.mark.parametrize(
    ("statistic", "was", "now", "grade"),
    [
        ("S1", "1\u202f340", "13\u202f40", "figure-altered"),
        ("S1", "1\u202f340", "1\u202f350", "figure-altered"),
        ("S3", "(1/3)", "(13)", "figure-altered"),
        ("S4", "-3\u00a0%", "3\u00a0%", "figure-altered"),
        ("S4", "-3\u00a0%", "−3\u202f%", "found"),
        ("S6", "91\u00a0%", "91\u00a0€", "figure-altered"),
        ("S7", "G7", "G20", "figure-altered"),
        ("S7", "5 médecins", "15 médecins", "figure-altered"),
        ("S9", "62\u00a0%", "6,2\u00a0%", "figure-altered"),
        ("S9", "4\u202f750\u202f000", "4750000", "reworded-form"),
        ("S10", "84 personnes et", "48 personnes et", "figure-altered"),
        ("S12", "105\u00a0€", "105\u00a0%", "figure-altered"),
        ("S2", "420 familles", "240 familles", "figure-altered"),
    ],
)
def test_what_letters_alone_cannot_see_the_judge_does(statistic: str, was: str, now: str, grade: str) -> None:
    """Grouping, sign, unit, a fraction's bar, a number glued to a letter; and the figure found is shown."""
    wanted, text = town()
    passage = next(p for p in wanted if p.id == f"V-{statistic}")
    assert was in text[passage.start : passage.end]
    other = text[: passage.start] + text[passage.start : passage.end].replace(was, now) + text[passage.end :]
    found = one(passage, other)
    assert grade == found.grade
    if found.figure:
        digits = "".join(filter(str.isdigit, now))
        assert digits == "".join(filter(str.isdigit, found.found))[: len(digits)]
        assert found.printed


def test_a_figure_that_ends_its_passage_is_found_altered() -> None:
    """Nothing after the figure: its place ends with the digits."""
    text = "Dans la vallée, le nombre de foyers raccordés atteint 1 250. Les autres attendent."
    start, end, at = 0, 59, text.index("1 250")
    words = text[start:end]
    framed = frame(words, at, at + 5)
    passage = verify.Passage(
        "p", "T", start, end, Sought(forms(words, ","), (), end - start, ","),
        (altered.Figure("f", "1 250", framed.before, framed.after),),
    )  # fmt: skip
    assert one(passage, "Avant. " + text.replace("1 250", "2 250")).found == "2 250"
    assert one(passage, "Avant. " + text).grade == "found"


@given(st.integers(0, 10**7), st.sampled_from([" ", "\u00a0", "\u202f", ""]))
def test_a_number_says_the_same_however_it_is_grouped(number: int, space: str) -> None:
    """Groups of three, whatever the space; any other grouping is another figure."""
    grouped = f"{number:,}".replace(",", space)
    assert kept(str(number), ",") == kept(grouped, ",")
    assert placing.places(str(number), f"de {grouped} %", ",") == [(3, 3 + len(grouped))]
    if number >= 10_000:
        assert kept(str(number), ",") != kept(f"{str(number)[:-2]} {str(number)[-2:]}", ",")


EDGES = [
    ("S2", "420", "1 420"), ("S2", "420", "1\u202f420"), ("S2", "420", "2420"), ("S2", "420", "-420"), ("S2", "420", "3,420"),
    ("S12", "22 millions", "122 millions"), ("S12", "22 millions", "0,22 millions"), ("P1", "cinq ans", "cinq anses"),
    ("S10", "Elle", "Nouvelle"), ("S6", "91", "5 191"), ("P5", "communal", "communaliste"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "was", "now"), EDGES)
@pytest.mark.parametrize("moved", ["", "Avant. "])
def test_a_word_or_a_figure_lengthened_at_an_edge_is_another(key: str, was: str, now: str, moved: str) -> None:
    """The passage's own characters still stand there, inside a longer word or number: it is not found."""
    wanted, text = town()
    passage = next(p for p in wanted if p.id == f"V-{key}")
    words = text[passage.start : passage.end]
    other = text[: passage.start] + words.replace(was, now) + text[passage.end :]
    assert not one(passage, moved + other).stands
    assert one(passage, moved + text).stands


@pytest.mark.parametrize("how", ["élèves[4], soit", "élèves[4] , soit"])
def test_a_note_s_marker_in_brackets_does_not_break_a_passage(how: str) -> None:
    """As most web pages print it."""
    wanted, text = town()
    passage = next(p for p in wanted if p.id == "V-S5")
    assert one(passage, text.replace("élèves⁴, soit", how)).grade == "reworded-form"


def test_addresses_with_parentheses_are_no_words() -> None:
    """A Markdown link to a page whose address holds parentheses."""
    wanted, text = town()
    other = text.replace("420 familles", "[420](https://example.org/y_(z)) familles")
    assert verify.grade([p for p in wanted if p.id == "V-S2"], {"V": documents.read("x.md", other.encode())})[0].stands


@pytest.mark.parametrize(
    "text",
    ["-" + " " * 200_000 + "x", "<!-- " * 40_000 + "x", "« " + " " * 200_000 + "x", "[" * 50_000 + "(" * 50_000 + "x"],
)
def test_a_document_made_to_be_slow_is_read(text: str) -> None:
    """No expression goes over the same characters again and again: each of these took minutes."""
    wanted, _ = town()
    graded = verify.grade(wanted[:2], {"V": documents.read("x.md", text.encode())})
    assert {"not-found"} == {each.grade for each in graded}


def test_pages_of_a_pdf_are_named_and_figures_lie_where_they_are_printed() -> None:
    """A PDF of the booklet: every passage found, on its page."""
    wanted, text = town()
    sheet = documents.read("livret.pdf", pdf(text))
    assert len(sheet.pages) >= 2
    graded = verify.grade(wanted, {"V": sheet})
    assert all(each.stands for each in graded), [each for each in graded if not each.stands]
    assert {each.page for each in graded} == set(range(1, len(sheet.pages) + 1))


@needs_documents
def test_the_booklet_as_pdf() -> None:
    """The real booklet, set as a PDF: every passage found."""
    wanted, text = real()
    graded = verify.grade(wanted, {"B": documents.read("b.pdf", pdf(text))})
    assert [each.id for each in graded if not each.stands] == []


def test_html_is_laid_out_before_it_is_searched() -> None:
    """Blocks apart, inline marks joined, notes raised, scripts unread."""
    wanted, text = town()
    body = "".join(
        f"<p>{re.sub('[⁰¹²³⁴⁵⁶⁷⁸⁹]+', lambda m: '<sup><a>' + m[0].translate(extractions.FLAT) + '</a></sup>', p)}</p>"
        for p in text.replace("&", "&amp;").split("\n\n")
    )
    body = body.replace("logements", "loge<b>ments</b>").replace("</p>", "</p><script>var logements = 1;</script>")
    page = f"<!doctype html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"
    graded = verify.grade(wanted, {"V": documents.read("livret.html", page.encode())})
    assert all(each.grade == "found" for each in graded), [e for e in graded if not e.stands]


def test_markdown_addresses_are_no_words() -> None:
    """Links and note markers of Markdown stand within passages without breaking them."""
    wanted, text = town()
    other = text.replace("appartements", "x").replace("logements vides", "[logements](https://example.org/a_b) vides")
    other = other.replace("logements restent", '[logements](https://example.org/x "titre") restent[^7]')
    graded = verify.grade(wanted, {"V": documents.read("livret.md", other.encode())})
    assert all(each.stands for each in graded), [each for each in graded if not each.stands]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"caf\xe9", "UTF-8"),
        ("a.pdf", b"%PDF-1.7 nothing", "no PDF"),
        ("a.pdf", blank_pdf(), "no text"),
        ("a.txt", b" \n.\n", "no text"),
        ("a.html", b"", "no HTML"),
        ("a.docx", b"PK\x03\x04\xff\xfe", "no DOCX"),
        ("a.odt", b"PK\x03\x04\xff\xfe", "no ODT"),
        ("a.epub", b"PK\x03\x04\xff\xfe", "no EPUB"),
    ],
)
def test_what_is_no_document_is_refused(name: str, data: bytes, why: str) -> None:
    """Refused with a mend, never read as something else."""
    with pytest.raises(UsageError, match=why) as error:
        documents.read(name, data)
    assert error.value.mend


def test_deeply_nested_html_is_refused_or_read() -> None:
    """A page made to break a reader ends in words or in a refusal."""
    page = b"<html>" + b"<div>" * 50_000 + b"mot"
    with contextlib.suppress(UsageError):
        assert len(documents.read("deep.html", page).content) < len(page)


def test_page_numbers_and_heads_are_told_from_figures() -> None:
    """Numbers that count the pages, and lines that come back, are heads; a lone figure is none."""
    text = text_of("Titre du livret\nun\n1\nTitre du livret\ndeux\n2\n77 %\n5\nTitre du livret\ntrois\n3\n")
    assert [text.content[slice(*head)].strip() for head in text.heads] == [
        "Titre du livret", "1", "Titre du livret", "2", "Titre du livret", "3",
    ]  # fmt: skip


@needs_documents
def test_each_file_finds_its_document() -> None:
    """By digest, by what is found in it, or by name; one file too many is refused."""
    held = tables(REAL)
    booklet = real()[1]
    release = (SHARED / "documents" / "press-release.txt").read_text(encoding="utf-8")
    files = [("", text_of("x " + release, "one")), ("", text_of("y " + booklet, "two"))]
    assert {"B": "two", "R": "one"} == {k: v.name for k, v in matching.assign_files(held, files).texts.items()}
    assert {"R": "two"} == {k: v.name for k, v in matching.assign_files(held, [("R", files[1][1])]).texts.items()}
    source = matching.assign_files(held, [("hcfea-2018", files[0][1])])
    assert (["hcfea-2018"], []) == (list(source.sources), list(source.texts))
    with pytest.raises(UsageError, match="no text, document or source"):
        matching.assign_files(held, [("nobody", files[0][1])])
    with pytest.raises(UsageError, match="one file too many"):
        matching.assign_files(held, [*files, ("", text_of("z"))])


def test_passages_without_a_document_are_said_to_be_missing() -> None:
    """No document, no verdict."""
    graded = verify.grade(passages(TOWN, "V"), {})
    assert {"document-missing"} == {each.grade for each in graded}
