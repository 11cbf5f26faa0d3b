"""If the address of the store's server leads to another server, the store writes no record there
until an administrator accepts the server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.kernel.envelope import LogUnavailable
from ledger.database import known_server
from ledger.store.log import Log
from ledger.store.recorder_postgres import PostgresLogRecorder
from tests.commands.office import opened
from tests.console.conftest import Line

pytestmark = pytest.mark.postgres


LATER = ("--clock", "2011-03-19T09:00")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Return a function that makes the server report this cluster id and timeline."""
    return lambda cluster, timeline: monkeypatch.setattr(
        known_server, "_ASKED", f"SELECT '{cluster}', {timeline}"
    )


def drop(log: Log) -> None:
    """Close a log's connections, as if the server had stopped."""
    assert isinstance(log.recorder, PostgresLogRecorder)
    log.recorder.datastore._drop_idle()


def test_a_server_that_was_replaced_under_a_pool_takes_nothing(
    tmp_path: Path, postgres_url: str, answers: Callable[[str, int], None]
) -> None:
    office = opened(tmp_path, postgres_url)
    office.system.close()
    known_server.forget(tmp_path)
    answers("71", 3)
    office.again()
    log = office.system.logs["evidence"]
    last = log.last()
    for cluster, timeline, said in (("72", 3, "identifier is 72"), ("71", 2, "timeline 2, after")):
        answers(cluster, timeline)
        drop(log)
        for _ in range(2):
            with pytest.raises(LogUnavailable, match=said):
                log.last()
    answers("71", 3)
    assert log.last() == last
    office.system.close()
    answers("72", 3)
    with pytest.raises(LogUnavailable, match="To accept this one, run: continuum init"):
        office.again()
    line = Line(postgres_url, tmp_path)
    assert line("init", "--synthetic", *LATER).code == 0
    line.close()
    office.again()
    office.system.close()


def test_a_replica_that_was_promoted_is_reported_and_not_refused(
    tmp_path: Path, postgres_url: str, answers: Callable[[str, int], None]
) -> None:
    office = opened(tmp_path, postgres_url)
    office.system.close()
    known_server.forget(tmp_path)
    answers("71", 1)
    office.again()
    assert known_server.read(tmp_path, known_server.address_of(postgres_url)) == {
        "cluster": "71",
        "timeline": 1,
        "seen": 1,
    }
    answers("71", 2)
    log = office.system.logs["evidence"]
    drop(log)
    assert log.last()
    office.system.close()
    line = Line(postgres_url, tmp_path)
    assert "PROMOTED OR RESTORED" in line("doctor").out
    line.close()
    answers("71", 1)
    with pytest.raises(LogUnavailable, match="on timeline 1, after 2"):
        office.again()
    answers("71", 2)
    assert line("init", "--synthetic", *LATER).code == 0
    assert "PROMOTED" not in line("doctor").out
    line.close()


def test_a_server_says_who_it_is(tmp_path: Path, postgres_url: str) -> None:
    office = opened(tmp_path, postgres_url)
    office.system.close()
    known_server.forget(tmp_path)
    office.again()
    held = known_server.read(tmp_path, known_server.address_of(postgres_url))
    assert held
    assert (held["cluster"].isdecimal(), held["timeline"], held["seen"]) == (True, 1, 1)
    office.system.close()
