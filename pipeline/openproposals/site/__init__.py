"""Out: a release as pages that people read, in French and English, from the release alone.

release -> nodes -> pages -> html -> build
a graph, asked node by node; which node has a page, and what data go with it; Jinja; the files, all or nothing
"""
