"""Commands that publish a report card. Small figures are withheld so that they cannot be computed
from this card and all earlier publications.

A yearly card can be read without being published, so its figures count as published once its year
has ended.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Unpack

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.kernel.declared import FromFields
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, facts
from commands.people_and_teams.card_protection import CardFigure, Counts, protected
from commands.people_and_teams.period_card import Asked, require_manager
from domain.forms.card_period import CardPeriod
from domain.forms.intervals import LONDON
from domain.kernel import suppression
from domain.kernel.codes import CardMeasure
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Reader, Refused
from domain.people_and_teams import published_card, report_card
from domain.people_and_teams.published_card import (
    BASE,
    PUBLICATIONS,
    CardProtectionChosen,
    CardPublished,
    PublishedFigure,
)
from domain.people_and_teams.report_card import MEASURES
from projections.composed import card_periods as view
from projections.families import report_card as yearly
from projections.families.report_card import PublishedRow
from projections.kernel.database import Db


def publish(desk: Desk, reader: Reader, wanted: Asked, **command: Unpack[Command]) -> Receipt:
    """Publish the report card of each period and team, by default of the reader's own team.

    Raises Denied for a team that the reader does not manage; Refused if
    `domain.people_and_teams.published_card.check` does, or if the team's card for a period is
    published already.
    """
    name = "card.published"
    command_id = command.get("command_id") or desk.new_random_id()
    causes = command.get("because_of", ())
    fields = [wanted.periods, wanted.teams, tuple(causes)]
    if again := desk.repeated(command_id, name, fields):
        return again
    require_command(reader, name)
    teams = tuple(sorted(wanted.teams or (reader.team,)))
    require_manager(reader, teams)
    with desk.deciding() as db:
        if unrecorded := sorted(set(teams) - view.teams(db)):
            raise Refused(f"there are no records of a team called {unrecorded[0]}", field="team")
        before = view.published(db)
        events = list(_events(db, reader, wanted, teams, before, desk.clock()))
    made = facts(reader, PUBLICATIONS, len(before), events, causes)
    submission = Submission(command_id, desk.digest(name, fields), made)
    return desk.save([Prepared(PUBLICATIONS, {"evidence": submission}, reader)])[0]


@FromFields
def choose(
    desk: Desk, reader: Reader, made: CardProtectionChosen, **command: Unpack[Command]
) -> Receipt:
    """Choose the method by which published report cards hide small figures. Raises Denied for a
    role that does not decide about data protection, Refused if there is no reason.
    """
    name = "card.protection_chosen"
    command_id = command.get("command_id") or desk.new_random_id()
    causes = command.get("because_of", ())
    fields = [made, tuple(causes)]
    if again := desk.repeated(command_id, name, fields):
        return again
    require_command(reader, name)
    stream = desk.new_id()
    chosen = facts(reader, stream, 0, published_card.choose(made), causes)
    submission = Submission(command_id, desk.digest(name, fields), chosen)
    return desk.save([Prepared(stream, {"evidence": submission}, reader)])[0]


def visible_of_year(db: Db, reader: Reader, year: int) -> set[tuple[str, CardMeasure]] | None:
    """Return the figures of a yearly card, as pairs of a team and a measure, that are safe to read
    together with all cards published before the year ended; None if there are no such cards.
    """
    before = view.published(db)
    if not any(row.recorded < report_card.new_year(year + 1) for row in before):
        return None
    figures = _years(db, reader, before, None, year)[year]
    return {(team, figure.measure) for figure in figures for team in figure.teams}


def _events(
    db: Db,
    reader: Reader,
    wanted: Asked,
    teams: tuple[str, ...],
    before: Sequence[PublishedRow],
    now: datetime,
) -> Iterator[Event]:
    protection = view.protection(db)
    pools = [teams] if protection == "pooling-teams" else [(team,) for team in teams]
    today = now.astimezone(LONDON).date()
    for period in wanted.periods:
        published_card.check(period, teams, protection, today)
        for pool in pools:
            same = [
                row
                for row in before
                if (row.since, row.until) == (period.since, period.until)
                and not set(row.teams).isdisjoint(pool)
            ]
            if same:
                raise Refused(
                    f"the report card of {', '.join(same[0].teams)} from {period} was published "
                    "already: read the card with --edition published",
                    field="since",
                )
    base = BASE if protection == "rounding" else 1
    figures = {
        (period, pool): list(_figures(db, period, pool, base))
        for period in wanted.periods
        for pool in pools
    }
    concerned = {team for row in before for team in row.teams} | set(teams)
    years = _years(db, reader, before, concerned, yearly.ended(now))
    known_figures = [
        *_published(db, before),
        *(figure for pool_figures in years.values() for figure in pool_figures),
    ]
    new = [figure for pool_figures in figures.values() for figure in pool_figures]
    kept_figures = set(protected(new, known_figures, _counts(db, concerned)))
    kept_figures -= _overlapping_changed(new, _changed(db, before))
    for (period, pool), pool_figures in figures.items():
        unknown = _has_unreferred(db, reader, period, pool, now)
        shown = {figure.measure: figure.shown for figure in pool_figures if figure in kept_figures}
        yield CardPublished(
            period.since,
            period.until,
            pool,
            protection,
            tuple(_published_figure(measure, shown, unknown=unknown) for measure in MEASURES),
            base,
        )


def _published_figure(
    measure: CardMeasure, shown: Mapping[CardMeasure, int], *, unknown: bool
) -> PublishedFigure:
    if unknown and "referred" in (measure, MEASURES[measure].of):
        return PublishedFigure(measure, recorded=measure != "referred")
    return PublishedFigure(measure, shown.get(measure))


def _has_unreferred(
    db: Db, reader: Reader, period: CardPeriod, pool: tuple[str, ...], now: datetime
) -> bool:
    """Return whether a team has families with a worker but no recorded referral, so that its number
    of referrals is unknown.
    """
    numbers = _number(db, period.starts, period.ends, pool)
    records = view.records(db, reader, period, now, pool)
    return not numbers["referred"] and any(record.unreferred for record in records.values())


def _number(
    db: Db, since: datetime, until: datetime, pool: tuple[str, ...]
) -> Counter[CardMeasure]:
    totals: Counter[CardMeasure] = Counter()
    for numbers in view.recorded(db, since, until, pool).values():
        totals.update(numbers)
    return totals


def _figures(db: Db, period: CardPeriod, pool: tuple[str, ...], base: int) -> Iterator[CardFigure]:
    numbers = _number(db, period.starts, period.ends, pool)
    for measure in MEASURES:
        number = numbers[measure]
        shown = published_card.rounded(number, base)
        yield CardFigure(
            frozenset(pool), (period.starts, period.ends), measure, number, shown, base
        )


def _published(db: Db, before: Sequence[PublishedRow]) -> list[CardFigure]:
    """Return the figures of earlier published report cards, both as published and as they would be
    today. If records have changed since the publication, we assume that an attacker knows both.
    """
    figures = []
    for card in before:
        span = CardPeriod(card.since, card.until)
        numbers = _number(db, span.starts, span.ends, card.teams)
        for published_figure in card.figures:
            if published_figure.families is not None:
                number = numbers[published_figure.measure]
                shown = published_card.rounded(number, card.base)
                figure = (frozenset(card.teams), (span.starts, span.ends), published_figure.measure)
                figures.append(CardFigure(*figure, number, shown, card.base))
    return figures


def _changed(db: Db, before: Sequence[PublishedRow]) -> list[CardFigure]:
    """Return the published figures that would be slightly different today, because records were
    erased, restricted or moved to another case. The small difference could identify a family.
    """
    then = [
        figure.families for card in before for figure in card.figures if figure.families is not None
    ]
    return [
        now
        for now, shown in zip(_published(db, before), then, strict=True)
        if not suppression.may_show(abs(now.shown - shown))
    ]


def _overlapping_changed(
    new: Sequence[CardFigure], changed: Sequence[CardFigure]
) -> set[CardFigure]:
    """Return the new figures that overlap with a figure in `changed`, that is, count some of the
    same families. The figures in `changed` were published and would be slightly different today;
    together with a new figure, they would reveal the few families that make the difference.
    """
    return {
        figure
        for figure in new
        for card_figure in changed
        if figure.measure == card_figure.measure
        and figure.teams & card_figure.teams
        and figure.span[0] < card_figure.span[1]
        and card_figure.span[0] < figure.span[1]
    }


def _years(
    db: Db, reader: Reader, before: Sequence[PublishedRow], teams: set[str] | None, last: int
) -> dict[int, list[CardFigure]]:
    """Return, for each year up to `last`, the figures that may be shown on the yearly report
    cards of these teams, or of all teams if `teams` is None. The figures of a year are protected
    together with those of earlier years, and of cards published before that year ended.
    """
    first = view.first_recorded(db)
    begins = first.astimezone(LONDON).year if first else last
    found_figures: dict[int, list[CardFigure]] = {}
    for year in range(min(begins, last), last + 1):
        ends = report_card.new_year(year + 1)
        earlier = [row for row in before if row.recorded < ends]
        published = {team for row in earlier for team in row.teams}
        figures = [
            figure
            for figure in _of_year(db, reader, year)
            if teams is None or figure.teams <= teams
        ]
        beside = [figure for figure in figures if figure.teams <= published]
        if beside:
            known_figures = [
                figure for year_figures in found_figures.values() for figure in year_figures
            ]
            known_figures = [figure for figure in known_figures if figure.teams <= published]
            kept_figures = set(
                protected(
                    beside, [*_published(db, earlier), *known_figures], _counts(db, published)
                )
            )
            figures = [
                figure
                for figure in figures
                if figure in kept_figures or not figure.teams <= published
            ]
        found_figures[year] = figures
    return found_figures


def _of_year(db: Db, reader: Reader, year: int) -> Iterator[CardFigure]:
    """Yield the figures that a year's report card shows by its own rule for small numbers."""
    span = report_card.new_year(year), report_card.new_year(year + 1)
    done_rows, complete = yearly.year(db, scope.unlimited(reader), year)
    for row in (*done_rows, *complete):
        if row.families is not None:
            yield CardFigure(frozenset({row.team}), span, row.measure, row.families, row.families)


def _counts(db: Db, teams: set[str]) -> Counts:
    return lambda since, until: view.recorded(db, since, until, teams)
