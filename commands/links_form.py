"""A network that another system or a study has already, row by row: the links form."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from commands import entity as entities
from commands.desk import Desk, Prepared, apart, facts
from commands.intelligence import urn
from commands.links import changed
from domain import entity, link
from domain.corroboration import CorroborationJudged
from domain.entity import Entity, PersonRecorded
from domain.envelope import Event, Fact, Submission
from domain.intelligence import ItemGraded, ReportOpened
from domain.link import Link, LinkAsserted
from domain.observation import ObservationAssessed, ObservationRecorded
from domain.values import (
    EntityKind,
    Grade,
    Handling,
    LinkKind,
    Origin,
    PoleCategory,
    Reader,
    Refused,
)

GRADED_THERE = "graded so by the file that it came from; its roots are not known here"


def prepare_row(
    desk: Desk,
    reader: Reader,
    *,
    command_id: UUID,
    dataset: str,
    source: str,
    target: str,
    origin: Origin,
    source_kind: str = "person",
    target_kind: str = "person",
    link_kind: LinkKind | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    weight: float = 1.0,
    reference: str | None = None,
    information: str | None = None,
    source_grade: str | None = None,
    handling: str | None = None,
) -> Prepared:
    """One row of the links form: one observation (file, sheet, row) and the link it asserts.

    A row without a grade stays ungraded information; a graded one is an item of a report. What the
    row does not say is never taken for a yes: without a handling code it is not to be shared before
    somebody has asked, and a B says that the file graded it so. Within `dataset`, one kind and
    identifier is one entity. Raises Refused for a bad kind or grade.
    """
    ends = [
        _form_end(desk, reader, dataset, told, kind, origin)
        for told, kind in ((source, source_kind), (target, target_kind))
    ]
    (a, a_kind, new_a, unique_a), (b, b_kind, new_b, unique_b) = ends
    entities.refuse_one(unique_a, unique_b)
    kind: LinkKind = link_kind or _default_link(a_kind, b_kind)
    grade = None
    if information or source_grade:
        grade = Grade.parse(f"{source_grade or ''}{information or ''}")
    words = f"{source} - {kind} - {target}"
    seen = ObservationRecorded("snippet", "paraphrase", words, channel="links-form", origin=origin)
    stream, new_link = desk.new_id(), desk.new_id()
    draft = LinkAsserted(
        a,
        b,
        kind,
        "information",
        observation=stream,
        valid_from=valid_from,
        valid_to=valid_to,
        weight=weight,
        reference=reference,
    )
    made = facts(reader, stream, 0, (seen,))
    if grade:
        handled = _handled(handling)
        report = desk.new_random_id()
        draft = changed(
            draft, stage="intelligence", report=report, item=1, grade=grade, handling=handled.code
        )
        graded: tuple[Event, ...] = (ItemGraded(1, stream, grade, handled),)
        if grade.information == "B":
            graded = (CorroborationJudged(1, (stream,), 0, GRADED_THERE), *graded)
        made += facts(reader, report, 0, (ReportOpened(urn(report)), *graded))
        made += facts(reader, stream, 1, (ObservationAssessed(report, 1),))
    asserted = link.assert_link(Link(), draft, (a_kind, b_kind))
    body = [
        dataset,
        source,
        source_kind,
        target,
        target_kind,
        kind,
        valid_from,
        valid_to,
        weight,
        reference,
        information,
        source_grade,
        handling,
        origin,
    ]
    submission = Submission(
        command_id,
        desk.digest("links.row", body),
        (*made, *new_a, *new_b, *facts(reader, new_link, 0, asserted)),
        unique_a + unique_b,
    )
    desk.draft(submission)
    return Prepared(stream, {"evidence": submission}, reader)


def _handled(told: str | None) -> Handling:
    """How a row may be shared; one that does not say so waits for its originator's word."""
    match (told or "").upper():
        case "P":
            return Handling("P")
        case "C":
            return Handling("C", "A1", "S2", "As stated by the originator of the imported network.")
    return Handling("C", "A1", "S2", "The file does not say how it may be shared: ask first.")


def _default_link(a: EntityKind, b: EntityKind) -> LinkKind:
    """What a row without a kind says: two people are associates, a person uses a thing."""
    if a == b == "person":
        return "associate"
    return "uses" if a == "person" else "other"


def _form_end(
    desk: Desk, reader: Reader, dataset: str, told: str, kind: str, origin: Origin
) -> tuple[UUID, EntityKind, tuple[Fact, ...], tuple[tuple[bytes, UUID], ...]]:
    base, _, category = kind.strip().lower().partition("/")
    if base not in get_args(EntityKind):
        raise Refused(
            f"{kind!r} is no kind of entity: person, person/suspect, person/victim, "
            "vehicle, phone, place or handle"
        )
    if base != "person":
        stream, new, unique = entities.thing(desk, reader, base, told)  # type: ignore[arg-type]
        return stream, base, new, unique  # type: ignore[return-value]
    category = category or "person-of-interest"
    if category not in get_args(PoleCategory):
        raise Refused(
            f"{category!r} is no category of a person: " + ", ".join(get_args(PoleCategory))
        )
    named = f"{dataset}|{told.strip().casefold()}"
    digest = desk.keys.blind("dataset-person", named)
    if reader.closed:  # two teams that give a data set one name share nobody by it
        known = desk.find("evidence", digest)
        if known and not desk.hides(reader, known):
            return known, "person", (), ()
        own = [desk.keys.blind("dataset-person", f"{team}|{named}") for team in apart(reader)]
        digest = next((one for one in own if desk.find("evidence", one)), own[0])
    if known := desk.find("evidence", digest):
        return known, "person", (), ()
    stream = desk.new_id()
    grounds = f"as the links form {origin.file[:12]} says, row {origin.row}"
    events = entity.record_person(PersonRecorded(known=True, name=told.strip()))
    events += entity.classify(Entity("person"), category, grounds)  # type: ignore[arg-type]
    return stream, "person", facts(reader, stream, 0, events), ((digest, stream),)
