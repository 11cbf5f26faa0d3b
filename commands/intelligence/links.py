"""Commands that add links between people and things, based on a log entry, a report, or an
exhibit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack
from uuid import UUID

import msgspec

from access.who_may import scope
from commands.families import safe_contact
from commands.intelligence import link_grades
from commands.kernel import entity as entities
from commands.kernel import item_references, proposing
from commands.kernel.item_references import about, act_on_item
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from domain.information import observation
from domain.information.observation import Observation
from domain.intelligence import intelligence_report, link
from domain.intelligence.intelligence_report import Report
from domain.intelligence.link import Link, LinkAsserted, LinkRetracted
from domain.justice import evidence
from domain.justice.evidence import Evidence
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import (
    Grade,
    LinkKind,
    Reader,
    Refused,
    TakesTwo,
)
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals
from projections.intelligence import links as links_view
from projections.kernel import item_ids


class LinkPeriod(msgspec.Struct, frozen=True):
    """The period in which a link between two people or things exists; None means that the beginning
    or the end is open.
    """

    start: datetime | None = None
    end: datetime | None = None


ALWAYS = LinkPeriod()
#: The kinds of item on which a link may be based.
BASES = ("observation", "report", "exhibit", "statement", "recorded-interview")


def assert_link(
    desk: Desk,
    reader: Reader,
    basis: UUID | str,
    a: str,
    b: str,
    kind: LinkKind,
    *,
    span: LinkPeriod = ALWAYS,
    item: int | None = None,
    note: str | None = None,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record that `a` is linked to `b`, based on a log entry, a report or an item of evidence.

    If a report has graded the log entry, the link is based on the report and gets its grade;
    otherwise it is graded together with the entry. If this log entry already has the same link, the
    link keeps its id, so that a report can grade it, or evidence can raise its stage. Raises
    Refused if the kind of link does not fit the ends, or the basis was withdrawn.
    """
    command_id = command_id or desk.new_random_id()
    fields = [a, b, kind, span, item, note, tuple(because_of)]
    body = [basis, *fields]

    def find() -> UUID:
        return about(desk, reader, basis, *BASES)

    if again := desk.repeated(command_id, "link.assert", body, former=lambda: [find(), *fields]):
        return again
    on = find()
    first_item, one_kind, new_a, unique_a = entities.end(desk, reader, a)
    second_item, other_kind, new_b, unique_b = entities.end(desk, reader, b)
    entities.refuse_same_thing(unique_a, unique_b)
    draft = LinkAsserted(
        first_item,
        second_item,
        kind,
        "information",
        valid_from=span.start,
        valid_to=span.end,
        note=note,
    )
    rows = [row for row in _between(desk, reader, first_item, second_item) if row.kind == kind]
    rows = _own_links(desk, reader, rows)
    draft, stream = rest_on(desk, reader, on, draft, rows, item)
    stream = stream or desk.new_id()
    state, version = desk.fold(stream, Link(), link.evolve)
    if state.last:
        if not draft.valid_from and not draft.valid_to:
            draft = with_changes(
                draft, valid_from=state.last.valid_from, valid_to=state.last.valid_to
            )
        draft = with_changes(draft, a=state.last.a, b=state.last.b)
    events = link.assert_link(state, draft, (one_kind, other_kind))
    submission = Submission(
        command_id,
        desk.digest("link.assert", body),
        facts(reader, stream, version, events, because_of) + new_a + new_b,
        unique_a + unique_b,
    )
    receipt = desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]
    if draft.grade is None and draft.observation:
        link_grades.grade_new_links(desk, reader, draft.observation)
    return receipt


def _between(desk: Desk, reader: Reader, a: UUID, b: UUID) -> list[links_view.LinkRow]:
    with desk.deciding() as db:
        link_filter = links_view.LinkFilter(min_rank=None)
        return [
            row
            for row in links_view.touching(db, reader, [a], link_filter)
            if {row.a, row.b} == {a, b}
        ]


def _own_links(
    desk: Desk, reader: Reader, rows: Sequence[links_view.LinkRow]
) -> list[links_view.LinkRow]:
    """Return those of these links that the reader may record again: the links recorded by the
    reader's own team.
    """
    with desk.deciding() as db:
        theirs = scope.reached(db, reader, "link", [row.link for row in rows])
    return [row for row in rows if row.link in theirs]


