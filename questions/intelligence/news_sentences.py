"""The changes since a moment in at most three sentences with names: one about children, one about
actions of the police and the courts, and one about links of suspects. Only changes that the reader
may see are mentioned.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from access.who_may.decide import decide
from commands.kernel import display_names
from domain.kernel.values import Reader
from network.over_time.sentences import NAME, TIES
from network.query.new_ties import NewTie, new_ties
from network.query.safe_text import single_line
from projections.intelligence import brief, people
from projections.justice import outcomes
from projections.kernel.database import Db

#: Words for the events of a child; a sentence puts them after the child's name.
CHILDREN: Mapping[str, str] = {
    "case.missing_reported": "was reported missing",
    "case.missing_found": "was found",
    "case.threshold_assessed": "was rated {}",
    "case.opened": "was referred to the team",
    "case.closed": "no longer has an open case",
    "case.reopened": "has an open case again",
}
#: Words for the actions against a suspect; a sentence puts them after the suspect's name.
ACTIONS: Mapping[str, str] = {
    "justice.arrest_made": "was arrested",
    "justice.charge_brought": "was charged",
    "justice.notice_served": "was served a warning notice",
    "justice.result_recorded": "has a result: {}",
    "notice.breached": "breached a warning notice",
}
#: The largest number of clauses in a sentence, and the number of rows that are read for them.
MOST, READ = 3, 60


class Clause(Struct, frozen=True):
    """A fact about a person or a case, in words that follow the name of the person, or of the child
    whose case it is. `item` is the id of the person or case; `ids` are all items that the words
    name."""

    name: str
    words: str
    kind: Literal["case", "person"]
    item: UUID
    ids: tuple[UUID, ...]


class NewsSentence(Struct, frozen=True):
    """The facts of one sentence, newest first, and whether there are further facts."""

    clauses: tuple[Clause, ...]
    more: bool = False

    @property
    def text(self) -> str:
        texts = [f"{clause.name} {clause.words}" for clause in self.clauses]
        return f"{'; '.join(texts)}{'; and more' if self.more else ''}."


def news(db: Db, reader: Reader, since: datetime, now: datetime) -> tuple[NewsSentence, ...]:
    """Return at most three sentences about the changes since a moment."""
    ties: tuple[NewTie, ...] = ()
    if decide(reader, "see-network").allowed and decide(reader, "assess").allowed:
        ties = new_ties(db, reader, since, now, MOST + 1)
    parts = (_children(db, reader, since, now), _actions(db, reader, since, now), map(_link, ties))
    return tuple(sentence for part in parts if (sentence := _sentence(part)).clauses)


def _sentence(clauses: Iterable[Clause]) -> NewsSentence:
    found_clauses = list(clauses)
    return NewsSentence(tuple(found_clauses[:MOST]), len(found_clauses) > MOST)


def _children(db: Db, reader: Reader, since: datetime, now: datetime) -> list[Clause]:
    """Return a clause for the newest change of each child's case."""
    rows = brief.newest(db, reader, since, now, CHILDREN, READ)
    newest = {row.id: row for row in reversed(rows)}
    named = display_names.names_with_children(db, reader, newest)
    return [
        Clause(
            single_line(named[row.id].said, NAME),
            CHILDREN[row.event].format(row.what.partition(": ")[2]),
            "case",
            row.id,
            (row.id, *named[row.id].of),
        )
        for row in rows
        if newest[row.id] is row and row.id in named
    ]


def _actions(db: Db, reader: Reader, since: datetime, now: datetime) -> list[Clause]:
    """Return a clause for the newest action against each person."""
    rows = brief.newest(db, reader, since, now, ACTIONS, READ)
    whom = {
        row.item: row.person
        for row in outcomes.of_items(db, reader, {row.id for row in rows})
        if row.person
    }
    names_by_person = people.visible_names(db, reader, set(whom.values()))
    clauses: dict[UUID, Clause] = {}
    for row in rows:
        who = whom.get(row.id)
        if who in names_by_person and who not in clauses:
            result = row.what.partition(": ")[2].replace("-", " ")
            words = ACTIONS[row.event].format(result)
            clauses[who] = Clause(
                single_line(names_by_person[who].label, NAME), words, "person", who, (who, row.id)
            )
    return list(clauses.values())


def _link(tie: NewTie) -> Clause:
    """Return a clause about a new link of a suspect, in words that follow the suspect's name."""
    forward = tie.own == tie.tie.a
    ends = (tie.person.label, tie.other.label) if forward else (tie.other.label, tie.person.label)
    sentence = TIES[tie.tie.kind].format(*(single_line(end, NAME) for end in ends))
    name = single_line(tie.person.label, NAME)
    words = sentence.removeprefix(f"{name} ") if forward else f"is new in this link: {sentence}"
    grade = tie.tie.grade or "ungraded"
    ids = (tie.person.id, tie.other.id, tie.tie.link)
    return Clause(name, f"{words} ({grade})", "person", tie.person.id, ids)
