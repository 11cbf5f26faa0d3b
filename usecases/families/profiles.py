"""Profiles: a person's own definition of their ethnicity, the model of a child's exploitation, and
the reasons why the child was vulnerable.
"""

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from commands.families import profile
from commands.kernel import item_references
from domain.families import exploitation
from domain.kernel.codes import (
    EthnicityAnswer,
    EthnicityGroup,
    ExploitationModel,
    NationalityDuty,
    OfficerDefined,
    PartnerAbuse,
    Vulnerability,
)
from projections.families import profiles
from usecases.kernel.question import Question, QuestionText, of_case
from usecases.kernel.usecase import (
    Ask,
    CaseRef,
    Causes,
    Day,
    Line,
    PersonRef,
    Text,
    UseCase,
    UseCaseText,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.declared import Declared
    from commands.kernel.unit_of_work import Desk, Receipt
    from domain.kernel.values import Reader
    from projections.families.profiles import Defined, EthnicityRow, ModelRow, NationalityRow


class TellEthnicity(UseCase, frozen=True):
    """Record how a person defines their ethnicity. A child or a suspect defines it, declines to
    say, or was not asked. For suspects only, an officer's impression is recorded too. Ethnicity is
    never guessed, and no other part of the program reads it."""

    named = UseCaseText(
        command="person ethnicity",
        records="person.ethnicity_told",
        about="person",
        title="Record ethnicity",
        send="Record ethnicity",
        success_message="Ethnicity recorded: {answer}",
        address="ethnicity",
    )
    who: PersonRef
    answer: Annotated[
        EthnicityAnswer,
        Ask("Did the person state their ethnicity?", "A person may decline to answer."),
    ]
    group: Annotated[
        EthnicityGroup | None, Ask("How does the person define their ethnicity?", option="--group")
    ] = None
    officer: Annotated[
        OfficerDefined | None,
        Ask("How did an officer describe the person's ethnicity?", "Only for suspects", rare=True),
    ] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return profile.record_ethnicity


class TellNationality(UseCase, frozen=True):
    """Record a nationality, if a duty needs it. A duty needs it if a consulate is told of a child's
    or suspect's arrest, a child may have been trafficked, an age is disputed or a court considers
    deportation. Do not ask for it otherwise. No other part of the program reads it."""

    named = UseCaseText(
        command="person nationality",
        records="person.nationality_told",
        about="person",
        title="Record a nationality that a duty needs",
        send="Record nationality",
        success_message="Nationality recorded for: {duty}",
        address="nationality",
    )
    who: PersonRef
    duty: Annotated[NationalityDuty, Ask("Which duty needs the nationality?")]
    nationality: Annotated[
        Line,
        Ask(
            "Which nationality does the person have?",
            "Write it as the person or their papers state it",
        ),
    ]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return profile.record_nationality


class TellFamilyEthnicity(UseCase, frozen=True):
    """Record how a family member defines ethnicity. Record it only if the family member wants to
    state it. The record belongs to the charity, for its statistics."""

    named = UseCaseText(
        command="family ethnicity",
        records="family.ethnicity_told",
        about="case",
        title="Record a family member's ethnicity",
        send="Record ethnicity",
        success_message="Ethnicity recorded for the charity's statistics",
        address="ethnicity",
    )
    case: CaseRef
    who: PersonRef
    group: Annotated[EthnicityGroup, Ask("How does the person define their ethnicity?")]
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return profile.tell_family_ethnicity


class AssessModel(UseCase, frozen=True):
    """Record a child's model of exploitation. Record also what made the child vulnerable before,
    and whether a partner abuses them, in your opinion. The assessment blames neither the child nor
    the parents, and is due again on its review date."""

    named = UseCaseText(
        command="exploitation assess",
        records="exploitation.assessed",
        about="case",
        title="Record the model of exploitation",
        send="Record the assessment",
        success_message="Assessment recorded",
        address="exploitation",
    )
    case: CaseRef
    basis: Annotated[
        Text,
        Ask(
            "What is this assessment based on?",
            "Write what you saw, or what was reported",
            option="--basis",
            rows=2,
        ),
    ]
    review: Annotated[Day, Ask("When is the assessment reviewed?", option="--review")]
    models: Annotated[
        tuple[ExploitationModel, ...],
        Meta(max_length=6),
        Ask("By which model of exploitation is the child exploited?", option="--model"),
    ] = ()
    vulnerabilities: Annotated[
        tuple[Vulnerability, ...],
        Meta(max_length=9),
        Ask("What made the child vulnerable before the exploitation?", option="--vulnerable"),
    ] = ()
    partner_abuse: Annotated[
        tuple[PartnerAbuse, ...],
        Meta(max_length=5),
        Ask("How does the partner abuse the young person?", option="--abuse"),
    ] = ()
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return profile.assess_model

    def warning(self, desk: "Desk", reader: "Reader", receipt: "Receipt") -> str | None:
        return exploitation.describe(self.partner_abuse)


class ShowEthnicity(Question, frozen=True):
    """Show how a child or a suspect defines ethnicity. Only people who may see the child or suspect
    see it."""

    named = QuestionText(
        command="ethnicity",
        title="Ethnicity",
        empty="No ethnicity is recorded.",
        acts=("see-child", "see-network"),
    )
    who: PersonRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[EthnicityRow]":
        with desk.asking() as db:
            who = item_references.item(desk, db, reader, self.who, "person")
            return profiles.ethnicity(db, reader, who)

    @classmethod
    def row(cls) -> "type[EthnicityRow]":
        return profiles.EthnicityRow


class ShowNationality(Question, frozen=True):
    """Show the nationality of a child or a suspect. Only people who may see the child or suspect
    see it, for each duty that needs it."""

    named = QuestionText(
        command="nationality",
        title="Nationality",
        empty="No nationality is recorded.",
        acts=("see-child", "see-network"),
    )
    who: PersonRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[NationalityRow]":
        with desk.asking() as db:
            who = item_references.item(desk, db, reader, self.who, "person")
            return profiles.nationality(db, reader, who)

    @classmethod
    def row(cls) -> "type[NationalityRow]":
        return profiles.NationalityRow


class CountEthnicity(Question, frozen=True):
    """Show parents' ethnicity, in figures. The figures count the answers of parents who wanted to
    state their ethnicity. They contain no name, and no figure under five parents."""

    named = QuestionText(
        command="parents-ethnicity",
        title="How parents define their ethnicity",
        empty="No answers are recorded.",
        acts=("see-counts",),
    )

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Defined]":
        with desk.asking() as db:
            return profiles.parents_ethnicity(db, reader)

    @classmethod
    def row(cls) -> "type[Defined]":
        return profiles.Defined


class ListModels(Question, frozen=True):
    """List a child's exploitation assessments. Each names the model of exploitation, what made the
    child vulnerable, and abuse by a partner. The latest assessment applies."""

    named = QuestionText(
        command="exploitation list",
        title="Models of exploitation",
        empty="No assessments.",
        acts=("see-child",),
    )
    case: CaseRef

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[ModelRow]":
        with of_case(desk, reader, self.case) as arguments:
            return profiles.models(*arguments)

    @classmethod
    def row(cls) -> "type[ModelRow]":
        return profiles.ModelRow
