"""An alert: a danger that a worker has to look at now (`network.people.alerts`)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.families.protection import AlertKind
from domain.kernel.codes import AlertAnswer
from projections.kernel.columns import Column


class Alert(Struct, frozen=True, kw_only=True):
    """An alert as this reader may see it. `subject` is the suspect of whom the alert warns, or the
    arrested person; `via` is the suspect's item (such as a car) that was at the place;
    `known_to_child` means that the child had a link with the suspect before.

    Only readers who may know the place get `place`. Other readers get `holders`, the colleagues who
    may know it; `unheld` means that none of these colleagues works here any more. A reader who may
    not see the subject does not get a name.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("since", "since", "moment"),
        Column("kind", "kind of alert"),
        Column("subject_label", "suspect"),
        Column("place", "where"),
        Column("known", "known to the child"),
        Column("case", "case", "id"),
        Column("held", "people who know the place"),
        Column("answer", "answer"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "id")
    id: UUID
    kind: AlertKind
    case: UUID
    child: UUID
    subject: UUID | None = None
    subject_label: str
    via: UUID | None = None
    place: str | None = None
    known_to_child: bool = False
    links: tuple[UUID, ...] = ()
    since: datetime
    answer: AlertAnswer | None = None
    answered_by: str | None = None
    holders: tuple[str, ...] = ()
    unheld: bool = False

    @property
    def held(self) -> str:
        """Return a sentence that names the colleagues who know the place, for a reader who may
        not know it."""
        return "no worker: a manager names one" if self.unheld else ", ".join(self.holders)

    @property
    def known(self) -> str:
        """Return "yes" if the child had a link with the suspect before, else "no"."""
        return "yes" if self.known_to_child else "no"
