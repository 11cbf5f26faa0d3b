"""Access to items: the team and the case of each item, and whether all teams share the item.

The view has a row for every item that people can name, and a further row for each other team or
case to which the item belongs: for example, for a child with cases in two teams, or a phone that
two teams recorded. `access.who_may.scope` uses this table in every query. The view is therefore
updated before all others, and an item without a row is visible to no reader.

The file is long because it is one view.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import force_setattr, replace

from access.ids import Id
from access.who_may.labels import label
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.families import supervision
from domain.families.charter import CharterAcknowledged
from domain.families.family_member import (
    AtRiskNamed,
    MemberNamed,
)
from domain.families.referral import CaseOpened, WorkerAllocated
from domain.families.supervision import SupervisionTold
from domain.information.observation import (
    MentionConfirmed,
    NoValueAudited,
    ObservationAssessed,
    ObservationMoved,
    ObservationRecorded,
    ObservationTriaged,
    ObservationWithdrawn,
    SourceTransferred,
)
from domain.intelligence.entity import (
    AgeStated,
    CategoryChanged,
    NameAdded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.intelligence_report import ItemGraded, ReportWithdrawn
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.intelligence.meeting import BoardKept, Decided, ItemAdded, MeetingCalled
from domain.intelligence.saved_map import ChartNoted, ChartSaved
from domain.kernel.acts import Sort
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import (
    CLEARED_CATEGORIES,
    OFFENDER_CATEGORIES,
    VICTIM_CATEGORIES,
    EntityKind,
    HandlingCode,
    PoleCategory,
)
from domain.people_and_teams.report_card import TargetSet
from domain.people_and_teams.team_practice import CapacitySet, LettersRuled, ThresholdsDefined
from projections.kernel.batch import RowBatch
from projections.kernel.schema import View, rows

#: People recorded in one of these categories are visible to all teams, not only to the team that
#: recorded them; except children who are to be protected.
SHARED_CATEGORIES: frozenset[PoleCategory] = (
    OFFENDER_CATEGORIES | CLEARED_CATEGORIES | {"associate"}
)
#: A thing with a link to an item of one of the sorts in `KNOWN` is shared between teams, because
#: the link reveals nothing secret. A thing with links only to items of the sorts in `HIDDEN`, such
#: as a child, is not shared, because it would reveal them.
KNOWN: tuple[Sort, ...] = ("suspect", "thing")
HIDDEN: tuple[Sort, ...] = ("child", "person", "incident")
#: A team that recorded a link to an item of one of these sorts may also see the item.
HELD: tuple[Sort, ...] = ("thing", "incident")
ADULT_AT = 18
#: Triage outcomes after which a log entry still waits for an assessor's decision.
STILL_OPEN = ("assess", "more-needed")


@rows(
    "reach",
    key=("id", "number"),
    index=(
        ("moved",),
        # with this index, access/who_may/conditions.py finds all items that one worker may see
        ("by", "case"),
        ("team", "sort"),
    ),
    sparse=(("report",), ("a",), ("b",), ("case",)),
)
class ReachRow(Struct, frozen=True):
    """The team and the author of an item, and the facts that decide who may see the item.

    A link has its two ends (`a`, `b`) and the report that graded it. For an entry of the source
    register, `report` is the observation that the entry is about. The sort of a person follows from
    `categories` and from whether the person is under age (`young`). `moved` is the position in the
    log of the last change of the row. `restricted` means that the item is restricted.
    """

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
    moved: int = 0
    restricted: bool = False

    def __post_init__(self) -> None:
        values = (self.sort, self.team, self.by, self.case, self.shared, self.handling)
        force_setattr(self, "label", label(*values, self.waiting, self.assessor))


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, event = fact.stream, fact.event
    batch.at = fact.seq
    match event:
        case ObservationRecorded():
            _enter(batch, fact, "words", case=event.case, waiting=True)
            _sources(batch, fact, event.entry, event.case, event.root, event.chain)
        case SourceTransferred() if words := _first(batch, item):
            _sources(batch, fact, event.entry, words.case, event.root, event.chain)
        case ObservationMoved():
            _filed(batch, fact, event.case)
        case ObservationAssessed():
            _change(batch, item, waiting=False, assessor=fact.by)
        case ObservationTriaged() | NoValueAudited() | ObservationWithdrawn():
            _waits(batch, fact)
        case ItemGraded():
            _graded(batch, fact, event)
        case ReportWithdrawn():
            for link in batch.having(ReachRow, report=item):
                _put(batch, replace(link, shared=False, handling=None, report=None, item=None))
        case LinkRetracted():
            _change(batch, item, shared=False)
        case LinkAsserted():
            _link(batch, fact, event)
        case IdentityJudged():
            _enter(batch, fact, "judgement", shared=True, a=event.a, b=event.b)
        case AgeStated() | CategoryChanged():
            _person(batch, fact)
        case NameAdded():
            _record_too(batch, fact)
        case ThingRecorded():
            _add_thing(batch, fact, event.kind)
        case MentionConfirmed():
            words, named = _first(batch, item), _first(batch, event.entity)
            if words and named and named.sort == "thing":
                _add_holder(batch, named.id, words.team, fact.by)
        case CaseOpened():
            _put(batch, ReachRow(item, "case", event.team, fact.by, case=item))
            _child(batch, fact, event)
        case _:
            _update_other_items(batch, fact)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the rows of these facts' items and of the ends of new links, and the links of
    people whose facts may change whether they are shared.
    """
    items = dict.fromkeys(fact.stream for fact in facts)
    for fact in facts:
        if isinstance(fact.event, LinkAsserted):
            items |= dict.fromkeys((fact.event.a, fact.event.b))
    batch.read(ReachRow, items, 0)
    sorting = AgeStated, CategoryChanged
    people = (fact.stream for fact in facts if isinstance(fact.event, sorting))
    batch.either(ReachRow, dict.fromkeys(people), sort="link")


