"""A trail (the list of steps that led to an item) always says that steps may be hidden. Only the
auditor sees which steps are hidden."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from access.who_may import telling
from commands.families import casework
from commands.justice import arrest_to_result
from commands.people_and_teams import grant
from domain.families.referral import MissingReported
from domain.justice.arrest_to_result import ArrestMade
from domain.kernel.values import Role
from projections.kernel import trail
from tests.support.access.closed_steps import MAY_HAVE, Arrest


@pytest.mark.usually_on("sqlite")
def test_a_sergeants_trail_says_that_steps_may_be_closed_and_no_more(made: Arrest) -> None:
    told = made.back("a.detective")
    assert {step.id for step in told.steps} == {made.report, made.arrest}
    assert (told.note, told.gaps, told.whole) == (telling.CLOSED, None, None)


@pytest.mark.parametrize("role", MAY_HAVE)
@pytest.mark.usually_on("sqlite")
def test_the_sentence_is_the_same_whether_a_step_is_closed_or_not(made: Arrest, role: Role) -> None:
    """The trail of a case says the same about hidden steps whether or not it has any."""
    reader = f"a.{role}"
    assert made.back(reader, made.case).note == telling.CLOSED
    assert made.forward(reader, made.case).note == telling.CLOSED
    assert made.back(reader).note == telling.CLOSED


@pytest.mark.usually_on("sqlite")
def test_who_sees_every_step_is_shown_nothing_of_closed_ones(made: Arrest) -> None:
    told = made.back("a.intelligence-officer")
    assert {step.id for step in told.steps} == {made.words, made.report, made.arrest}
    assert told.note is None


def test_two_worlds_that_differ_in_a_closed_step_are_shown_the_same(made: Arrest) -> None:
    """The trail (list of steps) of an arrest does not reveal that the arrest is based on a hidden
    entry. It is the same as if the arrest were based on no entry."""
    desk, engage = made.office.desk, made.staff.now("a.detective")
    skez = made.office.desk.logs["evidence"].history(made.arrest)[0].event.person  # type: ignore[attr-defined]
    bare = arrest_to_result.record(
        desk, engage, ArrestMade(skez, made.case), because_of=("none-known",)
    ).id
    hidden = arrest_to_result.record(
        made.office.desk,
        made.staff.now("a.intelligence-officer"),
        ArrestMade(skez, made.case),
        because_of=(str(made.words),),
    ).id

    def told(item: UUID) -> object:
        found = made.back("a.detective", item)
        steps = [(step.event, step.stage, step.because_of) for step in found.steps]
        return steps, found.note, found.gaps, found.whole

    assert told(bare) == told(hidden)


@pytest.mark.usually_on("sqlite")
def test_the_auditor_sees_each_gap_for_certain_and_opens_it_by_an_authority(made: Arrest) -> None:
    told = made.back("a.auditor")
    assert told.gaps
    assert [(gap.step, gap.event, gap.stage) for gap in told.gaps] == [
        (1, "observation.recorded", "information"),
        (4, "observation.assessed", "intelligence"),
    ]
    first = made.office.desk.logs["evidence"].history(made.words)[0]
    assert told.gaps[0].learned == first.recorded
    shown = msgspec.json.encode(told).decode()
    assert str(made.words) not in shown
    assert "red car" not in shown
    until = made.office.system.clock() + timedelta(days=1)
    why = "the yearly audit"
    lead = made.staff.now("a.manager")
    grant.give_authority(made.office.desk, lead, "a.auditor", str(made.case), "audit", until, why)
    opened = made.back("a.auditor")
    assert {step.id for step in opened.steps} == {made.words, made.report, made.arrest}
    assert (opened.gaps, opened.whole) == ((), told.whole)


@pytest.mark.usually_on("sqlite")
def test_an_open_store_says_nothing_of_it(made: Arrest) -> None:
    with made.office.system.reading() as db:
        told = trail.back(db, made.office.reader, made.arrest)
    assert (told.note, told.gaps) == (None, None)


@pytest.mark.usually_on("sqlite")
def test_what_became_of_it_is_what_came_after(made: Arrest) -> None:
    """The trail of an arrest shows the facts that followed from the arrest, such as later changes
    of the case. It does not show that the case was opened before.
    """
    desk, io = made.office.desk, made.staff.now("a.intelligence-officer")
    made.office.later()
    missing = MissingReported(since=made.office.system.clock())
    casework.report_missing(desk, io, str(made.case), missing, because_of=(str(made.arrest),))
    told = made.forward("a.intelligence-officer", made.arrest)
    assert [step.event for step in told.steps] == ["justice.arrest_made", "case.missing_reported"]
    whole = made.forward("a.intelligence-officer", made.words)
    assert [step.event for step in whole.steps if step.id == made.report] == [
        "report.opened",
        "report.item_graded",
    ]
