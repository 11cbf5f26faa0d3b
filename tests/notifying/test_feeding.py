"""Other programs get signed requests about the changes that they may see. A request is repeated
until its receiver accepts it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from commands.information import observation
from commands.people_and_teams import account
from domain.data_protection.access_log import RecordConsulted
from domain.kernel.values import Refused
from installation.following import feeder_of
from installation.settings import Feed
from notifying.feeding import Feeder
from tests.access.staff import Staff
from tests.commands.office import Office, opened
from tests.notifying.servers import SECRET, Calls, called_server

NAME = "svc.portal"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("fresh_database")() if request.param == "postgres" else None
    one = opened(tmp_path / "store", url)
    staff = Staff(one)
    account.add(one.desk, one.reader, NAME, roles=["detective"], teams=["Engage"], service=True)
    staff.hire("dc.quinn", "detective", teams=["Cherish"])
    staff.hire("dc.hart", "detective", teams=["Engage"])
    yield one
    one.system.close()


@pytest.fixture
def calls() -> Iterator[Calls]:
    with called_server() as made:
        yield made


@pytest.fixture
def feeder(office: Office, calls: Calls, tmp_path: Path) -> Feeder:
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    file.chmod(0o600)
    office.system.settings.feeds[NAME] = Feed(url=calls.address, secret_file=file)
    made, wrong = feeder_of(office.system, lambda text: None)
    assert not wrong
    made.once(NAME)  # the program receives changes that are recorded after this call
    return made


def record(office: Office, who: str, words: str) -> str:
    return str(observation.record(office.desk, Staff(office).now(who), words=words).id)


def items(calls: Calls) -> list[Any]:
    return [change["item"] for told in calls.told for change in told["changes"]]


def test_it_is_informed_what_it_may_see_and_who_looked_is_written_down(
    office: Office, feeder: Feeder, calls: Calls
) -> None:
    record(office, "dc.quinn", "known to Cherish alone")
    mine = record(office, "dc.hart", "known to Engage")
    assert feeder.once(NAME) is False
    assert items(calls) == [mine]
    (told,) = calls.told
    assert set(told["changes"][0]) == {"item", "kind", "event", "ref", "recorded"}
    assert "known" not in str(calls.told)
    looked = [fact for fact in office.facts("access") if isinstance(fact.event, RecordConsulted)]
    assert looked[-1].by == NAME
    assert UUID(mine).bytes in office.events(RecordConsulted, "access")[-1].ids
    feeder.once(NAME)
    assert len(calls.told) == 1, "nothing changed: nobody is called"


def test_what_is_not_taken_is_sent_again_later_each_time_and_nothing_is_lost(
    office: Office, feeder: Feeder, calls: Calls
) -> None:
    feeds = office.system.credentials.feeds
    calls.answer = 503
    first = record(office, "dc.hart", "the first")
    feeder.once(NAME)
    feeder.once(NAME)
    assert feeds.tries() == {NAME: 1}, "it waits"
    office.later(hours=16 / 3600)
    feeder.once(NAME)
    assert feeds.tries() == {NAME: 2}
    office.later(hours=16 / 3600)
    feeder.once(NAME)
    assert feeds.tries() == {NAME: 2}, "longer each time"
    second = record(office, "dc.hart", "the second")
    calls.answer = 204
    office.later(hours=1)
    feeder.once(NAME)
    assert items(calls) == [first, second]
    assert feeds.tries() == {NAME: 0}


@pytest.mark.usually_on("sqlite", "postgres")
def test_of_two_processes_one_tells(office: Office, feeder: Feeder, calls: Calls) -> None:
    """If two processes can send changes to another program, only one of them does. If it dies, the
    other continues."""
    mine = record(office, "dc.hart", "once")
    other, _ = feeder_of(office.system, lambda text: None)
    calls.before = lambda: other.once(NAME)
    feeder.once(NAME)
    other.once(NAME)
    assert items(calls) == [mine]
    record(office, "dc.hart", "again")
    feeds, head = office.system.credentials.feeds, office.system.logs["evidence"].last()
    # as if the process was killed after it had claimed this work
    assert feeds.claim(NAME, head) is not None
    other.once(NAME)
    assert len(items(calls)) == 1
    office.later(hours=1)
    other.once(NAME)
    assert len(items(calls)) == 2


def test_a_program_whose_account_was_closed_is_shown_nothing(
    office: Office, feeder: Feeder, calls: Calls
) -> None:
    record(office, "dc.hart", "before")
    account.lock(office.desk, Staff(office).now("ds.hart"), NAME, "its server was broken into")
    with pytest.raises(Refused, match="not a program's account"):
        feeder.once(NAME)
    assert not calls.told


def test_a_feed_without_https_or_a_secret_is_said(office: Office, tmp_path: Path) -> None:
    missing = tmp_path / "nothing"
    office.system.settings.feeds[NAME] = Feed(url="http://portal.example", secret_file=missing)
    _, wrong = feeder_of(office.system, lambda text: None)
    assert wrong[0].startswith(f"feeds.{NAME}: ")
