"""A publisher's file, a mapping, and the tables that they make; ids stay, and nothing is half-written."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest

from openproposals import stages
from openproposals.importing import intake
from openproposals.stages import Run
from support.commands import run
from support.sheets import PRINTED, PROMISES, corpus, promises, rows, workbook

pytestmark = pytest.mark.slow

LABELS = """
[sheets.s]
file = "s.csv"
[proposals]
from = "s"
label = "promise"
summary = "why"
"""

SAYS = """
[sheets.s]
file = "s.csv"
[sheets.works]
file = "works.csv"
[sheets.seen]
file = "seen.csv"
[activities]
from = "seen"
id = "id"
ended = "{end}T00:00:00Z"
comment = "how"
[statistics]
from = "s"
id = "S{n}"
label = "what"
scope = { value = "society" }
kind = { value = "percentage" }
citation_status = { value = "cited" }
[figures]
from = "s"
id = "S{n}-1"
statistic = "S{n}"
value = "claimed"
unit = { value = "PERCENT" }
qualifier = { value = "as-stated" }
[sources]
from = "works"
id = "id"
label = "title"
url = { value = "https://works.example/w" }
trace_status = { value = "located" }
activity = { value = "a" }
[statistic-sources]
from = "s"
statistic = "S{n}"
source = "work"
[source-statements]
from = "s"
id = "said-{n}"
statistic = "S{n}"
figure = "S{n}-1"
source = "work"
value = "said"
minimum = "low"
maximum = "high"
unit = "in"
seen_in = { value = "page-about" }
activity = { value = "a" }
"""
CLAIMED = """n,what,claimed,work,said,low,high,in
1,Empty flats,33,w,0.331,,,FRACTION
2,Cyclists,33,w,,300,340,PERMILLE
3,Walkers,20,w,,,,
"""


def texts(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.suffix in (".csv", ".json", ".toml")}


def sheet(*lines: tuple[str, str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("promise", "why"), *lines])
    return out.getvalue()


def ids(folder: Path) -> dict[str, str]:
    return {row["label_en"]: row["id"] for row in rows(folder, "proposals")}


def test_the_mapping_as_printed_makes_the_tables(tmp_path: Path) -> None:
    """Every line of the mapping is taken as it is written, and what it makes conforms."""
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises())
    done = intake.take(folder)
    assert done.findings == []
    assert rows(folder, "proposals")[0] == {
        "id": "night-ferry", "theme": "transport", "proposer": "harbour-list", "document": "pact-item-4",
        "label_en": "Run the ferry at night",
    }  # fmt: skip
    assert rows(folder, "themes") == [
        {"id": "transport", "label_en": "Transport & roads"},
        {"id": "housing", "label_en": "Housing"},
    ]
    assert [row["label_en"] for row in rows(folder, "agents")] == ["Harbour list", "Shore list"]
    assert rows(folder, "outcome-statuses") == [
        {"id": "delivered", "label_en": "delivered", "maps_to": "kept"},
        {"id": "partly", "label_en": "partly", "maps_to": "partly-kept"},
    ]
    assert [(row["id"], row["proposal"], row["status"]) for row in rows(folder, "outcomes")] == [
        ("night-ferry", "night-ferry", "delivered"), ("homes", "homes", "partly"), ("toll", "toll", "partly"),
    ]  # fmt: skip
    assert [row["source_url"][-1] for row in rows(folder, "outcome-sources")] == ["1", "2", "3"]
    work, _ = stages.publish(folder, tmp_path / "out", Run())
    assert work.findings == []


def test_the_tables_can_be_made_before_the_descriptor(tmp_path: Path) -> None:
    """A mapping and a file suffice; with corpus.toml, the same tables are made."""
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises())
    described = (folder / "corpus.toml").read_bytes()
    (folder / "corpus.toml").unlink()
    assert run("import", folder, "--quiet").returncode == 0
    before = texts(folder)
    assert "proposals.csv" in before
    (folder / "corpus.toml").write_bytes(described)
    assert intake.take(folder).findings == []
    assert texts(folder) == {**before, "corpus.toml": described}


def test_what_sources_say_is_imported_and_compared(tmp_path: Path) -> None:
    """A sheet with the claim and what its source says beside it; where the source's cells are empty, no row is made."""
    folder = corpus(
        tmp_path / "c",
        SAYS,
        s__csv=CLAIMED,
        works__csv="id,title\nw,Survey\n",
        seen__csv="id,end,how\na,2026-03-20,In a copy.\n",
    )
    (folder / "proposals.csv").write_text("id,position,label_en\np,1,Open the flats\n", encoding="utf-8")
    assert [finding.code for finding in intake.take(folder).findings if finding.severity == "violation"] == []
    assert [row["id"] for row in rows(folder, "source-statements")] == ["said-1", "said-2"]
    work, _ = stages.publish(folder, tmp_path / "out", Run())
    assert work.conforms
    compared = rows(tmp_path / "out" / "tables", "comparisons")
    assert {row["statement"]: row["result"] for row in compared} == {"said-1": "rounds", "said-2": "within"}


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    """Same inputs, same bytes; the second run says that there was nothing to do."""
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises())
    first = intake.take(folder)
    before = texts(folder)
    second = intake.take(folder)
    assert first.changed
    assert second.changed == []
    assert texts(folder) == before
    assert (second.new, second.gone) == ({}, {})


