"""A diagnosis for people: what to do first at the top, one line a kind with its count and one true example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openproposals.doctor import addresses, checks, fetch, score
from openproposals.doctor.diagnosis import Diagnosis
from openproposals.guards.terminal import shown
from openproposals.messages import Language, say, texts

_LINES = 20
_WIDTH, _NAME = 200, 40  # characters of a sentence, and of a name
_NOTHING_TO_DO = ("sum-not-kept",)  # told last: no mend of the publisher's changes it
_STATES = ("answers", "in-release", "missing", "untrue", "unchecked")
_PORTALS = ("data.gouv.fr", "CKAN")


def text(diagnosis: Diagnosis, lang: Language, *, all_: bool = False) -> str:
    """The diagnosis in 20 lines: verdicts, score, what to mend first. With `all_` the whole."""
    head = [*_verdicts(diagnosis, lang), *_dcat_ap_line(diagnosis, lang), *_links_line(diagnosis, lang)]
    head.append(_score_line(diagnosis, lang))
    kinds = [line for each in _kinds(diagnosis) for line in _kind(each, diagnosis, lang, all_=all_)]
    kinds = [*(() if all_ else _broken(diagnosis, lang)), *kinds]
    if all_:
        rest = [*_dcat_ap(diagnosis, lang), *_links(diagnosis, lang), *_score(diagnosis, lang)]
        return "\n".join([*head, "", *kinds, "", *rest])
    kept = kinds[: _LINES - len(head) - 2]
    left = len(kinds) - len(kept)
    more = [_words("more_kinds", lang, n=left)] if left else []
    return "\n".join([*head, "", *kept, *more])


def _verdicts(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    """What becomes of the datasets at each harvester."""
    if not diagnosis.judged:
        yield _words("not_judged", lang)
        return
    if any(remark.code == "more-pages" for remark in diagnosis.remarks):
        yield _words("one_page", lang)
    if not diagnosis.datasets:
        yield _words("no_datasets", lang)
        return
    for portal in _PORTALS:
        mine = [r for r in diagnosis.remarks if portal in r.portals]
        states = [r.effect_name for r in mine]
        counts = {effect: states.count(effect) for effect in ("refused", "dropped", "changed")}
        said = ", ".join(_words(f"n_{effect}", lang, n=n) for effect, n in counts.items() if n)
        yield _words("portal", lang, portal=portal, said=said or _words("takes_all", lang))


def _kinds(diagnosis: Diagnosis) -> list[Sequence[checks.Remark]]:
    """The remarks by kind, in the order in which they are to be mended."""
    alike: dict[tuple[int, str, str], list[checks.Remark]] = {}
    for remark in diagnosis.remarks:
        kind = remark.value if remark.code == "value-not-typed" else ""
        alike.setdefault((remark.effect, remark.code, kind), []).append(remark)

    def first(key: tuple[int, str, str]) -> tuple[object, ...]:
        effect, code, _ = key
        return effect, code in _NOTHING_TO_DO, -score.at_stake(code), -len(alike[key]), key

    return [alike[key] for key in sorted(alike, key=first)]


def _kind(remarks: Sequence[checks.Remark], diagnosis: Diagnosis, lang: Language, *, all_: bool) -> Iterator[str]:
    first = remarks[0]
    said = first.words(lang, ours=diagnosis.ours)
    portals = ", ".join(dict.fromkeys(p for r in remarks for p in r.portals))
    where = shown(_titled(first.node, diagnosis), 100) if all_ else _short(first.node, diagnosis)
    facts = {"what": shown(said["what"], _WIDTH), "where": where, "mend": shown(said["mend"], _WIDTH)}
    yield _words("kind", lang, effect=_words(first.effect_name, lang), count=len(remarks), portals=portals, **facts)
    if all_:
        yield from (f"    {shown(_titled(r.node, diagnosis), 150)}  {shown(r.value, 100)}" for r in remarks[1:])


def _titled(node: str, diagnosis: Diagnosis) -> str:
    """A dataset or a file by its title's dataset, so that people know which it is."""
    for one in diagnosis.held:
        if node == one.node or node in one.files:
            return f"{one.title} {node}" if one.title else node
    return node


def _short(node: str, diagnosis: Diagnosis) -> str:
    """A dataset by its title, where it has one of its own; of another node's name the end, which tells it apart."""
    titles = [one.title for one in diagnosis.held]
    title = next((one.title for one in diagnosis.held if one.node == node), "")
    if title.strip('"') and titles.count(title) == 1:
        return shown(title, _NAME)
    return shown(node, len(node)) if len(node) <= _NAME else "…" + shown(node[-_NAME:], _NAME)


def _dcat_ap_line(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    if diagnosis.dcat_ap is None:
        yield "DCAT-AP: " + _words("shapes_not_given", lang)
        return
    found = [r.severity for r in diagnosis.dcat_ap]
    counts = {"violations": "Violation", "warnings": "Warning", "others": "Info"}
    yield "DCAT-AP: " + _words("shapes_found", lang, **{key: found.count(name) for key, name in counts.items()})


def _dcat_ap(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    if diagnosis.dcat_ap:
        yield "DCAT-AP " + _words("quoted", lang)
        for result in diagnosis.dcat_ap:
            where = f"{shown(result.focus, 120)} {shown(result.path, 80)}"
            yield f"  {result.severity}: {where}: {shown(result.message, 200)}"
        yield ""


def _links_line(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    states = [link.found for link in diagnosis.links]
    counted = [f"{_words(state, lang)} {states.count(state)}" for state in _STATES if state in states]
    if counted:
        yield _words("addresses", lang) + texts("signs", lang)["colon"] + ", ".join(counted)


def _broken(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    """The first address that does not answer, and the first file that is not as said."""
    for state in ("missing", "untrue"):
        yield from (_link(link, lang) for link in [link for link in diagnosis.links if link.found == state][:1])


def _links(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    for link in diagnosis.links:
        if link.found in ("missing", "untrue") or "charset" in link.how:
            yield "  " + _link(link, lang)


def _link(link: addresses.Link, lang: Language) -> str:
    how = shown(fetch.trouble(link.how, lang), 100)
    found = _words(link.found, lang).rstrip(": \u00a0") + texts("signs", lang)["colon"]
    return f"{found}{shown(link.address, 200)} ({how})"


def _score_line(diagnosis: Diagnosis, lang: Language) -> str:
    total, of = diagnosis.total, sum(point.points for point in diagnosis.points)
    unchecked = sum(point.points for point in diagnosis.points if point.state == "unchecked")
    if unchecked == of:
        return _words("score_unchecked", lang)
    ratings = dict.fromkeys(score.rating(n) for n in (total, total + unchecked))
    rating = _words("to", lang).join(_words(each, lang) for each in ratings)
    said = _words("score", lang, total=total, of=of, rating=rating)
    return said + (_words("of_which_unchecked", lang, points=unchecked) if unchecked else "")


def _score(diagnosis: Diagnosis, lang: Language) -> Iterator[str]:
    for point in diagnosis.points:
        lacking = f": {', '.join(point.lacking)}" if point.lacking else ""
        yield f"  {point.earned:>3}/{point.points:<3} {point.id} ({_words(point.state, lang)}{lacking})"
    for one, total in diagnosis.scores():
        yield f"  {total:>3}/405 {shown(one.title or one.node, 100)}"


def _words(key: str, lang: Language, **facts: object) -> str:
    return say("doctor/words", key, lang, **facts)
