"""Exports in the shape of the programs that write them, imported by a preset: invented rows, the real columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openproposals import stages
from openproposals.errors import UsageError
from openproposals.importing import intake, starting
from openproposals.importing.answers import Answers
from openproposals.stages import Run
from support.sheets import DESCRIPTOR, Cell, rows, workbook

# Decidim's CSV: ProposalSerializer flattened with slashes, separated by semicolons; columns follow the languages.
DECIDIM = """\
id;author/id;author/name;author/url;category/id;category/name/ca;category/name/en;scope/id;scope/name/ca;scope/name/en;\
participatory_space/id;participatory_space/url;component/id;title/ca;title/en;body/ca;body/en;state;reference;answer/ca;\
answer/en;answered_at;votes;published_at;url;is_amend
7;3, 4;Ann Roca, Bob Pi;https://d.example/p/a, https://d.example/p/b;2;Mobilitat;Mobility;;;;1;https://d.example/s/1;9;\
Busos de nit;Night buses;Fins a les tres;Until three;accepted;D-1;Fet;Done;2023-05-01 10:00:00 UTC;12;\
2023-01-02 08:00:00 UTC;https://d.example/7;false
8;4;Bob Pi;https://d.example/p/b;2;Mobilitat;Mobility;;;;1;https://d.example/s/1;9;Més carrils bici;More bike lanes;\
A tot arreu;Everywhere;;D-2;;;;3;2023-01-03 08:00:00 UTC;https://d.example/8;false
"""
CONSUL = [
    {"id": 1, "title": "Plant trees", "summary": "In every street", "description": "Many words."},
    {"id": 2, "title": "Open the archive", "summary": "For all", "description": "More words."},
]
CONSUL_API = {
    "data": {"proposals": {"edges": [{"node": {"id": 5, "title": "Benches", "summary": "To sit", "public_created_at": "2023-04-01 10:00:00"}}]}}
}  # fmt: skip
CLAIMS: dict[str, Any] = {
    "dataFeedElement": [
        {
            "item": [
                {
                    "@type": "ClaimReview",
                    "claimReviewed": "No other town has a toll",
                    "url": "https://check.example/toll",
                    "datePublished": "2022-06-30",
                    "author": {"@type": "Organization", "name": "Town Check", "url": "https://check.example/"},
                    "reviewRating": {
                        "ratingValue": "1",
                        "bestRating": "5",
                        "worstRating": "1",
                        "alternateName": "False",
                    },
                    "itemReviewed": {
                        "author": {"name": "Harbour list"},
                        "appearance": [{"url": "https://h.example/1"}],
                    },
                }
            ]
        }
    ]
}
CSVW = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "p.csv",
    "tableSchema": {
        "columns": [
            {"titles": "Kennung", "propertyUrl": "http://purl.org/dc/terms/identifier"},
            {"titles": {"de": "Titel"}, "propertyUrl": "http://www.w3.org/2000/01/rdf-schema#label"},
            {"titles": ["Datum"], "propertyUrl": "https://schema.org/datePublished"},
            {"name": "Rest", "propertyUrl": "https://x.example/rest"},
        ]
    },
}
# The same, said of the whole table, in a group, with short and patterned properties, in a schema of its own.
CSVW_GROUP = {
    "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
    "tables": [
        {"url": "other.csv"},
        {
            "url": "data/p.csv",
            "dialect": {"delimiter": ";", "encoding": "windows-1252"},
            "tableSchema": "schema.json",
        },
    ],
}
CSVW_SCHEMA = {
    "columns": [
        {"name": "nr", "titles": ["Kennung", "Nummer"], "propertyUrl": "http://x.example/nr"},
        {"name": "title", "titles": "Titel", "propertyUrl": "dc:{_name}"},
        {
            "name": "date",
            "titles": "Datum",
            "propertyUrl": "schema:datePublished",
            "datatype": {"base": "date", "format": "d.M.yyyy"},
        },
        {"name": "type", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "schema:Thing"},
        {"name": "place", "titles": "Ort", "propertyUrl": "schema:name", "aboutUrl": "#place-{_row}"},
    ],
    "primaryKey": "nr",
}
# What Google's Fact Check Tools API answers, a DataFeed with two authors and null items, and ClaimsKG's CSV.
CLAIM_SEARCH = {"claims": [{
    "text": "No other town has a toll", "claimant": "Harbour list", "claimDate": "2022-06-01T00:00:00Z",
    "claimReview": [{
        "publisher": {"name": "Town Check", "site": "check.example"}, "url": "https://check.example/toll", "title": "A toll",
        "reviewDate": "2022-06-30T00:00:00Z", "textualRating": "False", "languageCode": "en",
    }],
}]}  # fmt: skip
_REVIEW = CLAIMS["dataFeedElement"][0]["item"][0]
CLAIM_LISTS = {"@type": "DataFeed", "dataFeedElement": [{"item": None}, {"item": [
    {**_REVIEW, "author": [_REVIEW["author"]], "itemReviewed": {"@type": "Claim", "author": [{"name": "Harbour list"}],
     "appearance": [{"url": "https://h.example/1"}, {"url": "https://h.example/2"}]}}
]}]}  # fmt: skip
CLAIMS_KG = """\
claimReview_author_name,claimReview_author_url,claimReview_claimReviewed,claimReview_datePublished,claimReview_url,\
creativeWork_author_name,creativeWork_datePublished,rating_alternateName,rating_ratingValue,extra_title
Town Check,https://check.example/,No other town has a toll,2022-06-30,https://check.example/toll,Harbour list,,False,1,x
"""
# The data set of the Bundeszentrale für politische Bildung for one election: notes first, then a row for each party and thesis.
THESES: list[list[Cell]] = [
    ["Partei: Nr.", "Partei: Kurzbezeichnung", "Partei: Name", "These: Nr.", "These: Titel", "These: These",
     "Position: Position", "Position: Begründung"],
    [1, "HL", "Hafenliste", 1, "Busse", "Busse sollen nachts fahren.", "stimme zu", "Längst überfällig."],
    [1, "HL", "Hafenliste", 2, "Bäume", "Jede Straße soll Bäume haben.", "neutral", None],
    [2, "UL", "Uferliste", 1, "Busse", "Busse sollen nachts fahren.", "stimme nicht zu", "Zu teuer."],
]  # fmt: skip
BERLIN: dict[str, Any] = {
    "statement": [
        {"id": 0, "category": 0, "label": "Busse", "text": "Busse sollen nachts fahren."},
        {"id": 1, "category": 1, "label": "Bäume", "text": "Jede Straße soll Bäume haben."},
    ],
    "category": [{"id": 0, "label": "Verkehr"}, {"id": 1, "label": "Umwelt"}],
    "party": [{"id": 0, "name": "HL", "longname": "Hafenliste"}, {"id": 1, "name": "UL", "longname": "Uferliste"}],
    "opinion": [
        {"id": 0, "party": 0, "statement": 0, "answer": 0},
        {"id": 1, "party": 1, "statement": 0, "answer": 1},
        {"id": 2, "party": 0, "statement": 1, "answer": 2},
    ],
    "comment": [{"id": 0, "opinion": 0, "text": "Längst überfällig."}, {"id": 1, "opinion": 1, "text": "Zu teuer."}],
    "overview": {
        "title": "Wahl in der Stadt", "date": "2006-09-17T00:00:00.000Z", "info": "https://w.example/",
        "data_source": "https://w.example/zip",
    },
}  # fmt: skip


def folder(tmp_path: Path, languages: str, **files: str) -> Path:
    made = tmp_path / "c"
    made.mkdir()
    tags = languages.split()
    texts = ", ".join(f'{tag} = "Titel"' for tag in tags)
    described = "\n".join(
        line if not line.startswith(("languages", "title", "description", "rights")) else ""
        for line in DESCRIPTOR.splitlines()
    )
    head = f"languages = {json.dumps(tags)}\n" + "".join(
        f"{k} = {{ {texts} }}\n" for k in ("title", "description", "rights")
    )
    (made / "corpus.toml").write_text(head + described)
    for name, content in files.items():
        (made / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return made


def taken(made: Path, preset: str, tmp_path: Path) -> list[str]:
    """Import by a preset; the corpus conforms. Returns the codes of what was told."""
    starting.take_preset(made, preset)
    done = intake.take(made)
    assert done.conforms, [f.words("en") for f in done.findings]
    work, _ = stages.publish(made, tmp_path / "out", Run())
    assert work.conforms, [(str(f.location), f.code, f.cell) for f in work.findings]
    return [f.code for f in done.findings]


def test_decidim(tmp_path: Path) -> None:
    """Both languages, two authors of one proposal, states as the organisation's own words; the rest is named as unused."""
    made = folder(tmp_path, "ca en", export__csv=DECIDIM)
    taken(made, "decidim", tmp_path)
    assert rows(made, "proposals")[0] == {
        "id": "7", "theme": "2", "issued": "2023-01-02", "label_ca": "Busos de nit", "label_en": "Night buses",
        "summary_ca": "Fins a les tres", "summary_en": "Until three", "url": "https://d.example/7",
    }  # fmt: skip
    assert [(r["proposal"], r["proposer"]) for r in rows(made, "proposal-proposers")] == [
        ("7", "3"),
        ("7", "4"),
        ("8", "4"),
    ]
    assert rows(made, "outcome-statuses") == [{"id": "accepted", "label_ca": "Acceptada", "label_en": "Accepted"}]
    assert [r["proposal"] for r in rows(made, "outcomes")] == ["7"]
    assert '"votes"' in (made / "mapping.toml").read_text()


