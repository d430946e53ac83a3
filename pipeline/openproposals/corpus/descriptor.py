"""The descriptor of a corpus: `corpus.toml`, checked against `schema/corpus.json`, and the tables written in it.

In: the text of `corpus.toml`. Out: the descriptor as a dict, findings, and rows of the tables that have no CSV.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import jsonschema

from openproposals.findings import Finding, Location, conforms
from openproposals.guards import characters, parsing
from openproposals.messages import Translated
from openproposals.model import rdf, schema

DESCRIPTOR = "corpus.toml"
# What a release's own files and folders are called, up to the first dot, in small letters.
TAKEN = frozenset(
    (
        *(
            "catalog",
            "citation",
            "croissant",
            "datapackage",
            "figures",
            "figures-excel",
            "hosting",
            "index",
            "releases",
        ),
        *("report", "schemas", "sha256sums", "sources", "tables", "vocabulary", "void"),
    )
)
_TAGGED = re.compile(r"_(fr|en)$")
_KEYS = {"iri": "base", "publisher": "publisher.iri", "publisher_name": "publisher.name"}


def parse(decoded: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Parse a descriptor: a dict with dates as strings, and findings. The dict is None where one is a violation."""
    try:
        descriptor = parsing.from_toml(decoded)
    except parsing.Unparsable as error:
        return None, [Finding(Location(DESCRIPTOR), "descriptor-unreadable", facts={"problem": str(error)})]
    plain = json.loads(json.dumps(descriptor, default=str))  # TOML dates become the strings JSON Schema knows
    rules = json.loads((schema.shipped("schema") / "corpus.json").read_text(encoding="utf-8"))
    dates = jsonschema.FormatChecker(["date"])
    found = jsonschema.Draft202012Validator(rules, format_checker=dates).iter_errors(plain)
    problems = [problem for error in found for problem in _misfits(rules, error)]
    problems += [*_unparsable(plain), *_unhostable(rules, plain), *_taken(plain)] if not problems else []
    signs = list(_signs(plain))
    unfit = {finding.location for finding in signs if not conforms([finding])}  # no more is said of these
    problems = [*signs, *(problem for problem in problems if problem.location not in unfit)]
    return (plain if conforms(problems) else None), problems


