"""Commands for standing searches and standing patterns. A standing search notifies its owner of
each new log entry that contains a text, and a standing pattern of each set of new links that has a
certain shape. Both end after a time.

The file is long because searches and patterns begin, match and notify by the same rules.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Unpack
from uuid import UUID, uuid5

from msgspec import Struct

from commands.kernel.declared import OnNamed, ignoring_desk
from commands.kernel.display_names import visible_names
from commands.kernel.item_references import item, resolve_case
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, LostRace, Receipt, act_on_named, facts
from domain import forms
from domain.intelligence import standing_watch
from domain.intelligence.standing_watch import (
    ENDS_AFTER,
    StandingPatternMet,
    StandingPatternSet,
    StandingSearchSet,
    StandingWatch,
    Whom,
)
from domain.kernel.codes import Shape
from domain.kernel.envelope import CommandReused, Event, Submission
from domain.kernel.values import ENTITY_KINDS, Reader, Refused
from domain.people_and_teams.notifying import WATCH
from projections import due, missing
from projections.due import standing_watches
from projections.due.standing_watches import PatternMatch, PatternRow
from projections.families import family_members
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import accounts

_TRUE = UUID("6f0d9b1e-2a44-5d0b-9a57-8c3e0b7a41c6")


def begin_search(
    desk: Desk,
    reader: Reader,
    case: str,
    text: str,
    reason: str,
    until: datetime | None,
    **command: Unpack[Command],
) -> Receipt:
    """Begin a standing search of log entries until a moment; None means the longest allowed time.

    Raises Refused if the words name a colleague, a parent, or a child who is not missing. People
    hidden from the reader do not count, because a refusal would reveal them.
    """

    def decided(_: StandingWatch) -> tuple[Event, ...]:
        now, filed = desk.clock(), resolve_case(desk, reader, case)
        kind, normal = standing_watch.read(text)
        with desk.deciding() as db:
            named = people.find_by_exact_name(db, reader, normal) if kind == "name" else ()
            who = protected_among(db, reader, named, now, [normal] if kind == "name" else ())
        ends, away = until or now + ENDS_AFTER, next(iter(who.missing), None)
        search = StandingSearchSet(filed, kind, text, normal, ends, reason, away)
        return standing_watch.begin_search(search, now, who)

    return act_on_named(
        desk,
        reader,
        "standing_search.set",
        case,
        lambda: desk.begun(command),
        StandingWatch(),
        standing_watch.evolve,
        decided,
        [text, reason, until],
        **command,
    )


def begin_pattern(
    desk: Desk,
    reader: Reader,
    case: str,
    shape: Shape,
    names: Sequence[str],
    reason: str,
    until: datetime | None,
    **command: Unpack[Command],
) -> Receipt:
    """Begin a standing pattern: notify the reader if links of this shape appear between the named
    people or things, until a moment (None means the longest time allowed). Raises Refused if
    `domain.intelligence.standing_watch.begin_pattern` does; the message gives only facts that the
    reader may know.
    """

    def decided(_: StandingWatch) -> tuple[Event, ...]:
        now, filed = desk.clock(), resolve_case(desk, reader, case)
        with desk.deciding() as db:
            entity_ids = tuple(item(desk, db, reader, text, *ENTITY_KINDS) for text in names)
            entities = people.entities(db, reader, entity_ids)
            whom = protected_among(db, reader, entity_ids, now)
            ends, away = until or now + ENDS_AFTER, tuple(whom.missing)
            wanted = StandingPatternSet(filed, shape, entity_ids, ends, reason, away)
            kinds = [entities[entity_id].kind for entity_id in entity_ids]
            return standing_watch.begin_pattern(
                wanted, kinds, now, whom, lambda: _holds(desk, db, reader, wanted, now)
            )

    return act_on_named(
        desk,
        reader,
        "standing_pattern.set",
        case,
        lambda: desk.begun(command),
        StandingWatch(),
        standing_watch.evolve,
        decided,
        [shape, list(names), reason, until],
        **command,
    )


def _holds(desk: Desk, db: Db, reader: Reader, wanted: StandingPatternSet, now: datetime) -> bool:
    who = (reader.name, reader.team, reader.controller, reader.regime)
    fields = (wanted.reason, now, wanted.until)
    row = PatternRow(UUID(int=0), wanted.case, wanted.shape, wanted.about, *who, *fields)
    return desk.holds(db, reader, row) is not None


def protected_among(
    db: Db, reader: Reader, ones: Collection[UUID], now: datetime, names: Collection[str] = ()
) -> Whom:
    """Return the kinds of protected people among these people: colleagues, parents or other family
    members, and children. A person counts as a colleague if an account has one of the person's
    names, or one of the further `names`. Also return the children's cases, if all of the children
    are missing.
    """
    lead = people.leaders(db, reader, ones)
    entities = people.entities(db, reader, lead, as_at=now)
    persons = {person: entity for person, entity in entities.items() if entity.kind == "person"}
    called = {forms.name(name) for entity in persons.values() for name in entity.names}
    children = {lead[person] for person, entity in persons.items() if entity.is_child}
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
    """Return whether an account belongs to a person with one of these names: the account "ds.hart"
    belongs to "hart".
    """
    names = (forms.name(account.user.replace(".", " ")) for account in accounts.list_accounts(db))
    return any(name in called or name.partition(" ")[2] in called for name in names)


#: End a standing search.
end_search = OnNamed(
    "standing_search.end",
    "standing-search",
    StandingWatch(),
    standing_watch.evolve,
    ignoring_desk(standing_watch.end_search),
)

#: End a standing pattern.
end_pattern = OnNamed(
    "standing_pattern.end",
    "standing-pattern",
    StandingWatch(),
    standing_watch.evolve,
    ignoring_desk(standing_watch.end_pattern),
)


# --- notification -------------------------------------------------------------------------------


def record_matches(desk: Desk) -> int:
    """Record each standing pattern that the network of links now contains, as far as the pattern's
    owner sees the network; return how many were recorded. Each match is recorded only once.

    A match is not recorded if the owner has left, or if the rules now protect a person in the
    pattern. Raises LogUnavailable.
    """
    now, count = desk.clock(), 0
    matches: list[tuple[PatternRow, PatternMatch, Whom]] = []
    # of the views of the access log, only this one is read
    with desk.looked(due.JOINED_VIEW) as db:
        for row in standing_watches.patterns_to_check(db, now):
            owner = _owner(db, row, now)
            if match := desk.holds(db, owner, row):
                matches.append((row, match, protected_among(db, owner, row.about, now)))
    for row, match, whom in matches:
        # skip a pattern that another process has recorded, or that was erased
        with suppress(LostRace, CommandReused, Refused):
            count += _tell(desk, row, StandingPatternMet(match.links, match.found), whom)
    return count


def _tell(desk: Desk, row: PatternRow, true: StandingPatternMet, whom: Whom) -> bool:
    state, version = desk.fold(row.id, StandingWatch(), standing_watch.evolve)
    events = standing_watch.record_match(state, true, whom)
    if events:
        watching = Reader(WATCH, row.team, row.controller, row.regime, assessor=False)
        match_command = uuid5(_TRUE, str(row.id))
        made = facts(watching, row.id, version, events)
        submission = Submission(match_command, desk.digest("standing_pattern.meet", row.id), made)
        desk.save([Prepared(row.id, {"evidence": submission}, watching)])
    return bool(events)


def _owner(db: Db, row: PatternRow, now: datetime) -> Reader:
    label = Reader(row.owner, row.team, row.controller, row.regime, assessor=False)
    return accounts.reader(db, label, now)


# --- reading ------------------------------------------------------------------------------------


class MatchedPattern(Struct, frozen=True):
    """A standing pattern that came true, and the links that made it true."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "pattern"),
        Column("owner", "owner"),
        Column("case", "case", "id"),
        Column("reason", "reason"),
        Column("until", "until", "moment"),
        Column("met", "occurred", "moment"),
        Column("by", "links"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("until", "id")
    id: UUID
    case: UUID
    what: str
    owner: str
    reason: str
    until: datetime
    met: datetime | None
    by: tuple[str, ...]


def list_patterns(db: Db, reader: Reader, now: datetime) -> list[MatchedPattern]:
    """Return the current standing patterns whose people and items the reader may see; those that
    end first are first. Only a reader who may see all of its links learns whether a pattern
    matched, and by which links.
    """
    rows = standing_watches.running_patterns(db, reader, now)
    names = visible_names(
        db, reader, {entity_id for row in rows for entity_id in (*row.about, *row.links)}
    )
    patterns = []
    for row in rows:
        if set(row.about) <= names.keys():
            true = row.met and set(row.links) <= names.keys()
            by = tuple(names[link] for link in row.links) if true else ()
            description = _said(row, names)
            patterns.append(
                MatchedPattern(
                    row.id,
                    row.case,
                    description,
                    row.owner,
                    row.reason,
                    row.until,
                    row.met if true else None,
                    by,
                )
            )
    return patterns


def describe_matches(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return, for each standing pattern that the reader may see in full, one line with the links
    that matched it.
    """
    rows = standing_watches.patterns_of(db, reader, ids)
    named = {entity_id for row in rows for entity_id in (*row.about, *row.links, *row.found)}
    names = visible_names(db, reader, named)
    return {
        row.id: f"{_said(row, names)}: {'; '.join(names[link] for link in row.links)}"
        for row in rows
        if {*row.about, *row.links} <= names.keys()
    }


def _said(row: PatternRow, names: dict[UUID, str]) -> str:
    who = " and ".join(names[entity_id] for entity_id in row.about)
    match row.shape:
        case "connected":
            return f"{who} are connected"
        case "third-child":
            return f"a third child is linked to {who}"
        case "new-town":
            towns = ", ".join(names[entity_id] for entity_id in row.found if entity_id in names)
            return f"{who} met in a new town" + (f", {towns}" if towns else "")
