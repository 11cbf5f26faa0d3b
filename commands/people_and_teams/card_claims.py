"""Measures, with confidence intervals, for the statements about families in the evaluation report.
A measure says that two things occurred together, and never that one caused the other.

"It is impossible to disaggregate data and say one specific outcome was achieved because of Pace"
(report). So each measure is shown with its group of families, and with a note if the group is
small.
"""

from collections.abc import Collection, Iterator
from typing import get_args

from commands.people_and_teams.card_statistics import median, wilson
from domain.forms.card_period import CardPeriod
from domain.kernel.codes import Valued, in_words
from projections.composed.card_claims import Referred, Tried, Views
from projections.composed.card_rows import ClaimRow
from projections.families.report_card import NO_WORKER, RATINGS, SOON

#: The number of families below which a group is marked as small.
SMALL = 30
SOONNESS = "days from first concern to first worker"
OUT = "child out of harm's way, by time to the first worker"
PLEA = "guilty plea, of families with a plea"
CONVICTION = "conviction, of families with a charge"
RESPONSE = "parents who answered, of those asked"
VALUE = "parents who agree, of those who said"


def claims(
    team: str,
    period: CardPeriod,
    referred: Collection[Referred],
    tried: Collection[Tried],
    views: Views | None,
) -> Iterator[ClaimRow]:
    """Yield a row for each measure of the report's statements about families, for one team and one
    period. `referred` and `tried` have counts of the team's families in this period, `views` the
    families' opinions.
    """

    def share(claim: str, group: str, number: int, whole: int) -> ClaimRow:
        low, high = wilson(number, whole) if whole else (None, None)
        return ClaimRow(
            place=0,
            team=team,
            since=period.since,
            until=period.until,
            claim=claim,
            group=group,
            families=number,
            of=whole,
            low=None if low is None else round(100 * low),
            high=None if high is None else round(100 * high),
            flags=_small_note(whole),
        )

    for rating in RATINGS:
        rated = [row for row in referred if row.rating == rating]
        days = [day for row in rated if row.days is not None for day in [row.days] * row.number]
        if days:
            middle, bounds = median(days)
            low, high = bounds or (None, None)
            yield ClaimRow(
                place=0,
                team=team,
                since=period.since,
                until=period.until,
                claim=SOONNESS,
                group=f"first rated {in_words(rating)}",
                families=len(days),
                of=sum(row.number for row in rated),
                median_days=middle,
                low=low,
                high=high,
                flags=_small_note(len(days)),
            )
        for soon in (*(words for _, words in SOON), NO_WORKER):
            group = [row for row in rated if _waiting_group(row.days) == soon]
            if group:
                yield share(
                    OUT,
                    f"first rated {in_words(rating)}, {soon}",
                    sum(row.out for row in group),
                    sum(row.number for row in group),
                )
    for row in sorted(tried, key=lambda one: not one.with_worker):
        worker = "with" if row.with_worker else "without"
        group_name = f"{worker} a worker for the parents"
        if row.pleas:
            yield share(PLEA, group_name, row.guilty, row.pleas)
        if row.charges:
            yield share(CONVICTION, group_name, row.convictions, row.charges)
    if views and views.asked:
        yield share(RESPONSE, "all", views.answered, views.asked)
        for valued in get_args(Valued):
            agree = views.agree[valued]
            whole = agree + views.disagree[valued]
            if whole:
                yield share(VALUE, in_words(valued), agree, whole)


def _waiting_group(days: int | None) -> str:
    """Return the name of the group of families with the same length of wait for their first worker;
    `days` is the wait, or None if the family has no worker.
    """
    if days is None:
        return NO_WORKER
    return next(words for most, words in SOON if most is None or days <= most)


def _small_note(number: int) -> tuple[str, ...]:
    return (f"small group: {number} families",) if number < SMALL else ()
