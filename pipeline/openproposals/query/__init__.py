"""Asking a dump with SPARQL: bytes of a dump and a query come in, rows or triples go out.

`ask.answer` runs the query in a child process with bounds on time and memory; `sparql` evaluates it; `examples` are
the ready queries of `docs/queries`.
"""
