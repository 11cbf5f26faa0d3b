"""Commands for interviews of families by an evaluation: records of the charity."""

from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, OnItem, with_day
from domain.families import interview
from domain.families.interview import Interview

#: Record that a family was asked for an interview by an evaluation.
request = InCase(with_day(interview.request), recorder=for_charity)
#: Record one step of an interview: the family's consent or refusal, the interview itself, or the
#: withdrawal of the consent.
take = OnItem(
    "interview",
    Interview(),
    interview.evolve,
    with_day(interview.take),
    recorder=for_charity,
)
