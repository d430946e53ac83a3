"""Writing data files: tables and the templates' triple patterns come in, the bytes of a dump or a table go out.

`blocks.write` writes a dump in the syntax of `turtle` or `jsonld`; `csv_files`, `flat` and `bibliography` write the
other forms of the same rows; `counting.count` counts the triples without writing them.
"""
