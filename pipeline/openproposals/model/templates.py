"""Compile row templates: the JSON-LD that one row publishes becomes triple patterns with holes for cells.

The grammar is docs/templates.md. Every leaf of a template is expanded alone, by pyoxigraph's JSON-LD processor,
with an ASCII token in place of each hole. A leaf that does not give exactly one triple with all its tokens is an
error, so that a mistyped term or a lost hole is found where it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from openproposals.errors import TemplateError
from openproposals.model import rdf, schema
from openproposals.model.languages import Languages

_HOLE = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"(?:tag:)?zq([0-9]{5})z")
_FORBIDDEN = {"@list", "@graph", "@reverse", "@included", "@nest", "@context", "@index", "@json"}
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# A date column of mixed precision: one guarded pattern for each, told apart by the cell's length.
PRECISIONS = {"gYear": 4, "gYearMonth": 7, "date": 10}


@dataclass(frozen=True)
class Hole:
    """The place of a column's cell in a template."""

    column: schema.Column

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name


Part = str | Hole


@dataclass(frozen=True)
class Iri:
    """An IRI as constant text and holes; absolute once filled."""

    parts: tuple[Part, ...]

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of the columns whose cells it needs."""
        return tuple(p.name for p in self.parts if isinstance(p, Hole))


@dataclass(frozen=True)
class Literal_:  # noqa: N801 - `Literal` is typing's
    """A literal: constant text or one hole, with a datatype IRI or a language tag."""

    value: Part
    datatype: str
    language: str

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of the columns whose cells it needs."""
        return (self.value.name,) if isinstance(self.value, Hole) else ()


@dataclass(frozen=True)
class Guard:
    """A condition on rows: the cell in `column` equals `equals`, or is `length` characters long."""

    column: str
    equals: str = ""
    length: int = 0


@dataclass(frozen=True)
class Pattern:
    """A triple that a row publishes, unless one of its holes is empty or its guard is not met.

    `key` and `entry` give its place in the template (`entry` counts the values under one key). `form` is how JSON-LD
    writes the value: an `id` string, an `object` {"@id"}, a `string`, a `typed` value, or in a `language` map.
    """

    subject: Iri
    predicate: str
    object: Iri | Literal_
    key: str
    entry: int
    form: Literal["id", "object", "string", "typed", "language"]
    local: tuple[Part, ...]
    guard: Guard | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in which a cell must not be empty for the triple to be published."""
        guarded = (self.guard.column,) if self.guard else ()
        return tuple(dict.fromkeys((*self.subject.holes, *self.object.holes, *guarded)))


@dataclass(frozen=True)
class TemplateNode:
    """A node of a template: its IRI, its patterns, and the nodes nested in it, each with its (key, entry).

    `local` is its @id as the template writes it; `lists` are the keys whose values are arrays.
    """

    iri: Iri
    local: tuple[Part, ...]
    patterns: tuple[Pattern, ...]
    nested: tuple[tuple[str, int, TemplateNode], ...]
    lists: frozenset[str]

    def walk(self) -> Iterator[TemplateNode]:
        """This node, then the nodes inside it."""
        yield self
        for _, _, node in self.nested:
            yield from node.walk()


@dataclass(frozen=True)
class Template:
    """A table's compiled template."""

    table: schema.Table
    root: TemplateNode

    @property
    def patterns(self) -> list[Pattern]:
        """Every triple pattern, in the template's order."""
        return [p for node in self.root.walk() for p in node.patterns]


