"""The names under which items are shown in lists: a person's name, an entry's text, or the two ends
of a link."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.forms.local import format_day
from domain.kernel.values import Reader
from projections.families import cases
from projections.information import queue
from projections.intelligence import links, meetings, people
from projections.justice import outcomes
from projections.kernel import item_ids
from projections.kernel.database import Db

#: The largest number of ids in one query, because a database limits the number of values.
AT_ONCE = 500
#: Kinds of items that are shown under another word than their code.
KINDS = {"observation": "Log entry", "handle": "Online account"}


class Name(NamedTuple):
    """An item's display name, with the ids of the other items that the name mentions, such as the
    two ends of a link, the person of an arrest, or the child of a case. `case` is the case in which
    the item is filed, or the item itself if it is a case.
    """

    said: str
    of: tuple[UUID, ...] = ()
    case: UUID | None = None


def visible_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the display names of those of these items that the reader may see. A person or thing
    has its name, a log entry or decision its text, a case its number, a link the names of both
    ends, and an outcome (such as an arrest) the name of the person. Any other item has its kind
    with its case or day.
    """
    return {item: name.said for item, name in names(db, reader, ids).items()}


def visible_names_with_children(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the display names of items. If the item is a case or filed in one, the child's name is
    added, if the reader sees both the child and the case.
    """
    return {item: name.said for item, name in names_with_children(db, reader, ids).items()}


def shared_names(db: Db, readers: Sequence[Reader], ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names, with children, of those items whose name is the same for all these
    readers.
    """
    first, *others = (names_with_children(db, reader, ids) for reader in readers)
    same = {item: all(other.get(item) == name for other in others) for item, name in first.items()}
    return {item: name for item, name in first.items() if same[item]}


def names(db: Db, reader: Reader, ids: Collection[UUID], *, words: bool = True) -> dict[UUID, Name]:
    """Return the display names of items that the reader may see, each with the ids of the other
    items that the name mentions. Without `words`, the name of a log entry or decision is its kind
    instead of its text.
    """
    found_names: dict[UUID, Name] = {}
    for part in _parts(ids):
        found_names |= _names(db, reader, part, words=words)
    return found_names


def names_with_children(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names of items, each with the ids of the other items that it mentions. The
    child's name is added to the name of a case.
    """
    found_names = names(db, reader, ids)
    children = _children(db, reader, {case for _, _, case in found_names.values() if case})
    for item, (label_text, of, case) in found_names.items():
        if case in children:
            child, label = children[case]
            found_names[item] = Name(f"{label_text}, {label}", (*of, child), case)
    return found_names


class FamilyName(NamedTuple):
    """A case's number and its display name, with the child if the reader sees both."""

    number: int
    said: str


def families(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, FamilyName]:
    """Return the display names, with the child's name, of the cases among these that this reader
    may see.
    """
    numbers = cases.numbers(db, reader, ids)
    children = _children(db, reader, numbers)
    found_names: dict[UUID, FamilyName] = {}
    for case, number in numbers.items():
        label = _case(number)
        if case in children:
            label = f"{label}, {children[case][1]}"
        found_names[case] = FamilyName(number, label)
    return found_names


def _children(db: Db, reader: Reader, filed: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Return, for each of these cases, the child and the child's name, if the reader sees both the
    case and the child.
    """
    child_of = cases.children_among(db, reader, (), filed)
    names_by_person = people.visible_names(db, reader, set(child_of.values()))
    return {
        case: (child, names_by_person[child].label)
        for case, child in child_of.items()
        if child in names_by_person
    }


def items_in_names(found_names: Mapping[UUID, Name]) -> set[UUID]:
    """Return the ids of all items that these display names name or mention. If one of these items
    is erased, a printed paper with such a name counts as a copy of the item.
    """
    return {*found_names, *(item for name in found_names.values() for item in name.of)}


def _parts(ids: Iterable[UUID]) -> list[list[UUID]]:
    wanted = sorted(set(ids))
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]


def _names(db: Db, reader: Reader, ids: Collection[UUID], *, words: bool) -> dict[UUID, Name]:
    rows_by_item = people.visible_names(db, reader, ids)
    found_names = {item: Name(row.label) for item, row in rows_by_item.items()}
    by_text = (_entry_names, _decision_names) if words else ()
    for find_names in (*by_text, _cases, _outcome_names, _link_names, _filed_names):
        if left := set(ids) - found_names.keys():
            found_names |= find_names(db, reader, left)
    return found_names


def _entry_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names of log entries: their text."""
    return {row.observation: Name(_entry_text(row)) for row in queue.of(db, reader, ids)}


def _entry_text(row: queue.QueueRow) -> str:
    """Return the text of a log entry, or its day if the reader sees only its deadline."""
    if row.words != queue.NOT_SHOWN:
        return row.words
    return f"Log entry, {format_day(row.told)} {queue.NOT_SHOWN}"


def _cases(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    numbers = cases.numbers(db, reader, ids)
    return {case: Name(_case(number), case=case) for case, number in numbers.items()}


def _case(number: int) -> str:
    return f"Case {number}"


def _outcome_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names of arrests, charges, notices and results: their kind and person."""
    rows = outcomes.of_items(db, reader, ids)
    names_by_person = people.visible_names(db, reader, {row.person for row in rows if row.person})
    found_names: dict[UUID, Name] = {}
    for row in rows:
        outcome = row.what.capitalize()
        if row.person and row.person in names_by_person:
            found_names[row.item] = Name(
                f"{outcome}: {names_by_person[row.person].label}", (row.person,)
            )
        else:
            found_names[row.item] = Name(outcome)
    return found_names


def _decision_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names of a meeting's decisions: their text."""
    return {row.id: Name(row.words) for row in meetings.decided(db, reader, ids)}


def _filed_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names of items that have no name of their own: the kind of item with its
    case or, for an item without a case, with the day.
    """
    filed = item_ids.of(db, reader, ids)
    named = _cases(db, reader, {row.case for row in filed.values() if row.case})
    found_names: dict[UUID, Name] = {}
    for item, row in filed.items():
        if row.case in named:
            name = f"{kind_name(row.kind)}, {named[row.case].said}"
            found_names[item] = Name(name, (row.case,), row.case)
        else:
            found_names[item] = Name(f"{kind_name(row.kind)} of {format_day(row.recorded)}")
    return found_names


def _link_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, Name]:
    """Return the display names of links: the names of their two ends."""
    ties = links.newest(db, reader, ids)
    names_by_end = people.visible_names(
        db, reader, {end for row in ties.values() for end in (row.a, row.b)}
    )
    found_names: dict[UUID, Name] = {}
    for item, row in ties.items():
        a, b = (names_by_end[end].label if end in names_by_end else "-" for end in (row.a, row.b))
        of = tuple(end for end in (row.a, row.b) if end in names_by_end)
        found_names[item] = Name(f"{a} - {b}: {row.kind}", of)
    return found_names


def kind_name(kind: str) -> str:
    return (
        KINDS.get(kind)
        or kind.removeprefix("family-").removeprefix("support-").replace("-", " ").capitalize()
    )
