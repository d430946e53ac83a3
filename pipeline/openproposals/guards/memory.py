"""The limits on this process: whether its memory suffices for the table engines, and how many files it may open.

The engines are compiled: an allocation that fails there ends the process at once, and nothing can be said any more. So
it is said before they are loaded.
"""

from __future__ import annotations

import contextlib
import os
import resource

from openproposals.errors import CannotGoOn

# Address space, most of it only reserved: on two cores, publishing a small corpus took 2,660 MiB (VmPeak), comparing
# two small releases 2,450, and each further thread of a pool 33.
_LEAST, _A_CORE = 2600 << 20, 100 << 20

_MANY = 1 << 20  # files, where there is no limit


def needed() -> int:
    """The bytes of address space that the smallest run needs on this machine."""
    return _LEAST + _A_CORE * (os.cpu_count() or 1)


def open_files() -> int:
    """How many files and connections this process may have, once its limit is as high as it may set it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return _MANY if soft == resource.RLIM_INFINITY else min(soft, _MANY)


def check() -> None:
    """Raises CannotGoOn where a limit (`ulimit -v`) is lower than what the smallest run needs."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < needed():
        raise CannotGoOn("memory-limit", megabytes=soft >> 20, needed=needed() >> 20)
