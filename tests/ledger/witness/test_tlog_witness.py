"""A witness answers over HTTP by the protocol C2SP tlog-witness, and a signer reacts to its
answers.
"""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from domain.kernel.envelope import LogName
from ledger.proof import auditor_policy, proof
from ledger.proof.checkpoint import WITNESS, VerifierKey, cosignature, cosigners, parse, sign
from ledger.witness.tlog_witness import SIZE, HttpAnswer, Unwitnessed, answer, line_of, request
from ledger.witness.witness import Witness
from tests.conftest import Store
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import Sealed, another_home

SECOND = 1_300_000_000
NAME = "council.example"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, None)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    one = Witness(tmp_path / "witness")
    one.init(NAME)
    return one


Post = Callable[[bytes], HttpAnswer]


@pytest.fixture
def post(sealed: Sealed, witness: Witness) -> Post:
    return lambda body: answer(witness, lambda: [sealed.pinned], body, SECOND)


def key_of(witness: Witness) -> VerifierKey:
    held = Ed25519PrivateKey.from_private_bytes((witness.directory / "witness.key").read_bytes())
    return VerifierKey(NAME, held.public_key().public_bytes_raw(), WITNESS)


def stolen(sealed: Sealed) -> Ed25519PrivateKey:
    key = sealed.signer.directory / "evidence.key"
    return Ed25519PrivateKey.from_private_bytes(key.read_bytes())


def growth(sealed: Sealed) -> list[bytes]:
    return proof.growth(sealed.proven, 8, parse(sealed.newest))


def grown(sealed: Sealed) -> bytes:
    return request(8, growth(sealed), sealed.newest)


def test_it_signs_what_is_new_and_what_continues_it(
    sealed: Sealed, witness: Witness, post: Post
) -> None:
    for body, note in (
        (request(0, [], sealed.older), sealed.older),
        (request(8, [], sealed.older), sealed.older),
        (grown(sealed), sealed.newest),
    ):
        said = post(body)
        assert said.status == 200
        assert said.body.startswith("\N{EM DASH} ".encode())
        assert said.body.endswith(b"\n")
        line = line_of(said, key_of(witness), note)
        assert cosigners(note + line, [key_of(witness)]) == {NAME}


def test_another_old_size_is_answered_with_the_one_that_it_saw(sealed: Sealed, post: Post) -> None:
    assert post(request(3, growth(sealed), sealed.newest)) == HttpAnswer(409, SIZE, b"0\n")
    assert post(request(0, [], sealed.older)).status == 200
    assert post(request(0, [], sealed.newest)) == HttpAnswer(409, SIZE, b"8\n")
    assert post(grown(sealed)).status == 200
    assert post(grown(sealed)) == HttpAnswer(409, SIZE, b"12\n")


def test_a_log_that_was_turned_back_is_refused(sealed: Sealed, post: Post) -> None:
    assert post(request(0, [], sealed.newest)).status == 200
    for old in (0, 8):
        assert post(request(old, [], sealed.older)) == HttpAnswer(409, SIZE, b"12\n")


def test_another_log_of_the_same_size_is_refused(sealed: Sealed, post: Post) -> None:
    assert post(request(0, [], sealed.newest)).status == 200
    for fork in (
        replace(parse(sealed.newest), root=bytes(32)),
        replace(parse(sealed.newest), heads=bytes(32)),
    ):
        forged = sign(fork, stolen(sealed))
        assert post(request(12, [], forged)) == HttpAnswer(409, SIZE, b"12\n")


def test_a_proof_that_does_not_lead_there_is_refused(sealed: Sealed, post: Post) -> None:
    assert post(request(0, growth(sealed), sealed.older)).status == 422, "nothing is to be proven"
    assert post(request(0, [], sealed.older)).status == 200
    assert post(request(8, growth(sealed), sealed.older)).status == 422
    forged = sign(replace(parse(sealed.newest), root=bytes(32)), stolen(sealed))
    for path, note in (
        ([], sealed.newest),
        (growth(sealed)[1:], sealed.newest),
        ([bytes(32), *growth(sealed)], sealed.newest),
        (growth(sealed), forged),
    ):
        assert post(request(8, path, note)).status == 422
    assert post(grown(sealed)).status == 200, "none of them was remembered"


