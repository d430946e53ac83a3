"""The search index of a site, in pieces: a browser loads those that a query needs, and no more.

For each language: `search.TAG.js` says how the index is cut; `search/TAG/rows-N.js` has the pages, five hundred a file;
`search/TAG/words-K.js` has, for each word that begins with K, the numbers of the pages that hold it, doubled, plus one
where the word stands in the page's name. They are scripts: a page opened from a file may load scripts, but no JSON.
assets/site.js folds what is typed as `words` folds what is indexed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from openproposals.messages import Language, spoken
from openproposals.model.rdf import LiteralTerm
from openproposals.site.chain import chain
from openproposals.site.locations import output
from openproposals.site.nodes import GraphNode
from openproposals.site.pages import Page
from openproposals.site.quantities import value
from openproposals.site.render import say

_CHUNK = 500  # pages in a file of rows
_MANY = 2_000  # pages from which the words are cut by their first two letters, not by the first alone
_ALL = [
    "dcterms:identifier",
    "dcterms:title",
    "dcterms:abstract",
    "skos:definition",
    "skos:notation",
    "rdfs:comment",
    "op:asPrinted",
]


class _Unmarked(dict[int, int | None]):
    """What a sign is replaced by: an accent (a mark without a width) by nothing, any other by itself."""

    def __missing__(self, sign: int) -> int | None:
        kept = self[sign] = None if unicodedata.category(chr(sign)) == "Mn" else sign
        return kept


_UNMARKED = _Unmarked()


def words(text: str) -> list[str]:
    """The words of a text as they are searched: no accents, no capitals, numbers without grouping, "%" to its number.

    >>> words("Près de 330 000 élèves, l'œuvre : 22,8 %")
    ['pres', 'de', '330000', 'eleves', 'l', 'oeuvre', '22.8%']
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_UNMARKED)
    text = text.lower()
    text = text.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    text = re.sub(r"(?<=[0-9])[\s.,'’](?=[0-9]{3}(?![0-9]))", "", text)
    text = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text)
    text = re.sub(r"(?<=[0-9])\s+%", "%", text)
    return re.findall(r"[0-9]+(?:\.[0-9]+)*%?|[^\W_]+", text)


def pieces(pages: Iterable[Page], language: Language, main: Language) -> Iterator[tuple[str, bytes]]:
    """The files of the index in a language, as pairs of a path under `assets/` and the bytes."""
    rows: list[list[str]] = []
    found: dict[str, array[int]] = {}
    for page in pages:
        if page.kind != "home":
            label = page.node.label(language).value
            named = set(words(label))
            for word in named.union(*(words(text) for text in _texts(page, language))):
                found.setdefault(word, array("i")).append(2 * len(rows) + (word in named))
            rows.append([label, output(page.path, language, main), page.kind])
    kinds = {kind: say(kind, spoken(language)) for _, _, kind in rows}
    width = 2 if len(rows) > _MANY else 1
    cut: dict[str, list[str]] = {}
    for word in sorted(found):
        cut.setdefault(word[:width], []).append(word)
    yield f"search.{language}.js", _script("", {"kinds": kinds, "width": width, "chunk": _CHUNK, "cut": sorted(cut)})
    for start in range(0, len(rows), _CHUNK):
        part = f"rows-{start // _CHUNK}"
        yield f"search/{language}/{part}.js", _script(part, rows[start : start + _CHUNK])
    for key, held in sorted(cut.items()):
        name = "words-" + "".join(f"{ord(letter):x}." for letter in key).rstrip(".")
        yield f"search/{language}/{name}.js", _script(name, {word: found[word].tolist() for word in held})


def _script(name: str, found: Any) -> bytes:
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"(globalThis.searched ??= {{}})[{json.dumps(name)}] = {text};\n".encode()


def _texts(page: Page, language: Language) -> Iterator[str]:
    """What a page is found by: names, numbers and texts, the printed headings of its passages, what it is tied to."""
    node = page.node
    yield node.local
    yield say(page.kind, spoken(language))
    yield from (text.value for name in ("rdfs:label", "skos:prefLabel", "foaf:name") for text in node.texts(name))
    for name in _ALL:
        yield from (text.value for text in _spoken(node.texts(name), language))
    tied: list[GraphNode] = [*node.all("op:statedIn"), *node.all("dcterms:publisher"), *node.all("dcterms:isPartOf")]
    if page.kind == "statistic":
        found = chain(node)
        for figure in found.figures:
            yield value(figure, node.code("op:figureKind"), language)
            for name in ("op:asPrinted", "schema:value", "schema:minValue", "schema:maxValue"):
                yield from (text.value for text in figure.texts(name))
        tied += [way.source for way in found.ways if way.source]
        tied += [source for way in found.ways if way.source for source in way.source.all("dcterms:publisher")]
    for other in tied:
        yield other.label(language).value


def _spoken(texts: list[LiteralTerm], language: Language) -> Iterator[LiteralTerm]:
    """The texts in a language or in none; all of them where none is."""
    own = [text for text in texts if text.language in ("", language)]
    yield from own or texts
