"""What others have said of the same, and which joins wait to be judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from access.who_may import scope
from commands.kernel.display_names import called
from commands.kernel.item_references import ending
from domain.data_protection.access_log import SearchTouched
from domain.information import shared_mentions
from domain.information.shared_mentions import Clue, ClueKind
from domain.kernel.values import Reader, Refused
from projections.composed import finding
from projections.due import said_before as joins
from projections.due.joined import ItemRow, State
from projections.due.said_before import Met
from projections.information import continuum
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db

_CALLED: dict[ClueKind, str] = {
    "vrm": "the plate",
    "vrm_partial": "part of a plate,",
    "phone": "the phone",
    "handle": "the account",
    "place": "the place",
    "nickname": "the nickname",
    "vehicle": "a",
}
#: A list in a message names so many.
NAMED = 3


@dataclass(frozen=True)
class Said:
    """Somebody else's words, a record or a case that names what these words name. `score` orders
    (at most 1) and is no measure of truth; `why` says by what; `items` are the others; `grade` and
    `about` are told to those who see them, `root` where they see both sides. What is only listed is
    not `kept`: there is nothing to decide."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("score", "score", "figure"),
        Column("what", "what both say"),
        Column("why", "why"),
        Column("about", "where"),
        Column("told", "told", "moment"),
        Column("grade", "grade"),
        Column("team", "team"),
        Column("standing", "decided"),
        Column("items", "items"),
        Column("id", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("-score", "id")
    id: UUID
    kind: ClueKind
    normalised: str
    score: float
    why: tuple[str, ...]
    items: tuple[UUID, ...]
    team: str
    told: datetime
    state: State
    grade: str | None = None
    about: str | None = None
    root: str | None = None
    by: str | None = None
    reason: str | None = None
    kept: bool = True

    @property
    def what(self) -> str:
        """What both name."""
        return f"{_CALLED[self.kind]} {self.normalised}"

    @property
    def standing(self) -> str | None:
        """What somebody decided about it."""
        if self.state == "open":
            return None
        return f"{self.state} by {self.by}" + (f": {self.reason}" if self.reason else "")


_OTHERS = {"words": "others' words", "record": "on record", "case": "in a case"}


@dataclass(frozen=True)
class SaidBefore:
    """All that is told of an item: the rows, best first, how many independent roots they have with
    it (None where the reader does not see all of them), and what was met and is not theirs."""

    rows: tuple[Said, ...]
    roots: int | None
    touched: tuple[SearchTouched, ...]


def said_before(db: Db, reader: Reader, told: str, *, deciding: bool = False) -> SaidBefore:
    """What else holds what these words name, best first. Raises Hidden for words that are not the
    reader's to decide about, and Refused for words that wait for their first grade, unless they are
    urgent or somebody is deciding that they have no value or that more is needed: what others have
    said would lead the grade."""
    one = ending(told, joins.words_named(db, reader, told), "observation")
    row = joins.item(db, one)
    if row is None:
        raise scope.not_there("observation", told)
    if not (row.decided or row.urgent or deciding):
        raise Refused(
            "grade these words first: what others have said would lead your grade. To decide that "
            "they have no value, or that more is needed, ask for it as deciding",
            field="deciding",
        )
    found = joins.met(db, reader, one)
    found += joins.beside(db, reader, row, {each.other.item for each in found})
    rows = _ranked(db, reader, row, found)
    holding = finding.held_by(db, reader, joins.hidden(db, reader, one))
    return SaidBefore(rows, _roots(db, reader, row, found), holding)


def _ranked(db: Db, reader: Reader, row: ItemRow, found: Sequence[Met]) -> tuple[Said, ...]:
    clues = {Clue(each.kind, each.mine) for one in found for each in one.shared}
    named = joins.named(db, reader, clues)
    others = {one.other.item for one in found}
    seen = scope.seen(db, reader, others | {row.item})
    names, same = called(db, reader, others), people.clusters(db, reader, what="roots")
    rows = []
    for one in found:
        both = {one.other.item, row.item} <= seen
        roots = {same.get(each, each) for each in (one.other.root, row.root) if each}
        known = both and bool(one.other.root and row.root)
        first = one.shared[0]
        trusted = [(each.trust, named.get(Clue(each.kind, each.mine), 0)) for each in one.shared]
        score = shared_mentions.rank(trusted, row.told - one.other.told, len(roots) if known else 0)
        root = ("another root" if len(roots) > 1 else "the same root") if known else None
        rows.append(
            Said(
                one.id,
                first.kind,
                first.theirs,
                score,
                _why(one, row, named, root),
                (one.other.item,),
                one.other.team,
                one.other.told,
                one.state,
                _grade(db, reader, one.other.item),
                names.get(one.other.item),
                root,
                one.by,
                one.reason,
                kept=one.since is not None,
            )
        )
    return tuple(sorted(rows, key=lambda one: (-one.score, one.id)))


def _why(one: Met, row: ItemRow, named: dict[Clue, int], root: str | None) -> tuple[str, ...]:
    """Why it is worth a look, in words: what both say, how rare, how far apart, which root."""
    told = []
    for each in one.shared:
        words = f"{_CALLED[each.kind]} {each.theirs}"
        if each.mine != each.theirs:
            words += f" fits {each.mine}"
        many = named.get(Clue(each.kind, each.mine), 0)
        if many > shared_mentions.HUB:
            words += f" (more than {shared_mentions.HUB} say it)"
        elif many > shared_mentions.RARE:
            words += f" (said in {many})"
        told.append(words)
    when = (
        f"told {shared_mentions.apart(row.told, one.other.told)}"
        if one.other.kind == "words"
        else ""
    )
    return tuple(filter(None, (*told, _OTHERS[one.other.kind], when, root)))


def _grade(db: Db, reader: Reader, one: UUID) -> str | None:
    rows = continuum.story(db, reader, one)
    return rows[-1].grade if rows else None


def _roots(db: Db, reader: Reader, row: ItemRow, found: Sequence[Met]) -> int | None:
    """How many first knew it, of all who said it; None where the reader does not see all of
    them: a count tells of what is hidden."""
    words = [one.other for one in found if one.other.kind == "words"]
    every = {row.item, *(one.item for one in words)}
    if scope.seen(db, reader, every) != every:
        return None
    same = people.clusters(db, reader, what="roots")
    return len({same.get(one.root, one.root) for one in (row, *words) if one.root})


@dataclass(frozen=True)
class Waits:
    """A join that waits for a decision, for a brief: `item` are the words to look at."""

    id: UUID
    item: UUID
    other: UUID
    what: str
    since: datetime


def waiting(db: Db, reader: Reader, since: datetime | None, most: int) -> list[Waits]:
    """The joins that were found after a moment (None: ever) and wait, the oldest first."""
    return [
        Waits(row.id, row.a, row.b, ", ".join(map(_said, row.shared)), row.since)
        for row in joins.since(db, reader, since, most)
    ]


def _said(shared: tuple[ClueKind, str, str, float]) -> str:
    kind, mine, theirs, _ = shared
    return f"{_CALLED[kind]} {mine}" + ("" if mine == theirs else f" fits {theirs}")
