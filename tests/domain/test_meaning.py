"""For each event, the product does what a person wrote in `meaning.jsonl`.

The file has a line for each event: its log, the owner of its key, and its sealed fields; the acts
and commands that record it; its deadlines and other effects; and the markers of its fields. The
line also says what the views do with the event's sample: the register's entry or new state, the
kind of item, its step in a trail, its words in a family's journey, and what an access request
proposes to disclose of it. The file is a person's opinion: no program writes it, and a difference
needs a decision.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast, get_type_hints
from uuid import UUID

import msgspec

from access.who_may.table import ACTS
from commands.data_protection import subject_search, subject_text
from commands.kernel.references import kind_of
from domain import catalogue
from domain.intelligence.link import LinkAsserted
from domain.kernel.card_effects import Counts
from domain.kernel.envelope import Event, Recorded
from domain.kernel.fields import Access, Life, Marker, Role, Text, markers_of
from projections.families import child_timeline
from projections.kernel import item_ids, trail
from projections.kernel.batch import RowBatch
from projections.people_and_teams import item_access
from tests.support.domain.listed import assert_each, kinds_in, place_of

HERE = Path(__file__).parent
OPINION = HERE / "meaning.jsonl"
SAMPLES = HERE.parent / "data" / "events"
STREAM, COMMAND = UUID(int=1), UUID(int=2)
RECORDED = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
#: Unencrypted texts that contain more than a code, each with the reason.
IN_THE_CLEAR: dict[str, str] = {
    "export.made@1: purpose": "as it was written before 0.1",
    "case.threshold_assessed@1: override": "as it was written before 0.2",
}

LINES: dict[str, dict[str, Any]] = {
    line["event"]: line for line in map(msgspec.json.decode, OPINION.read_bytes().splitlines())
}


class Rows:
    """A stand-in for the database of a view: `standing` are the rows that the view can read,
    `written` the rows that the view wrote."""

    def __init__(self, *standing: Any) -> None:
        self.at, self.standing, self.written = 0, standing, list[Any]()

    def get(self, kind: type, *key: object) -> Any:
        """Return the first row of this class that the view can read, if `key` begins with the
        stream of the sample event; otherwise return None."""
        mine = (row for row in self.standing if type(row) is kind and key[0] == STREAM)
        return next(mine, None)

    def put(self, row: Any) -> None:
        """Save a row that a view wrote."""
        self.written.append(row)

    def nothing(self, *_: object, **__: object) -> list[Any]:
        """Return no rows for any query of a view, because only `get` reads the test's rows."""
        return []

    having = either = ask = read = drop = drop_all = nothing


def _written(view: Any, fact: Recorded, *standing: Any) -> list[Any]:
    rows = Rows(*standing)
    view.apply(fact, cast(RowBatch, rows))
    return rows.written


def sample(event: type[Event]) -> Event:
    """Return the stored sample of an event."""
    file = SAMPLES / f"{event.stored.topic}.json"
    assert file.is_file(), f"{place_of(event)}: {event.__name__} has no sample: write {file}"
    stored = msgspec.json.decode(file.read_bytes())
    return msgspec.convert(stored["event"], event)


def recorded(event: Event, version: int = 1) -> Recorded:
    """Return a fact with this event, recorded in the sample's stream."""
    log, team = event.stored.log, "Engage"
    at = (log, 1, STREAM, version, RECORDED)
    return Recorded(*at, "dc.hart", team, "Police", "part-3", (), COMMAND, event)


