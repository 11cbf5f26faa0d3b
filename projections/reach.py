"""Who may reach this item: whose is it, under which case, and is it shared between teams?

One row for every item that can be named, and one more for each further team or case that holds
it: a child with cases in two teams, a phone that two teams were told of. `access.scope` reads this
table for every query, so it is brought up to date before all other views; an item without a row is
seen by nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from access.decide import Sort
from access.labels import label
from domain import supervision
from domain.charging import ChargingDecided
from domain.court import AccountTaken, BailSet, HearingSet, MeasureTold, PleaEntered, StepTaken
from domain.entity import (
    AgeRecorded,
    AliasAdded,
    ClassificationEnded,
    PersonClassified,
    PersonNamed,
    PersonRecorded,
    ThingRecorded,
)
from domain.envelope import Event, Recorded
from domain.ethnicity import FamilyEthnicityTold
from domain.evidence import EvidenceGathered
from domain.exploitation import ModelAssessed
from domain.family import FamilyAsked, FamilyInvited, FamilyTold, PromiseMade
from domain.hold import HoldOrdered
from domain.identity import IdentityJudged
from domain.intelligence import ItemGraded, ReportOpened, ReportWithdrawn
from domain.justice import ArrestMade, ChargeBrought, NoticeServed, ResultRecorded
from domain.link import LinkAsserted, LinkRetracted
from domain.meeting import BoardKept, Decided, ItemAdded, MeetingCalled
from domain.member import AtRiskNamed, CareTold, EngagementTold, MemberNamed, RelationAssessed
from domain.notice import NoticeBreached
from domain.observation import (
    MentionConfirmed,
    NoValueAudited,
    ObservationAssessed,
    ObservationRecorded,
    ObservationRefiled,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceTransferred,
)
from domain.parent import ParentRiskNoted
from domain.protection import DangerFlagged
from domain.referral import CaseOpened, WorkerAllocated
from domain.reporting import DutyArose
from domain.supervision import SupervisionTold
from domain.support import ContactMade, NoteWritten
from domain.values import (
    CLEARED_CATEGORIES,
    OFFENDER_CATEGORIES,
    VICTIM_CATEGORIES,
    HandlingCode,
    PoleCategory,
)
from domain.verdict import AppealLodged, OrderMade
from domain.victim_request import InformationAsked
from projections.batch import Batch
from projections.schema import View, rows

#: Whoever is recorded as one of these is shared between teams, unless a child to be protected.
SHARED_CATEGORIES: frozenset[PoleCategory] = (
    OFFENDER_CATEGORIES | CLEARED_CATEGORIES | {"associate"}
)
#: A tie to one of these says nothing that is not shared; a tie to one of those does.
KNOWN: tuple[Sort, ...] = ("suspect", "thing")
HIDDEN: tuple[Sort, ...] = ("child", "person")
ADULT_AT = 18
#: Triage outcomes after which the words still wait for an assessor.
STILL_OPEN = ("assess", "more-needed")


@rows("reach", key=("id", "number"), index=(("report",), ("a",), ("b",)))
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
    number: int = 0
    more: int = 0
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
        case SourceTransferred() if words := _first(batch, one):
            _sources(batch, fact, event.entry, words.case, event.root, event.chain)
        case ObservationRefiled():
            team = _team(batch, event.case) or fact.team
            _change(batch, one, case=event.case, team=team)
            c = ReachRow.table.c
            for entry in batch.find(ReachRow, c.report == one, c.sort == "source"):
                batch.put(replace(entry, case=event.case, team=team))
        case ObservationAssessed():
            _change(batch, one, waiting=False, assessor=fact.by)
        case ObservationTriaged() | NoValueAudited() | ObservationWithdrawn():
            _waits(batch, fact)
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
        case AliasAdded() | PersonNamed():
            _record_too(batch, fact)
        case ThingRecorded():
            _enter(batch, fact, "thing", shared=True)
            _settle(batch, one)  # the link that it came with stands before it
        case MentionConfirmed():
            words, named = _first(batch, one), _first(batch, event.entity)
            if words and named and named.sort == "thing":
                _hold(batch, named.id, words.team, fact.by)
        case CaseOpened():
            batch.put(ReachRow(one, "case", event.team, fact.by, case=one))
            _child(batch, fact, event)
        case EvidenceGathered():
            _enter(batch, fact, "evidence", case=event.case)
        case ArrestMade() | ChargeBrought() | NoticeServed() | NoticeBreached() | ResultRecorded():
            _enter(batch, fact, "outcome", case=event.case)
        case HoldOrdered():
            _enter(batch, fact, "hold")
        case _:
            _beside(batch, fact)


def _beside(batch: Batch, fact: Recorded) -> None:
    """What the charity records of a family, who belongs to it, what a court does in its case, who
    asks what the charity holds of the child, and what a meeting says of them. Who is named in a
    family is held by its case: all who work on it know them."""
    match fact.event:
        case (
            ContactMade()
            | NoteWritten()
            | FamilyTold()
            | PromiseMade()
            | FamilyInvited()
            | FamilyAsked()
            | StepTaken()
            | RelationAssessed()
            | FamilyEthnicityTold() as event
        ):
            _enter(batch, fact, "support", case=event.case)
        case ParentRiskNoted() as event:
            _enter(batch, fact, "parent-risk", case=event.case)
        case DangerFlagged() as event:
            _enter(batch, fact, "court", case=event.case)
        case CareTold() | EngagementTold() | ModelAssessed() as event:
            _enter(batch, fact, "member", case=event.case)
        case MemberNamed() | AtRiskNamed() as event:
            _enter(batch, fact, "member", case=event.case)
            row = _first(batch, event.case)
            if row and _first(batch, event.person):
                _hold(batch, event.person, row.team, fact.by, event.case)
        case (
            HearingSet()
            | BailSet()
            | PleaEntered()
            | MeasureTold()
            | AccountTaken()
            | ChargingDecided()
            | OrderMade()
            | AppealLodged() as event
        ):
            _enter(batch, fact, "court", case=event.case)
        case InformationAsked() | DutyArose() as event:
            _enter(batch, fact, "request", case=event.case)
        case MeetingCalled() as event:
            batch.put(ReachRow(fact.stream, "meeting", event.team, fact.by))
        case ItemAdded() | Decided() as event:
            _at_meeting(batch, fact, event.meeting, event.case, event.about)
        case WorkerAllocated() | SupervisionTold() as event:
            _worker(batch, fact, event.worker)
        case BoardKept() as event:
            _at_meeting(batch, fact, event.meeting, event.case, None)


def _worker(batch: Batch, fact: Recorded, worker: str) -> None:
    """A worker's supervision is their own, and that of the teams for which they work."""
    one, team = supervision.stream(worker), _team(batch, fact.stream) or fact.team
    if _first(batch, one):
        _hold(batch, one, team, worker)
    else:
        batch.put(ReachRow(one, "supervision", team, worker))


