"""The peers, stage by stage, each alone; of every stage the quickest that did its work is in the best chain."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import material
import proof
import pyoxigraph as ox
from measuring import FailedError, lines, measured, say

ROOT = Path(__file__).parents[1]
PYTHONS = {
    "frictionless": ROOT / ".venv-peers" / "bin" / "python",
    "morph-kgc": ROOT / ".venv-oracle" / "bin" / "python",
    "maplib": ROOT / ".venv-peers" / "bin" / "python",
    "pyoxigraph": ROOT / ".venv-peers" / "bin" / "python",
    "pyrudof": ROOT / ".venv-peers" / "bin" / "python",
    "pyshacl": ROOT / ".venv-peers" / "bin" / "python",
}
STAGES = {
    "validate": ("frictionless",),
    "convert": ("morph-kgc", "maplib"),
    "serialize": ("pyoxigraph",),
    "check": ("pyrudof", "pyshacl"),
}
WRITTEN = {"TURTLE": ox.RdfFormat.TURTLE, "JSON_LD": ox.RdfFormat.JSON_LD}


def chain(folder: Path, seed: int, ours: dict[str, float], limit: float) -> dict[str, object]:
    """Measure every peer on FOLDER's corpus and release.

    `failed` says of a peer why it is not counted; without a peer for each stage there is no chain.
    """
    say("making what the peers are given")
    material.prepare(folder, seed)
    done: dict[str, dict[str, float | str]] = {}
    failed: dict[str, str] = {}
    best: dict[str, str] = {}
    for stage, names in STAGES.items():
        for name in names:
            say(f"peer: {name}")
            try:
                figures = _peer(name, folder, int(ours["triples"]), limit)
            except FailedError as error:
                failed[name] = str(error)
                say(f"{name} is not counted: {error}")
                continue
            done[name] = {**figures, "stage": stage}
            if stage not in best or figures["wall_s"] < done[best[stage]]["wall_s"]:
                best[stage] = name
        if stage == "convert":
            _graph(folder, best.get(stage, ""))
    whole = round(sum(float(done[name]["wall_s"]) for name in best.values()), 2) if len(best) == len(STAGES) else None
    return {
        "peers": done,
        "failed": failed,
        "best_chain": best,
        "best_chain_wall_s": whole,
        "ratio": None if whole is None else round(whole / ours["wall_s"], 2),
    }


def _peer(name: str, folder: Path, triples: int, limit: float) -> dict[str, float]:
    """One peer, measured, then held to what it should have done."""
    command = [PYTHONS[name], Path(__file__).with_name("peers.py"), name, folder]
    figures = measured(command, limit=limit)
    if name in STAGES["convert"]:
        _triples(lines(folder / f"{name}.nt"), triples)
    elif name in STAGES["serialize"]:
        for written, syntax in WRITTEN.items():
            _triples(proof.count(folder / f"peer.{written}", syntax), triples)
            (folder / f"peer.{written}").unlink()
    elif name in STAGES["check"]:
        measured([*command, "--control"], limit=limit)
    return figures


def _triples(found: int, wanted: int) -> None:
    if found != wanted:
        raise FailedError(f"wrote {found} triples, not {wanted}")


def _graph(folder: Path, quickest: str) -> None:
    """The N-Triples that the next stage reads: of the quickest peer, or ours where none made them."""
    shutil.rmtree(folder / "rml")
    if quickest:
        (folder / f"{quickest}.nt").rename(folder / "peer.nt")
    else:
        command = [sys.executable, "-m", "openproposals", "convert", folder / "corpus", "--out", folder / "graph"]
        measured([*command, "--format", "ntriples", "--quiet"])
        next((folder / "graph").glob("*.nt")).rename(folder / "peer.nt")
    for name in STAGES["convert"]:
        (folder / f"{name}.nt").unlink(missing_ok=True)
