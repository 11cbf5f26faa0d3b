"""Each kind of link may join only certain kinds of people and things. A link may end on a date."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.intelligence import link
from domain.intelligence.link import Link, LinkAsserted, LinkRetracted
from domain.kernel.values import ENTITY_KINDS, LINK_KINDS, EntityKind, Grade, LinkKind
from tests.domain.given import Given, uid

BAZ, CORSA, OTHER, WORDS = map(uid, range(1, 5))
USES = LinkAsserted(BAZ, CORSA, "uses", "information", observation=WORDS)
ENDS = ("person", "vehicle")
nothing = Given(Link(), link.evolve)
live = nothing.after(USES)


@pytest.mark.parametrize("kind", LINK_KINDS)
def test_a_link_joins_the_ends_of_its_shape_and_no_others(kind: LinkKind) -> None:
    shape = LINK_KINDS[kind]
    told = LinkAsserted(BAZ, CORSA, kind, "information")
    for ends in product(ENTITY_KINDS, repeat=2):
        deciding = nothing.when(link.assert_link, told, ends)
        if ends[0] in shape.source and ends[1] in shape.target:
            deciding.then(told)
        else:
            deciding.refused(f"does not join a {ends[0]} to a {ends[1]}")


def test_a_person_is_not_tied_to_themselves() -> None:
    alone = LinkAsserted(BAZ, BAZ, "associate", "information")
    nothing.when(link.assert_link, alone, ("person", "person")).refused("two different ends")


def test_a_link_does_not_end_before_it_began() -> None:
    at = datetime(2011, 3, 18, tzinfo=UTC)
    told = LinkAsserted(
        BAZ, CORSA, "uses", "information", valid_from=at, valid_to=at - timedelta(hours=1)
    )
    nothing.when(link.assert_link, told, ENDS).refused("ends before it begins")


def test_information_carries_no_grade() -> None:
    told = LinkAsserted(BAZ, CORSA, "uses", "information", grade=Grade.parse("1A"))
    nothing.when(link.assert_link, told, ENDS).refused(
        "a link that is based on ungraded information has no grade"
    )


def test_a_report_raises_a_link_that_keeps_its_ends() -> None:
    graded = LinkAsserted(BAZ, CORSA, "uses", "intelligence", grade=Grade.parse("2A"))
    assert live.when(link.assert_link, graded, ENDS).then(graded).state.last == graded
    elsewhere = LinkAsserted(OTHER, CORSA, "uses", "intelligence", grade=Grade.parse("2A"))
    live.when(link.assert_link, elsewhere, ENDS).refused("the ends of a link cannot be changed")


def test_a_link_is_retracted_once_with_a_reason_and_may_come_back() -> None:
    nothing.when(link.retract, "not so").refused("there is no link with this id")
    live.when(link.retract, " ").refused("give the reason for retracting this link")
    gone = live.when(link.retract, "not so").then(LinkRetracted("not so"))
    gone.when(link.retract, "not so").refused("retracted already")
    assert gone.when(link.assert_link, USES, ENDS).then(USES).state.state == "live"


def test_every_kind_of_entity_can_be_an_end() -> None:
    ends: set[EntityKind] = set()
    for shape in LINK_KINDS.values():
        ends |= shape.source | shape.target
    assert ends == set(ENTITY_KINDS)
