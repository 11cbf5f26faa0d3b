"""A user can get access beyond a role for a limited time: these tests show who opens it, who
confirms it, who reviews it, and when it ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from access.who_may.decide import Thing, decide
from commands.families import casework, referral
from commands.information import observation
from commands.people_and_teams import grant
from domain.clocks import CLOCKS
from domain.information.observation import ObservationRecorded
from domain.kernel.values import Denied, Hidden, Reader, Refused
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

WHY = "a child is missing tonight"


@dataclass
class House:
    """A store with a family of the team Deter, and with users of other teams who want access to the
    family's records.
    """

    office: Office
    staff: Staff
    case: UUID
    words: UUID
    readers: dict[str, Reader] = field(default_factory=dict)

    def now(self, name: str) -> Reader:
        return self.staff.now(name)

    def sees(self, name: str) -> bool:
        """Return whether this user may read the family's first log entry."""
        thing = Thing("words", self.words, "Deter", "dc.lowe", case=self.case)
        return decide(self.now(name), "see-words", thing).allowed

    def alerted(self, name: str) -> list[grant.OpenedAccess]:
        with self.office.system.reading() as db:
            return grant.list_unreviewed(db, self.now(name), self.office.system.clock())


def _family(office: Office) -> tuple[UUID, UUID]:
    """Record a case with a log entry; return the ids of both."""
    deter = msgspec.structs.replace(office.reader, team="Deter")
    case = referral.receive(office.desk, deter, child="Kayleigh Marlow").id
    words = observation.record(
        office.desk, deter, words="He has a knife.", case=str(case), heard_from="Ms Marlow"
    ).id
    staff = Staff(office)
    staff.hire("sw.ash", "social-worker")
    staff.hire("dc.reed", "detective")
    staff.hire("m.lee", "manager", teams=["Deter"])
    staff.hire("m.far", "manager", teams=["Freedom"])
    staff.hire("psw.ellis", "psw", teams=["Deter"])
    staff.hire("h.cole", "source-handler")
    staff.hire("au.dean", "auditor")
    staff.hire("do.park", "disclosure-officer")
    staff.hire("io.shaw", "intelligence-officer")
    staff.hire("a.min", "administrator", teams=[])
    casework.allocate(office.desk, staff.now("m.lee"), str(case), "psw.ellis", "parents")
    return case, words


FAMILY = prepared("family", _family)


@pytest.fixture
def house(place: Place) -> Iterator[House]:
    with FAMILY(*place) as (office, (case, words)):
        yield House(office, Staff(office), case, words)


@pytest.mark.usually_on("sqlite")
def test_glass_opens_one_case_for_an_hour_and_its_own_are_alerted(house: House) -> None:
    assert not house.sees("sw.ash")
    opened = grant.break_glass(house.office.desk, house.now("sw.ash"), str(house.case), WHY)
    assert house.sees("sw.ash")
    assert not house.sees("dc.reed")
    for name in ("m.lee", "psw.ellis", "au.dean", "h.cole"):
        (alert,) = house.alerted(name)
        assert (alert.id, alert.who, alert.reason) == (opened.id, ("sw.ash",), WHY)
        assert (alert.state, alert.overdue) == ("open", False)
    assert house.alerted("m.far") == house.alerted("dc.reed") == house.alerted("a.min") == []
    house.office.later(1)
    assert not house.sees("sw.ash")
    house.office.later(24)
    assert [alert.overdue for alert in house.alerted("m.lee")] == [True]


@pytest.mark.usually_on("sqlite")
def test_an_item_that_is_not_shown_names_its_case(house: House) -> None:
    """A user who may not see an item, and knows only its id, can use this id to open emergency
    access to the item's case. An item in no case opens nothing.
    """
    ash, apart = house.now("sw.ash"), house.office.words("filed nowhere")
    for unknown in (apart, UUID(int=9)):
        with pytest.raises(Hidden, match=f"there is no case '{unknown}'"):
            grant.break_glass(house.office.desk, ash, str(unknown), WHY)
    grant.break_glass(house.office.desk, ash, str(house.words), WHY)
    assert house.sees("sw.ash")


@pytest.mark.usually_on("sqlite")
def test_somebody_else_reviews_it(house: House) -> None:
    desk = house.office.desk
    opened = grant.break_glass(desk, house.now("sw.ash"), str(house.case), WHY).id
    with pytest.raises(Denied):
        grant.review(desk, house.now("sw.ash"), str(opened), "justified", "it was right")
    with pytest.raises(Hidden):
        grant.review(desk, house.now("m.far"), str(opened), "justified", "it was right")
    grant.review(desk, house.now("m.lee"), str(opened), "not-justified", "there was no need")
    assert not house.sees("sw.ash")
    assert house.alerted("m.lee") == house.alerted("psw.ellis") == []
    with pytest.raises(Hidden):
        grant.review(desk, house.now("au.dean"), str(opened), "justified", "it was right")


