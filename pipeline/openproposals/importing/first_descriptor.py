"""The first `corpus.toml` of a corpus, from what a person says of it; what is merely offered stands as comments."""

from __future__ import annotations

from collections.abc import Mapping

from openproposals.catalog import registry
from openproposals.importing.answers import Answers, Guessed
from openproposals.importing.toml_text import value
from openproposals.messages import LANGUAGES, say

_WORDS = "importing/words"


def descriptor_text(name: str, said: Answers, offered: Guessed, today: str) -> str:
    """The text of `corpus.toml`. What is merely offered stands as comments."""
    base = said.address.rstrip("/") + "/"
    lines = [
        f"# {comment('new.descriptor', said)}",
        f"name = {value(name)}",
        'version = "1.0.0"',
        f"released = {today}",
        f"base = {value(base)}",
        f"site = {value(base)}",
        f"licence = {value(said.licence)}",
        f"languages = {value(said.languages)}",
        f"title = {_localised(said.title)}",
        f"description = {_localised(said.title)}",
        f"rights = {_localised({tag: _rights(tag, said.licence) for tag in said.languages})}",
        f"# {comment('new.themes', said)}",
        f"# themes = {value(list(offered.themes or registry.themes()))}",
        "",
        "[publisher]",
        f"name = {value(said.publisher)}",
        f"iri = {value(base + 'publisher')}",
        "",
        "[contact]",
        f"name = {value(said.publisher)}",
        f"email = {value(said.contact)}",
        "",
    ]
    if offered.places or offered.years:
        lines += [f"# {comment('new.coverage', said)}", "# [coverage]"]
        lines += [f"# spatial = {value(list(offered.places))}"] if offered.places else []
        if offered.years:
            lines += [f"# start = {offered.years[0]}-01-01", f"# end = {offered.years[1]}-12-31"]
        lines.append("")
    return "\n".join(lines)


def _rights(tag: str, licence: str) -> str:
    """A sentence on rights in a language that the program speaks; else the licence's short name, which is in none."""
    base = tag.partition("-")[0]
    if base in LANGUAGES:
        return say(_WORDS, "new.rights", base)
    known = registry.licence(licence)
    return known.spdx if known else licence


def _localised(texts: Mapping[str, str]) -> str:
    return value(next(iter(texts.values())) if len(texts) == 1 else texts)


def comment(key: str, said: Answers) -> str:
    """A comment in the corpus's main language, if the program speaks it."""
    base = said.languages[0].partition("-")[0]
    return say(_WORDS, key, base if base in LANGUAGES else "en")