def _at_meeting(
    batch: Batch, fact: Recorded, meeting: UUID, case: UUID | None, about: UUID | None
) -> None:
    """What is said at a meeting is seen by those who see the family, the person or thing that it is
    about, and by all who see the meeting where it is about none."""
    team = _team(batch, case or meeting) or fact.team
    sort: Sort = "decision" if case else "tasking" if about else "meeting"
    batch.put(ReachRow(fact.stream, sort, team, fact.by, case=case, a=about, b=about))


def _waits(batch: Batch, fact: Recorded) -> None:
    """Words wait for an assessor, or (a decision that was drawn) for whoever audits it."""
    match fact.event:
        case ObservationTriaged() as event if event.outcome not in STILL_OPEN:
            _change(batch, fact.stream, waiting=event.sampled, assessor=fact.by)
        case NoValueAudited() as event:
            _change(batch, fact.stream, waiting=event.answer == "assess")
        case ObservationWithdrawn():
            _change(batch, fact.stream, waiting=False)


def _team(batch: Batch, case: UUID | None) -> str | None:
    """The team whose case it is: what is filed there is theirs, whoever recorded it."""
    row = _first(batch, case) if case else None
    return row.team if row else None


def _first(batch: Batch, one: UUID) -> ReachRow | None:
    """The row of an item by whoever has had it longest."""
    return batch.get(ReachRow, one, 0)


def _hold(batch: Batch, one: UUID, team: str, by: str, case: UUID | None = None) -> None:
    """A team holds this as well, under this case or under none."""
    first, *others = _rows(batch, one)
    for row in (first, *others):
        if row.team == team and case in (None, row.case):
            return
    more = first.more + 1
    batch.put(replace(first, team=team, by=by, case=case, number=more, more=0))
    batch.put(replace(first, more=more))


def _rows(batch: Batch, one: UUID) -> list[ReachRow]:
    first = _first(batch, one)
    numbers = range(first.more + 1) if first else ()
    return [row for number in numbers if (row := batch.get(ReachRow, one, number))]


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
        if not _first(batch, token):
            batch.put(ReachRow(token, "source", team, fact.by, case=case))


def _change(batch: Batch, one: UUID, **changes: Any) -> None:
    for row in _rows(batch, one):
        batch.put(replace(row, **changes))


def _graded(batch: Batch, fact: Recorded, event: ItemGraded) -> None:
    """A report carries the strictest handling of its items; links follow their own item."""
    handling = event.handling.code
    if (report := _first(batch, fact.stream)) and report.handling != "C":
        batch.put(replace(report, handling=handling))
    if event.reason:  # a grade given again, never the first
        c = ReachRow.table.c
        for link in batch.find(ReachRow, c.report == fact.stream, c.item == event.item):
            batch.put(replace(link, handling=handling))


