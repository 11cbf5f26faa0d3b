"""The monitoring fields of a referral."""

from commands.kernel.declared import InCase, plain
from domain.families import monitoring
from domain.families.monitoring import ReferralMonitored

#: Record what a referral says for national monitoring.
monitor = InCase(ReferralMonitored, plain(monitoring.monitor))
