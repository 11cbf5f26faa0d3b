"""Back up and restore the whole store, and rehearse both.

Like `system`, this module uses all other packages. The file is long because all steps are
rehearsed here, too.
"""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from commands.data_protection import copies
from commands.information import observation, originals
from commands.people_and_teams import recovery
from domain import catalogue
from domain.data_protection.copies import Kept, StoreRestored
from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable, Unprovable
from domain.kernel.values import Refused
from domain.people_and_teams.recovery import LossDeclared, Lost
from installation.auditing import open_office
from installation.certificates import GivenCertificates, certified, require_restorer
from installation.clock import Clock
from installation.opening import BEFORE_ANY_STORY, open_system
from installation.settings import Settings
from installation.stores import home_of, place_of
from installation.system import INTEGRITY, System, reader_of
from ledger.backup import backup, restore, sealed_copy
from ledger.backup.manifest import Manifest
from ledger.database import known_server
from ledger.database.durable_files import closed_directory
from ledger.keys.keys import KeyFault, Keys
from ledger.keys.keystore import FileKeyStore
from ledger.store.log import Log
from ledger.store.setup import open_sqlite
from projections.generations.making import Tell

#: Number of the newest facts of a restored store that are searched for the fact about lost records.
NEWEST = 10
#: Errors that the user is shown as a sentence.
TOLD = (Refused, LogUnavailable, Unprovable, *INTEGRITY, OSError)


def back_up(
    system: System,
    into: Path | None,
    keys: Path | None,
    *,
    recipient: str | None = None,
    purpose: str | None = None,
) -> dict[str, Manifest]:
    """Copy the store, its keys, or both, each into a new directory; return the manifests by kind.
    The copy, its recipient and its purpose are recorded before the first byte is written. On a live
    store each of the two copies is encrypted to another public key, so that two people are needed
    to open both.

    Raises Refused if the place of a backup is unsuitable, Denied, LogUnavailable, IntegrityFailure,
    OSError.
    """
    _check_places(into, keys)
    # a scheduled job makes backups without a signed-in user, also at night
    who = system.label if system.requires_sign_in else system.reader
    if into:
        originals.seal(system.desk, who, system.originals)
    places: dict[Kept, Path | None] = {"store": into, "keys": keys}
    public = _sealed_to(system, [kind for kind, place in places.items() if place])
    for kind, place in places.items():
        if place:
            copies.record_backup(
                system.desk,
                who,
                kind,
                str(place.absolute()),
                recipient=recipient,
                purpose=purpose,
                sealed_to=sealed_copy.fingerprint(public[kind]) if kind in public else None,
            )
    if not public:
        return _copied(system, into, keys)
    with system.passing() as clear:
        clears = {kind: clear / kind if place else None for kind, place in places.items()}
        made = _copied(system, clears["store"], clears["keys"])
        for kind, place in places.items():
            if place and kind in public:
                sealed_copy.seal(clear / kind, place, public[kind])
            elif place:
                shutil.copytree(clear / kind, place, dirs_exist_ok=True)
    return made


def _sealed_to(system: System, kinds: Collection[Kept]) -> dict[Kept, Path]:
    """Return for each kind of backup the public key to which it is encrypted. Raises Refused if a
    live store lacks such a key, or if one person's private key would open both backups; Unprovable
    if a public key is invalid.
    """
    chosen = system.settings
    paths: dict[Kept, Path | None] = {
        "store": chosen.backup_store_key,
        "keys": chosen.backup_keys_key,
    }
    public = {kind: path for kind, path in paths.items() if path}
    lacking = [f"backup_{kind}_key" for kind in kinds if kind not in public]
    if lacking and not system.synthetic:
        raise Refused(
            "the backup of a live store must be encrypted, and its keys encrypted to a "
            "different person, so that no one person can open both. Two people each make "
            f"a key pair with continuum keys pair; then set {' and '.join(lacking)} to "
            "their public keys (docs/keys.md)"
        )
    if (
        len(public)
        == len(paths)
        != len({sealed_copy.fingerprint(path) for path in public.values()})
    ):
        raise Refused(
            "backup_store_key and backup_keys_key are the same key: set the keys of two "
            "people, so that no one person can open both backups"
        )
    return {kind: path for kind, path in public.items() if kind in kinds}


