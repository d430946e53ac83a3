"""Kinds of input that verification was fooled by, or lost: each with what is right. The words are ours."""

from __future__ import annotations

import pytest

from openproposals.errors import NoTextError
from openproposals.factcheck import documents, quotes, verify
from support.kinds import Pinned, quoted

HOMES = Pinned("On compte 330 000³ logements vides en 2012⁴, dit l'étude !", ("³", "⁴"), "330 000")
MARKS = Pinned("Trop de gens vivent dehors¹²⁵ ! Rien n'a changé¹,² depuis dix ans⁷⁻⁹.", ("¹²⁵", "¹", "²", "⁷⁻⁹"))
PARK = Pinned("Le parc offre 25 m² à chacun et 3 t de CO₂ en moins, soit 10⁶ t par an.", (), "25")
NUMERO = Pinned("Selon le n° 5 de la revue, au XXIe siècle, le 1er foyer sur 330 000 attend.")
PEOPLE = Pinned("The plan would reach 1,200,000 people at 3.5 dollars each.", (), "1,200,000", "ENG")
GREEK = Pinned("Το 2021, περίπου 45.000 οικογένειες έμειναν χωρίς στέγη.", (), "45.000", "ELL")
RUSSIAN = Pinned("В 2021 году около 45 000 семей остались без жилья зимой.", (), "45 000", "RUS")
ARABIC = Pinned("في عام ٢٠٢١ بقيت نحو ٤٥٬٠٠٠ أسرة بلا سكن في الشتاء.", (), "٤٥٬٠٠٠", "ARA")
HINDI = Pinned("२०२१ में लगभग ४५,००० परिवार बिना घर के रहे।", (), "४५,०००", "HIN")
LAST = Pinned("Mille logements restent vides¹", ("¹",))
CHINESE = Pinned("二〇二一年约有45,000个家庭在冬天无家可归。", (), "45,000", "ZHO")

