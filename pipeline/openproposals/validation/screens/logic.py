"""Three values: surely conforms, surely does not, neither; and what and, or, xone, not make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openproposals.validation.screens.implied import Mask


class Proof(NamedTuple):
    """By node or value: whether it surely conforms, and whether it surely does not."""

    holds: Mask
    fails: Mask


def yes(size: int) -> Proof:
    """All surely conform."""
    return Proof(np.ones(size, bool), np.zeros(size, bool))


def unsure(size: int) -> Proof:
    """No proof either way."""
    return Proof(np.zeros(size, bool), np.zeros(size, bool))


def opposite(proof: Proof) -> Proof:
    """sh:not: what is proved of a doubt stays a doubt."""
    return Proof(proof.fails, proof.holds)


def every(found: Sequence[Proof], size: int) -> Proof:
    """sh:and, and all constraints of one shape."""
    holds, fails = np.ones(size, bool), np.zeros(size, bool)
    for proof in found:
        holds, fails = holds & proof.holds, fails | proof.fails
    return Proof(holds, fails)


def some(found: Sequence[Proof], size: int) -> Proof:
    """sh:or, and one of several terms."""
    holds, fails = np.zeros(size, bool), np.ones(size, bool)
    for proof in found:
        holds, fails = holds | proof.holds, fails & proof.fails
    return Proof(holds, fails)


def one(found: Sequence[Proof], size: int) -> Proof:
    """sh:xone."""
    sure = sum((p.holds.astype(int) for p in found), np.zeros(size, int))
    possible = sum(((~p.fails).astype(int) for p in found), np.zeros(size, int))
    return Proof((sure == 1) & (possible == 1), (sure > 1) | (possible == 0))
