"""From tables to a release: validate, check, convert, publish."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import finish, help_, options, report_, today, words
from openproposals.guards.terminal import tell
from openproposals.messages import Language, say
from openproposals.validation import worker

if TYPE_CHECKING:
    from openproposals.engines.run import Work

judge_option = click.option("--judge", type=click.Choice(["suspects", "all"]), default="suspects", help=help_("judge"))


def _judge(stage: Callable[..., Work], corpus: str, report: str, quiet: bool, lang: Language, judge: str) -> None:
    """Run a stage that writes nothing, and print its findings."""
    from openproposals import places
    from openproposals.engines.run import Run

    progress = ProgressLine(quiet, lang)
    work = stage(places.corpus(corpus), Run(progress, today(), judge == "all"))
    progress.close()
    finish(work, report, quiet, lang)


@click.command(help=help_("validate", corpus=help_("corpus")))
@options
@judge_option
@click.option("--hints", is_flag=True, help=help_("hints"))
def validate(corpus: str, report: str, quiet: bool, lang: Language, judge: str, hints: bool) -> None:
    """Validate a corpus, print the findings, exit."""
    from openproposals import stages

    _judge(partial(stages.validate, hints=hints), corpus, report, quiet, lang, judge)


@click.command(help=help_("check", corpus=help_("corpus")))
@options
@judge_option
def check(corpus: str, report: str, quiet: bool, lang: Language, judge: str) -> None:
    """Validate a corpus, check its graph, print the findings, exit."""
    from openproposals import stages

    _judge(stages.check, corpus, report, quiet, lang, judge)


@click.command(help=help_("convert", corpus=help_("corpus")))
@options
@judge_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help=help_("out"))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["turtle", "jsonld", "ntriples"]),
    default=["turtle", "jsonld"],
    help=help_("format"),
)
def convert(
    corpus: str, report: str, quiet: bool, lang: Language, judge: str, out: Path, formats: tuple[str, ...]
) -> None:
    """Validate a corpus, write its dumps, print the findings, exit."""
    from openproposals import places, stages
    from openproposals.engines.run import Run

    progress = ProgressLine(quiet, lang)
    work = stages.convert(places.corpus(corpus), out, formats, Run(progress, today(), judge == "all"))
    progress.close()
    finish(work, report, quiet, lang)


@click.command(help=help_("publish", corpus=help_("corpus")))
@options
@judge_option
@click.option("--out", type=click.Path(path_type=Path), default=None, help=help_("out"))
@click.option("--check", "check_only", is_flag=True, help=help_("check_only"))
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", help=help_("engine"))
@click.option("--master", metavar="URL", default="", help=help_("master"))
@click.option("--explain", is_flag=True, help=help_("explain"))
def publish(
    corpus: str,
    report: str,
    quiet: bool,
    lang: Language,
    judge: str,
    out: Path | None,
    check_only: bool,
    engine: str,
    master: str,
    explain: bool,
) -> None:
    """Check a corpus, publish it, print the findings and what was written, exit."""
    with worker.JudgeProcess() as beside:  # begun first: it loads while this process does
        from openproposals import places, stages
        from openproposals.engines.run import Run

        at_address = engine == "spark" and places.is_address(corpus)
        folder = Path(corpus) if at_address else places.corpus(corpus)
        target = out or places.RELEASES / folder.resolve().name
        progress = ProgressLine(quiet, lang)
        run = Run(progress, today(), judge == "all", beside)
        with contextlib.ExitStack() as ends:
            if engine == "spark":
                from openproposals.engines import cluster

                begun = ends.enter_context(cluster.cluster(master, target, progress))
                folder = begun.fetch(corpus) if at_address else folder
                if explain:
                    for step in begun.explained(folder):
                        facts = {**asdict(step), "stage": say("commands/words", f"stages.{step.stage}", lang)}
                        tell(words("step_joined" if step.rounds else "step", lang, **facts))
                    sys.exit(0)
                run = replace(run, engine=begun)
            work, changed = stages.publish(folder, target, run, dry=check_only)
    progress.close()
    code = report_(work, report, quiet, lang)
    if not work.conforms:
        tell(words("not_published", lang), err=True)
    elif check_only and changed:
        tell(words("stale", lang, out=str(target), files=", ".join(changed)), err=True)
        tell(words("mend_stale", lang, corpus=corpus), err=True)
        code = 1
    elif not quiet:
        tell(words("published" if changed else "unchanged", lang, out=str(target)), err=True)
    sys.exit(code)
