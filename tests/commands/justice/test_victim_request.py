"""Support notes are given to the police only after a victim information request, about which the
charity decides.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from commands.data_protection import complaint, disclosure
from commands.erasure import erasure, legal_hold
from commands.families import casework, charity_support
from commands.information import observation
from commands.justice import duty_to_report, victim_request
from commands.kernel.item_references import UNNAMED
from domain.data_protection.disclosure import BASES
from domain.families.charity_support import NoteWritten
from domain.justice.duty_to_report import DutyArose
from domain.justice.victim_request import InformationAsked, InformationDecided, VictimTold
from domain.kernel.values import Denied, Hidden, Reader, Refused
from projections import due
from projections.data_protection import disclosures
from projections.justice import victim_requests
from tests.access.staff import Staff
from tests.commands.office import Office, prepared

SAID = "She named the flat, and cried."
ASKED = InformationAsked(
    UNNAMED,
    True,
    "investigating",
    "the note that names the flat",
    "whether she was held in the flat",
    "nobody else wrote it down",
    "one note, not her whole support",
    probative="it was written on the day",
    rebutted="the landlord denies it",
    answer_by=date(2011, 4, 1),
    notice="given",
    notice_to="parent",
)


def _begin(office: Office) -> tuple[UUID, UUID]:
    """Record the case, the users and the note; return the ids of the case and of the note."""
    staff, case = Staff(office), office.case("Kayleigh Marlow")
    staff.hire("ad.min", "administrator")
    staff.hire("dc.rowe", "detective")
    staff.hire("dc.far", "detective", teams=("Deter",))
    staff.hire("do.lane", "disclosure-officer")
    staff.hire("psw.ellis", "psw")
    staff.hire("psw.far", "psw")
    staff.hire("ds.both", "psw", "detective")
    staff.hire("su.hale", "supervisor")
    for who, whom in (("psw.ellis", "parents"), ("ds.both", "child")):
        casework.allocate(office.desk, staff.now("su.hale"), str(case), who, whom)  # type: ignore[arg-type]
    note = NoteWritten(case, "child", "note", "fact", SAID)
    return case, charity_support.write_note(office.desk, staff.now("psw.ellis"), note).id


#: A store with a case in which information about the child may be requested.
TEAM = prepared("team_of_victim_requests", _begin)


class Team:
    """A store with a case, its detective, the family's support worker, and a note that the worker
    wrote; it also has users of another team.
    """

    def __init__(self, office: Office, case: UUID, note: UUID) -> None:
        self.office, self.desk, self.staff = office, office.desk, Staff(office)
        self.case, self.note = case, note

    def __getitem__(self, name: str) -> Reader:
        return self.staff.now(name)

    def asked(self, by: str = "dc.rowe", made: InformationAsked = ASKED) -> UUID:
        return victim_request.request_information(self.desk, self[by], made, str(self.case)).id

    def decided(self, which: UUID, by: str = "psw.ellis") -> None:
        told = InformationDecided("whole")
        victim_request.decide(self.desk, self[by], which, told, [str(self.note)])

    def owed(self, by: str) -> list[due.DueItem]:
        with self.office.system.reading() as db:
            asked = due.DueFilter(clock="victim-information-request")
            return due.listed(db, self[by], self.desk.clock(), asked)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with TEAM(tmp_path / "store", None) as (office, ids):
        yield Team(office, *ids)


def test_the_charity_answers_and_what_it_gives_is_a_disclosure(team: Team) -> None:
    which = team.asked()
    (row,) = team.owed("psw.ellis")
    assert (row.item, row.owner, row.due.date()) == (which, "psw.ellis", date(2011, 4, 1))
    team.decided(which)
    assert team.owed("psw.ellis"), "nothing has left yet"
    receipt, document = victim_request.hand_over(team.desk, team["psw.ellis"], which)
    (one,) = document.content["items"]
    assert (one["text"], one["notes"]) == (SAID, ["fact"])
    assert document.content["recipients"] == ["dc.rowe"]
    assert "44A" in document.content["basis"]
    assert not team.owed("psw.ellis")
    with team.office.system.reading() as db:
        (told,) = victim_requests.of_case(db, team["dc.rowe"], team.case)
    with team.desk.looked() as db:
        (shared,) = disclosures.of_items(db, team["psw.ellis"], [team.note])
    assert (told.stands, told.handed, told.disclosure) == ("whole: handed over", 1, receipt.id)
    assert (shared.id, shared.basis) == (receipt.id, "victim-request")
    history = team.desk.logs["evidence"].history(which)
    assert [fact.controller for fact in history] == ["police", "charity", "charity"]
    recalled = disclosure.recall(team.desk, team["psw.ellis"], str(receipt.id), "the wrong family")
    assert recalled.to_tell == ("dc.rowe",)
    with pytest.raises(Refused, match="answered already"):
        victim_request.hand_over(team.desk, team["psw.ellis"], which)


def test_police_cannot_answer_it_themselves(team: Team) -> None:
    which = team.asked()
    for name in ("dc.rowe", "do.lane", "su.hale"):
        with pytest.raises(Denied):
            team.decided(which, name)
        with pytest.raises(Denied):
            victim_request.hand_over(team.desk, team[name], which)
    with pytest.raises(Refused, match="the requester cannot decide"):
        # a user who works for both sides of the request may not decide about it
        team.decided(which, "ds.both")
    with pytest.raises(Hidden):
        team.decided(which, "psw.far")  # this user is a worker of another family


def test_who_asks_is_who_is_signed_in_or_comes_from_outside(team: Team) -> None:
    outside = msgspec.structs.replace(ASKED, asker="DC Vane, Town B police")
    which = team.asked("psw.ellis", outside)
    assert team.desk.logs["evidence"].history(which)[0].controller == "charity"
    team.decided(which)
    _, document = victim_request.hand_over(team.desk, team["psw.ellis"], which)
    assert document.content["recipients"] == ["DC Vane, Town B police"]
    with pytest.raises(Refused, match="say who requests the victim's information"):
        team.asked("psw.ellis")
    with pytest.raises(
        Refused, match="you make this request for the victim's information yourself"
    ):
        team.asked("dc.rowe", outside)
    for stranger in ("dc.far", "psw.far"):
        with pytest.raises(Refused, match="case"):
            team.asked(stranger, outside if stranger == "psw.far" else ASKED)


def test_another_team_learns_nothing_of_it(team: Team) -> None:
    which = team.asked()
    with team.office.system.reading() as db:
        assert victim_requests.list_victim_requests(db, team["dc.far"], include_all=True) == []
        assert victim_requests.get(db, team["psw.far"], which) is None
    assert team.owed("dc.far") == team.owed("psw.far") == []


def test_no_other_way_gives_support_notes_to_who_asks(team: Team) -> None:
    """Except after a victim information request, the police get no support notes: a disclosure
    contains none unless a court ordered it, and an authority for a trial contains none.
    """
    for basis in BASES.keys() - {"court-order"}:
        with pytest.raises(Refused, match="victim information request"):
            disclosure.gather(team.desk, team["psw.ellis"], team.note, basis)
        with pytest.raises(Refused, match="there is no item"):
            disclosure.gather(team.desk, team["dc.rowe"], team.note, basis)
    authorised = msgspec.structs.replace(team["do.lane"], disclosed=frozenset({team.case}))
    with pytest.raises(Refused, match="there is no item"):
        disclosure.gather(team.desk, authorised, team.note, "criminal-proceedings")


def test_an_order_of_a_court_keeps_its_own_way(team: Team) -> None:
    shared = disclosure.gather(team.desk, team["psw.ellis"], team.note, "court-order")
    _, document = disclosure.disclose(
        team.desk,
        team["psw.ellis"],
        shared,
        basis="court-order",
        purpose="the order of 3 May",
        recipients=["the court"],
        checked="word by word",
    )
    assert document.content["items"][0]["text"] == SAID


def test_what_a_worker_tells_to_protect_somebody_waits_for_nothing(team: Team) -> None:
    team.asked()
    said = "She is in the flat with him now"
    words = observation.record(team.desk, team["psw.ellis"], words=said, case=str(team.case)).id
    (shared,) = disclosure.gather(team.desk, team["dc.rowe"], words, "vital-interests")
    assert shared.text == said


def test_nothing_is_given_before_the_victim_was_informed(team: Team) -> None:
    later = msgspec.structs.replace(
        ASKED, notice="to-follow", notice_to=None, notice_reason="her mother is in hospital"
    )
    which = team.asked(made=later)
    with pytest.raises(Refused, match="victim-request notice"):
        team.decided(which)
    victim_request.tell_victim(team.desk, team["dc.rowe"], which, VictimTold("given", "parent"))
    team.decided(which)


def test_what_is_not_needed_any_more_is_due_no_more(team: Team) -> None:
    which = team.asked(made=msgspec.structs.replace(ASKED, answer_by=None))
    (row,) = team.owed("psw.ellis")
    assert (row.due - row.since).days == 28
    victim_request.withdraw(team.desk, team["dc.rowe"], which, "the landlord admits it")
    assert not team.owed("psw.ellis")
    with pytest.raises(Refused, match="was withdrawn"):
        team.decided(which)


def test_what_police_ask_is_taken_back_by_them_alone(team: Team) -> None:
    """Only the police can withdraw a request that they made for information about a victim; the
    charity that must answer the request cannot end it.
    """
    which = team.asked()
    with pytest.raises(Refused, match="only the requester can withdraw this request"):
        victim_request.withdraw(team.desk, team["psw.ellis"], which, "they need it no more")
    victim_request.withdraw(team.desk, team["dc.rowe"], which, "the landlord admits it")
    outside = msgspec.structs.replace(ASKED, asker="DC Vane, Town B police")
    told_us = team.asked("psw.ellis", outside)
    victim_request.withdraw(team.desk, team["psw.ellis"], told_us, "DC Vane rang")


def test_a_later_clock_does_not_reach_back(team: Team) -> None:
    """A request for a victim's information that came by letter is due from the arrival of the
    letter, even if it was recorded later."""
    came = datetime(2011, 3, 1, 9, tzinfo=UTC)
    letter = msgspec.structs.replace(ASKED, asker="DC Vane", received=came, answer_by=None)
    team.asked("psw.ellis", letter)
    (row,) = team.owed("psw.ellis")
    assert row.since == came


def test_the_erasure_of_a_case_and_a_hold_on_it_reach_what_was_asked(office: Office) -> None:
    """If a case is erased or put under a legal hold, so are the requests about the case's victim,
    the duties to report and the complaints.
    """
    desk, reader = office.desk, office.reader
    case, mother = office.case("Kayleigh Marlow"), office.person("Jo Marlow")
    outside = msgspec.structs.replace(ASKED, asker="DC Vane")
    asked = victim_request.request_information(desk, reader, outside, str(case)).id
    arose = DutyArose(UNNAMED, "she told me")
    duty = duty_to_report.arise(desk, reader, arose, str(case)).id
    came = complaint.receive(desk, reader, "Jo Marlow", "you told", subject=str(mother)).id
    found = erasure.plan(desk, reader, [case])
    assert {asked, duty} <= {item.id for item in found.items}
    assert came in {item.id for item in erasure.plan(desk, reader, [mother]).items}
    legal_hold.place(
        desk, reader, legal_hold.items_under_hold(desk, case), "inquiry", "the inquiry asked for it"
    )
    assert {item.fate for item in erasure.plan(desk, reader, [case]).items} == {"restricted"}