def effects(event: type[Event]) -> dict[str, Any]:
    """Return what the product does with an event, in the same form as the event's line in
    `meaning.jsonl`.
    """
    stored, meaning = event.stored, event.meaning
    line: dict[str, Any] = {"event": stored.topic, "log": stored.log, "key": stored.key}
    line |= {"sealed": [*stored.sealed], "acts": [*meaning.acts]}
    line["commands"] = [*meaning.commands]
    line["deadlines"] = [
        f"{type(deadline).__name__.lower()} {deadline.clock}" for deadline in meaning.deadlines
    ]
    for effect in (
        "files",
        "activity",
        "hides",
        "alone",
        "inside",
        "proposes",
        "contact",
        "doubts",
    ):
        value = getattr(meaning, effect)
        line[effect] = [*value] if isinstance(value, tuple) else value
    line["overtakes"], line["brief"] = meaning.overtakes, meaning.brief
    line["card"] = [*map(_counted, meaning.card)]
    line["when"] = meaning.when if meaning.when != "happened" else ""
    for marker in (*Access, *Life, *Text):
        if marker not in (Access.NOT_CHECKED, Life.NOT_REACHED):
            marked = [name for name, those in markers_of(event).items() if marker in those]
            line[marker.value.replace(" ", "_")] = marked
    line |= _in_views(event) | _when_asked(event)
    if (kind := kind_of(recorded(sample(event)))) != stored.name.partition(".")[0]:
        line["kind"] = kind
    return {name: value for name, value in line.items() if value or name == "sealed"}


def _counted(one: Counts) -> str:
    """Return in words how an event counts in a report card, such as "rated: level but unknown"."""
    if one.field is None:
        return one.measure
    values = " or ".join(one.values) or "any"
    return f"{one.measure}: {one.field} {' but '.join((values, *one.but))}"


def _in_views(event: type[Event]) -> dict[str, Any]:
    one = sample(event)
    fact = recorded(one)
    line: dict[str, Any] = {}
    entered = [row for row in _written(item_ids, fact) if row.id == STREAM]
    stands = item_ids.ItemRow(STREAM, "kind", None, RECORDED, "by", "team", "?", "tail")
    turned = [row for row in _written(item_ids, recorded(one, 2), stands) if row.state != "?"]
    if entered:
        row = entered[0]
        line["enters"] = [row.kind, row.state, *(["case"] if row.case else [])]
    elif turned:
        line["turns"] = turned[0].state
    line["reach"] = sorted({row.sort for row in _written(item_access, fact)})
    line["moves"] = issubclass(event, tuple(item_access.MOVING))
    for row in _written(trail, fact):
        if isinstance(row, trail.StepRow):
            line["trail"] = [row.stage or "beside"]
            line |= _fields_of(one, row)
    told = [
        row for row in _written(child_timeline, fact) if isinstance(row, child_timeline.JourneyRow)
    ]
    line["journey"] = told[0].what if told else ""
    return line


def _fields_of(event: Event, row: trail.StepRow) -> dict[str, Any]:
    """Return the names of the event's fields that give the time ("occurred") and the grounds
    ("rests_on") of its step in an audit trail.
    """
    rests, line = set(row.because_of), dict[str, Any]()
    for name in event.__struct_fields__:
        value = getattr(event, name)
        ids = set(value) if isinstance(value, tuple) else {value}
        if rests and ids and ids <= rests:
            line.setdefault("rests_on", []).append(name)
        if row.occurred and row.occurred in (value, getattr(value, "start", None)):
            line.setdefault("occurred", name)
    assert ("occurred" in line) == (row.occurred is not None)
    return line


def _when_asked(event: type[Event]) -> dict[str, Any]:
    """Return which parts of an event the answer to a subject access request contains, and whether
    the program proposes to withhold the whole event."""
    facts = [recorded(sample(event))]
    held = subject_search.find_records(STREAM, facts, "text", "an id")
    proposed = [] if held.proposed == "give" else [held.proposed, held.exemption]
    given = [name for fact in facts for name, _ in subject_text.given_fields(fact)]
    return {"given": given, "proposed": proposed}


def test_each_event_does_what_is_written_for_it() -> None:
    wrong = []
    for event in catalogue.events():
        now, wanted = effects(event), LINES.get(event.stored.topic)
        if now != wanted:
            line = msgspec.json.encode(now).decode()
            differs = (
                "has no line in tests/domain/meaning.jsonl"
                if wanted is None
                else f"differs from its line in tests/domain/meaning.jsonl: {wanted}"
            )
            wrong.append(
                f"{place_of(event)}: {event.__name__} {differs}. If its declaration is meant so, "
                f"write this line:\n{line}"
            )
    assert not wrong, "\n".join(wrong)


