"""The people about whom a team meeting decides ("the board"): their facts, gathered from the views,
and the rows of the list.

The rules are in `domain.intelligence.for_decision`. Links of every grade are included, also
ungraded links, so that no child is left out because a grade is missing. Only what the reader may
see is gathered.

The file is long because a board is composed from many views.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from commands.kernel.display_names import shared_names
from domain import forms
from domain.intelligence import for_decision as rules
from domain.intelligence.for_decision import (
    Apart,
    Board,
    BoardLine,
    BoardLink,
    EvidenceGap,
    FactorAgainst,
    Facts,
    FollowUp,
    Group,
    ImmediateDanger,
    Looked,
    Suspect,
    TakenDecision,
)
from domain.kernel.values import (
    CLEARED_CATEGORIES,
    LINK_KINDS,
    OFFENDER_CATEGORIES,
    LinkKind,
    Reader,
)
from network.query.child_protection import is_protected
from network.query.graph_builder import NEVER, Gathering
from projections.families import cases
from projections.information import queue
from projections.intelligence import links, meetings, people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Entity
from projections.justice import outcomes
from projections.kernel.columns import Column
from projections.kernel.database import Db
from questions.justice import evidence_gaps

EVERY = LinkFilter(min_rank=None)
BETWEEN_PEOPLE = LinkFilter(
    min_rank=None,
    kinds=frozenset(
        kind for kind, shape in LINK_KINDS.items() if "person" in shape.source & shape.target
    ),
)
CAUTION = (
    "There is no score. The order is: children in danger now, overdue decisions, waiting "
    "decisions; oldest first. The questions are for the police, never for a parent or a child."
)


def facts(
    db: Db,
    reader: Reader,
    now: datetime,
    *,
    about: Collection[UUID] = (),
    for_order: bool = False,
) -> Facts:
    """Return the facts from which the list of people about whom a meeting decides (the board) is
    made, as the reader sees them now. The facts are about all people, or only about the people in
    `about`.

    `for_order` leaves out facts that do not change the order of people: links to things, the
    sources and the basis of links, and evidence.
    """
    gathering = Gathering(db, reader, BETWEEN_PEOPLE if for_order else EVERY, "all")
    suspects = about or people.recorded_as(db, reader, OFFENDER_CATEGORIES | CLEARED_CATEGORIES)
    gathering.know(suspects)
    found_items = sorted({gathering.lead(suspect) for suspect in suspects})
    gathering.around(found_items)
    gathering.meet(found_items)
    met = gathering.entities
    who = [met[item] for item in found_items if met[item].kind == "person"]
    # ages are as of now, so that a person who was recorded at 17 does not remain a child
    born = [one.id for one in who if one.born]
    of_age = people.entities(db, reader, gathering.members(born), as_at=now)
    young = {one.id for one in who if one.is_child and not one.born and one.known_from != NEVER}
    young |= {gathering.lead(one) for one, entity in of_age.items() if entity.is_child}
    ids = {one.id for one in who}
    ties = tuple(_ties(gathering, ids, for_order=for_order))
    children = {tie.other for tie in ties if tie.what == "child"}
    of_case = _cases(db, reader, gathering, children)
    return Facts(
        people=tuple(
            Suspect(
                entity.id, tuple(sorted(entity.categories)), entity.id in young, entity.identified
            )
            for entity in who
        ),
        ties=ties,
        dangers=tuple(_dangers(db, reader, gathering, of_case)),
        looked=() if for_order else tuple(_looked(db, reader, gathering, of_case)),
        followed=tuple(_followed(db, reader, gathering, ids)),
        taken=tuple(
            TakenDecision(
                gathering.lead(row.about),
                row.id,
                row.owner,
                datetime.combine(row.due + timedelta(days=1), time(), UTC),
                row.recorded,
                row.state,
            )
            for row in meetings.about_people(db, reader, gathering.members(ids))
            if row.about
        ),
    )


def _followed(
    db: Db, reader: Reader, gathering: Gathering, ids: Collection[UUID]
) -> Iterator[FollowUp]:
    for row in outcomes.of_people(db, reader, gathering.members(ids)):
        if row.person:
            who = gathering.lead(row.person)
            yield FollowUp(who, row.item, row.what, row.happened or row.known_from)
            if row.reopened:
                yield FollowUp(who, row.item, rules.AGAIN, row.reopened)


def _ties(gathering: Gathering, suspects: Collection[UUID], *, for_order: bool) -> list[BoardLink]:
    roots: dict[UUID, int] = {}
    plated: dict[UUID, bool] = {}
    found_links = []
    edges = gathering.edges()
    hidden = set() if for_order else gathering.hidden()
    joined = {} if for_order else gathering.roots([row for *_, row in edges])
    for a, b, row in edges:
        for person, item in ((a, b), (b, a)):
            if person in suspects:
                met = gathering.entities[item]
                root = joined.get(row.root, row.root) if row.root else None
                number = roots.setdefault(root, len(roots) + 1) if root else 0
                if item not in plated:
                    plated[item] = met.kind == "vehicle" and any(map(forms.plate, met.names))
                found_links.append(_tie(person, met, row, number, hidden, whole=plated[item]))
    return found_links


def _tie(
    person: UUID, entity: Entity, row: LinkRow, root: int, hidden: Collection[UUID], *, whole: bool
) -> BoardLink:
    kind: rules.What = "child" if is_protected(entity) else entity.kind
    return BoardLink(
        link=row.link,
        person=person,
        other=entity.id,
        what=kind,
        kind=row.kind,
        stage=row.stage,
        grade=row.grade,
        root=root,
        undermined=row.undermined,
        known=row.known_from,
        seen=row.last,
        whole=whole,
        rests_on=tuple(item for item in row.evidence if item not in hidden),
    )


def _cases(
    db: Db, reader: Reader, gathering: Gathering, children: Collection[UUID]
) -> dict[UUID, cases.Case]:
    """Return the open cases of these children."""
    held_items = cases.children_among(db, reader, gathering.members(children), ())
    found_cases = cases.of(db, reader, held_items)
    return {row.case: row for row in found_cases if row.closed is None and not row.restricted}


def _dangers(
    db: Db, reader: Reader, gathering: Gathering, of_case: Mapping[UUID, cases.Case]
) -> list[ImmediateDanger]:
    dangers = []
    for row in of_case.values():
        child = gathering.lead(row.child)
        if row.missing and row.missing_since:
            dangers.append(ImmediateDanger(child, row.case, row.case, "missing", row.missing_since))
        if row.threshold == "high":
            dangers.append(ImmediateDanger(child, row.case, row.case, "rated-high", row.opened))
    for words in queue.urgent_in(db, reader, of_case):
        if words.case:
            child = gathering.lead(of_case[words.case].child)
            since = words.urgent_since or words.recorded
            dangers.append(
                ImmediateDanger(child, words.case, words.observation, "urgent-words", since)
            )
    return dangers


def _looked(
    db: Db, reader: Reader, gathering: Gathering, of_case: Mapping[UUID, cases.Case]
) -> list[Looked]:
    children = {
        case: gathering.members([gathering.lead(row.child)]) for case, row in of_case.items()
    }
    gathered = evidence_gaps.gathered(db, reader, children)
    return [
        Looked(gathering.lead(of_case[case].child), case, things, statements)
        for case, (things, statements) in gathered.items()
    ]


# --- rows ---------------------------------------------------------------------------------------


class Doubt(Struct, frozen=True):
    """A factor that speaks against the suspicion of a person, and the items that show it."""

    what: rules.Doubt
    words: str
    ids: tuple[UUID, ...]

    def __str__(self) -> str:
        return self.words


class Lack(Struct, frozen=True):
    """Something that is missing before the police can act against a person: what is missing, about
    whom or what, the items, and a question whose answer would supply it."""

    what: rules.Lack
    words: str
    about: tuple[str, ...]
    ids: tuple[UUID, ...]
    question: str

    def __str__(self) -> str:
        return f"{self.words} ({', '.join(self.about)})" if self.about else self.words


@dataclass(frozen=True)
class Row:
    """A person about whom a meeting has to decide. `why` are the person's links to children; a
    reader can follow each link back to its first log entry."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "person"),
        Column("group", "group"),
        Column("since", "since", "moment"),
        Column("met", "children met"),
        Column("standing", "status"),
        Column("last_seen", "last seen", "day"),
        Column("role", "role"),
        Column("against", "factors against"),
        Column("gaps", "gaps before action"),
        Column("next", "next question"),
        Column("owner", "earlier decision"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    id: UUID
    label: str
    group: Group
    since: datetime
    status: str
    children: tuple[UUID, ...]
    who: tuple[str, ...]
    danger: tuple[str, ...]
    last_seen: datetime
    grade: str | None
    roots: int
    role: str
    against: tuple[Doubt, ...]
    gaps: tuple[Lack, ...]
    next: str | None
    why: tuple[UUID, ...]
    decision: UUID | None
    owner: str | None

    @property
    def met(self) -> str:
        """Return the names of the children with whom the person is linked. For a child in danger,
        the reason of the danger is added.
        """
        safe = [name for name in self.who if not any(name in names for names in self.danger)]
        return "; ".join((*self.danger, *safe))

    @property
    def standing(self) -> str:
        """Return the status of the person with the police, the best grade of the person's links,
        and the number of independent sources.
        """
        roots = {0: "source not known", 1: "one source"}.get(self.roots, f"{self.roots} sources")
        return f"{self.status}; {self.grade or 'ungraded'}, {roots}"


class DecidedRow(Struct, frozen=True):
    """A person about whom a meeting decided, and who has no new link since the decision."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "person"),
        Column("owner", "owner"),
        Column("by", "due", "moment"),
        Column("standing", "status"),
        Column("decision", "decision", "id"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("by", "decision")
    id: UUID
    label: str
    owner: str
    by: datetime
    standing: str
    decision: UUID


class ApartRow(Struct, frozen=True):
    """A person with links to children about whom the meeting does not decide, and who is listed
    separately.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("why", "reason"),
        Column("label", "person"),
        Column("who", "children"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("why", "id")
    id: UUID
    label: str
    why: Apart
    children: tuple[UUID, ...]
    who: tuple[str, ...]
    links: tuple[UUID, ...]


class Shown(Struct, frozen=True):
    """The list of people about whom a meeting has to decide (the board), as its reader may see
    it.
    """

    rows: tuple[Row, ...]
    decided: tuple[DecidedRow, ...]
    apart: tuple[ApartRow, ...]


def list_people(db: Db, reader: Reader, now: datetime) -> Shown:
    """Return the people whom a meeting has to decide about now."""
    return _shown(db, [reader], rules.board(facts(db, reader, now), now))


def list_first(db: Db, reader: Reader, now: datetime, most: int) -> tuple[tuple[Row, ...], int]:
    """Return the first `most` people about whom a meeting has to decide now, and the number of all
    such people. Their order follows from links between people; other facts are read only about the
    people who are returned.
    """
    board = rules.board(facts(db, reader, now, for_order=True), now, most)
    first = [line.person for line in board.lines]
    if not first:
        return (), board.number
    whole = rules.board(facts(db, reader, now, about=first), now)
    return _shown(db, [reader], whole).rows, board.number


def list_for_all(db: Db, readers: Sequence[Reader], now: datetime) -> Shown:
    """Return the people about whom a meeting has to decide now, as the first of these readers sees
    them, without facts that any of the other readers may not see.
    """
    return _shared(db, readers, facts(db, readers[0], now), now)


def _shared(db: Db, readers: Sequence[Reader], facts: Facts, at: datetime) -> Shown:
    for reader in readers[1:]:
        facts = meetings.visible_facts(db, reader, facts)
    return _shown(db, readers, rules.board(facts, at))


def of_person(db: Db, reader: Reader, who: UUID, now: datetime) -> Row | None:
    """Return the row about one person on the list of people about whom a meeting has to decide;
    None if no decision about the person is due.
    """
    board = _shown(db, [reader], rules.board(facts(db, reader, now, about=[who]), now))
    return board.rows[0] if board.rows else None


def read_saved(db: Db, readers: Sequence[Reader], meeting: UUID) -> tuple[datetime, Shown] | None:
    """Return the list of people about whom a meeting decides, as it was last shown to this meeting,
    with present names; and when it was shown. Return None if it was never shown. Items that one of
    the readers may not see, or that were erased or restricted since, are left out.
    """
    saved = meetings.read_shown_board(db, readers[0], meeting)
    if saved is None:
        return None
    at, board_facts = saved
    ids = rules.items_in_facts(board_facts)
    board_facts = rules.within(
        board_facts,
        ids - links.restricted(db, ids),
        {looked_case.case for looked_case in board_facts.looked},
    )
    return at, _shared(db, readers, board_facts, at)


def _shown(db: Db, readers: Sequence[Reader], board: Board) -> Shown:
    ids = {decision.person for decision in board.decided}
    ids |= {person for line in board.lines for person in (line.person, *line.children)}
    ids |= {person for row in board.apart for person in (row.person, *row.children)}
    ids |= {item for line in board.lines for gap in line.gaps for item in gap.ids}
    names = {item: name.said for item, name in shared_names(db, readers, ids).items()}

    def called(ids: Sequence[UUID]) -> tuple[str, ...]:
        return tuple(names[item] for item in ids if item in names)

    return Shown(
        tuple(
            _row(number, line, names, called) for number, line in enumerate(board.lines, start=1)
        ),
        tuple(
            DecidedRow(
                decision.person,
                names.get(decision.person, ""),
                decision.owner,
                decision.due,
                decision.state or "open",
                decision.decision,
            )
            for decision in board.decided
        ),
        tuple(
            ApartRow(
                row.person,
                names.get(row.person, ""),
                row.why,
                row.children,
                called(row.children),
                row.links,
            )
            for row in board.apart
        ),
    )


Calling = Callable[[Sequence[UUID]], tuple[str, ...]]


def _row(number: int, line: BoardLine, names: Mapping[UUID, str], called: Calling) -> Row:
    gaps = tuple(_lack(gap, called) for gap in line.gaps)
    return Row(
        number=number,
        id=line.person,
        label=names.get(line.person, ""),
        group=line.group,
        since=line.since,
        status=", ".join(line.status),
        children=line.children,
        who=called(line.children),
        danger=tuple(_peril(line.dangers, names)),
        last_seen=line.last_seen,
        grade=line.grade,
        roots=line.roots,
        role=_role(line.role),
        against=tuple(_doubt(factor) for factor in line.against),
        gaps=gaps,
        next=_question_for(gaps[0]) if gaps else None,
        why=line.why,
        decision=line.taken.decision if line.taken else None,
        owner=line.taken.owner if line.taken else None,
    )


def _peril(dangers: Sequence[ImmediateDanger], names: Mapping[UUID, str]) -> list[str]:
    of: dict[UUID, list[str]] = defaultdict(list)
    for danger in dangers:
        of[danger.child].append(rules.PERILS[danger.why])
    return [f"{names.get(child, '')}: {', '.join(dict.fromkeys(why))}" for child, why in of.items()]


def _role(kinds: Sequence[LinkKind]) -> str:
    return ", ".join(kind.replace("-", " ") for kind in kinds)


def _doubt(factor: FactorAgainst) -> Doubt:
    return Doubt(factor.what, factor.words, factor.ids)


#: Kinds of gap whose question names a phone or vehicle, so the name is looked up. For the other
#: kinds the ids are enough.
_NAMED = frozenset({"phone-unread", "plate"})


def _lack(gap: EvidenceGap, called: Calling) -> Lack:
    about = called(gap.ids) if gap.what in _NAMED else ()
    return Lack(gap.what, gap.words, about, gap.ids, gap.question)


def _question_for(first: Lack) -> str:
    """Return the question whose answer would close the gap, with the thing that the question is
    about.
    """
    return f"{', '.join(first.about)}: {first.question}" if first.about else first.question
