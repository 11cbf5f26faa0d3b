"""Hearings are set, held and moved, also after a verdict; a further account by a child needs a
reason.
"""

from datetime import UTC, date, datetime

from domain.justice import court
from domain.justice.court import (
    AccountTaken,
    Bail,
    BailEnded,
    BailSet,
    Hearing,
    HearingHeld,
    HearingMoved,
    HearingSet,
    StepTaken,
)
from tests.domain.given import Given, begin, uid

CASE, MAN = map(uid, range(1, 3))
DAY, LATER = datetime(2011, 5, 9, 10, tzinfo=UTC), datetime(2011, 6, 6, 10, tzinfo=UTC)

nothing = Given(Hearing(), court.hearing)
set_for = nothing.after(HearingSet(CASE, "trial", DAY))
HELD = HearingHeld("adjourned", child_gave_evidence=True, defence_barristers=4)


def test_a_hearing_is_moved_until_it_was_held() -> None:
    moved = HearingMoved(LATER, "a witness is ill")
    set_for.when(court.move, moved).then(moved)
    set_for.when(court.move, HearingMoved(LATER, " ")).refused("say why the hearing was moved")
    set_for.when(court.move, HearingMoved(DAY, "said again")).then()
    nothing.when(court.move, moved).refused("there is no hearing with this id")
    set_for.after(HELD).when(court.move, moved).refused("this hearing took place already")


def test_a_hearing_is_held_once_it_was_there() -> None:
    set_for.when(court.hold, HELD, LATER).then(HELD)
    set_for.when(court.hold, HELD, datetime(2011, 5, 8, tzinfo=UTC)).refused(
        "this hearing is in the future"
    )
    set_for.when(court.hold, HearingHeld(" "), LATER).refused(
        "say what the outcome of the hearing was"
    )
    set_for.when(court.hold, HearingHeld("x", None, -1), LATER).refused(
        "give the number of defence barristers as 0 or more, or leave it out"
    )
    set_for.after(HELD).when(court.hold, HELD, LATER).then()
    nothing.when(court.hold, HELD, LATER).refused("there is no hearing with this id")


def test_bail_has_conditions_and_a_breach_is_recorded_after_its_end() -> None:
    free = Given(Bail(), court.bail)
    on = BailSet(CASE, MAN, "not to speak to her", date(2011, 4, 1))
    free.when(begin(court.grant_bail), on).then(on)
    free.when(begin(court.grant_bail), BailSet(CASE, MAN, " ")).refused("that there are none")
    ended, breached = BailEnded("ended"), BailEnded("breached", "seen at the school")
    free.when(court.end_bail, ended).refused("this record is not about bail")
    free.after(on).when(court.end_bail, ended).then(ended)
    free.after(on, ended).when(court.end_bail, ended).then()
    free.after(on, ended).when(court.end_bail, breached).then(breached)
    free.after(on, breached).when(court.end_bail, breached).then(breached)
    free.after(on, breached).when(court.end_bail, ended).then(ended)


def test_from_the_second_account_on_it_is_said_why_another_is_needed() -> None:
    bare = AccountTaken(CASE, "dc.rowe")
    nothing.when(begin(court.take_account), bare, 0).then(bare)
    nothing.when(begin(court.take_account), bare, 1).refused(
        "the child gave an account once already"
    )
    nothing.when(begin(court.take_account), bare, 3).refused(
        "the child gave an account 3 times already"
    )
    why = AccountTaken(CASE, "dc.rowe", why_again="she named another man")
    nothing.when(begin(court.take_account), why, 3).then(why)
    nothing.when(begin(court.take_account), AccountTaken(CASE, " "), 0).refused(
        "say who took the child's account"
    )


def test_who_sits_with_the_child_is_decided() -> None:
    bare = StepTaken(CASE, "sits-with-child", "planned")
    nothing.when(begin(court.take_step), bare).refused("who sits with the child")
    said = "psw.ellis, as the judge and her mother agreed on 3 May"
    decided = StepTaken(CASE, "sits-with-child", "planned", words=said)
    nothing.when(begin(court.take_step), decided).then(decided)
    visit = StepTaken(CASE, "pre-trial-visit", "done")
    nothing.when(begin(court.take_step), visit).then(visit)
