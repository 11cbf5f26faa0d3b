"""Kill processes that work on a store at random moments, and check the store afterwards."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.information.source import SourceEntryMade
from domain.kernel.envelope import Recorded
from installation.auditing import open_office
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from tests import forked
from tests.conftest import Store
from tests.faults.work import UNAVAILABLE, command_id, record
from tests.processes import end, until
from tests.support.ledger.processes import settle as settled

ROOT = Path(__file__).parents[2]
WORK = "tests.faults.work"
#: Exit codes of refusals that may occur for a while after a kill. A server ends the session of a
#: killed process only when it notices the kill, and no erasure is certified while a session may
#: read old pages.
REFUSED = {"erasing": (UNAVAILABLE,), "serving": (-signal.SIGTERM,)}


@dataclass
class Killer:
    """Starts jobs on a store and kills them. The same `seed` gives the same moments of killing.
    `server` is the process that forks the jobs; if it is not given, one is started."""

    settings: Settings
    place: Path
    seed: int
    server: "subprocess.Popen[str]" = field(
        default_factory=lambda: start_server(forked.module(WORK))
    )
    killed: int = 0
    code: int = 0
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)

    def kill(
        self,
        job: str,
        given: object,
        longest: float | None,
        after: int = 0,
        *,
        least: int = 0,
        victim: int | None = None,
        spoil: Mapping[str, object] | None = None,
    ) -> list[str]:
        """Run a job, and kill it at a random moment; return the acknowledgements that it gave
        before. If `victim` is given, this process of the server is stopped instead.

        The moment is at most `longest` seconds after the job's start or after a random
        acknowledgement, whose number is between `least` and `after`. Without `longest` the job runs
        to its end.
        """
        assert self.server.stdin
        assert self.server.stdout
        self.killed += 1
        acks = self.place / f"acks-{self.killed}"
        asked: dict[str, Any] = {
            "job": job,
            "given": given,
            "acks": str(acks),
            "after": self._rng.randint(least, after),
            "delay": None if longest is None else self._rng.uniform(0, longest),
            "victim": victim,
            "spoil": spoil,
            "settings": {"store": self.settings.store, "home": str(self.settings.home)},
        }
        self.server.stdin.write(json.dumps(asked) + "\n")
        self.server.stdin.flush()
        self.code = int(self.server.stdout.readline())
        ended = (UNAVAILABLE,) if victim else (0, -9, *REFUSED.get(job, ()))
        assert self.code in ended, (
            f"{job} ended with {self.code} by itself (seed {self.seed}, kill {self.killed})"
        )
        return acks.read_text("utf-8").splitlines()[1:]

    def finish(self, job: str, given: object) -> None:
        """Run a job to its end. If the job is refused temporarily, run it again."""

        def ended() -> bool:
            self.kill(job, given, None)
            return self.code == 0

        until(ended, f"{job} does not come to its end (seed {self.seed})")

    @contextmanager
    def system(self) -> Iterator[System]:
        """Open the store in this process, once the killed process's last statement on the database
        has ended.
        """
        settled(Store(Path(), self.settings.store if "://" in self.settings.store else None))
        with closing(open_system(self.settings)) as system:
            yield system

    def close(self) -> None:
        """End the server, and any job that a failed test has left running."""
        server_running(self.server)


@contextmanager
def preloaded(library: Path) -> "Iterator[subprocess.Popen[str]]":
    """Start a server of jobs into which this library is loaded, which is only possible when a
    process starts.

    The code that starts the server is in no module that the jobs import; otherwise each job would
    load all of it again.
    """
    server = start_server([sys.executable, "-c", f"from {WORK} import main; main()"], library)
    try:
        yield server
    finally:
        server_running(server)


def start_server(command: Sequence[str], library: Path | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | ({"LD_PRELOAD": str(library)} if library else {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def server_running(server: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    end(server)


def facts(system: System, log: Any = "evidence") -> list[Recorded]:
    one = system.logs[log]
    return one.read(0, max(one.last(), 1))


def check_recorded(killer: Killer, acknowledged: Sequence[int], highest: int) -> None:
    """Check that each acknowledged record exists exactly once, and that repeating its command adds
    nothing.
    """
    with killer.system() as system:
        told = Counter(fact.command_id for fact in facts(system) if fact.version == 1)
        missing = [n for n in acknowledged if not told[command_id(n)]]
        assert missing == [], "acknowledged and not there"
        assert max(told.values()) == 1, "there twice"
        for number in range(highest + 1):
            record(system, number)
        sizes = {name: log.last() for name, log in system.logs.items()}
        for number in range(highest + 1):
            record(system, number)
        assert {name: log.last() for name, log in system.logs.items()} == sizes
        made = [one for one in facts(system, "sources") if isinstance(one.event, SourceEntryMade)]
        assert len(made) == highest + 1, "who told us stands there once for each of the words"
        check_whole(system)


def check_whole(system: System) -> None:
    """Check that the views agree with the logs, and that the logs are complete and in order."""
    assert system.views.compare() == []
    with open_office(system.settings, None) as office:
        assert [
            finding for report in office.verify((), None, (), ()) for finding in report.findings
        ] == []
