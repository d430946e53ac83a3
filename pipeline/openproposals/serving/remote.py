"""A store elsewhere, by SPARQL 1.1: asked, and changed, over HTTP. Requests that fail on the way are sent again.

Each update that is sent here can be sent twice without harm: it inserts triples without blank nodes, or drops or moves
a graph whose state is looked at again.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from openproposals.errors import UsageError
from openproposals.guards import parsing
from openproposals.guards.terminal import shown
from openproposals.serving.host_names import is_loopback
from openproposals.web import links, request, urls

_AGAIN = ("timeout", "closed", "cut-short", "no-connection", "server-error", "too-many-requests")
_PAUSES = (1.0, 4.0)  # seconds before the second and the third attempt
_JSON = "application/sparql-results+json"
_LIMITS = request.Limits(total=600.0, read=300.0, body=64 << 20)


@dataclass(frozen=True)
class Credentials:
    """What is sent in Authorization, "" for nothing. Its text says nothing of it."""

    authorization: str = ""

    def __repr__(self) -> str:
        return f"Credentials({'...' if self.authorization else ''})"

    @staticmethod
    def of(environment: Mapping[str, str]) -> Credentials:
        """OPENPROPOSALS_PUSH_TOKEN, or OPENPROPOSALS_PUSH_USER and OPENPROPOSALS_PUSH_PASSWORD."""
        token, user = environment.get("OPENPROPOSALS_PUSH_TOKEN", ""), environment.get("OPENPROPOSALS_PUSH_USER", "")
        if token:
            return Credentials(f"Bearer {token}")
        if user:
            pair = f"{user}:{environment.get('OPENPROPOSALS_PUSH_PASSWORD', '')}"
            return Credentials(f"Basic {base64.b64encode(pair.encode()).decode()}")
        return Credentials()


@dataclass(frozen=True)
class RemoteStore:
    """A store's addresses: for updates, for queries, and for whole graphs (Graph Store Protocol), or "".

    private: whether they may be on this machine or a private network.
    """

    update: str
    query: str
    graphs: str
    credentials: Credentials
    private: bool
    wait: Callable[[float], object] = time.sleep

    @staticmethod
    def of(update: str, query: str, graphs: str, credentials: Credentials, *, private: bool) -> RemoteStore:
        """A store by its addresses. query: "" follows from the address for updates, as common stores name both.

        Raises UsageError: what is no address; an address with credentials in it, since addresses are shown; credentials
        that would go over the network for anybody to read.
        """
        found = query or re.sub("/update$", "/query", re.sub("/statements$", "", update))
        for address in (update, found, *([graphs] if graphs else [])):
            try:
                target = urls.read(address)
            except urls.RequestError as refused:
                if refused.reason == "credentials":
                    raise UsageError("push-with-password") from None
                why = links.reason(refused.reason)
                raise UsageError("push-failed", address=shown(address, 200), because=why) from None
            if credentials.authorization and target.scheme != "https" and not is_loopback(target.host):
                raise UsageError("push-in-clear", address=shown(address, 200))
        return RemoteStore(update, found, graphs, credentials, private)

    def counted(self, graph: str) -> dict[str, int]:
        """The number of triples of each property in a graph. Raises UsageError: the store does not say."""
        text = f"SELECT ?p (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p"
        answer = self._sent(self.query, "POST", urlencode({"query": text}).encode(), _FORM, _JSON)
        try:
            rows: Any = parsing.from_json(answer.body)
            return {row["p"]["value"]: int(row["n"]["value"]) for row in rows["results"]["bindings"] if "p" in row}
        except (parsing.Unparsable, KeyError, TypeError, ValueError):
            raise UsageError("push-no-answer", address=shown(self.query, 200)) from None

    def change(self, text: str) -> None:
        """Send an update, which the store makes whole or not at all. Raises UsageError: it is refused, or lost."""
        self._sent(self.update, "POST", text.encode(), "application/sparql-update", "*/*")

    def put(self, graph: str, ntriples: bytes) -> None:
        """Make a graph hold these triples and no others, by the Graph Store Protocol. Raises UsageError."""
        address = f"{self.graphs}{'&' if '?' in self.graphs else '?'}graph={quote(graph, safe='')}"
        self._sent(address, "PUT", ntriples, "application/n-triples", "*/*")

    def _sent(self, address: str, method: str, body: bytes, kind: str, accept: str) -> request.Answer:
        answer = request.Answer()
        for pause in (*_PAUSES, None):
            answer = self._once(address, method, body, kind, accept)
            if answer.reason not in _AGAIN or pause is None:
                break
            self.wait(max(pause, min(answer.wait or 0.0, _LIMITS.patience)))
        if answer.location:
            raise UsageError("push-elsewhere", address=shown(address, 200), location=shown(answer.location, 200))
        if answer.reason:
            key = "push-denied" if answer.reason == "denied" else "push-failed"
            why = links.reason(answer.reason) if answer.status is None else f"HTTP {answer.status}"
            raise UsageError(key, address=shown(address, 200), because=why)
        return answer

    def _once(self, address: str, method: str, body: bytes, kind: str, accept: str) -> request.Answer:
        try:
            target = urls.read(address)
            headers = {"Content-Type": kind}
            if self.credentials.authorization:
                headers["Authorization"] = self.credentials.authorization
            return request.ask(
                target, _LIMITS.total, "body", private=self.private, limits=_LIMITS, resolve=request.resolve,
                trust=request.trust(), method=method, accept=accept, sent=request.Sent(headers, body),
            )  # fmt: skip
        except urls.RequestError as refused:
            return request.Answer(reason=refused.reason)


_FORM = "application/x-www-form-urlencoded"
