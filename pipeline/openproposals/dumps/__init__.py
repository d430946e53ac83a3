"""Writing data files: tables and the templates' triple patterns come in, the bytes of a dump or a table go out.

`blocks.write` writes a dump in the syntax of `turtle` or `jsonld`; `csv_files` and `bibliography` write the other
forms; `flat` makes the rows of figures.csv, a file that `contents.py` writes; `counting.count` counts the triples.
"""