FOUND = {
    "a mark on a figure, flat": (HOMES, "On compte 330 0003 logements vides en 20124, dit l'étude !", ("mark",)),
    "in brackets": (HOMES, "On compte 330 000[3] logements vides en 2012[4], dit l'étude !", ("mark",)),
    "in parentheses": (HOMES, "On compte 330 000 (3) logements vides en 2012 (4), dit l'étude !", ("mark",)),
    "missing": (HOMES, "On compte 330 000 logements vides en 2012, dit l'étude !", ("mark",)),
    "raised": (HOMES, "On compte\n330 000³ logements vides en 2012⁴, dit l'étude !", ()),
    "raised, at the end": (LAST, "Mille logements\nrestent vides¹", ()),
    "raised, after a full stop at the end": (LAST, "Mille\n\nlogements restent vides.¹", None),
    "another, at the end": (LAST, "Mille\n\nlogements restent vides⁹", ("mark",)),
    "moved apart": (HOMES, "On compte 330 000 3 logements vides en 2012 4 , dit l'étude !", None),
    "three digits, flat": (MARKS, "Trop de gens vivent dehors125 ! Rien n'a changé1,2 depuis dix ans7-9.", ("mark",)),
    "and no space": (MARKS, "Trop de gens vivent dehors125! Rien n'a changé1,2 depuis dix ans7-9.", ("mark",)),
    "and in brackets": (MARKS, "Trop de gens vivent dehors[125] ! Rien n'a changé[1, 2] depuis dix ans[7-9].", None),
    "square metres, flat": (PARK, "Le parc offre 25 m2 à chacun et 3 t de CO2 en moins, soit 10⁶ t par an.", None),
    "an index moved apart": (PARK, "Le parc offre 25 m² à chacun et 3 t de CO 2 en moins, soit 10⁶ t par an.", None),
    "n°": (NUMERO, NUMERO.words.replace("n°", "nº"), ("numero",)),
    "no": (NUMERO, NUMERO.words.replace("n°", "no"), ("numero",)),
    "numero sign": (NUMERO, NUMERO.words.replace("n°", "№"), None),
    "raised letters": (NUMERO, NUMERO.words.replace("1er", "1ᵉʳ").replace("XXIe", "XXIᵉ"), None),
    "no grouping": (PEOPLE, PEOPLE.words.replace(",", ""), ("grouping",)),
    "thin spaces": (PEOPLE, PEOPLE.words.replace(",", "\u2009"), ("grouping",)),
    "apostrophes": (PEOPLE, PEOPLE.words.replace(",", "’"), ("grouping",)),
    "grouped by points": (PEOPLE, PEOPLE.words.replace(",", "."), ("grouping",)),
    "a mark renumbered": (
        Pinned("Ils sont sans domicile¹, dit le rapport.", ("¹",)), "Ils sont sans domicile¹²⁵, dit le rapport.", None
    ),
    "a mark that is a plus": (Pinned("Ils sont sans domicile+, dit le rapport.", ("+",)), "Ils sont\nsans domicile+, dit le rapport.", None),
    "a mark that is a plus, at the end": (Pinned("Ils sont sans domicile+", ("+",)), "Ils sont\nsans domicile+", None),
    "capitals": (HOMES, HOMES.words.upper(), ("capitals",)),
    "Greek, wrapped": (GREEK, GREEK.words.replace(" ", "\n"), ()),
    "hyphenated, with a word of one letter at its end": (
        Pinned("Каждый имеет право; и"),
        "Каждый име-\nет право; и",
        ("hyphenation",),
    ),
    "Greek, hyphenated": (GREEK, GREEK.words.replace("οικογένειες", "οικογέ-\nνειες"), ("hyphenation",)),
    "Greek, capitals without accents": (GREEK, "ΤΟ 2021, ΠΕΡΙΠΟΥ 45.000 ΟΙΚΟΓΕΝΕΙΕΣ ΕΜΕΙΝΑΝ ΧΩΡΙΣ ΣΤΕΓΗ.", ("capitals",)),
    "Russian, wrapped": (RUSSIAN, RUSSIAN.words.replace(" ", "\n"), ()),
    "Russian, stressed": (RUSSIAN, RUSSIAN.words.replace("жилья", "жилья\u0301"), None),
    "Arabic, wrapped": (ARABIC, ARABIC.words.replace(" ", "\n"), ()),
    "Arabic, other digits": (ARABIC, ARABIC.words.replace("٢٠٢١", "2021").replace("٤٥٬٠٠٠", "45 000"), None),
    "Arabic, with vowels": (ARABIC, ARABIC.words.replace("سكن", "سَكَنٍ"), None),
    "Hindi, wrapped": (HINDI, HINDI.words.replace(" ", "\n"), ()),
    "Chinese, wrapped": (CHINESE, CHINESE.words.replace("家庭", "家\n庭"), None),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOUND)
def test_the_same_words_are_found(kind: str) -> None:
    """Whatever became of the marks, the digits' grouping, the case and the lines; the form is named."""
    pinned, words, named = FOUND[kind]
    found = pinned.graded(words)
    assert found.grade == ("reworded-form" if found.forms else "found")
    assert named is None or found.forms == named
    assert found.start is not None
    assert found.end is not None
    assert len(pinned.before) <= found.start < found.end <= len(pinned.before + words)


