"""About whom a meeting decides first, and why: rules over facts, without a score.

The board starts from children: whose child is in danger now, about whom a decision is overdue, who
waits; oldest first. A number would move a name, and a low one would mean that nobody acts, so
there is none. What speaks against suspicion stands beside what speaks for it; people who are
convicted, under 18, victims or cleared stand apart. Nobody is called a leader: networks of this
kind were found to have none (Cockbain 2018).

Each fact names the items that it rests on. A reader's board follows from the facts that they see
alone (`within`), whether it is made now or was kept at a meeting.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec

from domain.forms.ages import years_on
from domain.kernel.codes import TaskState
from domain.kernel.fields import CODE, NOT_CHECKED, NOT_REACHED
from domain.kernel.values import (
    CLEARED_CATEGORIES,
    HOME_LINKS,
    OFFENDER_CATEGORIES,
    VICTIM_CATEGORIES,
    EntityKind,
    Grade,
    LinkKind,
    PoleCategory,
    Stage,
)

Group = Literal["danger-now", "overdue", "waiting"]
GROUPS: tuple[Group, ...] = get_args(Group)
#: A decision about somebody who is suspected is taken within so long (this product's own policy,
#: after inquiries that found named men with no decision about them; no law says it [verify]).
WITHIN = timedelta(days=7)

ADULT = 18

What = Literal["child"] | EntityKind
Peril = Literal["missing", "rated-high", "urgent-words"]
#: Why a child is in danger now, in words.
PERILS: dict[Peril, str] = {
    "missing": "missing now",
    "rated-high": "rated high",
    "urgent-words": "urgent words that are not dealt with",
}
Doubt = Literal[
    "suspected-false", "undermined", "one-root", "root-not-known", "ungraded", "no-further-action"
]
#: What speaks against suspicion, in words.
DOUBTS: dict[Doubt, str] = {
    "suspected-false": "an account is suspected to be false (E)",
    "undermined": "evidence under a tie was undermined",
    "one-root": "all accounts go back to one person",
    "root-not-known": "who first knew it is not known",
    "ungraded": "nothing that ties them is graded",
    "no-further-action": "no further action was decided before",
}
Lack = Literal[
    "grade", "phone-unread", "plate", "address", "identity", "second-root", "exhibit", "statement"
]
#: What is missing to act, and the question that the police can answer next, in this order. It is
#: never a question to a parent or a child.
LACKS: dict[Lack, tuple[str, str]] = {
    "grade": ("no graded tie", "What is the account that ties them worth: who grades it?"),
    "phone-unread": ("a phone was not read", "Whose is this phone, and can it be seized and read?"),
    "plate": ("no whole plate", "Which vehicle do they use, and what is its whole plate?"),
    "address": ("no address", "Where do they live or stay?"),
    "identity": ("not identified", "Who is this: is there a record under this name?"),
    "second-root": (
        "no second source",
        "What else would show it: cameras, bookings, taxi and till records?",
    ),
    "exhibit": (
        "no exhibit",
        "What can be seized or asked for: phones, films, hotel and taxi records?",
    ),
    "statement": ("no statement but the child's", "Which adult saw it and can make a statement?"),
}
Apart = Literal["convicted", "under-18", "victim", "eliminated", "acquitted"]


class Suspect(msgspec.Struct, frozen=True):
    """Somebody who is or was suspected. `identified`: known by name, not by what they are called
    alone."""

    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    categories: tuple[PoleCategory, ...]
    is_child: bool
    identified: bool


class BoardLink(msgspec.Struct, frozen=True):
    """A link of such a person. `root` tells within one board which links go back to the same first
    knower (0: not known); `seen` is when it was last so in the world; `whole` that the plate is
    known whole; `rests_on` the words, report and exhibit under it."""

    link: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    other: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    what: What
    kind: LinkKind
    stage: Stage
    grade: Annotated[str | None, CODE]
    root: int
    undermined: bool
    known: datetime
    seen: datetime | None = None
    whole: bool = False
    rests_on: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()


class ImmediateDanger(msgspec.Struct, frozen=True):
    """A child is in danger now: in which case, and which item says so."""

    child: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    why: Peril
    since: datetime


class Looked(msgspec.Struct, frozen=True):
    """What stands in a child's case without the child's account, for the person who handles its
    evidence."""

    child: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    exhibits: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]
    statements: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]


AGAIN = "opened-again"


class FollowUp(msgspec.Struct, frozen=True):
    """What the police or a court did about somebody, or that a later fact opened a decision of no
    further action again (`AGAIN`, of the same item)."""

    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    what: Annotated[str, CODE]
    when: datetime


class TakenDecision(msgspec.Struct, frozen=True):
    """A meeting's decision about somebody; `due` is the end of its day."""

    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    decision: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    owner: Annotated[str, CODE]
    due: datetime
    recorded: datetime
    state: TaskState | None

    @property
    def is_open(self) -> bool:
        """Whether its result is still owed."""
        return self.state in (None, "under-way")


