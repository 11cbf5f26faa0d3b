"""Build the police force's policy (its deadlines, retention rules and other rules for commands)
from the settings.
"""

from datetime import timedelta

from commands.kernel.unit_of_work import ForcePolicy
from domain.data_protection.retention import Rules
from domain.families.supervision import Measures, OfficeHours
from installation.places import places_in
from installation.settings import Settings


def policy_of(settings: Settings) -> ForcePolicy:
    """Return the police force's policy for commands, as these settings describe it.

    Raises what `places_in` raises.
    """
    return ForcePolicy(
        urgent=timedelta(hours=settings.urgent_hours),
        other=timedelta(hours=settings.other_hours),
        on_call=settings.on_call,
        threshold_definition=settings.threshold_definition,
        threshold_definitions=settings.threshold_definitions,
        no_value_sample=settings.no_value_sample,
        retention=Rules(
            settings.mopi_groups,
            settings.mopi_categories,
            settings.mopi_cases,
            settings.mopi_others,
        ),
        archive_days=settings.archive_days,
        measures=Measures(
            OfficeHours(settings.office_from, settings.office_until), settings.family_weights
        ),
        places=places_in(settings.places_file),
        force=settings.exchange_force,
        half_life_days=settings.half_life_days,
    )
