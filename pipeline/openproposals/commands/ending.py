"""Turn an exception that ended the run into a message for standard error and an exit code."""

from __future__ import annotations

import io
import traceback
from dataclasses import dataclass
from pathlib import Path

import click

from openproposals.commands.shared import LANGUAGE, words
from openproposals.errors import CannotGoOn, OpenproposalsError, UsageError, reason
from openproposals.guards.terminal import Closed, shown
from openproposals.messages import Phrase

STOPPED = 130  # the exit code of a program ended by Ctrl-C: 128 + SIGINT
UNREAD = 141  # the exit code of a program ended by a closed pipe: 128 + SIGPIPE
_NO_THREAD = ("can't start new thread", "failed to spawn")  # as Python and as the tables' library say it
_NAME = 200  # characters of a path that an error shows
_PACKAGE = Path(__file__).parents[1]
_MEMORY_FULL = CannotGoOn("memory-full").text(LANGUAGE)  # made now: no text can be loaded once the memory is full


@dataclass(frozen=True)
class Ending:
    """What is said on standard error, "" for nothing, and the exit code."""

    said: str
    code: int


def of(error: BaseException) -> Ending:
    """The message and the exit code for an exception. An unknown exception is reported as a fault of openproposals."""
    match error:
        case SystemExit():
            return Ending("", error.code if isinstance(error.code, int) else int(error.code is not None))
        case KeyboardInterrupt():
            return Ending(words("stopped", LANGUAGE), STOPPED)
        case Closed():
            return Ending("", UNREAD)
        case OpenproposalsError():
            return _of_ours(error)
        case click.ClickException():
            said = io.StringIO()
            error.show(said)
            return Ending(said.getvalue().rstrip("\n"), error.exit_code)
        case MemoryError():
            return Ending(_MEMORY_FULL, CannotGoOn.exit_code)
        case ImportError():
            return _of_ours(CannotGoOn("not-loaded", because=shown(str(error), _NAME)))
        case _ if any(sign in str(error) for sign in _NO_THREAD):
            return _of_ours(CannotGoOn("no-thread"))
        case OSError():
            return _of_system(error)
        case _:
            return _of_ours(CannotGoOn("own-fault", kind=type(error).__name__, place=_place(error)))


def _of_ours(error: OpenproposalsError) -> Ending:
    return Ending(error.text(LANGUAGE), error.exit_code)


def _of_system(error: OSError) -> Ending:
    """The system's refusal: of a file that it names (usage), or of something that the run needs."""
    said = reason(error)
    why = said if isinstance(said, Phrase) else shown(said, _NAME)
    if isinstance(error.filename, str | bytes | Path):
        return _of_ours(UsageError("file-refused", file=_named(error.filename), because=why))
    return _of_ours(CannotGoOn("system-refused", because=why))


def _named(file: str | bytes | Path) -> str:
    return shown(file.decode(errors="backslashreplace") if isinstance(file, bytes) else str(file), _NAME)


def _place(error: BaseException) -> str:
    """Where in this package the error came from: the last of its lines that the stack names."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return "?"
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
