"""Whether the limit on this process's memory leaves the table engines what they need at least.

They are compiled: an allocation that fails there ends the process at once, and nothing can be said any more. So it is
said before they are loaded.
"""

from __future__ import annotations

import os
import resource

from openproposals.errors import CannotGoOn

# Address space, most of it only reserved: on two cores, publishing a small corpus took 2,660 MiB (VmPeak), comparing
# two small releases 2,450, and each further thread of a pool 33.
_LEAST, _A_CORE = 2600 << 20, 100 << 20


def needed() -> int:
    """The bytes of address space that the smallest run needs on this machine."""
    return _LEAST + _A_CORE * (os.cpu_count() or 1)


def check() -> None:
    """Raises CannotGoOn where a limit (`ulimit -v`) is lower than what the smallest run needs."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < needed():
        raise CannotGoOn("memory-limit", megabytes=soft >> 20, needed=needed() >> 20)
