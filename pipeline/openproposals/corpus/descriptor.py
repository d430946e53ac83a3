"""The descriptor of a corpus: `corpus.toml`, checked against `schema/corpus.json`, and the tables written in it.

In: the text of `corpus.toml`. Out: the descriptor as a dict, findings, and rows of the tables that have no CSV.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openproposals.corpus import forms, json_rules, localised
from openproposals.errors import reason
from openproposals.findings import DESCRIPTOR, Finding, Location, conforms
from openproposals.guards import characters, parsing
from openproposals.messages import Translated
from openproposals.model import languages, lists, rdf, schema
from openproposals.model.languages import Languages

# What a release's own files and folders are called, up to the first dot, in small letters.
TAKEN = frozenset(
    (
        *(
            "catalog",
            "citation",
            "croissant",
            "datacite",
            "datapackage",
            "figures",
            "figures-excel",
            "hosting",
            "index",
            "labels",
            "releases",
        ),
        *("report", "ro-crate-metadata", "schemas", "sha256sums", "sources", "tables", "vocabulary", "void"),
    )
)
_ADDRESSES = {"base", "site", "licence", "iri", "homepage", "url", "archived_url", "spatial", "email"}
_KEYS = {"iri": "base", "publisher": "publisher.iri", "publisher_name": "publisher.name"}


def parse(decoded: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Parse a descriptor: a dict with dates as strings, and findings. The dict is None where one is a violation."""
    try:
        descriptor = parsing.from_toml(decoded)
    except parsing.Unparsable as error:
        return None, [Finding(Location(DESCRIPTOR), "descriptor-unreadable", facts={"problem": reason(error)})]
    plain = _without_blanks(json.loads(json.dumps(descriptor, default=str)))  # TOML dates become the strings JSON knows
    rules = json.loads((schema.shipped("schema") / "corpus.json").read_text(encoding="utf-8"))
    problems = list(json_rules.misfits(rules, plain, DESCRIPTOR, "descriptor"))
    if not problems:
        problems = [*_unparsable(plain), *_unhostable(rules, plain), *_taken(plain), *_covered(plain)]
    if conforms(problems):
        plain, unsettled = localised.settled(rules, plain)
        problems += unsettled
    signs = list(_signs(plain))
    unfit = {finding.location for finding in signs if not conforms([finding])}  # no more is said of these
    problems = [*signs, *(problem for problem in problems if problem.location not in unfit)]
    return (plain if conforms(problems) else None), problems


def languages_of(decoded: str) -> Languages:
    """The languages that a descriptor names which cannot be used, as far as it can be read."""
    try:
        found = parsing.from_toml(decoded)
    except parsing.Unparsable:
        return Languages(())
    title, said = found.get("title"), found.get("languages")
    tags = said if isinstance(said, list) else list(title) if isinstance(title, dict) else []
    known = [tag for tag in tags if isinstance(tag, str) and languages.is_tag(tag)]
    return languages.among(map(languages.canonical, known))


