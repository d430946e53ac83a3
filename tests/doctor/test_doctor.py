"""The doctor: nothing said of a healthy catalogue, everything named that is taken out or broken, in two languages."""

from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from openproposals import places
from openproposals.doctor import (
    addresses,
    catalogue,
    catalogue_graph,
    checks,
    diagnosis,
    fetch,
    published_page,
    records,
    score,
    telling,
)
from openproposals.errors import UsageError
from openproposals.guards.terminal import shown
from openproposals.messages import Language
from openproposals.web import request
from support import catalogues as matrix
from support.places import DIST, MINIMAL, ROOT, SHARED, needs_standards

pytestmark = pytest.mark.slow

TODAY = "2026-12-31"
REAL_SITE = "https://openproposals.example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def never(corpus: Path, out: Path) -> bool:
    raise AssertionError("no corpus was given")


def with_quads(healthy: catalogue.Document, quads: list[ox.Quad]) -> catalogue.Document:
    data = ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return replace(healthy, data=data, syntax=ox.RdfFormat.N_TRIPLES.media_type)


def quads_of(document: catalogue.Document) -> tuple[ox.Quad, ...]:
    return catalogue_graph.read(document).quads


def named(text: str) -> ox.NamedNode:
    prefix, _, local = text.partition(":")
    return ox.NamedNode(checks.PREFIXES[prefix] + local)


@pytest.fixture(scope="module")
def healthy() -> catalogue.Document:
    """The committed release, its placeholder host put right."""
    found = catalogue.opened(places.find(str(DIST), "corpus"), never)
    mended = replace(found, data=found.data.replace(b"openproposals.example.org", b"data.openproposals.org"))
    return with_quads(mended, list(quads_of(mended)))  # N-Triples name their blank nodes, the same at each reading


def said(of: catalogue.Document) -> set[tuple[str, str, str]]:
    return {(r.effect_name, r.code, r.words("en")["what"]) for r in checks.examine(catalogue_graph.read(of), TODAY)}


def test_a_healthy_catalogue(healthy: catalogue.Document) -> None:
    """Nothing is refused, lost or changed; what is left is advice about what no file can mend, or nobody has said."""
    codes = {(effect, code) for effect, code, _ in said(healthy)}
    assert {
        ("advice", "foaf:Agent without dct:type"),
        ("advice", "sum-not-kept"),
        ("advice", "licence-of-the-portal"),
    } == codes
    found = diagnosis.diagnose(healthy, today=TODAY)
    assert found.healthy
    assert found.total == 295  # DCAT-AP was not checked, and nobody asked whether the addresses answer


@needs_standards
@pytest.mark.slow
def test_the_whole_score(healthy: catalogue.Document) -> None:
    """325 of 405 when the official shapes are given: a file in the release's folder is no address that answers."""
    found = diagnosis.diagnose(healthy, today=TODAY, official=SHARED / "standards" / "dcat-ap-3.0.1")
    unchecked = [p.id for p in found.points if p.state != "earned"]
    assert (325, ["access-url-answers", "download-url-answers"]) == (found.total, unchecked)
    answering = [replace(link, found="answers") for link in found.links]
    assert sum(p.earned for p in score.score(found.held, answering, True)) == 405
    assert sum(rule["points"] for rule in score.rules()) == 405
    assert [] == [r for r in found.dcat_ap or () if r.severity == "Violation"]


@needs_standards
def test_committed_release_with_its_placeholder() -> None:
    """As it is committed, only the placeholder stands against it."""
    found = diagnosis.diagnose(
        catalogue.opened(places.find(str(DIST), "corpus"), never),
        today=TODAY,
        official=SHARED / "standards" / "dcat-ap-3.0.1",
    )
    assert {("unchecked", "placeholder")} == {
        (r.effect_name, r.code) for r in found.remarks if r.effect_name != "advice"
    }
    assert found.total == 325
    assert found.healthy


def classes(of: catalogue.Document) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for q in quads_of(of):
        if q.predicate.value == checks.PREFIXES["rdf"] + "type":
            found.setdefault(str(q.subject), set()).add(checks.brief(q.object))
    return found


@pytest.mark.slow
def test_every_property_taken_out_is_named(healthy: catalogue.Document) -> None:
    """For each class and each of its properties: without it, the doctor says so, and names the property."""
    kinds = classes(healthy)
    whole = quads_of(healthy)
    pairs = sorted({(kind, q.predicate.value) for q in whole for kind in kinds.get(str(q.subject), ())})
    before, silent = said(healthy), []
    for kind, predicate in pairs:
        quads = [q for q in whole if not (q.predicate.value == predicate and kind in kinds.get(str(q.subject), ()))]
        term = checks.brief(ox.NamedNode(predicate))
        new = said(with_quads(healthy, quads)) - before
        if not any(term in what for _, _, what in new):
            silent.append((kind, term))
    assert len(pairs) > 70
    print(silent)
    bare = {"dct:MediaType", "foaf:Document", "rdfs:Resource"}  # of which the file says nothing but the class
    assert [] == [(kind, term) for kind, term in silent if (kind, term) not in {(b, "rdf:type") for b in bare}]


