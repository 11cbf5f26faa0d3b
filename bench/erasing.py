"""Measure how many people a second are erased by one large erasure, of half the people in a store.

The time is measured from the approval to the certificate, as elapsed time and as processor time of
this process. (Elapsed time means little on a busy machine.) Run alone: `python -m bench.erasing
[SUBJECTS]`.
"""

import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench.integrity import Cost, table
from commands.erasure import erasure
from commands.kernel import entity
from installation.opening import open_system
from installation.settings import Settings
from tests.postgres import running

PAGE = 500


def erasing(store: str, home: Path, subjects: int, where: str) -> Cost:
    """Return the cost of one erasure of this many people; `where` names the database."""
    system = open_system(Settings(store=store, home=home), create=True)
    desk, people = system.desk, []
    for start in range(0, 2 * subjects, PAGE):
        made = [
            entity.prepare_person(desk, system.reader, name=f"Zed{n:x} Quib{n:x}", known=True)
            for n in range(start, start + PAGE)
        ]
        people += [receipt.id for receipt in desk.save(made)]
    second = msgspec.structs.replace(system.reader, name="di.okoro")
    proposed, _ = erasure.propose(desk, system.reader, people[:subjects], "part-3-s47")
    busy, began = time.process_time(), time.perf_counter()
    approval = erasure.approve(desk, second, proposed.id, system)
    spent, busy = time.perf_counter() - began, time.process_time() - busy
    assert approval.certificate
    assert approval.certificate.items == {"destroyed": subjects}
    system.close()
    text = f"{subjects / spent:,.0f} a second, {subjects / busy:,.0f} by processor time"
    return Cost(f"{subjects:,} subjects erased", where, text, "1,000")


def measure(subjects: int = 2000) -> list[Cost]:
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as directory, running() as server:
        place = Path(directory)
        return [
            erasing(str(place / "files"), place / "files", subjects, "SQLite"),
            erasing(server.get_uri(), place / "home", subjects, "PostgreSQL"),
        ]


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
