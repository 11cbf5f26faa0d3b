"""A family's way through court is recorded: planned visits and hearings become due on their day,
each account that the child had to give is counted, and the family is called nine months later."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from commands.families import casework, family_contact
from commands.intelligence import identity
from commands.justice import arrest_to_result, court
from commands.kernel.item_references import UNNAMED
from domain.families.family_contact import FamilyAsked
from domain.justice.arrest_to_result import ResultRecorded
from domain.justice.court import (
    AccountTaken,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingMoved,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.kernel.codes import StepState
from domain.kernel.values import Refused
from projections import due
from projections.families import cases
from projections.justice import court as view
from tests.access.rights import Rights
from tests.commands.office import Office

KNOWN = ("none-known",)
TRIAL = datetime(2011, 5, 9, 10, tzinfo=UTC)
OTHERS = {
    *("unallocated-child", "threshold-reassessment", "family-silence", "victim-told", "charter"),
    "supervision",
}


def due_items(office: Office) -> dict[str, due.DueItem]:
    """Return the user's open deadlines by their kind, without the kinds in `OTHERS`."""
    with office.system.reading() as db:
        rows = due.listed(db, office.reader, office.desk.clock(), due.DueFilter())
    return {row.clock: row for row in rows if row.clock not in OTHERS}


@pytest.mark.usually_on("sqlite")
def test_a_hearing_comes_back_on_its_day_and_moves_with_it(either: Office) -> None:
    case = either.case("Kayleigh Marlow")
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "parents")
    made = HearingSet(UNNAMED, "trial", TRIAL, court="Crown Court, Town A")
    hearing = court.set_hearing(either.desk, either.reader, made, str(case)).id
    row = due_items(either)["hearing"]
    assert (row.due, row.owner, row.tier) == (TRIAL, "psw.ellis", "law")
    later = TRIAL + timedelta(days=28)
    moved = HearingMoved(later, "a witness is ill")
    court.move_hearing(either.desk, either.reader, str(hearing)[-8:], moved)
    assert due_items(either)["hearing"].due == later
    either.later(24 * 100)
    held = HearingHeld("adjourned", child_gave_evidence=True, defence_barristers=4)
    court.hold_hearing(either.desk, either.reader, hearing, held)
    assert "hearing" not in due_items(either)
    with either.system.reading() as db:
        (told,) = view.hearings(db, either.reader, case)
    assert (told.starts, told.moved, told.result) == (later, "a witness is ill", "adjourned")
    assert (told.gave_evidence, told.barristers) == (True, 4)


@pytest.mark.usually_on("sqlite")
def test_a_visit_before_the_trial_comes_back_when_it_was_planned_for(either: Office) -> None:
    """Requirement W32: a visit to the court before the trial is due again on its planned day."""
    case = str(either.case("Kayleigh Marlow"))
    casework.allocate(either.desk, either.reader, case, "psw.ellis", "parents")

    def tell(state: StepState, when: datetime | None = None) -> due.DueItem | None:
        step = StepTaken(UNNAMED, "pre-trial-visit", state, when)
        court.take_step(either.desk, either.reader, step, case)
        return due_items(either).get("visit")

    assert tell("planned") is None, "no day is set"
    first, later = TRIAL - timedelta(days=14), TRIAL - timedelta(days=7)
    for when in (first, later):
        row = tell("planned", when)
        assert row
        assert (row.due, row.owner, row.owner_role) == (when, "psw.ellis", "psw")
    assert tell("planned") == row, "what was planned stands"
    assert tell("done", later) is None
    assert tell("planned", TRIAL), "a couple of visits"
    assert tell("not-wanted") is None


def test_bail_ends_on_its_day_or_is_breached(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), str(either.person("Dale Crane"))
    bail = BailSet(UNNAMED, UNNAMED, "not to speak to her", date(2011, 6, 1))
    made = court.set_bail(either.desk, either.reader, bail, str(case), man).id
    assert due_items(either)["bail-ends"].due.date() == date(2011, 6, 1)
    court.end_bail(
        either.desk, either.reader, str(made)[-8:], BailEnded("breached", "seen at the school")
    )
    with either.system.reading() as db:
        (row,) = view.bails(db, either.reader, case)
    assert (str(row.person), row.conditions, row.breached) == (man, "not to speak to her", True)


