"""A pack: an archive with which a reader checks an item and every item on which it is based.

`continuum-pack/2` is a zip file. It has a proof of each item of the trail under one checkpoint,
pages for people to read, and the manifest `pack.json`. The manifest names each proven fact with its
causes, which are all in the pack, and the hash of each file. The manifest's own hash is a fact of
the access log, and `made.json` is the proof of that fact; so a pack with another manifest is
refused. The manifest has a random number, so that its hash does not confirm a guess at the pages.
`ledger/verify.py` checks packs; its limits on archives apply here too, so that it can read every
pack that is written.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from secrets import token_hex
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec import Struct

from domain.kernel.envelope import Unprovable
from ledger.proof.proof import Opens, Proven, prove
from ledger.verify import (
    MOST_BYTES,
    MOST_FILES,
    PACK,
    BadInput,
    DoesNotHold,
    manifest_of,
    unpack,
)

README = """\
A pack of proofs: one item of a record, and what its trail rests on.

CHECK IT on a machine of your own, with Python 3.11 or newer and nothing else:

    python -I verify.py THIS-FILE.zip --policy policy.json

or with verify.html in a browser, offline. Take either from the product's source, not from the
person who gave you this pack. policy.json holds the keys that you were given when the signer was
made. If you kept a checkpoint or a receipt, add --copy CHECKPOINT or --receipt FILE. The verifier
prints the proven records by itself: read these, and the pages beside them.

WHAT IT PROVES, if it holds
- Each record that the verifier prints stands in the log at the place and with the recorded time
  given, under a checkpoint that a key of your policy signed.
- Of each item these are all the events that the checkpoint signs: none is left out, between two or
  at the end.
- The list of this pack (pack.json) is the one that was recorded when it was made: no item, no page
  and no line of a page was taken away or changed since. Who made it and when is proven with it.
- The causes of each fact are in the pack, as that list names them; where the stored bytes of a
  record go along, the verifier reads its causes there.

WHAT IT DOES NOT PROVE
- That what was entered is true, or was entered when it was learned.
- That there is nothing else in the log: completeness is proven against the whole log, with
  `continuum verify` and a checkpoint that you kept.
- What a page says beyond the records. A page is what the person who made the pack was shown.
- Anything that is not in this archive. Later facts that rest on the item are named in the list,
  as far as its maker saw them ("named elsewhere"), and their proofs are theirs to ask for.
- An edit made before the first checkpoint, by somebody who computes every leaf again.
"""


class PackTrail(Struct, frozen=True):
    """The content of a pack about one item.

    `facts` has the facts of the item and all facts on which it is based, by reference, each with
    the items that caused the fact. `pages` has the pages for people, by file name. `said` has
    further fields of the pack's manifest: a `notice` that some steps may be closed to the reader;
    for an auditor, instead of the notice, `left_out`, with each item that is left out and the
    reason; and `elsewhere`, with later facts that are based on the item. `opens` returns the
    secrets that decrypt the records, if the pack includes their text.
    """

    item: UUID
    facts: Mapping[str, Sequence[UUID]]
    pages: Mapping[str, str]
    said: Mapping[str, object]
    opens: Opens | None = None


def draft(of: Proven, trail: PackTrail, note: str, made: datetime, fact: UUID) -> tuple[bytes, str]:
    """Return the archive of a pack, without the proof that its manifest was recorded; and the
    SHA-256 (hex) of this manifest. The archive has a proof of each item of the trail, under the
    signed note `note`. `fact` is the id of the fact that will record the manifest.

    Raises Unprovable if a part of the trail is not signed yet or has grown meanwhile, or if the
    archive would exceed the limits for packs; otherwise what `prove` raises.
    """
    files: dict[str, bytes] = {}
    proven: set[str] = set()
    for stream in sorted({UUID(ref.partition(":")[0]) for ref in trail.facts}):
        proof = prove(of, stream, note, opens=trail.opens)
        if proof["unsigned"]:
            raise Unprovable(
                f"{stream} has events that are not signed yet: wait for the next checkpoint"
            )
        proven |= {f"{stream}:{record['version']}" for record in proof["records"]}
        files[f"proofs/{stream}.json"] = _json(proof)
    if proven != set(trail.facts):
        raise Unprovable("a record was added while the proof pack was made: make the pack again")
    files["README.txt"] = README.encode()
    files |= {name: page.encode() for name, page in trail.pages.items()}
    files["log.checkpoint"] = note.encode()
    manifest = {
        "format": PACK,
        "log": of.log,
        "item": str(trail.item),
        "made": made.isoformat(),
        "fact": str(fact),
        "nonce": token_hex(16),
        **trail.said,
        "facts": {ref: [str(item) for item in trail.facts[ref]] for ref in sorted(trail.facts)},
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    files["pack.json"] = _json(manifest)
    if len(files) >= MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise Unprovable(
            f"this trail needs {len(files)} files, more than one proof pack may contain: "
            "make a pack for one of its later items"
        )
    return _zipped(files, made), sha256(files["pack.json"]).hexdigest()


def finish(content: bytes, of: Proven, note: str) -> bytes:
    """Return the archive of a pack with the proof that its manifest was recorded, by a signed note
    of the access log.

    Raises Unprovable if the file is not a pack, or if the record of its manifest is missing or not
    signed yet; otherwise what `prove` raises.
    """
    try:
        files = unpack(content)
        pack = json.loads(files["pack.json"])
        fact, made = UUID(pack["fact"]), datetime.fromisoformat(pack["made"])
    except (BadInput, KeyError, TypeError, ValueError, RecursionError):
        raise Unprovable("the file is not a proof pack that continuum pack made") from None
    proof = prove(of, fact, note, opens=lambda item: _clear(of, item))
    try:
        recorded, _ = manifest_of(proof)
    except (DoesNotHold, BadInput):
        recorded = ""
    if recorded != sha256(files["pack.json"]).hexdigest():
        raise Unprovable(
            "the list in this proof pack was not recorded in this store: make the pack again"
        )
    return _zipped(files | {"made.json": _json(proof)}, made)


def _clear(of: Proven, stream: UUID) -> dict[int, str | None]:
    """Return None for each record of a stream, by the record's position: no secret is needed,
    because the records of this stream are not encrypted.
    """
    return {seq: None for seq, *_ in of.store.select_stream(stream)}


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _zipped(files: Mapping[str, bytes], made: datetime) -> bytes:
    """Return a zip file of these files; the same files and time give the same bytes."""
    written = BytesIO()
    when = (max(made.year, 1980), *made.timetuple()[1:6])
    with ZipFile(written, "w") as archive:
        for name, content in sorted(files.items()):
            member = ZipInfo(name, when)
            member.compress_type, member.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(member, content)
    return written.getvalue()
