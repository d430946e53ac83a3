"""From a figure to its passage and its source, and back: trace, verify, anchor."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, finish, help_, words
from openproposals.errors import UsageError, reason
from openproposals.guards import terminal
from openproposals.guards.terminal import as_json, give, shown, tell
from openproposals.messages import LANGUAGES, Language

if TYPE_CHECKING:
    from openproposals.factcheck.anchor import Anchored
    from openproposals.factcheck.documents import Text
    from openproposals.factcheck.filling import Left
    from openproposals.factcheck.quotes import Match
    from openproposals.factcheck.trace import Held
    from openproposals.factcheck.verification import Verified

_DOCUMENT_LIMIT, _QUOTES_LIMIT = 256 << 20, 16 << 20  # bytes of a document, and of a file of quotes
_FILE = click.Path(path_type=Path)


def _spoken(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options --lang and --quiet."""
    for option in (
        click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang")),
        click.option("--quiet", is_flag=True, help=help_("quiet")),
    ):
        function = option(function)
    return function


def _documents(function: Callable[..., None]) -> Callable[..., None]:
    return click.option("--document", "documents", multiple=True, metavar="[ID=]FILE", help=help_("document"))(function)


@click.command(help=help_("trace", named=help_("named")))
@click.argument("name", metavar="ID")
@click.argument("place", metavar="[CORPUS|RELEASE|DUMP]", default="")
@_documents
@click.option("--report", type=click.Choice(["text", "json", "markdown"]), default="text", help=help_("trace_report"))
@_spoken
def trace(name: str, place: str, documents: Sequence[str], report: str, quiet: bool, lang: Language) -> None:
    """Follow a statistic, a proposal or a source."""
    from openproposals.factcheck import trace_text
    from openproposals.factcheck.traced import traced

    held = _held(place, report, quiet, lang)
    found = traced(held, name, given_documents(documents))
    if report == "json":
        give(as_json(found), end="\n")
    else:
        write = trace_text.text if report == "text" else trace_text.markdown
        tell(write(found, lang), end="")


@click.command(help=help_("verify", named=help_("named")))
@click.argument("place", metavar="CORPUS|RELEASE|DUMP")
@_documents
@click.option("--links", "visit", is_flag=True, help=help_("links"))
@click.option("--allow-private", is_flag=True, help=help_("allow_private"))
@click.option("--record", metavar="DATE", default="", help=help_("record"))
@click.option("--rebase", type=click.Path(path_type=Path), default=None, metavar="FOLDER", help=help_("rebase"))
@click.option("--all", "every", is_flag=True, help=help_("every"))
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help=help_("verify_report"))
@_spoken
def verify(
    place: str,
    documents: Sequence[str],
    visit: bool,
    allow_private: bool,
    record: str,
    rebase: Path | None,
    every: bool,
    report: str,
    quiet: bool,
    lang: Language,
) -> None:
    """Look for every passage in the documents at hand, and visit the addresses."""
    from openproposals.corpus import imported
    from openproposals.factcheck import steps, verify_text

    wanted = steps.Steps(visit, allow_private, record, rebase)
    wanted.check(documents)
    held = _held(place, report, quiet, lang)
    origins = imported.origins(held.folder, held.tables) if held.folder else {}

    def tell_found(found: Verified) -> None:
        if report == "json":
            give(as_json(verify_text.data(found, origins)), end="\n")
        else:
            tell(verify_text.text(found, held.tables, lang, every=every, origins=origins))

    found, lost = steps.take(wanted, held, given_documents(documents), tell_found, None if quiet else _progress(lang))
    if record:
        _talk("recorded", quiet, lang, corpus=str(held.folder))
    if lost:
        named = ", ".join(f"{table}/{key}" for table, key in lost[:20])
        tell(words("not_rebased", lang, count=str(len(lost)), names=named), err=True)
    elif rebase:
        _talk("rebased", quiet, lang, out=str(rebase))
    sys.exit(0 if found.stands and not lost else 1)


@click.command(help=help_("anchor"), context_settings={"ignore_unknown_options": True})  # "-3 %" are words
@click.argument("document", type=_FILE)
@click.argument("said", nargs=-1, metavar="[WORDS]...")
@click.option("--quotes", type=_FILE, default=None, help=help_("quotes"))
@click.option("--figure", default="", help=help_("figure"))
@click.option("--language", default="", metavar="CODE", help=help_("language"))
@click.option("--text", "name", default="", metavar="ID", help=help_("text"))
@click.option("--write", "folder", type=click.Path(path_type=Path), metavar="CORPUS", default=None, help=help_("write"))
@_spoken
def anchor(
    document: Path,
    said: Sequence[str],
    quotes: Path | None,
    figure: str,
    language: str,
    name: str,
    folder: Path | None,
    quiet: bool,
    lang: Language,
) -> None:
    """Turn words into the cells that identify them."""
    from openproposals import places
    from openproposals.factcheck.anchor import anchorage, anchored
    from openproposals.factcheck.filling import fill
    from openproposals.factcheck.private import Words, private
    from openproposals.model.numbers import decimal_mark

    for each in said:
        if re.match("--[a-z]", each):
            raise click.NoSuchOption(each)
    text = opened(document)
    wanted = [Words(each, figure=figure) for each in [" ".join(said)] if each.strip()]
    if quotes:
        wanted += private(_utf8(quotes), quotes.name)
    if folder:
        done, left = fill(places.corpus(str(folder)), text, wanted, name)
        for each in done:
            tell(words("filled", lang, what=each))
        for empty in left:
            _tell_left(empty, quotes.name if quotes else "", lang)
        sys.exit(1 if left else 0)
    if quotes and not wanted:
        raise UsageError("quotes-empty", path=quotes)
    if not wanted:
        wanted = [Words(" ".join(terminal.asked().split()), figure=figure)]
    found = anchored(anchorage(text, decimal=decimal_mark(language)), [w for w in wanted if not w.ragged], name)
    _paste(found)
    settled = [_settled(one, quotes.name if quotes else "", lang) for one in found]
    ragged = [each for each in wanted if each.ragged]
    for row in ragged:
        _tell_problem("left_ragged", _where(quotes.name if quotes else "", row.line, row.id), lang)
    sys.exit(0 if all(settled) and not ragged else 1)


