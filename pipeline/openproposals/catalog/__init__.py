"""Describing a release for machines and people: DCAT-AP and the standards beside it, citation, landing page.

In: the corpus's descriptor, its tables, the triple counts, and the files of the draft. Out: more files in the draft.
`companions.write` writes them all; each other module makes one standard's file.
"""
