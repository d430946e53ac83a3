"""Write the lists of codes that others publish into `schema/lists/`: QUDT's units, languages and countries of ISO.

    python docs/lists.py VOCAB_QUDT-UNITS-ALL.ttl 3.5.0

The first argument is QUDT's list of units (repository qudt/qudt-public-repo, src/main/rdf/vocab/unit/), the second its
release. Languages and countries come from the package pycountry, which this script alone needs: install it by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import rdflib
from rdflib.namespace import RDF, RDFS

LISTS = Path(__file__).parents[1] / "schema" / "lists"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
QUDT = rdflib.Namespace("http://qudt.org/schema/qudt/")
UNIT = "http://qudt.org/vocab/unit/"
LANGUAGES = ("en", "fr", "de", None)
# The EU's table of countries names these beside those of ISO: Kosovo, and the European Union.
EU_COUNTRIES = {"1A0": ["XK", "Kosovo"], "EUR": ["EU", "European Union"]}


def write(name: str, said: Iterable[str], current: Mapping[str, Iterable[str]], former: Iterable[str] = ()) -> None:
    """Write one list: its title, its namespace and its origin, then each code with other names of it."""
    lines = [f"# {line}" for line in said]
    lines += ["\t".join([code, *names]) for code, names in sorted(current.items())]
    lines += ["# former", *sorted(former)] if former else []
    (LISTS / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def units(path: Path, release: str) -> None:
    """QUDT's units, with the code of a currency, the symbol and the labels in the languages of the program."""
    graph = rdflib.Graph().parse(path, format="turtle")
    current: dict[str, list[str]] = {}
    former: list[str] = []
    for unit in set(graph.subjects(RDF.type, QUDT.Unit)):
        code = str(unit).removeprefix(UNIT)
        if (unit, QUDT.deprecated, rdflib.Literal(True)) in graph:
            former.append(code)
            continue
        labels = [o for o in graph.objects(unit, RDFS.label) if getattr(o, "language", None) in LANGUAGES]
        named = [*graph.objects(unit, QUDT.currencyCode), *graph.objects(unit, QUDT.symbol), *labels]
        texts = sorted({" ".join(str(name).split()) for name in named} - {code})
        unlike = {text.casefold(): text for text in texts if len(text) < 60}
        current[code] = list(unlike.values())
    said = (f"QUDT {release}", UNIT, "By QUDT.org, CC BY 4.0, taken from its list of units: codes, symbols and labels.")
    write("units", said, current, former)


def languages_and_countries() -> None:
    """The codes of three letters in capitals, as the EU's tables have them, with the codes of two letters."""
    codes = import_module("pycountry")
    said = f"Codes and English names of the standard; read from pycountry {version('pycountry')}."
    spoken = {one.alpha_3.upper(): _others(one) for one in (*codes.languages, *codes.language_families)}
    write("languages", ("ISO 639", f"{AUTHORITY}language/", said), spoken)
    countries = {one.alpha_3: _others(one) for one in codes.countries} | EU_COUNTRIES
    former = {one.alpha_3 for one in codes.historic_countries} - countries.keys()
    said += " 1A0 and EUR are the EU's own."
    write("countries", ("ISO 3166", f"{AUTHORITY}country/", said), countries, former)


def _others(one: Any) -> list[str]:
    """The other codes of a language or a country, and the English name of one that has a code of two letters."""
    short = [code for name in ("alpha_2", "bibliographic") if (code := getattr(one, name, ""))]
    return [*short, one.name] if short else []


if __name__ == "__main__":
    LISTS.mkdir(exist_ok=True)
    units(Path(sys.argv[1]), sys.argv[2])
    languages_and_countries()
