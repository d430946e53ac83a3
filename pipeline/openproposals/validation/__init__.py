"""Checking a corpus: tables against their Table Schemas (frictionless), the graph against SHACL shapes (pyshacl).

In: a `Corpus`. Out: findings, each at a row and a column. `table_schema.check` checks the tables and `graph.begin`
the graph; `screens` decides which rows of a large corpus need a check at all; `assertions` counts what the descriptor
states.
"""
