"""The polygons of a place: what is written in WKT, GeoJSON or as four numbers, and what is wrong with it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

NO_NUMBER = "polygon-without-numbers"
Ring = list[list[float]]
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_WKT = re.compile(r"(MULTI)?POLYGON\s*(Z\s*)?(\(.*\))", re.IGNORECASE | re.DOTALL)


def box(said: str) -> list[Ring] | None:
    """A polygon of "west,south,east,north", as udata reads a text; None where it is none.

    >>> box("1,2,3,4")
    [[[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0], [1.0, 2.0]]]
    """
    parts = said.strip().split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        return None
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


_SHAPE = re.compile(
    r"\s*(?:SRID=\d+;)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*(\(.*\))\s*",
    re.DOTALL,
)


def is_wkt(said: str) -> bool:
    """Whether a text is a shape in WKT, its name in capitals.

    >>> is_wkt("POINT(1 2)"), is_wkt("point(1 2)"), is_wkt("46.2 2.2")
    (True, False, False)
    """
    found = _SHAPE.fullmatch(said)
    return found is not None and (found[1] == "GEOMETRYCOLLECTION" or _sound(found[2]))


def polygons(said: str, is_wkt: bool, is_geojson: bool) -> list[list[Ring]]:
    """The polygons of a literal that says which of the two it is; none where it cannot be read or has another shape."""
    if is_geojson:
        try:
            found = json.loads(said)
        except ValueError:
            return []
        kind, inside = (found.get("type"), found.get("coordinates")) if isinstance(found, dict) else (None, None)
        return [inside] if kind == "Polygon" and inside else list(inside or []) if kind == "MultiPolygon" else []
    if not is_wkt:
        return []
    read = _WKT.fullmatch(said.strip())
    if read is None:
        return []
    many = json.loads(re.sub(rf"(?:\s*({_NUMBER}))+", _pair, read[3]).replace("(", "[").replace(")", "]")) if _sound(
        read[3]) else None  # fmt: skip
    if many is None:
        return []
    return list(many) if read[1] else [many]


def _sound(body: str) -> bool:
    """Whether a WKT body has nothing but numbers, commas and brackets, which match."""
    depth = 0
    for sign in body:
        depth += (sign == "(") - (sign == ")")
        if depth < 0 or depth > 3:
            return False
    return depth == 0 and re.fullmatch(rf"(?:[\s(),]|{_NUMBER}(?=[\s(),]))+", body, re.IGNORECASE) is not None


def _pair(found: re.Match[str]) -> str:
    return "[" + ",".join(str(float(each)) for each in found[0].split()) + "]"


def wrong(polygon: Any) -> str:
    """The code of what a store of polygons refuses: a ring that does not end where it begins, or is none; else ""."""
    if not isinstance(polygon, list) or not polygon:
        return "polygon-not-read"
    for ring in polygon:
        if not isinstance(ring, list) or not all(isinstance(p, list) and len(p) == 2 for p in ring) or not ring:
            return "polygon-not-read"
        if not all(isinstance(n, int | float) and math.isfinite(n) for point in ring for n in point):
            return NO_NUMBER
        if ring[0] != ring[-1]:
            return "polygon-open"
    return ""


def odd(polygon: list[Ring], four_numbers: bool) -> str:
    """The code of what cannot be so: a corner off the Earth, or a box whose ends are exchanged; else ""."""
    points = [point for ring in polygon for point in ring]
    if any(abs(x) > 180 or abs(y) > 90 for x, y in points):
        return "place-off-the-earth"
    (west, south), (east, north) = points[0], points[2] if len(points) > 2 else points[0]
    return "box-inverted" if four_numbers and (west > east or south > north) else ""
