"""Link checking: each URL is fetched once and graded; `words/<language>/web/links.toml` has the texts.

    URLs -> queues, one for each host -> fetched, following redirects -> graded, in the order given

Each host gets one request at a time and a pause after it, whichever URL or redirect leads there. When a server asks
for a wait (Retry-After), it is not asked again before the wait is over, or not at all if the wait is too long. `urls`
decides which URLs may be requested, at every redirect.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from ssl import SSLContext
from typing import Literal

from openproposals.messages import Language, Phrase, say, texts
from openproposals.web import request, urls
from openproposals.web.request import Limits

LinkGrade = Literal["alive", "moved", "gone", "changed", "unreachable"]

_PERMANENT = (301, 308)
_GONE = (404, 410)
_READ = ("", "too-large", "encoded")
_PASSING = ("timeout", "no-connection", "closed", "cut-short", "too-many-requests", "server-error")


@dataclass(frozen=True)
class RecordedUrl:
    """A URL, and the SHA-256 (hex) that its body had when it was recorded; "" where none was recorded."""

    url: str
    digest: str = ""


@dataclass(frozen=True)
class Checked:
    """The result for one URL.

    grade: the first that holds of `gone`, `unreachable`, `changed`, `moved`, `alive`.
    status: the HTTP status of the last answer, None where none came.
    final: the URL that answered or failed. After a redirect a foreign server chose it: escape it where it is shown.
    digest: SHA-256 (hex) of the whole body as sent; "" where the body was not read to its end.
    reason: a code of links.toml; "" where there is nothing to add to the grade.
    moved_to: the URL to cite instead, where permanent redirects (301, 308) lead, up to the first other redirect; or "".
    """

    url: str
    grade: LinkGrade
    status: int | None
    final: str
    digest: str
    reason: str
    moved_to: str = ""


def check(
    links: Sequence[RecordedUrl],
    *,
    private: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    progress: Callable[[int, int], None] | None = None,
    resolve: request.Resolve = request.resolve,
    trust: SSLContext | None = None,
) -> list[Checked]:
    """Check URLs; returns a result for each, in the order given. A URL given twice is fetched once.

    private: whether addresses outside the public Internet (loopback, link-local, private, ...) may be requested.
    progress: called in the caller's thread with the number of URLs done and the number of all URLs.
    resolve: gives the addresses of a host name and a port as text; raises OSError where there are none.
    trust: the TLS context; by default, certificates of the system's and Mozilla's authorities are accepted.
    """
    distinct = list(dict.fromkeys(link.url for link in links))
    visit = _Visit(private, limits, resolve, trust or request.trust())
    lanes: dict[str, list[str]] = {}
    for url in distinct:
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
        while len(fetched) < len(distinct):
            url, found = arrived.get()
            if isinstance(found, BaseException):
                raise found
            fetched[url] = found
            if progress:
                progress(len(fetched), len(distinct))
    finally:
        visit.stopped.set()
    return [_graded(link, fetched[link.url]) for link in links]


def words(code: str, language: Language) -> str:
    """The text of a grade or a reason in a language.

    >>> words("gone", "en"), words("timeout", "fr")
    ('gone', 'pas de réponse dans le temps imparti')
    """
    return say("web/links", code, language)


def reason(code: str, where: str = "") -> Phrase | str:
    """Why there was no answer, for an error, and at which address where that is another; an unknown code as it is.

    >>> str(reason("timeout", "http://a.example/")), reason("Connection reset")
    ('no answer within the time allowed: http://a.example/', 'Connection reset')
    """
    phrase = Phrase("web/links", code) if code in texts("web/links", "en") else code
    return Phrase("web/links", "at", {"reason": phrase, "address": where}) if where else phrase


@dataclass(frozen=True)
class _Fetched:
    final: str
    moved_to: str
    answer: request.Answer


@dataclass
class _Host:
    """The lock of a host, and the time from which it may be asked (seconds of the monotonic clock)."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    ready: float = 0.0


class _Stopped(Exception):  # noqa: N818 - the check has ended, the answer is not needed
    pass


def _graded(link: RecordedUrl, fetched: _Fetched) -> Checked:
    answer = fetched.answer
    grade: LinkGrade = "alive"
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
        return urls.read(url).host
    except urls.RequestError:
        return ""


def _work(
    visit: _Visit, waiting: SimpleQueue[list[str]], arrived: SimpleQueue[tuple[str, _Fetched | BaseException]]
) -> None:
    """Fetch the URLs of one queue after another, until no queue is left."""
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
    """One check of all URLs: its settings, and the state of each host."""

    def __init__(self, private: bool, limits: Limits, resolve: request.Resolve, trust: SSLContext) -> None:
        self.stopped = threading.Event()
        self._private, self._limits, self._resolve, self._trust = private, limits, resolve, trust
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str) -> _Fetched:
        """Request a URL and follow its redirects to the last answer."""
        here, moved_to, permanent, spent = url, "", True, 0.0
        seen: set[str] = set()
        answer = request.Answer()
        while True:
            try:
                target = urls.read(here)
                if target.url in seen or len(seen) > self._limits.redirects:
                    raise urls.RequestError("too-many-redirects")
                seen.add(target.url)
                moved_to = here if permanent and here != url else moved_to
                asked, spent = self._ask(target, spent)
                answer = asked if asked.status is not None else request.Answer(answer.status, asked.reason)
                if not answer.location or asked.status is None:
                    return _Fetched(here, moved_to, answer)
                permanent = permanent and answer.status in _PERMANENT
                here = urls.joined(here, answer.location)
            except urls.RequestError as refused:
                return _Fetched(here, moved_to, request.Answer(answer.status, refused.reason))

    def _ask(self, target: urls.Target, spent: float) -> tuple[request.Answer, float]:
        """Request a URL when its host may be asked, and again after a passing failure; adds up the seconds."""
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
