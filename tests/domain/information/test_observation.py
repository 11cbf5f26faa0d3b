"""Decisions about a log entry: what is recorded and what is refused."""

from typing import Any

import pytest

from domain.information import observation
from domain.information.observation import (
    PICTURES,
    AlreadyAssessed,
    LogPhotographed,
    MentionConfirmed,
    MentionMisread,
    Observation,
    ObservationAssessed,
    ObservationCorrected,
    ObservationRead,
    ObservationRecorded,
    ObservationRedacted,
    ObservationRefiled,
    ObservationTaken,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceTransferred,
    UrgencyLowered,
    UrgencyRaised,
)
from domain.kernel.codes import Threatened, WithdrawnFor
from domain.kernel.envelope import Event
from domain.kernel.values import Mention
from tests.domain.given import Given, uid

CASE, OTHER, REPORT, BAZ, ROOT = map(uid, range(1, 6))
nothing = Given(Observation(), observation.evolve)
words = nothing.after(ObservationRecorded("snippet", "verbatim", "Baz has a Corsa", case=CASE))
gone = words.after(ObservationWithdrawn("said of somebody else"))

EVERY = [
    (observation.correct, ("it was an Astra", None)),
    (observation.refile, (OTHER, "wrong family")),
    (observation.withdraw, ("not so", "recorded-in-error")),
    (observation.take, ()),
    (observation.raise_urgency, ("still out",)),
    (observation.assess, (REPORT, 1)),
    (observation.confirm, (BAZ, None)),
    (observation.misread, ("Baz",)),
]


@pytest.mark.parametrize(("decide", "told"), EVERY)
def test_nothing_is_decided_about_words_that_never_came(decide: Any, told: Any) -> None:
    nothing.when(decide, *told).refused("there is no log entry with this id")


@pytest.mark.parametrize(("decide", "told"), EVERY)
def test_nothing_is_decided_about_withdrawn_words(decide: Any, told: Any) -> None:
    gone.when(decide, *told).refused("was withdrawn")


def test_a_correction_is_beside_the_first_words() -> None:
    corrected = words.when(observation.correct, "an Astra", "misheard").then(
        ObservationCorrected("an Astra", "misheard")
    )
    assert corrected.state.words == "Baz has a Corsa"
    words.when(observation.correct, "  ", None).refused("write the text of the correction")


def test_what_was_filed_wrongly_moves_once() -> None:
    moved = words.when(observation.refile, OTHER, "wrong family").then(
        ObservationRefiled(OTHER, CASE, "wrong family")
    )
    assert moved.state.case == OTHER
    moved.when(observation.refile, OTHER, None).refused("filed under this case already")


def test_withdrawing_needs_a_reason_and_a_ground() -> None:
    words.when(observation.withdraw, " ", "parent-wishes").refused(
        "give the reason for withdrawing this log entry"
    )
    words.when(observation.withdraw, "not so", None).refused("recorded-in-error")
    words.when(observation.withdraw, "not so", "parent-wishes").refused("is threatened")


@pytest.mark.parametrize(
    ("before", "ground", "threatened", "looked_at"),
    [
        ((), "recorded-in-error", None, True),
        ((), "parent-wishes", "no", False),
        ((), "parent-wishes", "yes", True),
        ((UrgencyRaised("she is missing"),), "parent-wishes", "no", True),
        ((ObservationRead("v1", (), ("threat",)),), "parent-wishes", "no", True),
    ],
)
def test_withdrawing_what_protects_takes_two_people(
    before: tuple[Event, ...], ground: WithdrawnFor, threatened: Threatened, looked_at: bool
) -> None:
    told = ("not so", ground, threatened)
    some = words.after(*before)
    some.when(observation.withdraw, *told, looked_at=looked_at).refused("two people")
    withdrawn = ObservationWithdrawn("not so", ground, threatened)
    some.when(observation.withdraw, *told, looked_at=looked_at, agreed=True).then(withdrawn)


def test_words_that_somebody_has_looked_at_and_that_are_not_urgent_take_one() -> None:
    told = ("not so", "parent-wishes", "no")
    withdrawn = ObservationWithdrawn("not so", "parent-wishes", "no")
    words.when(observation.withdraw, *told, looked_at=True).then(withdrawn)


def test_anyone_may_take_it() -> None:
    words.when(observation.take).then(ObservationTaken())


def test_anyone_raises_urgency_and_a_named_assessor_lowers_it() -> None:
    words.when(observation.raise_urgency, "").refused("say in a few words why this entry is urgent")
    urgent = words.when(observation.raise_urgency, "still out").then(UrgencyRaised("still out"))
    urgent.when(observation.raise_urgency, "again").then()
    urgent.when(observation.lower_urgency, "found", assessor=False).refused(
        "only an assessor who acts under their own name can lower the urgency"
    )
    urgent.when(observation.lower_urgency, "", assessor=True).refused(
        "give the reason for lowering the urgency"
    )
    urgent.when(observation.lower_urgency, "found", assessor=True).refused("takes two people")
    calm = urgent.when(observation.lower_urgency, "found", assessor=True, agreed=True).then(
        UrgencyLowered("found")
    )
    calm.when(observation.lower_urgency, "found", assessor=True).then()


