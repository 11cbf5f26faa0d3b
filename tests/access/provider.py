"""A minimal identity provider for tests: it supports discovery, keys, the code flow with PKCE, and
the device flow.

A test can make this provider lie.
"""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "continuum"


@dataclass
class Idp:
    """An identity provider with one signed-in user; `lie` changes the claims of the next tokens,
    `key` signs them.
    """

    issuer: str = ""
    subject: str = "dc.reed"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown: RSAKey | None = None
    algorithm: str = "RS256"
    lie: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    devices: dict[str, str | None] = field(default_factory=dict)
    auth_time: int | None = None
    at: datetime | None = None
    """The provider's time, if it is not the same as the test's."""

    def token(self, nonce: str | None = None) -> str:
        now = int((self.at or datetime.now(UTC)).timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "preferred_username": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": self.auth_time or now,
        }
        if nonce:
            claims["nonce"] = nonce
        header = {"alg": self.algorithm, "kid": "one"}
        return jwt.encode(header, self.lie(claims), self.key, algorithms=[self.algorithm])

    def approve(self) -> None:
        """Act as the user, who opens the provider's page and types the code that was shown."""
        for device in self.devices:
            self.devices[device] = self.subject

    # --- what the provider answers
    # -------------------------------------------------------------------

    def get(self, path: str, asked: dict[str, str]) -> dict[str, Any] | str:
        """Return the identity provider's document at this path or, for a sign-in, the address to
        which the browser is redirected.
        """
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/keys",
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "device_authorization_endpoint": f"{self.issuer}/device",
            }
        if path == "/keys":
            return {"keys": [(self.shown or self.key).as_dict(private=False)]}
        code = token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def post(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("client_id") != CLIENT:
            return {"error": "invalid_client"}
        if path == "/device":
            device = token_urlsafe(16)
            self.devices[device] = None
            return {
                "device_code": device,
                "user_code": "WDJB-MJHT",
                "verification_uri": f"{self.issuer}/activate",
                "expires_in": 60,
                "interval": 0.05,
            }
        if asked["grant_type"] == "authorization_code":
            begun = self.codes.pop(asked["code"], None)
            given = sha256(asked.get("code_verifier", "").encode()).digest()
            if (
                begun is None
                or begun["redirect_uri"] != asked["redirect_uri"]
                or begun["code_challenge_method"] != "S256"
                or urlsafe_b64encode(given).rstrip(b"=").decode() != begun["code_challenge"]
            ):
                return {"error": "invalid_grant"}
            return {
                "access_token": "x",
                "token_type": "Bearer",
                "id_token": self.token(begun["nonce"]),
            }
        device = asked["device_code"]
        if device not in self.devices:
            return {"error": "expired_token"}
        if self.devices[device] is None:
            return {"error": "authorization_pending"}
        del self.devices[device]
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}


@contextmanager
def running() -> Iterator[Idp]:
    """Run an identity provider on a port of this machine within the block, and yield it."""
    idp = Idp()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            told = idp.get(parts.path, _flat(parts.query))
            if isinstance(told, str):
                self.send_response(302)
                self.send_header("Location", told)
                self.end_headers()
            else:
                self._json(told)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._json(idp.post(self.path, _flat(body)))

        def _json(self, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(400 if "error" in told else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            """Log nothing, because the test prints enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    idp.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield idp
    server.shutdown()
    server.server_close()
    thread.join()


def _flat(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}