def _filed(batch: RowBatch, fact: Recorded, case: UUID | None) -> None:
    """Move an observation, and its sources, to another case and to that case's team. If `case` is
    None, the observation belongs to no case and stays with its present team.
    """
    item, changes = fact.stream, dict[str, Any](case=case)
    if case:
        changes["team"] = _team(batch, case) or fact.team
    _change(batch, item, **changes)
    for entry in batch.having(ReachRow, report=item, sort="source"):
        _put(batch, replace(entry, **changes))


def _put(batch: RowBatch, row: ReachRow) -> None:
    """Write a row, whether it is new or changed."""
    batch.put(replace(row, moved=batch.at))


def _update_other_items(batch: RowBatch, fact: Recorded) -> None:
    """Update who may see items that a charity's record, a meeting, a chart, supervision or a
    restriction is about.

    A person who is named as a member of a family belongs to the family's case, because all workers
    of the case know of the person.
    """
    if sort := fact.event.meaning.reach:
        _enter(batch, fact, sort, case=getattr(fact.event, "case", None))
    match fact.event:
        case MemberNamed() | AtRiskNamed() as event:
            row = _first(batch, event.case)
            if row and _first(batch, event.person):
                _add_holder(batch, event.person, row.team, fact.by, event.case)
        case MeetingCalled() as event:
            _put(batch, ReachRow(fact.stream, "meeting", event.team, fact.by))
        case ItemAdded() | Decided() as event:
            _at_meeting(batch, fact, event.meeting, event.case, event.about)
        case WorkerAllocated() | SupervisionTold() | CharterAcknowledged() as event:
            _worker(batch, fact, event.worker)
        case TargetSet() as event:
            _put(batch, ReachRow(fact.stream, "target", event.team, fact.by))
        case CapacitySet() | ThresholdsDefined() | LettersRuled() as event:
            _put(batch, ReachRow(fact.stream, "target", event.team, fact.by))
        case BoardKept() as event:
            _at_meeting(batch, fact, event.meeting, event.case, None)
        case ChartSaved() as event:
            _chart(batch, fact, event.focus)
        case ChartNoted() as event:
            _note(batch, fact, event)
        case RestrictionChanged() as event:
            for row in _rows(batch, event.item):
                batch.put(replace(row, restricted=event.placed))


def _worker(batch: RowBatch, fact: Recorded, worker: str) -> None:
    """Let a worker, and the teams for which the worker works, see the records of the worker's
    supervision."""
    item, team = supervision.stream(worker), _team(batch, fact.stream) or fact.team
    if _first(batch, item):
        _add_holder(batch, item, team, worker)
    else:
        _put(batch, ReachRow(item, "supervision", team, worker))


