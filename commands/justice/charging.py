"""Commands for charging decisions, the victim's right to review, and orders and appeals after a
verdict.
"""

from commands.kernel.declared import InCase, OnItem, with_time
from domain.justice import charging, verdict
from domain.justice.charging import ChargingDecision
from domain.justice.verdict import Appeal

#: Record the decision whether to charge a person.
decide = InCase(with_time(charging.decide), person=True)
#: Record a step or result in the review of a decision not to charge.
tell_review = OnItem(
    "charging-decision", ChargingDecision(), charging.evolve, with_time(charging.review)
)
#: Record a court's order against a person.
make_order = InCase(with_time(verdict.order), person=True)
#: Record an appeal against a conviction or sentence.
lodge_appeal = InCase(with_time(verdict.lodge), person=True)
#: Record the decision on an appeal.
decide_appeal = OnItem("appeal", Appeal(), verdict.evolve, with_time(verdict.decide))