BROKEN = [
    ("dcat:Dataset", "dct:title", ox.Literal(" ", language="fr"), "empty-text"),
    ("dcat:Dataset", "dct:issued", ox.Literal("2024", datatype=ox.NamedNode(XSD + "gYear")), "date-not-a-day"),
    ("dcat:Dataset", "dct:modified", ox.Literal("2999-01-01", datatype=ox.NamedNode(XSD + "date")), "date-in-the-future"),
    ("dcat:Dataset", "dct:modified", ox.Literal("hier"), "date-not-a-date"),
    ("dcat:Dataset", "dct:temporal", ox.NamedNode("https://x.org/period"), "period-with-an-iri"),
    ("dcat:Dataset", "dct:spatial", ox.NamedNode("https://sws.geonames.org/2921044/"), "place-without-a-box"),
    ("dcat:Dataset", "dcat:keyword", ox.NamedNode("https://x.org/word"), "keyword-not-text"),
    ("dcat:Dataset", "dcat:theme", ox.NamedNode("https://x.org/theme"), "value-outside-the-list"),
    ("dcat:Dataset", "dct:language", ox.NamedNode("https://x.org/fr"), "value-outside-the-list"),
    ("dcat:Dataset", "dct:accessRights", ox.NamedNode("https://x.org/open"), "value-outside-the-list"),
    ("dcat:Dataset", "dct:accrualPeriodicity", ox.NamedNode("https://x.org/often"), "value-outside-the-list"),
    ("dcat:Dataset", "dct:accrualPeriodicity", ox.NamedNode("http://publications.europa.eu/resource/authority/frequency/OFTEN"), "code-not-in-the-table"),
    *(
        (kind, term, ox.NamedNode(f"http://publications.europa.eu/resource/authority/{code}"), "code-not-in-the-table")
        for kind, term, code in (
            ("dcat:Distribution", "dct:license", "licence/CC_BY_5_0"), ("dcat:Distribution", "dct:format", "file-type/CSVV"),
            ("dcat:Dataset", "dct:accessRights", "access-right/OPEN"), ("dcat:Dataset", "dcat:theme", "data-theme/HOME"),
            ("dcat:Dataset", "dct:language", "language/FR"), ("dcat:Dataset", "dct:spatial", "country/FR"),
        )
    ),
    ("dcat:Dataset", "dct:publisher", ox.NamedNode("https://x.org/nobody"), "contact-says-nothing"),
    ("dcat:Dataset", "dcat:contactPoint", ox.NamedNode("https://x.org/nobody"), "contact-says-nothing"),
    ("dcat:Dataset", "dcat:version", ox.Literal(""), "empty-text"),
    ("dcat:Dataset", "rdf:type", ox.NamedNode("https://x.org/Thing"), "dataset-not-typed"),
    ("dcat:Catalog", "rdf:type", ox.NamedNode("https://x.org/Thing"), "no-catalogue"),
    ("dcat:Distribution", "rdf:type", ox.NamedNode("https://x.org/Thing"), "distribution-not-typed"),
    ("dcat:Distribution", "dcat:downloadURL", ox.NamedNode("https://x.org/all.csv"), "one-address-twice"),
    ("dcat:Distribution", "dcat:byteSize", ox.Literal("douze", datatype=ox.NamedNode(XSD + "boolean")), "size-not-a-number"),
    ("dcat:Distribution", "dcat:mediaType", ox.NamedNode("https://x.org/text/csv"), "media-type-not-iana"),
    ("dcat:Distribution", "dct:format", ox.NamedNode("http://publications.europa.eu/resource/authority/file-type/PDF"), "format-shown-as-address"),
    ("dcat:Distribution", "dct:license", ox.NamedNode("https://x.org/licence"), "licence-not-recognised"),
    ("dcat:Distribution", "dct:license", ox.NamedNode("https://x.org/licence"), "licence-not-in-the-list"),
    ("dct:LicenseDocument", "rdfs:label", ox.Literal("Notre licence"), "licence-not-recognised"),
    ("spdx:Checksum", "spdx:checksumValue", ox.Literal("abc"), "checksum-not-hexbinary"),
    ("spdx:Checksum", "spdx:algorithm", named("spdx:checksumAlgorithm_sha256"), "checksum-not-taken"),
    ("spdx:Checksum", "spdx:algorithm", ox.NamedNode("https://x.org/sha256"), "algorithm-unknown"),
    ("vcard:Kind", "vcard:fn", ox.Literal(""), "empty-text"),
    ("foaf:Agent", "foaf:name", ox.Literal(""), "empty-text"),
    ("foaf:Agent", "foaf:homepage", ox.NamedNode("https://www.example.org/"), "placeholder"),
    ("dct:PeriodOfTime", "dcat:endDate", ox.Literal("1999-01-01", datatype=ox.NamedNode(XSD + "date")), "period-backwards"),
    ("dct:Location", "dcat:bbox", ox.Literal("46.2 2.2"), "place-without-a-box"),
    ("skos:Concept", "skos:inScheme", ox.NamedNode("https://x.org/list"), "concept-outside-its-list"),
    ("skos:Concept", "skos:prefLabel", ox.Literal(""), "empty-text"),
    ("dcat:Dataset", "dct:identifier", ox.Literal(""), "identifier-empty"),
    ("dcat:Dataset", "dcat:landingPage", ox.Literal("notre site"), "page-not-web"),
    ("dcat:Distribution", "dcat:downloadURL", ox.Literal("figures.csv"), "address-not-web"),
    ("dct:PeriodOfTime", "dcat:startDate", ox.Literal("hier"), "period-not-in-days"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "term", "value", "code"), BROKEN, ids=lambda v: v if isinstance(v, str) else "")
