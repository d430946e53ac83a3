"""The companion files of a release: catalogue, metadata, schemas, landing page and hosting files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openproposals.catalog import (
    citation,
    croissant,
    csvw,
    datacite,
    datapackage,
    describe,
    hosting,
    in_parts,
    page,
    rocrate,
    syntaxes,
    tableschemas,
    void,
    zenodo,
)
from openproposals.dumps.counting import Tally
from openproposals.model import schema, templates
from openproposals.model.tables import Tables
from openproposals.release.ours import PACKAGE
from openproposals.release.write import Draft


@dataclass(frozen=True)
class Subject:
    """What is described.

    counted: the number of triples by property and class. published: the tables of which the release has a CSV file.
    cited: the number of statistics by citation status. Of `tables`, only the names and heights are asked for.
    """

    descriptor: Mapping[str, Any]
    tables: Tables
    counted: Tally
    published: Sequence[schema.Table]
    cited: Mapping[str, int]


def write(of: Subject, draft: Draft) -> None:
    """Write the companion files of the data files that are in the draft."""
    about, spoken = of.descriptor, schema.spoken(of.tables.all_names)
    flat = schema.tables(spoken)["figures-flat"]
    data = in_parts.gathered(draft.entries)
    graph = describe.describe(about, data)
    compiled = {template.table.name: template for template in templates.load(str(about["base"]), spoken)}
    for table in of.published:
        file = f"tables/{table.name}.csv"
        files = [*in_parts.parts_of(file, data[file])]
        draft.write(f"{file}-metadata.json", csvw.metadata(table, files, compiled.get(table.name)))
        draft.write(f"schemas/{table.name}.json", tableschemas.alone(table, file, about))
    draft.write(
        "figures.csv-metadata.json", csvw.metadata(flat, [*in_parts.parts_of("figures.csv", data["figures.csv"])], None)
    )
    draft.write(f"schemas/{flat.name}.json", tableschemas.alone(flat, "figures.csv", about))
    draft.write(PACKAGE, datapackage.data_package(about, data, of.published, flat))
    draft.write("croissant.json", croissant.croissant(about, data, of.published))
    draft.write("CITATION.cff", citation.cff(about))
    draft.write(rocrate.CRATE, rocrate.rocrate(about, data))
    draft.write("datacite.json", datacite.datacite(about, data))
    deposit = zenodo.zenodo(about)
    if deposit is not None:
        draft.write(zenodo.DEPOSIT, deposit)
    counted = syntaxes.serialise(void.describe(about, of.counted), "ttl")
    for name in ("void.ttl", ".well-known/void"):
        draft.write(name, counted)
    draft.write("index.html", page.landing(about, data, of.tables, of.cited))
    for name, text in hosting.files(about).items():
        draft.write(name, text)
    for extension in syntaxes.SYNTAXES:
        draft.write(f"catalog.{extension}", syntaxes.serialise(graph, extension))
