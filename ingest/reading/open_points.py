"""Find the points that a text leaves open (which name, which car, when), and the questions that the
worker may ask next.

The points are what the inquiry report calls the "right kind of information": "car registrations,
time of phone calls, names mentioned". A question is only about what a person knows already. No
question gives a parent a task, because a person who is asked to look, follow or find out may become
a covert source (`domain.information.covert_source_review`).
"""

import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from msgspec import Struct

from domain.forms.patterns import join_lines
from domain.kernel.values import Mention, MentionKind

OpenPoint = Literal["name", "car", "number", "account", "place", "time", "how-known"]

#: The sentence that is shown above the questions that a worker may ask.
BEFORE_ASKING = (
    "Ask only what they know already. Do not ask a parent to look, follow, search a phone or find "
    "out."
)
#: For each open point, the question for the person who gave the information.
QUESTIONS: dict[OpenPoint, str] = {
    "name": "Did they hear a name or a nickname, even a part of one?",
    "car": "Do they remember any of the plate, or the make and the colour?",
    "number": "Do they remember the number, or what name the phone showed?",
    "account": "Do they remember the name of the account, and on which platform?",
    "place": "Where was it, as far as they know?",
    "time": "On which day was it, and at about what time?",
    "how-known": "How do they know: did they see or hear it themselves, or who told them?",
}


class _OpenMention(NamedTuple):
    """Words that mention a person or thing without naming it, and the kinds of mention that would
    name the person or thing.
    """

    point: OpenPoint
    words: re.Pattern[str]
    named_by: frozenset[MentionKind]


def _speaks(point: OpenPoint, words: str, *named_by: MentionKind) -> _OpenMention:
    return _OpenMention(point, re.compile(join_lines(words), re.IGNORECASE), frozenset(named_by))


_SPEAKS = (
    _speaks(
        "name",
        r"""
        \b(?:he|him|his|they|them|somebody|someone|an? (?:\w+ )?(?:man|lad|bloke|guy|boy|fella
        |driver|friend|boyfriend|mate|woman)
        |(?:some|two|three|four|several|older|the) (?:\w+ )?(?:men|lads|blokes|guys|boys|friends
        |mates))\b
        """,
        "person",
        "nickname",
    ),
    _speaks(
        "car",
        r"\b(?:cars?|vans?|taxis?|cabs?|vehicles?|motors?|mopeds?|motorbikes?)\b",
        "vrm",
        "vrm_partial",
    ),
    _speaks(
        "number",
        r"""
        \b(?:rings?|rang|ringing|phone calls?|calls?|called|calling|texts?|texted|texting|new phone
        |number)\b
        """,
        "phone",
        "handle",
    ),
    _speaks(
        "account",
        r"""
        \b(?:snap(?:chat|ped)?|insta(?:gram)?|facebook|tik ?tok|whats ?app|messenger|discord|online
        |profile|account|friend requests?|dms?)\b
        """,
        "handle",
        "phone",
    ),
    _speaks(
        "place",
        r"""
        \b(?:parties|party|a (?:house|flat|hotel|shop|takeaway|park)|some(?:body|one)?'?s (?:house
        |flat)|somewhere|met (?:him|them|her)|picked (?:her|him) up|dropped (?:her|him) off)\b
        """,
        "place",
        "postcode",
    ),
)


class OpenQuestion(Struct, frozen=True):
    """A point that a text leaves open, and the question about it."""

    point: OpenPoint
    question: str


def open_questions(
    words: str, mentions: Collection[Mention], *, when: bool = False, how_known: bool = False
) -> tuple[OpenQuestion, ...]:
    """Return the questions that a worker may ask about the points that a text leaves open."""
    points = open_points(words, mentions, when=when, how_known=how_known)
    return tuple(OpenQuestion(point, QUESTIONS[point]) for point in points)


def open_points(
    words: str, mentions: Collection[Mention], *, when: bool = False, how_known: bool = False
) -> tuple[OpenPoint, ...]:
    """Return the points that a text mentions without details (which car, when), so that a worker
    may ask about them. `when` and `how_known` are true if the entry states these in its own fields.
    """
    kinds = {mention.kind for mention in mentions}
    points = [
        open_mention.point
        for open_mention in _SPEAKS
        if open_mention.words.search(words) and kinds.isdisjoint(open_mention.named_by)
    ]
    if points.count("number") and points.count("account"):
        points.remove("number")  # a message within an app has no phone number to ask for
    if not when and "when" not in kinds:
        points.append("time")
    if not how_known:
        points.append("how-known")
    return tuple(points)
