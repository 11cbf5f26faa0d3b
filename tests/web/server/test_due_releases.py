"""At fixed times, the server releases the copies of reports that wait for other organisations."""

import threading

import pytest

from commands.intelligence import release
from commands.kernel.unit_of_work import Desk
from domain.kernel.envelope import LogUnavailable
from tests.commands.office import Office, opened
from tests.processes import until
from tests.support.commands.release import CLEAN, made, reported, send
from web.server import due_releases


def test_a_copy_leaves_when_its_quarter_is_over_also_after_a_failure(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    office: Office = opened(tmp_path_factory.mktemp("leaving") / "store")
    send(office, reported(office, CLEAN))
    leave, failed = release.send_due_copies, threading.Event()

    def fails_first(desk: Desk) -> int:
        if not failed.is_set():
            failed.set()
            raise LogUnavailable("the product log does not answer")
        return leave(desk)

    monkeypatch.setattr(release, "send_due_copies", fails_first)
    office.later(0.5)
    end = due_releases.by_the_clock(office.system, interval=0.01)
    try:
        until(lambda: len(made(office)) == 1, "the copy does not leave")
    finally:
        end()
    assert failed.is_set()
    office.system.close()
