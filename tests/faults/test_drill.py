"""`drill` rehearses a disaster on copies of the store, on either database, and reports whether the
rehearsal failed.
"""

from pathlib import Path

import pytest

from installation import safekeeping
from tests.conftest import Store
from tests.faults.conftest import Depot
from tests.support.ledger.trouble import tamper


def test_the_whole_is_rehearsed_and_nothing_is_left_or_touched(depot: Depot) -> None:
    depot.sign()
    database = ("--database", depot.fresh()) if "://" in depot.line.store else ()
    (room := depot.place / "room").mkdir()
    before = depot.line("--json", "verify", "--allow-unproven").json["root"]
    told = depot.line("--json", "drill", "--into", str(room), *database).json
    assert told["ok"] is True
    assert len(told["steps"]) == 9
    assert all(step["ok"] and step["seconds"] >= 0 and step["found"] for step in told["steps"])
    assert list(room.iterdir()) == []
    assert depot.line("--json", "verify", "--allow-unproven").json["root"] == before


@pytest.mark.usually_on("sqlite")
def test_a_rehearsal_of_a_damaged_store_fails(depot: Depot) -> None:
    url = depot.line.store if "://" in depot.line.store else None
    tamper(
        Store(Path(depot.line.store), url),
        "UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 2",
    )
    said = depot.line("drill")
    assert (said.code, "FAILED" in said.out, "continuum verify" in said.out) == (4, True, True)


@pytest.mark.usually_on("sqlite")
def test_a_signer_that_would_sign_a_short_copy_fails_it(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safekeeping, "_refused", lambda attempt: None)
    said = depot.line("drill")
    assert (said.code, "the signer signed a log that had become shorter" in said.out) == (4, True)
