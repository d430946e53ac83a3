"""How a run ends: what is said of the error that ended it, in one look, and the exit code."""

from __future__ import annotations

import io
import traceback
from dataclasses import dataclass
from pathlib import Path

import click

from openproposals.commands.shared import LANGUAGE, words
from openproposals.errors import OpenproposalsError
from openproposals.guards.terminal import Closed, shown

USAGE, CANNOT_GO_ON = 2, 3
STOPPED = 130  # what shells say of a program ended by Ctrl-C: 128 and the number of SIGINT
UNREAD = 141  # and of one whose output nobody reads any more: 128 and the number of SIGPIPE
_NO_THREAD = ("can't start new thread", "failed to spawn")  # as Python and as the tables' library say it
_NAME = 200  # characters of a path that an error shows
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ending:
    """What is said on standard error, "" for nothing, and the exit code."""

    said: str
    code: int


def of(error: BaseException) -> Ending:
    """How a run ends that this error has ended. Each known kind has a sentence; the last one asks for a report."""
    match error:
        case SystemExit():
            return Ending("", error.code if isinstance(error.code, int) else int(error.code is not None))
        case KeyboardInterrupt():
            return Ending(words("stopped", LANGUAGE), STOPPED)
        case Closed():
            return Ending("", UNREAD)
        case OpenproposalsError():
            return Ending(error.text(LANGUAGE), error.exit_code)
        case click.ClickException():
            said = io.StringIO()
            error.show(said)
            return Ending(said.getvalue().rstrip("\n"), error.exit_code)
        case MemoryError():
            return Ending(words("memory_full", LANGUAGE), CANNOT_GO_ON)
        case ImportError():
            return Ending(words("not_loaded", LANGUAGE, why=shown(str(error), _NAME)), CANNOT_GO_ON)
        case _ if any(sign in str(error) for sign in _NO_THREAD):
            return Ending(words("no_thread", LANGUAGE), CANNOT_GO_ON)
        case OSError():
            return _of_system(error)
        case _:
            return Ending(words("own_fault", LANGUAGE, kind=type(error).__name__, place=_place(error)), CANNOT_GO_ON)


def _of_system(error: OSError) -> Ending:
    """The system's refusal: of a file that it names (usage), or of something that the run needs."""
    why = shown(error.strerror or str(error), _NAME)
    if isinstance(error.filename, str | bytes | Path):
        return Ending(words("file_refused", LANGUAGE, file=_named(error.filename), why=why), USAGE)
    return Ending(words("system_refused", LANGUAGE, why=why), CANNOT_GO_ON)


def _named(file: str | bytes | Path) -> str:
    return shown(file.decode(errors="backslashreplace") if isinstance(file, bytes) else str(file), _NAME)


def _place(error: BaseException) -> str:
    """Where in this package the error came from: the last of its lines that the stack names."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return "?"
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
