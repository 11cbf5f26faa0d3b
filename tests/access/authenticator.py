"""A simulated passkey for tests: it makes keys and signs challenges as a phone does (WebAuthn,
level 3).
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Phone:
    """A simulated phone with one passkey; `verifies` is false if its owner did not unlock the
    phone.
    """

    origin: str
    verifies: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: str) -> str:
        """Return the answer with which a browser would create a passkey
        (navigator.credentials.create).
        """
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(asked["rp"]["id"], ATTESTED) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
                "attestationObject": bytes_to_base64url(attested),
            }
        )

    def sign(self, options: str) -> str:
        """Return the answer with which a browser would sign in by a passkey
        (navigator.credentials.get).
        """
        asked = json.loads(options)
        self.count += 1
        data = self._data(asked["rpId"], 0)
        told = self._client("webauthn.get", asked["challenge"])
        client = json.dumps(self._told("webauthn.get", asked["challenge"])).encode()
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": told,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
            }
        )

    def _data(self, host: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _told(self, what: str, challenge: str) -> dict[str, str]:
        return {"type": what, "challenge": challenge, "origin": self.origin}

    def _client(self, what: str, challenge: str) -> str:
        return bytes_to_base64url(json.dumps(self._told(what, challenge)).encode())

    def _answer(self, response: dict[str, Any]) -> str:
        one = bytes_to_base64url(self.id)
        return json.dumps({"id": one, "rawId": one, "type": "public-key", "response": response})
