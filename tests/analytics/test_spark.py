"""Spark computes the same results as one process, even if it loses a machine in the middle.

Starting Spark takes most of the time, so there are few tests and each computes a lot. The tests are
skipped without Spark or Java (`make spark` installs Spark, `apt-get install default-jre-headless`
Java).
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics import job, rounds, spark
from analytics.engine import Array
from analytics.job import JobRequest
from analytics.local import Local
from analytics.rounds import Told
from installation.opening import open_system
from installation.settings import Settings
from network.measures.link_stream import LinkPortion, LinkStream, all_ids
from projections.intelligence.links import LinkFilter
from tests.analytics.graphs import at_random, holds
from tests.commands.office import Office
from tests.processes import child, end, until
from tests.support.analytics.job import called, read, suspects
from tests.told import plain, run_of

lacks = spark.missing_requirement()
pytestmark = [
    pytest.mark.timeout(900),  # starting Spark alone takes minutes on a busy machine
    pytest.mark.skipif(bool(lacks), reason=f"there is no Spark: {lacks}"),
    # Spark closes the sockets to its Java process only when they are garbage-collected
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
#: The number of people, most of whom have no links. Even so, the data about all of them fill
#: several files.
PEOPLE = 20_004
#: Options for Java, whose processes end in tests before further compiling would help.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(autouse=True, scope="module")
def java() -> Iterator[None]:
    """Run one Java process for all tests of this module, and end it after them."""
    from pyspark import SparkContext

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", SHORT_LIVED)
        SparkContext._ensure_initialized()
    gateway = SparkContext._gateway
    yield
    gateway.shutdown()
    end(gateway.proc)
    SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture
def link_files(tmp_path: Path) -> tuple[Array, Array, list[Path]]:
    """Return random links, and the files that contain them; some links are in the files twice."""
    a, b = at_random(1, 300, 900)
    return a, b, written(tmp_path / "ties", (a[:500], b[:500]), (a[400:], b[400:]))


def written(place: Path, *some: tuple[Array, Array]) -> list[Path]:
    """Write the files of these links as an analysis does; return the paths of the files."""
    from analytics.parts import Parts

    place.mkdir()
    parts, none = Parts(place), np.empty(0, np.int64)
    for number, (a, b) in enumerate(some, start=1):
        parts.write(number, LinkPortion(a, b, none, 0, 0))
    return parts.files()


@pytest.fixture(
    params=["the demo's store", pytest.param("100,000 links", marks=pytest.mark.seldom)]
)
def network(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, Array, Array]:
    """Return the number of people in a network, the links between them, and the files with the
    links.
    """
    if request.param == "100,000 links":
        people = 20_000
        return people, *at_random(3, people, 100_000)
    shutil.copytree(plain(run_of(tmp_path_factory)), tmp_path / "demo")
    settings = Settings(store=str(tmp_path / "demo" / "store"), user="demo")
    with closing(open_system(settings)) as system, system.desk.asking() as db:
        stream = LinkStream.begun(db, system.label, all_ids(db), LinkFilter(min_rank=None), "all")
        found = stream.stretch(db, system.label, 0, system.logs["evidence"].last())
        return len(stream.ids), found.a, found.b


def ignore(number: int) -> None:
    """Do nothing when a round of an analysis ends."""


@pytest.mark.in_turn("spark")
def test_every_question_as_networkx_has_it(
    link_files: tuple[Array, Array, list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST", 5)
    a, b, files = link_files
    with spark.started("local[2]", tmp_path, PEOPLE, files, len(a), ignore) as engine:
        holds(engine, a, b)
        assert np.array_equal(engine.communities(), Local(PEOPLE, a, b).communities())


@pytest.mark.in_turn("spark")
def test_it_says_what_one_process_says(
    network: tuple[int, Array, Array], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark computes the same results as one process does, with the rounds of each computation
    limited to five."""
    monkeypatch.setattr(rounds, "MOST", 5)
    monkeypatch.setattr(rounds, "ENOUGH", 1e-3)
    people, a, b = network
    assert len(a) > 20
    half = len(a) // 2
    files = written(tmp_path / "ties", (a[:half], b[:half]), (a[half:], b[half:]))
    alone = Local(people, a, b)
    with spark.started("local[2]", tmp_path, people, files, len(a), ignore) as engine:
        assert np.abs(engine.ranks() - alone.ranks()).max() < 1e-6
        for what in ("degrees", "components", "communities", "triangles", "cores"):
            assert np.array_equal(getattr(engine, what)(), getattr(alone, what)()), what


