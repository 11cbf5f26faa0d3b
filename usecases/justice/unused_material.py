"""Review unused material for disclosure.

The disclosure officer decides about the material, and makes the bundle for the prosecutor.
"""

from typing import TYPE_CHECKING, Annotated, Unpack

from msgspec import Meta

from access.who_may import decide
from commands.justice import unused_material
from commands.kernel import item_references
from domain.kernel.codes import MaterialStands, Presumed, Relevance, Sensitivity
from domain.kernel.values import Refused
from projections.justice import unused_material as unused_material_view
from questions.justice import bundle, unused
from usecases.justice import bundle_paper
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, CaseRef, ItemRef, Line, Text, UseCase, UseCaseText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Command, Desk, Receipt
    from domain.kernel.values import Reader
    from questions.justice.bundle import Bundle, Revealed
    from questions.justice.unused import MaterialItem
    from usecases.kernel.paper import Paper


class ReviewMaterial(UseCase, frozen=True):
    """Decide if material is relevant and sensitive."""

    named = UseCaseText(
        command="material review",
        records="material.reviewed",
        about="case",
        title="Decide about material",
        send="Record the decision",
        success_message="Decided: {relevance}, {sensitivity}",
        address="material",
    )
    case: CaseRef
    item: Annotated[ItemRef, Ask("Which item do you review?")]
    relevance: Annotated[Relevance, Ask("Is the item relevant to the trial?", option="--relevance")]
    description: Annotated[
        Text,
        Ask(
            "How is the item described on the schedule?",
            "Describe it fully enough for a decision, without naming the source.",
            option="--description",
            rows=2,
        ),
    ]
    sensitivity: Annotated[
        Sensitivity,
        Ask(
            "Is the item sensitive?",
            "Sensitive: disclosure has a real risk of serious prejudice to an important "
            "public interest.",
        ),
    ] = "undecided"
    reason: Annotated[Line | None, Ask("Why is the item sensitive?")] = None
    used: Annotated[bool, Ask("The item is part of the prosecution case")] = False
    presumed: Annotated[
        Presumed | None,
        Ask(
            "Is an item of this kind presumed to be disclosed?",
            "Such an item is listed separately",
            rare=True,
        ),
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return unused_material.review(
            desk,
            reader,
            self.case,
            self.item,
            self.relevance,
            self.sensitivity,
            self.description,
            reason=self.reason,
            used=self.used,
            presumed=self.presumed,
            **command,
        )


class RevealMaterial(UseCase, frozen=True):
    """Record that a trial's bundle is revealed to the prosecutor. The bundle (see the command
    `material bundle`) has three forms: the MG6C, which lists unused material that is not sensitive,
    with the material itself; the MG6D, which lists sensitive material, without it; and the MG6E.
    Print the bundle afterwards: the paper names its recipient."""

    named = UseCaseText(
        command="material reveal",
        records="schedule.made",
        about="case",
        title="Reveal material to the prosecutor",
        send="Record that the material is revealed",
        success_message="Revealed for trial {trial}. Print the bundle now",
        address="bundles",
    )
    case: CaseRef
    trial: Annotated[
        Line,
        Ask(
            "For which trial is the material?",
            "The trial's reference, for example S3. Schedules are numbered within a trial",
        ),
    ]
    to: Annotated[
        tuple[Line, ...], Meta(max_length=20), Ask("Who receives the material?", option="--to")
    ]
    checked: Annotated[
        Text,
        Ask(
            "What did you check before the handover?",
            "For example: accurate, complete, up to date",
            option="--checked",
            rows=2,
        ),
    ]
    conditions_met: Annotated[
        Line | None, Ask("How are the conditions of handling code C met?", rare=True)
    ] = None

    def do(self, desk: "Desk", reader: "Reader", **command: "Unpack[Command]") -> "Receipt":
        return bundle.reveal(
            desk,
            reader,
            self.case,
            self.trial,
            self.to,
            self.checked,
            conditions_met=self.conditions_met,
            **command,
        )


class ShowBundle(Question, frozen=True):
    """Show the bundle for the prosecutor of a trial. It has three forms: the MG6C, which lists
    unused material that is not sensitive, with the material itself; the MG6D, which lists sensitive
    material, without it; and the MG6E. The bundle can be printed after its recipient was recorded
    with the command `material reveal`."""

    named = QuestionText(
        command="material bundle",
        title="The bundle for the prosecutor",
        empty="NIL: no material.",
        acts=("schedule",),
        printed=("schedule",),
    )
    case: CaseRef
    trial: Annotated[
        Line,
        Ask(
            "For which trial is the material?",
            "The trial's reference, for example S3. Schedules are numbered within a trial",
        ),
    ]

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        from network.picture.footer import MARKING

        bundle, revealed = self._found(desk, reader)
        waiting = "1 item is" if bundle.undecided == 1 else f"{bundle.undecided} items are"
        notes = [
            f"{MARKING}. SHA-256 of the contents: {bundle.sha256}.",
            f"{waiting} not decided yet, and not in the bundle.",
            *(f"Handling condition: {condition}" for condition in bundle.conditions),
        ]
        if not any(revealed_row.same for revealed_row in revealed):
            notes.append("No handover of these contents is recorded yet.")
        tables = (bundle.mg6c, bundle.mg6d, bundle.presumed, bundle.decisions, revealed)
        return Answer(tables, tuple(notes), marking=MARKING)

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table("mg6c", "MG6C: non-sensitive material, attached", "NIL.", bundle.OpenLine),
            Table("mg6d", "MG6D: sensitive material, not attached", "NIL.", bundle.SensitiveLine),
            Table(
                "presumed",
                "MG6E: material presumed to be disclosed",
                "No items of a kind that is presumed to be disclosed.",
                bundle.PresumedLine,
            ),
            Table(
                "decisions", "MG6E: all decisions", "No decisions yet.", unused_material_view.LogRow
            ),
            Table(
                "revealed",
                "Recipients of the bundle",
                "No bundle has been handed over yet.",
                bundle.Revealed,
            ),
        )

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        bundle, revealed = self._found(desk, reader)
        same = [revealed_row for revealed_row in revealed if revealed_row.same]
        if not same:
            raise Refused(
                "no handover of these contents is recorded: first record who received them "
                "(material reveal)",
                field="trial",
            )
        return bundle_paper.bundle(bundle, same)

    def _found(self, desk: "Desk", reader: "Reader") -> "tuple[Bundle, list[Revealed]]":
        with desk.looked() as db:
            case = item_references.item(desk, db, reader, self.case, "case")
            found_bundle = bundle.compose(desk, db, reader, case, self.trial)
            return found_bundle, bundle.list_revealed(desk, db, reader, found_bundle)


