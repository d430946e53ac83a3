"""Where the program begins and ends. Nothing heavy is imported before Ctrl-C is provided for."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

# What the judges and their libraries make lives as long as the run: looking for garbage in it at every 700 new objects,
# as is usual, took a third of a small corpus's time.
SELDOM = (500_000, 20, 50)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code. Whatever ends the run early is raised, SystemExit with it."""
    from openproposals.errors import CannotGoOn, UsageError

    if sys.platform == "win32":
        raise CannotGoOn("not-posix")
    import click

    from openproposals.commands.group import cli

    if any("\0" in argument for argument in arguments):
        raise UsageError("argument-with-nul")
    try:
        code: int | None = cli.main(list(arguments), prog_name="openproposals", standalone_mode=False)
    except click.Abort as error:  # what click makes of Ctrl-C, and of the end of the input at a question
        raise error.__cause__ or KeyboardInterrupt from None
    return code or 0


def main() -> None:
    """Run the command line, print the error that ends it if there is one, and exit with its code."""
    try:
        sys.exit(_ended(sys.argv[1:]))
    finally:
        gc.freeze()  # no garbage collection at exit: it took a tenth of a small run


def _ended(arguments: Sequence[str]) -> int:
    """Run, and say what ended the run early; the exit code."""
    try:
        import signal  # Ctrl-C while this loads is caught, too

        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a nightly run that is ended: as Ctrl-C
        gc.set_threshold(*SELDOM)
        from openproposals.guards import terminal

        terminal.guard()
        from openproposals.commands import ending  # now: when the memory is full, nothing more can be imported

        return run(arguments)
    except BaseException as error:
        import signal

        for each in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(each) is signal.default_int_handler:
                signal.signal(each, signal.SIG_DFL)  # a second one ends at once what is left of the run
        from openproposals.commands import ending
        from openproposals.guards import terminal

        end = ending.of(error)
        if end.said:
            terminal.tell(end.said, err=True)
        return end.code
