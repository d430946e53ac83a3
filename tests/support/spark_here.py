"""Whether Spark can run here: pyspark and Java, which `./run test-spark` and CI have."""

from __future__ import annotations

import os
import shutil

import pytest


def required() -> None:
    """Skip the module that calls this where Spark cannot run; where OPENPROPOSALS_SPARK is `must`, a missing Java fails."""
    pytest.importorskip("pyspark", reason="pyspark is not installed here; ./run test-spark installs it")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        if os.environ.get("OPENPROPOSALS_SPARK") == "must":
            pytest.fail("there is no Java")
        pytest.skip("there is no Java on this machine: Spark needs Java 17", allow_module_level=True)