class ListMaterial(Question, frozen=True):
    """List a case's material, with decisions. Items are in the order in which they were
    recorded."""

    named = QuestionText(
        command="material list",
        title="Material of a case",
        empty="No material of this status is filed under the case.",
        acts=("schedule",),
    )
    case: CaseRef
    stands: Annotated[
        MaterialStands | None, Ask("Material of which status is listed?", option="--only")
    ] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[MaterialItem]":
        decide.require(reader, "schedule")
        with desk.looked() as db:
            case = item_references.item(desk, db, reader, self.case, "case")
            return unused.list_material(db, reader, case, self.stands)

    @classmethod
    def row(cls) -> "type[MaterialItem]":
        return unused.MaterialItem


class ReportMaterial(Question, frozen=True):
    """Show the disclosure officer's report (MG6E). It lists a case's material that is presumed
    disclosable, and every decision in order."""

    named = QuestionText(
        command="material report",
        title="The disclosure officer's report (MG6E)",
        empty="No decisions about this case's material.",
        acts=("schedule",),
    )
    case: CaseRef

    def told(self, desk: "Desk", reader: "Reader", now: "datetime") -> Answer:
        decide.require(reader, "schedule")
        with desk.looked() as db:
            case = item_references.item(desk, db, reader, self.case, "case")
            log = unused_material_view.log(db, reader, case)
            newest_rows = {row.item: row for row in log}.values()
            presumed = [row for row in newest_rows if row.presumed]
            waiting = len(unused.undecided(db, reader, case))
        text = f"{waiting} {'item is' if waiting == 1 else 'items are'} not decided yet."
        return Answer((presumed, log), (text,))

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (
            Table(
                "presumed",
                "Material presumed to be disclosed",
                "No items of a kind that is presumed to be disclosed.",
                unused_material_view.LogRow,
            ),
            Table("decisions", "All decisions", "No decisions yet.", unused_material_view.LogRow),
        )
