"""Who may reach this item: whose is it, under which case, and is it shared between teams?

One row for every item that can be named. `access.scope` reads this table for every query, so it is
brought up to date before all other views; an item without a row is seen by nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from access.decide import Sort
from access.labels import label
from domain.entity import (
    AgeRecorded,
    ClassificationEnded,
    PersonClassified,
    PersonRecorded,
    ThingRecorded,
)
from domain.envelope import Recorded
from domain.evidence import EvidenceGathered
from domain.identity import IdentityJudged
from domain.intelligence import ItemGraded, ReportOpened, ReportWithdrawn
from domain.justice import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.link import LinkAsserted, LinkRetracted
from domain.observation import (
    ObservationAssessed,
    ObservationRecorded,
    ObservationRefiled,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceTransferred,
)
from domain.referral import CaseOpened
from domain.support import ContactMade, NoteWritten
from domain.values import (
    CLEARED_CATEGORIES,
    OFFENDER_CATEGORIES,
    VICTIM_CATEGORIES,
    HandlingCode,
    PoleCategory,
)
from projections.batch import Batch
from projections.schema import View, rows

#: Whoever is recorded as one of these is shared between teams, unless a child to be protected.
SHARED_CATEGORIES: frozenset[PoleCategory] = (
    OFFENDER_CATEGORIES | CLEARED_CATEGORIES | {"associate"}
)
ADULT_AT = 18
#: Triage outcomes after which the words still wait for an assessor.
STILL_OPEN = ("assess", "more-needed")


@rows("reach", key=("id",), index=(("report",), ("a",), ("b",)))
@dataclass(frozen=True, slots=True)
class ReachRow:
    """Whose an item is. A link has its two ends and the report that graded it; an entry of the
    source register (in `report`) the words that it is about; a person their categories and whether
    they are under age, from which their sort follows."""

    table: ClassVar[Any]
    id: UUID
    sort: Sort
    team: str
    by: str
    case: UUID | None = None
    shared: bool = False
    handling: HandlingCode | None = None
    waiting: bool = False
    assessor: str | None = None
    a: UUID | None = None
    b: UUID | None = None
    report: UUID | None = None
    item: int | None = None
    categories: tuple[str, ...] = ()
    young: bool | None = None
    label: str = ""

    def __post_init__(self) -> None:
        told = (self.sort, self.team, self.by, self.case, self.shared, self.handling)
        object.__setattr__(self, "label", label(*told, self.waiting, self.assessor))


def apply(fact: Recorded, batch: Batch) -> None:
    one, event = fact.stream, fact.event
    match event:
        case ObservationRecorded():
            _enter(batch, fact, "words", case=event.case, waiting=True)
            _sources(batch, fact, event.entry, event.case, event.root, event.chain)
        case SourceTransferred() if words := batch.get(ReachRow, one):
            _sources(batch, fact, event.entry, words.case, event.root, event.chain)
        case ObservationRefiled():
            team = _team(batch, event.case) or fact.team
            _change(batch, one, case=event.case, team=team)
            c = ReachRow.table.c
            for entry in batch.find(ReachRow, c.report == one, c.sort == "source"):
                batch.put(replace(entry, case=event.case, team=team))
        case ObservationAssessed():
            _change(batch, one, waiting=False, assessor=fact.by)
        case ObservationTriaged() if event.outcome not in STILL_OPEN:
            _change(batch, one, waiting=False, assessor=fact.by)
        case ObservationWithdrawn():
            _change(batch, one, waiting=False)
        case ReportOpened():
            _enter(batch, fact, "report", case=event.case)
        case ItemGraded():
            _graded(batch, fact, event)
        case ReportWithdrawn():
            for link in batch.find(ReachRow, ReachRow.table.c.report == one):
                batch.put(replace(link, shared=False, handling=None, report=None, item=None))
        case LinkRetracted():
            _change(batch, one, shared=False)
        case LinkAsserted():
            _link(batch, fact, event)
        case IdentityJudged():
            _enter(batch, fact, "judgement", shared=True, a=event.a, b=event.b)
        case PersonRecorded() | AgeRecorded() | PersonClassified() | ClassificationEnded():
            _person(batch, fact)
        case ThingRecorded():
            _enter(batch, fact, "thing", shared=True)
            _guard(batch, (one,))  # the link that it came with stands before it
        case CaseOpened():
            batch.put(ReachRow(one, "case", event.team, fact.by, case=one))
            child = batch.get(ReachRow, event.child) or ReachRow(
                event.child, "child", event.team, fact.by
            )
            batch.put(replace(child, case=one, team=event.team))
        case EvidenceGathered():
            _enter(batch, fact, "evidence", case=event.case)
        case ArrestMade() | ChargeBrought() | NoticeServed() | ResultRecorded():
            _enter(batch, fact, "outcome", case=event.case)
        case ContactMade() | NoteWritten():
            _enter(batch, fact, "support", case=event.case)


def _team(batch: Batch, case: UUID | None) -> str | None:
    """The team whose case it is: what is filed there is theirs, whoever recorded it."""
    row = batch.get(ReachRow, case) if case else None
    return row.team if row else None


def _enter(
    batch: Batch, fact: Recorded, sort: Sort, *, case: UUID | None = None, **told: Any
) -> None:
    team = _team(batch, case) or fact.team
    batch.put(ReachRow(fact.stream, sort, team, fact.by, case=case, **told))


def _sources(
    batch: Batch,
    fact: Recorded,
    entry: UUID | None,
    case: UUID | None,
    root: UUID | None,
    chain: Iterable[UUID],
) -> None:
    """Who told these words: the register's entry, and the tokens of those who knew before."""
    team = _team(batch, case) or fact.team
    if entry:
        batch.put(ReachRow(entry, "source", team, fact.by, case=case, report=fact.stream))
    for token in {*chain, *([root] if root else [])}:
        if not batch.get(ReachRow, token):
            batch.put(ReachRow(token, "source", team, fact.by, case=case))


