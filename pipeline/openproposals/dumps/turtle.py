"""Turtle and N-Triples (RDF 1.1), one block a subject."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from openproposals import schema
from openproposals.dumps import blocks
from openproposals.templates import RDF_TYPE, XSD, Hole, Iri, Literal_, Part, Pattern

# STRING_LITERAL_QUOTE: these four must be escaped; the other controls are, so that no reader trips over them.
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(c): f"\\u{c:04X}" for c in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029) if chr(c) not in "\n\r\t"
}
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*)")


def _text(part: Part) -> pl.Expr:
    """A literal's inner text, escaped where its column may hold anything."""
    if isinstance(part, Hole):
        return blocks.cell(part, _ESCAPED)
    return pl.lit(part.translate(str.maketrans(dict[str, str | int | None](_ESCAPED))))


class NTriples:
    """One line a triple, full IRIs."""

    separator = ""
    between = ""

    def prologue(self) -> bytes:
        """Nothing: lines stand for themselves."""
        return b""

    def epilogue(self) -> bytes:
        """Nothing."""
        return b""

    def iri(self, iri: Iri) -> pl.Expr:
        """An IRI in angle brackets."""
        inner = [pl.col(p.name) if isinstance(p, Hole) else pl.lit(p) for p in iri.parts]
        return pl.concat_str([pl.lit("<"), *inner, pl.lit(">")])

    def constant(self, iri: str) -> str:
        """A constant IRI."""
        return f"<{iri}>"

    def object(self, pattern: Pattern) -> pl.Expr:
        """The object's text."""
        if isinstance(pattern.object, Iri):
            return self.iri(pattern.object)
        return self.literal(pattern.object)

    def literal(self, literal: Literal_) -> pl.Expr:
        """A quoted literal with its language or datatype; xsd:string goes without saying."""
        suffix = '"'
        if literal.language:
            suffix += f"@{literal.language}"
        elif literal.datatype != XSD + "string":
            suffix += f"^^{self.constant(literal.datatype)}"
        return pl.concat_str([pl.lit('"'), _text(literal.value), pl.lit(suffix)])

    def group(self, pattern: Pattern) -> str:
        """Grouped by predicate."""
        return pattern.predicate

    def member(self, pattern: Pattern) -> pl.Expr:
        """The whole line."""
        line = [self.iri(pattern.subject), pl.lit(f" <{pattern.predicate}> "), self.object(pattern), pl.lit(" .\n")]
        return pl.when(blocks.said(pattern)).then(pl.concat_str(line))

    def own(self, host: blocks.Host, pattern: Pattern) -> pl.Expr:
        """The same as a guest's: nested nodes have lines of their own."""
        del host
        return self.member(pattern)

    def block(self, host: blocks.Host, gathered: Mapping[str, pl.Expr]) -> pl.Expr:
        """The subject's lines, then those of the nodes nested in it."""
        lines = [e for n in host.node.walk() for e in self._lines(n.patterns, gathered if n is host.node else {})]
        return blocks.joined(lines, "")

    def _lines(self, patterns: tuple[Pattern, ...], gathered: Mapping[str, pl.Expr]) -> list[pl.Expr]:
        own = [self.member(p) for p in patterns if p.predicate not in gathered]
        return own + list(gathered.values())


class Turtle(NTriples):
    """Blocks with prefixes, relative to the base."""

    separator = ", "
    between = "\n"

    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes = sorted(schema.prefixes().items(), key=lambda kv: -len(kv[1]))

    def prologue(self) -> bytes:
        """@base and @prefix lines."""
        lines = [f"@base <{self.base}> ."] + [f"@prefix {p}: <{ns}> ." for p, ns in sorted(self.prefixes)]
        return ("\n".join(lines) + "\n\n").encode()

    def constant(self, iri: str) -> str:
        """A prefixed name where there is one, else relative to the base, else whole."""
        for prefix, namespace in self.prefixes:
            if iri.startswith(namespace) and _PLAIN_LOCAL.fullmatch(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri.removeprefix(self.base)}>"

    def iri(self, iri: Iri) -> pl.Expr:
        """As `constant`, with holes; a prefixed name only where every value of the column's enum allows it."""
        head = iri.parts[0]
        if isinstance(head, Hole):
            return super().iri(iri)
        if len(iri.parts) == 1:
            return pl.lit(self.constant(head))
        last = iri.parts[-1]
        if isinstance(last, Hole) and len(iri.parts) == 2 and last.column.enum:
            column = last.column
            names = {self.constant(head + value) for value in column.enum}
            if not any(name.startswith("<") for name in names):
                prefix = self.constant(head + column.enum[0]).removesuffix(column.enum[0])
                return pl.concat_str([pl.lit(prefix), pl.col(column.name)])
        return super().iri(Iri((head.removeprefix(self.base), *iri.parts[1:])))

    def member(self, pattern: Pattern) -> pl.Expr:
        """The object alone."""
        return pl.when(blocks.said(pattern)).then(self.object(pattern))

    def block(self, host: blocks.Host, gathered: Mapping[str, pl.Expr]) -> pl.Expr:
        """`<subject> a … ; property object, object .`, then a block for each nested node."""
        own = [self._node(n.patterns, gathered if n is host.node else {}) for n in host.node.walk()]
        return blocks.joined(own, "")

    def _node(self, patterns: tuple[Pattern, ...], gathered: Mapping[str, pl.Expr]) -> pl.Expr:
        groups: dict[str, list[pl.Expr]] = {}
        for p in patterns:
            groups.setdefault(p.predicate, []).append(self.member(p))
        for predicate, expr in gathered.items():
            groups[predicate] = [expr]  # the host's own members of the group were gathered with the guests'
        clauses = [
            pl.concat_str(
                [
                    pl.lit(("a" if predicate == RDF_TYPE else self.constant(predicate)) + " "),
                    blocks.joined(members, ", "),
                ]
            )
            for predicate, members in groups.items()
        ]
        subject = self.iri(patterns[0].subject)
        return pl.concat_str([subject, pl.lit(" "), blocks.joined(clauses, " ;\n    "), pl.lit(" .\n")])
