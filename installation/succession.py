"""Copy the record to a new store whose logs have new origins (unique names), without hashes from
which content could be guessed; two people decide about the copy.

Old records have unkeyed hashes in plain text. These hashes are signed, so they cannot be removed
from the old store. In the new store each record keeps its number, its time, its command and its
key; a record with an unkeyed hash is converted to its newer version; and the hash trees are
computed again. The first new fact names the old origins. The old store can be read and accepts no
more facts.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from uuid import UUID

from access.who_may import scope
from commands.kernel.whole_logs import facts_of
from commands.people_and_teams import recovery
from commands.people_and_teams import succession as commands
from domain import catalogue
from domain.data_protection.copies import BackupMade, CopyFingerprinted, fingerprints_of
from domain.data_protection.disclosure import DisclosureMade1
from domain.kernel.envelope import Event, LogName, LogUnavailable, Recorded
from domain.kernel.values import Refused
from domain.people_and_teams.recovery import Former, RecordCopied, Rewritten
from domain.people_and_teams.store_admin import ExportMade1, FileReceived1
from installation.opening import open_system
from installation.settings import Settings
from installation.stores import home_of, place_of
from installation.system import System
from ledger.backup import backup, copy_sqlite, restore
from ledger.backup.backup import CHECKPOINTS, KEYS, ORIGINALS
from ledger.database.durable_files import closed_directory, read_file
from ledger.keys.keys import KeyFault
from ledger.keys.keystore import FileKeyStore
from ledger.store.log import Log
from ledger.store.setup import FILES, open_sqlite
from ledger.witness import signer
from projections.generations.making import Tell


def newer(event: Event) -> Event | None:
    """Return the newest version of an event that was stored in an earlier version, for example with
    an unkeyed hash; None for any other event."""
    kind = catalogue.by_name()[event.stored.name]
    if kind is type(event):
        return None
    fields = {name: getattr(event, name) for name in kind.__struct_fields__}
    if isinstance(event, FileReceived1):
        # this field named the file by its hash; now the event `file.sealed` has the file's name
        fields["kept"] = ""
    return kind(**fields)


def check(system: System, target: Settings) -> None:
    """Raise Refused if this store cannot be copied to this place; the check changes nothing."""
    place, home = place_of(target), home_of(target)
    if home.resolve() == system.home.resolve():
        raise Refused(
            "the copy needs its own directory for keys and originals: name it with --into-home"
        )
    if restore.occupied(place):
        raise Refused(f"{target.store} contains a store: name an empty place for the copy")
    if any(_differs(system.home / KEYS / name, home / KEYS / name) for name in _files(home / KEYS)):
        raise Refused(
            f"{home} contains keys of another store, or older keys: name an empty directory"
        )
    if system.originals.in_clear():
        raise Refused(
            "imported files are stored here unencrypted under the name of their hash: "
            "encrypt them first with continuum original --seal"
        )


def confirm(system: System, target: Settings, tell: Tell = lambda progress: None) -> RecordCopied:
    """Confirm a proposed copy of the record, and make it, with origins of its own. Return the fact
    with which the copy records where it comes from.

    Raises Refused, Denied, IntegrityFailure, LogUnavailable, OSError. After the confirmation, the
    old store accepts no facts until the copy is made or given up.
    """
    commands.require_may(system.desk, system.reader)
    check(system, target)
    store = token_hex(16)
    commands.confirm(system.desk, system.reader, store)
    for last in (False, False, True):
        try:
            return _copy(system, target, store, tell)
        except _RecordAdded:
            if last:
                raise LogUnavailable(
                    "Another program still writes to this store: end the programs that "
                    "were started before the copy was confirmed, then repeat this."
                ) from None
    raise AssertionError


class _RecordAdded(Exception):
    """Raised if a record was added to the old store while it was copied."""


def _copy(system: System, target: Settings, store: str, tell: Tell) -> RecordCopied:
    home, events = home_of(target), catalogue.by_log()
    closed_directory(home)
    restore.put(system.home / KEYS, home / KEYS, _files(system.home / KEYS))
    try:
        key_store = FileKeyStore(home / KEYS, target.key_passphrase_file)
    except KeyFault as error:
        raise LogUnavailable(str(error)) from error
    with restore.staging(home) as staged:
        list(backup.copy_logs(place_of(system.settings), staged, system.clock(), key_store))
        logs = open_sqlite(staged, events, clock=system.clock, keys=key_store, create=False)
        try:
            bare = {name: list(_bare(name, log)) for name, log in logs.items()}
            hashes = _hashes(logs, bare)
            states = {
                name: {fact.seq: log.replacement_for(fact.seq, event) for fact, event in bare[name]}
                for name, log in logs.items()
            }
        finally:
            _close(logs)
        copied = _reseal(system, staged, states, store)
        logs = open_sqlite(staged, events, clock=system.clock, keys=key_store, create=False)
        try:
            _record_first_facts(system, logs, copied, store, hashes)
        finally:
            _close(logs)
        if any(
            system.logs[log.log].last() != log.size for log in copied.logs if log.log != "access"
        ):
            raise _RecordAdded
        restore.put(system.home / ORIGINALS, home / ORIGINALS, _files(system.home / ORIGINALS))
        restore.put_in_place(
            staged,
            place_of(target),
            events,
            clock=system.clock,
            keys=key_store,
            synthetic=system.synthetic,
        )
    again = open_system(target, now=system.clock.given_time)
    try:
        recovery.tell_keys(again.logs["evidence"], again.keys, again.label, again.sealed_keys())
        again.views.rebuild(tell)
    finally:
        again.close()
    return copied


def _differs(ours: Path, theirs: Path) -> bool:
    """Return whether this store's key file `ours` is missing, or differs from the key file `theirs`
    at the new place.
    """
    return not ours.is_file() or ours.read_bytes() != theirs.read_bytes()


def _files(directory: Path) -> list[str]:
    paths = sorted(directory.iterdir()) if directory.is_dir() else []
    return [path.name for path in paths if path.is_file() and not path.name.startswith(".")]


def _close(logs: Mapping[LogName, Log]) -> None:
    for log in logs.values():
        log.close()


def _bare(name: LogName, log: Log) -> Iterator[tuple[Recorded, Event]]:
    """Yield the records of a log that have an unkeyed hash, each with its replacement."""
    for fact in facts_of({name: log}, name):
        if event := newer(fact.event):
            yield fact, event


def _hashes(
    logs: Mapping[LogName, Log], bare: Mapping[LogName, Collection[tuple[Recorded, Event]]]
) -> dict[UUID, tuple[str, ...]]:
    """Return the recorded hashes of exports and disclosures that were handed over. The caller
    stores these hashes again, encrypted with a key of their own. Hashes of erased records, and of
    copies that contain an erased item, are left out.
    """
    gone = {str(stream) for log in logs.values() for stream, _ in log.key_table.destroyed()}
    hashes_by_stream: dict[UUID, tuple[str, ...]] = {}
    known: tuple[str, ...]
    for fact, _ in bare.get("access", ()):
        match fact.event:
            case ExportMade1(sha256=one, ids=told):
                known, ids = (one,), {*told, str(fact.stream)}
            case DisclosureMade1(hashes=known, items=items):
                ids = {*map(str, items), str(fact.stream)}
            case _:
                continue
        if not fact.erased and gone.isdisjoint(ids):
            hashes_by_stream[fact.stream] = known
    return hashes_by_stream


def _reseal(
    system: System,
    staged: Path,
    states: Mapping[LogName, Mapping[int, tuple[str, bytes]]],
    store: str,
) -> RecordCopied:
    """Rewrite the copied logs without unkeyed hashes, and give the logs their new origins. Return
    the fact that records the old origins, to be recorded in the copy.
    """
    former = []
    for name, held_log in backup.examined(staged).items():
        file = staged / FILES[name]
        before = copy_sqlite.rewrite(file, name, states[name]) if states[name] else {}
        rewritten = tuple(Rewritten(seq, leaf.hex()) for seq, leaf in sorted(before.items()))
        note = signer.published(system.home / CHECKPOINTS, name)
        published = read_file(note) if note.is_file() else None
        former.append(
            Former(name, held_log.origin, held_log.size, held_log.root, published, rewritten)
        )
    for name, file_name in FILES.items():
        copy_sqlite.reseal(staged / file_name, name, store)
    return RecordCopied(tuple(former))


def _record_first_facts(
    system: System,
    logs: Mapping[LogName, Log],
    copied: RecordCopied,
    store: str,
    hashes: Mapping[UUID, tuple[str, ...]],
) -> None:
    """Record the first facts under the new origins: where the copy comes from, that the old store
    still exists and may show text that is erased from now on, and the hashes of copies that were
    handed over.

    Two people decided about copying the record, so the rights of either person are enough here.
    """
    who = scope.unlimited(system.reader)
    recovery.tell_copied(logs["evidence"], system.keys, who, copied, store)
    purpose = "the store that this one was copied from"
    left: dict[UUID, Event] = {
        system.desk.new_id(): BackupMade("store", system.printable_address, purpose, who.name),
        system.desk.new_id(): BackupMade("keys", str(system.home.absolute()), purpose, who.name),
    }
    for of, file_hashes in hashes.items():
        left[fingerprints_of(of)] = CopyFingerprinted(of, file_hashes)
    recovery.tell_left(logs["access"], system.keys, who, left)
