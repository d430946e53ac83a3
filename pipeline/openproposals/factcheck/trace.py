"""The trace of a statistic, a proposal or a source: how figures, passages, markers, notes and sources are linked.

A trace is nested dicts and lists, made from the tables alone; `trace_text` writes it for people. Its key `missing`
lists, by code, each link that the tables do not have.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from openproposals.errors import UsageError
from openproposals.factcheck import source_says
from openproposals.model import codes, languages, schema
from openproposals.model.tables import Frames

Row = dict[str, Any]
KINDS = {"statistic": "statistics", "proposal": "proposals", "source": "sources"}
_ALSO = {"figure": "figures"}  # a figure may be named too; its statistic is traced


@dataclass(frozen=True)
class Held:
    """The tables to trace or verify.

    base: the IRI with which every IRI of the corpus begins. folder: the corpus's folder, None for a release or a dump.
    """

    base: str
    tables: Frames
    folder: Path | None = None

    def rows(self, table: str, **cells: str | None) -> list[Row]:
        """The rows of a table that have these cells, without empty cells, sorted by key (a dump keeps no order)."""
        found = self.tables[table]
        for name, cell in cells.items():
            found = found.filter(pl.col(name) == cell)
        found = found.sort(schema.tables()[table].key)
        plain = found.drop("_file", "_row").iter_rows(named=True)
        return [{name: cell for name, cell in row.items() if cell is not None} for row in plain]

    def row(self, table: str, key: str | None) -> Row:
        """The row with that key, {} where there is none."""
        return next(iter(self.rows(table, id=key)), {}) if key else {}


def _unknown(name: str, key: str, known: Sequence[str], base: str) -> UsageError:
    near = difflib.get_close_matches(key, known, 3)
    if near:
        return UsageError("unknown-id-near", named=name, base=base, near=", ".join(near))
    if known:
        return UsageError("unknown-id-far", named=name, base=base, example=known[0])
    return UsageError("unknown-id", named=name, base=base)


def find(held: Held, name: str) -> tuple[str, str]:
    """The kind (a key of `KINDS`) and the key of the row that an id or an IRI names.

    `S02`, `statistic/S02` and the whole IRI name the same row. A figure's id gives its statistic.
    Raises UsageError: a name of nothing, or an id of two kinds.
    """
    wanted = name.removeprefix(held.base)
    given, _, key = wanted.rpartition("/")
    found = [
        (kind, row["id"])
        for kind, table in {**KINDS, **_ALSO}.items()
        if given in ("", kind)
        for row in held.rows(table, id=key)
    ]
    if len(found) > 1:
        choices = " or ".join("/".join(each) for each in found)
        raise UsageError("id-of-several", named=name, choices=choices)
    if not found:
        known = [key for table in KINDS.values() for key in held.tables[table]["id"].drop_nulls()]
        raise _unknown(name, key, known, held.base)
    kind, key = found[0]
    return ("statistic", held.row("figures", key)["statistic"]) if kind == "figure" else (kind, key)


def trace(held: Held, kind: str, key: str) -> Row:
    """The trace of the row of that kind (a key of `KINDS`) and that key, without any document."""
    made = {"statistic": _statistic_whole, "proposal": _proposal, "source": _source_whole}[kind](held, key)
    own_words = not held.tables["passages"].is_empty() and held.tables["passage-quotes"].is_empty()
    return {"kind": kind, "own_words": own_words, **made}


def _named(held: Held, kind: str, row: Row) -> Row:
    return {"id": row["id"], "iri": f"{held.base}{kind}/{row['id']}", "label": _words(row, "label")}


def _words(row: Row, stem: str) -> dict[str, str]:
    """A text by language, in the languages that it has."""
    return {languages.split(name)[1]: row[name] for name in row if languages.split(name)[0] == stem}


def _kept(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names if name in row}


def _statistic_whole(held: Held, key: str) -> Row:
    """A statistic and the proposals that rest on it."""
    rests = [(link, held.row("proposals", link["proposal"])) for link in held.rows("evidence", statistic=key)]
    proposals = [{**_named(held, "proposal", row), "basis": link["basis"]} for link, row in rests]
    found = _statistic(held, key)
    return {**found, "proposals": proposals, "missing": list(_missing(found))}


def _statistic(held: Held, key: str) -> Row:
    row = held.row("statistics", key)
    markers = [_marker(held, link["marker"]) for link in held.rows("statistic-markers", statistic=key)]
    noted = {source["id"] for marker in markers for source in marker.get("note", {}).get("sources", ())}
    cited = [link["source"] for link in held.rows("statistic-sources", statistic=key)]
    possible = [link["source"] for link in held.rows("statistic-possible-sources", statistic=key)]
    remarks = [held.row("remarks", link["remark"]) for link in held.rows("remark-statistics", statistic=key)]
    remarks += [row for marker in markers for row in held.rows("remarks", marker=marker["id"])]
    passages = [link["passage"] for link in held.rows("statistic-passages", statistic=key)]
    sources = [_source(held, source) for source in cited]
    return {
        **_named(held, "statistic", row),
        **_kept(row, "scope", "citation_status"),
        "figure_kind": row.get("kind", ""),
        "comment": _words(row, "comment"),
        "figures": [_figure(held, figure) for figure in held.rows("figures", statistic=key)],
        "places": [_place(held, passage, key) for passage in passages],
        "markers": markers,
        "sources": sources,
        "said": source_says.said(held, key, sources),
        "given_without_note": [source for source in cited if source not in noted],
        "possible_sources": [_source(held, source) for source in possible],
        **_remarks(remarks),
    }


def _figure(held: Held, row: Row) -> Row:
    plain = _kept(
        row, "id", "value", "minimum", "maximum", "numerator", "denominator", "unit", "qualifier",
        "area", "area_basis", "period", "period_basis", "status",
    )  # fmt: skip
    texts = {name: _words(row, name) for name in ("as_printed", "unit", "compared_with")}
    return {
        **plain, "iri": f"{held.base}figure/{row['id']}",
        "printed": texts["as_printed"], "counted": texts["unit"], "compared_with": texts["compared_with"],
    }  # fmt: skip


def _place(held: Held, key: str | None, statistic: str | None = None) -> Row:
    """The place of a passage: document, sections (outermost first), locator on paper, position, digests, results."""
    row = held.row("passages", key)
    if not row:
        return {}
    text = held.row("texts", row["text"])
    figures = {figure["id"] for figure in held.rows("figures", statistic=statistic)} if statistic else set()
    return {
        "passage": row["id"],
        "iri": f"{held.base}passage/{row['id']}",
        "document": _document(held, text.get("document")),
        "sections": _sections(held, row.get("theme")),
        "locator": _words(row, "locator"),
        "text": _kept(text, "id", "sha256", "characters"),
        "start": int(row["start"]),
        "end": int(row["end"]),
        "faithful": {"length": int(row["faithful_length"]), "sha256": row["faithful_sha256"]},
        "kept": {"length": int(row["kept_length"]), "sha256": row["kept_sha256"]},
        "bare": {"length": int(row["bare_length"]), "sha256": row["bare_sha256"], "opening": row["bare_opening"]},
        **({"accented": row["accented_sha256"]} if row.get("accented_sha256") else {}),
        "verified": [
            {
                "grade": check["grade"],
                "date": check["verified"],
                "tool": check["tool"],
                "text": check.get("text_sha256"),
            }
            for check in held.rows("verifications", passage=row["id"])
        ],
        "figures": [
            {"figure": place["figure"], "start": int(place["start"]), "end": int(place["end"])}
            for place in held.rows("figure-passages", passage=row["id"])
            if place["figure"] in figures
        ],
    }


def _document(held: Held, key: str | None) -> Row:
    row = held.row("documents", key)
    if not row:
        return {}
    plain = _kept(row, "issued", "url", "archived_url")
    return {**_named(held, "document", row), "title": _words(row, "title"), **plain}


def _sections(held: Held, key: str | None) -> list[Row]:
    sections: list[Row] = []
    while key and key not in {section["id"] for section in sections}:  # themes may form a circle
        row = held.row("themes", key)
        if not row:
            break
        sections.insert(0, {**_named(held, "theme", row), **_kept(row, "number")})
        key = row.get("parent")
    return sections


def _marker(held: Held, key: str) -> Row:
    row = held.row("markers", key)
    position = {"text": row["text"], "start": int(row["start"]), "end": int(row["end"])}
    found: Row = {"id": key, **_kept(row, "as_printed", "expected"), **position}
    for name in ("note", "possible_note"):
        if name in row:
            found[name] = _note(held, row[name])
    return found


def _note(held: Held, key: str) -> Row:
    row = held.row("notes", key)
    links = held.rows("note-sources", note=key)
    sources = [_kept(_source(held, link["source"]), "id", "iri", "label") for link in links]
    return {**_kept(row, "id", "as_printed", "expected"), "place": _place(held, row.get("passage")),
            "sources": sources}  # fmt: skip


def _source(held: Held, key: str) -> Row:
    row = held.row("sources", key)
    agents: Row = {
        role: _words(held.row("agents", row[role]), "label") for role in ("publisher", "commissioner") if role in row
    }
    activity = held.row("activities", row.get("activity"))
    looked: Row = {**_kept(activity, "id", "ended"), "comment": _words(activity, "comment")}
    plain = _kept(row, "issued", "url", "archived_url", "pages", "trace_status")
    found: Row = {**_named(held, "source", row), "title": _words(row, "title"), **agents, **plain}
    return {**found, "search": looked} if activity else found


def _remarks(rows: list[Row]) -> Row:
    """Remarks by kind: faults of the document, and leads, which are suggestions to follow up, not judgements."""
    unique = {row["id"]: row for row in rows if row}.values()
    said = [{**_kept(row, "id", "kind"), "label": _words(row, "label")} for row in unique]
    return {
        "faults": [r for r in said if not codes.is_under("remark", r["kind"], "lead")],
        "leads": [r for r in said if codes.is_under("remark", r["kind"], "lead")],
    }


def _missing(found: Row) -> Iterator[Row]:
    """Whatever a statistic's chain lacks, as codes; a code that concerns a marker or a source also names it."""
    if found["figure_kind"] != "qualitative" and not found["figures"]:
        yield {"code": "no-figure"}
    if not found["places"]:
        yield {"code": "no-passage"}
    if found["citation_status"] != "cited":
        yield {"code": found["citation_status"]}
    for marker in found["markers"]:
        if "note" not in marker and "possible_note" not in marker:
            known = found["citation_status"] != "not-recorded"
            yield {"code": "no-note" if known else "no-note-recorded", "marker": marker["as_printed"]}
    for source in found["sources"]:
        yield from _missing_of_source(source)


