"""`continuum watch` notifies people of due items. If it is killed at any moment, each step is
recorded once and no person misses a message."""

import os
import signal
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event
from typing import Any

import psycopg
import pytest

from commands.people_and_teams import account, escalating
from domain.people_and_teams.notifying import DueEscalated, PersonTold
from notifying.message import TEXT
from projections.generations.files import FOLLOWER
from tests import forked
from tests.commands.office import START, Office, opened
from tests.console.conftest import Line
from tests.notifying.servers import SECRET, Calls, called_server, mail_server
from tests.processes import LIMIT, child, until
from tests.support.commands.escalating import found_child

LATER, AFTER_THAT = "2011-03-22T09:00:00+00:00", "2011-03-22T10:00:00+00:00"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Yield a store with a child of the team who came back three days ago; the coordinator has an
    e-mail address.
    """
    url = request.getfixturevalue("named_database")() if request.param == "postgres" else None
    made = opened(tmp_path / "store", url)
    label = made.system.label
    account.add(made.desk, label, "mfh.lane", roles=["missing-coordinator"], teams=["Engage"])
    escalating.give_address(made.desk, label, "mfh.lane", "mfh.lane@police.example")
    made.system.reader = label
    found_child(made)
    assert made.desk.clock() == START
    yield made
    made.system.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "webhook.secret"
    file.write_bytes(SECRET)
    file.chmod(0o600)
    return file


@contextmanager
def watching(office: Office, told: Mapping[str, object], at: str = LATER) -> Iterator["Popen[Any]"]:
    """Run `continuum watch` as a separate process, with these settings in its environment; yield
    the process.
    """
    settings = {f"CONTINUUM_{name.upper()}": str(value) for name, value in told.items()}
    where = ["--store", office.settings.store, "--home", office.settings.home]
    who = ["--user", "ds.hart", "--clock", at]
    command = [forked.programs() / "continuum", *where, *who, "watch"]
    with child(command, env={**os.environ, **settings}, stderr=PIPE) as process:
        yield process


def by_webhook(calls: Calls, secret: Path) -> dict[str, object]:
    return {"webhook_url": calls.address, "webhook_secret_file": secret}


@pytest.mark.usually_on("sqlite")
def test_people_are_informed_by_mail_and_by_a_signed_webhook(office: Office, secret: Path) -> None:
    with ExitStack() as servers:
        post, port = servers.enter_context(mail_server())
        calls = servers.enter_context(called_server())
        told = {
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_tls": "none",
            "smtp_from": "continuum@police.example",
            "screens_url": "https://continuum.police.example/",
            **by_webhook(calls, secret),
        }
        with watching(office, told):
            until(lambda: bool(post.letters and calls.told), "both were told")
            until(lambda: len(office.events(PersonTold, "access")) == 2, "it is written down")
            until(lambda: office.system.views.since_beat() is not None, "it gives a sign of life")
    assert post.to == ["mfh.lane@police.example"]
    said = f"{post.letters[0]} {calls.told}"
    assert TEXT in said
    for word in ("Kayleigh", "missing", "interview", "return"):
        assert word not in said
    assert {event.way for event in office.events(PersonTold, "access")} == {"mail", "webhook"}


@pytest.mark.usually_on("sqlite", "postgres")
def test_killed_between_recording_and_sending_it_tells_and_records_once(
    office: Office, secret: Path
) -> None:
    begun, let_go = Event(), Event()
    with called_server() as calls:

        def hang() -> None:
            begun.set()
            let_go.wait(LIMIT)

        calls.before = hang
        with watching(office, by_webhook(calls, secret)) as process:
            until(begun.is_set, "it sends")
            assert len(office.events(DueEscalated)) == 1, "recorded before it was sent"
            assert not office.events(PersonTold, "access")
            process.send_signal(signal.SIGKILL)
            until(forked.idle, "the process that it stands for is killed, too")
        calls.before = None
        let_go.set()
        lapsed(office)
        with watching(office, by_webhook(calls, secret), AFTER_THAT):
            until(lambda: bool(office.events(PersonTold, "access")), "it was sent again")
    assert len(office.events(DueEscalated)) == len(office.events(PersonTold, "access")) == 1
    assert len(calls.told) == 2
    assert len({one["id"] for one in calls.told}) == 1, "the same message, by its id"


def lapsed(office: Office) -> None:
    """Make the lease of a killed process expire, as it does after twenty seconds."""
    if office.settings.store.startswith("postgresql"):
        with psycopg.connect(office.settings.store) as server:
            server.execute("UPDATE views.escalator SET until = '-infinity'")
        return
    (file,) = Path(office.settings.store).rglob(FOLLOWER)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE escalator SET until = 0")


@pytest.mark.usually_on("sqlite", "postgres")
def test_two_processes_at_once_record_it_once(office: Office) -> None:
    for _ in range(4):
        found_child(office)
    where = office.settings.store, office.settings.home
    command = forked.module("tests.notifying.carrying", *where, LATER)
    with ExitStack() as running:
        both = [running.enter_context(child(command, stdin=PIPE, stdout=PIPE)) for _ in range(2)]
        for one in both:
            assert one.stdout
            assert one.stdout.readline() == b"ready\n"
        for one in both:
            assert one.stdin
            one.stdin.write(b"go\n")
            one.stdin.flush()
        for one in both:
            assert one.wait(LIMIT) == 0
    found = office.events(DueEscalated)
    assert len(found) == len({one.item for one in found}) == 5


@pytest.mark.usually_on("sqlite")
def test_a_server_that_is_down_holds_nobody_up_and_is_reported(
    office: Office, secret: Path
) -> None:
    with called_server() as calls:
        address = calls.address
    told = {"webhook_url": address, "webhook_secret_file": secret}
    with watching(office, told) as process:
        assert process.stderr
        lines: list[str] = []
        while not any("Not told by webhook" in line for line in lines):
            lines.append(process.stderr.readline().decode())
        office.words("She bought a dress.")
        assert not any("mfh" in line for line in lines)
    assert len(office.events(DueEscalated)) == 1
    assert not office.events(PersonTold, "access")


@pytest.mark.usually_on("sqlite")
def test_what_is_set_wrong_is_said(office: Office, secret: Path) -> None:
    secret.chmod(0o644)
    told = {"webhook_url": "http://127.0.0.1:9/", "webhook_secret_file": secret}
    with watching(office, told) as process:
        assert process.stderr
        lines: list[str] = []
        while not any("other users of this machine can read" in line for line in lines):
            lines.append(process.stderr.readline().decode())
        until(lambda: len(office.events(DueEscalated)) == 1, "it is carried on all the same")


def findings(office: Office, monkeypatch: pytest.MonkeyPatch, **told: object) -> dict[str, Any]:
    for name, value in told.items():
        monkeypatch.setenv(f"CONTINUUM_{name.upper()}", str(value))
    one = Line(office.settings.store, office.settings.home or Path())
    try:
        at = ("--user", "ds.hart", "--clock", office.desk.clock().isoformat())
        return {each["what"]: each for each in one(*at, "--json", "doctor").json["findings"]}
    finally:
        one.close()


@pytest.mark.usually_on("sqlite")
def test_the_doctor_says_what_is_not_set_up_and_who_is_not_informed(
    office: Office, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(findings(office, monkeypatch)) == {"not encrypted"}, "a story that nobody carries on"
    views = office.system.views
    assert views.lead("somebody", 60)
    views.beat("somebody")
    found = findings(office, monkeypatch)
    assert set(found) == {"not encrypted", "not set up"}
    assert found["not set up"]["where"] == ["smtp_host", "webhook_url", "pager_url"]
    office.later(24 * 4)
    escalating.escalate(office.desk)
    office.later(0.5)
    hook = {"webhook_url": "http://127.0.0.1:9/", "webhook_secret_file": secret}
    found = findings(office, monkeypatch, **hook)
    assert "not set up" not in found, "one way is enough"
    undelivered = "messages about due items that were not delivered: 1;"
    assert found["not told"]["found"].startswith(undelivered)
    mail = {"smtp_host": "127.0.0.1", "smtp_from": "c@police.example", "smtp_account": "c"}
    found = findings(office, monkeypatch, **mail)
    assert (
        "set smtp_account and smtp_password_file together, or neither"
        in found["set up wrongly"]["found"]
    )
    del mail["smtp_account"]
    monkeypatch.delenv("CONTINUUM_SMTP_ACCOUNT")
    found = findings(office, monkeypatch, **mail)
    assert found["no address"]["where"] == ["ds.hart"]
