"""The view of a team's report card: the events that the card counts, and the team's targets.

Each row is an event that the card counts, with its family and when it was recorded. A year is
reported once it has ended, in figures only (`domain.people_and_teams.report_card`,
`domain.kernel.suppression`). Health, placement, ethnicity, nationality and risks to a parent are
never counted.

The file is long because it is one view.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count, islice, product
from typing import Any, ClassVar, get_args
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection.erasure import is_destroyed
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.families.referral import CaseOpened, ThresholdAssessed
from domain.forms.intervals import LONDON
from domain.information.observation import ObservationMoved
from domain.kernel import suppression
from domain.kernel.codes import CardMeasure, CardProtection
from domain.kernel.envelope import Event, Recorded
from domain.kernel.figures import REGISTER
from domain.kernel.values import Reader, Threshold
from domain.people_and_teams import figure_checks, report_card
from domain.people_and_teams.published_card import (
    CardProtectionChosen,
    CardPublished,
    PublishedFigure,
)
from domain.people_and_teams.report_card import COMPLETE, MEASURES, OBJECTIVES, TargetSet
from projections.kernel.batch import RowBatch
from projections.kernel.column_types import MICROSECOND
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.event_rows import row_of
from projections.kernel.schema import View, rows

#: Each measure as a power of two (one bit). The measures of a family are added up to one number.
BITS: Mapping[CardMeasure, int] = {
    measure: 1 << place for place, measure in enumerate(get_args(CardMeasure))
}


@rows("card_cases", key=("case",))
class CaseRow(Struct, frozen=True):
    """A family: its team, its first rating, and when that was recorded."""

    table: ClassVar[sa.Table]
    case: UUID
    team: str
    rating: Threshold | None = None
    rated: datetime | None = None
    restricted: bool = False


@rows(
    "card_facts",
    key=("item", "version", "bit"),
    index=(
        # has all columns that a report card reads of one family
        ("case", "bit", "recorded", "at", "restricted"),
        # has all columns that a report card reads of one year
        ("bit", "recorded", "case", "restricted"),
        # both have all columns that a report card reads of a period: the first for all measures,
        # the second for one measure
        ("at", "bit", "case", "recorded", "restricted"),
        ("bit", "at", "case", "recorded", "restricted"),
    ),
    in_order_of_writing=True,
)
class FactRow(Struct, frozen=True):
    """An event that a report card counts: its measure, as a number with one bit set (`bit`), its
    family (None if the event is not filed in a case yet), and when it was recorded. `at` is when
    the event happened or, if it does not say so, when it was recorded.
    """

    table: ClassVar[sa.Table]
    item: UUID
    version: int
    bit: int
    case: UUID | None
    recorded: datetime
    at: datetime
    restricted: bool = False


@rows("card_ratings", key=("case", "version"))
class RatingRow(Struct, frozen=True):
    """A rating of the risk to a family's child."""

    table: ClassVar[sa.Table]
    case: UUID
    version: int
    level: Threshold
    recorded: datetime


@rows("card_targets", key=("team", "year", "measure"))
class TargetRow(Struct, frozen=True):
    """A team's target for a measure, as last set."""

    table: ClassVar[sa.Table]
    team: str
    year: int
    measure: CardMeasure
    number: int
    funder: str


@rows("card_published", key=("id", "version"))
class PublishedRow(Struct, frozen=True):
    """A report card that was published."""

    table: ClassVar[sa.Table]
    id: UUID
    version: int
    since: date
    until: date
    teams: tuple[str, ...]
    protection: CardProtection
    figures: tuple[PublishedFigure, ...]
    base: int
    recorded: datetime


@rows("card_protection", key=("id",))
class ProtectionRow(Struct, frozen=True):
    """A choice of the way in which published cards protect small figures, and when it was
    recorded.
    """

    table: ClassVar[sa.Table]
    id: UUID
    protection: CardProtection
    recorded: datetime


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, _f = fact.stream, FactRow.table.c
    match fact.event:
        case event if is_destroyed(event):
            batch.drop_all(FactRow, "item", item)
            batch.drop(CaseRow, item)
            batch.drop_all(RatingRow, "case", item)
        case ObservationMoved() as event:
            for row in batch.having(FactRow, item=item):
                batch.put(replace(row, case=event.case))
        case RestrictionChanged() as event:
            out = event.placed
            if case := batch.get(CaseRow, event.item):
                batch.put(replace(case, restricted=out))
            for row in batch.having(FactRow, item=event.item):
                batch.put(replace(row, restricted=out))
        case TargetSet() as event:
            batch.put(row_of(TargetRow, fact))
        case CardPublished():
            batch.put(row_of(PublishedRow, fact, version=fact.version))
        case CardProtectionChosen():
            batch.put(row_of(ProtectionRow, fact))
        case CaseOpened() as event:
            batch.put(CaseRow(item, event.team))
        case event if counts := event.meaning.card:
            _rated(fact, batch)
            case_of = getattr(event, "case", item)
            at = min(_happened(event) or fact.recorded, fact.recorded)
            for measure in [
                card_count.measure for card_count in counts if card_count.applies_to(event)
            ]:
                batch.put(FactRow(item, fact.version, BITS[measure], case_of, fact.recorded, at))