class Facts(msgspec.Struct, frozen=True):
    """All that a board follows from."""

    people: tuple[Suspect, ...] = ()
    ties: tuple[BoardLink, ...] = ()
    dangers: tuple[ImmediateDanger, ...] = ()
    looked: tuple[Looked, ...] = ()
    followed: tuple[FollowUp, ...] = ()
    taken: tuple[TakenDecision, ...] = ()


@dataclass(frozen=True)
class FactorAgainst:
    """Something that speaks against suspicion, with the items that say so."""

    what: Doubt
    ids: tuple[UUID, ...]

    @property
    def words(self) -> str:
        """It in words."""
        return DOUBTS[self.what]


@dataclass(frozen=True)
class EvidenceGap:
    """Something that is missing to act; `ids` are what it is about, where it is about something."""

    what: Lack
    ids: tuple[UUID, ...] = ()

    @property
    def words(self) -> str:
        """It in words."""
        return LACKS[self.what][0]

    @property
    def question(self) -> str:
        """What the police can find out next."""
        return LACKS[self.what][1]


@dataclass(frozen=True)
class BoardLine:
    """Somebody about whom a meeting decides. `since` is from when on it waits for that; `roots` the
    most independent first knowers behind a tie to one child."""

    person: UUID
    group: Group
    since: datetime
    status: tuple[str, ...]
    children: tuple[UUID, ...]
    dangers: tuple[ImmediateDanger, ...]
    last_seen: datetime
    grade: str | None
    roots: int
    role: tuple[LinkKind, ...]
    against: tuple[FactorAgainst, ...]
    gaps: tuple[EvidenceGap, ...]
    why: tuple[UUID, ...]
    taken: TakenDecision | None


@dataclass(frozen=True)
class PersonApart:
    """Somebody who stands apart from the board, and why."""

    person: UUID
    why: Apart
    children: tuple[UUID, ...]
    links: tuple[UUID, ...]


@dataclass(frozen=True)
class Board:
    """Who is to be decided about, who was decided about and nothing is new, and who stands
    apart."""

    lines: tuple[BoardLine, ...]
    decided: tuple[TakenDecision, ...]
    apart: tuple[PersonApart, ...]


def board(facts: Facts, now: datetime) -> Board:
    """The board that follows from these facts at that moment."""
    ties: dict[UUID, list[BoardLink]] = defaultdict(list)
    for tie in facts.ties:
        ties[tie.person].append(tie)
    lines: list[BoardLine] = []
    decided: list[TakenDecision] = []
    apart: list[PersonApart] = []
    for one in facts.people:
        own = sorted(ties[one.person], key=lambda tie: (tie.known, tie.link))
        to_children = [tie for tie in own if tie.what == "child"]
        if not to_children:
            continue
        if reason := stands_apart(one):
            met = tuple(dict.fromkeys(tie.other for tie in to_children))
            apart.append(
                PersonApart(one.person, reason, met, tuple(tie.link for tie in to_children))
            )
            continue
        line = _line(facts, one, own, to_children, now)
        if isinstance(line, BoardLine):
            lines.append(line)
        else:
            decided.append(line)
    lines.sort(key=lambda line: (GROUPS.index(line.group), line.since, line.person))
    decided.sort(key=lambda taken: (taken.due, taken.decision))
    apart.sort(key=lambda beside: (get_args(Apart).index(beside.why), beside.person))
    return Board(tuple(lines), tuple(decided), tuple(apart))


