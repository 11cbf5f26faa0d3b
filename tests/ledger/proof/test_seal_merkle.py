"""The Merkle tree and the checkpoints agree with public test vectors and with the verifier's own
code.
"""

import base64
import hashlib
from collections.abc import Sequence
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import verify
from ledger.proof.checkpoint import BadCheckpoint, Checkpoint, VerifierKey, WrongKey, opened, sign
from ledger.proof.merkle import EMPTY, Peaks, Tree, leaf_hash, subtree

#: The entries and tree roots that Certificate Transparency's implementations use as test vectors.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: Inclusion proofs as (leaf, tree size, path), from the same vectors as ENTRIES.
INCLUSIONS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]


#: Consistency proofs as (first tree size, second tree size, path), from the same vectors as
#: ENTRIES.
CONSISTENCIES = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def tree_of(leaves: Sequence[bytes]) -> Tree:
    return Tree(lambda level, index: subtree(leaves[index << level : index + 1 << level]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_trees_have_the_published_roots(size: int) -> None:
    leaves, peaks = list(map(leaf_hash, ENTRIES)), Peaks()
    for leaf in leaves[:size]:
        peaks.add(leaf)
    assert tree_of(leaves).root(size).hex() == peaks.root().hex() == ROOTS[size - 1]


def test_the_empty_tree() -> None:
    assert tree_of([]).root(0) == Peaks().root() == EMPTY == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("leaf", "size", "path"), INCLUSIONS)
def test_the_published_inclusion_paths(leaf: int, size: int, path: list[str]) -> None:
    tree = tree_of(list(map(leaf_hash, ENTRIES)))
    assert [node.hex() for node in tree.inclusion(leaf, size)] == path


@pytest.mark.parametrize(("first", "second", "path"), CONSISTENCIES)
def test_the_published_consistency_paths(first: int, second: int, path: list[str]) -> None:
    tree = tree_of(list(map(leaf_hash, ENTRIES)))
    assert [node.hex() for node in tree.consistency(first, second)] == path
    roots = (bytes.fromhex(ROOTS[size - 1]) for size in (first, second))
    assert verify.consistent(
        first, next(roots), second, next(roots), list(map(bytes.fromhex, path))
    )


@settings(max_examples=60)
@given(st.data(), st.integers(1, 1500))
def test_leaves_may_come_one_by_one_or_many_at_once(data: st.DataObject, size: int) -> None:
    leaves = [leaf_hash(n.to_bytes(2, "big")) for n in range(size)]
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=5)))
    heard: list[tuple[int, bytes]] = []
    peaks, one_by_one = Peaks(report=lambda floor, node: heard.append((floor, node))), Peaks()
    for start, end in pairwise([0, *cuts, size]):
        peaks.extend(leaves[start:end])
    for leaf in leaves:
        one_by_one.add(leaf)
    tree = tree_of(leaves)
    assert peaks.root() == one_by_one.root() == tree.root(size)
    assert list(peaks.peaks()) == list(one_by_one.peaks())
    assert b"".join(nodes for floor, nodes in heard if not floor) == b"".join(leaves)
    bundles = [(floor, node) for floor, node in heard if floor]
    assert bundles == [(1, tree.node(8, index)) for index in range(size // 256)]


@settings(max_examples=100)
@given(st.data(), st.integers(1, 70))
def test_a_run_of_leaves_is_proven_by_what_is_beside_it(data: st.DataObject, size: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size - 1))
    tree, run = tree_of(leaves), leaves[first : last + 1]
    beside, root = tree.around(first, last, size), tree.root(size)
    assert verify.root_from_range(first, size, run, beside) == root
    assert verify.root_from_range(first, size, run, [*beside, EMPTY]) is None
    assert verify.root_from_range(first, size, [*run[:-1], EMPTY], beside) != root
    if beside:
        assert verify.root_from_range(first, size, run, beside[:-1]) is None
    if size > 1:
        assert verify.root_from_range(first + 1, size, run, beside) != root


def test_every_proof_of_a_growing_tree_is_accepted_by_the_verifier_and_no_other_place() -> None:
    tree = tree_of([leaf_hash(bytes([n])) for n in range(40)])
    for size in range(1, 41):
        root = tree.root(size)
        for index in range(size):
            leaf, path = leaf_hash(bytes([index])), tree.inclusion(index, size)
            assert verify.root_from_inclusion(index, size, leaf, path) == root
            assert verify.root_from_inclusion((index + 1) % (size + 1), size, leaf, path) != root
        for first in range(1, size + 1):
            proof = tree.consistency(first, size)
            assert verify.consistent(first, tree.root(first), size, root, proof)
            if first < size:
                assert not verify.consistent(first, root, size, root, proof)
                assert not verify.consistent(first, tree.root(first), size, EMPTY, proof)
                assert not verify.consistent(first, tree.root(first), size, root, proof[:-1])
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(IndexError):
            tree.inclusion(index, size)
    for first in (0, 4):
        with pytest.raises(IndexError):
            tree.consistency(first, 3)


@settings(max_examples=30)
@given(st.binary(max_size=60), st.binary(min_size=32, max_size=32))
def test_the_verifiers_signatures_are_those_of_the_library(message: bytes, seed: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify.signed_by(public, message, signature)
    assert not verify.signed_by(public, message + b"!", signature)
    assert not verify.signed_by(public, message, signature[:-1] + bytes([signature[-1] ^ 1]))


@pytest.mark.parametrize(
    ("public", "message", "r", "s"),
    [  # RFC 8032, section 7.1, tests 1 and 2; each signature is written here in two halves
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_the_signatures_of_rfc_8032(public: str, message: str, r: str, s: str) -> None:
    parts = map(bytes.fromhex, (public, message, r + s))
    assert verify.signed_by(*parts)


def test_a_signature_with_a_number_beyond_the_order_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"x")
    s = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.signed_by(public, b"x", signature[:32] + s.to_bytes(32, "little"))


def test_the_published_signed_note_opens() -> None:
    """The program can read the signed example note of the Go package x/mod/sumdb/note."""
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert (key.name, key.hash.hex()) == ("PeterNeumann", "c74f20a3")
    message = (
        b"If you think cryptography is the answer to your problem,\n"
        b"then you don't know what your problem is.\n"
    )
    raw = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert raw[:4] == key.hash
    assert verify.signed_by(key.public, message, raw[4:])


def test_a_checkpoint_is_read_as_it_was_signed_and_by_its_own_key_alone() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    checkpoint = Checkpoint("continuum/7/evidence", 3, EMPTY)
    note = sign(checkpoint, key)
    public = VerifierKey(checkpoint.origin, key.public_key().public_bytes_raw())
    assert VerifierKey.parse(str(public)) == public
    assert opened(note, [public]) == checkpoint
    wrong = VerifierKey(checkpoint.origin, other.public_key().public_bytes_raw())
    assert opened(note, [wrong, public]) == checkpoint
    for keys in ([wrong], [], [VerifierKey("another", public.public)]):
        with pytest.raises(WrongKey):
            opened(note, keys)
    with pytest.raises(WrongKey):
        opened(note.replace("\n3\n", "\n4\n"), [public])
    others = VerifierKey("another", public.public)
    signature = base64.b64encode(others.hash + key.sign(checkpoint.text().encode())).decode()
    with pytest.raises(WrongKey):  # a key may sign only the log that it was made for
        opened(f"{checkpoint.text()}\n\N{EM DASH} another {signature}\n", [others])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n\n",
        "a\nb\nc\n\n— a x\n",
        f"a\n01\n{base64.b64encode(EMPTY).decode()}\n\n— a x\n",
        f"a\n-1\n{base64.b64encode(EMPTY).decode()}\n\n— a x\n",
        f"a\n1\n{base64.b64encode(EMPTY[:31]).decode()}\n\n— a x\n",
        f"a\n1\n{base64.b64encode(EMPTY).decode()}\nmore\n\n— a x\n",
    ],
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        opened(text, [])
