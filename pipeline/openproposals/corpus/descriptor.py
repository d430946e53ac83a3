"""What a corpus says of itself: `corpus.toml`, held to `schema/corpus.json`, and the tables that it holds."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import jsonschema

from openproposals.findings import Finding, Location, conforms
from openproposals.guards import characters, parsing
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
    """The descriptor from its text, its dates as text, and what was found; None where it does not fit its rules."""
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
    """Every string of the descriptor, keys too, that holds a sign that cannot be published or hides what is read."""
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
    """A name that would give a dump the name of another file of the release, where small letters are capitals too."""
    name = descriptor["name"]
    if name in TAKEN:
        yield Finding(Location(DESCRIPTOR, name="name"), "name-taken", name, {"near": f"{name}-proposals"})


def _described_at(rules: dict[str, Any], path: Iterable[str | int], key: str) -> str:
    """The description of a rule, or of the nearest one it lies in."""
    here: Any = rules
    found = str(rules[key])
    for step in path:
        here = here[step]
        found = str(here.get(key, found)) if isinstance(here, dict) and isinstance(here.get(key, ""), str) else found
    return found


def _unparsable(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """Addresses that the pattern lets pass and RFC 3987 does not."""
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
    """Addresses of folders that a web server would not take as they stand, or would act on."""
    for key in ("base", "site"):
        address = descriptor[key]
        if rdf.is_web_iri(address) and rdf.has_clean_host(address) and not rdf.is_folder_address(address):
            said = rules["properties"][key]
            facts = {f"expected{x}": said[f"description{x}"] for x in ("", "_fr")}
            yield Finding(Location(DESCRIPTOR, name=key), "descriptor-value", address, facts)


def _misfits(rules: dict[str, Any], error: jsonschema.ValidationError) -> Iterator[Finding]:
    """One fault of the descriptor as findings, each at its key's path."""
    path = [str(step) for step in error.absolute_path]
    rule, instance = cast(dict[str, Any], error.schema), cast(Any, error.instance)
    expected = {
        f"expected{x}": _described_at(rules, error.absolute_schema_path, f"description{x}") for x in ("", "_fr")
    }
    if error.validator == "additionalProperties" and "properties" in rule:
        known = rule["properties"]
        for key in sorted(instance.keys() - known.keys()):
            near = difflib.get_close_matches(key, known, 1)
            facts = {"known": ", ".join(known), "near": near[0] if near else next(iter(known))}
            yield Finding(Location(DESCRIPTOR, name=".".join([*path, key])), "descriptor-key-unknown", key, facts)
    elif error.validator == "required":
        for key in sorted(set(rule["required"]) - instance.keys()):
            inner = rule["properties"][key]
            facts = {f"expected{x}": inner.get(f"description{x}") or expected[f"expected{x}"] for x in ("", "_fr")}
            yield Finding(Location(DESCRIPTOR, name=".".join([*path, key])), "descriptor-key-missing", key, facts)
    else:
        cell = instance if isinstance(instance, str) else json.dumps(instance, ensure_ascii=False)
        code = "not-a-date" if error.validator == "format" else "descriptor-value"
        yield Finding(Location(DESCRIPTOR, name=".".join(path)), code, cell, expected)


def rows(descriptor: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables that it holds: the dataset itself, the documents, their texts."""
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
    """What the descriptor calls a cell of one of those tables.

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
