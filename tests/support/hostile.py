"""A release whose every text is a payload."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pyoxigraph as ox

from support.places import DIST

HOSTILE = "</script><script>hacked()</script><img src=x onerror=hacked()>'\"><svg onload=hacked()>{{7*7}}&#106;"


def hostile(folder: Path) -> Path:
    """The first release with a payload in every text cell that is free text, and `javascript:` for every address."""
    shutil.copytree(DIST, folder)
    quads = list(ox.parse((folder / "vivre-ensemble.ttl").read_bytes(), format=ox.RdfFormat.TURTLE))
    payload = ox.Literal(HOSTILE)
    changed = []
    for quad in quads:
        value = quad.object
        if isinstance(value, ox.Literal) and quad.predicate.value != "http://purl.org/dc/terms/identifier":
            value = ox.Literal(HOSTILE, language=value.language) if value.language else payload
        changed.append(ox.Triple(quad.subject, quad.predicate, value))
        if quad.predicate.value.endswith("traceStatus"):
            script = ox.NamedNode("javascript:hacked()")
            changed.append(ox.Triple(quad.subject, ox.NamedNode("http://schema.org/url"), script))
            changed.append(ox.Triple(quad.subject, ox.NamedNode("http://schema.org/archivedAt"), script))
    (folder / "vivre-ensemble.ttl").write_bytes(ox.serialize(changed, format=ox.RdfFormat.TURTLE) or b"")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        resource["schema"] |= {"title": HOSTILE, "title_fr": HOSTILE, "description": HOSTILE, "description_fr": HOSTILE}
    package["resources"][0]["path"] = "javascript:hacked()"
    (folder / "javascript:hacked()").write_text("x")
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return claimed(folder)


def claimed(folder: Path) -> Path:
    """The same folder, its report listing every file in it, as whoever made it may."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file()]
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    report["files"] = {name: said for name, said in sums.items() if name not in ("report.json", "SHA256SUMS")}
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    sums["report.json"] = hashlib.sha256((folder / "report.json").read_bytes()).hexdigest()
    lines = [f"{said}  {name}\n" for name, said in sums.items() if name != "SHA256SUMS"]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return folder
