"""A restricted item is in none of a family's lists, even if the family itself is not restricted."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from commands.erasure import retention
from commands.families import charity_support, marac, need, profile
from commands.intelligence import meeting
from commands.justice import charging, court, duty_to_report, victim_request
from commands.kernel.item_references import UNNAMED
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.exploitation import ModelAssessed
from domain.families.marac import MaracReferred
from domain.families.need import NeedTold, ThreatTold
from domain.families.waiting_family import WaitingTold
from domain.intelligence.meeting import BoardKept, Decided, MeetingCalled
from domain.justice.charging import ChargingDecided
from domain.justice.court import AccountTaken
from domain.justice.duty_to_report import DutyArose
from domain.justice.victim_request import InformationAsked
from domain.kernel.codes import RestrictionGround
from domain.kernel.values import Refused
from projections.families import charity_support as room
from projections.families import child_timeline, needs, profiles, waiting_families
from projections.families import marac as maracs
from projections.intelligence import meetings
from projections.justice import charging as view_of_charging
from projections.justice import court as court_view
from projections.justice import duty_to_report as duties
from projections.justice import victim_requests as requests
from projections.kernel.database import Db
from tests.commands.conftest import either
from tests.commands.office import Office

__all__ = ["either"]
Listed = Callable[[Any, Any, UUID], Sequence[Any]]


def _restrict(office: Office, items: Sequence[UUID]) -> None:
    """Restrict records of the police and of the charity, each on a ground of the law that applies
    to the record.
    """
    grounds: tuple[RestrictionGround, ...] = ("part-3-s47-3", "uk-gdpr-art18-1-d")
    done = [
        one
        for ground in grounds
        for one in retention.restrict(office.desk, office.reader, items, "contested", ground=ground)
    ]
    assert sorted(done) == sorted(items)


def _put_back(office: Office, items: Sequence[UUID], reason: str) -> None:
    """Lift the restriction of all these items. The people who requested some of the restrictions
    are informed before."""
    today = office.system.clock().date()
    done = retention.unrestrict(
        office.desk, office.reader, items, reason, told_on=today, told="by letter"
    )
    assert sorted(done) == sorted(items)


def test_what_is_restricted_is_in_no_list_until_it_is_put_back(either: Office) -> None:
    desk, reader = either.desk, either.reader
    case = either.case("Zoe Dale")
    day: date = either.system.clock().date() + timedelta(days=7)
    contact = ContactMade(case, "emotional-support", "visit", "parent", words="she cried")
    note = NoteWritten(case, "parent", "note", "fact", "she has moved in with her sister")
    threat = ThreatTold(case, "parent", "followed", "a car stood outside")
    told: list[tuple[UUID, Listed]] = [
        (charity_support.make_contact(desk, reader, contact).id, room.contacts),
        (charity_support.write_note(desk, reader, note).id, room.notes),
        (need.tell(desk, reader, NeedTold(case, "parent", "money", "rent", day), str(case)).id,
         needs.needs),
        (need.threaten(desk, reader, threat, str(case)).id, needs.threats),
        (marac.refer(
            desk, reader, MaracReferred(case, ("judgement",), day, "he hit her"), str(case)
        ).id, maracs.of_case),
    ]  # fmt: skip

    def shown(listed: Listed) -> set[UUID]:
        with either.system.reading() as db:
            return {row.id for row in listed(db, reader, case)}

    def happened() -> set[UUID]:
        with either.system.reading() as db:
            return {row.item for row in child_timeline.of_case(db, reader, case)}

    assert [shown(listed) for _, listed in told] == [{one} for one, _ in told]
    before = happened()
    assert told[0][0] in before
    items = [one for one, _ in told]
    _restrict(either, items)
    assert [shown(listed) for _, listed in told] == [set()] * len(told)
    assert happened() == before - set(items)
    _put_back(either, items, "she agreed")
    assert [shown(listed) for _, listed in told] == [{one} for one, _ in told]
    assert happened() == before


def test_what_is_restricted_is_in_no_list_of_all_families_and_at_no_meeting(either: Office) -> None:
    desk, reader = either.desk, either.reader
    case, man = either.case("Zoe Dale"), str(either.person("Dale Crane"))
    day: date = either.system.clock().date() + timedelta(days=7)
    led = MeetingCalled("weekly-brief", desk.clock(), "", "ds.hart")
    at, other = (meeting.call(desk, reader, led).id for _ in range(2))
    taken = Decided(UNNAMED, "watch him", "watch", "ds.hart", day)
    kept = BoardKept(UNNAMED, "map", "who meets there", ())
    no_charge = ChargingDecided(
        *(UNNAMED, UNNAMED, "no-charge", "prosecutor", "not-met", "not-reached"),
        *("meeting a child", "one witness", "wants it to be over", "want him in court"),
    )
    sought = ("her school file", "an alibi", "no other source", "two pages")
    asked = InformationAsked(
        *(case, False, "investigating", *sought), asker="DC Hart", notice_reason="she is away"
    )
    told: dict[UUID, Callable[[Db], Sequence[Any]]] = {
        meeting.take(
            desk, reader, str(at), taken, subject=man, because_of=("none-known",)
        ).id: lambda db: meetings.decisions(db, reader, meeting=at),
        meeting.add_item(desk, reader, str(at), "her brother").id:
            lambda db: meetings.added(db, reader, at),
        meeting.keep_board(desk, reader, str(at), kept, [man]).id:
            lambda db: meetings.boards(db, reader, at),
        other: lambda db: [row for row in meetings.list_meetings(db, reader) if row.id != at],
        charging.decide(desk, reader, no_charge, str(case), man).id:
            lambda db: view_of_charging.decisions(db, reader, case),
        need.wait(desk, reader, WaitingTold(case, "waiting", "none is free", day), str(case)).id:
            lambda db: waiting_families.list_waiting_families(db, reader),
        duty_to_report.arise(desk, reader, DutyArose(case, "she told me"), str(case)).id:
            lambda db: duties.list_duties(db, reader, include_all=True),
        victim_request.request_information(desk, reader, asked, str(case)).id:
            lambda db: requests.list_victim_requests(db, reader, include_all=True),
        profile.assess_model(
            desk, reader, ModelAssessed(case, ("parties",), "her friend told me", day), str(case)
        ).id: lambda db: profiles.models(db, reader, case),
    }  # fmt: skip

    def shown() -> list[set[UUID]]:
        with either.system.reading() as db:
            return [{row.id for row in listed(db)} for listed in told.values()]

    assert shown() == [{one} for one in told]
    _restrict(either, list(told))
    assert shown() == [set()] * len(told)
    _put_back(either, list(told), "he agreed")
    assert shown() == [{one} for one in told]


@pytest.mark.usually_on("sqlite")
def test_an_account_that_is_restricted_was_given_all_the_same(either: Office) -> None:
    desk, reader, case = either.desk, either.reader, str(either.case("Zoe Dale"))
    first = court.take_account(desk, reader, AccountTaken(UUID(case), "DC Hart"), case).id
    retention.restrict(desk, reader, [first], "her mother objects", ground="part-3-s47-2")
    with either.system.reading() as db:
        assert court_view.accounts(db, reader, UUID(case)) == []
    with pytest.raises(Refused, match="gave an account once already"):
        court.take_account(desk, reader, AccountTaken(UUID(case), "DC Hart"), case)