def test_a_decision_needs_a_reason_and_the_last_one_counts() -> None:
    words.when(observation.triage, "assess", " ", sampled=False).refused(
        "give the reason of the triage decision"
    )
    first = words.when(observation.triage, "assess", "names a car", sampled=True).then(
        ObservationTriaged("assess", "names a car", sampled=False)
    )
    second = first.when(observation.triage, "no-value", "known", sampled=True).then(
        ObservationTriaged("no-value", "known", sampled=True)
    )
    assert second.state.triage == "no-value"


def test_the_second_grader_is_refused_and_informed_where_it_is_graded() -> None:
    graded = words.when(observation.assess, REPORT, 1).then(ObservationAssessed(REPORT, 1))
    with pytest.raises(AlreadyAssessed, match=str(REPORT)):
        observation.assess(graded.state, OTHER, 1)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2), (0, 16)])
def test_a_mention_lies_inside_the_words(start: int, end: int) -> None:
    outside = Mention(start, end, "nickname", "baz", 1.0)
    words.when(observation.confirm, BAZ, outside).refused(
        "the mention is outside the text of the entry"
    )


def test_a_mention_is_confirmed_once() -> None:
    mention = Mention(0, 3, "nickname", "baz", 1.0)
    seen = words.when(observation.confirm, BAZ, mention).then(MentionConfirmed(BAZ, mention))
    seen.when(observation.confirm, BAZ, mention).then()


def test_the_root_follows_when_the_register_answers_again() -> None:
    assert words.state.root is None
    assert words.after(SourceTransferred(OTHER, ROOT)).state.root == ROOT


def test_an_assessor_lowers_what_the_words_proposed() -> None:
    told = words.after(ObservationRead("rules/2", (), ("violence",)))
    calm = told.when(observation.lower_urgency, "an old film", assessor=True).then(
        UrgencyLowered("an old film")
    )
    calm.when(observation.lower_urgency, "again", assessor=True).then()
    told.when(observation.raise_urgency, "he is back").then(UrgencyRaised("he is back"))


def test_what_was_read_wrongly_is_said_once_and_wherever_it_is() -> None:
    """A worker rejects a misreading of the program once, and the rejection holds for all places in
    the text. A mention that a person confirmed can only be corrected."""
    twice = nothing.after(ObservationRecorded("snippet", "verbatim", "Will you? Will he?"))
    one, other = Mention(0, 4, "person", None, 0.5), Mention(10, 14, "person", None, 0.5)
    read = twice.after(ObservationRead("1", (one, other)))
    read.when(observation.misread, "Will").then(MentionMisread(0, 4), MentionMisread(10, 14))
    said = read.after(MentionMisread(0, 4), MentionMisread(10, 14))
    said.when(observation.misread, "Will").then()
    read.when(observation.misread, "you").refused("no mention was read in 'you'")
    right = said.after(MentionConfirmed(BAZ, one))
    right.when(observation.misread, "Will").refused("add a correction")


def test_a_part_of_the_words_is_where_it_is_a_word_of_its_own() -> None:
    assert observation.find_words("Also Al was there, and Al's mate", "Al") == 5
    assert observation.find_words("a +44 (0) number", "+44 (0)") == 2
    assert observation.find_words("a Corsa", "ors") == 3
    assert observation.find_words("a Corsa", "Astra") == -1


def photographed(sha256: str = "ab" * 32) -> LogPhotographed:
    return LogPhotographed("jpeg", 9, "k", "s", sha256, b"k" * 32, b"s" * 32)


def test_a_photograph_of_the_paper_lies_beside_the_words_once_and_is_of_paper_only() -> None:
    one = photographed()
    laid = words.when(observation.photograph, one, paper=True).then(one)
    laid.when(observation.photograph, one, paper=True).then()
    words.when(observation.photograph, one, paper=False).refused("do not photograph or forward")
    gone.when(observation.photograph, one, paper=True).refused("was withdrawn")
    nothing.when(observation.photograph, one, paper=True).refused(
        "there is no log entry with this id"
    )


def test_so_many_photographs_lie_beside_one_item_and_go_with_its_first_words() -> None:
    full = words.after(*(photographed(f"{one:064x}") for one in range(PICTURES)))
    full.when(observation.photograph, photographed(), paper=True).refused(
        "make another entry for the next pages"
    )
    redacted = full.after(ObservationRedacted(REPORT, "He has a car"))
    assert redacted.state.pictures == frozenset()
