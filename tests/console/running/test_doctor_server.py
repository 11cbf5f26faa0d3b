"""`doctor` reports problems of the machine and of the database server, each with its remedy."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from console.running import machine_checks
from console.running.postgres_checks import findings
from ledger.database.postgres_server import SETTINGS, ServerStatus, ask

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
WELL = {
    "archive_mode": "on",
    "data_checksums": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "idle_in_transaction_session_timeout": "600000",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "synchronous_commit": "on",
    "wal_level": "replica",
}


def server(*, settings: dict[str, str] | None = None, **told: Any) -> ServerStatus:
    """Return the status of a database server that has no problems, apart from the changes in `told`
    (properties) and `settings`."""
    whole: dict[str, Any] = {
        "version": 180001,
        "name_of_version": "18.1",
        "encoding": "UTF8",
        "ours": "UTF8",
        "user": "continuum_app",
        "superuser": False,
        "writable": (),
        "extensions": ("plpgsql",),
        "size": 1,
        "now": NOW,
        "in_clear": False,
        "connects": False,
        "locks": False,
    }
    return ServerStatus(**whole | told, settings=WELL | (settings or {}))


def finding_names(
    told: ServerStatus, *, now: datetime | None = NOW, live: bool = True
) -> list[str]:
    some = list(findings(told, now, live=live, where="postgresql://server/record"))
    assert all(one.do and one.found and one.where for one in some)
    return [one.what for one in some]


def test_a_server_as_it_should_be_is_not_spoken_of() -> None:
    assert finding_names(server()) == []


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (server(version=140010, name_of_version="14.10"), "an old server"),
        (server(encoding="SQL_ASCII"), "not UTF-8"),
        (server(settings={"fsync": "off"}), "fsync is off"),
        (server(settings={"data_checksums": "off"}), "data_checksums is off"),
        (server(settings={"password_encryption": "md5"}), "password_encryption is md5"),
        (server(settings={"log_statement": "mod"}), "words in the server's log"),
        (server(settings={"log_min_duration_statement": "250"}), "words in the server's log"),
        (server(settings={"log_parameter_max_length_on_error": "-1"}), "words in the server's log"),
        (server(settings={"max_connections": "20"}), "few connections"),
        (server(now=NOW + timedelta(minutes=1)), "clocks differ"),
        (server(extensions=("dblink", "plpgsql")), "reaches out"),
        (server(superuser=True), "runs as the superuser"),
        (server(writable=("evidence.evidence_events",)), "may write beside the log"),
        (server(in_clear=True), "in the clear on the network"),
        (server(connects=True), "any role connects"),
        (server(locks=True), "any role locks"),
        (server(settings={"archive_mode": "off"}), "no archive"),
        (
            server(settings={"idle_in_transaction_session_timeout": "0"}),
            "forgotten transactions stay",
        ),
    ],
)
def test_each_fault_of_a_server_is_named_alone(told: ServerStatus, what: str) -> None:
    assert finding_names(told) == [what]


def test_what_needs_no_act_is_not_reported() -> None:
    assert finding_names(server(version=150004, name_of_version="15.4")) == [], "a store runs on it"
    told = server(settings={"archive_mode": "off"})
    assert not list(findings(told, NOW, live=True, where="here", replicated=True))


def test_of_a_store_for_trying_only_what_spoils_it_is_said() -> None:
    unset = {"archive_mode": "off", "idle_in_transaction_session_timeout": "0"}
    bad = server(superuser=True, in_clear=True, settings=unset, now=NOW)
    assert finding_names(bad, now=None, live=False) == []


@pytest.mark.postgres
def test_a_real_server_tells_all_of_it(fresh_database: Callable[[], str]) -> None:
    told = ask(fresh_database())
    assert told.version >= 180000
    assert told.encoding == "UTF8"
    assert told.superuser
    assert told.settings.keys() == set(SETTINGS)
    assert not told.in_clear
    assert (told.connects, told.locks) == (True, True)
    assert finding_names(told, now=None, live=False) == []


def test_a_disk_that_is_nearly_full_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(total=100 * 1024**3, free=9 * 1024**3, used=0)
    monkeypatch.setattr("console.running.machine_checks.shutil.disk_usage", lambda place: usage)
    (one,) = machine_checks.room([tmp_path, tmp_path.parent])
    assert one.found.startswith("9.0 of 100 GB are free")
    assert one.where == (str(tmp_path), str(tmp_path.parent)), "one disk is told once"
    usage.free = 11 * 1024**3
    assert not list(machine_checks.room([tmp_path]))


def test_a_secret_that_others_may_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert [secret.what for secret in machine_checks.secrets([file])] == ["no secret"]
    file.write_text("x")
    file.chmod(0o640)
    (one,) = machine_checks.secrets([file])
    assert (one.what, "mode 640" in one.found) == ("a secret open to others", True)
    file.chmod(0o600)
    assert not list(machine_checks.secrets([file]))


def test_a_clock_behind_the_record_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.running.machine_checks._set_by_others", lambda: None)
    assert not list(machine_checks.clock(NOW, None))
    (behind,) = machine_checks.clock(NOW, -timedelta(hours=1))
    (ahead,) = machine_checks.clock(NOW, timedelta(days=3650))
    assert (behind.what, ahead.what) == ("the clock is behind", "the clock leapt ahead")
    monkeypatch.setattr("console.running.machine_checks._set_by_others", lambda: False)
    assert [one.what for one in machine_checks.clock(NOW, None)] == [
        "the clock is not set by a time server"
    ]


def test_a_disk_is_encrypted_where_all_beneath_it_is(tmp_path: Path) -> None:
    """A disk counts as encrypted if all layers beneath it are encrypted, such as a logical volume
    on an encrypted partition.
    """
    number = tmp_path.stat().st_dev
    named = tmp_path / f"{os.major(number)}:{os.minor(number)}"
    assert machine_checks.encrypted(tmp_path, tmp_path) is None
    crypt = tmp_path / "dm-0"
    (named / "slaves").mkdir(parents=True)
    (crypt / "dm").mkdir(parents=True)
    (crypt / "dm" / "uuid").write_text("LVM-abc")
    (named / "slaves" / "dm-0").symlink_to(crypt)
    assert machine_checks.encrypted(tmp_path, tmp_path) is False
    (crypt / "dm" / "uuid").write_text("CRYPT-LUKS2-abc-disk")
    assert machine_checks.encrypted(tmp_path, tmp_path) is True
