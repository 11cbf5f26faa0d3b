"""A team's meeting is called, held and recorded, and each of its decisions gets a result."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from commands.erasure import erasure, legal_hold
from commands.intelligence import links, meeting, saved_maps
from commands.justice import evidence
from commands.kernel import entity, item_references
from commands.kernel.item_references import UNNAMED
from commands.kernel.unit_of_work import Receipt
from domain.data_protection.erasure import Redaction
from domain.intelligence.for_decision import Facts
from domain.intelligence.meeting import BoardKept, Decided, MeetingCalled, MeetingCalledOff
from domain.intelligence.saved_map import Shows
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import Task
from domain.kernel.values import Denied, Hidden, Reader, Refused, Role
from network.query import view
from projections import due
from projections.families import holders
from projections.intelligence import meetings
from projections.intelligence.links import LinkFilter
from projections.intelligence.meetings import DecisionRow
from projections.kernel import trail
from questions.intelligence import agenda, for_decision
from tests.access.rights import Rights
from tests.access.staff import Staff
from tests.commands.office import Office

NONE = ("none-known",)


def call_meeting(office: Office, hours: float = 0, **told: str) -> UUID:
    starts = office.desk.clock() + timedelta(hours=hours)
    made = MeetingCalled("weekly-brief", starts, "", told.get("chair", "ds.hart"))
    return meeting.call(office.desk, office.reader, made).id


def decided(
    office: Office,
    at: UUID,
    words: str = "see the parents",
    *,
    case: UUID | None = None,
    subject: UUID | None = None,
    because_of: tuple[str, ...] = NONE,
    owner: str = "ds.hart",
    reader: Reader | None = None,
    task: Task = "contact-family",
    chart: str | None = None,
) -> Receipt:
    soon = (office.desk.clock() + timedelta(days=7)).date()
    made = Decided(UNNAMED, words, task, owner, soon)
    return meeting.take(
        office.desk,
        reader or office.reader,
        str(at),
        made,
        case=str(case) if case else None,
        subject=str(subject) if subject else None,
        chart=chart,
        because_of=because_of,
    )


def decisions_shown(office: Office, at: UUID, reader: Reader | None = None) -> list[DecisionRow]:
    with office.system.reading() as db:
        return meetings.decisions(db, reader or office.reader, meeting=at)


def lines(office: Office, at: UUID, reader: Reader | None = None) -> list[agenda.Line]:
    who = reader or office.reader
    with office.system.reading() as db:
        row = meetings.get(db, who, at)
        assert row
        return list(agenda.agenda(office.desk, db, who, row, office.desk.clock()).lines)


def staff(office: Office, case: UUID | None = None) -> dict[str, Reader]:
    """Add four users and return them by name: a detective of the team, the team's worker for this
    family, another worker of the team, and a worker of another team.
    """
    team, own = (office.reader.team,), (case,) if case else ()
    return {
        "detective": Rights(("detective",), team).of(office.somebody("dc.rowe")),
        "theirs": Rights(("psw",), team, own).of(office.somebody("psw.ellis")),
        "other": Rights(("psw",), team).of(office.somebody("psw.far")),
        "manager": Rights(("manager",), team).of(office.somebody("m.ward")),
        "stranger": Rights(("detective",), ("Deter",)).of(office.somebody("dc.far")),
    }


@pytest.mark.usually_on("sqlite")
def test_a_decision_comes_back_on_its_day_until_its_result_is_reported(either: Office) -> None:
    case, words = either.case("Kayleigh Marlow"), either.words()
    at = call_meeting(either)
    one = decided(either, at, case=case, because_of=(str(words),), owner="psw.ellis").id

    def owed() -> list[due.DueItem]:
        with either.system.reading() as db:
            asked = due.DueFilter(clock="meeting-decision")
            return due.listed(db, either.reader, either.desk.clock(), asked)

    (row,) = owed()
    assert (row.owner, row.item, row.due.date()) == ("psw.ellis", one, date(2011, 3, 26))
    assert row.chain == ("manager", "dci")
    either.later(24 * 9)
    assert owed()[0].overdue
    psw = either.somebody("psw.ellis")
    meeting.record_result(either.desk, psw, str(one)[-8:], "under-way", "they are away")
    assert owed(), "it is under way"
    meeting.record_result(either.desk, psw, one, "done", "seen at home")
    assert owed() == []
    (told,) = decisions_shown(either, at)
    assert (told.state, told.result, told.rests_on) == ("done", "seen at home", (words,))


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("role", ["detective", "supervisor"])
def test_a_sergeant_queries_the_network_and_gives_a_task(office: Office, role: Role) -> None:
    """A sergeant, who has the role detective or supervisor, queries the network and gives a task to
    a colleague.
    """
    words, man, at = office.words(), office.person(), call_meeting(office)
    staff = Staff(office)
    sergeant = staff.hire("ds.hale", role)
    officer, worker = staff.hire("dc.rowe", "detective"), staff.hire("psw.ellis", "psw")
    links.assert_link(office.desk, sergeant, words, str(man), "vehicle:PK95 ABC", "driver-of")
    with office.system.reading() as db:
        assert len(view.ego(db, sergeant, man, 1, link_filter=LinkFilter(min_rank=None)).pairs) == 1
        with pytest.raises(Refused, match="no person or thing"):
            view.ego(db, worker, man, 1, link_filter=LinkFilter(min_rank=None))
    task: Task = "search-or-seize"
    because_of = (str(words),)
    decided(
        office, at, subject=man, because_of=because_of, owner="dc.rowe", reader=sergeant, task=task
    )
    asked = due.DueFilter(clock="meeting-decision", mine=True)
    with office.system.reading() as db:
        (row,) = due.listed(db, officer, office.desk.clock(), asked)
    assert row.owner == "dc.rowe"
    with pytest.raises(Refused, match="a task of the police"):
        decided(office, at, because_of=because_of, owner="psw.ellis", reader=sergeant, task=task)


@pytest.mark.usually_on("sqlite")
def test_intelligence_leads_to_its_decision_and_a_decision_to_its_result(either: Office) -> None:
    """Requirements W13 and W14: each decision shows the items on which it is based, and each result
    shows its decision.
    """
    words, at = either.words(), call_meeting(either)
    one = decided(either, at, because_of=(str(words),)).id
    gathered = EvidenceGathered("exhibit", "AB1", (), produced_by="DC Bell")
    found = evidence.gather(either.desk, either.reader, gathered, because_of=NONE).id
    meeting.record_result(either.desk, either.reader, one, "done", "seized", (str(found),))
    with either.system.reading() as db:
        forward = trail.forward(db, either.reader, words)
        back = trail.back(db, either.reader, found)
    names = ["meeting.decided", "meeting.result_told"]
    told = [step.event for step in forward.steps]
    assert [name for name in told if name.startswith("meeting.")] == names
    assert "evidence.gathered" in told
    assert {step.event for step in back.steps} >= {"observation.recorded", *names}


@pytest.mark.usually_on("sqlite")
def test_an_operation_names_the_version_of_the_map_it_rests_on(office: Office) -> None:
    """Requirement W14: a decision shows the version of the saved map on which it was based, even if
    the map is saved again.
    """
    words, at = office.words(), call_meeting(office)

    def save(name: str, chart: str | None = None) -> str:
        saved = saved_maps.save(office.desk, office.reader, name, Shows(), again=chart)
        return str(saved.id)

    chart = save("The men at the hotel")
    save("The men at the hotel and the taxi", chart)
    one = decided(office, at, task="search-or-seize", because_of=(str(words),), chart=chart).id
    office.later()
    save("A third version", chart)
    meeting.record_result(office.desk, office.reader, one, "done", "two arrests", ())
    with office.system.reading() as db:
        (row,) = meetings.decisions(db, office.reader)
        loose = Rights(("psw",), (office.reader.team,)).of(office.somebody("psw.ellis"))
        hidden = meetings.decisions(db, loose)
    assert (str(row.chart), row.chart_version, row.result) == (chart, 2, "two arrests")
    assert row.chart_as_known is not None
    assert row.chart_as_known <= row.recorded
    assert row.rests_on == (words,)
    assert all(row.chart is None for row in hidden)
    with pytest.raises(Hidden):
        decided(office, at, task="search-or-seize", because_of=(str(words),), chart="ffffffff")


def test_the_agenda_is_built_from_what_is_known(either: Office) -> None:
    either.case("Kayleigh Marlow")
    item = either.words("He waits at the gate in a silver Corsa")
    either.later(24 * 8)
    last = call_meeting(either)
    decided(either, last, "ring the school")
    meeting.hold(either.desk, either.reader, last, ["ds.hart"], None, lambda one: ())
    either.later(24 * 7)
    either.words("She came home at four")
    case = either.case("Jade Fenn")
    now = call_meeting(either)
    meeting.add_item(either.desk, either.reader, str(now), "her birthday", case=str(case))
    either.later()
    found = lines(either, now)
    by_part = {part: [one for one in found if one.part == part] for part in agenda.PARTS}
    assert [one.about for one in by_part["new referral"]].count("Case 2, Jade Fenn") >= 1
    assert [one.what for one in by_part["decided before"]] == ["ring the school"]
    assert [(one.what, one.item) for one in by_part["asked for"]] == [("her birthday", case)]
    assert "came in: She came home at four" in {one.what for one in by_part["came in"]}
    assert item not in {one.item for one in by_part["came in"]}, "the last meeting had it"
    assert [one.number for one in found] == list(range(1, len(found) + 1))


def test_what_stood_on_the_agenda_is_kept_with_who_came(either: Office) -> None:
    case, at = either.case("Kayleigh Marlow"), call_meeting(either)
    either.later()

    def stood(one: UUID) -> tuple[UUID, ...]:
        return agenda.items(either.desk, either.reader, one, either.desk.clock())

    came = ["ds.hart", "psw.ellis", "ds.hart"]
    meeting.hold(either.desk, either.reader, at, came, "a teacher; apologies: health", stood)
    with either.system.reading() as db:
        row = meetings.get(db, either.reader, at)
        stranger = meetings.get(db, staff(either)["stranger"], at)
        other = meetings.get(db, staff(either)["other"], at)
    assert row
    assert other
    assert (row.came, row.others) == (("ds.hart", "psw.ellis"), "a teacher; apologies: health")
    assert case in row.agenda
    assert stranger is None, "another team's"
    assert other.agenda == (), "a worker sees no family but their own"
    with pytest.raises(Refused, match="took place already"):
        meeting.hold(either.desk, either.reader, at, came, None, stood)


@pytest.mark.usually_on("sqlite")
def test_minutes_are_cut_to_their_reader(either: Office) -> None:
    case, man, at = (
        either.case("Kayleigh Marlow"),
        either.person("Dale Crane"),
        call_meeting(either),
    )
    words = either.words()
    family = decided(either, at, "see the parents", case=case, because_of=(str(words),)).id
    person = decided(either, at, "who is he", subject=man).id
    team = decided(either, at, "train the children's home").id
    people = staff(either, case)
    seen = {
        who: {row.id for row in decisions_shown(either, at, one)} for who, one in people.items()
    }
    assert seen["detective"] == {family, person, team}
    assert seen["theirs"] == {family, team}
    assert seen["other"] == {team}
    assert seen["manager"] == {family, team}
    assert seen["stranger"] == set()
    (theirs,) = [row for row in decisions_shown(either, at, people["theirs"]) if row.id == family]
    assert theirs.rests_on == (), "the words are another family's to them"


@pytest.mark.usually_on("sqlite")
def test_two_worlds_that_differ_in_what_is_hidden_look_the_same(either: Office) -> None:
    case, man, at = (
        either.case("Kayleigh Marlow"),
        either.person("Dale Crane"),
        call_meeting(either),
    )
    decided(either, at, "train the children's home")
    other = staff(either)["other"]

    def world() -> tuple[object, ...]:
        with either.system.reading() as db:
            return (
                meetings.list_meetings(db, other),
                meetings.get(db, other, at),
                meetings.decisions(db, other),
                meetings.added(db, other, at),
                meetings.boards(db, other, at),
                lines(either, at, other),
            )

    before = world()
    decided(either, at, "see the parents", case=case)
    decided(either, at, "who is he", subject=man)
    meeting.add_item(either.desk, either.reader, str(at), "her brother", case=str(case))
    board = BoardKept(UNNAMED, "map", "her friends", ())
    meeting.keep_board(either.desk, either.reader, str(at), board, [str(man)], case=str(case))
    assert world() == before


@pytest.mark.usually_on("sqlite")
def test_a_person_who_sees_neither_the_family_nor_the_decision_says_nothing_of_it(
    either: Office,
) -> None:
    case, at = either.case("Kayleigh Marlow"), call_meeting(either)
    one = decided(either, at, case=case).id
    people = staff(either, case)
    for which in (str(one), str(UUID(int=5))):
        with pytest.raises(Hidden, match="there is no decision"):
            meeting.record_result(either.desk, people["other"], which, "done", "seen")
    with pytest.raises(
        Denied, match="or the chair of the meeting can record the result of this decision"
    ):
        meeting.record_result(either.desk, people["theirs"], one, "done", "seen")
    with pytest.raises(Hidden):
        meeting.add_item(either.desk, people["stranger"], str(at), "ours")
    with pytest.raises(Denied, match="does not allow you to prepare briefs"):
        decided(either, at, reader=people["theirs"])
    made = MeetingCalled("other", either.desk.clock(), "Deter", "ds.hart")
    with pytest.raises(Denied, match="your role cannot call meetings of"):
        meeting.call(either.desk, people["detective"], made)


@pytest.mark.usually_on("sqlite")
def test_a_decision_rests_on_what_its_decider_may_see(either: Office) -> None:
    at, far = call_meeting(either), staff(either)["stranger"]
    hidden = either.words("told to Engage alone")
    made = MeetingCalled("other", either.desk.clock(), "Deter", "dc.far")
    theirs = meeting.call(either.desk, far, made).id
    with pytest.raises(Hidden):
        decided(either, theirs, because_of=(str(hidden),), reader=far, owner="dc.far")
    with pytest.raises(Hidden):
        decided(either, at, reader=far)


@pytest.mark.usually_on("sqlite")
def test_a_board_is_kept_and_is_material_of_its_case(either: Office) -> None:
    case, man, at = (
        either.case("Kayleigh Marlow"),
        either.person("Dale Crane"),
        call_meeting(either),
    )
    board = BoardKept(UNNAMED, "map", "who meets at the kebab shop", ())
    kept = meeting.keep_board(
        either.desk, either.reader, str(at), board, [str(man), str(case)], case=str(case)
    ).id
    with either.system.reading() as db:
        (row,) = meetings.boards(db, either.reader, at)
        assert kept in holders.parts(db, either.reader, case), "a disclosure officer finds it"
        assert item_references.item(either.desk, db, either.reader, str(kept)) == kept
        (theirs,) = meetings.boards(db, staff(either, case)["theirs"], at)
    assert set(row.shown) == {man, case}
    assert set(theirs.shown) == {case}


@pytest.mark.usually_on("sqlite")
def test_people_for_decision_are_kept_as_they_were_shown(either: Office) -> None:
    case, at, told = (
        either.case("Kayleigh Marlow"),
        call_meeting(either),
        (either.desk, either.reader),
    )
    man = entity.add_person(*told, "Dale Crane", (), categories=("suspect",), grounds="seen").id
    words = either.words("He waits for her", case=str(case))
    links.assert_link(*told, words, str(man), "Kayleigh Marlow", "association")
    with either.system.reading() as db:
        now = for_decision.list_people(db, either.reader, either.desk.clock())

    def seen() -> Facts:
        with either.desk.deciding() as db:
            return for_decision.facts(db, either.reader, either.desk.clock())

    meeting.show_people(either.desk, either.reader, str(at), ["ds.hart"], seen)
    decided(either, at, "arrest him", subject=man)
    with either.system.reading() as db:
        found = for_decision.read_saved(db, [either.reader], at)
        after = for_decision.list_people(db, either.reader, either.desk.clock())
        assert found
        assert [one.id for one in now.rows] == [man]
        assert found[1].rows == now.rows
        assert [(one.id, one.owner) for one in after.decided] == [(man, "ds.hart")]
        (row,) = meetings.boards(db, either.reader, at)
        assert row.to == ("ds.hart",)
        other = for_decision.read_saved(db, [staff(either)["other"]], at)
        assert other is None or not other[1].rows, "who sees neither learns nothing of it"


def test_who_is_erased_leaves_nothing_said_of_them_on_a_board_that_was_kept(office: Office) -> None:
    case, at, told = (
        office.case("Kayleigh Marlow"),
        call_meeting(office),
        (office.desk, office.reader),
    )
    man = entity.add_person(*told, "Dale Crane", (), categories=("suspect",), grounds="seen").id
    words = office.words("He waits for her", case=str(case))
    links.assert_link(*told, words, str(man), "Kayleigh Marlow", "association")

    def seen() -> Facts:
        with office.desk.deciding() as db:
            return for_decision.facts(db, office.reader, office.desk.clock())

    kept = meeting.show_people(*told, str(at), ["ds.hart"], seen).id
    clean = Redaction(words, words="Somebody waits for her")
    one, _ = erasure.propose(*told, [man], "part-3-s47", [clean])
    erasure.approve(office.desk, office.somebody("di.okoro"), one.id, office.system)
    first, *_ = office.system.logs["evidence"].history(kept)
    assert first.erased
    assert isinstance(first.event, BoardKept)
    assert first.event.facts is None
    assert first.event.to == ("ds.hart",), "who was shown it stays"
    with office.system.reading() as db:
        found = for_decision.read_saved(db, [office.reader], at)
        assert found is None or not found[1].rows
        every = db.execute(sa.select(meetings.PeopleRow.table)).all()
    assert str(man) not in repr(every)


@pytest.mark.usually_on("sqlite")
def test_a_support_worker_is_warned_of_words_that_ask_for_more(either: Office) -> None:
    at = call_meeting(either)
    plain = decided(either, at, "ring her on Friday").id
    asks = decided(either, at, "ask mum to keep an eye on the Corsa").id
    assert meeting.warning(either.desk, plain) is None
    warned = meeting.warning(either.desk, asks)
    assert warned
    assert "keep an eye on" in warned
    assert "source drift due" in warned


@pytest.mark.usually_on("sqlite")
def test_a_decision_that_is_put_off_stays_its_owners(either: Office) -> None:
    from commands.people_and_teams import due as commands_due

    at = call_meeting(either)
    decided(either, at, owner="psw.ellis")
    later = datetime(2011, 4, 20, tzinfo=UTC)
    with either.system.reading() as db:
        asked = due.DueFilter(clock="meeting-decision")
        (row,) = due.listed(db, either.reader, either.desk.clock(), asked)
    lead = either.somebody("m.ward")
    commands_due.answer(either.desk, lead, row.id, "again", "she is ill", until=later)
    with either.system.reading() as db:
        (again,) = due.listed(db, either.reader, either.desk.clock(), asked)
    assert (again.owner, again.due) == ("psw.ellis", later)


@pytest.mark.usually_on("sqlite")
def test_a_meeting_that_is_to_come_decides_nothing_yet(either: Office) -> None:
    at = call_meeting(either, hours=48)
    with pytest.raises(Refused, match="in the future"):
        decided(either, at)
    meeting.call_off(either.desk, either.reader, str(at)[-8:], MeetingCalledOff("snow"))
    with pytest.raises(Refused, match="called off"):
        meeting.add_item(either.desk, either.reader, str(at), "the car")


# --- erasures and legal holds --------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_what_a_meeting_said_of_a_family_goes_with_it_and_a_hold_keeps_it(either: Office) -> None:
    case, man, at = (
        either.case("Kayleigh Marlow"),
        either.person("Dale Crane"),
        call_meeting(either),
    )
    family = decided(either, at, "see the parents", case=case).id
    person = decided(either, at, "who is he", subject=man).id
    team = decided(either, at, "train the children's home").id
    board = BoardKept(UNNAMED, "map", "her friends", ())
    kept = meeting.keep_board(
        either.desk, either.reader, str(at), board, [str(case)], case=str(case)
    ).id
    made = erasure.plan(either.desk, either.reader, [case])
    fates = {item.id: item.fate for item in made.items}
    assert fates[family] == fates[kept] == "destroyed"
    assert not {person, team, at} & fates.keys()
    made = erasure.plan(either.desk, either.reader, [man])
    assert {item.id: item.fate for item in made.items}[person] == "destroyed"
    query = legal_hold.items_under_hold(either.desk, case)
    legal_hold.place(either.desk, either.reader, query, "inquiry", "the inquiry asked")
    held = erasure.plan(either.desk, either.reader, [case])
    assert {item.id: item.fate for item in held.items}.get(family) != "destroyed"
