"""If one process carries out an approved erasure while another process places a legal hold, exactly
one of the two takes effect.

The erasing process stops at a chosen point until the test's own process has placed its hold. If the
test's process cannot get the logs' locks, it waits only a short time.
"""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psutil
import psycopg
import pytest

from domain.data_protection.erasure import ErasureCertified, ErasureHeldBack
from domain.kernel.envelope import Recorded
from ledger.database import datastore_sqlite
from ledger.database.tables_postgres import PATIENCE
from tests import forked
from tests.console.conftest import Line, Said
from tests.faults.holding import UNAVAILABLE
from tests.processes import LIMIT, child, until

#: SQL that shortens the wait of each database function that waits for a lock.
WAITS = """
DO $$ DECLARE one regprocedure; BEGIN
    FOR one IN SELECT oid FROM pg_proc WHERE array_to_string(proconfig, ' ') LIKE '%lock_timeout%'
    LOOP EXECUTE format('ALTER FUNCTION %s SET lock_timeout = %L', one, '{patience}'); END LOOP;
END $$
"""


@dataclass
class Erasing:
    """`process` carries out an erasure, and the process `asked` has started it."""

    asked: "subprocess.Popen[Any]"
    process: psutil.Process

    def still(self) -> bool:
        assert self.asked.poll() is None, "it came to its end"
        return self.process.status() == psutil.STATUS_STOPPED

    def kill(self) -> None:
        self.process.kill()
        self.asked.wait(LIMIT)

    def goes_on(self) -> None:
        """Let the stopped process run to its end."""
        self.process.send_signal(signal.SIGCONT)
        assert self.asked.wait(LIMIT) == 0


class Race:
    """A log entry whose erasure was proposed. A second process approves the erasure and carries it
    out."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.words = str(line("--json", "record", text="Lads call him Baz.").json["id"])
        erase = ("erase", self.words, "--basis", "recorded-in-error")
        self.erasure = str(line("--user", "ds.hart", "--json", *erase).json["id"])
        line.close()

    @contextmanager
    def stopped(self, point: str) -> Iterator["Erasing"]:
        """Start the erasing process and wait until it stops at this point; yield the stopped
        process.
        """
        of = [self.line.store, self.line.home, self.erasure, point]
        command = forked.module("tests.faults.holding", *of)
        with child(command, stdout=subprocess.PIPE) as asked:
            assert asked.stdout
            one = Erasing(asked, psutil.Process(int(asked.stdout.readline())))
            until(one.still, f"the erasure does not come to the point {point!r}")
            yield one

    def hold(self) -> Said:
        order = ("--reason", "an inquiry", "--order", "a letter", "--review", "2031-01-01")
        return self.line("--user", "di.moss", "--json", "hold", "place", self.words, *order)

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Within the block, commands wait for the lock of a log only a fifth of a second instead of
        ten seconds."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(datastore_sqlite, "LOCK_TIMEOUT", 0.2)
            self._wait("200ms")
            yield
        # `verify` reports a changed database function, so the function gets its former text again
        self._wait(PATIENCE)

    def _wait(self, patience: str) -> None:
        if "://" in self.line.store:
            with psycopg.connect(self.line.store, autocommit=True) as server:
                server.execute(WAITS.replace("{patience}", patience).encode())

    def resume(self) -> None:
        assert self.line("--user", "di.moss", "erase", "--resume").code == 0

    def history(self, stream: str) -> list[Recorded]:
        assert self.line("doctor").code == 0
        assert self.line.kept.system
        return self.line.kept.system.logs["evidence"].history(UUID(stream))

    @property
    def gone(self) -> bool:
        """Return whether the entry's text can no longer be decrypted."""
        return self.history(self.words)[0].erased

    @property
    def kept(self) -> bool:
        """Return whether a certificate says that a hold prevented the erasure."""
        told = [fact.event for fact in self.history(self.erasure)]
        assert isinstance(told[-1], ErasureCertified)
        return any(isinstance(event, ErasureHeldBack) for event in told)

    def whole(self, placed: Said) -> None:
        """Assert that `placed`, the hold that a user placed, covers all its items; that `verify`
        accepts the store; and that the views match the logs."""
        assert self.line("hold", "prove", placed.json["id"]).code == 0
        assert len(self.line("--json", "hold", "list").json) == 1
        assert self.line("verify", "--allow-unproven", "--open").code == 0
        assert self.line("--json", "views", "compare").json["equal"]


@pytest.fixture
def race(either: Line) -> Race:
    return Race(either)


# before these points, an erasure holds no lock of the database, so one database is enough
@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(("point", "killed"), [("approved", False), ("moving", True)])
def test_a_hold_that_comes_before_the_logs_are_locked_wins(
    race: Race, point: str, killed: bool
) -> None:
    with race.stopped(point) as erasing:
        placed = race.hold()
        assert placed.code == 0, placed
        if killed:
            erasing.kill()
        else:
            erasing.goes_on()
    if killed:
        race.resume()
    assert race.kept
    assert not race.gone
    race.whole(placed)


@pytest.mark.parametrize(
    "killed",
    [
        pytest.param(False, id="goes on"),
        # test_kill.py and test_calls.py kill an erasing process on a server at any point
        pytest.param(True, id="killed", marks=pytest.mark.usually_on("sqlite")),
    ],
)
def test_no_hold_comes_in_while_the_keys_are_chosen(race: Race, killed: bool) -> None:
    """While an erasure chooses the keys to destroy, a command that places a hold is refused; it
    succeeds after the keys are destroyed. If the erasing process is killed at this point, the hold
    is placed at once and prevents the erasure."""
    with race.stopped("deciding") as erasing:
        if killed:
            erasing.kill()
            placed = race.hold()
        else:
            with race.impatient():
                refused = race.hold()
            assert refused.code == UNAVAILABLE, refused
            erasing.goes_on()
            placed = race.hold()
    assert placed.code == 0, placed
    if killed:
        race.resume()
    assert race.kept is killed
    assert race.gone is not killed
    race.whole(placed)
