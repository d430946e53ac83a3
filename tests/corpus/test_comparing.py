"""The rule that compares a claim's value with its source's, and the tables that follow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openproposals.corpus import comparing, derive
from openproposals.corpus.corpus_folder import Corpus
from support.frames import frames

NAMES = (*comparing.VALUES, "unit", "qualifier", "area", "area_basis", "period", "period_basis", "population")
FRANCE, WORLD = "https://example.org/france", "https://example.org/world"


def cells(**given: str | None) -> dict[str, str | None]:
    return {**dict.fromkeys(NAMES), "unit": "NUM", **given}


def of(value: str, unit: str = "NUM", **given: str) -> dict[str, str | None]:
    return cells(value=value, unit=unit, **given)


def percent(value: str, **given: str) -> dict[str, str | None]:
    return of(value, "PERCENT", **given)


def between(minimum: str, maximum: str) -> dict[str, str | None]:
    return cells(minimum=minimum, maximum=maximum)


def ratio(numerator: str, denominator: str) -> dict[str, str | None]:
    return cells(numerator=numerator, denominator=denominator, value="0.3", unit="UNITLESS")


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        (of("330000"), of("330000"), "agrees"),
        (of("330000"), of("330000.0", qualifier="more-than"), "agrees"),
        (percent("15"), percent("15.0"), "agrees"),
        (of("3100000", qualifier="nearly"), of("3050000"), "rounds"),
        (of("3100000"), of("3050000"), "rounds"),
        (of("3100000"), of("3150000"), "differs"),
        (percent("43"), percent("42.6"), "rounds"),
        (percent("50"), percent("46"), "differs"),
        (percent("22.8"), percent("22.76"), "rounds"),
        (percent("22.8"), percent("23"), "differs"),
        (of("100"), of("60"), "differs"),
        (of("0"), of("0.2"), "differs"),
        (of("-3"), of("-2.9"), "rounds"),
        (ratio("1", "3"), percent("33"), "rounds"),
        (ratio("1", "3"), percent("25"), "differs"),
        (ratio("1", "3"), ratio("2", "6"), "agrees"),
        (percent("33"), ratio("1", "3"), "rounds"),
        (percent("33"), of("0.33", "FRACTION"), "agrees"),
        (percent("33"), of("0.328", "FRACTION"), "rounds"),
        (of("0.3", "FRACTION"), percent("33"), "differs"),
        (of("328", "PERMILLE"), percent("32.8"), "agrees"),
        (of("328", "PPTH"), of("328", "PERMILLE"), "agrees"),
        (percent("33"), of("0.33", "UNITLESS"), "other-unit"),
        (cells(minimum="30", maximum="34", unit="PERCENT"), ratio("1", "3"), "within"),
        (of("125", qualifier="more-than"), of("140"), "within"),
        (of("125", qualifier="more-than"), of("90"), "differs"),
        (of("20", qualifier="at-most"), of("12"), "within"),
        (between("6000000", "8000000"), of("6700000"), "within"),
        (of("6700000"), between("6000000", "8000000"), "within"),
        (between("6000000", "8000000"), between("6000000", "8000000"), "agrees"),
        (between("6000000", "8000000"), between("5900000", "8100000"), "rounds"),
        (between("6000000", "8000000"), between("3000000", "4000000"), "differs"),
        (of("15"), percent("15"), "other-unit"),
        (of("2", "UNITLESS"), ratio("1", "3"), "other-unit"),
        (of("many"), of("15"), "other-unit"),
        (of("15"), of("1e99999999"), "other-unit"),
        (of("15"), of("15", population="other"), "other-population"),
        (of("15"), of("15", population="same"), "agrees"),
        (of("15", area=FRANCE, area_basis="implied"), of("15", area=WORLD), "other-area"),
        (of("15", area=FRANCE, area_basis="stated"), of("15", area=FRANCE), "agrees"),
        (of("15", period="2012", period_basis="stated"), of("15", period="2010"), "other-period"),
        (of("15", period="2012", period_basis="stated"), of("15", period="2012-06"), "agrees"),
        (of("15", period="2023", period_basis="source-date"), of("15", period="2021"), "agrees"),
        (of("15"), of("15", period="2021"), "agrees"),
        (of("15"), cells(), "not-stated"),
        (None, cells(), "not-stated"),
        (None, of("15"), "no-figure"),
    ],
)
def test_what_the_rule_finds(claim: dict[str, str | None] | None, said: dict[str, str | None], expected: str) -> None:
    """One code, in the order that the code list tells."""
    assert comparing.result(claim, said) == expected


@given(st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2), st.sampled_from(["NUM", "PERCENT"]))
def test_a_value_agrees_with_itself_and_differs_from_its_double(value: Decimal, unit: str) -> None:
    """However it is written, and whatever its unit."""
    claim = of(f"{value:f}", unit)
    assert comparing.result(claim, of(f"{value:f}00", unit)) == "agrees"
    assert comparing.result(claim, of(f"{2 * value:f}", unit)) == "differs"
    assert comparing.result(of(f"{2 * value:f}", unit), of(f"{value:f}", unit)) == "differs"


@given(st.integers(10, 10**9), st.integers(1, 3))
def test_a_claim_that_drops_the_last_digits_rounds(value: int, digits: int) -> None:
    """To as many places as are dropped; where that changes the first digits by a tenth, the two differ."""
    claim = int((Decimal(value) / 10**digits).to_integral_value("ROUND_HALF_UP")) * 10**digits
    found = comparing.result(of(str(claim)), of(str(value)))
    near = 10 * abs(claim - value) < claim
    assert found == ("agrees" if claim == value else "rounds" if near else "differs")


def test_each_cited_figure_has_a_result_or_a_reason() -> None:
    """Of every source that its statistic cites; a figure without a source has neither."""
    statuses = {
        "a": "located", "b": "located-archived", "c": "searched-not-found", "d": "not-attempted", "e": "located"
    }  # fmt: skip
    tables = dict(
        derive.links(
            Corpus(
                {},
                frames(
                    {
                        "statistics": [{"id": s, "citation_status": "cited"} for s in "abcdeu"],
                        "figures": [{"id": f"{s}1", "statistic": s, "value": "5", "unit": "NUM"} for s in "abcdeu"],
                        "sources": [{"id": s, "trace_status": status} for s, status in statuses.items()],
                        "statistic-sources": [
                            *({"statistic": s, "source": s} for s in "abcde"), {"statistic": "a", "source": "c"}
                        ],
                        "source-statements": [
                            {"id": "x", "statistic": "a", "figure": "a1", "source": "a", "value": "5", "unit": "NUM"},
                            {"id": "y", "statistic": "a", "figure": "a1", "source": "a", "value": "7", "unit": "NUM"},
                            {"id": "z", "statistic": "e", "figure": "e1", "source": "e"},
                        ],
                    }
                ),
                {},
            )
        ).tables
    )  # fmt: skip
    assert set(tables["comparisons"].select("statement", "result").iter_rows()) == {
        ("x", "agrees"), ("y", "differs"), ("z", "not-stated")
    }  # fmt: skip
    assert sorted(tables["figure-comparisons"].select("figure", "result").iter_rows()) == [
        ("a1", "agrees"), ("a1", "differs"), ("a1", "source-not-found"), ("b1", "not-looked-for"),
        ("c1", "source-not-found"), ("d1", "source-not-sought"), ("e1", "not-stated"),
    ]  # fmt: skip
