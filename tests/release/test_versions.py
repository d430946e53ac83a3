"""One release after another: what a difference is, what it asks of the version, and what becomes of old IRIs and files."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import graph_diff
from rdflib.namespace import DCAT, DCTERMS, OWL

from openproposals import report, stages
from openproposals.corpus import spill
from openproposals.findings import Finding
from openproposals.model import schema
from openproposals.release import changes, changes_text
from openproposals.stages import Run
from support import worlds
from support.languages import FR_EN
from support.places import MINIMAL, REAL, ROOT

pytestmark = pytest.mark.slow

TODAY = "2027-01-01"
Edit = Callable[[str], str]


def corpus_at(folder: Path, source: Path = MINIMAL) -> Path:
    return Path(shutil.copytree(source, folder))


def edit(corpus: Path, file: str, *pairs: tuple[str, str]) -> None:
    text = (corpus / file).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, (file, old)
        text = text.replace(old, new, 1)
    (corpus / file).write_text(text, encoding="utf-8")


def publish(corpus: Path, out: Path) -> list[Finding]:
    return stages.publish(corpus, out, Run(today=TODAY))[0].findings


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def codes(findings: list[Finding]) -> list[str]:
    return [f.code for f in findings]


def add_proposal(corpus: Path) -> None:
    path = corpus / "proposals.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    row = dict(zip(header.split(","), rows[0].split(","), strict=False)) | {"id": "P9"}
    path.write_text(
        "\n".join([header, *rows, ",".join(row.get(c, "") for c in header.split(","))]) + "\n", encoding="utf-8"
    )
    edit(corpus, "corpus.toml", ("rows = 3", "rows = 4"))


def drop_last(corpus: Path, file: str) -> str:
    path = corpus / file
    *rows, last = path.read_text(encoding="utf-8").rstrip("\n").splitlines()
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return last.split(",")[0]


def test_publishing_again_changes_no_byte(tmp_path: Path) -> None:
    """Unchanged sources: nothing is written, not even a time."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    assert publish(corpus, out) == []
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in out.rglob("*")}
    _, changed = stages.publish(corpus, out, Run(today=TODAY))
    assert changed == []
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in out.rglob("*")} == before


def test_one_changed_cell(tmp_path: Path) -> None:
    """One label: in each dump and table the line that says it; the catalogue's sizes, sums, dates and version; no other file."""
    corpus, old, new = corpus_at(tmp_path / "vivre-ensemble", REAL), tmp_path / "old", tmp_path / "new"
    assert publish(corpus, old) == []
    label = pl.read_csv(old / "tables" / "proposals.csv", infer_schema=False).row(0, named=True)["label_en"]
    edit(corpus, "proposals.csv", (label, label + " again"))
    said = tomllib.loads((corpus / "corpus.toml").read_text(encoding="utf-8"))
    major, minor, patch = str(said["version"]).split(".")
    edit(
        corpus,
        "corpus.toml",
        (f'version = "{said["version"]}"', f'version = "{major}.{minor}.{int(patch) + 1}"'),
        (f"released = {said['released']}", "released = 2026-12-24"),
    )
    assert publish(corpus, new) == []
    before, after = files(old), files(new)
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    dated = {"tables/dataset.csv", "vivre-ensemble.ttl", "vivre-ensemble.jsonld"}
    assert {"tables/proposals.csv", *dated} <= changed
    companions = {
        "catalog.ttl",
        "catalog.jsonld",
        "catalog.rdf",
        "datapackage.json",
        "croissant.json",
        "ro-crate-metadata.json",
        "datacite.json",
        ".zenodo.json",
        "CITATION.cff",
        "index.html",
        "report.json",
        "SHA256SUMS",
    }
    assert {name for name in changed if not name.startswith("schemas/")} == {
        "tables/proposals.csv",
        *dated,
        *companions,
    }
    for name in ("tables/proposals.csv", "vivre-ensemble.ttl", "vivre-ensemble.jsonld"):
        lines = [
            x
            for x in difflib.ndiff(before[name].decode().splitlines(), after[name].decode().splitlines())
            if x[:2] in ("- ", "+ ")
        ]
        about = [x for x in lines if label in x]
        rest = [x for x in lines if label not in x]
        assert 2 == len(about) or name.endswith("ttl"), lines
        assert all(f"{major}.{minor}." in x or "2026-1" in x for x in rest), rest
    graphs = [rdflib.Graph().parse(data=f["catalog.ttl"], format="turtle") for f in (before, after)]
    _, lost, gained = graph_diff(*graphs)
    predicates = {p for graph in (lost, gained) for p in graph.predicates()}
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    assert predicates <= {
        spdx.checksumValue,
        DCAT.byteSize,
        DCTERMS.issued,
        DCTERMS.modified,
        rdflib.URIRef(str(DCAT) + "version"),
        rdflib.URIRef("http://www.w3.org/ns/adms#versionNotes"),  # the notes are those of a version
    }
    assert {spdx.checksumValue, DCAT.byteSize, DCTERMS.modified} <= predicates