def _chart(batch: RowBatch, fact: Recorded, focus: UUID | None) -> None:
    """Let the team that first saved a chart see it. Of a chart around a person or thing (`focus`),
    only members of the team who see that item see the chart.
    """
    row = _first(batch, fact.stream) or ReachRow(fact.stream, "chart", fact.team, fact.by)
    sort: Sort = "chart-around" if focus else "chart"
    _put(batch, replace(row, sort=sort, a=focus, b=focus))


def _note(batch: RowBatch, fact: Recorded, event: ChartNoted) -> None:
    """Let the readers of a chart see a note on it if they see the person or thing that the note is
    about. A note about a link that the chart's team does not see is visible only to its author.
    """
    team, row = _team(batch, event.chart) or fact.team, _first(batch, event.of)
    a, b = (row.a, row.b) if row and row.sort == "link" else (event.of, event.of)
    theirs = any(
        access_row.sort != "link"
        or access_row.team == team
        or (access_row.shared and access_row.handling != "C")
        for access_row in _rows(batch, event.of)
    )
    if not theirs:
        team = ""
    _put(batch, ReachRow(fact.stream, "chart-around", team, fact.by, a=a, b=b))


def _at_meeting(
    batch: RowBatch, fact: Recorded, meeting: UUID, case: UUID | None, about: UUID | None
) -> None:
    """Let readers see a meeting's record (such as an agenda item or a decision) if they see the
    family, person or item that it is about. If it is about none of these, let all readers of the
    meeting see it.
    """
    team = _team(batch, case or meeting) or fact.team
    sort: Sort = "decision" if case else "tasking" if about else "meeting"
    _put(batch, ReachRow(fact.stream, sort, team, fact.by, case=case, a=about, b=about))


def _waits(batch: RowBatch, fact: Recorded) -> None:
    """Mark an observation as waiting for an assessor, or, if its triage was drawn for audit, for
    the auditor."""
    match fact.event:
        case ObservationTriaged() as event if event.outcome not in STILL_OPEN:
            _change(batch, fact.stream, waiting=event.sampled, assessor=fact.by)
        case NoValueAudited() as event:
            _change(batch, fact.stream, waiting=event.answer == "assess")
        case ObservationWithdrawn(ground="parent-wishes"):
            pass  # the police retain the information, so the readers of the entry do not change
        case ObservationWithdrawn(ground="recorded-in-error"):
            _change(batch, fact.stream, waiting=False, assessor=fact.by)
        case ObservationWithdrawn():
            _change(batch, fact.stream, waiting=False)


def _team(batch: RowBatch, case: UUID | None) -> str | None:
    """Return the team of a case. An item filed under the case belongs to this team, even if another
    team recorded it."""
    row = _first(batch, case) if case else None
    return row.team if row else None


def _first(batch: RowBatch, item: UUID) -> ReachRow | None:
    """Return the first row of an item, which is about the team that first recorded the item."""
    return batch.get(ReachRow, item, 0)


def _add_holder(batch: RowBatch, item: UUID, team: str, by: str, case: UUID | None = None) -> None:
    """Let a further team see this item, under this case or under no case."""
    first, *others = _rows(batch, item)
    for row in (first, *others):
        if row.team == team and case in (None, row.case):
            return
    more = first.more + 1
    _put(batch, replace(first, team=team, by=by, case=case, number=more, more=0))
    _put(batch, replace(first, more=more))


def _rows(batch: RowBatch, item: UUID) -> list[ReachRow]:
    first = _first(batch, item)
    numbers = range(first.more + 1) if first else ()
    return [row for number in numbers if (row := batch.get(ReachRow, item, number))]


def _enter(
    batch: RowBatch, fact: Recorded, sort: Sort, *, case: UUID | None = None, **told: Any
) -> None:
    team = _team(batch, case) or fact.team
    _put(batch, ReachRow(fact.stream, sort, team, fact.by, case=case, **told))


