"""The lists of codes that others publish: whole, each code once, and the nearest code is one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.model import lists, schema

NAMES = ("units", "languages", "countries")


@pytest.mark.parametrize("name", NAMES)
def test_a_list_says_where_its_iris_are(name: str) -> None:
    """A title, the namespace, and codes that are unlike each other."""
    found = lists.named(name)
    assert found.title
    assert found.namespace.startswith("http://")
    assert len(set(found.codes)) == len(found.codes) > 250
    assert all(code.isprintable() and " " not in code for code in found.codes)


def test_every_column_of_codes_has_its_list() -> None:
    """A misspelt name of a list would be found at the first cell only."""
    columns = [c for table in schema.tables().values() for c in table.columns if c.codes]
    assert {c.codes for c in columns} == {"units", "languages"}
    assert all(c.codes in NAMES for c in columns)


@pytest.mark.parametrize("code", ["NUM", "PERCENT", "UNITLESS", "KiloGM", "CCY_EUR", "CCY_GBP", "YR", "M2"])
def test_units_in_use_are_there(code: str) -> None:
    """Numbers, shares, measures and currencies."""
    assert code in lists.named("units")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("units", "Euro", "CCY_EUR"),
        ("units", "€", "CCY_EUR"),
        ("units", "Percent", "PERCENT"),
        ("units", "KILOGM", "KiloGM"),
        ("units", "km", "KiloM"),
        ("languages", "fr", "FRA"),
        ("languages", "FRE", "FRA"),
        ("languages", "Arabic", "ARA"),
        ("countries", "FR", "FRA"),
        ("countries", "Germany", "DEU"),
        ("countries", "Frannce", "FRA"),
        ("countries", "xyzzy!", ""),
    ],
)
def test_the_nearest_code_is_offered(name: str, text: str, code: str) -> None:
    """By symbol, by label, by another standard's code, by likeness; none where nothing is alike."""
    assert lists.named(name).nearest(text) == code


@given(st.sampled_from(NAMES), st.text(max_size=12))
def test_what_is_offered_is_a_current_code(name: str, text: str) -> None:
    """Never one that was replaced."""
    found = lists.named(name)
    near = found.nearest(text)
    assert near == "" or (near in found.names and near not in found.former)


def test_codes_that_were_replaced_exist() -> None:
    """They are accepted as they stand."""
    assert "2PiRAD" in lists.named("units")
    assert "YUG" in lists.named("countries")
