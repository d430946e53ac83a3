"""From a publisher's own files to a corpus: inspect, import."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, help_, words
from openproposals.errors import UsageError
from openproposals.guards.terminal import as_json, give, shown, tell
from openproposals.messages import LANGUAGES, Language

if TYPE_CHECKING:
    from openproposals.importing.intake import Intake

_LISTED = 5  # ids in a line
_report = click.option("--report", type=click.Choice(["text", "json"]), default="text", help=help_("report_plain"))
_lang = click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
_quiet = click.option("--quiet", is_flag=True, help=help_("quiet"))


@click.command(help=help_("inspect"))
@_lang
@_report
@click.argument("file", type=click.Path(path_type=Path))
def inspect(file: Path, report: str, lang: Language) -> None:
    """Show what a file holds, and how it is understood; nothing is written."""
    from openproposals import report as reports
    from openproposals.findings import conforms
    from openproposals.importing import inspecting

    if not file.is_file():
        raise UsageError("no-such-file", path=file)
    found = inspecting.inspect(file)
    if report == "json":
        said = {**reports.facts(found.findings, None, {"file": file.name}), **inspecting.data(found)}
        said["findings"] = reports.facts(found.findings, None, {})["findings"]
        give(as_json(said), end="\n")
    else:
        tell(inspecting.text(found, lang))
        if found.findings:
            tell(f"\n{reports.text(found.findings, lang)}")
    sys.exit(0 if conforms(found.findings) else 1)


@click.command("import", help=help_("import", corpus=help_("corpus")))
@_lang
@_quiet
@_report
@click.argument("corpus")
def import_(corpus: str, report: str, quiet: bool, lang: Language) -> None:
    """Make a corpus's tables of the publisher's own files, print the findings, exit."""
    from openproposals import places
    from openproposals import report as reports
    from openproposals.importing import intake

    progress = ProgressLine(quiet, lang)
    done = intake.take(places.corpus(corpus), progress.stage)
    progress.close()
    if report == "json":
        give(as_json({**reports.facts(done.findings, None, {"corpus": corpus}), **intake.data(done)}), end="\n")
    elif done.findings:
        tell(reports.text(done.findings, lang))
    if not quiet:
        _tell(done, lang)
    sys.exit(0 if done.conforms else 1)


def _tell(done: Intake, lang: Language) -> None:
    """Say how each file was read, what became of it, and what was written."""
    from openproposals.importing import inspecting

    for each in done.understood:
        tell(inspecting.understood(each, lang), err=True)
    if done.unused:
        tell(words("import_unused", lang, columns=", ".join(shown(name, 80) for name in done.unused)), err=True)
    for table, rows in done.rows.items():
        new, gone = done.new.get(table, ()), done.gone.get(table, ())
        said = words("import_rows", lang, table=table, n=rows)
        said += words("import_new", lang, n=len(new), ids=_few(new)) if new else ""
        said += words("import_gone", lang, n=len(gone), ids=_few(gone)) if gone else ""
        tell(said, err=True)
    if not done.conforms:
        tell(words("not_imported", lang), err=True)
    elif done.changed:
        tell(words("imported", lang, n=len(done.changed), files=", ".join(done.changed)), err=True)
    else:
        tell(words("import_unchanged", lang), err=True)


def _few(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_LISTED]) + (", …" if len(ids) > _LISTED else "")
