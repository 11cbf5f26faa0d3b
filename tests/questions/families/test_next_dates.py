"""A family's page shows its next dates, the nights on which its child was missing by week, and gaps
in the record.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from commands.families import casework, family_contact
from commands.justice import court
from commands.kernel.item_references import UNNAMED
from domain.families.family_contact import PromiseMade
from domain.families.referral import MissingReported
from domain.justice.court import BailSet, HearingSet
from projections.missing.rows import EpisodeRow
from questions.families import case as whole
from questions.families.case import Family
from questions.families.next_dates import WEEKS, gaps, missing_weeks, next_dates
from tests.commands.office import Office, opened
from tests.domain.given import uid

TODAY = date(2011, 3, 18)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = opened(tmp_path_factory.mktemp("dates") / "store")
    yield made
    made.system.close()


def family(office: Office, case: UUID) -> Family:
    with office.system.reading() as db:
        found = whole.shown(office.desk, db, office.reader, case, office.desk.clock())
    assert found
    return found


def test_what_has_a_date_comes_soonest_first_and_leads_to_its_section(office: Office) -> None:
    case, man, desk, reader = office.case(), office.person(), office.desk, office.reader
    worker = office.somebody("psw.ellis")
    promise = PromiseMade(case, "parents", "ring her", TODAY + timedelta(days=2))
    family_contact.promise(desk, worker, promise, str(case))
    trial = HearingSet(UNNAMED, "trial", datetime(2011, 3, 19, 10, tzinfo=UTC), court="Court 2")
    court.set_hearing(desk, reader, trial, str(case))
    for until in (TODAY + timedelta(days=9), TODAY - timedelta(days=9)):
        court.set_bail(desk, reader, BailSet(UNNAMED, UNNAMED, "none", until), str(case), str(man))
    found = next_dates(family(office, case), TODAY)
    assert [(one.day.day, one.what, one.words, one.place) for one in found] == [
        (19, "Trial", "Court 2", "court"),
        (20, "Promise", "ring her", "promised"),
        (21, "Tell the family", "bail", "steps"),
        (21, "Tell the family", "bail", "steps"),
        (27, "Bail ends", "Baz", "court"),
    ]


def test_a_case_says_what_it_lacks(office: Office) -> None:
    case = office.case("Paige")
    lacks = gaps(family(office, case))
    assert lacks == [
        "No worker for the child",
        "No worker for the parents",
        "No risk rating",
        "No carer recorded",
    ]
    for whom in ("child", "parents"):
        casework.allocate(office.desk, office.reader, str(case), f"psw.{whom}", whom)
    casework.report_missing(office.desk, office.reader, str(case), MissingReported())
    assert gaps(family(office, case)) == [
        "No risk rating",
        "No trigger plan for a missing child",
        "No carer recorded",
    ]


def episode(first: date, last: date | None) -> EpisodeRow:
    """Return a missing episode with these nights; it has not ended if `last` is None."""
    at = datetime.combine(first, datetime.min.time(), UTC)
    number = first.toordinal()
    over = last.toordinal() if last else None
    return EpisodeRow(uid(1), 1, uid(2), "Engage", "", at, at, number, "psw.ellis", last=over)


def test_nights_missing_are_counted_by_week_and_an_open_episode_until_today() -> None:
    weeks = missing_weeks(
        [episode(date(2011, 3, 5), date(2011, 3, 8)), episode(date(2011, 3, 16), None)], TODAY
    )
    assert len(weeks) == WEEKS
    assert [(week.start, week.nights) for week in weeks[-3:]] == [
        (date(2011, 2, 28), 2),
        (date(2011, 3, 7), 1),
        (date(2011, 3, 14), 2),
    ]
    assert not any(week.nights for week in weeks[:-3])
