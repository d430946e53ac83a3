"""Following a figure to the passage that states it and to its source, and checking quotes against the documents.

In: the tables of a corpus or a release, and documents. Out: chains from a figure to its sources (`trace`), grades of
quotes (`verify`, `verification`), the cells that locate a quote (`anchor`, `rebase`). `documents` extracts a
document's text.
"""