def _check_places(into: Path | None, keys: Path | None) -> None:
    for place in (into, keys):
        if place and place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise Refused(f"{place} is not empty: give a new directory for the backup")
    if into and keys and (into in keys.parents or keys in into.parents or into == keys):
        raise Refused(
            "a backup of keys must be apart from the backup that they open: give two "
            "places, neither inside the other"
        )


def _copied(system: System, into: Path | None, keys: Path | None) -> dict[str, Manifest]:
    manifest_fields: dict[str, Any] = {
        "made": system.clock(),
        "product": version("continuum-safeguarding"),
        "synthetic": system.synthetic,
    }
    made = {}
    if into:
        home, public = system.home, system.home / "checkpoints"
        made["store"] = backup.back_up(
            place_of(system.settings),
            home,
            into,
            public=public,
            keys=system.key_store,
            **manifest_fields,
        )
    if keys:
        made["keys"] = backup.back_up_keys(
            place_of(system.settings), system.home, keys, keys=system.key_store, **manifest_fields
        )
    return made


def bring_back(
    settings: Settings,
    source: Path,
    *,
    keys: Path | None,
    policy: Path | None,
    copies: Sequence[Path],
    because: str | None,
    now: datetime | None,
    brought: GivenCertificates,
    recipient: str | None = None,
    purpose: str | None = None,
    tell: Tell = lambda progress: None,
) -> Manifest:
    """Restore a backup into the place that the settings name, which has to be empty, and rebuild
    its views. The logs get new origins (unique names) if `because` gives a reason. `now` is the
    time of a synthetic store. The function `tell` reports the progress of the views; users can
    already record during this time.

    Raises Refused, Unprovable, IntegrityFailure, LogUnavailable, OSError.
    """
    checked = restore.check(source, policy, copies)
    if checked.short and because is None:
        raise IntegrityFailure(
            f"more records of {', '.join(checked.short)} were signed than this backup "
            "contains. Use a newer backup if there is one; otherwise open this one as a "
            "new origin: --as-new-origin --because REASON"
        )
    place, home = place_of(settings), home_of(settings)
    if restore.occupied(place):
        raise Refused(f"{settings.store} contains a store: restore the backup into an empty place")
    again = certified(settings, brought, checked, policy, purpose)
    closed_directory(home)
    put = _put_keys(keys, home)
    try:
        held_keys = Keys.load(home / "keys")
        key_store = FileKeyStore(home / "keys", settings.key_passphrase_file)
    except KeyFault as error:
        raise LogUnavailable(f"{error} Give the backup of keys with --keys.") from error
    synthetic = checked.manifest.synthetic
    clock = Clock(now or (BEFORE_ANY_STORY if synthetic else None))
    store_id = token_hex(16) if because is not None else None
    events = catalogue.by_log()
    with restore.staged(checked, home, store_id) as staged:
        renewed_keys = keys is not None and restore.renew_keys(staged, keys)
        restore.replay(staged, again.keys or {}, clock())
        restore.refuse_closed(staged, key_store)
        erased = restore.erased(staged)
        logs = open_sqlite(staged, events, clock=clock, keys=key_store, create=True)
        evidence = logs["evidence"]
        with _discard_if_refused(logs.values(), put):
            require_restorer(logs["access"], settings.user, brought, synthetic=synthetic)
        if because is not None:
            loss = LossDeclared(tuple(_lost(checked)), checked.manifest.made, because)
            recovery.declare_loss(evidence, held_keys, reader_of(settings), loss, evidence.origin())
        who = reader_of(settings)
        restored = StoreRestored(
            checked.manifest.made,
            again.erasures,
            tuple(brought.readable),
            not brought.files,
            str(source.absolute()),
            purpose or because or "to work on after a loss",
            recipient or who.name,
            brought.waived_by,
        )
        recovery.tell_restored(logs["access"], held_keys, who, restored)
        gone = set(_originals(evidence, erased.get("evidence", ())))
        for log in logs.values():
            log.close()
        restore.put_files(checked, home, checkpoints=because is None, without=gone)
        restore.put_in_place(
            staged, place, events, clock=clock, keys=key_store, synthetic=synthetic
        )
    known_server.forget(home)
    system = open_system(settings)
    try:
        if erased or renewed_keys:
            # a synthetic store continues at the given time, whenever it is restored
            system.clock.given_time = clock.given_time
            _record_key_state(system, erased)
        originals.seal(system.desk, system.label, system.originals)
        system.views.rebuild(tell)
    finally:
        system.close()
    return checked.manifest


