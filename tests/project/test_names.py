"""A name means one thing: no two modules and no two classes of the package are called alike."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import openproposals

HERE = Path(openproposals.__file__).parent
MODULES = [path for path in HERE.rglob("*.py") if not path.stem.startswith("__")]


def test_every_module_has_a_name_of_its_own() -> None:
    assert [name for name, n in Counter(path.stem for path in MODULES).items() if n > 1] == []


def test_every_class_has_a_name_of_its_own() -> None:
    named = Counter(
        node.name
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, n in named.items() if n > 1] == []
