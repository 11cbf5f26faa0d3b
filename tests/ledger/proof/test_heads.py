"""With the map of heads (the last record of each stream), no proof can leave out the last record; a
wrong map is detected.
"""

import copy
import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.kernel.envelope import IntegrityFailure, Unprovable
from ledger import verify
from ledger.keys.keys import read_key
from ledger.proof import auditor_policy, proof
from ledger.proof.checkpoint import BadCheckpoint, parse, sign
from ledger.proof.head_map import HeadMap, NoHead, find_head
from ledger.proof.heads import Collected, Head, key_of, leaf, path, root, root_from
from ledger.proof.leaf import SealedRow
from ledger.proof.merkle import EMPTY
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import STREAMS, Sealed

ORIGIN = "continuum/7/evidence"
HEADS = st.dictionaries(
    st.binary(min_size=16, max_size=16),
    st.builds(Head, st.integers(1, 2**40), st.integers(1, 2**40)),
    max_size=40,
)

Spoil = Callable[[dict[str, Any]], None]


def pinned(sealed: Sealed) -> Any:
    return json.loads(auditor_policy.written({"evidence": sealed.pinned}))


def proven(sealed: Sealed, note: str | None = None) -> Any:
    return json.loads(json.dumps(proof.prove(sealed.proven, STREAMS[2], note or sealed.newest)))


def sorted_leaves(heads: dict[bytes, Head]) -> list[tuple[bytes, bytes]]:
    keyed = ((key_of(ORIGIN.encode(), stream), head) for stream, head in heads.items())
    return sorted((key, leaf(key, head)) for key, head in keyed)


@given(HEADS)
def test_each_head_has_one_way_to_the_root_and_others_have_none(heads: dict[bytes, Head]) -> None:
    entries = sorted_leaves(heads)
    whole = root(entries)
    assert whole != EMPTY or not heads
    for stream, head in heads.items():
        key = key_of(ORIGIN.encode(), stream)
        steps = path(entries, key)
        assert root_from(key, head, steps) == whole
        assert [bit for bit, _ in steps] == sorted((bit for bit, _ in steps), reverse=True)
        assert root_from(key, replace(head, version=head.version + 1), steps) != whole
        assert root_from(key, replace(head, seq=head.seq + 1), steps) != whole
        other = key_of(b"elsewhere", stream)
        assert root_from(other, head, steps) != whole
        with pytest.raises(KeyError):
            path(entries, other)


def test_the_map_is_as_it_is_described() -> None:
    """The root hash of a map of three streams is equal to the hash that the test computes by the
    description in ledger/proof/heads.py."""
    heads = {bytes([n]) * 16: Head(n, 10 * n) for n in (1, 2, 3)}
    leaves = {}
    for stream, head in heads.items():
        key = sha256(ORIGIN.encode() + stream).digest()
        numbers = head.version.to_bytes(8, "big") + head.seq.to_bytes(8, "big")
        leaves[key] = sha256(b"\x02" + key + numbers).digest()

    def node(keys: list[bytes]) -> bytes:
        if len(keys) == 1:
            return leaves[keys[0]]
        bits = [f"{int.from_bytes(key):0256b}" for key in keys]
        bit = next(n for n in range(256) if len({one[n] for one in bits}) == 2)
        left = [key for key, one in zip(keys, bits, strict=True) if one[bit] == "0"]
        right = [key for key in keys if key not in left]
        return sha256(b"\x03" + bytes([bit]) + node(left) + node(right)).digest()

    assert root(sorted_leaves(heads)) == node(sorted(leaves))