def test_it_knows_its_logs_and_their_keys(sealed: Sealed, post: Post, tmp_path: Path) -> None:
    stranger = replace(parse(sealed.older), origin="continuum/elsewhere/evidence")
    assert post(request(0, [], sign(stranger, stolen(sealed)))).status == 404
    other = another_home(sealed, tmp_path / "x").round()
    assert post(request(0, [], other)).status == 403
    both = sealed.newest + other.partition("\n\n")[2]
    assert post(request(0, [], both)).status == 200, "a key that it does not know is passed over"


def test_a_bad_signature_of_a_known_key_is_refused(sealed: Sealed, post: Post) -> None:
    text, _, line = sealed.older.partition("\n\n")
    name, _, told = line.rstrip("\n").rpartition(" ")
    damaged = f"{told[:20]}{'A' if told[20] != 'A' else 'B'}{told[21:]}"
    assert post(request(0, [], f"{text}\n\n{name} {damaged}\n")).status == 403


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"old 8", b"old 08"),
        lambda body: body.replace(b"old 8", b"old +8"),
        lambda body: body.replace(b"old 8", b"old \xd9\xa8"),
        lambda body: body.replace(b"old 8", b"old  8"),
        lambda body: body.replace(b"old 8", b"Old 8"),
        lambda body: body.replace(b"old 8", b"old 13"),
        lambda body: body.replace(b"old 8", b"old 99999999999999999999"),
        lambda body: body.replace(b"old 8\n", b""),
        lambda body: body.replace(b"old 8\n", b"old 8\r\n"),
        lambda body: body.replace(b"old 8\n", b"old 8\n" + b64encode(bytes(31)) + b"\n"),
        lambda body: body.replace(b"old 8\n", b"old 8\n" + b64encode(bytes(32))[:-1] + b"\n"),
        lambda body: body.replace(b"old 8\n", b"old 8\nwords\n"),
        lambda body: body.replace(b"old 8\n", b"old 8\n" + 64 * (b64encode(bytes(32)) + b"\n")),
        lambda body: body.replace(b"\n\n", b"\n", 1),
        lambda body: body.replace(b"\n12\n", b"\n012\n"),
        lambda body: body[: body.rindex(b"\n\n")],
        lambda body: body + b"\0",
        lambda body: b"\xff\xfe",
        lambda body: b"",
        lambda body: b"\n" * 64_000,
    ],
)
def test_what_is_no_request_is_said_to_be_none(
    sealed: Sealed, post: Post, change: Callable[[bytes], bytes]
) -> None:
    assert post(request(0, [], sealed.older)).status == 200
    said = post(change(grown(sealed)))
    assert (said.status, said.kind) == (400, "text/plain; charset=utf-8")
    assert post(grown(sealed)).status == 200, "and it changes nothing"


