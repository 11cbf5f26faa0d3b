"""The command that records a referral's answers for national monitoring."""

from commands.kernel.declared import InCase, ignoring_desk
from domain.families import monitoring

#: Record the national monitoring fields of a referral.
monitor = InCase(ignoring_desk(monitoring.monitor))
