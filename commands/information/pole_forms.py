"""Import people, incidents and calls from another system, row by row: a police data set of the
usual kind (person, object, location, event).

Each row becomes one log entry, which names the file, sheet and row, and on which all facts of the
row are based. Within `dataset`, an identifier means the same person or incident in every file and
form, so that rows of the links form can refer to them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from typing import Any
from uuid import UUID

from commands.information import form_rows
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, facts
from domain import forms
from domain.intelligence import entity, link
from domain.intelligence.entity import AgeRecorded, Entity, PersonClassified, PersonRecorded
from domain.intelligence.link import Link, LinkAsserted
from domain.kernel.codes import IncidentSort
from domain.kernel.envelope import Event, Fact, Submission
from domain.kernel.values import LinkKind, Origin, PoleCategory, Reader, Refused, When

#: The beginning of the recorded reason for a category or an age that a row of the people form gave.
_OF_TABLE = "as the people form"
#: A participant of an incident in a row: the name as written, the kind of item, and the role.
Named = tuple[str, str, LinkKind]


def prepare_person(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    dataset: str,
    origin: Origin,
    identifier: str,
    name: str | None,
    aliases: Sequence[str] = (),
    born: date | None = None,
    under_18: bool | None = None,
    gender: str | None = None,
    categories: Sequence[PoleCategory] = (),
    description: str | None = None,
) -> Prepared:
    """Prepare one row of the people form: a person with their details. Two people of the same name
    with different identifiers remain two people. A person who was named by this identifier in a
    links file gets the row's age, aliases and categories. Raises Refused if another row of people
    has this identifier, or if the row neither names nor identifies a person.
    """
    known_item, digest = form_rows.find_in_dataset(
        desk, reader, "dataset-person", dataset, identifier
    )
    if known_item and identifier == name:
        why = "two people with the same name need ids, in a column of their own"
        raise Refused(f"the data set has a person {identifier!r} already: {why}")
    if identifier == name:
        form_rows.refuse_name_with_id(desk, reader, dataset, identifier)
    entity.credible_birth(born, desk.clock().date())
    grounds = f"{_OF_TABLE} {origin.file[:12]} says, row {origin.row}"
    unique: tuple[tuple[bytes, UUID], ...] = ()
    if known_item:
        stream = known_item
        state, version = _find_named_by_links(desk, known_item, identifier, name)
        if gender or description:
            raise Refused(
                f"a link of this data set has recorded {identifier!r} already, so a gender and a "
                "description cannot be added: leave these columns out, or import people before "
                "links"
            )
        events = list[Event]()
        if born or under_18 is not None:
            age = AgeRecorded(under_18, born, source=grounds)
            events += entity.record_age(state, age)
    else:
        stream, version = desk.new_id(), 0
        person = PersonRecorded(bool(name), under_18, name, description, born, gender)
        events = list(entity.record_person(person))
        state = entity.evolve(Entity(), events[0])
        also = form_rows.name_index(desk, reader, dataset, identifier, name)
        unique = ((digest, stream), *((index, stream) for index, _ in also))
    for alias in aliases:
        new = entity.add_alias(state, "nickname", alias)
        state = reduce(entity.evolve, new, state)
        events += new
    for category in dict.fromkeys(categories or ("involved-party",)):
        events += entity.classify(state, category, grounds)
    if not events:
        raise Refused(f"{identifier!r} is recorded already, and this row adds nothing to it")
    body: list[object] = [dataset, identifier, name, tuple(aliases), born, under_18, gender]
    body += [tuple(categories), description, origin]
    submission = Submission(
        command_id,
        desk.digest("people.row", body),
        facts(reader, stream, version, events),
        unique,
    )
    desk.draft(submission)
    return Prepared(stream, {"evidence": submission}, reader)


def _find_named_by_links(
    desk: Desk, known_item: UUID, identifier: str, name: str | None
) -> tuple[Entity, int]:
    """Return the person with this identifier whom a links file named before, with the version of
    the person's stream. Raises Refused if another row of people already described the person, or if
    the person has another name.
    """
    nothing: tuple[Event, ...] = ()
    events, version = desk.fold(known_item, nothing, lambda before, event: (*before, event))
    texts = [
        (event.grounds if isinstance(event, PersonClassified) else event.source) or ""
        for event in events
        if isinstance(event, PersonClassified | AgeRecorded)
    ]
    if any(text.startswith(_OF_TABLE) for text in texts):
        raise Refused(f"the data set has a person {identifier!r} already: each id names one person")
    state = reduce(entity.evolve, events, Entity())
    if name and forms.name(name) not in {forms.name(text) for text in state.names}:
        raise Refused(
            f"the data set has the id {identifier!r} for another person than {name!r}: correct one "
            "of them"
        )
    return state, version


def prepare_incident(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    dataset: str,
    origin: Origin,
    identifier: str,
    what: str,
    sort: IncidentSort = "other",
    start: datetime | None = None,
    end: datetime | None = None,
    place: str | None = None,
    area: str | None = None,
    named: Sequence[Named] = (),
    information: str | None = None,
    source_grade: str | None = None,
    handling: str | None = None,
) -> Prepared:
    """Prepare one row of the incidents form: the kind, time, place and participants of an incident.
    Raises Refused if the data set already has an incident with this identifier.
    """
    known_item, digest = form_rows.find_in_dataset(
        desk, reader, "dataset-incident", dataset, identifier
    )
    if known_item:
        raise Refused(f"the data set has an incident {identifier!r} already")
    happened = When("", start, end or start, "minute") if start else None
    grade = form_rows.grade_of(information, source_grade)
    on = form_rows.basis(desk, reader, what, origin, grade, handling)
    stream = desk.new_id()
    recorded = entity.record_incident(what, forms.name(what), sort, happened)
    rows = _Rows(desk, reader, dataset, origin, on.rests, {digest: stream})
    rows.made += [*on.facts, *facts(reader, stream, 0, recorded)]
    times = {"valid_from": start, "valid_to": end or start}
    for text, kind, part in named:
        item, one_kind = rows.end(text, kind, "incidents")
        rows.tie((item, stream), part, (one_kind, "incident"), times)
    if place:
        there, _ = rows.end(place, "place", "incidents")
        rows.tie((stream, there), "happened-at", ("incident", "place"), times)
        if area:
            rows.lies_in(place, there, area)
    body: list[object] = [dataset, identifier, what, sort, start, end, place, area, tuple(named)]
    body += [information, source_grade, handling, origin]
    return rows.prepared(on.stream, command_id, "incidents.row", body)


def prepare_call(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    dataset: str,
    origin: Origin,
    caller: str,
    called: str,
    start: datetime,
    end: datetime,
    count: float = 1.0,
    mast: str | None = None,
    information: str | None = None,
    source_grade: str | None = None,
    handling: str | None = None,
) -> Prepared:
    """Prepare one row of call records: the phone numbers of both parties, the times, and the number
    of calls. If the row names a phone mast, it is also recorded that the caller's phone was near
    the mast. Raises Refused if both phone numbers are the same.
    """
    grade = form_rows.grade_of(information, source_grade)
    words = f"{caller} - calls - {called}"
    on = form_rows.basis(desk, reader, words, origin, grade, handling)
    rows = _Rows(desk, reader, dataset, origin, on.rests)
    rows.made += on.facts
    first_item, _ = rows.end(caller, "phone", "calls")
    second_item, _ = rows.end(called, "phone", "calls")
    if first_item == second_item:
        raise Refused("a call needs two different phones")
    times: dict[str, Any] = {"valid_from": start, "valid_to": end}
    rows.tie((first_item, second_item), "contact", ("phone", "phone"), times | {"weight": count})
    if mast:
        there, _ = rows.end(mast, "place", "calls")
        rows.tie((first_item, there), "seen-at", ("phone", "place"), times)
    body: list[object] = [dataset, caller, called, start, end, count, mast]
    body += [information, source_grade, handling, origin]
    return rows.prepared(on.stream, command_id, "calls.row", body)


class _Rows:
    """The facts that one imported row states, collected while the row is read. A person or thing
    named twice in the row is recorded once.
    """

    def __init__(
        self,
        desk: Desk,
        reader: Reader,
        dataset: str,
        origin: Origin,
        rests: dict[str, Any],
        own: dict[bytes, UUID] | None = None,
    ) -> None:
        self.desk, self.reader, self.dataset, self.origin = desk, reader, dataset, origin
        self.rests = rests
        self.made: list[Fact] = []
        self._unique: dict[bytes, UUID] = dict(own or {})

    def end(self, text: str, kind: str, form: str) -> tuple[UUID, Any]:
        """Return the id and the kind of the person or thing that a row names with the text `text`.
        If it is not recorded yet, the facts that record it are added to the row's facts.
        """
        item, base, new, unique = form_rows.end(
            self.desk,
            self.reader,
            self.dataset,
            form_rows.Identity(text),
            kind,
            self.origin,
            form,
        )
        for digest, stream in unique:
            if digest in self._unique:
                return self._unique[digest], base
            self._unique[digest] = stream
        self.made += new
        return item, base

    def tie(
        self, ends: tuple[UUID, UUID], kind: LinkKind, kinds: Any, fields: dict[str, Any]
    ) -> None:
        """Add a link between two items of a row, based on the row's log entry. Raises Refused if a
        link of this kind cannot join two such items.
        """
        draft = LinkAsserted(ends[0], ends[1], kind, **(self.rests | fields))
        asserted = link.assert_link(Link(), draft, kinds)
        self.made += facts(self.reader, self.desk.new_id(), 0, asserted)

    def lies_in(self, place: str, there: UUID, area: str) -> None:
        """Add a link that a place is in an area, unless the data set or the row already has this
        link.
        """
        known_item, digest = form_rows.find_in_dataset(
            self.desk, self.reader, "dataset-lies-in", self.dataset, f"{place}|{area}"
        )
        if known_item or digest in self._unique:
            return
        around, _ = self.end(area, "place", "incidents")
        if around != there:
            self.tie((there, around), "lies-in", ("place", "place"), {})
            self._unique[digest] = self.made[-1].originator_id

    def prepared(
        self, stream: UUID, command_id: UUID, name: str, body: Sequence[object]
    ) -> Prepared:
        """Return all facts that the row states, ready to be saved."""
        submission = Submission(
            command_id,
            self.desk.digest(name, list(body)),
            tuple(self.made),
            tuple(self._unique.items()),
        )
        self.desk.draft(submission)
        return Prepared(stream, {"evidence": submission}, self.reader)
