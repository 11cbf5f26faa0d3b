"""The store records each query in the access log before it shows the answer; if recording fails, it
shows nothing.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from commands.data_protection.access_log import AccessRecord, Consultations
from domain.data_protection.access_log import ConsultationJustified, RecordConsulted, unpacked
from domain.kernel.envelope import LogUnavailable, Recorded
from domain.people_and_teams.account import RoleGiven, UserAdded
from projections.data_protection import access_log
from projections.data_protection.access_log import Only
from tests.commands.office import Office
from tests.console.conftest import Line

#: Tested on both databases, because the record of a query is written to the database before its
#: answer is shown.
pytestmark = pytest.mark.usually_on("sqlite", "postgres")


def access_events(office: Office) -> list[Recorded]:
    """Return the events of the access log, except the events that add accounts and give roles."""
    accounts = (UserAdded, RoleGiven)
    return [fact for fact in office.facts("access") if not isinstance(fact.event, accounts)]


def consultations(office: Office) -> list[RecordConsulted]:
    return [f.event for f in access_events(office) if isinstance(f.event, RecordConsulted)]


def test_a_look_is_one_event_with_every_id_and_its_reason(office: Office) -> None:
    ids = (uuid4(), uuid4())
    office.system.consulted("network ego", ids, "tonight's briefing")
    office.system.consulted("network ego", ids, "tonight's briefing")
    justified, first, again = access_events(office)
    assert isinstance(justified.event, ConsultationJustified)
    assert isinstance(first.event, RecordConsulted)
    assert unpacked(first.event.ids) == list(ids)
    assert (first.event.query, first.event.why, first.event.wanted) == ("network ego", 1, True)
    assert (justified.stream, justified.by) == (first.stream, "ds.hart")
    assert (again.stream, again.version) == (first.stream, 3), "one sitting, one reason"


def test_a_reason_that_was_requested_and_not_given_is_reported_as_not_given(office: Office) -> None:
    office.system.consulted("network victims", [uuid4()])
    office.system.consulted("mine", [])
    assert [(consultation.wanted, consultation.why) for consultation in consultations(office)] == [
        (True, None),
        (False, None),
    ]


def test_very_many_ids_are_several_events_of_one_request(office: Office) -> None:
    many = [UUID(int=number) for number in range(1, 60_001)]
    office.system.consulted("network groups", many)
    first, second = access_events(office)
    assert first.command_id == second.command_id
    assert [one for event in consultations(office) for one in unpacked(event.ids)] == many


def test_twenty_users_at_once_are_each_released_after_their_own_commit(office: Office) -> None:
    readers = [msgspec.structs.replace(office.reader, name=f"user.{n}") for n in range(20)]
    shared = office.system.consultations
    assert shared

    def look(number: int) -> bool:
        one = uuid4()
        shared.consulted(AccessRecord(readers[number % 20], "show", [one]))
        found = office.system.logs["access"].read(0, 10_000)
        return any(
            isinstance(fact.event, RecordConsulted) and one in unpacked(fact.event.ids)
            for fact in found
        )

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(look, range(100)))
    assert len(consultations(office)) == 100
    assert len({fact.stream for fact in access_events(office)}) == 20


class Refusing:
    """A stand-in for the access log that refuses to record any event, or any event
    about one user.
    """

    def __init__(self, log: Any, refuses: Callable[[Any], bool]) -> None:
        self._log, self._refuses = log, refuses

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, submissions: Any) -> Any:
        if any(self._refuses(fact) for submission in submissions for fact in submission.facts):
            raise ValueError("it cannot be stored")
        return self._log.append(submissions)


def test_one_request_that_cannot_be_stored_does_not_stop_the_others(office: Office) -> None:
    log = Refusing(office.system.logs["access"], lambda fact: fact.header.by == "odd")
    shared = Consultations({"access": log}, office.system.keys, uuid4, uuid4)
    odd = msgspec.structs.replace(office.reader, name="odd")
    looked = [
        AccessRecord(odd if n % 5 == 0 else office.reader, "show", [uuid4()]) for n in range(40)
    ]

    def ends_well(look: AccessRecord) -> bool:
        try:
            shared.consulted(look)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        ended = list(pool.map(ends_well, looked))
    assert ended == [look.reader.name != "odd" for look in looked]
    assert len(consultations(office)) == 32


def test_what_cannot_be_written_down_is_not_shown(either: Line) -> None:
    either("record", text="He waits at the arcade.")
    assert "arcade" in either("queue").out
    system = either.kept.system
    assert system
    assert system.consultations

    def refuse(submissions: Any) -> Any:
        raise LogUnavailable("The access log does not answer.")

    system.logs["access"].append = refuse  # type: ignore[method-assign]
    for question in (
        "queue",
        "search|arcade",
        "brief",
        "mine",
        "cases",
        "replay",
        "network|groups",
    ):
        assert "does not answer" in either.refused(*question.split("|"), code=5), question
        assert "does not answer" in either.refused(*question.split("|"), "--json", code=5)
    assert either("record", text="He is at the station now.").code == 0, "recording never fails"
    assert either("stages").code == 0


def test_a_refusal_that_names_people_is_a_consultation_too(either: Line) -> None:
    one = either("person", "add", "--name", "Gary Stone", "--json").json["id"]
    other = either("person", "add", "--name", "Gary Stone", "--json").json["id"]
    assert "fits 2" in either.refused("person", "show", "Gary Stone")
    told = either("who-looked", "--by", "nobody-in-particular", "--json").json
    assert told[0]["query"] == "person show"
    assert {one, other} == set(told[0]["shown"])


def test_a_view_of_who_looked_pages_and_rebuilds(office: Office) -> None:
    one = office.words()
    for _ in range(7):
        office.later()
        office.system.consulted("show", [one], "a review")
    with office.system.reading_with_access_log() as db:
        first = access_log.at(db, office.reader, [one], before=None, limit=5)
        rest = access_log.at(db, office.reader, [one], before=first[-1].seq, limit=5)
        own = access_log.by(db, office.reader, "ds.hart", before=None, limit=50)
    assert [len(first), len(rest)] == [5, 2]
    assert [*first, *rest] == own
    assert {row.why for row in own} == {"a review"}
    assert office.system.views.compare() == []
    office.system.views.rebuild()
    with office.system.reading_with_access_log() as db:
        again = access_log.by(db, office.reader, "ds.hart", before=None, limit=50)
    assert again == own


def test_who_looked_is_counted_by_person_and_reason_and_told_for_the_night_alone(
    office: Office,
) -> None:
    one, other = office.words(), office.words()
    office.system.consulted("show", [one], "a review")
    office.system.consulted("network ego", [one])  # this query requires the user to give a reason
    office.later(16)  # it is now one o'clock at night
    office.system.consulted("show", [one, other], "a review")
    office.system.consulted("mine", [one])
    with office.system.reading_with_access_log() as db:
        groups = access_log.grouped_at(db, office.reader, [one, other])
        assert groups == access_log.grouped_by(db, office.reader, "ds.hart")

        def told(only: Only) -> list[str]:
            rows = access_log.at(db, office.reader, [one], before=None, limit=9, only=only)
            return [row.query for row in rows]

        assert told(Only()) == ["mine", "show", "network ego", "show"]
        assert told(Only(night=True)) == ["mine", "show"]
        assert told(Only(night=False, reason="not-given")) == ["network ego"]
        assert told(Only(reason="given")) == ["show", "show"]
        assert told(Only(reason="not-asked")) == ["mine"]
        assert told(Only(by="somebody.else")) == []
    assert [(row.by, row.why, row.wanted, row.looks, row.nights) for row in groups] == [
        ("ds.hart", "a review", False, 2, 1),
        ("ds.hart", None, True, 1, 0),
        ("ds.hart", None, False, 1, 1),
    ]
    assert (groups[0].last - groups[0].first).total_seconds() >= 16 * 3600
