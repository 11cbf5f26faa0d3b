"""Running the record: the store's first fact, files received, exports made, briefs held."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

from msgspec import structs

from commands.data_protection import copies
from commands.kernel.desk import Desk, Receipt, act, facts
from commands.kernel.submission import Prepared
from domain.clocks import CLOCKS
from domain.data_protection.disclosure import check_handling
from domain.kernel.envelope import Event, LogName, Submission
from domain.kernel.values import Handling, HandlingCode, Reader
from domain.people_and_teams.governance import (
    ANCHORS,
    KEYS,
    SIGNER,
    STORE,
    AccessAnchored,
    BriefHeld,
    EvidenceAnchored,
    ExportMade,
    FileReceived,
    KeysMoving,
    KeysRotated,
    LogAnchored,
    PackMade,
    SealedKeys,
    SignerKeyChanged,
    StoreMade,
)

#: For what an export is made where nobody says it, by its form.
EXPORTED_FOR = {
    "pack": "the proofs of an item and its trail, to be checked elsewhere",
    "paper": "to be read out and decided by",
    **dict.fromkeys(("svg", "png", "pdf"), "a picture to look at and talk about"),
}
TO_WORK_WITH = "work on it in another program"
BRIEFS = UUID("0b54a3f2-4c1e-5a57-9d1b-7a1f0c9e2d03")


def make_store(desk: Desk, reader: Reader, *, synthetic: bool, administrator: str) -> Receipt:
    """The first fact of a store; asked again it answers with the first."""
    made = StoreMade(synthetic, administrator, tuple(sorted(CLOCKS)))
    known = desk.logs["evidence"].history(STORE)
    if known:
        return Receipt(STORE, known[0].ref, known[0].recorded)
    return _once(desk, reader, "evidence", STORE, made, uuid5(STORE, "made"))


def prepare_file(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    received: FileReceived,
) -> Prepared:
    """A file was received; its rows point to it by its digest."""
    stream = desk.new_id()
    told = structs.replace(received, kept="", digest="", secret=b"")  # these are drawn by lot
    submission = Submission(
        command_id, desk.digest("file.receive", told), facts(reader, stream, 0, (received,))
    )
    return Prepared(stream, {"evidence": submission}, reader)


def export_made(
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
    """Something left: it is written down before it is handed over. Where nothing else is said it is
    for the person who takes it, and for what its form is for.

    Raises Refused where what it shows is under handling C and nobody says how it is met,
    CommandReused where another copy of the team was given this number meanwhile.
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
    command = copies.numbered(reader.team, number) if number else desk.new_random_id()
    receipt = _once(desk, reader, "access", desk.new_id(), event, command)
    copies.fingerprint(desk, reader, receipt.id, [sha256])
    return receipt


def pack_made(desk: Desk, reader: Reader, stream: UUID, manifest: str) -> Receipt:
    """The list of a pack, by its SHA-256 (hex), before the pack is handed over: the proof of this
    fact goes along with it."""
    return _once(desk, reader, "access", stream, PackMade(manifest), desk.new_random_id())


def hold_brief(desk: Desk, reader: Reader, until: datetime) -> Receipt:
    """The team has looked at what was new, changed and undecided up to `until`."""
    stream = uuid5(BRIEFS, reader.team)
    return act(
        desk,
        reader,
        "brief.hold",
        stream,
        None,
        lambda s, e: None,
        lambda s: (BriefHeld(until),),
        [until],
    )


def anchor_access(desk: Desk, reader: Reader, size: int, root: bytes) -> Receipt:
    """The evidence log holds what the access log was; of one state of it once."""
    return _anchor(desk, reader, AccessAnchored(size, root.hex()), "evidence")


def anchor_log(
    desk: Desk, reader: Reader, log: Literal["sources", "product"], size: int, root: bytes
) -> Receipt:
    """As `anchor_access`, of another log."""
    return _anchor(desk, reader, LogAnchored(log, size, root.hex()), "evidence")


def anchor_evidence(desk: Desk, reader: Reader, origin: str, size: int, root: bytes) -> Receipt:
    """The access log holds what the evidence log was, as `anchor_access` the other way."""
    return _anchor(desk, reader, EvidenceAnchored(origin, size, root.hex()), "access")


def _anchor(desk: Desk, reader: Reader, event: Event, log: LogName) -> Receipt:
    told = [getattr(event, name) for name in event.__struct_fields__]
    return act(
        desk,
        reader,
        "access.anchor",
        ANCHORS,
        None,
        lambda s, e: None,
        lambda s: (event,),
        told,
        command_id=uuid5(ANCHORS, " ".join(map(str, told))),
        log=log,
    )


def signer_key_changed(desk: Desk, reader: Reader, log: LogName, note: str) -> Receipt:
    """The evidence log holds how a log's signer's keys followed one another; each note once."""
    event = SignerKeyChanged(log, note)
    return act(
        desk,
        reader,
        "signer.change_key",
        SIGNER,
        None,
        lambda s, e: None,
        lambda s: (event,),
        [event],
        command_id=uuid5(SIGNER, note),
    )


def keys_move(desk: Desk, reader: Reader) -> Receipt:
    """Data keys are about to be wrapped again."""
    return _of_keys(desk, reader, "keys.move", KeysMoving())


def keys_rotated(desk: Desk, reader: Reader, tables: Sequence[SealedKeys]) -> Receipt:
    """How the key tables stand once keys were wrapped again or destroyed."""
    return _of_keys(desk, reader, "keys.rotate", KeysRotated(tuple(tables)))


def _of_keys(desk: Desk, reader: Reader, command: str, event: Event) -> Receipt:
    return act(desk, reader, command, KEYS, None, lambda s, e: None, lambda s: (event,), [event])


def _once(
    desk: Desk, reader: Reader, log: LogName, stream: UUID, event: Event, command_id: UUID
) -> Receipt:
    """Save one event in a stream of its own; the same event in another stream is no repeat."""
    digest = desk.digest(event.stored.name, [stream, event])
    submission = Submission(command_id, digest, facts(reader, stream, 0, (event,)))
    return desk.save([Prepared(stream, {log: submission}, reader)])[0]
