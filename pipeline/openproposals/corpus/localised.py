"""The languages of a descriptor: which they are, and whether each of its texts is given in them.

In `schema/corpus.json` the keyword `localised` marks a text given by language: `translated` is given in every language
of the corpus, `partial` in some of them, `printed` in the language of a document, which may be another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openproposals.findings import DESCRIPTOR, Finding, Location
from openproposals.messages import Translated
from openproposals.model import languages, lists, schema

_Path = tuple[str, ...]


def settled(rules: Mapping[str, Any], descriptor: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The descriptor with `languages` and every localised text by language, and findings about them.

    rules: `schema/corpus.json`, to which the descriptor conforms.
    In a corpus of one language a plain string is a text in that language.
    """
    title = descriptor["title"]
    given = descriptor.get("languages") or (list(title) if isinstance(title, Mapping) else [])
    own = tuple(dict.fromkeys(map(languages.canonical, given)))
    if not own:
        expected = rules["properties"]["languages"]
        facts = {"expected": Translated(schema.said(expected, "description"))}
        return dict(descriptor), [
            Finding(Location(DESCRIPTOR, name="languages"), "descriptor-key-missing", "languages", facts)
        ]
    findings: list[Finding] = list(_unknown(own, "languages"))
    found = _by_language(rules, descriptor, own, (), findings)
    return {**found, "languages": list(own)}, findings


def printed(descriptor: Mapping[str, Any]) -> set[str]:
    """The languages in which the titles of a settled descriptor's documents are printed."""
    return {tag for entry in descriptor.get("documents", {}).values() for tag in entry.get("title", ())}


def _by_language(rule: Mapping[str, Any], value: Any, own: _Path, path: _Path, findings: list[Finding]) -> Any:
    """The value with its localised texts by language, in canonical tags."""
    if "localised" in rule:
        return _text(rule, value, own, path, findings)
    if not isinstance(value, Mapping):
        return value
    inner = rule.get("properties", {})
    others = rule.get("additionalProperties", {})
    return {
        key: _by_language(inner.get(key, others or {}), item, own, (*path, key), findings)
        for key, item in value.items()
    }


def _text(rule: Mapping[str, Any], value: Any, own: _Path, path: _Path, findings: list[Finding]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        if len(own) > 1:
            place, form = Location(DESCRIPTOR, name=".".join(path)), ", ".join(f'{tag} = "..."' for tag in own)
            facts = {"languages": ", ".join(own), "form": form}
            findings.append(Finding(place, "text-without-language", str(value), facts))
        return {own[0]: value}
    found = {languages.canonical(tag): item for tag, item in value.items()}
    for tag in value.keys() if len(found) < len(value) else ():
        if languages.canonical(tag) != tag:
            form = f'{".".join((*path, languages.canonical(tag)))} = "..."'  # once, in the tag's usual letters
            expected = Translated(schema.said(rule, "description"))
            said: dict[str, str | Translated] = {"expected": expected, "form": form}
            findings.append(Finding(Location(DESCRIPTOR, name=".".join((*path, tag))), "descriptor-value", tag, said))
    findings += _unknown([tag for tag in found if tag not in own], ".".join(path))
    findings += _misfits(rule, found, own, path)
    order = [*own, *sorted(found.keys() - {*own})]
    return {tag: found[tag] for tag in order if tag in found}


def _unknown(tags: Iterable[str], place: str) -> Iterator[Finding]:
    """A finding for each tag whose language is none of ISO 639, nor one that the standard leaves to private use."""
    known = lists.named("languages")
    for tag in tags:
        language = tag.partition("-")[0]
        if not known.meant(language) and not "qaa" <= language <= "qtz":
            yield Finding(Location(DESCRIPTOR, name=place), "code-unknown", tag, {"list": known.title, "near": ""})


def _misfits(rule: Mapping[str, Any], found: Mapping[str, Any], own: _Path, path: _Path) -> Iterator[Finding]:
    """Findings about the languages of one text: those that are not the corpus's, and those that are not given."""
    if rule["localised"] != "printed":
        for tag in sorted(found.keys() - {*own}):
            place = Location(DESCRIPTOR, name=".".join((*path, tag)))
            yield Finding(place, "language-undeclared", tag, {"languages": ", ".join(own)})
    if rule["localised"] == "translated":
        for tag in (tag for tag in own if tag not in found):
            facts = {"expected": Translated(schema.said(rule, "description"))}
            key = ".".join((*path, tag))
            yield Finding(Location(DESCRIPTOR, name=key), "descriptor-key-missing", key.rpartition(".")[2], facts)
