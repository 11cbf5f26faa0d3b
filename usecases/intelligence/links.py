"""Links, retracted links, and the originator's consent to use material with handling
conditions."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.intelligence import intelligence_report, links
from domain.kernel.values import LinkKind
from usecases.kernel.usecase import (
    Ask,
    Causes,
    ItemRef,
    Ref,
    Reference,
    Since,
    Text,
    Until,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader

Assessed: TypeAlias = Annotated[
    ItemRef,
    Ask(
        "Which log entry or report needs the consent?",
        "An assessed log entry or its report: the full id or the last eight characters.",
    ),
]
#: How a user names the ends of a link.
NAMED = (
    "An id, a name, or vehicle:PLATE, phone:NUMBER, place:NAME, handle:NAME. The name may be new."
)


class AssertLink(UseCase, frozen=True):
    """Record a link between two people or items. From a log entry it is ungraded; an intelligence
    report grades it."""

    named = UseCaseText(
        command="link",
        records="link.asserted",
        about="item",
        title="Add a link",
        send="Add the link",
        success_message="Link added",
        address="links",
    )
    basis: Annotated[
        ItemRef, Ask("What is the link based on?", "A log entry, a report or evidence.")
    ]
    a: Annotated[ItemRef, Ask("Which person or item does the link start from?", NAMED, placed=True)]
    b: Annotated[ItemRef, Ask("Which person or item does the link lead to?", NAMED, placed=True)]
    kind: Annotated[LinkKind, Ask("Which kind of link is it?", option="--kind")]
    since: Annotated[Since | None, Ask("Since when does the link exist?", option="--from")] = None
    until: Annotated[
        Until | None, Ask("Until when did the link exist?", option="--to", rare=True)
    ] = None
    item: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)] | None,
        Ask("On which numbered item of the report is the link based?", rare=True),
    ] = None
    note: Annotated[Text | None, Ask("Note on the link", rows=2, rare=True)] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return links.assert_link(
            desk,
            reader,
            self.basis,
            self.a,
            self.b,
            self.kind,
            span=links.LinkPeriod(self.since, self.until),
            item=self.item,
            note=self.note,
            **command,
        )


class RetractLink(UseCase, frozen=True):
    """Retract a link. The versions of the link so far stay on record. If a warning is based on the
    link, you only propose the retraction, and another person confirms it."""

    named = UseCaseText(
        command="retract",
        records="link.retracted",
        about="link",
        title="Retract a link",
        send="Retract the link",
        success_message="Link retracted",
        proposes=("retract-link",),
        address="retraction",
    )
    item: Annotated[
        Reference, Ref("link"), Ask("Which link do you retract?", "The full id of the link.")
    ]
    reason: Annotated[
        Text,
        Ask(
            "Why is the link retracted?",
            "What was known until now stays on record.",
            option="--reason",
            rows=2,
        ),
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return links.retract(desk, reader, self.item, self.reason, **command)


class AskConsent(UseCase, frozen=True):
    """Ask the originator for consent to a use. Material with handling conditions (code C) needs
    it."""

    named = UseCaseText(
        command="consent ask",
        records="report.consent_asked",
        about="item",
        title="Ask for the originator's consent",
        send="Ask for consent",
        success_message="Consent requested",
        address="consent/asked",
    )
    item: Assessed
    use: Annotated[
        Text, Ask("For which use do you ask the originator for consent?", option="--for", rows=2)
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return intelligence_report.ask_consent


class GiveConsent(UseCase, frozen=True):
    """Give consent as the originator. The person who asked cannot give it."""

    named = UseCaseText(
        command="consent give",
        records="report.consent_given",
        about="item",
        title="Give consent as the originator",
        send="Give consent",
        success_message="Consent given",
        address="consent/given",
    )
    item: Assessed
    conditions: Annotated[
        Text | None,
        Ask(
            "Under which conditions do you consent?",
            "The person who asked for consent cannot give it.",
            rows=2,
        ),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return intelligence_report.give_consent


class RefuseConsent(UseCase, frozen=True):
    """Refuse consent as the originator."""

    named = UseCaseText(
        command="consent refuse",
        records="report.consent_refused",
        about="item",
        title="Refuse consent as the originator",
        send="Refuse consent",
        success_message="Consent refused",
        address="consent/refused",
    )
    item: Assessed
    reason: Annotated[Text, Ask("Why do you refuse consent?", option="--reason", rows=2)]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return intelligence_report.refuse_consent