@pytest.mark.usually_on("sqlite")
def test_glass_closes_at_once(house: House) -> None:
    desk = house.office.desk
    opened = grant.break_glass(desk, house.now("sw.ash"), str(house.case), WHY).id
    with pytest.raises(Hidden):
        grant.close_glass(desk, house.now("dc.reed"), str(opened))
    grant.close_glass(desk, house.now("sw.ash"), str(opened))
    assert not house.sees("sw.ash")
    (alert,) = house.alerted("m.lee")
    assert alert.state == "over"


@pytest.mark.parametrize("name", ["m.lee", "h.cole", "au.dean", "do.park", "a.min"])
@pytest.mark.usually_on("sqlite")
def test_who_never_breaks_glass(house: House, name: str) -> None:
    with pytest.raises(Denied, match="open a restricted item"):
        grant.break_glass(house.office.desk, house.now(name), str(house.case), WHY)


@pytest.mark.usually_on("sqlite")
def test_glass_needs_a_reason_and_a_case(house: House) -> None:
    with pytest.raises(
        Refused, match="give a reason of at least two words, so that another person can judge it"
    ):
        grant.break_glass(house.office.desk, house.now("sw.ash"), str(house.case), "needed")
    with pytest.raises(Hidden, match="there is no case '9999'"):
        grant.break_glass(house.office.desk, house.now("sw.ash"), "9999", WHY)


def test_a_repeated_command_opens_nothing_more(house: House) -> None:
    ash, command = house.now("sw.ash"), UUID(int=77)
    once = grant.break_glass(house.office.desk, ash, str(house.case), WHY, command_id=command)
    house.office.later(2)
    again = grant.break_glass(house.office.desk, ash, str(house.case), WHY, command_id=command)
    assert again == once
    assert not house.sees("sw.ash")


@pytest.mark.usually_on("sqlite")
def test_an_auditor_reads_first_words_by_an_authority_alone(house: House) -> None:
    office, lee = house.office, house.now("m.lee")
    until = office.system.clock() + timedelta(days=7)
    assert not house.sees("au.dean")
    given = grant.give_authority(
        office.desk, lee, "au.dean", str(house.case), "audit", until, WHY
    ).id
    assert house.sees("au.dean")
    grant.end_authority(office.desk, lee, str(given))
    assert not house.sees("au.dean")
    grant.give_authority(office.desk, lee, "au.dean", str(house.case), "audit", until, WHY)
    assert house.sees("au.dean")
    office.later(7 * 24)
    assert not house.sees("au.dean")


@pytest.mark.usually_on("sqlite")
def test_sensitive_material_waits_for_a_second_person(house: House) -> None:
    office, lee = house.office, house.now("m.lee")
    until = office.system.clock() + timedelta(days=7)
    given = grant.give_authority(
        office.desk, lee, "do.park", str(house.case), "disclosure", until, WHY
    ).id
    assert not house.sees("do.park")
    assert [one.state for one in house.alerted("io.shaw")] == ["waits"]
    with pytest.raises(Refused, match="a third person has to approve this authority"):
        grant.approve_authority(office.desk, lee, str(given))
    with pytest.raises(Refused, match="person who gets it"):
        grant.approve_authority(office.desk, house.now("do.park"), str(given))
    grant.approve_authority(office.desk, house.now("io.shaw"), str(given))
    assert house.sees("do.park")


@pytest.mark.usually_on("sqlite")
def test_an_authority_is_for_who_holds_the_role_and_for_cases_of_ones_own(house: House) -> None:
    office = house.office
    until = office.system.clock() + timedelta(days=7)
    lee, far = house.now("m.lee"), house.now("m.far")
    with pytest.raises(Refused, match="no account with the role auditor"):
        grant.give_authority(office.desk, lee, "sw.ash", str(house.case), "audit", until, WHY)
    with pytest.raises(Hidden) as hidden:
        grant.give_authority(office.desk, far, "au.dean", str(house.case), "audit", until, WHY)
    with pytest.raises(Hidden) as unknown:
        grant.give_authority(office.desk, far, "au.dean", str(UUID(int=5)), "audit", until, WHY)
    assert str(hidden.value).replace(str(house.case), "") == str(unknown.value).replace(
        str(UUID(int=5)), ""
    )


