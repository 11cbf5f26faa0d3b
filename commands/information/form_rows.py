"""The parts of an imported row that several import forms share: the log entry on which a link is
based, and the two ends of the link.

Within a data set, rows with the same kind and identifier mean the same person or thing, even in
different files and forms. If two teams use the same name for a data set, these are two data sets.
The file is long because forms of entries and forms of links read these columns alike.
"""

from datetime import datetime
from functools import reduce
from typing import Any, get_args
from uuid import UUID

from msgspec import Struct, field

from commands.kernel import entity as entities
from commands.kernel.unit_of_work import Desk, facts, index_names
from domain import forms
from domain.information.observation import (
    IMPORTED_ROW,
    ObservationAssessed,
    ObservationRecorded,
)
from domain.intelligence import entity
from domain.intelligence.corroboration import CorroborationJudged
from domain.intelligence.entity import Entity, PersonRecorded
from domain.intelligence.intelligence_report import ItemGraded, ReportOpened, urn
from domain.kernel.codes import IncidentSort
from domain.kernel.envelope import Event, Fact
from domain.kernel.values import (
    ENTITY_KINDS,
    EntityKind,
    Grade,
    Handling,
    Origin,
    PoleCategory,
    Reader,
    Refused,
    When,
)

GRADED_THERE = "graded so by the file that it came from; its roots are not known here"
Unique = tuple[tuple[bytes, UUID], ...]
#: A person or thing at an end of a link: its id, its kind, the facts that record it (none if it is
#: recorded already), and its keys in the index.
End = tuple[UUID, EntityKind, tuple[Fact, ...], Unique]


class Basis(Struct, frozen=True):
    """The log entry on which an imported row's link is based: its stream, its events, and the
    fields that the link needs. If the row has a grade, the entry becomes an item of an intelligence
    report; otherwise it stays ungraded information.
    """

    stream: UUID
    facts: tuple[Fact, ...]
    rests: dict[str, Any] = field(default_factory=dict)


class Described(Struct, frozen=True):
    """The details that a row gives about one end of a link: the real `name` if the file uses
    another one, aliases, whether the person has no name, whether the person is an adult (`grown`),
    and the kind and time of an incident.
    """

    name: str | None = None
    aliases: tuple[str, ...] = ()
    unnamed: bool = False
    grown: bool = False
    sort: IncidentSort | None = None
    since: datetime | None = None
    until: datetime | None = None


class Identity(Struct, frozen=True):
    """How an imported row identifies the person or thing at one end of a link: by name, by an
    `identifier` that is unique in the data set, or by the id of a `node` in a network file. A
    node's id is unique only within its file.
    """

    text: str
    identifier: str | None = None
    node: str | None = None


def grade_of(information: str | None, source_grade: str | None) -> Grade | None:
    """Return the grade that an imported row gives, or None. Raises ValueError if the grade is
    invalid, or if a part of it is missing.
    """
    if information or source_grade:
        return Grade.parse(f"{source_grade or ''}{information or ''}")
    return None


def basis(
    desk: Desk,
    reader: Reader,
    words: str,
    origin: Origin,
    grade: Grade | None,
    handling: str | None,
) -> Basis:
    """Return the log entry of an imported row, graded as in the file. If the row has no handling
    code, the entry may be shared only with its originator's consent, because an empty cell gives no
    permission. If the row is graded B (corroborated), the entry records that the file says so.
    """
    seen = ObservationRecorded("snippet", "paraphrase", words, channel=IMPORTED_ROW, origin=origin)
    stream = desk.new_id()
    made = facts(reader, stream, 0, (seen,))
    if not grade:
        return Basis(stream, made, {"stage": "information", "observation": stream})
    handled, report = _handling_of(handling), desk.new_random_id()
    graded: tuple[Event, ...] = (ItemGraded(1, stream, grade, handled),)
    if grade.information == "B":
        graded = (CorroborationJudged(1, (stream,), 0, GRADED_THERE), *graded)
    made += facts(reader, report, 0, (ReportOpened(urn(report)), *graded))
    made += facts(reader, stream, 1, (ObservationAssessed(report, 1),))
    rests = {
        "stage": "intelligence",
        "observation": stream,
        "report": report,
        "item": 1,
        "grade": grade,
        "handling": handled.code,
    }
    return Basis(stream, made, rests)


