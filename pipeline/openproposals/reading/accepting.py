"""From what an editor kept to the rows of a corpus's tables: labels in their words, passages by position and digest.

The document's words are not in the rows, but for figures, signs and the details of cited works as they are printed.
An absence is stated of a text only where nothing in it is left unexplained; else it is not recorded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openproposals.errors import UsageError
from openproposals.factcheck import anchor, documents
from openproposals.factcheck.anchor import Anchorage
from openproposals.factcheck.judging import Standing
from openproposals.factcheck.normal import Span
from openproposals.messages import LANGUAGES, say
from openproposals.model import lists
from openproposals.model.languages import Languages
from openproposals.model.numbers import decimal_mark
from openproposals.reading import workbook
from openproposals.reading.draft import Draft, DraftText

Row = dict[str, str]
_KINDS = {  # of a statistic, by the rule that found its first figure
    "percentage": "percentage", "ratio": "ratio", "fraction": "ratio", "every": "ratio", "range": "range",
    "multiple": "multiple", "ordinal": "rank",
}  # fmt: skip
_LABELLED = ("heading", "proposal", "figure")
_SAID = 10  # rows without a label that are named
_REMARKED = ("missing-note", "shared-sign", "misprinted-sign", "garbled-sign", "skipped-number")
ID = "corpus_id"  # the column of the workbook that keeps the id a row was given in the corpus


@dataclass
class _Making:
    """What is being made: rows by table, and the ids given so far."""

    languages: Languages
    tables: dict[str, list[Row]] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # ids in the corpus, by text and id of the candidate
    passages: dict[tuple[str, Span], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, table: str, row: Mapping[str, str]) -> None:
        self.tables.setdefault(table, []).append({name: cell for name, cell in row.items() if cell})

    def labels(self, row: Mapping[str, str], stem: str = "label") -> Row:
        """The labels of a row: `label` in the corpus's main language, `label_<tag>` in others."""
        main = {f"{stem}_{self.languages.main}": row.get("label", "").strip()}
        more = {f"{stem}_{tag}": row.get(f"label_{tag}", "").strip() for tag in self.languages.own}
        return {name: said for name, said in (main | {k: v for k, v in more.items() if v}).items() if said}

    def free(self, prefix: str) -> str:
        number = 1
        while f"{prefix}{number}" in self.taken:
            number += 1
        self.taken.add(f"{prefix}{number}")
        return f"{prefix}{number}"


@dataclass(frozen=True)
class AcceptedDraft:
    """Rows by table, entries of the descriptor by path, and the workbook with the ids that its rows were given."""

    tables: Mapping[str, Sequence[Row]]
    descriptor: Mapping[tuple[str, ...], object]
    rows: Sequence[dict[str, str]]
    finished: Sequence[str]


def accepted(draft: Draft, languages: Languages, finished: Sequence[str], today: str) -> AcceptedDraft:
    """The rows that a draft's kept candidates become.

    languages: those of the corpus; finished: the ids of texts in which nothing is unexplained; today: the day
    (YYYY-MM-DD). Raises UsageError for kept rows without a label.
    """
    kept = [row for row in draft.rows if workbook.kept(row["keep"])]
    _check_labels(kept)
    making = _Making(languages, taken=_taken(draft))
    read: list[_Text] = []
    for text in draft.texts:
        own = [row for row in kept if row["text"] == text.id]
        spans = sorted((int(r["start"]), int(r["end"])) for r in own if r["kind"] == "mark")
        where = anchor.anchorage(text.text, spans, decimal_mark(text.language))
        read.append(_Text(making, text, where, own, text.id in finished))
        read[-1].accept()
        if text.id in finished:
            _activity(making, text, today)
    _statistics(making, read)
    ids = {(r["text"], r["start"], r["end"], r["kind"]): making.given.get(_key(r), "") for r in kept}
    rows = [{**r, ID: ids.get((r["text"], r["start"], r["end"], r["kind"]), r.get(ID, ""))} for r in draft.rows]
    return AcceptedDraft(making.tables, dict(_entries(draft, languages)), rows, finished)


def _taken(draft: Draft) -> set[str]:
    """The ids that rows were given, and those of the statistics of figures."""
    given = {row[ID] for row in draft.rows if row.get(ID)}
    return given | {each.rpartition("-")[0] for each in given}


