"""A store may compute blind tokens (values that stand for a plate or number) only if its settings
name the key services completely."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.kernel.values import Refused
from tests.commands.office import Office, opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = opened(tmp_path / "store", None)
    yield made
    made.system.close()


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({}, "exchange_key_service"),
        ({"exchange_second_key_service": "https://two.example"}, "exchange_key_service"),
        ({"exchange_key_service": "https://one.example"}, "exchange_key_secret_file"),
    ],
)
def test_without_a_key_service_that_is_set_whole_there_are_no_tokens(
    office: Office, told: dict[str, str], named: str
) -> None:
    office.system.settings = office.settings.model_copy(update=told)
    with pytest.raises(Refused, match=named):
        office.desk.epoch()


def test_a_second_key_service_is_set_whole(office: Office, tmp_path: Path) -> None:
    (secret := tmp_path / "secret").write_text("s" * 40)
    secret.chmod(0o600)
    first = {"exchange_key_service": "https://one.example", "exchange_key_secret_file": secret}
    second = {"exchange_second_key_service": "https://two.example"}
    office.system.settings = office.settings.model_copy(update=first | second)
    with pytest.raises(Refused, match="exchange_second_key_secret_file"):
        office.desk.epoch()
