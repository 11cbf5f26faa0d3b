"""Charging decisions, the victim's right to review, and orders and appeals after a verdict."""

from commands.kernel.declared import InCase, OnItem, with_time
from domain.justice import charging, verdict
from domain.justice.charging import ChargingDecided, ChargingDecision, ReviewTold
from domain.justice.verdict import Appeal, AppealDecided, AppealLodged, OrderMade

#: Record a charging decision.
decide = InCase(ChargingDecided, with_time(charging.decide), person=True)
#: Record a step or result of a victim's right to review.
tell_review = OnItem(
    ReviewTold, "charging-decision", ChargingDecision(), charging.evolve, with_time(charging.review)
)
#: Record a court order.
make_order = InCase(OrderMade, with_time(verdict.order), person=True)
#: Record an appeal.
lodge_appeal = InCase(AppealLodged, with_time(verdict.lodge), person=True)
#: Record the decision on an appeal.
decide_appeal = OnItem(AppealDecided, "appeal", Appeal(), verdict.evolve, with_time(verdict.decide))
