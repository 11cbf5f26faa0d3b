"""A family is informed of each step of the case within a working day (Victims' Code), unless the
family prefers no news. News of police steps waits until the child was asked for a view."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from commands.erasure import retention
from commands.families import casework
from commands.families import family_contact as family
from commands.justice import arrest_to_result, court
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import due as due_commands
from domain.families.family_contact import FamilyTold
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.justice.court import HearingHeld, HearingSet
from domain.kernel.codes import Clock
from domain.kernel.values import Reader, Refused
from projections import due
from projections.due import victims
from projections.families import cases
from projections.families import family_contact as families
from tests.access.rights import Rights
from tests.commands.office import Office

NONE = ("none-known",)
FRIDAY = datetime(2011, 3, 18, 9, tzinfo=UTC)
MONDAYS_END = datetime(2011, 3, 22, tzinfo=UTC)


def due_updates(
    office: Office, reader: Reader | None = None, clock: Clock = "victim-told"
) -> list[due.DueItem]:
    with office.system.reading() as db:
        asked = due.DueFilter(clock=clock)
        return due.listed(db, reader or office.reader, office.desk.clock(), asked)


def arrested(office: Office, case: UUID, man: UUID) -> UUID:
    return arrest_to_result.record(
        office.desk, office.reader, ArrestMade(man, case), because_of=NONE
    ).id


def record_feedback(
    office: Office, case: UUID, *steps: Any, reader: Reader | None = None, **more: Any
) -> UUID:
    became = more.pop("became", "step")
    told = FamilyTold(UNNAMED, "parent", became, "phone", steps=steps, **more)
    return family.record_feedback(office.desk, reader or office.reader, told, str(case)).id


@pytest.mark.usually_on("sqlite")
def test_a_family_is_informed_of_an_arrest_by_the_end_of_the_next_working_day(
    either: Office,
) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    casework.allocate(either.desk, either.reader, str(case), "psw.ellis", "parents")
    arrested(either, case, man)
    (row,) = due_updates(either)
    assert (row.item, row.due, row.owner) == (case, MONDAYS_END, "psw.ellis")
    assert (row.tier, row.chain) == ("law", ("supervisor", "dci"))
    with pytest.raises(Refused, match="Ask the child first, and record the child's view"):
        record_feedback(either, case, "arrest")
    record_feedback(either, case, "arrest", childs_view="agrees")
    assert not due_updates(either)
    with either.system.reading() as db:
        (told,) = families.list_news(db, either.reader, case)
        (step,) = victims.steps(db, either.reader, case)
    assert told.said == "Somebody was arrested."
    assert (step.step, step.by, step.declined) == ("arrest", either.reader.name, False)


@pytest.mark.usually_on("sqlite")
def test_a_restriction_takes_no_right_to_be_informed_away(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    arrest = arrested(either, case, man)
    before = due_updates(either)
    retention.restrict(
        either.desk, either.reader, [arrest, man], "his solicitor wrote", ground="part-3-s47-2"
    )
    assert due_updates(either) == before
    with either.system.reading() as db:
        assert victims.steps(db, either.reader, case) == [], "who is told what is asked first"


def test_it_is_never_put_off(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    arrested(either, case, man)
    (row,) = due_updates(either)
    for answer in ("done", "again"):
        until = datetime(2011, 6, 1, tzinfo=UTC) if answer == "again" else None
        with pytest.raises(Refused):
            due_commands.answer(either.desk, either.reader, row.id, answer, "later", until=until)
    assert due_updates(either) == [row]


def test_the_clock_runs_from_the_first_step_of_which_nobody_told_them(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    told = desk, reader = either.desk, either.reader
    hearing = court.set_hearing(*told, HearingSet(UNNAMED, "trial", FRIDAY), str(case)).id
    arrested(either, case, man)
    either.later(24 * 3)
    court.hold_hearing(*told, hearing, HearingHeld("adjourned"))
    arrest_to_result.record(desk, reader, ResultRecorded("convicted", man, case), because_of=NONE)
    (first,) = due_updates(either)
    assert first.due == MONDAYS_END
    record_feedback(either, case, "hearing")
    assert due_updates(either) == [first], "the arrest is still untold"
    record_feedback(
        either, case, "arrest", childs_view="not-asked", weighed="she is not to be reached"
    )
    (then,) = due_updates(either)
    assert then.due == datetime(2011, 3, 23, tzinfo=UTC)
    record_feedback(either, case, "verdict", became="news-declined")
    assert not due_updates(either)
    with either.system.reading() as db:
        rows = {row.step: row.declined for row in victims.steps(db, reader, case)}
    assert rows == {"arrest": False, "hearing": False, "verdict": True}


@pytest.mark.usually_on("sqlite")
def test_what_happens_later_is_reported_anew(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    record_feedback(either, case, "arrest", childs_view="agrees")
    arrested(either, case, man)
    assert len(due_updates(either)) == 1


@pytest.mark.usually_on("sqlite")
def test_a_child_who_is_arrested_in_their_own_case_is_no_news_to_their_family(
    either: Office,
) -> None:
    case = either.case("Kayleigh Marlow")
    with either.system.reading() as db:
        child = cases.children(db, either.reader, case)[case]
    arrested(either, case, child)
    assert not due_updates(either)


@pytest.mark.usually_on("sqlite")
def test_who_supports_the_family_learns_that_there_is_news_and_no_arrest(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    arrest = arrested(either, case, man)
    worker = Rights(("psw",), ("Pace",), (case,)).of(either.somebody("psw.ellis"))
    social = Rights(("social-worker",), ("Care",), (case,)).of(either.somebody("sw.vane"))
    (row,) = due_updates(either, worker)
    assert str(arrest) not in " ".join((*row.because, str(row.item), str(row.id)))
    assert not due_updates(either, social), "nor does the social worker learn of it"
    with either.system.reading() as db:
        assert not victims.steps(db, social, case)
        assert len(victims.steps(db, worker, case)) == 1


@pytest.mark.usually_on("sqlite")
def test_an_officer_tells_a_family_for_the_police(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    arrested(either, case, man)
    officer = Rights(("detective",), (either.reader.team,)).of(either.somebody("dc.rowe"))
    record_feedback(either, case, "arrest", reader=officer, childs_view="agrees")
    assert not due_updates(either)
    fact = next(one for one in either.facts() if isinstance(one.event, FamilyTold))
    assert (fact.controller, fact.by) == (officer.controller, "dc.rowe")


def monthly(office: Office) -> list[tuple[datetime, datetime]]:
    """Return the start and the due time of the family's monthly update."""
    return [(row.since, row.due) for row in due_updates(office, clock="victim-updated")]