def _sources(
    batch: RowBatch,
    fact: Recorded,
    entry: UUID | None,
    case: UUID | None,
    root: UUID | None,
    chain: Iterable[UUID],
) -> None:
    """Let readers who see an observation see its sources: its entry in the source register, and the
    tokens of the people from whom the information came.
    """
    team = _team(batch, case) or fact.team
    if entry:
        _put(batch, ReachRow(entry, "source", team, fact.by, case=case, report=fact.stream))
    for token in {*chain, *([root] if root else [])}:
        if not _first(batch, token):
            _put(batch, ReachRow(token, "source", team, fact.by, case=case))


def _change(batch: RowBatch, item: UUID, /, **changes: Any) -> None:
    for row in _rows(batch, item):
        _put(batch, replace(row, **changes))


def _graded(batch: RowBatch, fact: Recorded, event: ItemGraded) -> None:
    """Give a report the strictest handling code of its items; a link gets the code of its own
    item."""
    handling = event.handling.code
    if (report := _first(batch, fact.stream)) and report.handling != "C":
        _put(batch, replace(report, handling=handling))
    if event.reason:  # a later grade; the first one has no reason
        for link in batch.having(ReachRow, report=fact.stream, item=event.item):
            _put(batch, replace(link, handling=handling))


def _link(batch: RowBatch, fact: Recorded, event: LinkAsserted) -> None:
    """Let the teams to which a link's observation, report or exhibit belongs see the link."""
    item, basis = fact.stream, event.observation or event.exhibit or event.report
    rests = _first(batch, basis) if basis else None
    team, case = (rests.team, rests.case) if rests else (fact.team, None)
    if _first(batch, item):
        _add_holder(batch, item, team, fact.by, case)
    else:
        _put(batch, ReachRow(item, "link", team, fact.by, case=case, a=event.a, b=event.b))
    _change(
        batch,
        item,
        shared=event.grade is not None,
        handling=event.handling,
        report=event.report,
        item=event.item,
    )
    _guard(batch, item, (event.a, event.b), team, fact.by)


def _child(batch: RowBatch, fact: Recorded, event: CaseOpened) -> None:
    """Let the workers of a child's case see the child, in addition to other cases and teams that
    recorded the child.
    """
    child = _first(batch, event.child)
    if child and (child.case or child.team != event.team):
        _add_holder(batch, child.id, event.team, fact.by, fact.stream)
    else:
        child = child or ReachRow(event.child, "child", event.team, fact.by)
        _put(batch, replace(child, case=fact.stream, team=event.team))


def _record_too(batch: RowBatch, fact: Recorded) -> None:
    """Let a team that adds a record to a shared item see the item, so that the team still sees it
    if it is no longer shared.
    """
    if (row := _first(batch, fact.stream)) and row.shared:
        _add_holder(batch, row.id, fact.team, fact.by)


def _person(batch: RowBatch, fact: Recorded) -> None:
    event = fact.event
    _record_too(batch, fact)
    row = _first(batch, fact.stream) or ReachRow(fact.stream, "person", fact.team, fact.by)
    categories, young = {*row.categories}, row.young
    match event:
        case AgeStated():
            if event.born is not None:
                on = fact.recorded.date()
                years = on.year - event.born.year
                years -= (on.month, on.day) < (event.born.month, event.born.day)
                young = years < ADULT_AT
            elif event.under_18 is not None:
                young = event.under_18
        case CategoryChanged():
            categories = {*event.applied_to(cast(tuple[PoleCategory, ...], row.categories))}
    suspected = bool(categories & SHARED_CATEGORIES)
    child = bool(categories & VICTIM_CATEGORIES) or bool(young and not suspected)
    sort: Sort = "child" if child else "suspect" if suspected else "person"
    if not _first(batch, row.id):
        _put(batch, row)
    shared, known_as = sort == "suspect", tuple(sorted(categories))
    _change(batch, row.id, sort=sort, shared=shared, categories=known_as, young=young)
    if (sort in KNOWN) != (row.sort in KNOWN):
        ends = {end for tie in _ties(batch, row.id) for end in (tie.a, tie.b) if end}
        for end in sorted(ends):
            if (item_row := _first(batch, end)) and item_row.sort == "thing":
                _share(batch, item_row, sort in KNOWN or _meets(batch, end, KNOWN))


