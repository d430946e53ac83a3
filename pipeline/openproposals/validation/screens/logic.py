"""Logic of three values (surely conforms, surely does not, unknown), with sh:and, sh:or, sh:xone and sh:not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openproposals.model.tables import Mask


class Proof(NamedTuple):
    """For each node or value: whether it surely conforms (`holds`), and whether it surely does not (`fails`)."""

    holds: Mask
    fails: Mask


def yes(size: int) -> Proof:
    """A proof that all of them conform."""
    return Proof(np.ones(size, bool), np.zeros(size, bool))


def unsure(size: int) -> Proof:
    """Proofs of nothing: all are unknown."""
    return Proof(np.zeros(size, bool), np.zeros(size, bool))


def opposite(proof: Proof) -> Proof:
    """sh:not. What is unknown stays unknown."""
    return Proof(proof.fails, proof.holds)


def every(found: Sequence[Proof], size: int) -> Proof:
    """sh:and; also combines the constraints of one shape."""
    holds, fails = np.ones(size, bool), np.zeros(size, bool)
    for proof in found:
        holds, fails = holds & proof.holds, fails | proof.fails
    return Proof(holds, fails)


def some(found: Sequence[Proof], size: int) -> Proof:
    """sh:or; also combines the terms of sh:in."""
    holds, fails = np.zeros(size, bool), np.ones(size, bool)
    for proof in found:
        holds, fails = holds | proof.holds, fails & proof.fails
    return Proof(holds, fails)


def one(found: Sequence[Proof], size: int) -> Proof:
    """sh:xone: exactly one conforms."""
    sure = sum((p.holds.astype(int) for p in found), np.zeros(size, int))
    possible = sum(((~p.fails).astype(int) for p in found), np.zeros(size, int))
    return Proof((sure == 1) & (possible == 1), (sure > 1) | (possible == 0))
