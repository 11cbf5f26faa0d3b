"""Commands for access beyond a user's role: emergency access, authorities (access to a case for a
time), and single entries of the source register.

Users state a reason before they see anything, and another person reviews the access afterwards. The
reviewers, and the people responsible for the case, can see open grants and pending reviews.

The file is long because each of three kinds of grant has its own commands to start, use and end it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Literal, Unpack
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from access.who_may import scope
from access.who_may.decide import Thing, decide, require
from commands.kernel import item_references
from commands.kernel.colleague import suggest_colleagues
from commands.kernel.declared import OnNamed, ignoring_desk, with_name
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.clocks import CLOCKS
from domain.information.observation import ObservationRecorded
from domain.kernel.acts import Act
from domain.kernel.codes import AuthorityFor, Judged
from domain.kernel.envelope import Event
from domain.kernel.values import Reader, Refused, Role
from domain.people_and_teams import grant
from domain.people_and_teams.grant import Grant
from projections.families import cases
from projections.kernel import item_ids
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.people_and_teams import accounts
from projections.people_and_teams.accounts import GrantKind, GrantRow

GRANTS = UUID("8b1f6f0e-2f53-5d0b-9a3f-6a0d6c1b7e41")
#: The purposes of an authority (access to a case for a time), each with the role of the users who
#: may get it.
HOLDERS: dict[AuthorityFor, Role] = {"audit": "auditor", "disclosure": "disclosure-officer"}
#: The smallest number of final digits of an id by which a second person may name a request to open
#: a source's entry.
LEAST_DIGITS = 8

AUTHORITIES: tuple[GrantKind, ...] = ("audit", "disclosure")

State = Literal["waits", "open", "over", "justified", "not-justified"]


class OpenedAccess(Struct, frozen=True):
    """One grant of access beyond a role, with its users and its reason. `item` is a case, or an
    entry of the source register. `due` is the time by which the access has to be reviewed; None for
    an authority (access to a case for a time), which needs no review.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("since", "since", "moment"),
        Column("kind", "kind of access"),
        Column("item", "item", "id"),
        Column("whom", "user"),
        Column("until", "until", "moment"),
        Column("state", "state"),
        Column("due", "review due", "moment"),
        Column("overdue", "overdue", "mark"),
        Column("reason", "reason"),
    )
    order: ClassVar[tuple[str, ...]] = ("since", "id")
    id: UUID
    kind: GrantKind
    item: UUID
    who: tuple[str, ...]
    by: str
    reason: str
    since: datetime
    until: datetime | None
    state: State
    due: datetime | None
    overdue: bool

    @property
    def whom(self) -> str:
        """Return the users of the grant of access, as text."""
        return " and ".join(self.who)


# --- emergency access -----------------------------------------------------------------------------


