"""Accents: those of a whole text may be left out or added; one that is another makes another word."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openproposals.factcheck import accents, documents, verify
from openproposals.factcheck.judging import Sought
from openproposals.factcheck.letters import is_optional
from openproposals.factcheck.normal import forms, has_accents
from support.places import ROOT

NEAR = "Il a été dit à l'été. "  # what stands near a passage in a text that has accents


def vectors() -> list[tuple[str, str, str]]:
    """Script, decimal mark and words of docs/normal-forms.md."""
    table = (ROOT / "docs" / "normal-forms.md").read_text(encoding="utf-8").partition("## Vectors")[2]
    rows = [line.strip().strip("|").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    return [(row[0].strip(), row[1].strip(" `"), row[2].strip(" `")) for row in rows]


def stands(words: str, other: str, before: str = NEAR, reader: str = NEAR, mark: str = ",") -> bool:
    """Whether words of a text that begins otherwise are found in a reader's text."""
    span = (len(before), len(before + words))
    sought = Sought(forms(words, mark, accents.around(before + words, span)), (), len(words), mark)
    passage = verify.Passage("p", "T", *span, sought)
    return verify.grade([passage], {"T": documents.read("r.txt", (reader + "– " + other).encode())})[0].stands


def is_accent(character: str) -> bool:
    return unicodedata.category(character) == "Mn" and is_optional(character)