def test_every_broken_value_is_named(
    healthy: catalogue.Document, kind: str, term: str, value: ox.NamedNode | ox.Literal, code: str
) -> None:
    """A value that a portal trips over is found under its own code, in words that differ by language."""
    kinds = classes(healthy)
    quads, done = [], set()
    for q in quads_of(healthy):
        if q.predicate == named(term) and kind in kinds.get(str(q.subject), ()):
            if str(q.subject) in done:
                continue
            done.add(str(q.subject))
            quads.append(ox.Quad(q.subject, q.predicate, value))
        else:
            quads.append(q)
    assert done
    broken = with_quads(healthy, quads)
    new = [r for r in checks.examine(catalogue_graph.read(broken), TODAY) if r.code == code]
    assert new
    assert new[0].words("fr") != new[0].words("en")
    assert all(new[0].words(lang)["mend"] for lang in ("fr", "en"))


def test_added_things_are_named(healthy: catalogue.Document) -> None:
    """What should not be there: older versions typed, series, deprecated terms, a status, a shared identifier."""
    dataset = next(q.subject for q in quads_of(healthy) if q.object == named("dcat:Dataset"))
    other, type_ = ox.NamedNode("https://x.org/other"), named("rdf:type")
    identifier = next(q.object for q in quads_of(healthy) if q.predicate == named("dct:identifier"))
    added = {
        "older-version-typed": [
            ox.Quad(dataset, named("dcat:previousVersion"), other),
            ox.Quad(other, type_, named("dcat:Dataset")),
        ],
        "dataset-series": [ox.Quad(other, type_, named("dcat:DatasetSeries"))],
        "deprecated": [ox.Quad(dataset, named("owl:versionInfo"), ox.Literal("1"))],
        "status": [ox.Quad(dataset, named("adms:status"), other)],
        "identifier-shared": [
            ox.Quad(other, type_, named("dcat:Dataset")),
            ox.Quad(other, named("dct:identifier"), identifier),
        ],
    }
    for code, quads in added.items():
        assert code in {c for _, c, _ in said(with_quads(healthy, [*quads_of(healthy), *quads]))}


HVD = "<http://data.europa.eu/eli/reg_impl/2023/138/oj>"
CATEGORY = "<http://data.europa.eu/bna/c_ac64a52d>"
HIGH_VALUE = {
    "none": ("", set()),
    "whole": (f":d dcatap:applicableLegislation {HVD} ; dcatap:hvdCategory {CATEGORY} . :f dcatap:applicableLegislation {HVD} . :s dcat:servesDataset :d .", set()),
    "no category": (f":d dcatap:applicableLegislation {HVD} . :f dcatap:applicableLegislation {HVD} ; dcat:accessService :s .", {("d", "hvd-without-category")}),
    "no legislation": (f":d dcatap:hvdCategory {CATEGORY} .", {("d", "hvd-without-legislation"), ("f", "hvd-without-legislation")}),
    "not on the file": (f":d dcatap:applicableLegislation {HVD} ; dcatap:hvdCategory {CATEGORY} . :s dcat:servesDataset :d .", {("f", "hvd-without-legislation")}),
    "no service": (f":d dcatap:applicableLegislation {HVD} ; dcatap:hvdCategory {CATEGORY} . :f dcatap:applicableLegislation {HVD} .", {("d", "hvd-without-api")}),
    "other spelling": (f":d dcatap:applicableLegislation <{HVD[1:-1].replace('http:', 'https:')}> .", {("d", "hvd-legislation-otherwise")}),
    "another act": (":d dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/1380/oj> .", set()),
    "text": (':d dcatap:applicableLegislation "2023/138" .', {("d", "legislation-is-text")}),
    "unknown": (f":d dcatap:applicableLegislation {HVD} ; dcatap:hvdCategory <http://data.europa.eu/bna/c_00000000> . :f dcatap:applicableLegislation {HVD} ; dcat:accessService :s .", {("d", "hvd-category-unknown")}),
    "other list": (f":d dcatap:applicableLegislation {HVD} ; dcatap:hvdCategory :maps . :f dcatap:applicableLegislation {HVD} ; dcat:accessService :s .", {("d", "hvd-category-unknown")}),
    "two": (':d dct:issued "2020-01-01", "2021-01-01" ; dct:title "a"@fr, "b"@en . :f dct:license :l, :m .', {("d", "more-than-one"), ("f", "more-than-one")}),
}  # fmt: skip
ASKED = ("hvd-", "legislation-", "more-than-one")


