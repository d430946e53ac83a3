"""CSV (RFC 4180, with LF): a table as it is published, and the flat view of figures."""

from __future__ import annotations

import polars as pl

from openproposals.dumps import blocks

FLAT = (
    "id", "statistic", "label_fr", "label_en", "value", "minimum", "maximum", "numerator", "denominator",
    "unit", "unit_fr", "unit_en", "qualifier", "as_printed", "status", "area", "period", "scope", "kind",
    "citation_status", "source_title", "source_publisher", "source_date", "source_url", "document",
    "document_title", "locator_fr", "locator_en", "proposals", "iri",
)  # fmt: skip
_FORMULA = r"^[=+\-@\t\r]"


def write(frame: pl.DataFrame, sink: blocks.Sink) -> None:
    """A table, its header always, empty cells empty, quotes only where needed."""
    for number, batch in enumerate(blocks.batches(frame)):
        sink.write(batch.write_csv(include_header=number == 0, quote_style="necessary", line_terminator="\n").encode())


def write_for_spreadsheets(frame: pl.DataFrame, sink: blocks.Sink) -> None:
    """The same for Excel: BOM, semicolons, CRLF, and text that would run as a formula behind an apostrophe."""
    numeric = {"value", "minimum", "maximum"}
    text = [c for c in frame.columns if c not in numeric]
    cell = pl.col(text)
    safe = frame.with_columns(pl.when(cell.str.contains(_FORMULA)).then("'" + cell).otherwise(cell).name.keep())
    sink.write(b"\xef\xbb\xbf")
    for number, batch in enumerate(blocks.batches(safe)):
        data = batch.write_csv(
            include_header=number == 0, separator=";", quote_style="necessary", line_terminator="\r\n"
        )
        sink.write(data.encode())


def figures(tables: blocks.Frames, base: str) -> pl.DataFrame:
    """One row a figure, with what a reader asks of it; several of a kind are joined by ` | `, ids by a space."""
    statistics = tables["statistics"].select("scope", "kind", "citation_status", "label_fr", "label_en", statistic="id")
    sources = tables["statistic-sources"].join(
        tables["sources"]
        .join(tables["agents"].select(publisher="id", source_publisher="label_fr"), on="publisher", how="left")
        .select(
            source="id",
            source_title=pl.coalesce("title_fr", "title_en", "label_fr", "label_en", "url"),
            source_publisher="source_publisher",
            source_date="issued",
            source_url="url",
        ),
        on="source",
    )
    places = (
        tables["figure-passages"].select("figure", passage="passage")
        .join(tables["passages"].select("text", "locator_fr", "locator_en", passage="id"), on="passage")
        .join(tables["texts"].select("document", text="id"), on="text", how="left")
    )  # fmt: skip
    titled = tables["documents"].select(document="id", document_title=pl.coalesce("title_fr", "title_en"))
    places = places.join(titled, on="document", how="left")
    cited = ["source_title", "source_publisher", "source_date", "source_url"]
    placed = ["document", "document_title", "locator_fr", "locator_en"]
    resting = tables["evidence"].rename({"proposal": "proposals"})
    said = [
        (statistics, "statistic", "statistic"),
        (_many(sources, "statistic", cited), "statistic", "statistic"),
        (_many(places, "figure", placed), "id", "figure"),
        (_many(resting, "statistic", ["proposals"], " "), "statistic", "statistic"),
    ]
    flat = tables["figures"]
    for frame, ours, theirs in said:
        flat = flat.join(frame, left_on=ours, right_on=theirs, how="left", maintain_order="left")
    printed, iri = pl.coalesce("as_printed_fr", "as_printed_en"), pl.concat_str(pl.lit(f"{base}figure/"), "id")
    return flat.with_columns(as_printed=printed, iri=iri).select(FLAT)


def _many(frame: pl.DataFrame, key: str, columns: list[str], separator: str = " | ") -> pl.DataFrame:
    """One row a key, each column's distinct values joined in order."""
    return frame.group_by(key, maintain_order=True).agg(
        pl.col(c).drop_nulls().unique(maintain_order=True).str.join(separator).replace("", None) for c in columns
    )
