"""If an action of a program waits for a second person's confirmation, the API's answer names the
people who can confirm the action.
"""

from uuid import uuid4

import pytest

from tests.web.api.conftest import Program, client_of


@pytest.mark.usually_on("sqlite")
def test_a_proposed_clearing_says_who_can_confirm_it(program: Program) -> None:
    office = program.office
    baz = office.person(name="Barry Field")
    client = client_of(office, "ds.hale")

    def classified(category: str, grounds: str) -> dict[str, object]:
        answer = client.post(
            f"/api/v1/people/{baz}/categories",
            json={"category": category, "grounds": grounds},
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    assert not classified("suspect", "named twice").get("confirmers")
    proposed = classified("eliminated", "was abroad")
    assert proposed["proposed"] is True
    assert "confirm" in str(proposed["confirmers"])
