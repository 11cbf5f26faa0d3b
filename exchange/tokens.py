"""Blind tokens of number plates, phone numbers and accounts: a verifiable oblivious pseudorandom
function (RFC 9497, VOPRF with ristretto255-SHA512).

A force blinds an input, the key service evaluates it with its key, and the force removes the
blinding. So the service never learns the input, the force never learns the key, and two forces get
the same token for the same thing. Requests and answers have the format of the RFC: a request has 32
bytes for each blinded element; an answer has, for each element, 64 bytes for a proof and 32 bytes
for the evaluated element.
"""

from collections.abc import Sequence
from hashlib import sha256

from voprf import ristretto

#: Number of bytes of an element, of a proof and of a seed.
ELEMENT, PROOF, SEED = 32, 64, 32
_GIVEN = PROOF + ELEMENT
#: Largest number of elements in one request; the key service needs some seconds for so many.
MOST = 5_000
#: Beginning of each input of a token. For another purpose the beginning would differ, and with it
#: the tokens of the same key.
_PREFIX = b"continuum exchange 1"


class NotProven(Exception):
    """Raised if the key service did not use the agreed key."""


def token_input(kind: str, normal: str) -> bytes:
    """Return the input of a token: the kind and the normal form of the thing."""
    return b"\0".join((_PREFIX, kind.encode(), normal.encode()))


def join_parts(parts: Sequence[bytes]) -> bytes:
    """Return the blind token of a thing, made from the parts that several key services gave. The
    order of the parts does not matter. No service can make the token alone.
    """
    return sha256(b"\0".join((_PREFIX, b"joined", b"".join(sorted(parts))))).digest()


class Blinded:
    """The inputs of one request for tokens, which are blinded so that the key service cannot read
    them; `elements` are the bytes that are sent to the key service."""

    def __init__(self, inputs: Sequence[bytes]) -> None:
        pairs = [ristretto.Client.blind(plain_input) for plain_input in inputs]
        self._clients = [client for client, _ in pairs]
        self.elements = b"".join(element.serialize() for _, element in pairs)

    def unblinded(self, evaluated: bytes, public_key: bytes) -> list[bytes]:
        """Return the tokens, of 32 bytes each, in the order of the inputs. Raises NotProven if the
        proof in the answer does not show that the tokens were made with the secret key that belongs
        to `public_key`."""
        if len(evaluated) != _GIVEN * len(self._clients):
            raise NotProven(
                "the key service answered another request: try again, and tell its operator if "
                "this is repeated"
            )
        try:
            key = ristretto.PublicKey.deserialize(public_key)
            return [
                client.finalize(ristretto.VerifiableOutput.deserialize(element), key)[:ELEMENT]
                for client, element in zip(self._clients, _parts(evaluated, _GIVEN), strict=True)
            ]
        except ValueError as error:
            raise NotProven("the key service did not use the agreed key") from error


class TokenKey:
    """A key of the key service, made from a secret seed of 32 bytes. Raises ValueError for another
    length.
    """

    def __init__(self, seed: bytes, info: bytes = _PREFIX) -> None:
        self._evaluator = ristretto.Evaluator.from_seed(seed, info)

    @property
    def public(self) -> bytes:
        """Return the public key, with which forces verify that this key was used."""
        return self._evaluator.public_key.serialize()

    def evaluate(self, elements: bytes) -> bytes:
        """Return the proof that this key was used, and the evaluation of each element. Raises
        ValueError for invalid elements.
        """
        if not elements or len(elements) % ELEMENT or len(elements) > MOST * ELEMENT:
            raise ValueError(f"send between 1 and {MOST} elements of {ELEMENT} bytes")
        return b"".join(
            self._evaluator.evaluate(ristretto.BlindedInput.deserialize(part)).serialize()
            for part in _parts(elements, ELEMENT)
        )


def _parts(whole: bytes, size: int) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]