def stands_apart(one: Suspect) -> Apart | None:
    """Why no meeting decides about somebody on this board; None where it does. A victim is never
    decided about as a suspect here."""
    found = set(one.categories)
    if cleared := sorted(found & CLEARED_CATEGORIES):
        return "acquitted" if "acquitted" in cleared else "eliminated"
    if "convicted" in found:
        return "convicted"
    if one.is_child:
        return "under-18"
    return "victim" if found & VICTIM_CATEGORIES else None


def is_young(
    categories: Collection[PoleCategory], told: bool | None, born: date | None, on: date
) -> bool:
    """Whether somebody counts as under 18 on a day: by their birth, else as was told of them; a
    victim of whom neither is known does."""
    if born is not None:
        return years_on(born, on) < ADULT
    return bool(set(categories) & VICTIM_CATEGORIES) if told is None else told


def awaits(one: Suspect, other: Suspect) -> bool:
    """Whether a tie of somebody with this other asks for a decision about them: they are or were
    suspected and do not stand apart, and the other is a child or a victim."""
    suspected = not OFFENDER_CATEGORIES.isdisjoint(one.categories)
    protected = other.is_child or not VICTIM_CATEGORIES.isdisjoint(other.categories)
    return suspected and protected and stands_apart(one) is None


def _line(
    facts: Facts,
    one: Suspect,
    own: Sequence[BoardLink],
    to_children: Sequence[BoardLink],
    now: datetime,
) -> BoardLine | TakenDecision:
    """Their line; or the decision about them, where it stands and nothing is new."""
    children = tuple(dict.fromkeys(tie.other for tie in to_children))
    dangers = tuple(each for each in facts.dangers if each.child in children)
    theirs = [each for each in facts.taken if each.person == one.person]
    taken = max(theirs, key=lambda each: (each.recorded, each.decision), default=None)
    followed = [each for each in facts.followed if each.person == one.person]
    since = _since(to_children, dangers, followed, taken, now)
    if since is None:
        if taken and not dangers:
            return taken
        since = min(each.since for each in dangers)
    late = now - since > WITHIN or (taken is not None and taken.is_open and taken.due < now)
    return BoardLine(
        person=one.person,
        group="danger-now" if dangers else "overdue" if late else "waiting",
        since=since,
        status=_status(one, followed),
        children=children,
        dangers=tuple(sorted(dangers, key=lambda each: (each.since, each.child, each.why))),
        last_seen=max(tie.seen or tie.known for tie in own),
        grade=_best(to_children),
        roots=_roots(to_children),
        role=tuple(dict.fromkeys(tie.kind for tie in (*to_children, *own))),
        against=tuple(_against(to_children, followed)),
        gaps=tuple(_gaps(facts, one, own, to_children)),
        why=tuple(tie.link for tie in to_children),
        taken=taken,
    )


def _since(
    to_children: Sequence[BoardLink],
    dangers: Sequence[ImmediateDanger],
    followed: Sequence[FollowUp],
    taken: TakenDecision | None,
    now: datetime,
) -> datetime | None:
    """From when on a decision is waited for: the first tie with a child that no decision knew of,
    the first danger or reopened decision of no further action since, or the day on which the last
    decision's result was owed; None where the last decision stands."""
    news = [tie.known for tie in to_children] + [each.since for each in dangers]
    news += [each.when for each in followed if each.what == AGAIN]
    if taken is None:
        return min(tie.known for tie in to_children)
    fresh = [at for at in news if at > taken.recorded]
    if fresh:
        return min(fresh)
    return taken.due if taken.is_open and taken.due < now else None


def _status(one: Suspect, followed: Sequence[FollowUp]) -> tuple[str, ...]:
    known = "identified" if one.identified else "not identified"
    held = "suspect" if "suspect" in one.categories else "person-of-interest"
    return (held, known, *dict.fromkeys(each.what for each in followed))


def _best(ties: Sequence[BoardLink]) -> str | None:
    grades = [Grade.parse(tie.grade) for tie in ties if tie.grade]
    return min(grades).label if grades else None


def _roots(to_children: Sequence[BoardLink]) -> int:
    by_child: dict[UUID, set[int]] = defaultdict(set)
    for tie in to_children:
        by_child[tie.other] |= {tie.root} - {0}
    return max(map(len, by_child.values()))