@pytest.mark.parametrize("name", HIGH_VALUE)
def test_high_value_datasets(name: str) -> None:
    """What DCAT-AP HVD asks of the dataset, of each file, of a service: only where a regulation or a category is named."""
    text, expected = HIGH_VALUE[name]
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in checks.PREFIXES.items())
    body = f"{prefixes}@prefix : <https://x.org/> .\n:d a dcat:Dataset ; dcat:distribution :f . :f a dcat:Distribution .\n{text}"
    document = catalogue.Document("c.ttl", body.encode(), "text/turtle")
    found = [r for r in checks.examine(catalogue_graph.read(document), TODAY) if r.code.startswith(ASKED)]
    assert expected == {(r.node.rpartition("/")[2], r.code) for r in found}
    assert {r.effect_name for r in found} <= {"not-dcat-ap", "advice"}
    for remark in found:
        assert 3 == len({remark.words(lang)["what"] for lang in ("en", "fr", "de")})


@pytest.mark.parametrize(("kind", "term"), [("dcat:DataService", "dcat:endpointURL"), ("dcat:DatasetSeries", "dct:title"),
                                            ("dcat:CatalogRecord", "foaf:primaryTopic")])  # fmt: skip
def test_services_series_and_records(kind: str, term: str) -> None:
    """What DCAT-AP demands of them is asked of them, in three languages."""
    thing, dataset = ox.NamedNode("https://x.org/t"), ox.NamedNode("https://x.org/d")
    type_ = named("rdf:type")
    quads = [ox.Quad(thing, type_, named(kind)), ox.Quad(dataset, type_, named("dcat:Dataset"))]
    bare = catalogue.Document("c.nt", b"", "application/n-triples")
    code = f"{kind} without {term}"
    found = [r for r in checks.examine(catalogue_graph.read(with_quads(bare, quads)), TODAY) if r.code == code]
    assert ["not-dcat-ap"] == [r.effect_name for r in found]
    assert 3 == len({found[0].words(lang)["what"] for lang in ("en", "fr", "de")})
    quads.append(ox.Quad(thing, named(term), dataset))
    assert code not in {r.code for r in checks.examine(catalogue_graph.read(with_quads(bare, quads)), TODAY)}


def test_somebody_elses_catalogue(tmp_path: Path) -> None:
    """A bare catalogue in RDF/XML, and one whose JSON-LD wants a remote context: read, judged, nothing fetched."""
    (tmp_path / "theirs.rdf").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">'
        '<dcat:Dataset rdf:about="https://data.ville.fr/1"><dct:title>Arbres</dct:title><dct:license rdf:resource="https://ville.fr/licence"/>'
        '<dcat:distribution><dcat:Distribution><dcat:accessURL rdf:resource="https://data.ville.fr/1"/></dcat:Distribution></dcat:distribution>'
        "</dcat:Dataset></rdf:RDF>", encoding="utf-8",
    )  # fmt: skip
    found = diagnosis.diagnose(
        catalogue.opened(places.find(str(tmp_path / "theirs.rdf"), "corpus"), never), today=TODAY
    )
    assert {"no-catalogue", "dcat:Dataset without dct:identifier"} <= {r.code for r in found.remarks}
    assert {"unchecked"} == {link.found for link in found.links}
    assert found.total == 0
    text = {
        "@context": ["https://dead.example.org/context.jsonld", {"dcat": "http://www.w3.org/ns/dcat#"}],
        "@id": "https://x.org/",
        "@type": "dcat:Catalog",
    }
    (tmp_path / "theirs.jsonld").write_text(json.dumps(text), encoding="utf-8")
    remote = diagnosis.diagnose(
        catalogue.opened(places.find(str(tmp_path / "theirs.jsonld"), "corpus"), never), today=TODAY
    )
    assert ["remote-context"] == [r.code for r in remote.remarks]
    assert not remote.judged
    assert not remote.healthy
    assert {"unchecked"} == {point.state for point in remote.points}
    assert "quality (data.europa.eu): not checked" in telling.text(remote, "en")


