"""The list (board) of people about whom a meeting has to decide, in order and with reasons.

The order is: people suspected of harming a child in danger now, then people whose decision is
overdue, then the others; in each group the oldest first. No score is computed: a score would
stigmatise a person, and a low score would be a reason to do nothing. Factors against the suspicion
are shown beside factors for it. People who are convicted, under 18, victims or cleared are listed
separately. No person is called a leader: networks of this kind had none (Cockbain 2018).

Each fact names the items on which it is based. A reader sees the list that follows from the facts
that they may see (`within`), also for a list that was saved at a meeting.

The file is long because its rules are read together.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, TypeVar, get_args
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.forms.ages import age_on
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
#: A meeting has to decide about a suspected person within this time. This is the program's own
#: policy, because inquiries reported on named men without a decision; no law sets the time
#: [verify].
WITHIN = timedelta(days=7)

ADULT = 18
Fact = TypeVar("Fact")

What = Literal["child"] | EntityKind
Peril = Literal["missing", "rated-high", "urgent-words"]
#: Reasons why a child is in danger now, in words.
PERILS: dict[Peril, str] = {
    "missing": "missing now",
    "rated-high": "rated high",
    "urgent-words": "urgent log entry not dealt with",
}
Doubt = Literal[
    "suspected-false", "undermined", "one-root", "root-not-known", "ungraded", "no-further-action"
]
#: Factors against the suspicion of a person, in words.
DOUBTS: dict[Doubt, str] = {
    "suspected-false": "an account is suspected to be false (E)",
    "undermined": "evidence for a link was undermined",
    "one-root": "all accounts come from one source",
    "root-not-known": "the original source is not known",
    "ungraded": "no link to a child is graded",
    "no-further-action": "no further action was decided before",
}
Lack = Literal[
    "grade", "phone-unread", "plate", "address", "identity", "second-root", "exhibit", "statement"
]
#: Gaps to close before the police can act, in this order, each with the next question. The police
#: answer the question, and never a parent or a child.
LACKS: dict[Lack, tuple[str, str]] = {
    "grade": (
        "no graded link",
        "How reliable is the account behind the link, and who grades the account?",
    ),
    "phone-unread": ("a phone was not read", "Whose is this phone, and can it be seized and read?"),
    "plate": ("no whole plate", "Which vehicle does this person use, and what is its whole plate?"),
    "address": ("no address", "Where does this person live or stay?"),
    "identity": ("not identified", "Who is this person: is there a record under the name?"),
    "second-root": (
        "no second source",
        "What else would show the link: cameras, bookings, taxi and till records?",
    ),
    "exhibit": (
        "no exhibit",
        "What can be seized or requested: phones, films, hotel and taxi records?",
    ),
    "statement": (
        "no statement but the child's",
        "Which adult saw what happened and can make a statement?",
    ),
}
Apart = Literal["convicted", "under-18", "victim", "eliminated", "acquitted"]


class Suspect(msgspec.Struct, frozen=True):
    """A person who is or was suspected of exploiting children. `identified` is True if they are
    known by name, and not only by a nickname.
    """

    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    categories: tuple[PoleCategory, ...]
    is_child: bool
    identified: bool


class BoardLink(msgspec.Struct, frozen=True):
    """A link between a suspected person and a child, a victim or a thing. `root` identifies the
    link's source by a number that is valid within one list of people for decision; 0 if the source
    is not known. `seen` is when the link was last observed. `whole` is True if the link is to a
    vehicle whose complete plate is recorded. `rests_on` are the ids of the log entry, report and
    exhibit on which the link is based.
    """

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
    """A child in danger now: the case, and the item that shows the danger."""

    child: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    why: Peril
    since: datetime


class Looked(msgspec.Struct, frozen=True):
    """The evidence in a child's case that was gathered besides the child's own account: the
    exhibits and the statements. Only officers who handle the evidence of that case see it.
    """

    child: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    exhibits: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]
    statements: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]


AGAIN = "opened-again"


class FollowUp(msgspec.Struct, frozen=True):
    """What the police or a court did about a suspected person, such as an arrest; `item` is the id
    of the record of this. `what` is `AGAIN` if a later fact reopened a decision of no further
    action.
    """

    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    what: Annotated[str, CODE]
    when: datetime


class TakenDecision(msgspec.Struct, frozen=True):
    """A meeting's decision about a suspected person; `due` is the end of the day by which the
    result of the decision has to be recorded.
    """

    person: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    decision: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    owner: Annotated[str, CODE]
    due: datetime
    recorded: datetime
    state: TaskState | None

    @property
    def is_open(self) -> bool:
        """Return whether the result of the meeting's decision is still missing."""
        return self.state in (None, "under-way")


