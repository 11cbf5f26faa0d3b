"""A charging decision needs both stages of the prosecutors' test and the views of the child and the
parents. The victim has a right to a review."""

from datetime import UTC, datetime, timedelta

from msgspec import structs

from domain.justice import charging
from domain.justice.charging import ChargingDecided, ChargingDecision, ReviewTold
from tests.domain.given import Given, begin, uid

CASE, MAN = map(uid, range(1, 3))
NOW = datetime(2011, 5, 9, 10, tzinfo=UTC)
CHARGED = ChargingDecided(
    CASE,
    MAN,
    "charge",
    "prosecutor",
    "met",
    "met",
    "meeting a child",
    "phones and two witnesses",
    "wants it to be over",
    "want him in court",
)
NOT = structs.replace(
    CHARGED, decision="no-charge", evidential="not-met", public_interest="not-reached"
)
nothing = Given(ChargingDecision(), charging.evolve)
told = begin(charging.decide)


def test_who_meets_both_stages_is_charged_and_nobody_else() -> None:
    nothing.when(told, CHARGED, NOW).then(CHARGED)
    nothing.when(told, NOT, NOW).then(NOT)
    threshold = structs.replace(CHARGED, evidential="threshold-met")
    nothing.when(told, threshold, NOW).then(threshold)
    against = structs.replace(NOT, evidential="met", public_interest="not-met")
    nothing.when(told, against, NOW).then(against)
    for change, why in (
        ({"decision": "no-charge"}, "both stages are met"),
        (
            {"evidential": "not-met"},
            "if the evidence is not enough, the public interest is not considered",
        ),
        ({"evidential": "not-met", "public_interest": "not-reached"}, "both stages are met"),
        ({"public_interest": "not-met"}, "both stages are met"),
        ({"public_interest": "not-reached"}, "say whether the public interest stage is met"),
    ):
        nothing.when(told, structs.replace(CHARGED, **change), NOW).refused(why)


def test_the_child_and_the_parents_stand_in_every_decision() -> None:
    for field, why in (
        ("childs_view", "what the child thinks"),
        ("parents_view", "what the parents think"),
        ("offence", "of which offence"),
        ("reasons", "say why"),
    ):
        nothing.when(told, structs.replace(NOT, **{field: " "}), NOW).refused(why)
    later = structs.replace(NOT, happened=NOW + timedelta(days=1))
    nothing.when(told, later, NOW).refused("the day of the charging decision is in the future")


def test_a_decision_not_to_charge_is_looked_at_again_once_a_family_asks() -> None:
    offered, asked, declined = (ReviewTold(one) for one in ("offered", "asked", "declined"))
    upheld = ReviewTold("upheld", "a second prosecutor agrees")
    review = charging.review
    decided = nothing.after(NOT)
    decided.when(review, offered, NOW).then(offered).when(review, asked, NOW).then(asked)
    decided.after(offered).when(review, offered, NOW).then()
    decided.after(declined).when(review, asked, NOW).then(asked)
    decided.after(asked).when(review, upheld, NOW).then(upheld)
    decided.after(asked).when(review, offered, NOW).refused(
        "the family was told already that they can request a review"
    )
    decided.after(asked).when(review, ReviewTold("upheld"), NOW).refused(
        "say what the review decided, and why"
    )
    decided.after(asked, upheld).when(review, asked, NOW).refused(
        "the outcome of the review was recorded already"
    )
    decided.when(review, upheld, NOW).refused("the family has not requested a review")
    nothing.when(review, asked, NOW).refused("there is no charging decision with this id")
    nothing.after(CHARGED).when(review, asked, NOW).refused(
        "the person is charged, so there is no decision to review"
    )
