"""The command line: the group and its commands. Heavy imports wait until a stage is called."""

from __future__ import annotations

import sys

import click

from openproposals import __version__
from openproposals.commands import publishing, reading, releases, tracing
from openproposals.commands.shared import SETTINGS, help_
from openproposals.errors import OpenproposalsError


@click.group(context_settings=SETTINGS, help=help_("main"))
@click.version_option(__version__, "--version", prog_name="openproposals", help=help_("version"))
def cli() -> None:
    """The group; each command calls one stage."""


for _command in (
    publishing.validate,
    publishing.check,
    publishing.convert,
    publishing.publish,
    releases.doctor,
    releases.diff,
    tracing.trace,
    tracing.verify,
    tracing.anchor,
    reading.query,
    reading.site,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; an error that stops the work is told in one look, with its exit code."""
    try:
        cli.main(standalone_mode=True)
    except OpenproposalsError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
