"""A pack holds as it is; whatever else somebody hands over as one is refused."""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from domain.envelope import Unprovable
from ledger import pack, policy, verify
from ledger.pack import Trail
from tests.conftest import Store
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import STREAMS, Sealed, another_home, seal

MADE = datetime(2011, 5, 7, 22, 15, tzinfo=UTC)
MUTATIONS = 2_000
Files = dict[str, bytes]


@pytest.fixture
def sealed(store: Store) -> Iterator[Sealed]:
    one = seal(store)
    yield one
    one.records.close()


def packed(sealed: Sealed, note: str | None = None, **changed: Any) -> pack.Pack:
    trail = Trail(STREAMS[2], STREAMS[:3], "the chain, for people\n", **changed)
    return pack.pack(sealed.proven, trail, note or sealed.newest, MADE)


def pins(sealed: Sealed) -> Any:
    return json.loads(policy.written({"evidence": sealed.pinned}))


def zipped(files: Files | list[tuple[str, bytes]], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            member = zipfile.ZipInfo(name)
            member.compress_type = archive.compression
            archive.writestr(member, content)
    return out.getvalue()


@pytest.mark.parametrize("words", [None, "what they say\n"])
def test_a_pack_holds(sealed: Sealed, words: str | None) -> None:
    said: dict[str, Any] = {"words": words, "opens": sealed.log.event_secrets} if words else {}
    made = packed(sealed, **said)
    assert made.content == packed(sealed, **said).content, "the same twice"
    files = verify.unpack(made.content)
    assert ("words.txt" in files) is (words is not None)
    assert ('"state":' in files[f"proofs/{STREAMS[0]}.json"].decode()) is (words is not None)
    receipt = sealed.log.receipt(7, 7).told()
    lines = verify.check_pack(files, pins(sealed), receipt, sealed.newest)
    assert sum(line.endswith("12 records that were signed.") for line in lines) == 3
    assert "The receipt's record 7 is among them." in lines
    assert lines[-1] == "Your checkpoint of 12 records is the same."


def test_what_is_not_signed_yet_is_named(sealed: Sealed) -> None:
    trail = Trail(STREAMS[2], [STREAMS[3]], "")
    made = pack.pack(sealed.proven, trail, sealed.older, MADE)
    assert made.unsigned == (STREAMS[3],)
    assert verify.check_pack(verify.unpack(made.content), pins(sealed))[-1] == (
        f"not signed yet, and not proven: {STREAMS[3]}"
    )
    with pytest.raises(Unprovable):
        pack.pack(sealed.proven, Trail(STREAMS[3], [], ""), sealed.older, MADE)


def test_another_signers_pack_does_not_hold(sealed: Sealed, tmp_path: Any) -> None:
    forged = another_home(sealed, tmp_path / "impostor").round()
    with pytest.raises(verify.DoesNotHold, match="wrong key"):
        verify.check_pack(verify.unpack(packed(sealed, forged).content), pins(sealed))


def test_a_member_less_more_or_other_is_told(sealed: Sealed) -> None:
    files = verify.unpack(packed(sealed).content)
    for name in files:
        fewer = {one: content for one, content in files.items() if one != name}
        with pytest.raises((verify.DoesNotHold, verify.BadInput)):
            verify.check_pack(fewer, pins(sealed))
        with pytest.raises((verify.DoesNotHold, verify.BadInput)):
            verify.check_pack(files | {name: files[name] + b" x"}, pins(sealed))
    with pytest.raises(verify.DoesNotHold):
        verify.check_pack(files | {"words.txt": b"more"}, pins(sealed))


def relisted(files: Files, **changed: Any) -> Files:
    """The list made to fit, as whoever changes a pack would."""
    told = json.loads(files["pack.json"]) | changed
    told["files"] = {
        name: sha256(content).hexdigest() for name, content in files.items() if name != "pack.json"
    }
    return files | {"pack.json": json.dumps(told).encode()}


def test_a_list_that_was_made_to_fit_does_not_help(sealed: Sealed) -> None:
    files = verify.unpack(packed(sealed).content)
    one, other = (f"proofs/{stream}.json" for stream in STREAMS[:2])
    older = verify.unpack(packed_at(sealed, sealed.older).content)
    for changed in (
        files | {one: files[other], other: files[one]},
        files | {"log.checkpoint": sealed.older.encode()},
        files | {one: older[one]},
        files | {one: files[one].replace(b'"seq": 1', b'"seq": 2')},
        {name: content for name, content in files.items() if str(STREAMS[2]) not in name},
    ):
        with pytest.raises(verify.DoesNotHold):
            verify.check_pack(relisted(changed), pins(sealed))


def packed_at(sealed: Sealed, note: str) -> pack.Pack:
    return pack.pack(sealed.proven, Trail(STREAMS[0], [], ""), note, MADE)


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "proofs/../pack.json", "proofs\\x.json", "verify.py", "proofs/", ""],
)
def test_a_path_that_belongs_to_no_pack_is_refused(name: str) -> None:
    with pytest.raises(verify.BadInput):
        verify.unpack(zipped([("pack.json", b"{}"), (name, b"x")]))


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([("pack.json", b"{}"), ("pack.json", b"{}")])
    with pytest.raises(verify.BadInput, match="one name"):
        verify.unpack(twice)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"trail.txt": bytes(verify.MOST_BYTES + 1)}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    with pytest.raises(verify.BadInput, match="holds more"):
        verify.unpack(bomb)
    size = (verify.MOST_BYTES + 1).to_bytes(4, "little")
    lying = bomb.replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(verify.BadInput):
        verify.unpack(lying)
    many = zipped([(f"proofs/{n:036x}.json", b"") for n in range(verify.MOST_FILES + 1)])
    with pytest.raises(verify.BadInput, match="holds more"):
        verify.unpack(many)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06" + bytes(18), zipped({"pack.json": b"["}), b"PK" * 100]
)
def test_what_is_no_pack_is_bad_input(content: bytes) -> None:
    with pytest.raises(verify.BadInput):
        verify.check_pack(verify.unpack(content), {})