class Facts(msgspec.Struct, frozen=True):
    """All facts from which the list of people about whom a meeting decides (the board) is
    computed.
    """

    people: tuple[Suspect, ...] = ()
    ties: tuple[BoardLink, ...] = ()
    dangers: tuple[ImmediateDanger, ...] = ()
    looked: tuple[Looked, ...] = ()
    followed: tuple[FollowUp, ...] = ()
    taken: tuple[TakenDecision, ...] = ()


class FactorAgainst(Struct, frozen=True):
    """A fact that speaks against the suspicion of a person, with the items that show it."""

    what: Doubt
    ids: tuple[UUID, ...]

    @property
    def words(self) -> str:
        """Return the factor against suspicion in words."""
        return DOUBTS[self.what]


class EvidenceGap(Struct, frozen=True):
    """Something that is missing before the police can act against a suspected person. `ids` are the
    items that show the gap, if there are any.
    """

    what: Lack
    ids: tuple[UUID, ...] = ()

    @property
    def words(self) -> str:
        """Return, in words, what is missing before the police can act."""
        return LACKS[self.what][0]

    @property
    def question(self) -> str:
        """Return the question that the police can answer next to close the gap."""
        return LACKS[self.what][1]


class BoardLine(Struct, frozen=True):
    """A person about whom a meeting decides, with the reasons. `since` is when a decision became
    due. `roots` is the highest number of independent sources that connect the person with any one
    child.
    """

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


class PersonApart(Struct, frozen=True):
    """A suspected person about whom the meeting does not decide, such as a victim, with the reason.
    The list of people for decision shows this person separately.
    """

    person: UUID
    why: Apart
    children: tuple[UUID, ...]
    links: tuple[UUID, ...]


class Board(Struct, frozen=True):
    """The list of people about whom a meeting has to decide. `lines` are the people on the list, or
    only the first of them; `number` is the number of all people on the list. `decided` are earlier
    decisions about people for whom no new fact came after the decision. `apart` are people about
    whom the meeting does not decide, such as victims.
    """

    lines: tuple[BoardLine, ...]
    number: int
    decided: tuple[TakenDecision, ...]
    apart: tuple[PersonApart, ...]


class _Case(Struct, frozen=True):
    """The facts about one person about whom a meeting has to decide. `since` is when the decision
    became due; `late` is True if the decision is overdue.
    """

    person: Suspect
    own: Sequence[BoardLink]
    to_children: Sequence[BoardLink]
    dangers: tuple[ImmediateDanger, ...]
    followed: Sequence[FollowUp]
    taken: TakenDecision | None
    since: datetime
    late: bool

    @property
    def group(self) -> Group:
        """Return the group of the list in which this person is shown: "danger-now" if a child is in
        danger now, "overdue" if the decision is overdue, otherwise "waiting".
        """
        return "danger-now" if self.dangers else "overdue" if self.late else "waiting"


def board(facts: Facts, now: datetime, most: int | None = None) -> Board:
    """Return the list (board) of people about whom a meeting has to decide at the moment `now`,
    made from these facts. The list has at most `most` lines, or all lines if `most` is None.
    """
    ties = _grouped(facts.ties, lambda tie: tie.person)
    dangers = _grouped(facts.dangers, lambda danger: danger.child)
    looked = _grouped(facts.looked, lambda look: look.child)
    followed = _grouped(facts.followed, lambda each: each.person)
    taken = _grouped(facts.taken, lambda each: each.person)
    waiting: list[_Case] = []
    decided: list[TakenDecision] = []
    apart: list[PersonApart] = []
    for person in facts.people:
        own = sorted(ties[person.person], key=lambda tie: (tie.known, tie.link))
        to_children = [tie for tie in own if tie.what == "child"]
        if not to_children:
            continue
        if reason := reason_left_off(person):
            met = tuple(dict.fromkeys(tie.other for tie in to_children))
            apart.append(
                PersonApart(person.person, reason, met, tuple(tie.link for tie in to_children))
            )
            continue
        children = dict.fromkeys(tie.other for tie in to_children)
        case_or_status = _case(
            person,
            own,
            to_children,
            tuple(danger for child in children for danger in dangers[child]),
            followed[person.person],
            max(taken[person.person], key=lambda one: (one.recorded, one.decision), default=None),
            now,
        )
        if isinstance(case_or_status, _Case):
            waiting.append(case_or_status)
        else:
            decided.append(case_or_status)
    waiting.sort(key=lambda one: (GROUPS.index(one.group), one.since, one.person.person))
    decided.sort(key=lambda one: (one.due, one.decision))
    apart.sort(key=lambda one: (get_args(Apart).index(one.why), one.person))
    lines = tuple(_line(undecided, looked) for undecided in waiting[:most])
    return Board(lines, len(waiting), tuple(decided), tuple(apart))


