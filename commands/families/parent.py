"""Commands for risks to a parent, which the charity records, and for immediate danger, which
everyone may report.
"""

from commands.families.family_member import in_family
from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, OnItem, ignoring_desk
from commands.kernel.unit_of_work import Desk
from domain.families import parent, protection
from domain.families.parent import ParentRiskNoted, Risk
from domain.kernel.envelope import Event
from domain.kernel.values import Reader


def _note_risk(desk: Desk, reader: Reader, event: ParentRiskNoted) -> tuple[Event, ...]:
    return parent.note(in_family(desk, reader, event), desk.today())


#: Record a risk to a parent.
note_risk = InCase(_note_risk, person=True, recorder=for_charity)
#: Record that a risk to a parent has ended.
end_risk = OnItem(
    "parent-risk",
    Risk(),
    parent.evolve,
    ignoring_desk(parent.end),
    recorder=for_charity,
)
#: Report that a member of a family is in immediate danger.
flag_danger = InCase(ignoring_desk(protection.flag_danger))
