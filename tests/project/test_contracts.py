"""Which folder may import which, and which module a library: the contracts of pyproject.toml, and that they hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.places import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LINT = Path(sys.executable).with_name("lint-imports")


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the import linter says of the package in a folder."""
    command = [LINT, "--no-logo", "--no-cache", "--config", folder / "pyproject.toml"]
    env = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


PLANTED = {
    "an import that runs up": ("model/codes.py", "from openproposals.release import write", "A folder imports only"),
    "a circle within a folder": ("corpus/decoding.py", "from openproposals.corpus import spill", "No circle"),
    "a second doorway": ("dumps/cells.py", "import frictionless", "Doorways of frictionless"),
    "a doorway of another folder": ("dumps/cells.py", "import rdflib", "Doorways of rdflib"),
    "an import hidden in a function": (
        "web/urls.py",
        "def f() -> None:\n    import pyoxigraph",
        "Doorways of pyoxigraph",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, plant: str) -> None:
    """The contracts hold for the package as it is, and no longer once an import is added."""
    module, line, contract = PLANTED[plant]
    package = tmp_path / "openproposals"
    shutil.copytree(ROOT / "pipeline" / "openproposals", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (package / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{line}\n")
    found = linted(tmp_path)
    assert found.returncode == 1
    broken = [each for each in found.stdout.splitlines() if "BROKEN" in each]
    assert [each for each in broken if each.startswith(contract)], found.stdout


def test_the_contracts_hold() -> None:
    """`./run lint` says so too; here it is a test."""
    found = subprocess.run([LINT, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_the_table_of_doorways_is_that_of_the_contracts() -> None:
    """Decision 0002 names the doorways of each library that has a contract, and no other module."""
    said = {}
    for line in (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3:
            said |= {library.strip(): set(re.findall(r"`([^`]+)`", cells[1])) for library in cells[0].split(",")}
    doors = {
        each["forbidden_modules"][0]: {_path(door.partition(" -> ")[0]) for door in each["ignore_imports"]}
        for each in CONTRACTS
        if each["type"] == "forbidden"
    }
    libraries = {name: places for name, places in doors.items() if name not in sys.stdlib_module_names}
    assert {name: said.get(name) for name in libraries} == libraries


def _path(module: str) -> str:
    """A module of the package as decision 0002 writes it: `web/urls.py`, or `commands/` for those of that folder."""
    path = module.removeprefix("openproposals.").replace(".", "/")
    if path.endswith("/**"):
        return path.removesuffix("**")
    return "commands/" if path.startswith("commands/") else f"{path}.py"


def test_every_dependency_is_declared_and_has_its_reason() -> None:
    """What pyproject.toml declares stands in decision 0002, once each."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [re.split("[<>=~]", each)[0] for each in declared]
    table = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    assert len(names) == len(set(names))
    assert [name for name in names if not re.search(rf"^\| [^|]*\b{name}\b", table, re.MULTILINE)] == []
