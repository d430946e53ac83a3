"""Give a graph to the judge: in this process, or in a second one, which loads and judges on another core."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from openproposals.validation.results import Result, decode

_BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from openproposals.validation import worker_main; worker_main.main()"


def here(ntriples: bytes, languages: Sequence[str]) -> Future[list[Result] | None]:
    """Judge a graph in this process: the future is done when this returns."""
    done: Future[list[Result] | None] = Future()
    done.set_result(judge_here(ntriples, languages))
    return done


def judge_here(ntriples: bytes, languages: Sequence[str]) -> list[Result]:
    """The results of our shapes on a graph (N-Triples without blank nodes) of a corpus in these languages."""
    from openproposals.validation import shacl  # slow to import, and not needed where a second process judges

    return shacl.results(shacl.in_languages(shacl.shapes(), languages), ntriples)


class JudgeProcess:
    """A second process with a judge. It loads while this process reads, and judges one graph while this one writes.

    Enter the block before importing anything slow; the process ends with the block. It imports from the same folders as
    this process, and not from the current folder, which may be a stranger's corpus.
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

    def __call__(self, ntriples: bytes, languages: Sequence[str]) -> Future[list[Result] | None]:
        """Judge a graph; may be called once. The result is None where the process failed or gave no valid answer."""
        return self._thread.submit(self._asked, ntriples, languages)

    def _asked(self, ntriples: bytes, languages: Sequence[str]) -> list[Result] | None:
        if self._process is None:
            return None
        said, _ = self._process.communicate(f"{' '.join(languages)}\n".encode() + ntriples)
        return None if self._process.returncode else decode(said, ntriples)
