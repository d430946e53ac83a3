"""What a harvester does: with a dataset, and with each thing in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Verdict = tuple[str, str, Any, Any]  # effect (refused, dropped, changed, kept), code, node, value
Tell = Callable[[str, str, Any, Any], None]


@dataclass(frozen=True)
class Taken:
    """A dataset as a harvester has it, refused or not; its fields are what is kept where it is not refused."""

    node: Any
    refused: bool
    fields: Mapping[str, Any]
    verdicts: Sequence[Verdict]


class Told:
    """Gathers the verdicts of one dataset. Of a refused one only why: nothing else of it is dropped or kept."""

    def __init__(self) -> None:
        self._verdicts: list[Verdict] = []

    def __call__(self, effect: str, code: str, node: Any, value: Any) -> None:
        """Add a verdict: its effect, its code, and the node and the value that it is about."""
        self._verdicts.append((effect, code, node, value))

    @property
    def refused(self) -> bool:
        """Whether one of them refuses the dataset."""
        return any(effect == "refused" for effect, *_ in self._verdicts)

    @property
    def codes(self) -> set[str]:
        """The codes for which it is refused."""
        return {code for effect, code, *_ in self._verdicts if effect == "refused"}

    def taken(self, node: Any, fields: Mapping[str, Any]) -> Taken:
        """The dataset with its verdicts."""
        refused = self.refused
        return Taken(node, refused, fields, [v for v in self._verdicts if not refused or v[0] == "refused"])
