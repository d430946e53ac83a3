"""What all commands share: the reader's language, common options, and printing the report."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import click

from openproposals import messages
from openproposals.guards.terminal import give, tell
from openproposals.messages import LANGUAGES, Language, say

if TYPE_CHECKING:
    from openproposals.engines.run import Work

LANGUAGE = messages.wanted(sys.argv[1:], os.environ)


def help_(key: str, **facts: str) -> str:
    """A help text of words/<language>/commands/words.toml, its facts filled in."""
    return say("commands/words", f"help.{key}", LANGUAGE, **facts)


def words(key: str, lang: Language, /, **facts: object) -> str:
    """A sentence of that file, its facts filled in."""
    return say("commands/words", f"words.{key}", lang, **facts)


def options(function: Callable[..., None]) -> Callable[..., None]:
    """What every command takes."""
    for option in (
        click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang")),
        click.option("--quiet", is_flag=True, help=help_("quiet")),
        click.option(
            "--report", type=click.Choice(["text", "json", "github", "sarif"]), default="text", help=help_("report")
        ),
        click.argument("corpus"),
    ):
        function = option(function)
    return function


def today() -> str:
    """Today's date (UTC) as YYYY-MM-DD. No other function reads the date."""
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


def report_(work: Work, report: str, quiet: bool, lang: Language) -> int:
    """Print what was found, on standard output, and say how it went, on standard error."""
    from openproposals import report as reports
    from openproposals.corpus.corpus_folder import lines
    from openproposals.findings import conforms

    begins = lines(work.folder, [f.location for f in work.findings]) if report in ("github", "sarif") else {}
    if report == "json":
        about = {"corpus": work.corpus.name if work.corpus else ""}
        give(reports.data(work.findings, work.counts, about))
    elif report == "sarif":
        give(reports.sarif(work.findings, work.folder, begins, lang))
    elif report == "github" and work.findings:
        give(reports.github(work.findings, work.folder, begins, lang), end="\n")  # its commands are ours
    elif work.findings:
        tell(reports.text(work.findings, lang))
    if not quiet:
        tell(reports.summary(work.findings, work.counts, lang), err=True)
    return 0 if conforms(work.findings) else 1


def finish(work: Work, report: str, quiet: bool, lang: Language) -> NoReturn:
    """Report, and exit with the code that says how it went."""
    sys.exit(report_(work, report, quiet, lang))
