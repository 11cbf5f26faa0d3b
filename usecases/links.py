"""Links taken back, and the originator's consent to the use of what is under conditions."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from usecases.usecase import LINE, Ask, Causes, ItemRef, Named, Ref, Text, UseCase

if TYPE_CHECKING:
    from commands.desk import Command, Desk, Receipt
    from domain.values import Reader

Assessed: TypeAlias = Annotated[
    ItemRef, Ask("Of which words?", "Assessed ones, or their report: an id or its ending.")
]


class RetractLink(UseCase, frozen=True):
    """Take a link back; what was known before stays as it was."""

    told_as = Named(
        command="retract",
        records="link.retracted",
        about="link",
        title="It is not so",
        send="Take the tie back",
        done="The tie no longer stands",
        address="retraction",
    )
    item: Annotated[
        str, Meta(min_length=1, max_length=LINE), Ref("link"), Ask("Which link?", "Its id.")
    ]
    reason: Annotated[
        Text, Ask("Why?", "What was known until now stays on record.", option="--reason", rows=2)
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import links

        return links.retract(desk, reader, self.item, self.reason, **command)


class AskConsent(UseCase, frozen=True):
    """Ask the originator of what is under conditions (handling C) whether it may be used so."""

    told_as = Named(
        command="consent ask",
        records="report.consent_asked",
        about="item",
        title="Ask for the originator's consent",
        send="Ask for it",
        done="Consent asked",
        address="consent/asked",
    )
    item: Assessed
    use: Annotated[Text, Ask("For what use?", option="--for", rows=2)]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import intelligence

        return intelligence.ask_consent(desk, reader, self.item, self.use, **command)


class GiveConsent(UseCase, frozen=True):
    """Consent, as the originator; never whoever asked."""

    told_as = Named(
        command="consent give",
        records="report.consent_given",
        about="item",
        title="Consent, as the originator",
        send="I consent",
        done="Consent given",
        address="consent/given",
    )
    item: Assessed
    conditions: Annotated[
        Text | None, Ask("Under which conditions?", "Whoever asked never answers.", rows=2)
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import intelligence

        return intelligence.give_consent(desk, reader, self.item, self.conditions, **command)


class RefuseConsent(UseCase, frozen=True):
    """Refuse, as the originator."""

    told_as = Named(
        command="consent refuse",
        records="report.consent_refused",
        about="item",
        title="Refuse, as the originator",
        send="I refuse",
        done="Consent refused",
        address="consent/refused",
    )
    item: Assessed
    reason: Annotated[Text, Ask("Why not?", option="--reason", rows=2)]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import intelligence

        return intelligence.refuse_consent(desk, reader, self.item, self.reason, **command)
