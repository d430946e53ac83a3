"""Exceptions: for work that cannot go on. A fault in the data is a finding, never an exception.

OpenproposalsError
├── UsageError        the command was given something it cannot work on        exit 2
│   └── NoTextError   a document holds no text to look in                       exit 3
└── CannotGoOn        the program, its schemas or the disk do not let it go on  exit 3
    ├── TemplateError a row template breaks the grammar
    └── ReleaseError  the release could not be written or swapped in

An error carries a key and facts; `words/<language>/errors.toml` has its texts. An exception that is turned into an
error gives its reason: `reason(error)`, which is a phrase of ours (`because`) or what a library or the system says.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path

from openproposals.messages import Language, Phrase, filled, say, texts

Fact = str | int | Path | Phrase
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)  # how the system says that a disk, or a share of it, is full


def because(key: str, /, **facts: Fact) -> Phrase:
    """A reason of ours, one of the texts under `reasons` in `errors.toml`: the argument of an exception to be raised.

    >>> because("file-too-large", bytes=5).say("fr")
    'il dépasse 5 octets'
    """
    return Phrase("errors", f"reasons.{key}", facts)


def reason(error: BaseException) -> str | Phrase:
    """Why an exception was raised: the phrase that it was given, else what a library or the system says.

    >>> str(reason(OSError(5, because("stream-closed")))), reason(OSError(2, "No such file", "a")), reason(KeyError(1))
    ('it is closed', 'No such file', '1')
    """
    phrase = next((given for given in error.args if isinstance(given, Phrase)), None)
    return phrase or getattr(error, "strerror", None) or str(error)


class OpenproposalsError(Exception):
    """What went wrong, why, and how to mend it.

    `key` names the texts in `errors.toml`, `facts` fill them in. `because` is what the system or a library says, quoted
    as it is: it is the reason where the text gives none of its own, and a text may hold it as `{because}`.

    >>> print(UsageError("unreadable", path="a.txt", because="Permission denied").text("fr"))
    a.txt ne peut être lu
      cause :  Permission denied
      remède : donner le chemin d'un fichier qui peut être lu
    """

    exit_code = 3

    def __init__(self, key: str, /, *, because: str | Phrase = "", **facts: Fact) -> None:
        super().__init__(key)
        self.key, self.because, self.facts = key, because, facts

    def words(self, language: Language) -> dict[str, str]:
        """`what`, `why` and `mend` in a language; `why` and `mend` may be empty."""
        given = {"because": self.because, **self.facts}
        facts = {name: fact.say(language) if isinstance(fact, Phrase) else fact for name, fact in given.items()}
        said = {"why": "{because}", "mend": "", **texts("errors", language)[self.key]}
        return {part: filled(said[part], language, **facts) for part in ("what", "why", "mend")}

    def text(self, language: Language) -> str:
        """The error as it is printed: a line each for what, why and mend.

        A line end in a fact begins no line of its own: what follows it is set in.
        """
        words = {part: re.sub(r"\n(?! {4})", "\n    ", said) for part, said in self.words(language).items()}
        labelled = [say("errors", f"layout.{p}", language, words=words[p]) for p in ("why", "mend") if words[p]]
        return "\n".join([words["what"], *labelled])

    def __str__(self) -> str:
        return self.text("en")

    @property
    def what(self) -> str:
        """What went wrong, in English."""
        return self.words("en")["what"]

    @property
    def why(self) -> str:
        """Why, in English; may be empty."""
        return self.words("en")["why"]

    @property
    def mend(self) -> str:
        """How to mend it, in English; may be empty."""
        return self.words("en")["mend"]


class UsageError(OpenproposalsError):
    """The command was given something it cannot work on."""

    exit_code = 2


class NoTextError(UsageError):
    """A document holds no text to look in: nothing can be said of what was sought in it."""

    exit_code = 3


class CannotGoOn(OpenproposalsError):  # noqa: N818 - a state of affairs, not a fault
    """The program, its schemas or the disk do not let the work go on."""


class TemplateError(CannotGoOn):
    """A row template breaks the grammar of docs/templates.md."""


class ReleaseError(CannotGoOn):
    """The release could not be written or swapped in."""
