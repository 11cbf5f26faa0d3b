from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from installation.certificates import GivenCertificates
from installation.opening import open_system
from installation.safekeeping import bring_back
from installation.system import System
from tests.commands.office import Office


@pytest.fixture
def again(either: Office, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., System]:
    """Return a function that restores a backup to an empty place on the same database, and opens
    the restored store.
    """

    def restore(backup: str, keys: str | None) -> System:
        home = tmp_path / f"again-{uuid4().hex[:6]}"
        store = str(home)
        if "://" in either.settings.store:
            store = request.getfixturevalue("fresh_database")()
        place = either.settings.model_copy(update={"store": store, "home": home})
        given: dict[str, Any] = {"policy": None, "copies": (), "because": None, "now": None}
        given |= {"brought": GivenCertificates(without=True), "purpose": "to work on"}
        # without a backup of the keys, the restored store gets the keys of the present store
        if keys is None:
            home.mkdir()
            (home / "keys").symlink_to(either.system.home / "keys")
        bring_back(place, tmp_path / backup, keys=tmp_path / keys if keys else None, **given)
        system = open_system(place)
        request.addfinalizer(system.close)
        return system

    return restore
