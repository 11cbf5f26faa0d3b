"""Who could open a door alone, and who did, for the doctor."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.finding import Danger, Finding
from console.session import stamp

if TYPE_CHECKING:
    from installation.system import System


def findings(system: "System") -> Iterator[Finding]:
    """Yield what one person gave alone and nobody reviewed since, and that nobody could confirm a
    role. A trial store has neither."""
    from commands import account
    from projections import waiting_rights

    if system.synthetic or not system.closed:
        return
    with system.looked() as db:
        alone = waiting_rights.alone_unreviewed(db)
    if alone:
        yield Finding(
            Danger.EXPOSURE,
            "given alone",
            f"{len(alone)} roles or teams were given by one person, without a second one",
            tuple(f"{one.by} {one.did}, {stamp(one.at)}" for one in alone),
            "have a manager, a DCI or the auditor look into it and record what they found: "
            "continuum unusual-access review NAME",
        )
    if not account.confirmers(system.desk):
        yield Finding(
            Danger.SERVICE,
            "nobody confirms",
            "no manager and no DCI can sign in: nobody could confirm a role, a team or a new "
            "sign-in",
            (system.shown,),
            "propose a manager (continuum user role give), and give the role alone a day later: "
            'docs/keys.md, "Lost all but one"',
        )
