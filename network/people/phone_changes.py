"""Proposes which phone or account replaced another one, with reasons; a person decides.

The computation uses dated contacts of phones and accounts, and the places where phones were seen;
`network.people.replaced_contacts` explains it.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import Period
from domain.kernel.values import LinkKind, Reader
from network.over_time.periods import MOST_PERIODS, after, start_of
from network.people.replaced_contacts import Moved, PhoneContact, replaced
from network.query.graph_builder import GRADED, Gathering
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db

CAUTION = (
    "Similar contacts are a lead, not a finding: phones are lent, sold and shared. "
    "Check the calls of both phones before any action."
)
_KINDS: frozenset[LinkKind] = frozenset({"contact", "seen-at"})


class Move(Struct, frozen=True):
    """A phone or account (`new`) that seems to have replaced another one (`old`) on a certain day.

    `circle` is a number that identifies its group: phones that were replaced on the same day and
    had contact with each other before. `kept` is the number of contacts that the old and the new
    phone have in common. `moved_with` is the number of contacts that were themselves replaced at
    the same time.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("circle", "circle"),
        Column("on", "from day", "day"),
        Column("old_label", "earlier phone or account"),
        Column("new_label", "later phone or account"),
        Column("likeness", "likeness", "figure"),
        Column("rival", "next best likeness", "figure"),
        Column("kept", "contacts kept"),
        Column("moved_with", "changed at the same time"),
        Column("because", "reasons"),
        Column("old", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("circle", "old", "on")
    circle: int
    on: date
    old: UUID
    old_label: str
    new: UUID
    new_label: str
    likeness: float
    rival: float
    kept: int
    moved_with: int
    places: int
    because: str
    contacts: tuple[UUID, ...]
    links: tuple[UUID, ...]


class Moves(Struct, frozen=True):
    """The proposed replacements, the largest group first, and the number of contacts read."""

    rows: tuple[Move, ...]
    contacts: int
    undated: int
    ungraded: int
    weaker: int


def moves(
    db: Db,
    reader: Reader,
    who: UUID | None = None,
    *,
    link_filter: LinkFilter = GRADED,
    per: Period = "day",
) -> Moves:
    """Return the phones or accounts that seem to have replaced other phones or accounts, in the
    whole network or among the contacts of `who`.
    """
    gathering = Gathering(db, reader, _of_contacts(link_filter), "all")
    gathering.everything()
    dated = [(a, b, row) for a, b, row in gathering.edges() if row.valid_from]
    if not dated:
        return Moves((), 0, len(gathering.shown), len(gathering.ungraded), len(gathering.weaker))
    starts = {start_of(row.valid_from, per) for *_, row in dated if row.valid_from}
    days = [min(starts)]
    while days[-1] < max(starts) and len(days) <= MOST_PERIODS:
        days.append(after(days[-1], per))
    number = {day: place for place, day in enumerate(days)}
    contacts, places = list[PhoneContact](), list[PhoneContact]()
    at: dict[UUID, list[tuple[UUID, UUID]]] = defaultdict(list)
    for a, b, row in dated:
        period = number.get(start_of(row.valid_from, per)) if row.valid_from else None
        if period is None:
            continue
        if row.kind == "contact":
            contacts.append(PhoneContact(a, b, period, row.weight))
            at[a].append((b, row.link))
            at[b].append((a, row.link))
        else:
            places.append(PhoneContact(a, b, period, row.weight))
    things = {
        item for item, entity in gathering.entities.items() if entity.kind in ("phone", "handle")
    }
    replacements = replaced(contacts, places, things, len(days))
    if who is not None:
        leader = gathering.lead(who)
        circles = {
            replacement.circle
            for replacement in replacements
            if leader in (replacement.old, replacement.new)
        }
        replacements = [
            replacement for replacement in replacements if replacement.circle in circles
        ]

    def label(item: UUID) -> str:
        return gathering.entities[item].label

    def told(moved: Moved) -> Move:
        old_ends = {*moved.kept, *(old for old, _ in moved.with_them)}
        new_ends = {*moved.kept, *(new for _, new in moved.with_them)}
        links = [link for end, link in at[moved.old] if end in old_ends]
        links += [link for end, link in at[moved.new] if end in new_ends]
        return Move(
            circle=moved.circle,
            on=days[moved.period],
            old=moved.old,
            old_label=label(moved.old),
            new=moved.new,
            new_label=label(moved.new),
            likeness=round(moved.likeness, 3),
            rival=round(moved.rival, 3),
            kept=len(moved.kept),
            moved_with=len(moved.with_them),
            places=len(moved.places),
            because=_because(moved, label),
            contacts=moved.kept,
            links=tuple(links),
        )

    return Moves(
        rows=tuple(map(told, replacements)),
        contacts=len(contacts),
        undated=len(gathering.shown) - len(dated),
        ungraded=len(gathering.ungraded),
        weaker=len(gathering.weaker),
    )


def _of_contacts(link_filter: LinkFilter) -> LinkFilter:
    return replace(link_filter, kinds=_KINDS & (link_filter.kinds or _KINDS))


def _because(moved: Moved, label: Callable[[UUID], str], most: int = 4) -> str:
    """Return in words why the program proposes that the phone or account `moved.new` replaced
    `moved.old`, with at most `most` examples for each reason.
    """
    reasons = []
    if moved.kept:
        more = f" and {len(moved.kept) - most} more" if len(moved.kept) > most else ""
        reasons.append(f"both speak with {', '.join(map(label, moved.kept[:most]))}{more}")
    if moved.with_them:
        pairs = ", ".join(f"{label(old)} as {label(new)}" for old, new in moved.with_them[:most])
        reasons.append(f"moved too: {pairs}")
    if moved.places:
        reasons.append(f"seen at {', '.join(map(label, moved.places[:most]))}")
    return "; ".join(reasons)
