"""What does somebody take along who must check an item and all that it rests on? One archive.

`continuum-pack/1` is a zip file: a proof of each item of the trail under one checkpoint, the trail
for people to read, what it proves and what it does not, and a list of all that with hashes.
`ledger/verify.py` checks it; its limits on archives hold here too, so that what is written can be
read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from domain.envelope import Unprovable
from ledger.proof import Opens, Proven, prove
from ledger.verify import MOST_BYTES, MOST_FILES, PACK

README = """\
A pack of proofs: one item of a record, and what its trail rests on. It is one reader's view:
steps that were closed to whoever made it are neither proven nor named here.

CHECK IT on a machine of your own, with Python 3.11 or newer and nothing else:

    python -I verify.py THIS-FILE.zip --policy policy.json

verify.py is one file that you can read; take it from the product's source, not from whoever
gave you this pack. policy.json holds the keys that you were given when the signer was made. If
you kept a checkpoint or a receipt, add --copy CHECKPOINT or --receipt FILE.

WHAT IT PROVES, if it holds
- Each event listed under proofs/ stands in the log at the place and with the recorded time given,
  under a checkpoint that a key of your policy signed.
- Of each item these are all the events that the checkpoint signs: none is left out, between two or
  at the end.
- Nothing of these was changed since that checkpoint was signed.

WHAT IT DOES NOT PROVE
- That what was entered is true, or was entered when it was learned.
- That there is nothing else in the log: completeness is proven against the whole log, with
  `continuum verify` and a checkpoint that you kept.
- That the trail is whole: what was closed to whoever made this pack is not in it.
- Why one item rests on another. trail.txt says it for people to read; the events that say so are
  proven, and hold it in their stored bytes, which are here only if the pack was made with words.
- An edit made before the first checkpoint, by somebody who computes every leaf anew.
"""


@dataclass(frozen=True, slots=True)
class Trail:
    """An item, the items that it rests on (itself among them), and all that as people read it."""

    item: UUID
    rests_on: Sequence[UUID]
    told: str
    words: str | None = None
    """What the items say, if it is to go along."""
    opens: Opens | None = None
    """What opens their records, if it is to go along."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The archive, and the items of the trail that no checkpoint covers yet."""

    content: bytes
    unsigned: tuple[UUID, ...]


def pack(of: Proven, trail: Trail, note: str, made: datetime) -> Pack:
    """The archive of an item and its trail under a signed note.

    Raises Unprovable if the item itself is not signed yet, or for a trail that no archive of this
    kind holds; otherwise as `prove`.
    """
    files: dict[str, bytes] = {}
    unsigned: list[UUID] = []
    for stream in sorted({trail.item, *trail.rests_on}):
        try:
            told = prove(of, stream, note, opens=trail.opens)
        except Unprovable:
            if stream == trail.item:
                raise
            unsigned.append(stream)
        else:
            files[f"proofs/{stream}.json"] = _json(told)
    manifest = {
        "format": PACK,
        "log": of.log,
        "item": str(trail.item),
        "made": made.isoformat(),
        "unsigned": [str(stream) for stream in unsigned],
    }
    files["README.txt"] = README.encode()
    files["trail.txt"] = trail.told.encode()
    files["log.checkpoint"] = note.encode()
    if trail.words is not None:
        files["words.txt"] = trail.words.encode()
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    files["pack.json"] = _json(manifest | {"files": hashes})
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise Unprovable(
            f"this trail makes {len(files)} files, more than one pack holds: prove a later item's "
            "causes apart"
        )
    return Pack(_zipped(files, made), tuple(unsigned))


def _json(told: object) -> bytes:
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def _zipped(files: Mapping[str, bytes], made: datetime) -> bytes:
    """The same files at the same time give the same bytes."""
    written = BytesIO()
    when = (max(made.year, 1980), *made.timetuple()[1:6])
    with ZipFile(written, "w") as archive:
        for name, content in sorted(files.items()):
            member = ZipInfo(name, when)
            member.compress_type, member.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(member, content)
    return written.getvalue()
