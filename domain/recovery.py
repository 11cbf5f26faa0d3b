"""What befell the record itself: it was restored short, its clock went back."""

from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from domain.envelope import Event, LogName, Stored


class Lost(msgspec.Struct, frozen=True):
    """One log: what of its old origin was found (`size` records under `root`), and the last
    checkpoint that is known of it, if one is. Roots are in hex."""

    log: LogName
    origin: str
    size: int
    root: str
    signed_size: int | None = None
    signed_root: str | None = None


class LossDeclared(Event, frozen=True):
    """The store was restored from a backup and goes on under new origins: what was recorded after
    the backup is lost, and who says so and why stands here."""

    stored: ClassVar = Stored("loss.declared", "evidence", "record", ("reason",))
    logs: tuple[Lost, ...]
    backup_made: datetime
    reason: str


class ClockStepped(Event, frozen=True):
    """The clock told an earlier time than the log had reached: recorded times stand still, a
    microsecond a record, until it has caught up."""

    stored: ClassVar = Stored("clock.stepped", "evidence", "none")
    told: datetime
    reached: datetime

    @property
    def back(self) -> timedelta:
        """By how much."""
        return self.reached - self.told


EVENTS = (LossDeclared, ClockStepped)
