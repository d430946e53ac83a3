"""From a publisher's own files to a corpus: inspect, new, import."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, help_, today, words
from openproposals.errors import UsageError
from openproposals.guards.terminal import as_json, give, shown, tell
from openproposals.messages import LANGUAGES, Language

if TYPE_CHECKING:
    from openproposals.importing.intake import Intake

PRESETS = ("decidim", "consul", "wahl-o-mat", "claimreview", "csvw")
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
@click.option("--as", "preset", type=click.Choice(PRESETS), default=None, help=help_("preset"))
@click.argument("corpus")
def import_(corpus: str, preset: str | None, report: str, quiet: bool, lang: Language) -> None:
    """Make a corpus's tables of the publisher's own files, print the findings, exit."""
    from openproposals import places
    from openproposals import report as reports
    from openproposals.importing import intake, starting
    from openproposals.importing.mapping import MAPPING

    progress = ProgressLine(quiet, lang)
    folder = Path(corpus) if (Path(corpus) / MAPPING).is_file() else places.corpus(corpus)
    if preset:
        starting.take_preset(folder, preset)
    done = intake.take(folder, progress.stage)
    progress.close()
    if report == "json":
        give(as_json({**reports.facts(done.findings, None, {"corpus": corpus}), **intake.data(done)}), end="\n")
    elif done.findings:
        tell(reports.text(done.findings, lang))
    if not quiet:
        _tell(done, lang)
    sys.exit(0 if done.conforms else 1)


@click.command(help=help_("new"))
@_lang
@_quiet
@click.option("--from", "given", multiple=True, type=click.Path(path_type=Path), help=help_("new_from"))
@click.option("--as", "preset", type=click.Choice(PRESETS), default=None, help=help_("preset"))
@click.option("--title", multiple=True, help=help_("new_title"))
@click.option("--publisher", default="", help=help_("new_publisher"))
@click.option("--contact", default="", help=help_("new_contact"))
@click.option("--licence", default="", help=help_("new_licence"))
@click.option("--address", default="", help=help_("new_address"))
@click.option("--languages", "tags", default="", metavar="TAGS", help=help_("new_languages"))
@click.option("--yes", is_flag=True, help=help_("new_yes"))
@click.argument("folder", type=click.Path(path_type=Path))
def new(
    folder: Path,
    given: Sequence[Path],
    preset: str | None,
    title: Sequence[str],
    publisher: str,
    contact: str,
    licence: str,
    address: str,
    tags: str,
    yes: bool,
    quiet: bool,
    lang: Language,
) -> None:
    """Ask six things, and write a corpus's corpus.toml and mapping.toml, and workbooks to fill in."""
    from openproposals import report as reports
    from openproposals.importing import answers, inspecting, starting

    for path in given:
        if not path.is_file():
            raise UsageError("no-such-file", path=path)
    found = [inspecting.inspect(path) for path in given]
    unread = [finding for each in found if not each.understood for finding in each.findings]
    if unread:
        tell(reports.text(unread, lang), err=True)
        sys.exit(1)
    offered = answers.offer(found)
    spoken = [tag.strip() for tag in tags.split(",") if tag.strip()] or list(offered.languages)
    asked = _Asked(yes, lang)
    spoken = asked.languages(spoken or [lang], stated=bool(tags))
    said = answers.Answers(
        asked.title(title, spoken),
        asked.text("publisher", publisher),
        asked.text("contact", contact, answers.CONTACT),
        asked.licence(licence, answers.LICENCES),
        asked.text("address", address, answers.ADDRESS),
    )
    asked.check()
    made = starting.create(folder, said, found, given, preset or "", today(), lang)
    if made.findings:
        tell(reports.text(made.findings, lang), err=True)
    if not quiet:
        for name in made.files:
            tell(words("new_wrote", lang, path=f"{folder}/{name}"), err=True)
        if made.unused:
            tell(words("new_unused", lang, columns=", ".join(shown(each, 80) for each in made.unused)), err=True)
        if made.decided:
            tell(words("new_decided", lang, what="; ".join(made.decided)), err=True)
        if made.offered:
            tell(words("new_offered", lang, what=", ".join(made.offered)), err=True)
        tell(words("new_next", lang, folder=str(folder)), err=True)


class _Asked:
    """Asks for what no flag has given; with --yes nothing is asked, and what is missing is told together."""

    def __init__(self, yes: bool, lang: Language) -> None:
        self._yes, self._lang = yes, lang
        self._missing: list[str] = []

    def text(self, key: str, given: str, form: str = "") -> str:
        """An answer; asked again until it has the form."""
        while not given or (form and not re.fullmatch(form, given)):
            if self._yes:
                self._missing.append(f"--{key}")
                return given
            if given:
                tell(words("new_form", self._lang, given=given), err=True)
            given = click.prompt(words(f"new_ask_{key}", self._lang), prompt_suffix=" ", err=True).strip()
        return given

    def languages(self, offered: Sequence[str], *, stated: bool) -> list[str]:
        """The languages, those that were offered unless others are given."""
        from openproposals.model import languages

        asks, default = not (stated or self._yes), ", ".join(offered)
        said = default
        while True:
            if asks:
                asked = words("new_ask_languages", self._lang)
                said = click.prompt(asked, default=default, prompt_suffix=" ", err=True)
            tags = [languages.canonical(tag.strip()) for tag in said.split(",") if languages.is_tag(tag.strip())]
            if tags:
                return list(dict.fromkeys(tags))
            problem = UsageError("no-language", given=said)
            if not asks:
                raise problem
            tell(problem.text(self._lang), err=True)

    def title(self, given: Sequence[str], spoken: Sequence[str]) -> dict[str, str]:
        """The title in each language: `--title TITLE` in one, `--title fr=TITRE` in several."""
        found = {}
        for tag in spoken:
            marked = next((each.removeprefix(f"{tag}=") for each in given if each.startswith(f"{tag}=")), "")
            plain = given[0] if given and len(spoken) == 1 else ""
            found[tag] = marked or plain
            if not found[tag] and self._yes:
                self._missing.append("--title" if len(spoken) == 1 else f"--title {tag}=...")
            while not found[tag] and not self._yes:
                asked = words("new_ask_title", self._lang)
                asked = f"{asked} ({tag})" if len(spoken) > 1 else asked
                found[tag] = click.prompt(asked, prompt_suffix=" ", err=True).strip()
        return found

    def licence(self, given: str, known: Mapping[str, str]) -> str:
        """The IRI of a licence: of one from the short list, or an address as it is given."""
        while known.get(given, given) == given and not re.match("https?://", given):
            if self._yes:
                self._missing.append(f"--licence ({', '.join(known)})")
                return ""
            listed = ", ".join(known)
            asked = words("new_ask_licence", self._lang, known=listed)
            given = click.prompt(asked, default="cc-by", prompt_suffix=" ", err=True).strip()
        return known.get(given, given)

    def check(self) -> None:
        """Raises UsageError for the flags that --yes would have needed."""
        if self._missing:
            raise UsageError("new-needs", flags=", ".join(self._missing))


def _tell(done: Intake, lang: Language) -> None:
    """Say how each file was read, what became of it, and what was written."""
    from openproposals.importing import inspecting

    for each in [each for each in done.understood if each.rows] or done.understood:
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
