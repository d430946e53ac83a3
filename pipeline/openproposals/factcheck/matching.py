"""Which document each file is: by the name it was given, by its digest, or by the passages that are found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from openproposals.errors import UsageError
from openproposals.factcheck import verify
from openproposals.factcheck.documents import Text

_SAMPLE = 60  # passages of a document looked for in a file that says nothing of which document it is


@dataclass(frozen=True)
class Shelf:
    """The texts at hand: by the pinned text that each stands for, and by the cited source that each is."""

    texts: Mapping[str, Text]
    sources: Mapping[str, Text]


def arrange(tables: Mapping[str, pl.DataFrame], files: Sequence[tuple[str, Text]]) -> Shelf:
    """Put each file in its place; a file is given with the id of a text, a document or a source, or with "".

    Refused, with UsageError: an id that names none of these, and more files than there are documents.
    """
    rows = tables["texts"].select("id", "document", "sha256").iter_rows()
    texts = {text: (document, sha256) for text, document, sha256 in rows}
    sources = set(tables["sources"]["id"])
    found: dict[str, Text] = {}
    cited: dict[str, Text] = {}
    unknown: list[Text] = []
    for name, file in files:
        meant = [text for text, (document, _) in texts.items() if name in (text, document)]
        same = [text for text, (_, sha256) in texts.items() if not name and sha256 == file.sha256]
        if name in sources and not meant:
            cited[name] = file
        elif meant or same:
            found |= dict.fromkeys(meant or same, file)
        elif name:
            known = sorted({*texts, *(document for document, _ in texts.values()), *sources})
            raise UsageError("document-unknown", named=name, known=", ".join(known[:12]))
        else:
            unknown.append(file)
    for file in unknown:
        found |= dict.fromkeys(_likeliest(file, tables, texts, found), file)
    return Shelf(found, cited)


def _likeliest(
    file: Text,
    tables: Mapping[str, pl.DataFrame],
    texts: Mapping[str, tuple[str, str]],
    found: Mapping[str, Text],
) -> list[str]:
    """The texts that a file stands for: those of the document most of whose passages it holds."""
    free = [text for text in texts if text not in found]
    documents = list(dict.fromkeys(texts[text][0] for text in free))
    if not documents:
        raise UsageError("document-too-many", name=file.name)
    if len(documents) > 1:
        passages = verify.passages(tables)
        documents.sort(key=lambda document: -_share(file, passages, {t for t in free if texts[t][0] == document}))
    return [text for text in free if texts[text][0] == documents[0]]


def _share(file: Text, passages: Sequence[verify.Passage], texts: set[str]) -> float:
    wanted = [passage for passage in passages if passage.text in texts]
    sample = wanted[:: max(1, len(wanted) // _SAMPLE)]
    graded = verify.grade(sample, dict.fromkeys(texts, file))
    return sum(each.grade != "not-found" for each in graded) / max(1, len(sample))
