"""Operations on intelligence: grade, sanitise, release."""

from uuid import UUID

import msgspec

from commands.intelligence import intelligence_report, release
from commands.kernel.unit_of_work import Receipt
from domain.intelligence.corroboration import Support
from domain.intelligence.release import Finding
from domain.kernel.values import FactOrOpinion, Grade, Handling, LinkKind
from ingest.words import hints as linter
from ingest.words.hints import Hint
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Reason, Short, Text


class Assessment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 3x5x2 grade (of the source, the information and its handling) with its handling codes.

    `reason` is needed to change the grade of an item that has one. `report` is the open report to
    which the item is added. The grade B needs two independent sources, which may be those of this
    item and of the items in `corroborated_by`; if there is only one source, `one_root` gives the
    reason for a B. If the item is an entry of an imported network, `links` are the kinds of links
    to which the grade applies."""

    grade: Grade
    handling: Handling
    opinion: FactOrOpinion = "not-known"
    report: UUID | None = None
    provenance: Grade | None = None
    reason: Short | None = None
    corroborated_by: tuple[UUID, ...] = ()
    one_root: Short | None = None
    links: tuple[LinkKind, ...] = ()
    because_of: tuple[UUID, ...] = ()


@post("/observations/{item}/assessments", "assess")
def assess(call: ApiCall, item: UUID, given: Assessment) -> Receipt:
    """Grade an observation (3x5x2): information becomes intelligence."""
    call.require_kind(item, "observation")
    causes = call.causes(given.because_of)
    support = Support(given.corroborated_by, given.one_root)
    if given.reason:
        return intelligence_report.regrade(
            call.desk,
            call.reader,
            item,
            given.grade,
            given.handling,
            given.reason,
            provenance=given.provenance,
            opinion=given.opinion,
            support=support,
            command_id=call.command_id,
            because_of=causes,
        )
    if given.report:
        call.require_kind(given.report, "report")
    return intelligence_report.assess(
        call.desk,
        call.reader,
        item,
        given.grade,
        given.handling,
        report=given.report,
        provenance=given.provenance,
        opinion=given.opinion,
        support=support,
        kinds=given.links,
        command_id=call.command_id,
        because_of=causes,
    )


class Sanitised(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sanitised text of an item, without hints at the source or at tactics."""

    text: Text


@post("/observations/{item}/sanitised", "sanitise")
def sanitise(call: ApiCall, item: UUID, given: Sanitised) -> Receipt:
    """Write the sanitised text of a graded item."""
    call.require_kind(item, "observation")
    return intelligence_report.sanitise(
        call.desk, call.reader, item, given.text, command_id=call.command_id
    )


@post("/observations/{item}/hints", "lint", repeatable=False)
def hints(call: ApiCall, item: UUID, given: Sanitised) -> tuple[Hint, ...]:
    """Return the passages of a text that may reveal the source or the family, each with its place
    in the text. Nothing is stored.
    """
    call.require_kind(item, "observation")
    with call.reading() as db:
        raw, family = linter.read_drawn_from(db, call.reader, [item])
        found_hints = linter.hints(
            db, call.reader, given.text, written_at=call.now, raw=raw, family=family
        )
    return tuple(found_hints)


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The recipient of a report, and the purpose. `urgent` is the reason why the release cannot
    wait for a consent or for another officer; `conditions_met` says how the conditions of handling
    code C are met; `reason` says why the report is released although its text hints at the source,
    in which case another officer has to confirm.
    """

    to: Short
    purpose: Short
    urgent: Short | None = None
    conditions_met: Short | None = None
    reason: Short | None = None


@post("/reports/{item}/releases", "disseminate")
def disseminate(call: ApiCall, item: UUID, given: Release) -> Receipt:
    """Release a sanitised report. If the text contains something that may reveal the source, the
    release is only proposed, and another officer has to confirm it."""
    call.require_kind(item, "report")
    return release.disseminate(
        call.desk,
        call.reader,
        item,
        given.to,
        given.purpose,
        urgent=given.urgent,
        conditions_met=given.conditions_met,
        reason=given.reason,
        command_id=call.command_id,
    )


@post("/reports/{item}/releases/confirmation", "disseminate")
def confirm_release(call: ApiCall, item: UUID) -> Receipt:
    """Confirm the proposed release of a report, as a second officer."""
    call.require_kind(item, "report")
    return release.confirm(call.desk, call.reader, item, command_id=call.command_id)


@post("/reports/{item}/releases/refusal", "disseminate")
def refuse_release(call: ApiCall, item: UUID, given: Reason) -> Receipt:
    """Refuse the proposed release of a report, or withdraw your own proposal."""
    call.require_kind(item, "report")
    return release.refuse(call.desk, call.reader, item, given.reason, command_id=call.command_id)


class Reviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The review of an urgent release: whether it was right to share the report at once, and the
    reviewer's findings.
    """

    finding: Finding
    words: Short


@post("/items/{item}/release-review", "disseminate")
def review_release(call: ApiCall, item: UUID, given: Reviewed) -> Receipt:
    """Review, as another officer, an urgent release that was not confirmed before."""
    call.require_kind(item)
    return release.review(
        call.desk, call.reader, item, given.finding, given.words, command_id=call.command_id
    )
