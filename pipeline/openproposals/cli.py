"""The command line: the group and its commands. Heavy imports wait until a stage is called."""

from __future__ import annotations

import gc
import signal
import sys

import click

from openproposals import __version__
from openproposals.commands import publishing, releases, tracing, using
from openproposals.commands.shared import LANGUAGE, SETTINGS, help_, words
from openproposals.errors import OpenproposalsError

# What the judges and their libraries make lives as long as the run: looking for garbage in it at every 700 new objects,
# as is usual, took a third of a small corpus's time.
SELDOM = (500_000, 20, 50)
STOPPED = 130  # what shells say of a program ended by Ctrl-C: 128 and the number of SIGINT


class Stoppable(click.Group):
    """A group whose commands end in one sentence on Ctrl-C, with a code that is no verdict."""

    def invoke(self, ctx: click.Context) -> object:
        """Call the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(f"\n{words('stopped', LANGUAGE)}", err=True)
            sys.exit(STOPPED)


@click.group(cls=Stoppable, context_settings=SETTINGS, help=help_("main"))
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
    cli.add_command(_command)


def main() -> None:
    """Run the command line; an error that stops the work is told in one look, with its exit code."""
    gc.set_threshold(*SELDOM)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a nightly run that is ended leaves no more than Ctrl-C
    try:
        cli.main(standalone_mode=True)
    except OpenproposalsError as error:
        click.echo(error.text(LANGUAGE), err=True)
        sys.exit(error.exit_code)
    finally:
        gc.freeze()  # nobody looks for garbage in what ends with the process: that took a tenth of a small run
