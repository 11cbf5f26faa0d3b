"""A signer asks its witnesses for signatures over HTTP. No answer of a witness, wrong or missing,
prevents the signer from signing."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from ledger.proof.checkpoint import WITNESS, VerifierKey, cosignature, parse
from ledger.witness import signer
from ledger.witness.tlog_witness import SIZE, HttpAnswer, read
from tests.conftest import Store
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import Sealed, seal
from tests.processes import LIMIT
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
def outside(sealed: Sealed, tmp_path: Path) -> Iterator[Outside]:
    with listening(witness_of(sealed, tmp_path, "council.example")) as one:
        name_them(sealed, one)
        yield one


def grow(sealed: Sealed, by: int = 1) -> None:
    for n in range(by):
        sealed.log.append([submission(Counted(n))])


def test_the_line_of_a_witness_is_under_what_is_published(sealed: Sealed, outside: Outside) -> None:
    one = asking(sealed)
    assert asked(sealed, one) == ["evidence: council.example signed it too."]
    assert cosigned(sealed) == {"council.example"}
    sealed.signer.round()
    assert cosigned(sealed) == {"council.example"}, "a round with nothing new leaves it there"
    assert asked(sealed, one) == []
    assert outside.asked == [0], "who signed is not asked again"
    grow(sealed, 300)
    assert asked(sealed, one) == [], "only what changed is told"
    assert outside.asked == [0, 12], "and who asks remembers what it saw"
    assert cosigned(sealed) == {"council.example"}
    note = signer.published(sealed.signer.public, "evidence").read_text("utf-8")
    assert sealed.audit(note).integrity == "proven"
    assert sealed.audit(sealed.signer._kept() or "").integrity == "unproven", "without its line"
    one.close()


def test_a_signer_that_starts_again_is_informed_what_the_witness_saw(
    sealed: Sealed, outside: Outside
) -> None:
    asked(sealed, asking(sealed))
    grow(sealed)
    again = asking(sealed)
    assert asked(sealed, again) == ["evidence: council.example signed it too."]
    assert outside.asked == [0, 0, 12]
    again.close()


def lies(outside: Outside) -> dict[str, Callable[[bytes], HttpAnswer]]:
    """Return functions that answer as a faulty witness would. The key of each is the message with
    which the signer reports the answer."""
    own, right = Ed25519PrivateKey.generate(), outside.secret

    def line(key: Ed25519PrivateKey, note: str) -> HttpAnswer:
        told = cosignature(note, "council.example", key, SECOND)
        return HttpAnswer(200, "text/plain", told.encode())

    return {
        "the witness answers without a signature of its key": lambda body: line(own, read(body)[2]),
        "not of this checkpoint": lambda _: line(right, outside.sealed.older),
        "saw 99 records, and this checkpoint has 12": lambda _: HttpAnswer(409, SIZE, b"99\n"),
        "saw 5 records": lambda _: HttpAnswer(409, SIZE, b"5\n"),
        "another log of 12 records": lambda _: HttpAnswer(409, SIZE, b"12\n"),
        "the witness answers with more data than allowed": lambda _: HttpAnswer(
            200, "text/plain", b"x" * 100_000
        ),
        "answers with 404": lambda _: HttpAnswer(404, "text/plain", b"not known here\n"),
        "answers with 302": lambda _: HttpAnswer(302, "text/plain", b""),
    }


def test_a_witness_that_lies_is_reported_and_not_believed(sealed: Sealed, outside: Outside) -> None:
    for said, lie in lies(outside).items():
        one = asking(sealed)
        outside.says = lie
        assert [said in words for words in asked(sealed, one)] == [True], said
        assert cosigned(sealed) == set()
        published = signer.published(sealed.signer.public, "evidence").read_text("utf-8")
        report = sealed.audit(published)
        assert (report.findings, report.integrity) == ([], "unproven")
        assert "signed but not witnessed" in report.doubts[0]
        one.close()
    outside.says = outside.truly
    assert asked(sealed, asking(sealed)) == ["evidence: council.example signed it too."]


def test_a_log_that_was_turned_back_is_reported_by_the_witness(
    sealed: Sealed, outside: Outside
) -> None:
    """If a log's store and its signer were both restored from an earlier time, only the witness can
    notice, and reports it.
    """
    asked(sealed, asking(sealed))
    note = sealed.older
    for place in (signer.signer_path(sealed.signer.directory, "evidence"), *published(sealed)):
        place.write_text(note, "utf-8")
    one = asking(sealed)
    one.send_requests(sealed.signer, note)
    one.close()
    told = [str(heard) for heard in one.new_results()]
    assert len(told) == 1
    assert told[0].startswith("NOT WITNESSED evidence: council.example: it says that it saw 12")
    assert "this checkpoint has 8: the log was turned back" in told[0]


def published(sealed: Sealed) -> tuple[Path, Path]:
    return (
        signer.published(sealed.signer.public, "evidence"),
        sealed.signer.public / "evidence.tiles" / "checkpoint",
    )


def test_one_that_is_slow_keeps_nobody_waiting(
    sealed: Sealed, outside: Outside, tmp_path: Path
) -> None:
    """A slow witness delays neither the signer's rounds nor another witness. If its signature comes
    late, it is not added to a newer checkpoint."""
    go_on, at_it = Event(), Event()

    def slowly(body: bytes) -> HttpAnswer:
        at_it.set()
        go_on.wait(LIMIT)
        return outside.truly(body)

    outside.says = slowly
    with listening(witness_of(sealed, tmp_path, "trust.example")) as other:
        name_them(sealed, outside, other)
        one = asking(sealed)
        one.send_requests(sealed.signer, sealed.signer.round())
        assert at_it.wait(LIMIT)
        one._at_it["evidence", "trust.example"].join()
        for _ in range(3):
            grow(sealed)
            note = sealed.signer.round()
            one.send_requests(sealed.signer, note)
            one._at_it["evidence", "trust.example"].join()
            assert cosigned(sealed) == {"trust.example"}
        assert parse(note).size == 15
        assert outside.asked == [0], "it is not asked twice at once"
        go_on.set()
        one._at_it["evidence", "council.example"].join()
        assert cosigned(sealed) == {"trust.example"}
        asked(sealed, one)
        assert cosigned(sealed) == {"council.example", "trust.example"}
        one.close()


@contextmanager
def taking(sealed: Sealed) -> Iterator[socket.socket]:
    """Yield the socket of a witness that accepts requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        sealed.signer.pinned = replace(
            sealed.pinned,
            witnesses=(VerifierKey("b", bytes(32), WITNESS),),
            addresses={"b": f"http://127.0.0.1:{door.getsockname()[1]}"},
            quorum=1,
        )
        yield door
    assert cosigned(sealed) == set()


