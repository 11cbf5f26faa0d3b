"""The command for children who were identified through a raid."""

from commands.kernel.declared import InCase, with_day
from domain.families.raid import identify

#: Record that a child was identified through a raid.
found_in_raid = InCase(with_day(identify))
