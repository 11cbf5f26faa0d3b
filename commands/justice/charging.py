"""Whether somebody is charged, the family's right to a second look, and what follows a verdict."""

from commands.kernel.declared import InCase, OnItem, by_clock
from domain.justice import charging, verdict
from domain.justice.charging import ChargingDecided, ChargingDecision, ReviewTold
from domain.justice.verdict import Appeal, AppealDecided, AppealLodged, OrderMade

#: Somebody is charged, or is not.
decide = InCase(ChargingDecided, by_clock(charging.decide), person=True)
#: What became of the right to a second look.
tell_review = OnItem(
    ReviewTold, "charging-decision", ChargingDecision(), charging.evolve, by_clock(charging.review)
)
#: A court ordered something.
make_order = InCase(OrderMade, by_clock(verdict.order), person=True)
#: Somebody appeals.
lodge_appeal = InCase(AppealLodged, by_clock(verdict.lodge), person=True)
#: An appeal was decided.
decide_appeal = OnItem(AppealDecided, "appeal", Appeal(), verdict.evolve, by_clock(verdict.decide))
