"""Who is who: what speaks for two being one person, and what against."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Unpack

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
        empty="Nothing is known of both that could be compared.",
        acts=("judge",),
    )
    a: Annotated[ItemRef, Ask("Which one?", "An id or a name.", placed=True)]
    b: Annotated[ItemRef, Ask("And which other one?", "An id or a name.", placed=True)]
    as_known: Annotated[Moment | None, Bare(last=True), Ask("As we knew it")] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Weighed]":
        from commands.kernel import entity
        from network.people import compare_people as who

        with desk.asking() as db:
            one, other = (entity.named(desk, db, reader, each)[0] for each in (self.a, self.b))
            return who.compared(db, reader, one, other, as_known=self.as_known)

    @classmethod
    def row(cls) -> "type[Weighed]":
        from network.people.compare_people import Weighed

        return Weighed


class TrainWeights(UseCase, frozen=True):
    """Learn the weights for comparing two people. It learns from the store's own judgements how
    much each agreement says."""

    named = UseCaseText(
        command="train-weights",
        records="weights.trained",
        title="Learn the weights again",
        send="Learn them",
        success_message="The weights were learnt again",
        address="weights",
    )

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands.intelligence import train_matching as who

        return who.train(desk, reader, **command)
