"""A dump read back into tables: each triple pattern of a row template is a relation, and a row is their natural join.

Nothing but the dump is needed: its dataset's IRI is the base that the templates are compiled for. What no template
publishes (the short form, the flat views) is not read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import polars as pl

from openproposals.errors import UsageError
from openproposals.model import rdf, schema, templates
from openproposals.model.tables import ORIGIN, empty, fitted
from openproposals.model.templates import Iri, Literal_, Pattern, Template
from openproposals.release import published, triples

_DATASET = "http://rdfs.org/ns/void#Dataset"
_KINDS = {rdf.Named: "iri", rdf.LiteralTerm: "literal", rdf.Blank: "blank"}


def read(dump: Path) -> tuple[str, dict[str, pl.DataFrame]]:
    """The base and the tables of a record dump. Raises UsageError where it is no dump of a corpus."""
    given = published.read_dump(dump)
    found = triples.read(given.data, given.syntax, dump.name)
    base = next((s.value for s, p, o in found if p == templates.RDF_TYPE and o == rdf.Named(_DATASET)), "")
    if not base:
        raise UsageError(
            f"{dump.name} is no dump of a corpus",
            why="it describes no void:Dataset, whose IRI every other begins with",
            mend="give <name>.ttl, <name>.jsonld or <name>.nt of a release",
        )
    stated = pl.DataFrame(
        [(s.value, p, _KINDS[type(o)], o.value, getattr(o, "language", "")) for s, p, o in found],
        schema=["s", "p", "kind", "o", "language"],
        orient="row",
    ).unique(maintain_order=True)
    by_property: Mapping[str, pl.DataFrame] = {
        str(key[0]): part for key, part in stated.partition_by("p", as_dict=True, maintain_order=True).items()
    }
    none = stated.clear()
    tables = {name: empty(columns) for name, columns in schema.columns().items()}
    for template in templates.load(base):
        tables[template.table.name] = _rows(template, by_property, none, dump.name)
    _check_whole(tables, dump.name)
    return base, tables


def _check_whole(tables: Mapping[str, pl.DataFrame], dump: str) -> None:
    """Refuse a dump that was cut or edited: a cell missing, a number that is none, a link to a row that is gone."""
    for name, table in schema.tables().items():
        frame = tables[name]
        broken = [c.name for c in table.columns if c.required and frame[c.name].null_count()]
        for column in (c for c in table.columns if c.type == "integer"):
            numbers = frame[column.name].drop_nulls().cast(pl.Int64, strict=False)
            low = column.bounds[0]
            off = numbers.null_count() or (low is not None and numbers.lt(low).any())
            broken += [column.name] if off else []
        for link in table.links:
            if len(link.columns) == 1 and table.has_rows:
                named = frame.get_column(link.columns[0]).drop_nulls()
                known = tables[link.table].get_column(link.targets[0])
                broken += [link.columns[0]] if not named.is_in(known.implode()).all() else []
        if broken:
            raise UsageError(
                f"{dump} is not whole: {name}, {broken[0]}",
                why="what is published names every row that it links to, and holds every required cell",
                mend="take the dump again from where it was published, and compare it with SHA256SUMS",
            )


def _rows(template: Template, triples: Mapping[str, pl.DataFrame], none: pl.DataFrame, file: str) -> pl.DataFrame:
    """A table's rows. What every row says is joined; what some say is joined where it is said."""
    required = {c.name for c in template.table.columns if c.required} | set(template.table.key)
    always: list[pl.DataFrame] = []
    sometimes: dict[tuple[str, ...], list[pl.DataFrame]] = {}
    for pattern in template.patterns:
        relation = _relation(pattern, triples.get(pattern.predicate, none))
        columns = tuple(relation.columns)
        alternatives = pattern.guard is not None
        if set(columns) <= required and not alternatives:
            always.append(relation)
        elif columns:
            sometimes.setdefault(columns, []).append(relation)
    # A choice (a guarded property or type) is said in one of its forms.
    for columns, forms in list(sometimes.items()):
        if set(columns) <= required:
            always.append(pl.concat(forms).unique(maintain_order=True))
            del sometimes[columns]
    rows = reduce(_joined, sorted(always, key=lambda relation: -relation.width))
    for forms in sometimes.values():
        relation = pl.concat(forms).unique(maintain_order=True)
        shared = [c for c in relation.columns if c in rows.columns]
        rows = rows.join(relation, on=shared, how="left", maintain_order="left", coalesce=True)
    rows = rows.with_columns(_file=pl.lit(file), _row=pl.lit(0, ORIGIN["_row"]))
    return fitted(rows, template.table.column_names).unique(maintain_order=True)


def _joined(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    shared = [c for c in other.columns if c in one.columns]
    if not shared:
        return one.join(other, how="cross")
    return one.join(other, on=shared, how="inner", maintain_order="left")


def _relation(pattern: Pattern, triples: pl.DataFrame) -> pl.DataFrame:
    """The cells that a pattern's triples hold, one row a triple."""
    kind = "literal" if isinstance(pattern.object, Literal_) else "iri"
    language = pattern.object.language if isinstance(pattern.object, Literal_) else ""
    rows = triples.filter(kind=kind, language=language)
    parts = pattern.object.parts if isinstance(pattern.object, Iri) else (pattern.object.value,)
    cells: dict[str, pl.Expr] = {}
    keep = pl.lit(value=True)
    for column, said in (("s", pattern.subject.parts), ("o", parts)):
        regex, names = _regex(said)
        keep &= pl.col(column).str.contains(regex)
        for number, name in enumerate(names, 1):
            cell = pl.col(column).str.extract(regex, number)
            if name in cells:
                keep &= cells[name] == cell
            cells.setdefault(name, cell)
    if pattern.guard and pattern.guard.equals:
        cells[pattern.guard.column] = pl.lit(pattern.guard.equals)
    return rows.filter(keep).select(**cells).unique(maintain_order=True) if cells else rows.select([]).clear()


def _regex(parts: tuple[templates.Part, ...]) -> tuple[str, list[str]]:
    """An IRI or a literal as a regular expression, and the columns of its groups."""
    pieces, names = [], []
    for part in parts:
        if isinstance(part, str):
            pieces.append(pl.escape_regex(part))
            continue
        names.append(part.name)
        whole = "|".join(map(pl.escape_regex, part.column.enum)) or part.column.pattern
        pieces.append(f"({whole})" if whole and len(parts) > 1 else "((?s:.*))")
    return rf"\A{''.join(pieces)}\z", names
