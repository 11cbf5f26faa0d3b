"""The search for references between items finds each field that contains an id, and leaves out
references that ended.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import get_type_hints
from uuid import UUID, uuid4

import msgspec

from commands.kernel.references import Beyond, References, references
from domain import catalogue
from domain.data_protection.erasure import ItemErased
from domain.families.referral import CaseOpened, ReferralReceived
from domain.information.observation import (
    ObservationRecorded,
    ObservationRefiled,
    ObservationUnfiled,
)
from domain.intelligence.entity import PersonRecorded
from domain.intelligence.identity import IdentityJudged, IdentityRevoked
from domain.intelligence.intelligence_report import ItemGraded, ReportRedacted
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.kernel.fields import Life
from domain.kernel.values import Origin
from domain.people_and_teams.store_admin import FileReceived
from tests.support.commands.logs import Logs, hour, sample
from tests.support.domain.listed import kinds_in

#: A pattern of an id that is not followed by a version; an id with a version names an earlier fact
#: of the same stream.
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!:\d)")
NO_TEXT = re.compile(r"\d{4}-\d\d-|[0-9a-f]{8}-|[A-Za-z0-9+/]+=+$")


def read(told: Logs, since: datetime | None = None) -> References:
    return references(told.logs, since=since)


def words(case: UUID | None = None, file: str | None = None) -> ObservationRecorded:
    origin = Origin(file, "log", 1) if file else None
    return ObservationRecorded("snippet", "verbatim", "they met", case=case, origin=origin)


def test_each_id_that_is_in_a_fact_is_a_reference() -> None:
    """Each id in the bytes of a fact is returned as a reference, whatever the types and markers of
    the fact's fields.
    """
    logs, expected = Logs(), set[tuple[UUID, UUID]]()
    for kind in catalogue.events():
        event = sample(kind)
        hints = get_type_hints(kind)
        empty = [name for name in kind.__struct_fields__ if getattr(event, name) is None]
        told = {name: uuid4() for name in empty if UUID in kinds_in(hints[name])}
        event = msgspec.structs.replace(event, **told)
        stream = logs.tell(uuid4(), event)
        found = ID.findall(msgspec.json.encode(event).decode())
        expected |= {(UUID(one), stream) for one in found}
    known = read(logs)
    assert len(expected) > 200
    missed = {
        (item, known.kinds.get(stream))
        for item, stream in expected
        if stream not in {reference.stream for reference in known.all_references(item)}
    }
    assert not missed


def test_each_text_that_is_sealed_is_looked_through() -> None:
    """The search for an access request looks through each encrypted text: it finds the names in the
    bytes of each fact.
    """
    logs, expected = Logs(), list[tuple[UUID, str]]()
    for kind in catalogue.events():
        event = sample(kind)
        stream = logs.tell(uuid4(), event)
        told = msgspec.to_builtins(event)
        expected += [(stream, text) for name in kind.stored.sealed for text in texts_in(told[name])]
    known = read(logs)
    assert len(expected) > 300
    assert not [text for stream, text in expected if text not in set(known.words(stream))]


def texts_in(told: object) -> Iterator[str]:
    """Yield the texts in a fact's JSON fields, except texts that are dates, ids or bytes."""
    if isinstance(told, dict | list):
        for each in told.values() if isinstance(told, dict) else told:
            yield from texts_in(each)
    elif isinstance(told, str) and not re.match(
        r"\d{4}-\d\d-|[0-9a-f]{8}-|[A-Za-z0-9+/]+=+$", told
    ):
        yield told


def test_a_reference_says_by_which_fact_in_which_role_and_since_when() -> None:
    logs, case, other = Logs(), uuid4(), uuid4()
    one = logs.tell(uuid4(), words(case))
    logs.tell(one, ObservationRefiled(other, case, "wrong family"))
    known = read(logs)
    here = [r for r in known.all_references(case) if r.role is Life.FILED]
    (there,) = [r for r in known.all_references(other) if r.role is Life.FILED]
    assert [(r.stream, r.version, r.at, r.until) for r in here] == [(one, 1, hour(1), hour(2))]
    assert (there.stream, there.version, there.at, there.until) == (one, 2, hour(2), None)
    assert known.moved(one, case)
    assert not known.moved(one, other)


