"""A program of another system, which calls the API of a store on either database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from tests.commands.office import Office, opened
from tests.web.client import Client
from web.app import make_app


@dataclass
class Program:
    """A program that calls the API as one user; each command gets a new command id unless the test
    names one.
    """

    office: Office
    client: TestClient

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params=asked)

    def post(self, path: str, key: UUID | str | None = None, **given: Any) -> Any:
        headers = {"Idempotency-Key": str(key or uuid4())}
        return self.client.post(f"/api/v1{path}", json=given, headers=headers)

    def raw(self, body: Any, kind: str = "application/json") -> Any:
        """Send a request that records a log entry, with exactly this body; return the answer of the
        API.
        """
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": kind}
        return self.client.post("/api/v1/observations", content=body, headers=headers)

    def words(self, words: str = "Baz drives a silver Corsa PK95 ABC", **told: Any) -> str:
        answer = self.post("/observations", words=words, **told)
        assert answer.status_code == 201, answer.text
        one: str = answer.json()["id"]
        return one


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    postgres = request.param == "postgres"
    fresh: Callable[[], str] | None = (
        request.getfixturevalue("named_database") if postgres else None
    )
    office = opened(tmp_path / "store", fresh() if fresh else None)
    yield Program(office, client_of(office))
    office.system.close()


def client_of(office: Office, name: str = "rms.north") -> TestClient:
    return Client(
        make_app(office.system),
        headers={"X-Continuum-User": name} if name else {},
        raise_server_exceptions=False,
    )
