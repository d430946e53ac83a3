"""Every fault that the judges have a code for, planted alone, is found behind the screens as it is without them."""

from __future__ import annotations

import pytest
import rdflib

from openproposals import findings
from openproposals.corpus import corpus_folder
from openproposals.model.hosts import Host
from openproposals.validation import graph, shacl, table_schema
from openproposals.validation.screens import suspects
from openproposals.validation.screens.implied import ImpliedGraph
from support import worlds
from support.languages import FR_EN

pytestmark = pytest.mark.slow

RULES = shacl.in_languages(shacl.shapes(), FR_EN.own)
CODES = "https://w3id.org/openproposals/shapes#"
STATISTIC = {
    "id": "X",
    "label_fr": "x",
    "label_en": "x",
    "scope": "publisher",
    "kind": "count",
    "citation_status": "uncited",
}
FIGURE = {"id": "X-1", "statistic": "S1", "qualifier": "as-stated"}
REMARK = {"id": "R1", "kind": "misprint", "label_fr": "x", "label_en": "x"}
VERIFIED = {"id": "V1", "grade": "in-place", "tool": "x", "verified": "2026-01-01"}
SAID = {
    "id": "X-said",
    "statistic": "S1",
    "figure": "S1-1",
    "source": "src-1",
    "seen_in": "work",
    "activity": "reading",
}
RATING = {"id": "Q9", "statistic": "S1", "reviewer": "agent-1"}
SOURCE: worlds.Put = ("statistic-sources", None, {"statistic": "X", "source": "src-1"})
POSSIBLE: worlds.Put = ("statistic-possible-sources", None, {"statistic": "X", "source": "src-1"})
NOTED: worlds.Put = ("statistic-markers", None, {"statistic": "X", "marker": "M1"})
ALONE: list[worlds.Put] = [
    ("markers", None, {"id": "M9", "text": "D1", "as_printed": "9", "start": "1", "end": "2"}),
    ("statistic-markers", None, {"statistic": "X", "marker": "M9"}),
]


def statistic(**cells: str | None) -> worlds.Put:
    return "statistics", None, {**STATISTIC, **cells}


def figure(**cells: str | None) -> worlds.Put:
    return "figures", None, {**FIGURE, **cells}


def said(**cells: str | None) -> worlds.Put:
    return "source-statements", None, {**SAID, **cells}


