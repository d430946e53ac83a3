"""Write the pages that follow from the schemas, the catalogue of findings and the command line; --check: are they in step?"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openproposals import findings
from openproposals.catalog import registry
from openproposals.commands.group import cli
from openproposals.importing import mapping as mappings
from openproposals.messages import LANGUAGES, texts
from openproposals.model import lists, schema, templates
from openproposals.model.hosts import plan
from openproposals.model.languages import Languages

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "docs")]
import diagram  # noqa: E402 - it stands beside this file
import page  # noqa: E402 - it stands beside the measurements

DOCS = ROOT / "docs"
DIAGRAM = ROOT / "pipeline" / "openproposals" / "site" / "assets" / "vocabulary.svg"
NOTE = "<!-- Written by docs/generate.py; mend the source, then run: ./run docs -->\n\n"


def tables() -> str:
    """The tables' reference: every column, with its type, its rules and what it holds, in both languages."""
    lines = [
        "# Tables",
        "",
        "A corpus is a folder with a [corpus.toml](corpus.md) and any of these tables; only `proposals` is required.",
        "",
    ]
    kinds = {
        "given": "given in a CSV · donnée dans un CSV",
        "descriptor": "taken from corpus.toml · tirée de corpus.toml",
        "short": "a short form: its rows stand for rows of other tables · forme courte : ses lignes en remplacent d'autres",
        "derived": "derived by the pipeline · dérivée par le programme",
        "flat": "a view, published as figures.csv · une vue, publiée sous le nom de figures.csv",
    }
    for table in schema.tables().values():
        d = table.descriptor
        lines += [
            f"## {table.name}",
            "",
            f"**{d['title']} · {d['title_fr']}** ({kinds[table.origin]})",
            "",
            d["description"],
            "",
        ]
        lines += [d["description_fr"], "", f"Key: {', '.join(f'`{k}`' for k in table.key)}", ""]
        lines += ["| column | rules | English | français |", "|---|---|---|---|"]
        for column in table.columns:
            lines.append(
                f"| `{column.name}` | {_rules(table, column)} | {column.description['en']} | {column.description['fr']} |"
            )
        lines.append("")
    return NOTE + "\n".join(lines)


def _rules(table: schema.Table, column: schema.Column) -> str:
    rules = ["required"] if column.required else []
    rules += [f"→ `{k.table}`" for k in table.links if column.name in k.columns]
    rules += [f"code of {lists.named(column.codes).title}"] if column.codes else []
    rules.append("partial date" if column.partial_date else "web address" if column.is_iri else column.type)
    rules += ["one of " + " ".join(f"`{v}`" for v in column.enum)] if column.enum else []
    rules += [f"at least {column.bounds[0]}"] if column.bounds[0] is not None else []
    return ", ".join(rules)


def descriptor() -> str:
    """The descriptor's reference, with the minimal corpus as its example."""
    rules = json.loads((ROOT / "schema" / "corpus.json").read_text(encoding="utf-8"))
    lines = [
        "# corpus.toml",
        "",
        rules["description"],
        "",
        rules["description_fr"],
        "",
        "| key | English | français |",
        "|---|---|---|",
    ]
    for path, key in _keys(rules, ""):
        lines.append(f"| `{path}` | {key.get('description', '')} | {key.get('description_fr', '')} |")
    example = (ROOT / "tests" / "corpora" / "minimal" / "corpus.toml").read_text(encoding="utf-8")
    lines += [
        "",
        "An example, of an invented corpus; `sources/vivre-ensemble/corpus.toml` is a full one.",
        "",
        "```toml",
        example.rstrip(),
        "```",
        "",
    ]
    return NOTE + "\n".join(lines)


def mapping() -> str:
    """The mapping's reference: what a person needs to know, then every key."""
    rules = mappings.rules()
    lines = [(DOCS / "mapping.head.md").read_text(encoding="utf-8").rstrip(), ""]
    rows, cell = rules["$defs"]["rows"], rules["$defs"]["cell"]
    groups = {
        "": {k: v for k, v in rules["properties"].items() if "$ref" not in v},
        "[sheets.NAME]": rules["properties"]["sheets"]["additionalProperties"]["properties"],
        "[TABLE]": rows["properties"],
        "A cell": cell["properties"],
    }
    lines += ["| where | key | English | français |", "|---|---|---|---|"]
    for where, keys in groups.items():
        for name, key in keys.items():
            said = [key[each].replace("|", "\\|") for each in ("description", "description_fr")]
            lines.append(f"| {where} | `{name}` | {' | '.join(said)} |")
    return NOTE + "\n".join([*lines, ""])


