"""The difference between two releases, for programs as JSON and for people as text in English or French."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from openproposals.guards.terminal import as_json, shown
from openproposals.messages import Language, Translated, say, texts
from openproposals.model import schema
from openproposals.model.tables import Tables
from openproposals.release.changes import Changes

SHOWN = 20  # rows of a table, cells of a table, or IRIs that the text lists; the rest are counted
_SEPARATOR = " "  # between the parts of a key; no key cell holds one


def data(changes: Changes, versions: tuple[str, str]) -> str:
    """The difference as JSON, with every row and every cell. `versions` are those of the old and the new release."""
    found = {
        "old": versions[0],
        "new": versions[1],
        "needs": changes.needs,
        "gone": list(changes.gone),
        "withdrawn": list(changes.withdrawn),
        "tables": {
            d.table.name: {
                "added": _keys(d.added),
                "removed": _keys(d.removed),
                "changed": [
                    {
                        "key": _SEPARATOR.join(str(row[k]) for k in d.table.key),
                        **{n: row[n] for n in ("column", "old", "new")},
                    }
                    for row in d.changed.iter_rows(named=True)
                ],
            }
            for d in changes.tables
        },
    }
    return as_json(found)


def labels(tables: Tables, lang: Language) -> dict[tuple[str, str], str]:
    """The names of rows, by table and key: the row's own label, else the label of its statistic."""
    found: dict[tuple[str, str], str] = {}
    spoken = schema.spoken(tables.all_names)
    column = f"label_{lang if lang in spoken.own else spoken.main}"
    for table in schema.tables(spoken).values():
        wanted = [c for c in (*table.key, column, "statistic") if c in table.column_names]
        frame = tables.columns(table.name, list(dict.fromkeys(wanted)))
        if "statistic" in frame.columns and column not in frame.columns:
            named = tables.columns("statistics", ["id", column]).rename({"id": "statistic"})
            frame = frame.join(named, on="statistic", how="left", maintain_order="left")
        if column in frame.columns:
            keys = _keys(frame.select(table.key))
            found |= {(table.name, k): n for k, n in zip(keys, frame[column], strict=True) if n}
    return found


def text(changes: Changes, lang: Language, names: Mapping[tuple[str, str], str] | None = None) -> str:
    """The difference in words: by table, what was added, removed, and which cell says what now.

    Tables that the publisher writes come first, then derived ones. `names` is what `labels` returns.
    """
    lines = []
    names = names or {}

    def called(table: schema.Table, key: str) -> str:
        name = names.get((table.name, key), "")
        return shown(key, 120) + (f" ({shown(name, 80)})" if name else "")

    colon, apart = texts("signs", lang)["colon"], False
    for d in sorted(changes.tables, key=lambda found: not found.given):
        if not d.given and not apart:
            apart = True
            lines.append(_words("derived", lang))
        cells, rows = d.changed.height, d.changed.select(d.table.key).n_unique() if not d.changed.is_empty() else 0
        counts = {"added": d.added.height, "removed": d.removed.height, "changed": rows}
        title = Translated(schema.said(d.table.descriptor, "title")).say(lang)
        lines.append(f"{title}{colon}" + _words("counts", lang, **counts))
        for mark, frame in (("+", d.added), ("-", d.removed)):
            lines += [f"  {mark} {called(d.table, key)}" for key in _keys(frame.head(SHOWN))]
            lines += _more(frame.height, lang)
        titles = {c.name: Translated(c.title).say(lang) for c in d.table.columns}
        for row in d.changed.head(SHOWN).iter_rows(named=True):
            key = _SEPARATOR.join(str(row[k]) for k in d.table.key)
            old, new = (_words("empty", lang) if row[n] is None else f'"{shown(row[n], 80)}"' for n in ("old", "new"))
            column = titles[row["column"]]
            lines.append(f"  ~ {called(d.table, key)}, {column}{colon}{old} → {new}")
        lines += _more(cells, lang)
    for name, iris in (("gone", changes.gone), ("withdrawn", changes.withdrawn)):
        lines += [_words(name, lang, iri=iri) for iri in iris[:SHOWN]] + _more(len(iris), lang)
    return "\n".join([*lines, _words(f"needs_{changes.needs}", lang)])


def _keys(frame: pl.DataFrame) -> list[str]:
    return [_SEPARATOR.join("" if part is None else str(part) for part in row) for row in frame.iter_rows()]


def _words(key: str, lang: Language, **facts: object) -> str:
    return say("release/changes", key, lang, **facts)


def _more(count: int, lang: Language) -> list[str]:
    return [_words("more", lang, count=count - SHOWN)] if count > SHOWN else []
