"""How a page is cited: each form says the same, other programs read it, and a card leads back to the very place."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import bibtexparser
import pytest
from citeproc.source.json import CiteProcJSON

from openproposals.progress import SILENT
from openproposals.release.published import open_release
from openproposals.site import build, engine
from support.commands import run
from support.hosts import hosted
from support.places import DIST, TIDEWATER

pytestmark = pytest.mark.slow
BASE = "https://w3id.org/openproposals/vivre-ensemble/"
CITED = {
    "statistic/S02": ("Personnes sans domicile en France\u00a0: 330\u202f000\u00a0personnes", "openproposals", "2026"),
    "proposal/P01": ("Le logement avant tout", "openproposals", "2026"),
    "source/fondation-abbe-pierre-2023": (
        "28e rapport sur l'état du mal-logement en France 2023", "Fondation Abbé Pierre", "2023",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first corpus's site, without its engine."""
    return made(DIST, tmp_path_factory.mktemp("site") / "out")


def made(release: Path, out: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.shutil, "which", lambda name: None)
        build.site(open_release(release), out, SILENT, kept=out.parent / "kept")
    return out


def text(page: str, name: str) -> str:
    """The text of the element of that id."""
    found = re.search(rf'<(\w+) id="{name}"[^>]*>(.*?)</\1>', page, re.DOTALL)
    assert found, name
    return unescape(re.sub("<[^>]*>", "", found[2]))


def ris(said: str) -> dict[str, str]:
    lines = [line for line in said.splitlines() if line]
    assert lines[0].startswith("TY  - ")
    assert lines[-1] == "ER  - "
    return {line[:2]: line[6:] for line in lines}


def test_a_work_is_not_cited_with_an_address_that_is_not_certain(pages: Path) -> None:
    """The page gives the address and its doubt; the citation leaves it out."""
    page = (pages / "source/sante-publique-france-2023.html").read_text(encoding="utf-8")
    assert "santepubliquefrance.fr/" in page
    assert "adresse incertaine" in page
    for form in ("csl", "bibtex", "ris", "apa", "iso690"):
        assert "santepubliquefrance.fr/" not in text(page, f"cite-{form}")


@pytest.mark.parametrize("path", CITED)
def test_every_form_names_the_same_title_author_and_year(pages: Path, path: str) -> None:
    """Two styles, BibTeX, RIS and CSL-JSON; the last three as bibtexparser and citeproc read them."""
    title, author, year = CITED[path]
    page = (pages / f"{path}.html").read_text(encoding="utf-8")
    (item,) = json.loads(text(page, "cite-csl"))
    (entry,) = bibtexparser.parse_string(text(page, "cite-bibtex")).entries
    fields = {field.key: field.value for field in entry.fields}
    assert item["title"] == title
    assert [key.lower() for key in CiteProcJSON([item])] == [item["id"].lower()]
    assert fields["title"].strip("{}") == " ".join(title.split())
    assert author in fields["author"]
    assert (fields["year"], str(item["issued"]["date-parts"][0][0])) == (year, year)
    assert ris(text(page, "cite-ris"))["TI"] == " ".join(title.split())
    assert ris(text(page, "cite-ris"))["PY"] == year
    for style in ("apa", "iso690"):
        said = text(page, f"cite-{style}")
        assert title in said
        assert author.lower() in said.lower()
        assert year in said
    assert text(page, "cite-link") == BASE + path
    metas = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', page))
    assert unescape(metas["citation_title"]) == title
    assert metas["citation_author"] == author


ZOTERO = os.environ.get("OPENPROPOSALS_ZOTERO", "")


