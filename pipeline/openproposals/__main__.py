"""Run the command line as `python -m openproposals`."""

from openproposals.cli import main

main()
