"""The danger strip below the header of every page: the missing children, the urgent log entries
that no assessor has taken, and the people on call.
"""

import re
from datetime import datetime

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from commands.people_and_teams import rota
from domain.forms.local import LONDON
from domain.kernel.envelope import LogUnavailable
from domain.people_and_teams.rota import OnCall
from installation.system import System
from network.people.missing_now import First
from usecases.families import missing_now

#: Pages that are read aloud in a meeting: on them the danger strip shows only who is on call.
PAPERS = frozenset({"/meetings", "/meetings/{meeting}"})


class DangerStrip(Struct, frozen=True):
    """The danger strip, as this reader may see it. `at` is the time in words at which the strip was
    made. `silence` is a warning if no process is running that notifies people of overdue items,
    otherwise None. If `names` is false, the strip shows numbers and no names."""

    missing: First
    untaken: int
    on_call: OnCall
    at: str
    silence: str | None = None
    names: bool = True

    @property
    def line(self) -> Markup:
        """Return the HTML that names the people on call; a telephone number is a link."""
        text = str(escape(rota.describe_for_page(replace(self.on_call, next=None))))
        if self.on_call.now is None:
            return Markup(text)  # noqa: S704 (escaped)
        phone = self.on_call.now.phone
        digits = re.sub(r"[^\d+]", "", phone)
        link = Markup('<a class="govuk-link" href="tel:{}">{}</a>').format(digits, phone)
        return Markup(text.replace(str(escape(phone)), str(link), 1))  # noqa: S704 (escaped)


def strip(system: System, route: str, *, names: bool = True) -> DangerStrip:
    """Return the danger strip for the page with this route. If the views do not answer, the strip
    only shows who is on call, if that can be looked up."""
    desk, reader, now = system.desk, system.reader, system.clock()
    missing, count = First((), 0), 0
    try:
        if route not in PAPERS:
            missing = missing_now.first_lines(desk, reader, now)
        with system.reading() as db:
            waits = rota.count_waiting(desk, reader, db)
            count, on_call = waits or (0, rota.on_call_in(desk, db, reader.team))
    except LogUnavailable:
        on_call = rota.find_on_call(desk, reader.team)
    at = _clock(now)
    silence = system.unwatched(urgent=count > 0)
    return DangerStrip(missing, count, on_call, at, silence, names)


def _clock(now: datetime) -> str:
    return f"{now.astimezone(LONDON):%H:%M on %d %B}"
