"""Show which items a legal hold covers, and whether a key of any of them was destroyed since the
hold was placed.

The page is for the chair of an inquiry, who should not have to trust anybody's statement. The
covered items are computed from the logs, and include items that were erased since. Destroyed keys
are read from the key tables and compared with the records of erasures. Items that the reader may
not see are neither counted nor listed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.erasure.hold_reach import Reckoning
from commands.erasure.legal_hold import require_hold
from commands.kernel.unit_of_work import Desk
from domain.data_protection.erasure import ERASURES, KeysDestroyed, approved_in
from domain.data_protection.legal_hold import (
    HoldConfirmed,
    HoldEnded,
    HoldOrdered,
    HoldReviewed,
    Query,
)
from domain.kernel.envelope import LogName, Recorded
from domain.kernel.log import Log
from domain.kernel.values import HoldGround, Reader

#: Names of streams that belong to an item and are not items themselves.
BESIDE = frozenset({"retention", "hold", "register of erasures"})


_RUN = "Run continuum verify, and inform the auditor."


class Destruction(Struct, frozen=True):
    """A destroyed data key: its stream and the SHA-256 (hex) of its id. The time is that of the key
    table; None if the table no longer has a row for the key.
    """

    log: LogName
    stream: UUID
    key: str | None
    at: datetime | None


class KeyTables(Protocol):
    """The tables with the data keys of the four logs, as they are now."""

    def destructions(self) -> Collection[Destruction]:
        """Return all data keys that were destroyed."""

    def unopened(self, streams: Collection[UUID]) -> Collection[UUID]:
        """Return the streams that have a key which the store cannot decrypt now."""


class Covered(Struct, frozen=True):
    """The items of one kind that a hold covers: their number and ids."""

    kind: str
    count: int
    ids: tuple[UUID, ...]


class HoldProof(Struct, frozen=True):
    """A legal hold, those of its covered items that the reader may see, and the keys that were
    destroyed while it was active.
    """

    id: UUID
    query: Query
    ground: HoldGround
    reason: str
    reference: str | None
    placed: datetime
    placed_by: str
    team: str
    controller: str
    review: datetime
    confirmed_by: str | None
    ended: datetime | None
    checked: datetime
    covers: tuple[Covered, ...]
    whole: bool
    lost: int
    lost_ids: tuple[UUID, ...]
    unopened: int
    """Number of items whose key exists but cannot be decrypted: the key was overwritten or
    exchanged, or the key that encrypts it is missing."""
    unopened_ids: tuple[UUID, ...]

    @property
    def waits(self) -> bool:
        """Return whether a second person still has to confirm the hold, as is required for a hold
        on the whole store.
        """
        return self.query.kind == "store" and not self.confirmed_by


def prove(desk: Desk, reader: Reader, item: UUID, keys: KeyTables, now: datetime) -> HoldProof:
    """Return the items that a hold covers now and the state of each of their data keys. All of it
    is computed again, without results of earlier computations. Raises Hidden if no hold that the
    reader may see has this id.
    """
    require_command(reader, "hold.lift")
    history = require_hold(desk, reader, item)
    placed = history[0]
    ordered = placed.event
    assert isinstance(ordered, HoldOrdered)  # noqa: S101 (it is a hold)
    ended = next((fact for fact in history if isinstance(fact.event, HoldEnded)), None)
    confirmed = next((fact.by for fact in history if isinstance(fact.event, HoldConfirmed)), None)
    reckoning = Reckoning(desk.logs, since=placed.recorded)
    reach = reckoning.reach(item, ordered.query)
    lost = _lost(desk.logs, keys.destructions(), reach, placed, ended)
    unopened = set(keys.unopened(reach)) - lost
    with desk.deciding() as db:
        things = scope.find_items(db, reach)
        seen = scope.visible_items(db, reader, things.keys()) if reader.closed else reach
        lost_seen, unopened_seen = (
            scope.visible_items(db, reader, lost),
            scope.visible_items(db, reader, unopened),
        )
    kinds: dict[str, list[UUID]] = defaultdict(list)
    for covered_item in sorted(seen):
        kind = reckoning.references.kinds.get(covered_item, ("", "register of holds"))[1]
        if covered_item in things or kind not in BESIDE | {"register of holds"}:
            kinds[kind].append(covered_item)
    kinds.pop("hold", None)
    looked = [f.event for f in history if isinstance(f.event, HoldOrdered | HoldReviewed)]
    references = [event.reference for event in looked if event.reference]
    return HoldProof(
        id=item,
        query=ordered.query,
        ground=ordered.ground,
        reason=ordered.reason,
        reference=references[-1] if references else None,
        placed=placed.recorded,
        placed_by=placed.by,
        team=placed.team,
        controller=placed.controller,
        review=looked[-1].review,
        confirmed_by=confirmed,
        ended=ended.recorded if ended else None,
        checked=now,
        covers=tuple(Covered(kind, len(ids), tuple(ids)) for kind, ids in sorted(kinds.items())),
        whole=not lost and not unopened,
        lost=len(lost),
        lost_ids=tuple(sorted(lost_seen)),
        unopened=len(unopened),
        unopened_ids=tuple(sorted(unopened_seen)),
    )


def _lost(
    logs: Mapping[LogName, Log],
    destroyed: Collection[Destruction],
    reach: Collection[UUID],
    placed: Recorded,
    ended: Recorded | None,
) -> set[UUID]:
    """Return the streams that the hold covers and that lost a key while the hold was active, unless
    an erasure explains the loss.

    An erasure that was recorded before the hold explains all keys that it destroyed. A later
    erasure explains a key only if the key table says that the key was destroyed before the hold
    began or after the hold ended. A key that was destroyed without a recorded erasure always counts
    as lost.
    """
    before, later = _accounted(logs, placed.seq)
    found_items = set()
    for destruction in destroyed:
        is_explained = destruction.key in before or (
            destruction.key in later
            and destruction.at is not None
            and destruction.at < placed.recorded
        )
        since = (
            ended
            and destruction.key in later
            and destruction.at
            and destruction.at >= ended.recorded
        )
        if destruction.stream in reach and not is_explained and not since:
            found_items.add(destruction.stream)
    return found_items


def _accounted(logs: Mapping[LogName, Log], seq: int) -> tuple[set[str], set[str]]:
    """Return two sets of keys that erasures destroyed, by the records of the erasures: keys in
    records before position `seq` of the evidence log, and keys in records from that position on.
    """
    before: set[str] = set()
    later: set[str] = set()
    register = (fact.event for fact in logs["evidence"].history(ERASURES))
    for stream in (ERASURES, *approved_in(register)):
        for fact in logs["evidence"].history(stream):
            if isinstance(fact.event, KeysDestroyed):
                (before if fact.seq < seq else later).update(fact.event.keys)
    return before, later


def about(query: Query, called: str | None = None) -> str:
    """Return in words what a legal hold covers, such as "the whole store". If the hold is on a
    single item, the words contain the name `called`, if given.
    """
    name = called or query.item
    match query.kind:
        case "store":
            return "the whole store: every record of all four logs"
        case "team":
            return f"all records that the team {query.team} made or holds, with dependent records"
        case "category":
            return f"all {(query.category or '').replace('-', ' ')}, with dependent records"
        case "period":
            begins = f" from {query.since:%d %B %Y}" if query.since else ""
            ends = f" up to {query.until:%d %B %Y}" if query.until else ""
            return (
                f"all that was recorded, received or happened{begins}{ends}, with dependent records"
            )
        case "case":
            return f"the case {name}: all records filed in it, caused by it or based on it"
        case "person":
            return f"the person {name}: all records that name them, with dependent records"
    return f"the item {name}, with dependent records"


def in_words(proof: HoldProof) -> list[str]:
    """Return the proof in words for the chair of an inquiry."""
    when = f"{proof.placed:%d %B %Y at %H:%M} UTC"
    until = f" until it was lifted on {proof.ended:%d %B %Y at %H:%M} UTC" if proof.ended else ""
    lines = [
        f"Legal hold {proof.id}",
        f"Placed by {proof.placed_by} for {proof.team or proof.controller}, on {when}.",
        f"The hold covers {about(proof.query)}.",
        f"The order's reference: {proof.reference or 'none was given yet'}.",
        f"The reason: {proof.reason}",
        f"Confirmed by {proof.confirmed_by}." if proof.confirmed_by else "",
        "Covered items that you may see (the order may cover more):",
        *(f"  {kind_count.count} {kind_count.kind}" for kind_count in proof.covers),
        "" if proof.covers else "  nothing",
    ]
    if proof.whole:
        lines.append(
            f"No covered item has lost a data key since the hold was placed{until}. Each data key "
            f"was opened with the store's keys on {proof.checked:%d %B %Y at %H:%M} UTC. "
            "To check that the texts are those that were signed, run continuum verify."
        )
    if proof.lost:
        lines.append(
            f"NOT WHOLE: {proof.lost} covered items lost a data key during the hold. {_RUN}"
        )
    if proof.unopened:
        lines.append(
            f"NOT WHOLE: {proof.unopened} covered items cannot be opened: a data key was "
            f"changed, or the key-encryption key is not here. {_RUN}"
        )
    return [line for line in lines if line]