@pytest.mark.usually_on("sqlite")
def test_a_child_is_spared_another_account(either: Office) -> None:
    case = str(either.case("Kayleigh Marlow"))
    court.take_account(either.desk, either.reader, AccountTaken(UNNAMED, "dc.rowe"), case)
    again = AccountTaken(UNNAMED, "dc.stone")
    stranger = Rights(("detective",), (either.reader.team,)).of(either.somebody("dc.stone"))
    for reader in (either.reader, stranger):
        with pytest.raises(Refused, match="gave an account once already"):
            court.take_account(either.desk, reader, again, case)
    why = AccountTaken(UNNAMED, "dc.stone", why_again="she named another man")
    court.take_account(either.desk, either.reader, why, case)
    with pytest.raises(Refused, match="gave an account 2 times already"):
        court.take_account(either.desk, either.reader, again, case)


@pytest.mark.usually_on("sqlite")
def test_pleas_and_measures_are_reported_as_they_stand(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), str(either.person("Dale Crane"))
    for plea in ("not-guilty", "changed-to-guilty"):
        told = PleaEntered(UNNAMED, UNNAMED, plea)
        court.enter_plea(either.desk, either.reader, told, str(case), man)
    for state in ("asked", "granted"):
        measure = MeasureTold(UNNAMED, "screens", state)
        court.tell_measure(either.desk, either.reader, measure, str(case))
    with either.system.reading() as db:
        assert [row.plea for row in view.pleas(db, either.reader, case)] == [
            "not-guilty",
            "changed-to-guilty",
        ]
        assert [row.state for row in view.measures(db, either.reader, case)] == ["granted"]


def test_after_a_trial_a_family_is_debriefed_and_asked_at_one_three_and_nine_months(
    either: Office,
) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "parents")
    desk, reader = either.desk, either.reader
    verdict = ResultRecorded("convicted", man, case)
    arrest_to_result.record(desk, reader, verdict, because_of=KNOWN)
    after = {"debrief", "aftercare-1", "aftercare-3", "aftercare-9", "feedback"}
    assert set(due_items(either)) == after
    assert {row.owner for row in due_items(either).values()} == {"psw.ellis"}
    first = {clock: row.due for clock, row in due_items(either).items()}
    either.later(24 * 20)
    arrest_to_result.record(desk, reader, ResultRecorded("sentenced", man, case), because_of=KNOWN)
    assert {clock: row.due for clock, row in due_items(either).items()} == first, "one trial"
    court.take_step(desk, reader, StepTaken(UNNAMED, "debrief", "planned"), str(case))
    assert set(due_items(either)) == after, "planned is not done"
    court.take_step(desk, reader, StepTaken(UNNAMED, "debrief", "done"), str(case))
    court.take_step(desk, reader, StepTaken(UNNAMED, "aftercare", "done"), str(case))
    family_contact.ask(desk, reader, FamilyAsked(UNNAMED, "parents", "declined"), str(case))
    assert set(due_items(either)) == {"aftercare-3", "aftercare-9"}
    with either.system.reading() as db:
        assert [row.step for row in view.steps(db, reader, case)] == [
            "debrief",
            "debrief",
            "aftercare",
        ]


@pytest.mark.usually_on("sqlite")
def test_who_works_with_the_family_sees_its_hearings_and_no_other_worker_does(
    either: Office,
) -> None:
    case = either.case("Kayleigh Marlow")
    made = HearingSet(UNNAMED, "trial", TRIAL)
    court.set_hearing(either.desk, either.reader, made, str(case))
    team = (either.reader.team,)
    theirs = Rights(("psw",), team, (case,)).of(either.somebody("psw.ellis"))
    other = Rights(("psw",), team).of(either.somebody("psw.far"))
    detective = Rights(("detective",), team).of(either.somebody("dc.rowe"))
    with either.system.reading() as db:
        seen = [len(view.hearings(db, one, case)) for one in (theirs, detective, other)]
    assert seen == [1, 1, 0]


