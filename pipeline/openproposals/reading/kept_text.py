"""The kept rows of one text, made into rows of a corpus's tables: themes, proposals, notes, marks, works, passages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openproposals.factcheck import anchor, documents
from openproposals.factcheck.anchor import Anchorage
from openproposals.factcheck.judging import Standing
from openproposals.factcheck.normal import Span
from openproposals.messages import LANGUAGES, say
from openproposals.model import lists
from openproposals.model.languages import Languages
from openproposals.reading.draft import ID, DraftText, row_key

Row = dict[str, str]
_REMARKED = ("missing-note", "shared-sign", "misprinted-sign", "garbled-sign", "skipped-number")


@dataclass
class CorpusRows:
    """What is being made of a draft: rows by table, and the ids given so far."""

    languages: Languages
    tables: dict[str, list[Row]] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # ids in the corpus, by text and id of the candidate
    passages: dict[tuple[str, Span], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, table: str, row: Mapping[str, str]) -> None:
        """Add a row to a table, without its empty cells."""
        self.tables.setdefault(table, []).append({name: cell for name, cell in row.items() if cell})

    def labels(self, row: Mapping[str, str], stem: str = "label") -> Row:
        """The labels of a row: `label` in the corpus's main language, `label_<tag>` in others."""
        main = {f"{stem}_{self.languages.main}": row.get("label", "").strip()}
        more = {f"{stem}_{tag}": row.get(f"label_{tag}", "").strip() for tag in self.languages.own}
        return {name: said for name, said in (main | {k: v for k, v in more.items() if v}).items() if said}

    def free(self, prefix: str) -> str:
        """The first id of a prefix and a number that is not taken; it is taken then."""
        number = 1
        while f"{prefix}{number}" in self.taken:
            number += 1
        self.taken.add(f"{prefix}{number}")
        return f"{prefix}{number}"


@dataclass
class KeptText:
    """The kept rows of one text, made into rows of tables in reading order."""

    making: CorpusRows
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
        key = row_key(row)
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
        theme = self.making.given[row_key(heading)] if heading else ""
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
        return [self.making.given[row_key(each)] for each in found if each and row_key(each) in self.making.given]

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
        return self._passage(row, self._around(row), name, self.making.given[row_key(heading)] if heading else "")

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
            own = {"proposal": self.making.given[row_key(proposal)], "statistic": statistic, "basis": "Stated"}
            self._once("evidence", own)
        elif heading:
            theme = self.making.given[row_key(heading)]
            for key, of in self.under:
                if of == theme:
                    self._once("evidence", {"proposal": key, "statistic": statistic, "basis": "Context"})

    def _once(self, table: str, row: Row) -> None:
        if row not in self.making.tables.get(table, ()):
            self.making.add(table, row)


def slug(name: str) -> str:
    """A name as an id: small letters, digits and hyphens.

    >>> slug("Fondation Abbé Pierre")
    'fondation-abbe-pierre'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