LATE = "NOT WITNESSED evidence: b: it does not answer in time"


def test_one_that_never_answers_is_left_after_the_limit(sealed: Sealed) -> None:
    with taking(sealed), closing(asking(sealed, limit=0.1)) as one:
        assert asked(sealed, one) == [LATE]


def test_one_that_sends_a_letter_now_and_then_is_left_after_the_limit(sealed: Sealed) -> None:
    """If a witness sends its answer one byte at a time, the signer stops waiting at the time
    limit."""
    now = 0.0

    def drip(door: socket.socket) -> None:
        nonlocal now
        taken, _ = door.accept()
        with taken, suppress(OSError):  # the connection stays open until the signer closes it
            taken.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n")
            while True:
                now += LIMIT / 10
                taken.sendall(b"x")

    with taking(sealed) as door, closing(asking(sealed)) as one:
        one.clock = lambda: now
        thread = Thread(target=drip, args=(door,))
        thread.start()
        assert asked(sealed, one) == [LATE]
        thread.join()


def test_one_that_is_down_signs_once_it_is_back(sealed: Sealed, tmp_path: Path) -> None:
    there = witness_of(sealed, tmp_path, "council.example")
    with listening(there):
        name_them(sealed, there)
    one = asking(sealed)
    told = asked(sealed, one)
    assert len(told) == 1
    assert "the witness does not answer" in told[0]
    assert asked(sealed, one) == [], "it is told once"
    grow(sealed)
    with listening(there):
        assert asked(sealed, one) == ["evidence: council.example signed it too."]
    assert cosigned(sealed) == {"council.example"}
    one.close()


@pytest.mark.parametrize(
    "address", ["http://..", "http://xn--/", f"http://{'a' * 99}", "http://127.0.0.1:99999"]
)
def test_an_address_that_no_machine_has_is_reported(tmp_path: Path, address: str) -> None:
    sealed = seal(Store(tmp_path, None))
    sealed.signer.pinned = replace(
        sealed.pinned,
        witnesses=(VerifierKey("b", bytes(32), WITNESS),),
        addresses={"b": address},
        quorum=1,
    )
    one = asking(sealed)
    told = asked(sealed, one)
    assert len(told) == 1
    assert "the witness does not answer" in told[0]
    one.close()
    sealed.log.close()
    sealed.records.close()


def test_a_log_that_cannot_be_read_is_reported_and_ends_nothing(
    sealed: Sealed, outside: Outside
) -> None:
    asked(sealed, asking(sealed))
    grow(sealed)
    note = sealed.signer.round()
    sealed.tamper("UPDATE evidence_events SET topic = 'note.closed@1' WHERE seq = 13")
    one = asking(sealed)
    one.send_requests(sealed.signer, note)
    one.close()
    told = [str(heard) for heard in one.new_results()]
    assert len(told) == 1
    assert "it cannot be asked: the root of the log differs" in told[0]
