"""Processes that should make pages, and do not: for tests of what a run says and leaves then."""

from __future__ import annotations

import os
import signal

from openproposals.errors import ReleaseError
from openproposals.guards.frames import FrameSink, OpenedTask
from openproposals.site import working


def killed(*given: str) -> OpenedTask:
    """Ends by a signal once it has written some pages."""

    def act() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return _acting(act, *given)


def full(*given: str) -> OpenedTask:
    """Finds the disk full once it has written some pages."""

    def act() -> None:
        raise ReleaseError("disk-full", folder=given[2], because="no space left on device")

    return _acting(act, *given)


def _acting(act: object, *given: str) -> OpenedTask:
    task = working.opened(*given)

    def answer(request: bytes, sink: FrameSink) -> None:
        task.answer(request, sink)
        if request.startswith(b'["pages"'):
            assert callable(act)
            act()

    return OpenedTask(answer)
