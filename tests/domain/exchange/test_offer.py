"""Some items may be offered to other forces, and others never. An offer can end, and a match is
reported once."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from domain.exchange import offer
from domain.exchange.offer import (
    PROTECTED,
    Offer,
    OfferContactDecided,
    OfferedLink,
    OfferEnded,
    OfferEndObeyed,
    OfferMade,
    OfferMatched,
    OfferMatchEnded,
    OfferRenewed,
)
from domain.kernel.values import PoleCategory, Refused
from tests.domain.given import Given, uid

TODAY = date(2026, 11, 27)
UNTIL = date(2027, 3, 1)
SUSPECT = OfferedLink(uid(1), uid(2), "2B", "P", frozenset({"suspect"}))
NEW = Given(Offer(), offer.evolve)
MADE = OfferMade(
    thing=uid(3),
    person=uid(1),
    link=uid(2),
    kind="vehicle",
    grade="B",
    handling="P",
    recipients=("hexmoor",),
    week=date(2026, 11, 23),
    until=UNTIL,
    epoch=1,
    reference=uid(9),
    agreement="ISA 7",
    assessment="DPIA 7",
    reason="seen in two towns",
)
STANDS = NEW.after(MADE)
MATCH = OfferMatched(uid(3), "hexmoor", uid(20), "C", date(2026, 11, 16), "P", "RMS 4")
OVER = OfferMatchEnded("hexmoor", uid(20))


def offered_link(**told: object) -> OfferedLink:
    return msgspec.structs.replace(SUSPECT, **told)


def test_it_rests_on_the_best_assessed_tie_to_a_suspect() -> None:
    better, worse = offered_link(link=uid(4), grade="3A"), offered_link(link=uid(5), grade="1C")
    assert offer.of_suspect([worse, SUSPECT, better]) == better
    assert (
        offer.of_suspect([SUSPECT, offered_link(person=uid(6), categories=frozenset())]) == SUSPECT
    )
    assert offer.grade_class("2B") == "B"


@pytest.mark.parametrize(
    "other",
    [
        offered_link(grade=None),
        offered_link(grade="3E"),
        offered_link(categories=frozenset({"person-of-interest"})),
        offered_link(categories=frozenset({"eliminated"})),
        offered_link(seen=False),
    ],
)
def test_what_is_not_assessed_or_no_suspects_is_not_offered(other: OfferedLink) -> None:
    with pytest.raises(Refused, match="this item cannot be offered"):
        offer.of_suspect([other])
    assert offer.of_suspect([other, SUSPECT]) == SUSPECT


@pytest.mark.parametrize(
    "protected",
    [
        *(offered_link(person=uid(7), categories=frozenset({one})) for one in sorted(PROTECTED)),
        offered_link(person=uid(7), categories=frozenset(), is_child=True),
        offered_link(person=uid(7), categories=frozenset(), related=True),
        offered_link(person=uid(7), restricted=True),
        offered_link(categories=frozenset[PoleCategory]({"suspect", "victim"})),
        offered_link(is_child=True),
        offered_link(person=uid(7), categories=frozenset(), grade=None, is_child=True, seen=False),
    ],
)
def test_what_is_also_somebodys_who_is_protected_is_never_offered(protected: OfferedLink) -> None:
    """A phone that both a suspect and a protected person use cannot be offered to other forces. The
    refusal is the same as for a phone that no suspect uses."""
    with pytest.raises(Refused, match="this item cannot be offered") as told:
        offer.of_suspect([SUSPECT, protected])
    assert str(told.value) == offer.NOT_OFFERED


def test_an_offer_lasts_as_long_as_its_own_link_carries_it() -> None:
    other = offered_link(person=uid(6), link=uid(7), grade="1A")
    assert offer.is_supported(MADE, [SUSPECT, other])
    assert offer.is_supported(MADE, [offered_link(grade="1A")])
    for ties in (
        [],
        [other],  # a link of another suspect does not support an offer that names the first suspect
        [offered_link(categories=frozenset()), other],
        [offered_link(grade="2C")],  # other forces already know a better grade
        [offered_link(handling="C")],
        [SUSPECT, offered_link(person=uid(8), is_child=True)],
    ):
        assert not offer.is_supported(MADE, ties)


def test_it_is_offered_to_forces_by_their_names_and_not_to_oneself() -> None:
    assert offer.forces([" Hexmoor ", "aldmere", "hexmoor"], "kenbrook") == ("hexmoor", "aldmere")
    assert offer.forces(["all"], "kenbrook") == ("all",)
    for told in (
        [],
        [" "],
        ["kenbrook"],
        ["all", "aldmere"],
        ["Aldmere & Somerset"],
        ["x" * 40],
        ["a'b"],
    ):
        with pytest.raises(Refused):
            offer.forces(told, "kenbrook")


def test_a_force_is_called_in_the_exchange_what_its_setting_says_in_full() -> None:
    """A force may use only its configured name in the exchange, because under another spelling it
    could receive its own offers.
    """
    assert offer.own_name("aldmere") == "aldmere"
    for told in (None, "", "Aldmere", "all", "aldmere\n", "Aldmere & Somerset"):
        with pytest.raises(Refused, match="exchange_force"):
            offer.own_name(told)


def test_an_agreement_its_assessment_and_a_reason_are_named_and_it_ends() -> None:
    said = {"agreement": "ISA 7", "assessment": "DPIA 7", "reason": "seen", "conditions": None}

    def check(
        until: date = UNTIL, handling: str = "P", on: OfferedLink = SUSPECT, **told: Any
    ) -> None:
        offer.check(TODAY, until, handling, on, **(said | told))  # type: ignore[arg-type]

    check()
    check(handling="C", conditions="ask first")
    check(TODAY + offer.STANDS)
    for missing in ("agreement", "assessment", "reason"):
        lacking: dict[str, Any] = {missing: " "}
        with pytest.raises(Refused):
            check(**lacking)
    for until in (TODAY, TODAY + offer.STANDS + timedelta(days=1)):
        with pytest.raises(Refused, match="after today and within 365 days"):
            check(until)
    under = offered_link(handling="C")
    check(handling="C", on=under, conditions="ask first")
    for handling, conditions in (("P", ""), ("C", " ")):
        with pytest.raises(Refused):
            check(handling=handling, on=under, conditions=conditions)
    with pytest.raises(Refused, match="no conditions"):
        check(conditions="ask first")


def test_no_closer_time_than_a_week_leaves() -> None:
    assert {offer.week_of(date(2026, 11, day)) for day in range(23, 30)} == {date(2026, 11, 23)}


def test_an_offer_ends_once() -> None:
    ended = OfferEnded("withdrawn", "it was sold")
    after = STANDS.when(offer.end, ended).then(ended)
    after.when(offer.end, OfferEnded("expired")).then()
    after.when(offer.renew, 2).then()
    after.when(offer.match, MATCH).then()
    after.when(offer.obey).then(OfferEndObeyed()).when(offer.obey).then()
    STANDS.when(offer.end, OfferEnded("withdrawn", " ")).refused("why")
    STANDS.when(offer.end, OfferEnded("no-longer")).then(OfferEnded("no-longer"))
    NEW.when(offer.end, ended).refused("there is no offer with this id")
    STANDS.when(offer.obey).then()  # no offer has ended, so the hub has nothing to delete


def test_it_is_offered_again_under_another_key_and_once_under_each() -> None:
    STANDS.when(offer.renew, 1).then()
    STANDS.when(offer.renew, 2).then(OfferRenewed(2)).when(offer.renew, 2).then()


def test_a_match_is_reported_once_ends_and_may_begin_again() -> None:
    matched = STANDS.when(offer.match, MATCH).then(MATCH)
    matched.when(offer.match, MATCH).then()
    over = matched.when(offer.end_match, OVER).then(OVER)
    over.when(offer.end_match, OVER).then()
    over.when(offer.match, MATCH).then(MATCH).when(offer.end_match, OVER).then(OVER)
    STANDS.when(offer.end_match, OVER).then()
    NEW.when(offer.match, MATCH).then()


def test_with_an_offer_its_matches_end_and_no_decision_is_owed() -> None:
    ended = OfferEnded("no-longer")
    after = STANDS.after(MATCH).when(offer.end, ended).then(ended, OVER)
    after.when(offer.end_match, OVER).then()
    after.when(offer.decide, "hexmoor", "contact", "x").refused("no offer of hexmoor")


def test_what_was_decided_about_a_match_that_is_over_stays_so() -> None:
    again = msgspec.structs.replace(MATCH, theirs=uid(21))
    two = STANDS.after(MATCH, OfferContactDecided("hexmoor", uid(20), "contact", "x"), OVER, again)
    told = ("hexmoor", "no-contact", "another car")
    decided = OfferContactDecided("hexmoor", uid(21), "no-contact", "another car")
    two.when(offer.decide, *told).then(decided)


def test_an_owner_decides_about_a_match_and_says_why() -> None:
    matched = STANDS.after(MATCH)
    decided = OfferContactDecided("hexmoor", uid(20), "contact", "two girls of ours")
    told = ("hexmoor", "contact", "two girls of ours")
    matched.when(offer.decide, *told).then(decided)
    STANDS.when(offer.decide, *told).refused("no offer of hexmoor")
    matched.when(offer.decide, "aldmere", "contact", "x").refused("no offer of aldmere")
    matched.when(offer.decide, "hexmoor", "no-contact", " ").refused("why")
