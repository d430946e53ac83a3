"""The static site of a release: pages in French and English, made from the release alone.

source (release's folder -> graphs) -> nodes (properties of a node) -> pages (which node has a page) -> render
(Jinja) -> build (all files of the site)
"""
