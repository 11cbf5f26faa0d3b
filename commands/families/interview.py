"""Commands for interviews of families by an evaluation: records of the charity."""

from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, OnItem, with_day
from domain.families import interview
from domain.families.interview import Interview

#: Record that a family was asked for an interview by an evaluation.
request = InCase(with_day(interview.request), recorder=for_charity)
#: Record a family's consent to an interview, or its refusal, or that the interview was held, or
#: that the family withdrew its consent.
take = OnItem(
    "interview",
    Interview(),
    interview.evolve,
    with_day(interview.take),
    recorder=for_charity,
)
