"""What the second process of `worker` runs: it loads pyshacl and the shapes, judges one graph, and ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time

from openproposals.validation import shacl
from openproposals.validation.results import encode

_LOOK = 1.0  # seconds between two looks whether the process that asks is still there


def main() -> None:
    """In the process beside: make ready for a graph, judge it, end; without one, when nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks, which ends this one
    threading.Thread(target=_follow, args=[os.getppid()], daemon=True).start()
    gc.disable()  # what it makes ends with it
    rules = shacl.shapes()
    if ntriples := sys.stdin.buffer.read():
        sys.stdout.buffer.write(encode(shacl.results(rules, ntriples), ntriples))
    gc.freeze()


def _follow(parent: int) -> None:
    """End with the one that asks, also if that was killed."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)