def _where(file: str, line: int, key: str) -> str:
    """Where words come from: the line of the editor's file, and their id."""
    return " ".join(filter(None, (f"{file}:{line}" if file and line else "", key)))


def _tell_problem(key: str, where: str, lang: Language, **facts: str) -> None:
    said = words(key, lang, **facts)
    tell(f"{_plain(where)}: {said}" if where else said, err=True)


def _tell_left(row: Left, file: str, lang: Language) -> None:
    where = _where(file, row.line, f"{row.table} {row.id}".strip())
    _tell_problem(row.why, where, lang, count=str(row.count))
    for context in row.contexts:
        tell(f"  {_plain(context)}", err=True)
    _tell_nearest(row.nearest, lang)


def _tell_nearest(alike: Match | None, lang: Language) -> None:
    """The words of the document that are most like those that stand nowhere, with what differs."""
    from openproposals.factcheck.quotes import marked

    if alike and alike.differences:
        tell(words("left_nearest", lang, diff=_plain(marked(alike.differences))), err=True)


def _settled(anchored: Anchored, file: str, lang: Language) -> bool:
    """Whether words stand in one place, and their figure in one place of them; if not, it is said."""
    said = anchored.words
    where = _where(file, said.line, said.id)
    if len(anchored.passages) != 1:
        key = "twice" if anchored.passages else "nowhere"
        _tell_problem(key, where, lang, words=_plain(said.words), count=str(len(anchored.passages)))
        for context in anchored.contexts:
            tell(f"  {_plain(context)}", err=True)
        _tell_nearest(anchored.nearest, lang)
        return False
    if said.figure and len(anchored.figures) != 1:
        facts = {"figure": _plain(said.figure), "count": str(len(anchored.figures))}
        _tell_problem("figure_lost", where, lang, **facts)
        return False
    return True


def _paste(found: Sequence[Anchored]) -> None:
    """The rows to paste, as CSV, each table under its header."""
    from openproposals.corpus import edit
    from openproposals.model import schema

    for table, rows in (
        ("passages", [row for each in found for row in each.passages]),
        ("figure-passages", [row for each in found for row in each.figures]),
    ):
        if rows:
            give(edit.table([column.stem for column in schema.tables()[table].columns], rows))


def _held(place: str, report: str, quiet: bool, lang: Language) -> Held:
    """The corpus or dump; one that does not conform is reported, and the run ends."""
    from openproposals import loading, places
    from openproposals.engines.run import Run, Work

    held = loading.held(places.find(place, "corpus"), Run(ProgressLine(quiet, lang)))
    if isinstance(held, Work):
        finish(held, "json" if report == "json" else "text", quiet, lang)
    return held


def given_documents(given: Sequence[str]) -> list[tuple[str, Text]]:
    """The documents, each with the id that was given before its path, or ""."""
    found = []
    for each in given:
        name, equals, path = each.partition("=")
        whole = Path(each)
        if not equals or whole.exists():
            name, path = "", each
        found.append((name, opened(Path(path))))
    return found


def opened(path: Path) -> Text:
    """A document. Raises UsageError where there is none, or it cannot be read."""
    from openproposals.factcheck import documents
    from openproposals.guards import files

    if not path.is_file():
        raise UsageError("document-missing", path=str(path))
    try:
        return documents.read(path.name, files.data(path, most=_DOCUMENT_LIMIT))
    except OSError as error:
        raise UsageError("unreadable", path=path, because=reason(error)) from error


def _utf8(path: Path) -> str:
    from openproposals.guards import files

    try:
        return files.text(path, most=_QUOTES_LIMIT)
    except OSError as error:
        raise UsageError("unreadable", path=path, because=reason(error)) from error
    except UnicodeDecodeError as error:
        raise UsageError("not-utf8-text", path=path, because=reason(error)) from error


def _talk(key: str, quiet: bool, lang: Language, **facts: str) -> None:
    if not quiet:
        tell(words(key, lang, **facts), err=True)


def _progress(lang: Language) -> Callable[[int, int], None]:
    """Count the addresses that were visited, on a terminal."""

    def visited(done: int, of: int) -> None:
        if terminal.is_terminal():
            label = words("visiting", lang, done=done, of=of)
            terminal.rewrite(label, end="\n" if done == of else "")

    return visited


def _plain(said: str) -> str:
    return shown(said, 400)
