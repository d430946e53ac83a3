"""The store is built once for what is in it; a user is told which of the two happens."""

from __future__ import annotations

import hashlib
from pathlib import Path

from openproposals.release import ours
from openproposals.serving import store
from openproposals.serving.offers import Offer, OfferedFile


class Heard:
    """A progress that notes its stages."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, name: str) -> None:
        """Note a stage."""
        self.stages.append(name)

    def rows(self, done: int, total: int) -> None:
        """Do nothing."""


def test_a_store_that_is_kept_is_not_said_to_be_built(tmp_path: Path) -> None:
    """Built, then kept; built again when what is in it is another."""
    heard, dump = Heard(), tmp_path / "x.ttl"
    for text in ("<http://e/s> <http://e/p> 1 .", "<http://e/s> <http://e/p> 1 .", "<http://e/s> <http://e/p> 1, 2 ."):
        dump.write_text(text)
        file = OfferedFile(
            dump, hashlib.sha256(text.encode()).hexdigest(), "text/turtle", ours.FileStamp.of(dump.stat())
        )
        made = store.built([Offer("x", "1.0.0", "http://e/", {"x.ttl": file})], tmp_path / "kept", heard)
        made.in_use.close()
    assert (heard.stages, made.graphs) == (["store", "kept_store", "store"], {"http://e/": 2})
