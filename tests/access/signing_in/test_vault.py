"""A thief cannot use a copy of the stored credentials, and several machines can share the
storage.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import psycopg
import pyotp
import pytest
import sqlalchemy as sa
from psycopg.sql import SQL, Identifier

from access.database import reading
from access.signing_in import form
from access.signing_in.attempts import FREE, TRIES
from access.signing_in.vault import NotRight, TooMany, metadata
from domain.kernel.envelope import LogUnavailable
from tests.access.door import PASSWORD, Door

#: Tested on both databases, because credentials have their own tables, which several processes
#: change at the same time.
pytestmark = pytest.mark.usually_on("sqlite", "postgres")


def stored_bytes(door: Door) -> bytes:
    """Return all bytes that a thief gets by copying the file, or the database schema, of the
    credentials.
    """
    if not door.url:
        return b"".join(file.read_bytes() for file in door.home.glob("credentials.db*"))
    with psycopg.connect(door.url) as server:
        found = [
            server.execute(SQL("SELECT * FROM credentials.{}").format(Identifier(table))).fetchall()
            for table in metadata.tables
        ]
    cells = [cell for rows in found for row in rows for cell in row]
    return b" ".join(bytes(c) if isinstance(c, bytes) else str(c).encode() for c in cells)


def at_once(tries: Sequence[Callable[[], object]]) -> list[type[Exception] | None]:
    """Call these functions at the same moment. Return for each the class of the error that it
    raised, or None."""
    start = Barrier(len(tries))

    def one(attempt: Callable[[], object]) -> type[Exception] | None:
        start.wait()
        try:
            attempt()
        except (NotRight, TooMany) as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(one, tries))


def test_a_copy_opens_nothing(empty_door: Door) -> None:
    door = empty_door
    door.enrol("dc.reed")
    token = door.credentials.sessions.open("dc.reed", "command")
    code = door.credentials.invite("psw.ellis")
    with pytest.raises(NotRight):
        door.credentials.check("my secret typed as a name", PASSWORD, "000000")
    door.credentials.close()
    copied = stored_bytes(door)
    assert b"argon2id" in copied
    for plain in (PASSWORD, token, code, door.apps["dc.reed"].secret, "my secret typed as a name"):
        assert plain.encode() not in copied


def test_what_is_done_through_one_machine_counts_on_the_other(empty_door: Door) -> None:
    door, other = empty_door, empty_door.another()
    door.enrol("dc.reed")
    digits = door.digits("dc.reed")
    other.check("dc.reed", PASSWORD, digits)
    with pytest.raises(NotRight):
        door.credentials.check("dc.reed", PASSWORD, digits)
    token = other.sessions.open("dc.reed", "screen")
    assert door.credentials.sessions.check(token)
    door.credentials.revoke("dc.reed")
    assert other.sessions.check(token) is None
    other.close()


def test_digits_count_once_however_many_send_them_at_once(empty_door: Door) -> None:
    door, other = empty_door, empty_door.another()
    door.enrol("dc.reed")
    digits = door.digits("dc.reed")
    sent = [
        lambda one=one: one.check("dc.reed", PASSWORD, digits)
        for one in (door.credentials, other) * 2
    ]
    assert at_once(sent).count(None) == 1
    other.close()


def test_an_enrolment_code_is_redeemed_once_however_many_hold_it(empty_door: Door) -> None:
    door, other = empty_door, empty_door.another()
    code = door.credentials.invite("psw.ellis")
    digits = pyotp.TOTP(door.credentials.begin("psw.ellis", code).secret).at(door.now)
    sent = [
        lambda one=one: one.redeem("psw.ellis", code, PASSWORD, digits)
        for one in (door.credentials, other) * 2
    ]
    assert at_once(sent).count(None) == 1
    other.close()


def test_as_many_guesses_at_once_are_no_more_guesses(empty_door: Door) -> None:
    """Password guesses made at the same moment are all counted before any of them is checked."""
    door, other = empty_door, empty_door.another()
    door.enrol("dc.reed")
    guesses = [
        lambda one=one: one.check("dc.reed", "guess after guess", "123456")
        for one in (door.credentials, other) * 6
    ]
    ended = at_once(guesses)
    assert (ended.count(NotRight), ended.count(TooMany)) == (TRIES, len(guesses) - TRIES)
    names = [
        lambda n=n, one=one: one.check(f"user{n}", "guess after guess", "123456", "192.0.2.7")
        for n, one in enumerate((door.credentials, other) * 7)
    ]
    assert at_once(names).count(NotRight) == FREE
    other.close()


def test_who_gets_in_makes_nobody_behind_the_same_address_wait(empty_door: Door) -> None:
    door = empty_door
    door.enrol("dc.reed")
    for number in range(FREE):
        with pytest.raises(NotRight):
            door.credentials.check(f"user{number}", "guess after guess", "123456", "192.0.2.7")
    with pytest.raises(TooMany):
        door.check("dc.reed", address="192.0.2.7")
    door.later(timedelta(seconds=30))
    door.check("dc.reed", address="192.0.2.7")
    door.credentials.begin("dc.reed", door.credentials.invite("dc.reed"), "192.0.2.7")


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    door = Door(tmp_path)
    door.enrol("dc.reed")
    door.credentials.close()
    door.file.chmod(0o640)
    with pytest.raises(LogUnavailable, match="chmod 600"):
        door.open()
    door.file.chmod(0o600)
    door.open()
    door.check("dc.reed")
    door.credentials.close()


@pytest.mark.postgres
def test_a_servers_store_takes_over_the_file_once(tmp_path: Path, postgres_url: str) -> None:
    door = Door(tmp_path)
    door.enrol("dc.reed")
    token = door.credentials.sessions.open("dc.reed", "command")
    door.credentials.close()
    before = door.file.read_bytes()
    door.url = postgres_url
    door.open()
    assert not list(tmp_path.glob("credentials.db*"))
    assert door.credentials.sessions.check(token)
    door.check("dc.reed")
    door.enrol("dc.lowe")
    door.credentials.close()
    door.file.write_bytes(before)
    door.file.chmod(0o600)
    with pytest.raises(LogUnavailable, match="enrol again"):
        door.open()
    door.file.unlink()
    door.open()
    assert door.credentials.enrolled("dc.lowe")
    door.credentials.close()


STEPS = (
    ["CREATE INDEX by_name ON people (user)"],
    ["CREATE INDEX by_code ON codes (until)", "CREATE INDEX by_last ON attempts (last)"],
)


def limit_upgrade_steps(monkeypatch: pytest.MonkeyPatch, door: Door, steps: int) -> None:
    """Simulate a version of the program that has only this many steps of the upgrade."""
    quoted = '"user"' if door.url else "user"
    told = tuple([one.replace("(user)", f"({quoted})") for one in step] for step in STEPS[:steps])
    monkeypatch.setattr(form, "STEPS", told)


def indexes(door: Door) -> set[str]:
    """Return the database indexes that the upgrade's steps create."""
    with reading(door.credentials._vault._engine) as db:
        there = sa.inspect(db)
        found = {str(index["name"]) for t in metadata.tables for index in there.get_indexes(t)}
    return found & {"by_name", "by_code", "by_last"}


