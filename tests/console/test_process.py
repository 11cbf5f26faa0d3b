"""The program runs in a process of its own: these tests cover settings, a terminal, log files, and
the clock.
"""

import json
import os
import pty
import re
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.console.conftest import Line, shell
from tests.forked import programs
from tests.processes import LIMIT, child, until

NAMES = ("Kayleigh Marlow", "Carol", "Baz", "PK95", "arcade")
ANSI = re.compile(r"\x1b\[")


# --- settings of the environment -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (b'stroe = "x"\n', "stroe"),
        (b"urgent_hours = 0\n", "urgent_hours"),
        (b"urgent_hours = nan\n", "urgent_hours"),
        (b"no_value_sample = 0\n", "no_value_sample"),
        (b'log_level = "loud"\n', "log_level"),
        (b"store = [\n", "continuum.toml"),
        (b"\xff\xfe\x00", "continuum.toml"),
    ],
)
def test_a_file_of_settings_that_cannot_be_used(tmp_path: Path, toml: bytes, told: str) -> None:
    (tmp_path / "continuum.toml").write_bytes(toml)
    said = shell("queue", cwd=tmp_path)
    assert said.returncode == 2
    assert said.stderr.startswith(b"continuum: ")
    assert told in said.stderr.decode()
    assert b"Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTINUUM_STROE", "x"),
        ("CONTINUUM_URGENT_HOURS", "1e300"),
        ("CONTINUUM_OTHER_HOURS", "-1"),
        ("CONTINUUM_REGIMES", "none"),
    ],
)
def test_an_environment_that_cannot_be_used(tmp_path: Path, name: str, value: str) -> None:
    said = shell("queue", cwd=tmp_path, env={name: value})
    assert said.returncode == 2
    assert name.removeprefix("CONTINUUM_").casefold() in said.stderr.decode().casefold()
    assert b"Traceback" not in said.stderr


def test_the_line_beats_the_environment_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "continuum.toml").write_text('store = "filed"\nuser = "file"\nteam = "West"\n')
    env = {"CONTINUUM_USER": "environment", "CONTINUUM_STORE": "named"}
    assert shell("init", cwd=tmp_path, env=env).returncode == 0
    item = json.loads(shell("record", "--json", text=b"words", cwd=tmp_path, env=env).stdout)["id"]
    told = shell("show", item, "--json", "--user", "line", cwd=tmp_path, env=env).stdout
    (event, *_) = json.loads(told)["events"]
    assert (event["by"], event["team"]) == ("environment", "West")
    assert (tmp_path / "named" / "log.db").is_file()
    assert not (tmp_path / "filed").exists()


# --- the store's clock ---------------------------------------------------------------------------


def test_a_live_store_tells_its_own_time(tmp_path: Path) -> None:
    assert shell("--store", "live", "init", cwd=tmp_path).returncode == 0
    said = shell("--store", "live", "queue", "--clock", "2011-03-19", cwd=tmp_path)
    assert said.returncode == 2
    assert b"live store" in said.stderr
    again = shell("--store", "live", "init", "--synthetic", cwd=tmp_path)
    assert again.returncode == 2


