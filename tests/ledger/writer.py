"""A process that records a series of commands in a log, and prints the number of each acknowledged
command.

Run it with `python -m tests.ledger.writer PLACE NAME COUNT SIZE [THREADS [OTHER …]]`. PLACE is a
directory or a PostgreSQL URL; SIZE commands are one batch; THREADS share the batches. Before its
last batch, the process waits until each process named OTHER has written a batch. NAME determines
the command ids, so that a second run repeats the commands of the first.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from uuid import NAMESPACE_OID, UUID, uuid5

from ledger.store.log import Log
from tests.conftest import Store
from tests.ledger.events import Counted, Noted, submission
from tests.processes import until


def open_log(place: str, *, create: bool = False) -> Log:
    url = place if place.startswith("postgresql:") else None
    store = Store(Path(place) if url is None else Path(), url)
    return store.open({"evidence": [Noted, Counted]}, create=create, synthetic=False)["evidence"]


def wait() -> None:
    """Report that this process is ready, and wait until the test lets it begin."""
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()


def command_id(name: str, number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"{name}/{number}")


def write(log: Log, name: str, batches: Sequence[range], others: Sequence[str]) -> None:
    begun = {command_id(other, 0) for other in others}
    for numbers in batches:
        if numbers == batches[-1]:
            until(lambda: log.known_commands(begun) == begun, "another one does not write")
        log.append(
            [
                submission(
                    Noted(f"{name} saw it"),
                    Counted(n),
                    stream=command_id(name, n),
                    command_id=command_id(name, n),
                )
                for n in numbers
            ]
        )
        # one call writes the whole line, so that a kill cannot cut the line
        os.write(1, f"{' '.join(map(str, numbers))}\n".encode())


def main() -> None:
    place, name, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    threads = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    log = open_log(place)
    wait()
    batches = [range(start, min(start + size, count)) for start in range(0, count, size)]
    writing = [
        Thread(target=write, args=(log, name, batches[one::threads], sys.argv[6:]))
        for one in range(threads)
    ]
    for thread in writing:
        thread.start()
    for thread in writing:
        thread.join()
    log.close()


if __name__ == "__main__":
    main()
