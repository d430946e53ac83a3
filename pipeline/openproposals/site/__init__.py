"""Making a website of a release: a release comes in, pages in each of its languages go out. Nothing else is read.

`source` reads the release, `nodes` answers questions about one subject of the graph, `pages` decides which subject
has a page and with what data, `render` fills the templates, `build.site` writes all files, or none.
"""
