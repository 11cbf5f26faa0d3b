"""Choices of a family: the options as they were offered, and the option that the family chose.

"Families are given choices, when they thought these had all be taken away" (report).
"""

from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.codes import About
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused

#: The largest number of options in one choice of a family.
MOST = 10


class ChoiceRecorded(Event, frozen=True):
    """A family was offered options. `words` says what the choice is about; each line of `options`
    is one option, in the words of the offer. `chosen` is the number of the option that the family
    chose; None if it has not chosen.
    """

    stored: ClassVar = Stored("family.choice_recorded", "evidence", "record", ("words", "options"))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.choice",),
        enters=("family-choice", "recorded"),
        reach="support",
        journey=("a choice of the family", "whom"),
        access_request="others-rights",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    whom: About
    words: Annotated[str, WRITTEN]
    options: Annotated[str, WRITTEN]
    chosen: int | None = None


EVENTS = (ChoiceRecorded,)


def options_of(text: str) -> tuple[str, ...]:
    """Return the options in a text that has one option in each line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def record(recorded: ChoiceRecorded) -> tuple[Event, ...]:
    """Record the options that a family was offered, and its choice. Raises Refused if the subject
    (`words`) is empty, if there are fewer than two options, if two options are equal, and if no
    option has the number `chosen`.
    """
    if not recorded.words.strip():
        raise Refused("say what the family's choice is about", field="words")
    options = options_of(recorded.options)
    if len(options) < 2 or len(set(options)) < len(options):
        raise Refused("give at least two different options for the choice", field="options")
    if len(options) > MOST:
        raise Refused(f"give at most {MOST} options for the choice", field="options")
    if recorded.chosen is not None and not 1 <= recorded.chosen <= len(options):
        raise Refused(f"give the number of the chosen option, 1 to {len(options)}", field="chosen")
    return (recorded,)
