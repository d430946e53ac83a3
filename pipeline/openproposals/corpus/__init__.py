"""Reading a corpus: a folder with `corpus.toml` and CSV tables becomes a `Corpus`, and what is wrong becomes findings.

`corpus_folder.read` reads the folder, `descriptor` its `corpus.toml`, `derive` adds the tables that follow from
others. `decoding` and `spill` read the files, small and large; `edit` changes cells and keys and leaves the rest as
it is.
"""
