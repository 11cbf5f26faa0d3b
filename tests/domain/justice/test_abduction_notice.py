"""After an abduction warning notice was issued, users record how it was served, and how the police
responded to a breach.
"""

from datetime import UTC, datetime

from domain.justice import abduction_notice
from domain.justice.abduction_notice import Breach, BreachFollowedUp, NoticeBreached, ServiceTold
from tests.domain.given import Given, begin, uid

NOTICE, MAN, WORDS, PHOTO = map(uid, range(1, 5))
SERVED, SEEN, ENDS, NOW = (datetime(2011, month, 9, 22, tzinfo=UTC) for month in (3, 5, 7, 8))
SEEN_THERE = NoticeBreached(NOTICE, MAN, WORDS, "a neighbour", "outside the arcade", SEEN)

unserved: Given[ServiceTold | None] = Given(None, abduction_notice.service)
nothing = Given(Breach(), abduction_notice.evolve)
breached = nothing.after(SEEN_THERE)


def _breach_at(happened: datetime) -> NoticeBreached:
    return NoticeBreached(NOTICE, MAN, WORDS, "a neighbour", "outside the arcade", happened)


def test_how_a_notice_was_served_is_as_it_was_reported_last() -> None:
    bare = ServiceTold("PC Lane", "his mother's house")
    whole = ServiceTold("PC Lane", "his mother's house", photograph=PHOTO)
    unserved.when(abduction_notice.tell_service, bare).then(bare).when(
        abduction_notice.tell_service, whole
    ).then(whole)
    unserved.after(whole).when(abduction_notice.tell_service, whole).then()
    unserved.when(abduction_notice.tell_service, ServiceTold(" ", "at home")).refused(
        "say who served the notice"
    )
    unserved.when(abduction_notice.tell_service, ServiceTold("PC Lane", " ")).refused(
        "say where the notice was served"
    )


def test_a_breach_lies_between_the_service_and_the_end_of_the_notice() -> None:
    told = begin(abduction_notice.breach)
    nothing.when(told, SEEN_THERE, SERVED, ENDS, NOW).then(SEEN_THERE)
    nothing.when(told, SEEN_THERE, SERVED, None, NOW).then(SEEN_THERE)
    nothing.when(told, _breach_at(SERVED), SERVED, ENDS, NOW).then(_breach_at(SERVED))
    nothing.when(told, SEEN_THERE, ENDS, None, NOW).refused("not yet served")
    nothing.when(told, _breach_at(ENDS), SERVED, ENDS, NOW).refused("had ended before")
    nothing.when(told, _breach_at(NOW), SERVED, None, SEEN).refused(
        "the time of the breach is in the future"
    )


def test_a_breach_says_who_saw_it_and_where() -> None:
    told = begin(abduction_notice.breach)
    unseen = NoticeBreached(NOTICE, MAN, WORDS, " ", "outside", SEEN)
    nothing.when(told, unseen, SERVED, ENDS, NOW).refused("say who saw the breach of the notice")
    nowhere = NoticeBreached(NOTICE, MAN, WORDS, "a neighbour", " ", SEEN)
    nothing.when(told, nowhere, SERVED, ENDS, NOW).refused("say where")


def test_a_breach_is_followed_up_once() -> None:
    did = BreachFollowedUp("arrested", "for taking her, s.2")
    breached.when(abduction_notice.follow_up, did).then(did).when(
        abduction_notice.follow_up, did
    ).then()
    other = BreachFollowedUp("nothing", "it was his brother")
    breached.after(did).when(abduction_notice.follow_up, other).refused("followed up already")
    breached.when(abduction_notice.follow_up, BreachFollowedUp("nothing", " ")).refused(
        "why nothing was"
    )
    nothing.when(abduction_notice.follow_up, did).refused(
        "there is no breach of a notice with this id"
    )
