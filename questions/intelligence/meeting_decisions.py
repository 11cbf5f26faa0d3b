"""The decisions that a meeting has to make: items that are due before the next meeting, with their
people, owners and dates."""

from datetime import datetime, timedelta
from uuid import UUID

from access.who_may import scope
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import due
from domain.intelligence import for_decision as rules
from domain.kernel.codes import Clock
from domain.kernel.values import Reader
from network.over_time.brief_rows import ELSE, Draft, Place, WantedDecision
from network.over_time.news import Networks, cases_of, names_of
from network.query.safe_text import single_line
from projections.intelligence import links
from projections.kernel.database import Db
from questions.intelligence import for_decision

#: A meeting discusses items that are due within this time, because the next meeting would be too
#: late.
SOON = timedelta(days=7)
#: Types of deadline that concern a worker and not a family or a person; no meeting decides about
#: them.
OF_WORKERS: frozenset[Clock] = frozenset(
    {"supervision", "charter", "glass-review", "copy-destroyed", "target-told"}
)
#: The type of deadline for people about whom a meeting has to decide. Readers who see the network
#: get these people, with reasons, from `people_for_decision` instead.
PERSON: frozenset[Clock] = frozenset({"person-undecided"})
NOT_GIVEN = "no owner yet"
#: The largest number of due items of each kind; a meeting does not decide about more.
MOST = 50


def dues(
    desk: Desk,
    db: Db,
    reader: Reader,
    drafts: dict[Place, Draft],
    networks: Networks | None,
    since: datetime | None,
    now: datetime,
    most: int,
) -> tuple[tuple[UUID, ...], bool]:
    """Add items that are overdue, waiting, or due before the next meeting to the `drafts` of a
    brief's parts, each with its owner and due date. Return the ids of the deadlines that were
    added, and whether there are further items.
    """
    many = min(most, MOST)
    left_out = OF_WORKERS | PERSON if networks else OF_WORKERS
    rows, more = due.list_between(desk, db, reader, since, now + SOON, now, many, left_out)
    out = links.restricted(db, {row.item for row in rows})
    # restricted items are not shown in the papers of a meeting, although their deadlines continue
    rows = [row for row in rows if row.item not in out]
    seen = scope.visible_items(db, reader, {row.item for row in rows})
    of_case = cases_of(db, reader, seen)
    if networks:
        networks.know(seen)
    for row in due.with_family_names(desk, db, reader, rows, of_case):
        there = row.item in seen
        case = of_case.get(row.item) if there else None
        place: Place = ("child", case) if case else ELSE
        if there and not case and networks:
            place = networks.place(row.item)
        words = f"{row.what[0].upper()}{row.what[1:]}"
        if row.about and not case:
            words = f"{words}: {single_line(row.about, 120)}"
        names = names_of(case, row.item) if there else ()
        drafts[place].wanted.append(
            WantedDecision(0, "", words, row.whose, row.due, row.item, names)
        )
    return tuple(row.id for row in rows), more


def people_for_decision(
    db: Db, reader: Reader, drafts: dict[Place, Draft], networks: Networks, now: datetime, most: int
) -> None:
    """Add each person about whom a meeting has to decide to the brief's part about the person's
    network. Each is added with the reason for a decision and with what is missing before the police
    can act.
    """
    rows = for_decision.list_first(db, reader, now, most)[0]
    networks.know({row.id for row in rows})
    for row in rows:
        tied = f"linked to {', '.join(row.who)}" if row.who else "linked to a child"
        danger = f" In danger: {'; '.join(row.danger)}." if row.danger else ""
        missing = f" Gaps before action: {'; '.join(map(str, row.gaps))}." if row.gaps else ""
        speaks = f" Factors against: {'; '.join(map(str, row.against))}." if row.against else ""
        words = f"Decide about {single_line(row.label, 60)}, {tied}.{danger}{speaks}{missing}"
        lacking = (item for gap in row.gaps for item in gap.ids)
        names = names_of(row.id, *row.children, *row.why, *lacking)
        by = row.since if row.danger else row.since + rules.WITHIN
        owner = row.owner or NOT_GIVEN
        drafts[networks.place(row.id)].wanted.append(
            WantedDecision(0, "", words, owner, by, row.id, names)
        )
