"""Records exports and packs of proofs before they are handed over."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from commands.data_protection import copies
from commands.kernel.unit_of_work import Desk, Receipt, save_alone
from domain.data_protection.disclosure import check_handling
from domain.kernel.values import Handling, HandlingCode, Reader
from domain.people_and_teams.store_admin import (
    ExportMade,
    PackMade,
)

#: The purpose of an export in each form, used if the user states no purpose.
EXPORTED_FOR = {
    "pack": "the proofs of an item and its trail, to be checked elsewhere",
    "paper": "to be read out and decided by",
    **dict.fromkeys(("svg", "png", "pdf"), "a picture to look at and talk about"),
}


TO_WORK_WITH = "work on it in another program"


def record_export(
    desk: Desk,
    reader: Reader,
    *,
    form: str,
    sha256: str,
    ids: Sequence[UUID],
    filters: dict[str, str],
    recipient: str | None = None,
    purpose: str | None = None,
    handling: HandlingCode = "P",
    conditions_met: str | None = None,
    number: int | None = None,
    destroy_by: date | None = None,
) -> Receipt:
    """Record an export of items before it is handed over. By default the recipient is the reader,
    and the purpose is the usual purpose of an export in this form.

    Raises Refused if items under handling code C (with conditions) are exported and the user does
    not say how the conditions are met. Raises CommandReused if another paper copy of the team has
    been given this `number` in the meantime.
    """
    check_handling([Handling(handling)], conditions_met)
    event = ExportMade(
        form,
        tuple(str(i) for i in ids),
        (recipient or "").strip() or reader.name,
        filters,
        conditions_met,
        (purpose or "").strip() or EXPORTED_FOR.get(form, TO_WORK_WITH),
        number,
        destroy_by,
    )
    command = copies.number_command_id(reader.team, number) if number else desk.new_random_id()
    receipt = save_alone(desk, reader, "access", desk.new_id(), event, command)
    copies.fingerprint(desk, reader, receipt.id, [sha256])
    return receipt


def record_pack(desk: Desk, reader: Reader, stream: UUID, manifest: str) -> Receipt:
    """Record that a pack of proofs is about to be handed over: store the SHA-256 (hex) of its list
    of contents (manifest). The pack can then contain the proof of this record.
    """
    return save_alone(desk, reader, "access", stream, PackMade(manifest), desk.new_random_id())
