"""Standing searches: a watch for a plate, a number, an account or a name, until it arrives or
expires.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Unpack
from uuid import UUID

from commands.kernel.declared import OnNamed, ignoring_desk
from commands.kernel.item_references import resolve_case
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named
from domain import forms
from domain.intelligence import standing_search
from domain.intelligence.standing_search import StandingSearch, StandingSearchSet
from domain.intelligence.watch_limits import ENDS_AFTER, Whom
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections import missing
from projections.families import family_members
from projections.intelligence import people
from projections.kernel.database import Db
from projections.people_and_teams import accounts


def begin(
    desk: Desk,
    reader: Reader,
    case: str,
    what: str,
    reason: str,
    until: datetime | None,
    **command: Unpack[Command],
) -> Receipt:
    """Set a standing search until a moment (None: the longest allowed time). Raises Refused for a
    colleague, a parent, and a child who is not missing, as far as the reader may know of them.
    """

    def decided(_: StandingSearch) -> tuple[Event, ...]:
        now, filed = desk.clock(), resolve_case(desk, reader, case)
        kind, normal = standing_search.read(what)
        with desk.deciding() as db:
            named = people.find_by_exact_name(db, reader, normal) if kind == "name" else ()
            who = whom(db, reader, named, now, [normal] if kind == "name" else ())
        ends, away = until or now + ENDS_AFTER, next(iter(who.missing), None)
        search = StandingSearchSet(filed, kind, what, normal, ends, reason, away)
        return standing_search.begin(search, now, who)

    return act_on_named(
        desk,
        reader,
        "standing_search.set",
        case,
        lambda: desk.begun(command),
        StandingSearch(),
        standing_search.evolve,
        decided,
        [what, reason, until],
        **command,
    )


def whom(
    db: Db, reader: Reader, ones: Collection[UUID], now: datetime, names: Collection[str] = ()
) -> Whom:
    """Return which protected people are among these items, each with all merged records, and
    whether one of them, or of the `names`, is a colleague.
    """
    lead = people.leaders(db, reader, ones)
    found = people.entities(db, reader, lead, as_at=now)
    persons = {one: entity for one, entity in found.items() if entity.kind == "person"}
    called = {forms.name(told) for entity in persons.values() for told in entity.names}
    children = {lead[one] for one, entity in persons.items() if entity.is_child}
    rows = missing.now(db, reader) if children else []
    away = {lead[row.child]: row.case for row in rows if row.child in lead}
    cases = tuple(away[child] for child in sorted(children) if child in away)
    return Whom(
        colleague=is_colleague(db, called.union(names)),
        parent=family_members.is_kin(db, reader, persons),
        child=bool(children),
        missing=cases if len(cases) == len(children) else (),
    )


def is_colleague(db: Db, called: Collection[str]) -> bool:
    """True if an account has one of these names: "ds.hart" is "hart"."""
    names = (forms.name(one.user.replace(".", " ")) for one in accounts.list_accounts(db))
    return any(name in called or name.partition(" ")[2] in called for name in names)


#: End a standing search.
end = OnNamed(
    "standing_search.end",
    "standing-search",
    StandingSearch(),
    standing_search.evolve,
    ignoring_desk(standing_search.end),
)
