"""Possible corroboration of a log entry: other items that mention the same subject, and matches
that still have to be judged."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.kernel.display_names import visible_names
from commands.kernel.item_references import ending
from domain.data_protection.access_log import SearchTouched
from domain.information import shared_mentions
from domain.information.shared_mentions import CALLED, Clue, ClueKind
from domain.kernel.values import Reader, Refused
from projections.composed import finding
from projections.due import said_before as joins
from projections.due.joined import ItemRow, State
from projections.due.said_before import Met
from projections.information import continuum
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: The largest number of names that a message lists.
NAMED = 3


class Said(Struct, frozen=True):
    """A match: a log entry of another source, a record or a case that mentions the same person,
    place or thing as the log entry for which matches are listed.

    `score` (at most 1) only orders the matches; it does not measure truth. `why` are the reasons
    for the match, `items` the ids of the other items named in its columns. `grade` and `about` are
    given only to readers who may see them, `root` (the independent source) only to readers who see
    both entries. A match for which `kept` is false is too weak to need a decision.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("score", "score", "figure"),
        Column("what", "shared mentions"),
        Column("why", "reason"),
        Column("about", "item"),
        Column("told", "recorded", "moment"),
        Column("grade", "grade"),
        Column("team", "team"),
        Column("standing", "judgement"),
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
        """Return in words what the two items both mention."""
        return f"{CALLED[self.kind]} {self.normalised}"

    @property
    def standing(self) -> str | None:
        """Return the decision about the match in words, or None."""
        if self.state == "open":
            return None
        return f"{self.state} by {self.by}" + (f": {self.reason}" if self.reason else "")


_OTHERS = {"words": "log entry", "record": "on record", "case": "in a case"}


class SaidBefore(Struct, frozen=True):
    """All matches of a log entry, the best first. `roots` is the number of independent sources of
    the entry and its matches, or None if the reader does not see all of these items. `touched` are
    the matches that the reader may not see."""

    rows: tuple[Said, ...]
    roots: int | None
    touched: tuple[SearchTouched, ...]


def said_before(db: Db, reader: Reader, text: str, *, deciding: bool = False) -> SaidBefore:
    """Return other items that may corroborate this entry, the best match first.

    Raises Hidden if the reader may not decide about the entry. Raises Refused if the entry has no
    grade yet, because matches would influence the grade. An urgent entry needs no grade, and
    neither does a reader (`deciding`) who is about to decide that the entry has no value or that
    more information is needed.
    """
    item = ending(text, joins.resolve_entry(db, reader, text), "observation")
    row = joins.item(db, item)
    if row is None:
        raise scope.hidden_error("observation", text)
    if not (row.decided or row.urgent or deciding):
        raise Refused(
            "grade this entry first: possible corroboration would influence your grade. "
            "To decide that the entry has no value, or that more information is needed, "
            "add the option deciding",
            field="deciding",
        )
    matches = joins.list_pairs(db, reader, item)
    matches += joins.list_weak_pairs(db, reader, row, {match.other.item for match in matches})
    rows = _ranked(db, reader, row, matches)
    holding = finding.hits_for_holders(db, reader, joins.hidden(db, reader, item))
    return SaidBefore(rows, _roots(db, reader, row, matches), holding)


def _ranked(db: Db, reader: Reader, row: ItemRow, matches: Sequence[Met]) -> tuple[Said, ...]:
    clues = {Clue(each.kind, each.mine) for match in matches for each in match.shared}
    named = joins.count_items_by_mention(db, reader, clues)
    others = {match.other.item for match in matches}
    seen = scope.visible_items(db, reader, others | {row.item})
    names, same = visible_names(db, reader, others), people.clusters(db, reader, kind="roots")
    rows = []
    for pair in matches:
        both = {pair.other.item, row.item} <= seen
        roots = {same.get(each, each) for each in (pair.other.root, row.root) if each}
        both_roots = both and bool(pair.other.root and row.root)
        first = pair.shared[0]
        trusted = [(each.trust, named.get(Clue(each.kind, each.mine), 0)) for each in pair.shared]
        score = shared_mentions.rank(
            trusted, row.told - pair.other.told, len(roots) if both_roots else 0
        )
        root = ("another root" if len(roots) > 1 else "the same root") if both_roots else None
        rows.append(
            Said(
                pair.id,
                first.kind,
                first.theirs,
                score,
                _why(pair, row, named, root),
                (pair.other.item,),
                pair.other.team,
                pair.other.told,
                pair.state,
                _grade(db, reader, pair.other.item),
                names.get(pair.other.item),
                root,
                pair.by,
                pair.reason,
                kept=pair.since is not None,
            )
        )
    return tuple(sorted(rows, key=lambda one: (-one.score, one.id)))


def _why(met: Met, row: ItemRow, named: dict[Clue, int], root: str | None) -> tuple[str, ...]:
    """Return the reasons for a match in words: the shared mentions, how rare they are, how many
    days are between the entries, and whether the sources are independent."""
    reasons = []
    for mention in met.shared:
        words = f"{CALLED[mention.kind]} {mention.theirs}"
        if mention.mine != mention.theirs:
            words += f" fits {mention.mine}"
        many = named.get(Clue(mention.kind, mention.mine), 0)
        if many > shared_mentions.HUB:
            words += f" (in more than {shared_mentions.HUB} reports)"
        elif many > shared_mentions.RARE:
            words += f" (in {many} reports)"
        reasons.append(words)
    when = (
        shared_mentions.describe_distance(row.told, met.other.told)
        if met.other.kind == "words"
        else ""
    )
    source = {"another root": "an independent source", "the same root": "the same source"}
    return tuple(filter(None, (*reasons, _OTHERS[met.other.kind], when, source.get(root or ""))))


def _grade(db: Db, reader: Reader, item: UUID) -> str | None:
    rows = continuum.story(db, reader, item)
    return rows[-1].grade if rows else None


def _roots(db: Db, reader: Reader, row: ItemRow, matches: Sequence[Met]) -> int | None:
    """Return the number of independent sources of a log entry and of the entries among its matches.
    Return None if the reader does not see all of these entries, because the number would reveal
    hidden ones.
    """
    words = [match.other for match in matches if match.other.kind == "words"]
    items = {row.item, *(word.item for word in words)}
    if scope.visible_items(db, reader, items) != items:
        return None
    same = people.clusters(db, reader, kind="roots")
    return len({same.get(entry.root, entry.root) for entry in (row, *words) if entry.root})


class Waits(Struct, frozen=True):
    """A match between two items about which a person still has to decide, as shown in a team's
    brief. `item` is the log entry for which the match was listed; `other` is the item that matches
    it.
    """

    id: UUID
    item: UUID
    other: UUID
    what: str
    since: datetime


def waiting(db: Db, reader: Reader, since: datetime | None, most: int) -> list[Waits]:
    """Return the matches that no person has judged yet, the oldest first. With `since`, return only
    matches after that moment.
    """
    return [
        Waits(row.id, row.a, row.b, ", ".join(map(_describe_mention, row.shared)), row.since)
        for row in joins.since(db, reader, since, most)
    ]


def _describe_mention(shared: tuple[ClueKind, str, str, float]) -> str:
    kind, mine, theirs, _ = shared
    return f"{CALLED[kind]} {mine}" + ("" if mine == theirs else f" fits {theirs}")
