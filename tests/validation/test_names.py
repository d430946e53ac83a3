"""Identifiers as names of files: what the site makes a page of is what is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from openproposals import stages
from openproposals.model import schema
from openproposals.site import pages
from openproposals.stages import Run
from openproposals.validation import names
from support.places import MINIMAL


def test_every_kind_of_page_is_checked() -> None:
    """A kind that is new to the site asks for its table here."""
    made = {name: (schema.shipped("schema") / f"{name}.jsonld").read_text(encoding="utf-8") for name in names.PAGED}
    kinds = {text.split('"@id": "', 1)[1].split("/", 1)[0] for text in made.values()}
    assert kinds == set(pages.KINDS)


@pytest.mark.parametrize(
    ("ids", "codes"),
    [
        (["a", "b", "c"], []),
        (["Logement", "logement", "LOGEMENT"], ["ids-differ-by-case", "ids-differ-by-case"]),
        (["CON", "nul.txt", "LPT9"], ["id-reserved"] * 3),
        (["index", "console", "com10"], ["id-reserved"]),
        (["a.", "a..b", "1e5"], []),
        (["x" * 248, "y" * 249, "z"], ["id-too-long"]),
    ],
)
def test_identifiers(tmp_path: Path, ids: list[str], codes: list[str]) -> None:
    """Those that no system takes for one another, and that every system keeps, are no finding."""
    for file in MINIMAL.iterdir():
        if file.name != "claims.csv":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    rows = "".join(f"{key},{n},a{n},b{n}\n" for n, key in enumerate(ids, start=1))
    (tmp_path / "proposals.csv").write_text(f"id,position,label_fr,label_en\n{rows}", encoding="utf-8")
    found = stages.validate(tmp_path, Run()).findings
    assert [f.code for f in found] == codes
    assert {f.location.name for f in found} <= {"id"}
