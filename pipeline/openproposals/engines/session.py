"""The doorway to pyspark: a session is begun and ended here, and work is given to it. No other module imports it."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from openproposals.engines.corpus_files import CorpusFile
from openproposals.engines.moving import Piece, Sent
from openproposals.engines.staged import StagedPart
from openproposals.errors import DISK_FULL, CannotGoOn, reason
from openproposals.progress import RowProgress, ignore

_Job = TypeVar("_Job")
_Done = TypeVar("_Done")
CLEARED_EVERY = 10.0  # seconds at least between two times that what jobs moved is deleted
# Pieces are small before they move. Java moves bytes alone: it takes less time where it compiles itself less. Each core
# has a Python worker of its own, which needs no more threads.
_OURS = {
    "spark.shuffle.compress": "false",
    "spark.driver.defaultJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.defaultJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True)
class Listed:
    """A file or folder at an address. size: bytes."""

    name: str
    path: str
    size: int
    is_folder: bool


class Session:
    """A Spark session, configured by Spark's own means (spark-defaults.conf, PYSPARK_SUBMIT_ARGS)."""

    def __init__(self, spark: Any, room: Path) -> None:
        """room: a folder that the driver and every worker reach by this path."""
        self.spark, self.room = spark, room
        self._last_cleared = time.monotonic()

    def each(self, work: Callable[[_Job], _Done], jobs: Sequence[_Job]) -> list[_Done]:
        """Do a piece of work for each job, each in a task of its own; results in the order of the jobs.

        Raises CannotGoOn where a task fails as often as Spark tries it.
        """
        if not jobs:
            return []
        with failing():
            self._cleared()
            given = self.spark.sparkContext.parallelize(jobs, len(jobs))
            found: list[_Done] = given.map(partial(_each, work)).collect()
        return found

    def listed(self, address: str) -> list[Listed]:
        """What is in a folder at an address, by Spark's own file systems. Raises CannotGoOn where it cannot be read."""
        with failing(address):
            context = self.spark.sparkContext
            path = context._jvm.org.apache.hadoop.fs.Path(address)
            found = path.getFileSystem(context._jsc.hadoopConfiguration()).listStatus(path)
            return [
                Listed(each.getPath().getName(), each.getPath().toString(), each.getLen(), each.isDirectory())
                for each in found
            ]

    def contents(self, paths: Sequence[str], work: Callable[[str, bytes], _Done]) -> list[_Done]:
        """What some work makes of each file, given its path and bytes, which Spark reads. Raises CannotGoOn."""
        if not paths:
            return []
        with failing():
            read = self.spark.read.format("binaryFile").load(list(paths)).select("path", "content").rdd
            found: list[_Done] = read.map(partial(_with_content, work)).collect()
        return found

    def staged(self, files: Sequence[CorpusFile]) -> list[StagedPart | None]:
        """The files staged, in their order, each in a task. Raises CannotGoOn."""
        by_path = {each.path: each for each in files}
        found = dict(self.contents([*by_path], partial(_staged, by_path)))
        return [found[each.path] for each in files]

    def sent(self, jobs: Sequence[_Job], work: Callable[[_Job], Iterable[Piece]]) -> Any:
        """The pieces that some work gives for each job, in a task of its own; it is done once they are asked for."""
        return self.spark.sparkContext.parallelize(jobs, max(1, len(jobs))).flatMap(partial(_each, work))

    def brought(self, pieces: Sequence[Any], places: int) -> Any:
        """All these pieces, brought to the places that they go to."""
        here = [each.partitionBy(places, _same) for each in pieces] or [self.spark.sparkContext.parallelize([], places)]
        return self.spark.sparkContext.union(here)

    def passed(self, brought: Any, work: Callable[[int, Iterable[Sent]], Iterable[Piece]]) -> Any:
        """The pieces that some work gives for each place, given its number and the pieces there."""
        return brought.mapPartitionsWithIndex(partial(_at_place, work))

    def made(self, brought: Any, work: Callable[[int, Iterable[Sent]], Iterable[_Done]]) -> list[_Done]:
        """What some work makes of each place, in no order. Raises CannotGoOn as `each` does."""
        with failing():
            self._cleared()
            found: list[_Done] = brought.mapPartitionsWithIndex(partial(_at_place, work)).collect()
        return found

    def _cleared(self) -> None:
        """Delete what earlier jobs moved from the disks of the workers: Spark does so once we and Java let go of it."""
        if time.monotonic() - self._last_cleared > CLEARED_EVERY:
            self._last_cleared = time.monotonic()
            gc.collect()
            self.spark.sparkContext._jvm.System.gc()


