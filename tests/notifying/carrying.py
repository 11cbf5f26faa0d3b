"""Escalate due items on request, in a separate process.

`python -m tests.notifying.carrying STORE HOME MOMENT` prints a line when its views are up to date,
and escalates due items each time it reads a line.
"""

import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from commands.people_and_teams import escalating
from installation.opening import open_system
from installation.settings import Settings
from tests.ledger.writer import wait


def main(store: str, home: str, moment: str) -> None:
    settings = Settings(store=store, home=Path(home), user="ds.hart")
    with closing(open_system(settings, now=datetime.fromisoformat(moment))) as system:
        system.keep_up()
        wait()
        escalating.escalate(system.desk)


if __name__ == "__main__":
    main(*sys.argv[1:])
