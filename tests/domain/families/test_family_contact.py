"""A message to a family contains nothing private, a promise is ended only once, and feedback is not
empty."""

from datetime import date

from msgspec import structs

from domain.families import family_contact
from domain.families.family_contact import (
    NEWS,
    WORDING,
    FamilyAsked,
    FamilyInvited,
    FamilyTold,
    Promise,
    PromiseEnded,
    PromiseMade,
)
from domain.kernel.codes import VictimStep
from tests.domain.given import Given, begin, uid

CASE = uid(1)
TODAY = date(2011, 3, 18)
MARKS = {"PK95ABC": "a plate"}

nothing = Given(Promise(), family_contact.evolve)
MADE = PromiseMade(CASE, "parent", "ring on Friday", date(2011, 3, 25))
promised = nothing.after(MADE)


def test_each_outcome_has_a_sentence_or_takes_words() -> None:
    for became in WORDING:
        steps: tuple[VictimStep, ...] = ("arrest",) if became in NEWS else ()
        told = FamilyTold(CASE, "child", became, "phone", steps=steps)
        if became == "other":
            nothing.when(begin(family_contact.tell), told, {}).refused(
                "say what the family was told"
            )
        else:
            nothing.when(begin(family_contact.tell), told, {}).then(told)


def test_what_is_the_childs_own_is_told_once_the_child_was_asked() -> None:
    """A parent is informed of private facts about the child (confidences, health, placement, police
    steps) only once the child's view is recorded.
    """
    private: tuple[FamilyTold, ...] = (
        FamilyTold(CASE, "parent", "acted", "phone"),
        FamilyTold(CASE, "parent", "kept", "phone", rests_on=("child-told",)),
        FamilyTold(CASE, "carer", "used", "phone", rests_on=("health", "placement")),
    )
    for told in private:
        nothing.when(begin(family_contact.tell), told, {}).refused(
            "Ask the child first, and record the child's view"
        )
        as_child = FamilyTold(CASE, "child", told.became, "phone", rests_on=told.rests_on)
        nothing.when(begin(family_contact.tell), as_child, {}).then(as_child)
    for view in ("objects", "not-asked"):
        bare = FamilyTold(CASE, "parent", "acted", "phone", childs_view=view)
        nothing.when(begin(family_contact.tell), bare, {}).refused(
            "say why the family is told nevertheless"
        )
        weighed = FamilyTold(
            CASE, "parent", "acted", "phone", childs_view=view, weighed="she needs to know"
        )
        nothing.when(begin(family_contact.tell), weighed, {}).then(weighed)
    agreed = FamilyTold(CASE, "parent", "acted", "phone", childs_view="agrees")
    nothing.when(begin(family_contact.tell), agreed, {}).then(agreed)


def test_what_gives_something_away_is_stopped_unless_it_was_said() -> None:
    told = FamilyTold(CASE, "parent", "kept", "phone", words="he drives PK95ABC")
    nothing.when(begin(family_contact.tell), told, MARKS).refused("'PK95ABC': a plate")
    said = structs.replace(told, gave_away=True)
    assert family_contact.tell(told, MARKS, done=True) == (said,)


def test_a_promise_is_kept_or_it_is_said_why_not() -> None:
    nothing.when(begin(family_contact.promise), MADE, TODAY).then(MADE)
    nothing.when(begin(family_contact.promise), MADE, date(2011, 3, 26)).refused(
        "the day by which the promise is due is past"
    )
    nothing.when(
        begin(family_contact.promise), PromiseMade(CASE, "parent", " ", TODAY), TODAY
    ).refused("what was promised")
    kept = PromiseEnded("kept")
    promised.when(family_contact.end_promise, kept).then(kept)
    promised.when(family_contact.end_promise, PromiseEnded("not-kept")).refused(
        "say why the promise was broken, and what the family was told"
    )
    nothing.when(family_contact.end_promise, kept).refused("there is no promise with this id")
    promised.after(kept).when(family_contact.end_promise, kept).then()


def test_nobody_came_tomorrow() -> None:
    came = FamilyInvited(CASE, "booklet", "parent", "letter", "came", date(2011, 3, 19))
    nothing.when(begin(family_contact.invite), came, TODAY).refused(
        "record them as invited until they came"
    )
    nothing.when(begin(family_contact.invite), came, date(2011, 3, 19)).then(came)


def test_an_answer_says_something_and_no_answer_says_nothing() -> None:
    for wrong, why in (
        (FamilyAsked(CASE, "parent", "answered"), "say what the family answered"),
        (FamilyAsked(CASE, "parent", "declined", ("believed",)), "no answer"),
        (
            FamilyAsked(CASE, "parent", "answered", ("cared",), ("cared",)),
            "both agree and disagree with the same point: cared",
        ),
    ):
        nothing.when(begin(family_contact.ask), wrong).refused(why)
    declined = FamilyAsked(CASE, "parent", "declined")
    nothing.when(begin(family_contact.ask), declined).then(declined)


def test_news_of_the_case_says_of_which_steps() -> None:
    hearing = FamilyTold(CASE, "parent", "step", "phone", steps=("hearing",))
    nothing.when(begin(family_contact.tell), hearing, {}).then(hearing)
    bare = FamilyTold(CASE, "parent", "step", "phone")
    nothing.when(begin(family_contact.tell), bare, {}).refused(
        "say which steps of the case the family was told about, or does not want to be told about"
    )
    other = FamilyTold(CASE, "parent", "kept", "phone", steps=("hearing",))
    nothing.when(begin(family_contact.tell), other, {}).refused(
        "say which steps of the case the family was told about, or does not want to be told about"
    )
    arrest = FamilyTold(CASE, "parent", "step", "phone", steps=("hearing", "arrest"))
    nothing.when(begin(family_contact.tell), arrest, {}).refused(
        "Ask the child first, and record the child's view"
    )
    declined = FamilyTold(CASE, "parent", "news-declined", "phone", steps=("arrest",))
    nothing.when(begin(family_contact.tell), declined, {}).then(declined)
