"""One process erases what was approved, another places a hold: at each point one wins whole.

The process that erases stands still at the point until the other has come to its end.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psutil
import pytest

from domain.envelope import Recorded
from domain.erasure import ErasureCertified, ErasureHeldBack
from tests.console.conftest import Line, either, shell
from tests.faults.holding import UNAVAILABLE
from tests.processes import LIMIT, child, until

__all__ = ["either"]


class Race:
    """Words whose erasure waits for its approval; who acts on them does it in processes."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.words = str(line("--json", "record", text="Lads call him Baz.").json["id"])
        erase = ("erase", self.words, "--basis", "recorded-in-error")
        self.erasure = str(line("--user", "ds.hart", "--json", *erase).json["id"])
        line.close()

    @contextmanager
    def stopped(self, point: str) -> Iterator["subprocess.Popen[bytes]"]:
        """The process that erases, standing still at the point."""
        of = [self.line.store, self.line.home, self.erasure, point]
        with child([sys.executable, "-m", "tests.faults.holding", *of]) as process:
            one = psutil.Process(process.pid)

            def still() -> bool:
                assert process.poll() is None, "it came to its end"
                return one.status() == psutil.STATUS_STOPPED

            until(still, f"the erasure does not come to the point {point!r}")
            yield process

    def hold(self) -> "subprocess.CompletedProcess[bytes]":
        where = ("--store", self.line.store, "--home", str(self.line.home), "--user", "di.moss")
        order = ("--reason", "an inquiry", "--order", "a letter", "--review", "2031-01-01")
        return shell(*where, "--json", "hold", "place", self.words, *order)

    def resume(self) -> None:
        assert self.line("--user", "di.moss", "erase", "--resume").code == 0

    def history(self, stream: str) -> list[Recorded]:
        assert self.line("doctor").code == 0
        assert self.line.kept.system
        return self.line.kept.system.logs["evidence"].history(UUID(stream))

    @property
    def gone(self) -> bool:
        """Whether the words are unreadable."""
        return self.history(self.words)[0].erased

    @property
    def kept(self) -> bool:
        """Whether the erasure was certified as one that a hold kept from."""
        told = [fact.event for fact in self.history(self.erasure)]
        assert isinstance(told[-1], ErasureCertified)
        return any(isinstance(event, ErasureHeldBack) for event in told)

    def whole(self, placed: "subprocess.CompletedProcess[bytes]") -> None:
        """Nothing is lost under the hold since it was placed, nothing that nobody accounts for, and
        the views say what the logs say."""
        assert self.line("hold", "prove", json.loads(placed.stdout)["id"]).code == 0
        assert len(self.line("--json", "hold", "list").json) == 1
        assert self.line("verify", "--allow-unproven", "--open").code == 0
        assert self.line("--json", "views", "compare").json["equal"]


@pytest.fixture
def race(either: Line) -> Race:
    return Race(either)


@pytest.mark.parametrize(("point", "killed"), [("approved", False), ("moving", True)])
def test_a_hold_that_comes_before_the_logs_are_locked_wins(
    race: Race, point: str, killed: bool
) -> None:
    with race.stopped(point) as erasing:
        placed = race.hold()
        assert placed.returncode == 0, placed
        if killed:
            erasing.kill()
            erasing.wait(LIMIT)
        else:
            erasing.send_signal(signal.SIGCONT)
            assert erasing.wait(LIMIT) == 0
    if killed:
        race.resume()
    assert race.kept
    assert not race.gone
    race.whole(placed)


@pytest.mark.parametrize("killed", [False, True], ids=["goes on", "killed"])
def test_no_hold_comes_in_while_the_keys_are_chosen(race: Race, killed: bool) -> None:
    """Who places it is told that the store does not answer, and does it once more: it stands from
    after the destruction, or from before one that never was."""
    with race.stopped("deciding") as erasing:
        refused = race.hold()
        assert refused.returncode == UNAVAILABLE, refused
        if killed:
            erasing.kill()
            erasing.wait(LIMIT)
            placed = race.hold()
        else:
            erasing.send_signal(signal.SIGCONT)
            assert erasing.wait(LIMIT) == 0
            placed = race.hold()
    assert placed.returncode == 0, placed
    if killed:
        race.resume()
    assert race.kept is killed
    assert race.gone is not killed
    race.whole(placed)