def test_coins_says_a_body_as_one(pages: Path) -> None:
    """An address's query, as OpenURL has it: what is cited, its kind, and its publisher as an organisation."""
    page = (pages / "source" / "fondation-abbe-pierre-2023.html").read_text(encoding="utf-8")
    (span,) = re.findall(r'<span class="Z3988" title="([^"]*)"', page)
    said = dict(parse_qsl(unescape(span), strict_parsing=True))
    assert said["rft.type"] == "document"
    assert said["rft.aucorp"] == "Fondation Abbé Pierre"
    assert said["rft.title"] == "28e rapport sur l'état du mal-logement en France 2023"
    assert said["rft.date"] == "2023"
    assert '<meta name="z:itemType" content="document">' in page


@pytest.mark.long
@pytest.mark.skipif(not ZOTERO, reason="OPENPROPOSALS_ZOTERO names no translation server (docs/decisions/0012-site.md)")
def test_zotero_takes_a_page_for_what_it_is(pages: Path) -> None:
    """Zotero's own translators, over a statistic, a proposal and a source."""
    found = {}
    with hosted(pages) as address:
        for path in ("statistic/S02", "proposal/P01", "source/fondation-abbe-pierre-2023"):
            asked = Request(
                f"{ZOTERO}/web",
                f"{address}{path}.html".replace("localhost", "127.0.0.1").encode(),
                {"Content-Type": "text/plain"},
            )
            with urlopen(asked, timeout=60) as answer:
                (found[path],) = json.load(answer)
    statistic, proposal, source = found.values()
    assert {statistic["itemType"], proposal["itemType"]} == {"webpage"}
    assert statistic["title"].startswith("Personnes sans domicile en France")
    assert statistic["websiteTitle"] == "Propositions du Groupe SOS pour le vivre-ensemble, et leurs sources"
    assert statistic["url"] == f"{BASE}statistic/S02"
    assert proposal["url"] == f"{BASE}proposal/P01"
    assert source["itemType"] == "document"
    assert source["creators"] == [{"name": "Fondation Abbé Pierre", "creatorType": "author"}]
    assert source["date"] == "2023"


def test_a_card_is_html_that_leads_back(pages: Path) -> None:
    """The sentence of the page, quoted, with a link to the figure's own address."""
    card = text((pages / "en" / "statistic" / "S02.html").read_text(encoding="utf-8"), "cite-card")
    assert f'cite="{BASE}statistic/S02"' in card
    assert f'<a href="{BASE}statistic/S02">' in card
    assert "330,000\u00a0people</b>, according to Groupe SOS" in card
    assert card.startswith('<blockquote lang="en"')


def test_a_page_says_to_link_previews_what_its_sentence_says(pages: Path) -> None:
    """Open Graph, and schema.org with what is claimed, by whom."""
    page = (pages / "en" / "statistic" / "S02.html").read_text(encoding="utf-8")
    (described,) = re.findall(r'<meta property="og:description" content="([^"]+)">', page)
    assert "330,000\u00a0people, according to Groupe SOS" in unescape(described)
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    about = json.loads(said)
    assert about["@type"] == "Claim"
    assert about["text"] == "People without a home in France: 330,000\u00a0people"
    assert [each["name"] for each in about["author"]] == ["Groupe SOS"]


def test_a_rating_is_a_claim_review(tmp_path: Path) -> None:
    """Where somebody rated a claim, its page says so as search engines ask for it; elsewhere nothing is said."""
    assert run("publish", TIDEWATER, "--out", tmp_path / "release", "--quiet").returncode == 0
    out = made(tmp_path / "release", tmp_path / "out")
    found = {}
    for path in (out / "statistic").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        scripts = [json.loads(s) for s in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
        found[path.stem] = [each for each in scripts if each["@type"] == "ClaimReview"]
    (review,) = found.pop("queue")
    assert [each["reviewRating"]["alternateName"] for each in found.pop("toll-free")] == ["False"]
    assert found
    assert not any(found.values())
    assert review["reviewRating"]["alternateName"] == "Mostly true"
    assert [author["name"] for author in review["author"]] == ["Tidewater Fact Check"]
    assert review["itemReviewed"]["@type"] == "Claim"
    assert review["claimReviewed"]
