"""The register of abduction warning notices shows which are current, which will end and which were
breached, and the owners of notices are reminded.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec import structs

from commands.intelligence import identity
from commands.justice import abduction_notices, arrest_to_result, evidence
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.justice.abduction_notice import BreachFollowedUp, NoticeBreached, ServiceTold
from domain.justice.arrest_to_result import NoticeServed
from domain.justice.evidence import EvidenceGathered
from domain.kernel.codes import NoticeState
from domain.kernel.values import Reader, Refused
from projections import due
from questions.justice import in_force
from tests.access.rights import Rights
from tests.commands.office import Office

SERVED, SEEN = datetime(2011, 3, 1, tzinfo=UTC), datetime(2011, 3, 9, 22, tzinfo=UTC)


def warned(office: Office, born: date | None = date(1997, 5, 6), by: Reader | None = None) -> UUID:
    """Record that the reader `by` served a notice on a man called Baz, which forbids him contact
    with a child; return the id of the notice."""
    told = office.desk, office.reader
    child = entity.record_person(*told, name="Kay Moss", born=born).id
    served = NoticeServed(office.person("Baz"), child, "s2-caa-1984", None, SERVED)
    return arrest_to_result.serve_notice(
        office.desk, by or office.reader, served, because_of=("none-known",)
    ).id


def breached(office: Office, notice: UUID) -> UUID:
    seen = NoticeBreached(UNNAMED, UNNAMED, UNNAMED, "an aunt", "the arcade", SEEN)
    words = str(office.words("He had her in the car"))
    return abduction_notices.breach(office.desk, office.reader, str(notice), words, seen).id


def register(
    office: Office, state: NoticeState | None = None, reader: Reader | None = None
) -> list[in_force.Notice]:
    with office.system.reading() as db:
        found, _ = in_force.list_notices(db, reader or office.reader, office.desk.clock(), state)
    return found


def test_a_notice_lives_ends_soon_and_ends(either: Office) -> None:
    warned(either)
    (row,) = register(either)
    told = (row.state, row.recipient, row.child, row.expires, row.breaches)
    assert told == ("live", "Baz", "Kay Moss", date(2013, 5, 6), 0)
    either.later(24 * 770)  # the time is now 26 April 2013
    assert [one.state for one in register(either, "expiring")] == ["expiring"]
    assert len(register(either, "live")) == 1, "what is about to end is live"
    either.later(24 * 12)
    assert [one.state for one in register(either)] == ["expired"]
    assert not register(either, "live")


@pytest.mark.usually_on("sqlite")
def test_a_notice_whose_end_is_not_known_is_distinguished(either: Office) -> None:
    warned(either, born=None)
    assert [one.state for one in register(either, "end-not-known")] == ["end-not-known"]


@pytest.mark.usually_on("sqlite")
def test_how_it_was_served_is_read_with_its_exhibits(either: Office) -> None:
    notice = warned(either)
    made = EvidenceGathered("exhibit", "PL1", produced_by="PC Lane")
    photograph = evidence.gather(either.desk, either.reader, made).id
    told = ServiceTold("PC Lane", "his mother's house")
    abduction_notices.record_service(
        either.desk, either.reader, str(notice)[-8:], told, photograph=str(photograph)
    )
    (row,) = register(either)
    assert (row.served_by, row.place, row.photograph) == (
        "PC Lane",
        "his mother's house",
        photograph,
    )


@pytest.mark.usually_on("sqlite")
def test_a_breach_is_a_supervisors_until_it_was_followed_up(either: Office) -> None:
    breach = breached(either, warned(either))
    assert [(one.breaches, one.open) for one in register(either, "breached")] == [(1, 1)]
    with either.system.reading() as db:
        (row,) = due.listed(
            db, either.reader, either.desk.clock(), due.DueFilter(clock="notice-breach")
        )
    assert (row.item, row.owner, row.owner_role, row.tier) == (breach, None, "supervisor", "danger")
    did = BreachFollowedUp("arrested", "for taking her, s.2")
    abduction_notices.follow_up(either.desk, either.reader, str(breach), did)
    assert [(one.breaches, one.open) for one in register(either, "breached")] == [(1, 0)]
    with either.system.reading() as db:
        asked = due.DueFilter(clock="notice-breach")
        assert not due.listed(db, either.reader, either.desk.clock(), asked)


@pytest.mark.usually_on("sqlite")
def test_a_child_who_is_not_seen_is_revealed_by_no_row_and_no_number(either: Office) -> None:
    """The register shows a notice that protects a hidden child in no row and no count, even if the
    reader's own team recorded the notice."""
    theirs = structs.replace(either.reader, team="Freedom", name="dc.far")
    notice = warned(either, by=theirs)
    breached(either, notice)
    reader = Rights(("supervisor",), ("Freedom",)).of(theirs)
    assert len(register(either)) == 1
    assert not register(either, reader=reader)
    with either.system.reading() as db:
        assert in_force.list_notices(db, reader, either.desk.clock()) == ([], [])


