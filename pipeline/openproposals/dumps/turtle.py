"""The syntaxes Turtle and N-Triples (RDF 1.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from openproposals.dumps.cells import ESCAPED, Cells, escaped
from openproposals.dumps.pieces import TextColumn, constant, joined, whole
from openproposals.model import schema
from openproposals.model.hosts import Host
from openproposals.model.templates import RDF_TYPE, XSD, Hole, Iri, Literal_, Pattern

_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*)")
_ESCAPES = str.maketrans(dict[str, str | int | None](ESCAPED))


class NTriples:
    """Writes one line for each triple, with whole IRIs."""

    separator = ""
    between = ""
    keyed = True

    def prologue(self) -> bytes:
        """No bytes: N-Triples has no prologue."""
        return b""

    def epilogue(self) -> bytes:
        """No bytes: neither N-Triples nor Turtle has an epilogue."""
        return b""

    def iri(self, iri: Iri, cells: Cells) -> TextColumn:
        """An IRI in angle brackets."""
        return whole("<", cells.text(iri.parts), ">")

    def constant(self, iri: str) -> str:
        """A constant IRI in angle brackets."""
        return f"<{iri}>"

    def object(self, pattern: Pattern, cells: Cells) -> TextColumn:
        """The object of the pattern's triple, an IRI or a literal."""
        if isinstance(pattern.object, Iri):
            return self.iri(pattern.object, cells)
        return self.literal(pattern.object, cells)

    def literal(self, literal: Literal_, cells: Cells) -> TextColumn:
        """A quoted literal with its language or datatype; the datatype xsd:string is left out."""
        suffix = '"'
        if literal.language:
            suffix += f"@{literal.language}"
        elif literal.datatype != XSD + "string":
            suffix += f"^^{self.constant(literal.datatype)}"
        inner = literal.value.translate(_ESCAPES) if isinstance(literal.value, str) else literal.value
        return whole('"', cells.text([inner]), suffix)

    def group(self, pattern: Pattern) -> str:
        """The pattern's predicate."""
        return pattern.predicate

    def member(self, pattern: Pattern, cells: Cells) -> TextColumn:
        """The line of the pattern's triple."""
        subject, object_ = self.iri(pattern.subject, cells), self.object(pattern, cells)
        return cells.guarded(pattern, whole(subject, f" <{pattern.predicate}> ", object_, " .\n"))

    def own(self, host: Host, pattern: Pattern, cells: Cells) -> TextColumn:
        """As `member`: nested nodes have lines of their own."""
        del host
        return self.member(pattern, cells)

    def block(self, host: Host, gathered: Mapping[str, TextColumn], cells: Cells) -> TextColumn:
        """The subject's lines, then those of the nodes nested in it."""
        lines = [self.member(p, cells) for p in host.node.patterns if p.predicate not in gathered]
        lines += gathered.values()
        inside = [node for node in host.node.walk() if node is not host.node]
        return joined([*lines, *(self.member(p, cells) for node in inside for p in node.patterns)], "")


class Turtle(NTriples):
    """Writes one block for each subject, with prefixed names and IRIs relative to the base."""

    separator = ", "
    between = "\n"
    keyed = False

    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes = sorted(schema.prefixes().items(), key=lambda kv: -len(kv[1]))

    def prologue(self) -> bytes:
        """The @base line and the @prefix lines."""
        lines = [f"@base <{self.base}> ."] + [f"@prefix {p}: <{ns}> ." for p, ns in sorted(self.prefixes)]
        return ("\n".join(lines) + "\n\n").encode()

    def constant(self, iri: str) -> str:
        """A constant IRI: as a prefixed name, else relative to the base, else whole."""
        for prefix, namespace in self.prefixes:
            if iri.startswith(namespace) and _PLAIN_LOCAL.fullmatch(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri.removeprefix(self.base)}>"

    def iri(self, iri: Iri, cells: Cells) -> TextColumn:
        """An IRI with holes: a prefixed name if each value of the column's enum allows it, else relative or whole."""
        head = iri.parts[0]
        if isinstance(head, Hole):
            return super().iri(iri, cells)
        if len(iri.parts) == 1:
            return constant(self.constant(head))
        last = iri.parts[-1]
        if isinstance(last, Hole) and len(iri.parts) == 2 and last.column.enum:
            column = last.column
            names = {self.constant(head + value) for value in column.enum}
            if not any(name.startswith("<") for name in names):
                prefix = self.constant(head + column.enum[0]).removesuffix(column.enum[0])
                return whole(prefix, cells.text([last]))
        return super().iri(Iri((head.removeprefix(self.base), *iri.parts[1:])), cells)

    def member(self, pattern: Pattern, cells: Cells) -> TextColumn:
        """The object, without subject and predicate."""
        return cells.guarded(pattern, self.object(pattern, cells))

    def block(self, host: Host, gathered: Mapping[str, TextColumn], cells: Cells) -> TextColumn:
        """`<subject> a … ; property object, object .`, then a block for each nested node."""
        nodes = [self._node(n.patterns, gathered if n is host.node else {}, cells) for n in host.node.walk()]
        return joined(nodes, "")

    def _node(self, patterns: tuple[Pattern, ...], gathered: Mapping[str, TextColumn], cells: Cells) -> TextColumn:
        groups: dict[str, list[TextColumn]] = {}
        for p in patterns:
            groups.setdefault(p.predicate, []).append(self.member(p, cells))
        for predicate, text in gathered.items():
            groups[predicate] = [text]  # the host's own members of the group were gathered with the guests'
        clauses = [
            whole(("a" if predicate == RDF_TYPE else self.constant(predicate)) + " ", joined(members, ", "))
            for predicate, members in groups.items()
        ]
        return whole(self.iri(patterns[0].subject, cells), " ", joined(clauses, " ;\n    "), " .\n")


def lines(pattern: Pattern, rows: pl.DataFrame) -> pl.Series:
    """The N-Triples line of a pattern for each row; null in rows that do not publish it."""
    line = NTriples().member(pattern, Cells())
    return escaped(rows, [pattern]).select(line=line.expr).to_series()
