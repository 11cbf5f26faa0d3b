"""The signer refuses a wrong log, stores what it signed, and never signs two different versions of
a log.
"""

import stat
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.kernel.envelope import IntegrityFailure, LogUnavailable
from ledger.keys.keys import KeyFault
from ledger.proof import auditor_policy
from ledger.proof.checkpoint import WrongKey, opened, parse
from ledger.store.setup import open_records
from ledger.witness import signer
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, submission
from tests.ledger.sealing import STREAMS, Sealed, another_home, rewrite, seal


def restarted(sealed: Sealed) -> signer.Signer:
    old = sealed.signer
    return signer.Signer(old.log, old.store, old.pinned, old.directory, old.public)


def published_note(sealed: Sealed) -> str:
    return signer.published(sealed.signer.public, "evidence").read_text("utf-8")


def test_it_signs_what_the_log_holds_and_publishes_it(sealed: Sealed) -> None:
    assert opened(published_note(sealed), sealed.pinned.keys).size == 12
    assert published_note(sealed) == sealed.newest
    sealed.log.append([submission(Closed())])
    note = sealed.signer.round()
    assert parse(note).size == 13
    assert parse(note).root == sealed.audit(note).root
    assert sealed.audit(sealed.older, sealed.newest, note).findings == []


def test_nothing_new_is_nothing_new_to_say(sealed: Sealed) -> None:
    assert sealed.signer.round() == sealed.newest
    assert restarted(sealed).round() == sealed.newest


def test_an_empty_log_is_signed_as_empty(store: Store, tmp_path: Path) -> None:
    log = store.open({"product": []})["product"]
    records = open_records(store.url or store.home) if store.url else None
    stored = records["product"] if records else log._store
    pinned = auditor_policy.read(signer.init(tmp_path / "s", {"product": stored}))["product"]
    one = signer.Signer("product", stored, pinned, tmp_path / "s", tmp_path / "p")
    assert parse(one.round()).size == 0
    assert parse(one.round()).size == 0
    for each in (records or {}).values():
        each.close()


def test_its_key_and_its_state_are_for_itself_alone(sealed: Sealed) -> None:
    home = sealed.signer.directory
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    key = home / "evidence.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(KeyFault, match="already"):
        signer.init(home, {"evidence": sealed.records})
    key.chmod(0o644)
    with pytest.raises(KeyFault, match="chmod 600"):
        sealed.signer.round()


@pytest.mark.parametrize("fresh", [True, False])
def test_a_store_that_has_shrunk_is_refused(sealed: Sealed, fresh: bool) -> None:
    sealed.tamper(
        "DELETE FROM evidence_events WHERE seq > 10",
        "DELETE FROM evidence_commands WHERE first_seq > 10",
        "UPDATE evidence_head SET seq = 10",
    )
    one = restarted(sealed) if fresh else sealed.signer
    for _ in range(2):
        with pytest.raises(
            IntegrityFailure, match=r"became shorter|does not have the form of a log"
        ):
            one.round()
    assert published_note(sealed) == sealed.newest
    # another process added records to the log
    grown = sealed.store.open(CATALOGUE, create=False)["evidence"]
    grown.append([submission(Counted(n), Counted(n)) for n in range(2)])
    with pytest.raises(IntegrityFailure):
        restarted(sealed).round()


def test_a_prefix_rewritten_with_leaves_that_fit_is_refused(sealed: Sealed) -> None:
    rewrite(sealed)
    with pytest.raises(IntegrityFailure, match="rewritten"):
        restarted(sealed).round()
    sealed.log.append([submission(Closed())])
    failing = restarted(sealed)
    for _ in range(2):
        with pytest.raises(IntegrityFailure, match="rewritten"):
            failing.round()
    assert published_note(sealed) == sealed.newest


