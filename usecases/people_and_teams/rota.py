"""The rota: who is on call."""

from typing import TYPE_CHECKING, Annotated, Unpack

from msgspec import Meta

from commands.people_and_teams import rota
from domain.people_and_teams import rota as rota_domain
from usecases.kernel.usecase import Ask, ItemRef, Line, Moment, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader


class PutOnCall(UseCase, frozen=True):
    """Put somebody on call. The duty is for a team, or for all teams."""

    named = UseCaseText(
        command="rota add",
        records="rota.duty_given",
        title="Put a person on call",
        send="Put the person on call",
        success_message="{user} is on call",
        address="rota",
    )
    user: Annotated[Line, Ask("Who is on call?", "The name of the account.")]
    phone: Annotated[Line, Ask("On which phone number is the person called?", option="--phone")]
    since: Annotated[Moment, Ask("From which time is the person on call?", option="--from")]
    until: Annotated[Moment, Ask("Until which time is the person on call?", option="--until")]
    place: Annotated[
        int,
        Meta(ge=1, le=100),
        Ask(
            "What is the person's place in the order of calls?",
            "The person in place 1 is called first, the next person after 10 minutes.",
        ),
    ] = 1
    team: Annotated[
        Line | None,
        Ask("For which team is the person on call?", "Empty: your own team.", option="--for"),
    ] = None
    all_teams: Annotated[bool, Ask("The on-call duty is for all teams")] = False

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        duty = rota_domain.DutyGiven(
            self.user, self.phone, self.since, self.until, self.place, self.team
        )
        return rota.put_on_call(
            desk,
            reader,
            duty,
            all_teams=self.all_teams,
            command_id=command.get("command_id"),
        )


class EndDuty(UseCase, frozen=True):
    """End or cancel a duty on the rota."""

    named = UseCaseText(
        command="rota end",
        records="rota.duty_ended",
        about="duty",
        title="End an on-call duty",
        send="End the on-call duty",
        success_message="On-call duty ended",
        address="end",
    )
    duty: Annotated[
        ItemRef, Ask("Which on-call duty ends?", "The full id or its last eight characters.")
    ]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return rota.end(desk, reader, self.duty, **command)