def _rated(fact: Recorded, batch: RowBatch) -> None:
    """Store a rating of the family's risk, and which rating was the first."""
    event = fact.event
    if isinstance(event, ThresholdAssessed) and event.level != "unknown":
        batch.put(RatingRow(fact.stream, fact.version, event.level, fact.recorded))
        row = batch.get(CaseRow, fact.stream)
        if row and row.rating is None:
            batch.put(replace(row, rating=event.level, rated=fact.recorded))


def _happened(event: Event) -> datetime | None:
    """Return when the fact of an event happened; None if the event does not say this."""
    day = getattr(event, event.meaning.when, None)
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, time(), LONDON) if isinstance(day, date) else None


VIEW = View(
    "card",
    (CaseRow, FactRow, RatingRow, TargetRow, PublishedRow, ProtectionRow),
    apply,
    version=4,
)


# --- queries ------------------------------------------------------------------------------------


class CardRow(Struct, frozen=True):
    """A figure of one team: its objective, the total of which it is a part, and the target."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("objective", "objective"),
        Column("year", "year"),
        Column("team", "team"),
        Column("says", "measure"),
        Column("how_many", "families"),
        Column("of", "out of"),
        Column("share", "share"),
        Column("target", "target"),
        Column("reached", "reached"),
        Column("funder", "target set by"),
    )
    order: ClassVar[tuple[str, ...]] = ("team", "place")
    place: int
    year: int
    team: str
    measure: CardMeasure
    families: int | None
    of: int | None
    target: int | None = None
    funder: str | None = None

    @property
    def says(self) -> str:
        """Return the words for the measure of this row."""
        return MEASURES[self.measure].says

    @property
    def objective(self) -> str | None:
        """Return which of the seven objectives the measure belongs to; None for a measure of how
        complete the records are.
        """
        number = MEASURES[self.measure].objective
        return None if number == COMPLETE else f"{number}. {OBJECTIVES[number - 1]}"

    @property
    def how_many(self) -> int | str:
        """Return the number of families, or a text that says that the number is withheld because it
        is small.
        """
        return suppression.format_figure(self.families)

    @property
    def share(self) -> str | None:
        """Return the share of the total, in percent."""
        if self.families is None or not self.of:
            return None
        return f"{round(100 * self.families / self.of)} %"

    @property
    def reached(self) -> str | None:
        """Return "yes" if the target is reached, "no" if not; None if there is no target or no
        figure."""
        if self.families is None or self.target is None:
            return None
        return "yes" if self.families >= self.target else "no"


class KnownRow(CardRow, frozen=True):
    """The number of families for which a team has recorded the facts behind a figure of a year."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("year", "year"),
        Column("team", "team"),
        Column("says", "fact about the family"),
        Column("how_many", "families where it is known"),
        Column("of", "out of"),
        Column("share", "share"),
        Column("target", "target"),
        Column("reached", "reached"),
        Column("funder", "target set by"),
    )


#: How the time until the first worker is grouped: the largest number of days of each group, and its
#: text.
SOON: tuple[tuple[int | None, str], ...] = (
    (7, "within 7 days"),
    (28, "8 to 28 days"),
    (None, "later"),
)
NO_WORKER = "no worker yet"
RATINGS: tuple[Threshold, ...] = ("high", "medium", "low", "unknown")
#: The groups of a team's families: one for each combination of first rating and time until the
#: first worker.
GROUPS: tuple[tuple[Threshold, str], ...] = tuple(
    product(RATINGS, (*(said for _, said in SOON), NO_WORKER))
)