def _keys(rules: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    required = rules.get("required", ())
    for name, key in rules.get("properties", {}).items():
        here = f"{path}{name}"
        note = "Required. " if name in required else ""
        yield here, {**key, "description": note + key.get("description", "")} if "description" in key else key
        if name not in ("keywords",):
            yield from ((p, k) for p, k in _keys(key, f"{here}.") if "description" in k)
        inner = key.get("additionalProperties")
        if isinstance(inner, dict) and "properties" in inner:
            yield from ((p, k) for p, k in _keys(inner, f"{here}.<id>.") if "description" in k)


def commands() -> str:
    """The command line's reference: its own help."""
    lines = [
        "# The command line",
        "",
        "Exit codes: 0 conforms, 1 violations, 2 usage, 3 cannot go on, 130 stopped by Ctrl-C.",
        "",
    ]
    for command in ("", *cli.commands):
        arguments = [*([command] if command else []), "--help"]
        shown = subprocess.run(
            [sys.executable, "-m", "openproposals", *arguments],
            capture_output=True, text=True, check=True, env={"LANG": "C.UTF-8", "COLUMNS": "100"},
        ).stdout  # fmt: skip
        text = shown.replace("python -m openproposals", "openproposals").rstrip()
        lines += [f"## openproposals {command}".rstrip(), "", "```", text, "```", ""]
    return NOTE + "\n".join(lines)


def doctor() -> str:
    """What `openproposals doctor` looks for: what harvesters do, what is asked for, the score, the licences."""
    folder = ROOT / "pipeline" / "openproposals" / "doctor"
    expected, score = (tomllib.loads((folder / f"{n}.toml").read_text(encoding="utf-8")) for n in ("expected", "score"))
    remarks = texts("doctor/remarks", "en")
    shipped = tomllib.loads((folder / "eu_tables.toml").read_text(encoding="utf-8"))
    tables = ", ".join(f"{name} (as of {table['as_of']})" for name, table in shipped.items())
    lines = [
        "# What the doctor looks for · Ce que le docteur examine",
        "",
        "`openproposals doctor` reads a corpus, a release, a catalogue's file or its address, and says what each portal does",
        "with it. What CKAN and data.gouv.fr do is read as ckanext-dcat 2.4.4 and udata 17.18.0 read it, and held against those",
        "programs on a matrix of small catalogues (`./run test-harvest`). The effects: *refused* (the whole dataset is not",
        "taken), *dropped* (this value is lost), *changed*, *kept* (though the standard has it otherwise), *unchecked* (nobody",
        "has looked), *not-dcat-ap* (by our reading of the profile; `--dcat-ap-shapes` has it judged by the official shapes),",
        "*advice*. The exit code is 1 for what is refused or dropped, for an address that does not answer, for a size or a sum",
        "that is not the file's, for a violation of the official shapes, and where nothing could be judged.",
        "",
        "Not tried: what CKAN's own forms demand afterwards (some portals refuse keywords with an apostrophe or brackets), the",
        "whole list of licences of data.gouv.fr, and the programs of data.europa.eu. Codes of the EU's tables are looked up in",
        f"copies that we ship: {tables}. A code that a table",
        "has since been given is not known here: it is advice, and earns no point. What is asked of high-value datasets is read",
        "from the SHACL shapes of DCAT-AP HVD 3.0.1, which are a draft (as of November 2026): that the dataset and each of its",
        "files name the regulation, a category of its list, and a service.",
        "",
        "## What should be said · Ce qui devrait être dit",
        "",
        "| on | without | effect | portals | English | français |",
        "|---|---|---|---|---|---|",
    ]
    for rule in expected["property"]:
        has = rule["has"].partition("|")[0]
        portals = ", ".join(rule["portals"])
        words = [texts("doctor/expected", x)[rule["on"]][rule["has"]] for x in ("en", "fr")]
        lines.append(f"| {rule['on']} | {has} | {rule['effect']} | {portals} | {' | '.join(words)} |")
    lines += ["", "## The remarks · Les remarques", ""]
    lines += ["| code | English | français |", "|---|---|---|"]
    for code in remarks:
        said = [texts("doctor/remarks", x)[code] for x in ("en", "fr")]
        words = [f"{x['what']}; {x['mend']}".replace("|", "\\|") for x in said]
        lines.append(f"| {code} | {words[0]} | {words[1]} |")
    lines += [
        "",
        "## The score · La note",
        "",
        "The metadata quality score of data.europa.eu, 405 points. A dataset earns a point when it, or every one of its",
        "distributions, has what the point asks for; the catalogue's score is the mean of its datasets'. That mean, and that a",
        "dataset's files are counted together, is our reading of the published method: the portal's programs were not tried.",
        "What was not checked earns nothing. `dcat-ap` needs `--dcat-ap-shapes`; the two",
        "that ask for answers need `--live`: a file in a release's folder is in the release, and nobody has asked its address.",
        "",
        "| indicator | dimension | points |",
        "|---|---|---|",
    ]
    lines += [f"| {p['id']} | {p['dimension']} | {p['points']} |" for p in score["point"]]
    lines += ["", "## Licences that data.gouv.fr recognises · Licences que data.gouv.fr reconnaît", ""]
    lines += [f"- `{iri}`: {licence.label}" for iri, licence in registry.licences().items()]
    return NOTE + "\n".join(lines) + "\n"


def template_map() -> str:
    """What each table publishes: its properties, and which table's block they stand in."""
    base = "https://example.org/corpus/"
    lines = [
        "# What a row publishes",
        "",
        "From the row templates in `schema/*.jsonld`; `{column}` is where a cell goes. IRIs are relative to the corpus's base.",
        "",
        "![Classes, properties, and where they lead](../pipeline/openproposals/site/assets/vocabulary.svg)",
        "",
    ]
    prefixes = sorted(schema.prefixes().items(), key=lambda kv: -len(kv[1]))

    def short(text: str) -> str:
        name = next((f"{p}:{text.removeprefix(ns)}" for p, ns in prefixes if text.startswith(ns)), text)
        return name.removeprefix(base)

    def shown(term: templates.Iri | templates.Literal_) -> str:
        if isinstance(term, templates.Iri):
            text = "".join(f"{{{p.name}}}" if isinstance(p, templates.Hole) else p for p in term.parts)
            return short(text)
        value = f"{{{term.value.name}}}" if isinstance(term.value, templates.Hole) else term.value
        kind = (
            f"@{term.language}"
            if term.language
            else ""
            if term.datatype.endswith("#string")
            else "^^" + short(term.datatype)
        )
        return f'"{value}"{kind}'

    for template in templates.load(base, Languages(("fr", "en"))):
        lines += [f"## {template.table.name}", "", "```turtle"]
        for pattern in template.patterns:
            subject, predicate = shown(pattern.subject), short(pattern.predicate).replace("rdf:type", "a")
            lines.append(f"{subject} {predicate} {shown(pattern.object)} .")
        lines += ["```", ""]
    assert plan(templates.load(base, Languages(("fr", "en"))))
    return NOTE + "\n".join(lines)


def finding(code: str, entry: dict[str, Any]) -> str:
    """One finding's page: when it occurs, how to mend it, and the report of its case."""
    lines = [f"# {code}", "", f"A {entry['severity']}.", ""]
    for language in LANGUAGES:
        words, headings = texts("findings", language)[code], texts("docs", language)
        lines += [
            f"**{headings['when']}.** {_sentence(words['what'])} {_sentence(words['why'])}",
            "",
            f"**{headings['mend']}.** {_sentence(words['mend'])}",
            "",
        ]
    case = ROOT / "tests" / "cases" / code
    report = case / "report.en.txt"
    if report.is_file():
        lines += [f"Example: the corpus of [tests/cases/{code}](../../tests/cases/{code}) gives", "", "```"]
        lines += [report.read_text(encoding="utf-8").rstrip(), "```", ""]
        change = list(_mending(case))
        lines += ["Before and after:", "", "```diff", *change, "```", ""] if change else []
    return NOTE + "\n".join(lines)


def _mending(case: Path) -> Iterator[str]:
    """The lines to change in a case's files: to what its `.mended` file says, else to the minimal corpus's own."""
    minimal = ROOT / "tests" / "corpora" / "minimal"
    for before in sorted(p for p in case.iterdir() if p.suffix in (".csv", ".toml")):
        mended = case / f"{before.name}.mended"
        after = mended if mended.is_file() else minimal / before.name
        if before.is_file() and after.is_file():
            old, new = (p.read_text(encoding="utf-8", errors="replace").splitlines() for p in (before, after))
            changed = [line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ ")]
            if changed and len(changed) <= 20:
                yield f"  {before.name}"
                yield from (line if len(line) <= 160 else line[:160] + "…" for line in changed)


def _sentence(words: str) -> str:
    """A clause of the catalogue as a sentence, the facts that fill it in italics."""
    shown = re.sub(r"\{(\w+)\}", r"*\1*", words).replace("{{", "{").replace("}}", "}")
    return shown[:1].upper() + shown[1:].rstrip(".") + "."


def decisions() -> str:
    """The index of the decision records: number, title, date and status, as each record's first lines say them."""
    lines = ["# Decisions", "", "What was decided, when, and why. A record that was overtaken says by which.", ""]
    lines += ["| record | date | status |", "|---|---|---|"]
    for path in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title, _, about = path.read_text(encoding="utf-8").splitlines()[:3]
        date, _, status = about.partition(" · ")
        lines.append(f"| [{title.removeprefix('# ')}]({path.name}) | {date} | {status} |")
    return NOTE + "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page, by path."""
    made = {
        DOCS / "tables.md": tables(),
        DOCS / "corpus.md": descriptor(),
        DOCS / "mapping.md": mapping(),
        ROOT / "schema" / "mapping.json": json.dumps(mappings.rules(), indent=2, ensure_ascii=False) + "\n",
        DOCS / "cli.md": commands(),
        DOCS / "published.md": template_map(),
        DOCS / "doctor.md": doctor(),
        DOCS / "decisions" / "README.md": decisions(),
        DOCS / "benchmarks.md": page.text(),
        DIAGRAM: diagram.svg(),
    }
    return made | {DOCS / "findings" / f"{code}.md": finding(code, e) for code, e in findings.catalogue().items()}


def main() -> int:
    """Write the pages, or with --check say which are out of step."""
    made = pages()
    stale = [p for p, text in made.items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    stale += [p for p in (DOCS / "findings").glob("*.md") if p not in made]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of step with its source\n  mend: run ./run docs", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path in made:
            path.write_text(made[path], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
