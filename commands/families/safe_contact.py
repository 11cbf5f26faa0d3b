"""Check whether a way to contact a family is safe. A phone, account or address that a suspect
shares is unsafe, because the suspect would read a letter or a text message: for example, the
mother's new partner.

The result does not reveal who the suspect is, or why the contact is unsafe.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.families.charity_support import ENDS_AT, UNSAFE, Verdict
from domain.kernel.codes import Channel
from domain.kernel.values import OFFENDER_CATEGORIES, EntityKind, LinkKind, Reader
from projections.families import cases
from projections.families import family_members as members
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.database import Db

SAID: dict[Verdict, str] = {
    "safe": "nothing known speaks against it; ask the parent once more whether it is safe",
    "ask-first": "the person who uses it does not live alone with the child: ask in person first",
    "unsafe": UNSAFE,
}
_HOLDS: frozenset[LinkKind] = frozenset({"uses", "owns"})
_LIVES: frozenset[LinkKind] = frozenset({"lives-at"})
_SHARED: frozenset[LinkKind] = _HOLDS | _LIVES | {"contact", "placed-at"}
_FAMILY = LinkFilter(min_rank=None, kinds=_SHARED | {"family"}, restricted=True)


class CheckedContact(Struct, frozen=True):
    """A way to contact a family, and whether that way may be used."""

    channel: UUID | None
    verdict: Verdict
    why: str


class ContactWays(Struct, frozen=True):
    """The ways to contact a family: whether any way is unsafe, and the safe ways that the reader
    may see.
    """

    unsafe: bool
    safe: tuple[str, ...]


class _Near:
    """The links of a family's people and things, with which the program warns of an unsafe way of
    contact. Restricted links, and links hidden from the reader, are included, because a worker who
    does not know of a suspect near the family needs the warning most. If several records of a
    person or thing were merged, one of their ids is used for all of them.
    """

    def __init__(self, db: Db, reader: Reader) -> None:
        self.db, self.reader = db, scope.unlimited(reader)
        self._leader = people.clusters(db, self.reader)
        self._members: dict[UUID, list[UUID]] = defaultdict(list)
        for item, leader in self._leader.items():
            self._members[leader].append(item)

    def lead(self, person: UUID) -> UUID:
        return self._leader.get(person, person)

    def members(self, ones: Iterable[UUID]) -> list[UUID]:
        return [member for item in ones for member in self._members.get(item, (item,))]

    def ties(self, ones: Collection[UUID]) -> list[tuple[UUID, UUID, LinkRow]]:
        """Return the links of these people and things. Ungraded links count, too: in doubt the
        program protects.
        """
        rows = links.touching(self.db, self.reader, self.members(ones), _FAMILY)
        return [(self.lead(row.a), self.lead(row.b), row) for row in rows]

    def harmful(self, ones: Collection[UUID]) -> set[UUID]:
        """Return which of these people are suspects or persons of interest and not cleared."""
        entities = people.entities(self.db, self.reader, self.members(ones), restricted=True)
        of = {item: [entities[m] for m in self.members([item]) if m in entities] for item in ones}
        return {
            item
            for item, members in of.items()
            if any(member.categories & OFFENDER_CATEGORIES for member in members)
            and not any(member.cleared for member in members)
        }

    def harm(self, ones: Collection[UUID]) -> bool:
        """Return whether any of these people may harm a child."""
        return bool(self.harmful(ones))

    def users(self, channels: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """Return the people who own, use or live at each of these phones, handles and places."""
        found_items: dict[UUID, set[UUID]] = defaultdict(set)
        for a, b, row in self.ties(channels):
            if b in channels and row.kind in _HOLDS | _LIVES:
                found_items[b].add(a)
            if a in channels and row.kind == "contact":
                found_items[a].add(b)
        return found_items

    def shared(self, channels: Collection[UUID]) -> set[UUID]:
        """Return which of these phones, accounts and places a suspect or person of interest uses;
        cleared people do not count.
        """
        users = self.users(channels)
        harmful = self.harmful(set().union(*users.values()))
        return {item for item, theirs in users.items() if not harmful.isdisjoint(theirs)}

    def kin(self, children: Mapping[UUID, UUID]) -> dict[UUID, set[UUID]]:
        """Return, for each case, the child and the child's family. A person belongs to the family
        by a family link to the child, or by a role in the family that a worker recorded.
        """
        of_child: dict[UUID, set[UUID]] = defaultdict(set)
        led = {case: self.lead(child) for case, child in children.items()}
        for a, b, tie in self.ties(set(led.values())):
            if tie.kind == "family":
                of_child[a].add(b)
                of_child[b].add(a)
        found_items = {case: {child} | of_child[child] for case, child in led.items()}
        for family in members.families(self.db, cases=led.keys()):
            found_items[family.case].add(self.lead(family.person))
        return found_items

    def cared_for_by_harm(self, ones: Collection[UUID]) -> bool:
        """Return whether one of these people belongs to the family of a child whose carer may harm
        the child.
        """
        theirs = {family.case for family in members.families(self.db, people=self.members(ones))}
        whose = {*ones, *self.members(ones)}
        theirs |= cases.of_children(self.db, whose)
        carers = [family for family in members.families(self.db, cases=theirs) if family.cares]
        return self.harm({self.lead(carer.person) for carer in carers})

    def family_addresses(self, case: UUID, child: UUID) -> list[tuple[UUID, LinkRow]]:
        """Return the places where the child of a case, or a member of the child's family, lives,
        each with the link that records this.
        """
        kin = self.kin({case: child})[case]
        return [
            (b, tie) for a, b, tie in self.ties(kin) if a in kin and tie.kind in _HOLDS | _LIVES
        ]

    def same_or_similar(self, channel: UUID) -> set[UUID]:
        """Return this phone, account or place and, for a place, others that may be the same
        house."""
        normals = people.addresses(self.db, self.reader, self.members([channel]))
        found_items = (
            item for normal in normals for item in people.at_address(self.db, self.reader, normal)
        )
        return {channel, *map(self.lead, found_items)}

    def verdict(self, channel: UUID) -> Verdict:
        users = set[UUID]().union(*self.users(self.same_or_similar(channel)).values())
        if self.harm(users):
            return "unsafe"
        homes = {b for a, b, row in self.ties(users) if a in users and row.kind in _LIVES}
        living = {a for a, b, row in self.ties(homes) if b in homes and row.kind in _LIVES}
        unsure = self.harm(living) or self.cared_for_by_harm(users)
        return "ask-first" if unsure else "safe"


def check_entered(db: Db, reader: Reader, channel: UUID | None, text: str) -> CheckedContact:
    """Return whether a way to contact a family is safe. `text` is the phone, account or address as
    the user entered it; `channel` is its id, if it is recorded. An entered address is also compared
    with recorded addresses in other spellings.
    """
    kind, _, address = text.partition(":")
    if channel is None and kind.strip().lower() == "place":
        same = people.at_address(db, scope.unlimited(reader), forms.place(address))
        return replace(check(db, reader, same[0]), channel=None) if same else unknown_channel()
    return check(db, reader, channel) if channel else unknown_channel()


def check(db: Db, reader: Reader, channel: UUID) -> CheckedContact:
    """Return whether it is safe to send a message to this phone, handle or place, or whether a
    suspect who is not cleared may read it. The result gives no reason."""
    near = _Near(db, reader)
    start = near.lead(channel)
    verdict = near.verdict(start)
    return CheckedContact(start, verdict, SAID[verdict])


def unknown_channel() -> CheckedContact:
    """Return the result of the safety check for a phone, account or address that is not
    recorded.
    """
    return CheckedContact(None, "safe", SAID["safe"])


def unsafe_cases(db: Db, reader: Reader, children: Mapping[UUID, UUID]) -> set[UUID]:
    """Return which of these cases have an unsafe way to contact the family; `children` maps each
    case to its child.
    """
    if not children:
        return set()
    near = _Near(db, reader)
    kin = near.kin(children)
    held_items: dict[UUID, set[UUID]] = defaultdict(set)
    for a, b, tie in near.ties(set().union(*kin.values())):
        if tie.kind in _HOLDS | _LIVES:
            held_items[a].add(b)
    shared = near.shared(set().union(*held_items.values()))
    return {
        case
        for case, family in kin.items()
        if any(not shared.isdisjoint(held_items[item]) for item in family)
    }


def warned_by(db: Db, reader: Reader, a: UUID, b: UUID, kind: LinkKind) -> bool:
    """Return whether a link may be the reason for a warning about an unsafe contact: a link of a
    person who may harm a child; a link to an unsafe phone, account or address; or a family link to
    a person who has one.
    """
    near = _Near(db, reader)
    ends = {near.lead(a), near.lead(b)}
    if near.harm(ends):
        return True
    channels = set(ends) if kind in _SHARED else set[UUID]()
    if kind == "family":
        ties = near.ties(ends)
        channels = {
            there for item, there, tie in ties if item in ends and tie.kind in _HOLDS | _LIVES
        }
    return any(near.verdict(channel) != "safe" for channel in channels)


def reaches_harm(
    db: Db, reader: Reader, case: UUID, child: UUID, carer: UUID | None, *, both: bool
) -> bool:
    """Return whether a person who may harm the child would receive a message to the family. The
    recipient is `carer`, if given; with `both`, all parents and family members are recipients, too.
    """
    near = _Near(db, reader)
    items = {near.lead(carer)} if carer else set()
    if both:
        items |= near.kin({case: child})[case] - {near.lead(child)}
    return near.harm(items)


def contact_ways_of(db: Db, reader: Reader, case: UUID, by: Channel) -> ContactWays:
    """Return the phones, handles and places at which the child and family of a case can be
    contacted in this way, each with the result of its safety check.
    """
    row = cases.get(db, reader, case)
    if row is None:
        return ContactWays(False, ())
    near = _Near(db, reader)
    addresses = near.family_addresses(case, row.child)
    entities = people.entities(db, near.reader, {item for item, _ in addresses}, restricted=True)
    kinds: frozenset[EntityKind] = ENDS_AT[by]
    fitting = {item for item, _ in addresses if item in entities and entities[item].kind in kinds}
    verdicts = {item: near.verdict(item) for item in fitting}
    named = {item for _, tie in addresses for item in (tie.link, tie.a, tie.b)}
    seen = scope.visible_items(db, reader, named)
    seen -= links.restricted(db, named)  # restricted links only cause a warning, and are not shown
    shown = {item for item, tie in addresses if {tie.link, tie.a, tie.b} <= seen}
    safe = sorted(
        f"{entities[item].kind} {entities[item].label}"
        for item in fitting & shown
        if verdicts[item] == "safe"
    )
    return ContactWays("unsafe" in verdicts.values(), tuple(safe))
