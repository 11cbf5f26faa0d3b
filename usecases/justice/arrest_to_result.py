"""Arrests, charges and child abduction warning notices."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.justice import arrest_to_result, inconsistencies
from commands.kernel import item_references
from domain.justice import arrest_to_result as arrest_to_result_domain
from domain.kernel.codes import Against, CareStatus, NoticeBasis
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Day,
    ItemRef,
    Moment,
    PersonRef,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader

Whom: TypeAlias = Annotated[PersonRef, Ask("Who was arrested or charged?", "An id or a name")]
ForCase: TypeAlias = Annotated[
    CaseRef | None,
    Ask(
        "To which case does the arrest or charge belong?",
        "A number or a reference",
        option="--case",
    ),
]
LED = "Ids, or a case's number, separated by commas; write none-known if no cause is known."
#: The causes of an arrest, a charge or a notice. An answer is always required: "none-known" if no
#: cause is known.
Led: TypeAlias = Annotated[
    tuple[ItemRef, ...],
    Meta(max_length=100),
    Ask(
        "Which records led to the arrest or charge?",
        LED,
    ),
]


class BringAgainst(UseCase, frozen=True):
    """Record an arrest or a charge, and what led to it."""

    named = (
        UseCaseText(
            command="outcome arrest",
            help="Record an arrest, and what led to it.",
            records="justice.arrest_made",
            about="person",
            title="Record an arrest",
            send="Record the arrest",
            success_message="Arrest recorded",
            then="/trail/{id}",
            address="arrests",
            fixed={"what": "arrest"},
        ),
        UseCaseText(
            command="outcome charge",
            help="Record a charge, and what led to it.",
            records="justice.charge_brought",
            about="person",
            title="Record a charge",
            send="Record the charge",
            success_message="Charge recorded",
            then="/trail/{id}",
            address="charges",
            fixed={"what": "charge"},
        ),
    )
    who: Whom
    what: Annotated[Against, Ask("Was the person arrested or charged?")]
    offence: Annotated[
        Text | None, Ask("For which offence was the person arrested or charged?")
    ] = None
    happened: Annotated[
        Moment | None, Ask("When was the person arrested or charged?", option="--at")
    ] = None
    case: ForCase = None
    because_of: Led = ()
    note: Annotated[Text | None, Ask("Note on the arrest or charge", rows=2)] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return arrest_to_result.record_against(
            desk,
            reader,
            self.what,
            arrest_to_result.OutcomeSubject(person=self.who, case=self.case),
            happened=self.happened,
            offence=self.offence,
            note=self.note,
            **command,
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return inconsistencies.describe(desk, reader, receipt.id)


class ServeNotice(UseCase, frozen=True):
    """Record a child abduction warning notice. A notice under section 2 of the Child Abduction Act
    1984 ends on the child's 16th birthday, a notice under section 49 of the Children Act 1989 on
    the 18th. A notice that was served is always recorded, even if the law does not support a part
    of it; a message then names this part."""

    named = UseCaseText(
        command="outcome notice",
        records="justice.notice_served",
        about="person",
        title="Record a child abduction warning notice",
        send="Record the notice",
        success_message="Notice recorded",
        then="/trail/{id}",
        address="notices",
    )
    who: Annotated[Whom, Ask("On which person is the notice served?", "An id or a name")]
    child: Annotated[
        Whom, Ask("Which child does the notice protect?", "A name or an id", option="--child")
    ]
    basis: Annotated[NoticeBasis, Ask("Under which law is the notice served?")] = "s2-caa-1984"
    care: Annotated[CareStatus | None, Ask("Is the child in care?")] = None
    happened: Annotated[Moment | None, Ask("When was the notice served?", option="--at")] = None
    expires: Annotated[
        Day | None,
        Ask("Last day of the notice", "Empty: the birthday on which the notice ends by law"),
    ] = None
    case: Annotated[
        ForCase,
        Ask("To which case does the notice belong?", "A number or a reference", option="--case"),
    ] = None
    because_of: Annotated[Led, Ask("Which records led to the notice?", LED)] = ()
    rationale: Annotated[
        Text | None,
        Ask("Supervisor's rationale", "Needed if the recipient is under 18.", rows=2),
    ] = None
    issue: Annotated[
        bool,
        Ask(
            "The notice is issued now",
            "Continuum refuses to issue a notice that the law does not support.",
        ),
    ] = False
    recipient_under_18: Annotated[
        bool | None,
        Ask("Is the recipient under 18?", "Empty: Continuum uses the recorded age.", rare=True),
    ] = None
    note: Annotated[Text | None, Ask("Note on the warning notice", rows=2, rare=True)] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        notice = arrest_to_result_domain.NoticeServed(
            item_references.UNNAMED,
            item_references.UNNAMED,
            self.basis,
            None,
            self.happened,
            self.expires,
            self.recipient_under_18,
            self.rationale,
            self.note,
        )
        return arrest_to_result.serve_notice(
            desk,
            reader,
            notice,
            named=arrest_to_result.OutcomeSubject(self.who, self.child, self.case),
            care=self.care,
            issue=self.issue,
            **command,
        )

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return inconsistencies.describe(desk, reader, receipt.id)
