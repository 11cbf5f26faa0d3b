"""Records losses of the store, restores, destroyed keys and copies in the logs."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4, uuid5

from commands.kernel.unit_of_work import KeyAccess, facts
from domain.data_protection.copies import StoreRestored
from domain.data_protection.erasure import ERASURES
from domain.data_protection.erasure_told import accounts_of, explained_keys
from domain.kernel.envelope import Event, Shredded, Submission
from domain.kernel.log import Log
from domain.kernel.values import Reader
from domain.people_and_teams.recovery import LossDeclared, RecordCopied
from domain.people_and_teams.store_admin import KEYS, STORE, SUCCESSION, KeysRotated, SealedKeys


def declare_loss(
    log: Log, keys: KeyAccess, reader: Reader, loss: LossDeclared, origin: str
) -> None:
    """Record a declared loss as the first fact of the evidence log under its new `origin`. A
    repeated call changes nothing.

    This function needs no desk, because a store that is being restored has no views yet.
    """
    stream = uuid5(STORE, origin)
    digest = keys.digest(origin.encode())
    log.append([Submission(stream, digest, facts(reader, stream, 0, (loss,)))])


def tell_restored(log: Log, keys: KeyAccess, reader: Reader, restored: StoreRestored) -> None:
    """Record in the access log that the store was restored, before the restored store takes the
    place of the lost one.
    """
    stream = uuid4()
    digest = keys.digest(stream.bytes)
    log.append([Submission(stream, digest, facts(reader, stream, 0, (restored,)))])


def tell_destroyed(
    log: Log, keys: KeyAccess, reader: Reader, destroyed: Iterable[Shredded]
) -> None:
    """Record the keys that an erasure destroyed after the backup was made. The backup does not have
    the record of that erasure, so a new record is written to the register of erasures. A repeated
    call changes nothing."""
    explained = explained_keys(lambda stream: [fact.event for fact in log.history(stream)]).keys
    events = accounts_of(destroyed, explained)
    if not events:
        return
    body = "|".join(key for event in events for key in event.keys)
    history = log.history(ERASURES)
    new_facts = facts(reader, ERASURES, history[-1].version if history else 0, events)
    log.append([Submission(uuid5(ERASURES, body), keys.digest(body.encode()), new_facts)])


def tell_keys(log: Log, keys: KeyAccess, reader: Reader, tables: Iterable[SealedKeys]) -> None:
    """Record the key tables of a store that was restored with newer keys than those in its backup.
    The person who restores the store needs no role in it."""
    event = KeysRotated(tuple(tables))
    history = log.history(KEYS)
    version = history[-1].version if history else 0
    body = "|".join(f"{table.origin} {table.size} {table.root}" for table in event.tables)
    new_facts = facts(reader, KEYS, version, (event,))
    log.append(
        [Submission(uuid5(KEYS, f"{version}|{body}"), keys.digest(body.encode()), new_facts)]
    )


def tell_copied(
    log: Log, keys: KeyAccess, reader: Reader, copied: RecordCopied, store: str
) -> None:
    """Record the origin of a copy as the first fact of the evidence log under the new origins of
    `store`.
    """
    history = log.history(SUCCESSION)
    version = history[-1].version if history else 0
    new_facts = facts(reader, SUCCESSION, version, (copied,))
    command = uuid5(SUCCESSION, store)
    log.append([Submission(command, keys.digest(store.encode()), new_facts)])


def tell_left(log: Log, keys: KeyAccess, reader: Reader, events: Mapping[UUID, Event]) -> None:
    """Record in the access log of a new store the copies that were made of the old store, and the
    hashes of the old store's exports, each as the first fact of a stream of its own.
    """
    made = {stream: facts(reader, stream, 0, (event,)) for stream, event in events.items()}
    log.append(
        [
            Submission(uuid5(stream, "copied"), keys.digest(stream.bytes), stream_facts)
            for stream, stream_facts in made.items()
        ]
    )
