"""The grammar of row templates: what is refused, and that a refusal says where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openproposals.errors import TemplateError
from openproposals.model import schema, templates
from openproposals.model.hosts import plan
from support.languages import FR_EN

BASE = "https://example.org/c/"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a number": ({"@id": "proposal/{id}", "position": 1}, "outside the grammar"),
    "null": ({"@id": "proposal/{id}", "label": None}, "outside the grammar"),
    "a list": ({"@id": "proposal/{id}", "@list": ["x"]}, "outside the grammar"),
    "reverse": ({"@id": "proposal/{id}", "@reverse": {"restsOn": {"@id": "x/{id}"}}}, "outside the grammar"),
    "a context": ({"@id": "proposal/{id}", "@context": "https://example.org/"}, "outside the grammar"),
    "an unknown term": ({"@id": "proposal/{id}", "lable": "{label_fr}"}, "0 triples"),
    "an unknown prefix": ({"@id": "proposal/{id}", "opp:label": "{label_fr}"}, "expands to <opp:label>"),
    "an unknown prefix in a value": ({"@id": "proposal/{id}", "isPartOf": "them:{theme}"}, "expands to"),
    "an unknown column": ({"@id": "proposal/{id}", "identifier": "{ident}"}, "no column 'ident'"),
    "a lone brace": ({"@id": "proposal/{id}", "identifier": "{id"}, "a brace"),
    "a hole among text": ({"@id": "proposal/{id}", "identifier": "no. {id}"}, "one hole"),
    "free text in an IRI": ({"@id": "proposal/{label_fr}", "identifier": "{id}"}, "any text"),
    "a hole that begins an IRI": ({"@id": "{id}", "identifier": "{id}"}, "no column of format uri"),
    "a whole IRI behind a prefix": ({"@id": "proposal/{id}", "url": {"@id": "page/{url}"}}, "whole IRI"),
    "a node without an id": ({"@type": "op:Proposal", "identifier": "{id}"}, "no @id"),
    "a nested node without an id": (
        {"@id": "proposal/{id}", "statedIn": {"@type": "oa:SpecificResource"}},
        "language map",
    ),
    "a hollow node": (
        {"@id": "proposal/{id}", "isPartOf": {"@id": "t/{id}", "abstract": {"fr": "{summary_fr}"}}},
        "hollow",
    ),
    "a choice without an enum": ({"@id": "proposal/{id}", "restsOn{theme}": "statistic/{id}"}, "enum"),
    "a node that says nothing": ({"@id": "proposal/{id}"}, "says nothing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """Outside the grammar: refused, naming the file and why."""
    tree, why = REFUSED[name]
    with pytest.raises(TemplateError) as error:
        templates.compile_template(schema.tables(FR_EN)["proposals"], json.dumps(tree), schema.context(), BASE)
    assert "schema/proposals.jsonld" in str(error.value)
    assert why in str(error.value)
    assert error.value.mend


def test_a_guest_without_a_host_is_refused() -> None:
    """A link table whose subject no table publishes is refused, not dropped."""
    table = schema.tables(FR_EN)["evidence"]
    tree = {"@id": "proposition/{proposal}", "restsOn": "statistic/{statistic}"}
    loaded = [t for t in templates.load(BASE, FR_EN) if t.table.name != "evidence"]
    stray = templates.compile_template(table, json.dumps(tree), schema.context(), BASE)
    with pytest.raises(TemplateError, match="no table publishes"):
        plan([*loaded, stray])


def test_a_choice_makes_one_guarded_pattern_a_value() -> None:
    """`restsOn{basis}` becomes one pattern for each value of the enum."""
    evidence = next(t for t in templates.load(BASE, FR_EN) if t.table.name == "evidence")
    guarded = {p.predicate.rpartition("#")[2]: p.guard.equals for p in evidence.patterns if p.guard}
    assert guarded == {"restsOnStated": "Stated", "restsOnContext": "Context"}


def test_every_published_table_has_a_template() -> None:
    """All tables that have rows of their own have one, and every template has a table."""
    with_template = {p.stem for p in schema.shipped("schema").glob("*.jsonld")} - {"context"}
    assert {n for n, t in schema.tables(FR_EN).items() if t.has_rows} == with_template