def _put_keys(keys: Path | None, home: Path) -> Path | None:
    """Copy the keys of a backup to the home directory. Return the new directory; None if no keys
    were given, or if the home directory had keys before. Raises what `restore.put_keys` raises.
    """
    there = home / "keys"
    had = there.exists()
    if keys:
        restore.put_keys(keys, home)
    return None if had or not keys else there


@contextmanager
def _discard_if_refused(logs: Collection[Log], keys: Path | None) -> Iterator[None]:
    """Close the logs and delete the copied keys if the restore is refused."""
    try:
        yield
    except Refused:
        for log in logs:
            log.close()
        if keys:
            shutil.rmtree(keys)
        raise


def _record_key_state(system: System, erased: Mapping[LogName, Mapping[UUID, bool]]) -> None:
    """Destroy again the keys, blind indexes and digests of erased data that came back with the
    backup, and record the state of the keys. The facts are written to the log directly, because
    commands need views, which are not made yet.
    """
    evidence = system.logs["evidence"]
    # these keys are destroyed already, so a legal hold could not protect the data any more
    if erased:
        doomed = {log: set(streams) for log, streams in erased.items()}
        renewed = {stream for streams in erased.values() for stream in streams if streams[stream]}
        gone = replace(system.shredder(), moved=lambda: None).shred(doomed, renewed)
        # two people decided about this erasure at the time; the restore only repeats the erasure
        recovery.tell_destroyed(evidence, system.keys, system.label, gone)
    recovery.tell_keys(evidence, system.keys, system.label, system.sealed_keys())


def _originals(evidence: Log, erased: Collection[UUID]) -> Iterator[str]:
    """Yield the names of the original files (imported files and photographs) that belong to erased
    facts of these streams.
    """
    for stream in erased:
        yield from originals.names(fact for fact in evidence.history(stream) if fact.erased)


def _lost(checked: restore.CheckedBackup) -> Iterator[Lost]:
    for log, held_log in checked.manifest.logs.items():
        checkpoint = checked.signed.get(log)
        signed = (checkpoint.size, checkpoint.root.hex()) if checkpoint else (None, None)
        yield Lost(log, held_log.origin, held_log.size, held_log.root, *signed)


class DrillStep(Struct, frozen=True):
    """A step of the rehearsal of a recovery: whether it succeeded, how many seconds it took, and
    its result."""

    step: str
    ok: bool
    seconds: float
    found: str


class Failed(Exception):
    """Raised if a step of the rehearsal of a recovery failed."""


