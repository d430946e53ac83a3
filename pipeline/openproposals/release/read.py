"""In: what was published, wherever it lies: a release's folder, a dump's file, or a dump's address.

A release is a folder that holds `datapackage.json` and the dump it names. Nothing here reads a corpus's tables.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from openproposals.errors import UsageError
from openproposals.guards import files
from openproposals.model.rdf import Syntax

PACKAGE = "datapackage.json"
SYNTAXES: dict[str, Syntax] = {".ttl": "turtle", ".jsonld": "jsonld", ".nt": "ntriples"}
_TYPES: dict[str, Syntax] = {
    "text/turtle": "turtle",
    "application/ld+json": "jsonld",
    "application/n-triples": "ntriples",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
_SECONDS = 30
_LARGEST = 2**30  # bytes of a dump that is fetched: a gibibyte, some eight million triples


@dataclass(frozen=True)
class Dump:
    """A dump's bytes, and the syntax they are in."""

    data: bytes
    syntax: Syntax


def is_release(folder: Path) -> bool:
    """Whether a folder is a release."""
    return (folder / PACKAGE).is_file()


def find(name_or_path: str, published: Path = Path("dist")) -> Path | None:
    """The folder of a release, by path or by its corpus's name under `dist/`; None where there is none."""
    path = Path(name_or_path)
    folders = (path, published / (path.name))
    return next((folder for folder in folders if is_release(folder)), None)


def name(folder: Path) -> str:
    """The name of a release's corpus, which names its dumps. Refused: a package that gives none (UsageError)."""
    try:
        found = json.loads(files.data(folder / PACKAGE, follow=False))["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{folder / PACKAGE} names no corpus", why=str(error), mend="publish the corpus again"
        ) from error
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        raise UsageError(f"{folder / PACKAGE} names no corpus", why=f"{found!r} is no corpus's name")
    return found


def dump(place: str | Path) -> Dump:
    """The record dump of a release's folder, a file, or an address. Refused: no dump there (UsageError)."""
    if isinstance(place, str) and urlsplit(place).scheme in ("http", "https"):
        return _fetched(place)
    path = Path(place)
    within = is_release(path)
    if within:
        path = path / f"{name(path)}.ttl"
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise UsageError(
            f"nothing published at {path}",
            why=f"it is no release (a folder with {PACKAGE}) and no dump ({', '.join(SYNTAXES)})",
            mend="publish the corpus first, or give the path of a release or a dump, or a dump's web address",
        )
    try:
        return Dump(files.data(path, follow=not within), syntax)
    except OSError as error:
        raise UsageError(f"{path} cannot be read", why=error.strerror or str(error)) from error


class _WebOnly(urllib.request.HTTPRedirectHandler):
    """Redirects are followed to web addresses alone."""

    def redirect_request(
        self, req: urllib.request.Request, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise UsageError(f"{req.full_url} leads to {urlsplit(newurl).scheme}:, which is not fetched")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _fetched(address: str) -> Dump:
    """A dump from the web: its syntax by its media type, else by its name; no larger than a gibibyte."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(), _WebOnly)
    wanted = urllib.request.Request(address, headers={"Accept": ", ".join(_TYPES), "User-Agent": "openproposals"})
    try:
        with opener.open(wanted, timeout=_SECONDS) as answer:
            data = answer.read(_LARGEST + 1)
            media, last = answer.headers.get_content_type(), urlsplit(answer.url).path
    except (OSError, ValueError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        reason = error.reason if type(error) is urllib.error.URLError else error
        raise UsageError(f"{address} could not be fetched", why=str(reason), mend="try a file of it instead") from error
    if len(data) > _LARGEST:
        raise UsageError(f"{address} is larger than a gibibyte", mend="fetch it yourself, then give the file")
    syntax = _TYPES.get(media) or SYNTAXES.get(Path(last).suffix.lower())
    if syntax is None:
        raise UsageError(f"{address} is no dump, it is {media}", mend="give the address of a .ttl, .jsonld or .nt file")
    return Dump(data, syntax)