def _missing_of_source(source: Row) -> Iterator[Row]:
    if not source["title"] and "url" not in source:
        yield {"code": "no-title", "source": source["id"]}
    if "url" not in source and "archived_url" not in source:
        yield {"code": "no-address", "source": source["id"]}
    elif "archived_url" not in source:
        yield {"code": "no-archived-copy", "source": source["id"]}
    if source["trace_status"] in ("not-attempted", "searched-not-found", "located-uncertain"):
        yield {"code": source["trace_status"], "source": source["id"]}


def _proposal(held: Held, key: str) -> Row:
    row = held.row("proposals", key)
    derived = next(iter(held.rows("proposal-status", proposal=key)), {"status": "not-recorded"})
    status = derived["status"]
    links = held.rows("evidence", proposal=key)
    remarks = held.rows("remarks", proposal=key)
    statistics = [{**_statistic(held, link["statistic"]), "basis": link["basis"]} for link in links]
    missing = [] if status == "sourced" else [{"code": "evidence-not-recorded" if status == "not-recorded" else status}]
    missing += [{"statistic": each["id"], **gap} for each in statistics for gap in _missing(each)]
    return {
        **_named(held, "proposal", row),
        "summary": _words(row, "summary"),
        "evidence_status": status,
        **{f"evidence_{name}": derived[name] for name in ("basis", "cited", "without_source") if name in derived},
        "document": _document(held, row.get("document")),
        "sections": _sections(held, row.get("theme")),
        "place": _place(held, row.get("passage")),
        **_kept(row, "url"),
        "statistics": statistics,
        "outcomes": [_outcome(held, outcome) for outcome in held.rows("outcomes", proposal=key)],
        "responses": [_response(held, response) for response in held.rows("responses", proposal=key)],
        **_remarks(remarks),
        "missing": missing,
    }


