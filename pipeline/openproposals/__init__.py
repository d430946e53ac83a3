"""openproposals turns tables of proposals and statistics into linked data in which every figure has a source.

Read `stages` first: it is the publishing pipeline. Each folder states its idea in its `__init__.py`.
"""

__version__ = "0.1.0"