def _grouped(facts: Iterable[Fact], of: Callable[[Fact], UUID]) -> dict[UUID, list[Fact]]:
    """Return the facts, grouped by the person whom each fact is about. `of` returns that person's
    id.
    """
    facts_by_item: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        facts_by_item[of(fact)].append(fact)
    return facts_by_item


def reason_left_off(suspect: Suspect) -> Apart | None:
    """Return why a meeting does not decide about a suspected person, who is then listed separately:
    acquitted, eliminated, convicted, under 18 or a victim. Return None if the meeting decides about
    this person.
    """
    categories = set(suspect.categories)
    if cleared := sorted(categories & CLEARED_CATEGORIES):
        return "acquitted" if "acquitted" in cleared else "eliminated"
    if "convicted" in categories:
        return "convicted"
    if suspect.is_child:
        return "under-18"
    return "victim" if categories & VICTIM_CATEGORIES else None


def is_young(
    categories: Collection[PoleCategory], under_18: bool | None, born: date | None, on: date
) -> bool:
    """Return whether a person counts as under 18 on the day `on`: by the date of birth, or, if that
    is not recorded, by the statement `under_18`. A victim for whom neither is recorded counts as
    under 18.
    """
    if born is not None:
        return age_on(born, on) < ADULT
    return bool(set(categories) & VICTIM_CATEGORIES) if under_18 is None else under_18


def calls_for_decision(first_suspect: Suspect, second_suspect: Suspect) -> bool:
    """Return whether a link between two people requires a meeting's decision about the first
    person. It does if the first person is a suspect and `reason_left_off` gives no reason against a
    decision, and if the second person is a child or a victim.
    """
    suspected = not OFFENDER_CATEGORIES.isdisjoint(first_suspect.categories)
    protected = second_suspect.is_child or not VICTIM_CATEGORIES.isdisjoint(
        second_suspect.categories
    )
    return suspected and protected and reason_left_off(first_suspect) is None


def _case(
    person: Suspect,
    own: Sequence[BoardLink],
    to_children: Sequence[BoardLink],
    dangers: tuple[ImmediateDanger, ...],
    followed: Sequence[FollowUp],
    taken: TakenDecision | None,
    now: datetime,
) -> _Case | TakenDecision:
    """Return the facts about a person about whom the meeting has to decide. If nothing has happened
    since the meeting's last decision about the person, return that decision instead.
    """
    since = _due_since(to_children, dangers, followed, taken, now)
    if since is None:
        if taken and not dangers:
            return taken
        since = min(danger.since for danger in dangers)
    late = now - since > WITHIN or (taken is not None and taken.is_open and taken.due < now)
    return _Case(person, own, to_children, dangers, followed, taken, since, late)


def _line(case: _Case, looked: Mapping[UUID, Sequence[Looked]]) -> BoardLine:
    """Return the line about one person on the list of people about whom a meeting has to decide."""
    own, to_children = case.own, case.to_children
    children = tuple(dict.fromkeys(tie.other for tie in to_children))
    evidence = sorted(
        (danger for child in children for danger in looked.get(child, ())),
        key=lambda each: each.case,
    )
    return BoardLine(
        person=case.person.person,
        group=case.group,
        since=case.since,
        status=_status(case.person, case.followed),
        children=children,
        dangers=tuple(sorted(case.dangers, key=lambda each: (each.since, each.child, each.why))),
        last_seen=max(tie.seen or tie.known for tie in own),
        grade=_best(to_children),
        roots=_roots(to_children),
        role=tuple(dict.fromkeys(tie.kind for tie in (*to_children, *own))),
        against=tuple(_against(to_children, case.followed)),
        gaps=tuple(_gaps(evidence, case.person, own, to_children)),
        why=tuple(tie.link for tie in to_children),
        taken=case.taken,
    )


def _due_since(
    to_children: Sequence[BoardLink],
    dangers: Sequence[ImmediateDanger],
    followed: Sequence[FollowUp],
    taken: TakenDecision | None,
    now: datetime,
) -> datetime | None:
    """Return the moment since which a decision about a person is due; None if no decision is due.

    - Before the first decision: the moment when the person's first link to a child was recorded.
    - After a decision: the moment of the first later link to a child, danger or reopened case.
    - Without such a fact, and if the result of the last decision is overdue: the day on which the
      result was due.
    """
    news = [tie.known for tie in to_children] + [danger.since for danger in dangers]
    news += [follow_up.when for follow_up in followed if follow_up.what == AGAIN]
    if taken is None:
        return min(tie.known for tie in to_children)
    fresh = [at for at in news if at > taken.recorded]
    if fresh:
        return min(fresh)
    return taken.due if taken.is_open and taken.due < now else None


