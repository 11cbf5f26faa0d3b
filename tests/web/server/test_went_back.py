"""If an older copy replaces a log of the store, every front reports this."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands.information import observation
from domain.kernel.envelope import IntegrityFailure
from tests.commands.office import Office, opened
from tests.console.conftest import Line
from tests.web.client import Client
from web.app import make_app


def older(file: Path, beside: Path) -> None:
    """Copy a log's file in its current state, as a backup would."""
    with closing(sqlite3.connect(file)) as there, closing(sqlite3.connect(beside)) as copy:
        there.backup(copy)


def test_an_older_log_is_an_alarm_on_every_front(tmp_path: Path) -> None:
    """If an older copy replaces a log, every front raises an alarm. (Before this check, entries
    disappeared without a warning.)"""
    office: Office = opened(tmp_path / "store")
    observation.record(office.desk, office.reader, words="He waits at the arcade")
    office.system.keep_up()
    file = Path(office.settings.store) / "log.db"
    older(file, tmp_path / "older.db")
    observation.record(office.desk, office.reader, words="He has a knife")
    with office.system.reading():
        pass
    office.system.close()
    for rest in ("log.db-wal", "log.db-shm"):
        file.with_name(rest).unlink(missing_ok=True)
    (tmp_path / "older.db").replace(file)
    office.again()
    client = Client(make_app(office.system), headers={"X-Continuum-User": "ds.hart"})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: run continuum verify\n")
    with pytest.raises(IntegrityFailure, match="which ends at"), office.system.reading():
        pass
    answer = client.get("/api/v1/queue", headers={"X-Continuum-User": "ds.hart"})
    assert answer.status_code in (500, 503)
    assert "verify" in answer.json()["detail"]
    office.system.close()
    with closing(Line(office.settings.store, tmp_path / "store")) as line:
        said = line("doctor")
    assert "LOG WENT BACK" in said.out, said
    assert "NOT KNOWN: acts of one person alone" in said.out, said
