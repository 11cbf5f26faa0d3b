"""Read unencrypted events from a proof that a user has. The proof is checked by the code of the
offline verifier."""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel.envelope import Event, IntegrityFailure, LogName, Unprovable
from ledger import verify
from ledger.keys.keys import SealBroken
from ledger.store.mapper import EventMapper, Unreadable


def proven_events(
    proof: Any, policy: str, log: LogName, events: Sequence[type[Event]]
) -> tuple[UUID, list[Event]]:
    """Return the stream of the item in a proof, and the item's events of these types.

    Raises IntegrityFailure if the proof does not hold by this policy; Unprovable if it cannot be
    read, lacks signatures or content, or is about another log.
    """
    try:
        verify.check(proof, msgspec.json.decode(policy))
        if proof["log"] != log or "records" not in proof:
            raise Unprovable(f"this proof is not of an item of the {log} log")
        return UUID(proof["stream"]), list(_decode_events(proof, log, events))
    except verify.DoesNotHold as fault:
        raise IntegrityFailure(f"a proof that was given is not valid: {fault}") from None
    except verify.Unproven as fault:
        raise Unprovable(f"a proof that was given proves nothing yet: {fault}") from None
    except (verify.BadInput, msgspec.DecodeError, Unreadable, SealBroken) as error:
        raise Unprovable(f"a proof that was given cannot be read: {error}") from None


def _decode_events(proof: Any, log: LogName, events: Sequence[type[Event]]) -> Iterator[Event]:
    mapper, topics = EventMapper(log, events, {}), {event.stored.topic for event in events}
    stream = UUID(proof["stream"]).bytes
    for record in proof["records"]:
        if record["topic"] in topics:
            if "state" not in record:
                raise Unprovable(
                    f"the proof has record {record['seq']} without its contents: get a whole proof"
                )
            here = stream, record["version"], record["topic"], b64decode(record["state"])
            yield mapper.decode(*here, lambda _: None)[0].event
