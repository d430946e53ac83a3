"""The checks that look at whole columns, and that no Table Schema or shape can say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openproposals.corpus.corpus_folder import Corpus
from openproposals.findings import Finding
from openproposals.validation import names, prints, translations


def check(corpus: Corpus, named: Sequence[str] | None = None) -> Iterator[Finding]:
    """Findings about identifiers, printed values and copied translations.

    named: the tables whose identifiers are to be looked through, by default all that are to be.
    """
    yield from names.check(corpus, named)
    for each in (prints, translations):
        yield from each.check(corpus)
