"""What a TOML file of a corpus may say, by its JSON Schema: each error becomes a finding at the path of its key."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import jsonschema

from openproposals.corpus import forms
from openproposals.findings import Finding, Location
from openproposals.messages import Translated
from openproposals.model import schema


def misfits(rules: dict[str, Any], value: Any, file: str, kind: str) -> Iterator[Finding]:
    """Findings about a value that should conform to the rules.

    file: the file that holds it. kind: what the codes of its findings begin with, `descriptor` or `mapping`.
    """
    dates = jsonschema.FormatChecker(["date"])
    for error in jsonschema.Draft202012Validator(rules, format_checker=dates).iter_errors(value):
        yield from _misfit(rules, error, file, kind)


def description(rule: Mapping[str, Any]) -> Translated:
    """What a rule says of itself, by language."""
    return Translated(schema.said(rule, "description"))


def _misfit(rules: dict[str, Any], error: jsonschema.ValidationError, file: str, kind: str) -> Iterator[Finding]:
    path = [str(step) for step in error.absolute_path]
    rule, instance = cast(dict[str, Any], error.schema), cast(Any, error.instance)
    expected = _described_at(rules, error.absolute_schema_path)
    if error.validator == "additionalProperties" and "properties" in rule:
        known = rule["properties"]
        for key in sorted(instance.keys() - known.keys()):
            near = difflib.get_close_matches(key, known, 1)
            facts = {"known": ", ".join(known), "near": near[0] if near else next(iter(known))}
            yield Finding(Location(file, name=".".join([*path, key])), f"{kind}-key-unknown", key, facts)
    elif error.validator == "required":
        for key in sorted(set(rule["required"]) - instance.keys()):
            inner = rule.get("properties", {}).get(key, {})
            wanted = description(inner) if "description" in inner else expected
            place = Location(file, name=".".join([*path, key]))
            yield Finding(place, f"{kind}-key-missing", key, {"expected": wanted})
    else:
        cell = instance if isinstance(instance, str) else json.dumps(instance, ensure_ascii=False)
        code = "not-a-date" if error.validator == "format" else f"{kind}-value"
        wanted_form = forms.form(rules, path, cell) or f"{path[-1] if path else ''} = ..."
        yield Finding(Location(file, name=".".join(path)), code, cell, {"expected": expected, "form": wanted_form})


def _described_at(rules: dict[str, Any], path: Iterable[str | int]) -> Translated:
    """The description of a rule; where it has none, that of the nearest rule around it."""
    here: Any = rules
    found = description(rules)
    for step in path:
        here = _referred(rules, here["$ref"]) if step == "$ref" else here[step]
        described = isinstance(here, dict) and isinstance(here.get("description"), str)
        found = description(here) if described else found
    return found


def _referred(rules: dict[str, Any], reference: str) -> Any:
    """The rule that a reference within the schema names, as `#/$defs/cell`."""
    here: Any = rules
    for name in reference.removeprefix("#/").split("/"):
        here = here[name]
    return here
