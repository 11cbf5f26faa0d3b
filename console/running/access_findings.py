"""Findings of `continuum doctor` about access: powers that one person has alone, and actions
without a review."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commands.people_and_teams import confirmers
from console.engine.session import stamp
from console.running.finding import Danger, Finding
from domain.kernel import envelope
from projections.people_and_teams import waiting_rights

if TYPE_CHECKING:
    from installation.system import System


def findings(system: "System") -> Iterator[Finding]:
    """Yield findings about access: no public keys for backups, access that was not reviewed, roles
    that no second person can confirm, and views that cannot be read."""
    chosen = system.settings
    if not system.synthetic and not (chosen.backup_store_key and chosen.backup_keys_key):
        yield Finding(
            Danger.WORDS,
            "no backup",
            "this live store makes no backup: the public keys of the two people who open it are "
            "not set",
            (system.printable_address,),
            "have two people run continuum keys pair, and set backup_store_key and "
            'backup_keys_key: docs/keys.md, "Backups that two people open"',
        )
    try:
        with system.reading_with_access_log() as db:
            alone = waiting_rights.alone_unreviewed(db)
        confirmed = not system.closed or system.synthetic or confirmers.confirmers(system.desk)
    except (envelope.IntegrityFailure, envelope.LogUnavailable) as error:
        yield Finding(
            Danger.EXPOSURE,
            "not known",
            f"acts of one person alone cannot be listed: {error}",
            (system.printable_address,),
            "remove the cause, then run: continuum doctor",
        )
        return
    if alone:
        yield Finding(
            Danger.EXPOSURE,
            "not reviewed",
            f"{len(alone)} acts that need a review had none: a role or a team that one "
            "person gave alone, a restore after which erased data may be readable again",
            tuple(f"{row.by} {row.did}, {stamp(row.at)}" for row in alone),
            "have a manager, a DCI or the auditor look into it and record what they found: "
            "continuum unusual-access review NAME",
        )
    if not confirmed:
        yield Finding(
            Danger.SERVICE,
            "nobody confirms",
            "no manager and no DCI can sign in, so no role, team or new sign-in can be confirmed",
            (system.printable_address,),
            "propose a manager (continuum user role give), and give the role alone a day later: "
            'docs/keys.md, "If no user can confirm a role"',
        )
