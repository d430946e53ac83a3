"""The second way through: from a figure back to its passage and its source, and from a document back to the tables.

    tables -> trace
           -> verify -> record | rebase
           -> links  -> record
    document -> anchor -> tables

The tables are those of a corpus or of a published dump; only what is written (record, rebase, anchor) needs a corpus.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openproposals import __version__
from openproposals.corpus import edit
from openproposals.corpus import read as corpus
from openproposals.corpus.descriptor import DESCRIPTOR
from openproposals.errors import UsageError
from openproposals.factcheck import anchor, matching, quotes, rebase, verify
from openproposals.factcheck import trace as tracing
from openproposals.factcheck.documents import Text
from openproposals.factcheck.trace import Held
from openproposals.guards import files
from openproposals.model import schema
from openproposals.web import links
from openproposals.web.request import Limits

VERIFICATIONS = "verifications"
REFUSED = frozenset({"refused-private-address", "not-http", "bad-url", "credentials"})  # never asked
Row = dict[str, Any]


def trace(held: Held, name: str, files: Sequence[tuple[str, Text]] = ()) -> Row:
    """The trace of a statistic, a proposal or a source; with documents at hand, with the words of its passages."""
    found = tracing.trace(held, *tracing.find(held, name))
    if files:
        texts = matching.arrange(held.tables, files).texts
        wanted = {each["passage"]: each for each in _places(found)}
        passages = [p for p in verify.passages(held.tables) if p.id in wanted]
        for graded in verify.grade(passages, texts):
            words = said(graded, texts)
            wanted[graded.id] |= {"grade": graded.grade} | ({"words": words} if words else {})
        _tell(found, wanted)
    return found


def _places(found: object) -> Iterable[Row]:
    """Every place in a trace, however deep."""
    if isinstance(found, dict):
        if "passage" in found and "faithful" in found:
            yield found
        for each in found.values():
            yield from _places(each)
    elif isinstance(found, list):
        for each in found:
            yield from _places(each)


def _tell(found: Row, wanted: Mapping[str, Row]) -> None:
    """The same passage may stand in a trace several times: each gets what was found of it."""
    for each in _places(found):
        each |= {key: wanted[each["passage"]][key] for key in ("grade", "words") if key in wanted[each["passage"]]}


def said(graded: verify.Graded, texts: Mapping[str, Text]) -> str:
    """The words that were found; "" where none were."""
    if graded.start is None:
        return ""
    return texts[graded.text].content[graded.start : graded.end]


@dataclass(frozen=True)
class Quoted:
    """A quote's grade: of a passage, or of a statistic in the work it cites."""

    passage: str
    statistic: str
    source: str
    quote: str
    document: str
    held: quotes.Held


@dataclass(frozen=True)
class Verified:
    """What a verification found: passages and quotes graded in the texts at hand, addresses visited.

    `texts` is None where none was looked in, `links` where none was visited.
    """

    passages: Sequence[verify.Graded] = ()
    quotes: Sequence[Quoted] = ()
    texts: Mapping[str, Text] | None = None
    links: Sequence[tuple[Row, links.Checked]] | None = None

    @property
    def stands(self) -> bool:
        """Whether every passage and quote stands, and every address answers."""
        return (
            all(graded.stands for graded in self.passages)
            and all(quoted.held.grade in quotes.STANDS for quoted in self.quotes)
            and all(checked.grade not in ("gone", "unreachable") for _, checked in self.links or ())
        )


def verified(held: Held, files: Sequence[tuple[str, Text]]) -> Verified:
    """Look for every passage and every quote in the documents at hand."""
    at_hand = matching.arrange(held.tables, files)
    graded = verify.grade(verify.passages(held.tables), at_hand.texts)
    return Verified(graded, list(_quoted(held, at_hand)), at_hand.texts)


