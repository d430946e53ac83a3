"""The checks that look at whole columns, and that no Table Schema or shape can say."""

from __future__ import annotations

from collections.abc import Iterator

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding
from openproposals.validation import names, prints, translations


def check(corpus: Corpus) -> Iterator[Finding]:
    """Findings about identifiers, printed values and copied translations."""
    for each in (names, prints, translations):
        yield from each.check(corpus)
