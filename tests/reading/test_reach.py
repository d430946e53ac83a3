"""How far reading reaches: a PDF of two hundred pages, in time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

PAGES, SECONDS, MEGABYTES = 200, 30, 500
MEASURED = """
import json, resource, subprocess, sys, time
begun = time.monotonic()
code = subprocess.run(sys.argv[1:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def written(path: Path) -> None:
    """Pages of forty lines with figures and two notes each, the numbers of the notes small and raised."""
    canvas = Canvas(str(path), pagesize=A4)
    note = 0
    for page in range(PAGES):
        for line in range(40):
            y = 800 - 16 * line
            canvas.setFont("Helvetica", 10)
            said = (
                f"In {1990 + line % 30}, {line + 2}.5 % of the {1000 + page} towns had more than {line} million visits,"
            )
            canvas.drawString(60, y, said)
            if line % 20 == 7:
                note += 1
                canvas.setFont("Helvetica", 6)
                canvas.drawString(60 + canvas.stringWidth(said, "Helvetica", 10), y + 4, str(note))
        for at, number in enumerate((note - 1, note)):
            canvas.setFont("Helvetica", 6)
            canvas.drawString(60, 124 - 16 * at, str(number))
            canvas.setFont("Helvetica", 9)
            canvas.drawString(70, 120 - 16 * at, f"Board of Towns, Report on visits {number}, 2020")
        canvas.showPage()
    canvas.save()


@pytest.mark.long
def test_a_pdf_of_two_hundred_pages_is_read_in_half_a_minute(tmp_path: Path) -> None:
    """Processor time and memory of the command and its sealed child; every mark meets its note."""
    written(tmp_path / "long.pdf")
    read = [sys.executable, "-m", "openproposals", "read", tmp_path / "long.pdf", "--into", tmp_path / "d", "--quiet"]
    done = subprocess.run([sys.executable, "-c", MEASURED, *read], capture_output=True, text=True, check=True)
    code, seconds, megabytes = json.loads(done.stdout)
    assert code == 0, done.stderr
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    rows = (tmp_path / "d" / "candidates.csv").read_text(encoding="utf-8").splitlines()
    counts = {kind: sum(row.split(",")[1] == kind for row in rows) for kind in ("figure", "mark", "note")}
    assert counts == {"figure": PAGES * 40 * 3, "mark": PAGES * 2, "note": PAGES * 2}