def test_no_line_is_of_an_event_that_is_gone() -> None:
    assert LINES.keys() <= {event.stored.topic for event in catalogue.events()}


def _structs(event: type, found: set[type]) -> Iterator[type]:
    """Yield an event's class and each struct class that its fields contain."""
    if event not in found:
        found.add(event)
        yield event
        for hint in get_type_hints(event).values():
            for kind in kinds_in(hint):
                if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                    yield from _structs(kind, found)


def _marker_faults(event: type) -> Iterator[str]:
    """Yield the missing or wrong markers of the fields of an event class."""
    hints = get_type_hints(event)
    for name, markers in markers_of(event).items():
        kinds = set(kinds_in(hints[name]))
        access = [marker for marker in markers if isinstance(marker, Access)]
        life = [marker for marker in markers if isinstance(marker, Life)]
        texts = [marker for marker in markers if isinstance(marker, Text)]
        where = f"{place_of(event)}: {event.__name__}.{name}"
        if UUID in kinds or access or life:
            if not access or len(life) != 1 or texts:
                yield f"{where} holds an id: write ABOUT, NAMED or NOT_CHECKED, and a lifecycle"
            if Access.NOT_CHECKED in access and len(access) > 1:
                yield f"{where} is checked and is not"
        elif {str, bytes} & kinds:
            if len(texts) != 1:
                yield f"{where} holds a text: write SAID, WRITTEN, IDENTIFYING, CODE or AS_IS"
        elif texts:
            yield f"{where} holds neither a text nor an id"


def test_each_field_of_an_id_or_a_text_has_its_markers() -> None:
    found: set[type] = set()
    classes = [one for event in catalogue.events() for one in _structs(event, found)]
    wrong = [text for cls in classes for text in _marker_faults(cls)]
    assert not wrong, "\n".join(wrong)
    assert len(found) > len(catalogue.events())


class _Planted(Event, frozen=True):
    """An event with faulty fields: a field without markers, a field with only one of its two
    markers, and a text without markers.
    """

    case: UUID
    person: UUID
    words: str


def test_a_field_without_its_markers_is_named_with_its_file_and_line() -> None:
    wrong = list(_marker_faults(_Planted))
    assert len(wrong) == len(_Planted.__struct_fields__)
    assert all(line.startswith("tests/domain/test_meaning.py:") for line in wrong)


def test_words_and_names_are_sealed() -> None:
    clear = {
        f"{event.stored.topic}: {name}"
        for event in catalogue.events()
        for name, markers in markers_of(event).items()
        if {Text.SAID, Text.WRITTEN, Text.IDENTIFYING, Text.AS_IS} & set(markers)
        and name not in event.stored.sealed
    }
    assert clear == IN_THE_CLEAR.keys()


def test_what_an_event_says_of_itself_is_of_its_fields() -> None:
    assert_each(_means_its_fields, catalogue.events())


def _means_its_fields(event: type[Event]) -> None:
    meaning = event.meaning
    assert meaning.acts
    assert set(meaning.acts) <= set(ACTS)
    assert set(meaning.journey[1:]) <= set(event.__struct_fields__)
    assert all(one.field is None or hasattr(event, one.field) for one in meaning.card)
    assert meaning.when == "happened" or meaning.when in event.__struct_fields__
    assert not (meaning.enters and meaning.turns)
    if meaning.step is None and event is not LinkAsserted:
        roles: set[Marker] = {*Role}
        assert not [name for name, those in markers_of(event).items() if roles & set(those)]


def test_a_command_is_for_one_event() -> None:
    names = [name for event in catalogue.by_name().values() for name in event.meaning.commands]
    assert len(names) == len(set(names)) == len(catalogue.by_command())
