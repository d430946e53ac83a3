"""Are the cited sources still there? Each URL is fetched politely, once, and graded; the words are in `links.toml`.

    links -> lanes, one a host -> fetched, hop by hop -> graded, in the links' order

Politeness: one request at a time per host and a pause after it, whichever link or redirect leads there; a server that
asks to wait is left alone for as long, or not asked again. What may be asked is decided in `targets`, at every hop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from ssl import SSLContext
from typing import Literal

from openproposals.messages import Language, Phrase, load, say
from openproposals.web import request
from openproposals.web import urls as targets
from openproposals.web.request import Limits

Grade = Literal["alive", "moved", "gone", "changed", "unreachable"]

_PERMANENT = (301, 308)
_GONE = (404, 410)
_READ = ("", "too-large", "encoded")
_PASSING = ("timeout", "no-connection", "closed", "cut-short", "too-many-requests", "server-error")


@dataclass(frozen=True)
class Link:
    """A URL, and the SHA-256 (hex) its body had when it was recorded, if it was."""

    url: str
    digest: str = ""


@dataclass(frozen=True)
class Checked:
    """What became of a link.

    grade: `gone` before `unreachable` before `changed` before `moved` before `alive`: the first that holds.
    status: of the last answer, None when none came.
    final: the URL that answered, or that was refused or failed; of strangers' making after a redirect: show with care.
    digest: SHA-256 (hex) of the whole body as sent; empty when it was not read whole.
    reason: a code of links.toml; empty when there is nothing to add to the grade.
    moved_to: the URL to cite instead: where permanent redirects (301, 308) lead, up to the first that is not.
    """

    url: str
    grade: Grade
    status: int | None
    final: str
    digest: str
    reason: str
    moved_to: str = ""


def check(
    links: Sequence[Link],
    *,
    private: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    progress: Callable[[int, int], None] | None = None,
    resolve: request.Resolve = request.resolve,
    trust: SSLContext | None = None,
) -> list[Checked]:
    """Grade links, in their order; a URL given twice is fetched once.

    private: whether loopback, link-local, private and other addresses off the public Internet may be asked.
    progress: told how many of the URLs are done, and how many there are, in the caller's thread.
    resolve: from a name and a port to addresses as text; OSError where there are none.
    trust: whose certificates are believed, by default the system's and Mozilla's authorities.
    """
    urls = list(dict.fromkeys(link.url for link in links))
    visit = _Visit(private, limits, resolve, trust or request.trust())
    lanes: dict[str, list[str]] = {}
    for url in urls:
        lanes.setdefault(_host(url), []).append(url)
    waiting: SimpleQueue[list[str]] = SimpleQueue()
    for lane in sorted(lanes.values(), key=len, reverse=True):
        waiting.put(lane)
    arrived: SimpleQueue[tuple[str, _Fetched | BaseException]] = SimpleQueue()
    threads = [
        threading.Thread(target=_work, args=(visit, waiting, arrived), daemon=True)
        for _ in range(min(max(1, limits.hosts), len(lanes)))
    ]
    fetched: dict[str, _Fetched] = {}
    try:
        for thread in threads:
            thread.start()
        while len(fetched) < len(urls):
            url, found = arrived.get()
            if isinstance(found, BaseException):
                raise found
            fetched[url] = found
            if progress:
                progress(len(fetched), len(urls))
    finally:
        visit.stopped.set()
    return [_graded(link, fetched[link.url]) for link in links]


def words(code: str, language: Language) -> str:
    """A grade or a reason in a reader's language.

    >>> words("gone", "en"), words("timeout", "fr")
    ('gone', 'pas de réponse dans le temps imparti')
    """
    return say("web/links", code, language)


def reason(code: str, where: str = "") -> Phrase | str:
    """Why there was no answer, for an error, and at which address where that is another; an unknown code as it is.

    >>> str(reason("timeout", "http://a.example/")), reason("Connection reset")
    ('no answer within the time allowed: http://a.example/', 'Connection reset')
    """
    phrase = Phrase("web/links", code) if code in load("web/links") else code
    return Phrase("web/links", "at", {"reason": phrase, "address": where}) if where else phrase


@dataclass(frozen=True)
class _Fetched:
    final: str
    moved_to: str
    answer: request.Answer


@dataclass
class _Host:
    """Whose turn it is at a host, and from when on (seconds of the monotonic clock)."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    ready: float = 0.0


