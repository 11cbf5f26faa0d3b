"""Three forces find matching offers through a hub, and learn nothing else about each other."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from commands.kernel import entity
from domain.kernel.envelope import Outgoing
from exchange import national
from exchange.following import HubFollower
from exchange.hublink import HubLink, NoHub
from exchange.keyclient import Call, KeyClient
from exchange.keyservice import KeyService, answer
from exchange.start import hub as program
from installation.opening import open_system
from installation.settings import Settings
from tests.commands.office import Office
from tests.exchange.forces import NAMES, SETTINGS, Nation, nation
from tests.postgres import running
from tests.processes import LIMIT, until
from tests.support.commands.offer import Exchange, happened

pytestmark = pytest.mark.postgres
UNTIL = datetime.now(UTC).date() + timedelta(days=90)
WEEK = date(2026, 11, 23)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    with nation(tmp_path_factory.mktemp("forces")) as made:
        yield made


@pytest.fixture(autouse=True)
def _fresh(three: Nation) -> Iterator[None]:
    """End all offers after each test, so that the next test starts without any."""
    yield
    for force in three.forces.values():
        rows = force.db.execute(
            "SELECT DISTINCT reference, recipient FROM product.exchange WHERE act = 'offer'"
        )
        ends = [Outgoing(reference, to, "end") for reference, to in rows.fetchall()]
        if ends:
            force.send(*ends)
    three.settled()
    for name in NAMES:
        three.told(name)
    for table in ("national_exchange", "held", "tokens", "matches"):
        found = three.hub.execute(f"SELECT count(*) FROM hub.{table}".encode()).fetchone()
        assert found == (0,), table


def token(plate: str, epoch: int = 1) -> bytes:
    return sha256(f"{epoch} {plate}".encode()).digest()


def offer(plate: str, to: str = "all", reference: UUID | None = None, epoch: int = 1) -> Outgoing:
    return Outgoing(
        reference or uuid4(),
        to,
        "offer",
        "vehicle",
        WEEK,
        "B",
        "P",
        UNTIL,
        epoch,
        token(plate, epoch),
    )


def end(one: Outgoing) -> Outgoing:
    return Outgoing(one.reference, one.recipient, "end")


def test_who_offers_the_same_is_informed_and_no_other_force(three: Nation) -> None:
    mine, theirs, other = offer("PK95ABC"), offer("PK95ABC"), offer("YC94KXT")
    three.forces["aldmere"].send(mine)
    three.forces["hexmoor"].send(theirs)
    three.forces["kenbrook"].send(other)
    three.settled()
    assert three.told("aldmere") == [("match", mine.reference, "hexmoor", theirs.reference)]
    assert three.told("hexmoor") == [("match", theirs.reference, "aldmere", mine.reference)]
    assert three.told("kenbrook") == []


def test_what_is_under_the_keys_of_one_service_and_of_two_is_said_never_to_meet(
    three: Nation,
) -> None:
    run = partial(CliRunner().invoke, program, ["check", "--database", three.hub_url])
    three.forces["aldmere"].send(offer("PK95ABC"), offer("PK95ABC", to="kenbrook"))
    three.forces["kenbrook"].send(offer("PK95ABC"))
    three.settled()
    assert run().stderr == ""
    three.forces["hexmoor"].send(offer("PK95ABC", epoch=1002))
    three.settled()
    assert three.told("hexmoor") == []
    told = run()
    assert [one["keys"] for one in json.loads(told.stdout)] == [{"1": 2}, {"1002": 1}, {"1": 1}]
    assert [line.partition(". There")[0] for line in told.stderr.splitlines()] == [
        "aldmere: 2 offered under key 1 meet nothing under key 1002",
        "kenbrook: 1 offered under key 1 meet nothing under key 1002",
    ]


def test_only_forces_of_whom_something_waits_are_matched(three: Nation) -> None:
    """The hub matches only forces with waiting offers: without any, it takes no lock and writes
    nothing to disk.
    """
    assert national.list_waiting_forces(three.hub) == []
    three.forces["kenbrook"].send(offer("PK95ABC"))
    three.arrived()
    assert national.list_waiting_forces(three.hub) == ["kenbrook"]
    assert national.match_all(three.hub) == 1
    assert national.list_waiting_forces(three.hub) == []


def test_what_is_offered_to_others_matches_with_them_alone(three: Nation) -> None:
    mine, theirs, other = (
        offer("PK95ABC", "kenbrook"),
        offer("PK95ABC"),
        offer("PK95ABC", "aldmere"),
    )
    three.forces["aldmere"].send(mine)
    three.forces["hexmoor"].send(theirs)
    three.forces["kenbrook"].send(other)
    three.settled()
    assert three.told("hexmoor") == []
    assert three.told("aldmere") == [("match", mine.reference, "kenbrook", other.reference)]


def test_what_is_for_another_hub_never_leaves(three: Nation) -> None:
    here, elsewhere = offer("PK95ABC"), offer("YC94KXT", "northland")
    three.forces["aldmere"].send(here, elsewhere)
    three.settled()
    assert three.hub.execute("SELECT reference FROM hub.held").fetchall() == [(here.reference,)]
    with psycopg.connect(three.hub_url) as hub:
        tables = hub.execute(
            "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables "
            "WHERE table_schema = 'hub' OR table_schema LIKE 'exchange_%'"
        ).fetchall()
        for (table,) in tables:
            rows = hub.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()
            assert elsewhere.reference.hex[:8] not in repr(rows), table


def test_a_force_reads_what_is_shown_to_itself_and_nothing_more(three: Nation) -> None:
    three.forces["aldmere"].send(offer("PK95ABC"))
    three.forces["hexmoor"].send(offer("PK95ABC"))
    three.settled()
    with psycopg.connect(three.hub_url, autocommit=True) as kenbrook:
        kenbrook.execute("SET ROLE force_kenbrook")
        assert kenbrook.execute("SELECT * FROM hub.told").fetchall() == []
        assert kenbrook.execute("SELECT force FROM hub.forces").fetchall() == [("kenbrook",)]
        assert kenbrook.execute("DELETE FROM hub.told").rowcount == 0
        for table in ("held", "tokens", "matches", "national_exchange"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                kenbrook.execute(f"SELECT * FROM hub.{table}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            kenbrook.execute("SELECT * FROM exchange_aldmere.exchange")
        kenbrook.execute("SET ROLE force_aldmere")
        assert len(kenbrook.execute("SELECT * FROM hub.told").fetchall()) == 1


def test_what_a_later_hub_tells_stops_no_follower_and_stays_there(three: Nation) -> None:
    link = HubLink(three.link("aldmere"))
    three.hub.execute(
        "INSERT INTO hub.told (to_force, what, reference, grade) "
        "VALUES ('aldmere', 'match', %s, 'Z')",
        (uuid4(),),
    )
    with closing(link), pytest.raises(NoHub, match="not understood"):
        link.read_messages()
    assert [what for what, *_ in three.told("aldmere")] == ["match"]


def test_no_force_hears_when_another_offers(three: Nation) -> None:
    """A force that listens on the hub's channels does not notice when another force makes an
    offer.
    """
    with psycopg.connect(three.hub_url, autocommit=True) as kenbrook:
        kenbrook.execute("SET ROLE force_kenbrook")
        for (channel,) in kenbrook.execute("SELECT channel FROM hub.forces"):
            kenbrook.execute(f"LISTEN {channel}".encode())
        kenbrook.execute("LISTEN hub_arrived")
        three.forces["aldmere"].send(offer("PK95ABC"))
        three.forces["hexmoor"].send(offer("PK95ABC"))
        three.settled()
        kenbrook.execute("LISTEN the_end")
        # the server sends notifications in the order in which they were made, so this is the last
        kenbrook.execute("NOTIFY the_end")
        heard = [one.channel for one in kenbrook.notifies(timeout=LIMIT, stop_after=1)]
        assert heard == ["the_end"]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            kenbrook.execute("SELECT * FROM hub.arrivals")


SPOILT: tuple[dict[str, object], ...] = (
    {"token": None},
    {"token": b"short"},
    {"kind": "person"},
    {"grade": "Z"},
    {"handling": "X"},
    {"until": None},
    {"act": "forget"},
)


def test_a_row_that_is_no_offer_is_not_taken_in_and_holds_up_no_other_force(three: Nation) -> None:
    for spoilt in SPOILT:
        row = msgspec.structs.replace(offer("PK95ABC"), **spoilt)
        with pytest.raises(psycopg.errors.CheckViolation):
            national.deliver(three.hub, "aldmere", [row])
    theirs, other = offer("PK95ABC"), offer("PK95ABC")
    three.forces["hexmoor"].send(theirs)
    three.forces["kenbrook"].send(other)
    three.settled()
    assert three.told("kenbrook") == [("match", other.reference, "hexmoor", theirs.reference)]


def test_an_older_file_brings_back_neither_what_ended_nor_an_older_key(three: Nation) -> None:
    mine, renewed, ended = offer("PK95ABC"), offer("YC94KXT"), offer("LL90XYZ")
    fresh = offer("YC94KXT", reference=renewed.reference, epoch=2)
    older, newer = (mine, renewed, ended), (end(mine), fresh, end(ended))
    for file in (older, newer, older, newer, older):
        national.deliver(three.hub, "aldmere", file)
        national.match_all(three.hub)
    held = three.hub.execute("SELECT reference, token FROM hub.held").fetchall()
    assert held == [(renewed.reference, fresh.token)]
    national.deliver(three.hub, "aldmere", [end(fresh)])
    late = offer("PK95ABC")  # the end of this offer arrives before the offer
    for row in (end(late), late):
        national.deliver(three.hub, "aldmere", [row])
        national.match_all(three.hub)
    assert three.hub.execute("SELECT * FROM hub.held").fetchall() == []
    three.hub.execute("UPDATE hub.ended SET day = current_date - 400")
    national.expire(three.hub)
    assert three.hub.execute("SELECT * FROM hub.ended").fetchall() == []


def test_withdrawal_is_obeyed_and_said(three: Nation) -> None:
    mine, theirs = offer("PK95ABC"), offer("PK95ABC")
    three.forces["aldmere"].send(mine)
    three.forces["hexmoor"].send(theirs)
    three.settled()
    [three.told(name) for name in NAMES]
    three.forces["aldmere"].send(end(mine))
    three.settled()
    assert three.told("aldmere") == [("obeyed", mine.reference, None, None)]
    assert three.told("hexmoor") == [("match-ended", theirs.reference, "aldmere", mine.reference)]
    held = three.hub.execute("SELECT force, token FROM hub.held").fetchall()
    assert held == [("hexmoor", theirs.token)]


def test_all_is_offered_again_under_another_key_and_no_match_is_sent_twice(three: Nation) -> None:
    plates = ("PK95ABC", "YC94KXT")
    mine, theirs = [offer(p) for p in plates], [offer(p) for p in plates]
    three.forces["aldmere"].send(*mine)
    three.forces["hexmoor"].send(*theirs)
    three.settled()
    assert len(three.told("aldmere")) == len(three.told("hexmoor")) == 2
    again = [offer(p, reference=o.reference, epoch=2) for p, o in zip(plates, mine, strict=True)]
    three.forces["aldmere"].send(*again)
    three.settled()
    three.forces["hexmoor"].send(
        *(offer(p, reference=o.reference, epoch=2) for p, o in zip(plates, theirs, strict=True))
    )
    three.settled()
    assert [three.told(name) for name in NAMES] == [[], [], []]
    tokens = {t for (t,) in three.hub.execute("SELECT token FROM hub.tokens").fetchall()}
    assert tokens == {token(p, 2) for p in plates}
    fresh = offer("YC94KXT", epoch=2)
    three.forces["kenbrook"].send(fresh)
    three.settled()
    assert len(three.told("kenbrook")) == 2


def test_what_has_stood_until_its_day_goes_though_no_force_says_so(three: Nation) -> None:
    mine, theirs = offer("PK95ABC"), offer("PK95ABC")
    three.forces["aldmere"].send(mine)
    three.forces["hexmoor"].send(theirs)
    three.settled()
    [three.told(name) for name in NAMES]
    three.hub.execute("UPDATE hub.held SET until = current_date WHERE force = 'aldmere'")
    assert national.expire(three.hub) == 1
    assert national.expire(three.hub) == 0
    assert three.told("aldmere") == [("obeyed", mine.reference, None, None)]
    assert three.told("hexmoor") == [("match-ended", theirs.reference, "aldmere", mine.reference)]


def history(seed: int) -> list[tuple[str, Outgoing]]:
    """Return a history of offers, their ends and renewals by three forces, in random order."""
    chance, standing, story = random.Random(seed), dict[tuple[str, str], Outgoing](), []
    for _ in range(240):
        force, plate = chance.choice(NAMES), f"AB{chance.randrange(30)}"
        there = standing.get((force, plate))
        if there is None:
            to = chance.choice(["all", "all", *(n for n in NAMES if n != force), "northland"])
            one = standing[force, plate] = offer(plate, to)
        elif chance.random() < 0.3:
            one = offer(plate, there.recipient, there.reference)
        else:
            one = end(standing.pop((force, plate)))
        story.append((force, one))
    return story


def joined(story: list[tuple[str, Outgoing]]) -> set[tuple[str, UUID, str, UUID]]:
    """Return the matches that exist between offers of two forces at the end of this history,
    computed by comparing the unencrypted offers. Each match is in the result twice, once for
    each force."""
    standing: dict[tuple[str, UUID], Outgoing] = {}
    for force, one in story:
        if one.act == "offer":
            standing[force, one.reference] = one
        else:
            standing.pop((force, one.reference), None)
    return {
        (a, x.reference, b, y.reference)
        for (a, _), x in standing.items()
        for (b, _), y in standing.items()
        if a != b and x.token == y.token and x.recipient in ("all", b) and y.recipient in ("all", a)
    }


def matches_reported(told: dict[str, list[tuple[Any, ...]]]) -> set[tuple[str, UUID, str, UUID]]:
    """Return the matches that the hub reported to the forces, and check that it sent no message
    twice."""
    found: set[tuple[str, UUID, str, UUID]] = set()
    for force, rows in told.items():
        for what, reference, other, theirs in rows:
            match = (force, reference, other, theirs)
            if what == "match":
                assert match not in found, "told twice"
                found.add(match)
            elif what == "match-ended":
                found.discard(match)
            else:
                found = {one for one in found if one[:2] != (force, reference)}
    return found


def test_matches_are_those_of_a_join_though_the_hub_is_stopped_and_a_link_is_cut(
    three: Nation,
) -> None:
    story = history(1)
    told: dict[str, list[tuple[Any, ...]]] = {name: [] for name in NAMES}
    for number, (force, one) in enumerate(story):
        three.forces[force].send(one)
        if number == 60:  # the hub is stopped, so that offers wait at the forces
            for name in NAMES:
                three.hub.execute(f"ALTER SUBSCRIPTION from_{name} DISABLE".encode())
        if number == 120:
            for name in NAMES[:2]:
                three.hub.execute(f"ALTER SUBSCRIPTION from_{name} ENABLE".encode())
        if number == 180:  # this ends the replication of a force
            three.hub.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots")
            three.hub.execute(f"ALTER SUBSCRIPTION from_{NAMES[2]} ENABLE".encode())
        if number % 50 == 0:
            national.match_all(three.hub)
            for name in NAMES:
                told[name] += three.told(name)
    three.settled()
    for name in NAMES:
        told[name] += three.told(name)
    assert matches_reported(told) == joined(story)


def test_a_link_that_was_cut_off_is_made_again_and_changes_nothing(three: Nation) -> None:
    """If the server cuts a replication off (after `max_slot_wal_keep_size`), the hub sets it up
    again, and rows that arrive a second time change nothing."""
    mine, theirs, ended = offer("PK95ABC"), offer("PK95ABC"), offer("YC94KXT")
    aldmere = three.forces["aldmere"]
    aldmere.send(mine, ended)
    three.forces["hexmoor"].send(theirs)
    three.settled()
    assert len(three.told("aldmere")) == len(three.told("hexmoor")) == 1
    three.hub.execute("ALTER SUBSCRIPTION from_aldmere DISABLE")
    until(lambda: not aldmere.followed(), "the link stands")
    national.drop_slot(aldmere.url, aldmere.slot)
    # an interrupted attempt leaves a slot that is already dropped
    national.drop_slot(aldmere.url, aldmere.slot)
    late = offer("LL90XYZ")
    aldmere.send(end(ended))
    aldmere.send(late)
    aldmere.db.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (aldmere.slot,))
    national.follow(three.hub, "aldmere", aldmere.url, aldmere.slot, make_slot=False)
    until(lambda: three.synced("aldmere"), "what stands was not copied")
    three.settled()
    told = three.told("aldmere")  # the hub sends the ends of earlier offers again, too
    assert ("obeyed", ended.reference, None, None) in told
    assert {what for what, *_ in told} == {"obeyed"}
    assert three.told("hexmoor") == []
    held = three.hub.execute("SELECT reference FROM hub.held WHERE force = 'aldmere'").fetchall()
    assert {one for (one,) in held} == {mine.reference, late.reference}


def test_a_force_is_followed_after_a_wrong_address_and_after_its_slot_was_cut_off(
    three: Nation,
) -> None:
    """The hub can copy a force's offers again after the force had a wrong address, and after its
    replication slot was cut off.
    """
    three.hub.execute("CREATE DATABASE another_hub")
    database = ("--database", three.server.get_uri("another_hub"))

    def run(name: str, *told: str) -> int:
        return CliRunner().invoke(program, [name, *database, *told]).exit_code

    with running(SETTINGS) as server, psycopg.connect(server.get_uri(), autocommit=True) as south:
        south.execute("CREATE SCHEMA exchange_south")
        south.execute("CREATE TABLE exchange_south.exchange (reference uuid, recipient text)")
        south.execute("CREATE PUBLICATION to_hub FOR TABLE exchange_south.exchange")
        slots = "SELECT slot_name FROM pg_replication_slots"
        assert run("init") == 0
        assert run("add", "south", "--follow", "postgresql://127.0.0.1:1/south") == 2
        assert run("follow", "south", server.get_uri()) == 0
        assert south.execute(slots).fetchall() == [("hub_south",)]
        with psycopg.connect(database[1], autocommit=True) as hub:
            hub.execute("ALTER SUBSCRIPTION from_south DISABLE")
            until(lambda: not south.execute(f"{slots} WHERE active").fetchall(), "it is followed")
            assert run("follow", "south", server.get_uri()) == 0
            hub.execute("ALTER SUBSCRIPTION from_south DISABLE")
        assert south.execute(slots).fetchall() == [("hub_south",)]


def test_rows_of_a_force_come_in_its_order(three: Nation) -> None:
    rows = [offer(f"AB{n}") for n in range(60)]
    for start in range(0, 60, 7):
        for force in three.forces.values():
            force.send(*rows[start : start + 7])
    three.arrived()
    for name, force in three.forces.items():
        sent = force.db.execute(
            "SELECT reference FROM product.exchange WHERE act = 'offer' ORDER BY seq"
        ).fetchall()
        came = three.hub.execute(
            "SELECT reference FROM hub.national_exchange WHERE force = %s ORDER BY arrived", (name,)
        ).fetchall()
        assert came == sent, name


def test_two_workers_at_once_miss_no_match_and_tell_none_twice(three: Nation) -> None:
    plates = [f"AB{n}" for n in range(300)]
    orders = [random.Random(n).sample(plates, len(plates)) for n in range(3)]
    for force, order in zip(NAMES, orders, strict=True):
        three.forces[force].send(*(offer(plate) for plate in order))
    three.arrived()

    def work() -> None:
        with psycopg.connect(three.hub_url, autocommit=True) as hub:
            national.match_all(hub)

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    national.match_all(three.hub)
    for name in NAMES:
        rows = three.told(name)
        assert len(rows) == len(set(rows)) == 600


def asking(service: KeyService, secret: str) -> Call:
    return lambda method, path, body: answer(service, method, path, secret, body)


def tokens(
    client: KeyClient, things: Sequence[tuple[str, str]], bulk: bool
) -> tuple[int, Sequence[bytes]]:
    found = client.tokens(things)
    return found.epoch, found.tokens


def test_from_an_offer_to_an_alert_and_back(three: Nation, tmp_path: Path) -> None:
    """An offer of one store passes through the key service and the hub and alerts another store;
    each program runs by its own command.
    """
    service = KeyService(tmp_path / "keys", lambda: datetime.now(UTC))
    service.set_up()
    offices: list[tuple[Exchange, HubFollower]] = []
    with ExitStack() as stack:
        for name in ("aldmere", "hexmoor"):
            force = three.forces[name]
            settings = Settings(store=force.url, home=force.home, user="ds.hart")
            office = Office(open_system(settings, now=datetime.now(UTC)), settings)
            stack.callback(office.system.close)
            exchange = Exchange(office, happened(office))
            office.desk.policy = replace(office.desk.policy, force=name)
            client = KeyClient(asking(service, service.register(name)), service.keys().public)
            office.desk.tokens = partial(tokens, client)
            link = HubLink(three.link(name))
            stack.callback(link.close)
            offices.append((exchange, HubFollower(office.desk, link)))
        (mine, here), (theirs, there) = offices
        mine.offered(to=("all",), until=UNTIL, records_reference="RMS 12")
        theirs.offered(to=("aldmere",), until=UNTIL)
        three.settled()
        assert [here.once(), there.once()] == [1, 1]
        assert [here.once(), there.once()] == [0, 0]
        (row,) = theirs.matches()
        assert (row.force, row.grade, row.records_reference) == ("aldmere", "A", "RMS 12")
        assert [row.force for row in mine.matches()] == ["hexmoor"]
        entity.end_classification(
            mine.office.desk, mine.office.reader, str(mine.baz), "suspect", "alibi"
        )
        mine.office.agreed(mine.baz, "end-category")
        here = HubFollower(here.desk, here.hub)  # a new process asks the hub for messages at once
        here.once()
        three.settled()
        assert [here.once(), there.once()] == [1, 1]
        assert theirs.matches() == []
        assert [one.state for one in mine.listed(every=True)] == [
            "no longer offered; the hub holds nothing of it"
        ]


def test_what_was_taken_is_there_after_the_power_goes_and_the_rest_arrives(three: Nation) -> None:
    """Offers that the hub received survive a power cut, and offers that it had not received arrive
    later.
    """
    mine = [offer(f"AB{n}") for n in range(40)]
    theirs = [offer(f"AB{n}") for n in range(40)]
    three.forces["aldmere"].send(*mine)
    three.settled()
    three.forces["hexmoor"].send(*theirs[:20])
    three.arrived()
    national.match(three.hub, "hexmoor")
    three.forces["hexmoor"].send(*theirs[20:])
    three.killed()
    three.settled()
    pairs = zip(mine, theirs, strict=True)
    wanted = {("match", a.reference, "hexmoor", b.reference) for a, b in pairs}
    told = three.told("aldmere")
    assert len(told) == 40
    assert set(told) == wanted