ALTERED = {
    "another exponent": (PARK, PARK.words.replace("m²", "m³")),
    "a raised number that is recorded as no mark": (
        Pinned("Ils sont sans domicile¹, dit le rapport."), "Ils sont sans domicile¹²⁵, dit le rapport."
    ),
    "an exponent lost": (PARK, PARK.words.replace("m²", "m")),
    "an index lost": (PARK, PARK.words.replace("CO₂", "CO")),
    "a power as digits": (PARK, PARK.words.replace("10⁶", "106")),
    "an exponent come": (Pinned("Le parc offre 25 m à chacun de ses habitants."), "Le parc offre 25 m² à chacun de ses habitants."),
    "an index come": (Pinned("La part de CO dans l'air a doublé."), "La part de CO2 dans l'air a doublé."),
    "a mark's digit on another figure": (HOMES, "On compte 330 000 logements vides en 20123, dit l'étude !"),
    "decimal for grouping": (Pinned("Only 1,234 people came here.", (), "1,234", "ENG"), "Only 1.234 people came here."),
    "grouped otherwise": (RUSSIAN, RUSSIAN.words.replace("45 000", "4 5000")),
    "a digit changed, in Arabic": (ARABIC, ARABIC.words.replace("٤٥", "٤٦")),
    "a digit changed, in Hindi": (HINDI, HINDI.words.replace("४५", "४६")),
    "a sign lost": (Pinned("La facture a baissé, de −3 % en un an."), "La facture a baissé, de 3 % en un an."),
    "a digit after it": (Pinned("Le vélo gagne la ville", after=" et le reste."), "Le vélo gagne la ville5"),
    "a digit before it": (Pinned("vélo gagne la ville", before="Le "), "5vélo gagne la ville"),
    "a bound turned round": (Pinned("Le loyer monte de ≤ 5 % par an."), "Le loyer monte de ≥ 5 % par an."),
    "a bound come": (Pinned("5 % des loyers montent chaque année."), "≤ 5 % des loyers montent chaque année."),
    "a price's sign lost": (Pinned("The town's balance was -$5 million.", (), "", "ENG"), "The town's balance was $5 million."),
    "a price's sign come": (Pinned("$5 million is the town's balance.", (), "", "ENG"), "-$5 million is the town's balance."),
    "an arrow turned round": (Pinned("Logements vides : ↑ 5 % en un an."), "Logements vides : ↓ 5 % en un an."),
    "a triangle for minus": (Pinned("今年の予算は▲5%で、家は建ちません。", (), "", "JPN"), "今年の予算は5%で、家は建ちません。"),
    "a plus lost": (Pinned("Pour les gens de 60+ ans de la ville."), "Pour les gens de 60 ans de la ville."),
    "not equal": (Pinned("Revenu ≠ richesse, dit cette étude."), "Revenu = richesse, dit cette étude."),
    "a product": (Pinned("Il y a 5*3 logements pour tous ici."), "Il y a 53 logements pour tous ici."),
    "milliwatts": (Pinned("Ce parc de 5 MW chauffe la ville."), "Ce parc de 5 mW chauffe la ville."),
    "metres for millions": (Pinned("La ville a versé 5 M€ pour rien."), "La ville a versé 5 m€ pour rien."),
    "a mark without its plus": (Pinned("La note A+ du logement baisse."), "La note A du logement baisse."),
    "a mark's plus come": (Pinned("La note du logement est A"), "La note du logement est A+."),
    "another language": (Pinned("Ce programme en C++ compte juste."), "Ce programme en C compte juste."),
    "another language of the kind": (Pinned("Ce programme en C# compte juste."), "Ce programme en C compte juste."),
    "years after an exam": (Pinned("Il faut un diplôme Bac+5 pour cela."), "Il faut un diplôme Bac 5 pour cela."),
    "an exponent's sign": (Pinned("La masse est de 5e-6 grammes ici."), "La masse est de 5e6 grammes ici."),
    "a range as a number": (Pinned("Le lac a un pH 7-8 toute l'année."), "Le lac a un pH 78 toute l'année."),
    "a rise for a fall": (Pinned("Le loyer a fait +3 % en un an ici."), "Le loyer a fait -3 % en un an ici."),
    "the next sentence's first word for a letter": (
        Pinned("Καθένας έχει δικαίωμα στην εκπαίδευση."),
        "Καθένας έχει δικαίωμα στην εκπαίδευσ. Η στοιχειώδης",
    ),
    "million for digits": (PEOPLE, PEOPLE.words.replace("1,200,000", "1.2 million")),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALTERED)
