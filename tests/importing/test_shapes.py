"""Four shapes of real corpora, from raw files to a site, by a mapping and commands alone. Rows are invented, or shared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openproposals import places, stages
from openproposals.importing import intake
from openproposals.progress import SILENT
from openproposals.site import build
from openproposals.stages import Run
from support.places import ROOT, SHARED
from support.sheets import rows

SHAPES = ROOT / "tests" / "importing" / "shapes"
NZ = SHARED / "data" / "nz" / "promises.csv"


def site_of(folder: Path, tmp_path: Path) -> Path:
    done = intake.take(folder)
    assert done.conforms, [(str(f.location), f.code, f.cell) for f in done.findings]
    work, _ = stages.publish(folder, tmp_path / "dist", Run())
    assert work.conforms, [(str(f.location), str(f.origin), f.code, f.cell) for f in work.findings]
    build.site(places.release(str(tmp_path / "dist")), tmp_path / "site", SILENT)
    return tmp_path / "site"


@pytest.mark.long
@pytest.mark.parametrize(
    ("shape", "table", "count"),
    [("promises", "outcomes", 3), ("theses", "passages", 3), ("elections", "responses", 6), ("measures", "claims", 2)],
)
def test_a_shape_goes_from_its_files_to_a_site(shape: str, table: str, count: int, tmp_path: Path) -> None:
    """Nothing but the mapping beside the files is needed."""
    folder = Path(shutil.copytree(SHAPES / shape, tmp_path / shape))
    site = site_of(folder, tmp_path)
    assert len(rows(folder, table)) == count
    assert (site / "index.html").is_file()


def test_french_cells_are_read_as_they_are_meant(tmp_path: Path) -> None:
    """Decimal commas, grouped thousands, days as 31/12/2022, several keywords in a cell."""
    folder = Path(shutil.copytree(SHAPES / "measures", tmp_path / "c"))
    assert intake.take(folder).findings == []
    assert [row["value"] for row in rows(folder, "claims")] == ["12.5", "1234.5"]
    assert [row["issued"] for row in rows(folder, "proposals")] == ["2022-03-14", "2022-05-02", "2022-06-01"]
    assert [row["proposal"] for row in rows(folder, "claims")] == ["ouvrir-les-creches-le-soir", "planter-des-arbres"]
    assert len(rows(folder, "proposal-themes")) == 3


@pytest.mark.long
@pytest.mark.skipif(not NZ.is_file(), reason="somebody else's data is beside the project in CI")
def test_the_real_sheet_goes_to_a_site_too(tmp_path: Path) -> None:
    """347 promises of somebody else: every column is placed or named as unused, and no row is lost."""
    folder = Path(shutil.copytree(SHAPES / "promises", tmp_path / "c"))
    shutil.copy(NZ, folder / "promises.csv")
    site_of(folder, tmp_path)
    assert len(rows(folder, "proposals")) == 347
    assert len(rows(folder, "outcomes")) == 347