@pytest.mark.parametrize("lang", ["en", "fr", "de"])
def test_a_mend_in_rdf_is_rdf(lang: Language) -> None:
    """In every language; what an identifier is to be of a dataset without an address is left open."""
    for node, said in (("https://x.org/d", "https://x.org/d"), ("[] dcat:dataset", "…")):
        remark = checks.Remark(0, "dcat:Dataset without dct:identifier", node, "dct:identifier", ("CKAN",))
        assert remark.words(lang)["mend"] == f'dct:identifier "{said}"'


def test_a_rating_that_hangs_on_what_was_not_checked_is_a_range(healthy: catalogue.Document) -> None:
    """Never the word for the lowest score alone."""
    found = diagnosis.diagnose(healthy, today=TODAY)
    points = [score.Point("a", "d", 200, "earned", 1.0), score.Point("b", "d", 205, "unchecked", 0.0)]
    text = telling.text(replace(found, points=points), "en")
    assert "200/405, sufficient to excellent (205 points not checked)" in text


def test_what_to_do_first_stands_at_the_top(healthy: catalogue.Document) -> None:
    """A file that is missing by its address; then what earns points, then the rest, and last what nobody can mend.

    A line names the dataset by its title alone, where no other has it, and says the mend before the place.
    """
    found = diagnosis.diagnose(healthy, today=TODAY)
    codes = ("dcat:Dataset without adms:versionNotes", "dcat:Dataset without dct:temporal", "dcat:Dataset without dcat:theme")  # fmt: skip
    node, advice = found.held[0].node, checks.EFFECTS.index("advice")
    lacking = [checks.Remark(advice, code, node, code.rpartition(" ")[2], ("CKAN",)) for code in codes]
    gone = addresses.Link("n", "download", "https://x.org/gone.csv", "missing", "HTTP 404")
    of_files = [r for r in found.remarks if r.code == "sum-not-kept"]
    found = replace(found, links=[*found.links, gone], remarks=[*of_files, *lacking])
    words = ("gone.csv", "theme", "temporal", "versionNotes", "SHA256SUMS")
    for lang in ("en", "fr", "de"):
        _, told = telling.text(found, lang).split("\n\n")
        lines = told.splitlines()
        assert [next(word for word in words if word in line) for line in lines] == list(words)
        assert node not in told
        assert lines[1].endswith(" " + shown(found.held[0].title, 40))
        assert max(map(len, lines[:4])) <= 200
    nameless = [replace(one, title='""') for one in found.held]
    line = telling.text(replace(found, held=nameless), "en").splitlines()[-2]
    assert line.endswith(f"; at {node}") or line.endswith(f"; at …{node[-40:]}")


def test_words_for_an_empty_file_and_a_date_that_is_none(healthy: catalogue.Document, tmp_path: Path) -> None:
    """An empty file is not "taken whole"; a word is no future date; no colon is doubled; a mend says whose file it means."""
    (tmp_path / "empty.ttl").write_text("", encoding="utf-8")
    found = diagnosis.diagnose(catalogue.opened(places.find(str(tmp_path / "empty.ttl"), "corpus"), never), today=TODAY)
    for lang, whole, nothing in (("en", "takes everything", "no dataset"), ("fr", "reprend tout", "aucun jeu")):
        text = telling.text(found, lang)  # type: ignore[arg-type]
        assert whole not in text
        assert nothing in text
    quads = [ox.Quad(q.subject, q.predicate, ox.Literal("soon") if q.predicate == named("dct:issued") else q.object) for q in quads_of(healthy)]  # fmt: skip
    codes = {code for _, code, _ in said(with_quads(healthy, quads))}
    assert "date-not-a-date" in codes
    assert "date-in-the-future" not in codes
    broken = addresses.Link("n", "download", "https://x.org/a", "untrue", "spdx:checksumValue")
    for lang in ("en", "fr"):
        assert "::" not in telling.text(replace(found, links=[broken]), lang).replace(" ", "")  # type: ignore[arg-type]
    assert not any(r.words("en")["mend"].startswith("write") and "corpus.toml" in r.words("en")["mend"] for r in found.remarks)  # fmt: skip


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    """In words, with exit code 2: nothing there, no catalogue in the folder, an unknown ending, a broken syntax."""
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "bad.ttl").write_text("<a <b")
    for target in ("nowhere", str(tmp_path), str(tmp_path / "notes.txt"), str(tmp_path / "bad.ttl")):
        with pytest.raises(UsageError) as error:
            diagnosis.diagnose(catalogue.opened(places.find(target, "corpus"), never), today=TODAY)
        assert error.value.exit_code == 2


LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
LAUGHING = (
    f'<!DOCTYPE rdf:RDF [<!ENTITY a "ha">{LAUGHS}]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dct="http://purl.org/dc/terms/"><rdf:Description rdf:about="https://x.org/"><dct:title>&j;</dct:title>'
    "</rdf:Description></rdf:RDF>"
)


