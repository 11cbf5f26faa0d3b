"""A printed paper has a number, is meant for one colleague until a certain day, and is recorded as
a copy."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from commands.data_protection import copies
from commands.erasure import retention
from commands.families import casework
from commands.intelligence import links, meeting
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import due
from domain.data_protection.access_log import RecordConsulted
from domain.data_protection.copies import CopyFingerprinted, destroyed_by
from domain.intelligence.for_decision import Facts
from domain.intelligence.meeting import Decided, MeetingCalled
from domain.kernel.values import Denied, Reader, Refused
from domain.people_and_teams.deadline import last_moment
from domain.people_and_teams.store_admin import ExportMade
from projections.due import DueFilter, DueItem
from projections.families import cases
from questions.intelligence import for_decision
from tests.access.staff import Staff
from tests.commands.office import Office, opened
from tests.console.conftest import Line
from tests.support.usecases.paper import text
from tests.web.conftest import House
from usecases.intelligence.brief_aloud import ReadOutBrief
from usecases.intelligence.for_decision import ListForDecision
from usecases.intelligence.meetings import ListMinutes
from usecases.kernel.numbered_copy import printed
from usecases.kernel.question import Question
from web.app import make_app

TODAY = date(2011, 3, 18)


@dataclass
class Team:
    """A sergeant with her colleagues, and the man, the girl and the meeting that the printed papers
    are about."""

    office: Office
    sergeant: Reader
    other: Reader
    staff: Staff
    case: UUID
    man: UUID
    meeting: UUID

    def paper(self, asked: Question, **told: Any) -> PdfReader:
        given = {"reader": self.sergeant} | told
        reader = given.pop("reader")
        desk = self.office.desk
        content = printed(asked, desk, reader, desk.clock(), lambda ids: None, **given)
        return PdfReader(io.BytesIO(content))


def _record_entries(
    office: Office, reader: Reader, child: str, man: str
) -> tuple[UUID, UUID, UUID]:
    """Record graded entries about a child and a man, and a link between the two; return the ids."""
    case = office.case(child)
    report = office.assessed(office.words(f"{man} picks {child} up", case=str(case)), "2B").id
    who = office.person(man, categories=(("suspect", "named twice"),))
    links.assert_link(office.desk, reader, report, str(who), child, "association")
    return case, who, report


def _child_of(office: Office, case: UUID) -> list[UUID]:
    with office.desk.deciding() as db:
        return [row.child for row in cases.of(db, office.reader, [case])]


def _facts(office: Office) -> Facts:
    with office.desk.deciding() as db:
        return for_decision.facts(db, office.reader, office.desk.clock())


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    office = opened(tmp_path_factory.mktemp("printed") / "store")
    case, man, report = _record_entries(office, office.reader, "Chantelle Moss", "Vince Tarrow")
    office.words("Somebody waits for Chantelle Moss", case=str(case))
    _record_entries(office, office.reader, "Tia Rudd", "Neil Garvey")
    office.later()
    called = MeetingCalled("weekly-brief", office.desk.clock(), "", "ds.hart", "the back room")
    at = meeting.call(office.desk, office.reader, called).id
    taken = Decided(UNNAMED, "look for his car", "watch", "ds.hart", TODAY + timedelta(days=7))
    told = {"because_of": (str(report),), "subject": str(man)}
    meeting.take(office.desk, office.reader, str(at), taken, **told)  # type: ignore[arg-type]
    meeting.show_people(office.desk, office.reader, str(at), ["ds.hart"], lambda: _facts(office))
    staff = Staff(office)
    staff.hire("ds.near", "supervisor")
    staff.hire("dc.far", "detective", teams=("Deter",))
    staff.hire("psw.near", "psw")
    sergeant = staff.hire("ds.lead", "supervisor")
    try:
        yield Team(office, sergeant, staff.now("dc.far"), staff, case, man, at)
    finally:
        office.system.close()


def test_the_brief_names_whom_its_reader_sees_and_is_a_copy_on_the_record(team: Team) -> None:
    number = copies.next_number(team.office.desk, "Engage")
    before = len(team.office.events(CopyFingerprinted, "access"))
    pdf = team.paper(ReadOutBrief(), recipient="DS Near", destroy_by=TODAY + timedelta(days=3))
    said = text(pdf)
    for words in (
        "Brief of Engage, Friday 18 March 2011",
        "Network of Vince Tarrow",
        "Vince Tarrow associates with Chantelle Moss.",
        "2B, source not known",
        "An intelligence report was graded. 2B",
        "We were told: “Somebody waits for Chantelle Moss” ungraded",
        "To decide",
        "for ds.near.",
        "Destroy it by 21 March 2011.",
    ):
        assert words in said, (words, said)
    held = copies.visible_copies(team.office.desk, team.sergeant)[-1]
    assert (held.kind, held.number, held.holders) == ("paper", number, ("ds.near",))
    assert held.destroy_by == TODAY + timedelta(days=3)
    assert {team.man, team.case} <= set(held.ids), "an erasure names who has it"
    export = team.office.events(ExportMade, "access")[-1]
    assert export.filters == {"question": "read-out"}
    assert len(team.office.events(CopyFingerprinted, "access")) == before + 1


def test_copies_are_numbered_one_after_another(team: Team) -> None:
    first = copies.next_number(team.office.desk, "Engage")
    for number in (first, first + 1, first + 2):
        assert f"Copy {number} of Engage, for ds.lead." in text(team.paper(ListForDecision()))
    assert copies.next_number(team.office.desk, "Deter") == 1, "each team has its own"


def test_a_number_that_was_taken_meanwhile_is_given_to_no_other_copy(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No two printed copies have the same number, even if two papers are printed at the same
    moment."""
    desk, free = team.office.desk, copies.next_number(team.office.desk, "Engage")
    team.paper(ListForDecision())
    numbers = iter([free, free + 1])
    monkeypatch.setattr(copies, "next_number", lambda desk, team: next(numbers))
    assert f"Copy {free + 1} of" in text(team.paper(ListForDecision()))
    monkeypatch.undo()
    assert copies.next_number(desk, "Engage") == free + 2
    assert [copy.number for copy in copies.list_copies(desk)][-2:] == [free, free + 1]


