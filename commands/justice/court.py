"""Commands for court proceedings in a case, and for the support of a family around them."""

from commands.families import child
from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, OnItem, ignoring_desk, unchanged, with_time
from commands.kernel.unit_of_work import Desk
from domain.justice import court
from domain.justice.court import (
    AccountTaken,
    Bail,
    Hearing,
    HearingSet,
    MeasureTold,
    PleaEntered,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.justice import court as view

#: Record a hearing in a case, of one person or of all.
set_hearing = InCase(unchanged(HearingSet), person=True)
#: Record that a court hearing was moved to another day.
move_hearing = OnItem("hearing", Hearing(), court.hearing, ignoring_desk(court.move))
#: Record the outcome of a court hearing.
hold_hearing = OnItem("hearing", Hearing(), court.hearing, with_time(court.hold))
#: Record that a person was bailed.
set_bail = InCase(ignoring_desk(court.grant_bail), person=True)
#: Record that a person's bail ended or was breached.
end_bail = OnItem("bail", Bail(), court.bail, ignoring_desk(court.end_bail))
#: Record how a defendant pleaded in court.
enter_plea = InCase(unchanged(PleaEntered), person=True)
#: Record that a special measure for a witness was requested, granted or refused.
tell_measure = InCase(unchanged(MeasureTold))


def _take_account(desk: Desk, reader: Reader, event: AccountTaken) -> tuple[Event, ...]:
    with desk.deciding() as db:
        theirs = child.cases_of(db, reader, event.case)
        before = sum(view.count_accounts(db, reader, case) for case in theirs)
    return court.take_account(event, before)


#: Record that a child gave an account in an interview. The accounts of the child that the reader
#: may see are numbered, over all cases.
take_account = InCase(_take_account)
#: Record a worker's support step around a trial, for the charity.
take_step = InCase(ignoring_desk(court.take_step), recorder=for_charity)
