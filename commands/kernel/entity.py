"""Record people and things, and look them up by name.

A plate, a phone, a place or a handle is looked up by a hash made with a secret key (blind index). A
person is looked up by id or by a name that only one person has; two people of one name are never
merged here.

The file is long because every kind of person and thing is recorded and looked up by the same rules.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import UUID

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.kernel import proposing
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named, facts
from domain import forms
from domain.forms.things import index_of, indexed_forms, normal_form
from domain.intelligence import entity
from domain.intelligence.entity import (
    AgeRecorded,
    ClassificationEnded,
    CustodyStated,
    Entity,
    PersonClassified,
    PersonRecorded,
    ThingRecorded,
)
from domain.kernel.codes import AliasKind, CustodyState
from domain.kernel.envelope import Event, Fact, Submission
from domain.kernel.values import (
    ENTITY_KINDS,
    EntityKind,
    PoleCategory,
    Reader,
    Refused,
    TakesTwo,
)
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals
from projections.intelligence import people
from projections.kernel import item_ids
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db
from projections.kernel.queries import COUNTED

#: A number higher than any number of people, used as "no limit".
MANY = 10**9
THINGS: tuple[EntityKind, ...] = ("vehicle", "phone", "handle", "place")


#: The category of a person for whom the user gave none, and the text recorded as its grounds.
UNSORTED: tuple[PoleCategory, str] = ("involved-party", "no other category was told")


def find_or_record(
    desk: Desk, reader: Reader, kind: EntityKind, text: str
) -> tuple[UUID, tuple[Fact, ...], tuple[tuple[bytes, UUID], ...]]:
    """Return the id of the thing, such as a vehicle or a phone, that a text names. If the thing is
    new, also return the facts that record it, and the hash by which it is looked up (its blind
    index).
    """
    normal, flags = normal_form(kind, text)
    if not any(char.isalnum() for char in normal):
        raise Refused(
            f"{text!r} has no letter or digit, so it does not name a {kind}: correct the name",
            named=f"{kind}:{text}",
        )
    if known_item := recorded(desk, kind, text):
        return known_item, (), ()
    digest = desk.keys.blind(index_of(kind), normal)
    stream = desk.new_id()
    event = ThingRecorded(kind, text.strip(), normal, None, flags)
    return stream, facts(reader, stream, 0, (event,)), ((digest, stream),)


def recorded(desk: Desk, kind: EntityKind, text: str) -> UUID | None:
    """Return the thing that is recorded under the normal form of this text, or None. A thing of an
    older release, indexed by an older rule, is returned only if its recorded text also has the same
    form by today's rule, because the older rule gave some different texts the same form.
    """
    for indexed in indexed_forms(kind, text):
        known_item = desk.find("evidence", desk.keys.blind(indexed.index, indexed.form))
        if known_item and (
            indexed.recorded_form is None
            or _recorded_form(desk, known_item, kind) == indexed.recorded_form
        ):
            return known_item
    return None


def _recorded_form(desk: Desk, thing: UUID, kind: EntityKind) -> str | None:
    """Return the normal form, by today's rule, of the text under which a thing was recorded; None
    if the text is erased.
    """
    events = (fact.event for fact in desk.logs["evidence"].history(thing))
    recording = next((event for event in events if isinstance(event, ThingRecorded)), None)
    return normal_form(kind, recording.told)[0] if recording else None


class FitsSeveral(Refused):
    """Raised for a name that several people or things have."""


def find(desk: Desk, reader: Reader, named: str) -> tuple[UUID, EntityKind]:
    """Return the person or thing that `named` means, for a command that decides about it."""
    with desk.deciding() as db:
        return resolve_entity(desk, db, reader, named)


def resolve_entity(desk: Desk, db: Db, reader: Reader, named: str) -> tuple[UUID, EntityKind]:
    """Return the person or thing that `named` means: an id or the end of an id, `kind:value`, a
    plate, a phone, or a name.

    Raises Refused if no person or thing fits, if several fit (the message lists them), or if the
    item is restricted.
    """
    prefix, _, value = named.partition(":")
    kind = _thing(prefix)
    if kind and value:
        fitting = _recorded_things(desk, db, reader, (kind,), value)
    else:
        items = [
            (item, kind)
            for item in item_ids.resolve(db, reader, named)
            for kind in ENTITY_KINDS
            if item.kind == kind
        ]
        if len(items) == 1:
            (item, found_kind), *_ = items
            if item.restricted:
                raise Refused(
                    f"the use of {item.id} is restricted: it cannot be used until the "
                    "restriction is lifted"
                )
            return item.id, found_kind
        bearing = people.find_by_exact_name(db, reader, forms.name(named))
        groups = people.clusters(db, reader)
        leaders = sorted({groups.get(entity_id, entity_id) for entity_id in bearing})
        fitting = [
            *((leader, "person") for leader in leaders),
            *_recorded_things(desk, db, reader, THINGS, named),
        ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        called = people.entities(db, reader, [entity_id for entity_id, _ in fitting])
        raise FitsSeveral(
            f"{named!r} fits {len(fitting)} records: "
            + "; ".join(
                f"{called[entity_id].label}, {kind} ({entity_id})"
                for entity_id, kind in fitting
                if entity_id in called
            )
            + ". Give the id, or judge people with: same A B"
        )
    raise Refused(
        f"no person or item is recorded as {named!r}: add the person (person add), "
        "or write vehicle:PLATE, phone:NUMBER, place:NAME, handle:NAME",
        named=named,
    )


def _thing(prefix: str) -> EntityKind | None:
    return next((kind for kind in THINGS if kind == prefix.strip().lower()), None)


def _recorded_things(
    desk: Desk, db: Db, reader: Reader, kinds: Sequence[EntityKind], text: str
) -> list[tuple[UUID, EntityKind]]:
    """Return the things of these kinds that are recorded under this text, except those that the
    reader may not see."""
    return [
        (thing, kind)
        for kind in kinds
        if (thing := recorded(desk, kind, text)) and not scope.hides(db, reader, thing)
    ]


def end(
    desk: Desk, reader: Reader, named: str
) -> tuple[UUID, EntityKind, tuple[Fact, ...], tuple[tuple[bytes, UUID], ...]]:
    """Return the person or thing at one end of a new link; a new thing, written as `kind:value`, is
    recorded.
    """
    prefix, _, value = named.partition(":")
    kind = _thing(prefix)
    if kind and value:
        stream, new, unique = find_or_record(desk, reader, kind, value)
        return stream, kind, new, unique
    found_item, found_kind = find(desk, reader, named)
    return found_item, found_kind, (), ()


def refuse_same_thing(
    first: Sequence[tuple[bytes, UUID]], second: Sequence[tuple[bytes, UUID]]
) -> None:
    """Raise Refused if both ends of a link are new and are the same thing in two spellings."""
    if {digest for digest, _ in first} & {digest for digest, _ in second}:
        raise Refused("a link needs two different ends: these two spellings name the same record")


def prepare_person(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID | None = None,
    name: str | None = None,
    description: str | None = None,
    known: bool | None = None,
    under_18: bool | None = None,
    born: date | None = None,
    gender: str | None = None,
    categories: Sequence[tuple[PoleCategory, str]] = (),
    aliases: Sequence[tuple[AliasKind, str]] = (),
    because_of: Sequence[str] = (),
) -> Prepared:
    """Prepare a new person to be recorded. A person without a name is recorded as unidentified; the
    program never makes up a name. Raises Refused if the date of birth is impossible.
    """
    entity.credible_birth(born, desk.today())
    person = PersonRecorded(
        known=bool(name) if known is None else known,
        under_18=under_18,
        name=name,
        description=description,
        born=born,
        gender=gender,
    )
    stream = desk.new_id()
    state, events = Entity(), list[Event]()

    def decided(new: tuple[Event, ...]) -> None:
        nonlocal state
        for event in new:
            state = entity.evolve(state, event)
            events.append(event)

    decided(entity.record_person(person))
    for alias in aliases:
        decided(entity.add_alias(state, *alias))
    for category in categories or [UNSORTED]:
        decided(entity.classify(state, *category))
    command_id = command_id or desk.new_random_id()
    body: list[object] = [person, tuple(categories), tuple(aliases), tuple(because_of)]
    new = facts(reader, stream, 0, events, because_of)
    return Prepared(
        stream,
        {"evidence": Submission(command_id, desk.digest("person.record", body), new)},
        reader,
    )


class PersonDetails(Command, total=False):
    """The optional details about a new person."""

    name: str | None
    description: str | None
    known: bool | None
    under_18: bool | None
    born: date | None
    gender: str | None
    categories: Sequence[tuple[PoleCategory, str]]
    aliases: Sequence[tuple[AliasKind, str]]


def record_person(desk: Desk, reader: Reader, **person: Unpack[PersonDetails]) -> Receipt:
    """Record a person; the arguments are those of `prepare_person`."""
    return desk.save([prepare_person(desk, reader, **person)])[0]


def add_person(
    desk: Desk,
    reader: Reader,
    name: str | None,
    nicknames: Sequence[str],
    *,
    description: str | None = None,
    categories: Sequence[PoleCategory] = (),
    grounds: str | None = None,
    under_18: bool | None = None,
    born: date | None = None,
    gender: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record a person by name or nicknames, with categories that all have the same grounds. A
    person without a name is unidentified, and is listed under the first nickname.
    """
    names = [*filter(None, (name, *nicknames))]
    return record_person(
        desk,
        reader,
        name=names[0] if names else None,
        known=bool(name),
        description=description,
        under_18=under_18,
        born=born,
        gender=gender,
        categories=tuple((category, grounds or "") for category in categories),
        aliases=tuple(("nickname", text) for text in names[1:]),
        **command,
    )


