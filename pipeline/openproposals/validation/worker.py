"""How a graph is handed to its judge: in this process, or in one beside it, that loads and judges on another core."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from openproposals.validation.results import Result, decode

_BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from openproposals.validation import worker_main; worker_main.main()"


def here(ntriples: bytes) -> Future[list[Result] | None]:
    """A judge in this process, who answers before this returns."""
    done: Future[list[Result] | None] = Future()
    done.set_result(results(ntriples))
    return done


def results(ntriples: bytes) -> list[Result]:
    """What our shapes find in a graph (N-Triples, without blank nodes), judged in this process."""
    from openproposals.validation import shacl  # slow to import, and not needed where the judge sits beside

    return shacl.results(shacl.shapes(), ntriples)


class JudgeProcess:
    """A judge in a process of its own, which loads while this one reads, and judges one graph while this one writes.

    Enter it before what is heavy is imported; it ends with the block, asked or not. It imports what this process would:
    from the same folders, and not from the one in which it is begun, which may be a stranger's corpus.
    """

    def __enter__(self) -> JudgeProcess:
        self._thread = ThreadPoolExecutor(max_workers=1)
        command = [sys.executable or "", "-I" if sys.flags.isolated else "-P", "-c", _BEGIN, *sys.path]
        pipe = subprocess.PIPE
        self._process: subprocess.Popen[bytes] | None
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        except OSError:  # no Python to be found, no memory for it, not allowed
            self._process = None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process:
            self._process.kill()
        self._thread.shutdown()
        if self._process:
            self._process.communicate()

    def __call__(self, ntriples: bytes) -> Future[list[Result] | None]:
        """Ask, once. None where the process could not begin, was ended from outside, or gives no answer to this."""
        return self._thread.submit(self._asked, ntriples)

    def _asked(self, ntriples: bytes) -> list[Result] | None:
        if self._process is None:
            return None
        said, _ = self._process.communicate(ntriples)
        return None if self._process.returncode else decode(said, ntriples)
