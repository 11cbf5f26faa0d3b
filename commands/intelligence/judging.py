"""Finds the warnings about people that an identity judgement would end."""

from collections.abc import Collection, Mapping
from uuid import UUID

from access.who_may import scope
from domain.intelligence import entity, identity
from domain.kernel.codes import Judgement
from domain.kernel.values import VICTIM_CATEGORIES, PoleCategory, Reader
from projections.families import cases
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.database import Db

_ANY = LinkFilter(min_rank=None, restricted=True)


class Warnings:
    """Determines whether a judgement about people would end a warning about a person, so that a
    second person has to confirm it. Hidden records are read, too, because the answer must not
    depend on the user who judges.
    """

    def __init__(self, db: Db, reader: Reader) -> None:
        self.db, self.reader = db, scope.unlimited(reader)
        self.same: dict[UUID, set[UUID]] = {}
        for row in people.judgements(db, self.reader):
            if row.judgement == "same":
                self.same.setdefault(row.a, set()).add(row.b)
                self.same.setdefault(row.b, set()).add(row.a)

    def ends(self, first: UUID, second: UUID, judgement: Judgement) -> bool:
        """Return whether this judgement of two records would end a warning about a person. "Same"
        ends a warning if it merges a suspect with a cleared person or a child. Any other judgement
        separates the two records, and ends a warning that depends on their being one person.
        """
        if judgement == "same":
            return self._joined(first, second)
        return second in self.same.get(first, ()) and self.parted(first, [second])

    def _joined(self, first_item: UUID, second_item: UUID) -> bool:
        here, there = (
            identity.cluster(self.same, first_item),
            identity.cluster(self.same, second_item),
        )
        if second_item in here:
            return False
        entities = self._known(here | there)
        return any(
            entity.is_warned_about(_categories(entities, suspects))
            and (
                not entity.is_warned_about(_categories(entities, here | there))
                or (self._child(entities, others) and self._warns(entities, suspects))
            )
            for suspects, others in ((here, there), (there, here))
        )

    def _warns(self, entities: Mapping[UUID, Entity], suspects: Collection[UUID]) -> bool:
        """Return whether a warning about a person depends on these records. A person of interest
        without a link to a child or a thing causes no warning: an import makes every person in a
        file a person of interest, and judgements about all of them should not need a second person.
        """
        if _categories(entities, suspects) != {"person-of-interest"}:
            return True
        linked, entities = self._linked(suspects)
        return any(
            self._child(entities, items)
            or any(entities[item].kind != "person" for item in items if item in entities)
            for items in linked
        )

    def _child(self, entities: Mapping[UUID, Entity], ones: Collection[UUID]) -> bool:
        """Return whether one of these people is the child of a case, a victim or under 18."""
        if cases.of_children(self.db, ones) or _categories(entities, ones) & VICTIM_CATEGORIES:
            return True
        return any(entities[item].is_child for item in ones if item in entities)

    def parted(self, record: UUID, others: Collection[UUID]) -> bool:
        """Return whether a warning about a person would end if the record `record` were separated
        from the records `others`, which are merged with it now.
        """
        whole = identity.cluster(self.same, record)
        left = {member: set(theirs) for member, theirs in self.same.items()}
        for second_other in others:
            left[record].discard(second_other)
            left[second_other].discard(record)
        parts = [identity.cluster(left, member) for member in (record, *others)]
        if all(part == whole for part in parts):
            return False
        entities = self._known(whole)
        if any(entities[member].kind != "person" for member in whole if member in entities):
            return self._tied_to_harm(whole)
        return entity.is_warned_about(_categories(entities, whole)) and not all(
            entity.is_warned_about(_categories(entities, part)) for part in parts
        )

    def _tied_to_harm(self, things: Collection[UUID]) -> bool:
        """Return whether a person who may harm a child is linked to one of these things or places,
        such as by using a phone or living at a place.
        """
        linked, entities = self._linked(things)
        return any(entity.is_warned_about(_categories(entities, items)) for items in linked)

    def _linked(self, items: Collection[UUID]) -> tuple[list[set[UUID]], Mapping[UUID, Entity]]:
        """Return the people or things that are linked to these items, each as the set of ids of its
        merged records, with the state of each record.
        """
        rows = links.touching(self.db, self.reader, items, _ANY)
        ends = {end for row in rows for end in (row.a, row.b)} - set(items)
        clusters = [identity.cluster(self.same, end) for end in ends]
        return clusters, self._known({record_id for cluster in clusters for record_id in cluster})

    def _known(self, ones: Collection[UUID]) -> dict[UUID, Entity]:
        return people.entities(self.db, self.reader, ones, restricted=True)


def _categories(entities: Mapping[UUID, Entity], ones: Collection[UUID]) -> set[PoleCategory]:
    return {category for item in ones if item in entities for category in entities[item].categories}
