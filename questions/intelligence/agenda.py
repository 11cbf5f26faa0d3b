"""The agenda of a meeting, put together from the record.

Its parts are, in this order: people for decision, overdue items, news and changes since the last
meeting of this kind, decisions whose result is due, open proposals, unanswered alerts, children and
people to consider, and items that people added. Each part is made for its reader: items that the
reader may not see are neither listed nor counted.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal, get_args
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from access.who_may.decide import decide
from commands.kernel.display_names import visible_names_with_children
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import due, two_person
from domain.kernel.values import Reader
from network.people import alerts, risk
from projections.families import protection
from projections.intelligence import brief, meetings, waiting_for_second
from projections.intelligence.meetings import MeetingRow
from projections.kernel.columns import Column
from projections.kernel.database import Db
from questions.intelligence import for_decision

#: The parts of an agenda, in order.
Part = Literal[
    "people for decision",
    "gone past",
    "new referral",
    "came in",
    "changed",
    "decided before",
    "for a second person",
    "alert",
    "to consider",
    "asked for",
]
PARTS: tuple[Part, ...] = get_args(Part)
#: The largest number of lines of a part; a meeting does not discuss more.
MOST = 50
REFERRALS = frozenset({"case.opened", "case.referral_received"})


class Line(Struct, frozen=True):
    """An item to discuss. `item` is None if the reader may know that the item exists, but may not
    see it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("part", "section"),
        Column("what", "agenda item"),
        Column("about", "about"),
        Column("whose", "owner"),
        Column("when", "date", "moment"),
        Column("item", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    part: Part
    what: str
    about: str | None
    whose: str | None
    when: datetime | None
    item: UUID | None


class Agenda(Struct, frozen=True):
    """The agenda of a meeting. Its news are the changes after `since`; if `since` is None, the
    whole record counts as news.
    """

    since: datetime | None
    lines: tuple[Line, ...]


#: A line of an agenda, before access to its item is checked and its names are looked up.
_Draft = tuple[Part, str, str | None, datetime | None, UUID]


def agenda(desk: Desk, db: Db, reader: Reader, meeting: MeetingRow, now: datetime) -> Agenda:
    """Return the agenda of this meeting, for this reader."""
    since = meetings.before(db, reader, meeting) or brief.read_last_held(db, reader)
    drafts = list(_drafts(desk, db, reader, meeting, since, now))
    items = {draft[-1] for draft in drafts}
    seen = scope.visible_items(db, reader, items)
    names = visible_names_with_children(db, reader, seen)
    lines = (
        Line(
            number, part, description, names.get(item), whose, when, item if item in seen else None
        )
        for number, (part, description, whose, when, item) in enumerate(drafts, start=1)
    )
    return Agenda(since, tuple(lines))


def items(desk: Desk, reader: Reader, meeting: UUID, now: datetime) -> tuple[UUID, ...]:
    """Return the items on the agenda that the reader, who records the meeting, may see."""
    with desk.deciding() as db:
        row = meetings.get(db, reader, meeting)
        if row is None:
            return ()
        full_agenda = agenda(desk, db, reader, row, now)
    return tuple(dict.fromkeys(line.item for line in full_agenda.lines if line.item))


def _drafts(
    desk: Desk,
    db: Db,
    reader: Reader,
    meeting: MeetingRow,
    since: datetime | None,
    now: datetime,
) -> Iterator[_Draft]:
    for person in for_decision.list_first(db, reader, now, MOST)[0]:
        yield "people for decision", _standing(person), person.owner, person.since, person.id
    for late in due.list_overdue(desk, db, reader, since, now, MOST)[0]:
        yield "gone past", late.what, late.whose, late.due, late.item
    yield from _brief(db, reader, since, now)
    for decision in meetings.decisions(db, reader, team=meeting.team, only_open=True)[:MOST]:
        if decision.meeting != meeting.id:
            yield "decided before", decision.words, decision.owner, decision.recorded, decision.id
    for row in waiting_for_second.list_proposals(db, reader)[:MOST]:
        if row.by == reader.name or two_person.may_confirm(db, reader, row):
            yield "for a second person", row.said, row.by, row.since, row.item
    if any(decide(reader, act).allowed for act in ("work", "see-alerts")):
        for alert in alerts.list_alerts(db, reader)[:MOST]:
            yield "alert", alert.kind.replace("-", " "), None, alert.since, alert.case
    yield from _to_consider(db, reader)
    for request in meetings.added(db, reader, meeting.id):
        item = request.case or request.about or request.id
        yield "asked for", request.words, request.by, request.recorded, item


def _standing(row: for_decision.Row) -> str:
    """Return in one line why a person is on a meeting's list of people to decide about (the board):
    the dangers to children or, if there are none, the children linked with the person; then whether
    the decision is overdue, and what is missing before the police can act.
    """
    group = row.group.replace("-", " ")
    missing = f"; missing to act: {', '.join(map(str, row.gaps))}" if row.gaps else ""
    return f"{'; '.join(row.danger or row.who)} ({group}){missing}"


def _brief(db: Db, reader: Reader, since: datetime | None, now: datetime) -> Iterator[_Draft]:
    """Yield lines for the items of a brief since a moment, with referrals in a part of their own.
    Decisions of meetings are left out, because the agenda lists them in another part.
    """
    changes = brief.brief(db, reader, since, now, most=MOST, beyond=0)
    fresh = [row for row in changes.new if row.kind != "meeting"]
    referred = {row.id: row for row in fresh if row.event in REFERRALS}
    for row in referred.values():
        yield "new referral", row.what, row.by, row.recorded, row.id
    for row in fresh:
        if row.event not in REFERRALS:
            yield "came in", row.what, row.by, row.recorded, row.id
    for row in changes.changed:
        if row.kind != "meeting":
            yield "changed", row.what, row.by, row.recorded, row.id


def _to_consider(db: Db, reader: Reader) -> Iterator[_Draft]:
    """Yield children who may be at risk through a suspect and about whom no decision was made."""
    if not decide(reader, "see-risk").allowed:
        return
    through: dict[UUID, set[UUID]] = {}
    risks = risk.children_at_risk(db, reader).rows
    for row in risks:
        if row.suspect and row.suspect not in through:
            through[row.suspect] = set(protection.considered(db, reader, row.suspect))
    open_ones = [row for row in risks if row.id not in through.get(row.suspect or row.id, set())]
    for row in {row.id: row for row in open_ones[:MOST]}.values():
        yield "to consider", f"through {row.suspect_label}: {row.because}", None, None, row.id