def letters(text: str) -> str:
    """Every mark that makes another letter composed with it, so that what is left are accents."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if c.lower() in "йїўѓќ" or not c.isalpha() else unicodedata.normalize("NFD", c) for c in composed)


MARKED = [row for row in vectors() if sum(map(is_accent, letters(row[2]))) > 1]


@pytest.mark.parametrize("row", MARKED, ids=lambda row: row[0])
@given(st.data())
def test_in_every_script_a_changed_accent_is_not_confirmed(row: tuple[str, str, str], data: st.DataObject) -> None:
    """One accent for another, one dropped, one added, where others stay: of small letters, in any script that has them."""
    _, mark, words = row
    whole = letters(words)
    some = sorted({c for c in whole if is_accent(c)} | ({"\u0301", "\u0300"} if re.search("[a-z]", whole) else set()))
    places = [at for at, c in enumerate(whole) if c.isalpha() and not c.isupper()]
    at = data.draw(st.sampled_from(places)) + 1
    end = at
    while end < len(whole) and is_accent(whole[end]):
        end += 1
    new = data.draw(st.sampled_from(["", *some]))
    other = whole[:at] + new + whole[end:]
    assume(forms(other, mark, NEAR).accented != forms(words, mark, NEAR).accented)
    assert not stands(words, other, mark=mark)
    assert not stands(words, unicodedata.normalize("NFC", other), mark=mark)


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row[0])
def test_in_every_script_words_without_any_accent_are_found(row: tuple[str, str, str]) -> None:
    """In a text without accents; and words without accents of such a text, in one that has them."""
    _, mark, words = row
    plain = "".join(c for c in letters(words.replace("ı", "i")) if not is_accent(c))
    assert not has_accents(plain)
    assert stands(words, plain, reader="Near. ", mark=mark)
    assert stands(plain, words, before="Near. ", mark=mark)
    assert stands(words, words.upper() if "ı" not in words else words.replace("i", "İ").upper(), mark=mark)


ANOTHER = {
    "Vietnamese, a tone": ("Mà nhà nước phải trả cho mọi người", "Má nhà nước phải trả cho mọi người"),
    "Vietnamese, a tone dropped": ("Nhà nước phải trả cho mà mọi người", "Nhà nước phải trả cho ma mọi người"),
    "Vietnamese, a tone on a capital": ("Ở nhà nước phải trả cho mọi người", "Ờ nhà nước phải trả cho mọi người"),
    "French, é and è": ("Les élèves du collège ont été loin", "Les élèves du collége ont été loin"),
    "French, à and a": ("Il donne à Paris une école", "Il donne a Paris une école"),
    "French, ou and où": ("La ville où habiter, ou pas", "La ville ou habiter, ou pas"),
    "Turkish, ı and i": ("Bu sokakta kız çocuğu var", "Bu sokakta kiz çocuğu var"),
    "Turkish, I and İ": ("Isınma yardımı çok gerekli", "İsınma yardımı çok gerekli"),
    "Spanish, n and ñ": ("Cada niño tendrá un año más", "Cada niño tendrá un ano más"),
    "German, u and ü": ("Die Grüne Wüste wächst schnell", "Die Grüne Wuste wächst schnell"),
    "German, Ober and Öber": ("Öber den Wäldern ist für alle Ruh", "Ober den Wäldern ist für alle Ruh"),
    "Polish, z": ("Każdy może mieć źrebię w domu", "Każdy może mieć żrebię w domu"),
    "Greek, an accent moved": ("Ο νόμος λέει πότε θα γίνει αυτό", "Ο νομός λέει πότε θα γίνει αυτό"),
    "Arabic, a vowel": ("كَتَبَ الوَلَدُ الدَّرسَ كُلَّهُ", "كُتِبَ الوَلَدُ الدَّرسَ كُلَّهُ"),
    "Arabic, a letter with hamza": ("في عام سأل الرجل عن بيته", "في عام سال الرجل عن بيته"),
    "Hebrew, a vowel": ("הַיֶּלֶד קוֹרֵא בְּסֵפֶר גָּדוֹל", "הַיֶּלֶד קוֹרֵא בַּסֵפֶר גָּדוֹל"),
    "Russian, a stress": ("За́мок стоит уже давно, ёлка тоже", "Замо́к стоит уже давно, ёлка тоже"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANOTHER)
def test_another_accent_is_another_word(kind: str) -> None:
    """In both directions."""
    one, other = ANOTHER[kind]
    assert not stands(one, other)
    assert not stands(other, one)


SAME = {
    "French, a capital": ("État et école à la fois, dit-on", "Etat et école à la fois, dit-on"),
    "French, capitals": ("L'État et l'école à la fois", "L'ETAT ET L'ECOLE A LA FOIS"),
    "Spanish, a capital": ("Única solución para el niño", "Unica solución para el niño"),
    "Turkish, capitals": ("Işık ve ısı için iki çözüm", "IŞIK VE ISI İÇİN İKİ ÇÖZÜM"),
    "Turkish, capital letters without marks": ("Işık ve ısı için iki çözüm", "ISIK VE ISI ICIN IKI COZUM"),
    "Greek, capitals": ("Η μαϊμού έχει δικαίωμα", "Η ΜΑΪΜΟΥ ΕΧΕΙ ΔΙΚΑΙΩΜΑ"),
    "a dotless i under an accent": ("Un naïf abîmé près d'ici", "Un naı̈f abı̂mé près d'ici"),
    "Romanian, cedilla and comma": ("Științe și învățături noi", "Ştiinţe şi învăţături noi"),
    "Arabic, without vowels where others are": ("كَتَبَ الوَلَدُ الدَّرسَ", "كتب الولد الدرس"),
    "Hebrew, without vowels": ("שָׁלוֹם לְכָל אדם בעולם", "שלום לכל אדם בעולם"),
    "Spanish, capitals": ("Dónde está el niño de la casa", "DONDE ESTA EL NIÑO DE LA CASA"),
    "one capital of two": ("À Paris, l'État a donné plus", "A Paris, l'État a donné plus"),
    "units in capitals": ("Une éolienne de 5 MW et 25 kWh, sur 2 km", "UNE ÉOLIENNE DE 5 MW ET 25 KWH, SUR 2 KM"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAME)
def test_the_same_word_is_found_as_printers_set_it(kind: str) -> None:
    """In both directions, but for units: words in capitals do not say what units they have."""
    one, other = SAME[kind]
    assert stands(one, other)
    assert stands(other, one) or "units" in kind