def _add_thing(batch: RowBatch, fact: Recorded, kind: EntityKind) -> None:
    """Add a thing, which all teams share. An incident is not shared, because its name is a person's
    words."""
    incident = kind == "incident"
    _enter(batch, fact, "incident" if incident else "thing", shared=not incident)
    _settle(batch, fact.stream)  # the same command may have recorded a link before


def _settle(batch: RowBatch, item: UUID) -> None:
    """Let teams see a new item if they recorded links with it in the same command. For a thing,
    also set whether it is shared between teams.
    """
    ties = _ties(batch, item)
    for tie in ties:
        _add_holder(batch, item, tie.team, tie.by)
    if (item_row := _first(batch, item)) and item_row.sort == "thing":
        ends = [tie.b if tie.a == item else tie.a for tie in ties]
        sorts = {row.sort for end in ends if end and (row := _first(batch, end))}
        shared_sorts, hidden = sorts.intersection(KNOWN), sorts.intersection(HIDDEN)
        _change(batch, item, shared=bool(shared_sorts) or not hidden)


def _ties(batch: RowBatch, item: UUID) -> list[ReachRow]:
    """Return the rows of an item's links: for each link, a row for each team that sees the link."""
    return batch.either(ReachRow, [item], sort="link")


def _guard(batch: RowBatch, link: UUID, ends: tuple[UUID, UUID], team: str, by: str) -> None:
    """Share a thing between teams because of a new link, or no longer share it. A thing is not
    shared if it is linked only to people who are not shared: a family's phone or a placement would
    reveal a child. Teams that see a link of the thing also see the thing.

    The effect depends only on the new link and on whether the thing is shared now. At most one of
    the thing's other links is read, because a town has thousands.
    """
    for end, item in (ends, ends[::-1]):
        item_row, tied = _first(batch, end), _first(batch, item)
        if item_row is None or item_row.sort not in HELD:
            continue
        _add_holder(batch, end, team, by)
        if item_row.sort == "incident":
            continue
        if tied and tied.sort in KNOWN:
            _share(batch, item_row, True)
        elif tied and tied.sort in HIDDEN and item_row.shared:
            # the thing stays shared if it also has another link
            _share(batch, item_row, _meets(batch, end, KNOWN + HIDDEN, but=link))


def _share(batch: RowBatch, thing: ReachRow, shared: bool) -> None:
    if shared != thing.shared:
        _change(batch, thing.id, shared=shared)


def _meets(batch: RowBatch, thing: UUID, sorts: tuple[Sort, ...], but: UUID | None = None) -> bool:
    """Return whether the thing has a link, other than the link `but`, to an item of one of these
    sorts."""
    values = {"thing": thing, "but": but or thing}
    return any(batch.select_rows(_query_linked(sorts, end), values, ReachRow) for end in ("a", "b"))


@cache
def _query_linked(sorts: tuple[Sort, ...], end: str) -> sa.Select[Any]:
    """Return the query that finds whether a thing has a link to an item of one of these sorts,
    other than the link in the parameter `but`. The thing is at the end `end` of the link ("a" or
    "b").
    """
    c, who = ReachRow.table.c, ReachRow.table.alias()
    other = c["b" if end == "a" else "a"]
    item_parameter, but = sa.bindparam("thing", type_=Id), sa.bindparam("but", type_=Id)
    tied = c.sort == "link", who.c.number == 0, sa.or_(*(who.c.sort == sort for sort in sorts))
    return (
        sa.select(c.id)
        .where(c[end] == item_parameter, other == who.c.id, c.id != but, *tied)
        .limit(1)
    )


#: Events that may change existing rows and so take access from a reader. All other events only add
#: rows, which make items visible.
MOVING: frozenset[type[Event]] = frozenset(
    {
        AgeStated,
        AtRiskNamed,
        CaseOpened,
        CategoryChanged,
        ChartNoted,
        ChartSaved,
        ItemGraded,
        LinkAsserted,
        LinkRetracted,
        MemberNamed,
        MentionConfirmed,
        NoValueAudited,
        ObservationAssessed,
        NameAdded,
        ObservationMoved,
        ObservationTriaged,
        ObservationWithdrawn,
        ReportWithdrawn,
        RestrictionChanged,
        ThingRecorded,
    }
)
VIEW = View("reach", (ReachRow,), apply, version=4, moved_by=MOVING, ahead=ahead)
