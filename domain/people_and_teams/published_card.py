"""Published report cards: figures that were handed to an evaluator, a funder or a board.

A published figure cannot be taken back. Each publication is recorded as an event. Each new report
card is checked together with all earlier publications before it is published, so that no difference
between them reveals a small figure (`commands.people_and_teams.card_protection`).
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from domain.forms.card_period import CardPeriod
from domain.kernel.codes import CardMeasure, CardProtection
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, WRITTEN
from domain.kernel.values import Refused

#: If small figures are protected by rounding, published figures are rounded to multiples of this
#: number.
BASE = 5
#: If small figures are protected by longer periods, a published period has at least this many
#: months.
LONG = 12


class PublishedFigure(msgspec.Struct, frozen=True):
    """A figure on a published report card: the number of families that count under a measure. If
    `families` is None, the number is withheld (`recorded` is True), or nothing was recorded under
    the measure (`recorded` is False).
    """

    measure: CardMeasure
    families: int | None = None
    recorded: bool = True


class CardPublished(Event, frozen=True):
    """A report card was published: the figures of a period, for one team or for several teams
    together. A family counts by the day on which a fact about it was recorded. All figures are
    multiples of `base`, which is 1 if they are not rounded.
    """

    stored: ClassVar = Stored("card.published", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("card.publish",))
    since: date
    until: date
    teams: Annotated[tuple[str, ...], CODE]
    protection: CardProtection
    figures: tuple[PublishedFigure, ...]
    base: int = 1


class CardProtectionChosen(Event, frozen=True):
    """A method of protecting small figures in published cards was chosen. The last choice
    counts."""

    stored: ClassVar = Stored("card.protection_chosen", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("approve-erasure",), commands=("card.protection",))
    protection: CardProtection
    reason: Annotated[str, WRITTEN]


EVENTS = (CardPublished, CardProtectionChosen)

#: All publications are in one stream, so that two publications at the same time are checked against
#: each other.
PUBLICATIONS = UUID("7c9a1f1e-0f63-5e0f-9a52-6f3f0f7f4c43")

#: The effect of each method of protecting small figures, in words for readers of a report card.
PROTECTIONS: dict[CardProtection, str] = {
    "withholding": "Small figures are withheld, and so are figures that would reveal them.",
    "pooling-teams": "Teams are pooled: each figure is for all teams together.",
    "longer-periods": f"Each period has at least {LONG} months.",
    "rounding": f"Figures are rounded to multiples of {BASE}.",
}


def check(
    period: CardPeriod, teams: tuple[str, ...], protection: CardProtection, today: date
) -> None:
    """Raise Refused if a report card for this period and these teams may not be published:
    - if the period has not ended;
    - if small figures are protected by longer periods, and the period is too short;
    - if small figures are protected by figures of several teams together, and there is only one
      team.
    """
    if period.until >= today:
        raise Refused(
            "a report card can be published only for a period that has ended: give an earlier "
            "last day",
            field="until",
        )
    if protection == "longer-periods" and period.months < LONG:
        raise Refused(
            "the data-protection officer chose that published periods have at least "
            f"{LONG} months: give a longer period",
            field="since",
        )
    if protection == "pooling-teams" and len(teams) < 2:
        raise Refused(
            "the data-protection officer chose to publish only figures of several teams "
            "together: name at least two teams",
            field="team",
        )


def choose(chosen: CardProtectionChosen) -> tuple[Event, ...]:
    """Choose the method of protecting small figures in published report cards. Raises Refused if
    there is no reason.
    """
    if not chosen.reason.strip():
        raise Refused(
            "give the reason for choosing this protection of small figures", field="reason"
        )
    return (chosen,)


def rounded(number: int, base: int) -> int:
    """Return the multiple of `base` that is nearest to a figure."""
    return (2 * number + base) // (2 * base) * base
