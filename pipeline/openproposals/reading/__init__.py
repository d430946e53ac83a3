"""From a document to a draft corpus: what an editor has to decide about, and a ledger of what was looked at.

In: documents, as `factcheck.documents` extracts them, and the editor's decisions. Out: a folder with the pinned text
and a workbook of candidates (`draft`), and the state of every sign of the text (`ledger`). Nothing here is published:
the folder holds the document's words.
"""
