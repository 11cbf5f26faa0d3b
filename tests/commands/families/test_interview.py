"""Parents are interviewed for an evaluation after a request and with consent in writing, and they
may withdraw.
"""

from datetime import date, timedelta
from uuid import UUID

import pytest
from msgspec import structs

from commands.families import interview
from commands.kernel.item_references import UNNAMED
from domain.families.interview import InterviewRequested, InterviewStepTaken
from domain.kernel.codes import InterviewStep
from domain.kernel.values import Denied, Refused
from projections.composed import interview_counts
from projections.families import interviews
from tests.access.rights import Rights
from tests.commands.office import Office

DAY = date(2011, 3, 17)


def requested(office: Office, case: str) -> str:
    made = InterviewRequested(UNNAMED, "Parents as partners", "parent", DAY)
    return str(interview.request(office.desk, office.reader, made, case).id)


def take(office: Office, which: str, *steps: InterviewStep, informed: bool = True) -> None:
    for step in steps:
        taken = InterviewStepTaken(step, DAY, informed)
        interview.take(office.desk, office.reader, which, taken)


def test_an_interview_needs_consent_which_can_be_withdrawn(either: Office) -> None:
    case = str(either.case("Kayleigh Marlow"))
    which = requested(either, case)
    with pytest.raises(Refused, match="held with consent"):
        take(either, which, "held")
    with pytest.raises(Refused, match="information sheet"):
        take(either, which, "consented", informed=False)
    take(either, which, "declined", "consented", "consented", "held", "withdrawn")
    with pytest.raises(Refused, match="as a new request"):
        take(either, which, "consented")
    with either.system.reading() as db:
        (row,) = interviews.of_case(db, either.reader, UUID(case))
    assert (row.study, row.step, row.step_day) == ("Parents as partners", "withdrawn", DAY)
    assert row.consented
    assert row.held
    fact = either.system.logs["evidence"].history(row.id)[0]
    assert (fact.controller, fact.regime) == ("charity", "uk-gdpr")


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("day", [DAY - timedelta(days=1), date(2031, 1, 1)])
def test_a_step_is_between_the_request_and_today(office: Office, day: date) -> None:
    which = requested(office, str(office.case("Kayleigh Marlow")))
    taken = InterviewStepTaken("declined", day)
    with pytest.raises(Refused) as refused:
        interview.take(office.desk, office.reader, which, taken)
    assert refused.value.field == "day"


def test_an_evaluator_reads_counts_of_ended_years_and_no_family(office: Office) -> None:
    """An evaluator reads counts of ended years, and no data of a family. (In the test, six of
    twelve families consent and are interviewed, and six decline.)
    """
    which = [requested(office, str(office.case(f"Child {number}"))) for number in range(12)]
    for place, one in enumerate(which):
        take(office, one, *(("consented", "held") if place < 6 else ("declined",)))
    evaluator = structs.replace(office.reader, name="evaluator")
    evaluator = Rights(("evaluator",), ("Engage",)).of(evaluator)
    far = Rights(("evaluator",), ("Deter",)).of(evaluator)
    now, later = office.desk.clock(), office.desk.clock() + timedelta(days=365)
    with office.system.reading() as db:
        assert interview_counts.counts(db, evaluator, now) == [], "the year has not ended"
        (row,) = interview_counts.counts(db, evaluator, later)
        assert interview_counts.counts(db, far, later) == []
    shown = (row.requested_shown, row.consented_shown, row.declined_shown, row.held_shown)
    assert (*shown, row.withdrawn_shown) == (12, 6, 6, 6, 0)
    take(office, which[0], "withdrawn")
    with office.system.reading() as db:
        (row,) = interview_counts.counts(db, evaluator, later)
    assert row.withdrawn_shown == "withheld", "one to four families"
    with pytest.raises(Denied):
        interview.take(office.desk, evaluator, which[1], InterviewStepTaken("withdrawn", DAY))
