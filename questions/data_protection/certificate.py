"""The lines of an erasure's certificate, which contain nothing of the erased data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from commands.data_protection import copies
from commands.data_protection.copies import RecordedCopy
from commands.erasure import erasure
from commands.erasure.erasure import Progress
from commands.kernel.unit_of_work import Desk
from domain.data_protection import erasure_told
from domain.data_protection.erasure import (
    BASES,
    ERASURES,
    ErasureApproved,
    ErasureCertified,
    ErasureProposed,
)
from domain.forms.local import format_moment
from projections.kernel.columns import Column


class CertificateLine(Struct, frozen=True):
    """One line of the certificate of an erasure."""

    columns: ClassVar[tuple[Column, ...]] = (Column("what", "field"), Column("said", "content"))
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    what: str
    said: str

    def __str__(self) -> str:
        return f"{self.what}: {self.said}"


def certified(desk: Desk, item: UUID) -> list[CertificateLine]:
    """Return the lines of an erasure's certificate; [] if there is no certificate yet. The lines
    are read from the log, so that they are complete even if a view has not read all facts. Raises
    Refused if there is no such erasure.
    """
    progress = erasure.progress(desk, item)
    if progress.certificate is None:
        return []
    held_copies = copies.copies_in_certificate(desk, progress.certificate.copies)
    lines = _certificate_lines(progress, progress.certificate, _when(desk, item), held_copies)
    return [CertificateLine(number, *line) for number, line in enumerate(lines, start=1)]


def _when(desk: Desk, item: UUID) -> dict[str, datetime]:
    """Return when an erasure was proposed, approved and certified."""
    moments = {}
    evidence = desk.logs["evidence"]
    for fact in (*evidence.history(item), *evidence.history(ERASURES)):
        match fact.event:
            case ErasureProposed():
                moments["proposed"] = fact.recorded
            case ErasureApproved(erasure=approved) if approved == item:
                moments["approved"] = fact.recorded
            case ErasureCertified():
                moments["certified"] = fact.recorded
    return moments


def _certificate_lines(
    done: Progress,
    event: ErasureCertified,
    when: dict[str, datetime],
    held_copies: Sequence[RecordedCopy],
) -> Iterator[tuple[str, str]]:
    yield "Erasure", str(done.id)
    yield "Outcome", erasure_told.CERTIFIED[done.outcome]
    yield "Basis", BASES[event.basis]
    yield "Proposed", f"{format_moment(when['proposed'])}, by {event.proposed_by}"
    yield "Approved", f"{format_moment(when['approved'])}, by {event.approved_by}"
    yield "Certified", format_moment(when["certified"])
    yield "Items", ", ".join(f"{number} {fate}" for fate, number in sorted(event.items.items()))
    yield "Destroyed", _destroyed(done, event)
    if event.epochs:
        yield "Key-encryption keys destroyed", ", ".join(event.epochs)
    if done.held_back:
        yield "Kept", erasure_told.describe_held_back(len(done.held_back))
    for copy in held_copies:
        yield "May still open it", _copy(copy)
    if event.guessable:
        bears = "record bears" if len(event.guessable) == 1 else "records bear"
        named = f"an unkeyed hash of it, as signed: {', '.join(event.guessable)}"
        yield "Guessable", f"{len(event.guessable)} {bears} {named}"
    expire = event.archives_expire.isoformat() if event.archives_expire else ""
    yield "Archives expire", expire or "none are kept, by the settings"


def _destroyed(done: Progress, event: ErasureCertified) -> str:
    """Return, for the certificate of an erasure, a sentence with the number of destroyed keys and
    of records that became unreadable. If everything was only restricted, the sentence says that
    only the notes of the proposal were erased.
    """
    if done.outcome == "only restricted":
        return "the notes of the proposal; every item is unchanged and readable"
    return f"{event.keys} keys; {event.leaves} records are unreadable for ever"


def _copy(copy: RecordedCopy) -> str:
    """Return a sentence about a backup, a disclosure or a printed copy that may contain erased
    data: whether it was destroyed, or who still has to destroy it.
    """
    who, description = ", ".join(copy.holders), copy.printed_name if copy.number else copy.kind
    made = f"{description} of {format_moment(copy.made)}"
    where = f" at {copy.place}" if copy.place else ""
    if copy.destroyed:
        return f"{made}, {who}{where}: destroyed since ({format_moment(copy.destroyed)})"
    return f"{made}{where}: {who} has to destroy it, and to record that"
