"""Functions that make packs of proofs from an encrypted log. The list of each pack is recorded in
an access log, which has its own signer.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from domain.kernel.envelope import LogName
from domain.people_and_teams.store_admin import PackMade
from ledger import verify
from ledger.proof import auditor_policy
from ledger.proof import proof_pack as pack
from ledger.proof.head_map import heads_of
from ledger.proof.proof import Proven
from ledger.proof.proof_pack import PackTrail
from ledger.proof.tiles import tiles_of
from ledger.store.log import Log
from ledger.store.recorder import LogRecorder
from ledger.store.setup import open_records
from ledger.witness import signer
from tests.conftest import Store
from tests.ledger.events import submission
from tests.ledger.sealing import STREAMS, Sealed, seal

MADE = datetime(2011, 5, 7, 22, 15, tzinfo=UTC)
Files = dict[str, bytes]
#: The first three streams of the log, with the streams on which each one's event is based: the
#: third is based on the first.
FACTS: dict[str, Sequence[UUID]] = {
    f"{stream}:{version}": (STREAMS[0],) if (stream, version) == (STREAMS[2], 1) else ()
    for stream, last in ((STREAMS[0], 2), (STREAMS[1], 3), (STREAMS[2], 3))
    for version in range(1, last + 1)
}


@dataclass
class Packer:
    """Makes packs of proofs from an encrypted log, and records them in the access log of the same
    store.
    """

    sealed: Sealed
    access: Log
    records: LogRecorder
    signer: signer.Signer

    @property
    def pins(self) -> Any:
        """Return the policy of an auditor who trusts the signers of both logs."""
        told: dict[LogName, auditor_policy.Pinned] = {
            "evidence": self.sealed.pinned,
            "access": self.signer.pinned,
        }
        return json.loads(auditor_policy.written(told))

    @property
    def proven(self) -> Proven:
        public = self.signer.public
        return Proven(
            self.records, "access", tiles_of(public, "access"), heads_of(public, "access")
        )

    def record(self, manifest: str) -> UUID:
        """Record in the access log that a pack of proofs with this list was made."""
        fact = uuid4()
        self.access.append([submission(PackMade(manifest), stream=fact)])
        return fact

    def draft(
        self,
        facts: Mapping[str, Sequence[UUID]] = FACTS,
        note: str | None = None,
        fact: UUID | None = None,
        **changed: Any,
    ) -> tuple[bytes, str]:
        """Make a pack of proofs of the third stream and of the items on which it is based, without
        recording the pack; return the archive and its list.
        """
        words = changed.pop("words", None)
        pages = {"trail.txt": "the chain, for people\n"} | ({"words.txt": words} if words else {})
        said = changed.pop("said", {"notice": verify.NOTICE})
        trail = PackTrail(STREAMS[2], facts, pages, said, **changed)
        return pack.draft(
            self.sealed.proven, trail, note or self.sealed.newest, MADE, fact or uuid4()
        )

    def finish(self, content: bytes) -> bytes:
        return pack.finish(content, self.proven, self.signer.round())

    def pack(self, **changed: Any) -> bytes:
        """Make a pack, and record and sign its list."""
        fact = uuid4()
        content, manifest = self.draft(fact=fact, **changed)
        self.access.append([submission(PackMade(manifest), stream=fact)])
        return self.finish(content)

    def check(self, content: bytes | Files, *more: Any) -> list[str]:
        files = verify.unpack(content) if isinstance(content, bytes) else content
        return verify.check_pack(files, self.pins, *more)

    def close(self) -> None:
        self.records.close()
        self.sealed.records.close()


def packer(store: Store) -> Packer:
    sealed = seal(store)
    access = store.open({"access": (PackMade,)})["access"]
    records = open_records(store.url or store.home)["access"]
    state = store.home / "access-signer"
    pinned = auditor_policy.read(signer.init(state, {"access": records}))["access"]
    one = signer.Signer("access", records, pinned, state, store.home / "checkpoints")
    return Packer(sealed, access, records, one)


def zipped(files: Files | list[tuple[str, bytes]], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            member = zipfile.ZipInfo(name)
            member.compress_type = archive.compression
            archive.writestr(member, content)
    return out.getvalue()


def relisted(files: Files, **changed: Any) -> Files:
    """Return a pack with a changed list, as an attacker would make it: with the values in
    `changed`, and with hashes that fit the pack's files."""
    told = json.loads(files["pack.json"]) | changed
    told["files"] = {
        name: sha256(content).hexdigest()
        for name, content in files.items()
        if name not in ("pack.json", "made.json")
    }
    return files | {"pack.json": json.dumps(told).encode()}
