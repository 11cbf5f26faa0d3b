"""Judgements that two records are the same, different or unclear, and undoing them."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from commands.intelligence import identity
from domain.kernel.codes import Judgement
from network.people import compare_people
from usecases.kernel.usecase import Ask, Causes, Ref, Reference, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from uuid import UUID

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.intelligence.identity import Shown
    from domain.kernel.values import Reader

One: TypeAlias = Annotated[
    Reference, Ref(), Ask("First of the two records", "An id or a name.", placed=True)
]
Other: TypeAlias = Annotated[
    Reference,
    Ref(),
    Ask("Second of the two records", "An id or a name.", placed=True),
]
Why: TypeAlias = Annotated[
    Text, Ask("What is the reason for this judgement?", option="--reason", rows=2)
]


class Judge(UseCase, frozen=True):
    """Judge whether two records are the same. They are the same, different, or it is unclear. A
    judgement can be undone and changes no record."""

    named = (
        UseCaseText(
            command="same",
            help="Judge that two records are the same person. Or the same vehicle, phone, place or "
            "account. The judgement can be undone and changes no record.",
            records="identity.judged",
            title="Judge two records as the same",
            send="Judge the records as the same",
            success_message="Records judged as the same",
            address="judgements/same",
            proposes=("judge-identity",),
            fixed={"judgement": "same"},
        ),
        UseCaseText(
            command="different",
            help="Judge that two records are different people. Or different vehicles, phones, "
            "places or accounts. The judgement can be undone and changes no record.",
            records="identity.judged",
            title="Judge two records as different",
            send="Judge the records as different",
            success_message="Records judged as different",
            address="judgements/different",
            proposes=("judge-identity",),
            fixed={"judgement": "different"},
        ),
        UseCaseText(
            command="unsure",
            help="Judge that two records may be the same. The judgement can be undone and changes "
            "no record.",
            records="identity.judged",
            title="Judge a comparison as unclear",
            send="Judge the comparison as unclear",
            success_message="Comparison judged as unclear",
            address="judgements/unsure",
            proposes=("judge-identity",),
            fixed={"judgement": "unsure"},
        ),
        UseCaseText(
            command="judge",
            records="identity.judged",
            title="Judge whether two records are the same",
            send="Save the judgement",
            success_message="Judged: {judgement}",
            address="judgements",
            proposes=("judge-identity",),
        ),
    )
    a: One
    b: Other
    judgement: Annotated[Judgement, Ask("Are the two records the same?")]
    reason: Why
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        def shown(first_item: "UUID", second_item: "UUID") -> "Shown":
            with desk.asking() as db:
                return compare_people.read_comparison(db, reader, first_item, second_item)

        arguments = (self.a, self.b, self.judgement, self.reason)
        return identity.judge(desk, reader, *arguments, shown, **command)


class Split(UseCase, frozen=True):
    """Undo every "same" judgement of one record. "Different" judgements stay."""

    named = UseCaseText(
        command="split",
        records="identity.revoked",
        title="Undo merge",
        send="Undo the merge",
        success_message="Merge undone",
        address="judgements/split",
        proposes=("judge-identity",),
    )
    a: Annotated[One, Ask("Which merged record do you separate?", "An id or a name.", placed=True)]
    reason: Annotated[
        Text, Ask("Why are the merged records not the same?", option="--reason", rows=2)
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return identity.split(desk, reader, self.a, self.reason, **command)
