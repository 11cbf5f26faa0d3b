"""People: add, alias, name, class, age, learning disability.

The file is long because each command is declared here with its texts.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.kernel import entity
from domain.kernel.codes import AliasKind, CustodyState
from domain.kernel.values import PoleCategory
from projections.intelligence import people
from usecases.kernel.question import Place, Question, QuestionText, RowPage
from usecases.kernel.usecase import Ask, Causes, Day, Line, PersonRef, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.intelligence.people import Entity

Whom: TypeAlias = Annotated[
    PersonRef, Ask("Which person's record do you change?", "An id or a name.")
]


class AddPerson(UseCase, frozen=True):
    """Record a person. Without a name it is an unknown person; no name is invented."""

    named = UseCaseText(
        command="person add",
        records="person.recorded",
        title="Record a person",
        send="Record the person",
        success_message="Person recorded",
        then="/people/{id}",
        address="people",
    )
    name: Annotated[
        Line | None,
        Ask(
            "What is the person's name?",
            "Empty if the name is not known. Search first, so that no person has two records.",
        ),
    ] = None
    nickname: Annotated[
        tuple[Line, ...],
        Meta(max_length=100),
        Ask("Which nicknames does the person have?", "Separated by commas."),
    ] = ()
    description: Annotated[Text | None, Ask("How would you recognise the person?", rows=2)] = None
    under_18: Annotated[
        bool | None, Ask("Is the person under 18?", option="--under-18/--adult")
    ] = None
    born: Annotated[Day | None, Ask("When was the person born?")] = None
    gender: Annotated[Line | None, Ask("The person's gender, as reported", rare=True)] = None
    categories: Annotated[
        tuple[PoleCategory, ...],
        Meta(max_length=13),
        Ask("Which category does the person have, such as suspect or victim?", option="--category"),
    ] = ()
    grounds: Annotated[
        Text | None,
        Ask(
            "What are the grounds for this category?",
            "A nickname in a log entry makes a person of interest, not a suspect.",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.add_person(
            desk,
            reader,
            self.name,
            self.nickname,
            description=self.description,
            categories=self.categories,
            grounds=self.grounds,
            under_18=self.under_18,
            born=self.born,
            gender=self.gender,
            **command,
        )


class AddAlias(UseCase, frozen=True):
    """Add another name that a person is known as."""

    named = UseCaseText(
        command="person alias",
        records="person.alias_added",
        about="person",
        title="Add another name",
        send="Add the name",
        success_message="Name added: {name}",
        address="aliases",
    )
    who: Whom
    name: Annotated[Line, Ask("Which other name does the person have?")]
    kind: Annotated[AliasKind, Ask("Which kind of name is it?")] = "nickname"
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.add_alias(desk, reader, self.who, self.kind, self.name, **command)


class NamePerson(UseCase, frozen=True):
    """Name a person who was unknown until now. Links keep their ids, and earlier names stay."""

    named = UseCaseText(
        command="person name",
        records="person.named",
        about="person",
        title="Name an unknown person",
        send="Name the person",
        success_message="Person named: {name}",
        address="name",
    )
    who: Whom
    name: Annotated[Line, Ask("The person's name", "Links and earlier names stay on record.")]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.name_person(desk, reader, self.who, self.name, **command)


class ClassifyPerson(UseCase, frozen=True):
    """Add or remove a person's category. This is a data-subject category. Several categories may
    apply together."""

    named = UseCaseText(
        command="person class",
        records="person.classified",
        about="person",
        title="Add category",
        send="Add the category",
        success_message="Category changed: {category}",
        proposes=("end-category", "clear-person"),
        address="categories",
    )
    who: Whom
    category: Annotated[
        PoleCategory, Ask("Which category does the person have, such as suspect or victim?")
    ]
    grounds: Annotated[
        Text,
        Ask(
            "What are the grounds for this category?",
            "A nickname in a log entry makes a person of interest, not a suspect. An "
            "inference never makes a suspect.",
            option="--grounds",
            rows=2,
        ),
    ]
    end: Annotated[bool, Ask("Remove the category instead")] = False
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.change_class(
            desk, reader, self.who, self.category, self.grounds, end=self.end, **command
        )


class EndClassification(UseCase, frozen=True):
    """Remove a person's category. The category ends on each record of the person that has it. You
    can only propose to remove the category of a suspect; another person confirms it."""

    named = UseCaseText(
        command="person end-class",
        records="person.classification_ended",
        about="person",
        title="Remove category",
        send="Remove the category",
        success_message="Category removed: {category}",
        proposes=("end-category",),
        address="categories/end",
    )
    who: Whom
    category: Annotated[PoleCategory, Ask("Which category is removed?")]
    grounds: Annotated[
        Text,
        Ask(
            "Why is the category removed?",
            "The earlier category stays on record.",
            option="--grounds",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.end_classification(
            desk, reader, self.who, self.category, self.grounds, **command
        )


class RecordAge(UseCase, frozen=True):
    """Record a person's age or date of birth. An age in years counts on from its date."""

    named = UseCaseText(
        command="person age",
        records="person.age_recorded",
        about="person",
        title="Record an age",
        send="Record the age",
        success_message="Age recorded",
    )
    who: Whom
    born: Annotated[Day | None, Ask("When was the person born?")] = None
    under_18: Annotated[
        bool | None, Ask("Is the person under 18?", option="--under-18/--adult")
    ] = None
    words: Annotated[
        Line | None,
        Ask(
            "The person's age, as reported",
            "For example 11, or 14y8m for 14 years and 8 months. The age counts on from its date.",
        ),
    ] = None
    as_of: Annotated[
        Day | None, Ask("On which day did the person have this age?", "Empty: today.")
    ] = None
    source: Annotated[Line | None, Ask("Who reported the age?")] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.record_age(
            desk,
            reader,
            self.who,
            self.under_18,
            self.born,
            self.words,
            as_of=self.as_of,
            source=self.source,
            **command,
        )


