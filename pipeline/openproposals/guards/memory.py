"""The memory of this process, and the limits on it: whether these suffice for the table engines, and for its files.

The engines are compiled: an allocation that fails there ends the process at once, and nothing can be said any more. So
it is said before they are loaded.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource

from openproposals.errors import CannotGoOn

# Address space, most of it only reserved: on two cores, publishing a small corpus took 2,660 MiB (VmPeak), comparing
# two small releases 2,450, and each further thread of a pool 33.
_LEAST, _A_CORE = 2600 << 20, 100 << 20

_OFTEN = (2_000, 10, 10)  # new objects between two looks for garbage, and looks between two that go further back

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


def settle() -> None:
    """From now on this process lasts: what it holds now stays, and garbage among what comes is looked for often.

    A run that ends soon looks for it seldom (`cli`), which would pile up in a server. What was freed until now goes
    back to the system, where its allocator can do that.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # not looked through again: a look takes as long as there is much to look at, and holds everybody up
    gc.set_threshold(*_OFTEN)
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def check() -> None:
    """Raises CannotGoOn where a limit (`ulimit -v`) is lower than what the smallest run needs."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < needed():
        raise CannotGoOn("memory-limit", megabytes=soft >> 20, needed=needed() >> 20)
