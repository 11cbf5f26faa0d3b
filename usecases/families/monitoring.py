"""Use cases for the facts of a referral for national monitoring; the referral sheet fills them in,
too.
"""

from typing import TYPE_CHECKING, Annotated

from commands.families import monitoring
from domain.kernel.codes import ReferredEthnicity, Residence
from usecases.kernel.usecase import Ask, CaseRef, Causes, UseCase, UseCaseText

if TYPE_CHECKING:
    from commands.kernel.declared import Declared


class MonitorReferral(UseCase, frozen=True):
    """Record what a referral says for monitoring. Only the report card for those who manage the
    team counts the data; no other part of the program reads them. Leave a field empty if the
    referral does not answer it."""

    named = UseCaseText(
        command="family monitor",
        records="case.monitored",
        about="case",
        title="Record monitoring data of the referral",
        send="Record the data",
        success_message="Monitoring data recorded",
        address="monitoring",
    )
    case: CaseRef
    residence: Annotated[Residence | None, Ask("Where did the child live at the referral?")] = None
    ethnicity: Annotated[
        ReferredEthnicity | None,
        Ask("Ethnicity of the child", "As the referrer stated the ethnicity; never a guess."),
    ] = None
    missing_before: Annotated[
        bool | None, Ask("Had the child been missing before the referral?")
    ] = None
    in_care: Annotated[bool | None, Ask("Was the child in care at the referral?")] = None
    because_of: Causes = ()

    def gives(self) -> "Declared":
        return monitoring.monitor
