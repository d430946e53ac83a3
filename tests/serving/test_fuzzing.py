"""Requests made by another program from the server's description of itself: no fault, and answers as described."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from support.places import ROOT
from support.serving import Server

FUZZER = ROOT / ".venv-fuzzer" / "bin" / "schemathesis"
HERE = ROOT / "tests" / "serving"


@pytest.mark.long
@pytest.mark.skipif(not FUZZER.exists(), reason="./run test-long installs it")
def test_no_request_finds_a_fault(server: Server, tmp_path: Path) -> None:
    """Valid ones and broken ones; each answer has the status, the media type and the content that are described."""
    command = [FUZZER, "--config-file", HERE / "fuzzing.toml", "run", f"{server.url}/openapi.json"]
    quiet = ["--no-color", "--warnings", "off", "--generation-deterministic"]
    found = subprocess.run(
        [*command, "--max-examples", "50", *quiet], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    print(found.stdout[-4000:])
    assert found.returncode == 0, found.stderr
    assert " generated" in found.stdout
    log = server.log.read_text(encoding="utf-8").splitlines()
    assert len(log) > 500
    assert not [line for line in log if '"status": 500' in line]
