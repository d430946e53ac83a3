"""JSON-LD 1.1, compact, with its context inline: the row templates themselves, filled."""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from openproposals import schema
from openproposals.dumps import blocks
from openproposals.templates import XSD, Hole, Literal_, Node, Part, Pattern

# RFC 8259, section 7: quotation mark, reverse solidus and the controls must be escaped.
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(c): f"\\u{c:04x}" for c in (*range(0x20), 0x7F, 0x2028, 0x2029) if chr(c) not in "\n\r\t"
}


class JsonLd:
    """One object a host's row, nested nodes inside it."""

    separator = ","
    between = ",\n"

    def __init__(self, base: str) -> None:
        self.base = base

    def prologue(self) -> bytes:
        """The context, whole, and the beginning of the graph."""
        context = json.dumps({**schema.context(), "@base": self.base}, ensure_ascii=False)
        return f'{{"@context": {context},\n"@graph": [\n'.encode()

    def epilogue(self) -> bytes:
        """The end of the graph."""
        return b"\n]}\n"

    def group(self, pattern: Pattern) -> str:
        """Grouped by key."""
        return pattern.key

    def member(self, pattern: Pattern) -> pl.Expr:
        """One value; for a language map, one entry of it."""
        return pl.when(blocks.said(pattern)).then(self._value(pattern))

    def own(self, host: blocks.Host, pattern: Pattern) -> pl.Expr:
        """The host's own value beside its guests': the nested node whole, where there is one."""
        inside = {(key, entry): inner for key, entry, inner in host.node.nested}
        inner = inside.get((pattern.key, pattern.entry))
        return pl.when(blocks.said(pattern)).then(self._node(inner, {})) if inner else self.member(pattern)

    def _value(self, pattern: Pattern) -> pl.Expr:
        inner = [_cell(part) for part in pattern.local]
        before, after = '"', '"'
        if pattern.form == "object":
            before, after = '{"@id":"', '"}'
        elif pattern.form == "typed":
            assert isinstance(pattern.object, Literal_)
            before, after = '{"@value":"', f'","@type":"xsd:{pattern.object.datatype.removeprefix(XSD)}"}}'
        elif pattern.form == "language":
            assert isinstance(pattern.object, Literal_)
            before = f'"{pattern.object.language}":"'
        return pl.concat_str([pl.lit(before), *inner, pl.lit(after)])

    def block(self, host: blocks.Host, gathered: Mapping[str, pl.Expr]) -> pl.Expr:
        """The row's object."""
        return self._node(host.node, gathered, host)

    def _node(self, node: Node, gathered: Mapping[str, pl.Expr], host: blocks.Host | None = None) -> pl.Expr:
        inside = {(key, entry): inner for key, entry, inner in node.nested}
        groups: dict[str, dict[int, list[pl.Expr]]] = {}
        languages = set()
        for p in node.patterns:
            inner = inside.get((p.key, p.entry))
            value = pl.when(blocks.said(p)).then(self._node(inner, {})) if inner else self.member(p)
            groups.setdefault(p.key, {}).setdefault(p.entry, []).append(value)
            languages |= {p.key} if p.form == "language" else set()
        members = []
        for key, entries in groups.items():
            if key in gathered:
                continue
            if key in languages:
                value = _wrapped("{", blocks.joined(entries[0], ","), "}")
            elif key in node.lists:
                value = _wrapped("[", blocks.joined([pl.coalesce(v) for v in entries.values()], ","), "]")
            else:
                value = pl.coalesce(entries[0])
            members.append(_keyed(key, value))
        for key, expr in gathered.items():
            guests = host.guests if host else ()
            single = key not in groups and all(g.alone for g in guests if g.pattern.key == key)
            members.append(_keyed(key, expr if single else _wrapped("[", expr, "]")))
        local = [_cell(part) for part in node.local]
        return pl.concat_str([pl.lit('{"@id":"'), *local, pl.lit('",'), blocks.joined(members, ","), pl.lit("}")])


def _cell(part: Part) -> pl.Expr:
    if isinstance(part, Hole):
        return blocks.cell(part, _ESCAPED)
    return pl.lit(json.dumps(part, ensure_ascii=False)[1:-1])


def _wrapped(before: str, expr: pl.Expr, after: str) -> pl.Expr:
    return pl.concat_str([pl.lit(before), expr, pl.lit(after)])


def _keyed(key: str, expr: pl.Expr) -> pl.Expr:
    return pl.concat_str([pl.lit(f'"{key}":'), expr])
