"""A store with the work of a team over years, and with its users. It is prepared for no particular
measurement: it has an erasure that waits for a second person, and one account for each role.
"""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from bench import pages
from commands.erasure import erasure
from commands.people_and_teams import account
from domain.kernel.values import Role
from installation.system import System

DETECTIVE = "dc.rowe"
#: Users besides the user of `bench.pages`, who has several roles.
STAFF: Mapping[str, Role] = {
    "psw.ellis": "psw",
    DETECTIVE: "detective",
    "auditor.wray": "auditor",
    "mgr.quill": "manager",
    "do.marsh": "disclosure-officer",
    "it.khan": "administrator",
    "mc.lane": "missing-coordinator",
    "io.vale": "intelligence-officer",
}


def at_work(home: Path, events: int) -> System:
    """Make a store of about this many events with an account for each role."""
    system = pages.filled(home, None, events)
    for name, role in STAFF.items():
        account.add(system.desk, system.reader, name, roles=(role,), teams=["Engage"])
    system.keep_up()
    proposer = system.briefly(DETECTIVE)
    subject = UUID(pages.item_pages(system)["one observation"].rpartition("/")[2])
    erasure.propose(proposer.desk, proposer.reader, [subject], "uk-gdpr-art17")
    system.keep_up()
    return system