@pytest.mark.usually_on("sqlite")
def test_a_family_hears_each_month_about_the_case(either: Office) -> None:
    """Victims' Code, right 6: a family is informed about the case each month, even if nothing
    happened.
    """
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    assert not monthly(either), "there is no case of the police yet"
    arrested(either, case, man)
    ((since, by),) = monthly(either)
    assert by - since == timedelta(days=31)
    either.later(24 * 20)
    record_feedback(either, case, "arrest", childs_view="agrees")
    ((heard, _),) = monthly(either)
    assert heard - since >= timedelta(days=19)
    either.later(24 * 20)
    record_feedback(either, case, "update")
    ((again, _),) = monthly(either)
    assert again - heard >= timedelta(days=19)
    verdict = ResultRecorded("convicted", man, case)
    arrest_to_result.record(either.desk, either.reader, verdict, because_of=NONE)
    assert not monthly(either), "what comes after has clocks of its own"


@pytest.mark.usually_on("sqlite")
def test_they_may_agree_otherwise(either: Office) -> None:
    case, man = either.case("Kayleigh Marlow"), either.person("Dale Crane")
    arrested(either, case, man)
    (row,) = due_updates(either, clock="victim-updated")
    until = datetime(2011, 9, 1, tzinfo=UTC)
    why = "each half year is enough, she says"
    due_commands.answer(either.desk, either.reader, row.id, "again", why, until=until)
    assert due_updates(either, clock="victim-updated")[0].due == until
    record_feedback(either, case, "update", became="news-declined")
    assert not monthly(either)
    record_feedback(either, case, "update")
    assert monthly(either)
