"""The site's scripts that speak to a server, run by node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from support.places import ROOT

_ASSETS = ROOT / "pipeline" / "openproposals" / "site" / "assets"


def in_javascript(given: Mapping[str, Any]) -> Any:
    """What tests/support/asked.mjs prints for what it is given."""
    command = ["node", str(ROOT / "tests" / "support" / "asked.mjs"), json.dumps(given)]
    command += [str(_ASSETS / name) for name in ("query-asked.js", "query-served.js")]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
