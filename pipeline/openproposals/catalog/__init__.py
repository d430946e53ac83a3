"""Describing a release for machines and people: DCAT-AP, VoID, CSVW, Data Package, Croissant, citation, landing page.

In: the corpus's descriptor, its tables, the triple counts, and the files of the draft. Out: more files in the draft.
`companions.write` writes them all; each other module makes one standard's file.
"""
