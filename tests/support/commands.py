"""The command line, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support.places import ROOT


def run(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `openproposals` with these arguments, without the machine's locale; nothing is raised for its exit code."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))} | environment
    command = [sys.executable, "-m", "openproposals", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, check=False)