@pytest.mark.parametrize("name", ["laughs.rdf", "laughs.xml", "small.rdf", "deep.jsonld", "arrays.json"])
def test_what_would_swallow_the_machine(tmp_path: Path, name: str) -> None:
    """Entities that unfold without end, and nesting without end, are refused before they are read, in words."""
    text = {
        "small.rdf": LAUGHING.replace("DOCTYPE", "doctype"),
        "deep.jsonld": '{"@graph":' * 100_000 + "1" + "}" * 100_000,
        "arrays.json": "[" * 100_000 + "]" * 100_000,
    }.get(name, LAUGHING)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"document type|nested") as error:
        diagnosis.diagnose(catalogue.opened(places.find(str(tmp_path / name), "corpus"), never), today=TODAY)
    assert error.value.mend
    release = tmp_path / "release"
    shutil.copytree(DIST, release)
    shutil.copy(tmp_path / name, release / "catalog.jsonld")
    if "json" in name:
        with pytest.raises(UsageError, match="nested"):
            diagnosis.diagnose(catalogue.opened(places.find(str(release), "corpus"), never), today=TODAY)


def test_files_that_are_not_as_said(healthy: catalogue.Document) -> None:
    """A size, a sum, a missing file: told, and the score falls with it."""
    assert healthy.files is not None
    files = dict(healthy.files)
    files["figures.csv"] = replace(files["figures.csv"], size=1)
    files["tables/notes.csv"] = replace(files["tables/notes.csv"], sha256="0" * 64)
    del files["vocabulary.ttl"]
    found = diagnosis.diagnose(replace(healthy, files=files), today=TODAY)
    told = {
        (link.address.rpartition("/")[2], link.found)
        for link in found.links
        if link.found not in ("in-release", "unchecked")
    }
    assert {("figures.csv", "untrue"), ("notes.csv", "untrue"), ("vocabulary.ttl", "missing")} == told
    assert found.total == 295
    assert not found.healthy


class Handler(http.server.BaseHTTPRequestHandler):
    """A site: a catalogue, a table without charset, a redirect, and nothing else."""

    def do_GET(self) -> None:
        if self.path == "/catalog.ttl":
            self._answer(200, "text/turtle; charset=utf-8", (DIST / "catalog.ttl").read_bytes())
        elif self.path == "/laughs.rdf":
            self._answer(200, "application/rdf+xml", LAUGHING.encode())
        elif self.path == "/bare.ttl":
            self._answer(200, "text/turtle", b"")
        elif self.path == "/page/":
            self._answer(200, "text/html; charset=utf-8", (DIST / "index.html").read_bytes())
        elif self.path == "/bare/":
            self._answer(200, "text/html; charset=nowhere", b"<html></html>")
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/catalog.ttl")
            self.end_headers()
        else:
            self._answer(404, "text/plain", b"")

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_live(site: str, healthy: catalogue.Document) -> None:
    """Asked live: what answers, what does not, and a Turtle file without its charset."""
    subject = ox.NamedNode("https://x.org/d")
    quads = [
        ox.Quad(subject, named("dcat:downloadURL"), ox.NamedNode(site + name))
        for name in ("catalog.ttl", "bare.ttl", "gone.ttl", "moved")
    ]
    found = addresses.follow(addresses.named(catalogue_graph.read(with_quads(healthy, quads))), live=True, private=True)
    assert {
        "catalog.ttl": ("answers", "HTTP 200"),
        "bare.ttl": ("answers", "text/turtle without charset=utf-8"),
        "gone.ttl": ("missing", "HTTP 404"),
        "moved": ("answers", "HTTP 302"),
    } == {link.address.removeprefix(site): (link.found, link.how) for link in found}
    assert fetch.get(site + "catalog.ttl", 1_000_000, private=True).body == (DIST / "catalog.ttl").read_bytes()
    with pytest.raises(UsageError, match="answers 302"):
        fetch.get(site + "moved", 1_000, private=True)
    with pytest.raises(UsageError, match="larger"):
        fetch.get(site + "catalog.ttl", 1_000, private=True)


@pytest.mark.parametrize(
    "address",
    [
        "{site}",
        "http://localhost:1/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "http://user:pass@x.org/",
    ],
)
def test_no_door_is_opened_inwards(site: str, address: str) -> None:
    """An address in somebody's catalogue reaches no private machine, no file, and carries no password."""
    answer = fetch.look(address.format(site=site))
    assert not fetch.answers(answer)
    assert answer.reason


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "openproposals", "doctor", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"LANG": "C.UTF-8"},
    )


