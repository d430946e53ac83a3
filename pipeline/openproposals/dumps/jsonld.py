"""The syntax JSON-LD 1.1, compact, with its context inline. A row's object has the form of its row template."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from openproposals.dumps.cells import Cells
from openproposals.dumps.pieces import TextColumn, either, joined, whole
from openproposals.model import schema
from openproposals.model.hosts import Host
from openproposals.model.templates import XSD, Literal_, Part, Pattern, TemplateNode


class JsonLd:
    """Writes one JSON object for each row of a host, with nested nodes inside it."""

    separator = ","
    between = ",\n"
    keyed = False

    def __init__(self, base: str) -> None:
        self.base = base

    def prologue(self) -> bytes:
        """The whole context, and the beginning of the graph."""
        context = json.dumps({**schema.context(), "@base": self.base}, ensure_ascii=False)
        return f'{{"@context": {context},\n"@graph": [\n'.encode()

    def epilogue(self) -> bytes:
        """The end of the graph."""
        return b"\n]}\n"

    def group(self, pattern: Pattern) -> str:
        """The pattern's key."""
        return pattern.key

    def member(self, pattern: Pattern, cells: Cells) -> TextColumn:
        """One value, or one entry of a language map."""
        before, after = '"', '"'
        if pattern.form == "object":
            before, after = '{"@id":"', '"}'
        elif pattern.form == "typed":
            assert isinstance(pattern.object, Literal_)
            before, after = '{"@value":"', f'","@type":"xsd:{pattern.object.datatype.removeprefix(XSD)}"}}'
        elif pattern.form == "language":
            assert isinstance(pattern.object, Literal_)
            before = f'"{pattern.object.language}":"'
        return cells.guarded(pattern, whole(before, _written(pattern.local, cells), after))

    def own(self, host: Host, pattern: Pattern, cells: Cells) -> TextColumn:
        """One value of the host itself; the whole nested node where the template nests one there."""
        inside = {(key, entry): inner for key, entry, inner in host.node.nested}
        inner = inside.get((pattern.key, pattern.entry))
        return self._node(inner, {}, cells) if inner else self.member(pattern, cells)

    def block(self, host: Host, gathered: Mapping[str, TextColumn], cells: Cells) -> TextColumn:
        """The JSON object of a row."""
        return self._node(host.node, gathered, cells, host)

    def _node(
        self, node: TemplateNode, gathered: Mapping[str, TextColumn], cells: Cells, host: Host | None = None
    ) -> TextColumn:
        inside = {(key, entry): inner for key, entry, inner in node.nested}
        groups: dict[str, dict[int, list[TextColumn]]] = {}
        languages = set()
        for p in node.patterns:
            inner = inside.get((p.key, p.entry))
            value = self._node(inner, {}, cells) if inner else self.member(p, cells)
            groups.setdefault(p.key, {}).setdefault(p.entry, []).append(value)
            languages |= {p.key} if p.form == "language" else set()
        members = []
        for key, entries in groups.items():
            if key in gathered:
                continue
            if key in languages:
                value = whole("{", joined(entries[0], ","), "}")
            elif key in node.lists:
                value = whole("[", joined([either(v) for v in entries.values()], ","), "]")
            else:
                value = either(entries[0])
            members.append(whole(f'"{key}":', value))
        for key, text in gathered.items():
            guests = [g for g in host.guests if g.pattern.key == key] if host else []
            if any(g.pattern.form == "language" for g in guests):
                value = whole("{", text, "}")
            elif key not in groups and all(g.alone for g in guests):
                value = text
            else:
                value = whole("[", text, "]")
            members.append(whole(f'"{key}":', value))
        return whole('{"@id":"', _written(node.local, cells), '",', joined(members, ","), "}")


def _written(parts: Sequence[Part], cells: Cells) -> TextColumn:
    """The parts as text: constants escaped for JSON, cells in the holes."""
    return cells.text([json.dumps(p, ensure_ascii=False)[1:-1] if isinstance(p, str) else p for p in parts])
