"""The command line: parse, call one stage, print, exit. Heavy imports wait until a stage is called."""

from __future__ import annotations

import datetime
import os
import sys
import tomllib
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from openproposals import __version__
from openproposals.errors import OpenproposalsError

if TYPE_CHECKING:
    from openproposals.stages import Say, Work

Language = Literal["en", "fr"]
_TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("cli.toml").read_text(encoding="utf-8"))


def language(arguments: Sequence[str], environment: dict[str, str]) -> Language:
    """The reader's language: --lang, else the locale's, else English. Needed before parsing, for --help.

    >>> language(["publish", "--lang", "fr"], {}), language([], {"LANG": "fr_FR.UTF-8"}), language([], {})
    ('fr', 'fr', 'en')
    """
    wanted = next((v for a, v in pairwise(arguments) if a == "--lang"), "")
    wanted = wanted or next((a.removeprefix("--lang=") for a in arguments if a.startswith("--lang=")), "")
    locale = next((environment[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(v)), "")
    return "fr" if (wanted or locale).lower().startswith("fr") else "en"


_LANGUAGE = language(sys.argv[1:], dict(os.environ))


def _help(key: str) -> str:
    return str(_TEXTS["help"][key][_LANGUAGE])


def _words(key: str, lang: Language, **facts: str) -> str:
    return str(_TEXTS["words"][key][lang]).format(**facts)


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


language_option = click.option("--lang", type=click.Choice(["en", "fr"]), default=_LANGUAGE, help=_help("lang"))


def text_of(key: str) -> str:
    """A help text, for the commands of other modules."""
    return _help(key)


def section(name: str) -> dict[str, Any]:
    """A section of the texts, for the commands of other modules."""
    found: dict[str, Any] = _TEXTS[name]
    return found


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """What every command takes."""
    for option in (
        language_option,
        click.option("--quiet", is_flag=True, help=_help("quiet")),
        click.option(
            "--report", type=click.Choice(["text", "json", "github", "sarif"]), default="text", help=_help("report")
        ),
        click.argument("corpus"),
    ):
        function = option(function)
    return function


@click.group(context_settings=_SETTINGS, help=_help("main"))
@click.version_option(__version__, "--version", prog_name="openproposals", help=_help("version"))
def cli() -> None:
    """The group; each command calls one stage."""


@cli.command(help=_help("validate"))
@_options
def validate(corpus: str, report: str, quiet: bool, lang: Language) -> None:
    """Stage `validate`."""
    from openproposals import stages

    _finish(stages.validate(_find(corpus), _say(quiet, lang), today()), report, quiet, lang)


@cli.command(help=_help("check"))
@_options
def check(corpus: str, report: str, quiet: bool, lang: Language) -> None:
    """Stage `check`."""
    from openproposals import stages

    _finish(stages.check(_find(corpus), _say(quiet, lang), today()), report, quiet, lang)


@cli.command(help=_help("convert"))
@_options
@click.option("--out", type=click.Path(path_type=Path), required=True, help=_help("out"))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["turtle", "jsonld", "ntriples"]),
    default=["turtle", "jsonld"],
    help=_help("format"),
)
def convert(corpus: str, report: str, quiet: bool, lang: Language, out: Path, formats: tuple[str, ...]) -> None:
    """Stage `convert`."""
    from openproposals import stages

    _finish(stages.convert(_find(corpus), out, formats, _say(quiet, lang), today()), report, quiet, lang)


@cli.command(help=_help("publish"))
@_options
@click.option("--out", type=click.Path(path_type=Path), default=None, help=_help("out"))
@click.option("--check", "check_only", is_flag=True, help=_help("check_only"))
def publish(corpus: str, report: str, quiet: bool, lang: Language, out: Path | None, check_only: bool) -> None:
    """Stage `publish`."""
    from openproposals import stages

    folder = _find(corpus)
    target = out or Path("dist") / folder.resolve().name
    work, changed = stages.publish(folder, target, _say(quiet, lang), today(), dry=check_only)
    code = _report(work, report, quiet, lang)
    if not work.conforms:
        click.echo(_words("not_published", lang), err=True)
    elif check_only and changed:
        click.echo(_words("stale", lang, out=str(target), files=", ".join(changed)), err=True)
        click.echo(_words("mend_stale", lang, corpus=corpus), err=True)
        code = 1
    elif not quiet:
        click.echo(_words("published" if changed else "unchanged", lang, out=str(target)), err=True)
    sys.exit(code)


def _find(corpus: str) -> Path:
    from openproposals.corpus import find

    return find(corpus)


def today() -> str:
    """The one place where a clock is read."""
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


def _say(quiet: bool, lang: Language) -> Say:
    """Name each stage on standard error as it begins."""

    def say(stage: str) -> None:
        if not quiet:
            click.echo(f"{_TEXTS['stages'][stage][lang]}…", err=True)

    return say


def _report(work: Work, report: str, quiet: bool, lang: Language) -> int:
    """Print what was found, on standard output, and say how it went, on standard error."""
    from openproposals import report as reports
    from openproposals.corpus import lines
    from openproposals.findings import conforms

    if report == "json":
        about = {"corpus": work.corpus.name if work.corpus else ""}
        click.echo(reports.data(work.findings, work.counts, about), nl=False)
    elif report in ("github", "sarif"):
        begins = lines(work.folder, [f.location for f in work.findings])
        render = reports.github if report == "github" else reports.sarif
        click.echo(render(work.findings, work.folder, begins, lang), nl=report == "github" and bool(work.findings))
    elif work.findings:
        click.echo(reports.text(work.findings, lang))
    if not quiet:
        click.echo(reports.summary(work.findings, work.counts, lang), err=True)
    return 0 if conforms(work.findings) else 1


def _finish(work: Work, report: str, quiet: bool, lang: Language) -> None:
    sys.exit(_report(work, report, quiet, lang))


def main() -> None:
    """Run the command line; an error that stops the work is told in one look, with its exit code."""
    import openproposals.commands  # noqa: F401 - it adds its commands to the group

    try:
        cli.main(standalone_mode=True)
    except OpenproposalsError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
