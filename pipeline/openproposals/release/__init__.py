"""Releases: written all or nothing, read back, and compared with the one before.

`write.drafting` and `write.swap` put a new release in place; `ours` and `workspace` keep other people's files safe.
`published` opens a release or a dump, `reading_back` turns a dump into tables, `changes` and `versions` compare
releases.
"""