# By code, each of a case. Rows are counted from 0.
TABLES: list[tuple[str, worlds.Put]] = [
    ("control-character", ("statistics", 4, {"comment_fr": "a\x07b"})),
    ("bidi-override", ("sources", 0, {"title_fr": "a\u202eb"})),
    ("formula-cell", ("proposals", 11, {"label_en": "=1+1"})),
    ("cell-empty", ("proposals", 3, {"label_fr": None})),
    ("cell-empty", ("evidence", 2, {"statistic": None})),
    ("not-a-number", ("figures", 3, {"value": "1_000"})),
    ("not-an-integer", ("proposals", 5, {"position": "1,5"})),
    ("not-a-date", ("verifications", None, {**VERIFIED, "passage": "B-S1", "verified": "2023-2-1"})),
    ("not-a-date", ("figures", 4, {"period": "2023-02-30"})),
    ("not-in-list", ("statistics", 2, {"scope": "societal"})),
    ("not-an-identifier", ("evidence", 1, {"proposal": "a b"})),
    ("code-unknown", ("figures", 1, {"unit": "a b"})),
    ("code-unknown", ("figures", 1, {"unit": "EUR"})),
    ("code-unknown", ("figures", 2, {"area": "http://publications.europa.eu/resource/authority/country/FR"})),
    ("hidden-sign", ("proposals", 7, {"url": "https://a.fr/\u200b"})),
    ("spreadsheet-error", ("proposals", 7, {"label_fr": "#REF!"})),
    ("spreadsheet-error", ("figures", 3, {"value": "#N/A"})),
    ("spreadsheet-error", ("statistics", 2, {"scope": "\u00a0#VALEUR!"})),
    ("pattern-mismatch", ("passages", 5, {"faithful_sha256": "0f"})),
    ("pattern-mismatch", ("passages", 5, {"faithful_sha256": "0" * 64 + "\n"})),
    ("not-a-web-address", ("proposals", 7, {"url": "http://a b"})),
    ("too-small", ("proposals", 9, {"position": "0"})),
    ("key-twice", ("proposals", 10, {"id": "P1"})),
    ("key-twice", ("evidence", None, {"proposal": "P1", "statistic": "S1", "basis": "Stated"})),
    ("broken-link", ("evidence", 4, {"statistic": "S0"})),
    ("broken-link", ("themes", 1, {"parent": "T0"})),
]
GRAPH: list[tuple[str, list[worlds.Put]]] = [
    ("rating-without-verdict", [("ratings", None, RATING)]),
    ("bad-citation-status", [statistic(citation_status=None)]),
    ("cited-without-source", [statistic(citation_status="cited")]),
    ("dangling-without-marker", [statistic(citation_status="dangling")]),
    ("dangling-with-note", [statistic(citation_status="dangling"), NOTED]),
    ("dangling-with-source", [statistic(citation_status="dangling"), *ALONE, SOURCE]),
    ("uncited-with-marker", [statistic(), *ALONE]),
    ("uncited-with-source", [statistic(), SOURCE]),
    ("ambiguous-without-possible-source", [statistic(citation_status="ambiguous")]),
    ("ambiguous-with-source", [statistic(citation_status="ambiguous"), SOURCE]),
    ("possible-source-not-ambiguous", [statistic(), POSSIBLE]),
    ("bad-scope", [statistic(scope=None)]),
    ("bad-figure-kind", [statistic(kind=None)]),
    ("statistic-without-figure", [statistic(scope="society")]),
    ("qualitative-with-figure", [statistic(scope="qualitative", kind="qualitative"), figure(statistic="X", value="1")]),
    ("qualitative-of-other-kind", [statistic(scope="qualitative")]),
    ("projection-incomplete", [statistic(scope="society", kind="projection"), figure(statistic="X", value="1")]),
    ("ratio-without-terms", [statistic(scope="society", kind="ratio"), figure(statistic="X", value="1")]),
    ("range-without-bounds", [statistic(scope="society", kind="range"), figure(statistic="X", value="1")]),
    ("figure-without-value", [figure()]),
    ("range-incomplete", [figure(minimum="1")]),
    ("range-not-increasing", [figure(minimum="5", maximum="1")]),
    ("range-not-increasing", [figure(minimum="9007199254740993", maximum="9007199254740992")]),
    ("value-and-range", [figure(value="2", minimum="1", maximum="5")]),
    ("between-without-bounds", [figure(value="2", qualifier="between")]),
    ("ratio-incomplete", [figure(value="2", numerator="1")]),
    ("ratio-value-off", [figure(value="0.51", numerator="1", denominator="2")]),
    ("bad-qualifier", [("figures", 2, {"qualifier": None})]),
    ("area-without-basis", [("figures", 0, {"area_basis": None})]),
    ("period-without-basis", [("figures", 0, {"period_basis": None})]),
    ("bad-evidence-status", [("proposal-status", 8, {"status": None})]),
    ("not-sourced", [("statistics", 0, {"citation_status": "uncited"})]),
    ("not-unsourced", [("proposal-status", 0, {"status": "unsourced"})]),
    ("not-none-stated", [("proposal-status", 0, {"status": "none-stated"})]),
    ("evidence-links-differ", [("evidence", 0, {"basis": None})]),
    ("evidence-on-both-bases", [("evidence", None, {"proposal": "P1", "statistic": "S1", "basis": "Context"})]),
    ("stated-twice", [("evidence", None, {"proposal": "P12", "statistic": "S1", "basis": "Stated"})]),
    ("bad-trace-status", [("sources", 0, {"trace_status": None})]),
    ("located-without-address", [("sources", 0, {"trace_status": "located"})]),
    ("archived-without-copy", [("sources", 0, {"trace_status": "located-archived"})]),
    ("statement-of-other-statistic", [said(figure="S2-1")]),
    ("statement-of-uncited-source", [statistic(), said(statistic="X", figure=None)]),
    ("statement-without-figure", [said(figure=None)]),
    ("statement-without-unit", [said(value="3")]),
    ("statement-of-source-unseen", [said()]),
    ("span-not-forward", [("passages", 4, {"start": "9", "end": "9"})]),
    ("span-not-forward", [("markers", 1, {"end": "3"})]),
    ("span-outside-passage", [("figure-passages", 1, {"start": "1", "end": "8"})]),
    ("span-outside-passage", [("figure-passages", 0, {"end": "3999"})]),
    ("passage-outside-text", [("passages", 2, {"end": "4001"})]),
    ("figure-elsewhere", [("figure-passages", 0, {"passage": "B-S3", "start": "1001", "end": "1009"})]),
    ("remark-about-nothing", [("remarks", None, REMARK)]),
    ("not-one-label.fr", [("themes", 1, {"label_fr": None})]),
    ("not-one-label.en", [("sources", 0, {"label_en": None})]),
    ("theme-circle", [("themes", 0, {"parent": "T2"})]),
    ("verification-of-nothing", [("verifications", None, VERIFIED)]),
    ("verification-stale", [("verifications", None, {**VERIFIED, "passage": "B-S1", "faithful_sha256": "0" * 64})]),
]  # fmt: skip
# Links that lead nowhere: then no row is sure to stand for a node, and the judge sees the whole graph.
NOWHERE: list[tuple[str, list[worlds.Put]]] = [
    ("rests-on-not-a-statistic", [("evidence", 0, {"statistic": "S0"})]),
    ("cites-source-not-a-source", [("proposal-sources", 0, {"source": "src-0"})]),
    ("cites-as-evidence-not-a-source", [("statistic-sources", 0, {"source": "src-0"})]),
    ("possible-source-not-a-source", [statistic(), ("statistic-possible-sources", None, {"statistic": "X", "source": "src-0"})]),
    ("references-not-a-source", [("note-sources", 0, {"source": "src-0"})]),
    ("stated-by-source-not-a-source", [said(id="Y-said", source="src-0")]),
    ("statement-about-other-thing", [said(figure="S0-1")]),
    ("stated-in-not-a-passage", [("statistic-passages", 0, {"passage": "B-0"})]),
    ("has-source-not-a-text", [("passages", 0, {"text": "D0"})]),
    ("has-marker-not-a-marker", [("statistic-markers", 0, {"marker": "M0"})]),
    ("denotes-not-a-note", [("markers", 0, {"note": "N0"})]),
    ("possibly-denotes-not-a-note", [("markers", 0, {"possible_note": "N0"})]),
    ("version-of-not-a-document", [("texts", 0, {"document": "D0"})]),
    ("derived-from-not-a-document", [("proposals", 0, {"document": "D0"})]),
    ("appearance-not-a-document", [("statistic-documents", 0, {"document": "D0"})]),
    ("publisher-not-an-agent", [("sources", 0, {"publisher": "agent-0"})]),
    ("commissioner-not-an-agent", [("sources", 0, {"commissioner": "agent-0"})]),
    ("creator-not-an-agent", [("proposal-proposers", None, {"proposal": "P1", "proposer": "agent-0"})]),
    ("author-not-an-agent", [("responses", 0, {"agent": "agent-0"})]),
    ("filed-under-not-a-theme", [("proposal-themes", None, {"proposal": "P1", "theme": "T0"})]),
    ("response-to-other-thing", [("responses", 1, {"proposal": "P0"})]),
    ("answer-not-listed", [("responses", 2, {"answer": "gone"})]),
    ("outcome-of-other-thing", [("outcomes", 0, {"proposal": "P0"})]),
    ("outcome-status-not-listed", [("outcomes", 1, {"status": "gone"})]),
    ("rating-of-other-thing", [("ratings", None, {**RATING, "statistic": "S0", "rating_fr": "Faux"})]),
    ("part-of-not-a-theme", [("proposals", 0, {"theme": "T0"})]),
    ("passage-part-of-other-thing", [("passages", 0, {"theme": "T0"})]),
    ("broader-not-a-theme", [("themes", 1, {"parent": "T0"})]),
    ("used-not-a-text", [("activities", 0, {"text": "D0"})]),
    ("associated-with-not-an-agent", [("activities", 0, {"agent": "agent-0"})]),
    ("generated-by-not-an-activity", [("sources", 0, {"activity": "a0"})]),
    ("remark-about-other-thing", [("remarks", None, {**REMARK, "proposal": "P0"})]),
]  # fmt: skip
# What no table can say: the templates make both ends of these links, and the tag of a label, from one row.
MADE_WHOLE = {
    "label-in-other-language",
    "two-labels-in-one-language",
    "has-figure-not-a-figure",
    "preceded-by-not-a-digest",
    "followed-by-not-a-digest",
}


