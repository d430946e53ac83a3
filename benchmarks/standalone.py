"""A Spark master with some workers on this machine, each of so many cores, until the block ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

HERE = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
_WAIT = 120  # seconds for the workers to register


@contextlib.contextmanager
def standalone(folder: Path, workers: int, cores: int = 1, memory: str = "600m") -> Iterator[str]:
    """The master's address. Logs and the executors' folders are in `folder`."""
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    begun: list[subprocess.Popen[bytes]] = []

    def begin(kind: str, *arguments: str) -> None:
        with (folder / f"{len(begun)}.log").open("wb") as log:
            command = [program, f"org.apache.spark.deploy.{kind}", "--webui-port", "0", *arguments]
            env = {**os.environ, **HERE}
            begun.append(subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=folder, start_new_session=True))

    try:
        begin("master.Master", "--host", "127.0.0.1", "--port", str(port))
        for number in range(1, workers + 1):
            place = str(folder / str(number))
            begin("worker.Worker", "--cores", str(cores), "--memory", memory, "--work-dir", place, address)
        deadline = time.monotonic() + _WAIT
        while (folder / "0.log").read_bytes().count(b"Registering worker") < workers:
            if time.monotonic() > deadline:
                raise TimeoutError((folder / "0.log").read_text(encoding="utf-8"))
            time.sleep(0.5)
        yield address
    finally:
        for process in begun:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
