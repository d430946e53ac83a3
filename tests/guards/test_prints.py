"""Text leaves the program in one place: nothing prints but through guards/terminal.py."""

from __future__ import annotations

import ast
from pathlib import Path

import openproposals

HERE = Path(openproposals.__file__).parent
STREAMS = frozenset(["sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"])
CHILDREN = {  # in a child process, standard output is a pipe to its parent
    "guards/child.py sys.stdout",
    "validation/worker_main.py sys.stdout",
}


def prints(path: Path) -> set[str]:
    """Every way to a standard stream in a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        said = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        if said in STREAMS or said in ("print", "click.echo", "click.secho", "echo", "secho"):
            found.add(f"{path.relative_to(HERE).as_posix()} {said}")
    return found


def test_nothing_prints_but_through_the_guard() -> None:
    """No print, no click.echo, no stream by its name: a new one is seen here."""
    modules = [path for path in HERE.rglob("*.py") if path != HERE / "guards" / "terminal.py"]
    assert {each for path in modules for each in prints(path)} == CHILDREN
