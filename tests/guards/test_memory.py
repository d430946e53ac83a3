"""A process that lasts looks for garbage often, and does not look through what it began with again."""

from __future__ import annotations

import json
import subprocess
import sys

_PROGRAM = """
import gc, json
from openproposals.cli import SELDOM
from openproposals.guards import memory
gc.set_threshold(*SELDOM)
class Knot:
    def __init__(self): self.me = self
def piled():
    before = len(gc.get_objects())
    for _ in range(100_000): Knot()
    return len(gc.get_objects()) - before
def kept(): return [[n] for n in range(50_000)]
mine = kept()
seldom = piled()
memory.settle()
settled = len(gc.get_objects())
often = piled()
first = gc.get_freeze_count()
memory.settle()
print(json.dumps([seldom, settled, often, first, len(mine)]))
"""


def test_garbage_does_not_pile_up_in_a_process_that_lasts() -> None:
    """Of 100,000 objects that hold themselves all stay in a run that ends soon, few in a server."""
    said = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True, timeout=60).stdout
    seldom, settled, often, frozen, mine = json.loads(said)
    assert seldom > 90_000
    assert often < 10_000
    assert settled < mine < frozen  # what was there is not looked through any more