def add_alias(
    desk: Desk, reader: Reader, who: str, kind: AliasKind, name: str, **command: Unpack[Command]
) -> Receipt:
    return _act(
        desk,
        reader,
        "person.alias",
        who,
        lambda s: entity.add_alias(s, kind, name),
        [kind, name],
        **command,
    )


def change_class(
    desk: Desk,
    reader: Reader,
    who: str,
    category: PoleCategory,
    grounds: str,
    *,
    end: bool,
    **command: Unpack[Command],
) -> Receipt:
    """Add a data-subject category to a person, or end it if `end` is true."""
    change = end_classification if end else classify
    return change(desk, reader, who, category, grounds, **command)


def classify(
    desk: Desk,
    reader: Reader,
    who: str,
    category: PoleCategory,
    grounds: str,
    **command: Unpack[Command],
) -> Receipt:
    """Add a data-subject category to a person. A category that clears a suspect is proposed, and
    needs a second person.
    """

    def decided(state: Entity) -> tuple[Event, ...]:
        person = _person(desk, reader, who)
        clears = entity.clears_suspicion(
            _categories(desk, scope.unlimited(reader), person), category
        )
        try:
            return entity.classify(state, category, grounds, clears=clears)
        except TakesTwo:
            waiting, _ = desk.fold(person, PendingProposals(), two_person.evolve)
            cleared = PersonClassified(category, grounds)
            made = proposing.made_by(reader, "clear-person", person, grounds, cleared=cleared)
            return two_person.propose(waiting, made)

    fields: list[object] = [category, grounds]
    return _act(desk, reader, "person.classify", who, decided, fields, **command)


