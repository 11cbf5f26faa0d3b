"""A program can record and read with a client that was generated from the API's description."""

import json
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.house.tree import ROOT
from tests.web.conftest import Served
from web.api.app import document

TOOLS = ROOT / ".venv-client" / "bin"
#: A program that the programmer of another system could write. It uses only the client that was
#: generated from the API's description.
PROGRAM = """
import sys
from datetime import UTC, datetime
from uuid import uuid4

sys.path.insert(0, sys.argv[1])
from made import Client
from made.api.items import show
from made.api.observations import record
from made.api.queue import queue
from made.models import Item, PageWaiting, Problem, Recorded, Words

client = Client(base_url=sys.argv[2], headers={"X-Continuum-User": "rms.north"})
words = Words(words="Baz waits at the gate", told=datetime(2011, 3, 17, 9, tzinfo=UTC))
key = str(uuid4())
first, again = (record.sync(client=client, body=words, idempotency_key=key) for _ in range(2))
assert isinstance(first, Recorded), first
assert isinstance(first.recorded, datetime) and first.recorded.tzinfo, first.recorded
assert again.id == first.id
other = record.sync(client=client, body=Words(words="others"), idempotency_key=key)
assert isinstance(other, Problem) and other.status == 409, other
item = show.sync(client=client, item=first.id)
assert isinstance(item, Item) and isinstance(item.events[0].recorded, datetime), item
waits = queue.sync(client=client)
assert isinstance(waits, PageWaiting) and waits.rows[0].id == first.id, waits
print("done")
"""


@pytest.mark.skipif(not TOOLS.exists(), reason="no maker of clients is installed: make client")
def test_it_writes_on_its_first_call(tmp_path: Path, served: Served) -> None:
    described = tmp_path / "openapi.json"
    caller = {"X-Continuum-User": "rms.north"}
    served_at = f"{served.url}/api/v1/openapi.json"
    described.write_bytes(httpx.get(served_at, headers=caller).raise_for_status().content)
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []\n", "utf-8")
    made = ["--meta", "none", "--output-path", str(tmp_path / "made"), "--config", str(config)]
    program = [str(TOOLS / "openapi-python-client"), "generate", "--path", str(described), *made]
    ran = subprocess.run(
        [*program, "--fail-on-warning"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-2000:]
    ran = subprocess.run(
        [str(TOOLS / "python"), "-c", PROGRAM, str(tmp_path), served.url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "done\n", ran.stderr[-2000:]


def test_each_name_of_the_description_is_one_in_any_language() -> None:
    assert all(name.replace("_", "").isalnum() for name in document()["components"]["schemas"])


@pytest.mark.parametrize(
    ("part", "field"),
    [("Receipt", "recorded"), ("TrailStep", "learned"), ("Duty", "until"), ("Words", "told")],
)
def test_a_time_is_described_as_one(part: str, field: str) -> None:
    assert "date-time" in json.dumps(document()["components"]["schemas"][part]["properties"][field])
