"""Results of a verification, written into the corpus's `verifications.csv`.

Publishing reads that table, so that it needs no document, no network and no clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from openproposals import __version__
from openproposals.corpus import edit
from openproposals.corpus.corpus_folder import write
from openproposals.errors import UsageError
from openproposals.factcheck.documents import Text
from openproposals.factcheck.trace import Held
from openproposals.factcheck.verification import VERIFICATIONS, Verified
from openproposals.model import schema

# Reasons (codes of web/links.toml) for which an address was never asked: there is no result to record.
NOT_ASKED = frozenset({"refused-private-address", "not-http", "bad-url", "credentials"})


def check_date(given: str) -> None:
    """Raises UsageError for what is not a date as YYYY-MM-DD."""
    try:
        if datetime.date.fromisoformat(given).isoformat() == given:
            return
    except ValueError:
        pass
    raise UsageError("not-a-date", given=given)


def write_results(held: Held, found: Verified, date: str) -> None:
    """Write results into the corpus's verifications.csv; rows of what was not verified this time are kept.

    date: the day of the verification, YYYY-MM-DD.
    Raises UsageError: a document in which no passage was found, or nothing to record.
    """
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
    write(held.folder, {f"{VERIFICATIONS}.csv": edit.table(table.column_names, every)})


def _of_passages(held: Held, found: Verified, date: str) -> Iterator[dict[str, str]]:
    """A row for each passage that was looked for."""
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
            "tool": _tool(text),
            "verified": date,
        }


def _of_links(found: Verified, date: str, known: Mapping[str, str | None]) -> Iterator[dict[str, str]]:
    """A row for each visited address; where no body came, the digest recorded last is kept."""
    for each, checked in found.links or ():
        if checked.reason in NOT_ASKED:
            continue
        key = f"{each['kind']}-{each['id']}-{each['which'].replace('_', '-')}"
        yield {
            "id": key,
            each["kind"]: each["id"],
            "address": each["address"],
            "body_sha256": checked.digest or known.get(key) or "",
            "grade": f"link-{checked.grade}",
            "tool": _tool(),
            "verified": date,
        }


def _tool(text: Text | None = None) -> str:
    """The program that verified, and the library that read the document if one did."""
    return f"openproposals {__version__}" + (f", {text.tool}" if text and text.tool else "")
