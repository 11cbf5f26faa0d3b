"""Blind tokens (values that stand for a plate or number and do not reveal it) agree with the test
vectors of RFC 9497. The key service learns nothing from requests for tokens, and limits their
number.
"""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from voprf import ristretto

from domain.kernel.values import Refused
from exchange.keyclient import KeyClient, KeyServices, NoTokens
from exchange.keyservice import AT_ONCE, BlindedRequest, KeyService, NotGiven, Use, answer
from exchange.tokens import ELEMENT, PROOF, Blinded, NotProven, TokenKey

#: The test vectors of RFC 9497, Appendix A.1.2: VOPRF mode, ristretto255-SHA512.
SEED, INFO = bytes.fromhex("a3" * 32), b"test key"
PUBLIC = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
#: For each test vector: the input, the blinded element, the evaluated element, and the output.
VECTORS = (
    (
        "00",
        "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
        "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
        (
            "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
            "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
        ),
    ),
    (
        "5a" * 17,
        "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
        "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",
        (
            "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
            "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6"
        ),
    ),
)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("told", "blinded", "evaluated", "output"), VECTORS)
def test_the_key_evaluates_as_the_rfc_says(
    told: str, blinded: str, evaluated: str, output: str
) -> None:
    key = TokenKey(SEED, INFO)
    assert key.public.hex() == PUBLIC
    found = key.evaluate(bytes.fromhex(blinded))
    assert len(found) == PROOF + ELEMENT
    assert found[PROOF:].hex() == evaluated
    # with another blind, the force computes the same output as the RFC
    mine = Blinded([bytes.fromhex(told)])
    (token,) = mine.unblinded(key.evaluate(mine.elements), bytes.fromhex(PUBLIC))
    assert token.hex() == output[: 2 * ELEMENT]


def test_another_key_is_noticed_and_so_is_a_changed_answer() -> None:
    mine = Blinded([b"one", b"two"])
    found = TokenKey(b"\1" * 32).evaluate(mine.elements)
    for spoilt in (found, found[:-1], bytes([found[0] ^ 1]) + found[1:], b""):
        with pytest.raises(NotProven):
            mine.unblinded(spoilt, TokenKey(b"\2" * 32).public)
    with pytest.raises(NotProven):
        mine.unblinded(bytes([found[0] ^ 1]) + found[1:], TokenKey(b"\1" * 32).public)


class Clocked:
    """A key service with a log and with a clock that the test sets."""

    def __init__(self, directory: Path) -> None:
        self.now, self.log = NOON, list[Use]()
        self.service = KeyService(directory, self._tick, self.log.append)
        self.service.set_up()

    def _tick(self) -> datetime:
        self.now += SECOND
        return self.now

    def client(self, secret: str) -> KeyClient:
        def call(method: str, path: str, body: bytes) -> tuple[int, bytes]:
            return answer(self.service, method, path, secret, body)

        return KeyClient(call, dict(self.service.keys().public.items()))


@pytest.fixture
def clocked_service(tmp_path: Path) -> Clocked:
    return Clocked(tmp_path / "key-service")


def test_two_forces_get_one_token_for_one_plate_and_other_tokens_for_another(
    clocked_service: Clocked,
) -> None:
    here, there = (
        clocked_service.client(clocked_service.service.register(force))
        for force in ("aldmere", "hexmoor")
    )
    told = [("vehicle", "PK95ABC"), ("phone", "+447700900123")]
    mine, theirs = here.tokens(told), there.tokens([*told[::-1], ("handle", "PK95ABC")])
    assert mine.epoch == theirs.epoch == 1
    assert list(mine.tokens) == [theirs.tokens[1], theirs.tokens[0]]
    # an account with the same characters as a plate has another token than the plate
    assert len({*mine.tokens, *theirs.tokens}) == 3