_modules = 0  # that this worker had when what it holds was last set aside


def _settled() -> None:
    """Set aside what this worker holds from task to task: its modules, the schema, the shapes.

    After each task Spark searches all that a worker holds for garbage; in what is set aside it does not. It is done
    where modules were loaded since, so that what a task alone holds is seldom kept.
    """
    global _modules
    if len(sys.modules) != _modules:
        _modules = len(sys.modules)
        gc.collect()
        gc.freeze()


def _each(work: Callable[[_Job], _Done], job: _Job) -> _Done:
    _settled()
    return work(job)


def _with_content(work: Callable[[str, bytes], _Done], row: Any) -> _Done:
    _settled()
    return work(row["path"], bytes(row["content"]))


def _staged(files: Mapping[str, CorpusFile], path: str, content: bytes) -> tuple[str, StagedPart | None]:
    return path, files[path].stage_content(content)


def _same(place: int) -> int:
    return place


def _at_place(
    work: Callable[[int, Iterable[Sent]], Iterable[_Done]], place: int, sent: Iterable[Piece]
) -> Iterable[_Done]:
    _settled()
    return work(place, (each for _, each in sent))


@contextlib.contextmanager
def session(room: Path, master: str = "", progress: RowProgress = ignore) -> Iterator[Session]:
    """A session on a master, by default the one that Spark is configured for, else all cores of this machine.

    progress: is given the tasks done so far of the job that runs, and its tasks in all.
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
    builder = SparkSession.builder.appName("openproposals")
    for name, value in _OURS.items():
        builder = builder.config(name, value)
    if master:
        builder = builder.master(master)
    try:
        spark = builder.getOrCreate()
    except (RuntimeError, Py4JError, PySparkException) as error:
        raise CannotGoOn("spark-not-started", because=_first_line(error)) from error
    spark.sparkContext.setLogLevel("ERROR")
    gc.freeze()  # what is here now stays; `_cleared` need not search it
    over = threading.Event()
    follower = threading.Thread(target=_follow, args=(spark.sparkContext.statusTracker(), progress, over), daemon=True)
    follower.start()
    try:
        yield Session(spark, room)
    finally:
        over.set()
        follower.join()
        spark.stop()


def _follow(tracker: Any, progress: RowProgress, over: threading.Event) -> None:
    """Tell how many tasks of the jobs that run are done, every second until it is over."""
    while not over.wait(1):
        with contextlib.suppress(Exception):  # a session that is lost is told by the job itself
            jobs = [job for number in tracker.getActiveJobsIds() if (job := tracker.getJobInfo(number))]
            stages = [each for job in jobs for number in job.stageIds if (each := tracker.getStageInfo(number))]
            if stages:
                progress(sum(each.numCompletedTasks for each in stages), sum(each.numTasks for each in stages))


@contextlib.contextmanager
def failing(address: str = "") -> Iterator[None]:
    """Turn the failure of a Spark job, of reading an address, or of a disk that is full, into CannotGoOn."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise CannotGoOn("spark-disk-full", because=reason(error)) from error
        raise
    except (Py4JError, PySparkException) as error:
        full = next((said for said in map(os.strerror, DISK_FULL) if said in str(error)), "")
        if full:
            raise CannotGoOn("spark-disk-full", because=full) from error
        if address:
            raise CannotGoOn("address-not-read", address=address, because=_first_line(error)) from error
        raise CannotGoOn("spark-job-failed", because=_first_line(error)) from error


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in reversed(str(error).splitlines()) if "Error" in line), str(error))[:500]
