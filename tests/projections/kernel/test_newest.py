"""A request looks up recent records once, in one round trip to the database, and misses none of
them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import Cursor

from commands.families import referral
from commands.information import observation
from commands.kernel.succeeded import Onward
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Event, LogName, LogUnavailable, Recorded
from domain.people_and_teams.account import UserAdded
from domain.people_and_teams.recovery import CopyConfirmed, CopyRefused
from ledger.database.postgres_connection import LogConnection
from projections.kernel.newest import MANY, Kind, LogEnds
from tests.access.staff import Staff
from tests.commands.office import WORDS, Office, opened

WORDS_TOLD, CONFIRMED, REFUSED = ObservationRecorded, CopyConfirmed, CopyRefused


class Told:
    """A log in memory that counts how often its kinds of events (`asked`) and the events of one
    stream (`read`) were read. With `away`, it does not answer."""

    def __init__(self) -> None:
        self.events: list[type[Event] | None] = [WORDS_TOLD]
        self.asked = 0
        self.read = 0
        self.away = False
        self.said: list[Recorded] = []

    def last(self) -> int:
        self._answers()
        return len(self.events)

    def kinds(self, after: int, limit: int) -> list[Kind]:
        self._answers()
        self.asked += 1
        return list(enumerate(self.events, start=1))[after : after + limit]

    def history(self, stream: UUID) -> list[Recorded]:
        self.read += 1
        return self.said

    def _answers(self) -> None:
        if self.away:
            raise LogUnavailable("away")


class Both:
    """Two logs for tests, whose newest records are read together. `rounds` counts how often they
    were read."""

    def __init__(self) -> None:
        self.logs: dict[LogName, Told] = {"evidence": Told(), "access": Told()}
        self.rounds = 0
        self.newest = LogEnds(self.logs, self._ask)

    def _ask(
        self, after: Mapping[LogName, int], limit: int
    ) -> dict[LogName, tuple[int, list[Kind]]]:
        self.rounds += 1
        found = {name: self.logs[name].kinds(seq, limit) for name, seq in after.items()}
        return {
            name: (max([after[name], *(seq for seq, _ in came)]), came)
            for name, came in found.items()
        }


@pytest.fixture
def two_logs() -> Both:
    made = Both()
    made.newest.look()
    return made


def test_all_that_came_is_shown_to_each_who_asks_without_another_round(two_logs: Both) -> None:
    evidence, tail = two_logs.logs["evidence"], two_logs.newest.tails["evidence"]
    begun = tail.last()
    evidence.events += [CONFIRMED, WORDS_TOLD]
    two_logs.newest.look()
    asked = evidence.asked
    assert tail.kinds(begun, 100) == [(2, CONFIRMED), (3, WORDS_TOLD)]
    assert tail.kinds(2, 100) == [(3, WORDS_TOLD)]
    assert tail.kinds(begun, 1) == [(2, CONFIRMED)]
    assert tail.last() == 3
    assert evidence.asked == asked


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("copy_url") if request.param == "postgres" else None
    office = opened(tmp_path / "store", url)
    yield office
    office.system.close()


def test_words_and_who_looked_pass_and_what_moves_a_right_or_a_case_does_not(
    office: Office,
) -> None:
    tails, logs = office.system.newest.tails, office.system.logs
    office.system.newest.look()
    begun = {name: tail.last() for name, tail in tails.items()}
    for _ in range(3):
        office.words("Baz was in Mill Lane")
    office.system.consulted("search", [], "a name", [])
    office.system.newest.look()
    for name, tail in tails.items():
        assert tail.last() == logs[name].last() > begun[name]
        assert tail.kinds(begun[name], 100) == []
    Staff(office).hire("dc.reed", "detective")
    referral.receive(office.desk, office.reader, child="Ann Ash")
    office.system.newest.look()
    for name, moving in (("evidence", CaseOpened), ("access", UserAdded)):
        told = logs[name].kinds(begun[name], 100)
        assert moving in [kind for _, kind in told]
        assert [one for one in told if one[1] is moving] == [
            one for one in tails[name].kinds(begun[name], 100) if one[1] is moving
        ]


def test_what_went_before_the_first_look_is_queried_of_the_log(two_logs: Both) -> None:
    assert two_logs.newest.tails["evidence"].kinds(0, 100) == [(1, WORDS_TOLD)]


@pytest.mark.parametrize("many", [MANY, 5 * MANY])
def test_of_many_new_facts_none_is_missed(two_logs: Both, many: int) -> None:
    evidence, tail = two_logs.logs["evidence"], two_logs.newest.tails["evidence"]
    begun = tail.last()
    evidence.events += [WORDS_TOLD] * many
    two_logs.newest.look()
    assert tail.last() == 1 + many
    assert len(tail.kinds(begun, MANY)) == MANY


def test_a_long_time_of_looks_forgets_the_oldest_and_misses_none(two_logs: Both) -> None:
    evidence, tail = two_logs.logs["evidence"], two_logs.newest.tails["evidence"]
    for _ in range(30):
        evidence.events += [WORDS_TOLD] * 100
        two_logs.newest.look()
    for after in (1, 999, 2_000, 2_001, 3_000):
        assert tail.kinds(after, 5) == evidence.kinds(after, 5)


def test_one_log_that_does_not_answer_is_reported_and_the_other_goes_on(two_logs: Both) -> None:
    two_logs.logs["access"].away = True
    two_logs.logs["evidence"].events.append(CONFIRMED)
    two_logs.newest.look()
    assert two_logs.newest.tails["evidence"].last() == 2
    with pytest.raises(LogUnavailable):
        two_logs.newest.tails["access"].last()
    with pytest.raises(LogUnavailable):
        two_logs.newest.tails["access"].kinds(1, 1)
    two_logs.logs["access"].away = False
    two_logs.newest.look()
    assert two_logs.newest.tails["access"].last() == 1


def test_where_the_record_goes_on_is_read_again_only_when_something_is_said_of_it(
    two_logs: Both,
) -> None:
    evidence = two_logs.logs["evidence"]
    onward = Onward(evidence, two_logs.newest.tails["evidence"])
    assert onward.store() is None
    for kind, reads in ((WORDS_TOLD, 1), (CONFIRMED, 2), (WORDS_TOLD, 2), (REFUSED, 3), (None, 4)):
        evidence.events.append(kind)
        two_logs.newest.look()
        onward.store()
        assert evidence.read == reads


@pytest.mark.postgres
def test_a_record_takes_two_rounds_to_a_server(
    tmp_path: Path, copy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recording takes two round trips to a server: one reads the latest records, and the other
    writes the new record.
    """
    office = opened(tmp_path / "store", copy_url)
    staff = Staff(office)
    staff.hire("dc.reed", "detective")
    referral.receive(office.desk, staff.now("dc.reed"), child="Ann Ash", reference="E-1")
    office.system.keep_up()
    asked: list[object] = []

    def count(of: type, name: str) -> None:
        way: Any = getattr(of, name)

        def counted(self: object, *told: object, **how: object) -> object:
            asked.append(told[0])
            return way(self, *told, **how)

        monkeypatch.setattr(of, name, counted)

    count(Cursor, "execute")
    count(LogConnection, "query")
    # the first of these two commands also looks up the user's rights and the case
    for _ in range(2):
        asked.clear()
        one = office.system.briefly("dc.reed")
        observation.record(one.desk, one.reader, words=WORDS, case="E-1")
    office.system.close()
    assert len(asked) == 2
