"""A worker records the members of a family, their relation to the child, and other children who may
be at risk.
"""

from datetime import date

import pytest

from domain.families import family_member
from domain.families.family_member import (
    AtRisk,
    AtRiskAssessed,
    AtRiskDecided,
    AtRiskNamed,
    CareTold,
    MemberNamed,
    RelationAssessed,
)
from domain.kernel.codes import FamilyTie, Responsibility
from tests.domain.given import Given, begin, uid

CASE, CHILD, DAWN, JADE, HERS = uid(1), uid(2), uid(3), uid(4), uid(5)
TODAY, LATER = date(2011, 3, 18), date(2011, 6, 18)

nothing = Given(AtRisk(), family_member.evolve)
NAMED = AtRiskNamed(CASE, JADE, "sibling", ("left-out",), "sleeps at her gran's since Christmas")
named = nothing.after(NAMED)


def test_the_child_is_none_of_those_around_them() -> None:
    nothing.when(begin(family_member.name), MemberNamed(CASE, CHILD, "sibling"), CHILD).refused(
        "the child"
    )
    told = MemberNamed(CASE, DAWN, "mother")
    nothing.when(begin(family_member.name), told, CHILD).then(told)


@pytest.mark.parametrize(
    ("tie", "basis", "refused"),
    [
        ("mother", None, False),
        ("father", None, True),
        ("father", " ", True),
        ("step-parent", None, True),
        ("father", "on the birth certificate", False),
    ],
)
def test_parental_responsibility_rests_on_something(
    tie: FamilyTie, basis: str | None, refused: bool
) -> None:
    """Parental responsibility needs a recorded basis, except a mother's, who has it by birth
    (Children Act 1989 ss.2-4A).
    """
    told = MemberNamed(CASE, DAWN, tie, "has", basis)
    when = nothing.when(begin(family_member.name), told, CHILD)
    when.refused(
        "say what this person's parental responsibility is based on"
    ) if refused else when.then(told)
    unknown = MemberNamed(CASE, DAWN, tie, "not-known")
    nothing.when(begin(family_member.name), unknown, CHILD).then(unknown)


def test_a_carer_who_is_paid_is_employed_by_somebody() -> None:
    """Requirement R2: a paid carer is recorded with the kind of employer; the employer's name would
    reveal the placement.
    """
    paid = MemberNamed(CASE, DAWN, "carer", employer="fostering-agency")
    nothing.when(begin(family_member.name), paid, CHILD).then(paid)
    kin = MemberNamed(CASE, DAWN, "grandparent", employer="fostering-agency")
    nothing.when(begin(family_member.name), kin, CHILD).refused("only a carer has an employer")


def test_care_is_reported_once_it_is_so() -> None:
    told = CareTold(CASE, DAWN, "cares", TODAY)
    nothing.when(begin(family_member.tell_care), told, TODAY).then(told)
    coming = CareTold(CASE, DAWN, "cares", LATER)
    nothing.when(begin(family_member.tell_care), coming, TODAY).refused(
        "record the change on that day"
    )


def test_how_they_stand_is_an_opinion_with_its_basis_and_its_review() -> None:
    """A note on how a child gets on with a parent is an opinion with a basis and a review date (DPA
    2018 s.38 and Diagram One).
    """
    told = RelationAssessed(CASE, DAWN, "rebuilding", "they eat together again", LATER)
    nothing.when(begin(family_member.assess_relation), told, TODAY).then(told)
    for wrong, why in (
        (RelationAssessed(CASE, DAWN, "broken", " ", LATER), "DPA 2018 s.38"),
        (
            RelationAssessed(CASE, DAWN, "broken", "seen", TODAY),
            "give a day in the future on which this assessment is reviewed",
        ),
        (
            RelationAssessed(CASE, DAWN, "broken", "seen", LATER, LATER),
            "the day since which the relationship exists is in the future",
        ),
    ):
        nothing.when(begin(family_member.assess_relation), wrong, TODAY).refused(why)


def test_another_child_at_risk_is_named_with_signs_and_a_basis() -> None:
    nothing.when(begin(family_member.name_at_risk), NAMED, CHILD).then(NAMED)
    for wrong, why in (
        (AtRiskNamed(CASE, CHILD, "sibling", ("trouble",), "seen"), "child of this case"),
        (
            AtRiskNamed(CASE, JADE, "friend", (), "seen"),
            "give at least one sign of risk to this child",
        ),
        (AtRiskNamed(CASE, JADE, "friend", ("trouble",), ""), "DPA 2018 s.38"),
    ):
        nothing.when(begin(family_member.name_at_risk), wrong, CHILD).refused(why)


def test_it_is_decided_once_by_a_case_of_theirs_or_with_a_reason() -> None:
    theirs = frozenset({HERS})
    opened = AtRiskDecided("own-case", HERS)
    named.when(family_member.decide_at_risk, opened, theirs).then(opened)
    ended = AtRiskDecided("ended", None, "her school sees to it")
    named.when(family_member.decide_at_risk, ended, frozenset()).then(ended)
    nothing.when(family_member.decide_at_risk, ended, frozenset()).refused(
        "no child is named as at risk"
    )
    for wrong, why in (
        (AtRiskDecided("own-case"), "give the case that was opened for this child"),
        (AtRiskDecided("own-case", CASE), "the case that was opened is about another child"),
        (AtRiskDecided("ended", CASE, "x"), "the case that was opened is about another child"),
        (
            AtRiskDecided("ended", None, " "),
            "say why this child is not at risk, or what is done instead",
        ),
    ):
        named.when(family_member.decide_at_risk, wrong, theirs).refused(why)
    done = named.after(ended)
    done.when(family_member.decide_at_risk, ended, frozenset()).then()
    done.when(family_member.decide_at_risk, opened, theirs).refused(
        "the decision about this child is recorded already"
    )


@pytest.mark.parametrize(
    ("responsibility", "cares", "doubt"),
    [
        ("has", True, None),
        ("has", False, "not recorded as the child's carer"),
        ("has-not", True, "no parental responsibility"),
        ("not-known", True, "no parental responsibility is recorded"),
        (None, False, "not recorded as one of this family"),
    ],
)
def test_who_is_informed_has_responsibility_and_cares(
    responsibility: Responsibility | None, cares: bool, doubt: str | None
) -> None:
    said = family_member.entitlement_doubt(responsibility, cares=cares)
    assert said is None if doubt is None else doubt in (said or "")


def test_the_risk_to_another_child_is_followed_until_a_decision() -> None:
    today, review = date(2011, 3, 18), date(2011, 4, 18)
    assessed = AtRiskAssessed("medium", ("trouble",), "he was seen in the same car", review)
    named.when(family_member.assess_at_risk, assessed, today).then(assessed)
    worse = AtRiskAssessed("high", (), "he did not come home on Friday", review)
    nothing.after(NAMED, assessed).when(family_member.assess_at_risk, worse, today).then(worse)
    for wrong, why in (
        (AtRiskAssessed("low", (), " ", review), "DPA 2018 s.38"),
        (AtRiskAssessed("low", (), "seen", today), "day in the future"),
    ):
        named.when(family_member.assess_at_risk, wrong, today).refused(why)
    nothing.when(family_member.assess_at_risk, assessed, today).refused(
        "no child is named as at risk"
    )
    for decided, why in (
        (AtRiskDecided("own-case", HERS), "rate the risk in that case"),
        (AtRiskDecided("ended", None, "her school sees to it"), "name the child again"),
    ):
        over = nothing.after(NAMED, decided)
        over.when(family_member.assess_at_risk, assessed, today).refused(why)