def test_deep_nesting_is_bad_input(sealed: Sealed) -> None:
    files = verify.unpack(packed(sealed).content)
    with pytest.raises(verify.BadInput):
        verify.check_pack(files | {"pack.json": b"[" * 200_000}, pins(sealed))


def _mutated(content: bytes, r: random.Random) -> bytes:
    """Bytes of the archive, or of one file in it with or without a list that fits."""
    changed = bytearray(content)
    if r.random() < 0.4:
        for _ in range(r.randint(1, 3)):
            changed[r.randrange(len(changed))] ^= 1 << r.randrange(8)
        return bytes(changed[: r.randrange(len(changed))] if r.random() < 0.2 else changed)
    files = verify.unpack(content)
    name = r.choice(sorted(files))
    spoilt = bytearray(files[name])
    at = r.randrange(len(spoilt))
    match r.randrange(4):
        case 0:
            spoilt[at] ^= 1 << r.randrange(8)
        case 1:
            del spoilt[at : at + r.randint(1, 40)]
        case 2:
            spoilt[at:at] = r.choice([b"0", b'"', b"}", b",", b"\0", b"-1"])
        case _:
            spoilt[:] = files[r.choice(sorted(files))]
    files[name] = bytes(spoilt)
    if r.random() < 0.7 and name != "pack.json":
        files = relisted(files)
    return zipped(files)


#: What is not under the seal: for people, and what the list says of itself.
FREE = {"README.txt", "trail.txt", "pack.json"}


def test_two_thousand_mutations_are_refused_or_harmless(tmp_path: Any) -> None:
    sealed = seal(Store(tmp_path, None))
    content, r = packed(sealed).content, random.Random(20110507)
    good, told, harmless = verify.unpack(content), pins(sealed), 0
    before = verify.check_pack(good, told)
    for _ in range(MUTATIONS):
        mutated = _mutated(content, r)
        try:
            files = verify.unpack(mutated)
            lines = verify.check_pack(files, told)
        except (verify.BadInput, verify.DoesNotHold):
            continue
        harmless += 1
        for name in set(good) - FREE:
            same = files[name] == good[name]
            assert same or json_of(files[name]) == json_of(good[name]), name
        assert [one for one in lines if one in before] == before
    assert 0 < harmless < MUTATIONS / 2
    sealed.log.close()
    sealed.records.close()


def json_of(content: bytes) -> Any:
    """What a proof says, however its hexadecimal digits are written."""
    return json.loads(content.lower())["records"]


def test_a_pack_made_after_more_was_signed_is_another(sealed: Sealed) -> None:
    sealed.log.append([submission(Counted(9), stream=STREAMS[2], version=4)])
    assert packed(sealed).content != packed(sealed, sealed.signer.round()).content
