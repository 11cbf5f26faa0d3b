"""The news of a brief: changes of links between people and things, and other events, each under its
network or child."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from access.who_may import scope
from domain.kernel.values import HOME_LINKS, Reader
from network.measures import groups
from network.over_time import sentences
from network.over_time.brief_rows import ELSE, Draft, Place, Sentence
from network.over_time.changes import ComparedMoments, Key, compared
from network.query.child_protection import is_tie_of_protected
from network.query.homes import homes
from network.query.link_pairs import LinkPair
from network.query.safe_text import single_line
from projections import search
from projections.information import continuum
from projections.intelligence import brief, links, meetings, people
from projections.intelligence.brief import TOLD, BriefRow
from projections.intelligence.links import LinkFilter
from projections.justice import outcomes
from projections.kernel.database import Db

#: The largest number of networks that are distinguished, and of people who are named in the title
#: of a network.
MOST, NAMED = 100, 3
#: If a group has at least this many people, only those are drawn whose links changed.
LARGE = 60
EVERY = LinkFilter(min_rank=None)
#: These two events, a new report and its grade, are mentioned together, in one sentence.
OPENED, GRADED = "report.opened", "report.item_graded"
DECIDED = "meeting.decided"


class Networks:
    """The groups of linked people that the reader sees, and how their links changed. Links of
    people who are in no group, and of items that are not linked to people, are listed under
    "everything else".
    """

    def __init__(self, db: Db, reader: Reader, since: datetime | None, until: datetime) -> None:
        member_lists = groups.members(db, reader, link_filter=EVERY, limit=MOST)
        self.people = {number: tuple(people) for number, people in enumerate(member_lists, start=1)}
        self._number = {item: number for number, who in self.people.items() for item in who}
        self.compared: ComparedMoments = compared(
            db, reader, since, until, self._beside, link_filter=EVERY
        )
        entities = self.compared.seen.entities
        places = {item for item, entity in entities.items() if entity.kind == "place"}
        # homes are looked up as known at `until`, because the ids of places are those of that
        # moment
        link_filter = replace(EVERY, as_known=until)
        self._homes = homes(db, reader, link_filter, places)
        self.told = ComparedMoments(
            self.compared.seen,
            {key: pair for key, pair in self.compared.before.items() if self._is_told(pair)},
            {key: pair for key, pair in self.compared.after.items() if self._is_told(pair)},
        )

    def _beside(self, ones: Collection[UUID]) -> set[UUID]:
        """Return all members of the groups to which the people `ones` belong. Large groups are left
        out, because a small map has no room for them.
        """
        numbers = {self._number[item] for item in ones if item in self._number}
        groups_of = (self.people[number] for number in numbers)
        return {person for people in groups_of if len(people) <= LARGE for person in people}

    def know(self, ones: Collection[UUID]) -> None:
        """Read, with one query, which other records were judged to mean the same person as the
        records `ones`.
        """
        self.compared.seen.know(ones)

    def meet(self, numbers: Collection[int]) -> None:
        """Read, with one query, the people of the networks with these numbers."""
        self.compared.seen.meet({item for number in numbers for item in self.people[number]})

    def place(self, *ones: UUID) -> Place:
        """Return the network of the brief under which a sentence about these people belongs: the
        first network that contains one of them, or "everything else" if none does.
        """
        leads = (self.compared.seen.lead(item) for item in ones)
        numbers = [self._number[lead] for lead in leads if lead in self._number]
        return ("network", min(numbers)) if numbers else ELSE

    def naming_people(self, number: int) -> tuple[UUID, ...]:
        """Return the people whose names are in the title of a network. Children are left out,
        unless everybody in the network is a child.
        """
        entities, people = self.compared.seen.entities, self.people[number]
        grown = [person for person in people if not entities[person].is_child]
        return tuple((grown or people)[:NAMED])

    def title(self, number: int) -> str:
        """Return the title of the network with this number in the brief."""
        named = self.naming_people(number)
        called = ", ".join(
            single_line(self.compared.seen.entities[item].label, 40) for item in named
        )
        more = len(self.people[number]) - len(named)
        return f"Network of {called}{f' and {more} more' if more else ''}"

    def changed(self) -> Iterator[tuple[Key, LinkPair, LinkPair | None, LinkPair | None]]:
        """Yield the changed pairs, each with its present and its former state; best graded
        first."""
        changed_pairs = []
        for key, pair in {**self.told.before, **self.told.after}.items():
            link_pair, was = self.told.after.get(key), self.told.before.get(key)
            changed_pairs.append((key, link_pair or pair, link_pair, was))
        return iter(sorted(changed_pairs, key=lambda one: sentences.worth(one[1])))

    def _is_told(self, pair: LinkPair) -> bool:
        entities = self.compared.seen.entities
        if pair.kind in HOME_LINKS or {pair.source, pair.target} & self._homes:
            return False
        return not is_tie_of_protected(entities[pair.source], entities[pair.target])


def ties(
    drafts: dict[Place, Draft],
    networks: Networks,
    since: datetime | None,
    now: datetime,
    most: int,
) -> int:
    """Add the changes of links between people and things to the drafts of the brief, at most `most`
    of them, those with the best grades first. Return how many other links changed.
    """
    entities, count = networks.compared.seen.entities, 0
    for key, pair, link_pair, was in networks.changed():
        novelty = sentences.fresh(link_pair, was)
        if novelty is None:
            continue
        count += 1
        if count > most:
            continue
        draft = drafts[networks.place(pair.source, pair.target)]
        draft.changed.append(key)
        before = f", was {was.grade or 'ungraded'}" if was and was.grade != pair.grade else ""
        ends = (sentences.opening(entities[pair.source]), entities[pair.target].label)
        draft.sentences.append(
            Sentence(
                0,
                "",
                sentences.tie(pair, *ends),
                sentences.describe_grade(pair),
                sentences.since(novelty, since, now) + before,
                pair.links[-1],
                (*pair.links, pair.source, pair.target),
            )
        )
    return max(count - most, 0)


def events(
    db: Db,
    reader: Reader,
    drafts: dict[Place, Draft],
    networks: Networks | None,
    changes: brief.Brief,
    now: datetime,
) -> tuple[UUID, ...]:
    """Add to the drafts of the brief all events that are not about links, each under its child or
    network. Return the items of which the reader may know only that they exist.
    """
    rows = [(row, "new") for row in changes.new] + [(row, "changed") for row in changes.changed]
    graded = {row.id for row, _ in rows if row.event == GRADED}
    rows = [(row, novelty) for row, novelty in rows if row.kind != "link"]
    rows = [one for one in rows if one[0].event != OPENED or one[0].id not in graded]
    seen = scope.visible_items(db, reader, {row.id for row, _ in rows})
    of_case = cases_of(db, reader, seen)
    grades = continuum.grades(db, reader, seen)
    texts = search.sanitised(db, reader, graded & seen)
    decided = {row.id: row for row in meetings.decided(db, reader, seen)}
    whom = {row.item: row.person for row in outcomes.of_items(db, reader, seen) if row.person}
    entities = people.entities(db, reader, {*whom.values(), *seen})
    if networks:
        networks.know(seen)
    since = {
        novelty: sentences.since(novelty, changes.since, now) for novelty in ("new", "changed")
    }
    for row, novelty in sorted(rows, key=lambda one: (one[0].recorded, one[0].seq)):
        there = row.id in seen
        case = of_case.get(row.id) if there else None
        who = entities.get(whom.get(row.id, row.id))
        called = sentences.opening(who) if who else None
        words = sentences.event(row.event, TOLD[row.event][0], row.what, called)
        if row.event == GRADED and row.id in texts:
            words = f"A report says: “{single_line(texts[row.id])}”"
        one = decided.get(row.id)
        if one and row.event == DECIDED:
            due = sentences.day(one.due)
            words = f"A meeting decided: {single_line(one.words)} ({one.owner}, by {due})."
        about = one.about if one and one.about else row.id
        drafts[_place(about, case, networks if there else None)].sentences.append(
            Sentence(
                0,
                "",
                words,
                _graded(row, grades) if there else "",
                since[novelty],
                row.id if there else None,
                names_of(case, row.id, who.id if who else None) if there else (),
            )
        )
    return tuple(dict.fromkeys(row.id for row, _ in rows if row.id not in seen))


def _place(item: UUID, case: UUID | None, networks: Networks | None) -> Place:
    if case:
        return "child", case
    return networks.place(item) if networks else ELSE


def _graded(row: BriefRow, grades: Mapping[UUID, str]) -> str:
    """Return the grade of a log entry or a report; "" for other items."""
    if row.event == GRADED:
        return row.what.rpartition(" ")[2]
    return grades.get(row.id, "ungraded") if row.kind == "observation" else ""


def cases_of(db: Db, reader: Reader, items: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the case of each of these items, if the case is unrestricted and the reader may see
    it.
    """
    targets_by_item = scope.find_items(db, items)
    found_items = {
        item: target.case
        for item, things in targets_by_item.items()
        for target in things[:1]
        if target.case
    }
    cases = set(found_items.values())
    seen = scope.visible_items(db, reader, cases) - links.restricted(db, cases)
    return {item: case for item, case in found_items.items() if case in seen}


def names_of(*ones: UUID | None) -> tuple[UUID, ...]:
    """Return the ids without duplicates; None is left out."""
    return tuple(dict.fromkeys(item for item in ones if item))