class _Compiler:
    """Compiles the template of one table, for a context and a base."""

    def __init__(self, table: schema.Table, context: dict[str, Any], base: str) -> None:
        self.table, self.context, self.base = table, context, base
        # A leaf is expanded by these and the terms that it says: the whole context for each takes four times as long.
        self.prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.endswith(("/", "#"))}
        self.namespaces = tuple(self.prefixes.values())

    def refuse(self, key: str, where: str, **facts: str) -> TemplateError:
        """The error that a node is no pattern; `where` are the keys that lead to it from the row's node."""
        return TemplateError(key, table=self.table.name, where=where, **facts)

    def expand(
        self, subject: str, key: str, value: str | dict[str, str], where: str
    ) -> tuple[Iri, str, Iri | Literal_]:
        """Expand one leaf with a JSON-LD processor; exactly one triple must come back, with every hole in it."""
        columns: list[str] = []

        def token(match: re.Match[str]) -> str:
            columns.append(match[1])
            # A whole IRI gets a token with a scheme, so that the base has no hold on it.
            return f"{'tag:' if self.column(match[1]).is_iri else ''}zq{len(columns) - 1:05d}z"

        def tokens(text: str) -> str:
            return _HOLE.sub(token, text)

        leaf = {k: tokens(v) for k, v in value.items()} if isinstance(value, dict) else tokens(value)
        said = {key, *(leaf.values() if isinstance(leaf, dict) else [leaf])}
        context = {**self.prefixes, **{name: self.context[name] for name in said & self.context.keys()}}
        document = {"@context": {**context, "@base": self.base}, "@id": tokens(subject), key: leaf}
        triples = rdf.expand(json.dumps(document))
        if len(triples) != 1:
            raise self.refuse("template-triples", where, count=str(len(triples)))
        subj, predicate, obj = triples[0]
        if not predicate.startswith(self.namespaces) and predicate != RDF_TYPE:
            raise self.refuse("template-property", where, iri=predicate)
        s = Iri(self.fill(subj.value, columns))
        if isinstance(obj, rdf.Blank) or isinstance(subj, rdf.Blank):
            raise self.refuse("template-blank-node", where)
        o: Iri | Literal_
        if isinstance(obj, rdf.LiteralTerm):
            found = self.fill(obj.value, columns)
            if len(found) != 1:
                raise self.refuse("template-part-literal", where)
            o = Literal_(found[0], obj.datatype, obj.language)
        else:
            o = Iri(self.fill(obj.value, columns))
            constant = o.parts[0] if o.parts else ""
            if isinstance(constant, str) and not constant.startswith((*self.namespaces, self.base, "http")):
                raise self.refuse("template-value", where, begin=constant)
        if sorted(s.holes + o.holes) != sorted(columns):
            raise self.refuse("template-hole-lost", where)
        return s, predicate, o

    def column(self, name: str) -> schema.Column:
        column = self.table.column(name)
        assert column is not None, "check_holes runs first"
        return column

    def fill(self, text: str, columns: list[str]) -> tuple[Part, ...]:
        """Split an expanded text at its tokens."""
        pieces = _TOKEN.split(text)
        return tuple(Hole(self.column(columns[int(p)])) if i % 2 else p for i, p in enumerate(pieces) if p or i % 2)

    def parts(self, text: str) -> tuple[Part, ...]:
        """Split a template string at its holes."""
        pieces = _HOLE.split(text)
        return tuple(Hole(self.column(p)) if i % 2 else p for i, p in enumerate(pieces) if p or i % 2)

    def check_holes(self, text: str, where: str, *, iri: bool) -> None:
        if text.count("{") != text.count("}") or "{" in _HOLE.sub("", text):
            raise self.refuse("template-brace", where)
        for name in _HOLE.findall(text):
            column = self.table.column(name)
            if column is None:
                raise self.refuse("template-no-column", where, column=name)
            if iri and column.is_iri and text != f"{{{name}}}":
                raise self.refuse("template-whole-iri", where, column=name)
            if iri and not column.is_iri and text == f"{{{name}}}":
                raise self.refuse("template-not-iri", where, column=name)
            if iri and not column.is_iri and not (column.pattern or column.enum):
                raise self.refuse("template-any-text", where, column=name)
            if iri and not column.is_iri and text.startswith("{"):
                raise self.refuse("template-hole-first", where)

    def choices(self, text: str, where: str) -> list[tuple[str, Guard | None]]:
        """A property name or a type with a hole in it: one variant for each value of the column's enum."""
        names = _HOLE.findall(text)
        if not names:
            return [(text, None)]
        column = self.table.column(names[0])
        if len(names) > 1 or column is None or not column.enum or not column.required:
            raise self.refuse("template-choice", where)
        return [(text.replace(f"{{{column.name}}}", v), Guard(column.name, equals=v)) for v in column.enum]

    def node(self, tree: dict[str, Any], where: str) -> TemplateNode:
        if not isinstance(tree.get("@id"), str):
            raise self.refuse("template-no-id", where)
        subject = tree["@id"]
        self.check_holes(subject, where, iri=True)
        found: list[Pattern] = []
        nested: list[tuple[str, int, TemplateNode]] = []
        lists = set()
        iri: Iri | None = None
        for key, value in tree.items():
            if key == "@id":
                continue
            if key in _FORBIDDEN or (key.startswith("@") and key != "@type"):
                raise self.refuse("template-keyword", f"{where} {key}")
            is_list = isinstance(value, list)
            for entry, item in enumerate(value if is_list else [value]):
                for pattern, inner in self.value(subject, key, entry, item, f"{where} {key}"):
                    found.append(pattern)
                    iri = pattern.subject
                    if inner is not None:
                        nested.append((key, entry, inner))
            term = self.context.get(key)
            if is_list or (isinstance(term, dict) and term.get("@container") == "@set"):
                lists.add(key)
        if iri is None:
            raise self.refuse("template-says-nothing", where)
        return TemplateNode(iri, self.parts(subject), tuple(found), tuple(nested), frozenset(lists))

    def value(
        self, subject: str, key: str, entry: int, item: Any, where: str
    ) -> Iterator[tuple[Pattern, TemplateNode | None]]:
        """The patterns of one value under one key, with the node nested there if there is one."""
        if isinstance(item, dict) and "@id" in item:
            self.check_holes(str(item["@id"]), where, iri=True)
            inner = self.node(item, where) if len(item) > 1 else None
            if inner is not None:
                self.check_not_hollow(inner, where)
            for name, guard in self.choices(key, where):
                s, p, o = self.expand(subject, name, {"@id": item["@id"]}, where)
                form: Literal["id", "object"] = "id" if self.is_reference(name) else "object"
                yield Pattern(s, p, o, name, entry, form, self.parts(item["@id"]), guard), inner
        elif isinstance(item, dict) and "@value" not in item:
            self.check_language_map(key, where)
            for language, text in item.items():
                if not isinstance(text, str):
                    raise self.refuse("template-language-text", where)
                self.check_holes(text, where, iri=False)
                s, p, o = self.expand(subject, key, {language: text}, where)
                yield Pattern(s, p, o, key, entry, "language", self.parts(text)), None
        elif isinstance(item, str):
            yield from ((pattern, None) for pattern in self.string(subject, key, entry, item, where))
        else:
            raise self.refuse("template-item", where, item=json.dumps(item))

    def string(self, subject: str, key: str, entry: int, text: str, where: str) -> Iterator[Pattern]:
        spoken = self.table.family(text[1:-1]) if text.endswith("_*}") else []
        if spoken:
            yield from self.languages(subject, key, entry, spoken, where)
            return
        if key == "@type":
            for name, guard in self.choices(text, where):
                s, p, o = self.expand(subject, key, name, where)
                yield Pattern(s, p, o, key, entry, "id", (name,), guard)
            return
        for name, guard in self.choices(key, where):
            reference = self.is_reference(name)
            self.check_holes(text, where, iri=reference)
            s, p, o = self.expand(subject, name, text, where)
            form: Literal["id", "string"] = "id" if reference else "string"
            pattern = Pattern(s, p, o, name, entry, form, self.parts(text), guard)
            if isinstance(o, Literal_) and isinstance(o.value, Hole) and o.value.column.partial_date:
                for precision, length in PRECISIONS.items():
                    dated = replace(o, datatype=XSD + precision)
                    yield replace(pattern, object=dated, form="typed", guard=Guard(o.value.name, length=length))
            else:
                yield pattern

    def languages(
        self, subject: str, key: str, entry: int, spoken: Sequence[schema.Column], where: str
    ) -> Iterator[Pattern]:
        """The patterns of a localised hole: one for each language of its column."""
        self.check_language_map(key, where)
        for column in spoken:
            text = f"{{{column.name}}}"
            s, p, o = self.expand(subject, key, {column.language: text}, where)
            assert isinstance(o, Literal_)
            tagged = replace(o, language=column.language)  # as declared: the processor writes tags in small letters
            yield Pattern(s, p, tagged, key, entry, "language", self.parts(text))

    def check_language_map(self, key: str, where: str) -> None:
        term = self.context.get(key)
        if not (isinstance(term, dict) and term.get("@container") == "@language"):
            raise self.refuse("template-not-language-map", where)

    def is_reference(self, key: str) -> bool:
        term = self.context.get(key)
        return isinstance(term, dict) and term.get("@type") in ("@id", "@vocab")

    def check_not_hollow(self, node: TemplateNode, where: str) -> None:
        """A nested node needs a required column, or a column of its own IRI that says it all."""
        columns = {c for p in node.patterns if p.predicate != RDF_TYPE for c in p.object.holes}
        required = any((c := self.table.column(name)) and c.required for name in columns)
        if not required:
            raise self.refuse("template-hollow", where)


def compile_template(table: schema.Table, text: str, context: dict[str, Any], base: str) -> Template:
    """Compile one row template against its table (with the columns of a corpus), the context and the corpus's base.

    Raises TemplateError for what the grammar of docs/templates.md does not allow.
    """
    tree = json.loads(text)
    if not isinstance(tree, dict):
        raise TemplateError("template-not-an-object", table=table.name)
    compiler = _Compiler(table, context, base)
    return Template(table, compiler.node(tree, ""))


@lru_cache(maxsize=8)
def load(base: str, languages: Languages) -> tuple[Template, ...]:
    """The templates of `schema/`, compiled for a base IRI and a corpus's languages, in the order of publication."""
    folder = schema.shipped("schema")
    return tuple(
        compile_template(table, (folder / f"{name}.jsonld").read_text(encoding="utf-8"), schema.context(), base)
        for name, table in schema.tables(languages).items()
        if (folder / f"{name}.jsonld").exists()
    )
