"""FROM a file is refused in words, and only there."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from openproposals.errors import UsageError
from openproposals.query import sparql


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "ASK from named<FILE:///etc/passwd> {}",
        "SELECT * FROM # a comment\n <file:a> {}",
        "SELECT ('FROM <file:a>' AS ?x) FROM <http://e/> FROM <file:a> {}",
    ],
)
def test_a_file_is_refused(text: str) -> None:
    """However it is spelt, as long as it is written out."""
    with pytest.raises(UsageError) as refused:
        sparql.evaluated(ox.Store(), text)
    assert refused.value.key == "query-reads-a-file"


@pytest.mark.parametrize(
    "text",
    ["SELECT ('FROM <file:a>' AS ?x) {} # FROM <file:a>", "SELECT * FROM <http://e/file:a> { ?s ?p <file:a> }"],
)
def test_what_only_looks_so_is_answered(text: str) -> None:
    """A string, a comment, an IRI elsewhere."""
    sparql.evaluated(ox.Store(), text)