@pytest.mark.slow
def test_an_address_of_this_machine(site: str) -> None:
    """Asked only with --allow-private, as verify does; the reason and the mend are in the reader's language."""
    for lang, reason in (("en", "not on the public Internet"), ("fr", "pas sur l'Internet public")):
        refused = command(site + "catalog.ttl", "--lang", lang)
        assert refused.returncode == 2
        assert reason in refused.stderr
        assert "--allow-private" in refused.stderr
    found = command(site + "catalog.ttl", "--allow-private", "--report", "json")
    assert found.returncode == 0
    assert json.loads(found.stdout)["score"]["total"] > 0
    (answer,) = [command(site + "laughs.rdf", "--allow-private")]
    assert "document type" in answer.stderr
    assert answer.returncode == 2


@pytest.mark.slow
def test_the_command() -> None:
    """Text in two languages and JSON, exit code 1 for what is refused, 2 for what cannot be opened; a corpus too."""
    english, french = command(str(MINIMAL)), command(str(MINIMAL), "--lang", "fr")
    assert (0, 0) == (english.returncode, french.returncode)
    assert "a dataset" not in french.stdout
    assert "Metadata quality (data.europa.eu): " in english.stdout
    assert "Qualité des métadonnées (data.europa.eu) : " in french.stdout
    found = json.loads(command(str(DIST), "--report", "json").stdout)
    assert 295 == found["score"]["total"]
    assert found["dcat_ap"] is None
    wrong = command("nowhere")
    assert (2, "", True) == (wrong.returncode, wrong.stdout, "mend" in wrong.stderr)


DATASET = {
    "@type": "Dataset", "name": "Arbres", "description": "La liste des arbres de la ville, avec leur espèce et leur place.",
    "license": "https://x.org/l", "creator": {"@type": "Organization", "name": "Ville"}, "keywords": ["arbre"], "url": "https://x.org/",
    "temporalCoverage": "2020/2021", "spatialCoverage": {"@type": "Place", "name": "Ville"},
    "distribution": [{"@type": "DataDownload", "contentUrl": "https://x.org/a.csv"}],
}  # fmt: skip


@pytest.mark.parametrize("name", matrix.GRAPHS)
def test_a_graph_without_an_iri_is_read_with_the_rest(name: str) -> None:
    """As rdflib reads it for udata; one that has an IRI is not."""
    data = matrix.in_a_graph(matrix.GRAPHS[name]).encode()
    read = catalogue_graph.read(catalogue.Document("a.jsonld", data, ox.RdfFormat.JSON_LD.media_type))
    assert len(read.nodes.typed("dcat:Dataset")) == 1
    assert bool(read.default_graph.typed("dcat:Dataset")) == ("IRI" not in name)


TAGGED = [{"@value": "Arbres", "@language": "fr"}, {"@value": "Trees", "@language": "en"}]
PAGES = {
    "good": (DATASET, set()),
    "in a graph": ({"@graph": [DATASET]}, set()),
    "no name": ({**DATASET, "name": ""}, {("dropped", "page-dataset-incomplete")}),
    "tagged": ({**DATASET, "name": TAGGED}, {("dropped", "page-text-not-plain")}),
    "tagged words": ({**DATASET, "keywords": TAGGED}, {("changed", "page-text-not-plain")}),
    "short": ({**DATASET, "description": "Arbres"}, {("dropped", "page-description-length")}),
    "no licence": ({**DATASET, "license": None}, {("advice", "page-dataset-without")}),
    "no address": ({**DATASET, "distribution": [{"name": "x"}]}, {("advice", "page-file-without-address")}),
    "another thing": ({"@type": "Person"}, {("dropped", "page-without-dataset")}),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_what_a_search_engine_reads_in_a_page(name: str) -> None:
    """A dataset is found by a name and a description, plain texts; what else Google recommends is advice."""
    said, expected = PAGES[name]
    found = published_page.judge(f'<html><script type="application/ld+json">{json.dumps(said)}</script></html>')
    assert expected == {(effect, code) for effect, code, _ in found}


@pytest.mark.slow
def test_the_published_page_is_looked_at(healthy: catalogue.Document) -> None:
    """The release's own page is read; a page without a dataset is told."""
    assert not [r for r in diagnosis.diagnose(healthy, today=TODAY).remarks if r.code.startswith("page-")]
    bare = diagnosis.diagnose(replace(healthy, page=b"<html></html>"), today=TODAY)
    assert ["page-without-dataset"] == [r.code for r in bare.remarks if r.code.startswith("page-")]
    assert not bare.healthy


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("page/", set()),
        ("bare/", {("dropped", "page-without-dataset", "Google Dataset Search does not find it")}),
        ("gone/", {("unchecked", "page-not-read", "HTTP 404")}),
        ("moved", {("unchecked", "page-not-read", "HTTP 302")}),
    ],
)
@pytest.mark.slow
def test_the_page_on_line_is_judged(site: str, place: str, expected: set[tuple[str, str, str]]) -> None:
    """With --live the page at the dataset's landing page is read; what could not be read is unchecked, with the reason."""
    lines = f"""<https://x.org/d> <{named("rdf:type").value}> <{named("dcat:Dataset").value}> .
        <https://x.org/d> <{named("dcat:landingPage").value}> <{site}{place}> ."""
    document = catalogue.Document("c.nt", lines.encode(), "application/n-triples")
    found = diagnosis.diagnose(document, today=TODAY, live=True, private=True).remarks
    told = [r for r in found if r.code.startswith("page-")]
    assert {(effect, code) for effect, code, _ in expected} == {(r.effect_name, r.code) for r in told}
    assert all(site + place == r.node for r in told)
    assert all(part in told[0].words("en")["what"] for _, _, part in expected)
    assert not [r for r in diagnosis.diagnose(document, today=TODAY).remarks if r.code.startswith("page-")]