def test_of_two_at_once_one_is_signed_and_the_other_told_so(
    sealed: Sealed, witness: Witness, post: Post
) -> None:
    """If a witness gets two requests at the same moment, it signs one and refuses the other, so
    that the size of the log that it remembers never shrinks. The test repeats this ten times."""
    assert post(request(0, [], sealed.newest)).status == 200
    for _ in range(10):
        before, notes = parse(sealed.newest).size, []
        for _ in range(2):
            sealed.log.append([submission(Counted(1))])
            notes.append(sealed.signer.round())
        bodies = [
            request(before, proof.growth(sealed.proven, before, parse(note)), note)
            for note in notes
        ]
        said: dict[int, HttpAnswer] = {}
        start = Barrier(2)

        def one(
            n: int,
            bodies: list[bytes] = bodies,
            said: dict[int, HttpAnswer] = said,
            start: Barrier = start,
        ) -> None:
            start.wait()
            said[n] = post(bodies[n])

        asking = [Thread(target=one, args=(n,)) for n in range(2)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert sorted(answer.status for answer in said.values()) == [200, 409]
        signed = next(n for n, answer in said.items() if answer.status == 200)
        assert said[1 - signed].body == f"{parse(notes[signed]).size}\n".encode()
        sealed.newest = notes[1]
        if signed == 0:
            size = parse(notes[0]).size
            path = proof.growth(sealed.proven, size, parse(notes[1]))
            assert post(request(size, path, notes[1])).status == 200


def test_it_remembers_before_it_answers(
    sealed: Sealed, witness: Witness, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A witness stores the checkpoint before it answers: at the moment of the signature, another
    process can read the checkpoint.
    """
    seen: list[str] = []

    def signing(note: str, *told: object) -> str:
        db = sqlite3.connect(witness.directory / "seen.db")
        seen.extend(one for (one,) in db.execute("SELECT note FROM seen"))
        db.close()
        raise KeyboardInterrupt  # this kills the witness before it can answer

    monkeypatch.setattr("ledger.witness.witness.cosignature", signing)
    with pytest.raises(KeyboardInterrupt):
        post(request(0, [], sealed.newest))
    assert seen == [sealed.newest]
    monkeypatch.undo()
    assert post(request(0, [], sealed.older)) == HttpAnswer(409, SIZE, b"12\n")
    assert post(request(12, [], sealed.newest)).status == 200


def test_what_cannot_be_kept_is_not_signed(sealed: Sealed, witness: Witness, post: Post) -> None:
    (witness.directory / "seen.db").write_bytes(b"no database, but words" * 99)
    assert post(request(0, [], sealed.newest)).status == 503
    (witness.directory / "seen.db").unlink()
    assert post(request(0, [], sealed.newest)).status == 200


def http_answer(line: str, status: int = 200) -> HttpAnswer:
    return HttpAnswer(status, "text/plain; charset=utf-8", line.encode())


def test_a_line_counts_if_it_is_the_witnesss_and_of_this_checkpoint(
    sealed: Sealed, witness: Witness
) -> None:
    key, own = key_of(witness), Ed25519PrivateKey.generate()
    held = Ed25519PrivateKey.from_private_bytes((witness.directory / "witness.key").read_bytes())
    good = cosignature(sealed.newest, NAME, held, SECOND)
    strange = cosignature(sealed.newest, "another.example", own, SECOND)
    assert line_of(http_answer(strange + good), key, sealed.newest) == good
    for lie, why in (
        (
            http_answer(cosignature(sealed.newest, NAME, own, SECOND)),
            "the witness answers without a signature of its key",
        ),
        (http_answer(cosignature(sealed.older, NAME, held, SECOND)), "not of this checkpoint"),
        (http_answer(strange), "the witness answers without a signature of its key"),
        (http_answer(""), "the witness answers without a signature of its key"),
        (http_answer("words\n" * 9), "the witness answers without a signature of its key"),
        (
            http_answer(f"\nor else\n{good[2:]}"),
            "the witness answers without a signature of its key",
        ),
        (http_answer("\x1b[2Jno", 403), r"403: \?\[2Jno"),
        (http_answer("", 500), "500: nothing more"),
        (
            http_answer("12\n", 409),
            "the witness says that it saw another checkpoint, but not its size",
        ),
        (
            HttpAnswer(409, SIZE, b"012\n"),
            "the witness says that it saw another checkpoint, but not its size",
        ),
        (HttpAnswer(409, SIZE, b"9\n"), "saw 9 records"),
        (HttpAnswer(409, SIZE, b"12\n"), "another log of 12 records"),
        (HttpAnswer(409, f"{SIZE}; charset=x", b"99\n"), "turned back, or the witness is wrong"),
    ):
        with pytest.raises(Unwitnessed, match=why):
            line_of(lie, key, sealed.newest)


def test_a_policy_names_witnesses_with_their_addresses(sealed: Sealed, witness: Witness) -> None:
    pinned: dict[LogName, auditor_policy.Pinned] = {"evidence": sealed.pinned}
    key = key_of(witness)
    one = auditor_policy.with_witness(pinned, key, "https://council.example/w", None)
    assert one["evidence"].quorum == 1
    assert one["evidence"].addresses == {NAME: "https://council.example/w"}
    assert auditor_policy.read(auditor_policy.written(one)) == one
    other = VerifierKey("b", Ed25519PrivateKey.generate().public_key().public_bytes_raw(), WITNESS)
    two = auditor_policy.with_witness(one, other, None, 2)
    assert (len(two["evidence"].witnesses), two["evidence"].quorum) == (2, 2)
    again = auditor_policy.with_witness(two, key, "http://127.0.0.1:8010", None)
    assert len(again["evidence"].witnesses) == 2
    assert again["evidence"].addresses == {NAME: "http://127.0.0.1:8010"}
    with pytest.raises(auditor_policy.BadPolicy, match="the policy asks for"):
        auditor_policy.with_witness(one, other, None, 3)
    for address in ("council.example", "ftp://x", "https://", "https://a b", "https://u:p@x/"):
        with pytest.raises(auditor_policy.BadPolicy, match="is not the address of a witness"):
            auditor_policy.with_witness(one, key, address, None)
    lost = json.loads(auditor_policy.written(one))
    lost["witnesses"]["keys"] = []
    lost["witnesses"]["quorum"] = 0
    with pytest.raises(auditor_policy.BadPolicy, match="but no key"):
        auditor_policy.read(json.dumps(lost))