def break_glass(
    desk: Desk, reader: Reader, case: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Give the reader emergency access to one case for an hour, and alert the people responsible
    for the case.

    The access is recorded before the reader sees anything of the case. Raises Refused if there is
    no reason, Hidden for a case that is not recorded.
    """
    require(reader, "break-glass")

    def find_case() -> UUID:
        with desk.deciding() as db:
            # look the case up with a role that may see all cases
            seeing = frozenset[Role]({"intelligence-officer"})
            found_item = cases.find(db, msgspec.structs.replace(reader, roles=seeing), case)
            found_item = found_item or _case_of_item(db, reader, case)
        if found_item is None:
            raise scope.hidden_error("case", case)
        return found_item

    return _begin(
        desk,
        reader,
        "glass.break",
        lambda: grant.break_glass(reader.name, find_case(), desk.clock(), reason),
        [case, reason],
        former=lambda: [find_case(), reason],
        **command,
    )


def _case_of_item(db: Db, reader: Reader, text: str) -> UUID | None:
    """Return the case of an item, which is named by its whole id; None if the id is unknown or the
    item has no case.
    """
    with suppress(ValueError):
        item = UUID(text.strip())
        row = item_ids.filed(db, scope.unlimited(reader), [item]).get(item)
        return row.case if row else None
    return None


def _resolver_of(*kinds: GrantKind) -> Callable[[Desk, Reader, str], UUID]:
    """Return a function that finds a grant of access of these kinds, visible to a reader, by its id
    or the end of the id.
    """
    return lambda desk, reader, which: resolve_grant(desk, reader, which, kinds)


#: End emergency access that the reader opened.
close_glass = OnNamed(
    "glass.close",
    _resolver_of("glass"),
    Grant(),
    grant.evolve,
    with_name(grant.close_glass),
    log="access",
)


def review(
    desk: Desk,
    reader: Reader,
    text: str,
    judged: Judged,
    reason: str,
    *,
    kinds: Sequence[GrantKind] = ("glass", "entry"),
    **command: Unpack[Command],
) -> Receipt:
    """Record a review of an emergency access, or of the opening of a source's entry, by a person
    who did not use that access. `text` is the id of the grant of access, or the end of the id.
    """

    def decided(item: UUID, state: Grant) -> tuple[Event, ...]:
        with desk.deciding() as db:
            rows = accounts.grant(db, item)
            if rows and not _reviews(db, reader, rows[0]):
                raise scope.hidden_error("grant", text)
        return grant.review(state, reader.name, judged, reason)

    body = [judged, reason]
    return _act(desk, reader, "grant.review", text, kinds, decided, body, **command)


# --- authorities --------------------------------------------------------------------------------


def give_authority(
    desk: Desk,
    reader: Reader,
    user: str,
    case: str,
    given_for: AuthorityFor,
    until: datetime,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Give an auditor access to the original entries of one case, or a disclosure officer access to
    all material of the case, for a time. Raises Refused for a user who is neither an auditor nor a
    disclosure officer.
    """
    require(reader, "give-authority")

    def find_case() -> UUID:
        with desk.deciding() as db:
            return item_references.item(desk, db, reader, case, "case")

    def decided() -> tuple[Event, ...]:
        found_item = find_case()
        with desk.deciding() as db:
            holder = accounts.account(db, user)
        live = holder is not None and not (holder.left or holder.locked)
        if holder is None or not live or HOLDERS[given_for] not in holder.roles:
            role = HOLDERS[given_for].replace("-", " ")
            near = suggest_colleagues(
                desk, reader, user, "replay" if given_for == "audit" else "schedule"
            )
            raise Refused(f"{user} has no account with the role {role}: {near}", field="user")
        return grant.give_authority(
            user, found_item, given_for, until, reason, now=desk.clock(), giver=reader.name
        )

    return _begin(
        desk,
        reader,
        "authority.give",
        decided,
        [user, case, given_for, until, reason],
        former=lambda: [user, find_case(), given_for, until, reason],
        **command,
    )


def next_step(given_for: AuthorityFor) -> str | None:
    """Return a sentence with the next step after an authority to see a case was given, or None."""
    second = "The authority waits for a second person (command: authority approve)"
    return second if given_for == "disclosure" else None


def approve_authority(desk: Desk, reader: Reader, text: str, **command: Unpack[Command]) -> Receipt:
    """Approve, as a second person, a disclosure officer's access to sensitive material."""

    def decided(item: UUID, state: Grant) -> tuple[Event, ...]:
        giver = desk.logs["access"].history(item)[:1]
        return grant.approve(state, giver[0].by if giver else "", reader.name)

    return _act(desk, reader, "authority.approve", text, AUTHORITIES, decided, [], **command)


#: End an authority to see a case before its time.
end_authority = OnNamed(
    "authority.end",
    _resolver_of(*AUTHORITIES),
    Grant(),
    grant.evolve,
    ignoring_desk(grant.end_authority),
    log="access",
)


# --- one entry of the source register -----------------------------------------------------------


def ask_entry(
    desk: Desk, reader: Reader, item: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Request to see the source of this log entry, because of a threat to life. The requester sees
    the source only after a second person has joined the request. Raises Refused if the entry has no
    recorded source.
    """

    def find_words() -> UUID:
        with desk.deciding() as db:
            return item_references.item(desk, db, reader, item, "observation")

    def decided() -> tuple[Event, ...]:
        words = desk.logs["evidence"].history(find_words())
        first = next((fact.event for fact in words), None)
        if not isinstance(first, ObservationRecorded) or first.entry is None:
            raise Refused(
                "this log entry has no source, so there is no entry of the source register to open"
            )
        return grant.ask_entry(reader.name, first.entry, reason)

    return _begin(
        desk,
        reader,
        "entry.ask",
        decided,
        [item, reason],
        former=lambda: [find_words(), reason],
        **command,
    )


def _join_entry(desk: Desk, reader: Reader, state: Grant) -> tuple[Event, ...]:
    return grant.open_entry(state, reader.name, desk.clock())


#: Join a request to see a source as the second person. Both people then see the source's entry for
#: an hour, and the source's handler is alerted.
join_entry = OnNamed(
    "entry.join", _resolver_of("entry"), Grant(), grant.evolve, _join_entry, log="access"
)


def open_alone(desk: Desk, reader: Reader, text: str, **command: Unpack[Command]) -> Receipt:
    """Open a source's entry to the inspector who requested it, if no second person joined within
    ten minutes. The handler of the source is alerted, and the access is reviewed within a day.
    Raises Denied for other readers, and Refused before the ten minutes are over.
    """
    require(reader, "open-alone")

    def decided(item: UUID, state: Grant) -> tuple[Event, ...]:
        facts = desk.logs["access"].history(item)[:1]
        since = facts[0].recorded if facts else desk.clock()
        return grant.open_entry_alone(state, reader.name, since, desk.clock())

    return _act(desk, reader, "entry.open_alone", text, ["entry"], decided, [], **command)


# --- open grants and pending reviews -------------------------------------------------------------


def find(
    db: Db, reader: Reader, text: str, now: datetime, kinds: Sequence[GrantKind]
) -> UUID | None:
    """Return the grant of access whose id is or ends with `text`, if it is of one of these kinds
    and visible to the reader; None if none fits, or several. A reader who may join a request as the
    second person also finds the request.
    """
    wanted = text.strip().lower().replace("-", "")
    if len(wanted) < LEAST_DIGITS:
        return None
    rows = [row for row in list_grants(db, reader, now) if row.kind in kinds]
    found_items = {row.id for row in rows if row.id.hex.endswith(wanted)}
    if "entry" in kinds and decide(reader, "open-entry").allowed:
        waiting = [row for row in accounts.granted_now(db, now) if row.kind == "entry"]
        found_items |= {row.id for row in waiting if row.waits and row.id.hex.endswith(wanted)}
    return found_items.pop() if len(found_items) == 1 else None


def resolve_grant(desk: Desk, reader: Reader, text: str, kinds: Sequence[GrantKind]) -> UUID:
    """Return the grant of access, of one of these kinds, that a text names by its id or the end of
    the id. Raises Hidden if there is none.
    """
    with desk.deciding() as db:
        found_item = find(db, reader, text, desk.clock(), kinds)
    if found_item is None:
        raise scope.hidden_error("grant", text)
    return found_item


def list_of_kinds(
    db: Db, reader: Reader, now: datetime, *kinds: GrantKind, due: bool = False
) -> list[OpenedAccess]:
    """Return the grants of these kinds that are current, need a second person or are not yet
    reviewed; with `due`, only those whose review is due.
    """
    accesses = list_unreviewed(db, reader, now) if due else list_grants(db, reader, now)
    return [row for row in accesses if row.kind in kinds]


def list_grants(db: Db, reader: Reader, now: datetime) -> list[OpenedAccess]:
    """Return every grant of access that concerns the reader and is current, needs a second person,
    or is not yet reviewed; the oldest first.
    """
    rows = {(row.id, row.user): row for row in accounts.granted_now(db, now)}
    rows |= {(row.id, row.user): row for row in accounts.unreviewed(db)}
    together: dict[UUID, list[GrantRow]] = {}
    for row in sorted(rows.values(), key=lambda row: (row.opened, row.id, row.user)):
        together.setdefault(row.id, []).append(row)
    # The list always has an element, so that the query also runs without grants and its duration
    # reveals nothing.
    items = {UUID(int=0), *(row.item for row in rows.values())}
    things = scope.find_items(db, items)
    return [
        _opened(group, now)
        for group in together.values()
        if _concerns(reader, group, things.get(group[0].item, []))
    ]


def list_unreviewed(db: Db, reader: Reader, now: datetime) -> list[OpenedAccess]:
    """Return the grants of access that are not reviewed yet, and requests that wait for a second
    person's approval.
    """
    return [
        row
        for row in list_grants(db, reader, now)
        if row.due or (row.kind == "disclosure" and row.state == "waits")
    ]


def _opened(rows: Sequence[GrantRow], now: datetime) -> OpenedAccess:
    first = rows[0]
    reviewed = first.kind in ("glass", "entry") and not first.waits
    due = (
        first.opened + CLOCKS["glass-review"].within if reviewed and first.judged is None else None
    )
    state: Any = first.judged
    if state is None:
        over = first.ended or (first.until is not None and first.until <= now)
        state = "waits" if first.waits else "over" if over else "open"
    return OpenedAccess(
        id=first.id,
        kind=first.kind,
        item=first.item,
        who=tuple(row.user for row in rows),
        by=first.by,
        reason=first.reason,
        since=first.opened,
        until=first.until,
        state=state,
        due=due,
        overdue=due is not None and due < now,
    )


def _concerns(reader: Reader, rows: Sequence[GrantRow], things: Sequence[Thing]) -> bool:
    """Return whether the reader is a user, giver or reviewer of a grant of access, or responsible
    for its case.
    """
    first = rows[0]
    if not reader.closed or reader.name in {first.by, *(row.user for row in rows)}:
        return True
    if first.kind == "entry":
        return scope.allowed(reader, "carry-over", things)
    if first.kind == "glass":
        theirs = any(item.case in reader.cases for item in things)
        return theirs or scope.allowed(reader, "review-glass", things)
    return scope.allowed(reader, "see-case", things) and scope.allowed(
        reader, "give-authority", things
    )


def _reviews(db: Db, reader: Reader, row: GrantRow) -> bool:
    if not reader.closed:
        return True
    doing: Act = "carry-over" if row.kind == "entry" else "review-glass"
    return bool(scope.reached(db, reader, doing, [row.item]))


def _begin(
    desk: Desk,
    reader: Reader,
    name: str,
    decided: Callable[[], tuple[Event, ...]],
    body: object,
    *,
    former: Callable[[], object],
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Begin a grant of access by recording the events that `decided` returns. `decided` looks items
    up, and so is not called for a repeated command.
    """
    command_id = command_id or desk.new_random_id()
    stream = uuid5(GRANTS, str(command_id))
    if again := earlier_receipt(
        desk,
        name,
        str(stream),
        body,
        lambda: stream,
        command_id=command_id,
        because_of=because_of,
        log="access",
        former=former,
    ):
        return again
    return act(
        desk,
        reader,
        name,
        stream,
        Grant(),
        grant.evolve,
        lambda _: decided(),
        body,
        command_id=command_id,
        because_of=because_of,
        log="access",
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    text: str,
    kinds: Sequence[GrantKind],
    decided: Callable[[UUID, Grant], tuple[Event, ...]],
    body: list[str],
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision about a grant of access. The grant is looked up only if the command is
    new.
    """

    def found() -> UUID:
        return resolve_grant(desk, reader, text, kinds)

    if again := earlier_receipt(desk, name, text, body, found, log="access", **command):
        return again
    item = found()
    return act(
        desk,
        reader,
        name,
        item,
        Grant(),
        grant.evolve,
        lambda s: decided(item, s),
        body,
        log="access",
        target=text,
        **command,
    )
