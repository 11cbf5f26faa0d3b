"""Get the blind tokens of a police force's offers from the key service."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from msgspec import Struct

from domain.kernel.decoding import decoder
from domain.kernel.values import Refused
from exchange.keyservice import BlindedRequest, Evaluation, PublicKeys, Purpose
from exchange.tokens import MOST, Blinded, NotProven, join_parts, token_input

#: A call of the key service: takes method, path and body; returns status and body. Raises OSError.
Call = Callable[[str, str, bytes], tuple[int, bytes]]
A = TypeVar("A", Evaluation, PublicKeys)
#: The lowest key number of tokens that two services make together. A token of two services never
#: matches a token of a single service; by this number the hub recognises which kind a token is.
OF_TWO = 1_000


class NoTokens(Refused):
    """Raised if the key service gave no tokens, so that nothing can be offered now."""


class ReceivedTokens(Struct, frozen=True):
    """The requested tokens, in the order of the request, and the number of the key that made
    them.
    """

    epoch: int
    tokens: tuple[bytes, ...]


@dataclass(frozen=True)
class KeyClient:
    """Gets blind tokens from one key service. `public` has the public keys that this force expects
    from the service: the key of the mapping is the number of the public key, the value its bytes in
    hex. The check against `public` prevents the service from secretly using a key for this force
    alone.
    """

    call: Call = field(repr=False)
    public: Mapping[int, str]

    def epoch(self) -> int:
        """Return the number of the key that the service uses at present. Raises NoTokens."""
        return self._decoded(self._asked("GET", "/v1/keys", b""), PublicKeys).epoch

    def tokens(
        self, wanted: Sequence[tuple[str, str]], purpose: Purpose = "single"
    ) -> ReceivedTokens:
        """Return the blind tokens of things, such as vehicles or phones; each thing is given as its
        kind and its text in normal form. Raises NoTokens if the service does not answer, if the
        quota is used up, or if the service used a key that is not expected."""
        epoch = self.epoch()
        if epoch not in self.public:
            raise NoTokens(
                f"the key service uses key {epoch}, and this force has no public key with "
                "that number: check the key with the service's operator, then set it "
                "(exchange_keys)"
            )
        tokens_found: list[bytes] = []
        for start in range(0, len(wanted), MOST):
            portion = wanted[start : start + MOST]
            tokens_found += self._some(
                epoch, [token_input(*wanted_token) for wanted_token in portion], purpose
            )
        return ReceivedTokens(epoch, tuple(tokens_found))

    def _some(self, epoch: int, inputs: Sequence[bytes], purpose: Purpose) -> list[bytes]:
        blinded = Blinded(inputs)
        elements = base64.b64encode(blinded.elements).decode()
        request_body = msgspec.json.encode(BlindedRequest(epoch, purpose, elements))
        evaluation = self._decoded(self._asked("POST", "/v1/evaluate", request_body), Evaluation)
        try:
            evaluated = base64.b64decode(evaluation.evaluated)
            return blinded.unblinded(evaluated, bytes.fromhex(self.public[epoch]))
        except (NotProven, ValueError) as error:
            raise NoTokens(str(error)) from error

    def _asked(self, method: str, path: str, body: bytes) -> bytes:
        try:
            status, answer = self.call(method, path, body)
        except OSError as error:
            raise NoTokens("the key service does not answer: try again") from error
        if status != 200:
            raise NoTokens(f"the key service gives no tokens: {_reason(answer)}")
        return answer

    def _decoded(self, answer: bytes, kind: type[A]) -> A:
        try:
            return decoder(kind)(answer)
        except msgspec.MsgspecError as error:
            raise NoTokens(
                "the key service's answer is not understood: a newer release may be needed"
            ) from error


class KeyServices(Struct, frozen=True):
    """One key service, or two of different organisations. With two, a token needs the keys of both,
    so that neither service alone can find out what is offered. Raises Refused if the two services
    have a key in common.
    """

    services: tuple[KeyClient, ...]

    def __post_init__(self) -> None:
        keys = [set(map(str.lower, service.public.values())) for service in self.services]
        if len(set().union(*keys)) < sum(map(len, keys)):
            raise Refused(
                "the two key services have one and the same key: two organisations have "
                "to run them, each with a key of its own (exchange_keys, "
                "exchange_second_keys)"
            )

    def epoch(self) -> int:
        """Return one number for the combination of keys in use at the key services. The number
        grows if a service changes to a new key, and if a second service is added. Raises NoTokens.
        """
        return self._number(service.epoch() for service in self.services)

    def tokens(
        self, wanted: Sequence[tuple[str, str]], purpose: Purpose = "single"
    ) -> ReceivedTokens:
        """Return the blind tokens of things from all configured key services. Raises NoTokens if
        one of the services gives none.
        """
        received = [service.tokens(wanted, purpose) for service in self.services]
        if len(received) == 1:
            return received[0]
        parts = zip(*(received_tokens.tokens for received_tokens in received), strict=True)
        return ReceivedTokens(
            self._number(received_tokens.epoch for received_tokens in received),
            tuple(map(join_parts, parts)),
        )

    def _number(self, epochs: Iterable[int]) -> int:
        return sum(epochs) + OF_TWO * (len(self.services) - 1)


def _reason(answer: bytes) -> str:
    try:
        return decoder(dict[str, str])(answer).get("why", "it does not say why")
    except msgspec.MsgspecError:
        return "it does not say why"
