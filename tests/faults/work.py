"""Run jobs on a store until they are killed. Each job writes the acknowledgements that it gets to a
file.

`python -m tests.faults.work` imports all modules and forks a child process for each line that it
reads, so that a hundred children start in a second. A line is a JSON object with the keys job,
settings, given, acks, after, delay, victim and spoil. `spoil` says which system call fails, and how
(spoil.py), if the library for it is preloaded. Extra modules of a job (`LOADS`) are imported before
its first child. `delay` seconds after acknowledgement number `after` (0: the start) the child is
killed, or the victim is stopped at once; without a delay the child runs to its end. The server
answers with the child's exit code. An acknowledgement is one `write` of one line: it is complete or
missing, whenever a child dies.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

import cli
from commands.erasure import erasure
from commands.information import observation
from console.engine.session import OpenStore
from domain.kernel.envelope import LogUnavailable
from ingest.importing.load import import_files
from installation.auditing import open_office
from installation.log_lines import start_logging
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from tests.processes import run_on, until

UNAVAILABLE = 5
Ack = Callable[[object], object]


def command_id(number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"told {number}")


def words(number: int) -> str:
    return f"Number {number}: lads call him Baz, silver Corsa PK95 ABC."


def record(system: System, number: int) -> None:
    """Record one command in two logs, and update the views before the command is acknowledged."""
    observation.record(
        system.desk,
        system.reader,
        words=words(number),
        heard_from=f"parent {number % 7}",
        told_by=("Gran",),
        command_id=command_id(number),
    )


def recording(settings: Settings, first: int, ack: Ack) -> None:
    """Record a thousand commands, beginning with number `first`; first repeat the two commands
    before it."""
    system = open_system(settings)
    for number in range(max(first - 2, 0), first + 1000):
        record(system, number)
        ack(number)


def importing(settings: Settings, files: list[str], ack: Ack) -> None:
    """Import these files into the store. Acknowledge the number of imported rows at the end."""
    system = open_system(settings)
    report = import_files(
        system.desk,
        system.reader,
        list(map(Path, files)),
        originals=system.originals,
        now=system.clock(),
        form="provenance-log",
    )
    ack(sum(file.recorded + file.known for file in report.files))


def projecting(settings: Settings, again: int, ack: Ack) -> None:
    """Rebuild the views if `again` is odd, and update them if it is even."""
    system = open_system(settings)
    if again % 2:
        system.views.rebuild()
    else:
        system.keep_up()
    ack("views")


def erasing(settings: Settings, subjects: list[str], ack: Ack) -> None:
    """Finish the erasures that were interrupted, then erase these items one after another;
    acknowledge each erased item."""
    system = open_system(settings)
    desk, second = system.desk, msgspec.structs.replace(system.reader, name="di.okoro")
    for one in erasure.unfinished(desk):
        erasure.carry_out(desk, second, one, system)
    for item in map(UUID, subjects):
        if any(fact.erased for fact in desk.logs["evidence"].history(item)):
            continue
        command = uuid5(item, "erase")
        made, _ = erasure.propose(desk, system.reader, [item], "part-3-s47", command_id=command)
        erasure.approve(desk, second, made.id, system)
        ack(item)


def signing(settings: Settings, state: str, ack: Ack) -> None:
    """Sign all logs in rounds, without end; acknowledge the published sizes."""
    with open_office(settings, None) as office:
        signers = office.signers(Path(state))
        while True:
            for signer in signers:
                note = office.sign(signer)
                ack(f"{signer.log} {note.splitlines()[1]}")


def saying(_: Settings, lines: list[tuple[list[str], str]], ack: Ack) -> None:
    """Run command lines, each with its standard input, until one is refused."""
    for arguments, text in lines:
        with closing(OpenStore()) as kept:
            code, out, err = cli.captured(arguments, text, kept)
        ack(json.dumps([code, out, err]))
        if code:
            return


def serving(_: Settings, arguments: list[str], ack: Ack) -> None:
    """Run the server until its process is ended; first acknowledge the number of the server's
    process.
    """
    ack(os.getpid())
    cli.run(arguments)


JOBS = {
    job.__name__: job
    for job in (recording, importing, projecting, erasing, signing, saying, serving)
}


#: The module that a job imports first; the module `web.serving` is three times as large as the
#: modules of all other jobs together.
LOADS = {"serving": "web.serving"}


def live(asked: dict[str, Any]) -> None:
    """Run one job in this child process. Then end the process at once and without cleaning up, as a
    kill would.
    """
    handle = os.open(asked["acks"], os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.write(handle, b"started\n")
    settings = Settings(**asked["settings"])
    library = ctypes.CDLL(None)
    if spoil := asked.get("spoil"):
        library.arm(ctypes.c_long(spoil["at"]), spoil["how"], spoil["below"].encode())
    try:
        JOBS[asked["job"]](
            settings, asked["given"], lambda what: os.write(handle, f"{what}\n".encode())
        )
    except LogUnavailable:
        os._exit(UNAVAILABLE)
    except BaseException:  # noqa: BLE001 (told to the test, and the child ends)
        traceback.print_exc()
        os._exit(1)
    if spoil:
        library.counted.restype = ctypes.c_long
        os.write(handle, f"{library.counted()}\n".encode())
    os._exit(0)


def count_acknowledged(acks: str) -> int:
    """Return how many acknowledgements a child process has written to this file."""
    path = Path(acks)
    return path.read_bytes().count(b"\n") if path.exists() else 0


def has_ended(child: int) -> bool:
    """Return whether the child process has ended by itself; do not wait for its end."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _has_reached(acks: str, after: int, child: int) -> bool:
    """Return whether a child has ended or has written this number of acknowledgements."""
    return count_acknowledged(acks) > after or has_ended(child)


def main() -> None:
    start_logging("critical")  # a killed child process would log many errors
    for line in sys.stdin:
        asked = json.loads(line)
        if loads := LOADS.get(asked["job"]):
            import_module(loads)
        child = os.fork()
        if not child:
            live(asked)
        if asked["delay"] is not None:
            met = partial(_has_reached, asked["acks"], asked["after"], child)
            until(met, "it acknowledges nothing and does not end", pause=0.002)
            run_on(asked["delay"])
            if asked["victim"]:
                with suppress(ProcessLookupError):  # another process may have stopped it already
                    os.kill(asked["victim"], signal.SIGQUIT)
            else:
                os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