def test_decidim_as_json_with_taxonomies(tmp_path: Path) -> None:
    """Since 0.30: each taxonomy a theme, with its names; a machine's translation has no place."""
    names = [{"ca": "Mar", "en": "Sea"}, {"ca": "Terra", "en": "Land"}]
    said = {
        "id": 1, "author": {"id": [3], "name": ["Ann"], "url": ["https://d.example/p/a"]}, "state": "accepted",
        "taxonomies": {"id": [7, 8], "name": names},
        "title": {"ca": "Bac", "en": "Ferry", "machine_translations": {"fr": "Bac"}},
        "body": {"ca": "De nit", "en": "At night"}, "answer": {"ca": "", "en": ""}, "published_at": "2024-01-02T10:00:00.000Z",
    }  # fmt: skip
    made = folder(
        tmp_path, "ca en", export__json=json.dumps([said, {**said, "id": 2, "taxonomies": {"id": [], "name": []}}])
    )
    taken(made, "decidim", tmp_path)
    assert [(r["id"], r["label_ca"], r["label_en"]) for r in rows(made, "themes")] == [
        ("7", "Mar", "Sea"), ("8", "Terra", "Land"),
    ]  # fmt: skip
    assert [r["theme"] for r in rows(made, "proposal-themes")] == ["7", "8"]