@given(st.lists(st.integers(0, 12), max_size=60), st.integers(0, 60))
def test_the_last_record_of_each_stream_is_collected(order: list[int], until: int) -> None:
    rows = [
        SealedRow(seq, bytes([n]) * 16, order[:seq].count(n), "t", b"", seq, b"")
        for seq, n in enumerate(order, start=1)
    ]
    until = min(until, len(rows))
    whole, half = Collected(), Collected(5)
    whole.take(rows[:3])
    whole.take(rows[3:])
    half.take(rows[5:])
    expected = {row.stream: Head(row.version, row.seq) for row in rows[:until]}
    assert dict(whole.heads(until)) == expected
    if until >= 5:
        begun = Collected()
        begun.take(rows[:5])
        assert dict(begun.followed_by(half).heads(until)) == expected
        late = {row.stream: Head(row.version, row.seq) for row in rows[5:until]}
        assert dict(half.heads(until)) == late


@given(st.lists(HEADS, max_size=4))
def test_a_map_kept_up_is_the_map_of_all(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[dict[bytes, Head]]
) -> None:
    file = tmp_path_factory.mktemp("heads") / "evidence.heads"
    kept, held = HeadMap(ORIGIN), dict[bytes, Head]()
    for number, heads in enumerate(rounds):
        kept.update(heads.items())
        kept.write(file, whole=number == 0)
        held |= heads
        assert kept.root() == root(sorted_leaves(held))
        for stream, head in held.items():
            key = key_of(ORIGIN.encode(), stream)
            found, steps = find_head(file, key)
            assert (found, root_from(key, found, steps)) == (head, kept.root())
        with pytest.raises(NoHead):
            find_head(file, key_of(b"elsewhere", b"x" * 16))


def test_an_event_cannot_be_cut_off_the_end_of_a_proof(sealed: Sealed) -> None:
    """A proof that lacks the last event, a retraction, is refused. (Earlier releases accepted
    it.)
    """
    told = proven(sealed)
    verify.check(told, pinned(sealed))
    told["records"].pop()
    with pytest.raises(
        verify.DoesNotHold, match="last event is version 3, record 8, and the proof"
    ):
        verify.check(told, pinned(sealed))


def head(**changed: object) -> Spoil:
    return lambda told: told["head"].update(changed)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda told: told.pop("head"),
            "the proof does not show that these are all events of the item",
        ),
        (head(version=2), "the signed root of heads does not cover"),
        (head(seq=7), "the signed root of heads does not cover"),
        (head(path=[]), "the signed root of heads does not cover"),
        (
            lambda told: told["head"]["path"].append(told["head"]["path"][-1]),
            "the path from the item's head is not valid",
        ),
        (head(path=[[256, "00" * 32]]), "the path from the item's head is not valid"),
        (head(path=[[7, "00"]]), "the path from the item's head is not valid"),
    ],
)
def test_a_head_that_is_not_the_items_own_is_refused(
    sealed: Sealed, spoil: Spoil, message: str
) -> None:
    told = proven(sealed)
    spoil(told)
    with pytest.raises(verify.DoesNotHold, match=message):
        verify.check(told, pinned(sealed))


def test_a_head_with_a_step_that_is_no_number_is_no_proof(sealed: Sealed) -> None:
    told = proven(sealed)
    head(path=[[True, "00" * 32]])(told)
    with pytest.raises(verify.BadInput, match="is not a number"):
        verify.check(told, pinned(sealed))


def test_the_head_of_another_item_is_refused(sealed: Sealed) -> None:
    told = proven(sealed)
    other = proof.prove(sealed.proven, STREAMS[1], sealed.newest)
    spoiled = copy.deepcopy(told) | {"head": json.loads(json.dumps(other["head"]))}
    with pytest.raises(verify.DoesNotHold, match="the signed root of heads does not cover"):
        verify.check(spoiled, pinned(sealed))


def test_an_older_form_of_proof_is_not_believed(sealed: Sealed) -> None:
    """A proof that claims an older format is refused, because that format could leave out the last
    record.
    """
    told = proven(sealed) | {"format": "continuum-proof/1"}
    with pytest.raises(verify.BadInput, match="this proof has an older form, which does not show"):
        verify.check(told, pinned(sealed))


