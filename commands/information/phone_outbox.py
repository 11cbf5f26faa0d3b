"""Remote wiping of a lost phone's outbox; the number of unsent entries is reported first."""

from access.who_may.decide import require
from commands.kernel.declared import OnNamed, by_id
from commands.kernel.unit_of_work import Desk
from domain.information import phone_outbox
from domain.kernel.envelope import Event
from domain.kernel.values import Reader


def _order_wipe(
    desk: Desk, reader: Reader, ordered: bool, user: str, waiting: int, reason: str
) -> tuple[Event, ...]:
    require(reader, "manage-accounts")
    return phone_outbox.order(ordered, user, waiting, reason)


def _take_back(desk: Desk, reader: Reader, ordered: bool, user: str) -> tuple[Event, ...]:
    require(reader, "manage-accounts")
    return phone_outbox.take_back(ordered, user)


def _wiped(desk: Desk, reader: Reader, ordered: bool, lost: int) -> tuple[Event, ...]:
    return phone_outbox.wiped(ordered, reader.name, lost)


#: Order a lost phone to delete its unsent entries at its next contact.
order_wipe = OnNamed(
    "outbox.order_wipe", by_id, False, phone_outbox.evolve, _order_wipe, log="access"
)
#: Cancel the order to delete the unsent entries of a lost phone, because its owner has it again.
take_back = OnNamed("outbox.take_back", by_id, False, phone_outbox.evolve, _take_back, log="access")
#: Record that the phone of this reader has deleted its unsent entries.
wiped = OnNamed("outbox.wiped", by_id, False, phone_outbox.evolve, _wiped, log="access")