def _check_labels(kept: Sequence[Mapping[str, str]]) -> None:
    bare = [r for r in kept if r["kind"] in _LABELLED and not r.get("label", "").strip()]
    if bare:
        named = ", ".join(f"{r['text']} {r['start']}–{r['end']} ({r['kind']})" for r in bare[:_SAID])
        raise UsageError("accept-unlabelled", n=len(bare), rows=named + (", …" if len(bare) > _SAID else ""))


def _key(row: Mapping[str, str]) -> str:
    return f"{row['text']} {row['kind']} {row['start']} {row['end']}"


def _entries(draft: Draft, languages: Languages) -> Iterator[tuple[tuple[str, ...], object]]:
    for text in draft.texts:
        yield ("documents", text.id, "title"), {languages.main: text.document}
        if code := lists.named("languages").meant(text.language):
            yield ("documents", text.id, "language"), code
        yield ("texts", text.id, "document"), text.id
        yield ("texts", text.id, "characters"), len(text.text.content)
        yield ("texts", text.id, "sha256"), text.text.sha256
        if text.tool:
            yield ("texts", text.id, "extraction"), dict.fromkeys(languages.own, text.tool)


def _activity(making: _Making, text: DraftText, today: str) -> None:
    said = {
        f"comment_{tag}": say("reading/accepted", "activity", tag) for tag in making.languages.own if tag in LANGUAGES
    }
    row = {"id": f"reading-{text.id}-{today}", "text": text.id, "looked_for": "figures-and-sources"}
    making.add("activities", {**row, "ended": f"{today}T00:00:00Z", **said})


