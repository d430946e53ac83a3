"""Tables anchored with an earlier edition of the normal forms.

Read with its digests taken out, so that they are made anew.
"""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openproposals.corpus import edit
from openproposals.corpus.corpus_folder import table_text
from openproposals.factcheck.anchor import ACCENTED, ANCHORS, FRAMES
from openproposals.guards import files

_FIRST = ("skeleton_length", "skeleton_sha256")
_MOST = 256 << 20  # bytes of a file that are copied
_CELLS = {"passages": (*ANCHORS, ACCENTED), "figure-passages": FRAMES}


@contextlib.contextmanager
def second_edition(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder to read a corpus from, and its tables of passages and figures as text, by name.

    Where these lack the columns of the second edition, the folder is a copy with the old digests taken out: positions
    alone are left in it.
    """
    texts = {name: text for name in _CELLS if (text := table_text(folder, name))}
    new = {name: _changed(text, _CELLS[name]) for name, text in texts.items()}
    if new == texts:
        yield folder, texts
        return
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.iterdir():
            with contextlib.suppress(OSError):  # a link, a folder, a device: it is no table
                (Path(copy) / path.name).write_bytes(files.data(path, follow=False, most=_MOST))
        for name, text in new.items():
            (Path(copy) / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        yield Path(copy), new


def _changed(text: str, cells: tuple[str, ...]) -> str:
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if not rows or set(cells) <= set(rows[0]):
        return text
    digests = dict.fromkeys((cell for cell in cells if cell not in ("start", "end")), "")
    return edit.without(edit.changed(text, dict.fromkeys(range(2, len(rows) + 1), digests) or {2: digests}), _FIRST)
