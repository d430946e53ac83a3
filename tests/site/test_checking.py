"""What a browser says of passages in a reader's document is what the command says: same texts, same grades, by Node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from factcheck.test_kinds import ALTERED, FOUND, HOMES, INTERRUPTED, LOST
from openproposals.factcheck import documents, verify
from openproposals.model import schema
from openproposals.model.rdf import parse, serialise
from openproposals.site.checking import as_data
from openproposals.site.nodes import expand
from support.commands import run
from support.held import town
from support.hostile import claimed
from support.places import DIST, ROOT

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
SCRIPT = ROOT / "pipeline" / "openproposals" / "site" / "assets" / "verifying.js"
Case = tuple[Sequence[verify.Passage], str]


def in_javascript(cases: Sequence[Case]) -> list[list[dict[str, object]]]:
    """The grades of passages in texts, as the site's own code gives them."""
    lines = "".join(json.dumps({"passages": [as_data(p) for p in some], "text": text}) + "\n" for some, text in cases)
    command = ["node", str(ROOT / "tests" / "support" / "graded.mjs"), SCRIPT.as_uri()]
    ran = subprocess.run(command, input=lines.encode(), capture_output=True, check=True, timeout=120)
    return [json.loads(line) for line in ran.stdout.decode().splitlines()]


def in_python(some: Sequence[verify.Passage], text: str) -> list[verify.Graded]:
    read = documents.read("reader.txt", text.encode())
    return verify.grade(some, {passage.text: read for passage in some})


def booklets(text: str) -> dict[str, str]:
    """A booklet as its readers may have it."""
    half = text.index("\n", len(text) // 2)
    lines = text.split("\n")
    paged = "\f".join(
        f"Val-Clair\n{chr(10).join(lines[at : at + 12])}\n{at // 12 + 1}\n" for at in range(0, len(lines), 12)
    )
    return {
        "as it is": text,
        "after a preface": "Une préface.\n\n" + text,
        "in another order": text[half:] + text[:half],
        "without its digits": re.sub("[0-9]", "7", text),
        "without accents": unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode(),
        "in capitals": text.upper(),
        "one word a line": text.replace(" ", "\n"),
        "with an emoji before": "\U0001f600 " + text,
        "in pages": paged,
        "nothing of it": "Rien de tout cela ne s'y trouve.",
    }


def test_both_grade_alike() -> None:
    """Every kind of input that verification was ever fooled by, and every passage of a booklet, moved and broken."""
    kinds: dict[str, Case] = {}
    for name, (pinned, words, *_) in {**FOUND, **ALTERED, **LOST}.items():
        kinds[name] = ([pinned.passage()], pinned.before + words + pinned.after)
    kinds |= {name: ([HOMES.passage()], text) for name, text in INTERRUPTED.items()}
    passages, booklet = town()
    for name, text in booklets(booklet).items():
        kinds[name] = (passages, text)
    assert len(kinds) > 60
    differ = {}
    for (name, (some, text)), found in zip(kinds.items(), in_javascript(list(kinds.values())), strict=True):
        expected = [(g.id, g.grade, list(g.forms), g.figure, g.found, g.page) for g in in_python(some, text)]
        told = [
            (f["id"], f["grade"], f["forms"], f.get("figure", ""), f.get("found", ""), f.get("page")) for f in found
        ]
        if told != expected:
            differ[name] = (told, expected)
    assert differ == {}


@pytest.mark.slow
def test_a_release_that_is_not_whole_has_no_page_to_check_with_and_says_so(tmp_path: Path) -> None:
    """On standard error and on the page of uses; the other pages are made."""
    folder = Path(shutil.copytree(DIST, tmp_path / "release"))
    dump = folder / "vivre-ensemble.ttl"
    whole = parse(dump.read_bytes(), "turtle")
    lost = [triple for triple in whole if triple[1] != expand("oa:end")]
    assert len(lost) < len(whole)
    dump.write_bytes(serialise(lost, "turtle", schema.prefixes()))
    claimed(folder)
    told = run("site", folder, "--out", tmp_path / "site", "--lang", "en", PATH="")
    assert told.returncode == 0, told.stderr
    assert "the page that looks for passages in a reader's document was not made" in told.stderr
    assert not (tmp_path / "site" / "check.html").exists()
    said = (tmp_path / "site" / "en" / "use.html").read_text(encoding="utf-8")
    assert "was not made: the data are not whole" in said