def test_where_people_sign_in_nobody_types_whose_record_they_keep(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    whose = ("--controller", "charity", "queue")
    assert line(*whose).code == 0, "a store without accounts believes it"
    monkeypatch.setattr("installation.system.System.requires_sign_in", True)
    said = line(*whose)
    assert said.code == 2
    assert "--controller is for a store without accounts" in said.err


def test_a_synthetic_clock_does_not_go_back(line: Line) -> None:
    line("record", "--clock", "2011-03-19T10:00", text="words")
    assert "cannot go back" in line.refused("record", "--clock", "2011-03-19T09:00", text="x")
    assert line("record", "--clock", "2011-03-19T10:00", text="words").code == 0


# --- questions at a terminal ---------------------------------------------------------------------


def at_a_terminal(command: list[str], cwd: Path, answers: list[str]) -> tuple[int, str]:
    """Run a command at a terminal of its own, and type an answer to each of its questions; return
    its exit code and output.
    """
    master, slave = pty.openpty()
    program = [programs() / "continuum", *command]
    shown, waiting = "", list(answers)
    with (
        os.fdopen(slave, "wb") as theirs,
        os.fdopen(master, "wb", buffering=0) as ours,
        child(program, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd) as process,
    ):
        theirs.close()
        while some := _read(master):
            shown += some.decode()
            asked = len(re.findall(r"^[1-5]\. ", shown, flags=re.MULTILINE))
            if waiting and asked > len(answers) - len(waiting) and shown.endswith((") ", "? ")):
                ours.write((waiting.pop(0) + "\n").encode())
        return process.wait(LIMIT), shown


def _read(terminal: int) -> bytes:
    """Return the next output of the terminal, or nothing once the process has ended."""
    until(lambda: bool(select.select([terminal], [], [], 0)[0]), "nothing more is asked")
    with suppress(OSError):  # on Linux, reading a closed terminal raises an error
        return os.read(terminal, 4096)
    return b""


def test_a_bare_record_asks_five_questions(line: Line) -> None:
    line("refer", "--child", "Kayleigh Marlow")
    answers = ["Lads call him Baz", "I saw it myself", "Carol", "1", "she is still out"]
    code, shown = at_a_terminal(["--store", line.store, "record"], line.home, answers)
    assert code == 0, shown
    assert [shown.count(f"{number}. ") for number in range(1, 6)] == [1] * 5
    assert "in danger, ring 999" in shown
    (row,) = line("queue", "--json").json
    assert (row["words"], row["urgent"]) == ("Lads call him Baz", True)
    (first, *_) = line("show", row["id"], "--json").json["events"]
    assert first["how_known_words"] == "I saw it myself"
    assert first["kind"] == "provenance-entry"


def test_only_the_words_are_needed(line: Line) -> None:
    code, shown = at_a_terminal(["--store", line.store, "record"], line.home, ["Baz", *[""] * 4])
    assert code == 0, shown
    code, shown = at_a_terminal(["--store", line.store, "record"], line.home, [""])
    assert code == 2
    assert "nothing was entered" in shown


@pytest.mark.parametrize("command", [["--help"], ["queue"], ["network", "--help"], ["frobnicate"]])
def test_no_colour_in_a_pipe_nor_where_it_is_not_wanted(line: Line, command: list[str]) -> None:
    for env in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        said = shell("--store", line.store, *command, cwd=line.home, env=env)
        assert not ANSI.search((said.stdout + said.stderr).decode())


# --- log files -----------------------------------------------------------------------------------


def test_logs_are_json_and_hold_neither_words_nor_names(line: Line) -> None:
    """Log lines are JSON without any text or name of the record, even at the most detailed level
    and while the views and the source register fail.
    """
    line("refer", "--child", NAMES[0])
    line.close()
    store = Path(line.store)
    (store / "sources.db").unlink()
    (store / "sources.db").mkdir()
    for rest in store.glob("views-1.db*"):
        rest.unlink()
    (store / "views-1.db").write_bytes(b"spoilt" * 1000)
    env = {"CONTINUUM_LOG_LEVEL": "debug"}
    told = ("--store", line.store, "record", "--case", "1", "--told-by", "Carol")
    said = shell(*told, text=b"Baz drives PK95 ABC to the arcade", cwd=line.home, env=env)
    assert said.returncode == 0, said.stderr
    logged = [one for one in said.stderr.decode().splitlines() if one.startswith("{")]
    assert {"the source register does not answer", "views are behind"} <= {
        json.loads(one)["event"] for one in logged
    }
    assert all(one.isascii() and not any(name in one for name in NAMES) for one in logged)
    assert b"The views are behind" in said.stderr


def test_what_a_view_falls_over_is_not_logged(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a view cannot process a record, the record is reported by its position in the log. The log
    file does not contain the record's text."""
    from dataclasses import replace

    from projections import all_views
    from projections.information import queue

    def poisoned(fact: object, batch: object) -> None:
        raise ValueError(NAMES[0])

    views = [
        replace(queue.VIEW, apply=poisoned) if v.name == "queue" else v for v in all_views.VIEWS
    ]
    monkeypatch.setattr(all_views, "VIEWS", tuple(views))
    recorded, said = line("record", text="Baz at the arcade"), line("queue")
    assert (recorded.code, said.code) == (0, 0)
    logged = [json.loads(one) for one in said.err.splitlines() if one.startswith("{")]
    assert "fact set aside" in {one["event"] for one in logged}
    assert not any(name in recorded.err + said.err for name in NAMES)
    assert {one["view"] for one in line("views", "status", "--json").json["set_aside"]} == {"queue"}


# --- the time to start ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "never"),
    [
        (["record", "-h"], {"sqlalchemy", "eventsourcing", "networkx", "structlog"}),
        (["read", "Baz"], {"sqlalchemy", "eventsourcing", "networkx", "scipy"}),
        (["queue"], {"networkx", "scipy", "numpy", "phonenumbers", "psycopg", "typst"}),
        (["record"], {"networkx", "scipy", "psycopg", "typst"}),
        (["network", "ego", "Baz"], {"psycopg", "typst", "python_calamine", "xlsxwriter"}),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_a_command_loads_only_what_it_needs(
    line: Line, command: list[str], never: set[str]
) -> None:
    line("person", "add", "--nickname", "Baz")
    line.close()
    program = (
        "import sys, continuum_start\n"
        f"sys.argv = ['continuum', *{['--store', line.store, *command]!r}]\n"
        "try:\n"
        "    continuum_start.main()\n"
        "finally:\n"
        "    sys.stderr.write('MODULES ' + ' '.join(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input="Baz", capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stderr.rpartition("MODULES ")[2].split()}
    assert loaded & never == set()