def test_rows_may_be_shuffled_labels_changed_and_rows_taken_out(tmp_path: Path) -> None:
    """Without an id column: an id follows its row, whatever its place; a changed label keeps it, and is told."""
    lines = [("Run the ferry at night", "Sleep"), ("Build 500 homes", "Rents"), ("End the toll", "Fairness")]
    folder = corpus(tmp_path / "c", LABELS, s__csv=sheet(*lines))
    assert intake.take(folder).findings == []
    first = ids(folder)
    assert first["Build 500 homes"] == "build-500-homes"
    random.Random(3).shuffle(lines)
    (folder / "s.csv").write_text(sheet(*lines))
    assert intake.take(folder).new == {}
    assert ids(folder) == first
    changed = [(label.replace("500", "600"), why) for label, why in lines if label != "End the toll"]
    (folder / "s.csv").write_text(sheet(*changed, ("Plant trees", "Shade")))
    done = intake.take(folder)
    assert ids(folder)["Build 600 homes"] == "build-500-homes"
    assert dict(done.new) == {"proposals": ["plant-trees"]}
    assert dict(done.gone) == {"proposals": ["end-the-toll"]}
    assert [f.code for f in done.findings] == ["rows-removed", "label-changed"]
    assert (folder / "withdrawn-proposed.toml").read_text() == (
        '[withdrawn."proposal/end-the-toll"]\nsince = "2.0.0"\n'
    )
    (folder / "s.csv").write_text(sheet(*changed, ("Plant trees", "Shade"), ("End the toll", "Fairness")))
    assert intake.take(folder).gone == {}
    assert ids(folder)["End the toll"] == "end-the-toll"
    assert not (folder / "withdrawn-proposed.toml").exists()


def test_a_violation_leaves_every_table_as_it_was(tmp_path: Path) -> None:
    """A column without a place stops the import: one finding names them all, and nothing is written."""
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises())
    intake.take(folder)
    before = texts(folder)
    wider = [[*row, cell, "y"] for row, cell in zip(PROMISES, ["Budget", "x", "x", "x"], strict=True)]
    wider[0][-1] = "Ward"
    (folder / "promises.xlsx").write_bytes(workbook({"Promises": wider}))
    done = intake.take(folder)
    assert [(f.code, f.facts["columns"]) for f in done.findings] == [("columns-without-a-place", "Budget, Ward")]
    assert texts(folder) == before
    assert not done.changed