def test_decidim_before_it_had_translations(tmp_path: Path) -> None:
    """A title is a text, and the names of taxonomies in a CSV are nothing to be read."""
    export = 'id;title;body;state;taxonomies/id;taxonomies/name\n1;Ferry;At night;;7, 8;"{""en""=>""Sea""}, {}"\n'
    made = folder(tmp_path, "en", export__csv=export)
    taken(made, "decidim", tmp_path)
    assert rows(made, "proposals") == [{"id": "1", "label_en": "Ferry", "summary_en": "At night"}]
    assert not (made / "themes.csv").exists()


@pytest.mark.parametrize(("export", "count"), [(CONSUL, 2), (CONSUL_API, 1)], ids=["download", "api"])
def test_consul(export: object, count: int, tmp_path: Path) -> None:
    """What administrators download, and what the API answers."""
    made = folder(tmp_path, "en", proposals__json=json.dumps(export))
    taken(made, "consul", tmp_path)
    assert len(rows(made, "proposals")) == count


def test_wahl_o_mat(tmp_path: Path) -> None:
    """Folders of JSON: ids made of year, place and number; parties' answers, and their words from a file beside."""
    made = folder(tmp_path, "de")
    for place in ("2006/berlin", "2011/bremen"):
        (made / place).mkdir(parents=True)
        for name, content in BERLIN.items():
            (made / place / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    taken(made, "wahl-o-mat", tmp_path)
    assert [row["id"] for row in rows(made, "proposals")] == [
        "2006-berlin-0",
        "2006-berlin-1",
        "2011-bremen-0",
        "2011-bremen-1",
    ]
    assert rows(made, "responses")[1] == {
        "id": "2006-berlin-1", "proposal": "2006-berlin-0", "agent": "2006-berlin-1", "answer": "stimmt-nicht-zu",
        "comment_de": "Zu teuer.",
    }  # fmt: skip
    assert [row["maps_to"] for row in rows(made, "answers")] == ["supports", "opposes", "neutral"]


def test_wahl_o_mat_as_it_is_now(tmp_path: Path) -> None:
    """Below data/, an opinion names its comment; a thesis may have no category, an opinion no comment."""
    made = folder(tmp_path, "de")
    place = made / "data" / "2025" / "hamburg"
    place.mkdir(parents=True)
    now = {
        **BERLIN,
        "statement": [{**each, "category": None} for each in BERLIN["statement"]],
        "opinion": [{**each, "comment": n if n < 2 else None} for n, each in enumerate(BERLIN["opinion"])],
        "comment": [{"id": 1, "text": "Zu teuer."}, {"id": 0, "text": "Längst überfällig."}],
        "answer": [{"id": 0, "message": "Stimme zu"}],
    }
    for name in (each for each in now if each != "category"):
        (place / f"{name}.json").write_text(json.dumps(now[name], ensure_ascii=False), encoding="utf-8")
    (made / "list.json").write_text('["data/2025/hamburg"]')
    taken(made, "wahl-o-mat", tmp_path)
    assert [row["comment_de"] for row in rows(made, "responses")] == ["Längst überfällig.", "Zu teuer.", ""]
    assert "theme" not in rows(made, "proposals")[0]


def test_wahl_o_mat_as_a_workbook(tmp_path: Path) -> None:
    """The sheet with the columns is found among others; theses and parties are made once."""
    made = folder(tmp_path, "de")
    (made / "Datensatz.xlsx").write_bytes(workbook({"Hinweise": [["Hinweise"], ["Stand: 2025"]], "Datensatz": THESES}))
    taken(made, "wahl-o-mat", tmp_path)
    assert [row["label_de"] for row in rows(made, "proposals")] == [THESES[1][5], THESES[2][5]]
    assert [(r["id"], r["answer"]) for r in rows(made, "responses")] == [
        ("1-1", "stimmt-zu"), ("2-1", "neutral"), ("1-2", "stimmt-nicht-zu"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("feed__json", json.dumps(CLAIM_LISTS)),
        ("feed__json", json.dumps({"@context": "https://schema.org", "@graph": [_REVIEW]})),
        ("feed__json", json.dumps(_REVIEW)),
        ("feed__json", f"{json.dumps(_REVIEW)}\n{json.dumps({**_REVIEW, 'claimReviewed': 'Nobody pays'})}\n"),
        ("answer__json", json.dumps(CLAIM_SEARCH)),
        ("kg__csv", CLAIMS_KG),
    ],
    ids=["lists", "graph", "one", "lines", "api", "claimskg"],
)
def test_claimreview_in_other_shapes(name: str, content: str, tmp_path: Path) -> None:
    """Who claims, who rates and how, wherever it stands; where the claim appeared is not called its source."""
    made = folder(tmp_path, "en", **{name: content})
    (made / "proposals.csv").write_text("id,label\n")
    taken(made, "claimreview", tmp_path)
    row = rows(made, "claims")[-1]
    assert (row["claimant"], row["reviewer"], row["rating_en"]) == ("harbour-list", "town-check", "False")
    assert (row["reviewed"], row["review_url"]) == ("2022-06-30", "https://check.example/toll")
    assert not row.get("source_url")


def test_claimreview(tmp_path: Path) -> None:
    """A feed of reviews: claims with who claims and who rates them."""
    made = folder(tmp_path, "en", feed__json=json.dumps(CLAIMS))
    (made / "proposals.csv").write_text("id,label\n")
    taken(made, "claimreview", tmp_path)
    (row,) = rows(made, "claims")
    assert (row["claimant"], row["reviewer"], row["rating_en"]) == ("harbour-list", "town-check", "False")
    assert row["reviewed"] == "2022-06-30"


def test_csvw(tmp_path: Path) -> None:
    """Columns are known by the properties that the metadata gives them, whatever they are called."""
    csv = "Kennung;Titel;Datum;Rest\nA1;Bäume pflanzen;2023-01-02;x\nA2;Busse;2023-01-03;y\n"
    made = folder(tmp_path, "de", p__csv=csv)
    (made / "p.csv-metadata.json").write_text(json.dumps(CSVW))
    taken(made, "csvw", tmp_path)
    assert rows(made, "proposals")[1] == {"id": "A2", "issued": "2023-01-03", "label_de": "Busse"}
    assert 'unused = ["Rest"]' in (made / "mapping.toml").read_text()


def test_csvw_of_a_group(tmp_path: Path) -> None:
    """Delimiter, encoding and the form of days are the metadata's; the key is the id; another thing's columns are left."""
    csv = "Nummer;Titel;Datum;Ort\nA1;Bäume, überall;2.1.2023;Dorf\nA2;Busse;3.12.2023;Stadt\n"
    made = folder(tmp_path, "de")
    (made / "p.csv").write_bytes(csv.encode("cp1252"))
    (made / "csv-metadata.json").write_text(json.dumps(CSVW_GROUP))
    (made / "schema.json").write_text(json.dumps(CSVW_SCHEMA))
    assert taken(made, "csvw", tmp_path) == ["file-unmapped"]  # schema.json, which is no metadata by its name
    assert rows(made, "proposals")[0] == {"id": "A1", "issued": "2023-01-02", "label_de": "Bäume, überall"}
    assert 'unused = ["Ort"]' in (made / "mapping.toml").read_text()


def test_a_preset_that_fits_nothing_leaves_nothing(tmp_path: Path) -> None:
    """Neither a mapping nor copies of the files."""
    (tmp_path / "s.csv").write_text("a,b\n1,2\n")
    said = Answers({"en": "T"}, "P", "a@b.example", "https://l.example/", "https://x.example/c")
    with pytest.raises(UsageError):
        starting.create(tmp_path / "c", said, [], [tmp_path / "s.csv"], "decidim", "2026-01-31", "en")
    assert list((tmp_path / "c").iterdir()) == []
