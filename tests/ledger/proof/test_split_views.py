"""An attacker who has a log's key may show two witnesses different logs, or may use a revoked key.
In both cases a witness notices."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from ledger.keys.keys import read_key
from ledger.proof import auditor_policy
from ledger.proof.checkpoint import Checkpoint, VerifierKey, parse, sign
from ledger.proof.checkpoint_compare import compare
from ledger.witness import signer
from ledger.witness.tlog_witness import ADD, HttpAnswer, answer, request
from tests.ledger.events import Closed, submission
from tests.ledger.sealing import Sealed, sealed_copy
from tests.support.ledger.asking import (
    SECOND,
    Outside,
    asked,
    asking,
    cosigned,
    listening,
    name_them,
    witness_of,
)


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Sealed]:
    """Yield a copy of an encrypted log on files."""
    with sealed_copy(tmp_path) as one:
        yield one


@pytest.fixture
def two(sealed: Sealed, tmp_path: Path) -> Iterator[tuple[Outside, Outside]]:
    """Yield two witnesses at other organisations. The auditor's policy requires the signatures of
    both."""
    names = ("council.example", "college.example")
    one, other = (witness_of(sealed, tmp_path, name) for name in names)
    with listening(one), listening(other):
        name_them(sealed, one, other)
        yield one, other


def post(outside: Outside, old: int, note: str) -> httpx.Response:
    return httpx.post(f"{outside.address}{ADD}", content=request(old, [], note))


def key_of(sealed: Sealed) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(read_key(sealed.signer.directory / "evidence.key"))


def forked(sealed: Sealed) -> str:
    """Return a checkpoint with the same number of records and another root hash, signed with the
    log's own key, as if a second version of the log existed."""
    return sign(replace(parse(sealed.newest), root=bytes(32)), key_of(sealed))


def test_two_views_of_a_log_are_proven_to_nobody(
    sealed: Sealed, two: tuple[Outside, Outside]
) -> None:
    fork, other = forked(sealed), two[1]
    shown = post(other, 0, fork)
    assert shown.status_code == 200, "it saw no other log yet"
    with closing(asking(sealed)) as signing:
        said = sorted(asked(sealed, signing))
    assert said[1] == "evidence: council.example signed it too."
    assert said[0].startswith("NOT WITNESSED evidence: college.example: ")
    assert "another log of 12 records" in said[0]
    assert cosigned(sealed) == {"council.example"}
    published = signer.published(sealed.signer.public, "evidence").read_text("utf-8")
    report = sealed.audit(published)
    assert (report.findings, report.integrity) == ([], "unproven")
    assert "not the 2 of 2 witnesses" in report.doubts[0]
    assert [finding.what for finding in sealed.audit(fork + shown.text).findings] == ["forked"]
    pinned = {"evidence": sealed.pinned}
    for line in ("", shown.text):
        assert compare(published, fork + line, pinned).verdict == "lie"  # type: ignore[arg-type]


def test_nobody_is_led_from_one_view_to_the_other(
    sealed: Sealed, two: tuple[Outside, Outside]
) -> None:
    """A witness that has signed one of two different versions of a log never signs the other
    version, whatever their order and sizes are."""
    one, other = two
    fork, shorter = (
        forked(sealed),
        sign(replace(parse(sealed.older), root=bytes(32)), key_of(sealed)),
    )
    assert post(one, 0, sealed.newest).status_code == 200
    assert post(other, 0, fork).status_code == 200
    for outside, lie in ((one, fork), (other, sealed.newest)):
        for old in (0, 8, 12):
            again = post(outside, old, lie)
            assert (again.status_code, again.text) == (409, "12\n")
    for outside in two:
        assert post(outside, 0, shorter).status_code == 409
    with_more = sign(Checkpoint(sealed.pinned.origin, 13, bytes(32), bytes(32)), key_of(sealed))
    assert post(one, 12, with_more).status_code == 422, "nothing shows that it continues"


@contextmanager
def knowing(outside: Outside, pinned: auditor_policy.Pinned) -> Iterator[None]:
    """Within the block, let a witness answer by the policy `pinned`."""

    def says(body: bytes) -> HttpAnswer:
        return answer(outside.witness, lambda: [pinned], body, SECOND)

    outside.says, before = says, outside.says
    yield
    outside.says = before


def test_a_witness_follows_a_key_only_by_a_note_of_the_one_before(
    sealed: Sealed, two: tuple[Outside, Outside]
) -> None:
    outside, _ = two
    stolen, old = key_of(sealed), sealed.pinned
    now = auditor_policy.read(signer.rotate(sealed.signer.directory, sealed.signer.public))[
        "evidence"
    ]
    sealed.log.append([submission(Closed())])
    note = sealed.signer.round()
    with knowing(outside, old):
        assert post(outside, 0, note).status_code == 403, "it knows nothing of the next key"
    with knowing(outside, now):
        thiefs = sign(parse(note), stolen)
        assert post(outside, 0, thiefs).status_code == 403, "the older key counts no more for 13"
        assert post(outside, 0, note).status_code == 200


def test_a_witness_signs_nothing_under_a_revoked_key(
    sealed: Sealed, two: tuple[Outside, Outside]
) -> None:
    outside, _ = two
    stolen = key_of(sealed)
    public = VerifierKey(sealed.pinned.origin, stolen.public_key().public_bytes_raw())
    now = auditor_policy.read(signer.rotate(sealed.signer.directory, sealed.signer.public))[
        "evidence"
    ]
    told = signer.revoke(sealed.signer.directory, sealed.signer.public, "evidence", public, 8)
    revoked = auditor_policy.read(told)["evidence"]
    with knowing(outside, revoked):
        assert post(outside, 0, sign(parse(sealed.newest), stolen)).status_code == 403
        assert post(outside, 0, sealed.older).status_code == 200, (
            "what it signed up to there stands"
        )
    with knowing(outside, now):
        assert post(outside, 12, sealed.newest).status_code == 409, "it saw 8 records"
