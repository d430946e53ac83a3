"""Which id each row of a rule has: its own, that of its label, or that of what it refers to.

In: the state of the making, and a rule. Out: ids in the state's `keys`, null for a row that says nothing of the table.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping

import polars as pl

from openproposals.findings import Finding
from openproposals.importing import values
from openproposals.importing.cell_references import first_of, reference, referring, replaced
from openproposals.importing.identity import KeptId
from openproposals.importing.made_tables import TableMaking
from openproposals.importing.mapping import CellRule, RowsRule
from openproposals.importing.sheets import Sheet
from openproposals.model import schema

_NUMBERED = re.compile(r"(.*) \([0-9]+\)", re.DOTALL)


def identify(making: TableMaking, rule: RowsRule) -> None:
    """Give each row of a rule its id, where its table has one."""
    if schema.tables()[rule.table].key != ("id",):
        return
    sheet = making.sheet(rule)
    keep = said(making, rule, sheet)
    own = rule.cells.get("id")
    keys = values.key(sheet, own) if own else _composed(making, rule, sheet)
    keys = pl.select(pl.when(keep).then(keys).otherwise(None).alias("_")).to_series()
    if own:
        _twice(making, rule, sheet, keys)
        _decimals(making, own, sheet, keys)
    for row in (keys.is_null() & keep).arg_true():
        making.findings.append(Finding(sheet.location(row, own.column if own else ""), "row-without-key"))
    by_label = own is None and not referring(rule)
    rest = pl.repeat("", len(keys), eager=True)
    former = _numbered_before(making.ids.kept.get(rule.table, {})) if own is None else {}
    if by_label or former or (own is None and keys.n_unique() < len(keys)):
        rest = _rest(rule, sheet)
        keys = _numbered(keys, rest, former)
    pairs = pl.DataFrame({"key": keys, "rest": rest}).drop_nulls("key").unique("key", keep="first", maintain_order=True)
    told = dict(zip(pairs["key"].to_list(), pairs["rest"].to_list(), strict=True))
    given = making.ids.give(rule.table, told, by_label=by_label)
    making.keys[rule.path] = replaced(keys, given)


def _composed(making: TableMaking, rule: RowsRule, sheet: Sheet) -> pl.Series:
    """Keys of rows without an id: what they refer to, else their label, else all that they say."""
    about = referring(rule)
    if about:
        parts = [first_of(reference(making, rule.table, name, rule.cells[name], sheet)) for name in about]
        return (
            pl.DataFrame({str(n): part for n, part in enumerate(parts)})
            .select(pl.concat_str(pl.all(), separator="-").alias("_"))
            .to_series()
        )
    labels = [name for name in rule.cells if name.startswith(("label_", "title_"))] or list(rule.cells)
    found = [values.key(sheet, rule.cells[name]) for name in labels if not rule.cells[name].fields]
    if not found:
        return pl.repeat(None, sheet.cells.height, dtype=pl.String, eager=True)
    frame = pl.DataFrame({str(n): part for n, part in enumerate(found)})
    return frame.select(pl.coalesce(pl.all()).alias("_")).to_series()


def _rest(rule: RowsRule, sheet: Sheet) -> pl.Series:
    """A digest of all cells of a row that are not its label; "" where it has none."""
    labels = {n for n in rule.cells if n.startswith("label_")}
    names = values.columns_of([cell for name, cell in rule.cells.items() if name not in labels | {"id"}])
    names = [name for name in names if name not in values.columns_of([rule.cells[n] for n in labels])]
    if not names:
        return pl.repeat("", sheet.cells.height, dtype=pl.String, eager=True)
    joined = sheet.cells.select(pl.concat_str(pl.col(names).fill_null(""), separator="\x1e").alias("_")).to_series()
    digests = {text: hashlib.sha256(text.encode()).hexdigest()[:16] for text in joined.unique()}
    digests["\x1e" * (len(names) - 1)] = ""
    return replaced(joined, digests)


def said(making: TableMaking, rule: RowsRule, sheet: Sheet) -> pl.Series:
    """Which rows of a sheet say something of this table: more than whom or what it is about."""
    about = {"id", *referring(rule)} if len(making.rules_of(rule.sheet)) > 1 and referring(rule) else set()
    cells = [cell for name, cell in rule.cells.items() if name not in about]
    names = values.columns_of([*cells, *rule.links.values()])
    if not names:
        return pl.repeat(True, sheet.cells.height, eager=True)
    return sheet.cells.select(pl.any_horizontal(pl.col(names).is_not_null()).alias("_")).to_series()


def _twice(making: TableMaking, rule: RowsRule, sheet: Sheet, keys: pl.Series) -> None:
    """A finding for each row with an id that another row has."""
    numbered = pl.DataFrame({"key": keys}).with_row_index("row").drop_nulls("key")
    again = numbered.filter(~pl.col("key").is_first_distinct())
    first = dict(
        numbered.filter(pl.col("key").is_first_distinct() & pl.col("key").is_duplicated()).select("key", "row").rows()
    )
    column = rule.cells["id"].column
    for row, key in again.rows():
        facts = {"key": column, "other": str(sheet.location(first[key], column))}
        making.findings.append(Finding(sheet.location(row, column), "key-twice", key, facts))


def _decimals(making: TableMaking, own: CellRule, sheet: Sheet, keys: pl.Series) -> None:
    """A finding where every id is a whole number with .0, as some programs write it."""
    given = keys.drop_nulls()
    if len(given) and given.str.contains(r"^[0-9]+\.0+$").all():
        row = int(keys.is_not_null().arg_max() or 0)
        making.findings.append(Finding(sheet.location(row, own.column), "ids-with-decimals", str(keys[row])))


def _numbered(keys: pl.Series, rest: pl.Series, former: Mapping[str, Mapping[str, str]]) -> pl.Series:
    """Keys, those of several rows numbered: as before where a row has the same other cells, else in order.

    former: by key, the numbered keys that were given before, by the digest of the row's other cells.
    """
    frame = pl.DataFrame({"key": keys, "rest": rest}).with_row_index("row")
    alike = frame.drop_nulls("key").filter(pl.col("key").is_duplicated() | pl.col("key").is_in([*former]))
    changed: dict[int, str] = {}
    for (key,), rows in alike.sort("rest", "row").group_by("key", maintain_order=True):
        before, given = former.get(str(key), {}), dict[int, str]()
        for row, _, other in rows.select("row", "key", "rest").rows():
            if before.get(other) not in (None, *given.values()):
                given[row] = before[other]
        free = (name for name in _names(str(key)) if name not in given.values())
        changed |= given | {row: next(free) for row in rows["row"] if row not in given}
    if not changed:
        return keys
    named = pl.DataFrame(
        {"row": list(changed), "new": list(changed.values())}, schema={"row": pl.UInt32, "new": pl.String}
    )
    return frame.join(named, on="row", how="left", maintain_order="left").select(
        pl.coalesce("new", "key").alias("key")
    )["key"]


def _names(key: str) -> Iterator[str]:
    """A key, and the same numbered from 2."""
    yield key
    yield from (f"{key} ({number})" for number in itertools.count(2))


def _numbered_before(kept: Mapping[str, KeptId]) -> dict[str, dict[str, str]]:
    """Of the keys once given, those of which several rows had the same: by the key, each by the row's other cells."""
    found: dict[str, dict[str, str]] = {}
    for key in kept:
        if key.endswith(")") and (numbered := _NUMBERED.fullmatch(key)) and numbered[1] in kept:
            first = kept[numbered[1]]
            found.setdefault(numbered[1], {first.rest: first.key})[kept[key].rest] = key
    return found