def _quoted(held: Held, at_hand: matching.Shelf) -> Iterable[Quoted]:
    shelves = {id(text): quotes.Shelf(text) for text in (*at_hand.texts.values(), *at_hand.sources.values())}
    pinned = dict(held.tables["passages"].select("id", "text").iter_rows())

    def against(text: Text | None, quote: str) -> tuple[str, quotes.Held]:
        if text is None:
            return "", quotes.Held("document-missing")
        return text.name, quotes.hold(quote, shelves[id(text)])

    for row in held.tables["passage-quotes"].iter_rows(named=True):
        said = against(at_hand.texts.get(pinned.get(row["passage"], "")), row["quote"])
        yield Quoted(row["passage"], "", "", row["quote"], *said)
    for row in held.tables["source-quotes"].iter_rows(named=True):
        said = against(at_hand.sources.get(row["source"]), row["quote"])
        yield Quoted("", row["statistic"], row["source"], row["quote"], *said)


def visited(
    held: Held,
    *,
    private: bool,
    progress: Callable[[int, int], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> list[tuple[Row, links.Checked]]:
    """Visit every address of sources and documents; each is compared with what it sent when it was last recorded."""
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
    wanted = [links.Link(each["address"], known.get(each["address"], "")) for each in addresses]
    checked = links.check(wanted, private=private, progress=progress, limits=limits)
    return list(zip(addresses, checked, strict=True))


def record(held: Held, found: Verified, date: str) -> None:
    """Write what was found into the corpus's verifications.csv; what was not looked for this time stays as it is."""
    assert held.folder is not None
    table = schema.tables()[VERIFICATIONS]
    for name in {graded.text for graded in found.passages if graded.grade != "document-missing"}:
        if not any(graded.stands for graded in found.passages if graded.text == name):
            raise UsageError("text-not-found", text=name)
    known = dict(held.tables[VERIFICATIONS].select("id", "body_sha256").iter_rows())
    rows = [*_of_passages(held, found, date), *_of_links(found, date, known)]
    if not rows:
        raise UsageError("nothing-to-record")
    new = {row["id"] for row in rows}
    kept = [
        {name: cell or "" for name, cell in row.items()}
        for row in held.tables[VERIFICATIONS].select(table.column_names).iter_rows(named=True)
        if row["id"] not in new
    ]
    every = sorted([*kept, *rows], key=lambda row: row["id"])
    corpus.write(held.folder, {f"{VERIFICATIONS}.csv": edit.table(table.column_names, every)})


def _of_passages(held: Held, found: Verified, date: str) -> Iterable[dict[str, str]]:
    digests = dict(held.tables["passages"].select("id", "faithful_sha256").iter_rows())
    for graded in found.passages:
        if graded.grade == "document-missing":
            continue
        assert found.texts is not None
        text = found.texts[graded.text]
        yield {
            "id": f"passage-{graded.id}",
            "passage": graded.id,
            "faithful_sha256": digests[graded.id],
            "text_sha256": text.sha256,
            "grade": graded.grade,
            "tool": tool(text),
            "verified": date,
        }


def _of_links(found: Verified, date: str, known: Mapping[str, str | None]) -> Iterable[dict[str, str]]:
    """What the visits found; one that we refused ourselves is none, and one without an answer keeps the last digest."""
    for each, checked in found.links or ():
        if checked.reason in REFUSED:
            continue
        key = f"{each['kind']}-{each['id']}-{each['which'].replace('_', '-')}"
        yield {
            "id": key,
            each["kind"]: each["id"],
            "address": each["address"],
            "body_sha256": checked.digest or known.get(key) or "",
            "grade": f"link-{checked.grade}",
            "tool": tool(),
            "verified": date,
        }


def tool(text: Text | None = None) -> str:
    """What verified: this program, and what read the document."""
    return f"openproposals {__version__}" + (f", {text.tool}" if text and text.tool else "")


def check_new(folder: Path) -> None:
    """Refuse, with UsageError, a folder that holds anything, a link, and what is no folder."""
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("rebase-not-empty", folder=folder)


def rebased(held: Held, found: Verified, out: Path) -> list[tuple[str, str]]:
    """Write into `out` the corpus pinned to the texts at hand; if anything cannot be placed, say what, and write none.

    Refused, with UsageError: a folder that holds anything.
    """
    assert held.folder is not None
    assert found.texts is not None
    check_new(out)
    pinned = rebase.pin(held.tables, verify.passages(held.tables), found.passages, found.texts)
    if pinned.lost:
        return pinned.lost
    contents = {}
    for path in sorted(p for p in held.folder.iterdir() if p.suffix == ".csv" and p.stem != VERIFICATIONS):
        text = corpus.table_text(held.folder, path.stem) or ""
        contents[path.name] = edit.changed(text, pinned.cells[path.stem]) if path.stem in pinned.cells else text
    said = files.text(held.folder / DESCRIPTOR, follow=False)
    contents[DESCRIPTOR] = edit.descriptor(said, pinned.keys)  # last: before, the folder is no corpus
    corpus.create(out, contents)
    return []


@dataclass(frozen=True)
class Anchored:
    """Words anchored: where they stand (once, several times, nowhere) and the rows to paste for each place."""

    words: anchor.Words
    passages: Sequence[Row]
    figures: Sequence[Row]
    contexts: Sequence[str]


def anchored(text: Text, wanted: Sequence[anchor.Words], name: str) -> list[Anchored]:
    """The rows of `passages` and `figure-passages` for words, at every place where they stand in a document."""
    at_hand = quotes.Shelf(text)
    found = []
    for words in wanted:
        spans = anchor.occurrences(words.words, at_hand)
        passages = [{"id": words.id, "text": name, **anchor.cells(at_hand, span)} for span in spans]
        figures = [
            {"passage": words.id, "text": name, **cells}
            for span in spans
            for cells in (anchor.framed(at_hand, span, words.figure) if words.figure else ())
        ]
        found.append(Anchored(words, passages, figures, [anchor.context(at_hand, span) for span in spans]))
    return found


def fill(folder: Path, text: Text, private: Sequence[anchor.Words], name: str) -> tuple[list[str], list[str]]:
    """Fill the empty anchor cells of a corpus's passages and figures; what was filled, and what could not be.

    A passage's words come from the editor's private quotes, by id, or from its own `quote`; a figure is looked for as
    it is printed. Words that stand in several places, or in none, are left for the editor.
    """
    read, _ = corpus.read(folder)
    if read is None:
        raise UsageError("descriptor-unusable", path=folder / DESCRIPTOR, folder=folder)
    texts = [row["id"] for row in read.tables["texts"].iter_rows(named=True)]
    named = name or (texts[0] if len(texts) == 1 else "")
    if named not in texts:
        raise UsageError("text-unknown", named=named, known=", ".join(texts))
    words = {each.id: each for each in private}
    unknown = sorted(words.keys() - set(read.tables["passages"]["id"]))
    if unknown:
        raise UsageError("passage-unknown", id=unknown[0]) if unknown[0] else UsageError("words-without-id")
    at_hand = quotes.Shelf(text)
    done: list[str] = []
    left: list[str] = []
    spans: dict[str, tuple[int, int]] = {}
    changes: dict[str, dict[int, dict[str, str]]] = {"passages": {}, "figure-passages": {}}
    for row in read.tables["passages"].iter_rows(named=True):
        if row["text"] not in (None, named):
            continue
        if all(row[cell] for cell in anchor.ANCHORS):
            spans[row["id"]] = (int(row["start"]), int(row["end"]))
            continue
        said = words[row["id"]].words if row["id"] in words else row["quote"] or ""
        places = anchor.occurrences(said, at_hand) if said else []
        if len(places) != 1:
            left.append(f"passages {row['id']}: {len(places) if said else '-'}")
            continue
        spans[row["id"]] = places[0]
        changes["passages"][row["_row"]] = {"text": named, **anchor.cells(at_hand, places[0])}
        done.append(f"passages {row['id']}")
    prints = {row["id"]: row for row in read.tables["figures"].iter_rows(named=True)}
    for row in read.tables["figure-passages"].iter_rows(named=True):
        if all(row[cell] for cell in anchor.FRAMES) or row["passage"] not in spans:
            continue
        printed = prints.get(row["figure"], {})
        figure = printed.get("as_printed_fr") or printed.get("as_printed_en") or ""
        framed = anchor.framed(at_hand, spans[row["passage"]], figure) if figure else []
        if len(framed) != 1:
            left.append(f"figure-passages {row['figure']}: {len(framed)}")
            continue
        changes["figure-passages"][row["_row"]] = {"text": named, **framed[0]}
        done.append(f"figure-passages {row['figure']}")
    corpus.write(
        folder,
        {
            f"{table}.csv": edit.changed(corpus.table_text(folder, table) or "", cells)
            for table, cells in changes.items()
            if cells
        },
    )
    return done, left
