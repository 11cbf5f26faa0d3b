"""Comparison of two people: the facts that suggest one person, and the facts against it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Unpack

from commands.intelligence import train_matching
from commands.kernel import entity
from network.people import compare_people
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, Bare, ItemRef, Moment, UseCase, UseCaseText

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from network.people.compare_people import Weighed


class SamePerson(Question, frozen=True):
    """Compare two people, field by field. It shows what suggests that they are the same person, and
    what speaks against it. It decides nothing: a person judges (same, different, unsure)."""

    named = QuestionText(
        command="same-person",
        title="Same person?",
        empty="The two records have no details that can be compared.",
        acts=("judge",),
    )
    a: Annotated[
        ItemRef, Ask("Which person's record do you compare?", "An id or a name.", placed=True)
    ]
    b: Annotated[
        ItemRef,
        Ask("With which other person's record do you compare it?", "An id or a name.", placed=True),
    ]
    as_known: Annotated[
        Moment | None, Bare(last=True), Ask("Show the records as known at which time?")
    ] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Weighed]":
        with desk.asking() as db:
            first_item, second_item = (
                entity.resolve_entity(desk, db, reader, name)[0] for name in (self.a, self.b)
            )
            return compare_people.compared(
                db, reader, first_item, second_item, as_known=self.as_known
            )

    @classmethod
    def row(cls) -> "type[Weighed]":
        return compare_people.Weighed


class TrainWeights(UseCase, frozen=True):
    """Learn the weights for comparing people. The program learns the weights from records and
    judgements. It uses new weights only if they judge other pairs, which were not used for
    learning, better than the present weights do.
    """

    named = UseCaseText(
        command="train-weights",
        records="weights.trained",
        title="Train the weights for comparing people",
        send="Learn the weights",
        success_message="The comparison weights were learned again",
        address="weights",
    )

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return train_matching.train(desk, reader, **command)
