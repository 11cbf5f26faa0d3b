"""The further steps of the continuum: graded, sanitised, shared."""

from uuid import UUID

import msgspec

from commands.intelligence import intelligence_report, release
from commands.kernel.unit_of_work import Receipt
from domain.intelligence.corroboration import Support
from domain.intelligence.release import Finding
from domain.kernel.values import FactOrOpinion, Grade, Handling
from ingest.words import hints as linter
from ingest.words.hints import Hint
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Reason, Short, Text


class Assessment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 3x5x2 grade with its handling, which is chosen each time. `reason` is needed where the item
    is graded again; `report` puts it into a report that is open already. B needs two independent
    roots, of this item and of what corroborates it (`corroborated_by`), or says why it is B on
    `one_root`."""

    grade: Grade
    handling: Handling
    opinion: FactOrOpinion = "not-known"
    report: UUID | None = None
    provenance: Grade | None = None
    reason: Short | None = None
    corroborated_by: tuple[UUID, ...] = ()
    one_root: Short | None = None
    because_of: tuple[UUID, ...] = ()


@post("/observations/{item}/assessments", "assess")
def assess(call: ApiCall, item: UUID, given: Assessment) -> Receipt:
    """Grade an observation (3x5x2): information becomes intelligence."""
    call.kind_of(item, "observation")
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
        call.kind_of(given.report, "report")
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
        command_id=call.command_id,
        because_of=causes,
    )


class Sanitised(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text without a hint of who told us, and without tactics."""

    text: Text


@post("/observations/{item}/sanitised", "sanitise")
def sanitise(call: ApiCall, item: UUID, given: Sanitised) -> Receipt:
    """Write the sanitised text of an item that is graded."""
    call.kind_of(item, "observation")
    return intelligence_report.sanitise(
        call.desk, call.reader, item, given.text, command_id=call.command_id
    )


@post("/observations/{item}/hints", "lint", repeatable=False)
def hints(call: ApiCall, item: UUID, given: Sanitised) -> tuple[Hint, ...]:
    """What in a text hints at who told us, or at the family: each with its place in the text.
    Nothing is stored."""
    call.kind_of(item, "observation")
    with call.reading() as db:
        raw, family = linter.drawn_from(db, call.reader, [item])
        found = linter.hints(
            db, call.reader, given.text, written_at=call.now, raw=raw, family=family
        )
    return tuple(found)


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who receives a report, and for what; `urgent` is why it cannot wait for a consent that is
    needed or for another officer, `conditions_met` how the conditions of handling C are kept,
    `reason` why it leaves although the checker marks something: then another officer confirms."""

    to: Short
    purpose: Short
    urgent: Short | None = None
    conditions_met: Short | None = None
    reason: Short | None = None


@post("/reports/{item}/releases", "disseminate")
def disseminate(call: ApiCall, item: UUID, given: Release) -> Receipt:
    """Release a sanitised report, or propose it where the checker marks something."""
    call.kind_of(item, "report")
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
    """Confirm, as another officer, the release that somebody proposed."""
    call.kind_of(item, "report")
    return release.confirm(call.desk, call.reader, item, command_id=call.command_id)


@post("/reports/{item}/releases/refusal", "disseminate")
def refuse_release(call: ApiCall, item: UUID, given: Reason) -> Receipt:
    """Refuse the release that somebody proposed, or take one's own back."""
    call.kind_of(item, "report")
    return release.refuse(call.desk, call.reader, item, given.reason, command_id=call.command_id)


class Reviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether it was right to share it at once, and what was found."""

    finding: Finding
    words: Short


@post("/items/{item}/release-review", "disseminate")
def review_release(call: ApiCall, item: UUID, given: Reviewed) -> Receipt:
    """Review, as another officer, what was shared at once."""
    call.kind_of(item)
    return release.review(
        call.desk, call.reader, item, given.finding, given.words, command_id=call.command_id
    )
