"""If the disk is full, a store says so, loses nothing that it acknowledged, and works again when
there is room.
"""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from projections.generations.files import FileGenerations
from tests.console.conftest import Line

SIZE = 8 << 20
WORDS = "Lads call him Baz, drives a silver Corsa PK95 ABC. " * 40


@pytest.fixture
def small() -> Iterator[Path]:
    """Mount a disk of a few megabytes, and yield its directory."""
    place = Path(tempfile.mkdtemp(prefix="continuum-disk-"))
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "continuum-test", str(place)]
    if os.geteuid() or subprocess.run(mounting, check=False, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("only root can mount a small disk, and not in every container")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Within the block, fill the disk to the last byte."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            for size in (1 << 16, 1 << 12, 1):
                while file.write(b"\0" * size) == size:
                    pass
        except OSError:
            pass
    yield
    filler.unlink()


def record_until_refused(line: Line) -> tuple[list[str], str]:
    """Record entries until one is refused; return the ids of the acknowledged commands and the id
    of the refused command.
    """
    acknowledged: list[str] = []
    for _ in range(500):
        command = str(uuid4())
        said = line("record", "--command-id", command, text=WORDS)
        if said.code:
            assert said.code == 5, said
            assert "no room left" in said.err
            assert "Traceback" not in said.err
            return acknowledged, command
        acknowledged.append(command)
    raise AssertionError("the disk never filled")


def assert_nothing_lost(line: Line, acknowledged: list[str], refused: str) -> None:
    """Assert that, when there is room again, nothing is lost, the refused command succeeds, and
    `verify` accepts the store.
    """
    size = line("--json", "verify", "--allow-unproven", "--log", "evidence").json["size"]
    for command in acknowledged:
        assert line("record", "--command-id", command, text=WORDS).code == 0
    assert line("--json", "verify", "--allow-unproven", "--log", "evidence").json["size"] == size
    assert line("record", "--command-id", refused, text=WORDS).code == 0
    assert line("--json", "verify", "--allow-unproven", "--log", "evidence").json["size"] > size
    assert line("--json", "views", "compare").json["equal"]


def test_the_disk_of_a_store_on_files(small: Path) -> None:
    line = Line(str(small / "store"), small / "store")
    assert line("init", "--synthetic").code == 0
    first = str(uuid4())
    assert line("record", "--command-id", first, text=WORDS).code == 0
    with full(small):
        acknowledged, refused = record_until_refused(line)
        assert line("--json", "verify", "--allow-unproven").code == 0
    assert_nothing_lost(line, [first, *acknowledged], refused)
    line.close()


@pytest.mark.postgres
def test_the_disk_of_a_server(small: Path, postgres_server: Any, postgres_url: str) -> None:
    line = Line(postgres_url, small / "home")
    assert line("init", "--synthetic").code == 0
    first = str(uuid4())
    assert line("record", "--command-id", first, text=WORDS).code == 0
    owner = Path(postgres_server.pgdata).stat()
    (space := small / "space").mkdir()
    for place in (small, space):
        os.chown(place, owner.st_uid, owner.st_gid)
    name = f"small_{uuid4().hex[:8]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE TABLESPACE {name} LOCATION '{space}'".encode())
        server.execute(f"ALTER TABLE evidence.evidence_events SET TABLESPACE {name}".encode())
    with full(small):
        acknowledged, refused = record_until_refused(line)
    assert_nothing_lost(line, [first, *acknowledged], refused)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(b"ALTER TABLE evidence.evidence_events SET TABLESPACE pg_default")
        server.execute(b"CHECKPOINT")
        server.execute(f"DROP TABLESPACE {name}".encode())
    line.close()


def test_the_disk_of_the_views_alone(small: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    line = Line(str(store), store)
    assert line("init", "--synthetic").code == 0
    line.close()
    (small / "views-1.db").write_bytes((store / "views-1.db").read_bytes())
    (store / "views-1.db").unlink()
    (store / "views-1.db").symlink_to(small / "views-1.db")
    with full(small):
        for _ in range(8):
            said = line("record", text=WORDS)
            assert said.code == 0, said
        assert "The views are behind" in said.err
        answer = line("queue")
        assert answer.code in (0, 5), answer
    assert len(line("--json", "queue").json) == 8
    assert line("--json", "views", "compare").json["equal"]
    line.close()


def test_no_room_while_the_views_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If there is no room to rebuild the views, users get a sentence with SQLite's error. The older
    views still answer."""

    def full_disk(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    line = Line(str(tmp_path / "store"), tmp_path / "store")
    assert line("init", "--synthetic").code == 0
    assert line("record", text=WORDS).code == 0
    with monkeypatch.context() as patched:
        patched.setattr(FileGenerations, "point", full_disk)
        said = line("views", "rebuild")
    assert (said.code, "views cannot be written" in said.err) == (5, True), said
    assert len(line("--json", "queue").json) == 1
    assert line("views", "rebuild").code == 0
    line.close()


@pytest.fixture
def sealed_off(tmp_path: Path) -> Iterator[Path]:
    """Yield a store on a disk that is mounted as read-only."""
    store = tmp_path / "store"
    line = Line(str(store), store)
    assert line("init", "--synthetic").code == 0
    assert line("record", text=WORDS).code == 0
    line.close()
    (place := tmp_path / "mounted").mkdir()
    for options in (["--bind"], ["-o", "remount,ro,bind"]):
        done = subprocess.run(
            ["mount", *options, str(store), str(place)], check=False, capture_output=True
        )
        if done.returncode:
            subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)
            pytest.skip("only root can mount a disk, and not in every container")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_cannot_be_written_is_verified_where_it_is(sealed_off: Path) -> None:
    line = Line(str(sealed_off), sealed_off)
    said = line("--json", "verify", "--allow-unproven")
    assert said.code == 0, said
    assert said.json["size"] > 0
    copied = line("backup", str(sealed_off.parent / "copy"))
    assert (copied.code, "Copy the whole store to another disk" in copied.err) == (5, True)
    assert not (sealed_off.parent / "copy").exists()
    line.close()
