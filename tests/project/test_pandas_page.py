"""The pandas page: its code runs as it stands on the published figures, and prints what the page says."""

from __future__ import annotations

import csv
import re
import subprocess

import pytest

from support.places import DIST, ROOT

PYTHON = ROOT / ".venv-oracle" / "bin" / "python"
PAGE = (ROOT / "docs" / "pandas.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", PAGE, re.S)
MARK = "--- next ---"


def printed() -> list[str]:
    """What each block prints, run one after the other as in a notebook."""
    script = f"\nprint({MARK!r})\n".join(code for code, _ in BLOCKS)
    done = subprocess.run([PYTHON, "-c", script], cwd=DIST, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(MARK + "\n")


@pytest.mark.skipif(not PYTHON.exists(), reason="./run test installs the oracle's environment, which has pandas")
def test_each_block_prints_what_the_page_shows() -> None:
    """Block by block, to the space, but for spaces that end a line."""
    assert len(BLOCKS) >= 6
    assert [shown for _, shown in BLOCKS] == [re.sub(r" +$", "", text, flags=re.M) for text in printed()]


def test_pandas_and_sparql_name_the_same_figures() -> None:
    """What the page lists as having no source is the answer kept for question two."""
    with (ROOT / "docs" / "queries" / "02-figures-without-a-source.csv").open(encoding="utf-8", newline="") as lines:
        asked = sorted((row["statistic"].rpartition("/")[2], row["stated"]) for row in csv.DictReader(lines))
    rows = [line.split(maxsplit=1) for line in BLOCKS[1][1].splitlines()[1:]]
    assert [statistic for statistic, _ in asked] == [row[0] for row in rows]
    assert all(value in row[1] for (_, value), row in zip(asked, rows, strict=True))
