"""What the tables mean: their schemas, the templates that turn rows into triples, and the tables themselves in memory.

In: the files of `schema/`. Out: `schema.tables(languages)` (columns, keys, links),
`hosts.plan(templates.load(base, languages))` (which table publishes which triples), and `tables.Tables`, which holds
rows in memory or on disk. `rdf` parses and serialises RDF with pyoxigraph.
"""
