"""The command that records a family's choice."""

from commands.kernel.case_filing import for_charity
from commands.kernel.declared import InCase, ignoring_desk
from domain.families import choice

#: Record the options that a family was offered, and what they chose.
record = InCase(ignoring_desk(choice.record), recorder=for_charity)
