"""The program of the second process of `worker`: it loads pyshacl and the shapes, judges one graph, and ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time

from openproposals.validation import shacl
from openproposals.validation.results import encode

_LOOK = 1.0  # seconds between two checks that the parent process still runs


def main() -> None:
    """Load the shapes, judge the graph on standard input, and write the results to standard output.

    The first line of the input holds the languages of the corpus; N-Triples follow.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    threading.Thread(target=_follow, args=[os.getppid()], daemon=True).start()
    gc.disable()  # the process ends before collecting garbage would pay
    shacl.ready()
    rules = shacl.shapes()
    languages = sys.stdin.buffer.readline().decode().split()
    if ntriples := sys.stdin.buffer.read():
        rules = shacl.in_languages(rules, languages)
        sys.stdout.buffer.write(encode(shacl.results(rules, ntriples), ntriples))
    gc.freeze()


def _follow(parent: int) -> None:
    """End when the parent process ends, even if it was killed."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)
