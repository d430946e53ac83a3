"""The group of all commands. Heavy imports wait until a stage is called."""

from __future__ import annotations

from pathlib import Path

import click

from openproposals import __version__
from openproposals.commands import drafting, importing, online, publishing, releases, tracing, using
from openproposals.commands.shared import help_
from openproposals.errors import UsageError, reason
from openproposals.guards import memory

_LIGHT = ("doctor", "site")  # they load no table engine, unless the doctor is given a corpus

_HELP = click.help_option("-h", "--help", help=help_("help"))  # click's own is in English


@_HELP
@click.group(context_settings={"max_content_width": 100}, help=help_("main"))
@click.version_option(__version__, "--version", prog_name="openproposals", help=help_("version"))
@click.pass_context
def cli(context: click.Context) -> None:
    """The group; each command calls one stage.

    Raises UsageError where the current folder was deleted, and CannotGoOn where the command needs more memory than it
    may have.
    """
    try:
        Path.cwd()
    except OSError as error:  # libraries would say that some file of theirs cannot be read
        raise UsageError("current-folder-gone", because=reason(error)) from error
    if context.invoked_subcommand not in _LIGHT:
        memory.check()


for _command in (
    importing.inspect,
    importing.new,
    importing.import_,
    publishing.validate,
    publishing.check,
    publishing.convert,
    publishing.publish,
    releases.doctor,
    releases.diff,
    drafting.read,
    drafting.coverage,
    drafting.accept,
    tracing.trace,
    tracing.verify,
    tracing.anchor,
    using.query,
    using.site,
    online.serve,
    online.push,
):
    cli.add_command(_HELP(_command))