def whole(found: list[findings.Finding]) -> list[object]:
    return [(f, dict(f.facts)) for f in findings.ordered(found)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> tuple[corpus_folder.Corpus, tuple[Host, ...]]:
    """A generated corpus, which both screens are put before."""
    monkeypatch.setattr(table_schema, "SCREENED_FROM", 0)
    monkeypatch.setattr(graph, "SCREENED_FROM", 0)
    return worlds.world(12)


@pytest.mark.parametrize(("code", "put"), TABLES, ids=[f"{c}-{p[0]}" for c, p in TABLES])
def test_a_fault_of_a_table_is_found(world: tuple[corpus_folder.Corpus, object], code: str, put: worlds.Put) -> None:
    """At the same row and column, with the same words."""
    read = worlds.planted(world[0], [put])
    judged, found = table_schema.check(read)
    assert whole(found) == whole(table_schema.check(read, judge_all=True)[1])
    place = next(f.location for f in found if f.code == code)
    row = read.tables.height(put[0]) - 1 if put[1] is None else put[1]
    assert (place.file, place.row) == (f"{put[0]}.csv", row + 2)
    assert 0 < judged.judged <= 13


@pytest.mark.parametrize(("code", "puts"), GRAPH, ids=[f"{c}-{n}" for n, (c, _) in enumerate(GRAPH)])
def test_a_fault_of_the_graph_is_found(
    world: tuple[corpus_folder.Corpus, tuple[Host, ...]], code: str, puts: list[worlds.Put]
) -> None:
    """At the same row and column, with the same words; the shape is judged alone, which is quicker."""
    read = worlds.planted(world[0], puts)
    rule = suspects.only(RULES, rdflib.URIRef(CODES + code))
    _, found = suspects.check(rule, read, world[1])
    assert whole(found) == whole(worlds.alone(rule, read, world[1]))
    assert code.partition(".")[0] in {f.code for f in found}


@pytest.mark.parametrize(("code", "puts"), NOWHERE, ids=[c for c, _ in NOWHERE])
def test_a_link_that_leads_nowhere_is_a_doubt(
    world: tuple[corpus_folder.Corpus, tuple[Host, ...]], code: str, puts: list[worlds.Put]
) -> None:
    """Each alone, so that nothing is proved of a graph that has one."""
    del code
    assert ImpliedGraph(world[1], world[0].tables).doubt is None
    assert ImpliedGraph(world[1], worlds.planted(world[0], puts).tables).doubt is not None


@pytest.mark.parametrize("put", [("evidence", 0, {"proposal": "P0"}), ("statistic-markers", 0, {"statistic": "S0"})])
def test_a_row_about_no_other_row_is_a_doubt(
    world: tuple[corpus_folder.Corpus, tuple[Host, ...]], put: worlds.Put
) -> None:
    """It speaks of a node that no row makes."""
    assert ImpliedGraph(world[1], worlds.planted(world[0], [put]).tables).doubt is not None


def test_links_that_lead_nowhere_are_found(world: tuple[corpus_folder.Corpus, tuple[Host, ...]]) -> None:
    """All in one corpus."""
    read = worlds.planted(world[0], [put for _, puts in NOWHERE for put in puts])
    judged, found = worlds.found(read, world[1])
    assert {code for code, _ in NOWHERE} <= {f.code for f in found}
    assert whole(found) == whole(worlds.found(read, world[1], judge_all=True)[1])
    assert judged.screened == 0


def test_every_code_of_the_judges_is_planted() -> None:
    """A code that is new asks for a fault here."""
    of_shapes = {str(shape).removeprefix(CODES) for shape in suspects.targeted(RULES)}
    assert {code for code, _ in (*GRAPH, *NOWHERE)} == of_shapes - MADE_WHOLE
    catalogue = list(findings.catalogue())
    of_cells = set(catalogue[catalogue.index("cell-empty") : catalogue.index("broken-link") + 1])
    assert {c for c, _ in TABLES} == of_cells | {"control-character", "bidi-override", "formula-cell"}