def _against(
    to_children: Sequence[BoardLink], followed: Sequence[FollowUp]
) -> Iterator[FactorAgainst]:
    links = tuple(tie.link for tie in to_children)
    doubted = tuple(tie.link for tie in to_children if (tie.grade or "").endswith("E"))
    undermined = tuple(tie.link for tie in to_children if tie.undermined)
    roots = {tie.root for tie in to_children}
    again = {each.item for each in followed if each.what == AGAIN}
    stopped = tuple(
        each.item
        for each in followed
        if each.what.startswith(("nfa-", "not-pros")) and each.item not in again
    )
    if doubted:
        yield FactorAgainst("suspected-false", doubted)
    if undermined:
        yield FactorAgainst("undermined", undermined)
    if len(to_children) > 1 and len(roots) == 1 and 0 not in roots:
        yield FactorAgainst("one-root", links)
    if roots == {0}:
        yield FactorAgainst("root-not-known", links)
    if not any(tie.grade for tie in to_children):
        yield FactorAgainst("ungraded", links)
    if stopped:
        yield FactorAgainst("no-further-action", stopped)


def _gaps(
    facts: Facts, one: Suspect, own: Sequence[BoardLink], to_children: Sequence[BoardLink]
) -> Iterator[EvidenceGap]:
    children = {tie.other for tie in to_children}
    if not any(tie.grade for tie in to_children):
        yield EvidenceGap("grade", tuple(tie.link for tie in to_children))
    read = {tie.other for tie in own if tie.what == "phone" and tie.stage == "evidence"}
    phones = dict.fromkeys(tie.other for tie in own if tie.what == "phone")
    if unread := tuple(each for each in phones if each not in read):
        yield EvidenceGap("phone-unread", unread)
    vehicles = [tie for tie in own if tie.what == "vehicle"]
    if not any(tie.whole for tie in vehicles):
        yield EvidenceGap("plate", tuple(dict.fromkeys(tie.other for tie in vehicles)))
    if not any(tie.kind in HOME_LINKS for tie in own if tie.what == "place"):
        yield EvidenceGap("address")
    if not one.identified:
        yield EvidenceGap("identity", (one.person,))
    if len({tie.root for tie in to_children} - {0}) < 2:
        yield EvidenceGap("second-root", tuple(tie.link for tie in to_children))
    looked = [each for each in facts.looked if each.child in children]
    if bare := tuple(each.case for each in looked if not each.exhibits):
        yield EvidenceGap("exhibit", bare)
    if mute := tuple(each.case for each in looked if not each.statements):
        yield EvidenceGap("statement", mute)


# --- what a reader sees of it -------------------------------------------------------------------


def named(facts: Facts) -> set[UUID]:
    """Every item that these facts name."""
    found = {one.person for one in facts.people}
    for tie in facts.ties:
        found |= {tie.link, tie.person, tie.other, *tie.rests_on}
    for danger in facts.dangers:
        found |= {danger.child, danger.case, danger.item}
    for look in facts.looked:
        found |= {look.child, look.case, *look.exhibits, *look.statements}
    found |= {each for one in facts.followed for each in (one.person, one.item)}
    return found | {each for one in facts.taken for each in (one.person, one.decision)}


def within(facts: Facts, seen: Collection[UUID], handling: Collection[UUID]) -> Facts:
    """The facts of which a reader sees every item; `handling` are the cases whose evidence they
    handle. What a tie rests on and they do not see is left out of it."""

    def only(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
        return tuple(one for one in ids if one in seen)

    def all_of(*ids: UUID) -> bool:
        return all(one in seen for one in ids)

    return Facts(
        people=tuple(one for one in facts.people if all_of(one.person)),
        ties=tuple(
            msgspec.structs.replace(one, rests_on=only(one.rests_on))
            for one in facts.ties
            if all_of(one.link, one.person, one.other)
        ),
        dangers=tuple(one for one in facts.dangers if all_of(one.child, one.case, one.item)),
        looked=tuple(
            msgspec.structs.replace(
                one, exhibits=only(one.exhibits), statements=only(one.statements)
            )
            for one in facts.looked
            if all_of(one.child, one.case) and one.case in handling
        ),
        followed=tuple(one for one in facts.followed if all_of(one.person, one.item)),
        taken=tuple(one for one in facts.taken if all_of(one.person, one.decision)),
    )
