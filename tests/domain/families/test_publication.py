"""A text for the press that identifies the child is refused; a published text that identifies the
child waits for a response.
"""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from domain.families import nationality, publication
from domain.families.nationality import NationalityTold
from domain.families.publication import (
    PressChecked,
    Publication,
    PublicationAnswered,
    PublicationNoted,
)
from tests.domain.given import Given, begin, uid

NOW = datetime(2011, 3, 18, 9, tzinfo=UTC)
nothing = Given(Publication(), publication.evolve)
NOTED = PublicationNoted(uid(1), "article", True, "the evening paper names her school")
TEXT = PressChecked(uid(1), "a paper", "A man of 40 was sentenced to ten years today.")


def test_a_text_that_leads_to_nobody_may_leave() -> None:
    nothing.when(begin(publication.check), TEXT, {}).then(TEXT)
    for changed, why in (
        ({"outlet": " "}, "for whom"),
        ({"words": " "}, "write the text for the press"),
    ):
        nothing.when(begin(publication.check), structs.replace(TEXT, **changed), {}).refused(why)


@pytest.mark.parametrize(
    "words",
    [
        "The girl is a pupil at the academy.",
        "He met her outside her school.",
        "She is the daughter of a shopkeeper.",
        "The sister of another victim gave evidence.",
        "A picture of her was shown.",
        "She works at the bakery.",
        "She became pregnant.",
        "She lived in a children's home.",
    ],
)
def test_what_leads_to_the_child_without_a_name_stops_it(words: str) -> None:
    """A text that leads to the child without naming the child is refused (Sexual Offences
    (Amendment) Act 1992 s.3A).
    """
    text = structs.replace(TEXT, words=words)
    nothing.when(begin(publication.check), text, {}).refused("cannot be given to the press")


def test_a_name_stops_it_and_the_law_is_said() -> None:
    named = {"Kayleigh": "somebody's name: they hear none from us"}
    nothing.when(begin(publication.check), TEXT, named).refused("'Kayleigh'.*anonymous for life")


def test_what_was_published_is_answered_once() -> None:
    nothing.when(begin(publication.note), NOTED, NOW).then(NOTED)
    done = PublicationAnswered("taken-down", "the editor was rung")
    over = nothing.after(NOTED).when(publication.answer, done).then(done)
    over.when(publication.answer, done).refused(
        "the response to this publication was recorded already"
    )
    nothing.when(publication.answer, done).refused("there is no publication with this id")
    later = structs.replace(NOTED, happened=datetime(2011, 4, 1, tzinfo=UTC))
    nothing.when(begin(publication.note), later, NOW).refused("planned")
    planned = structs.replace(later, kind="planned")
    nothing.when(begin(publication.note), planned, NOW).then(planned)


@pytest.mark.parametrize(
    ("duty", "child", "suspect", "why"),
    [
        ("consular-notification", False, True, None),
        ("deportation", True, False, "the duty deportation"),
        ("trafficking-referral", True, False, None),
        ("age-assessment", False, True, "the duty age-assessment"),
    ],
)
def test_a_nationality_is_recorded_where_a_duty_needs_it(
    duty: str, child: bool, suspect: bool, why: str | None
) -> None:
    told = NationalityTold(uid(1), duty, "Danish")  # type: ignore[arg-type]
    when = nothing.when(
        begin(lambda one: nationality.tell(one, child=child, suspect=suspect)), told
    )
    if why:
        when.refused(why)
    else:
        when.then(told)
