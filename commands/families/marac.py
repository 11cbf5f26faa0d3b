"""Commands for a young person's referral to a MARAC, and the conference's decision."""

from commands.families import child
from commands.kernel.declared import InCase, OnItem, with_day
from commands.kernel.unit_of_work import Desk
from domain.families import marac
from domain.families.marac import Marac, MaracReferred
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases
from projections.families import marac as view


def _refer(desk: Desk, reader: Reader, event: MaracReferred) -> tuple[Event, ...]:
    with desk.deciding() as db:
        young = cases.children(db, reader, event.case).get(event.case)
        child_facts = child.visible_facts(desk, db, reader, young) if young else child.ChildFacts()
        heard = view.list_hearing_days(db, reader, child.cases_of(db, reader, event.case))
    day = desk.today()
    return marac.refer(event, child_facts.years(day), heard, day)


#: Refer the young person of a case to a MARAC.
refer = InCase(_refer)
#: Record the decision of a MARAC.
hear = OnItem("marac", Marac(), marac.evolve, with_day(marac.hear))
