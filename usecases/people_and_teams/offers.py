"""Offers of a suspect's identifier to other forces, and matches with theirs."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeAlias, Unpack

from msgspec import Meta

from commands.exchange import offer
from domain.kernel.codes import Contact
from domain.kernel.values import HandlingCode
from projections.people_and_teams import offers
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, Causes, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from projections.people_and_teams.offers import Matched, Offered

OfferRef: TypeAlias = Annotated[
    ItemRef, Ask("Which offer do you mean?", "The full id or its last eight characters.")
]


class MakeOffer(UseCase, frozen=True):
    """Offer a suspect's identifier to other forces. The identifier is a number plate, a phone
    number or an account, and has to be assessed. The exchange's server (the hub) receives only a
    token from which it cannot read the identifier. If another force offers the same identifier,
    both forces are notified."""

    named = UseCaseText(
        command="offer",
        records="offer.made",
        title="Offer an identifier to other forces",
        send="Offer the identifier",
        success_message="Identifier offered",
        address="offers",
        warns=True,
    )
    what: Annotated[
        ItemRef,
        Ask(
            "Which identifier do you offer to other forces?",
            "A number plate, a phone number, an account, or the item's id.",
        ),
    ]
    to: Annotated[
        tuple[Line, ...],
        Meta(min_length=1, max_length=100),
        Ask(
            "To which forces do you offer the identifier?",
            "The forces' names in the exchange, or all.",
            option="--to",
        ),
    ]
    until: Annotated[
        date,
        Ask(
            "Until which day does the offer last?",
            "The offer lasts at most a year.",
            option="--until",
        ),
    ]
    handling: Annotated[
        HandlingCode,
        Ask("Under which handling code is the identifier offered?", option="--handling"),
    ]
    agreement: Annotated[
        Line,
        Ask(
            "Under which sharing agreement is the identifier offered?",
            "The reference number of the agreement.",
            option="--agreement",
        ),
    ]
    assessment: Annotated[
        Line,
        Ask(
            "Which impact assessment covers the agreement?",
            "The reference number of the assessment.",
            option="--assessment",
        ),
    ]
    reason: Annotated[
        Text, Ask("Why do you offer the identifier to other forces?", option="--reason", rows=2)
    ]
    conditions: Annotated[
        Line | None,
        Ask(
            "Under which conditions may the identifier be used?",
            "Only if it is offered under handling code C.",
            option="--conditions",
        ),
    ] = None
    records_reference: Annotated[
        Line | None,
        Ask(
            "Reference in your own records system",
            "A force with a matching offer can read this reference.",
            option="--records-reference",
            rare=True,
        ),
    ] = None
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        wanted = offer.OfferRequest(
            what=self.what,
            to=self.to,
            until=self.until,
            handling=self.handling,
            agreement=self.agreement,
            assessment=self.assessment,
            reason=self.reason,
            conditions=self.conditions,
            records_reference=self.records_reference,
        )
        return offer.make(desk, reader, wanted, **command)


class WithdrawOffer(UseCase, frozen=True):
    """Withdraw an offer to other forces. The hub deletes the token and confirms this."""

    named = UseCaseText(
        command="withdraw-offer",
        records="offer.ended",
        about="offer",
        title="Withdraw an offer to other forces",
        send="Withdraw the offer",
        success_message="Offer withdrawn",
        address="withdrawal",
    )
    offer: OfferRef
    reason: Annotated[Text, Ask("Why is the offer withdrawn?", option="--reason", rows=2)]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return offer.withdraw(desk, reader, self.offer, self.reason, **command)


class DecideMatch(UseCase, frozen=True):
    """Decide whether to contact a force about a match. That force does not learn of the
    decision."""

    named = UseCaseText(
        command="decide-match",
        records="offer.contact_decided",
        about="offer",
        title="Decide whether to contact a force",
        send="Record the decision",
        success_message="Decision about the other force recorded: {contact}",
        address="decisions",
    )
    offer: OfferRef
    force: Annotated[Line, Ask("Which force has the matching offer?")]
    contact: Annotated[Contact, Ask("Do you contact the other force?")]
    reason: Annotated[
        Text, Ask("Why do you contact the other force, or not?", option="--reason", rows=2)
    ]
    because_of: Causes = ()

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return offer.decide_contact(
            desk, reader, self.offer, self.force, self.contact, self.reason, **command
        )


class ListOffers(Question, frozen=True):
    """List your offers to other forces. Each shows to which forces, until when, and how many
    match."""

    named = QuestionText(
        command="offers",
        title="Offers to other forces",
        empty="No offers to other forces are recorded.",
        acts=("offer",),
    )
    every: Annotated[bool, Ask("Include ended offers")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Offered]":
        with desk.asking() as db:
            return offers.offered(db, reader, every=self.every)

    @classmethod
    def row(cls) -> "type[Offered]":
        return offers.Offered


class ListMatches(Question, frozen=True):
    """List other forces' matches with your offers. Each shows if a decision to contact that force
    is due."""

    named = QuestionText(
        command="matches",
        title="Matches with other forces",
        empty="No offer matches another force's offer.",
        acts=("offer",),
    )
    every: Annotated[bool, Ask("Include decided and ended matches")] = False

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Matched]":
        with desk.asking() as db:
            return offers.matched(db, reader, now, every=self.every)

    @classmethod
    def row(cls) -> "type[Matched]":
        return offers.Matched
