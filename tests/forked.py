"""Start processes quickly: each process is forked from a server process that has imported all
modules.

A page of commands starts forty processes, which spend most of their time on imports. The directory
`programs()` contains a program named `continuum`, which requests a process with its own arguments,
environment, directory and files from this run's server, and exits with that process's code. If the
program is killed, the process is killed too. Tests of the start itself use the real program
(tests/console/test_process.py). `module` returns a command that runs a module of the tests in the
same way, as `python -m` does.
"""

import gc
import importlib
import marshal
import os
import pkgutil
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import psutil

import cli
from console.engine.session import OpenStore
from tests.processes import end

ROOT = Path(__file__).parent.parent
#: Packages whose modules a command imports only when it needs them. This program imports all of
#: them before it forks.
PACKAGES = (
    *("commands", "console", "ingest", "ledger", "network"),
    *("notifying", "projections", "questions", "usecases", "web"),
)
#: Modules of the tests that can run in processes of their own.
MODULES = (
    *("tests.faults.holding", "tests.faults.work"),
    *("tests.ledger.maker", "tests.ledger.shredding", "tests.ledger.writer"),
    "tests.notifying.carrying",
)
ASKS = """#!{python} -IS
import marshal, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = marshal.dumps(({module!r}, sys.argv[1:], dict(os.environ)))
    here = os.open(".", os.O_RDONLY)
    socket.send_fds(server, [len(asked).to_bytes(4)], [0, 1, 2, here])
    server.sendall(asked)
    code = server.recv(1)
sys.exit(code[0] if code else 1)
"""
_SERVERS: "list[tuple[subprocess.Popen[bytes], Path]]" = []


@cache
def programs() -> Path:
    """Return the directory with the program `continuum`; the program's first request starts the
    server.
    """
    place = Path(mkdtemp(prefix="continuum-forked-"))
    address = place / "server"
    for name in (None, *MODULES):
        program = place / (name or "continuum")
        asks = ASKS.format(python=sys.executable, address=str(address), module=name)
        program.write_text(asks, "utf-8")
        program.chmod(0o755)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CONTINUUM_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", address],
        cwd=ROOT,
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    _SERVERS.append((server, place))
    assert server.stdout
    assert server.stdout.readline(), "the server does not start"
    return place


def module(name: str, *arguments: object) -> list[str]:
    """Return the command that runs one of MODULES; if the command is killed, its child processes
    are killed, too.
    """
    return [str(programs() / name), *map(str, arguments)]


def idle() -> bool:
    """Return whether all requested processes have ended. (They end a moment after the process that
    requested them was killed.)
    """
    started = [psutil.Process(server.pid) for server, _ in _SERVERS]
    here = [one for server in started for one in server.children(recursive=True)]
    return all(map(_has_ended, here))


def _has_ended(one: psutil.Process) -> bool:
    try:
        return one.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def end_server() -> None:
    """End the server, if a test has started it."""
    while _SERVERS:
        server, place = _SERVERS.pop()
        end(server)
        shutil.rmtree(place)


def serve(address: str) -> None:
    """Fork a process for each request, until the test run ends. Then remove the run's directory."""
    for package in map(importlib.import_module, PACKAGES):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(one.name)
    for name in MODULES:
        importlib.import_module(name)
    _warmed_up(Path(address).parent / "warm")
    gc.freeze()  # when a child process collects garbage, it would copy every page of memory
    parent = os.getppid()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        door.settimeout(5)
        os.write(1, b"ready\n")
        while os.getppid() == parent:
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            try:
                asking, _ = door.accept()
            except TimeoutError:
                continue
            with asking:
                if not os.fork():
                    door.close()
                    _attend(asking)
    shutil.rmtree(Path(address).parent, ignore_errors=True)


def _warmed_up(home: Path) -> None:
    """Run the most frequent commands on a temporary store. Otherwise each child would compile their
    expressions and statements again, which is most of the work of a short command.
    """
    where = ("--store", str(home), "--user", "ds.hart")
    at = (datetime(2011, 3, 18, hour, tzinfo=UTC) for hour in range(24))
    kept = OpenStore()

    def typed(*words: str, text: str = "") -> str:
        code, out, err = cli.captured([*where, "--clock", next(at).isoformat(), *words], text, kept)
        assert code == 0, (words, err)
        return out.strip()

    typed("init", "--synthetic")
    typed("refer", "--child", "Kayleigh Marlow", "--concern", "out at night")
    words = typed("--id", "record", "--case", "1", text="Baz drives PK95 ABC.")
    grade = ("--source", "2", "--information", "A", "--handling", "P")
    report = typed("--id", "assess", words, *grade)
    typed("sanitise", report, text="A man uses a car.")
    typed("link", report, "Kayleigh Marlow", "vehicle:PK95 ABC", "--kind", "uses")
    for asked in (
        "queue",
        "cases",
        f"show {words}",
        "network ego PK95ABC",
        "verify --allow-unproven",
    ):
        typed(*asked.split())
    kept.close()
    shutil.rmtree(home)
    assert threading.active_count() == 1, "a process with threads cannot be forked"


def _attend(asking: socket.socket) -> None:
    """Start a requested process and report how it ended; if the requesting process ends, kill
    it.
    """
    length, files, _, _ = socket.recv_fds(asking, 4, 4)
    with asking.makefile("rb") as told:
        asked = marshal.loads(told.read(int.from_bytes(length)))  # noqa: S302
    name, arguments, environment = asked
    job = os.fork()
    if not job:
        if name:
            os.setpgid(0, 0)
        _become(name, arguments, environment, files)
    for file in files:
        os.close(file)

    def ended_with_it() -> None:
        asking.recv(1)
        with suppress(ProcessLookupError):  # most of these processes have already ended
            (os.killpg if name else os.kill)(job, signal.SIGKILL)

    threading.Thread(target=ended_with_it, daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(job, 0)[1])
    with suppress(BrokenPipeError):  # the process that requested the job was killed
        asking.sendall(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def _become(
    name: str | None, arguments: list[str], environment: dict[str, str], files: list[int]
) -> None:
    """Run the requested module, or `continuum`, in this forked process; never return."""
    for number, one in enumerate(files[:3]):
        os.dup2(one, number)
    os.fchdir(files[3])
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["continuum", *arguments]
    sys.stdin = open(0, errors=sys.stdin.errors)  # noqa: SIM115
    sys.stdout = open(1, "w", errors=sys.stdout.errors)  # noqa: SIM115
    # each line is written at once, as to Python's own standard error; a full buffer would delay the
    # reader
    sys.stderr = open(2, "w", buffering=1, errors=sys.stderr.errors)  # noqa: SIM115
    code: object = 1
    try:
        if name:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
            code = 0
        else:
            cli.main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 (the error is printed as Python itself prints it)
        traceback.print_exc()
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
