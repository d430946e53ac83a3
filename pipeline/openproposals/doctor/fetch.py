"""A catalogue's addresses, asked through `web`: no redirect followed, no private host, a limit on bytes and time."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from openproposals.errors import UsageError
from openproposals.findings import shown
from openproposals.messages import Language
from openproposals.web import links, request, urls
from openproposals.web.request import Answer

LIMITS = request.Limits(connect=10.0, read=15.0, total=30.0)


def look(address: str, *, private: bool = False) -> Answer:
    """Ask for the headers alone (HEAD, else GET where a server knows no HEAD). What went wrong is in `reason`."""
    answer = _ask("HEAD", address, "head", LIMITS, private=private)
    return _ask("GET", address, "head", LIMITS, private=private) if answer.status in (405, 501) else answer


def answers(answer: Answer) -> bool:
    """Whether there is something at an address, as the MQA counts: a status from 200 to 399."""
    return answer.status is not None and 200 <= answer.status < 400


def get(address: str, largest: int, *, private: bool = False, lang: Language = "en") -> Answer:
    """The whole body at an address.

    Raises UsageError, in the reader's language: no answer, a redirect, a body cut short or over `largest` bytes.
    """
    answer = _ask("GET", address, "body", replace(LIMITS, body=largest), private=private)
    where = shown(address, 200)
    if answer.status is None:
        words = _words()
        inward = answer.reason == "refused-private-address"
        raise UsageError(
            words["no_answer"][lang].format(address=where),
            why=trouble(answer.reason, lang),
            mend=words["mend_private" if inward else "mend_no_answer"][lang],
        )
    if answer.status != 200:
        moved = f", and points to {shown(answer.location, 200)}" if answer.location else ""
        raise UsageError(
            f"{where} answers {answer.status}{moved}",
            why="a harvester wants the catalogue itself; udata refuses a redirect",
            mend="give the final address",
        )
    if answer.reason == "too-large":
        raise UsageError(f"{where} is larger than {largest} bytes", why="no catalogue is that large")
    if answer.reason:
        words = _words()
        raise UsageError(
            words["not_whole"][lang].format(address=where),
            why=trouble(answer.reason, lang),
            mend=words["mend_no_answer"][lang],
        )
    return answer


def trouble(code: str, lang: Language) -> str:
    """Why there was no answer, in words; an error's own words stay as they are."""
    try:
        return links.words(code, lang)
    except KeyError:
        return code


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _ask(method: str, address: str, want: request.Want, limits: request.Limits, *, private: bool) -> Answer:
    how: Any = {"resolve": request.resolve, "trust": request.trust(), "private": private}
    try:
        return request.ask(urls.read(address), limits.total, want, method=method, limits=limits, **how)
    except urls.RequestError as refused:
        return Answer(reason=refused.reason)
