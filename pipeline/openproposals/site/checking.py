"""The passages of a release as a browser needs them, to look for each of them in a document of the reader's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from openproposals.factcheck import verify
from openproposals.factcheck.normal import Digest
from openproposals.messages import Language, spoken, texts
from openproposals.release import reading_back
from openproposals.site.nodes import Graph, GraphNode, expand
from openproposals.site.source import SiteData


def passages(release: SiteData, paths: Mapping[str, str]) -> bytes:
    """The passages of a release as JSON, by text: positions, digests, marks, frames of figures, the pages about each.

    paths: pages' paths by IRI, without language and extension. Positions and lengths are in code points. Empty where
    the release has no passage. Raises UsageError where its dump is not whole: nobody could say what is sought.
    """
    if not release.records.kind("op:DigestSelector"):
        return b""
    _, tables = reading_back.read(release.folder / f"{release.name}.ttl")
    found: dict[str, list[dict[str, Any]]] = {}
    for passage in verify.passages(tables):
        node = release.whole.node(f"{release.base}passage/{passage.id}")
        found.setdefault(passage.text, []).append(as_data(passage) | _said(node, paths, release.languages))
    documents = {text: _document(release.whole.node(f"{release.base}text/{text}")) for text in found}
    texts = [
        {"id": text, "document": _labels(documents[text], release.languages), "passages": some}
        for text, some in found.items()
    ]
    return json.dumps({"texts": texts}, ensure_ascii=False, separators=(",", ":")).encode()


def words(graph: Graph, language: Language) -> dict[str, Any]:
    """What grades and forms are called on a page, by their codes."""
    grades = {grade: graph.node(expand(f"grade:{grade}")).label(language).value for grade in verify.GRADES}
    return {"grades": grades, "differences": texts("factcheck/verify", spoken(language))["forms"]}


def as_data(passage: verify.Passage) -> dict[str, Any]:
    """What is sought of a passage, as assets/verifying.js reads it."""
    sought = passage.sought
    return {
        "id": passage.id,
        "start": passage.start,
        "end": passage.end,
        "pinned": passage.pinned,
        "faithful": _digest(sought.forms.faithful),
        "kept": _digest(sought.forms.kept),
        "bare": _digest(sought.forms.bare),
        "accented": sought.forms.accented,
        "decimal": sought.decimal,
        "marks": [{"sign": mark.sign, "at": mark.at, "length": mark.length} for mark in sought.marks],
        "figures": [
            {"id": f.id, "printed": f.printed, "before": _digest(f.before), "after": _digest(f.after)}
            for f in passage.figures
        ],
    }


def _digest(digest: Digest) -> dict[str, Any]:
    return {
        "length": digest.length,
        "sha256": digest.sha256,
        **({"opening": digest.opening} if digest.opening else {}),
    }


def _said(node: GraphNode, paths: Mapping[str, str], languages: Sequence[Language]) -> dict[str, Any]:
    """Where a passage stands in the document, in each language, and the pages of what it states."""
    stated = dict.fromkeys(each for each in node.back("op:statedIn") if each.iri in paths)
    holders = (owner for each in node.back("op:statedIn") for owner in each.back("op:hasFigure"))
    stated |= dict.fromkeys(owner for owner in holders if owner.iri in paths)
    return {
        "place": _labels(node, languages) if node.texts("rdfs:label") else {},
        "about": [{"path": paths[each.iri], "label": _labels(each, languages)} for each in stated],
    }


def _document(text: GraphNode) -> GraphNode:
    return text.one("dcterms:isVersionOf") or text


def _labels(node: GraphNode, languages: Sequence[Language]) -> dict[str, str]:
    return {language: node.label(language).value for language in languages}
