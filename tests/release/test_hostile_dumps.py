"""Dumps made to crash the parser or fill the memory are refused in words; a dump of ours never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.errors import UsageError
from openproposals.model import rdf
from openproposals.model.rdf import LiteralTerm, Named, Syntax
from openproposals.release import published, reading_back, triples
from support.commands import run
from support.places import DIST

pytestmark = pytest.mark.slow

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
QUOTED = f"<a:s> <a:p> {'<<( <a:a> <a:b> ' * 200_000}<a:c>{' )>>' * 200_000} ."
NESTED = '{"@context":{"@vocab":"a:"},"@id":"a:s","p":' + '{"p":' * 50_000 + "1" + "}" * 50_000 + "}"
PREFIXES = f"@prefix p: <a:{'a' * 200_000}> .\n" + "".join(f"p:s{n} p:p p:o{n} .\n" for n in range(5000))
IN_JSON = json.dumps({"@context": {"@vocab": "a:" + "a" * 200_000}, "@graph": [{"p": n, "q": n} for n in range(5000)]})
HOSTILE = [
    ("dump.nt", QUOTED, "quoted triples"),
    ("dump.ttl", QUOTED, "quoted triples"),
    ("dump.ttl", "<a:a> <a:b> \\' . <a:s> <a:p> << <a:a> <a:b> <a:c> >> . # '", "cannot be read|quoted triples"),
    ("dump.ttl", PREFIXES, "prefixes"),
    ("dump.jsonld", NESTED, "nested"),
    ("dump.jsonld", IN_JSON, "prefixes|all memory"),
]


@pytest.mark.parametrize(("name", "text", "why"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_dump_is_refused_in_words(tmp_path: Path, name: str, text: str, why: str) -> None:
    """Deep quoted triples, deep JSON-LD, prefixes that unfold into gigabytes: said, before they are read back."""
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as error:
        reading_back.read(tmp_path / name)
    assert any(each in error.value.why or each in error.value.what for each in why.split("|"))
    assert error.value.mend


@pytest.mark.parametrize("syntax", ["turtle", "ntriples", "jsonld"])
@given(texts=st.lists(st.text(alphabet=st.sampled_from("<>(){}[]|\\\"'#@: \n\rab<é"), max_size=40), max_size=4))
def test_a_dump_of_ours_is_always_read(syntax: Syntax, texts: list[str]) -> None:
    """Whatever its texts hold, signs of quoted triples and brackets above all, nothing is refused and nothing is lost."""
    said = [(Named("a:s"), "a:p", LiteralTerm(text, XSD_STRING, "")) for text in texts]
    written = rdf.serialise(said, syntax, {"a": "a:"})
    if syntax == "jsonld":
        assert set(rdf.parse(written, syntax, triples._most(written))) == set(
            said
        )  # the child is slow, and shown below
    else:
        assert not triples._quotes_triples(written)
        assert triples.read(written, syntax, "x") == said


def test_ours_in_each_syntax() -> None:
    """The committed release gives the same triples from Turtle and from JSON-LD."""
    turtle, jsonld = (
        triples.read((DIST / f"vivre-ensemble{ending}").read_bytes(), syntax, "x")
        for ending, syntax in ((".ttl", "turtle"), (".jsonld", "jsonld"))
    )
    assert set(turtle) == set(jsonld)


def test_a_node_that_says_everything_many_times(tmp_path: Path) -> None:
    """Three properties of a thousand values each would be a table of a milliard rows."""
    said = rdf.parse((DIST / "vivre-ensemble.ttl").read_bytes(), "turtle")
    node = next(s for s, _, o in said if "/proposal" in s.value and isinstance(o, LiteralTerm))
    texts = {(p, o.datatype, o.language) for s, p, o in said if s == node and isinstance(o, LiteralTerm)}
    assert len(texts) > 1
    many = [(node, p, LiteralTerm(str(n), datatype, lang)) for p, datatype, lang in sorted(texts) for n in range(2_000)]
    (tmp_path / "many.nt").write_bytes(rdf.serialise([*said, *many], "ntriples", {}))
    with pytest.raises(UsageError, match=r"many\.nt is no dump") as caught:
        reading_back.read(tmp_path / "many.nt")
    assert "in many ways" in caught.value.why


@pytest.mark.parametrize("command", [["query", "", "ASK {}"], ["trace", "x", ""], ["verify", ""]], ids=lambda c: c[0])
def test_a_dump_of_any_size_is_refused_unread(tmp_path: Path, command: list[str]) -> None:
    """A sparse file takes no room on the disk, and would take all memory."""
    with (tmp_path / "x.ttl").open("wb") as dump:
        dump.truncate(published.DUMP_LIMIT + 1)
    done = run(*(part or tmp_path / "x.ttl" for part in command))
    assert done.returncode == 2, done.stderr
    assert "is larger than 2048 MiB" in done.stderr
    assert "mend:" in done.stderr
