"""A store is at two sites, on two real servers: one site writes, the other site copies its logs and
can take over, and a witness verifies both without a key.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import sqlalchemy as sa

from access.database import reading
from commands.erasure import erasure
from commands.information import observation
from console.running.site_findings import findings
from domain.kernel.envelope import IntegrityFailure, LogUnavailable, StillHeld, Unprovable
from domain.kernel.values import Refused
from installation import sites
from installation.auditing import open_office
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from ledger.backup import site_status_postgres, sites_postgres
from ledger.database import tables_postgres
from ledger.keys import keystore
from ledger.keys.keys import KeyFault
from ledger.keys.keystore import FileKeyStore, TwinKeyStore
from ledger.store import second_site
from ledger.witness.hub_publish import publish
from ledger.witness.witness import Witness
from projections import all_views
from projections.information import queue
from tests.commands.office import START
from tests.ledger.two_servers import Machine, two
from tests.processes import LIMIT, until

pytestmark = pytest.mark.postgres
NUMBERS = count(1)
OFFER = "(reference, recipient, act, token) SELECT gen_random_uuid(), 'hub', 'offer', sha256('x')"
SEQS = "SELECT seq FROM exchange_aldmere.exchange ORDER BY seq"


@dataclass
class Pair:
    """A store at two sites: `here` on the first server, which writes, and `there` on the second
    server, which copies its logs.
    """

    first: Machine
    second: Machine
    here: Settings
    there: Settings
    name: str

    @contextmanager
    def at(self, settings: Settings) -> Iterator[System]:
        now = START if settings is self.here else None
        with closing(open_system(settings, now=now)) as system:
            yield system

    def told(self, *words: str, at: Settings | None = None) -> None:
        with self.at(at or self.here) as system:
            for word in words:
                observation.record(system.desk, system.reader, words=word)

    def arrived(self) -> bool:
        mine, theirs = (sites.read_status(one).records for one in (self.here, self.there))
        return mine == theirs

    def follows(self) -> None:
        """Wait until the second site has all data of the first site."""
        until(self.arrived, "the second site has not got everything")


@dataclass
class Force:
    """Two servers, and a prepared store on the first server, of which each test uses a copy."""

    first: Machine
    second: Machine
    made: str
    home: Path

    def store(self, place: Path) -> Settings:
        """Copy the prepared store on the first server, and its keys to `place`; return the settings
        of the copy.
        """
        shutil.copytree(self.home, place)
        url = self.first.copy(self.made)
        return Settings(store=url, home=place, user="it.khan")


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    with two() as (first, second):
        url, home = first.database(), tmp_path_factory.mktemp("home") / "first"
        settings = Settings(store=url, home=home, user="it.khan")
        open_system(settings, create=True, synthetic=True, now=START).close()
        yield Force(first, second, url, home)


@pytest.fixture
def pair(force: Force, tmp_path: Path) -> Iterator[Pair]:
    here = force.store(tmp_path / "first")
    number = next(NUMBERS)  # the names of replications must differ between all stores of a server
    name = f"second{number}"
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    there = here.model_copy(update={"store": force.second.database(), "home": tmp_path / "second"})
    sites.publish(here, f"first{number}")
    sites.follow(there, name, here.store, witness=False)
    sites.heed(here, there.store)
    one = Pair(force.first, force.second, here, there, name)
    until(lambda: _copied(there), "the tables are not copied")
    until(
        lambda: all(follower.connected for follower in sites.read_status(there).followers),
        "it heeds none",
    )
    yield one
    for server in (force.first, force.second):
        server.stop_copying()


def _copied(settings: Settings) -> bool:
    follows = sites.read_status(settings).follows
    return follows is not None and follows.connected and not follows.copying


def rows(system: System) -> dict[str, list[Any]]:
    """Return all rows of the views, except the rows of the access log, by table."""
    found = {}
    with system.views.asking(all_views.VIEWS) as _, reading(system.views.engine) as db:
        for view in all_views.VIEWS:
            for row in view.rows:
                table = row.table  # type: ignore[attr-defined]
                found[table.name] = sorted(map(repr, db.execute(sa.select(table)).fetchall()))
    return found


def test_the_views_of_the_second_site_are_those_of_the_first(pair: Pair) -> None:
    pair.told("A silver Corsa, PK95 ABC", "He was outside again")
    pair.follows()
    # a server that was killed has lost its views, so both sites make them in the same way
    for site in (pair.here, pair.there):
        open_system(site, create=True, synthetic=True, now=START).close()
    with pair.at(pair.here) as here, pair.at(pair.there) as there:
        assert rows(there) == rows(here)
        assert there.views.compare() == []


def signed(settings: Settings, state: Path) -> None:
    """Let the signer of this site sign each log once. If the signer has no state in `state` yet,
    make it first."""
    with open_office(settings, None) as office:
        if not state.exists():
            office.init_signer(state)
        for signer in office.signers(state):
            office.sign(signer)


def test_what_was_handed_over_is_written_and_signed_by_the_second_site_alone(
    pair: Pair, tmp_path: Path
) -> None:
    pair.told("before")
    signed(pair.here, tmp_path / "signer")
    with pytest.raises(LogUnavailable, match=r"first.* writes since term 1"):
        pair.told("too early", at=pair.there)
    with pytest.raises(Refused, match="still writes and has not handed over"):
        sites.promote(pair.there, lost=False)
    publish(pair.here.store, "aldmere", ("hub",))
    pair.first.run(
        pair.here.store,
        f"INSERT INTO product.exchange {OFFER} FROM generate_series(1, 2)",
        "DELETE FROM product.exchange WHERE seq = 1",
    )
    assert sites.hand_over(pair.here, pair.name) == 2
    with pytest.raises(LogUnavailable, match=f"{pair.name} writes since term 2"):
        pair.told("too late")
    with pytest.raises(IntegrityFailure, match=f"written by the site {pair.name}"):
        signed(pair.here, tmp_path / "signer")
    until(lambda: sites.read_status(pair.there).writes == pair.name, "it is not told")
    assert sites.promote(pair.there, lost=False) == 2
    publish(pair.there.store, "aldmere", ("hub",))
    slot = f"SELECT pg_create_logical_replication_slot('hub_{pair.name}', 'pgoutput')"
    found = pair.second.run(pair.there.store, slot, f"INSERT INTO product.exchange {OFFER}", SEQS)
    assert found == [(2,), (3,)], "what leaves for other forces goes on where it stood"
    published = "'proto_version', '1', 'publication_names', 'to_hub'"
    changes = f"pg_logical_slot_get_binary_changes('hub_{pair.name}', NULL, NULL, {published})"
    inserted = f"SELECT count(*) FROM {changes} WHERE get_byte(data, 0) = ascii('I')"
    assert pair.second.run(pair.there.store, inserted) == [(1,)], "and to the hub from here"
    pair.second.run(pair.there.store, f"SELECT pg_drop_replication_slot('hub_{pair.name}')")
    pair.told("afterwards", at=pair.there)
    shutil.copytree(pair.here.home or tmp_path, tmp_path / "public", dirs_exist_ok=True)
    signed(pair.there, tmp_path / "signer")
    with open_office(pair.there, None) as office:
        copy = (tmp_path / "public" / "checkpoints" / "evidence.checkpoint",)
        reports = office.verify((), tmp_path / "signer" / "policy.json", copy, ())
    assert {report.verdict for report in reports} == {"proven"}, "it goes on from what was signed"


def test_a_site_writes_and_signs_nothing_before_it_has_taken_over(
    pair: Pair, tmp_path: Path
) -> None:
    """A site that copies the logs of another site neither writes nor signs before it takes over,
    even if the copied records say that it is the writing site."""
    pair.told("before")
    signed(pair.here, tmp_path / "signer")
    pair.follows()
    logs = ("evidence", "sources", "product", "access")
    pair.second.run(pair.there.store, *(f"TRUNCATE {log}.{log}_terms" for log in logs))
    refuses_words_and_signing(pair, tmp_path / "signer")
    sites.hand_over(pair.here, pair.name)
    until(lambda: sites.read_status(pair.there).writes == pair.name, "it is not told")
    refuses_words_and_signing(pair, tmp_path / "signer")
    assert [
        finding.what for finding in findings(sites.read_status(pair.there), pair.there, "there")
    ][:1] == ["has not taken over"]
    assert [sites.promote(pair.there, lost=False) for _ in range(2)] == [2, 2]
    pair.told("afterwards", at=pair.there)
    signed(pair.there, tmp_path / "signer")


def refuses_words_and_signing(pair: Pair, state: Path) -> None:
    with pytest.raises(LogUnavailable, match="this site follows another one"):
        pair.told("too early", at=pair.there)
    with pytest.raises(IntegrityFailure, match="follows another one"):
        signed(pair.there, state)


def test_a_site_has_a_name_of_its_own(force: Force, pair: Pair) -> None:
    here = sites.read_status(pair.here).here or ""
    for name in ("South", "förde", "y" * 60):
        with pytest.raises(Refused, match="is not a valid name of a site"):
            sites.publish(pair.here, name)
    other = pair.there.model_copy(update={"store": force.second.database()})
    with pytest.raises(Refused, match="sslmode=verify-full"):
        sites.follow(other, "south", "postgresql://north.example/record", witness=False)
    with pytest.raises(Refused, match=f"has the name {here} already"):
        sites.follow(other, here, pair.here.store, witness=False)
    assert sites.read_status(other).follows is None
    assert [follower.site for follower in sites.read_status(pair.here).followers] == [pair.name]


def test_a_site_that_is_not_informed_who_writes_does_not_begin_to_follow(
    force: Force, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = sites.read_status(pair.here).here or ""
    other = pair.there.model_copy(update={"store": force.second.database()})
    pair.first.run(pair.here.store, f"DROP PUBLICATION {sites_postgres.TERMS}")
    with monkeypatch.context() as hasty:
        hasty.setattr(sites_postgres, "LEARNS", 0.2)
        with pytest.raises(Refused, match="the other site does not show which site writes"):
            sites.follow(other, f"other_{here}", pair.here.store, witness=False)
    assert [follower.site for follower in sites.read_status(pair.here).followers] == [pair.name]
    sites.publish(pair.here, here)
    sites.follow(other, f"other_{here}", pair.here.store, witness=False)
    until(lambda: _copied(other), "the tables are not copied")


def test_nothing_is_handed_over_to_a_site_that_would_not_hear_of_it(pair: Pair) -> None:
    subscription = f"continuum_site_{pair.name}"
    pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION {subscription} DISABLE")
    until(lambda: not sites.read_status(pair.here).followers[0].connected, "it is connected")
    with pytest.raises(Refused, match=f"{pair.name} is not connected"):
        sites.hand_over(pair.here, pair.name)
    pair.told("this one writes")


def test_what_is_kept_for_a_site_that_heeds_another_is_told_and_forgotten(pair: Pair) -> None:
    first = sites.read_status(pair.here).here or ""
    (heeding,) = sites.read_status(pair.there).followers
    assert (heeding.site, heeding.gets, heeding.connected) == (first, "terms", True)
    with pytest.raises(Refused, match="still"):
        sites.forget(pair.there, first)
    pair.first.run(pair.here.store, f"ALTER SUBSCRIPTION continuum_heeds_{first} DISABLE")
    until(lambda: not sites.read_status(pair.there).followers[0].connected, "it is connected")
    assert "is not told who writes" in [
        finding.what for finding in findings(sites.read_status(pair.there), pair.there, "there")
    ]
    sites.forget(pair.there, first)
    assert sites.read_status(pair.there).followers == ()


def test_two_sites_that_took_over_at_once_are_not_both_signed(pair: Pair, tmp_path: Path) -> None:
    state = tmp_path / "signer"
    pair.told("before")
    signed(pair.here, state)
    pair.follows()
    sites.promote(pair.there, lost=True)
    signed(pair.there, state)
    for log in ("evidence", "sources", "product", "access"):
        pair.second.run(
            pair.there.store,
            f"UPDATE {log}.{log}_terms SET site = 'third' WHERE term = 2",
            f"UPDATE {log}.{log}_site SET name = 'third'",
        )
    with pytest.raises(
        IntegrityFailure, match=f"in term 2 by the site {pair.name}, and in the same"
    ):
        signed(pair.there, state)


def test_one_that_was_given_up_is_told_so_once_it_is_back(pair: Pair, tmp_path: Path) -> None:
    pair.told("before")
    pair.follows()
    state = tmp_path / "signer"
    signed(pair.here, state)
    pair.first.kill()
    assert sites.promote(pair.there, lost=True) == 2
    pair.told("there it goes on", at=pair.there)
    pair.first.start()
    until(lambda: sites.read_status(pair.here).term == 2, "it is not told")
    for late in (partial(pair.told, "too late"), partial(rotated, pair)):
        with pytest.raises(LogUnavailable, match=f"{pair.name} writes since term 2"):
            late()
    with pytest.raises(IntegrityFailure, match="written by the site"):
        signed(pair.here, state)
    signed(pair.there, state)


def test_one_that_was_away_for_too_long_is_informed_of_every_term_before_it_writes(
    pair: Pair,
) -> None:
    """A site that was away for too long writes nothing until it has learned which sites wrote in
    the meantime. It learns this from the site that took over."""
    here = sites.read_status(pair.here).here or ""
    heeding = f"continuum_heeds_{here}"
    pair.second.set("max_slot_wal_keep_size = '1MB'")
    try:
        pair.first.run(pair.here.store, f"ALTER SUBSCRIPTION {heeding} DISABLE")
        until(lambda: not sites.read_status(pair.there).followers[0].connected, "it is connected")
        sites.promote(pair.there, lost=True)
        for _ in range(3):
            pair.told("it does not hear", at=pair.there)
            pair.second.run(pair.there.store, "SELECT pg_switch_wal()", "CHECKPOINT")
        assert sites.read_status(pair.there).followers[0].kept == "lost"
        pair.first.run(pair.here.store, f"ALTER SUBSCRIPTION {heeding} ENABLE")

        def said() -> list[str]:
            return [
                finding.what
                for finding in findings(sites.read_status(pair.here), pair.here, "here")
            ]

        until(lambda: "is not told who writes" in said(), "it tries, and is told nothing")
        assert sites.read_status(pair.here).term == 1
    finally:
        pair.second.set("max_slot_wal_keep_size = -1")
    sites.heed(pair.here, pair.there.store)
    assert sites.read_status(pair.here).term == 2
    with pytest.raises(LogUnavailable, match=f"{pair.name} writes since term 2"):
        pair.told("too late")
    (kept,) = sites.read_status(pair.there).followers
    assert (kept.gets, kept.kept) == ("terms", "reserved")


def test_a_site_is_told_still_after_two_asked_for_it_at_once_and_after_a_wrong_address(
    pair: Pair,
) -> None:
    def heed(number: int) -> None:
        with suppress(LogUnavailable):  # another process may already have done this
            sites.heed(pair.here, pair.there.store)

    with ThreadPoolExecutor(3) as threads:
        for _ in range(5):
            list(threads.map(heed, range(3)))
            assert sites.read_status(pair.here).heeds, "of three at once none is left"
    with pytest.raises(LogUnavailable):
        sites.heed(pair.here, "postgresql://site@127.0.0.1:1/south")
    sites.promote(pair.there, lost=True)
    until(lambda: sites.read_status(pair.here).term == 2, "it is not told")


def test_one_waits_for_another_that_changes_whom_a_site_heeds(pair: Pair) -> None:
    with site_status_postgres.connected(pair.here.store) as other, ThreadPoolExecutor(1) as threads:
        other.execute("SELECT pg_advisory_lock(%s)", (tables_postgres.HEEDING_LOCK,))
        waiting = threads.submit(sites.heed, pair.here, pair.there.store)
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until(lambda: other.execute(held).fetchone() == (1,), "it does not wait")
        assert not waiting.done()
        assert sites.read_status(pair.here).heeds, "what another made is not taken away meanwhile"
        other.execute("SELECT pg_advisory_unlock(%s)", (tables_postgres.HEEDING_LOCK,))
        waiting.result(timeout=LIMIT)
    assert sites.read_status(pair.here).heeds


def test_after_a_wrong_address_the_former_site_is_queried_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe, asked = sites_postgres._subscribe, list[bool]()

    def busy(*told: Any) -> None:
        asked.append(len(asked) == 1)
        if asked[-1]:
            raise psycopg.OperationalError("it starts just now")
        subscribe(*told)

    monkeypatch.setattr(sites_postgres, "_subscribe", busy)
    with pytest.raises(LogUnavailable):
        sites.heed(pair.here, "postgresql://site@127.0.0.1:1/south")
    assert asked == [False, True, False]
    sites.promote(pair.there, lost=True)
    until(lambda: sites.read_status(pair.here).term == 2, "it is not told")


def rotated(pair: Pair) -> None:
    with pair.at(pair.here) as system:
        system.shredder().rotate()


def test_a_signer_does_not_go_back_to_an_earlier_term(pair: Pair, tmp_path: Path) -> None:
    state = tmp_path / "signer"
    pair.told("before")
    signed(pair.here, state)
    sites.hand_over(pair.here, pair.name)
    until(lambda: sites.read_status(pair.there).writes == pair.name, "it is not told")
    sites.promote(pair.there, lost=False)
    signed(pair.there, state)
    for log in ("evidence", "sources", "product", "access"):
        pair.first.run(pair.here.store, f"DELETE FROM {log}.{log}_terms WHERE term = 2")
    with pytest.raises(IntegrityFailure, match="is in term 1 and was in term 2"):
        signed(pair.here, state)


def test_a_cut_link_and_a_server_that_dies_are_made_up_for(pair: Pair) -> None:
    subscription = f"continuum_site_{pair.name}"
    pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION {subscription} DISABLE")
    pair.told("the link is cut")
    assert not pair.arrived()
    until(lambda: not sites.read_status(pair.here).followers[0].connected, "it is connected")
    pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION {subscription} ENABLE")
    pair.follows()
    pair.second.kill()
    pair.told("the second site is away")
    pair.second.start()
    pair.follows()
    pair.first.kill()
    pair.first.start()
    pair.told("the first site is back")
    pair.follows()
    with pair.at(pair.here) as here, pair.at(pair.there) as there:
        facts = [[fact.seq for fact in one.logs["evidence"].read(0, 99)] for one in (here, there)]
        there.views.rebuild()
        assert there.views.compare() == []
    assert facts[0] == facts[1] == list(range(1, len(facts[0]) + 1)), "none lost, none twice"


def test_nothing_acknowledged_is_lost_where_an_append_waits_for_the_second_site(
    pair: Pair,
) -> None:
    pair.first.set(f"synchronous_standby_names = 'continuum_site_{pair.name}'")
    try:
        assert not sites.read_status(pair.here).waits_in_vain
        pair.told(*(f"number {n}" for n in range(20)))
        pair.first.kill()
        sites.promote(pair.there, lost=True)
        with pair.at(pair.there) as system:
            log = system.logs["evidence"]
            words = [getattr(one.event, "words", "") for one in log.read(0, log.last())]
        assert [word for word in words if word.startswith("number")] == [
            f"number {n}" for n in range(20)
        ]
    finally:
        pair.first.start()
        pair.first.set("synchronous_standby_names = ''")


def test_an_append_waits_for_a_site_as_it_calls_itself_and_not_by_its_slot(pair: Pair) -> None:
    subscription = f"continuum_site_{pair.name}"
    address = f"{pair.here.store}&application_name=South"
    pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION {subscription} CONNECTION '{address}'")
    until(
        lambda: "South" in sites.read_status(pair.here).answering, "it does not call itself South"
    )
    try:
        for called, vain in ((subscription, True), ("south", False)):
            pair.first.set(f"synchronous_standby_names = '{called}'")
            told = sites.read_status(pair.here)
            assert (told.waits_in_vain, told.waits_for_a_second) == (vain, not vain)
        pair.told("it is waited for")
        as_another = [
            "SET ROLE pg_signal_backend",
            "SELECT application_name FROM pg_stat_replication",
        ]
        assert ("South",) in pair.first.run(pair.here.store, *as_another)
    finally:
        pair.first.set("synchronous_standby_names = ''")


def test_a_witness_verifies_and_holds_no_key(force: Force, pair: Pair, tmp_path: Path) -> None:
    pair.told("A silver Corsa")
    state = tmp_path / "signer"
    signed(pair.here, state)
    name = f"witness{next(NUMBERS)}"
    witness = Settings(store=force.second.database(), home=tmp_path / "witness", user="auditor")
    with pytest.raises(LogUnavailable, match="could not connect"):
        sites.follow(witness, name, "postgresql:///nowhere?host=/nowhere", witness=True)
    sites.follow(witness, name, pair.here.store, witness=True)
    with pytest.raises(Refused, match="a second site has to begin with an empty one"):
        sites.follow(witness, name, pair.here.store, witness=True)
    until(lambda: _copied(witness), "the tables are not copied")
    until(
        lambda: sites.read_status(witness).records == sites.read_status(pair.here).records,
        "the witness has not got everything",
    )
    for table in ("keys", "unique", "epochs"):
        for log in ("evidence", "sources", "product", "access"):
            held = force.second.run(witness.store, f"SELECT count(*) FROM {log}.{log}_{table}")
            assert held == [(0,)], (log, table)
    digests = "SELECT count(*), count(digest) FROM evidence.evidence_commands"
    ((commands, known),) = force.second.run(witness.store, digests)
    assert (commands > 0, known) == (True, 0), "no digest of what was told"
    published = (pair.here.home or tmp_path) / "checkpoints"
    with open_office(witness, published) as office:
        reports = office.verify((), state / "policy.json", (), ())
    assert [(report.verdict, report.findings) for report in reports] == [("proven", [])] * 4
    with pytest.raises(
        Refused, match="this is not a second site of a store, so it cannot take over"
    ):
        sites.promote(witness, lost=True)


def test_an_erasure_has_no_certificate_before_the_second_site_confirmed_it(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_status_postgres, "WAITS", 0.2)
    second = (pair.there.home or Path()) / "keys"
    here = pair.here.model_copy(update={"second_keys": second})
    subscription = f"ALTER SUBSCRIPTION continuum_site_{pair.name}"
    with closing(open_system(here, now=START)) as system:
        desk, reader = system.desk, system.reader
        item = observation.record(desk, reader, words="Zyxwora waits").id
        pair.follows()
        pair.second.run(pair.there.store, f"{subscription} DISABLE")
        one, _ = erasure.propose(desk, reader, [item], "part-3-s47")
        other = msgspec.structs.replace(reader, name="di.okoro")
        with pytest.raises(StillHeld, match=f"the site {pair.name} has not confirmed this erasure"):
            erasure.approve(desk, other, one.id, system)
        assert erasure.unfinished(desk) == [one.id]
        pair.second.run(pair.there.store, f"{subscription} ENABLE")
        monkeypatch.setattr(site_status_postgres, "WAITS", LIMIT)
        assert erasure.carry_out(desk, reader, one.id, system).state == "certified"
    pair.follows()
    assert sorted(one.name for one in second.glob("*.kek")) == sorted(
        one.name for one in second.parent.with_name("first").glob("keys/*.kek")
    )
    with pair.at(pair.there) as there:
        (fact,) = there.logs["evidence"].history(item)[:1]
        assert fact.erased, "nor is it readable at the second site"


def test_keys_are_not_moved_while_those_of_the_second_site_are_out_of_reach(
    tmp_path: Path,
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    other.mkdir(mode=0o700)
    twin = TwinKeyStore(one, other)
    first, away = twin.rotate("record"), tmp_path / "away"
    wrapped = twin.wrap("record", first, [(b"of it", b"k" * 32)])
    assert FileKeyStore(other).unwrap("record", first, [(b"of it", wrapped[0])]) == [b"k" * 32]
    other.rename(away)
    for attempt in (partial(twin.rotate, "record"), partial(twin.destroy, "record", first)):
        with pytest.raises(
            KeyFault, match="no key is changed or erased until they can be reached again"
        ):
            attempt()
    assert twin.epochs("record") == (first,)
    other.mkdir(mode=0o700)  # this directory is empty, as if no disk were mounted there
    for attempt in (
        partial(twin.rotate, "record"),
        partial(twin.rotate, "subject"),
        partial(twin.destroy, "record", first),
    ):
        with pytest.raises(KeyFault, match="none of this store's keys"):
            attempt()
    assert (twin.epochs("record"), [*other.iterdir()]) == ((first,), [])
    other.rmdir()
    away.rename(other)
    twin.destroy("record", first)
    assert twin.epochs("record") == FileKeyStore(other).epochs("record") == ()


def test_a_key_that_came_no_further_than_the_second_site_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    other.mkdir(mode=0o700)
    twin = TwinKeyStore(one, other)
    first = twin.rotate("record")
    with monkeypatch.context() as full:
        full.setattr(keystore, "replace_bytes", _no_room)
        with pytest.raises(KeyFault, match="cannot be written"):
            twin.rotate("record")
    assert twin.epochs("record") == (first,)
    last = twin.rotate("record")
    twin.destroy("record", first)
    assert twin.epochs("record") == (last,)
    wrapped = twin.wrap("record", last, [(b"of it", b"k" * 32)])
    assert FileKeyStore(other).unwrap("record", last, [(b"of it", wrapped[0])]) == [b"k" * 32]


def _no_room(path: Path, held: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_second_site_serves_and_what_is_recorded_and_looked_at_there_is_on_record_at_the_first(
    pair: Pair,
) -> None:
    there = pair.there.model_copy(update={"first_site": pair.here.store})
    with closing(open_system(there, now=START)) as system:
        system.views.rebuild()
        item = observation.record(system.desk, system.reader, words="told at the second site").id
        with system.reading() as db:
            assert queue.get(db, system.reader, item), "what was just told is shown at once"
        system.consulted("show", [item])
        looked = system.logs["access"].last()
        with pair.at(pair.here) as first:
            assert first.logs["evidence"].history(item)
            assert first.logs["access"].last() == looked
        pair.first.kill()
        # a query is refused if the access log cannot record it
        with pytest.raises(LogUnavailable):
            system.consulted("show", [item])
    pair.first.start()


def test_what_the_second_site_has_not_got_is_not_overlooked_there(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right that was just removed at the first site cannot be used at the second site, even while
    the sites are not connected."""
    there = pair.there.model_copy(update={"first_site": pair.here.store})
    monkeypatch.setattr(second_site, "PATIENCE", 0.2)
    with closing(open_system(there, now=START)) as system:
        pair.follows()
        system.newest.look()
        known = system.newest.tails["access"].last()
        pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION continuum_site_{pair.name} DISABLE")
        with pair.at(pair.here) as first:
            first.consulted("show", [])
        system.newest.look()
        with pytest.raises(LogUnavailable, match="This site has not received the whole"):
            system.newest.tails["access"].last()
        pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION continuum_site_{pair.name} ENABLE")
        pair.follows()
        system.newest.look()
        assert system.newest.tails["access"].last() > known