def end_classification(
    desk: Desk,
    reader: Reader,
    who: str,
    category: PoleCategory,
    reason: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """End a person's category, in each merged record of the person that has the category. If the
    category makes the person a suspect, its end is only proposed, and a second person has to
    confirm it. Raises Refused if no record has the category.
    """
    command_id = command_id or desk.new_random_id()
    name, body = "person.end_classification", [who, [category, reason], tuple(because_of)]
    if again := desk.repeated(
        command_id,
        name,
        body,
        former=lambda: [str(_person(desk, reader, who)), *body[1:]],
    ):
        return again
    require_command(reader, name)
    person = _person(desk, reader, who)
    digest = desk.digest(name, body)
    made = ending_facts(desk, reader, person, category, reason, because_of)
    if entity.ends_suspicion(_categories(desk, reader, person), category):
        event = ClassificationEnded(category, reason)
        proposed = proposing.made_by(reader, "end-category", person, reason, ended=event)
        return proposing.propose(
            desk,
            reader,
            person,
            proposed,
            lambda told: Submission(command_id, digest, told),
            because_of,
        )
    submission = Submission(command_id, digest, made)
    return desk.save([Prepared(made[0].originator_id, {"evidence": submission}, reader)])[0]


def ending_facts(
    desk: Desk,
    reader: Reader,
    person: UUID,
    category: PoleCategory,
    reason: str,
    because_of: Sequence[str] = (),
    *,
    behind: int = 0,
) -> tuple[Fact, ...]:
    """Return the events that end a category in each merged record of a person. `behind` is the
    number of events that the same command writes to the person's stream before these events. Raises
    Refused if no record has the category.
    """
    with desk.deciding() as db:
        members = people.all_merged_ids(db, reader, person)
    made: tuple[Fact, ...] = ()
    for member in sorted(members, key=lambda each: each != person):
        state, version = desk.current_state(reader, member, Entity(), entity.evolve)
        if category in state.categories:
            events = entity.end_classification(state, category, reason)
            after = behind if member == person else 0
            made += facts(reader, member, version + after, events, because_of)
    if not made:
        state, _ = desk.current_state(reader, person, Entity(), entity.evolve)
        # this call raises Refused with the reason
        entity.end_classification(state, category, reason)
    return made


def _categories(desk: Desk, reader: Reader, person: UUID) -> set[PoleCategory]:
    """Return all data-subject categories of a person, from every record of this person."""
    with desk.deciding() as db:
        members = people.all_merged_ids(db, reader, person)
    folded = (desk.fold(member, Entity(), entity.evolve)[0] for member in members)
    return {category for state in folded for category in state.categories}


def name_person(
    desk: Desk, reader: Reader, who: str, name: str, **command: Unpack[Command]
) -> Receipt:
    return _act(
        desk, reader, "person.name", who, lambda s: entity.name_person(s, name), [name], **command
    )


def record_age(
    desk: Desk,
    reader: Reader,
    who: str,
    under_18: bool | None,
    born: date | None,
    words: str | None,
    *,
    as_of: date | None = None,
    source: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record a person's age. An age in words, such as "11 yrs", is the age on the day `as_of`, by
    default today. Raises Refused if the date of birth is impossible.
    """
    entity.credible_birth(born, desk.today())
    event = AgeRecorded(under_18, born, words, as_of, source)
    return _act(
        desk,
        reader,
        "person.age",
        who,
        lambda s: entity.record_age(s, event),
        [under_18, born, words, *([as_of, source] if as_of or source else [])],
        **command,
    )


def record_learning_disability(
    desk: Desk,
    reader: Reader,
    who: str,
    has: bool,
    source: str,
    *,
    as_of: date | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record whether a person has a learning disability, with the source and the day, by default
    today.
    """
    return _act(
        desk,
        reader,
        "person.disability",
        who,
        lambda s: entity.record_learning_disability(s, has, source, as_of or desk.clock().date()),
        [has, source, as_of],
        **command,
    )


def state_custody(
    desk: Desk,
    reader: Reader,
    who: str,
    state: CustodyState,
    source: str,
    *,
    since: date | None = None,
    until: date | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record where a suspect is held, or how they were released, since a day, by default today."""
    today = desk.today()
    stated = CustodyStated(state, since or today, source, until)
    return _act(
        desk,
        reader,
        "person.custody",
        who,
        lambda s: entity.state_custody(s, stated, today),
        [state, since, source, until],
        **command,
    )


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    who: str,
    decide: Callable[[Entity], tuple[Event, ...]],
    body: list[object],
    **command: Unpack[Command],
) -> Receipt:
    return act_on_named(
        desk,
        reader,
        name,
        who,
        lambda: _person(desk, reader, who),
        Entity(),
        entity.evolve,
        decide,
        body,
        **command,
    )


def _person(desk: Desk, reader: Reader, who: str) -> UUID:
    person, kind = find(desk, reader, who)
    if kind != "person":
        raise Refused(f"{who!r} is a {kind}, not a person: name a person", field="who")
    return person


def page_after(
    db: Db,
    reader: Reader,
    now: datetime,
    after: tuple[datetime, UUID] | None = None,
    most: int = MANY,
) -> "tuple[list[people.Entity], tuple[datetime, UUID] | None]":
    """Return at most `most` people visible to the reader, in the order in which they were recorded,
    beginning after a position in the log. Also return the position of the last person returned, or
    None if no more people follow.
    """
    start = item_ids.RegisterPosition(to_micros(after[0]), after[1]) if after else None
    rows, more = item_ids.list_row_ids(db, reader, "person", after=start, limit=most)
    entities = people.entities(db, reader, [row.id for row in rows], as_at=now)
    last = (rows[-1].recorded, rows[-1].id) if more else None
    return [entities[row.id] for row in rows if row.id in entities], last


def page_of_people(
    db: Db, reader: Reader, now: datetime, skip: int, most: int
) -> "tuple[list[people.Entity], int]":
    """Return at most `most` people visible to the reader, in recorded order, after the first `skip`
    people; and the number of all visible people. The number is exact up to 1,000 (`COUNTED`), or up
    to `skip + most` if this is more, because counting stops above it.
    """
    rows, _ = item_ids.list_row_ids(db, reader, "person", skip=skip, limit=most)
    entities = people.entities(db, reader, [row.id for row in rows], as_at=now)
    total = item_ids.count(db, reader, "person", max(COUNTED, skip + most))
    return [entities[row.id] for row in rows if row.id in entities], total
