"""Files are opened in one place: what a user or a stranger gave is read and written through guards/files.py alone."""

from __future__ import annotations

import ast
from pathlib import Path

import openproposals

HERE = Path(openproposals.__file__).parent
DOORS = frozenset(
    [
        "open",
        "read_bytes",
        "read_text",
        "write_bytes",
        "write_text",
        "touch",
        "symlink_to",
        "hardlink_to",
        "OSFile",
        "memory_map",
        "copyfile",
        "copytree",
        "rmtree",
    ]
)
WHOLE = frozenset({"shutil.copy", "shutil.copy2", "shutil.move"})
OURS = {  # what is opened elsewhere, and whose it is
    "corpus/descriptor.py (schema.shipped('schema') / 'corpus.json').read_text": "shipped",
    "corpus/spill.py pa.OSFile": "a temporary folder of its own",
    "model/codes.py path.read_bytes": "shipped",
    "model/schema.py (folder / 'tables.json').read_text": "shipped",
    "model/schema.py (folder / f'{name}.json').read_text": "shipped",
    "model/schema.py (shipped('schema') / 'context.jsonld').read_text": "shipped",
    "model/tables.py pa.OSFile": "a temporary folder of its own",
    "model/templates.py (folder / f'{name}.jsonld').read_text": "shipped",
    "query/examples.py path.read_bytes": "shipped",
    "query/examples.py (schema.shipped('docs/queries') / f'{name}.ttl').read_bytes": "shipped",
    "serving/store.py shutil.rmtree": "a folder of its own, in the cache",
    "site/build.py asset.read_bytes": "shipped",
    "site/engine.py (_LOCK / 'package-lock.json').read_bytes": "shipped",
    "site/engine.py (_LOCK / 'package-lock.json').read_text": "shipped",
    "site/engine.py shutil.copy": "shipped, into a temporary folder of its own",
    "contents.py path.read_bytes": "shipped",
    "engines/corpus_files.py (folder / small[path]).write_bytes": "a room of its own",
    "engines/staging.py target.open": "a staging folder of its own",
    "engines/staged.py pa.OSFile": "a staging folder of its own",
    "engines/staging.py pa.OSFile": "a staging folder of its own",
    "importing/mapping.py (schema.shipped('schema') / 'mapping.json').read_text": "shipped",
    "importing/presets.py path.read_text": "shipped",
    "importing/withdrawals.py path.read_text": "shipped",
    "reading/review.py (_ASSETS / name).read_text": "shipped",
    "release/workspace.py shutil.rmtree": "a working folder of its own",
    "factcheck/editions.py (Path(copy) / f'{name}.csv').write_text": "a temporary folder of its own",
    "factcheck/editions.py (Path(copy) / path.name).write_bytes": "a temporary folder of its own",
    "messages.py (_HERE / f'{name}.toml').read_text": "shipped",
    "messages.py own.read_text": "shipped",
    "model/lists.py (schema.shipped('schema') / 'lists' / f'{name}.tsv').read_text": "shipped",
}


def doors(path: Path) -> set[str]:
    """Every call in a module that opens a file, but of those beside the module itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            said = ast.unparse(called)
            if (name in DOORS or said in WHOLE) and "Path(__file__)" not in said:
                found.add(f"{path.relative_to(HERE).as_posix()} {said}")
    return found


def test_files_are_opened_in_one_place() -> None:
    """A new call is seen here: it goes through guards/files.py, or is of a file that we ship or have just made."""
    modules = [path for path in HERE.rglob("*.py") if path.parent.name != "guards"]
    assert {each for path in modules for each in doors(path)} == OURS.keys()
