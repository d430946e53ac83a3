"""The chain of a figure told both ways, from a corpus or a dump alone, in the reader's language."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from openproposals.commands.group import cli
from openproposals.errors import UsageError
from support.held import BOOKLET, TOWN
from support.places import DIST, REAL, TIDEWATER

pytestmark = pytest.mark.slow

TTL = str(DIST / "vivre-ensemble.ttl")


def told(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["trace", *arguments, "--quiet"])
    if result.exception:
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def data(name: str, place: str = TTL, *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(told(name, place, "--report", "json", *arguments))
    return found


@pytest.mark.parametrize("name", ["S02", "S13", "P09", "P40", "hcfea-2018", "opinionway-2025"])
def test_a_dump_alone_says_what_the_corpus_says(name: str) -> None:
    """Turtle, JSON-LD, the release's folder, the corpus: one trace, to the letter."""
    places = (str(REAL), TTL, str(DIST / "vivre-ensemble.jsonld"), str(DIST))
    assert len({json.dumps(data(name, place), sort_keys=True) for place in places}) == 1


@pytest.mark.parametrize(
    "name", ["S02", "statistic/S02", "https://w3id.org/openproposals/vivre-ensemble/statistic/S02", "S02-1"]
)
def test_an_id_a_path_an_iri_or_a_figure_name_the_same(name: str) -> None:
    """Whatever a fact-checker holds."""
    assert data(name)["id"] == "S02"


def test_a_cited_figure_is_followed_to_its_source_and_back() -> None:
    """Statistic, figure, passage, marker, note, source; proposals; leads; and what is missing."""
    found = json.loads(told("S02", TTL, "--report", "json"))
    assert found["figures"][0]["printed"] == {"fr": "330 000"}
    assert (found["places"][0]["start"], found["places"][0]["end"]) == (2727, 2836)
    assert [s["number"] for s in found["places"][0]["sections"]] == ["1", "1.1"]
    assert found["markers"][0]["note"]["sources"][0]["id"] == "fondation-abbe-pierre-2023"
    assert found["sources"][0]["publisher"]["fr"] == "Fondation Abbé Pierre"
    assert [p["id"] for p in found["proposals"]] == ["P01", "P02"]
    assert [lead["id"] for lead in found["leads"]] == ["L01"]
    assert {gap["code"] for gap in found["missing"]} == {"no-archived-copy"}
    assert {(said["source"], said["value"], said["result"]) for said in found["said"]} == {
        ("fondation-abbe-pierre-2023", "330000", "agrees")
    }
    assert found["places"][0]["verified"][0]["grade"] == "in-place"
    back = json.loads(told("fondation-abbe-pierre-2023", TTL, "--report", "json"))
    assert [s["id"] for s in back["statistics"]] == ["S02"]
    assert [p["id"] for p in back["proposals"]] == ["P01", "P02"]


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("S06", "No source is printed.", "Aucune source n'est imprimée."),
        ("S06", "No marker follows it.", "Aucun appel de note ne la suit."),
        ("S04", "no note is printed for it", "aucune note n'est imprimée pour lui"),
        ("S13", "A possible source, not asserted", "Une source possible, sans certitude"),
        ("S02", "a source is given for it", "une source est donnée pour elle"),
        ("S02", "section: 1 Social action › 1.1 Housing", "section : 1 Action sociale › 1.1 Logement"),
        ("S02", "Leads to follow up (no verdict)", "Pistes à suivre (sans verdict)"),
        ("S01", "commissioned by: Groupe SOS", "commanditaire : Groupe SOS"),
        ("S02", "are our words", "sont nos mots"),
        ("S12", "S12-1: 43% (share", "S12-1 : 43 % (part"),
        ("S16", "No figure: a claim in words.", "Aucun chiffre : une affirmation en mots."),
        ("S14", "where the sequence calls for 10", "la suite des numéros fait attendre 10"),
        ("P18", "no statistic stands in its text", "n'énonce de statistique"),
        ("hcfea-2018", "not asserted", "sans certitude"),
        ("S16", "claim stated in the lead", "affirmation énoncée en tête"),
        ("S07", "whoever saw it judges that the source", "de l'avis de qui l'a vue, la source"),
    ],
)
def test_statuses_are_told_in_words_in_both_languages(name: str, english: str, french: str) -> None:
    """What is missing is said as plainly as what is there."""
    unwrapped = [re.sub(r"\s+", " ", told(name, TTL, "--lang", language)) for language in ("en", "fr")]
    assert english in unwrapped[0]
    assert french in unwrapped[1]


