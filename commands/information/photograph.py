"""Photographs of paper logs, such as a parent's own log, attached to log entries.

For each photograph, the received file and a copy without camera metadata are stored. Each file is
encrypted with a secret in the stream of its entry, so that it is retained, erased and restored
together with the entry.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Unpack
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from access.who_may.telling import readable_facts
from commands.information.originals import OriginalsStore, names
from commands.kernel.item_references import act_on_item
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.information import observation
from domain.information.observation import (
    LogPhotographed,
    Observation,
    PictureForm,
)
from domain.kernel.envelope import CommandReused, Event, Recorded
from domain.kernel.values import Reader, Refused
from projections.kernel.database import Db

#: The largest size of one photograph in bytes, which is larger than a photograph from a phone.
LARGEST = 15_000_000
#: The text in place of a photograph that the reader may not see.
CLOSED = (
    "This photograph shows who wrote the log, so you may not see it. The worker who took it, users"
    " who may see the source, and the case's disclosure officer may"
)


class ShownPhotograph(Struct, frozen=True):
    """A photograph as received, and the copy to show: a JPEG without camera metadata."""

    form: PictureForm
    content: bytes
    shown: bytes


class Photograph(Struct, frozen=True):
    """A photograph attached to a log entry; `number` counts from 1. `open` says whether the reader
    may see the picture."""

    number: int
    by: str
    recorded: datetime
    sha256: str
    size: int
    form: PictureForm
    open: bool


def take(
    desk: Desk,
    reader: Reader,
    originals: OriginalsStore,
    item: UUID | str,
    picture: ShownPhotograph,
    *,
    paper: bool,
    shows_writer: bool = True,
    **command: Unpack[Command],
) -> Receipt:
    """Attach a photograph of a paper log to its entry. The photograph is hashed on receipt, and
    stored before the event is recorded. Raises what `observation.photograph` raises,
    LogUnavailable, OSError."""
    whole, copy = originals.sealing(), originals.sealing()
    digest = sha256(picture.content).hexdigest()
    event = LogPhotographed(
        form=picture.form,
        size=len(picture.content),
        kept=whole.name,
        shown=copy.name,
        sha256=digest,
        secret=whole.secret,
        shown_secret=copy.secret,
        shows_writer=shows_writer,
    )

    def drop() -> None:
        for name in (whole.name, copy.name):
            originals.delete(name)

    def decide(state: Observation) -> tuple[Event, ...]:
        events = observation.photograph(state, event, paper=paper)
        if events:
            try:
                whole.keep([picture.content])
                copy.keep([picture.shown])
            except OSError:
                drop()
                raise
        return events

    try:
        receipt = act_on_item(
            desk,
            reader,
            "observation.photograph",
            item,
            "observation",
            Observation(),
            observation.evolve,
            decide,
            [digest, paper, shows_writer],
            **command,
        )
    # If the log did not answer, it may have recorded the photograph, so the file is not deleted.
    except (Refused, CommandReused):
        drop()
        raise
    if whole.name not in names(desk.logs["evidence"].history(receipt.id)):
        drop()  # the entry already has this photograph, so the new file is deleted
    return receipt


def list_attached(db: Db, reader: Reader, history: Sequence[Recorded]) -> list[Photograph]:
    """Return the photographs attached to this entry, in the order in which they were taken; none
    for a reader who may not see the entry.
    """
    laid = _present_photographs(history)
    if not laid:
        return []
    all_told = readable_facts(db, reader, history)
    shown = {fact.ref for fact in all_told.facts}
    return [
        Photograph(
            number,
            fact.by,
            fact.recorded,
            event.sha256,
            event.size,
            event.form,
            fact not in all_told.closed,
        )
        for number, (fact, event) in enumerate(laid, start=1)
        if fact.ref in shown
    ]


def read(
    desk: Desk,
    db: Db,
    reader: Reader,
    originals: OriginalsStore,
    item: UUID,
    number: int = 1,
    *,
    as_it_came: bool = False,
) -> Iterator[bytes]:
    """Yield a photograph of a log entry in parts: the JPEG copy or, with `as_it_came`, the received
    file with its camera metadata. Raises Hidden if the reader may not see the entry or the entry
    has no such photograph, Refused if the photograph is closed to the reader.
    """
    history = desk.logs["evidence"].history(item)
    photographs = (
        {photograph.number: photograph for photograph in list_attached(db, reader, history)}
        if history
        else {}
    )
    if number not in photographs:
        raise scope.hidden_error("photograph", str(number))
    if not photographs[number].open:
        raise Refused(CLOSED)
    _, event = _present_photographs(history)[number - 1]
    if as_it_came:
        return originals.read(event.kept, event.secret)
    return originals.read(event.shown, event.shown_secret)


def _present_photographs(history: Sequence[Recorded]) -> list[tuple[Recorded, LogPhotographed]]:
    return [
        (fact, fact.event)
        for fact in history
        if isinstance(fact.event, LogPhotographed) and not fact.erased
    ]
