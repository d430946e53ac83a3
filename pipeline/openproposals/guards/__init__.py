"""Guarding against input from strangers: files that are no files, input that exhausts the machine, terminal codes.

In: paths, bytes and texts from outside. Out: the same, read, bounded or made harmless, or an error in one sentence.
`files` opens every file that a user or a stranger has given, `parsing` reads JSON and TOML, `child` runs work in a
process with bounds, `characters` and `spreadsheet` look for harmful signs, `terminal` prints texts in which nothing
acts on the reader's machine.
"""
