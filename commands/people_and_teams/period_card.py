"""Report cards of any period. A card for the managers of a team has whole figures; a published card
withholds small figures.

The file is long because everything on one card is put together here, with its flags.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct, field, structs

from access.who_may import scope
from access.who_may.decide import require
from commands.kernel import right_time
from commands.kernel.unit_of_work import Desk, save_alone
from commands.people_and_teams import card_summary
from commands.people_and_teams.card_claims import claims
from commands.people_and_teams.card_statistics import wilson
from domain.data_protection.access_log import ConsultationJustified
from domain.forms.card_period import CardPeriod, moment, periods
from domain.forms.intervals import LONDON
from domain.kernel.codes import CardEdition, CardMeasure, CardParts
from domain.kernel.log import LogRoot
from domain.kernel.values import Denied, Reader, Refused
from domain.people_and_teams.published_card import PROTECTIONS, PUBLICATIONS
from domain.people_and_teams.report_card import BANDS, CAUTION, MEASURES, UNKNOWN
from domain.people_and_teams.team_service import COUNTED_BY
from projections.composed import card_children, card_claims
from projections.composed import card_periods as view
from projections.composed.card_children import TeamChildren
from projections.composed.card_costs import CostLine
from projections.composed.card_objectives import ObjectiveRow
from projections.composed.card_periods import Families, TeamRecord
from projections.composed.card_rows import (
    NOT_KNOWN,
    UNLISTED,
    ChildrenRow,
    ClaimRow,
    PeriodRow,
    SupportRow,
)
from projections.families import report_card
from projections.families.report_card import PublishedRow
from projections.kernel import runner
from projections.kernel.database import Db
from projections.people_and_teams import team_statements
from projections.people_and_teams.team_statements import ServiceRow

#: The number of families below which a share is marked as the share of a small group.
SMALL = 30
#: The longest text for the purpose of reading a report card.
PURPOSE = 500


class Asked(Struct, frozen=True):
    """A reader's request for a report card: the periods, the teams (none means all that the reader
    may see), and the moment up to which recorded facts count. `day` is the day of this moment as
    the reader gave it, or None.
    """

    periods: tuple[CardPeriod, ...]
    teams: tuple[str, ...]
    known: datetime
    day: date | None = None


class WholeCard(Struct, frozen=True):
    """The whole content of a report card: the figures, the numbers of children by group, the
    evaluation report's statements about families, the evidence for the objectives, and the costs.
    Like the evaluation report, it has Table One (the activities that teams offer) and Table Two
    (the support of families).
    """

    figures: list[PeriodRow] = field(default_factory=list)
    support: list[SupportRow] = field(default_factory=list)
    children: list[ChildrenRow] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    objectives: list[ObjectiveRow] = field(default_factory=list)
    services: list[ServiceRow] = field(default_factory=list)
    costs: list[CostLine] = field(default_factory=list)


class PeriodCard(WholeCard, frozen=True):
    """A report card with notes for its readers. `receipt` is the root hash of the log at the
    position at which the card was made; None if nothing was recorded then.
    """

    notes: tuple[str, ...] = ()
    receipt: LogRoot | None = None


def choose_edition(
    year: int | None,
    since: date | None,
    until: date | None,
    edition: CardEdition | None,
    as_known: date | None,
) -> CardEdition | Literal["year"]:
    """Return the kind of report card that a reader requests: the edition (team or published) of a
    card for a period, or "year" for a yearly card. Raises Refused if a year is given together with
    a period or an edition, or if the day `as_known` is given for a card that is not the team's
    edition.
    """
    period = since is not None or until is not None
    if year is not None and (period or edition):
        raise Refused(
            "give either a year, or a period and an edition (team or published)", field="year"
        )
    if as_known and edition != "team":
        raise Refused(
            "published figures do not change, so only the edition team of a report card can be "
            "shown as known at another date: leave out the date, or choose the edition team",
            field="as_known",
        )
    if period or edition:
        return edition or "published"
    return "year"


def requested_card(
    since: date | None,
    until: date | None,
    parts: CardParts | None,
    teams: Sequence[str],
    as_known: date | None,
    now: datetime,
) -> Asked:
    """Return the period and teams of the report card that a reader requests. Raises Refused if the
    first or the last day of the period is missing, if the period begins in the future, if the day
    `as_known` is before the period, and if `domain.forms.card_period.periods` does."""
    if since is None or until is None:
        missing = "since" if since is None else "until"
        raise Refused(
            "the first or the last day of the period is missing: give both", field=missing
        )
    today = now.astimezone(LONDON).date()
    if since > today:
        raise Refused(
            "the period of this report card has not begun: give an earlier period", field="since"
        )
    known_moment = moment((as_known or today) + timedelta(days=1))
    if as_known and as_known < since:
        raise Refused(
            "the date as at which the figures are known is before the period of the report "
            "card: give a later date",
            field="as_known",
        )
    named = tuple(dict.fromkeys(team.strip() for team in teams if team.strip()))
    return Asked(tuple(periods(since, until, parts)), named, known_moment, as_known)


def of_team(
    desk: Desk, reader: Reader, now: datetime, wanted: Asked, purpose: str | None
) -> PeriodCard:
    """Return a report card with the whole figures of the teams that the reader manages, and record
    the purpose of reading it.

    Raises what `printed_of_team` raises.
    """
    card = printed_of_team(desk, reader, now, wanted, purpose)
    reason = f"report card, edition of the team: {_purpose(purpose)}"
    justified = ConsultationJustified(reason)
    save_alone(desk, reader, "access", desk.new_id(), justified, desk.new_random_id())
    return card


def printed_of_team(
    desk: Desk, reader: Reader, now: datetime, wanted: Asked, purpose: str | None
) -> PeriodCard:
    """Return a report card with whole figures for printing. The purpose of reading it is recorded
    with the printed copy.

    Raises Denied for a role that manages no team, and for a team that the reader does not manage;
    Refused if there is no purpose; LogUnavailable.
    """
    require_manager(reader, wanted.teams)
    words = _purpose(purpose)
    with desk.asking() as db:
        card = whole(db, reader, wanted)
        position = runner.positions(db)[report_card.VIEW.name, "evidence"]
    right = right_time.current_state(desk)
    known_last = right.last_by(desk.logs["evidence"], wanted.known - timedelta(microseconds=1))
    receipt = _receipt(desk, min(position, known_last))
    marked = (
        f"Within the team: read by {reader.name} on {now.astimezone(LONDON):%d.%m.%Y}, for: "
        f"{words}. Not to be passed on or published: it holds small figures."
    )
    as_known = f"As known on {wanted.day:%d.%m.%Y}." if wanted.day else "As known now."
    counts = "Figures count by the day on which something happened. " + as_known
    notes = (marked, counts, _log_note("Read from", receipt), CAUTION[0], CAUTION[2])
    return PeriodCard(**structs.asdict(card), notes=notes, receipt=receipt)


def _receipt(desk: Desk, position: int) -> LogRoot | None:
    return desk.root_at(position) if position else None


def _log_note(origin: str, receipt: LogRoot | None) -> str:
    """Return a sentence with the position and the root of the log."""
    if receipt is None:
        return f"{origin} an evidence log without records."
    return (
        f"{origin} the first {receipt.seq:,} records of the evidence log, with the root "
        f"{receipt.root}."
    )


def _purpose(purpose: str | None) -> str:
    words = " ".join((purpose or "").split())
    if not words or len(words) > PURPOSE:
        raise Refused(
            f"give the purpose for which you read the complete figures, in up to {PURPOSE} "
            "characters",
            field="used_for",
        )
    return words


def require_manager(reader: Reader, teams: Collection[str]) -> None:
    """Raise Denied unless the reader manages each of these teams. A DCI may see the whole figures
    of all teams.
    """
    require(reader, "see-card")
    require(reader, "allocate")
    if not reader.closed or "dci" in reader.roles:
        return
    if foreign := sorted(set(teams) - reader.teams):
        raise Denied(
            f"only managers of a team see its complete figures: you do not manage {foreign[0]}"
        )


def families(
    desk: Desk, reader: Reader, wanted: Asked, measure: CardMeasure, team: str
) -> list[UUID]:
    """Return the families that one figure of a team's report card counts, as far as the reader may
    see them. Raises Denied if `of_team` does, Refused for a figure whose families are never listed,
    LogUnavailable.
    """
    require_manager(reader, (team,))
    if measure in UNLISTED:
        raise Refused(
            "the families that this figure counts are not listed, because the figure comes "
            "from what parents said in confidence",
            field="measure",
        )
    (period,) = wanted.periods
    with desk.asking() as db:
        return view.cases(db, reader, period, wanted.known, measure, team)


def whole(db: Db, reader: Reader, wanted: Asked) -> WholeCard:
    """Return the figures, the lines of Table Two and the numbers of children by group, for each
    team that the reader manages and each period.
    """
    figures: list[PeriodRow] = []
    support: list[SupportRow] = []
    counted_periods = [
        (
            period,
            view.families(db, reader, period, wanted.known, wanted.teams),
            view.records(db, reader, period, wanted.known, wanted.teams),
        )
        for period in wanted.periods
    ]
    teams = sorted({team for *_, records in counted_periods for team in records})
    services = team_statements.matrix(db, wanted.periods[-1].until, teams) if teams else []
    for team in teams:
        for period, counted, records in counted_periods:
            of_team = counted.get(team, Families())
            rows = list(_figures(team, period, wanted, of_team, records.get(team, TeamRecord())))
            rows = [_beside_services(row, services) for row in rows]
            figures += [replace(row, place=len(figures) + at) for at, row in enumerate(rows)]
            with_worker = of_team.without_referral["parents-worker"]
            support.append(_support(rows, with_worker, records.get(team, TeamRecord())))
    children: list[ChildrenRow] = []
    for period in wanted.periods:
        referred = card_children.children(db, reader, period, wanted.known, wanted.teams)
        for team in sorted(referred):
            for row in _children(team, period, referred[team]):
                children.append(replace(row, place=len(children)))
    claim_rows = [replace(row, place=n) for n, row in enumerate(_claims(db, reader, wanted))]
    costs = card_summary.costs(db, reader, wanted.periods, wanted.known, teams)
    objectives = card_summary.objectives(figures, costs)
    return WholeCard(figures, support, children, claim_rows, objectives, services, costs)


def _claims(db: Db, reader: Reader, wanted: Asked) -> Iterator[ClaimRow]:
    for period in wanted.periods:
        of_period = db, reader, period, wanted.known, wanted.teams
        referred = card_claims.referred(*of_period)
        tried, views = card_claims.tried(*of_period), card_claims.views(*of_period)
        teams = {row.team for row in referred} | {row.team for row in tried} | views.keys()
        for team in sorted(teams):
            yield from claims(
                team,
                period,
                [row for row in referred if row.team == team],
                [row for row in tried if row.team == team],
                views.get(team),
            )


def _children(team: str, period: CardPeriod, children: TeamChildren) -> Iterator[ChildrenRow]:
    rows = (
        (name, group, number)
        for name, groups in children.groups.items()
        for group, number in sorted(groups.items(), key=lambda one: (one[0] == UNKNOWN, one[0]))
    )
    for name, group, number in rows:
        low, high = _interval(number, children.number)
        yield ChildrenRow(
            place=0,
            team=team,
            since=period.since,
            until=period.until,
            of=name,
            group=NOT_KNOWN if group == UNKNOWN else group,
            children=number,
            whole=children.number,
            low=low or 0,
            high=high or 0,
            flags=tuple(_child_flags(name, group, children)),
        )


def _child_flags(name: str, group: str, children: TeamChildren) -> Iterator[str]:
    """Yield remarks about one group of a team's children on a report card: that its number is
    doubtful or incomplete, or that the group is small.
    """
    if name == "age when referred" and group == BANDS[0][1] and children.between:
        yield (
            f"{children.between} of 12 years: the bands of the report, under 12 and from 13, leave "
            "them out"
        )
    if group == UNKNOWN and name == "age when referred" and children.unclear:
        yield f"{children.unclear} with a reported age that can be read in more than one way"
    if group == UNKNOWN and name != "model":
        yield "the other groups do not add up to all children"
    if children.number < SMALL:
        yield f"small group: {children.number} children"


def _figures(
    team: str, period: CardPeriod, wanted: Asked, families: Families, record: TeamRecord
) -> Iterator[PeriodRow]:
    numbers = families.numbers
    flags = _flags(period, numbers, record)
    unknown = bool(record.unreferred) and not numbers["referred"]
    for measure, definition in MEASURES.items():
        of_unknown = unknown and definition.of == "referred"
        whole = None if definition.of is None or of_unknown else numbers[definition.of]
        number = (families.without_referral if of_unknown else numbers)[measure]
        low, high = _interval(number, whole)
        small = (f"small group: {whole} families",) if whole and whole < SMALL else ()
        lacks = unknown and measure == "referred"
        yield PeriodRow(
            place=0,
            team=team,
            since=period.since,
            until=period.until,
            as_known=wanted.day,
            measure=measure,
            families=None if lacks else number,
            of=whole,
            then=None if lacks or of_unknown else families.in_time[measure],
            low=low,
            high=high,
            unknown=lacks,
            flags=(*flags.get(measure, ()), *small),
            unlisted=measure in UNLISTED or not numbers[measure],
        )


def _beside_services(row: PeriodRow, services: Sequence[ServiceRow]) -> PeriodRow:
    """Return the row of a report card, with a flag for each activity that it counts although the
    team says that it does not offer the activity.
    """
    activity = COUNTED_BY.get(row.measure)
    for service in services:
        if (service.team, service.activity, service.state) == (row.team, activity, "not-offered"):
            return replace(row, flags=(*row.flags, f"the team states no {service.says.casefold()}"))
    return row


def _flags(
    period: CardPeriod, numbers: Counter[CardMeasure], record: TeamRecord
) -> Mapping[CardMeasure, tuple[str, ...]]:
    """Return warnings about a team's figures for a period, by measure; for example, that the record
    is incomplete. A warning is shown beside its figure, and does not change the figure.
    """
    flags: dict[CardMeasure, tuple[str, ...]] = {}
    if record.begins and record.begins >= moment(_next_month(period.since)):
        begins = record.begins.astimezone(LONDON).date()
        covered = CardPeriod(begins, max(begins, period.until)).months
        flags["referred"] = (
            f"the record begins in {begins:%B %Y}: {covered} of {period.months} months",
        )
    if record.unreferred:
        number = record.unreferred
        flags["referred"] = (
            *flags.get("referred", ()),
            f"{number} with a worker for the parents and no recorded referral",
        )
    if record.pending:
        flags["court-support"] = (f"{record.pending} of these wait for a result",)
    if numbers["charge"] < numbers["arrest"]:
        flags["charge"] = (f"fewer than the {numbers['arrest']} with an arrest",)
    if numbers["conviction"] > numbers["charge"]:
        flags["conviction"] = (f"more than the {numbers['charge']} with a charge",)
    for measure, number in record.one_of_several.items():
        flags[measure] = (f"{number} with a brother or sister of whom none is recorded",)
    if record.risen:
        flags["out-of-harm"] = (
            *flags.get("out-of-harm", ()),
            f"{record.risen} without an exit, and rated higher at last than at first",
        )
    return flags


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _support(rows: Sequence[PeriodRow], with_worker: int, record: TeamRecord) -> SupportRow:
    """Return the line of Table Two about the support of families."""
    by_measure = {row.measure: row for row in rows}
    referred, supported = by_measure["referred"], by_measure["court-support"]
    flags = (*referred.flags, *supported.flags)
    return SupportRow(
        referred.team,
        referred.since,
        referred.until,
        referred.families,
        with_worker,
        supported.families or 0,
        record.pending,
        flags,
    )


def _interval(number: int, whole: int | None) -> tuple[int | None, int | None]:
    """Return the 95 % interval (Wilson) of the share of `number` in `whole`, in percent; None if
    `whole` is missing.
    """
    if not whole:
        return None, None
    low, high = wilson(number, whole)
    return round(100 * low), round(100 * high)


def published(desk: Desk, reader: Reader, wanted: Asked) -> PeriodCard:
    """Return the published report cards of periods within the requested period, for the teams whose
    cards the reader may read. Raises Denied, LogUnavailable.
    """
    require(reader, "see-card")
    first, last = wanted.periods[0].since, wanted.periods[-1].until
    reach = scope.case_figures(reader, "see-card").teams
    rows: list[PeriodRow] = []
    notes: dict[str, None] = {}
    with desk.asking() as db:
        cards = [
            card
            for card in view.published(db)
            if first <= card.since and card.until <= last and card.recorded < wanted.known
            if not wanted.teams or not set(wanted.teams).isdisjoint(card.teams)
            if reach is None or reach.intersection(card.teams)
        ]
        teams = {team for card in cards for team in card.teams}
        services = team_statements.matrix(db, last, teams) if teams else []
    receipt = _receipt(desk, _last_publication(desk, cards))
    for card in cards:
        notes[PROTECTIONS[card.protection]] = None
        numbers = {figure.measure: figure.families for figure in card.figures}
        for figure in card.figures:
            whole = MEASURES[figure.measure].of
            rows.append(
                PeriodRow(
                    place=len(rows),
                    team=", ".join(card.teams),
                    since=card.since,
                    until=card.until,
                    as_known=None,
                    measure=figure.measure,
                    families=figure.families,
                    of=numbers.get(whole) if whole else None,
                    unknown=not figure.recorded,
                )
            )
    counts = "Published figures, each as it was published. Families count by the day of the record."
    objectives = card_summary.objectives(rows)
    offered = "What each team offers is as it states it now, of the last day of the period."
    position = (_log_note("Published in", receipt),) if receipt else ()
    offered_note = (offered,) if services else ()
    notes_shown = (counts, *notes, *offered_note, *position, CAUTION[0], CAUTION[2])
    return PeriodCard(
        figures=rows,
        objectives=objectives,
        services=services,
        notes=notes_shown,
        receipt=receipt,
    )


def _last_publication(desk: Desk, cards: Sequence[PublishedRow]) -> int:
    """Return the position in the log of the last of these publications; 0 for none."""
    if not cards:
        return 0
    last = max(card.version for card in cards)
    facts = desk.logs["evidence"].history(PUBLICATIONS)
    return next(fact.seq for fact in facts if fact.version == last)