def _link(batch: Batch, fact: Recorded, event: LinkAsserted) -> None:
    """Whoever's words, report or exhibit a link was asserted on holds it."""
    one, basis = fact.stream, event.observation or event.exhibit or event.report
    rests = _first(batch, basis) if basis else None
    team, case = (rests.team, rests.case) if rests else (fact.team, None)
    if _first(batch, one):
        _hold(batch, one, team, fact.by, case)
    else:
        batch.put(ReachRow(one, "link", team, fact.by, case=case, a=event.a, b=event.b))
    _change(
        batch,
        one,
        shared=event.grade is not None,
        handling=event.handling,
        report=event.report,
        item=event.item,
    )
    _guard(batch, one, (event.a, event.b), team, fact.by)


def _child(batch: Batch, fact: Recorded, event: CaseOpened) -> None:
    """A child is its case's, and stays with every other case, and with the other team that
    recorded it."""
    child = _first(batch, event.child)
    if child and (child.case or child.team != event.team):
        _hold(batch, child.id, event.team, fact.by, fact.stream)
    else:
        child = child or ReachRow(event.child, "child", event.team, fact.by)
        batch.put(replace(child, case=fact.stream, team=event.team))


def _record_too(batch: Batch, fact: Recorded) -> None:
    """A team that records something of what is shared holds that, whatever becomes of it. Whoever
    sees all teams' gives their own nothing by it."""
    if (row := _first(batch, fact.stream)) and row.shared:
        _hold(batch, row.id, fact.team, fact.by)


def _person(batch: Batch, fact: Recorded) -> None:
    event = fact.event
    _record_too(batch, fact)
    row = _first(batch, fact.stream) or ReachRow(fact.stream, "person", fact.team, fact.by)
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
    if not _first(batch, row.id):
        batch.put(row)
    shared, known_as = sort == "suspect", tuple(sorted(categories))
    _change(batch, row.id, sort=sort, shared=shared, categories=known_as, young=young)
    if (sort in KNOWN) != (row.sort in KNOWN):
        c = ReachRow.table.c
        ties = batch.find(ReachRow, c.sort == "link", (c.a == row.id) | (c.b == row.id))
        for end in sorted({end for tie in ties for end in (tie.a, tie.b) if end}):
            if (thing := _first(batch, end)) and thing.sort == "thing":
                _share(batch, thing, sort in KNOWN or _meets(batch, end, KNOWN))


def _settle(batch: Batch, one: UUID) -> None:
    """A new thing, by the ties that it came with."""
    c = ReachRow.table.c
    for tie in batch.find(ReachRow, c.sort == "link", (c.a == one) | (c.b == one)):
        _hold(batch, one, tie.team, tie.by)
    _change(batch, one, shared=_meets(batch, one, KNOWN) or not _meets(batch, one, HIDDEN))


def _guard(batch: Batch, link: UUID, ends: tuple[UUID, UUID], team: str, by: str) -> None:
    """A thing is shared, unless all it is known for is its tie to somebody who is not: a family's
    phone or a placement says that there is a child. Whoever holds a tie of it holds it too.

    What a new tie changes follows from it and from how the thing stood: of all its ties one more
    is read at most, for a town has thousands.
    """
    for end, other in (ends, ends[::-1]):
        thing, tied = _first(batch, end), _first(batch, other)
        if thing is None or thing.sort != "thing":
            continue
        _hold(batch, end, team, by)
        if tied and tied.sort in KNOWN:
            _share(batch, thing, True)
        elif tied and tied.sort in HIDDEN and thing.shared:
            # a thing that is shared and has a tie has one to somebody who is shared
            _share(batch, thing, _meets(batch, end, KNOWN + HIDDEN, but=link))


def _share(batch: Batch, thing: ReachRow, shared: bool) -> None:
    if shared != thing.shared:
        _change(batch, thing.id, shared=shared)


def _meets(batch: Batch, thing: UUID, sorts: tuple[Sort, ...], but: UUID | None = None) -> bool:
    """Whether a thing is tied to any of these sorts, by another link than this one."""
    c, who = ReachRow.table.c, ReachRow.table.alias()
    tied = (c.sort == "link", who.c.number == 0, who.c.sort.in_(sorts))
    others = (c.id != but,) if but else ()
    return any(
        batch.any(ReachRow, sa.select(c.id).where(end == thing, other == who.c.id, *tied, *others))
        for end, other in ((c.a, c.b), (c.b, c.a))
    )


#: What changes rows that stand: what only enters a new item gives it to be seen, and takes
#: nothing away from anybody.
MOVING: frozenset[type[Event]] = frozenset(
    {
        AgeRecorded,
        AliasAdded,
        AtRiskNamed,
        CaseOpened,
        ClassificationEnded,
        ItemGraded,
        LinkAsserted,
        LinkRetracted,
        MemberNamed,
        MentionConfirmed,
        NoValueAudited,
        ObservationAssessed,
        ObservationRefiled,
        ObservationTriaged,
        ObservationWithdrawn,
        PersonClassified,
        PersonNamed,
        PersonRecorded,
        ReportWithdrawn,
        ThingRecorded,
    }
)
VIEW = View("reach", (ReachRow,), apply, version=3, moved_by=MOVING)