def _outcome(held: Held, row: Row) -> Row:
    """What became of a proposal: the publisher's status, the shared code it comes under, and where it is taken from."""
    status = held.row("outcome-statuses", row["status"])
    texts = {name: _words(row, name) for name in ("label", "account", "comment", "dispute")}
    return {
        "id": row["id"], "iri": f"{held.base}outcome/{row['id']}",
        "status": _words(status, "label"), **_kept(status, "maps_to"), **_kept(row, "issued"), **texts,
        "addresses": [each["source_url"] for each in held.rows("outcome-sources", outcome=row["id"])],
    }  # fmt: skip


def _response(held: Held, row: Row) -> Row:
    """What somebody answered to a proposal: the publisher's answer and the shared code it comes under."""
    answer = held.row("answers", row["answer"])
    return {
        "id": row["id"], "iri": f"{held.base}response/{row['id']}",
        "agent": _words(held.row("agents", row["agent"]), "label"), "answer": _words(answer, "label"),
        **_kept(answer, "maps_to"), **_kept(row, "issued", "source_url"), "comment": _words(row, "comment"),
    }  # fmt: skip


def _source_whole(held: Held, key: str) -> Row:
    """A source, the notes that refer to it, the statistics that cite it, and the proposals that rest on these."""
    found = _source(held, key)
    citing = [link["statistic"] for link in held.rows("statistic-sources", source=key)]
    possible = [link["statistic"] for link in held.rows("statistic-possible-sources", source=key)]
    rests = [link["proposal"] for link in held.rows("proposal-sources", source=key)]
    notes = [_note(held, link["note"]) for link in held.rows("note-sources", source=key)]
    return {
        **found,
        "notes": notes,
        "statistics": [_statistic(held, statistic) for statistic in citing],
        "possible_statistics": [_named(held, "statistic", held.row("statistics", s)) for s in possible],
        "proposals": [_named(held, "proposal", held.row("proposals", p)) for p in rests],
        **_remarks(held.rows("remarks", source=key)),
        "missing": list(_missing_of_source(found)),
    }