def test_other_digits_signs_and_units_are_not_confirmed(kind: str) -> None:
    """The words are there, what they count is not."""
    pinned, words = ALTERED[kind]
    assert pinned.graded(words).grade == "figure-altered"


LOST = {
    "other words, in Greek": (GREEK, "Το 2021, σχεδόν 45.000 αυτοκίνητα πουλήθηκαν πολύ φθηνά."),
    "other words, in Russian": (RUSSIAN, "В 2021 году почти 45 000 машин продали очень дёшево летом."),
    "other words, in Arabic": (ARABIC, "في عام ٢٠٢١ بيعت نحو ٤٥٬٠٠٠ سيارة جديدة في المدينة."),
    "a vowel sign changed, in Hindi": (HINDI, HINDI.words.replace("परिवार", "परिवारि")),
    "another letter, in Russian": (Pinned("Это мой дом и мой сад."), "Это мои дом и мой сад."),
    "digits alone": (Pinned("330 000 – 45 %"), "Total : 330 000 – 45 % en tout"),
    "within a longer word": (Pinned("mobilité douce"), "immobilité douce"),
    "its last letter the next sentence's first word": (Pinned("Il revit", after=" A. Fin."), "Il revi. T fin"),
}


@pytest.mark.parametrize("kind", LOST)
def test_other_words_are_not_found(kind: str) -> None:
    """In no script, and never on digits alone."""
    pinned, words = LOST[kind]
    assert pinned.graded(words).grade == "not-found"


PAGES = "Rapport annuel\nDébut.\n1\n\fRapport annuel\n{}\n2\n\fRapport annuel\n{}\n3\n\fFin.\n"
FIRST, LAST = "On compte 330 000³ logements", "vides en 2012⁴, dit l'étude !"
INTERRUPTED = {
    "a head on every page": PAGES.format(FIRST, LAST),
    "a head that comes twice": f"Étude du logement\n{FIRST}\n12\nÉtude du logement\n{LAST}\nFin.\n",
    "a footnote between": f"{FIRST}\n³ Insee, Enquête logement,\nédition de 2013.\n\f{LAST}\n",
    "a footnote, a number and a head": f"{FIRST}\n3. Insee, Enquête logement.\n4\n\fChapitre deux\n\n{LAST}\n",
}


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_words_interrupted_by_the_end_of_a_page_are_found(kind: str) -> None:
    """As interrupted, with both pages named."""
    text = INTERRUPTED[kind]
    found = HOMES.graded_in(text.encode())
    assert (found.grade, found.forms[0]) == ("reworded-form", "interrupted")
    assert len(found.spans) == 2
    words = [text[slice(*span)].strip() for span in found.spans]
    assert words == [FIRST, LAST.removesuffix(" !")] or words == [FIRST, LAST]
    if "\f" in text:
        assert found.page is not None
        assert found.last_page == found.page + 1


def test_words_between_two_halves_of_a_sentence_are_no_interruption() -> None:
    """Only what a page may put there is passed over."""
    assert not HOMES.graded(f"{FIRST} selon certains\n{LAST}").stands
    assert not HOMES.graded(f"{FIRST}\nselon certains, mais pas tous,\n{LAST}").stands
    for between in ("pas\n\f", "\fpas\n", "12\n", "3 des\n", "3 des\n\f", "[1] Selon certains, pas\n", "* pas\n"):
        assert not HOMES.graded(f"{FIRST}\n{between}{LAST}").stands, between


def test_what_interrupts_words_is_shown() -> None:
    """It may be a heading or a word of the sentence: the reader sees it."""
    text = documents.read(
        "reader.txt", HOMES.text.replace("logements vides", "logements\n\fNulle part\nvides").encode()
    )
    graded = verify.grade([HOMES.passage()], {"T": text})[0]
    assert graded.forms[0] == "interrupted"
    assert "logements [… Nulle part …] vides" in verify.found_words(graded, {"T": text})