def test_nothing_of_one_language_is_left_in_the_other() -> None:
    """Headings and labels are all translated; only titles and names stand as they are printed."""
    english, french = (told("S13", TTL, "--lang", language) for language in ("en", "fr"))
    assert not {line for line in english.splitlines() if line and not line.startswith(" ")} & set(french.splitlines())


def test_markdown_has_a_heading_for_each_link_of_the_chain() -> None:
    """A page to keep; its IRI is a link, and marks in texts are escaped."""
    page = told("S13", TTL, "--report", "markdown")
    assert page.startswith("# Statistic S13")
    assert page.count("\n## ") >= 6
    assert "<https://w3id.org/openproposals/vivre-ensemble/statistic/S13>" in page
    assert r"\[hcfea-2018\]" in page


def test_searches_and_their_ends_are_told() -> None:
    """Searched and not found: by whom, when; archived: where."""
    told_once = told("S2", str(TOWN))
    assert "did not find it" in told_once
    assert "2026-03-20" in told_once
    assert "https://archive.example.org/froid.html" in told("S3", str(TOWN))


def test_with_the_document_at_hand_the_words_are_shown() -> None:
    """On the screen only: in no dump."""
    shown = told("S2", str(TOWN), "--document", str(BOOKLET))
    assert "420 familles attendent une réponse" in shown
    assert "420 familles attendent" not in told("S2", str(TOWN))


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("S99", TTL, "did you mean"),
        ("nothing", TTL, "no statistic, proposal or source"),
        ("https://example.org/S02", TTL, "no statistic"),
        ("S02", "nowhere", "no corpus, release or file"),
    ],
)
def test_what_is_not_there_is_said_with_a_mend(name: str, place: str, said: str) -> None:
    """A usage error, exit code 2, and no traceback."""
    with pytest.raises(UsageError, match=said) as error:
        told(name, place)
    assert error.value.exit_code == 2


def test_an_id_of_two_kinds_must_be_told_apart() -> None:
    """A proposal and a statistic of one name."""
    from openproposals.factcheck import trace
    from openproposals.release import reading_back

    base, tables = reading_back.read(DIST / "vivre-ensemble.ttl")
    both = tables["proposals"].head(1).with_columns(id=__import__("polars").lit("S02"))
    with pytest.raises(UsageError, match="proposal") as error:
        trace.find(trace.Held(base, {**tables, "proposals": both}), "S02")
    assert "statistic/S02" in error.value.mend


def test_a_proposal_shows_what_became_of_it_and_what_was_answered() -> None:
    """Status and answer in the publisher's words, with the shared code; addresses and disputes; and where none is, none."""
    found = data("500-homes", str(TIDEWATER))
    assert isinstance(found["outcomes"], list)
    (outcome,) = found["outcomes"]
    assert (outcome["status"], outcome["maps_to"]) == ({"en": "Largely delivered"}, "partly-kept")
    assert outcome["addresses"] == ["https://stats.tidewater.example/homes"]
    assert isinstance(found["responses"], list)
    answers = {each["agent"]["en"]: (each["answer"]["en"], each.get("maps_to")) for each in found["responses"]}
    assert answers == {"Harbour list": ("Nay", "opposes"), "May Ferrer": ("Present", None)}
    said = told("500-homes", str(TIDEWATER), "--lang", "en")
    assert "Largely delivered (partly kept), 2026" in said
    assert "disputed: Shore counts begun homes" in said
    assert "tenue en partie" in told("500-homes", str(TIDEWATER), "--lang", "fr")
    assert "What became of it" not in told("P09", TTL, "--lang", "en")
