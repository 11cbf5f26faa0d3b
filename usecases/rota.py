"""The rota: who is on call."""

from typing import TYPE_CHECKING, Annotated, Unpack

from usecases.usecase import Ask, ItemRef, Named, UseCase

if TYPE_CHECKING:
    from commands.desk import Command, Desk, Receipt
    from domain.values import Reader


class EndDuty(UseCase, frozen=True):
    """A duty ends now, or is not to be."""

    told_as = Named(
        command="rota end",
        records="rota.duty_ended",
        about="duty",
        title="End a duty",
        send="End it",
        done="Ended",
        address="end",
    )
    duty: Annotated[ItemRef, Ask("Which duty?", "Its id or the end of it.")]

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        from commands import rota

        return rota.end(desk, reader, self.duty, **command)
