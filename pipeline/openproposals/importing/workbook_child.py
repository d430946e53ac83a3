"""In a child process: a workbook read by python-calamine, and what its own parts say that calamine does not.

The answer is JSON: sheets by name, rows of cells as text with a mark where the format itself says what they are, what
is noted of cells, macros, links to elsewhere. Nothing is run and nothing is fetched.
"""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import python_calamine

from openproposals.importing import workbook_parts

"".encode("cp437")  # the names in an archive are read by it, and a sealed process loads nothing later
MOST = 1 << 30  # bytes of all parts of a workbook, unpacked
_RATIO = 200  # times that a part may be larger unpacked, once it is beyond _SMALL
_SMALL = 64 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def answer(payload: bytes, arguments: Sequence[str]) -> bytes:
    """The workbook in these bytes, as JSON; `problem` where it cannot be read."""
    wanted = json.loads(arguments[0])
    return json.dumps(_read(payload, wanted), ensure_ascii=False).encode()


def _read(data: bytes, wanted: list[str] | None) -> dict[str, Any]:
    bomb = unsafe(data)
    if bomb:
        return {"problem": bomb, "reason": bomb}
    if data.startswith(_OLE) and (b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in data):
        return {"problem": "encrypted", "encrypted": True}
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            sheets = [m for m in book.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
            hidden = [m.name for m in sheets if m.visible != python_calamine.SheetVisibleEnum.Visible]
            names = [m.name for m in sheets]
            grids, notes = {}, {}
            parts = workbook_parts.parts(data)
            for number, name in enumerate(names):
                if wanted is not None and name not in wanted:
                    continue
                found = book.get_sheet_by_name(name)
                grids[name] = [[_cell(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
                merged = found.merged_cell_ranges or []
                notes[name] = {"merged": merged, **workbook_parts.noted(parts, number, name, grids[name])}
    except python_calamine.PasswordError:
        return {"problem": "encrypted", "encrypted": True}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        encrypted = b"manifest:algorithm" in (workbook_parts.part(data, "META-INF/manifest.xml") or b"")
        return {"problem": str(error), "encrypted": encrypted}
    everything = zipfile.ZipFile(io.BytesIO(data)).namelist() if zipfile.is_zipfile(io.BytesIO(data)) else []
    return {
        "names": names,
        "hidden": hidden,
        "grids": grids,
        "notes": notes,
        "macros": any(n.endswith("vbaProject.bin") or n.startswith("Basic/") for n in everything),
        "links": any(n.startswith("xl/externalLinks/") for n in everything),
    }


def unsafe(data: bytes) -> str:
    """The reason for which an archive is not unpacked: "" for none.

    >>> unsafe(b"no archive")
    ''
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError):
        return ""
    if sum(entry.file_size for entry in entries) > MOST:
        return "archive-too-large"
    thin = (e for e in entries if e.file_size > _SMALL and e.file_size > _RATIO * max(e.compress_size, 1))
    return "archive-bomb" if any(thin) else ""


def _cell(value: Any) -> str | list[str]:
    """A cell's text; in a list where the format says that it is a number, a date or a truth value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, float):
        return [_number(value)]
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time(0)
        return [(value.date() if midnight else value).isoformat()]
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return [f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"]
    return [value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)]


def _number(value: float) -> str:
    """The shortest decimal of a cell's number, never in powers of ten.

    >>> _number(5.0), _number(0.1), _number(1e22), _number(2.5e-7)
    ('5', '0.1', '10000000000000000000000', '0.00000025')
    """
    if value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    text = repr(value)
    if "e" not in text:
        return text
    return f"{Decimal(text):f}"