def test_a_finding_points_to_the_publishers_own_cell(tmp_path: Path) -> None:
    """What validation says of an imported table is said of the cell it came from, too; not once the table is changed."""
    broken = [list(row) for row in PROMISES]
    broken[2][9] = "ferry.example/plan"
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=workbook({"Promises": broken}))
    intake.take(folder)
    found = next(f for f in stages.validate(folder, Run()).findings if f.code == "not-a-web-address")
    assert str(found.location) == "documents.csv:3:3 (url)"
    assert str(found.origin) == "promises.xlsx!Promises:J3 (sourceUrl)"
    said = run("validate", str(folder), "--quiet")
    assert "  from: promises.xlsx!Promises:J3 (sourceUrl)" in said.stdout
    report = json.loads(run("validate", str(folder), "--quiet", "--report", "json").stdout)
    assert report["findings"][0]["origin"] == "promises.xlsx!Promises:J3 (sourceUrl)"
    table = folder / "documents.csv"
    table.write_text(table.read_text() + "other,Other,ferry.example\n")
    assert all(f.origin is None for f in stages.validate(folder, Run()).findings)


def test_tables_made_by_hand_are_never_touched(tmp_path: Path) -> None:
    """A table that the mapping does not make stays; one that it would write over stops it, unless the mapping owns it."""
    hand = "id,label\nold,By hand\n"
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises(), themes__csv=hand, sources__csv="id,label\n")
    done = intake.take(folder)
    assert [(f.code, f.cell) for f in done.findings] == [("table-by-hand", "themes.csv")]
    assert not (folder / "proposals.csv").exists()
    (folder / "mapping.toml").write_text(f'owns = ["themes"]\n{PRINTED}')
    assert intake.take(folder).conforms
    assert (folder / "sources.csv").read_text() == "id,label\n"
    assert [row["id"] for row in rows(folder, "themes")] == ["transport", "housing"]


def test_a_run_killed_between_two_files_is_finished_by_the_next(tmp_path: Path) -> None:
    """A complete draft is put in place; an incomplete one is cleared."""
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises())
    intake.take(folder)
    before = texts(folder)
    killed = folder / ".import.0123456789abcdef.draft"
    killed.mkdir()
    (folder / "themes.csv").rename(killed / "0")
    (killed / "complete.json").write_text('{"files": ["themes.csv"], "removed": []}')
    other = folder / ".import.0123456789abcde0.draft"
    other.mkdir()
    (other / "0").write_text("half")
    assert intake.take(folder).changed == []
    assert texts(folder) == before
    assert not killed.exists()
    assert not other.exists()


@pytest.mark.parametrize(
    "language", ["fr", pytest.param("en", marks=pytest.mark.long), pytest.param("de", marks=pytest.mark.long)]
)
def test_the_command_says_what_it_read_and_wrote(tmp_path: Path, language: str) -> None:
    """How each file was read, what is unused, the rows of each table; and, the second time, that all is up to date."""
    folder = corpus(tmp_path / "c", PRINTED, promises__xlsx=promises())
    first = run("import", str(folder), "--lang", language)
    assert first.returncode == 0
    assert "promises.xlsx!Promises: 3 " in first.stderr
    assert "era, coSigned" in first.stderr
    second = json.loads(run("import", str(folder), "--report", "json").stdout)
    assert (second["changed"], second["rows"]["proposals"]) == ([], 3)


QUOTED = """
[sheets.documents]
file = "d.json"
[sheets.theses]
file = "d.json"
records = "theses"
[documents]
from = "documents"
id = "id"
title = "title"
text = "text"
[proposals]
from = "theses"
id = "id"
label = "claim"
document = "../id"
quote = "words"
"""
DOCUMENT = [
    {"id": "plan", "title": "Plan", "text": "We will run the ferry at night. We build 500 homes. We will.", "theses": [
        {"id": "ferry", "claim": "Ferry at night", "words": "run the ferry at night"},
        {"id": "homes", "claim": "500 homes by 2026", "words": "built 500 homes"},
        {"id": "we", "claim": "They will", "words": "We will"},
        {"id": "none", "claim": "No words"},
    ]}
]  # fmt: skip