def _handling_of(text: str | None) -> Handling:
    """Return the handling of an imported row; without a code, the originator has to consent to any
    use.
    """
    match (text or "").upper():
        case "P":
            return Handling("P")
        case "C":
            return Handling("C", "A1", "S2", "As stated by the originator of the imported network.")
    return Handling("C", "A1", "S2", "The file does not say how it may be shared: ask first.")


def end(
    desk: Desk,
    reader: Reader,
    dataset: str,
    identity: Identity,
    kind: str,
    origin: Origin,
    form: str,
    own: Described | None = None,
) -> End:
    """Return one end of an imported link, with the facts that record it if it is new, and the
    details that the row gives.

    A thing is identified by its normal form. A person or an incident is identified within the data
    set: by the identifier; or by the id of the node together with the name; or, if the row has
    neither, by the name. The first index key identifies the end within the data set. The kind of a
    person may name several categories, such as child and suspect.

    Raises Refused if the kind or a category is unknown, if the row gives a name without an id
    although the data set has an id for that name, or if the data set uses the same identifier for
    another thing.
    """
    own = own or Described()
    name = (own.name or identity.text).strip()
    base, *categories = kind.strip().lower().split("/")
    if base not in get_args(EntityKind):
        raise Refused(
            f"{kind!r} is not a kind of entity: person, person/suspect, person/victim, "
            + ", ".join(entity_kind for entity_kind in ENTITY_KINDS if entity_kind != "person")
        )
    if base == "incident":
        known_item, unique = _find_identified(desk, reader, "incident", dataset, identity, name)
        if known_item:
            return known_item, "incident", (), unique
        when = When("", own.since, own.until, "minute") if own.since or own.until else None
        happened = entity.record_incident(name, name.casefold(), own.sort or "other", when)
        stream = desk.new_id()
        made = facts(reader, stream, 0, happened)
        return stream, "incident", made, tuple((digest, stream) for digest, _ in unique)
    if base != "person":
        return _thing_end(desk, reader, dataset, identity, base)  # type: ignore[arg-type]
    for category in categories:
        if category not in get_args(PoleCategory):
            raise Refused(
                f"{category!r} is not a category of a person: " + ", ".join(get_args(PoleCategory))
            )
    known_item, unique = _find_identified(desk, reader, "person", dataset, identity, name)
    if known_item:
        return known_item, "person", (), unique
    stream = desk.new_id()
    grounds = f"as the {form} form {origin.file[:12]} says, row {origin.row}"
    under_18 = False if own.grown else None
    events = entity.record_person(PersonRecorded(not own.unnamed, under_18, name))
    for alias in own.aliases:
        state = reduce(entity.evolve, events, Entity())
        events += entity.add_alias(state, "nickname", alias)
    for category in categories or ("person-of-interest",):
        state = reduce(entity.evolve, events, Entity())
        events += entity.classify(state, category, grounds)  # type: ignore[arg-type]
    made = facts(reader, stream, 0, events)
    return stream, "person", made, tuple((digest, stream) for digest, _ in unique)


