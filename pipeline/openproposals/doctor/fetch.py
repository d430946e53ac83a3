"""A catalogue's addresses, asked through `web`: no redirect followed, no private host, a limit on bytes and time."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from email.message import Message
from functools import cache
from http.client import HTTPException
from pathlib import Path

from urllib3.exceptions import HTTPError

from openproposals.errors import UsageError
from openproposals.findings import shown
from openproposals.messages import Language
from openproposals.web import links, request, urls

LIMITS = request.Limits(connect=10.0, read=15.0, total=30.0)


@dataclass(frozen=True)
class Answer:
    """What a server answered: status (0 for none), media type, charset, where it points, the body that was asked for.

    `trouble` says why there was no answer: a code of links.toml, or the error's own words.
    """

    status: int
    media_type: str = ""
    charset: str = ""
    location: str = ""
    body: bytes = b""
    trouble: str = ""

    @property
    def answers(self) -> bool:
        """As the MQA counts: a status from 200 to 399."""
        return 200 <= self.status < 400


def look(address: str, *, private: bool = False) -> Answer:
    """Ask for the headers alone (HEAD, else GET where a server knows no HEAD). Trouble is in the answer."""
    answer = _ask("HEAD", address, 0, private=private)
    return _ask("GET", address, 0, private=private) if answer.status in (405, 501) else answer


def get(address: str, largest: int, *, private: bool = False, lang: Language = "en") -> Answer:
    """The body at an address. Refused (UsageError): no answer, a redirect, more bytes than `largest`.

    Why there was no answer is said in the reader's language.
    """
    answer = _ask("GET", address, largest + 1, private=private)
    if not answer.status:
        words = _words()
        inward = answer.trouble == "refused-private-address"
        raise UsageError(
            words["no_answer"][lang].format(address=shown(address, 200)),
            why=trouble(answer.trouble, lang),
            mend=words["mend_private" if inward else "mend_no_answer"][lang],
        )
    if answer.status != 200:
        moved = f", and points to {answer.location}" if answer.location else ""
        raise UsageError(
            f"{address} answers {answer.status}{moved}",
            why="a harvester wants the catalogue itself; udata refuses a redirect",
            mend="give the final address",
        )
    if len(answer.body) > largest:
        raise UsageError(f"{address} is larger than {largest} bytes", why="no catalogue is that large")
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


def _ask(method: str, address: str, largest: int, *, private: bool) -> Answer:
    try:
        with request.asked(method, urls.read(address), LIMITS.total, private=private, limits=LIMITS) as response:
            kind = Message()
            kind["Content-Type"] = response.headers.get("Content-Type", "")
            return Answer(
                response.status,
                kind.get_content_type() if kind["Content-Type"] else "",
                str(kind.get_content_charset() or ""),
                response.headers.get("Location", ""),
                response.read(largest, decode_content=False) if largest else b"",
            )
    except urls.Refused as refused:
        return Answer(0, trouble=refused.reason)
    except (OSError, HTTPException, HTTPError, ValueError) as error:
        return Answer(0, trouble=str(error) or type(error).__name__)