def test_quotes_become_places_in_their_documents(tmp_path: Path) -> None:
    """What stands in one place is anchored; the rest is listed with its nearest words. No words are in any table."""
    folder = corpus(tmp_path / "c", QUOTED, d__json=json.dumps(DOCUMENT))
    done = intake.take(folder)
    assert [(f.code, f.cell) for f in done.findings] == [
        ("quote-not-anchored", "built 500 homes"), ("quote-not-anchored", "We will"),
    ]  # fmt: skip
    (passage,) = rows(folder, "passages")
    assert (passage["id"], passage["text"], passage["start"], passage["end"]) == ("ferry", "plan", "8", "30")
    assert [row["passage"] for row in rows(folder, "proposals")] == ["ferry", "", "", ""]
    assert rows(folder, "texts")[0]["characters"] == str(len(str(DOCUMENT[0]["text"])))
    assert (folder / "texts" / "plan.txt").read_text() == DOCUMENT[0]["text"]
    left = rows(folder, "quotes-not-found")
    assert [(row["id"], row["why"]) for row in left] == [("homes", "nowhere"), ("we", "twice")]
    assert "500" in left[0]["nearest"]
    assert not any("ferry at night" in path.read_text() for path in folder.glob("passages.csv"))
    work, _ = stages.publish(folder, tmp_path / "out", Run())
    assert work.findings == []
    assert intake.take(folder).changed == []
    altered = str(DOCUMENT[0]["text"]).replace("ferry at night", "ferry by day")
    (tmp_path / "other.txt").write_text(altered)
    said = run("verify", str(folder), "--document", f"plan={tmp_path / 'other.txt'}", "--quiet")
    assert "from d.json:1" in said.stdout


def test_numbers_in_labels_are_offered_and_are_no_facts(tmp_path: Path) -> None:
    """Each number has a row to fill; what a person fills stays, and becomes a claim by a mapping that takes it."""
    lines = [("Build 500 homes by 2026", "Rents"), ("Cut 3.5 % of fees", "Fees"), ("Plant trees", "Shade")]
    folder = corpus(tmp_path / "c", LABELS, s__csv=sheet(*lines))
    intake.take(folder)
    assert not (folder / "claims.csv").exists()
    offered = rows(folder, "figure-candidates")
    assert [(row["printed"], row["value"], row["kind"]) for row in offered] == [
        ("500", "500", ""),
        ("3.5 %", "3.5", ""),
    ]
    assert intake.take(folder).changed == []
    filled = (
        (folder / "figure-candidates.csv")
        .read_text()
        .replace(
            "build-500-homes-by-2026-1,build-500-homes-by-2026,,,500,,,,,500,Build 500 homes by 2026,",
            "build-500-homes-by-2026-1,build-500-homes-by-2026,Homes to build,count,500,NUM,home,,,500,Build 500 homes by 2026,yes",
        )
    )
    (folder / "figure-candidates.csv").write_text(filled)
    taken = """
unused = ["printed", "found_in"]
[sheets.figures]
file = "figure-candidates.csv"
[claims]
from = "figures"
same = true
where = { take = "yes" }
"""
    unused, rest = taken.split("\n", 2)[1:]
    (folder / "mapping.toml").write_text(f"{unused}\n{LABELS}\n{rest}")
    done = intake.take(folder)
    assert done.findings == []
    assert [(row["id"], row["label_en"]) for row in rows(folder, "claims")] == [
        ("build-500-homes-by-2026-1", "Homes to build")
    ]
    assert (folder / "figure-candidates.csv").read_text() == filled
    assert stages.validate(folder, Run()).findings == []


def test_a_number_that_nobody_filled_goes_with_its_proposal(tmp_path: Path) -> None:
    """A row that a person filled, or whose value was changed, stays although its proposal is gone."""
    lines = [(f"Build {n} homes", "Rents") for n in (500, 600, 700)]
    folder = corpus(tmp_path / "c", LABELS, s__csv=sheet(*lines, ("Plant 80 trees", "Shade")))
    intake.take(folder)
    file = folder / "figure-candidates.csv"
    filled = file.read_text().replace("build-600-homes,,,600", "build-600-homes,,count,600")
    file.write_text(filled.replace("build-700-homes,,,700", "build-700-homes,,,701"))
    (folder / "s.csv").write_text(sheet(("Plant 80 trees", "Shade"), ("Sail to the isles", "Sea")))
    intake.take(folder)
    assert [(row["printed"], row["kind"], row["value"]) for row in rows(folder, "figure-candidates")] == [
        ("600", "count", "600"),
        ("700", "", "701"),
        ("80", "", "80"),
    ]


