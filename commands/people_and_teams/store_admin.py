"""Commands that record the administration of a store: its creation, imported files, briefings,
anchors of the logs, a new signer key and the rotation of keys.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from msgspec import structs

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, Receipt, act, facts, save_alone
from domain.clocks import CLOCKS
from domain.kernel.envelope import Event, LogName, Submission
from domain.kernel.values import Reader
from domain.people_and_teams.store_admin import (
    ANCHORS,
    KEYS,
    SIGNER,
    STORE,
    AccessAnchored,
    BriefHeld,
    EvidenceAnchored,
    FileReceived,
    KeysMoving,
    KeysRotated,
    LogAnchored,
    SealedKeys,
    SignerKeyChanged,
    StoreMade,
)

BRIEFS = UUID("0b54a3f2-4c1e-5a57-9d1b-7a1f0c9e2d03")


def make_store(desk: Desk, reader: Reader, *, synthetic: bool, administrator: str) -> Receipt:
    """Record that a store was made, as its first fact. A repeated call records nothing and returns
    the first receipt.
    """
    made = StoreMade(synthetic, administrator, tuple(sorted(CLOCKS)))
    known_facts = desk.logs["evidence"].history(STORE)
    if known_facts:
        return Receipt(STORE, known_facts[0].ref, known_facts[0].recorded)
    return save_alone(desk, reader, "evidence", STORE, made, uuid5(STORE, "made"))


def prepare_file(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    received: FileReceived,
) -> Prepared:
    """Prepare the event that records that an imported file was received. The rows of the file refer
    to this event by the file's digest.
    """
    stream = desk.new_id()
    # random values are left out, so that a repeated command has the same digest
    event = structs.replace(received, kept="", digest="", secret=b"")
    submission = Submission(
        command_id, desk.digest("file.receive", event), facts(reader, stream, 0, (received,))
    )
    return Prepared(stream, {"evidence": submission}, reader)


def hold_brief(desk: Desk, reader: Reader, until: datetime) -> Receipt:
    """Record that the team has discussed new, changed and undecided records up to `until`."""
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
    """Record the state of the access log in the evidence log. A state that is recorded already is
    not recorded again."""
    return _anchor(desk, reader, AccessAnchored(size, root.hex()), "evidence")


def anchor_log(
    desk: Desk, reader: Reader, log: Literal["sources", "product"], size: int, root: bytes
) -> Receipt:
    """Record the state of the source register or the product log in the evidence log; each state is
    recorded once.
    """
    return _anchor(desk, reader, LogAnchored(log, size, root.hex()), "evidence")


def anchor_evidence(desk: Desk, reader: Reader, origin: str, size: int, root: bytes) -> Receipt:
    """Record the state of the evidence log in the access log. A state that is recorded already is
    not recorded again."""
    return _anchor(desk, reader, EvidenceAnchored(origin, size, root.hex()), "access")


def _anchor(desk: Desk, reader: Reader, event: Event, log: LogName) -> Receipt:
    fields = [getattr(event, name) for name in event.__struct_fields__]
    return act(
        desk,
        reader,
        "access.anchor",
        ANCHORS,
        None,
        lambda s, e: None,
        lambda s: (event,),
        fields,
        command_id=uuid5(ANCHORS, " ".join(map(str, fields))),
        log=log,
    )


def signer_key_changed(desk: Desk, reader: Reader, log: LogName, note: str) -> Receipt:
    """Record in the evidence log that the key of a log's signer changed. `note` is the signed note
    about the change; each note is recorded once."""
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
    """Record that the data keys of the store will now be encrypted again, with a new key-encryption
    key.
    """
    return _of_keys(desk, reader, "keys.move", KeysMoving())


def keys_rotated(desk: Desk, reader: Reader, tables: Sequence[SealedKeys]) -> Receipt:
    """Record the tables of data keys after keys were encrypted again or destroyed."""
    return _of_keys(desk, reader, "keys.rotate", KeysRotated(tuple(tables)))


def _of_keys(desk: Desk, reader: Reader, command: str, event: Event) -> Receipt:
    return act(desk, reader, command, KEYS, None, lambda s, e: None, lambda s: (event,), [event])