def test_of_two_services_neither_can_make_a_token_by_itself(tmp_path: Path) -> None:
    first, second = Clocked(tmp_path / "first"), Clocked(tmp_path / "second")
    plate = [("vehicle", "PK95ABC")]

    def of(force: str) -> tuple[KeyClient, KeyClient]:
        asked = [one.client(one.service.register(force)) for one in (first, second)]
        return asked[0], asked[1]

    here, there = of("aldmere"), of("hexmoor")
    mine, theirs = KeyServices(here).tokens(plate), KeyServices(there[::-1]).tokens(plate)
    assert mine == theirs
    assert len(mine.tokens[0]) == ELEMENT
    alone = [one.tokens(plate) for one in here]
    assert mine.tokens[0] not in [one.tokens[0] for one in alone]
    assert KeyServices(here[:1]).tokens(plate) == alone[0]
    # a second service has another key, and if either service rotates its key, the epoch changes
    assert (KeyServices(here[:1]).epoch(), mine.epoch, KeyServices(here).epoch()) == (1, 1002, 1002)
    second.service.rotate()
    here = here[0], replace(here[1], public=second.service.keys().public)
    again = KeyServices(here).tokens(plate)
    assert again.epoch == 1003
    assert again.tokens != mine.tokens


def test_two_services_give_no_token_where_one_of_them_does_not(tmp_path: Path) -> None:
    first, second = Clocked(tmp_path / "first"), Clocked(tmp_path / "second")
    given = first.client(first.service.register("aldmere"))
    with pytest.raises(NoTokens, match="gives no tokens"):
        KeyServices((given, second.client("guessed"))).tokens([("vehicle", "PK95ABC")])
    with pytest.raises(Refused, match="one and the same key"):
        KeyServices((given, given))


def test_the_service_sees_no_identifier_and_logs_none(clocked_service: Clocked) -> None:
    seen: list[bytes] = []
    secret = clocked_service.service.register("aldmere")

    def call(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        seen.append(body)
        return answer(clocked_service.service, method, path, secret, body)

    client = KeyClient(call, clocked_service.service.keys().public)
    client.tokens([("vehicle", "PK95ABC")])
    client.tokens([("vehicle", "PK95ABC")])
    bodies = [body for body in seen if body]
    # the request is blinded with another factor, so that the service cannot recognise it
    assert bodies[0] != bodies[1]
    assert all(b"PK95" not in base64.b64decode(msgspec.json.decode(b)["elements"]) for b in bodies)
    assert [
        (use.force, use.purpose, use.elements, use.answered) for use in clocked_service.log
    ] == [("aldmere", "single", 1, True)] * 2
    assert clocked_service.service.uses() == clocked_service.log


def test_plates_cannot_be_tried_one_after_another(clocked_service: Clocked) -> None:
    client = clocked_service.client(clocked_service.service.register("aldmere", a_day=AT_ONCE + 1))
    with pytest.raises(NoTokens, match="at once"):
        client.tokens([("vehicle", f"AB{n}") for n in range(AT_ONCE + 1)])
    client.tokens([("vehicle", f"AB{n}") for n in range(AT_ONCE)])
    client.tokens([("vehicle", "AB20")])
    with pytest.raises(NoTokens, match="in a day"):
        client.tokens([("vehicle", "AB21")])
    assert [use.answered for use in clocked_service.log] == [False, True, True, False]
    clocked_service.now += timedelta(days=1)
    client.tokens([("vehicle", "AB21")])
    # after a restart, the service continues to count requests where it stopped
    clocked_service.service = KeyService(
        clocked_service.service.directory, clocked_service._tick, clocked_service.log.append
    )
    client.tokens([("vehicle", f"AB{n}") for n in range(AT_ONCE)])
    with pytest.raises(NoTokens, match="in a day"):
        client.tokens([("vehicle", "AB22")])


def test_a_bulk_is_allowed_apart_for_a_time_and_used_up(clocked_service: Clocked) -> None:
    client = clocked_service.client(clocked_service.service.register("aldmere"))
    wanted = [("vehicle", f"AB{n}") for n in range(50)]
    with pytest.raises(NoTokens, match="does not allow so many tokens"):
        client.tokens(wanted, "bulk")
    clocked_service.service.allow_bulk("aldmere", 60, date(2026, 11, 28))
    assert len(client.tokens(wanted, "bulk").tokens) == 50
    with pytest.raises(NoTokens, match="does not allow so many tokens"):
        client.tokens(wanted, "bulk")
    clocked_service.service.allow_bulk("aldmere", 60, date(2026, 11, 26))
    with pytest.raises(NoTokens, match="does not allow so many tokens"):
        client.tokens(wanted, "bulk")
    with pytest.raises(Refused, match="kenbrook is not registered"):
        clocked_service.service.allow_bulk("kenbrook", 1, date(2026, 11, 28))


def test_a_force_that_is_not_registered_gets_nothing(clocked_service: Clocked) -> None:
    clocked_service.service.register("aldmere")
    with pytest.raises(NoTokens, match="no force is registered"):
        clocked_service.client("guessed").tokens([("vehicle", "PK95ABC")])
    first = clocked_service.service.register("hexmoor")
    # after a new registration, the earlier secret is not accepted any more
    clocked_service.service.register("hexmoor")
    with pytest.raises(NoTokens, match="no force is registered"):
        clocked_service.client(first).tokens([("vehicle", "PK95ABC")])


def test_the_key_is_rotated_and_a_key_that_is_not_pinned_is_refused(
    clocked_service: Clocked,
) -> None:
    secret = clocked_service.service.register("aldmere")
    before = clocked_service.client(secret)
    (old,) = before.tokens([("vehicle", "PK95ABC")]).tokens
    assert clocked_service.service.rotate() == 2
    with pytest.raises(NoTokens, match="key 2"):
        before.tokens([("vehicle", "PK95ABC")])
    after = clocked_service.client(secret).tokens([("vehicle", "PK95ABC")])
    assert after.epoch == 2
    assert after.tokens != (old,)
    with pytest.raises(Refused, match="in use"):
        clocked_service.service.retire(2)
    clocked_service.service.retire(1)
    # an operator who copied a key may leave such a file
    (clocked_service.service.directory / "key-2.copy").touch()
    assert clocked_service.service.epochs() == [2]
    with pytest.raises(NotGiven, match="not in use") as refused:
        clocked_service.service.evaluate(
            secret, BlindedRequest(1, "single", base64.b64encode(Blinded([b"x"]).elements).decode())
        )
    assert refused.value.status == 410
    with pytest.raises(Refused, match="a key already"):
        clocked_service.service.set_up()


def test_keys_and_counts_are_the_services_own(clocked_service: Clocked) -> None:
    clocked_service.service.register("aldmere")
    directory = clocked_service.service.directory
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in directory.iterdir()} == {0o600}


