"""Lists of legal holds, records due for review, discrepancies, CHIS reviews and disclosures."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from msgspec.structs import replace

from commands.erasure import erasure
from commands.kernel import item_references
from projections.composed import odd
from projections.data_protection import disclosures, retention
from projections.information import covert_source_review
from projections.intelligence import people
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, Bare, ItemRef, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.composed.odd import Oddity
    from projections.data_protection.disclosures import DisclosureRow
    from projections.data_protection.retention import HoldRow
    from projections.information.covert_source_review import Review, SignRow


class ListHolds(Question, frozen=True):
    """List the legal holds. Each shows since when and by whose order it applies, and when it is
    reviewed."""

    named = QuestionText(
        command="hold list",
        address="holds",
        title="Legal holds",
        empty="No legal holds.",
        acts=("erase", "approve-erasure"),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[HoldRow]":
        with desk.asking() as db:
            return retention.holds(db, reader)

    @classmethod
    def row(cls) -> "type[HoldRow]":
        return retention.HoldRow


class ListRetention(Question, frozen=True):
    """List records due for review. Each shows since when and why it is due. The list includes the
    holds and restrictions in force."""

    named = QuestionText(
        command="retention",
        title="Records due for review",
        empty="No records are due for review.",
        acts=("erase",),
    )
    due: Annotated[
        Moment | None,
        Bare(last=True),
        Ask("Retention reviews due by this time", "Empty: reviews that are due now."),
    ] = None
    every: Annotated[bool, Ask("Include reviews that are due later", option="--all")] = False

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        by = None if self.every else self.due or now
        with desk.asking() as db:
            dues = retention.due(db, reader, desk.policy.retention, now, by=by)
            holds = retention.holds(db, reader)
            restrictions = retention.restrictions(db, reader)
        waiting = erasure.unfinished(desk)
        left = ("An approved erasure has not finished. Run: continuum erase --resume",)
        tables = dues, holds, restrictions
        return Answer(tables, left if waiting else (), {"unfinished": waiting})

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "due",
                "Records due for review",
                "No records are due for review.",
                retention.ReviewDue,
            ),
            Table("holds", "Legal holds", "No legal holds.", retention.HoldRow),
            Table("restrictions", "Restricted items", "No restrictions.", retention.RestrictedRow),
        )

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        return {"unfinished": list[UUID]}


class ListFlags(Question, frozen=True):
    """List discrepancies in the records. Examples are a notice that the law does not support, a
    sentence without a conviction, one exhibit mark twice, two dates of birth of one child, and a
    decision that a later fact contradicts. The records stay as they were recorded."""

    named = QuestionText(
        command="flags",
        title="Discrepancies",
        empty="No discrepancies.",
        acts=("see-outcome",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Oddity]":
        with desk.asking() as db:
            return odd.list_inconsistencies(db, reader)

    @classmethod
    def row(cls) -> "type[Oddity]":
        return odd.Oddity


class ListDrift(Question, frozen=True):
    """List reviews of sources for CHIS status. It shows reviews that are due, decisions, and signs
    that suggest a review."""

    named = QuestionText(
        command="source drift list",
        title="Reviews of covert source status (CHIS)",
        empty="No reviews of sources are due.",
        acts=("grade-source",),
    )
    late: Annotated[bool, Ask("Only overdue reviews")] = False
    open: Annotated[bool, Ask("Only reviews without a decision, or with an expired one")] = False

    def answer(
        self, desk: "Desk", reader: "Reader", now: "datetime"
    ) -> "tuple[Sequence[Review], Sequence[SignRow]]":
        with desk.asking() as db:
            reviews = covert_source_review.reviews(db, reader, now)
            signs = [] if self.late or self.open else covert_source_review.proposed(db, reader)
            names_by_person = people.visible_names(db, reader, {row.suspect for row in reviews})
        rows = [
            replace(
                row,
                label=names_by_person[row.suspect].label
                if row.suspect in names_by_person
                else None,
            )
            for row in reviews
            if (row.late or not self.late) and (row.due or row.late or not self.open)
        ]
        return rows, signs

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "reviews",
                "Decisions",
                "No reviews of sources are due.",
                covert_source_review.Review,
            ),
            Table(
                "proposed",
                "Log entries that suggest a review",
                "No log entry suggests a review.",
                covert_source_review.SignRow,
            ),
        )


class ListDisclosures(Question, frozen=True):
    """List disclosures and recalls."""

    named = QuestionText(
        command="disclosure list",
        address="disclosures",
        title="Disclosures",
        within="disclosures",
        empty="No disclosures.",
        acts=("disclose", "disseminate", "see-alerts", "support"),
    )
    of: Annotated[ItemRef | None, Ask("Only disclosures of this item")] = None

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        with desk.looked() as db:
            if self.of:
                item = item_references.item(desk, db, reader, self.of)
                rows = disclosures.of_items(db, reader, [item])
            else:
                rows = disclosures.list_disclosures(db, reader)
            hours = disclosures.hours_to_share(db, reader)
        waited = (
            ()
            if hours is None
            else (f"Median time from a recorded need to the disclosure: {hours:.1f} hours",)
        )
        return Answer((rows,), waited, {"hours_to_share": hours})

    @classmethod
    def more(cls) -> Mapping[str, Any]:
        return {"hours_to_share": float | None}

    @classmethod
    def row(cls) -> "type[DisclosureRow]":
        return disclosures.DisclosureRow
