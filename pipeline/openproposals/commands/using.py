"""From a release to its readers: ask it a question, make pages of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, help_, words
from openproposals.guards.terminal import give, shown, tell
from openproposals.messages import LANGUAGES, Language

if TYPE_CHECKING:
    from openproposals.query.sparql import Form

_SHOWN = 10  # names of files that were left out


@click.command(help=help_("query"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
@click.option("--quiet", is_flag=True, help=help_("quiet"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "markdown", "turtle"]),
    default="table",
    help=help_("form"),
)
@click.option("--example", default="", metavar="NAME", help=help_("example"))
@click.option("--examples", is_flag=True, help=help_("examples"))
@click.option("--allow-private", is_flag=True, help=help_("allow_private"))
@click.argument("release", required=False)
@click.argument("sparql", required=False)
def query(
    release: str | None,
    sparql: str | None,
    example: str,
    examples: bool,
    allow_private: bool,
    form: Form,
    quiet: bool,
    lang: Language,
) -> None:
    """Ask a release, a corpus or a dump a question."""
    from openproposals import loading, places
    from openproposals.engines.run import Run
    from openproposals.query import ask

    if examples:
        tell(ask.listed(lang))
        return
    if release is None or (sparql is None) == (not example):
        raise click.UsageError(words("ask_what", lang))
    text = ask.question(sparql or "", example, lang)
    progress = ProgressLine(quiet, lang)
    progress.stage("load")
    dump = loading.dump(places.find(release, "release"), Run(progress), private=allow_private)
    if example:
        text = ask.question("", example, ask.labelled(dump, lang))
    answered = ask.answer(dump, text, form)
    if form in ("table", "markdown"):
        tell(answered.decode(), end="")
    else:
        give(answered)


@click.command(help=help_("site"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
@click.option("--quiet", is_flag=True, help=help_("quiet"))
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/site"), help=help_("out"))
@click.argument("release")
def site(release: str, out: Path, quiet: bool, lang: Language) -> None:
    """Make pages of a release."""
    from openproposals import places
    from openproposals.site import build

    made = build.site(places.release(release), out, ProgressLine(quiet, lang))
    if made.engine_missing:
        tell(words("no_engine", lang, reason=made.engine_missing.words(lang)["what"]), err=True)
    if made.check_missing:
        tell(words("no_check", lang, reason=made.check_missing.words(lang)["what"]), err=True)
    if made.left_out:
        names = ", ".join(shown(name, 80) for name in made.left_out[:_SHOWN])
        more = "..." if len(made.left_out) > _SHOWN else ""
        tell(words("left_out", lang, n=len(made.left_out), names=names + more), err=True)
    if not quiet:
        tell(words("site_made", lang, out=str(out), pages=str(made.pages)), err=True)
