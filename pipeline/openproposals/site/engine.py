"""The query page's engine and editor, and the reader of PDF: npm packages, fetched once and kept in `build/`.

A lock file pins the digest of every package, and npm runs no script of any package. Without npm or a network, the site
is made without the engine, and the query page says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from openproposals.errors import CannotGoOn
from openproposals.guards.files import data

_LOCK = Path(__file__).with_name("engine")
_SECONDS = 300
KEPT = Path("build") / "engine"
FILES = {
    "engine/oxigraph.js": "oxigraph/web.js",
    "engine/web_bg.wasm": "oxigraph/web_bg.wasm",
    "engine/yasqe.js": "@zazuko/yasqe/build/yasqe.min.js",
    "engine/yasqe.css": "@zazuko/yasqe/build/yasqe.min.css",
    "engine/pdf.js": "pdfjs-dist/legacy/build/pdf.min.mjs",
    "engine/pdf.worker.js": "pdfjs-dist/legacy/build/pdf.worker.min.mjs",
}
# What pdf.js tells of marked content: of its dictionary one entry, and not the text that it stands for. Told is that
# text, if there is one: browsers write so what the glyphs of a syllable are in Thai, Hindi and other scripts.
_TOLD = (b'e[1].get("MCID"):null];break;', b'e[1].get("ActualText")??e[1].get("MCID"):null];break;')


class EngineMissing(CannotGoOn):
    """The engine could not be fetched; the message says why."""


def files(kept: Path) -> dict[str, bytes]:
    """The engine's files by their name in the site, with a notice of their licences. Raises EngineMissing."""
    packages = _packages(kept)
    try:
        found = {name: data(packages / path, follow=False) for name, path in FILES.items()}
    except OSError as error:
        raise EngineMissing("npm-lacks-file", path=str(error.filename)) from error
    found["engine/pdf.worker.js"] = found["engine/pdf.worker.js"].replace(*_TOLD)
    return {**found, "engine/NOTICE.txt": _notice(packages)}


def _packages(kept: Path) -> Path:
    """The folder of the packages of this lock file: an earlier one in `kept`, else a new one, complete or not made.

    Raises EngineMissing.
    """
    lock = (_LOCK / "package-lock.json").read_bytes()
    folder = kept / hashlib.sha256(lock).hexdigest()[:16]
    if (folder / "node_modules").is_dir():
        return folder / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        raise EngineMissing("npm-missing")
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as temporary:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_LOCK / name, temporary)
        command = [npm, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
        try:
            done = subprocess.run(command, cwd=temporary, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineMissing("npm-not-ended", because=type(error).__name__) from error
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
            if said:
                raise EngineMissing("npm-failed", because=said[0])
            raise EngineMissing("npm-failed-silently", code=done.returncode)
        folder.mkdir(exist_ok=True)
        try:
            (Path(temporary) / "node_modules").rename(folder / "node_modules")
        except OSError:
            if not (folder / "node_modules").is_dir():  # not by another run, which made the same packages meanwhile
                raise
    return folder / "node_modules"


def _notice(packages: Path) -> bytes:
    """The notice: every package of the lock file with its version and its licence."""
    locked = json.loads((_LOCK / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    lines = ["These packages are parts of the pages, each under its own licence.", ""]
    lines += [
        "Changed in pdf.worker.js: the text that marked content stands for (ActualText) is told to its reader.",
        "",
    ]
    for path, package in sorted(locked.items()):
        if path and (packages.parent / path).is_dir():
            lines.append(f"{path.removeprefix('node_modules/')} {package['version']}: {package.get('license', '')}")
    return ("\n".join(lines) + "\n").encode()