def test_the_board_says_what_is_missing_to_act(team: Team) -> None:
    said = text(team.paper(ListForDecision()))
    assert "People for decision, Engage" in said
    assert "First Neil Garvey: the decision that waits the longest, since 18 Mar 2011." in said
    assert "1. Neil Garvey: decide. Waiting since 18 Mar 2011." in said
    assert "Neil Garvey associates with Tia Rudd, recorded once in March 2011 (2B)." in said
    assert "One child: Tia Rudd. Status not recorded. Factors against: the original source" in said
    assert "Next: Which vehicle does this person use" in said
    assert "Vince Tarrow" not in said, "he was decided about, and nothing is new"


def test_the_minutes_say_what_was_decided_whose_it_is_and_on_what_it_rests(team: Team) -> None:
    said = text(team.paper(ListMinutes(str(team.meeting))))
    for words in (
        "Minutes: Weekly brief, Friday 18 March 2011",
        "the back room",
        "look for his car",
        "Watch: ds.hart, by Friday 25 March 2011. About Vince Tarrow. Based on: Report, Case ",
        "Status: open.",
        "Shown to ds.hart",
        "1. Neil Garvey: decide.",
    ):
        assert words in said, (words, said)


def test_the_child_of_a_family_that_a_paper_names_is_among_its_items(team: Team) -> None:
    """If a paper names a family, the family's child is among the paper's recorded items. So the
    certificate of the child's erasure names the copy of the paper."""
    desk, reader = team.office.desk, team.sergeant
    (child,) = _child_of(team.office, team.case)
    called = MeetingCalled("strategy", desk.clock(), "", "ds.lead", "")
    at = meeting.call(desk, reader, called).id
    taken = Decided(UNNAMED, "look for her", "watch", "ds.lead", TODAY + timedelta(days=7))
    meeting.take(desk, reader, str(at), taken, case=str(team.case), because_of=("none-known",))
    for asked in (ListMinutes(str(at)), ReadOutBrief()):
        told = asked.paper(desk, reader, desk.clock())
        assert "Chantelle Moss" in str(told)
        assert child in told.ids, asked


