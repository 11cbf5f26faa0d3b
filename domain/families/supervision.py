"""A worker's supervision by a manager, and the measures of how many families a worker can support.

The report: "access to external therapeutic supervision, in addition to their line management
supervision, if desired", and "the sustainability of such intense and demanding work must be
considered". The content of therapeutic supervision is the worker's own and is never recorded: only
the fact that it was offered, held or declined.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct, field

from domain import forms
from domain.forms import working_days
from domain.forms.intervals import LONDON
from domain.kernel.codes import SupervisionKind, SupervisionState
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, WRITTEN
from domain.kernel.values import Refused, Threshold

WORKERS = UUID("5b1c7e42-93d0-5a6f-8e21-4c7d9a0b3f15")


class SupervisionTold(Event, frozen=True):
    """A worker's supervision was offered, held or declined on a day. `agreed` is the agreement made
    in line management; for therapeutic supervision no text is recorded.
    """

    stored: ClassVar = Stored("supervision.told", "evidence", "record", ("agreed",))
    meaning: ClassVar = Meaning(("supervise",), commands=("supervision.tell",))
    worker: Annotated[str, CODE]
    kind: SupervisionKind
    state: SupervisionState
    day: date
    agreed: Annotated[str | None, WRITTEN] = None


EVENTS = (SupervisionTold,)


class Supervision(Struct, frozen=True):
    """The state of one worker's supervision: whether it was last offered, held or declined, and
    when.
    """

    last: SupervisionTold | None = None


def evolve(state: Supervision, event: Event) -> Supervision:
    return Supervision(event) if isinstance(event, SupervisionTold) else state


def stream(worker: str) -> UUID:
    """Return the id of the stream of a worker's supervision."""
    return uuid5(WORKERS, worker)


def tell(state: Supervision, event: SupervisionTold, by: str, today: date) -> tuple[Event, ...]:
    """Record that a worker's supervision was offered, held or declined. Raises Refused if the day
    is in the future (an offer may be for a future day), if a text about therapeutic supervision is
    given, and if the worker is the only one to say that line supervision was held. If exactly this
    is recorded already, nothing is recorded.
    """
    if event.state != "offered" and event.day > today:
        raise Refused(
            "the day of the supervision is in the future: record it once it has taken place",
            field="day",
        )
    if event.kind == "therapeutic" and (event.agreed or "").strip():
        raise Refused(
            "therapeutic supervision is confidential: leave out what was agreed",
            field="agreed",
        )
    if event.kind == "line" and event.state == "held" and forms.same_person(by, event.worker):
        raise Refused(
            "only the worker's manager can confirm that the supervision took place", field="worker"
        )
    return () if event == state.last else (event,)


class OfficeHours(Struct, frozen=True):
    """The hours in which a team works on a working day, London time. A force sets its own
    [verify]."""

    since: time = time(9)
    until: time = time(17)

    def cover(self, at: datetime) -> bool:
        """Return whether this moment is within the team's office hours on a working day."""
        local = at.astimezone(LONDON)
        return working_days.is_working(local.date()) and self.since <= local.time() < self.until


#: The weight of an open family by its rating: "high-risk cases" need visits twice a week and a call
#: a day (report, 1.1). The weights are this program's own proposal; a force may set others
#: [verify].
WEIGHTS: Mapping[Threshold, float] = MappingProxyType(
    {"high": 3.0, "medium": 2.0, "low": 1.0, "unknown": 2.0}
)


class Measures(Struct, frozen=True):
    """The office hours and weights by which a worker's load is measured."""

    hours: OfficeHours = OfficeHours()
    weights: Mapping[Threshold, float] = field(default_factory=lambda: WEIGHTS)

    def load(self, families: Mapping[Threshold, int]) -> float:
        """Return a worker's load: the number of open families of each rating, multiplied by the
        rating's weight, and added up.
        """
        return sum(self.weights.get(level, 1.0) * number for level, number in families.items())


#: The default office hours, and the default weights of a worker's families.
MEASURES = Measures()
