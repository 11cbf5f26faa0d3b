"""If a backup from before an erasure is restored with today's keys, every item can be decrypted
except the erased items.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from commands.information import observation
from domain.data_protection.erasure import ERASURES, KeysDestroyed
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import Erased, LogUnavailable
from installation.auditing import open_office
from installation.safekeeping import back_up
from installation.system import System
from tests.commands.conftest import either
from tests.commands.office import Office

__all__ = ["either"]

KEPT, GONE = "Lads call him Baz.", "CANARYWORD drives a silver Corsa PK95 ABC."


def words(system: System) -> set[str]:
    log = system.logs["evidence"]
    events = [fact.event for fact in log.read(0, log.last())]
    return {event.words for event in events if isinstance(event, ObservationRecorded)}


def test_what_was_erased_since_stays_erased(
    either: Office, again: Callable[..., System], tmp_path: Path
) -> None:
    command = uuid4()
    either.words(KEPT)
    gone = either.words(GONE, command_id=command)
    back_up(either.system, tmp_path / "yesterday", tmp_path / "yesterday-keys")
    either.system.shred({"evidence": {gone}})
    back_up(either.system, None, tmp_path / "today-keys")
    either.words("And after that.")

    restored = again("yesterday", "today-keys")
    assert words(restored) == {KEPT, "[erased]"}
    assert restored.views.compare() == []
    assert not [path for path in restored.home.rglob("*.db*") if b"CANARYWORD" in path.read_bytes()]
    with pytest.raises(Erased):
        observation.record(restored.desk, either.reader, words=GONE, command_id=command)
    observation.record(restored.desk, either.reader, words="On it goes.")

    with open_office(restored.settings, None) as office:
        assert [report.findings for report in office.verify((), None, (), ())] == [[]] * 4
    back_up(restored, tmp_path / "later", tmp_path / "later-keys")
    accounts = again("later", "later-keys").logs["evidence"].history(ERASURES)
    # the destruction of the keys is recorded once
    assert [type(fact.event) for fact in accounts] == [KeysDestroyed]

    with pytest.raises(LogUnavailable, match="newest backup of keys"):
        again("yesterday", None)


@pytest.mark.usually_on("sqlite")
def test_keys_that_were_only_wrapped_anew_open_everything(
    either: Office, again: Callable[..., System], tmp_path: Path
) -> None:
    either.words(KEPT)
    back_up(either.system, tmp_path / "before", tmp_path / "before-keys")
    either.system.shredder().rotate()
    back_up(either.system, tmp_path / "after", tmp_path / "after-keys")
    for backup, keys in (("before", "after-keys"), ("before", "before-keys"), ("after", None)):
        assert words(again(backup, keys)) == {KEPT}, (backup, keys)
    with pytest.raises(LogUnavailable, match="newest backup of keys"):
        again("after", "before-keys")