def test_its_day_comes_back_to_the_person_who_has_it_until_they_say_it_is_destroyed(
    team: Team,
) -> None:
    desk, last = team.office.desk, TODAY + timedelta(days=5)

    def waits(name: str, **asked: Any) -> list[DueItem]:
        asked = {"clock": "copy-destroyed"} | asked
        reader, now = team.staff.now(name), desk.clock()
        found = due.list_due(desk, reader, now, DueFilter(**asked))
        return [one for one in found if one.due == last_moment(last)]

    team.paper(ReadOutBrief(), recipient="ds.near", destroy_by=last)
    held = copies.visible_copies(desk, team.sergeant)[-1]
    (hers,) = waits("ds.near", mine=True)
    assert (hers.item, hers.owner, hers.about) == (
        held.id,
        "ds.near",
        f"copy {held.number} of Engage",
    )
    assert waits("ds.lead") == [hers], "the leader of the team learns that it waits"
    assert not waits("ds.lead", mine=True)
    assert not waits("psw.near")
    assert not waits("dc.far")
    with pytest.raises(Refused, match="copies destroyed"):
        due.answer(desk, team.staff.now("ds.near"), str(hers.id), "done", "burnt")
    copies.record_destroyed(
        desk, team.staff.now("ds.near"), str(held.id), "shredded, DC Bell saw it"
    )
    assert not waits("ds.near")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"destroy_by": TODAY}, "the day by which the copy is destroyed is past"),
        ({"recipient": "ds.nobody"}, "no single colleague called"),
        ({"recipient": "dc.far"}, "no single colleague called"),
        ({"recipient": "psw.near"}, "does not have access to everything in this copy"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_and_leaves_no_copy(
    team: Team, told: dict[str, Any], why: str
) -> None:
    before = len(copies.list_copies(team.office.desk))
    with pytest.raises(Refused, match=why):
        team.paper(ReadOutBrief(), **told)
    assert len(copies.list_copies(team.office.desk)) == before


def test_a_brief_begins_at_a_moment_that_is_past(team: Team) -> None:
    with pytest.raises(Refused, match="is in the future"):
        team.paper(ReadOutBrief(since=team.office.desk.clock() + timedelta(days=9)))


def test_what_is_due_and_not_for_a_colleague_is_not_handed_to_them(tmp_path: Path) -> None:
    """A paper contains only the due items that its recipient may see. In the test, both colleagues
    see the family, but only the manager sees how long ago the last contact was."""
    office = opened(tmp_path / "store")
    try:
        case, staff = office.case("Chantelle Moss"), Staff(office)
        staff.hire("dc.near", "detective")
        staff.hire("psw.near", "psw")
        lead = staff.hire("ds.lead", "supervisor")
        casework.allocate(office.desk, lead, str(case), "psw.near", "parents")
        told = (ReadOutBrief(), office.desk, staff.now("ds.lead"))
        early = printed(*told, office.later(), lambda ids: None, recipient="dc.near")
        assert "The case was opened." in text(PdfReader(io.BytesIO(early)))
        with pytest.raises(Refused, match="does not have access to everything in this copy"):
            printed(*told, office.later(24 * 20), lambda ids: None, recipient="dc.near")
    finally:
        office.system.close()


def test_what_is_restricted_since_is_printed_nowhere(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    try:
        desk, reader = office.desk, office.reader
        case = office.case("Chantelle Moss")
        words = office.words("He waits at the gate", case=str(case))
        office.words("Somebody rings her", case=str(case))
        called = MeetingCalled("weekly-brief", desk.clock(), "", "ds.hart", "")
        at = meeting.call(desk, reader, called).id
        taken = Decided(UNNAMED, "look for a car", "watch", "ds.hart", TODAY + timedelta(days=7))
        meeting.take(desk, reader, str(at), taken, because_of=(str(words),))
        asked, now = (ReadOutBrief(), ListMinutes(str(at))), office.later()
        before = str([one.paper(desk, reader, now) for one in asked])
        assert "at the gate" in before
        assert "Chantelle" in before
        retention.restrict(
            desk,
            reader,
            [words, case, *_child_of(office, case)],
            "contested",
            ground="part-3-s47-2",
        )
        after = str([one.paper(desk, reader, now) for one in asked])
        assert "Somebody rings her" in after
        assert "at the gate" not in after
        assert "Case 1" not in after
        assert "Chantelle" not in after
    finally:
        office.system.close()


def test_who_takes_nothing_along_prints_nothing(team: Team) -> None:
    with pytest.raises(Denied, match="export"):
        team.paper(ListMinutes(str(team.meeting)), reader=team.staff.now("psw.near"))


def test_a_paper_is_destroyed_within_four_weeks_unless_somebody_says_when() -> None:
    assert destroyed_by(None, TODAY) == date(2011, 4, 15)
    assert destroyed_by(date(2011, 3, 19), TODAY) == date(2011, 3, 19)


def test_what_its_reader_may_not_see_changes_no_letter_of_a_paper(team: Team) -> None:
    """Records that a paper's reader may not see change nothing in the paper. In the test, another
    team records a case, an entry, a man and links."""
    desk, reader, now = team.office.desk, team.sergeant, team.office.later(2)
    asked = (ReadOutBrief(), ListForDecision(), ListMinutes(str(team.meeting)))
    before = [one.paper(desk, reader, now) for one in asked]
    theirs = Office(team.office.system, team.office.settings)
    was = team.office.system.reader
    team.office.system.reader = team.other
    try:
        _, _, report = _record_entries(theirs, team.other, "Ellie Stone", "Karl Strand")
        links.assert_link(desk, team.other, report, str(team.man), "Ellie Stone", "association")
    finally:
        team.office.system.reader = was
    after = [one.paper(desk, reader, now) for one in asked]
    assert before == after
    shown = "".join(map(str, after))
    assert "Ellie" not in shown
    assert "Karl" not in shown


def test_it_is_written_from_the_command_line_and_from_a_page(tmp_path: Path) -> None:
    office = opened(tmp_path / "store")
    try:
        case, man, _ = _record_entries(office, office.reader, "Chantelle Moss", "Vince Tarrow")
        office.later()
        line, out = Line(str(tmp_path / "store"), tmp_path / "store"), tmp_path / "brief.pdf"
        by = ("--user", "ds.hart", "--clock", office.desk.clock().isoformat())
        told = line(*by, "read-out", "--pdf", str(out), "--destroy-by", "2011-03-30")
        assert told.code == 0, told
        assert "Destroy it by 30 March 2011." in text(PdfReader(str(out)))
        assert out.stat().st_mode & 0o077 == 0
        written, made = out.read_bytes(), len(copies.list_copies(office.desk))
        nowhere = str(tmp_path / "gone" / "brief.pdf")
        assert "exists already: name a new file" in line.refused(*by, "read-out", "--pdf", str(out))
        assert "there is no folder" in line.refused(*by, "read-out", "--pdf", nowhere)
        assert "there is no folder" in line.refused(*by, "read-out", "--xlsx", nowhere)
        assert "give --pdf FILE" in line.refused(*by, "read-out", "--destroy-by", "2011-03-30")
        assert out.read_bytes() == written
        assert len(copies.list_copies(office.desk)) == made, "what was not written is no copy"
        listed = line(*by, "copies").out
        assert "2011-03-30" in listed
        line.close()
        somebody = House(office, make_app(office.system)).somebody("ds.hart")
        page = somebody.get("/brief/items").text
        for words in ("Network of Vince Tarrow", "To decide", "data:image/svg+xml;base64,"):
            assert words in page, words
        shown = office.events(RecordConsulted, "access")[-1].ids
        named = [one for one in (case, man) if one.bytes in shown]
        assert named == [case, man], "who is named was looked at, linked or not"
        sent = somebody.send("/list/read-out.pdf", recipient="ds.hart", destroy_by="2011-03-30")
        assert sent.headers["content-type"] == "application/pdf"
        assert "Copy 2 of" in text(PdfReader(io.BytesIO(sent.content)))
        assert somebody.send("/list/copies.pdf").status_code == 404
        assert (
            "the day by which the copy is destroyed is past"
            in somebody.send("/list/read-out.pdf", destroy_by="2011-03-01").text
        )
        for form in ("xlsx", "pdf"):
            looked = len(office.events(RecordConsulted, "access"))
            named = somebody.send(f"/list/meeting-minutes.{form}", meeting="Vince Tarrow")
            assert named.status_code == 404
            assert len(office.events(RecordConsulted, "access")) == looked + 1, form
    finally:
        office.system.close()
