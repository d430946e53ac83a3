"""One peer doing its part of a publish, alone in its process and its environment: `peers.py PEER FOLDER`.

FOLDER is made by material.py, and nothing of ours is imported here. A peer that finds fault with a clean corpus, or
(`--control`) misses a planted one, ends with an error; how many triples were written is counted by the caller.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

RECORDS = Path(__file__).parents[1] / "shapes" / "records.ttl"
PROCESSES = 2
Found = Iterable[tuple[str, str]]  # of each result: the focus node, and the local name of the shape


def frictionless(folder: Path) -> None:
    """Every table, its types, constraints, keys and links."""
    from frictionless import Package

    report = Package(str(folder / "package" / "datapackage.json")).validate()
    if not report.valid:
        sys.exit(str(report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]))


def morph_kgc(folder: Path) -> None:
    """N-Triples from the mapping, by its own command, on two processes."""
    place = folder / "rml"
    (place / "config.ini").write_text(
        f"[CONFIGURATION]\nna_values=\nlogging_level=ERROR\nnumber_of_processes={PROCESSES}\n"
        f"output_format=N-TRIPLES\noutput_file={folder / 'morph-kgc.nt'}\n[corpus]\nmappings={place / 'mapping.ttl'}\n",
        encoding="utf-8",
    )
    subprocess.run([sys.executable, "-m", "morph_kgc", "config.ini"], cwd=place, check=True)


def maplib(folder: Path) -> None:
    """N-Triples from the same tables: it reads no RML, so each pattern is mapped from the columns it names."""
    import polars as pl
    from maplib import IRI, Model, RDFType, SolutionMappings

    def filled(parts: list[list[str]]) -> pl.Expr:
        return pl.concat_str([pl.col(text) if kind == "column" else pl.lit(text) for kind, text in parts])

    def value(rule: dict[str, Any]) -> pl.Expr:
        """A literal in the type of column that maplib has for its datatype; text for those it has none for."""
        kind, text = rule["value"]
        cell, name = pl.col(text) if kind == "column" else pl.lit(text), rule["datatype"].rpartition("#")[2]
        if rule["language"]:
            tagged = pl.struct(cell.alias(f"<{rule['datatype']}>"), pl.lit(rule["language"]).alias("l"))
            return pl.when(cell.is_not_null()).then(tagged)
        if name == "dateTime":
            return cell.str.to_datetime(time_zone="UTC")
        if name == "date":
            return cell.str.to_date()
        if name == "boolean":
            return cell == "true"
        return cell.cast({"decimal": pl.Decimal(38, 12), "integer": pl.Int64()}.get(name, pl.String()))

    model, frames = Model(), {}
    rules = json.loads((folder / "maps.json").read_text(encoding="utf-8"))
    last = {rule["source"]: number for number, rule in enumerate(rules)}
    for number, rule in enumerate(rules):
        source = rule["source"]
        if source not in frames:
            frames[source] = pl.read_csv(folder / "rml" / source, infer_schema=False)
        what = filled(rule["object"]) if rule["object"] else value(rule)
        kind = RDFType.IRI if rule["object"] else RDFType.Literal(IRI(rule["datatype"]))
        frame = frames[source].select(subject=filled(rule["subject"]), object=what).drop_nulls()
        if frame.height:
            mapped = SolutionMappings(frame, {"subject": RDFType.IRI, "object": kind})
            model.map_triples(mapped, predicate=rule["predicate"], validate_iris=False)
        if last[source] == number:
            del frames[source]
    model.write(folder / "maplib.nt", format="ntriples")


def pyoxigraph(folder: Path) -> None:
    """Turtle and JSON-LD from the N-Triples, each in a process."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.starmap(_serialize, [(folder, "TURTLE"), (folder, "JSON_LD")])


def _serialize(folder: Path, format_: str) -> None:
    import pyoxigraph as ox

    syntax = getattr(ox.RdfFormat, format_)
    with (folder / "peer.nt").open("rb") as source, (folder / f"peer.{format_}").open("wb") as out:
        ox.serialize(ox.parse(source, format=ox.RdfFormat.N_TRIPLES), out, format=syntax)


def pyrudof() -> Callable[[Path], Found]:
    """The judge of one batch."""
    import pyrudof as rudof

    session = rudof.Rudof(rudof.RudofConfig())
    session.read_shacl(str(RECORDS))

    def judge(batch: Path) -> Found:
        session.reset_data()
        strict = rudof.ReaderMode.Strict
        session.read_data(str(batch), rudof.RDFFormat.NTriples, reader_mode=strict, merge=False)  # else it adds them
        report = session.validate_shacl()
        return [(entry.focus_node, entry.source_shape.rpartition("#")[2]) for entry in report]

    return judge


def pyshacl() -> Callable[[Path], Found]:
    """The judge of one batch."""
    import pyshacl as engine
    import rdflib
    from rdflib.namespace import SH

    rules = rdflib.Graph().parse(RECORDS, format="turtle")

    def judge(batch: Path) -> Found:
        data = rdflib.Graph().parse(batch, format="nt")
        conforms, report, _ = engine.validate(data, shacl_graph=rules)
        if conforms:
            return []
        results = report.objects(None, SH.result)  # not those that only explain another
        return [
            (str(report.value(r, SH.focusNode)), str(report.value(r, SH.sourceShape)).rpartition("#")[2])
            for r in results
        ]

    return judge


JUDGES = {"pyrudof": pyrudof, "pyshacl": pyshacl}
OTHERS = {"frictionless": frictionless, "morph-kgc": morph_kgc, "maplib": maplib, "pyoxigraph": pyoxigraph}


def shacl(peer: str, folder: Path, *, control: bool) -> None:
    """The batches, handed to two processes; a result counts where its focus node is one the batch is about."""
    place = folder / "control" if control else folder
    largest_first = sorted((place / "batches").glob("*.nt"), key=lambda path: (-path.stat().st_size, path.name))
    found: Counter[str] = Counter()
    with multiprocessing.get_context("spawn").Pool(PROCESSES, _begin, (peer,)) as pool:
        for part in pool.imap_unordered(_judged, largest_first):
            found.update(part)
    wanted = json.loads((place / "wanted.json").read_text(encoding="utf-8")) if control else {}
    if dict(found) != wanted:
        sys.exit(f"found {dict(found)}, where {wanted or 'nothing'} is to be found")


_judge: Callable[[Path], Found]


def _begin(peer: str) -> None:
    global _judge
    _judge = JUDGES[peer]()


def _judged(batch: Path) -> Counter[str]:
    results = set(_judge(batch))
    focus = set(batch.with_suffix(".focus").read_text(encoding="utf-8").splitlines()) if results else set()
    return Counter(shape for node, shape in results if node in focus)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer", choices=[*OTHERS, *JUDGES])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--control", action="store_true")
    given = parser.parse_args()
    if given.peer in JUDGES:
        shacl(given.peer, given.folder, control=given.control)
    else:
        OTHERS[given.peer](given.folder)