@pytest.mark.parametrize(
    ("code", "short", "enough"),
    [
        ("version-short-of-patch", "0.1.0", "0.1.1"),
        ("version-short-of-minor", "0.1.9", "0.2.0"),
        ("version-short-of-major", "0.9.0", "1.0.0"),
    ],
)
def test_the_version_must_follow(tmp_path: Path, code: str, short: str, enough: str) -> None:
    """Data changed, rows added, an IRI gone: a version that does not say so publishes nothing, and the mend publishes."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    assert publish(corpus, out) == []
    before = files(out)
    if code.endswith("patch"):
        edit(corpus, "corpus.toml", ("Propositions de l'assemblée", "Les propositions de l'assemblée"))
    elif code.endswith("minor"):
        add_proposal(corpus)
    else:
        gone = drop_last(corpus, "claims.csv")
        edit(
            corpus,
            "corpus.toml",
            ("[assertions.proposals]", f'[withdrawn."statistic/{gone}"]\nsince = "1.0.0"\n\n[assertions.proposals]'),
        )
    edit(corpus, "corpus.toml", ('version = "0.1.0"', f'version = "{short}"'))
    findings = publish(corpus, out)
    assert code in codes(findings)
    assert before == files(out)
    told = next(f for f in findings if f.code.startswith("version-short"))
    assert f'version = "{enough}"' in told.words("en")["mend"]
    assert f'version = "{enough}"' in told.words("fr")["mend"]
    edit(corpus, "corpus.toml", (f'version = "{short}"', f'version = "{enough}"'))
    assert [c for c in codes(publish(corpus, out)) if c.startswith("version")] == []


def test_a_changed_meaning_moves_the_first_number(tmp_path: Path) -> None:
    """Another unit under the same IRI is another thing."""
    old = {
        "dataset": pl.DataFrame({"iri": ["https://x.example/"]}),
        "figures": pl.DataFrame({"id": ["F1"], "value": ["1"], "unit": ["NUM"]}),
    }
    for column, level in (("unit", "major"), ("value", "patch")):
        new = old | {"figures": old["figures"].with_columns(pl.lit("9").alias(column))}
        assert level == changes.compare(old, new, []).needs


def test_only_the_day_moved(tmp_path: Path) -> None:
    """`modified` moves only when content does: "released-without-change"."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    assert publish(corpus, out) == []
    edit(corpus, "corpus.toml", ("released = 2026-01-31", "released = 2026-02-01"))
    assert ["released-without-change"] == codes(publish(corpus, out))
    told = stages.publish(corpus, out, Run(today=TODAY))[0].findings[0].words("en")["mend"]
    assert "released = 2026-01-31" in told
    assert "a higher version" in told
    edit(corpus, "corpus.toml", ("released = 2026-02-01", "released = 2026-01-31"))
    assert [] == publish(corpus, out)
    edit(corpus, "corpus.toml", ("released = 2026-01-31", "released = 2026-01-30"), ('version = "0.1.0"', 'version = "0.1.1"'))  # fmt: skip
    assert [] == publish(corpus, out)  # a wrong day put right


