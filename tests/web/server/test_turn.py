"""If another client of the database prevents all recording, for example by a lock, the server's log
names this client."""

from pathlib import Path

import psycopg
import pytest

from tests.commands.office import opened
from tests.console.conftest import Line
from tests.web.client import Client
from web.app import make_app


@pytest.mark.postgres
def test_who_keeps_the_turn_is_named_to_a_proxy_and_by_the_doctor(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.recorder_postgres._SOON", "SET LOCAL lock_timeout = '20ms'")
    office = opened(tmp_path, postgres_url)
    client = Client(make_app(office.system))
    assert client.get("/readyz").text == "ready\n"
    with psycopg.connect(postgres_url, application_name="psql") as holder:
        holder.execute("SELECT product.take_turn()")
        name = f"postgres (process {holder.info.backend_pid}, psql)"
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.text.startswith(f"not ready: The product log is locked by {name}; try again")
        line = Line(postgres_url, tmp_path)
        said = line("doctor")
        line.close()
        assert "RECORDING WAITS" in said.out, said
        assert f"locked by {name}" in " ".join(said.out.split())
    assert client.get("/readyz").text == "ready\n"
    office.system.close()