def _find_identified(
    desk: Desk, reader: Reader, kind: EntityKind, dataset: str, identity: Identity, name: str
) -> tuple[UUID | None, Unique]:
    """Return the recorded person or incident that a row identifies, and the index keys to save for
    it. For a new person or incident, the first value is None, and the id is added to the index
    keys later.

    Raises Refused if the row gives a name without an id, and the data set has an id for that name.
    """
    text, node = identity.identifier or identity.text, identity.node
    if identity.identifier or node is None:
        known_item, digest = find_in_dataset(desk, reader, f"dataset-{kind}", dataset, text)
        if known_item:
            return known_item, ()
        if not identity.identifier and kind == "person":
            refuse_name_with_id(desk, reader, dataset, text)
        return None, ((digest, NEW), *_named(desk, reader, kind, dataset, text, name))
    known_item, both = find_in_dataset(
        desk, reader, f"dataset-{kind}-node", dataset, f"{node}|{name}"
    )
    if known_item:
        return known_item, ()
    item, digest = find_in_dataset(desk, reader, f"dataset-{kind}", dataset, node)
    if item is None:
        own = (digest, NEW), (both, NEW)
        return None, (*own, *_named(desk, reader, kind, dataset, node, name))
    state, _ = desk.fold(item, Entity(), entity.evolve)
    nameless = forms.name(node)
    if forms.name(name) == nameless or {forms.name(name), nameless} & {
        *map(forms.name, state.names)
    }:
        return item, ((both, item),)
    return None, ((both, NEW),)


#: A placeholder in index keys for the id of a person who is not recorded yet.
NEW = UUID(int=0)


def _named(
    desk: Desk, reader: Reader, kind: EntityKind, dataset: str, identifier: str, name: str
) -> Unique:
    return name_index(desk, reader, dataset, identifier, name) if kind == "person" else ()


def name_index(
    desk: Desk, reader: Reader, dataset: str, identifier: str, name: str | None
) -> Unique:
    """Return an index key by which a person with an identifier can be found by name in the data
    set. Return () if the key already exists, or if the name is the identifier itself.
    """
    text = (name or "").strip().casefold()
    if text in ("", identifier.strip().casefold()):
        return ()
    known_item, digest = find_in_dataset(desk, reader, "dataset-person-name", dataset, text)
    return () if known_item else ((digest, NEW),)


def refuse_name_with_id(desk: Desk, reader: Reader, dataset: str, name: str) -> None:
    """Raise Refused if a row gives a name without an id, and the data set has a person of that name
    with an id: the two may be the same person, or two people of one name.
    """
    if find_in_dataset(desk, reader, "dataset-person-name", dataset, name)[0]:
        raise Refused(
            f"the data set {dataset!r} has a record of {name!r} with an id, and this row gives "
            "no id: write the "
            "id, or choose another data set"
        )


def _thing_end(
    desk: Desk, reader: Reader, dataset: str, identity: Identity, kind: EntityKind
) -> End:
    """Return the vehicle, phone, place or account that a row names; record it if it is new. Raises
    Refused if the data set uses the same identifier for another thing.
    """
    identifier = identity.identifier
    if not identifier:
        stream, new, unique = entities.find_or_record(desk, reader, kind, identity.text)
        return stream, kind, new, unique
    known_item, digest = find_in_dataset(desk, reader, f"dataset-{kind}", dataset, identifier)
    if known_item and identity.text == identifier:
        return known_item, kind, (), ()
    stream, new, unique = entities.find_or_record(desk, reader, kind, identity.text)
    if known_item and known_item != stream:
        raise Refused(
            f"the data set {dataset!r} has the id {identifier!r} for another {kind} than "
            f"{identity.text!r}: correct one of them"
        )
    return stream, kind, new, (*unique, *(() if known_item else ((digest, stream),)))


def find_in_dataset(
    desk: Desk, reader: Reader, index: str, dataset: str, text: str
) -> tuple[UUID | None, bytes]:
    """Return the recorded entity with this identifier in the imported data set, or None; and the
    blind index of the identifier.
    """
    named = f"{dataset}|{text.strip().casefold()}"
    digest = desk.keys.blind(index, named)
    # the key contains the team, so two teams with the same name for a data set share no people or
    # things
    if reader.closed:
        known_item = desk.find("evidence", digest)
        if known_item and not desk.hides(reader, known_item):
            return known_item, digest
        own = [desk.keys.blind(index, f"{team}|{named}") for team in index_names(reader)]
        digest = next(
            (team_digest for team_digest in own if desk.find("evidence", team_digest)), own[0]
        )
    return desk.find("evidence", digest), digest
