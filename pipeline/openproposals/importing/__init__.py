"""From a publisher's own files to tables: `mapping.toml` says which column goes where, and no cell is lost in silence.

In: workbooks, CSV, JSON and archives as they are, and a mapping. Out: the CSV tables of a corpus, `ids.csv` (the ids
once given) and `imported.json` (from which cell each row came), and findings. `intake.take` does it all; `sheets` is
what every format is read into, `reading` reads them, `mapping` is the mapping, `making` makes the tables.
"""
