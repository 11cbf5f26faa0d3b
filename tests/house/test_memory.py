"""If a test run was killed, the next run removes the files that it left in memory, and no files of
a run that still works.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.house.tree import ROOT
from tests.memory import CLAIMED, claimed, cleared, removed
from tests.processes import child, end, gone, until

#: A program that claims a directory and starts a server there; the server continues after the
#: program ends.
RUN = """
import signal, subprocess, sys
from pathlib import Path
from tests.memory import claimed
mine = claimed(Path(sys.argv[1]))
(mine / "data").mkdir()
idle = "import signal; signal.pause()"
server = subprocess.Popen([sys.executable, "-c", idle, mine / "data"], start_new_session=True)
(mine / "data" / "postmaster.pid").write_text(f"{server.pid}\\n{mine / 'data'}\\n")
print(mine, flush=True)
signal.pause()
"""


@contextmanager
def run(place: Path) -> Iterator[tuple["subprocess.Popen[str]", Path, psutil.Process]]:
    """Start a test run that claims a directory in this place; yield the run, the directory and its
    server.
    """
    command = [sys.executable, "-c", RUN, place]
    with child(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        directory = Path(process.stdout.readline().strip())
        server = psutil.Process(int((directory / "data" / "postmaster.pid").read_text().split()[0]))
        # the server's command line is empty for a moment after the process that started it has
        # ended
        until(lambda: str(directory / "data") in server.cmdline(), "the server does not start")
        try:
            yield process, directory, server
        finally:
            if server.is_running():
                server.kill()


def test_what_a_killed_run_left_goes_and_its_server_ends(tmp_path: Path) -> None:
    with run(tmp_path) as (process, directory, server):
        assert cleared(tmp_path) == []
        assert (directory / "data").is_dir(), "it lives"
        process.send_signal(signal.SIGKILL)
        end(process)
        assert not gone(server)
        assert cleared(tmp_path) == [directory]
        until(lambda: gone(server), "its server lives on")
        until(lambda: not directory.exists(), "its files stay")
    assert cleared(tmp_path) == []


def test_one_that_works_in_another_directory_is_not_ended(tmp_path: Path) -> None:
    """If the operating system has reused the process number of a killed run's server, the process
    that now has this number is not ended, because it works in another directory."""
    with run(tmp_path) as (process, directory, server):
        (directory / "data").rename(directory / "moved")
        process.send_signal(signal.SIGKILL)
        end(process)
        assert cleared(tmp_path) == [directory]
        assert not gone(server)


def test_what_this_process_holds_stays_until_it_removes_it(tmp_path: Path) -> None:
    mine = claimed(tmp_path)
    assert cleared(tmp_path) == []
    removed(mine)
    until(lambda: not mine.exists(), "it stays")


def test_what_was_not_claimed_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "continuum-tests-of-before").mkdir()
    (tmp_path / CLAIMED.rstrip("-")).mkdir()
    assert cleared(tmp_path) == []
    assert len([*tmp_path.iterdir()]) == 2
