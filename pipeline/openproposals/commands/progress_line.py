"""Show progress on standard error: the name of each stage, and its rows once it has run for a second.

Work that counts no rows shows the seconds that it has taken, once they are three.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from openproposals.commands.shared import words
from openproposals.guards import terminal as screen
from openproposals.messages import Language, number, say

_SOON, _TERMINAL, _PLAIN = 1.0, 0.2, 10.0  # seconds before the first word of progress, then between two
_LONG = 3.0  # seconds after which work without rows is shown


class ProgressLine:
    """Rows, rows a second and time left: one line written over on a terminal, a line now and then elsewhere."""

    def __init__(
        self, quiet: bool, lang: Language, clock: Callable[[], float] = time.monotonic, terminal: bool | None = None
    ) -> None:
        self._quiet, self._lang, self._clock = quiet, lang, clock
        self._terminal = screen.is_terminal() if terminal is None else terminal
        self._begun = clock()
        self._next = self._begun + _SOON
        self._open = False  # a line that is to be written over
        self._counted = "progress"

    def stage(self, name: str) -> None:
        """Begin a stage: print its name."""
        self.close()
        self._begun = self._clock()
        self._next = self._begun + _SOON
        self._counted = "progress_pages" if name == "site" else "progress"
        if not self._quiet:
            screen.tell(f"{say('commands/words', f'stages.{name}', self._lang)}…", err=True)

    def rows(self, done: int, total: int) -> None:
        """So many rows of the stage are done; of how many, if that is known (else 0)."""
        now = self._clock()
        if self._quiet or not done or now < self._next:
            return
        self._next = now + (_TERMINAL if self._terminal else _PLAIN)
        rate = done / max(now - self._begun, 1e-9)
        facts = {"done": done, "rate": round(rate)}
        if total:
            facts |= {"total": total, "left": round((total - done) / rate)}
        shown = {name: number(fact, self._lang) for name, fact in facts.items()}
        self._shown(words(self._counted if total else "reading", self._lang, **shown))

    def tasks(self, done: int, total: int) -> None:
        """So many tasks of a job on a cluster are done."""
        now = self._clock()
        if self._quiet or now < self._next:
            return
        self._next = now + (_TERMINAL if self._terminal else _PLAIN)
        self._shown(words("tasks", self._lang, done=number(done, self._lang), total=number(total, self._lang)))

    def _shown(self, line: str) -> None:
        if self._quiet:
            return
        if self._terminal:
            screen.rewrite(line)
        else:
            screen.tell(line, err=True)
        self._open = self._terminal

    @contextlib.contextmanager
    def waiting(self, name: str, after: float = _LONG) -> Iterator[None]:
        """Show the stage `name` and its seconds, if the work inside the block takes longer than `after` seconds."""
        done, begun = threading.Event(), self._clock()

        def show() -> None:
            if done.wait(after):
                return
            self.stage(name)
            while not done.wait(_TERMINAL if self._terminal else _PLAIN):
                self._shown(words("waiting", self._lang, n=round(self._clock() - begun)))

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.close()

    def close(self) -> None:
        """Take away the line that was being written over."""
        if self._open:
            screen.rewrite("")
            self._open = False