def _status(suspect: Suspect, followed: Sequence[FollowUp]) -> tuple[str, ...]:
    identification = "identified" if suspect.identified else "not identified"
    category = "suspect" if "suspect" in suspect.categories else "person-of-interest"
    return (category, identification, *dict.fromkeys(follow_up.what for follow_up in followed))


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
    again = {follow_up.item for follow_up in followed if follow_up.what == AGAIN}
    stopped = tuple(
        follow_up.item
        for follow_up in followed
        if follow_up.what.startswith(("nfa-", "not-pros")) and follow_up.item not in again
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
    looked: Sequence[Looked],
    suspect: Suspect,
    own: Sequence[BoardLink],
    to_children: Sequence[BoardLink],
) -> Iterator[EvidenceGap]:
    if not any(tie.grade for tie in to_children):
        yield EvidenceGap("grade", tuple(tie.link for tie in to_children))
    read = {tie.other for tie in own if tie.what == "phone" and tie.stage == "evidence"}
    phones = dict.fromkeys(tie.other for tie in own if tie.what == "phone")
    if unread := tuple(phone for phone in phones if phone not in read):
        yield EvidenceGap("phone-unread", unread)
    vehicles = [tie for tie in own if tie.what == "vehicle"]
    if not any(tie.whole for tie in vehicles):
        yield EvidenceGap("plate", tuple(dict.fromkeys(tie.other for tie in vehicles)))
    if not any(tie.kind in HOME_LINKS for tie in own if tie.what == "place"):
        yield EvidenceGap("address")
    if not suspect.identified:
        yield EvidenceGap("identity", (suspect.person,))
    if len({tie.root for tie in to_children} - {0}) < 2:
        yield EvidenceGap("second-root", tuple(tie.link for tie in to_children))
    if bare := tuple(looked_at.case for looked_at in looked if not looked_at.exhibits):
        yield EvidenceGap("exhibit", bare)
    if mute := tuple(looked_at.case for looked_at in looked if not looked_at.statements):
        yield EvidenceGap("statement", mute)


# --- what a reader may see of the board -------------------------------------------------------


def items_in_facts(facts: Facts) -> set[UUID]:
    """Return the id of every item that occurs in these facts about people for a meeting's
    decision.
    """
    ids = {person.person for person in facts.people}
    for tie in facts.ties:
        ids |= {tie.link, tie.person, tie.other, *tie.rests_on}
    for danger in facts.dangers:
        ids |= {danger.child, danger.case, danger.item}
    for look in facts.looked:
        ids |= {look.child, look.case, *look.exhibits, *look.statements}
    ids |= {item for follow_up in facts.followed for item in (follow_up.person, follow_up.item)}
    return ids | {item for decision in facts.taken for item in (decision.person, decision.decision)}


def within(facts: Facts, seen: Collection[UUID], handling: Collection[UUID]) -> Facts:
    """Return the part of a board's facts that a reader may see. `seen` are the ids of the items
    that the reader may see, `handling` the cases whose evidence the reader handles. A fact about an
    item that the reader may not see is left out. If the reader may see a link, but only some of the
    items on which the link is based, the link stays with these items.
    """

    def only(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
        return tuple(item for item in ids if item in seen)

    def all_of(*ids: UUID) -> bool:
        return all(item in seen for item in ids)

    return Facts(
        people=tuple(person for person in facts.people if all_of(person.person)),
        ties=tuple(
            msgspec.structs.replace(link, rests_on=only(link.rests_on))
            for link in facts.ties
            if all_of(link.link, link.person, link.other)
        ),
        dangers=tuple(
            danger for danger in facts.dangers if all_of(danger.child, danger.case, danger.item)
        ),
        looked=tuple(
            msgspec.structs.replace(
                looked_at, exhibits=only(looked_at.exhibits), statements=only(looked_at.statements)
            )
            for looked_at in facts.looked
            if all_of(looked_at.child, looked_at.case) and looked_at.case in handling
        ),
        followed=tuple(
            follow_up for follow_up in facts.followed if all_of(follow_up.person, follow_up.item)
        ),
        taken=tuple(
            decision for decision in facts.taken if all_of(decision.person, decision.decision)
        ),
    )
