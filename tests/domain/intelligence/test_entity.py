"""A person is recorded with or without a name, and gets other names, categories and ages; things
are recorded, too.
"""

from datetime import date
from typing import Any

import pytest

from domain.intelligence import entity
from domain.intelligence.entity import (
    AgeRecorded,
    AliasAdded,
    ClassificationEnded,
    Entity,
    LearningDisabilityRecorded,
    PersonClassified,
    PersonNamed,
    PersonRecorded,
    ThingRecorded,
)
from tests.domain.given import Given, begin

nothing = Given(Entity(), entity.evolve)
baz = nothing.after(PersonRecorded(known=False, name="Baz"))
barry = nothing.after(PersonRecorded(known=True, name="Barry Stone"))
corsa = nothing.after(ThingRecorded("vehicle", "PK95 ABC", "PK95ABC"))


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_known_person_needs_a_name(name: str | None) -> None:
    nothing.when(begin(entity.record_person), PersonRecorded(True, name=name)).refused(
        "give a name for a known person"
    )


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_unknown_person_is_described_and_never_invented(empty: str | None) -> None:
    bare = PersonRecorded(False, name=empty, description=empty)
    nothing.when(begin(entity.record_person), bare).refused("describe the unknown person")
    scar = PersonRecorded(False, description="the tall one with the scar")
    assert nothing.when(begin(entity.record_person), scar).then(scar).state.names == frozenset()


@pytest.mark.parametrize(
    ("decide", "told"),
    [
        (entity.add_alias, ("nickname", "Baz")),
        (entity.name_person, ("Barry Stone",)),
        (entity.classify, ("suspect", "seen by two")),
        (entity.end_classification, ("suspect", "an alibi")),
        (entity.record_age, (AgeRecorded(True, None, "14.8 months"),)),
        (entity.record_learning_disability, (True, "her school", date(2011, 3, 18))),
    ],
)
def test_only_a_person_is_called_or_classified(decide: Any, told: Any) -> None:
    nothing.when(decide, *told).refused("there is no person with this id")
    corsa.when(decide, *told).refused("there is no person with this id")


def test_an_alias_is_added_once() -> None:
    baz.when(entity.add_alias, "nickname", " ").refused("give the name of the alias")
    called = baz.when(entity.add_alias, "nickname", "Bazza").then(AliasAdded("nickname", "Bazza"))
    called.when(entity.add_alias, "nickname", "Bazza").then()


def test_somebody_unknown_is_named_once() -> None:
    baz.when(entity.name_person, "  ").refused("give the name of the person")
    named = baz.when(entity.name_person, "Barry Stone").then(PersonNamed("Barry Stone"))
    assert named.state.known
    named.when(entity.name_person, "Barry Stone").refused("has a name already")
    barry.when(entity.name_person, "Bob").refused("add an alias")


def test_a_category_needs_its_grounds_and_several_stand_together() -> None:
    barry.when(entity.classify, "suspect", " ").refused("write the grounds for this category")
    suspect = barry.when(entity.classify, "suspect", "seen by two").then(
        PersonClassified("suspect", "seen by two")
    )
    both = suspect.when(entity.classify, "victim", "his own account").then(
        PersonClassified("victim", "his own account")
    )
    assert both.state.categories == {"suspect", "victim"}
    both.when(entity.classify, "suspect", "again").then()


def test_a_child_who_recruits_is_a_victim_still() -> None:
    """Requirement W39: a child who recruits other children stays in the category victim. (The
    report says: "side-steps personal risk by recruiting siblings".)
    """
    why = "she brought her sister along"
    victim, recruiter = (
        PersonClassified("vulnerable-child", why),
        PersonClassified("recruiter", why),
    )
    both = barry.when(entity.classify, "recruiter", why).then(victim, recruiter)
    no_victim = both.when(entity.end_classification, "vulnerable-child", "she is well")
    no_victim.refused("a child who recruits others is still a victim")
    known = barry.after(PersonClassified("victim", "told"))
    known.when(entity.classify, "recruiter", why).then(recruiter)
    ended = ClassificationEnded("recruiter", "it was her cousin")
    both.when(entity.end_classification, "recruiter", "it was her cousin").then(ended)
    adult = nothing.after(PersonRecorded(known=True, under_18=False, name="Dale Crane"))
    adult.when(entity.classify, "recruiter", why).refused("is a suspect")


def test_nobody_becomes_a_suspect_by_being_recorded() -> None:
    assert baz.state.categories == frozenset()


def test_a_category_ends_with_a_reason() -> None:
    barry.when(entity.end_classification, "suspect", "an alibi").refused("not recorded as suspect")
    suspect = barry.after(PersonClassified("suspect", "seen by two"))
    suspect.when(entity.end_classification, "suspect", " ").refused(
        "give the reason for ending this category"
    )
    cleared = suspect.when(entity.end_classification, "suspect", "an alibi").then(
        ClassificationEnded("suspect", "an alibi")
    )
    assert cleared.state.categories == frozenset()


def test_an_age_stays_as_it_was_reported() -> None:
    told = AgeRecorded(True, None, "14.8 months", date(2011, 3, 18), "a teacher")
    baz.when(entity.record_age, told).then(told)
    baz.when(entity.record_age, AgeRecorded()).refused("say what is known")


def test_a_learning_disability_is_reported_by_somebody() -> None:
    day = date(2011, 3, 18)
    baz.when(entity.record_learning_disability, True, " ", day).refused("who told us")
    baz.when(entity.record_learning_disability, True, "her school", day).then(
        LearningDisabilityRecorded(True, "her school", day)
    )