def test_rows_of_a_table_are_no_running_heads() -> None:
    """Lines alike but for their figures."""
    rows = "\n".join(f"Ville {n} habitants {n * 137 % 900} pour cent" for n in (4, 90, 31, 77))
    table = Pinned(
        "Ville 31 habitants 647 pour cent", before=rows.partition("Ville 31")[0], after="\nVille 77 habitants"
    )
    assert documents.read("a.txt", rows.encode()).heads == ()
    assert table.graded_in(table.text.encode()).grade == "in-place"


def test_a_passage_that_stands_at_its_place_in_another_text_is_found_there() -> None:
    """Only the pinned text has a place; only what changed its order has moved."""
    assert HOMES.graded_in(HOMES.text.encode()).grade == "in-place"
    assert HOMES.graded_in((HOMES.text + "Encore.").encode()).grade == "found"


MARKDOWN = {
    "an entity": HOMES.words.replace("330 000", "330&nbsp;000").replace("é", "&eacute;"),
    "emphasis": HOMES.words.replace("330 000", "_330 000_").replace("logements vides", "**logements** __vides__"),
    "code": HOMES.words.replace("330 000", "`330 000`"),
    "an escape": HOMES.words.replace("!", "\\!"),
    "a note's mark": HOMES.words.replace("³", "[^3]").replace("⁴", "[^4]"),
    "a quotation": "> " + HOMES.words.replace("vides", "\n> vides"),
    "a link": HOMES.words.replace("logements", "[logements](https://example.org/a_(b))"),
}


@pytest.mark.parametrize("kind", MARKDOWN)
def test_markdown_s_signs_are_no_words(kind: str) -> None:
    """Entities are what they stand for; emphasis, links and marks come and go."""
    assert HOMES.graded(MARKDOWN[kind], "reader.md").stands


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", "—\n".encode()])
def test_a_document_without_text_holds_nothing_to_look_in(data: bytes) -> None:
    """Neither found nor not found: refused, with exit code 3."""
    with pytest.raises(NoTextError) as error:
        documents.read("a.txt", data)
    assert error.value.exit_code == 3


QUOTES = {
    "a mark in brackets": ("la vie est chère et le loyer monte", "Or la vie est chère[1] et le loyer monte[2].", "normalised"),
    "a raised mark": ("la vie est chère et le loyer monte", "Or la vie est chère¹ et le loyer monte².", "normalised"),
    "an editor's letter": ("[L]a vie est chère", "Or la vie est chère ici.", "normalised"),
    "an ellipsis in brackets": ("[L]a vie [...] monte encore", "Or la vie est chère ici, et monte encore.", "elided"),
    "a running head": ("la vie est chère ici", "Revue\nUn.\n1\nRevue\nOr la vie\n2\nRevue\nest chère ici.\n3\nRevue\n", "normalised"),
    "Greek, wrapped": ("έμειναν χωρίς στέγη", "Πολλοί έμειναν\nχωρίς στέγη.", "normalised"),
    "an index, flat": ("3 t de CO₂ par an", "Soit 3 t de CO2 par an.", "normalised"),
    "another exponent": ("25 m³ par tête", "Soit 25 m² par tête.", "not-found"),
    "another script's letter": ("έμειναν χωρίς στέγη", "Πολλοί έμειναν χωρίς στέγα.", "not-found"),
}  # fmt: skip


@pytest.mark.parametrize("kind", QUOTES)
def test_quotes_are_held_as_passages_are(kind: str) -> None:
    """One search, one tolerance."""
    quote, text, grade = QUOTES[kind]
    found = quoted(quote, text)
    assert found.grade == grade
    assert (found.grade in quotes.FOUND) == bool(found.spans)