@pytest.mark.usually_on("sqlite")
def test_a_recipient_under_18_is_known_under_every_record_of_theirs(either: Office) -> None:
    told = either.desk, either.reader
    child = entity.record_person(*told, name="Kay Moss", born=date(1997, 5, 6)).id
    lad = either.person("Lee")
    known = entity.record_person(*told, name="Lee Hart", born=date(1995, 5, 6)).id
    identity.judge(*told, str(lad), str(known), "same", "the same phone")
    served = NoticeServed(lad, child, "s2-caa-1984", None, SERVED)
    with pytest.raises(
        Refused, match="a notice to a person under 18 needs the rationale of a supervisor"
    ):
        arrest_to_result.serve_notice(*told, served, because_of=("none-known",))


# --- the law ends a notice when the child reaches an age ------------------------------------------


def record_notice_until(
    office: Office, ends: date | None, born: date | None = None
) -> tuple[UUID, UUID]:
    """Record a notice with its last day; return the ids of the notice and of the child that it
    protects.
    """
    told = office.desk, office.reader
    child = entity.record_person(*told, name="Kay Moss", born=born).id
    served = NoticeServed(office.person("Baz"), child, "s2-caa-1984", None, SERVED, ends)
    return arrest_to_result.serve_notice(*told, served, because_of=("none-known",)).id, child


def clocks(office: Office) -> dict[str, date]:
    """Return each deadline about the end or renewal of notices with its due day. Check that each is
    due to the store's user."""
    with office.system.reading() as db:
        rows = due.listed(db, office.reader, office.desk.clock(), due.DueFilter())
    own = [row for row in rows if row.clock in ("notice-expiry", "notice-renewal")]
    assert {one.owner for one in own} <= {office.reader.name}
    return {one.clock: (one.due - timedelta(seconds=1)).date() for one in own}


FAR, BORN = date(2030, 1, 1), date(1995, 9, 1)
BY_LAW = {"notice-expiry": date(2011, 9, 1), "notice-renewal": date(2011, 8, 18)}


def test_a_section_2_notice_ends_at_16_whatever_day_was_given(either: Office) -> None:
    record_notice_until(either, FAR, BORN)
    assert [(one.state, one.expires) for one in register(either)] == [("live", date(2011, 9, 1))]
    assert clocks(either) == BY_LAW, "its owner is warned two weeks before"
    either.later(24 * 170)
    assert [one.state for one in register(either)] == ["expired"]
    assert not register(either, "live")


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("ends", [FAR, None])
@pytest.mark.parametrize("how", ["birth date", "age", "merge"])
def test_a_birth_that_is_reported_later_moves_the_last_day(
    either: Office, how: str, ends: date | None
) -> None:
    _, child = record_notice_until(either, ends)
    desk, reader = either.desk, either.reader
    if how == "birth date":
        entity.record_age(desk, reader, str(child), None, BORN, None)
    elif how == "age":
        day = date(2011, 3, 1)
        entity.record_age(desk, reader, str(child), None, None, "15 yrs 6 months", as_of=day)
    else:
        other = entity.record_person(desk, reader, name="K Moss", born=BORN).id
        identity.judge(desk, reader, str(child), str(other), "same", "one school")
    assert [(one.state, one.expires) for one in register(either)] == [("live", date(2011, 9, 1))]
    assert clocks(either) == BY_LAW


@pytest.mark.usually_on("sqlite")
def test_a_girl_who_turns_out_to_be_16_has_no_live_notice(either: Office) -> None:
    notice, child = record_notice_until(either, FAR)
    entity.record_age(either.desk, either.reader, str(child), None, date(1995, 3, 2), None)
    assert [one.state for one in register(either)] == ["expired"]
    assert clocks(either)["notice-expiry"] == date(2011, 3, 2), "its owner is told at once"
    with pytest.raises(Refused, match="had ended before the time of the breach"):
        breached(either, notice)


@pytest.mark.usually_on("sqlite")
def test_an_earlier_day_that_was_told_stands_and_the_youngest_birth_protects(
    either: Office,
) -> None:
    _, child = record_notice_until(either, date(2011, 6, 1), BORN)
    assert [one.expires for one in register(either)] == [date(2011, 6, 1)]
    _, child = record_notice_until(either, FAR, BORN)
    other = entity.record_person(either.desk, either.reader, name="K M", born=date(1997, 5, 6)).id
    identity.judge(either.desk, either.reader, str(child), str(other), "same", "one school")
    assert {one.expires for one in register(either)} == {date(2011, 6, 1), date(2013, 5, 6)}