def test_a_java_that_does_not_start_is_an_error_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Java is too old, or the address of the Spark master is unknown, the product reports an
    error of the system.
    """
    from pyspark.errors import PySparkRuntimeError

    def session(master: str, scratch: Path) -> None:
        raise PySparkRuntimeError(errorClass="JAVA_GATEWAY_EXITED", messageParameters={})

    monkeypatch.setattr(spark, "_session", session)
    with (
        pytest.raises(OSError, match=r"ended with an error: .*Java gateway process exited"),
        spark.started("nonsense", tmp_path, PEOPLE, [], 0, ignore),
    ):
        pass


def test_a_whole_job(office: Office) -> None:
    suspects(office)
    wanted = JobRequest("components", "all", None, "spark", master="local[1]")
    row = job.compute(office.desk, office.system, office.reader, wanted)
    assert (row.engine, row.people, row.ties) == ("spark", 5, 4)
    assert called(read(office)) == [{"Ash", "Birch", "Cedar"}, {"Dale", "Elm"}]
    passing = office.system.home / ".passing"
    assert [one.name for one in passing.iterdir()] == ["sweeping"]


@pytest.mark.in_turn("spark")
def test_a_worker_that_is_killed_in_the_middle(
    link_files: tuple[Array, Array, list[Path]], tmp_path: Path
) -> None:
    """If a Spark worker is killed, another worker repeats the computation for the people of the
    killed worker.
    """
    a, b, files = link_files
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        program = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1"]
        log = tmp_path / "master.log"
        start_spark_part(stack, log, *program, "--port", str(port), "--webui-port", "0")
        until(lambda: "I have been elected leader" in log.read_text("utf-8"), "no master")
        workers, logs = [], []
        for number in range(2):
            program = ["org.apache.spark.deploy.worker.Worker", master, "--host", "127.0.0.1"]
            more = ["--cores", "1", "--memory", "1g", "--webui-port", "0"]
            place = ["--work-dir", str(tmp_path / f"work{number}")]
            logs.append(tmp_path / f"worker{number}.log")
            workers.append(start_spark_part(stack, logs[-1], *program, *more, *place))
        until(lambda: all(map(registered, logs)), "no workers")
        killed: list[int] = []

        def lose_one(number: int) -> None:
            if number == 2:
                end(workers[0])
                killed.append(number)

        told: Told = lose_one
        with spark.started(master, tmp_path, PEOPLE, files, len(a), told) as engine:
            found = engine.cores()
        assert killed == [2]
    assert np.array_equal(found, Local(PEOPLE, a, b).cores())


def registered(log: Path) -> bool:
    """Return whether the Spark worker that writes this log has registered with its master."""
    return "Successfully registered with master" in log.read_text("utf-8")


def start_spark_part(stack: ExitStack, log: Path, *program: str) -> "subprocess.Popen[Any]":
    """Start a part of a Spark cluster, as an operator does."""
    spec = find_spec("pyspark")
    assert spec
    assert spec.origin
    home = Path(spec.origin).parent
    java = shutil.which("java")
    jars = f"{home / 'jars'}/*"
    opens = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
    command = [java, "-cp", jars, "-Xmx256m", opens, program[0], *program[1:]]
    own = {
        "SPARK_HOME": str(home),
        "SPARK_SCALA_VERSION": "2.13",
        "PATH": os.environ["PATH"],
        "JDK_JAVA_OPTIONS": SHORT_LIVED,
    }
    file = stack.enter_context(log.open("w"))
    return stack.enter_context(child(command, stdout=file, stderr=file, env=own))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port
