"""The diagram of what a corpus publishes: a box for each kind of node, its properties, and where they lead; as SVG.

It follows from the row templates: nothing is drawn by hand. Terms of our own are in bold, borrowed ones are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from openproposals.model import schema, templates
from openproposals.model.hosts import plan
from openproposals.model.languages import Languages

_BASE = "https://example.org/corpus/"
_CODES = "https://w3id.org/openproposals/code/"
_ROW, _HEAD, _WIDTH, _GAP, _COLUMNS = 15, 40, 330, 56, 4  # in pixels, but for the last
_NAMES = "font-family='system-ui, sans-serif' font-size='11'"


@dataclass(frozen=True)
class Box:
    """A kind of node: its key in IRIs (`statistic`), its classes, and pairs of a property and where it leads.

    A property leads to the key of another box, to a list of codes, to an address, or to a literal.
    """

    key: str
    classes: tuple[str, ...]
    properties: tuple[tuple[str, str], ...]

    @property
    def height(self) -> int:
        """In pixels."""
        return _HEAD + _ROW * len(self.properties) + 8


def boxes() -> list[Box]:
    """Every kind of node that the templates make, in the order of publication."""
    made: dict[str, Box] = {}
    for host in plan(templates.load(_BASE, Languages(("en",)))):
        guests = [guest.pattern for guest in host.guests]
        for node in host.node.walk():
            box = _box(host.table, node.iri, [*node.patterns, *(guests if node is host.node else [])])
            before = made.get(box.key, Box(box.key, (), ()))
            classes, led = ({*before.classes}, {*before.properties})
            made[box.key] = Box(
                box.key,
                (*before.classes, *(each for each in box.classes if each not in classes)),
                (*before.properties, *(each for each in box.properties if each not in led)),
            )
    return [box for box in made.values() if box.properties]


def _box(table: schema.Table, iri: templates.Iri, patterns: Iterable[templates.Pattern]) -> Box:
    """What one node of a template says, each thing once."""
    types, led = {}, {}
    for pattern in patterns:
        if pattern.predicate != templates.RDF_TYPE:
            led[_short(pattern.predicate), _target(pattern.object)] = None
        elif isinstance(pattern.object, templates.Iri):
            types[_short("".join(map(str, pattern.object.parts)))] = None
    whole = iri.parts[0]  # an IRI that is a cell: the table's own key, or the column's name
    named = "" if isinstance(whole, str) else table.name if (whole.name,) == table.key else whole.name
    return Box(named or _key(iri), tuple(types), tuple(led))


def _key(iri: templates.Iri) -> str:
    """What an IRI names: `statistic` of `statistic/{id}`, `text#sha256` of `text/{id}#sha256`."""
    text = "".join(f"{{{part.name}}}" if isinstance(part, templates.Hole) else part for part in iri.parts)
    path, _, fragment = text.removeprefix(_BASE).partition("#")
    return path.partition("/")[0] + (f"#{fragment.replace('{', '').replace('}', '')}" if fragment else "")


def _target(said: templates.Iri | templates.Literal_) -> str:
    if isinstance(said, templates.Literal_):
        kind = "text in a language" if said.language else said.datatype.rpartition("#")[2]
        return "date" if kind in ("gYear", "gYearMonth") else kind
    head = said.parts[0]
    if isinstance(head, templates.Hole):
        return "web address"
    if head.startswith(_CODES):
        return f"code: {head.removeprefix(_CODES).partition('/')[0]}"
    return _key(said) if head.startswith(_BASE) else _short(head).rstrip(":")


def _short(iri: str) -> str:
    """A compact name, with the longest namespace that fits."""
    known = sorted(schema.prefixes().items(), key=lambda each: -len(each[1]))
    return next((f"{prefix}:{iri.removeprefix(ns)}" for prefix, ns in known if iri.startswith(ns)), iri)


def svg() -> str:
    """The diagram as the text of an SVG file."""
    placed, height = _placed(boxes())
    width = _COLUMNS * (_WIDTH + _GAP) + _GAP
    lines = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' {_NAMES}>",
        "<title>What a corpus publishes: classes, properties, and where they lead</title>",
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>",
        *(line for box, x, y in placed.values() for line in _links(box, x, y, placed)),
        *(line for box, x, y in placed.values() for line in _drawn(box, x, y, placed.keys())),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _placed(found: Sequence[Box]) -> tuple[dict[str, tuple[Box, int, int]], int]:
    """By key, each box with its upper left corner; and the height of the whole. The shortest column gets the next."""
    bottoms = [_GAP] * _COLUMNS
    placed = {}
    for box in found:
        column = bottoms.index(min(bottoms))
        placed[box.key] = (box, _GAP + column * (_WIDTH + _GAP), bottoms[column])
        bottoms[column] += box.height + _GAP // 2
    return placed, max(bottoms) + _GAP // 2


def _links(box: Box, x: int, y: int, placed: Mapping[str, tuple[Box, int, int]]) -> Iterator[str]:
    """A curve from each property that leads to another box, to that box's head."""
    for number, (_, target) in enumerate(box.properties):
        if target not in placed or target == box.key:
            continue
        _, to_x, to_y = placed[target]
        here_y, there_y = y + _HEAD + _ROW * number + 4, to_y + _HEAD // 2
        right = to_x > x
        here_x = x + _WIDTH if right or to_x == x else x
        there_x = to_x if right else to_x + _WIDTH
        bend = _GAP if here_x <= there_x or to_x == x else -_GAP
        back = there_x - _GAP if right else there_x + _GAP
        curve = f"M{here_x} {here_y} C{here_x + bend} {here_y} {back} {there_y} {there_x} {there_y}"
        yield f"<path d='{curve}' fill='none' stroke='#9aa5b1' stroke-opacity='.55'/>"


def _drawn(box: Box, x: int, y: int, keys: Iterable[str]) -> Iterator[str]:
    known = set(keys)
    yield f"<rect x='{x}' y='{y}' width='{_WIDTH}' height='{box.height}' rx='6' fill='#fbfcfd' stroke='#52606d'/>"
    yield f"<text x='{x + 10}' y='{y + 16}' font-weight='bold' font-size='13' fill='#102a43'>{escape(box.key)}</text>"
    classes = " ".join(
        f"<tspan{_weight(name)}>{escape(name)}</tspan>" for name in box.classes
    ) or "what is known of an address"  # fmt: skip
    yield f"<text x='{x + 10}' y='{y + 31}' fill='#334e68'>{classes}</text>"
    for number, (name, target) in enumerate(box.properties):
        row = y + _HEAD + _ROW * number + 8
        colour = "#0b69a3" if target in known else "#627d98"
        yield f"<text x='{x + 10}' y='{row}' fill='#243b53'{_weight(name)}>{escape(name)}</text>"
        yield f"<text x='{x + _WIDTH - 10}' y='{row}' text-anchor='end' fill='{colour}'>{escape(target)}</text>"


def _weight(name: str) -> str:
    return " font-weight='bold'" if name.startswith("op:") else ""
