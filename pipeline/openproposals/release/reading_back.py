"""Read a dump back into tables: each triple pattern of a row template is a relation; their natural join gives the rows.

Only the dump is needed: the IRI of its dataset is the base for which the templates are compiled. Tables without a row
template (the short form, the flat views) are not read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path

import polars as pl

from openproposals.errors import UsageError
from openproposals.model import languages, rdf, schema, templates
from openproposals.model.languages import Languages
from openproposals.model.tables import ORIGIN, empty, fitted
from openproposals.model.templates import Iri, Literal_, Pattern, Template
from openproposals.release import published, triples

_MOST = 20  # rows that a join may have for each triple of the dump
_DATASET = "http://rdfs.org/ns/void#Dataset"
_TITLE = "http://purl.org/dc/terms/title"
_PRINTED = "https://w3id.org/openproposals/ns#asPrinted"
_KINDS = {rdf.Named: "iri", rdf.LiteralTerm: "literal", rdf.Blank: "blank"}


def read(dump: Path) -> tuple[str, dict[str, pl.DataFrame]]:
    """The base IRI and the tables of a record dump. Raises UsageError where the file is not a dump of a corpus."""
    given = published.read_dump(dump)
    found = triples.read(given.data, given.syntax, dump.name)
    base = next((s.value for s, p, o in found if p == templates.RDF_TYPE and o == rdf.Named(_DATASET)), "")
    if not base:
        raise UsageError("dump-without-dataset", name=dump.name)
    stated = pl.DataFrame(
        [(s.value, p, _KINDS[type(o)], o.value, getattr(o, "language", "").lower()) for s, p, o in found],
        schema=["s", "p", "kind", "o", "language"],
        orient="row",
    ).unique(maintain_order=True)
    by_property: Mapping[str, pl.DataFrame] = {
        str(key[0]): part for key, part in stated.partition_by("p", as_dict=True, maintain_order=True).items()
    }
    none = stated.clear()
    spoken = _spoken(stated)
    tables = {name: empty(columns) for name, columns in schema.columns(spoken).items()}
    for template in templates.load(base, spoken):
        tables[template.table.name] = _rows(template, by_property, none, dump.name)
    _check_whole(tables, spoken, dump.name)
    return base, tables


def _spoken(stated: pl.DataFrame) -> Languages:
    """The languages of a dump: its own are those of its dataset's title; others may have what is printed."""
    datasets = stated.filter(p=templates.RDF_TYPE, o=_DATASET)["s"].implode()
    tagged = stated.filter(pl.col("language") != "")
    titles = tagged.filter(pl.col("s").is_in(datasets), p=_TITLE)
    printed = tagged.filter(pl.col("p").is_in([_TITLE, _PRINTED]))
    return languages.among(*([languages.canonical(tag) for tag in found["language"]] for found in (titles, printed)))


def _check_whole(tables: Mapping[str, pl.DataFrame], spoken: Languages, dump: str) -> None:
    """Raises UsageError for a dump that was cut or edited: a cell, a number or a row that a link names is missing."""
    for name, table in schema.tables(spoken).items():
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
            raise UsageError("dump-not-whole", name=dump, table=name, column=broken[0])


def _rows(template: Template, triples: Mapping[str, pl.DataFrame], none: pl.DataFrame, file: str) -> pl.DataFrame:
    """The rows of a table: an inner join over what every row says, then a left join over what some rows say."""
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
    # Every row says a choice (a guarded property or type) in exactly one of its forms.
    for columns, forms in list(sometimes.items()):
        if set(columns) <= required:
            always.append(pl.concat(forms).unique(maintain_order=True))
            del sometimes[columns]
    most = _MOST * (1 + sum(map(len, triples.values())))
    rows = reduce(lambda one, other: _joined(one, other, most, file), sorted(always, key=lambda r: -r.width))
    for forms in sometimes.values():
        relation = pl.concat(forms).unique(maintain_order=True)
        shared = [c for c in relation.columns if c in rows.columns]
        _check_size(rows, relation, shared, most, file)
        rows = rows.join(relation, on=shared, how="left", maintain_order="left", coalesce=True)
    rows = rows.with_columns(_file=pl.lit(file), _row=pl.lit(0, ORIGIN["_row"]))
    return fitted(rows, template.table.column_names).unique(maintain_order=True)


def _joined(one: pl.DataFrame, other: pl.DataFrame, most: int, file: str) -> pl.DataFrame:
    shared = [c for c in other.columns if c in one.columns]
    _check_size(one, other, shared, most, file)
    if not shared:
        return one.join(other, how="cross")
    return one.join(other, on=shared, how="inner", maintain_order="left")


def _check_size(one: pl.DataFrame, other: pl.DataFrame, shared: Sequence[str], most: int, file: str) -> None:
    """Raise UsageError for a join of more than `most` rows: a node that says each thing many times makes a product."""
    if shared:
        counts = [frame.group_by(shared).len(name) for frame, name in ((one, "_one"), (other, "_other"))]
        pairs = counts[0].join(counts[1], on=shared).select(pl.col("_one").cast(pl.UInt64) * pl.col("_other"))
        size = int(pairs.to_series().sum()) + len(one)
    else:
        size = len(one) * len(other)
    if size > most:
        raise UsageError("dump-says-too-much", name=file)


def _relation(pattern: Pattern, triples: pl.DataFrame) -> pl.DataFrame:
    """The cells that a pattern's triples hold, one row for each triple."""
    kind = "literal" if isinstance(pattern.object, Literal_) else "iri"
    language = pattern.object.language if isinstance(pattern.object, Literal_) else ""
    rows = triples.filter(kind=kind, language=language.lower())
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
    """A regular expression for an IRI or a literal, and the column of each of its groups."""
    pieces, names = [], []
    for part in parts:
        if isinstance(part, str):
            pieces.append(pl.escape_regex(part))
            continue
        names.append(part.name)
        whole = "|".join(map(pl.escape_regex, part.column.enum)) or part.column.pattern
        pieces.append(f"({whole})" if whole and len(parts) > 1 else "((?s:.*))")
    return rf"\A{''.join(pieces)}\z", names