def with_changes(draft: LinkAsserted, **changes: object) -> LinkAsserted:
    return msgspec.structs.replace(draft, **changes)


def rest_on(
    desk: Desk,
    reader: Reader,
    basis: UUID,
    draft: LinkAsserted,
    rows: Sequence[links_view.LinkRow],
    item: int | None,
) -> tuple[LinkAsserted, UUID | None]:
    """Return the new link `draft`, completed with the grade and source of the log entry, report or
    exhibit on which it is based; and the id of the recorded link that `draft` repeats, or None.
    """
    with desk.deciding() as db:
        kinds = {row.kind for row in item_ids.resolve(db, reader, str(basis))}
    told_on_words = "observation" in kinds
    if told_on_words and (assessed := _graded(desk, reader, basis)):
        kinds, (basis, item) = {"report"}, assessed
    if "observation" in kinds:
        state, _ = desk.current_state(reader, basis, Observation(), observation.evolve)
        observation.require_current(state)
        same = next((row.link for row in rows if row.observation == basis), None)
        if same:
            raise Refused(f"this log entry has the same link already: {same}")
        return with_changes(draft, observation=basis, root=state.root), None
    if "report" in kinds:
        report, _ = desk.current_state(reader, basis, Report(), intelligence_report.evolve)
        intelligence_report.require_current(report)
        if item is None and len(report.items) != 1:
            raise Refused(f"the report has {len(report.items)} items: give the number of one item")
        number = item or next(iter(report.items))
        if number not in report.items:
            raise Refused(f"the report has no item {number}")
        graded = report.items[number]
        same = next((row.link for row in rows if row.observation == graded.observation), None)
        if told_on_words and any(row.link == same and row.report == basis for row in rows):
            raise Refused(f"this log entry has the same link already: {same}")
        return with_changes(
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
        exhibit, _ = desk.current_state(reader, basis, Evidence(), evidence.evolve)
        if exhibit.status != "live":
            raise Refused(
                f"this item of evidence is {exhibit.status}, so no link can be based on it"
            )
        draft = with_changes(draft, stage="evidence", exhibit=basis)
        best = min(rows, key=lambda row: (row.rank is None, row.rank), default=None)
        if best is None:
            return draft, None
        return with_changes(
            draft,
            observation=best.observation,
            report=best.report,
            item=best.item,
            grade=Grade.parse(best.grade) if best.grade else None,
            handling=best.handling,
            root=best.root,
        ), best.link
    raise Refused(
        "a link must be based on a log entry, a report or an item of evidence: give its id"
    )


def _graded(desk: Desk, reader: Reader, item: UUID) -> tuple[UUID, int] | None:
    """Return the report that graded this log entry, and the number of the entry's item. Return None
    if the entry or the report is withdrawn, or if the reader may not see the report.
    """
    state, _ = desk.current_state(reader, item, Observation(), observation.evolve)
    for report, number in reversed(state.assessed):
        known_report, _ = desk.current_state(reader, report, Report(), intelligence_report.evolve)
        if (
            not state.withdrawn
            and known_report.exists
            and not known_report.withdrawn
            and number in known_report.items
        ):
            return report, number
    return None


def retract(
    desk: Desk, reader: Reader, item: UUID | str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Retract a link. If a warning about a person depends on the link, the retraction is only
    proposed, and a second person has to confirm it. Raises what `link.retract` raises.
    """

    def decided(state: Link) -> tuple[Event, ...]:
        tie = state.last
        with desk.deciding() as db:
            warned = tie is not None and safe_contact.warned_by(db, reader, tie.a, tie.b, tie.kind)
        try:
            return link.retract(state, reason, warned=warned)
        except TakesTwo:
            one = item_references.about(desk, reader, item, "link")
            waiting, _ = desk.fold(one, PendingProposals(), two_person.evolve)
            made = proposing.made_by(
                reader, "retract-link", one, reason, retracted=LinkRetracted(reason)
            )
            return two_person.propose(waiting, made)

    return act_on_item(
        desk,
        reader,
        "link.retract",
        item,
        "link",
        Link(),
        link.evolve,
        decided,
        [reason],
        **command,
    )