def test_two_people_open_the_source_and_the_handler_reviews(house: House) -> None:
    office = house.office
    house.staff.hire("dc.lowe", "detective", teams=["Deter"])
    house.staff.hire("ds.moss", "detective", teams=["Freedom"])
    recorded = office.desk.logs["evidence"].history(house.words)[0].event
    assert isinstance(recorded, ObservationRecorded)
    assert recorded.entry
    entry = Thing("source", recorded.entry, "Deter", "dc.lowe", case=house.case)

    def told(name: str) -> bool:
        return decide(house.now(name), "see-source", entry).allowed

    asked = grant.ask_entry(office.desk, house.now("dc.lowe"), str(house.words), WHY).id
    assert not told("dc.lowe")
    assert house.alerted("h.cole") == []
    with pytest.raises(Refused, match="another person has to join"):
        grant.join_entry(office.desk, house.now("dc.lowe"), str(asked))
    grant.join_entry(office.desk, house.now("ds.moss"), str(asked))
    assert told("dc.lowe")
    assert told("ds.moss")
    assert not told("dc.reed")
    (alert,) = house.alerted("h.cole")
    assert alert.who == ("dc.lowe", "ds.moss")
    with pytest.raises(Denied):
        grant.review(
            office.desk, house.now("m.lee"), str(asked), "justified", "a life was at stake"
        )
    office.later(1)
    assert not told("ds.moss")
    grant.review(office.desk, house.now("h.cole"), str(asked), "justified", "a life was at stake")
    assert house.alerted("h.cole") == []


@pytest.mark.usually_on("sqlite")
def test_an_inspector_alone_when_no_second_answers_within_ten_minutes(house: House) -> None:
    """If there is a threat to life and no second person answers within ten minutes, an inspector
    may open a source's identity without approval. An alert follows at once, and a review within
    a day."""
    office, desk = house.office, house.office.desk
    house.staff.hire("dci.moss", "dci")
    house.staff.hire("dc.lowe", "detective", teams=["Deter"])
    recorded = desk.logs["evidence"].history(house.words)[0].event
    assert isinstance(recorded, ObservationRecorded)
    assert recorded.entry
    entry = Thing("source", recorded.entry, "Deter", "dc.lowe", case=house.case)

    def told(name: str) -> bool:
        return decide(house.now(name), "see-source", entry).allowed

    theirs = grant.ask_entry(desk, house.now("dc.lowe"), str(house.words), WHY).id
    asked = grant.ask_entry(desk, house.now("dci.moss"), str(house.words), WHY).id
    office.later(9 / 60)
    with pytest.raises(Refused, match="ten minutes"):
        grant.open_alone(desk, house.now("dci.moss"), str(asked))
    office.later(2 / 60)
    with pytest.raises(Denied, match="open the identity of a source alone"):
        grant.open_alone(desk, house.now("dc.lowe"), str(theirs))
    with pytest.raises(Refused, match="join the other person's request"):
        grant.open_alone(desk, house.now("dci.moss"), str(theirs))
    assert not told("dci.moss")
    grant.open_alone(desk, house.now("dci.moss"), str(asked))
    assert told("dci.moss")
    assert not told("dc.lowe")
    (alert,) = house.alerted("h.cole")
    assert (alert.who, alert.overdue) == (("dci.moss",), False)
    assert alert.due == alert.since + CLOCKS["glass-review"].within
    with pytest.raises(Refused, match="this access was used already"):
        grant.open_alone(desk, house.now("dci.moss"), str(asked))
    office.later(24)
    assert not told("dci.moss")
    assert house.alerted("h.cole")[0].overdue
    with pytest.raises(Denied):
        grant.review(desk, house.now("dci.moss"), str(asked), "justified", "a life was at stake")
    grant.review(desk, house.now("h.cole"), str(asked), "justified", "a life was at stake")
    assert house.alerted("h.cole") == []


@pytest.mark.usually_on("sqlite")
def test_who_told_what_one_may_not_see_is_asked_by_nobody(house: House) -> None:
    with pytest.raises(Hidden):
        grant.ask_entry(house.office.desk, house.now("dc.reed"), str(house.words), WHY)


@pytest.mark.usually_on("sqlite")
def test_a_grant_is_found_by_those_whom_it_concerns(house: House) -> None:
    office = house.office
    opened = grant.break_glass(office.desk, house.now("sw.ash"), str(house.case), WHY).id
    now = office.system.clock()
    with office.system.reading() as db:
        for name, found in (("sw.ash", opened), ("m.lee", opened), ("dc.reed", None)):
            seen = grant.find(db, house.now(name), str(opened)[-8:], now, ["glass"])
            assert seen == found
        assert grant.find(db, house.now("m.lee"), str(opened), now, ["audit"]) is None
