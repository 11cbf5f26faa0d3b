"""The sentences that a meeting reads aloud about each person about whom it has to decide: some
facts about the person, and the sanitised text of the best supported link to a child.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from commands.kernel.display_names import shared_names
from commands.kernel.unit_of_work import Desk
from domain.forms.local import LONDON, format_day
from domain.kernel.values import Reader
from network.over_time.sentences import NAME, TIES
from network.query.safe_text import single_line
from projections.intelligence import links, people
from projections.intelligence.links import LinkRow
from projections.kernel.database import Db
from questions.intelligence import person
from questions.intelligence.for_decision import Row
from questions.justice import status
from questions.justice.status import Status

Value = TypeVar("Value")
#: Largest number of letters of a sanitised text that is read aloud.
TEXT = 240
#: Words for small numbers, which begin a sentence.
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
TIMES = {1: "once", 2: "twice"}


class SpokenPerson(Struct, frozen=True):
    """The sentences about a person about whom a meeting has to decide. `link` is the surest link to
    a child; its trail gives the reason. `ids` are all items that the sentences name.
    """

    row: Row
    sentences: tuple[str, ...]
    link: UUID | None
    ids: tuple[UUID, ...]

    @property
    def text(self) -> str:
        """Return the sentences about the person as one paragraph."""
        return " ".join(self.sentences)


def read_aloud(
    desk: Desk, db: Db, readers: Sequence[Reader], rows: Sequence[Row], now: datetime
) -> tuple[SpokenPerson, ...]:
    """Return, in the order of these people, the sentences about them that may be read aloud to all
    of these readers together: sentences with nothing that one of the readers may not see.
    """
    ids = {link for row in rows for link in row.why}
    by_link = _shared(links.newest(db, reader, ids) for reader in readers)
    of_row = {row.id: [by_link[link] for link in row.why if link in by_link] for row in rows}
    first = {
        who: next(iter(person.surest(person_links) or person_links), None)
        for who, person_links in of_row.items()
    }
    surest = [tie for tie in first.values() if tie]
    texts = _shared(person.sanitised_texts(desk, db, reader, surest, now) for reader in readers)
    named = shared_names(db, readers, {end for tie in surest for end in (tie.a, tie.b)})
    names = {one: name.said for one, name in named.items()}
    leaders = _shared(people.clusters(db, reader) for reader in readers)
    members = {row.id: [row.id] for row in rows}
    for item, leader in leaders.items():
        if leader in members and item != leader:
            members[leader].append(item)
    persons = []
    for row in rows:
        current, *others = (
            status.of_person(desk, db, reader, members[row.id], now=now) for reader in readers
        )
        statuses = [
            one for one in current if all(one in reader_statuses for reader_statuses in others)
        ]
        persons.append(_spoken(row, first[row.id], of_row[row.id], texts, names, _status(statuses)))
    return tuple(persons)


def _shared(dictionaries: Iterable[dict[UUID, Value]]) -> dict[UUID, Value]:
    """Return the entries that all these dictionaries have, under the same key and with the same
    value.
    """
    first, *others = dictionaries
    return {
        item: value
        for item, value in first.items()
        if all(values_by_item.get(item) == value for values_by_item in others)
    }


def order(rows: Sequence[Row]) -> str:
    """Return a sentence that says about whom the meeting decides first, and why."""
    if not rows:
        return "No people for decision."
    first = rows[0]
    because = {
        "danger-now": f"a child in danger now ({'; '.join(first.danger)})",
        "overdue": f"the decision that is overdue the longest, since {format_day(first.since)}",
        "waiting": f"the decision that waits the longest, since {format_day(first.since)}",
    }[first.group]
    return (
        f"First {first.label}: {because}. The order is: children in danger now, overdue "
        "decisions, waiting decisions; oldest first. There is no score."
    )


def _spoken(
    row: Row,
    tie: LinkRow | None,
    ties: Sequence[LinkRow],
    texts: Mapping[UUID, str],
    names: Mapping[UUID, str],
    current: str,
) -> SpokenPerson:
    lacking = [item for gap in row.gaps for item in gap.ids]
    ends = [tie.link, tie.a, tie.b] if tie else []
    decision = [row.decision] if row.decision else []
    ids = (row.id, *row.children, *row.why, *lacking, *ends, *decision)
    sentences = (
        *_due(row),
        *([_reason(row, tie, ties, texts, names)] if tie else []),
        *_children(row),
        current,
        *([f"Factors against: {'; '.join(map(str, row.against))}."] if row.against else []),
        *([_capital(f"{'; '.join(map(str, row.gaps))}.")] if row.gaps else []),
        *([f"An earlier decision is with {row.owner}."] if row.owner else []),
        *([f"Next: {row.next}"] if row.next else []),
    )
    link = tie.link if tie else None
    return SpokenPerson(row, sentences, link, tuple(dict.fromkeys(ids)))


def _due(row: Row) -> Iterator[str]:
    if row.danger:
        yield f"In danger now: {'; '.join(row.danger)}."
    elif row.group == "overdue":
        yield f"Overdue since {format_day(row.since)}."
    else:
        yield f"Waiting since {format_day(row.since)}."


def _reason(
    row: Row,
    tie: LinkRow,
    ties: Sequence[LinkRow],
    texts: Mapping[UUID, str],
    names: Mapping[UUID, str],
) -> str:
    """Return in words the reason for a decision: the best supported link, how often and when links
    with children were recorded, and the grade.
    """
    grade = tie.grade or "ungraded"
    if row.roots > 1:
        grade += f", {row.roots} independent sources"
    when = f"recorded {TIMES.get(len(ties), f'{len(ties)} times')} {_months(ties)}"
    if text := texts.get(tie.link):
        return f"{_capital(when)} that “{single_line(text, TEXT).rstrip('.')}” ({grade})."
    ends = [single_line(names.get(end, "a record"), NAME) for end in (tie.a, tie.b)]
    return f"{TIES[tie.kind].format(*ends)}, {when} ({grade})."


def _months(ties: Sequence[LinkRow]) -> str:
    days = sorted(tie.known_from.astimezone(LONDON) for tie in ties)
    first, last = f"{days[0]:%B %Y}", f"{days[-1]:%B %Y}"
    return f"in {first}" if first == last else f"from {first} to {last}"


def _children(row: Row) -> Iterator[str]:
    number = len(row.children)
    count = NUMBERS[number] if number < len(NUMBERS) else str(number)
    yield f"{count} {'child' if number == 1 else 'children'}: {', '.join(row.who)}."


def _status(statuses: Sequence[Status]) -> str:
    """Return the recorded statuses in words, as on the person's page."""
    words = [
        f"{person_status.words}, since {format_day(person_status.since)}"
        for person_status in statuses
    ]
    return f"{'; '.join(words)}." if words else "Status not recorded."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