class _Stopped(Exception):  # noqa: N818 - nobody waits for the answer any more
    pass


def _graded(link: Link, fetched: _Fetched) -> Checked:
    answer = fetched.answer
    grade: Grade = "alive"
    if answer.status in _GONE:
        grade = "gone"
    elif answer.reason not in _READ:
        grade = "unreachable"
    elif link.digest and answer.digest and link.digest.lower() != answer.digest:
        grade = "changed"
    elif fetched.moved_to:
        grade = "moved"
    return Checked(link.url, grade, answer.status, fetched.final, answer.digest, answer.reason, fetched.moved_to)


def _host(url: str) -> str:
    try:
        return targets.read(url).host
    except targets.Refused:
        return ""


def _work(
    visit: _Visit, waiting: SimpleQueue[list[str]], arrived: SimpleQueue[tuple[str, _Fetched | BaseException]]
) -> None:
    """Take lanes until none is left."""
    url = ""
    try:
        while True:
            for url in waiting.get_nowait():
                arrived.put((url, visit.fetch(url)))
    except (Empty, _Stopped):
        pass
    except BaseException as error:
        arrived.put((url, error))


class _Visit:
    """One round of the links: what is allowed, and each host's turns."""

    def __init__(self, private: bool, limits: Limits, resolve: request.Resolve, trust: SSLContext) -> None:
        self.stopped = threading.Event()
        self._private, self._limits, self._resolve, self._trust = private, limits, resolve, trust
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str) -> _Fetched:
        """Follow a URL to its answer."""
        here, moved_to, permanent, spent = url, "", True, 0.0
        seen: set[str] = set()
        answer = request.Answer()
        while True:
            try:
                target = targets.read(here)
                if target.url in seen or len(seen) > self._limits.redirects:
                    raise targets.Refused("too-many-redirects")
                seen.add(target.url)
                moved_to = here if permanent and here != url else moved_to
                asked, spent = self._ask(target, spent)
                answer = asked if asked.status is not None else request.Answer(answer.status, asked.reason)
                if not answer.location or asked.status is None:
                    return _Fetched(here, moved_to, answer)
                permanent = permanent and answer.status in _PERMANENT
                here = targets.joined(here, answer.location)
            except targets.Refused as refused:
                return _Fetched(here, moved_to, request.Answer(answer.status, refused.reason))

    def _ask(self, target: targets.Target, spent: float) -> tuple[request.Answer, float]:
        """Ask a host when it is its turn, and again when what stands in the way may pass; adds up the seconds spent."""
        limits, host = self._limits, self._host(target.host)
        attempt = 0
        while True:
            with host.turn:
                if self.stopped.wait(max(0.0, host.ready - time.monotonic())):
                    raise _Stopped
                begun = time.monotonic()
                answer = request.ask(
                    target,
                    limits.total - spent,
                    "digest",
                    private=self._private,
                    limits=limits,
                    resolve=self._resolve,
                    trust=self._trust,
                )
                ended = time.monotonic()
                spent += ended - begun
                attempt += 1
                again = answer.reason in _PASSING and attempt < limits.attempts and spent < limits.total
                wait = (limits.backoff * 2 ** (attempt - 1) if again else 0.0) if answer.wait is None else answer.wait
                host.ready = ended + max(limits.pause, min(wait, limits.patience))
            if not again or wait > limits.patience:
                return answer, spent

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())