@dataclass
class _Text:
    """The kept rows of one text, made into rows of tables in reading order."""

    making: _Making
    text: DraftText
    where: Anchorage
    rows: Sequence[Mapping[str, str]]
    finished: bool

    def accept(self) -> None:
        """Make the rows of all kinds but figures, whose statistics may stand in several texts."""
        self.by_id = {row["id"]: row for row in self.rows if row["id"]}
        self.themes: list[tuple[int, str]] = []  # level and id, of the headings above
        self.under: list[tuple[str, str]] = []  # proposals, each with its theme
        for kind, take in (("heading", self._theme), ("proposal", self._proposal)):
            for at, row in enumerate((r for r in self.rows if r["kind"] == kind), 1):
                take(row, at)
        for row in self.rows:
            if row["kind"] == "note":
                self._note(row)
        for row in self.rows:
            if row["kind"] == "mark":
                self._mark(row)
            elif row["kind"] == "source":
                self._source(row)

    def _id(self, row: Mapping[str, str], prefix: str) -> str:
        key = _key(row)
        if key not in self.making.given:
            self.making.given[key] = row.get(ID, "") or self.making.free(prefix)
        return self.making.given[key]

    def _passage(self, row: Mapping[str, str], span: Span, name: str, theme: str = "") -> str:
        """The id of the passage at a span, made where there is none yet."""
        at = (self.text.id, span)
        if at not in self.making.passages:
            self.making.passages[at] = f"{self.text.id}-{name}"
            page = documents.page(self.text.text, span[0])
            place = {
                f"locator_{tag}": say("reading/accepted", "page", tag, page=page)
                if page and tag in LANGUAGES
                else f"{span[0]}–{span[1]}"
                for tag in self.making.languages.own
            }
            cells = anchor.cells(self.where, Standing((span,)))
            self.making.add(
                "passages", {"id": self.making.passages[at], "text": self.text.id, "theme": theme, **cells, **place}
            )
        return self.making.passages[at]

    def _span(self, row: Mapping[str, str]) -> Span:
        return int(row["start"]), int(row["end"])

    def _theme(self, row: Mapping[str, str], position: int) -> None:
        key, level = self._id(row, "T"), int(row.get("level") or 1)
        while self.themes and self.themes[-1][0] >= level:
            self.themes.pop()
        parent = self.themes[-1][1] if self.themes else ""
        self.themes.append((level, key))
        passage = self._passage(row, self._span(row), key, key)
        made = {"id": key, "number": row.get("number", ""), "position": str(position), "parent": parent}
        self.making.add("themes", {**made, "document": self.text.id, "passage": passage, **self.making.labels(row)})

    def _above(self, row: Mapping[str, str], kind: str) -> Mapping[str, str] | None:
        """The last kept row of a kind before another."""
        before = [r for r in self.rows if r["kind"] == kind and int(r["start"]) < int(row["start"])]
        return before[-1] if before else None

    def _proposal(self, row: Mapping[str, str], position: int) -> None:
        key = self._id(row, "P")
        heading = self._above(row, "heading")
        theme = self.making.given[_key(heading)] if heading else ""
        passage = self._passage(row, self._span(row), key, theme)
        self.under.append((key, theme))
        made = {"id": key, "position": str(position), "theme": theme, "document": self.text.id, "passage": passage}
        self.making.add("proposals", {**made, **self.making.labels(row)})

    def _note(self, row: Mapping[str, str]) -> None:
        key = self._id(row, f"{self.text.id}-N")
        passage = self._passage(row, self._span(row), f"of-{key}")
        made = {"id": key, "as_printed": row.get("sign", ""), "expected": row.get("expected", ""), "passage": passage}
        self.making.add("notes", made)

    def paired(self, row: Mapping[str, str], column: str = "pair") -> list[str]:
        """The ids in the corpus of the kept rows that a row is paired with."""
        found = (self.by_id.get(key) for key in row.get(column, "").split())
        return [self.making.given[_key(each)] for each in found if each and _key(each) in self.making.given]

    def _mark(self, row: Mapping[str, str]) -> None:
        key = self._id(row, f"{self.text.id}-M")
        note, possible = self.paired(row), self.paired(row, "possible")
        place = {"start": row["start"], "end": row["end"], "expected": row.get("expected", "")}
        links = {"note": note[0] if note else "", "possible_note": possible[0] if possible else ""}
        self.making.add(
            "markers", {"id": key, "text": self.text.id, "as_printed": row.get("sign", ""), **place, **links}
        )
        for kind in _REMARKED:
            if kind in row.get("fault", "").split() and (kind != "missing-note" or self.finished):
                self._remark(kind, key, row)

    def _remark(self, kind: str, marker: str, row: Mapping[str, str]) -> None:
        facts = {"sign": row.get("sign", ""), "expected": row.get("expected", "") or "?"}
        labels = {
            f"label_{tag}": say("reading/accepted", f"remarks.{kind}", tag, **facts)
            for tag in self.making.languages.own
            if tag in LANGUAGES
        }
        self.making.add("remarks", {"id": f"{marker}-{kind}", "kind": kind, "marker": marker, **labels})

    def _source(self, row: Mapping[str, str]) -> None:
        key = self._id(row, "W")
        agent = slug(row.get("publisher", ""))
        if agent:
            names = {f"label_{tag}": row["publisher"] for tag in self.making.languages.own}
            if agent not in {r["id"] for r in self.making.tables.get("agents", ())}:
                self.making.add("agents", {"id": agent, "kind": "Organization", **names})
        printed = {f"title_{self.text.language}": row.get("title", "")}
        issued = re.search(r"(?:1[5-9]|20|21)[0-9]{2}", row.get("issued", ""))
        made = {"id": key, "publisher": agent, "issued": issued[0] if issued else "", "url": row.get("url", "")}
        labels = self.making.labels(row)
        self.making.add("sources", {**made, **printed, **labels, "trace_status": "not-attempted"})
        for note in self.paired(row):
            self.making.add("note-sources", {"note": note, "source": key})

    def said(self, row: Mapping[str, str]) -> str:
        """A row as it is printed, on one line."""
        return " ".join(self.text.text.content[slice(*self._span(row))].split())

    def figure(self, row: Mapping[str, str], key: str, statistic: str, said: str) -> None:
        """The figure that a row is the first print of."""
        names = ("value", "minimum", "maximum", "numerator", "denominator", "qualifier")
        made = {"id": key, "statistic": statistic, **{name: row.get(name, "") for name in names}}
        unit = row.get("unit", "")
        if row.get("numerator") or row.get("rule") in ("multiple", "ordinal", "every"):
            code = "UNITLESS"
        else:
            code = (lists.units().meant(unit) if unit in ("%", "€", "$", "£") else "") or "NUM"
        self.making.add("figures", {**made, "unit": code, f"as_printed_{self.text.language}": said})

    def sentence(self, row: Mapping[str, str], name: str) -> str:
        """The id of the passage that states a figure: its sentence, else the figure itself."""
        heading = self._above(row, "heading")
        return self._passage(row, self._around(row), name, self.making.given[_key(heading)] if heading else "")

    def _around(self, row: Mapping[str, str]) -> Span:
        start, end = self._span(row)
        first, last = row.get("sentence_start", ""), row.get("sentence_end", "")
        whole = (int(first), int(last)) if first and last else (start, end)
        return whole if whole[0] <= start and end <= whole[1] else (start, end)

    def state(self, row: Mapping[str, str], name: str, statistic: str) -> None:
        """The passage that states a figure, and the proposal in whose text, or the theme under which, it stands."""
        passage, figure = self.sentence(row, name), name.partition("~")[0]
        self._once("statistic-passages", {"statistic": statistic, "passage": passage})
        frame = anchor.frame_cells(self.where, Standing((self._around(row),)), self._span(row))
        self.making.add("figure-passages", {"figure": figure, "passage": passage, "text": self.text.id, **frame})
        heading, proposal = self._above(row, "heading"), self._above(row, "proposal")
        if proposal and (not heading or int(proposal["start"]) > int(heading["start"])):
            own = {"proposal": self.making.given[_key(proposal)], "statistic": statistic, "basis": "Stated"}
            self._once("evidence", own)
        elif heading:
            theme = self.making.given[_key(heading)]
            for key, of in self.under:
                if of == theme:
                    self._once("evidence", {"proposal": key, "statistic": statistic, "basis": "Context"})

    def _once(self, table: str, row: Row) -> None:
        if row not in self.making.tables.get(table, ()):
            self.making.add(table, row)


