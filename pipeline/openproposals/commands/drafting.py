"""From a document to a draft corpus: read, coverage, accept."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, help_, today, words
from openproposals.commands.tracing import given_documents
from openproposals.guards import files
from openproposals.guards.terminal import shown, tell
from openproposals.messages import LANGUAGES, Language, number

_LOST = 20  # lost decisions that are listed


@click.command(help=help_("read"))
@click.argument("documents", nargs=-1, required=True, metavar="[ID=]DOCUMENT...")
@click.option("--into", "folder", type=click.Path(path_type=Path), required=True, help=help_("read_into"))
@click.option("--language", default="", metavar="CODE", help=help_("read_language"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
@click.option("--quiet", is_flag=True, help=help_("quiet"))
def read(documents: Sequence[str], folder: Path, language: str, lang: Language, quiet: bool) -> None:
    """Read documents into a draft, and say what it holds."""
    from openproposals.reading import draft

    with ProgressLine(quiet, lang).waiting("documents"):
        made = draft.make(given_documents(documents), folder, language, lang)
    if quiet:
        return
    for text in made.draft.texts:
        facts = {"language": text.language, "characters": number(len(text.text.content), lang)}
        tell(words("read_language", lang, name=shown(text.document, 100), **facts), err=True)
        kinds = Counter(row["kind"] for row in made.draft.rows if row["text"] == text.id)
        counted = ", ".join(f"{kind} {number(n, lang)}" for kind, n in sorted(kinds.items()))
        tell(words("read_counts", lang, texts=text.id, kinds=counted), err=True)
    if made.again:
        facts = {"carried": str(made.carried), "fresh": str(made.fresh), "lost": str(len(made.lost))}
        tell(words("read_again", lang, **facts), err=True)
        for row in made.lost[:_LOST]:
            tell(words("read_lost", lang, kind=row["kind"], words=shown(row.get("words", ""), 80)), err=True)
    tell(words("read_done", lang, n=len(made.draft.rows), out=str(folder)), err=True)


@click.command(help=help_("coverage"))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DRAFT")
@click.option("--picture", type=click.Path(path_type=Path), default=None, help=help_("picture"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
def coverage(folder: Path, picture: Path | None, lang: Language) -> None:
    """Count what a draft accounts for; 1 while anything is unexplained."""
    from openproposals.reading import coverage as covering
    from openproposals.reading import draft

    found = covering.coverage(draft.opened(folder))
    tell(covering.table(found, lang), end="")
    if picture:
        files.replace(picture, covering.picture(found, lang).encode())
        tell(words("pictured", lang, path=str(picture)), err=True)
    sys.exit(1 if any(each.unexplained for each in found) else 0)


@click.command(help=help_("accept"))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DRAFT")
@click.argument("corpus", type=click.Path(path_type=Path), required=False)
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
def accept(folder: Path, corpus: Path | None, lang: Language) -> None:
    """Write what was kept into the tables of a corpus, and say what became of it."""
    from openproposals.reading import merging

    done = merging.accept(folder, corpus, today(), lang)
    counted = {name: number(n, lang) for name, n in (("added", sum(done.added.values())), ("dropped", done.dropped))}
    renewed = number(sum(done.renewed.values()), lang)
    into = corpus or merging.own_corpus(folder)
    tell(words("accepted", lang, corpus=str(into), renewed=renewed, **counted), err=True)
    if done.gone:
        shown_ids = ", ".join(done.gone[:_LOST]) + (", …" if len(done.gone) > _LOST else "")
        tell(words("accept_gone", lang, n=len(done.gone), ids=shown(shown_ids, 400)), err=True)
    for text in done.finished:
        tell(words("accept_finished", lang, text=text), err=True)
    for text in done.unfinished:
        tell(words("accept_unfinished", lang, text=text), err=True)
