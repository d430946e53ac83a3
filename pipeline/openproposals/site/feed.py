"""An Atom feed (RFC 4287) of a release and of what was withdrawn with it; what is earlier, feed readers have kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from openproposals.messages import Language, spoken
from openproposals.site.locations import output
from openproposals.site.nodes import GraphNode
from openproposals.site.render import say
from openproposals.site.source import SiteData


def feed(release: SiteData, withdrawn: Sequence[tuple[GraphNode, str]], language: Language) -> bytes:
    """The feed in a language. withdrawn: nodes that were withdrawn, each with the path of its page."""
    main, home = release.languages[0], release.address
    page = home + quote(output("index", language, main))
    own = home + quote(output("feed", language, main, ".xml"))
    modified = f"{(release.dataset.text('dcterms:modified') or release.dataset.text('dcterms:issued'))[:10]}T00:00:00Z"
    authors = [agent.label(language).value for agent in release.dataset.all("dcterms:publisher")] or [release.name]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<title>{escape(release.dataset.label(language).value)}</title>",
        f"<id>{escape(own)}</id>",
        f'<link rel="self" href={quoteattr(own)}/>',
        f"<link href={quoteattr(page)}/>",
        f"<updated>{modified}</updated>",
        *(f"<author><name>{escape(name)}</name></author>" for name in authors),
        _release(release, language, page, modified),
        *_withdrawn(release, withdrawn, language, modified),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _release(release: SiteData, language: Language, page: str, modified: str) -> str:
    version = release.dataset.text("dcat:version")
    notes = release.catalogue.node(release.base).said("adms:versionNotes", language)
    title = say("feed_release", spoken(language), version=version)
    return _entry(title, page, f"{release.base}releases/{version}", modified, notes.value if notes else "")


def _withdrawn(
    release: SiteData, withdrawn: Sequence[tuple[GraphNode, str]], language: Language, modified: str
) -> Iterator[str]:
    version = release.dataset.text("dcat:version")
    for node, path in withdrawn:
        if node.text("op:withdrawnSince") == version:
            reason = node.said("skos:changeNote", language)
            title = say("feed_withdrawn", spoken(language), what=path)
            address = release.address + quote(output(path, language, release.languages[0]))
            yield _entry(title, address, f"{node.iri}#withdrawn", modified, reason.value if reason else "")


def _entry(title: str, address: str, identifier: str, updated: str, summary: str) -> str:
    said = f"<summary>{escape(summary)}</summary>" if summary else ""
    link = f"<link href={quoteattr(address)}/>"
    parts = (f"<title>{escape(title)}</title>", f"<id>{escape(identifier)}</id>", link)
    return f"<entry>{''.join(parts)}<updated>{updated}</updated>{said}</entry>"
