"""The command that records what a referral says for national monitoring."""

from commands.kernel.declared import InCase, ignoring_desk
from domain.families import monitoring
from domain.families.monitoring import ReferralMonitored

#: Record what a referral says for national monitoring.
monitor = InCase(ReferralMonitored, ignoring_desk(monitoring.monitor))
