"""Proofs can be made from tile files (stored pieces of the hash tree). They equal proofs made from
all records, need few records, and never use a wrong tile."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from domain.kernel.envelope import IntegrityFailure
from ledger import verify
from ledger.proof import auditor_policy, proof
from ledger.proof.checkpoint import parse
from ledger.proof.leaf_scan import examine
from ledger.proof.merkle import subtree
from ledger.proof.proof import Proven
from ledger.proof.tiles import NoTile, Tiles, address, tiles_of
from ledger.store.setup import open_records
from ledger.witness import signer
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, submission
from tests.ledger.sealing import Sealed

STREAM = UUID(int=77)


@pytest.fixture
def long(store: Store) -> Iterator[Sealed]:
    """Yield a log of 1,300 records, which one signer signed after 700 records and at the end."""
    log = store.open(CATALOGUE)["evidence"]
    records = open_records(store.url or store.home)["evidence"]
    state, public = store.home / "signer", store.home / "public"
    pinned = auditor_policy.read(signer.init(state, {"evidence": records}))["evidence"]
    one = signer.Signer("evidence", records, pinned, state, public)
    log.append([submission(*(Counted(n) for n in range(699)))])
    log.append([submission(Counted(1), stream=STREAM)])
    older = one.round()
    log.append([submission(*(Counted(n) for n in range(600)))])
    yield Sealed(store, log, records, one, older, one.round())
    records.close()


def written(sealed: Sealed) -> dict[str, bytes]:
    tiles = sealed.proven.tiles
    found = (path for path in tiles.rglob("*") if path.is_file())
    return {path.relative_to(tiles).as_posix(): path.read_bytes() for path in found}


def spoil(sealed: Sealed) -> None:
    path = sealed.proven.tiles / "tile/1/000.p/5"
    held = bytearray(path.read_bytes())
    held[5] ^= 1
    path.write_bytes(held)


def from_records(sealed: Sealed) -> Proven:
    return Proven(sealed.records, "evidence", sealed.store.home / "nowhere", sealed.proven.heads)


def test_a_signer_that_goes_on_writes_what_one_that_begins_writes(long: Sealed) -> None:
    kept = written(long)
    assert {name: len(held) // 32 for name, held in kept.items() if "tile" in name} == {
        **{f"tile/0/00{n}": 256 for n in range(5)},
        "tile/0/002.p/188": 188,  # this tile belongs to the checkpoint after 700 records
        "tile/0/005.p/20": 20,
        "tile/1/000.p/2": 2,
        "tile/1/000.p/5": 5,
    }
    assert kept["checkpoint"].decode() == long.newest
    old = long.signer
    spoil(long)
    signer.Signer(old.log, old.store, old.pinned, old.directory, old.public).round()
    assert written(long) == kept


def test_a_proof_from_tiles_is_the_one_from_all_records(long: Sealed) -> None:
    for note in (long.older, long.newest):
        told = proof.prove(long.proven, STREAM, note)
        assert told == proof.prove(from_records(long), STREAM, note)
    grown = proof.prove_consistency(long.proven, long.older, long.newest)
    assert grown == proof.prove_consistency(from_records(long), long.older, long.newest)


def test_a_wrong_tile_makes_no_proof(long: Sealed) -> None:
    good = proof.prove(long.proven, STREAM, long.newest)
    spoil(long)
    assert proof.prove(long.proven, STREAM, long.newest) == good, "it is made from the records"
    (long.proven.tiles / "tile/1/000.p/5").write_bytes(b"short")
    assert proof.prove(long.proven, STREAM, long.newest) == good
    long.tamper("UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 2")
    with pytest.raises(IntegrityFailure, match="run continuum verify"):
        proof.prove(long.proven, STREAM, long.newest)


def test_whether_tiles_agree_with_a_log_is_checked_for_all_of_them(long: Sealed) -> None:
    size = parse(long.newest).size
    tree = examine(long.records, long.pinned.origin, {size}).trees[size]

    def agree() -> bool:
        return Tiles(tiles_of(long.signer.public, "evidence"), lambda *_: []).agree(tree)

    assert agree()
    spoil(long)
    assert not agree()
    long.signer.round()
    spoiled = long.proven.tiles / "tile/1/000.p/5"
    spoiled.unlink()
    assert not agree()
    spoiled.write_bytes(b"".join(tree_nodes(long, 5)))
    assert agree()
    leaves = long.proven.tiles / "tile/0/001"
    first, last = leaves.read_bytes()[:-1], leaves.read_bytes()[-1]
    leaves.write_bytes(first + bytes([last ^ 1]))
    assert not agree()


def tree_nodes(sealed: Sealed, count: int) -> list[bytes]:
    """Return the root hash of each of the first `count` full tile files, which contain 256 leaf
    hashes each."""
    held = [(sealed.proven.tiles / f"tile/0/00{n}").read_bytes() for n in range(count)]
    return [subtree([one[at : at + 32] for at in range(0, 8192, 32)]) for one in held]


@pytest.mark.parametrize(
    ("tile", "width", "path"),
    [
        (0, 256, "tile/3/000"),
        (7, 16, "tile/3/007.p/16"),
        (999, 256, "tile/3/999"),
        (1000, 256, "tile/3/x001/000"),
        (1234067, 255, "tile/3/x001/x234/067.p/255"),
    ],
)
def test_tiles_stand_at_the_addresses_of_tlog_tiles(tile: int, width: int, path: str) -> None:
    assert address(3, tile, width) == path


def test_a_node_without_a_place_is_reported(tmp_path: Path) -> None:
    tiles = Tiles(tmp_path, lambda index, count: [b""] * 3)
    with pytest.raises(NoTile):
        tiles.node(2, 0)
    with pytest.raises(NoTile):
        tiles.node(8, 0)


class Counting:
    """The records of a log, with a count of how many records were read."""

    def __init__(self, sealed: Sealed) -> None:
        self.records, self.read = sealed.records, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.records, name)

    def select_sealed(self, first: int, limit: int) -> object:
        found = self.records.select_sealed(first, limit)
        self.read += len(found)
        return found


def test_only_what_is_needed_is_read(long: Sealed) -> None:
    counting = Counting(long)
    of = Proven(counting, "evidence", long.proven.tiles, long.proven.heads)  # type: ignore[arg-type]
    proof.prove(of, STREAM, long.newest)
    assert counting.read <= 1 + 2 * 256


@pytest.mark.parametrize("size", [1, 255, 256, 699, 700, 701, 1024, 1299, 1300])
def test_the_root_at_a_size_is_the_same_from_tiles_and_from_all_records(
    long: Sealed, size: int
) -> None:
    origin, expected = long.log.origin(), long.log.receipt(1, size)
    for note in (long.newest, long.older, ""):
        for of in (long.proven, from_records(long)):
            assert proof.first_records(of, origin, size, note) == expected
    assert long.log.first_records(size, long.signer.public, long.newest) == expected


def test_the_root_at_a_size_comes_from_few_records(long: Sealed) -> None:
    long.log.append([submission(*(Counted(n) for n in range(40)))])
    counting = Counting(long)
    for size, most in ((650, 256 + 256), (1300, 256), (1340, 256 + 40)):
        counting.read = 0
        of = Proven(counting, "evidence", long.proven.tiles, long.proven.heads)  # type: ignore[arg-type]
        proof.first_records(of, long.log.origin(), size, long.newest)
        assert counting.read <= most + 1


def test_no_root_is_given_of_a_log_that_differs_from_its_checkpoint(long: Sealed) -> None:
    origin = long.log.origin()
    spoil(long)
    expected = long.log.receipt(1, 1300)
    assert proof.first_records(long.proven, origin, 1300, long.newest) == expected, "from records"
    long.tamper("UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 2")
    for size in (600, 1300):
        with pytest.raises(IntegrityFailure, match="run continuum verify"):
            proof.first_records(long.proven, origin, size, long.newest)
    long.tamper("DELETE FROM evidence_events WHERE seq = 3")
    with pytest.raises(IntegrityFailure, match="the first 600 records"):
        proof.first_records(long.proven, origin, 600, "")
    with pytest.raises(IntegrityFailure, match="the first 1301 records"):
        proof.first_records(long.proven, origin, 1301, "")


def test_a_checkpoint_of_another_log_is_not_used(long: Sealed) -> None:
    other = long.newest.replace(long.log.origin(), long.log.origin() + "2")
    assert proof.first_records(long.proven, long.log.origin(), 650, other) == long.log.receipt(
        1, 650
    )


def test_a_receipt_grows_into_a_proof(long: Sealed) -> None:
    for first, last in ((700, 700), (1, 1), (3, 650), (1, 1300)):
        receipt = long.log.receipt(first, last)
        told = proof.prove_receipt(long.proven, receipt, long.newest)
        pins: verify.Policy = {"format": auditor_policy.FORMAT, "logs": {"evidence": pinned(long)}}
        (line,) = verify.check(told, pins)
        assert "1300 records that were signed" in line
        changes: tuple[verify.Proof, ...] = (
            {"leaves": told["leaves"][1:]},
            {"leaves": ["00" * 32, *told["leaves"][1:]]},
            {"beside": [*told["beside"], "00" * 32]},
            {"receipt": told["receipt"] | {"seq": last + 1}},
            {"receipt": told["receipt"] | {"leaf": "00" * 32}},
            {"receipt": told["receipt"] | {"log": "sources"}},
        )
        for changed in changes:
            with pytest.raises(verify.DoesNotHold):
                verify.check(told | changed, pins)


def pinned(sealed: Sealed) -> verify.Log:
    return {"origin": sealed.pinned.origin, "keys": [str(key) for key in sealed.pinned.keys]}
