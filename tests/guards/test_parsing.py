"""A stranger's TOML: valid text is read, whatever stands in it; what would take the parser too long is refused."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.guards import parsing

DOTS = "." * 300
VALID = {
    "comment": f"a = 1 # {DOTS}",
    "comment after a quote": f"a = 1 # it's {DOTS}\nb = 'x'",
    "text": f'a = "{DOTS}"',
    "text with an escaped quote": f'a = "\\"{DOTS}"',
    "literal text": f"a = '\"{DOTS}'",
    "text of many lines": f'a = """\n{DOTS} \\""" {DOTS} "" #\n"""\nb = 1',
    "literal text of many lines": f"a = '''\n'{DOTS} '' \\\n'''\nb = 1",
    "quoted key": f'"{DOTS}" = 1',
    "numbers": f"a = [{'1.5, ' * 300}]",
    "inline tables": "a = [" + "{b.c = 1.5}, " * 300 + "]",
}
DEEP = {
    "key": "a." * 300 + "b = 1",
    "spaced key": "a . " * 300 + "b = 1",
    "quoted parts": "'a'.\"b\"." * 300 + "c = 1",
    "header": "[" + "a." * 300 + "b]",
    "key in an inline table": "a = { " + "b." * 300 + "c = 1 }",
    "key after a text": 'x = """a"""\n' + "a." * 300 + "b = 1",
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID.keys())
def test_dots_that_are_no_key_are_read(text: str) -> None:
    """In comments, texts and numbers, as Python's own parser reads them."""
    assert parsing.from_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_a_key_of_too_many_parts_is_refused(text: str) -> None:
    """With its line."""
    with pytest.raises(parsing.Unparsable, match="key too deep"):
        parsing.from_toml(f"\n{text}")


_SIGNS = st.sampled_from([*"ab.\"'#\\\n =[]{},1", '"""', "'''"])


@given(st.lists(_SIGNS, max_size=60).map("".join), st.booleans())
def test_whatever_tomllib_reads_is_read(text: str, before: bool) -> None:
    """The search for deep keys refuses nothing else; a comment with many dots makes it look."""
    text = f"# {DOTS}\n{text}" if before else f"{text}\n# {DOTS}"
    try:
        found = tomllib.loads(text)
    except ValueError:
        return
    assert parsing.from_toml(text) == found


@pytest.mark.parametrize("piece", [" ", '"""\\', "'''a", '"\\"', "\\", "#", "'", '"', "\t.", "a"])
def test_the_search_takes_time_in_proportion(piece: str) -> None:
    """A megabyte of any sign is looked through in a moment."""
    begun = time.process_time()
    with pytest.raises(parsing.Unparsable):
        parsing.from_toml(f"a = # {DOTS}\n" + piece * (1_000_000 // len(piece)))
    assert time.process_time() - begun < 10