def test_credentials_of_an_older_release_get_each_step_once(
    empty_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = empty_door
    door.enrol("dc.reed")
    for known, made in ((1, 1), (2, 3), (2, 3)):
        limit_upgrade_steps(monkeypatch, door, known)
        other = door.another()
        assert len(indexes(door)) == made
        other.check("dc.reed", PASSWORD, door.digits("dc.reed"))
        other.close()
        door.later(timedelta(seconds=30))


def test_credentials_of_a_newer_release_are_refused_and_left_alone(
    empty_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = empty_door
    door.enrol("dc.reed")
    limit_upgrade_steps(monkeypatch, door, 2)
    door.another().close()
    limit_upgrade_steps(monkeypatch, door, 1)
    with pytest.raises(LogUnavailable, match=r"Nothing was changed"):
        door.another()


def test_a_step_that_fails_changes_nothing(
    empty_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = empty_door
    limit_upgrade_steps(monkeypatch, door, 1)
    monkeypatch.setattr(form, "STEPS", (*form.STEPS, ["CREATE INDEX lost ON nothing (x)"]))
    with pytest.raises(LogUnavailable):
        door.another()
    assert indexes(door) == set()


def test_new_credentials_take_no_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New credentials are created in today's form, without running the steps of an upgrade."""
    home = tmp_path / "fresh"
    home.mkdir()
    monkeypatch.setattr(form, "STEPS", (["ALTER TABLE people ADD COLUMN former text"],))
    door = Door(home)
    door.another().close()
    with reading(door.credentials._vault._engine) as db:
        assert "former" not in {column["name"] for column in sa.inspect(db).get_columns("people")}
    door.credentials.close()
