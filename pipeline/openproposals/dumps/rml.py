"""The triple patterns as an RML mapping, so that another engine can make the same graph from the same tables.

RML has no guards: a guarded pattern reads a copy of its table with only the rows that meet the guard, whose name is
given by `source_name`. `tests/oracle` writes those copies and runs morph-kgc on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openproposals.model.templates import XSD, Guard, Hole, Iri, Pattern, Template

_PROLOGUE = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
"""


def source_name(table: str, guard: Guard | None) -> str:
    """The name of the CSV file that a pattern with this guard reads.

    >>> source_name("evidence", Guard("basis", equals="Stated"))
    'evidence.basis.Stated.csv'
    """
    return f"{table}.csv" if guard is None else f"{table}.{guard.column}.{guard.equals or guard.length}.csv"


def mapping(templates: Sequence[Template]) -> str:
    """The RML mapping in Turtle, with one triples map for each pattern."""
    return _PROLOGUE + "".join(_maps(templates))


def sources(templates: Sequence[Template]) -> dict[str, tuple[str, Guard | None]]:
    """By file name, the table, and the guard that the file's rows must meet."""
    read = ((template.table.name, pattern.guard) for template in templates for pattern in template.patterns)
    return {source_name(table, guard): (table, guard) for table, guard in read}


def _maps(templates: Sequence[Template]) -> Iterator[str]:
    for template in templates:
        for number, pattern in enumerate(template.patterns):
            yield (
                f"<#{template.table.name}-{number}> a rr:TriplesMap ;\n"
                f'  rml:logicalSource [ rml:source "{source_name(template.table.name, pattern.guard)}" ; '
                f"rml:referenceFormulation ql:CSV ] ;\n"
                f"  rr:subjectMap [ {_term(pattern.subject)} ] ;\n"
                f"  rr:predicateObjectMap [ rr:predicate <{pattern.predicate}> ; "
                f"rr:objectMap [ {_object(pattern)} ] ] .\n"
            )


def _object(pattern: Pattern) -> str:
    literal = pattern.object
    if isinstance(literal, Iri):
        return _term(literal)
    value = literal.value
    term = f'rml:reference "{value.name}"' if isinstance(value, Hole) else f'rr:constant "{value}"'
    if literal.language:
        return f'{term} ; rr:termType rr:Literal ; rr:language "{literal.language}"'
    datatype = "" if literal.datatype == XSD + "string" else f" ; rr:datatype <{literal.datatype}>"
    return f"{term} ; rr:termType rr:Literal{datatype}"


def _term(iri: Iri) -> str:
    if not iri.holes:
        return f"rr:constant <{iri.parts[0]}>"
    first = iri.parts[0]
    if isinstance(first, Hole):
        return f'rml:reference "{first.name}" ; rr:termType rr:IRI'
    text = "".join(f"{{{p.name}}}" if isinstance(p, Hole) else p for p in iri.parts)
    return f'rr:template "{text}" ; rr:termType rr:IRI'