class EarlyRow(Struct, frozen=True):
    """A group of families with the same first rating and a similar time until the first worker: how
    many families there are, and how many of their children are out of harm's way.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("team", "team"),
        Column("rating", "first rating"),
        Column("worker", "first worker"),
        Column("how_many", "families"),
        Column("how_many_out", "out of harm's way"),
    )
    order: ClassVar[tuple[str, ...]] = ("team", "place")
    place: int
    team: str
    rating: Threshold
    worker: str
    families: int | None
    out: int | None

    @property
    def how_many(self) -> int | str:
        """Return the number of families, or a text that says that the number is withheld because it
        is small.
        """
        return suppression.format_figure(self.families)

    @property
    def how_many_out(self) -> int | str:
        """Return the number of children out of harm's way, or a text that says that the number is
        withheld because it is small.
        """
        return suppression.format_figure(self.out)


class FigureRow(Struct, frozen=True):
    """A figure that the evaluation report published."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "figure"),
        Column("value", "value"),
        Column("period", "period"),
        Column("quote", "quotation"),
        Column("where", "page or table"),
        Column("doubt", "doubt"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    what: str
    value: str
    period: str
    quote: str
    where: str
    doubt: str | None


def register() -> list[FigureRow]:
    """Return the figures that the evaluation report published, each with the inconsistencies that
    rules detect in it.
    """
    rows = []
    for place, (figure, flags) in enumerate(
        zip(REGISTER, figure_checks.flags(REGISTER), strict=True)
    ):
        doubt = "; ".join(part for part in (*flags, figure.doubt) if part)
        words = figure.what, figure.value, figure.period, figure.quote, figure.where
        rows.append(FigureRow(place, *words, doubt or None))
    return rows


def ended(now: datetime) -> int:
    """Return the last year that has ended at a moment."""
    return now.astimezone(LONDON).year - 1


def year(db: Db, reader: Reader, year: int) -> tuple[list[CardRow], list[KnownRow]]:
    """Return two lists of figures of a year, for each team that the reader may see: about the
    team's work, and about the completeness of its records.
    """
    counted: dict[str, dict[CardMeasure, set[int]]] = defaultdict(lambda: defaultdict(set))
    numbers = count()
    for team, codes, families in _by_codes(db, reader, year):
        family_numbers = set(islice(numbers, families))
        for code in codes:
            counted[team][code] |= family_numbers
    targets = _targets(db, reader, year)
    figures: list[CardRow] = []
    known_rows: list[KnownRow] = []
    for team in sorted({*counted, *(of for of, _ in targets)}):
        for place, figure in enumerate(report_card.counted(counted[team])):
            row = place, year, team, figure.measure, figure.families, figure.of
            aim = targets.get((team, figure.measure), ())
            if MEASURES[figure.measure].objective == COMPLETE:
                known_rows.append(KnownRow(*row, *aim))
            else:
                figures.append(CardRow(*row, *aim))
    return figures, known_rows


def sum_of_bits(bit: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Return SQL for one number with the measures of a group of facts: each measure that occurs is
    one bit of the number.
    """
    return sa.cast(sa.func.sum(bit.distinct()), sa.BigInteger())


def with_bits(codes: sa.ColumnElement[int], bits: int) -> sa.ColumnElement[int]:
    """Return SQL for the number of rows whose column `codes` has all bits of `bits`. Each bit is a
    measure.
    """
    return sa.func.count().filter(codes.bitwise_and(bits) == bits)


def _by_codes(db: Db, reader: Reader, year: int) -> Iterator[tuple[str, list[CardMeasure], int]]:
    """Yield, for each team, each set of measures that a family has in a year, with the number of
    families that have exactly this set. The database counts the families, because there are few
    sets and many families.
    """
    f, c = FactRow.table.c, CaseRow.table.c
    where = f.bit.in_(BITS.values()), *_in_year(year)
    total = sum_of_bits(f.bit).label("codes")
    per_case = sa.select(f.case, total).where(*where, *_counts()).group_by(f.case).subquery()
    select = (
        sa.select(c.team, per_case.c.codes, sa.func.count())
        .join_from(per_case, CaseRow.table, c.case == per_case.c.case)
        .where(*_may_count(reader))
        .group_by(c.team, per_case.c.codes)
        .order_by(c.team, per_case.c.codes)
    )
    for team, codes, families in db.execute(select):
        yield team, [code for code, bit in BITS.items() if codes & bit], families


def earliness(
    db: Db, reader: Reader, year: int, last: int, again: Mapping[str, int]
) -> list[EarlyRow]:
    """Return the families of each team whose first referral was recorded in the year `year`,
    grouped by first rating and time until the first worker, with the number of children out of
    harm's way.

    Groups without a family are left out, and so are facts recorded after the year `last`. `again`
    is, by team, the number of families who were referred in the year `year`, but not for the first
    time.
    """
    teams: dict[str, dict[tuple[Threshold, str], tuple[int, int]]] = defaultdict(dict)
    for team, rating, worker, all_of, out_of in _early(
        db, reader, year, report_card.new_year(last + 1)
    ):
        teams[team][rating, worker] = all_of, out_of
    found_rows = []
    for team, groups in sorted(teams.items()):
        shown = report_card.visible_separate_numbers(
            [groups.get(group, (0, 0)) for group in GROUPS], again.get(team, 0)
        )
        for place, (group, figures) in enumerate(zip(GROUPS, shown, strict=True)):
            if figures[0] != 0:
                found_rows.append(EarlyRow(place, team, *group, *figures))
    return found_rows


def referred_again(db: Db, reader: Reader, year: int) -> Counter[str]:
    """Return for each team how many families were referred in the year `year` and also in an
    earlier year. They are in none of the groups of `earliness`, but are counted as referred in the
    year.
    """
    c = CaseRow.table.c
    referrals = _referred_in(year).where(_referred_before(year)).subquery()
    select = (
        sa.select(c.team, sa.func.count())
        .join_from(referrals, CaseRow.table, c.case == referrals.c.case)
        .where(*_may_count(reader))
        .group_by(c.team)
    )
    return Counter(dict(db.execute(select).all()))


def _referred_in(year: int) -> sa.Select[Any]:
    """Return the query for the families referred in a year."""
    f = FactRow.table.c
    referred = f.bit == BITS["referred"], *_in_year(year), *_counts()
    return sa.select(f.case).where(*referred).distinct()


def _in_year(year: int) -> tuple[sa.ColumnElement[bool], ...]:
    recorded = FactRow.table.c.recorded
    return recorded >= report_card.new_year(year), recorded < report_card.new_year(year + 1)


def _referred_before(year: int) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a family also has a referral that was recorded before the year
    `year`.
    """
    before = FactRow.table.alias("before").c
    earlier = before.bit == BITS["referred"], before.recorded < report_card.new_year(year)
    counted = sa.not_(before.restricted), before.case == FactRow.table.c.case
    return sa.exists(sa.select(sa.literal(1)).where(*earlier, *counted))


_WORKERS: tuple[CardMeasure, ...] = ("child-worker", "parents-worker")
_CONCERNS: tuple[CardMeasure, ...] = ("referred", "words")
_DAY = timedelta(days=1) // MICROSECOND


def first_moments(families: sa.Select[tuple[UUID]], *counts: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return a query with three values for each of these families: when its first worker was
    recorded (`came`), when its first concern happened (`concern`), and whether the child is out of
    harm's way (`safe`, 1 or 0).
    """
    f = FactRow.table.c
    workers, concerns = (
        [BITS[measure] for measure in measures] for measures in (_WORKERS, _CONCERNS)
    )
    safe = BITS["out-of-harm"]
    return (
        sa.select(
            f.case,
            sa.func.min(sa.case((f.bit.in_(workers), f.recorded))).label("came"),
            sa.func.min(sa.case((f.bit.in_(concerns), f.at))).label("concern"),
            sa.func.max(sa.case((f.bit == safe, 1), else_=0)).label("safe"),
        )
        .where(f.case.in_(families), f.bit.in_((*workers, *concerns, safe)), *counts)
        .group_by(f.case)
        .subquery()
    )


def _early(
    db: Db, reader: Reader, year: int, until: datetime
) -> Iterable[tuple[str, Threshold, str, int, int]]:
    """Return groups of the families whose first referral was recorded in a year: team, first
    rating, time from the first concern to the first worker, number of families, and number of their
    children who are out of harm's way.
    """
    c = CaseRow.table.c
    wanted = _referred_in(year).where(sa.not_(_referred_before(year)))
    moments = first_moments(wanted, FactRow.table.c.recorded < until, *_counts())
    came, concern = (
        sa.type_coerce(element, sa.BigInteger) for element in (moments.c.came, moments.c.concern)
    )
    soon = sa.case(
        (moments.c.came.is_(None), NO_WORKER),
        *((came - concern < (most + 1) * _DAY, label) for most, label in SOON if most is not None),
        else_=SOON[-1][1],
    ).label("soon")
    rating = sa.case((c.rated < until, c.rating), else_="unknown").label("first_rating")
    select = (
        sa.select(c.team, rating, soon, sa.func.count(), sa.func.sum(moments.c.safe))
        .join_from(moments, CaseRow.table, c.case == moments.c.case)
        .where(*_may_count(reader))
        .group_by(c.team, rating, soon)
    )
    return (tuple(row) for row in db.execute(select))


def _counts() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the SQL conditions that an event is counted for a report card: it is filed in a case,
    and it is not restricted.
    """
    f = FactRow.table.c
    return sa.not_(f.restricted), f.case.is_not(None)


def _may_count(reader: Reader) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the SQL conditions that a family is counted for a report card: it is not restricted,
    and the reader may see its figures.
    """
    c = CaseRow.table.c
    return sa.not_(c.restricted), scope.may_act_on(reader, "see-card", c.case)


def _targets(db: Db, reader: Reader, year: int) -> dict[tuple[str, CardMeasure], tuple[int, str]]:
    c, teams = TargetRow.table.c, scope.case_figures(reader, "see-card").teams
    where = [c.year == year] + ([] if teams is None else [c.team.in_(sorted(teams))])
    db_rows = db.execute(sa.select(TargetRow.table).where(*where))
    return {(row.team, row.measure): (row.number, row.funder) for row in db_rows}