def test_what_is_no_request_is_refused_without_a_word_of_it(clocked_service: Clocked) -> None:
    secret = clocked_service.service.register("aldmere")
    calls = [
        ("GET", "/v1/evaluate", b"", 404),
        ("POST", "/v1/evaluate", b"{", 400),
        ("POST", "/v1/evaluate", msgspec.json.encode(BlindedRequest(1, "single", "%")), 400),
        ("POST", "/v1/evaluate", msgspec.json.encode(BlindedRequest(1, "single", "é")), 400),
        ("POST", "/v1/evaluate", msgspec.json.encode(BlindedRequest(2**70, "single", "AAAA")), 400),
        ("POST", "/v1/evaluate", msgspec.json.encode(BlindedRequest(0, "single", "AAAA")), 400),
        ("POST", "/v1/evaluate", msgspec.json.encode(BlindedRequest(1, "single", "AAAA")), 400),
        ("POST", "/v1/evaluate", msgspec.json.encode(BlindedRequest(1, "single", "/" * 44)), 400),
    ]
    for method, path, body, status in calls:
        assert answer(clocked_service.service, method, path, secret, body)[0] == status


def test_no_answer_is_no_token() -> None:
    def away(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        raise OSError

    with pytest.raises(NoTokens, match="does not answer"):
        KeyClient(away, {}).tokens([("vehicle", "PK95ABC")])
    with pytest.raises(NoTokens, match="is not understood"):
        KeyClient(lambda *_: (200, b"[]"), {}).tokens([("vehicle", "PK95ABC")])


def test_a_force_is_not_sent_a_token_that_another_key_made(clocked_service: Clocked) -> None:
    secret = clocked_service.service.register("aldmere")
    honest = clocked_service.client(secret)
    pinned = {1: ristretto.Evaluator.from_seed(b"\7" * 32, b"").public_key.serialize().hex()}
    with pytest.raises(NoTokens, match="the key service did not use the agreed key"):
        KeyClient(honest.call, pinned).tokens([("vehicle", "PK95ABC")])