def test_each_checkpoint_proves_what_was_last_then(sealed: Sealed) -> None:
    sealed.log.append([submission(Counted(8), stream=STREAMS[2], version=4)])
    later = sealed.signer.round()
    assert [one["version"] for one in proven(sealed, later)["records"]] == [1, 2, 3, 4]
    before = proven(sealed, sealed.newest)
    assert (len(before["records"]), before["head"]["version"], before["unsigned"]) == (3, 3, 1)
    verify.check(before, pinned(sealed))
    verify.check(proven(sealed, later), pinned(sealed))


@pytest.mark.parametrize("spoiled", ["gone", "damaged", "of another log", "behind"])
def test_nothing_rests_on_the_file_of_heads(sealed: Sealed, spoiled: str) -> None:
    file = sealed.proven.heads
    if spoiled == "gone":
        file.unlink()
    elif spoiled == "damaged":
        file.write_bytes(b"no database at all" * 50)
    elif spoiled == "of another log":
        other = HeadMap("continuum/8/evidence")
        other.update([(STREAMS[2].bytes, Head(9, 9))])
        other.write(file, whole=True)
    else:
        db = sqlite3.connect(file)
        db.execute("UPDATE buckets SET heads = zeroblob(48)")
        db.commit()
        db.close()
    verify.check(proven(sealed), pinned(sealed))
    sealed.log.append([submission(Counted(8), stream=UUID(int=9))])
    sealed.signer.round()  # the signer writes the damaged tiles again


def resigned(sealed: Sealed, heads: bytes | None) -> str:
    """Sign the log again with its own key, as a thief of the key could, with this hash of the map
    of last records. Return the signed note."""
    key = read_key(sealed.signer.directory / "evidence.key")
    return sign(
        replace(parse(sealed.newest), heads=heads), Ed25519PrivateKey.from_private_bytes(key)
    )


def test_signed_heads_that_are_not_the_logs_are_found(sealed: Sealed) -> None:
    assert sealed.audit().findings == []
    report = sealed.audit(resigned(sealed, bytes(32)))
    assert [finding.what for finding in report.findings] == ["forked"]
    assert "signs other heads than its 12 records have" in report.findings[0].words
    assert (report.integrity, report.signed) == ("broken", 0)
    with pytest.raises(
        IntegrityFailure, match="the heads of the log differ from those that this checkpoint signs"
    ):
        proven(sealed, resigned(sealed, bytes(32)))
    (sealed.signer.directory / "evidence.signed").write_text(resigned(sealed, bytes(32)), "utf-8")
    with pytest.raises(IntegrityFailure, match="heads of the first 12 records of the evidence log"):
        type(sealed.signer)(
            "evidence",
            sealed.records,
            sealed.pinned,
            sealed.signer.directory,
            sealed.signer.public.parent / "elsewhere",
        ).round()


def test_a_checkpoint_of_before_is_read_and_signed_again_with_heads(sealed: Sealed) -> None:
    older = resigned(sealed, None)
    report = sealed.audit(older)
    assert (report.findings, report.signed) == ([], 12)
    state = sealed.signer.directory / "evidence.signed"
    state.write_text(older, "utf-8")
    (sealed.signer.public / "evidence.checkpoint").write_text(older, "utf-8")
    assert sealed.signer.round() == sealed.newest
    assert verify.check_copy(older, proven(sealed), pinned(sealed)["logs"]["evidence"]) == [
        "Your checkpoint of 12 records is the same."
    ]
    with pytest.raises(Unprovable, match="run the signer"):
        proven(sealed, older)


@pytest.mark.parametrize(
    "line", ["heads", "heads ", "heads AAAA", "keys x", "heads \u0661", "Heads x", "x\n" * 2]
)
def test_a_checkpoint_says_heads_in_one_way(sealed: Sealed, line: str) -> None:
    text, _, signatures = resigned(sealed, None).partition("\n\n")
    note = f"{text}\n{line.rstrip()}\n\n{signatures}"
    with pytest.raises(BadCheckpoint):
        parse(note)
    with pytest.raises((verify.BadInput, verify.DoesNotHold, ValueError)):
        verify.read_checkpoint(note, pinned(sealed)["logs"]["evidence"])