def _signs(value: object, path: tuple[str, ...] = ()) -> Iterator[Finding]:
    """A finding for each key or string that holds a control character, or one that changes the direction of text."""
    inner: Iterable[tuple[object, object]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, item in inner:
        here = (*path, str(key))
        code = characters.fault(str(key))
        if code:
            yield Finding(Location(DESCRIPTOR, name=".".join(here)), code, str(key))
        yield from _signs(item, here)
    if isinstance(value, str) and (code := characters.fault(value)):
        yield Finding(Location(DESCRIPTOR, name=".".join(path)), code, value)


def _taken(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding where the corpus's name would give a dump the name of another file of the release, in any case."""
    name = descriptor["name"]
    if name in TAKEN:
        yield Finding(Location(DESCRIPTOR, name="name"), "name-taken", name, {"near": f"{name}-proposals"})


def _described_at(rules: dict[str, Any], path: Iterable[str | int]) -> Translated:
    """The description of a rule; where it has none, that of the nearest rule around it."""
    here: Any = rules
    found = _description(rules)
    for step in path:
        here = here[step]
        described = isinstance(here, dict) and isinstance(here.get("description"), str)
        found = _description(here) if described else found
    return found


def _description(rule: Mapping[str, Any]) -> Translated:
    return Translated(schema.said(rule, "description"))


def _unparsable(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for each address that fits the pattern of `corpus.json` and is no web IRI (RFC 3987)."""
    places = {f"coverage.spatial.{n}": p for n, p in enumerate(descriptor.get("coverage", {}).get("spatial", ()))}
    publisher = {f"publisher.{key}": descriptor["publisher"].get(key) for key in ("iri", "homepage")}
    for path, address in {
        **{key: descriptor[key] for key in ("base", "site", "licence")},
        **publisher,
        **places,
    }.items():
        if address is not None and not (rdf.is_web_iri(address) and rdf.has_clean_host(address)):
            yield Finding(Location(DESCRIPTOR, name=path), "not-a-web-address", address)


def _unhostable(rules: dict[str, Any], descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for each address that a web server's configuration could not hold as it stands."""
    for key in ("base", "site"):
        address = descriptor[key]
        if rdf.is_web_iri(address) and rdf.has_clean_host(address) and not rdf.is_folder_address(address):
            expected = _description(rules["properties"][key])
            yield Finding(Location(DESCRIPTOR, name=key), "descriptor-value", address, {"expected": expected})


def _misfits(rules: dict[str, Any], error: jsonschema.ValidationError) -> Iterator[Finding]:
    """One error of JSON Schema as findings, each at the path of its key."""
    path = [str(step) for step in error.absolute_path]
    rule, instance = cast(dict[str, Any], error.schema), cast(Any, error.instance)
    expected = _described_at(rules, error.absolute_schema_path)
    if error.validator == "additionalProperties" and "properties" in rule:
        known = rule["properties"]
        for key in sorted(instance.keys() - known.keys()):
            near = difflib.get_close_matches(key, known, 1)
            facts = {"known": ", ".join(known), "near": near[0] if near else next(iter(known))}
            yield Finding(Location(DESCRIPTOR, name=".".join([*path, key])), "descriptor-key-unknown", key, facts)
    elif error.validator == "required":
        for key in sorted(set(rule["required"]) - instance.keys()):
            inner = rule["properties"][key]
            wanted = _description(inner) if "description" in inner else expected
            place = Location(DESCRIPTOR, name=".".join([*path, key]))
            yield Finding(place, "descriptor-key-missing", key, {"expected": wanted})
    else:
        cell = instance if isinstance(instance, str) else json.dumps(instance, ensure_ascii=False)
        code = "not-a-date" if error.validator == "format" else "descriptor-value"
        yield Finding(Location(DESCRIPTOR, name=".".join(path)), code, cell, {"expected": expected})


def rows(descriptor: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """By table, the rows that a descriptor holds: `dataset` (one row), `documents`, `texts`, `withdrawn`."""
    publisher = descriptor["publisher"]
    dataset = {
        "iri": descriptor["base"],
        "version": descriptor["version"],
        "released": descriptor["released"],
        "licence": descriptor["licence"],
        "publisher": publisher["iri"],
        "publisher_name": publisher["name"],
        "site": descriptor["site"],
        **_both("title", descriptor),
        **_both("description", descriptor),
        **_both("rights", descriptor),
    }
    documents = [
        {"id": key, **entry, **_both("label", entry), **_both("title", entry), **_both("provenance", entry)}
        for key, entry in descriptor.get("documents", {}).items()
    ]
    texts = [{"id": key, **entry, **_both("extraction", entry)} for key, entry in descriptor.get("texts", {}).items()]
    base = str(descriptor["base"])
    withdrawn = [
        {"iri": base + key, **entry, **_both("reason", entry), "replacement": _under(base, entry.get("replacement"))}
        for key, entry in descriptor.get("withdrawn", {}).items()
    ]
    return {"dataset": [dataset], "documents": documents, "texts": texts, "withdrawn": withdrawn}


def key(table: str, row: str, column: str) -> str:
    """The path of the descriptor's key that holds a cell of one of those tables.

    >>> key("documents", "B", "title_fr"), key("dataset", "", "iri")
    ('documents.B.title.fr', 'base')
    """
    place = "" if table == "dataset" else f"{table}.{row}."
    return place + _KEYS.get(column, _TAGGED.sub(r".\1", column))


def _under(base: str, name: str | None) -> str | None:
    return base + name if name else None


def _both(stem: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    said = entry.get(stem) or {}
    return {f"{stem}_{language}": said.get(language) for language in ("fr", "en")}
