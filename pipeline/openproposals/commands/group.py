"""The group of all commands. Heavy imports wait until a stage is called."""

from __future__ import annotations

import click

from openproposals import __version__
from openproposals.commands import publishing, releases, tracing, using
from openproposals.commands.shared import help_

_HELP = click.help_option("-h", "--help", help=help_("help"))  # click's own is in English


@_HELP
@click.group(context_settings={"max_content_width": 100}, help=help_("main"))
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
    using.query,
    using.site,
):
    cli.add_command(_HELP(_command))
