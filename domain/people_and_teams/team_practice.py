"""A team's own practice: how many families one worker can support, its definitions of low, medium
and high risk, and which families get a letter.

The report's four teams differed in each of these ("the PSW only sends a letter to parents if they
are deemed low risk, or if their children have been identified as vulnerable through a raid"). The
latest setting counts; earlier settings remain on record with their day.
"""

import re
from datetime import date
from typing import Annotated, ClassVar

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE
from domain.kernel.values import Refused

#: The largest number of days that a family may wait for its letter.
LONGEST = 60
_VERSION = re.compile(r"[\w][\w./-]{0,59}")


class CapacitySet(Event, frozen=True):
    """A team set its limits for one full-time worker: the greatest number of open families, and the
    greatest load, which is the sum of these families weighted by their risk ratings.
    """

    stored: ClassVar = Stored("team.capacity_set", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("team.capacity",))
    team: Annotated[str, CODE]
    families: int
    load: int


class ThresholdsDefined(Event, frozen=True):
    """A team recorded its definitions of low, medium and high risk, as a version with the day from
    which it applies.
    """

    stored: ClassVar = Stored("team.thresholds_defined", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("team.define",))
    team: Annotated[str, CODE]
    version: Annotated[str, CODE]
    low: Annotated[str, CODE]
    medium: Annotated[str, CODE]
    high: Annotated[str, CODE]
    since: date


class LettersRuled(Event, frozen=True):
    """A team decided within how many days a letter is sent, and to which families: those rated as
    low risk (`low_rated`), those of children who were identified through a raid (`after_raid`),
    both or neither.
    """

    stored: ClassVar = Stored("team.letters_ruled", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("team.letters",))
    team: Annotated[str, CODE]
    low_rated: bool
    after_raid: bool
    days: int


EVENTS = (CapacitySet, ThresholdsDefined, LettersRuled)
Practice = CapacitySet | ThresholdsDefined | LettersRuled


def record(practice: Practice, versions: frozenset[str], today: date) -> tuple[Event, ...]:
    """Record a team's own practice: capacity, definitions of risk, or rule for letters. `versions`
    are the names of the existing versions of the definitions.

    Raises Refused if the capacity is below one family; if definitions of risk lack the text for a
    level, have the name of an existing version or an invalid name, or apply from a day in the
    future; and if a rule for letters has fewer than 1 or more than `LONGEST` days.
    """
    match practice:
        case CapacitySet():
            if practice.families < 1 or practice.load < 1:
                raise Refused(
                    "give a caseload of at least one family for each worker", field="families"
                )
        case ThresholdsDefined():
            for level in ("low", "medium", "high"):
                if not getattr(practice, level).strip():
                    raise Refused(
                        f"say what the risk level {level} means in your team", field=level
                    )
            if not _VERSION.fullmatch(practice.version):
                raise Refused(
                    f"the version {practice.version!r} has no valid name: write one such as "
                    "engage/2",
                    field="version",
                )
            if practice.version in versions:
                raise Refused(
                    f"the version {practice.version} exists already, and ratings refer to its "
                    "text: name a new version",
                    field="version",
                )
            if practice.since > today:
                raise Refused(
                    "the first day of this practice is in the future: record the practice on "
                    "that day",
                    field="since",
                )
        case LettersRuled():
            if not 1 <= practice.days <= LONGEST:
                raise Refused(
                    f"give the days within which a family gets its letter, from 1 to {LONGEST}",
                    field="days",
                )
    return (practice,)