# --- later facts, and facts that are recorded late -----------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_breach_ends_no_bail_and_stays_in_sight(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), str(either.person("Dale Crane"))
    bail = BailSet(UNNAMED, UNNAMED, "not to speak to her", date(2011, 6, 1))
    made = court.set_bail(either.desk, either.reader, bail, str(case), man).id
    court.end_bail(either.desk, either.reader, made, BailEnded("breached", "seen at the school"))
    assert "bail-ends" in due_items(either)
    court.end_bail(either.desk, either.reader, made, BailEnded("ended"))
    assert "bail-ends" not in due_items(either)
    with either.system.reading() as db:
        (row,) = view.bails(db, either.reader, case)
    assert (row.ended, row.breached, row.note) == (True, True, "seen at the school")


@pytest.mark.usually_on("sqlite")
def test_who_was_not_reached_is_queried_again(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    ended = ResultRecorded("acquitted", man, case)
    arrest_to_result.record(either.desk, either.reader, ended, because_of=KNOWN)
    unreached = FamilyAsked(UNNAMED, "parents", "not-reached")
    family_contact.ask(either.desk, either.reader, unreached, str(case))
    assert "feedback" in due_items(either)


@pytest.mark.usually_on("sqlite")
def test_another_trial_begins_it_anew_and_a_sentence_does_not(either: Office) -> None:
    case, desk, reader = either.case("Kayleigh Marlow"), either.desk, either.reader
    one, other = either.person("Dale Crane"), either.person("Lee Pike")
    arrest_to_result.record(desk, reader, ResultRecorded("convicted", one, case), because_of=KNOWN)
    court.take_step(desk, reader, StepTaken(UNNAMED, "debrief", "done"), str(case))
    either.later(24)
    arrest_to_result.record(desk, reader, ResultRecorded("sentenced", one, case), because_of=KNOWN)
    assert "debrief" not in due_items(either)
    either.later(24 * 60)
    arrest_to_result.record(
        desk, reader, ResultRecorded("acquitted", other, case), because_of=KNOWN
    )
    assert "debrief" in due_items(either)


@pytest.mark.usually_on("sqlite")
def test_a_verdict_that_is_recorded_late_counts_from_the_day_it_was(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    was = either.desk.clock() - timedelta(days=40)
    verdict = ResultRecorded("convicted", man, case, was)
    arrest_to_result.record(either.desk, either.reader, verdict, because_of=KNOWN)
    found = due_items(either)
    assert set(found) == {"debrief", "aftercare-3", "aftercare-9", "feedback"}
    assert found["aftercare-3"].due == was + timedelta(days=91)


@pytest.mark.usually_on("sqlite")
def test_a_debrief_after_a_verdict_that_is_reported_later_still_counts(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    was = either.desk.clock()
    either.later(24)
    done = StepTaken(UNNAMED, "debrief", "done")
    court.take_step(either.desk, either.reader, done, str(case))
    either.later(24)
    verdict = ResultRecorded("convicted", man, case, was)
    arrest_to_result.record(either.desk, either.reader, verdict, because_of=KNOWN)
    assert "debrief" not in due_items(either)
    assert "aftercare-1" in due_items(either)


@pytest.mark.usually_on("sqlite")
def test_accounts_are_counted_by_the_child_as_far_as_the_reader_sees_its_cases(
    either: Office,
) -> None:
    first, second = either.case("Kayleigh Marlow"), either.case("Kayleigh Marlowe")
    court.take_account(either.desk, either.reader, AccountTaken(UNNAMED, "dc.rowe"), str(first))
    again = AccountTaken(UNNAMED, "dc.stone")
    with either.system.reading() as db:
        children = cases.children(db, either.reader)
    identity.judge(
        either.desk, either.reader, str(children[first]), str(children[second]), "same", "one girl"
    )
    team = (either.reader.team,)
    here = Rights(("psw",), team, (second,), (children[second],)).of(either.somebody("psw.ellis"))
    court.take_account(either.desk, here, again, str(second), command_id=uuid4())
    with pytest.raises(Refused, match="gave an account 2 times already"):
        court.take_account(either.desk, either.reader, again, str(second))
