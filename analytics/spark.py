"""The engine that analyses the network on several machines, with Apache Spark.

Blocks of people and their neighbours are on the machines. In each round the values of all people
(eight bytes each) are sent to the machines, and each block returns the values of its people. If a
machine is lost, Spark makes its blocks again from the files. Spark's temporary files are in a
directory that is deleted when the program ends. They are encrypted with a key that exists only
while the program runs.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics import rounds
from analytics.blocks import Block, forest, lowest_connected, one_way, triangles_of, two_step_paths
from analytics.engine import Array, Floats, Ints
from analytics.rounds import Told

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import SparkSession

#: Largest number of links in a block, where each link is counted once for each of its ends: about
#: 160 MB.
BLOCK = 10_000_000
#: Beginnings of the address of a Spark that uses only this machine.
_HERE = ("local", "spark://127.0.0.1:", "spark://localhost:")
#: Settings by which Spark logs only errors.
_LOGGING = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = Spark: %m%n
"""


def missing_requirement() -> str | None:
    """Return a sentence that says what Spark needs and this machine does not have; None if Spark
    can run."""
    if any(find_spec(name) is None for name in ("pyspark", "pyarrow")):
        return "install requirements-spark.lock with pip (docs/scale.md)"
    if shutil.which("java") is None:
        return (
            "it needs Java 17 or newer on the PATH; on Debian: apt-get install default-jre-headless"
        )
    return None


@contextmanager
def started(
    master: str, scratch: Path, people: int, files: Sequence[Path], ties: int, report: Told
) -> Iterator[Spark]:
    """Yield an engine on Spark for these files of links. Raises OSError if Java does not start, if
    Spark's master does not answer, or if Spark fails."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        session = _session(master, scratch)
        try:
            yield Spark(session, people, [str(file) for file in files], ties, report)
        finally:
            session.stop()
    except (Py4JError, PySparkException) as error:
        message = str(getattr(error, "java_exception", "") or error).partition("\n")[0]
        raise OSError(f"Spark at {master} ended with an error: {message[:300]}") from error


def _session(master: str, scratch: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    logging = scratch / "log4j2.properties"
    logging.write_text(_LOGGING, "ascii")
    chosen = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging.as_uri()}",
        "spark.driver.maxResultSize": "0",
        "spark.io.encryption.enabled": "true",
        "spark.local.dir": str(scratch),
    }
    if master.startswith(_HERE):
        chosen |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master(master).appName("continuum analyse")
    for name, value in chosen.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.pythonExec = sys.executable
    return session


class Spark:
    """Analyses the network on Spark's machines, which all read the files and have this program
    installed.
    """

    def __init__(
        self, session: SparkSession, people: int, files: Sequence[str], ties: int, report: Told
    ) -> None:
        self._session, self._files = session, list(files)
        self._people, self._told = people, report
        context = session.sparkContext
        many = max(context.defaultParallelism, 2 * ties // BLOCK + 1)
        self._many = many

        def whole(arrays: Any) -> Block:
            arrays = list(arrays)
            return Block.from_links(
                *(np.concatenate([array[side] for array in arrays]) for side in (0, 1))
            )

        spread = context.parallelize(self._files, max(len(self._files), 1))
        sides = spread.flatMap(lambda file: _sides(file, many))
        self._blocks: RDD[Block] = (
            sides.groupByKey(many, lambda block: block).mapValues(whole).values().persist()
        )

    def degrees(self) -> Ints:
        return self._degrees

    @cached_property
    def _degrees(self) -> Ints:
        return self._merge_block_values(np.zeros(self._people, np.int64), lambda block: block.sizes)

    def components(self) -> Ints:
        forests = self._blocks.map(forest).collect()
        return lowest_connected(self._people, _column(forests, 0), _column(forests, 1))

    def ranks(self) -> Floats:
        return rounds.ranks(self._each, self.degrees(), self._told)

    def communities(self) -> Ints:
        return rounds.communities(self._each, self._people, self._told)

    def cores(self) -> Ints:
        return rounds.cores(self._each, self.degrees(), self._told)

    def triangles(self) -> Ints:
        """Return the number of triangles of each person. Each path of two steps is sent to the
        block of the link that would make it a triangle."""
        many = self._many
        with self._shared(self.degrees()) as degrees:
            led = self._blocks.map(lambda block: one_way(block, degrees()))
            ways = led.flatMap(lambda block: _by_block(two_step_paths(block, degrees()), many))
            ties = led.flatMap(lambda block: _by_block(block.ties, many))
            met = ties.union(ways).groupByKey(many, lambda home: home)
            block_counts = met.map(lambda some: _triangles_of(some[1])).collect()
        array = np.zeros(self._people, np.int64)
        for who, many_of in block_counts:
            array[who] += many_of
        return array

    def _each(self, kernel: Callable[..., Array], array: Array, more: tuple[Any, ...]) -> Array:
        with self._shared(array) as of_all:
            return self._merge_block_values(
                array.copy(), lambda block: kernel(block, of_all(), *more)
            )

    @contextmanager
    def _shared(self, values: Array) -> Iterator[Callable[[], Array]]:
        """Send the values of all people to Spark's machines, and yield a function that returns the
        values on such a machine. The values are sent as bytes, because Spark cannot send large
        arrays when it encrypts.
        """
        kind, sent = values.dtype.str, self._session.sparkContext.broadcast(values.tobytes())
        try:
            yield lambda: np.frombuffer(sent.value, kind)
        finally:
            sent.destroy()

    def _merge_block_values(self, array: Array, say: Callable[[Block], Array]) -> Array:
        """Compute new values for the people of each block with the function `say`, and write them
        into `array`. A person's number is the person's position in `array`. Return `array`.
        """
        for who, values in self._blocks.map(lambda block: (block.who, say(block))).collect():
            array[who] = values
        return array


def _sides(file: str, many: int) -> Iterator[tuple[int, tuple[Ints, ...]]]:
    """Yield each link of a file twice, once from each end, with the number of the block to which
    the person at that end belongs.
    """
    from analytics.parts import ties_in

    a, b = ties_in(file)
    return _by_block((np.concatenate((a, b)), np.concatenate((b, a))), many)


def _by_block(columns: tuple[Ints, ...], many: int) -> Iterator[tuple[int, tuple[Ints, ...]]]:
    """Yield these rows, each with the number of the block to which the person in its first column
    belongs.
    """
    home = columns[0] % many
    order = np.argsort(home, kind="stable")
    bounds = np.searchsorted(home[order], np.arange(many + 1)).tolist()
    for block, (start, end) in enumerate(pairwise(bounds)):
        if start < end:
            yield block, tuple(column[order[start:end]] for column in columns)


def _triangles_of(links: Iterable[tuple[Ints, ...]]) -> tuple[Ints, Ints]:
    """Return the people in triangles, and how many triangles each is in. `links` contains links
    (rows of two people) and two-step paths (rows of three); a path whose two ends are linked is a
    triangle.
    """
    all_arrays = list(links)
    ties = [arrays for arrays in all_arrays if len(arrays) == 2]
    ways = [arrays for arrays in all_arrays if len(arrays) == 3]
    return triangles_of(
        (_column(ties, 0), _column(ties, 1)), (_column(ways, 0), _column(ways, 1), _column(ways, 2))
    )


def _column(rows: Sequence[tuple[Ints, ...]], number: int) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *(arrays[number] for arrays in rows)])
