"""Refer a young person to a MARAC.

A MARAC is a conference about domestic abuse. Young people of 16 or over are referred to it when
they move to adult services.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from msgspec import Meta

from commands.families import marac
from domain.kernel.codes import MaracEnd, MaracGround
from projections.families import marac as marac_view
from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.families.marac import MaracRow

MaracRef: TypeAlias = Annotated[
    Reference,
    Ref("marac"),
    Ask("Which MARAC referral is it?", "The full id or its last eight characters."),
]


class ReferToMarac(UseCase, frozen=True):
    """Refer a young person to a MARAC. A MARAC is a conference about domestic abuse; the person is
    16 or over, and suffers such abuse. The referral is a due item for the day of the conference,
    until its decision is recorded."""

    named = UseCaseText(
        command="marac refer",
        records="marac.referred",
        about="case",
        title="Refer to a MARAC",
        send="Refer to a MARAC",
        success_message="Referred to the MARAC, which meets on {meets}",
        address="maracs",
    )
    case: CaseRef
    meets: Annotated[Day, Ask("On which day does the MARAC meet?", option="--meets")]
    basis: Annotated[
        Text, Ask("What happened that leads to the referral?", option="--what", rows=3)
    ]
    grounds: Annotated[
        tuple[MaracGround, ...],
        Meta(max_length=4),
        Ask(
            "On which grounds do you refer the person?",
            "A high score, and a repeat within a year, are added automatically",
            option="--ground",
        ),
    ] = ()
    ticks: Annotated[
        Annotated[int, Meta(ge=0, le=24)] | None,
        Ask(
            "How many of the DASH checklist's boxes are ticked?",
            "A score of 14 or more of 24 is high",
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return marac.refer


class TellMarac(UseCase, frozen=True):
    """Record what a MARAC decided. Record who does what for the young person, or the day to which
    the MARAC put the decision off."""

    named = UseCaseText(
        command="marac heard",
        records="marac.heard",
        about="marac",
        title="Record the MARAC's decision",
        send="Record the decision",
        success_message="MARAC: {how}",
        address="heard",
    )
    marac: MaracRef
    how: Annotated[MaracEnd, Ask("Did the MARAC decide, or was the decision postponed?")]
    words: Annotated[
        Text, Ask("What did the MARAC decide, and who does what?", option="--what", rows=3)
    ]
    on: Annotated[Day, Ask("On which day did the MARAC meet?", option="--on")]
    meets: Annotated[
        Day | None,
        Ask("When does the MARAC meet next?", "Only if the MARAC was postponed", option="--meets"),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return marac.hear


class ListMaracs(Question, frozen=True):
    """Show a young person's MARAC referrals."""

    named = QuestionText(
        command="marac list",
        title="MARAC",
        empty="No MARAC referrals are recorded.",
        acts=("see-child",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MaracRow]":
        with of_case(desk, reader, self.case) as arguments:
            return marac_view.of_case(*arguments)

    @classmethod
    def row(cls) -> "type[MaracRow]":
        return marac_view.MaracRow
