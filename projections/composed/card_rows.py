"""The classes of the rows of a report card of any period."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel import suppression
from domain.kernel.codes import CardMeasure
from domain.people_and_teams.report_card import COMPLETE, MEASURES, OBJECTIVES
from projections.kernel.columns import Column

#: The text for a figure that was not recorded (NK, not known), which does not mean zero.
NOT_KNOWN = "NK"
#: Measures whose families are never listed: parents' opinions, and the relationship of parent and
#: child.
UNLISTED: frozenset[CardMeasure] = frozenset(
    {"asked", "answered", "relation-told", "relation-better"}
)


class InPeriod:
    """A row about a period, whose days it can return in words."""

    since: date
    until: date

    @property
    def period(self) -> str:
        """Return the first and the last day of the period in words."""
        return f"{self.since:%d.%m.%Y} to {self.until:%d.%m.%Y}"


@dataclass(frozen=True)
class PeriodRow(InPeriod):
    """A figure of a team, or of several teams together, in a period. `then` is the figure as
    recorded by the end of the period. `low` and `high` are the limits of the 95 % interval of the
    share, in percent. `families` is None if the figure is withheld or was not recorded; `unknown`
    means that it was not recorded.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("says", "measure"),
        Column("team", "team"),
        Column("period", "period"),
        Column("how_many", "families"),
        Column("of", "out of"),
        Column("share", "share"),
        Column("interval", "95 % interval"),
        Column("late", "recorded after the period"),
        Column("flags", "check"),
        Column("objective", "objective"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    team: str
    since: date
    until: date
    as_known: date | None
    measure: CardMeasure
    families: int | None
    of: int | None = None
    then: int | None = None
    low: int | None = None
    high: int | None = None
    unknown: bool = False
    flags: tuple[str, ...] = ()
    unlisted: bool = True

    @property
    def known_on(self) -> str:
        """Return the day up to which records count, as it is written in an address of a page."""
        return self.as_known.isoformat() if self.as_known else ""

    @property
    def says(self) -> str:
        """Return the words for the measure of this row."""
        return MEASURES[self.measure].says

    @property
    def objective(self) -> str:
        """Return the objective that the measure belongs to, one of seven."""
        number = MEASURES[self.measure].objective
        return "Completeness" if number == COMPLETE else f"{number}. {OBJECTIVES[number - 1]}"

    @property
    def how_many(self) -> int | str:
        """Return the number of families, NK if it was not recorded, or "withheld"."""
        return NOT_KNOWN if self.unknown else suppression.format_figure(self.families)

    @property
    def share(self) -> str | None:
        """Return the share of the total in percent."""
        if self.families is None or not self.of:
            return None
        return f"{round(100 * self.families / self.of)} %"

    @property
    def interval(self) -> str | None:
        """Return the interval of the share, in percent."""
        return None if self.low is None else f"{self.low} to {self.high} %"

    @property
    def late(self) -> str | None:
        """Return the figure as recorded by the end of the period, if it was different."""
        if self.then is None or self.then == self.families:
            return None
        return f"{self.then} by the end of the period, {self.families} now"


@dataclass(frozen=True)
class SupportRow(InPeriod):
    """A row of Table Two of the evaluation report, for one team: the number of referrals, how many
    of the referred families got a Parent Support Worker, how many were supported at court, and how
    many of those supported at court still wait for a result.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("team", "team"),
        Column("period", "period"),
        Column("referrals", "referrals to team"),
        Column("with_worker", "referred to PSW"),
        Column("at_court", "supported at court"),
        Column("flags", "check"),
    )
    order: ClassVar[tuple[str, ...]] = ("team", "since")
    team: str
    since: date
    until: date
    referred: int | None
    with_worker: int
    supported: int
    pending: int
    flags: tuple[str, ...] = ()

    @property
    def referrals(self) -> int | str:
        """Return the number of referrals; NK if it was not recorded, which does not mean zero."""
        return NOT_KNOWN if self.referred is None else self.referred

    @property
    def at_court(self) -> str:
        """Return the number of families supported at court, and how many of them wait for a
        result.
        """
        pending = f" ({self.pending} pending)" if self.pending else ""
        return f"{self.supported}{pending}"


@dataclass(frozen=True)
class ChildrenRow(InPeriod):
    """A group of the children who were referred to a team in a period, by a field of the national
    form. "NK" (not known) is a group of its own."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("of", "characteristic"),
        Column("group", "group"),
        Column("team", "team"),
        Column("period", "period"),
        Column("children", "children"),
        Column("share", "share"),
        Column("interval", "95 % interval"),
        Column("flags", "check"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    team: str
    since: date
    until: date
    of: str
    group: str
    children: int
    whole: int
    low: int
    high: int
    flags: tuple[str, ...] = ()

    @property
    def share(self) -> str:
        """Return this group's share of all children, in percent."""
        return f"{round(100 * self.children / self.whole)} %"

    @property
    def interval(self) -> str:
        """Return the 95 % interval of the share."""
        return f"{self.low} to {self.high} %"


@dataclass(frozen=True)
class ClaimRow(InPeriod):
    """The result of a measure for a group of a team's families, to compare with a statement of the
    evaluation report: a share or a median number of days, with the 95 % interval. It shows what
    happened together, and never a cause.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("claim", "measure"),
        Column("group", "group"),
        Column("team", "team"),
        Column("period", "period"),
        Column("families", "families"),
        Column("of", "out of"),
        Column("result", "result"),
        Column("interval", "95 % interval"),
        Column("flags", "check"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    team: str
    since: date
    until: date
    claim: str
    group: str
    families: int
    of: int
    median_days: float | None = None
    low: float | None = None
    high: float | None = None
    flags: tuple[str, ...] = ()

    @property
    def result(self) -> str | None:
        """Return the median in days, or the share in percent."""
        if self.median_days is not None:
            return f"{self.median_days:g} days (median)"
        return f"{round(100 * self.families / self.of)} %" if self.of else None

    @property
    def interval(self) -> str | None:
        """Return the 95 % interval of the result."""
        if self.low is None or self.high is None:
            return None
        return f"{self.low:g} to {self.high:g}" + (
            " days" if self.median_days is not None else " %"
        )


class FamilyRow(Struct, frozen=True):
    """A family that is counted in a figure of a report card."""

    columns: ClassVar[tuple[Column, ...]] = (Column("case", "case", "id"),)
    order: ClassVar[tuple[str, ...]] = ("case",)
    case: UUID
