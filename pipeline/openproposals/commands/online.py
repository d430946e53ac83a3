"""A release on line: served from this machine, or taken to a store elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openproposals.commands.progress_line import ProgressLine
from openproposals.commands.shared import LANGUAGE, finish, help_, today, words
from openproposals.guards.terminal import Closed, give, inert_json, tell
from openproposals.messages import LANGUAGES, Language, number

if TYPE_CHECKING:
    from openproposals.release.published import Release


@click.command(help=help_("serve"))
@click.option("--host", default="127.0.0.1", show_default=True, help=help_("serve_host"))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=help_("serve_port"))
@click.option("--url", default="", metavar="URL", help=help_("serve_url"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path("build/serve"), help=help_("serve_cache"))
@click.option("--writable", is_flag=True, help=help_("serve_writable"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
@click.option("--quiet", is_flag=True, help=help_("serve_quiet"))
@click.argument("releases", nargs=-1)
def serve(
    releases: tuple[str, ...],
    host: str,
    port: int,
    url: str,
    cache: Path,
    writable: bool,
    quiet: bool,
    lang: Language,
) -> None:
    """Serve releases over HTTP until it is stopped."""
    from openproposals import places
    from openproposals.serving import running
    from openproposals.serving.host_names import is_loopback

    progress = ProgressLine(quiet, lang)
    given = [_opened(named, cache, progress, quiet, lang) for named in releases] or places.releases()
    if not is_loopback(host):
        tell(words("serve_open", lang, host=host), err=True)
    settings = running.ServeSettings(host, port, url, cache, writable)
    running.run(
        given,
        settings,
        progress,
        log=_unlogged if quiet else _logged,
        tell=lambda address: tell(words("serving", lang, address=address), err=True),
    )


@click.command(help=help_("push"))
@click.option("--to", "update", required=True, metavar="URL", help=help_("push_to"))
@click.option("--query", default="", metavar="URL", help=help_("push_query"))
@click.option("--graph-store", "graphs", default="", metavar="URL", help=help_("push_graph_store"))
@click.option("--graph", default="", metavar="IRI", help=help_("push_graph"))
@click.option("--dry-run", "dry", is_flag=True, help=help_("push_dry"))
@click.option("--allow-private", is_flag=True, help=help_("allow_private"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGE, help=help_("lang"))
@click.option("--quiet", is_flag=True, help=help_("quiet"))
@click.argument("release")
def push(
    release: str,
    update: str,
    query: str,
    graphs: str,
    graph: str,
    dry: bool,
    allow_private: bool,
    quiet: bool,
    lang: Language,
) -> None:
    """Take a release to a store, in the place of the one before it."""
    from openproposals import places
    from openproposals.serving import push as pushing
    from openproposals.serving.remote import Credentials, RemoteStore

    found = places.release(release)
    credentials = Credentials.of(os.environ)
    to = RemoteStore.of(update, query, graphs, credentials, private=allow_private)
    progress = ProgressLine(quiet, lang)
    progress.stage("push")
    done = pushing.push(found, to, graph, dry=dry, loaded=progress.rows)
    progress.close()
    if not quiet or dry:
        key = "pushed" if done.done else "would_push"
        facts = {"graph": done.graph, "before": number(done.before, lang), "after": number(done.after, lang)}
        tell(words(key, lang, **facts), err=True)


def _opened(named: str, cache: Path, progress: ProgressLine, quiet: bool, lang: Language) -> Release:
    """The release or site that an argument names. A corpus is published into the cache, or its findings are shown."""
    from openproposals import places
    from openproposals.engines.run import Run
    from openproposals.release.published import open_release
    from openproposals.stages import publish

    found = places.find(named, "release")
    if not isinstance(found, places.CorpusFolder):
        return places.release(named)
    made = cache / "corpora" / found.folder.resolve().name
    made.parent.mkdir(parents=True, exist_ok=True)
    work, _ = publish(found.folder, made, Run(progress, today()))
    progress.close()
    if not work.conforms:
        finish(work, "text", quiet, lang)
    return open_release(made)


def _logged(line: Mapping[str, object]) -> None:
    """Print a line of the access log; where nobody reads it any more, it is not the server that ends."""
    try:
        give(inert_json(json.dumps(line, ensure_ascii=False)), end="\n")
    except Closed:
        return


def _unlogged(line: Mapping[str, object]) -> None:
    del line