class RecordLearningDisability(UseCase, frozen=True):
    """Record a learning disability. A child with one is never rated low."""

    named = UseCaseText(
        command="person learning-disability",
        records="person.learning_disability_recorded",
        about="person",
        title="Record a learning disability",
        send="Record the learning disability",
        success_message="Learning disability recorded",
        address="learning-disability",
    )
    who: Whom
    source: Annotated[Line, Ask("Who reported the learning disability?", option="--source")]
    none: Annotated[
        bool,
        Ask(
            "The person is reported to have no learning disability",
            "Earlier reports stay on record, and still protect the child.",
        ),
    ] = False
    as_of: Annotated[
        Day | None, Ask("On which day was the learning disability reported?", "Empty: today.")
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.record_learning_disability(
            desk, reader, self.who, not self.none, self.source, as_of=self.as_of, **command
        )


class StateCustody(UseCase, frozen=True):
    """Record custody, remand, release or licence. Bail has its own command, with its conditions.
    Without a record a person's status is not known."""

    named = UseCaseText(
        command="person custody",
        records="person.custody_stated",
        about="person",
        title="Record custody, remand, release or licence",
        send="Record the status",
        success_message="Recorded: {state}",
        address="custody",
    )
    who: Whom
    state: Annotated[
        CustodyState,
        Ask(
            "Which custody status does the person have?", "The status “ended” ends the last status."
        ),
    ]
    source: Annotated[
        Line,
        Ask(
            "Who states the custody status?",
            "For example a custody record, a court or an officer.",
            option="--source",
        ),
    ]
    since: Annotated[
        Day | None, Ask("Since which day does the custody status apply?", "Empty: today.")
    ] = None
    until: Annotated[
        Day | None, Ask("Until which day does the custody status apply?", "Empty: without an end.")
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return entity.state_custody(
            desk,
            reader,
            self.who,
            self.state,
            self.source,
            since=self.since,
            until=self.until,
            **command,
        )


class ListPeople(Question, frozen=True):
    """List all people, in the order recorded."""

    named = QuestionText(
        command="person list",
        title="People",
        empty="No people are recorded.",
        acts=("see-person", "see-network"),
        address="people",
        shown=200,
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Entity]":
        with desk.asking() as db:
            return entity.page_after(db, reader, now)[0]

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[Entity], int]":
        with desk.asking() as db:
            return entity.page_of_people(db, reader, now, skip, most)

    def some(
        self, desk: "Desk", reader: "Reader", now: "datetime", after: "Place | None", most: int
    ) -> RowPage:
        with desk.asking() as db:
            return RowPage(*entity.page_after(db, reader, now, after, most))

    @classmethod
    def row(cls) -> "type[Entity]":
        return people.Entity
