"""A row of the table of types of deadline: its fields, and the roles that several rows share."""

from datetime import timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from domain.kernel.codes import Clock, Tier
from domain.kernel.values import Refused, Role

Verb = Literal[
    "Find", "Assess", "Countersign", "Answer", "Allocate", "Contact", "Attend", "Corroborate",
    "Review",
]  # fmt: skip
INVESTIGATORS: tuple[Role, ...] = ("detective", "intelligence-officer", "supervisor")
SENIORS: tuple[Role, ...] = ("supervisor", "manager", "dci")


class ClockRule(Struct, frozen=True, kw_only=True):
    """One type of deadline (clock): the action that is due, the fact that starts the deadline, and
    the source of the rule.

    - `after`: the time allowed if no person set a day; None if a person always sets the date.
    - `working_days`: the time allowed where the law counts in working days; the time ends with the
      last of these days.
    - `role`: the role that has to act if no person is named.
    - `chain`: the roles to which the deadline escalates in turn; no setting skips them.
    - `extends`: further roles that may postpone the deadline, with a reason.
    - `verb`: what the deadline's owner has to do, in a word.
    - `access_log`: True if a record of the access log starts the deadline.
    - `owners_only`: True if other users see only that something is due, without its content.
    - `done_by`: the command that ends the deadline; None if a user ends it in the list of due
      items.
    """

    says: str
    begins: str
    source: str
    after: timedelta | None
    role: Role
    chain: tuple[Role, ...]
    tier: Tier
    verb: Verb = "Review"
    access_log: bool = False
    owners_only: bool = False
    extends: tuple[Role, ...] = ()
    done_by: str | None = None
    working_days: int | None = None

    @property
    def ending_roles(self) -> frozenset[Role]:
        """Return the roles that may answer or postpone a deadline of this kind."""
        return frozenset((self.role, *self.chain, *self.extends))

    @property
    def within(self) -> timedelta:
        """Return the time allowed from the start of the deadline to its end. Raises Refused for a
        type of deadline whose end is always set by a person.
        """
        if self.after is None:
            raise Refused(f"give the day by which this is due: {self.says}")
        return self.after


#: The rule of each type of deadline (clock).
Rules: TypeAlias = dict[Clock, ClockRule]
