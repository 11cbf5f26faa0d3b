"""No fact is recorded under a key that would be missing after a restart."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.information import observation
from ledger.keys.keys import KeyFault
from ledger.keys.keystore import FAMILIES, FileKeyStore
from tests.commands.office import opened
from tests.web.client import Client
from web.app import make_app


def replace_keys(keys: Path) -> None:
    """Replace the keys of the store by the keys of another store."""
    shutil.rmtree(keys)
    other = FileKeyStore(keys)
    for family in FAMILIES:
        other.rotate(family)


def one_of_others(keys: Path) -> None:
    file = keys / "record.1.kek"
    file.unlink()
    FileKeyStore(keys).rotate("record")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (shutil.rmtree, "is missing"),
        (replace_keys, "was replaced while the store was open"),
        (one_of_others, "was replaced while the store was open"),
    ],
)
def test_nothing_is_recorded_once_the_keys_were_taken_away(
    tmp_path: Path, change: Callable[[Path], None], said: str
) -> None:
    """After its keys were removed or changed, a running store records nothing. (Before, an entry
    was acknowledged, and could not be read after a restart.)
    """
    office = opened(tmp_path)
    observation.record(office.desk, office.reader, words="He waits at the arcade")
    last = office.system.logs["evidence"].last()
    shutil.copytree(tmp_path / "keys", tmp_path / "away")
    client = Client(make_app(office.system))
    assert client.get("/readyz").text == "ready\n"
    change(tmp_path / "keys")
    for _ in range(2):
        with pytest.raises(KeyFault, match=said):
            observation.record(office.desk, office.reader, words="He has a knife")
    assert office.system.logs["evidence"].last() == last
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (
        503,
        "not ready: the store's keys were taken away\n",
    )
    shutil.rmtree(tmp_path / "keys", ignore_errors=True)
    (tmp_path / "away").rename(tmp_path / "keys")
    assert client.get("/readyz").text == "ready\n"
    observation.record(office.desk, office.reader, words="He has a knife")
    office.system.close()