def test_a_running_signer_reads_the_whole_log_again_now_and_then(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(sealed)
    # the signer reads only new records, so it does not notice the changed one
    sealed.signer.round()
    monkeypatch.setattr(signer, "WHOLE_AGAIN", 1)
    with pytest.raises(IntegrityFailure, match="rewritten"):
        sealed.signer.round()


def test_an_odd_record_is_not_signed(sealed: Sealed) -> None:
    sealed.log.append([submission(Closed())])
    sealed.tamper("UPDATE evidence_events SET topic = 'note.noted@1' WHERE seq = 13")
    with pytest.raises(IntegrityFailure, match="continuum verify"):
        sealed.signer.round()
    assert published_note(sealed) == sealed.newest


def test_another_log_in_its_place_is_refused(sealed: Sealed) -> None:
    sealed.tamper("UPDATE evidence_origin SET origin = 'continuum/another/evidence'")
    with pytest.raises(IntegrityFailure, match="has the origin"):
        sealed.signer.round()


def test_killed_between_writing_down_and_telling_it_tells_the_same(sealed: Sealed) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    sealed.log.append([submission(Closed())])
    with pytest.raises(Killed):
        sealed.signer.round(before_publishing=die)
    assert published_note(sealed) == sealed.newest
    kept = (sealed.signer.directory / "evidence.signed").read_text("utf-8")
    assert parse(kept).size == 13
    assert restarted(sealed).round() == kept == published_note(sealed)


def test_an_own_state_older_than_what_was_reported_is_refused(sealed: Sealed) -> None:
    state = sealed.signer.directory / "evidence.signed"
    state.write_text(sealed.older, "utf-8")  # the signer's state is restored from a backup
    with pytest.raises(IntegrityFailure, match="it is an older copy of the signer's directory"):
        restarted(sealed).round()
    state.unlink()
    with pytest.raises(IntegrityFailure, match="it is an older copy of the signer's directory"):
        restarted(sealed).round()
    state.write_text(sealed.newest.replace("\n12\n", "\n9\n"), "utf-8")
    with pytest.raises(IntegrityFailure, match="was changed"):
        restarted(sealed).round()


def test_what_others_publish_in_its_place_is_written_over_and_found(
    sealed: Sealed, tmp_path: Path
) -> None:
    forged = another_home(sealed, tmp_path / "impostor").round()
    with pytest.raises(WrongKey):
        opened(forged, sealed.pinned.keys)
    report = sealed.audit(forged)
    assert [finding.what for finding in report.findings] == ["wrong key"]
    assert report.integrity == "broken"
    signer.published(sealed.signer.public, "evidence").write_text(forged, "utf-8")
    assert restarted(sealed).round() == published_note(sealed) == sealed.newest


def test_a_log_that_grows_meanwhile_raises_no_alarm(sealed: Sealed) -> None:
    """No alarm is raised if a log grows while it is signed and audited."""
    done = Event()

    def write() -> None:
        for n in range(60):
            sealed.log.append([submission(Counted(n), Closed())])
        done.set()

    writer = Thread(target=write)
    writer.start()
    last = sealed.newest
    while not done.is_set():
        note = sealed.signer.round()
        assert sealed.audit(last, note).findings == []
        last = note
    writer.join()
    assert parse(sealed.signer.round()).size == 132
    assert parse(restarted(sealed).round()).size == 132


class Hours:
    """A clock that moves only when the program sleeps. `at` lists functions that the clock calls,
    each at a given second."""

    def __init__(self, at: dict[float, Callable[[], None]]) -> None:
        self.seconds, self.at, self.slept = 100.0, at, 0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept += 1
        self.seconds += seconds
        self.at.pop(self.seconds - 100, lambda: None)()


def test_a_service_signs_in_its_turn_and_sooner_where_much_is_new(sealed: Sealed) -> None:
    def writes(count: int) -> Callable[[], None]:
        def write() -> None:
            sealed.log.append([submission(*(Counted(n) for n in range(count)))])

        return write

    hours = Hours({1: writes(255), 2: writes(1), 3: writes(10), 6.5: writes(300)})
    rounds = signer.due([sealed.signer], 5, hours.now, hours.sleep)
    seen = []
    for _ in range(5):
        one = next(rounds)
        seen.append((hours.seconds - 100, parse(one.round()).size))
    assert seen == [(0, 12), (2, 268), (6.5, 578), (11.5, 578), (16.5, 578)]


def test_a_service_waits_its_turn_while_a_log_does_not_answer(sealed: Sealed) -> None:
    class Down:
        def head(self) -> tuple[int, int]:
            raise LogUnavailable("the log does not answer")

    old = sealed.signer
    down = signer.Signer(old.log, Down(), old.pinned, old.directory, old.public)  # type: ignore[arg-type]
    hours = Hours({})
    rounds = signer.due([down, sealed.signer], 5, hours.now, hours.sleep)
    assert [(next(rounds) is down, hours.seconds) for _ in range(4)] == [
        (True, 100),
        (False, 100),
        (True, 105),
        (False, 105),
    ]


@pytest.mark.postgres
def test_to_read_is_enough_to_sign(postgres_url: str, tmp_path: Path) -> None:
    sealed = seal(Store(tmp_path, postgres_url))
    with psycopg.connect(postgres_url, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = 'signer'").fetchone():
            server.execute("CREATE ROLE signer LOGIN")
        server.execute("GRANT USAGE ON SCHEMA evidence TO signer")
        server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA evidence TO signer")
    records = open_records(make_conninfo(postgres_url, user="signer"))["evidence"]
    old = sealed.signer
    sealed.log.append([submission(Closed(), stream=STREAMS[1], version=4)])
    one = signer.Signer("evidence", records, old.pinned, old.directory, old.public)
    assert parse(one.round()).size == 13
    for each in (records, sealed.records, sealed.log):
        each.close()
