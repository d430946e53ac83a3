"""A catalogue's addresses, asked through `web`: no redirect followed, no private host, a limit on bytes and time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from openproposals.errors import UsageError
from openproposals.guards.terminal import shown
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


def body(address: str, largest: int, *, private: bool = False) -> Answer:
    """The body at an address, as far as it could be read; what went wrong is in `status` and `reason`."""
    return _ask("GET", address, "body", replace(LIMITS, body=largest), private=private)


def get(address: str, largest: int, *, private: bool = False) -> Answer:
    """The whole body at an address.

    Raises UsageError: no answer, a redirect, a body cut short or over `largest` bytes.
    """
    answer = body(address, largest, private=private)
    where = shown(address, 200)
    if answer.status is None:
        inward = answer.reason == "refused-private-address"
        key = "catalogue-address-private" if inward else "catalogue-no-answer"
        raise UsageError(key, address=where, because=links.reason(answer.reason))
    if answer.status != 200:
        raise _elsewhere(where, answer)
    if answer.reason == "too-large":
        raise UsageError("catalogue-too-large", name=where, n=largest)
    if answer.reason:
        raise UsageError("catalogue-cut-short", address=where, because=links.reason(answer.reason))
    return answer


def _elsewhere(where: str, answer: Answer) -> UsageError:
    """A status other than 200, and where it points to, if it does."""
    status = str(answer.status)
    if answer.location:
        return UsageError("catalogue-moved", address=where, status=status, target=shown(answer.location, 200))
    return UsageError("catalogue-status", address=where, status=status)


def trouble(code: str, lang: Language) -> str:
    """Why there was no answer, in words; an error's own words stay as they are."""
    reason = links.reason(code)
    return reason if isinstance(reason, str) else reason.say(lang)


def _ask(method: str, address: str, want: request.Want, limits: request.Limits, *, private: bool) -> Answer:
    how: Any = {"resolve": request.resolve, "trust": request.trust(), "private": private}
    try:
        return request.ask(urls.read(address), limits.total, want, method=method, limits=limits, **how)
    except urls.RequestError as refused:
        return Answer(reason=refused.reason)
