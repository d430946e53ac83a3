"""The site's script that speaks to a server, run by node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from support.places import ROOT

_SCRIPT = ROOT / "pipeline" / "openproposals" / "site" / "assets" / "query-served.js"


def in_javascript(given: Mapping[str, Any]) -> Any:
    """What tests/support/asked.mjs prints for what it is given."""
    command = ["node", str(ROOT / "tests" / "support" / "asked.mjs"), _SCRIPT.as_uri(), json.dumps(given)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