def test_a_witness_refuses_the_history_of_one_that_went_on_by_itself(
    pair: Pair, tmp_path: Path
) -> None:
    """If a site was cut off, went on writing alone and signed records that the other site never
    got, a witness refuses the history of the cut-off site."""
    state, other = tmp_path / "signer", tmp_path / "their-signer"
    pair.told("both have it")
    signed(pair.here, state)
    pair.follows()
    shutil.copytree(state, other)
    pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION continuum_site_{pair.name} DISABLE")
    pair.told("the first one alone has it")
    signed(pair.here, state)
    witness = Witness(tmp_path / "council")
    witness.init("council.example")
    policy = (state / "policy.json").read_text("utf-8")
    witness.sign(note(pair.here), policy, None, 1_300_000_000)
    sites.promote(pair.there, lost=True)
    pair.told("the second one", "goes on", "and on", at=pair.there)
    signed(pair.there, other)
    # no program can make the proof that is demanded here
    with pytest.raises(Unprovable, match="give the proof"):
        witness.sign(note(pair.there), policy, None, 1_300_000_001)


def note(settings: Settings) -> str:
    """Return the published checkpoint of the evidence log at this site."""
    place = settings.home or Path()
    return (place / "checkpoints" / "evidence.checkpoint").read_text("utf-8")


def test_a_site_that_is_away_for_too_long_is_left_behind_and_the_disk_does_not_fill(
    pair: Pair,
) -> None:
    pair.first.set("max_slot_wal_keep_size = '1MB'")
    try:
        pair.follows()
        name = f"continuum_site_{pair.name}"
        pair.second.run(pair.there.store, f"ALTER SUBSCRIPTION {name} DISABLE")
        until(lambda: not sites.read_status(pair.here).followers[0].connected, "it is connected")
        for _ in range(3):
            pair.told("it does not hear")
            pair.first.run(pair.here.store, "SELECT pg_switch_wal()", "CHECKPOINT")
        told = sites.read_status(pair.here)
        assert told.followers[0].kept == "lost"
        assert [finding.what for finding in findings(told, pair.here, "here")][:1] == [
            "a site was left behind"
        ]
        pair.told("words are taken all the same")
        sites.forget(pair.here, pair.name)
        assert sites.read_status(pair.here).followers == ()
    finally:
        pair.first.set("max_slot_wal_keep_size = -1")
