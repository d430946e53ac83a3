"""Verification of a corpus or a release: its passages and quotes in documents, and its addresses on the web.

    tables -> trace
           -> verified -> record | rebase
           -> visited  -> record
    document -> anchor -> tables

The tables are those of a corpus or of a published dump. Only the modules that write (`record`, `rebase`, `anchor`)
need the folder of a corpus. `steps` runs the first two lines in order, for the command `verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openproposals.factcheck import matching, quotes, verify
from openproposals.factcheck.documents import Text
from openproposals.factcheck.trace import Held, Row
from openproposals.web import links
from openproposals.web.request import Limits

VERIFICATIONS = "verifications"  # the table of results


@dataclass(frozen=True)
class Quoted:
    """A quote and how it matches its document.

    A passage's quote has `passage`; a quote from a cited work has `statistic` and `source`; the others are "".
    `document` is the name of the file in which the quote was looked for, "" where there was none.
    """

    passage: str
    statistic: str
    source: str
    quote: str
    document: str
    match: quotes.Match


@dataclass(frozen=True)
class Verified:
    """The result of a verification: graded passages, graded quotes, visited addresses.

    `texts` maps the id of each pinned text to the document in which it was looked for; it is None where no document
    was searched. `links` is None where no address was visited; else it pairs each address with its result.
    """

    passages: Sequence[verify.Graded] = ()
    quotes: Sequence[Quoted] = ()
    texts: Mapping[str, Text] | None = None
    links: Sequence[tuple[Row, links.Checked]] | None = None

    @property
    def stands(self) -> bool:
        """Whether every passage and every quote was found, and no address is gone or unreachable."""
        return (
            all(graded.stands for graded in self.passages)
            and all(quoted.match.grade in quotes.FOUND for quoted in self.quotes)
            and all(checked.grade not in ("gone", "unreachable") for _, checked in self.links or ())
        )


def verified(held: Held, files: Sequence[tuple[str, Text]]) -> Verified:
    """Look for every passage and every quote in documents.

    files: pairs of an id (of a text, a document or a source; "" where none was given) and a document.
    Raises UsageError as `matching.assign_files` does.
    """
    assigned = matching.assign_files(held.tables, files)
    graded = verify.grade(verify.passages(held.tables), assigned.texts)
    return Verified(graded, list(_quoted(held, assigned)), assigned.texts)


def _quoted(held: Held, assigned: matching.AssignedFiles) -> Iterator[Quoted]:
    indexed = {id(text): quotes.IndexedText(text) for text in (*assigned.texts.values(), *assigned.sources.values())}
    pinned = dict(held.tables["passages"].select("id", "text").iter_rows())

    def match(text: Text | None, quote: str) -> tuple[str, quotes.Match]:
        if text is None:
            return "", quotes.Match("document-missing")
        return text.name, quotes.match(quote, indexed[id(text)])

    for row in held.tables["passage-quotes"].iter_rows(named=True):
        found = match(assigned.texts.get(pinned.get(row["passage"], "")), row["quote"])
        yield Quoted(row["passage"], "", "", row["quote"], *found)
    for row in held.tables["source-quotes"].iter_rows(named=True):
        found = match(assigned.sources.get(row["source"]), row["quote"])
        yield Quoted("", row["statistic"], row["source"], row["quote"], *found)


def visited(
    held: Held,
    *,
    private: bool,
    progress: Callable[[int, int], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> list[tuple[Row, links.Checked]]:
    """Visit every address (`url`, `archived_url`) of the sources and documents.

    Each body is compared with the digest recorded for that address, if there is one.
    private: whether addresses outside the public Internet may be visited.
    progress: called with the number of addresses visited and the number of all addresses.
    Returns pairs of an address (keys `kind`, `id`, `which`, `address`) and its result.
    """
    known = {
        row["address"]: row["body_sha256"] or ""
        for row in held.tables[VERIFICATIONS].iter_rows(named=True)
        if row["address"]
    }
    addresses = [
        {"kind": kind, "id": row["id"], "which": which, "address": row[which]}
        for kind, table in (("source", "sources"), ("document", "documents"))
        for row in held.tables[table].iter_rows(named=True)
        for which in ("url", "archived_url")
        if row[which]
    ]
    wanted = [links.RecordedUrl(each["address"], known.get(each["address"], "")) for each in addresses]
    checked = links.check(wanted, private=private, progress=progress, limits=limits)
    return list(zip(addresses, checked, strict=True))
