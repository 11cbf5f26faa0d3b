"""What a row of the table of clocks says, and the roles that several of them share."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from domain.kernel.codes import Clock, Tier
from domain.kernel.values import Refused, Role

INVESTIGATORS: tuple[Role, ...] = ("detective", "intelligence-officer", "supervisor")
SENIORS: tuple[Role, ...] = ("supervisor", "manager", "dci")


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """What is due, in words; which fact begins it, and where the rule stands. After how long where
    nobody sets a day; which role's it is where no person is named; to which roles it goes in turn
    while nobody acts, whom no setting passes over; who may put it off, with a reason. `done_by` is
    what ends it, where that is another command than answering it here; `working_days` are its time,
    until the last of them is over, where the law counts in those."""

    says: str
    begins: str
    source: str
    after: timedelta | None
    role: Role
    chain: tuple[Role, ...]
    tier: Tier
    extends: tuple[Role, ...] = ()
    done_by: str | None = None
    working_days: int | None = None

    @property
    def may_end(self) -> frozenset[Role]:
        """The roles that it is answered by, or put off."""
        return frozenset((self.role, *self.chain, *self.extends))

    @property
    def within(self) -> timedelta:
        """How long it has. Raises Refused for a clock of which every date is set."""
        if self.after is None:
            raise Refused(f"say when: {self.says}")
        return self.after


#: The table, or a part of it.
Rules: TypeAlias = dict[Clock, ClockRule]