def test_what_changed_moves_the_day(tmp_path: Path) -> None:
    """Content under an old day is "changed-without-release-day"; the mend publishes, and so does a slip of today."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    assert publish(corpus, out) == []
    edit(corpus, "corpus.toml", ("Proposals of the", "All proposals of the"), ('version = "0.1.0"', 'version = "0.1.1"'))  # fmt: skip
    for day in ("2026-01-31", "2026-01-01"):
        edit(corpus, "corpus.toml", ("released = 2026-01-31", f"released = {day}"))
        (told,) = publish(corpus, out)
        assert told.code == "changed-without-release-day"
        assert all(f"released = {TODAY}" in told.words(lang)["mend"] for lang in ("en", "fr"))
        edit(corpus, "corpus.toml", (f"released = {day}", "released = 2026-01-31"))
    edit(corpus, "corpus.toml", ("released = 2026-01-31", f"released = {TODAY}"))
    assert publish(corpus, out) == []
    edit(corpus, "corpus.toml", ("All proposals of the", "All the proposals of the"), ('version = "0.1.1"', 'version = "0.1.2"'))  # fmt: skip
    assert publish(corpus, out) == []


def test_what_is_kept_is_named(tmp_path: Path) -> None:
    """A release kept that [history] does not name is "kept-without-history"; what the mend says leads to it."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    assert publish(corpus, out) == []
    path = corpus / "corpus.toml"
    path.write_text("keep_releases = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    edit(corpus, "corpus.toml", ("Proposals of the", "All proposals of the"), ('version = "0.1.0"', 'version = "0.1.1"'), ("released = 2026-01-31", "released = 2026-02-01"))  # fmt: skip
    (told,) = publish(corpus, out)
    assert told.code == "kept-without-history"
    assert '[history."0.1.0"] with released = 2026-01-31' in told.words("en")["mend"]
    path.write_text(path.read_text(encoding="utf-8") + '\n[history."0.1.0"]\nreleased = 2026-01-31\n', encoding="utf-8")
    assert publish(corpus, out) == []
    graph = rdflib.Graph().parse(out / "catalog.ttl")
    (previous,) = graph.objects(None, rdflib.URIRef(str(DCAT) + "previousVersion"))
    assert str(previous).endswith("/releases/0.1.0/")
    assert (out / "releases" / "0.1.0" / "catalog.ttl").is_file()
    edit(corpus, "corpus.toml", ('\n[history."0.1.0"]\nreleased = 2026-01-31\n', ""))
    assert codes(publish(corpus, out)) == ["kept-without-history"]


def test_tombstones(tmp_path: Path) -> None:
    """An IRI that is gone is "iri-gone" until it is withdrawn; then it stays in every dump, with its replacement."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    assert publish(corpus, out) == []
    gone = drop_last(corpus, "claims.csv")
    kept = (corpus / "claims.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    edit(corpus, "corpus.toml", ('version = "0.1.0"', 'version = "1.0.0"'), ("released = 2026-01-31", "released = 2026-02-01"))  # fmt: skip
    findings = publish(corpus, out)
    assert "iri-gone" in codes(findings)
    entries = "".join(
        f'[withdrawn."{f.cell}"]\nsince = "1.0.0"\n' + (f'replacement = "statistic/{kept}"\nreason = {{ fr = "Doublon.", en = "Said twice." }}\n' if f.cell == f"statistic/{gone}" else "")
        for f in findings if f.code == "iri-gone"
    )  # fmt: skip
    text = (corpus / "corpus.toml").read_text(encoding="utf-8")
    (corpus / "corpus.toml").write_text(text + "\n" + entries, encoding="utf-8")
    assert publish(corpus, out) == []
    base = "https://data.val-commun.example/proposals/"
    for name, syntax in (("minimal.ttl", ox.RdfFormat.TURTLE), ("minimal.jsonld", ox.RdfFormat.JSON_LD)):
        path = out / name
        triples = {
            (q.subject.value, q.predicate.value, q.object.value) for q in ox.parse(path.read_bytes(), format=syntax)
        }  # type: ignore[union-attr]
        assert (f"{base}statistic/{gone}", str(OWL.deprecated), "true") in triples
        assert (f"{base}statistic/{gone}", str(DCTERMS.isReplacedBy), f"{base}statistic/{kept}") in triples
    edit(corpus, "corpus.toml", (entries, ""), ('version = "1.0.0"', 'version = "2.0.0"'))
    assert f"{base}statistic/{gone}".removeprefix(base) in [
        f.cell for f in publish(corpus, out) if f.code == "iri-gone"
    ]


def test_a_tombstone_does_not_make_a_removal_small(tmp_path: Path) -> None:
    """Withdrawn as it should be, an IRI still moves the first number; `diff` says so, and which IRIs went."""
    corpus, out, new = corpus_at(tmp_path / "corpus"), tmp_path / "out", tmp_path / "new"
    assert publish(corpus, out) == []
    drop_last(corpus, "claims.csv")
    edit(corpus, "corpus.toml", ('version = "0.1.0"', 'version = "1.0.0"'), ("released = 2026-01-31", "released = 2026-02-01"))  # fmt: skip
    gone = [f.cell for f in publish(corpus, out) if f.code == "iri-gone"]
    assert gone
    entries = "".join(f'\n[withdrawn."{iri}"]\nsince = "1.0.0"\n' for iri in gone)
    path = corpus / "corpus.toml"
    path.write_text(path.read_text(encoding="utf-8") + entries, encoding="utf-8")
    for short in ("0.1.1", "0.2.0"):
        edit(corpus, "corpus.toml", ('version = "1.0.0"', f'version = "{short}"'))
        assert codes(publish(corpus, out)) == ["version-short-of-major"]
        edit(corpus, "corpus.toml", (f'version = "{short}"', 'version = "1.0.0"'))
    assert publish(corpus, new) == []
    found = json.loads(diff(str(out), str(new), "--report", "json").stdout)
    assert ("major", [], sorted(gone)) == (found["needs"], found["gone"], found["withdrawn"])
    assert f"Withdrawn, and said so: {gone[0]}" in diff(str(out), str(new)).stdout
    assert publish(corpus, out) == []


def test_tombstones_that_lie(tmp_path: Path) -> None:
    """Withdrawn yet published is "withdrawn-but-published"; a replacement that is nowhere is "replacement-unknown"."""
    corpus = corpus_at(tmp_path / "corpus")
    proposal = (corpus / "proposals.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    text = (corpus / "corpus.toml").read_text(encoding="utf-8")
    more = f'\n[withdrawn."proposal/{proposal}"]\nsince = "0.1.0"\n\n[withdrawn."proposal/P77"]\nsince = "0.1.0"\nreplacement = "proposal/P78"\n'
    (corpus / "corpus.toml").write_text(text + more, encoding="utf-8")
    work = stages.validate(corpus, Run(today=TODAY))
    assert ["replacement-unknown", "withdrawn-but-published"] == sorted(codes(work.findings))
    for lang in ("en", "fr"):
        assert "proposal/P78" in report.text(work.findings, lang)


def test_a_replacement_is_still_there(tmp_path: Path) -> None:
    """A tombstone that leads to a tombstone, or to itself, is "replacement-withdrawn"."""
    corpus = corpus_at(tmp_path / "corpus")
    with (corpus / "corpus.toml").open("a", encoding="utf-8") as file:
        for iri, other in (("P77", "P78"), ("P78", "P78")):
            file.write(f'\n[withdrawn."proposal/{iri}"]\nsince = "0.1.0"\nreplacement = "proposal/{other}"\n')
    findings = stages.validate(corpus, Run(today=TODAY)).findings
    assert ["replacement-withdrawn", "replacement-withdrawn"] == codes(findings)


@pytest.mark.parametrize("version", ["01.0.0", "1.00.0", "1.0", "1.0.0.0"])
def test_a_version_is_written_one_way(tmp_path: Path, version: str) -> None:
    """No leading zeros, three numbers."""
    corpus = corpus_at(tmp_path / "corpus")
    edit(corpus, "corpus.toml", ('version = "0.1.0"', f'version = "{version}"'))
    assert ["descriptor-value"] == codes(stages.validate(corpus, Run(today=TODAY)).findings)


@pytest.mark.parametrize(
    ("version", "found"),
    [("9" * 5_000, []), ("x", []), ("²", []), ("1.²", ["version-backwards"])],
    ids=["5,000 digits", "no digit", "a raised digit", "a number and a raised digit"],
)
def test_a_version_that_is_none_is_compared_by_its_numbers(tmp_path: Path, version: str, found: list[str]) -> None:
    """An old report may hold anything: the release after it is still judged, without an exception."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    publish(corpus, out)
    said = json.loads((out / "report.json").read_text(encoding="utf-8")) | {"version": version}
    (out / "report.json").write_text(json.dumps(said), encoding="utf-8")
    assert codes(stages.publish(corpus, out, Run(today=TODAY), dry=True)[0].findings) == found


def test_older_releases_are_kept_when_asked(tmp_path: Path) -> None:
    """Under releases/<version>/, byte for byte, with true sums; linked as the previous version; gone when not wanted."""
    corpus, out = corpus_at(tmp_path / "corpus"), tmp_path / "out"
    (corpus / "corpus.toml").write_text(
        "keep_releases = true\n" + (corpus / "corpus.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert publish(corpus, out) == []
    first = files(out)
    for number, day in ((1, "2026-02-01"), (2, "2026-03-01")):
        text = (corpus / "corpus.toml").read_text(encoding="utf-8")
        text = text.replace(f'version = "0.{number}.0"', f'version = "0.{number + 1}.0"').replace(
            "Propositions de", f"Propositions ({number}) de", 1
        )
        text += f'\n[history."0.{number}.0"]\nreleased = {"2026-01-31" if number == 1 else "2026-02-01"}\n'
        (corpus / "corpus.toml").write_text(
            text.replace("released = 2026-01-31\nbase", f"released = {day}\nbase"), encoding="utf-8"
        )
        assert publish(corpus, out) == []
    found = files(out)
    assert {n.removeprefix("releases/0.1.0/"): d for n, d in found.items() if n.startswith("releases/0.1.0/")} == first
    assert any(n.startswith("releases/0.2.0/") for n in found)
    assert not any(n.count("releases/") > 1 for n in found)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=True)
    graph = rdflib.Graph().parse(out / "catalog.ttl")
    (previous,) = graph.objects(None, rdflib.URIRef(str(DCAT) + "previousVersion"))
    assert str(previous).endswith("/releases/0.2.0/")
    _, changed = stages.publish(corpus, out, Run(today=TODAY))
    assert changed == []
    edit(corpus, "corpus.toml", ("keep_releases = true", "keep_releases = false"))
    assert publish(corpus, out) == []
    assert not (out / "releases").exists()


def diff(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "openproposals", "diff", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={"LANG": "C.UTF-8"})


def test_the_command(tmp_path: Path) -> None:
    """In words, in both languages, and as JSON; 0 when nothing differs, 1 when something does, 2 for no release."""
    corpus, old, new = corpus_at(tmp_path / "corpus"), tmp_path / "old", tmp_path / "new"
    assert publish(corpus, old) == []
    assert 0 == diff(str(old), str(old)).returncode
    add_proposal(corpus)
    edit(corpus, "corpus.toml", ("Proposals of the", "All proposals of the"))
    assert publish(corpus, new) == []
    english, french = diff(str(old), str(new)), diff(str(old), str(new), "--lang", "fr")
    assert (1, 1) == (english.returncode, french.returncode)
    assert "Proposals: 1 added, 0 removed, 0 changed\n  + P9" in english.stdout
    assert "Propositions : 1 ajout(s)" in french.stdout
    assert '  ~ https://data.val-commun.example/proposals/, Title (en): "Proposals of' in english.stdout
    label = pl.read_csv(corpus / "proposals.csv", infer_schema=False).row(0, named=True)["label_en"]
    assert f"  + P9 ({label[:40]}" in english.stdout
    assert "Ce qui en découle :" in french.stdout
    assert french.stdout.index("Propositions : 1") < french.stdout.index("Ce qui en découle :")
    found = json.loads(diff(str(old), str(new), "--report", "json").stdout)
    assert found["tables"]["proposals"]["added"] == ["P9"]
    assert found["needs"] == "minor"
    cell = next(c for c in found["tables"]["dataset"]["changed"] if c["column"] == "title_en")
    assert (cell["old"][:9], cell["new"][:13]) == ("Proposals", "All proposals")
    back = json.loads(diff(str(new), str(old), "--report", "json").stdout)
    assert back["tables"]["proposals"]["removed"] == ["P9"]
    assert "proposal/P9" in back["gone"]
    assert 2 == diff(str(tmp_path), str(new)).returncode


CELL = st.none() | st.text('ab,"\n é', min_size=1, max_size=3)
ROWS = st.dictionaries(
    st.sampled_from(["P1", "P2", "P3", "P4"]), st.fixed_dictionaries({"label_en": CELL, "label_fr": CELL}), max_size=4
)


@given(ROWS, ROWS)
def test_a_difference_leads_from_one_to_the_other(
    old: dict[str, dict[str, str | None]], new: dict[str, dict[str, str | None]]
) -> None:
    """What is said to be added, removed and changed is all that differs, and nothing that does not."""
    columns = ["id", "label_en", "label_fr"]
    dataset = pl.DataFrame({"iri": ["https://x.example/"]})

    def frame(rows: dict[str, dict[str, str | None]]) -> pl.DataFrame:
        return pl.DataFrame([{"id": k, **v} for k, v in rows.items()], schema=dict.fromkeys(columns, pl.String))

    tables = changes.compare(
        {"dataset": dataset, "proposals": frame(old)}, {"dataset": dataset, "proposals": frame(new)}, []
    ).tables
    found = next((d for d in tables if d.table.name == "proposals"), None)
    if found is None:
        assert old == new
        return
    made = {k: dict(v) for k, v in old.items()}
    for key in found.removed["id"]:
        del made[key]
    for row in found.changed.iter_rows(named=True):
        assert made[row["id"]][row["column"]] == row["old"] != row["new"]
        made[row["id"]][row["column"]] = row["new"]
    assert {k for k in new if k not in made} == set(found.added["id"])
    assert made == {k: v for k, v in new.items() if k in old}


def test_large_tables_are_compared_as_small_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held whole or in Arrow files, rows moved, changed, added and removed: the same difference, to the letter."""
    for name, seed in (("old", 5), ("new", 6)):
        worlds.generator().generate(tmp_path / name / "tables", 60, seed)
        (tmp_path / name / "tables" / "dataset.csv").write_text("iri,version\nhttps://x.example/,1\n")
    lines = (tmp_path / "old" / "tables" / "evidence.csv").read_text().splitlines(keepends=True)
    (tmp_path / "new" / "tables" / "evidence.csv").write_text("".join([lines[0], *lines[:0:-1]]))
    found = []
    for limit in (10**9, 0):
        monkeypatch.setattr(spill, "SPILLED_FROM", limit)
        before, after = (changes.tables(tmp_path / name) for name in ("old", "new"))
        found.append(changes_text.data(changes.compare(before, after, []), ("1", "2")))
    assert found[0] == found[1]
    tables = json.loads(found[0])["tables"]
    assert "evidence" not in tables  # another order is no change
    assert tables["proposals"]["changed"]


def test_what_marks_a_meaning_is_in_the_schemas() -> None:
    """The columns whose change makes an IRI name another thing."""
    marked = {(t.name, c.name) for t in schema.tables(FR_EN).values() for c in t.columns if c.meaning}
    assert {
        ("figures", "unit"),
        ("figures", "statistic"),
        ("statistics", "kind"),
        ("passages", "text"),
        ("texts", "document"),
        ("texts", "sha256"),
        ("responses", "proposal"),
        ("responses", "agent"),
        ("outcomes", "proposal"),
        ("ratings", "statistic"),
        ("ratings", "reviewer"),
        *(("source-statements", name) for name in ("statistic", "figure", "source", "unit")),
    } == marked
