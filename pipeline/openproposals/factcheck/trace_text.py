"""A trace as text for people: plain text or Markdown, the program's words in the reader's language."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from openproposals.factcheck.trace import Row
from openproposals.guards.terminal import shown
from openproposals.messages import Language, Translated, number, percent, say, texts
from openproposals.model import codes, known

WIDTH = 100
_LONGEST = 2_000
_SPACES = re.compile(r"[\u00a0\u202f]")

_ABSENT = ("dangling", "uncited")  # citation statuses that say that no source is printed


@dataclass(frozen=True)
class Line:
    """A line: its text, the label before it ("" for none), and the lines indented below it."""

    text: str
    label: str = ""
    below: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and its lines."""

    heading: str
    lines: tuple[Line, ...]


def text(trace: Row, language: Language) -> str:
    """The trace as plain text for a terminal, wrapped at `WIDTH` characters, without control characters.

    Long words (addresses, digests) are not broken.
    """
    lines: list[str] = []
    for section in _sections(trace, language):
        lines += ["", section.heading] if lines else [section.heading]
        lines += [row for line in section.lines for row in _plain(line, "  ", language)]
    return "\n".join(lines) + "\n"


def _plain(line: Line, indent: str, language: Language) -> Iterator[str]:
    said = shown(_label(line, line.label, language) + line.text, _LONGEST)
    deeper = f"{indent}  "
    wrapped = textwrap.wrap(
        said,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=deeper,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from wrapped or [indent]
    for below in line.below:
        yield from _plain(below, f"{indent}    ", language)


def _label(line: Line, label: str, language: Language) -> str:
    """The label, and a colon where words follow."""
    return label + (texts("signs", language)["colon"] if line.text else "") if label else ""


def markdown(trace: Row, language: Language) -> str:
    """The trace as Markdown: a title, then a section for each part of the chain."""
    first, *rest = _sections(trace, language)
    lines = [f"# {_escaped(first.heading)}", "", *_bullets(first.lines, language)]
    for section in rest:
        lines += ["", f"## {_escaped(section.heading)}", "", *_bullets(section.lines, language)]
    return "\n".join(lines) + "\n"


def _bullets(lines: Sequence[Line], language: Language, depth: int = 0) -> Iterator[str]:
    for line in lines:
        label = _label(line, f"**{_escaped(line.label)}**" if line.label else "", language)
        address = re.fullmatch(r"https?://[^\s<>]+", line.text)
        yield f"{'  ' * depth}- {label}" + (f"<{line.text}>" if address else _escaped(line.text))
        yield from _bullets(line.below, language, depth + 1)


def _escaped(said: str) -> str:
    r"""A text with the characters escaped that mean something in Markdown.

    >>> print(_escaped("a*b <i> [x](y)"))
    a\*b \<i> \[x\](y)
    """
    return re.sub(r"([\\`*_\[\]<|#])", r"\\\1", shown(said, _LONGEST))


class _Words:
    """Labels and sentences in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.colon: str = texts("signs", language)["colon"]
        self.percent = _SPACES.sub(" ", percent("0", language)).removeprefix("0")

    def say(self, group: str, key: str, **facts: object) -> str:
        return say("factcheck/trace", f"{group}.{key}", self.language, **facts)

    def of(self, words: Mapping[str, str]) -> str:
        """A text in this language, else in another that it has; "" where it has none."""
        return Translated(words).say(self.language)

    def number(self, lexical: str) -> str:
        """A number as the language writes it, with plain spaces: a terminal shows others as escapes."""
        return _SPACES.sub(" ", number(lexical, self.language))

    def area(self, iri: str) -> str:
        """The name of an area, its IRI where no name is known."""
        return self.of(known.labels(iri)) or iri

    def line(self, key: str, said: str, *below: Line) -> Line:
        return Line(said, self.say("labels", key), below)

    def code(self, scheme: str, code: str) -> str:
        return codes.label(scheme, code, self.language)

    def status(self, key: str, scheme: str, code: str, explained: str = "") -> Line:
        """A line for a status: the code's label, and its explanation, or the one of the name `explained`."""
        return self.line(key, f"{self.code(scheme, code)} — {self.say(scheme, explained or code)}")


def _sections(trace: Row, language: Language) -> list[Section]:
    words = _Words(language)
    tell = {"statistic": _statistic, "proposal": _proposal, "source": _source}[trace["kind"]]
    heading = words.say("headings", trace["kind"], id=trace["id"], label=words.of(trace["label"]) or trace["id"])
    ours = [Line(words.say("headings", "ours"))] if trace["own_words"] else []
    first = [*ours, words.line("iri", trace["iri"])]
    sections = [Section(heading, (*first, *_status(words, trace)))]
    sections += tell(words, trace)
    for kind in ("faults", "leads"):
        if trace[kind]:
            lines = tuple(Line(f"{words.of(each['label'])} [{each['id']}]") for each in trace[kind])
            sections.append(Section(words.say("headings", kind), lines))
    gaps = [_gap(words, each) for each in trace["missing"]] or [Line(words.say("missing", "nothing"))]
    return [*sections, Section(words.say("headings", "missing"), tuple(gaps))]


def _status(words: _Words, trace: Row) -> Iterator[Line]:
    for key, scheme in (("citation_status", "citation"), ("evidence_status", "evidence"), ("trace_status", "trace")):
        if key in trace:
            inferred = key == "evidence_status" and trace.get("evidence_basis") == "implied"
            yield words.status(key, scheme, trace[key], "implied" if inferred else "")
    cited, without = (int(trace.get(f"evidence_{name}") or 0) for name in ("cited", "without_source"))
    if cited and without:
        yield Line(words.say("evidence", "mixed", cited=cited, without=without))


def _gap(words: _Words, gap: Row) -> Line:
    owner = f"{gap['statistic']}{words.colon}" if "statistic" in gap else ""
    return Line(owner + words.say("missing", gap["code"], **{k: v for k, v in gap.items() if k != "code"}))


def _statistic(words: _Words, trace: Row) -> Iterator[Section]:
    yield from _chain(words, trace)
    lines = [_resting(words, each) for each in trace["proposals"]] or [Line(words.say("sentences", "no_proposal"))]
    yield Section(words.say("headings", "proposals"), tuple(lines))


def _chain(words: _Words, trace: Row) -> Iterator[Section]:
    """The sections of a statistic: figures, places, markers with their notes, sources."""
    in_words = trace["figure_kind"] == "qualitative"
    figures = [_figure(words, each) for each in trace["figures"]] or [_none(words, "figure", known=in_words)]
    yield Section(words.say("headings", "figures"), tuple(figures))
    if words.of(trace["comment"]):
        yield Section(words.say("headings", "comment"), (Line(words.of(trace["comment"])),))
    if trace["places"]:
        yield Section(words.say("headings", "places"), tuple(_place(words, each) for each in trace["places"]))
    markers = [_marker(words, each, known=trace["citation_status"] != "not-recorded") for each in trace["markers"]]
    if not markers and not trace["given_without_note"]:
        markers = [_none(words, "marker", known=trace["citation_status"] == "uncited")]
    if markers:
        yield Section(words.say("headings", "markers"), tuple(markers))
    sources = [_work(words, each) for each in trace["sources"]]
    sources = sources or [_none(words, "source", known=trace["citation_status"] in _ABSENT)]
    yield Section(words.say("headings", "sources"), tuple(sources))
    if trace["possible_sources"]:
        possible = tuple(_work(words, each) for each in trace["possible_sources"])
        yield Section(words.say("headings", "possible_sources"), possible)
    if trace["said"]:
        yield Section(words.say("headings", "said"), tuple(_said(words, each) for each in trace["said"]))


def _none(words: _Words, what: str, *, known: bool) -> Line:
    """The line for what is not there; where it is not known that it is not there, that it is not recorded."""
    return Line(words.say("sentences", f"no_{what}" if known else f"no_{what}_recorded"))


def _figure(words: _Words, figure: Row) -> Line:
    counted = words.of(figure["counted"])
    names = ("value", "minimum", "maximum", "numerator", "denominator")
    written = {name: words.number(figure[name]) for name in names if name in figure}
    value = written.get("value", "")
    if "numerator" in figure and "denominator" in figure:
        value = words.say("sentences", "out_of", **written)
    elif "minimum" in figure and "maximum" in figure:
        value = words.say("sentences", "range", **written)
    if value and figure.get("unit") == "PERCENT":
        value += words.percent
    said = f"{value} ({counted})".strip() if counted else value
    below = []
    if words.of(figure["printed"]):
        below.append(words.line("printed", words.say("sentences", "sign", sign=words.of(figure["printed"]))))
    if figure.get("qualifier", "as-stated") != "as-stated":
        below.append(words.line("qualifier", words.code("qualifier", figure["qualifier"])))
    if words.of(figure["compared_with"]):
        below.append(words.line("compared_with", words.of(figure["compared_with"])))
    for key in ("area", "period"):
        if key in figure:
            basis = figure.get(f"{key}_basis")
            what = words.area(figure[key]) if key == "area" else figure[key]
            facts = {"what": what, "basis": words.code("basis", basis) if basis else ""}
            below.append(words.line(key, words.say("sentences", "basis", **facts) if basis else what))
    if figure.get("status") == "F":
        below.append(Line(words.say("labels", "forecast")))
    return Line(said, figure["id"], tuple(below))


def _said(words: _Words, each: Row) -> Line:
    """What a source says of a figure: the value, where and when it was seen, and what the rule found."""
    found = words.status("comparison", "comparison", each["result"]) if each["result"] else Line("")
    if "id" not in each:
        return replace(found, label=each["source"])
    value = _figure(words, each) if each["result"] != "not-stated" else Line(words.say("sentences", "no_value"))
    seen = (words.code("seen", each["seen_in"]), each.get("seen_at"), each["search"].get("ended", "")[:10])
    below = [words.line("seen", ", ".join(filter(None, (*seen, each["search"].get("id")))))]
    if words.of(each["locator"]):
        below.append(words.line("page", words.of(each["locator"])))
    below += [found, *value.below]
    if "population" in each:
        below.append(words.line("population", words.code("population", each["population"])))
    return Line(" · ".join(filter(None, (each.get("figure"), value.text))), each["source"], tuple(below))


def _place(words: _Words, place: Row) -> Line:
    document = place["document"]
    named = ", ".join(filter(None, (words.of(document.get("label", {})), document.get("issued"))))
    sections = " › ".join(f"{s.get('number', '')} {words.of(s['label'])}".strip() for s in place["sections"])
    position = words.say("sentences", "position", start=place["start"], end=place["end"], text=place["text"]["id"])
    below = [words.line("section", sections)] if sections else []
    below += [words.line("locator", words.of(place["locator"])), words.line("position", position)]
    below.append(words.line("digest", f"SHA-256 {place['faithful']['sha256']}"))
    for check in place.get("verified", ()):
        grade = words.code("grade", check["grade"])
        below.append(words.line("verified", words.say("sentences", "verified", **{**check, "grade": grade})))
    if "words" in place:
        below.append(words.line("words", words.say("sentences", "sign", sign=" ".join(place["words"].split()))))
    return words.line("document", named or place["text"]["id"], *below)


def _marker(words: _Words, marker: Row, *, known: bool) -> Line:
    """A marker with its note; `known`: whether somebody looked for the note of one that has none."""
    sign = words.say("sentences", "sign", sign=marker["as_printed"])
    if "expected" in marker:
        sign += words.say("sentences", "expected", expected=marker["expected"])
    sign += words.say("sentences", "at", start=marker["start"], end=marker["end"], text=marker["text"])
    note = marker.get("note")
    if "possible_note" in marker:
        said = words.say("sentences", "possible_note", note=marker["possible_note"]["as_printed"])
        return words.line("marker", sign, words.line("note", said))
    if note:
        where = words.of(note["place"].get("locator", {}))
        source = ", ".join(words.of(s["label"]) or s["id"] for s in note["sources"])
        below = words.line("note", " — ".join(filter(None, (note["as_printed"], where, source))))
    else:
        below = words.line("note", words.say("sentences", "no_note" if known else "no_note_recorded"))
    return words.line("marker", sign, below)


def _work(words: _Words, source: Row) -> Line:
    named = ((key, words.of(source.get(key, {}))) for key in ("title", "publisher", "commissioner"))
    below = [words.line(key, each) for key, each in named if each]
    below += [words.line(key, source[key]) for key in ("issued", "pages", "url", "archived_url") if key in source]
    below.append(words.status("trace_status", "trace", source["trace_status"]))
    if "search" in source:
        search = source["search"]
        said = ". ".join(filter(None, (search.get("ended", "")[:10], words.of(search["comment"]))))
        below.append(words.line("search", said))
    label = words.of(source["label"])
    return Line(f"{label} [{source['id']}]" if label else str(source.get("url", source["id"])), "", tuple(below))


def _resting(words: _Words, each: Row) -> Line:
    basis = words.say("sentences", each["basis"].lower()) if "basis" in each else ""
    return Line(", ".join(filter(None, (words.of(each["label"]), basis))), each["id"])


def _short(words: _Words, statistic: Row) -> Line:
    """A statistic within another trace, in a few lines: its figures, its places, its markers and what it cites."""
    figures = [_figure(words, figure) for figure in statistic["figures"]]
    places = [_place(words, place) for place in statistic["places"]]
    status = words.code("citation", statistic["citation_status"])
    sources = [_work(words, source) for source in statistic["sources"]]
    cited = words.line("citation_status", status, *sources)
    if not sources:
        none = _none(words, "source", known=statistic["citation_status"] in _ABSENT)
        cited = words.line("citation_status", f"{status}. {none.text}")
    known = statistic["citation_status"] != "not-recorded"
    markers = [_marker(words, marker, known=known) for marker in statistic["markers"]]
    told = tuple(_said(words, each) for each in statistic["said"])
    said = [Line(words.say("headings", "said"), "", told)] if told else []
    return replace(_resting(words, statistic), below=(*figures, *places, *markers, cited, *said))


def _proposal(words: _Words, trace: Row) -> Iterator[Section]:
    if words.of(trace["summary"]):
        yield Section(words.say("headings", "summary"), (Line(words.of(trace["summary"])),))
    if trace["place"]:
        yield Section(words.say("headings", "places"), (_place(words, trace["place"]),))
    lines = [_short(words, each) for each in trace["statistics"]]
    lines = lines or [_none(words, "statistic", known=trace["evidence_status"] == "none-stated")]
    yield Section(words.say("headings", "statistics"), tuple(lines))
    if trace["outcomes"]:
        yield Section(words.say("headings", "outcomes"), tuple(_outcome(words, each) for each in trace["outcomes"]))
    if trace["responses"]:
        yield Section(words.say("headings", "responses"), tuple(_response(words, each) for each in trace["responses"]))


def _outcome(words: _Words, outcome: Row) -> Line:
    told = [Line(words.of(outcome[name])) for name in ("label", "account", "comment") if words.of(outcome[name])]
    told += [words.line("dispute", words.of(outcome["dispute"]))] if words.of(outcome["dispute"]) else []
    return Line(_listed(words, outcome, "status", "outcome"), "", (*told, *map(Line, outcome["addresses"])))


def _response(words: _Words, response: Row) -> Line:
    told = [Line(words.of(response["comment"]))] if words.of(response["comment"]) else []
    told += [Line(response["source_url"])] if "source_url" in response else []
    return Line(_listed(words, response, "answer", "response"), words.of(response["agent"]), tuple(told))


def _listed(words: _Words, each: Row, key: str, scheme: str) -> str:
    """A status or an answer in the publisher's words, the shared code in brackets, and the date."""
    said = words.of(each[key])
    said += f" ({words.code(scheme, each['maps_to'])})" if "maps_to" in each else ""
    return f"{said}, {each['issued']}" if "issued" in each else said


def _source(words: _Words, trace: Row) -> Iterator[Section]:
    yield Section(words.say("headings", "work"), (_work(words, trace),))
    if trace["notes"]:
        notes = tuple(words.line("note", note["as_printed"], *([_place(words, note["place"])] if note["place"] else []))
                      for note in trace["notes"])  # fmt: skip
        yield Section(words.say("headings", "notes"), notes)
    if trace["statistics"]:
        yield Section(words.say("headings", "citing"), tuple(_short(words, each) for each in trace["statistics"]))
    if trace["possible_statistics"]:
        possible = tuple(_resting(words, each) for each in trace["possible_statistics"])
        yield Section(words.say("headings", "possible_statistics"), possible)
    lines = [_resting(words, each) for each in trace["proposals"]] or [Line(words.say("sentences", "no_proposal"))]
    yield Section(words.say("headings", "proposals"), tuple(lines))
