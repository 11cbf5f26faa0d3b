"""What an erasure has not reached, or could not reach, for the doctor."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.engine.session import stamp
from console.running.finding import Danger, Finding

if TYPE_CHECKING:
    from installation.system import System


def findings(system: "System") -> Iterator[Finding]:
    """Yield what somebody may still read that is, or should be, erased."""
    yield from _originals(system)
    yield from _records(system)
    yield from _erasures(system)


def _originals(system: "System") -> Iterator[Finding]:
    """Imported files that an older release kept as they were."""
    if clear := system.originals.in_clear():
        yield Finding(
            Danger.EXPOSURE,
            "in the clear",
            f"{len(clear)} imported files are not encrypted",
            tuple(str(system.home / "originals" / name) for name in clear),
            "encrypt them: continuum original --seal. A file that is still here afterwards belongs "
            "to no import: import it again, or delete it",
        )


def _records(system: "System") -> Iterator[Finding]:
    from commands.data_protection import copies

    if bare := copies.guessable(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "guessable",
            f"{len(bare)} records of an older release hold the bare SHA-256 of a file or export, "
            "from which short contents can be guessed, even after their erasure",
            tuple(bare),
            "have two people copy the record into a new origin, which leaves them out: continuum "
            "new-origin propose. Until then give the logs' files and backups to nobody who does "
            "not need them",
        )


def _erasures(system: "System") -> Iterator[Finding]:
    from commands.data_protection import copies
    from commands.erasure import erasure

    if waiting := erasure.unfinished(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "unfinished",
            f"{len(waiting)} approved erasures are not complete, and have no certificate",
            tuple(map(str, waiting)),
            "finish them: continuum erase --resume",
        )
    if alone := copies.came_back_alone(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "may be readable again",
            "the store was restored without the certificates of erasures: what was erased after "
            "that backup may be readable again",
            tuple(f"access {one.ref}, of {stamp(one.recorded)}" for one in alone),
            "compare it with the certificates that were handed out, and erase again what they "
            "name; next time restore with them: continuum restore ... --erasures FILE",
        )
    if held := copies.still_open(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "may still open it",
            f"with {len(held)} copies somebody may still read what was erased",
            tuple(f"{one.kind} {one.id}, {', '.join(one.holders)}" for one in held),
            "have them destroyed, and record it: continuum copies destroyed ID --how HOW",
        )
