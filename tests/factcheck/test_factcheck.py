"""The commands as a fact-checker and an editor use them: verify, --record, --rebase, --links."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from openproposals import loading, places, stages
from openproposals.commands.group import cli
from openproposals.errors import UsageError
from openproposals.factcheck import record, verification
from openproposals.factcheck.trace import Held
from openproposals.model.codes import STANDS
from openproposals.stages import Run
from openproposals.web.request import Limits
from support.held import BOOKLET, SOURCE, TOWN, pdf, real, town
from support.misbehaving import ok, serving
from support.places import DIST, REAL, needs_documents

pytestmark = pytest.mark.slow


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["verify", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def report(*arguments: str) -> tuple[int, dict[str, list[dict[str, object]]]]:
    code, out, _ = run(*arguments, "--report", "json", "--quiet")
    return code, json.loads(out)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOWN, tmp_path / "town"))


def released(corpus: Path, out: Path) -> dict[str, str]:
    work, _ = stages.publish(corpus, out, Run())
    assert work.conforms, work.findings
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in out.rglob("*") if p.is_file()}


def test_the_report_has_the_promised_shape() -> None:
    """A count for each grade, and for each passage its id, grade and position; exit 0 when all stand."""
    code, found = report(str(TOWN), "--document", str(BOOKLET))
    assert found["summary"] == {"in-place": 22}
    assert {"id", "grade", "start", "end"} <= found["passages"][0].keys()
    text = BOOKLET.read_text(encoding="utf-8")
    first = found["passages"][0]
    assert text[first["start"] : first["end"]].endswith("restent vides¹")  # type: ignore[misc]
    assert "420 familles" not in json.dumps(found["passages"], ensure_ascii=False)
    assert code == 1, "a quote's source was not at hand"
    assert [q["grade"] for q in found["quotes"]] == ["exact"] * 22 + ["document-missing"] * 2


def test_exit_codes_are_those_of_the_passages(corpus: Path, tmp_path: Path) -> None:
    """0 when every passage is in place, moved or in another form; 1 when one is altered, lost or without document."""
    (corpus / "statistic-sources.csv").unlink()
    text = BOOKLET.read_text(encoding="utf-8")
    flat = tmp_path / "flat.txt"
    flat.write_text(
        "Avant. " + text.replace("ans²", "ans2").replace("logements restent", "loge-\nments restent"), "utf-8"
    )
    code, found = report(str(corpus), "--document", str(flat))
    assert code == 0
    assert {each["grade"] for each in found["passages"]} == {"found", "reworded-form"}
    flat.write_text(text.replace("420 familles", "430 familles"), "utf-8")
    code, found = report(str(corpus), "--document", str(flat))
    (altered,) = [each for each in found["passages"] if each["grade"] not in STANDS]
    assert code == 1
    assert (altered["grade"], altered["printed"], altered["found"]) == ("figure-altered", "420", "430")
    code, found = report(str(corpus))
    assert code == 1
    assert found["summary"] == {"document-missing": 22}


def test_the_words_are_shown_on_screen_in_both_languages() -> None:
    """Grade, place on paper, and the words; how many of each at the end."""
    _, english, _ = run(str(TOWN), "--document", str(BOOKLET), "--quiet", "--all")
    _, french, _ = run(str(TOWN), "--document", str(BOOKLET), "--quiet", "--all", "--lang", "fr")
    _, counted, _ = run(str(TOWN), "--document", str(BOOKLET), "--quiet")
    assert "V-S2  [in place]" not in counted
    assert "    22  in place" in counted
    assert "V-S2  [in place]  characters" in english
    assert "“420 familles attendent" in english
    assert "V-S2  [en place]  caractères" in french
    assert "    22  en place" in french


def test_ten_figures_are_found_with_the_dump_and_a_pdf_alone(corpus: Path, tmp_path: Path) -> None:
    """Someone who has only what was published and the paper's PDF: every figure's very characters."""
    (corpus / "statistic-sources.csv").unlink()
    released(corpus, tmp_path / "dist")
    dump, sheet = tmp_path / "only.ttl", tmp_path / "livret.pdf"
    shutil.copy(tmp_path / "dist" / "val-clair.ttl", dump)
    sheet.write_bytes(pdf(town()[1]))
    code, found = report(str(dump), "--document", str(sheet))
    assert code == 0
    from openproposals.factcheck import documents

    content = documents.read("livret.pdf", sheet.read_bytes()).content
    printed = dict(pl.read_csv(TOWN / "figures.csv").select("statistic", "as_printed_fr").iter_rows())
    stated = [each for each in found["passages"] if str(each["id"]).removeprefix("V-") in printed]
    assert len(stated) == 12
    for each in stated:
        words = content[each["start"] : each["end"]].replace("\xa0", " ").replace("\n", " ")  # type: ignore[misc]
        assert printed[str(each["id"]).removeprefix("V-")].replace("\u202f", " ").replace("\xa0", " ") in words
        assert each["page"] in (1, 2, 3)


@needs_documents
def test_the_published_dump_and_the_booklet_as_pdf(tmp_path: Path) -> None:
    """The real release: every passage of the booklet found in a PDF of it, from the dump alone."""
    sheet = tmp_path / "booklet.pdf"
    sheet.write_bytes(pdf(real()[1]))
    _, found = report(str(DIST / "vivre-ensemble.ttl"), "--document", f"B={sheet}")
    assert [e["id"] for e in found["passages"] if e["text"] == "B" and e["grade"] not in STANDS] == []


def test_a_record_is_a_table_that_publish_only_converts(corpus: Path, tmp_path: Path) -> None:
    """Written once, the same bytes are published with and without the documents; a second record replaces the first."""
    run(str(corpus), "--document", str(BOOKLET), "--record", "2026-04-02", "--quiet")
    rows = pl.read_csv(corpus / "verifications.csv", infer_schema=False)
    assert rows.height == 22
    assert set(rows["grade"]) == {"in-place"}
    assert set(rows["verified"]) == {"2026-04-02"}
    assert set(rows["text_sha256"]) == {hashlib.sha256(BOOKLET.read_bytes()).hexdigest()}
    assert rows["tool"][0].startswith("openproposals ")
    first = released(corpus, tmp_path / "one")
    assert first == released(corpus, tmp_path / "two")
    measured = dict(pl.read_csv(tmp_path / "one" / "tables" / "measurements.csv").select("metric", "value").iter_rows())
    assert measured["passages-verified"] == 1
    assert measured["statistics-cited"] == round(4 / 12, 4)
    assert sum(v for k, v in measured.items() if k.startswith("statistics-")) == pytest.approx(1, abs=2e-4)
    assert sum(v for k, v in measured.items() if k.startswith("proposals-")) == pytest.approx(1, abs=2e-4)
    run(str(corpus), "--document", str(BOOKLET), "--record", "2026-05-02", "--quiet")
    assert set(pl.read_csv(corpus / "verifications.csv", infer_schema=False)["verified"]) == {"2026-05-02"}


def test_a_record_of_another_state_of_a_passage_is_found(corpus: Path) -> None:
    """A passage changed after it was verified: publishing stops until it is verified again."""
    run(str(corpus), "--document", str(BOOKLET), "--record", "2026-04-02", "--quiet")
    path = corpus / "passages.csv"
    row = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("V-S10,"))
    sha256 = row.split(",")[5]
    path.write_text(path.read_text(encoding="utf-8").replace(sha256, "0" * 64), encoding="utf-8")
    found = stages.check(corpus, Run()).findings
    assert [("verification-stale", "verifications.csv")] == [
        (f.code, f.location.file) for f in found if f.severity == "violation"
    ]


def test_a_corpus_is_pinned_to_another_text(corpus: Path, tmp_path: Path) -> None:
    """To its PDF: positions, digests, frames and markers; it conforms, and every passage is in place there."""
    (corpus / "statistic-sources.csv").unlink()
    sheet = tmp_path / "livret.pdf"
    sheet.write_bytes(pdf(town()[1]))
    code, _, err = run(str(corpus), "--document", str(sheet), "--rebase", str(tmp_path / "new"))
    assert code == 0, err
    new = tmp_path / "new"
    work = stages.check(new, Run())
    assert work.conforms, work.findings
    _, found = report(str(new), "--document", str(sheet))
    assert found["summary"] == {"in-place": 22}
    from openproposals.factcheck import documents

    content = documents.read("livret.pdf", sheet.read_bytes()).content
    markers = pl.read_csv(new / "markers.csv", infer_schema=False)
    assert [content[int(a) : int(b)] for a, b in markers.select("start", "end").iter_rows()] == [
        "¹",
        "²",
        "³",
        "⁴",
        "⁵",
    ]
    figures = pl.read_csv(new / "figure-passages.csv", infer_schema=False)
    prints = dict(pl.read_csv(TOWN / "figures.csv", infer_schema=False).select("id", "as_printed_fr").iter_rows())
    for figure, start, end in figures.select("figure", "start", "end").iter_rows():
        words = content[int(start) : int(end)].replace("\xa0", " ")
        printed = prints[figure].replace("\u202f", " ").replace("\xa0", " ")
        assert words in (printed, f"{printed}5")  # a marker flattened onto its figure stays with it
    assert "An imaginary town's booklet" in (new / "corpus.toml").read_text(encoding="utf-8")
    assert (new / "themes.csv").read_bytes() == (corpus / "themes.csv").read_bytes()


def test_a_corpus_that_cannot_be_pinned_whole_is_not_written(corpus: Path, tmp_path: Path) -> None:
    """One passage altered: nothing is written, and it is named; nor into a folder that holds anything."""
    other = tmp_path / "other.txt"
    other.write_text(BOOKLET.read_text(encoding="utf-8").replace("420 familles", "430 familles"), "utf-8")
    code, _, err = run(str(corpus), "--document", str(other), "--rebase", str(tmp_path / "new"))
    assert code == 1
    assert "passages/V-S2" in err
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError, match="not empty"):
        run(str(corpus), "--document", str(BOOKLET), "--rebase", str(corpus))


def visit(corpus: Path) -> list[str]:
    """What --links --allow-private --record does, without its pause between requests."""
    held = loading.held(places.CorpusFolder(corpus), Run())
    assert isinstance(held, Held)
    visited = verification.visited(held, private=True, limits=Limits(pause=0, attempts=1))
    record.write_results(held, verification.Verified(links=visited), "2026-04-02")
    return [checked.grade for _, checked in visited]


def test_addresses_are_visited_recorded_and_compared(corpus: Path) -> None:
    """Alive, then changed; gone; and without leave no address of this machine is asked."""
    with serving() as server:
        server.answers["/page"] = ok(b"a page")
        sources = corpus / "sources.csv"
        text = sources.read_text(encoding="utf-8")
        text = text.replace("https://data.example.org/habitat.pdf", server.url("/page"))
        text = text.replace("https://data.example.org/froid.html", server.url("/missing"))
        sources.write_text(text.replace("https://archive.example.org/froid.html", server.url("/page")), "utf-8")
        described = corpus / "corpus.toml"
        described.write_text(
            described.read_text("utf-8").replace("https://data.example.org/val-clair/livret.pdf", server.url("/page")),
            "utf-8",
        )
        code, refused = report(str(corpus), "--links")
        assert code == 1
        assert {each["reason"] for each in refused["links"]} == {"refused-private-address"}
        assert server.asked == []
        assert ["alive", "gone", "alive", "alive"] == visit(corpus)
        server.answers["/page"] = ok(b"another page")
        assert ["changed", "gone", "changed", "changed"] == visit(corpus)
        server.answers["/page"] = ok(status="503 Busy")
        assert ["unreachable", "gone", "unreachable", "unreachable"] == visit(corpus)
        server.answers["/page"] = ok(b"a third page")
        assert ["changed", "gone", "changed", "changed"] == visit(corpus), "an outage keeps what was last seen"
    rows = pl.read_csv(corpus / "verifications.csv", infer_schema=False)
    assert set(rows["id"]) == {
        "source-habitat-2024-url", "source-climat-2025-url", "source-climat-2025-archived-url", "document-V-url",
    }  # fmt: skip
    assert stages.check(corpus, Run()).conforms


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([str(TOWN), "--document", "nothing.pdf"], "no document at"),
        ([str(TOWN), "--record", "2 avril"], "is no date"),
        ([str(TOWN), "--record", "20260402"], "is no date"),
        ([str(DIST / "vivre-ensemble.ttl"), "--record", "2026-04-02"], "only a corpus"),
        ([str(TOWN), "--rebase", "new"], "nothing to pin"),
        ([str(TOWN), "--record", "2026-04-02"], "nothing to record"),
        ([str(TOWN), "--document", str(SOURCE), "--record", "2026-04-02"], "nothing of text V was found"),
        (["nowhere"], "no corpus, release or file"),
        ([str(TOWN), "--document", f"W={SOURCE}"], "no text, document or source"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_mend(arguments: list[str], said: str) -> None:
    """A usage error, and nothing written."""
    with pytest.raises(UsageError, match=said) as error:
        run(*arguments)
    assert error.value.mend


@needs_documents
def test_the_recorded_verification_of_the_real_corpus_is_true() -> None:
    """What sources/vivre-ensemble/verifications.csv says is what verify finds today."""
    from support.places import SHARED

    documents = [
        a for name in ("booklet", "press-release") for a in ("--document", str(SHARED / f"documents/{name}.txt"))
    ]
    code, found = report(str(REAL), *documents)
    recorded = pl.read_csv(REAL / "verifications.csv", infer_schema=False)
    assert code == 0
    assert {each["id"]: each["grade"] for each in found["passages"]} == dict(
        recorded.select("passage", "grade").iter_rows()
    )