def test_what_was_taken_apart_is_over_and_is_found_for_what_stood_before() -> None:
    logs, case, a, b = Logs(), uuid4(), uuid4(), uuid4()
    one, two = logs.tell(uuid4(), words(case)), logs.tell(uuid4(), words(case))
    link, report, pair = uuid4(), uuid4(), uuid4()
    logs.tell(link, LinkAsserted(a, b, "associate", "information", observation=one))
    logs.tell(report, sample(ItemGraded, observation=one, item=1))
    logs.tell(report, sample(ItemGraded, observation=two, item=2))
    logs.tell(pair, sample(IdentityJudged, a=a, b=b, judgement="same"))
    before = read(logs)
    assert before.same_as(a) == {a, b}
    assert before.streams(one, Life.BASIS) == {link, report}
    then = hour(logs.number)
    logs.tell(one, ObservationUnfiled(case))
    logs.tell(link, LinkAsserted(a, b, "associate", "information", observation=two))
    logs.tell(report, sample(ReportRedacted, dropped=(1,)))
    logs.tell(pair, sample(IdentityRevoked, a=a, b=b))
    known = read(logs)
    assert known.streams(case, Life.FILED) == {two}
    assert known.streams(one, Life.BASIS) == set()
    assert known.streams(two, Life.BASIS) == {link, report}
    assert known.streams(a, Life.END) == {link}, "it is asserted still"
    assert known.same_as(a) == {a}
    assert known.streams(a, Life.JUDGED) == {pair}, "that they were judged stands"
    assert known.streams(case, Life.FILED, since=then) == {one, two}
    assert known.streams(one, Life.BASIS, since=then) == {link, report}
    assert known.same_as(a, then) == {a, b}
    assert known.streams(one, Life.BASIS, since=hour(logs.number)) == set()
    logs.tell(link, sample(LinkRetracted))
    assert read(logs).streams(a, Life.END) == set()


def test_what_is_gone_refers_to_nothing_unless_it_went_since() -> None:
    logs, case = Logs(), uuid4()
    child = logs.tell(uuid4(), PersonRecorded(True, name="Zoe Dale"))
    logs.tell(case, CaseOpened(child, "Engage"))
    one = logs.tell(uuid4(), words(case))
    caused = logs.tell(uuid4(), words(), str(one))
    logs.tell(one, ItemErased(uuid4(), "observation", "destroyed"))
    known = read(logs)
    assert known.streams(case, Life.FILED) == set()
    assert known.items(one, Life.FILED) == set()
    assert {reference.stream for reference in known.all_references(case)} == {one}, (
        "an access request says so"
    )
    assert known.streams(one, Beyond.CAUSE) == {caused}
    assert read(logs, since=hour(logs.number)).streams(case, Life.FILED) == {one}


def test_the_rows_of_a_file_are_of_each_time_that_it_came_in() -> None:
    """If a file was imported twice, each row of the file is linked to both imports."""
    logs, first, second, other = Logs(), uuid4(), uuid4(), uuid4()
    early = logs.tell(uuid4(), words(file="mark-1"))
    logs.tell(first, FileReceived("log", 1, "kept", "same-hash", "mark-1"))
    logs.tell(second, FileReceived("log", 1, "kept", "same-hash", "mark-2"))
    logs.tell(other, FileReceived("log", 1, "kept", "other-hash", "mark-3"))
    late = logs.tell(uuid4(), words(file="mark-2"))
    case = logs.tell(uuid4(), ReferralReceived(origin=Origin("mark-1", "log", 2)))
    known = read(logs)
    for file in (first, second):
        assert known.streams(file, Beyond.FILE) == {early, late, case}
    assert known.items(late, Beyond.FILE) == {first, second}
    assert known.streams(other, Beyond.FILE) == set()


def test_what_came_in_since_is_read_on() -> None:
    logs, case = Logs(), uuid4()
    one = logs.tell(uuid4(), words(case))
    known = read(logs)
    two = logs.tell(uuid4(), words(case))
    assert [fact.stream for fact in known.read_on()] == [two]
    assert known.streams(case, Life.FILED) == {one, two}


def test_texts_are_kept_and_what_was_erased_of_them_is_not() -> None:
    logs = Logs()
    one = logs.tell(uuid4(), words())
    named = logs.tell(uuid4(), PersonRecorded(True, name="Zoe Dale"))
    gone = logs.tell(uuid4(), words(), erased=True)
    sheet = FileReceived("log", 1, "kept", "hash", "mark", mapping={"Zoe: words": "What"})
    file = logs.tell(uuid4(), sheet)
    known = read(logs)
    assert "they met" in known.words(one)
    assert "Zoe Dale" in known.words(named)
    assert "Zoe Dale" not in {text for _, text in known.texts[named]}, "who they are, no mention"
    assert not list(known.words(gone))
    assert "Zoe: words" in known.words(file), "a sheet may be called by a name"
