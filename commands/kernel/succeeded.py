"""Refuse new facts in a store whose record was copied into another store and continues there.

The log is searched for an event about such a copy once, and again whenever it has a new event about
a copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.kernel.envelope import Event
from domain.kernel.log import History, LogEnd
from domain.kernel.values import Refused
from domain.people_and_teams.recovery import ABOUT_A_COPY, succeeded
from domain.people_and_teams.store_admin import SUCCESSION
from projections.kernel.newest import MANY

if TYPE_CHECKING:
    from commands.kernel.submission import Prepared

#: Events about copying the record into a new store.
SAID: frozenset[type[Event]] = frozenset(ABOUT_A_COPY)


@dataclass
class Onward:
    """Remembers whether the record continues in another store, and in which, and the position of
    the log up to which this was checked. Thread-safe.
    """

    log: History
    tail: LogEnd
    _known: tuple[int, str | None] = (-1, None)

    def store(self) -> str | None:
        """Return the store in which the record continues; None while it continues in this store.
        Raises LogUnavailable, Undecodable.
        """
        reached, store = self._known
        new = self.tail.kinds(reached, MANY) if reached >= 0 else []
        if reached < 0 or len(new) >= MANY or any(kind is None or kind in SAID for _, kind in new):
            reached = self.tail.last()
            store = succeeded(fact.event for fact in self.log.history(SUCCESSION))
        elif new:
            reached = new[-1][0]
        self._known = reached, store
        return store


def refuse_succeeded(onward: Onward, prepared: "Sequence[Prepared]") -> None:
    """Raise Refused if two people have had the record copied into a new origin (a new store with
    another log name), where it continues. Entries of the access log are still accepted, and events
    about the copying, with which users can give the copy up.
    """
    written = {log for command in prepared for log in command.submissions}
    if written == {"access"} or {command.item for command in prepared} == {SUCCESSION}:
        return
    if store := onward.store():
        raise Refused(
            "this store was copied, and its copy has taken over under another origin "
            f"(continuum/{store}). Nothing more can be recorded in this store: record in the copy"
        )
