"""The polygons of a place: what is written in WKT, GeoJSON or as four numbers, and what is wrong with it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

NO_NUMBER = "polygon-without-numbers"
Ring = list[list[float]]
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_WKT = re.compile(r"(?:SRID=\d+;)?\s*(MULTI)?POLYGON\s*(\(.*\)|EMPTY)", re.IGNORECASE | re.DOTALL)
_DEPTHS = {"POLYGON": 2, "MULTILINESTRING": 2, "MULTIPOLYGON": 3}  # brackets that a shape begins with; of others, one


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
    r"(?:SRID=\d+;)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\s*(\(.*\)|EMPTY)",
    re.DOTALL,
)


def is_wkt(said: str) -> bool:
    """Whether a text is a shape in WKT as the harvesters read it: its name in capitals, without Z, perhaps EMPTY.

    >>> is_wkt("POINT(1 2)"), is_wkt("POLYGON EMPTY"), is_wkt("point(1 2)"), is_wkt("POLYGON(1 2, 3 4)")
    (True, True, False, False)
    """
    found = _SHAPE.fullmatch(said)
    if found is None:
        return False
    return found[1] == "GEOMETRYCOLLECTION" or found[2] == "EMPTY" or _is_body(found[2], _DEPTHS.get(found[1], 1))


def polygons(said: str, is_wkt: bool, is_geojson: bool) -> list[list[Ring]]:
    """The polygons of a literal that says which of the two it is; none where it cannot be read or has another shape."""
    if is_geojson:
        try:
            found = json.loads(said)
        except ValueError:
            return []
        return _of_geojson(found)
    if not is_wkt:
        return []
    read = _WKT.fullmatch(said.strip())
    if read is None:
        return []
    if read[2].upper() == "EMPTY":
        return [] if read[1] else [[]]
    if not _is_body(read[2], 3 if read[1] else 2):
        return []
    many = json.loads(re.sub(rf"(?:\s*({_NUMBER}))+", _pair, read[2]).replace("(", "[").replace(")", "]"))
    return list(many) if read[1] else [many]


def _of_geojson(found: Any) -> list[Any]:
    """The polygons of GeoJSON; one that is none where it lacks what udata asks of it."""
    kind = found.get("type") if isinstance(found, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return [] if isinstance(found, dict) and "type" in found else [[]]
    if "coordinates" not in found:
        return [[]]
    inside = found["coordinates"]
    return [inside] if kind == "Polygon" else list(inside) if isinstance(inside, list) else [[]]


def _is_body(body: str, depth: int) -> bool:
    """Whether the body of a shape begins with so many brackets, and is sound."""
    return re.match(r"\(\s*" * depth, body) is not None and _sound(body)


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
    if not isinstance(polygon, list):
        return NO_NUMBER
    if not polygon:
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
