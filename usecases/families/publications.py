"""Record publications, and check press texts.

A publication may identify a child. A text is checked before it goes to the press.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from commands.families import publication
from domain.families import publication as publication_domain
from domain.kernel.codes import MediaDone, MediaKind
from projections.families import publications
from usecases.kernel.question import Answer, Question, QuestionText, Table, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Line,
    Moment,
    Ref,
    Reference,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader

PublicationRef: TypeAlias = Annotated[
    Reference,
    Ref("publication"),
    Ask("Which publication is it?", "The full id or its last eight characters."),
]


class NotePublication(UseCase, frozen=True):
    """Record a publication about a child or family. The publication is out already, or about to be.
    If it identifies the child, a supervisor acts within a day."""

    named = UseCaseText(
        command="media noted",
        records="publication.noted",
        about="case",
        title="Record a publication",
        send="Record the publication",
        success_message="Publication recorded: {kind}",
        address="publications",
    )
    case: CaseRef
    kind: Annotated[MediaKind, Ask("Which kind of publication is it?")]
    words: Annotated[
        Text,
        Ask("Where did the publication appear, and what does it say?", option="--words", rows=3),
    ]
    identifies: Annotated[
        bool,
        Ask(
            "The publication identifies the child by a name, a picture, a school or relatives",
            option="--identifies",
        ),
    ] = False
    happened: Annotated[
        Moment | None,
        Ask("When did the publication appear?", "Empty: now", option="--at", rare=True),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return publication.note


class AnswerPublication(UseCase, frozen=True):
    """Record what was done about a publication."""

    named = UseCaseText(
        command="media answered",
        records="publication.answered",
        about="publication",
        title="Record the response to a publication",
        send="Record the response",
        success_message="Response recorded: {did}",
        address="answer",
    )
    publication: PublicationRef
    did: Annotated[MediaDone, Ask("What was done about the publication?")]
    words: Annotated[
        Text,
        Ask(
            "How was the response to the publication carried out?",
            "Or give the reason why there was no response",
            option="--words",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return publication.answer


class CheckPress(UseCase, frozen=True):
    """Check a text for the press. If a name, number, plate, place, school, picture or relation in
    the text identifies the child, the text is refused, whatever the user's role is. A text that
    passes is recorded."""

    named = UseCaseText(
        command="media check",
        records="press.checked",
        about="case",
        title="Check a text for the press",
        send="Check the text",
        success_message="This text may be released to the press",
        address="press-texts",
    )
    case: CaseRef
    outlet: Annotated[
        Line,
        Ask(
            "Which outlet is the press text for?",
            "For example a newspaper, a station, or the force's own page",
            option="--for",
        ),
    ]
    words: Annotated[Text, Ask("Text for the press", option="--text", rows=6)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return publication.check


class ListMedia(Question, frozen=True):
    """List publications about a child. It also lists texts for the press, and whether they may be
    released."""

    named = QuestionText(
        command="media list",
        title="Press and publication",
        empty="No publications or press texts are recorded.",
        acts=("see-child",),
    )
    case: CaseRef

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table("published", "Publications", "No publications.", publications.PublicationRow),
            Table("texts", "Press texts", "No press texts are recorded.", publications.PressRow),
        )

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with of_case(desk, reader, self.case) as arguments:
            rows = publications.published(*arguments), publications.texts(*arguments)
        return Answer(rows, (publication_domain.ANONYMITY.capitalize(),))
