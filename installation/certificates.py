"""Certificates of erasures: with them, erased text stays erased even if an older backup is restored
together with older keys.

The signed certificates are exported from a store, and the erasures are carried out again on a
restored backup. A certificate is trusted only because of its signature, which is checked by the
keys in the auditor's own policy.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from access.who_may.table import SAID, WIDTHS
from commands.data_protection import exporting
from domain import forms
from domain.data_protection import erasure_told
from domain.data_protection.copies import BackupMade
from domain.data_protection.erasure import (
    ERASURES,
    ErasureCertified,
    approved_in,
    certificate_hash,
)
from domain.kernel.acts import Act
from domain.kernel.decoding import decoder
from domain.kernel.envelope import Event, IntegrityFailure, LogName, Unprovable
from domain.kernel.values import Denied, Refused
from domain.people_and_teams.account import User, evolve, user_stream
from domain.people_and_teams.store_admin import CLOSING
from installation.settings import UNNAMED, Settings
from installation.system import System
from ledger.audit.auditor_access import AuditorAccess
from ledger.audit.proven_events import proven_events
from ledger.backup.restore import CheckedBackup
from ledger.database.durable_files import read_file
from ledger.proof.checkpoint import parse
from ledger.store.log import Log
from ledger.verify import Proof

FORMAT = "continuum-erasures/1"


class Bundle(msgspec.Struct, frozen=True):
    """A proof that the register of erasures is complete, a proof of each erasure in it, and the
    content of the proven records: ids, codes and hashes, but no erased text.
    """

    format: str
    proofs: list[Proof]


class GivenCertificates(Struct, frozen=True):
    """The certificates of erasures for a restore, and what the user states about them.

    `files` are the certificates; `readable` are erasures whose text may become readable; `without`
    means that no certificates are given. `waived_by` is the second person who takes responsibility
    for gaps. `proven` are fingerprints of public keys; two people have proved that they have the
    private keys of these pairs. `newest` is the number of signed records according to the signer or
    a witness. If the restore is a `rehearsal`, no second person is needed.
    """

    files: Sequence[Path] = ()
    readable: Collection[UUID] = ()
    without: bool = False
    waived_by: str | None = None
    proven: frozenset[str] = frozenset()
    newest: int | None = None
    rehearsal: bool = False

    @property
    def waives(self) -> bool:
        """Return whether the restore may make some erased text readable again."""
        return bool(self.without or self.readable or self.newest is None)


class CertifiedErasures(Struct, frozen=True):
    """The erasures to be carried out again on a restored store: the erasures' ids; for each log,
    the SHA-256 (hex) of the ids of the keys that these erasures destroyed; and how many records are
    signed by the checkpoint that proves the erasures.
    """

    erasures: tuple[UUID, ...] = ()
    keys: dict[LogName, set[str]] | None = None
    size: int = 0


def certificates(system: System, office: AuditorAccess) -> bytes:
    """Return the signed certificates of all erasures, to be stored with the checkpoints; the export
    is recorded. Raises Refused if nothing was erased, Unprovable if a certificate is not signed
    yet, Denied."""
    log = system.logs["evidence"]
    register = approved_in(fact.event for fact in log.history(ERASURES))
    if not register:
        raise Refused("nothing was ever erased from this store, so there are no certificates")

    def opens(stream: UUID) -> dict[int, str | None]:
        return {seq: key for seq, key in log.event_secrets(stream).items() if key is None}

    proofs = [office.prove("evidence", item, opens) for item in (ERASURES, *register)]
    content = msgspec.json.format(msgspec.json.encode(Bundle(FORMAT, proofs)), indent=1)
    who = system.label if system.requires_sign_in else system.reader
    exporting.record_export(
        system.desk,
        who,
        form="certificates",
        sha256=sha256(content).hexdigest(),
        ids=register,
        filters={},
        purpose="to be carried out again where an older backup comes back",
    )
    return content


def certified(
    settings: Settings,
    brought: GivenCertificates,
    checked: CheckedBackup,
    policy: Path | None,
    purpose: str | None,
) -> CertifiedErasures:
    """Return the erasures to be carried out again on a store that is restored from this backup.
    Raises Refused if certificates or the names of the people who answer for missing certificates
    are lacking; Unprovable, IntegrityFailure.
    """
    named = settings.user != UNNAMED and (purpose or "").strip()
    if (brought.readable or brought.without) and not named:
        raise Refused(
            "a restore may make erased text readable again, and a person has to answer "
            "for that: give --user NAME and --purpose"
        )
    if not brought.files:
        if not brought.without:
            raise Refused(
                (
                    "more was recorded after this backup, perhaps also erasures"
                    if checked.short
                    else "this backup does not show what was erased after it was made"
                )
                + ": give the certificates of erasures with --erasures FILE (made by "
                "continuum erase --certificates FILE). If there are none, confirm that "
                "by name: --without-erasures --user NAME --purpose WHY"
            )
        return CertifiedErasures()
    if policy is None:
        raise Refused(
            "certificates are trusted only if a signature that you trust covers them: give "
            "your own --policy"
        )
    if brought.newest is None and not brought.waived_by:
        raise Refused(
            "certificates do not show whether something was erased after them: name the "
            "signer's directory with --signer, or give with --copy the newest evidence "
            "checkpoint that a witness of your policy signed within a day (continuum "
            "witness sign). If you have neither, two people answer for that by name: "
            "--user NAME --waived-by ANOTHER --purpose WHY"
        )
    if brought.waived_by and not named:
        raise Refused(
            "newer certificates may be missing, and two people have to answer for that: "
            "give --user NAME and --purpose"
        )
    read = [read_bundle(path, read_file(policy)) for path in brought.files]
    known_items = {erasure for bundle in read for erasure in bundle.erasures}
    if unknown := set(brought.readable) - known_items:
        raise Refused(
            f"the certificate of the erasure {min(unknown)} is missing: give its file, too"
        )
    size = max(bundle.size for bundle in read)
    checkpoint = checked.signed.get("evidence")
    signed = max(checkpoint.size if checkpoint else 0, brought.newest or 0)
    if signed > size and not brought.without:
        raise Refused(
            f"these certificates cover a log of {size} records, and a checkpoint signs "
            f"{signed} records: give newer ones, or confirm that there are none: "
            "--without-erasures"
        )
    return _together(brought, read_file(policy), size)


def require_restorer(log: Log, who: str, brought: GivenCertificates, *, synthetic: bool) -> None:
    """Raise Denied unless the restored access log shows that this user may restore; a store without
    accounts is not checked. If erased text of a live store may become readable, a second user has
    to take responsibility: raise Refused if no second user is named."""
    closed = bool(log.history(CLOSING))
    second = (brought.waived_by or "").strip()
    if second and forms.same_person(second, who):
        raise Refused("name in --waived-by another person than in --user")
    if not closed or brought.rehearsal:
        return
    _require_role(log, who, RESTORES, "restore this store")
    if second:
        _require_role(log, second, ANSWERS, "answer for what may be readable again")
        if brought.waives and not synthetic:
            _require_proof(log, brought.proven)
    elif brought.waives and not synthetic:
        raise Refused(
            "erased text may be readable again, and on a live store two people answer "
            "for that: name the second with --waived-by, who must be able to approve "
            "erasures"
        )


def _require_proof(log: Log, proven: frozenset[str]) -> None:
    """Raise Denied unless two people have proved that they have the private keys for the newest
    encrypted backups of this store. Nothing is checked if no backup was ever encrypted.
    """
    sealed: dict[str, str] = {}
    for fact in log.read(0, log.last()):
        if isinstance(fact.event, BackupMade) and fact.event.sealed_to:
            sealed[fact.event.kind] = fact.event.sealed_to
    if lacking := sorted(kind for kind, key in sealed.items() if key not in proven):
        raise Denied(
            "a typed name is no proof of identity: two people have to give, each with --proof KEY, "
            "the private keys that open this store's encrypted backups. The key of the "
            f"{' and of the '.join(lacking)} is missing"
        )


#: The right that a user needs to restore a store, and the right of a user who takes responsibility
#: for text that may become readable.
RESTORES: tuple[Act, ...] = ("run-store", "approve-erasure")
ANSWERS: tuple[Act, ...] = ("approve-erasure",)


def _require_role(log: Log, name: str, acts: tuple[Act, ...], done: str) -> None:
    state = User()
    for fact in log.history(user_stream(name)):
        state = evolve(state, fact.event)
    live = state.exists and not (state.left or state.locked or state.service)
    if not live or not any(WIDTHS[False][role].get(act) for role in state.roles for act in acts):
        raise Denied(
            f"{name} may not {done}: by the accounts in this backup only a person who can "
            f"{' or '.join(SAID[act] for act in acts)} may do that"
        )


def read_bundle(path: Path, policy: str, without: Collection[UUID] = ()) -> CertifiedErasures:
    """Return the erasures that the certificates in a file prove, except those with the ids in
    `without`. Raises Unprovable, IntegrityFailure."""
    try:
        bundle = decoder(Bundle)(read_file(path))
    except msgspec.DecodeError as error:
        raise Unprovable(f"{path} contains no certificates of erasures") from error
    if bundle.format != FORMAT:
        raise Unprovable(f"{path} is in an unknown format of certificates: {bundle.format!r}")
    events_by_item = dict(
        proven_events(proof, policy, "evidence", erasure_told.TOLD) for proof in bundle.proofs
    )
    if ERASURES not in events_by_item:
        raise Unprovable(f"the register of erasures is missing in {path}")
    register = approved_in(events_by_item[ERASURES])
    if wanting := set(register) - events_by_item.keys():
        raise IntegrityFailure(
            f"the certificate of the erasure {min(wanting)} is missing in {path}"
        )
    events = [
        e
        for item, item_events in events_by_item.items()
        if item not in without
        for e in item_events
    ]
    require_chain(path, events_by_item)
    size = min(parse(proof["checkpoint"]).size for proof in bundle.proofs)
    left = tuple(item for item in register if item not in without)
    return CertifiedErasures(left, erasure_told.destroyed_by(events), size)


def require_chain(path: Path, erasures: Mapping[UUID, Sequence[Event]]) -> None:
    """Raise IntegrityFailure if a certificate of an erasure refers to an earlier certificate that
    is missing. Certificates of earlier releases refer to no earlier certificate.
    """
    certificates = {
        erasure: event
        for erasure, events in erasures.items()
        for event in events
        if isinstance(event, ErasureCertified)
    }
    brought = {certificate_hash(erasure, event) for erasure, event in certificates.items()}
    for item, event in certificates.items():
        if event.before and event.before not in brought:
            raise IntegrityFailure(f"the certificate before that of {item} is missing in {path}")


def _together(brought: GivenCertificates, policy: str, size: int) -> CertifiedErasures:
    erasures: dict[UUID, None] = {}
    keys: dict[LogName, set[str]] = {}
    for path in brought.files:
        certified_erasures = read_bundle(path, policy, brought.readable)
        erasures |= dict.fromkeys(certified_erasures.erasures)
        for log, hashes in (certified_erasures.keys or {}).items():
            keys.setdefault(log, set()).update(hashes)
    return CertifiedErasures(tuple(erasures), keys, size)
