"""Assignment of files to documents: by the id given with a file, by its digest, or by the passages found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openproposals.errors import UsageError
from openproposals.factcheck import verify
from openproposals.factcheck.documents import Text
from openproposals.model.tables import Frames

_SAMPLE = 60  # at most about this many passages of a document are looked for in a file of unknown origin


@dataclass(frozen=True)
class AssignedFiles:
    """Files by what they are: `texts` by the id of a pinned text, `sources` by the id of a cited source."""

    texts: Mapping[str, Text]
    sources: Mapping[str, Text]


def assign_files(tables: Frames, files: Sequence[tuple[str, Text]]) -> AssignedFiles:
    """Assign each file to the pinned texts or the source that it is.

    files: pairs of an id and a file. The id is that of a text, a document or a source, or "" where none was given: then
    the file's SHA-256 decides, else the number of passages found in it.
    Raises UsageError: an id that names none of these, or more files than there are documents.
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
            raise UsageError(
                f"{name!r} is no text, document or source of the corpus", mend=f"write one of {', '.join(known[:12])}"
            )
        else:
            unknown.append(file)
    for file in unknown:
        found |= dict.fromkeys(_likeliest(file, tables, texts, found), file)
    return AssignedFiles(found, cited)


def _likeliest(
    file: Text,
    tables: Frames,
    texts: Mapping[str, tuple[str, str]],
    found: Mapping[str, Text],
) -> list[str]:
    """The ids of the texts of one document: the unassigned one with the largest share of its passages in the file."""
    free = [text for text in texts if text not in found]
    documents = list(dict.fromkeys(texts[text][0] for text in free))
    if not documents:
        raise UsageError(
            f"{file.name} is one file too many: every document has a text already",
            mend="say which it is, as in --document ID=FILE, or leave it out",
        )
    if len(documents) > 1:
        passages = verify.passages(tables)
        documents.sort(key=lambda document: -_share(file, passages, {t for t in free if texts[t][0] == document}))
    return [text for text in free if texts[text][0] == documents[0]]


def _share(file: Text, passages: Sequence[verify.Passage], texts: set[str]) -> float:
    """The share (0 to 1) of the passages of these texts that are found in the file, measured on a sample."""
    wanted = [passage for passage in passages if passage.text in texts]
    sample = wanted[:: max(1, len(wanted) // _SAMPLE)]
    graded = verify.grade(sample, dict.fromkeys(texts, file))
    return sum(each.grade != "not-found" for each in graded) / max(1, len(sample))
