"""Findings of `continuum doctor` about erasures that are incomplete."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commands.data_protection import copies
from commands.erasure import erasure
from console.engine.session import stamp
from console.running.finding import Danger, Finding

if TYPE_CHECKING:
    from installation.system import System


def findings(system: "System") -> Iterator[Finding]:
    """Yield findings about erasures that are incomplete, so that erased data may still be
    readable."""
    yield from _originals(system)
    yield from _records(system)
    yield from _erasures(system)


def _originals(system: "System") -> Iterator[Finding]:
    """Yield a finding for imported files that an older release did not encrypt."""
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
    if bare := copies.events_with_plain_hash(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "guessable",
            f"{len(bare)} records of an older release hold the bare SHA-256 of a file or export, "
            "from which short contents can be guessed, even after their erasure",
            tuple(bare),
            "have two people copy the record into a new origin without them: continuum "
            "new-origin propose. Until then give the logs' files and backups only to people who "
            "need them",
        )


def _erasures(system: "System") -> Iterator[Finding]:
    if waiting := erasure.unfinished(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "unfinished",
            f"{len(waiting)} approved erasures are not complete, and have no certificate",
            tuple(map(str, waiting)),
            "finish them: continuum erase --resume",
        )
    if alone := copies.restores_without_certificates(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "may be readable again",
            "the store was restored without the certificates of erasures: data erased after "
            "that backup may be readable again",
            tuple(f"access {fact.ref}, of {stamp(fact.recorded)}" for fact in alone),
            "compare it with the certificates that were handed out, and erase again what they "
            "name; next time restore with them: continuum restore ... --erasures FILE",
        )
    if held_copies := copies.undestroyed_copies(system.desk):
        yield Finding(
            Danger.EXPOSURE,
            "may still open it",
            f"{len(held_copies)} copies may still contain erased data",
            tuple(f"{copy.kind} {copy.id}, {', '.join(copy.holders)}" for copy in held_copies),
            "have them destroyed, and record it: continuum copies destroyed ID --how HOW",
        )
