"""openproposals: tables in, linked data out, every figure traceable. Read `stages` first."""

__version__ = "0.1.0"
