"""Child abduction warning notices: service, breaches, and status."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from commands.justice import abduction_notices
from domain.justice import abduction_notice
from domain.kernel.codes import BreachAnswer, NoticeState
from projections.justice import abduction_notices as abduction_notices_view
from questions.justice import in_force
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import (
    Ask,
    Causes,
    ItemRef,
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

NoticeRef: TypeAlias = Annotated[
    Reference,
    Ref("notice"),
    Ask("Which warning notice is it?", "The full id or its last eight characters."),
]
BreachRef: TypeAlias = Annotated[
    Reference,
    Ref("breach"),
    Ask("Which breach of a notice is it?", "The full id or its last eight characters."),
]
ExhibitRef: TypeAlias = Annotated[Reference, Ref("exhibit")]
StatementRef: TypeAlias = Annotated[Reference, Ref("statement")]
Note: TypeAlias = Annotated[Text | None, Ask("Note on the warning notice", option="--note", rows=2)]


class TellService(UseCase, frozen=True):
    """Record how a warning notice was served. Say by whom and where it was served. Add the
    photograph of the notice and the statement of a person with parental responsibility. The child's
    consent is not needed."""

    named = UseCaseText(
        command="notice service",
        records="notice.service_told",
        about="notice",
        title="Record how the notice was served",
        send="Record the service",
        success_message="Service of the notice recorded",
        address="service",
    )
    notice: NoticeRef
    served_by: Annotated[Line, Ask("Who served the notice?", option="--by")]
    place: Annotated[Line, Ask("Where was the notice served?", option="--at")]
    photograph: Annotated[
        ExhibitRef | None,
        Ask(
            "Photograph of the notice",
            "The exhibit's full id, or the last eight characters",
            option="--photograph",
        ),
    ] = None
    statement: Annotated[
        StatementRef | None,
        Ask(
            "Statement of a person with parental responsibility",
            "The statement's full id, or the last eight characters",
            option="--statement",
        ),
    ] = None
    note: Note = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return abduction_notices.record_service


class BreachNotice(UseCase, frozen=True):
    """Record a breach of a warning notice. Say who saw it, when, where, and what the evidence is. A
    breach is not an offence by itself; a supervisor follows it up."""

    named = UseCaseText(
        command="notice breach",
        records="notice.breached",
        about="notice",
        title="Record a breach",
        send="Record the breach",
        success_message="Breach recorded. A supervisor follows it up",
        address="breaches",
    )
    notice: NoticeRef
    item: Annotated[
        ItemRef,
        Ask(
            "What is the report of the breach based on?",
            "The id of a log entry or of an exhibit",
            option="--item",
        ),
    ]
    seen_by: Annotated[Line, Ask("Who saw the breach?", option="--seen-by")]
    place: Annotated[Line, Ask("Where did the breach happen?", option="--where")]
    happened: Annotated[Moment, Ask("When did the breach happen?", option="--at")]
    note: Note = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return abduction_notices.breach


class FollowUpBreach(UseCase, frozen=True):
    """Record a senior officer's response to a breach."""

    named = UseCaseText(
        command="notice followed",
        records="notice.breach_followed_up",
        about="breach",
        title="Record the response to a breach",
        send="Record the response",
        success_message="Response recorded: {did}",
        address="follow-up",
    )
    breach: BreachRef
    did: Annotated[BreachAnswer, Ask("What was done about the breach?")]
    words: Annotated[
        Text,
        Ask(
            "Details of the follow-up",
            "Write what was done, or the reason why nothing was done",
            option="--words",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return abduction_notices.follow_up


class ListNotices(Question, frozen=True):
    """List warning notices and their breaches. It shows child abduction warning notices that are
    live, about to end, ended or breached."""

    named = QuestionText(
        command="notices",
        title="Warning notices",
        empty="No notices.",
        acts=("see-outcome",),
    )
    state: Annotated[NoticeState | None, Ask("Only notices with this status")] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.asking() as db:
            return Answer(in_force.list_notices(db, reader, now, self.state), abduction_notice.SAID)

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table("notices", "Notices", "No notices with this status.", in_force.Notice),
            Table("breaches", "Breaches", "No breaches.", abduction_notices_view.BreachRow),
        )
