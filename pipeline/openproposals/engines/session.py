"""The doorway to pyspark: a session is begun and ended here, and work is given to it. No other module imports it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from openproposals.engines import joins
from openproposals.engines.colocation import Group, Made, Neighbourhood
from openproposals.engines.staging import Staged
from openproposals.errors import CannotGoOn

_Job = TypeVar("_Job")
_Done = TypeVar("_Done")


class Session:
    """A Spark session, configured by Spark's own means (spark-defaults.conf, PYSPARK_SUBMIT_ARGS)."""

    def __init__(self, spark: Any, room: Path) -> None:
        """room: a folder that the driver and every worker reach by this path."""
        self.spark, self.room = spark, room

    @property
    def functions(self) -> Any:
        """Spark's functions on columns."""
        from pyspark.sql import functions

        return functions

    def each(self, work: Callable[[_Job], _Done], jobs: Sequence[_Job]) -> list[_Done]:
        """Do a piece of work for each job, each in a task of its own; results in the order of the jobs.

        Raises CannotGoOn where a task fails as often as Spark tries it.
        """
        if not jobs:
            return []
        with failing():
            found: list[_Done] = self.spark.sparkContext.parallelize(jobs, len(jobs)).map(work).collect()
        return found

    def joined(
        self,
        tables: Mapping[str, Staged],
        given: Mapping[int, Neighbourhood],
        size: int,
        work: Callable[[Group], Sequence[Made]],
        result: str,
    ) -> Sequence[Made]:
        """What `work` makes of each group of these neighbourhoods, whose rows are joined (see `joins`)."""
        return joins.Joining(self, tables, size).made(given, work, result)

    def few(self, rows: Sequence[tuple[int, ...]], *names: str) -> Any:
        """A small Spark frame of whole numbers, which each worker gets whole."""
        values = ", ".join(f"({', '.join(map(str, row))})" for row in rows)
        return self.functions.broadcast(self.spark.sql(f"select * from values {values} as few({', '.join(names)})"))

    def kept(self, frame: Any) -> Any:
        """A Spark frame, worked out and kept in files: what a lost worker had is read again, not made again."""
        with failing():
            folder = str(self.room / secrets.token_hex(8))
            frame.write.parquet(folder)
            return self.spark.read.schema(frame.schema).parquet(folder)

    def arrow(self, frame: Any) -> pa.Table:
        """A Spark frame, which must be small, as an Arrow table. Raises CannotGoOn as `each` does."""
        with failing():
            return frame.toArrow()

    def rows(self, frame: Any) -> list[Mapping[str, Any]]:
        """The rows of a Spark frame, which must be few. Raises CannotGoOn as `each` does."""
        with failing():
            return [row.asDict() for row in frame.collect()]


@contextlib.contextmanager
def session(room: Path, master: str = "") -> Iterator[Session]:
    """A session on a master, by default the one that Spark is configured for, else all cores of this machine.

    Raises CannotGoOn where Java or pyspark is missing, or the master cannot be reached.
    """
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else shutil.which("java")
    if java is None or not Path(java).exists():
        raise CannotGoOn("java-missing")
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CannotGoOn("spark-missing") from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("openproposals").config("spark.ui.showConsoleProgress", "false")
    if master:
        builder = builder.master(master)
    try:
        spark = builder.getOrCreate()
    except (RuntimeError, Py4JError, PySparkException) as error:
        raise CannotGoOn("spark-not-started", because=_first_line(error)) from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield Session(spark, room)
    finally:
        spark.stop()


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """Turn the failure of a Spark job into CannotGoOn."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise CannotGoOn("spark-job-failed", because=_first_line(error)) from error


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in reversed(str(error).splitlines()) if "Error" in line), str(error))[:500]
