"""Find facts that contradict a decision of no further action because they were recorded after it: a
link to a child or a suspect, an arrest or a charge.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from commands.kernel.unit_of_work import Desk
from domain.justice.arrest_to_result import ResultReopened
from domain.kernel.envelope import Recorded
from domain.kernel.values import LinkKind, Reader
from projections.due import said_before
from projections.families import cases, family_members
from projections.information import queue
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.justice import outcomes
from projections.justice.outcomes import PROCEEDING, OutcomeRow
from projections.kernel.database import Db

#: A reader who sees all records. The program uses it for checks; no user sees the results.
_ALL = Reader("", "", "")
_ANY = LinkFilter(min_rank=None, restricted=True)
#: Links by which a phone, a vehicle or an account connects a person with the other people linked to
#: it.
HELD: frozenset[LinkKind] = frozenset({"uses", "owns", "driver-of"})
_TIE, _SUSPECT = "a tie with a child", "a tie with a suspect"
_WORDS = "later words that say the same"


class UnknownFacts(Struct, frozen=True):
    """Facts that were not recorded yet when no further action was decided: a text about the facts,
    and the events that record them.
    """

    lacked: str
    sources: tuple[Recorded, ...]


def is_open(desk: Desk, db: Db, row: OutcomeRow) -> bool:
    """Return whether a decision of no further action is in doubt, because it was reopened or
    because a later fact contradicts it.
    """
    return row.reopened is not None or facts_against(desk, db, row) is not None


def facts_against(desk: Desk, db: Db, row: OutcomeRow) -> UnknownFacts | None:
    """Return the facts that were recorded after a decision of no further action and contradict it.
    Return None if there are no such facts, or if the decision was reopened before.
    """
    history = desk.logs["evidence"].history(row.item)
    if not history or any(isinstance(fact.event, ResultReopened) for fact in history):
        return None
    weighed = _Weighed(desk, db, row, history[0].recorded)
    sources = weighed.ties() if row.person else weighed.suspects()
    lacked = _TIE if row.person else _SUSPECT
    if not sources:
        sources, lacked = weighed.words(), _WORDS
    if not sources:
        later = next(weighed.proceedings(), None)
        if later is None:
            return None
        lacked, sources = f"a later {later.what}", weighed.first(later.item)
    return UnknownFacts(lacked, tuple(sources))


class _Weighed(Struct, frozen=True):
    desk: Desk
    db: Db
    row: OutcomeRow
    decided: datetime

    def first(self, item: UUID) -> list[Recorded]:
        return list(self.desk.logs["evidence"].history(item)[:1])

    def weigh_together(self, who: UUID, then: datetime | None = None) -> set[UUID]:
        return set(people.all_merged_ids(self.db, _ALL, who, then))

    def ties(self) -> list[Recorded]:
        """Return the facts, recorded after the decision, that link the person, or a thing that the
        person uses, to a child. If the link is older than the decision, return the newer fact that
        shows that the linked person is a child.
        """
        assert self.row.person  # noqa: S101 (asked for by `facts_against`)
        own, then = (
            self.weigh_together(self.row.person),
            self.weigh_together(self.row.person, self.decided),
        )
        rows = {
            end: tie
            for tie in links.touching(self.db, _ALL, own, replace(_ANY, kinds=HELD))
            for end in (tie.a, tie.b)
            if end not in own
        }
        tied = links.touching(self.db, _ALL, own | rows.keys(), _ANY)
        ends = {end for tie in tied for end in (tie.a, tie.b)} - own - rows.keys()
        children = _children(self.db, ends)
        found_facts = []
        for tie in tied:
            child = next((end for end in (tie.a, tie.b) if end in children), None)
            if child is None:
                continue
            entity = next((end for end in (tie.a, tie.b) if end in rows), None)
            via = [tie, rows[entity]] if entity else [tie]
            facts = [fact for part in via for fact in self.first(part.link)]
            whose = {end for part in via for end in (part.a, part.b)} & own
            new = any(fact.recorded > self.decided for fact in facts) or not whose & then
            if new or not self._was_child(child):
                found_facts += (
                    facts[-1:] if facts and facts[-1].recorded > self.decided else facts[:1]
                )
        return [*found_facts, *self._family_roles(own, then)]

    def _was_child(self, who: UUID) -> bool:
        """Return whether this person was recorded as a child at the time of the decision."""
        same = self.weigh_together(who, self.decided)
        entities = people.entities(self.db, _ALL, same, as_known=self.decided, restricted=True)
        opened = cases.of_children(self.db, same)
        return any(entity.is_child for entity in entities.values()) or any(
            fact.recorded <= self.decided for case in opened for fact in self.first(case)
        )

    def _family_roles(self, own: set[UUID], then: set[UUID]) -> Iterator[Recorded]:
        """Yield the facts recorded after the decision by which a worker named the person as a
        member of a child's family.
        """
        for item, person in family_members.roles(self.db, own):
            for fact in self.first(item):
                if fact.recorded > self.decided or person not in then:
                    yield fact

    def suspects(self) -> list[Recorded]:
        """Return the facts that link a suspect to the child of the case, if the link is newer than
        the decision or the person became a suspect after it. The list is empty for a decision about
        a person, not about a case.
        """
        if self.row.case is None or not (row := cases.get(self.db, _ALL, self.row.case)):
            return []
        child = self.weigh_together(row.child)
        tied = links.touching(self.db, _ALL, child, _ANY)
        ends = {end for tie in tied for end in (tie.a, tie.b)} - child
        now, before = self._suspected(ends), self._suspected(ends, self.decided)
        return [
            fact
            for tie in tied
            if {tie.a, tie.b} & now
            for fact in self.first(tie.link)
            if fact.recorded > self.decided or not {tie.a, tie.b} & before
        ]

    def _suspected(self, ones: Iterable[UUID], then: datetime | None = None) -> set[UUID]:
        entities = people.entities(self.db, _ALL, set(ones), as_known=then, restricted=True)
        suspected = {"suspect", "person-of-interest"}
        return {
            item for item, who in entities.items() if who.categories & suspected and not who.cleared
        }

    def words(self) -> list[Recorded]:
        """Return the log entries that were recorded after the decision for no further action, and
        which a user confirmed to be about the same subject as an entry in this case.
        """
        if self.row.case is None:
            return []
        filed = queue.filed_in(self.db, self.row.case)
        ends = {end for _, a, b in said_before.confirmed_with(self.db, filed) for end in (a, b)}
        firsts = [fact for end in sorted(ends) for fact in self.first(end)]
        is_known = any(fact.recorded <= self.decided for fact in firsts)
        return [fact for fact in firsts if is_known and fact.recorded > self.decided]

    def proceedings(self) -> Iterator[OutcomeRow]:
        """Yield arrests and charges of the person, or in the case, that were recorded after the
        decision.
        """
        if self.row.person:
            own, then = (
                self.weigh_together(self.row.person),
                self.weigh_together(self.row.person, self.decided),
            )
            rows = outcomes.of_people(self.db, _ALL, own, restricted=True)
        elif self.row.case:
            rows, then = outcomes.of_case(self.db, _ALL, self.row.case, restricted=True), set()
        else:
            return
        for row in rows:
            late = row.known_from > self.decided or (bool(then) and row.person not in then)
            if row.what in PROCEEDING and row.person and late:
                yield row


def _children(db: Db, ones: set[UUID]) -> set[UUID]:
    """Return which of these people are children, or the child of a case."""
    leaders = people.clusters(db, _ALL)
    led = {item: leaders.get(item, item) for item in ones}
    whole = {item: leader for item, leader in leaders.items() if leader in set(led.values())}
    whole |= led
    entities = people.entities(db, _ALL, whole.keys(), restricted=True)
    young = {whole[item] for item, who in entities.items() if who.is_child}
    young |= {whole[item] for item in cases.among_children(db, whole.keys())}
    return {item for item, leader in led.items() if leader in young}
