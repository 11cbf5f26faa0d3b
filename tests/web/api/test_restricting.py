"""A program requests, grants, lifts and refuses restrictions through the API."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.web.api.conftest import Program, client_of


def post(client: TestClient, address: str, **given: Any) -> Any:
    return client.post(
        f"/api/v1/items/{address}", json=given, headers={"Idempotency-Key": str(uuid4())}
    )


@pytest.mark.usually_on("sqlite")
def test_a_restriction_is_requested_granted_and_lifted(program: Program) -> None:
    office = program.office
    client = client_of(office, "do.cole")
    item = office.words("He drives a silver Corsa")
    asked = post(client, f"{item}/restriction-request", requester="by letter", reason="he objects")
    assert asked.status_code == 201, asked.text
    again = post(client, f"{item}/restriction-request", requester="by letter", reason="he objects")
    assert again.status_code == 422
    placed = post(client, f"{item}/restriction", ground="part-3-s47-3", reason="contested")
    assert placed.json()["items"] == [str(item)]
    untold = post(client, f"{item}/restriction-lifting", reason="settled")
    assert (untold.status_code, "tell them before" in untold.text) == (422, True)
    told = {"reason": "settled", "told_on": "2011-03-18", "told": "by letter"}
    lifted = post(client, f"{item}/restriction-lifting", **told)
    assert lifted.json()["items"] == [str(item)]
    refused = post(client, f"{item}/restriction-refusal", reason="no ground")
    assert refused.status_code == 422, "no request waits"