def test_no_page_is_asked_of_a_private_machine(site: str) -> None:
    """Without --allow-private the page of this machine is not asked, and that is said."""
    lines = f"""<https://x.org/d> <{named("rdf:type").value}> <{named("dcat:Dataset").value}> .
        <https://x.org/d> <{named("dcat:landingPage").value}> <{site}page/> ."""
    document = catalogue.Document("c.nt", lines.encode(), "application/n-triples")
    found = diagnosis.diagnose(document, today=TODAY, live=True).remarks
    assert [("unchecked", "page-not-read")] == [(r.effect_name, r.code) for r in found if r.code.startswith("page-")]


def test_twenty_pages_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many landing pages the first twenty are read; of each other one it is said that it was not."""
    asked: list[str] = []

    def body(address: str, largest: int, *, private: bool = False) -> request.Answer:
        asked.append(address)
        return request.Answer(200, body=b"<html></html>")

    monkeypatch.setattr(fetch, "body", body)
    monkeypatch.setattr(fetch, "look", lambda *_, **__: request.Answer(200))
    type_, landing = named("rdf:type"), named("dcat:landingPage")
    things = [ox.NamedNode(f"https://data.ville.fr/{n}") for n in range(25)]
    quads = [q for x in things for q in (ox.Quad(x, type_, named("dcat:Dataset")), ox.Quad(x, landing, x))]
    document = with_quads(catalogue.Document("c.nt", b"", "application/n-triples"), quads)
    codes = [r.code for r in diagnosis.diagnose(document, today=TODAY, live=True).remarks]
    assert (20, 20, 5) == (len(asked), codes.count("page-without-dataset"), codes.count("page-not-asked"))


CASES = {
    "k01-iri-space/catalog.rdf": {("refused", "address-with-space"), ("kept", "address-with-space")},
    "k02-hydra/catalog.ttl": {("unchecked", "more-pages")},
    "k04-mixed/catalog.ttl": {("refused", "size-not-a-number"), ("dropped", "licence-on-dataset"), ("dropped", "value-twice"),
                              ("kept", "date-not-a-date"), ("changed", "keyword-holds-a-list")},
    "k06-portals-keep/catalog.ttl": {("kept", "address-is-text"), ("kept", "period-of-schema-org"), ("kept", "size-is-text"),
                                     ("kept", "mail-without-mailto"), ("kept", "only-a-download-address")},
}  # fmt: skip


@pytest.mark.skipif(not (SHARED / "cases").is_dir(), reason="the shared cases are not there")
@pytest.mark.parametrize("case", CASES)
@pytest.mark.slow
def test_cases_of_public_bug_reports(case: str) -> None:
    """What the harvesters do with each, said in no more than 20 lines, in both languages."""
    document = catalogue.opened(places.find(str(SHARED / "cases" / case), "corpus"), never)
    found = diagnosis.diagnose(document, today=TODAY)
    assert CASES[case] <= {(r.effect_name, r.code) for r in found.remarks}
    refused = {portal for r in found.remarks if r.effect_name == "refused" for portal in r.portals}
    assert refused == ({"data.gouv.fr"} if case.startswith(("k01", "k04")) else set())
    for lang in ("en", "fr"):
        assert len(telling.text(found, lang).splitlines()) <= 20  # type: ignore[arg-type]
        assert telling.text(found, lang, all_=True).count("\n") > 20  # type: ignore[arg-type]
    if (SHARED / "standards").is_dir():
        judged = diagnosis.diagnose(document, today=TODAY, official=SHARED / "standards" / "dcat-ap-3.0.1")
        assert any(result.severity == "Violation" for result in judged.dcat_ap or ())
    log = json.loads(records.sarif(found, "en"))
    assert len(log["runs"][0]["results"]) == len(found.remarks)
    keys = {"code", "effect", "portals", "node", "value", "mend"}
    assert all(keys <= remark.keys() for remark in json.loads(records.data(found, "en"))["remarks"])
