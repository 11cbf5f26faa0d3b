"""A process that records a row of commands and prints the number of each that is acknowledged.

`python -m tests.ledger.writer PLACE NAME COUNT SIZE [PAUSE]`: PLACE is a directory or a PostgreSQL
URL; SIZE commands go into one batch; PAUSE seconds lie between batches. The ids follow from NAME:
a second run repeats the first.
"""

import sys
import time
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from ledger.log import Log
from tests.conftest import Store
from tests.ledger.events import Counted, Noted, submission


def open_log(place: str, *, create: bool = False) -> Log:
    url = place if place.startswith("postgresql:") else None
    store = Store(Path(place) if url is None else Path(), url)
    return store.open({"evidence": [Noted, Counted]}, create=create, synthetic=False)["evidence"]


def wait() -> None:
    """Until the test says go."""
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()


def command_id(name: str, number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"{name}/{number}")


def main() -> None:
    place, name, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    pause = float(sys.argv[5]) if len(sys.argv) > 5 else 0
    log = open_log(place)
    wait()
    for start in range(0, count, size):
        numbers = range(start, min(start + size, count))
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
        print(*numbers, flush=True)  # noqa: T201
        time.sleep(pause)
    log.close()


if __name__ == "__main__":
    main()