def _statistics(making: _Making, read: Sequence[_Text]) -> None:
    """Rows of any text with one label are one statistic; those of them that print the same are one figure.

    A row's id is that of its figure, with ~2 and so on where the figure stands a further time.
    """
    groups: dict[str, list[tuple[_Text, Mapping[str, str]]]] = {}
    for text in read:
        for row in text.rows:
            if row["kind"] == "figure":
                groups.setdefault(row["label"].strip(), []).append((text, row))
    for pairs in groups.values():
        given = next((row[ID] for _, row in pairs if row.get(ID)), "")
        key = given.rpartition("-")[0] or making.free("S")
        marks = list(dict.fromkeys(mark for text, row in pairs for mark in text.paired(row)))
        first = pairs[0][1]
        status = _status(making, marks, all(text.finished for text, _ in pairs))
        kind = _KINDS.get(first.get("rule", ""), "count")
        about = {"id": key, **making.labels(first), "scope": "society", "kind": kind, "citation_status": status}
        making.add("statistics", about)
        for mark in marks:
            making.add("statistic-markers", {"statistic": key, "marker": mark})
        _figures(making, key, pairs)
    stated = [(text, row, making.given[_key(row)]) for text in read for row in text.rows if row["kind"] == "figure"]
    for text, row, name in sorted(stated, key=lambda each: not each[1].get(ID)):
        text.sentence(row, name)  # one that has a name keeps it
    for text, row, name in stated:
        text.state(row, name, name.rpartition("-")[0])


def _figures(making: _Making, key: str, pairs: Sequence[tuple[_Text, Mapping[str, str]]]) -> None:
    taken = {row[ID] for _, row in pairs if row.get(ID)}
    figures: dict[str, str] = {}
    for text, row in [*(p for p in pairs if p[1].get(ID)), *(p for p in pairs if not p[1].get(ID))]:
        said = text.said(row)
        if said not in figures:
            figures[said] = row.get(ID, "").partition("~")[0] or _first(f"{key}-{{}}", taken, 1)
            taken.add(figures[said])
            text.figure(row, figures[said], key, said)
            name = row.get(ID, "") or figures[said]
        else:
            name = row.get(ID, "") or _first(f"{figures[said]}~{{}}", taken, 2)
        taken.add(name)
        making.given[_key(row)] = name


def _first(pattern: str, taken: set[str], number: int) -> str:
    while pattern.format(number) in taken:
        number += 1
    return pattern.format(number)


def _status(making: _Making, marks: Sequence[str], finished: bool) -> str:
    own = [r for r in making.tables.get("markers", ()) if r["id"] in marks]
    if any(r.get("note") for r in own):
        return "cited"
    if any(r.get("possible_note") for r in own):
        return "ambiguous"
    if not finished:
        return "not-recorded"
    return "dangling" if own else "uncited"


def slug(name: str) -> str:
    """A name as an id: small letters, digits and hyphens.

    >>> slug("Fondation Abbé Pierre")
    'fondation-abbe-pierre'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
