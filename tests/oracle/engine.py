"""Run by the oracle's own Python: an RML mapping and its CSVs in a folder become N-Triples on standard output."""

import sys

import morph_kgc

folder = sys.argv[1]
config = f"""
[CONFIGURATION]
na_values=
logging_level=ERROR
number_of_processes=1
[corpus]
mappings={folder}/mapping.ttl
"""
for triple in sorted(morph_kgc.materialize_set(config)):
    print(triple + " .")