def _change(batch: Batch, one: UUID, **changes: Any) -> None:
    if row := batch.get(ReachRow, one):
        batch.put(replace(row, **changes))


def _graded(batch: Batch, fact: Recorded, event: ItemGraded) -> None:
    """A report carries the strictest handling of its items; links follow their own item."""
    handling = event.handling.code
    if (report := batch.get(ReachRow, fact.stream)) and report.handling != "C":
        batch.put(replace(report, handling=handling))
    if event.reason:  # a grade given again, never the first
        c = ReachRow.table.c
        for link in batch.find(ReachRow, c.report == fact.stream, c.item == event.item):
            batch.put(replace(link, handling=handling))


def _link(batch: Batch, fact: Recorded, event: LinkAsserted) -> None:
    known = batch.get(ReachRow, fact.stream)
    basis = event.observation or event.exhibit or event.report
    rests = batch.get(ReachRow, basis) if basis else None
    batch.put(
        ReachRow(
            fact.stream,
            "link",
            known.team if known else rests.team if rests else fact.team,
            known.by if known else fact.by,
            case=rests.case if rests else None,
            shared=event.grade is not None,
            handling=event.handling,
            a=event.a,
            b=event.b,
            report=event.report,
            item=event.item,
        )
    )
    _guard(batch, (event.a, event.b))


def _person(batch: Batch, fact: Recorded) -> None:
    event = fact.event
    row = batch.get(ReachRow, fact.stream) or ReachRow(fact.stream, "person", fact.team, fact.by)
    categories, young = set(row.categories), row.young
    match event:
        case PersonRecorded() | AgeRecorded():
            if event.born is not None:
                on = fact.recorded.date()
                years = on.year - event.born.year
                years -= (on.month, on.day) < (event.born.month, event.born.day)
                young = years < ADULT_AT
            elif event.under_18 is not None:
                young = event.under_18
        case PersonClassified():
            categories.add(event.category)
        case ClassificationEnded():
            categories.discard(event.category)
    suspected = bool(categories & SHARED_CATEGORIES)
    child = bool(categories & VICTIM_CATEGORIES) or bool(young and not suspected)
    sort: Sort = "child" if child else "suspect" if suspected else "person"
    after = replace(
        row, sort=sort, shared=sort == "suspect", categories=tuple(sorted(categories)), young=young
    )
    batch.put(after)
    if after.sort != row.sort:
        c = ReachRow.table.c
        ties = batch.find(ReachRow, c.sort == "link", (c.a == row.id) | (c.b == row.id))
        _guard(batch, {end for tie in ties for end in (tie.a, tie.b) if end})


def _guard(batch: Batch, ends: Iterable[UUID]) -> None:
    """A thing is shared, unless all it is known for is its tie to somebody who is not: a family's
    phone or a placement says that there is a child."""
    c = ReachRow.table.c
    for end in sorted(set(ends)):
        thing = batch.get(ReachRow, end)
        if thing is None or thing.sort != "thing":
            continue
        ties = batch.find(ReachRow, c.sort == "link", (c.a == end) | (c.b == end))
        tied = {tie.a if tie.b == end else tie.b for tie in ties}
        people = [row for one in tied if one and (row := batch.get(ReachRow, one))]
        hidden = any(row.sort in ("child", "person") for row in people)
        known = any(row.sort in ("suspect", "thing") for row in people)
        batch.put(replace(thing, shared=known or not hidden))


VIEW = View("reach", (ReachRow,), apply)