def test_lists_within_cells_are_rows_of_their_own(tmp_path: Path) -> None:
    """A list of JSON needs no sign: each item makes a row, with the name and the page that stand at its place."""
    mapping = """
    [sheets.s]
    file = "s.json"
    [proposals]
    from = "s"
    id = "id"
    label = "p"
    themes = { id = "topics/key", label = "topics/name" }
    proposers = { label = "by", homepage = "pages" }
    """
    said = [
        {"id": "a", "p": "Run the ferry", "by": ["Ann", "Bob"], "pages": ["https://a.example/"],
         "topics": [{"key": 7, "name": "Sea"}, {"key": 8, "name": "Land"}]},
        {"id": "b", "p": "Build homes", "by": ["Bob"], "pages": [], "topics": [{"key": 8, "name": "Land"}]},
    ]  # fmt: skip
    folder = corpus(tmp_path / "c", mapping, s__json=json.dumps(said))
    assert intake.take(folder).findings == []
    assert [(r["id"], r["label_en"]) for r in rows(folder, "themes")] == [("7", "Sea"), ("8", "Land")]
    assert [(r["proposal"], r["theme"]) for r in rows(folder, "proposal-themes")] == [
        ("a", "7"),
        ("a", "8"),
        ("b", "8"),
    ]
    assert [(r["id"], r["homepage"]) for r in rows(folder, "agents")] == [("ann", "https://a.example/"), ("bob", "")]
    assert [r["proposer"] for r in rows(folder, "proposal-proposers")] == ["ann", "bob", "bob"]


def test_rows_with_one_label_keep_their_ids(tmp_path: Path) -> None:
    """They are told apart by their other cells: neither order nor the end of one gives another its id."""
    mapping = '[sheets.s]\nfile = "s.csv"\n[proposals]\nfrom = "s"\nlabel = "p"\nsummary = "why"\n'
    lines = ["Same words,x\n", "Same words,y\n", "Other,z\n"]
    folder = corpus(tmp_path / "c", mapping, s__csv=f"p,why\n{''.join(lines)}")
    intake.take(folder)
    before = {row["summary_en"]: row["id"] for row in rows(folder, "proposals")}
    assert len({*before.values()}) == 3
    for kept in (lines[::-1], lines[1:], ["Same words,w\n", *lines[1:]], lines):
        (folder / "s.csv").write_text(f"p,why\n{''.join(kept)}")
        intake.take(folder)
        now = {row["summary_en"]: row["id"] for row in rows(folder, "proposals")}
        assert {why: one for why, one in now.items() if why in "yz"} == {why: before[why] for why in "yz"}
        assert len({*now.values()}) == len(now)


def test_values_are_those_of_the_items(tmp_path: Path) -> None:
    """A cell that is divided is divided first: each item stands for what the mapping says, or is told."""
    mapping = """
    [sheets.s]
    file = "s.csv"
    [proposals]
    from = "s"
    id = "id"
    label = "p"
    [proposals.themes]
    split = ";"
    id = { column = "t", values = { A = "sea", B = "land", "-" = "" } }
    label = { column = "t", values = { A = "At sea", B = "On land", "-" = "" } }
    """
    folder = corpus(tmp_path / "c", mapping, s__csv="id,p,t\n1,Run,A; B\n2,Go,-;B\n3,Sit,A\n")
    assert intake.take(folder).findings == []
    assert [(r["proposal"], r["theme"]) for r in rows(folder, "proposal-themes")] == [
        ("1", "sea"), ("1", "land"), ("2", "land"), ("3", "sea"),
    ]  # fmt: skip
    assert [(r["id"], r["label_en"]) for r in rows(folder, "themes")] == [("sea", "At sea"), ("land", "On land")]
    (folder / "s.csv").write_text("id,p,t\n1,Run,A; B\n2,Go,-;C\n3,Sit,A\n")
    assert {
        (f.code, str(f.location), f.cell) for f in intake.take(folder).findings if f.code == "value-not-mapped"
    } == {("value-not-mapped", "s.csv:3:3 (t)", "C")}
