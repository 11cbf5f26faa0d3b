"""Commands for charging decisions, the victim's right to review, and orders and appeals after a
verdict.
"""

from commands.kernel.declared import InCase, OnItem, with_time
from domain.justice import charging, verdict
from domain.justice.charging import ChargingDecided, ChargingDecision, ReviewTold
from domain.justice.verdict import Appeal, AppealDecided, AppealLodged, OrderMade

#: Record the decision whether to charge a person.
decide = InCase(ChargingDecided, with_time(charging.decide), person=True)
#: Record a step or result in the review of a decision not to charge.
tell_review = OnItem(
    ReviewTold, "charging-decision", ChargingDecision(), charging.evolve, with_time(charging.review)
)
#: Record a court's order against a person.
make_order = InCase(OrderMade, with_time(verdict.order), person=True)
#: Record an appeal against a conviction or sentence.
lodge_appeal = InCase(AppealLodged, with_time(verdict.lodge), person=True)
#: Record the decision on an appeal.
decide_appeal = OnItem(AppealDecided, "appeal", Appeal(), verdict.evolve, with_time(verdict.decide))