@dataclass
class Rehearsal:
    """Rehearse all steps of a recovery, on copies; the store itself is only read.

    `scratch` is an empty directory for copies of the store with its keys and unencrypted views; the
    caller deletes it. Backups are encrypted with keys that only this process has, and opened only
    for a restore. `target` is the place of the restored store, on files or an empty database.
    `seconds` is a clock for measuring durations.
    """

    system: System
    scratch: Path
    target: str
    seconds: Callable[[], float]
    pairs: Mapping[Kept, sealed_copy.MemoryKeyPair] = field(
        default_factory=lambda: {
            "store": sealed_copy.MemoryKeyPair(),
            "keys": sealed_copy.MemoryKeyPair(),
        }
    )

    def run(self) -> Iterator[DrillStep]:
        """Yield the steps of the rehearsal as they finish; after a failure there are no more."""
        steps: tuple[tuple[str, Callable[[], str]], ...] = (
            ("back up the store and its keys", self._back_up),
            ("restore the backup elsewhere", self._bring_back),
            ("verify the restored store", self._verify),
            ("compare its views with its logs", self._compare),
            ("sign the restored logs", self._sign),
            ("make another backup, and record more", self._record),
            ("detect a backup that lacks records", self._find_out),
            ("open this backup under a new origin", self._declare),
            ("erase, and restore a backup from before", self._erase),
        )
        for name, step in steps:
            start = self.seconds()
            try:
                text, ok = step(), True
            except (Failed, *TOLD) as error:
                text, ok = str(error), False
            yield DrillStep(name, ok, round(self.seconds() - start, 3), text)
            if not ok:
                return

    @property
    def _signer(self) -> Path:
        return self.scratch / "signer"

    def _settings(self, name: str) -> Settings:
        """Return the settings of a copied store; its home is in the scratch directory, wherever its
        logs are."""
        home = self.scratch / name
        store = self.target if name == "store" else str(home)
        return self.system.settings.model_copy(update={"store": store, "home": home})

    def _restore(
        self,
        name: str,
        backup: str,
        copies: Sequence[Path] = (),
        because: str | None = None,
        keys: str = "keys",
    ) -> None:
        policy = self._signer / "policy.json" if copies else None
        with self.system.passing(self.scratch) as opened:
            self.pairs["store"].open(self.scratch / backup, opened / "store")
            self.pairs["keys"].open(self.scratch / keys, opened / "keys")
            bring_back(
                self._settings(name).model_copy(update={"user": "rehearsal"}),
                opened / "store",
                keys=opened / "keys",
                policy=policy,
                copies=copies,
                because=because,
                now=None,
                # these copies are only for a rehearsal, for which no certificates exist
                brought=GivenCertificates(without=True, rehearsal=True),
                purpose="a rehearsal",
            )

    def _keep(self, system: System, **names: str) -> dict[str, Manifest]:
        """Make the encrypted backups that the rehearsal needs, and return their manifests by kind.
        `names` has the name of a backup for each kind ("store", "keys") that is to be backed up.
        """
        kinds: tuple[Kept, ...] = ("store", "keys")
        with self.system.passing(self.scratch) as clear:
            store, keys = (clear / kind if kind in names else None for kind in kinds)
            made = _copied(system, store, keys)
            for kind in kinds:
                if kind in names:
                    self.pairs[kind].seal(clear / kind, self.scratch / names[kind])
        return made

    def _back_up(self) -> str:
        made = self._keep(self.system, store="backup", keys="keys")["store"]
        records = sum(log.size for log in made.logs.values())
        return f"{records} records, {sum(file.size for file in made.files)} bytes"

    def _bring_back(self) -> str:
        (self.scratch / "store").mkdir(mode=0o700)
        self._restore("store", "backup")
        return "every file and every log is as in the manifest"

    def _verify(self) -> str:
        with open_office(self._settings("store"), None) as office:
            reports = office.verify((), None, (), ())
        for report in reports:
            for finding in report.findings:
                raise Failed(f"{finding.log} {finding.what}: {finding.words}")
        return "; ".join(
            f"{log_report.log} {log_report.size}, {log_report.signed} as signed"
            for log_report in reports
        )

    def _compare(self) -> str:
        copy = open_system(self._settings("store"))
        try:
            if differences := copy.views.compare():
                raise Failed(differences[0])
        finally:
            copy.close()
        return "the views agree with the logs"

    def _record(self) -> str:
        copy = open_system(self._settings("store"))
        try:
            self._keep(copy, store="older")
            before = copy.logs["evidence"].last()
            observation.record(copy.desk, copy.reader, words="A rehearsal: no person said this.")
            if copy.logs["evidence"].last() <= before:
                raise Failed("the trial restore recorded nothing")
        finally:
            copy.close()
        self._sign()
        return f"its evidence log goes on from {before}, and is signed"

    def _sign(self) -> str:
        with open_office(self._settings("store"), None) as office:
            if not self._signer.exists():
                office.init_signer(self._signer)
            for signer in office.signers(self._signer):
                office.sign(signer)
            reports = office.verify((), self._signer / "policy.json", (), ())
        if any(report.verdict != "proven" for report in reports):
            raise Failed("the new signature cannot be verified")
        return "all four logs are proven"

    @property
    def _signed(self) -> Path:
        return self.scratch / "store" / "checkpoints" / "evidence.checkpoint"

    def _find_out(self) -> str:
        """Check that the signer refuses a restored older copy of the store, and that the restore
        refuses the copy, too, because it ends before the last signed record.
        """
        self._restore("short", "older")
        with open_office(self._settings("short"), None) as office:
            for signer in office.signers(self._signer):
                if signer.log == "evidence" and _refused(partial(office.sign, signer)) is None:
                    raise Failed("the signer signed a log that had become shorter")
        if (why := _refused(lambda: self._restore("known", "older", (self._signed,)))) is None:
            raise Failed(
                "a backup was opened although the signer had signed more records than it contains"
            )
        return f"the signer refused it, and so did restore: {why.partition('. ')[0]}"

    def _declare(self) -> str:
        self._restore("new", "older", (self._signed,), "a rehearsal")
        old, new = self._settings("store"), self._settings("new")
        with (
            open_office(old, None) as first_auditor_access,
            open_office(new, None) as second_auditor_access,
        ):
            if (
                first_auditor_access.records["evidence"].origin()
                == second_auditor_access.records["evidence"].origin()
            ):
                raise Failed("the trial restore continued under the old origin")
        copy = open_system(new)
        try:
            evidence = copy.logs["evidence"]
            newest = evidence.read(max(0, evidence.last() - NEWEST), NEWEST)
        finally:
            copy.close()
        declared = [fact.seq for fact in newest if isinstance(fact.event, LossDeclared)]
        if not declared:
            raise Failed("the trial restore did not declare the loss of records")
        return f"loss.declared is record {declared[-1]} of a log of a new origin"

    def _erase(self) -> str:
        """Erase an item of the restored copy, restore an older backup, and check that the item
        stays erased; return the result in words."""
        copy = open_system(self._settings("store"))
        try:
            words = "A rehearsal: no person said this either."
            item = observation.record(copy.desk, copy.reader, words=words).id
            self._keep(copy, store="before")
            copy.shred({"evidence": {item}}, ())
            self._keep(copy, keys="today")
        finally:
            copy.close()
        self._restore("erased", "before", keys="today")
        again = open_system(self._settings("erased"))
        try:
            log = again.logs["evidence"]
            gone = {fact.stream for fact in log.read(0, log.last()) if fact.erased}
            if not all(fact.erased for fact in log.history(item) if fact.event.stored.sealed):
                raise Failed("erased data could be read again after the trial restore")
        finally:
            again.close()
        return f"all but {len(gone)} streams open, the erased one does not"


def _refused(attempt: Callable[[], object]) -> str | None:
    """Return the message of the IntegrityFailure with which an attempt was refused; None if it was
    allowed."""
    try:
        attempt()
    except IntegrityFailure as error:
        return str(error)
    return None
