"""The checks that look at whole columns, and that no Table Schema or shape can say."""

from __future__ import annotations

from collections.abc import Iterator

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding
from openproposals.validation import absences, names, prints, translations


def check(corpus: Corpus) -> Iterator[Finding]:
    """Findings about identifiers, printed values, copied translations, and absences that nobody looked for."""
    for each in (names, prints, translations, absences):
        yield from each.check(corpus)
