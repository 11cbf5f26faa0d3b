"""A decision about a suspect with a link to a child is due to a team until a meeting of the team
has decided."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.clocks import CLOCKS
from domain.data_protection.erasure import ItemErased
from domain.intelligence.entity import (
    AgeRecorded,
    ClassificationEnded,
    PersonClassified,
    PersonRecorded,
)
from domain.intelligence.for_decision import WITHIN
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import Decided
from domain.kernel.values import LinkKind, PoleCategory
from projections import due
from projections.due import DueFilter, escalated, joined
from projections.due.undecided import JudgedRow
from tests.projections.tale import READER, Tale, Views, hour

NOW = hour(24 * 30)
WAITS = DueFilter(clock="person-undecided")


def somebody(tale: Tale, *categories: PoleCategory, child: bool | None = None) -> UUID:
    one = tale.tell(PersonRecorded(known=True, under_18=child, name="Baz"))
    for category in categories:
        tale.tell(PersonClassified(category, "told"), about=one)
    return one


def record_link(
    tale: Tale, one: UUID, other: UUID, kind: LinkKind = "association", team: str = "Engage"
) -> UUID:
    return tale.tell(LinkAsserted(one, other, kind, "information"), team=team)


def decided(tale: Tale, about: UUID, team: str = "Engage") -> UUID:
    words = Decided(UUID(int=7), "arrest", "arrest", "ds.hart", date(2011, 4, 1), about=about)
    return tale.tell(words, team=team)


def due_people(views: Views, tale: Tale) -> list[UUID]:
    views.follow(tale, views=(due.VIEW, joined.VIEW))
    with views.engine.connect() as db:
        return [row.item for row in due.listed(db, READER, NOW, WAITS)]


def test_it_is_due_seven_days_after_the_first_tie_and_a_supervisor_s(
    views: Views, tale: Tale
) -> None:
    man, girl = somebody(tale, "suspect"), somebody(tale, child=True)
    record_link(tale, man, girl)
    since = hour(len(tale.log.facts))
    record_link(tale, man, somebody(tale, "victim"))
    views.follow(tale, views=(due.VIEW, joined.VIEW))
    with views.engine.connect() as db:
        (row,) = due.listed(db, READER, since + WITHIN + timedelta(hours=1), WAITS)
    assert CLOCKS[row.clock].within == WITHIN == row.due - row.since
    assert (row.item, row.since, row.overdue) == (man, since, True)
    assert (row.owner, row.owner_role, row.chain) == (None, "supervisor", ("manager", "dci"))


@pytest.mark.parametrize(
    ("categories", "child"),
    [((), False), (("witness",), False), (("suspect", "convicted"), False),
     (("suspect", "eliminated"), False), (("suspect",), True), (("suspect", "victim"), None)],
)  # fmt: skip
def test_a_person_who_is_not_suspected_or_is_apart_waits_for_nothing(
    views: Views, tale: Tale, categories: tuple[PoleCategory, ...], child: bool | None
) -> None:
    record_link(tale, somebody(tale, *categories, child=child), somebody(tale, child=True))
    assert due_people(views, tale) == []


def test_it_follows_what_is_known_of_somebody(views: Views, tale: Tale) -> None:
    man, girl = somebody(tale), somebody(tale)
    record_link(tale, man, girl, "associate")
    tale.tell(PersonClassified("person-of-interest", "told"), about=man)
    assert due_people(views, tale) == []
    tale.tell(AgeRecorded(under_18=True), about=girl)
    assert due_people(views, tale) == [man]
    tale.tell(PersonClassified("acquitted", "a jury"), about=man)
    assert due_people(views, tale) == []
    tale.tell(ClassificationEnded("acquitted", "of another charge"), about=man)
    assert due_people(views, tale) == [man]


def test_a_decision_ends_it_until_something_new_ties_them(views: Views, tale: Tale) -> None:
    man, girl = somebody(tale, "suspect"), somebody(tale, child=True)
    link = record_link(tale, man, girl)
    decided(tale, somebody(tale, "suspect"))
    assert due_people(views, tale) == [man], "that was about somebody else"
    decided(tale, man)
    tale.tell(LinkAsserted(man, girl, "association", "information"), about=link)
    assert due_people(views, tale) == [], "what was decided has a clock of its own"
    record_link(tale, man, somebody(tale, child=True))
    assert due_people(views, tale) == [man]


def test_each_team_decides_by_its_own_links(views: Views, tale: Tale) -> None:
    man, girl = somebody(tale, "suspect"), somebody(tale, child=True)
    record_link(tale, man, girl)
    record_link(tale, man, girl, team="Freedom")
    assert due_people(views, tale) == [man, man]
    decided(tale, man, team="Freedom")
    with views.engine.connect() as db:
        views.follow(tale, views=(due.VIEW, joined.VIEW))
        (row,) = due.listed(db, READER, NOW, WAITS)
    assert row.team == "Engage"


def test_a_link_that_has_ended_asks_for_nothing(views: Views, tale: Tale) -> None:
    man, girl = somebody(tale, "suspect"), somebody(tale, child=True)
    first, second = record_link(tale, man, girl), record_link(tale, man, girl, "seen-at")
    tale.tell(LinkRetracted("another man"), about=first)
    assert due_people(views, tale) == [man]
    tale.tell(LinkRetracted("another man"), about=second)
    assert due_people(views, tale) == []


def test_a_decision_ends_it_for_all_who_are_judged_the_same(views: Views, tale: Tale) -> None:
    man, called = somebody(tale, "suspect"), somebody(tale)
    record_link(tale, called, somebody(tale, child=True))
    assert due_people(views, tale) == []
    pair = pair_stream(man, called)
    tale.tell(IdentityJudged(man, called, "same", "one phone"), about=pair)
    assert due_people(views, tale) == [called], "he is suspected under his other name"
    decided(tale, man)
    assert due_people(views, tale) == []
    tale.tell(IdentityRevoked(man, called, "two men"), about=pair)
    tale.tell(PersonClassified("suspect", "told"), about=called)
    assert due_people(views, tale) == [called]


def test_two_who_are_judged_the_same_are_owed_one_decision(views: Views, tale: Tale) -> None:
    man, called = somebody(tale, "suspect"), somebody(tale, "suspect")
    girl = somebody(tale, child=True)
    record_link(tale, man, girl)
    record_link(tale, called, girl)
    assert due_people(views, tale) == [man, called]
    tale.tell(IdentityJudged(man, called, "same", "one phone"), about=pair_stream(man, called))
    assert due_people(views, tale) == [man]
    record_link(tale, called, girl, team="Freedom")
    assert due_people(views, tale) == [man, called], "each team decides by its own links"


def test_nothing_goes_on_where_a_judgement_says_that_nothing_is_owed(
    views: Views, tale: Tale
) -> None:
    """If an identity judgement shows that no decision about a person is needed, the decision is in
    no list of due items any more, and no user is notified about it."""
    man, cleared = somebody(tale, "suspect"), somebody(tale, "eliminated")
    record_link(tale, man, somebody(tale, child=True))
    late = NOW + timedelta(days=60)
    views.follow(tale, views=(due.VIEW, joined.VIEW))
    with views.engine.connect() as db:
        assert [row.item for row in escalated.to_escalate(db, late, 9)] == [man]
    tale.tell(IdentityJudged(man, cleared, "same", "one phone"), about=pair_stream(man, cleared))
    assert due_people(views, tale) == []
    with views.engine.connect() as db:
        assert escalated.to_escalate(db, late, 9) == []


def test_an_erased_record_no_longer_says_who_is_suspected(views: Views, tale: Tale) -> None:
    man, called = somebody(tale, "suspect"), somebody(tale)
    girl = somebody(tale, child=True)
    record_link(tale, man, girl)
    record_link(tale, called, girl)
    tale.tell(IdentityJudged(man, called, "same", "one phone"), about=pair_stream(man, called))
    tale.tell(ItemErased(tale.new(), "person", "destroyed"), about=man)
    assert due_people(views, tale) == []
    with views.engine.connect() as db:
        assert len(db.execute(sa.select(JudgedRow.table)).all()) == 3, "all but his own"
