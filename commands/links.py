"""Asserting links: on an observation, in a report, by an exhibit, or by a row of the links form."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import msgspec

from commands import entity as entities
from commands.desk import Desk, Prepared, Receipt, act, facts
from commands.intelligence import urn
from domain import entity, evidence, intelligence, link, observation
from domain.entity import Entity, PersonRecorded
from domain.envelope import Fact, Submission
from domain.evidence import Evidence
from domain.intelligence import ItemGraded, Report, ReportOpened
from domain.link import Link, LinkAsserted
from domain.observation import Observation, ObservationAssessed, ObservationRecorded
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
from projections import links as links_view
from projections import register


class Span(msgspec.Struct, frozen=True):
    """From when to when a link is true in the world; None is open."""

    start: datetime | None = None
    end: datetime | None = None


ALWAYS = Span()


def assert_link(
    desk: Desk,
    reader: Reader,
    basis: UUID,
    a: str,
    b: str,
    kind: LinkKind,
    *,
    span: Span = ALWAYS,
    item: int | None = None,
    note: str | None = None,
    command_id: UUID | None = None,
    because_of: tuple[str, ...] = (),
) -> Receipt:
    """Assert that `a` is tied to `b`, on an observation, a report or an item of evidence.

    A link that the same observation carries already is re-asserted under its own id, so that a
    report grades it and evidence raises it. Raises Refused where ends and kind do not fit, or the
    basis was withdrawn.
    """
    command_id = command_id or desk.new_random_id()
    body = [basis, a, b, kind, span, item, note, because_of]
    if again := desk.repeated(command_id, "link.assert", body):
        return again
    one, one_kind, new_a, unique_a = entities.end(desk, reader, a)
    other, other_kind, new_b, unique_b = entities.end(desk, reader, b)
    draft = LinkAsserted(
        one, other, kind, "information", valid_from=span.start, valid_to=span.end, note=note
    )
    found = [row for row in _between(desk, reader, one, other) if row.kind == kind]
    draft, stream = _rest_on(desk, reader, basis, draft, found, item)
    stream = stream or desk.new_id()
    state, version = desk.fold(stream, Link(), link.evolve)
    if state.last:
        if not draft.valid_from and not draft.valid_to:
            draft = _with(draft, valid_from=state.last.valid_from, valid_to=state.last.valid_to)
        draft = _with(draft, a=state.last.a, b=state.last.b)
    events = link.assert_link(state, draft, (one_kind, other_kind))
    submission = Submission(
        command_id,
        desk.digest("link.assert", body),
        facts(reader, stream, version, events, because_of) + new_a + new_b,
        unique_a + unique_b,
    )
    return desk.save([Prepared(stream, {"evidence": submission})])[0]


def _between(desk: Desk, reader: Reader, a: UUID, b: UUID) -> list[links_view.LinkRow]:
    with desk.reading() as db:
        asked = links_view.Asked(min_rank=None)
        return [
            row for row in links_view.touching(db, reader, [a], asked) if {row.a, row.b} == {a, b}
        ]


def _with(draft: LinkAsserted, **changes: Any) -> LinkAsserted:
    return msgspec.structs.replace(draft, **changes)


def _rest_on(
    desk: Desk,
    reader: Reader,
    basis: UUID,
    draft: LinkAsserted,
    found: Sequence[links_view.LinkRow],
    item: int | None,
) -> tuple[LinkAsserted, UUID | None]:
    """The draft with what it rests on, and the id of the link that it re-asserts, if any."""
    with desk.reading() as db:
        kinds = {row.kind for row in register.resolve(db, reader, str(basis))}
    if "observation" in kinds:
        state, _ = desk.fold(basis, Observation(), observation.evolve)
        observation.standing(state)
        same = next((row.link for row in found if row.observation == basis), None)
        if same:
            raise Refused(f"this observation carries that link already: {same}")
        return _with(draft, observation=basis, root=state.root), None
    if "report" in kinds:
        report, _ = desk.fold(basis, Report(), intelligence.evolve)
        intelligence.standing(report)
        if item is None and len(report.items) != 1:
            raise Refused(f"the report has {len(report.items)} items: name one with --item")
        number = item or next(iter(report.items))
        if number not in report.items:
            raise Refused(f"the report has no item {number}")
        graded = report.items[number]
        same = next((row.link for row in found if row.observation == graded.observation), None)
        return _with(
            draft,
            stage="intelligence",
            observation=graded.observation,
            report=basis,
            item=number,
            grade=graded.grade,
            handling=graded.handling.code,
            root=graded.root,
        ), same
    if kinds & {"exhibit", "statement", "recorded-interview"}:
        exhibit, _ = desk.fold(basis, Evidence(), evidence.evolve)
        if exhibit.status != "live":
            raise Refused(f"this item of evidence is {exhibit.status}")
        draft = _with(draft, stage="evidence", exhibit=basis)
        best = min(found, key=lambda row: (row.rank is None, row.rank), default=None)
        if best is None:
            return draft, None
        return _with(
            draft,
            observation=best.observation,
            report=best.report,
            item=best.item,
            grade=Grade.parse(best.grade) if best.grade else None,
            handling=best.handling,
            root=best.root,
        ), best.link
    raise Refused("a link rests on an observation, a report or an item of evidence: give its id")


def retract(desk: Desk, reader: Reader, item: UUID, reason: str, **command: Any) -> Receipt:
    """The link no longer stands."""
    return act(
        desk,
        reader,
        "link.retract",
        item,
        Link(),
        link.evolve,
        lambda s: link.retract(s, reason),
        [reason],
        **command,
    )


# --- the links form -----------------------------------------------------------------------------


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

    A row without a grade stays ungraded information; a graded one is an item of a report. Within
    `dataset`, one kind and identifier is one entity. Raises Refused for a bad kind or grade.
    """
    ends = [
        _form_end(desk, reader, dataset, told, kind, origin)
        for told, kind in ((source, source_kind), (target, target_kind))
    ]
    (a, a_kind, new_a, unique_a), (b, b_kind, new_b, unique_b) = ends
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
        code = "C" if (handling or "P").upper() == "C" else "P"
        handled = (
            Handling()
            if code == "P"
            else Handling("C", "A1", "S2", "As stated by the originator of the imported network.")
        )
        report = desk.new_id()
        draft = _with(
            draft, stage="intelligence", report=report, item=1, grade=grade, handling=code
        )
        made += facts(
            reader, report, 0, (ReportOpened(urn(report)), ItemGraded(1, stream, grade, handled))
        )
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
    return Prepared(stream, {"evidence": submission})


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
    digest = desk.keys.blind("dataset-person", f"{dataset}|{told.strip().casefold()}")
    if known := desk.find("evidence", digest):
        return known, "person", (), ()
    stream = desk.new_id()
    grounds = f"as the links form {origin.file[:12]} says, row {origin.row}"
    events = entity.record_person(PersonRecorded(known=True, name=told.strip()))
    events += entity.classify(Entity("person"), category, grounds)  # type: ignore[arg-type]
    return stream, "person", facts(reader, stream, 0, events), ((digest, stream),)
