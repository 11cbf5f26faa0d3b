"""A MARAC referral (to a conference about domestic abuse) is due on its day until a decision is
recorded; a young person who moved to adult services is contacted again later.
"""

from datetime import date

import pytest
from msgspec import structs

from commands.families import casework, marac
from commands.intelligence import identity
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.marac import MaracHeard, MaracReferred
from domain.kernel.codes import Clock, MaracGround
from domain.kernel.values import Refused
from projections import due
from projections.families import cases
from projections.families import marac as view
from tests.access.rights import Rights
from tests.commands.office import Office

REFERRED = MaracReferred(UNNAMED, ("judgement",), date(2011, 4, 1), "he waits outside her flat")
CLOCKS: tuple[Clock, ...] = ("marac", "adult-services")


def due_dates(office: Office) -> dict[Clock, date]:
    """Return the due date of each open deadline of the kinds in `CLOCKS` that the user sees."""
    with office.system.reading() as db:
        rows = due.listed(db, office.reader, office.desk.clock(), due.DueFilter())
    return {row.clock: row.due.date() for row in rows if row.clock in CLOCKS}


def test_it_comes_back_on_its_day_and_one_within_a_year_is_a_repeat(either: Office) -> None:
    """Requirement W40: a MARAC referral is due on its day, and a second referral within a year is a
    repeat.
    """
    desk, reader = either.desk, either.reader
    case = either.case("Kayleigh Marlow")
    told = str(case)
    one = marac.refer(desk, reader, REFERRED, told).id
    assert due_dates(either) == {"marac": date(2011, 4, 1)}
    later, today = date(2011, 5, 6), desk.clock().date()
    marac.hear(desk, reader, one, MaracHeard("put-off", "nobody of housing came", today, later))
    assert due_dates(either) == {"marac": later}
    marac.hear(desk, reader, one, MaracHeard("plan", "an adviser rings her", today))
    assert due_dates(either) == {}
    marac.refer(desk, reader, REFERRED, told)
    with either.system.reading() as db:
        first, again = view.of_case(db, reader, case)
    assert (first.grounds, first.decided) == (
        ("judgement",),
        ("nobody of housing came", "an adviser rings her"),
    )
    assert again.grounds == ("judgement", "repeat")


def test_it_is_a_repeat_for_the_child_in_whichever_of_their_cases_it_was_heard(
    office: Office,
) -> None:
    """A MARAC referral (to a conference about domestic abuse) counts as a repeat if any of the
    child's cases had a referral in the year before. A case that the reader may not see does not
    count.
    """
    desk, reader = office.desk, office.reader
    first, second = office.case("Kayleigh Marlow"), office.case("Kayleigh Marlowe")
    heard = marac.refer(desk, reader, REFERRED, str(first)).id
    marac.hear(desk, reader, heard, MaracHeard("plan", "a plan", desk.clock().date()))
    with office.system.reading() as db:
        children = cases.children(db, reader)
    same = (str(children[first]), str(children[second]))
    identity.judge(desk, reader, *same, "same", "one girl")
    here = Rights(("psw",), (reader.team,), (second,), (children[second],))
    worker = here.of(office.somebody("psw.ellis"))

    def grounds(told: MaracReferred) -> tuple[MaracGround, ...]:
        with office.system.reading() as db:
            return next(
                one.grounds for one in view.of_case(db, reader, second) if one.meets == told.meets
            )

    for who, meets, found in (
        (worker, date(2011, 4, 2), ("judgement",)),
        (reader, date(2011, 4, 3), ("judgement", "repeat")),
    ):
        told = structs.replace(REFERRED, meets=meets)
        marac.refer(desk, who, told, str(second))
        assert grounds(told) == found


def test_of_a_child_known_to_be_younger_it_is_refused(office: Office) -> None:
    case = str(office.case("Kayleigh Marlow"))
    entity.record_age(office.desk, office.reader, "Kayleigh Marlow", None, None, "15")
    with pytest.raises(Refused, match="domestic abuse of a younger child is child abuse, so"):
        marac.refer(office.desk, office.reader, REFERRED, case)


def test_a_young_person_who_went_over_to_adult_services_is_followed_up(office: Office) -> None:
    """Requirements W40 and W49: a young person who moved to adult services is contacted again
    later.
    """
    case = office.case("Kayleigh Marlow")
    casework.assess_exit(
        office.desk, office.reader, str(case), "moved-to-adult-services", "she is 18"
    )
    office.agreed(case, "exit")
    assert due_dates(office) == {"adult-services": date(2011, 4, 15)}