def _without_blanks(value: Any) -> Any:
    """The value with "" for each text in which nobody sees a sign."""
    if isinstance(value, dict):
        return {key: _without_blanks(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_blanks(item) for item in value]
    return "" if isinstance(value, str) and characters.is_blank(value) else value


def _signs(value: object, path: tuple[str, ...] = ()) -> Iterator[Finding]:
    """A finding for each key or string that holds a control or direction sign, or, in an address, an unseen sign."""
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
    elif isinstance(value, str) and _ADDRESSES & {*path[-2:]} and (hidden := characters.hidden(value)):
        facts = {"sign": hidden[0], "character": str(hidden[1])}
        yield Finding(Location(DESCRIPTOR, name=".".join(path)), "hidden-sign", value, facts)


def _taken(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding where the corpus's name would give a dump the name of another file of the release, in any case."""
    name = descriptor["name"]
    if name in TAKEN:
        yield Finding(Location(DESCRIPTOR, name="name"), "name-taken", name, {"near": f"{name}-proposals"})


def _covered(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding where the coverage ends before it starts, and where its box is upside down or beyond the poles.

    A box whose west lies east of its east crosses the 180th meridian.
    """
    coverage = descriptor.get("coverage", {})
    start, end = coverage.get("start", ""), coverage.get("end", "")
    if start and end and end < start:
        yield Finding(Location(DESCRIPTOR, name="coverage.end"), "coverage-backwards", end, {"start": start})
    if box := coverage.get("box"):
        _, south, _, north = box
        if not -90 <= south <= north <= 90:
            facts = {"south": str(south), "north": str(north)}
            yield Finding(Location(DESCRIPTOR, name="coverage.box"), "box-upside-down", json.dumps(box), facts)


def _unparsable(descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for each address that fits the pattern of `corpus.json` and is no web IRI (RFC 3987)."""
    places = {f"coverage.spatial.{n}": p for n, p in enumerate(descriptor.get("coverage", {}).get("spatial", ()))}
    publisher = {f"publisher.{key}": descriptor["publisher"].get(key) for key in ("iri", "homepage")}
    for path, address in {
        **{key: descriptor[key] for key in ("base", "site", "licence")},
        **publisher,
        **places,
    }.items():
        if address is None:
            continue
        if not (rdf.is_web_iri(address) and rdf.has_clean_host(address)):
            yield Finding(Location(DESCRIPTOR, name=path), "not-a-web-address", address)
        elif lists.is_made_up(address) and (named := lists.around(address)):
            near = lists.near(named.title, address)
            facts = {"list": named.title, "near": f" ({near} ?)" if near else ""}
            yield Finding(Location(DESCRIPTOR, name=path), "code-unknown", address, facts)


def _unhostable(rules: dict[str, Any], descriptor: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for each address that a web server's configuration could not hold as it stands.

    It is a warning where the address is sound and merely not of plain ASCII: the hosting files are left out.
    """
    for key in ("base", "site"):
        address = descriptor[key]
        if rdf.is_folder_address(address) and not rdf.is_hostable(address):
            yield Finding(Location(DESCRIPTOR, name=key), "address-not-hosted", address)
        elif rdf.is_web_iri(address) and rdf.has_clean_host(address) and not rdf.is_folder_address(address):
            expected = json_rules.description(rules["properties"][key])
            facts: dict[str, str | Translated] = {"expected": expected, "form": forms.form(rules, [key], address)}
            yield Finding(Location(DESCRIPTOR, name=key), "descriptor-value", address, facts)


def rows(descriptor: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """By table, the rows that a descriptor holds: `dataset` (one row), `documents`, `texts`, `withdrawn`."""
    publisher = descriptor["publisher"]
    dataset = {
        "iri": descriptor["base"],
        "version": descriptor["version"],
        "released": descriptor["released"],
        "licence": descriptor["licence"],
        "publisher": publisher["iri"],
        **{f"publisher_name_{tag}": publisher["name"] for tag in descriptor["languages"]},
        "site": descriptor["site"],
        **_by_column("title", descriptor),
        **_by_column("description", descriptor),
        **_by_column("rights", descriptor),
    }
    documents = [
        {
            "id": key,
            **entry,
            **_by_column("label", entry),
            **_by_column("title", entry),
            **_by_column("genre", entry),
            **_by_column("provenance", entry),
        }
        for key, entry in descriptor.get("documents", {}).items()
    ]
    texts = [
        {"id": key, **entry, **_by_column("extraction", entry)} for key, entry in descriptor.get("texts", {}).items()
    ]
    base = str(descriptor["base"])
    withdrawn = [
        {
            "iri": base + key,
            **entry,
            **_by_column("reason", entry),
            "replacement": _under(base, entry.get("replacement")),
        }
        for key, entry in descriptor.get("withdrawn", {}).items()
    ]
    return {"dataset": [dataset], "documents": documents, "texts": texts, "withdrawn": withdrawn}


def key(table: str, row: str, column: str) -> str:
    """The path of the descriptor's key that holds a cell of one of those tables.

    >>> key("documents", "B", "title_fr"), key("dataset", "", "iri")
    ('documents.B.title.fr', 'base')
    """
    place = "" if table == "dataset" else f"{table}.{row}."
    declared = schema.tables()[table].written(column)
    path = f"{declared.stem}.{column.removeprefix(declared.stem)[1:]}" if declared else column
    return (place + _KEYS.get(declared.stem if declared else column, path)).removesuffix(".")


def _under(base: str, name: str | None) -> str | None:
    return base + name if name else None


def _by_column(stem: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """A localised text of a settled descriptor, by column: `title_fr`."""
    return {f"{stem}_{tag}": said for tag, said in entry.get(stem, {}).items()}
