"""About a release: what portals will make of it, and what it changed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, help_, today, words
from openproposals.guards import memory
from openproposals.guards.terminal import give, tell
from openproposals.messages import LANGUAGES, Language

REPORT = click.option("--report", type=click.Choice(["text", "json"]), default="text", help=help_("report_plain"))
LANG = click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))


@click.command(help=help_("doctor", named=help_("named")))
@click.argument("target")
@click.option("--live", is_flag=True, help=help_("live"))
@click.option(
    "--dcat-ap-shapes",
    "official",
    type=click.Path(path_type=Path),
    default=None,
    help=help_("dcat_ap_shapes"),
)
@click.option("--allow-private", is_flag=True, help=help_("allow_private"))
@click.option("--all", "all_", is_flag=True, help=help_("all"))
@click.option("--report", type=click.Choice(["text", "json", "sarif"]), default="text", help=help_("report_sarif"))
@LANG
def doctor(
    target: str, live: bool, official: Path | None, allow_private: bool, all_: bool, report: str, lang: Language
) -> None:
    """Examine a catalogue; 1 when something is refused, dropped, missing or untrue."""
    from openproposals import places
    from openproposals.doctor import catalogue, diagnosis, records, telling

    def release(corpus: Path, out: Path) -> bool:
        memory.check()
        from openproposals.engines.run import Run
        from openproposals.stages import publish

        return publish(corpus, out, Run(ProgressLine(False, lang), today()))[0].conforms

    if live:
        tell(words("asking", lang), err=True)
    document = catalogue.opened(places.find(target, "corpus"), release, private=allow_private)
    with ProgressLine(False, lang).waiting("examine"):
        found = diagnosis.diagnose(document, today=today(), live=live, official=official, private=allow_private)
    if report == "text":
        tell(telling.text(found, lang, all_=all_))
    else:
        give(records.data(found, lang) if report == "json" else records.sarif(found, lang), end="\n")
    sys.exit(0 if found.healthy else 1)


@click.command(help=help_("diff"))
@click.argument("old")
@click.argument("new")
@REPORT
@LANG
def diff(old: str, new: str, report: str, lang: Language) -> None:
    """Compare two releases; 1 when they differ, as diff does."""
    from openproposals import places
    from openproposals.release import changes_text, comparison

    found = comparison.between(places.release(old), places.release(new))
    if report == "json":
        give(changes_text.data(found.changes, found.versions), end="\n")
    else:
        tell(changes_text.text(found.changes, lang, found.names(lang)))
    sys.exit(1 if found.changes.tables else 0)
