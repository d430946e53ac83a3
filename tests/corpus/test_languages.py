"""The languages of a corpus: one, four, and documents printed in another; nothing is tagged with a language it is not in."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from openproposals import stages
from openproposals.corpus import corpus_folder, descriptor, headers
from openproposals.model import schema
from openproposals.model.languages import Languages
from openproposals.release import reading_back
from openproposals.stages import Run
from support import dcat_ap
from support.places import HEBREW, needs_standards

WORDS = {
    "en": ("Run buses after midnight", "Plant trees", "Open the library"),
    "de": ("Busse nach Mitternacht", "Bäume pflanzen", "Die Bibliothek öffnen"),
    "ar": ("تسيير الحافلات بعد منتصف الليل", "غرس الأشجار", "فتح المكتبة"),
    "pt-BR": ("Ônibus depois da meia-noite", "Plantar árvores", "Abrir a biblioteca"),
}
DESCRIPTOR = """name = "acme"
version = "0.1.0"
released = 2026-01-31
base = "https://data.acme.example/p/"
site = "https://data.acme.example/r/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
"""
PEOPLE = """
[publisher]
name = "Acme"
iri = "https://data.acme.example/me"
[contact]
name = "Acme"
email = "data@acme.example"
"""


def corpus(folder: Path, languages: list[str], *, plain: bool = False, more: str = "") -> Path:
    """A corpus of three proposals and a source, in these languages; `plain`: texts and columns without their tag."""
    folder.mkdir()
    said = {tag: WORDS[tag] for tag in languages}
    texts = {key: json.dumps(said[languages[0]][0], ensure_ascii=False) for key in ("title", "description", "rights")}
    if not plain:
        by = (
            "{ "
            + ", ".join(
                f"{json.dumps(tag)} = {json.dumps(words[0], ensure_ascii=False)}" for tag, words in said.items()
            )
            + " }"
        )
        texts = dict.fromkeys(texts, by)
    top = f"languages = {json.dumps(languages)}\n" + "".join(f"{key} = {text}\n" for key, text in texts.items())
    (folder / "corpus.toml").write_text(DESCRIPTOR + top + PEOPLE + more, encoding="utf-8")
    labels = ["label"] if plain else [f"label_{tag}" for tag in languages]
    rows = [["id", "position", *labels]]
    rows += [[f"p{n}", str(n + 1), *(words[n] for words in said.values())] for n in range(3)]
    with (folder / "proposals.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def published(folder: Path) -> Path:
    out = folder.parent / f"{folder.name}-out"
    work, _ = stages.publish(folder, out, Run())
    assert [(f.code, str(f.location)) for f in work.findings] == []
    return out


@pytest.mark.parametrize("languages", [["en"], ["de"], ["ar"], ["pt-BR"], ["de", "en", "ar", "pt-BR"]], ids="-".join)
def test_every_text_is_tagged_with_its_language(tmp_path: Path, languages: list[str]) -> None:
    """In the dumps each label stands in every language of the corpus, and in no other."""
    out = published(corpus(tmp_path / "c", languages))
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for name, syntax in (("acme.ttl", ox.RdfFormat.TURTLE), ("acme.jsonld", ox.RdfFormat.JSON_LD)):
        store = ox.Store()
        store.load((out / name).read_bytes(), format=syntax)
        proposals = [q.object for q in store.quads_for_pattern(None, label, None) if isinstance(q.object, ox.Literal)]
        expected = {(tag.lower(), word) for tag in languages for word in (*WORDS[tag], "Acme")}  # the publisher
        assert {(found.language, found.value) for found in proposals} == expected


@pytest.mark.parametrize("languages", [["en"], ["ar"], ["de", "pt-BR"]], ids="-".join)
def test_what_the_catalogue_says_is_in_its_languages(tmp_path: Path, languages: list[str]) -> None:
    """Titles in the corpus's own languages; the program's own words in one that it speaks, else in English."""
    out = published(corpus(tmp_path / "c", languages))
    graph = rdflib.Graph().parse(out / "catalog.ttl")
    dataset = rdflib.URIRef("https://data.acme.example/p/")
    titles = {
        str(t.language): str(t) for t in graph.objects(dataset, rdflib.DCTERMS.title) if isinstance(t, rdflib.Literal)
    }
    assert titles == {tag.lower(): WORDS[tag][0] for tag in languages} or titles == {t: WORDS[t][0] for t in languages}
    tags = {o.language.lower() for o in graph.objects() if isinstance(o, rdflib.Literal) and o.language}
    assert tags <= {*(tag.lower() for tag in languages), "en"} | {tag.partition("-")[0] for tag in languages}
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == WORDS["en" if "en" in languages else languages[0]][0]


@needs_standards
@pytest.mark.long
@pytest.mark.parametrize("languages", [["en"], ["de"], ["ar"], ["de", "en", "ar", "pt-BR"]], ids="-".join)
def test_a_catalogue_in_these_languages_conforms(tmp_path: Path, languages: list[str]) -> None:
    """DCAT-AP's official shapes find nothing but that the publisher is no body of the EU's list."""
    conforms(published(corpus(tmp_path / "c", languages)))


@needs_standards
@pytest.mark.long
def test_the_catalogue_of_a_corpus_in_hebrew_conforms(tmp_path: Path) -> None:
    """With every table that a corpus may have."""
    stages.publish(HEBREW, tmp_path / "out", Run())
    conforms(tmp_path / "out")


def conforms(release: Path) -> None:
    found, text = dcat_ap.found(rdflib.Graph().parse(release / "catalog.ttl"))
    assert found <= {(rdflib.SH.Warning, rdflib.DCTERMS.publisher)}, text


def test_in_one_language_a_plain_column_is_the_same(tmp_path: Path) -> None:
    """A sheet without tags publishes the same bytes as one with them."""
    one, other = published(corpus(tmp_path / "a", ["ar"])), published(corpus(tmp_path / "b", ["ar"], plain=True))
    names = sorted(str(p.relative_to(one)) for p in one.rglob("*") if p.is_file())
    assert names == sorted(str(p.relative_to(other)) for p in other.rglob("*") if p.is_file())
    assert [n for n in names if (one / n).read_bytes() != (other / n).read_bytes()] == []


def test_languages_are_those_of_the_title_unless_declared(tmp_path: Path) -> None:
    """The key may be left out; tags are written as the standard writes them."""
    folder = corpus(tmp_path / "c", ["de", "pt-BR"])
    path = folder / "corpus.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('languages = ["de", "pt-BR"]\n', "").replace("pt-BR", "PT-br"),
        encoding="utf-8",
    )
    read, found = corpus_folder.read(folder)
    assert read is not None
    assert (found, read.languages.own) == ([], ("de", "pt-BR"))


def test_a_document_may_be_printed_in_any_language(tmp_path: Path) -> None:
    """Its title is tagged with its own language, which the corpus need not speak."""
    more = '\n[documents.A]\nlabel = "A booklet"\ntitle = { ar = "كتيب" }\n'
    folder = corpus(tmp_path / "c", ["en"], plain=True, more=more)
    (folder / "sources.csv").write_text(
        "id,label,title_he,trace_status\ns,A report,דוח,not-attempted\n", encoding="utf-8"
    )
    out = published(folder)
    text = (out / "acme.ttl").read_text(encoding="utf-8")
    assert '"كتيب"@ar' in text
    assert '"דוח"@he' in text
    base, tables = reading_back.read(out / "acme.ttl")
    assert base == "https://data.acme.example/p/"
    assert tables["sources"].select("label_en", "title_he").rows() == [("A report", "דוח")]


def test_a_column_stands_in_every_language_or_in_none(tmp_path: Path) -> None:
    """An optional column too: a page in the other language would lack its text."""
    folder = corpus(tmp_path / "c", ["de", "en"])
    path = folder / "proposals.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([f"{lines[0]},summary_en", *(f"{line},Words" for line in lines[1:])]) + "\n", encoding="utf-8"
    )
    _, found = corpus_folder.read(folder)
    assert [(f.code, f.location.name) for f in found] == [("column-missing", "summary_de")]


def test_a_plain_column_in_two_languages_is_refused(tmp_path: Path) -> None:
    """Nobody can know in which language it is."""
    folder = corpus(tmp_path / "c", ["de", "en"])
    path = folder / "proposals.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("label_de,label_en", "label,label_en"), encoding="utf-8")
    _, found = corpus_folder.read(folder)
    assert [(f.code, f.facts.get("near")) for f in found] == [
        ("column-unknown", "label_de"),
    ]


@pytest.mark.parametrize(
    ("languages", "found"),
    [
        (["xx"], ["code-unknown"]),
        (["zz-Latn-FR"], ["code-unknown"]),
        (["fr", "xx"], ["code-unknown"]),
        (["sr-Latn"], []),
        (["zh-Hant-TW"], []),
        (["tlh"], []),
        (["und"], []),
        (["qab"], []),
        (["FR"], []),
    ],
)
def test_a_tag_of_no_language_is_found(languages: list[str], found: list[str]) -> None:
    """Its first part is a code of ISO 639, or one that is left to private use."""
    texts = "".join(
        f"[{key}]\n" + "".join(f'"{tag}" = "x"\n' for tag in languages) for key in ("title", "description", "rights")
    )
    _, findings = descriptor.parse(TOML.format(languages=languages) + texts)
    assert [finding.code for finding in findings] == found


def test_a_language_that_is_written_in_two_ways_is_found() -> None:
    """One of the two texts would be lost."""
    texts = "".join(f'[{key}]\nen = "x"\nEN = "y"\n' for key in ("title", "description", "rights"))
    _, findings = descriptor.parse(TOML.format(languages=["en"]) + texts)
    assert [(finding.code, finding.location.name) for finding in findings] == [
        ("descriptor-value", f"{key}.EN") for key in ("title", "description", "rights")
    ]


def test_a_column_is_only_offered_where_it_may_be_meant(tmp_path: Path) -> None:
    """One that is alike, or a required one that is missing; else none."""
    spoken = Languages(("en",))
    table = schema.tables(spoken)["statistics"]
    for header, near in (
        (["id", "label_en", "scope", "kind", "citation_status", "value"], ""),
        (["id", "labl_en", "scope", "kind", "citation_status"], "label_en"),
        (["key", "label_en", "scope", "kind", "citation_status"], "id"),
    ):
        found = headers.check("statistics.csv", header, table, spoken)
        (finding,) = [each for each in found if each.code == "column-unknown"]
        assert finding.facts["near"] == near
        assert finding.facts["columns"] == f"{finding.cell} ({near}?)" if near else finding.cell


TOML = """
name = "town"
version = "1.0.0"
released = 2026-01-31
base = "https://data.ville.fr/town/"
site = "https://data.ville.fr/releases/town/"
licence = "http://publications.europa.eu/resource/authority/licence/CC0"
languages = {languages}
publisher = {{ name = "Town", iri = "https://data.ville.fr/somebody" }}
contact = {{ name = "Town", email = "town@ville.fr" }}
"""
