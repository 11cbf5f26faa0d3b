"""A report card of any period: whole figures within the team, and published ones as facts."""

import io
import zipfile
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from msgspec import structs
from pypdf import PdfReader

from commands.erasure import retention
from commands.families import referral
from commands.people_and_teams import (
    period_card,
    publishing_card,
    report_card,
    team_statements,
)
from commands.people_and_teams.period_card import Asked, PeriodCard
from domain.data_protection.access_log import ConsultationJustified
from domain.kernel.codes import CardMeasure, CardParts
from domain.kernel.values import Denied, Reader, Refused, Role
from domain.people_and_teams.published_card import CardProtectionChosen, CardPublished
from domain.people_and_teams.store_admin import ExportMade
from domain.people_and_teams.team_service import ServiceStated
from projections.families import cases
from tests.access.rights import Rights
from tests.commands.office import Office
from usecases.families.report_card import ReadCard
from usecases.kernel.numbered_copy import printed
from usecases.kernel.workbook import workbook

FIRST, LAST = date(2011, 1, 1), date(2011, 3, 31)


def somebody(office: Office, role: Role, team: str = "Engage") -> Reader:
    return Rights((role,), (team,)).of(structs.replace(office.reader, name=role))


def wanted(
    office: Office,
    since: date | None = FIRST,
    until: date | None = LAST,
    by: CardParts | None = None,
    teams: tuple[str, ...] = (),
    as_known: date | None = None,
) -> Asked:
    return period_card.asked(since, until, by, teams, as_known, office.desk.clock())


def referred(office: Office, number: int, day: date = FIRST) -> None:
    received = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    for _ in range(number):
        referral.receive(office.desk, office.reader, child="Kayleigh Marlow", received=received)


def figure(card: PeriodCard, measure: CardMeasure = "referred") -> list[int | str]:
    return [row.how_many for row in card.figures if row.measure == measure]


def test_the_edition_of_the_team_has_whole_figures_for_a_recorded_purpose(office: Office) -> None:
    referred(office, 3)
    manager, now = somebody(office, "manager"), office.desk.clock()
    card = period_card.of_team(office.desk, manager, now, wanted(office), " funding  bid ")
    assert figure(card) == [3]
    assert [(row.referred, row.with_worker) for row in card.support] == [(3, 0)]
    assert "read by manager on 18.03.2011, for: funding bid" in card.notes[0]
    (reason,) = office.events(ConsultationJustified, "access")
    assert reason.reason.endswith("funding bid")
    with pytest.raises(
        Refused, match="give the purpose for which you read the whole figures,"
    ) as refused:
        period_card.of_team(office.desk, manager, now, wanted(office), " ")
    assert refused.value.field == "used_for"


@pytest.mark.usually_on("sqlite")
def test_nobody_else_reads_whole_figures_or_the_families_behind_them(office: Office) -> None:
    referred(office, 3)
    now = office.desk.clock()
    roles: tuple[Role, ...] = ("evaluator", "auditor", "psw", "detective", "administrator")
    for role in roles:
        reader = somebody(office, role)
        with pytest.raises(Denied):
            period_card.of_team(office.desk, reader, now, wanted(office), "curiosity")
    other = somebody(office, "manager", "Deter")
    assert figure(period_card.of_team(office.desk, other, now, wanted(office), "a bid")) == []
    named = wanted(office, teams=("Engage",))
    with pytest.raises(Denied, match="you do not manage Engage"):
        period_card.of_team(office.desk, other, now, named, "a bid")
    with pytest.raises(Denied, match="you do not manage Engage"):
        period_card.families(office.desk, other, wanted(office), "referred", "Engage")
    supervisor = somebody(office, "supervisor")
    listed = period_card.families(office.desk, supervisor, wanted(office), "referred", "Engage")
    assert len(listed) == 3
    with pytest.raises(Refused, match="in confidence"):
        period_card.families(office.desk, supervisor, wanted(office), "answered", "Engage")


@pytest.mark.usually_on("sqlite")
def test_parts_stand_beside_each_other_and_a_day_says_what_was_known(office: Office) -> None:
    referred(office, 2, date(2010, 11, 5))
    referred(office, 3)
    now = office.desk.clock()
    parts = wanted(office, date(2010, 10, 1), by="quarter")
    card = period_card.of_team(office.desk, office.reader, now, parts, "a bid")
    assert figure(card) == [2, 3]
    late = [row.late for row in card.figures if row.measure == "referred"]
    assert late == ["0 by the end of the period, 2 now", None], "recorded in March 2011"
    before = wanted(office, date(2010, 10, 1), date(2010, 12, 31), as_known=date(2010, 12, 31))
    card = period_card.of_team(office.desk, office.reader, now, before, "a bid")
    assert figure(card) == [], "nothing was recorded by then"


def test_a_published_card_is_a_fact_that_its_readers_read(office: Office) -> None:
    referred(office, 12)
    office.later(24 * 30)
    manager, evaluator = somebody(office, "manager"), somebody(office, "evaluator")
    once = uuid4()
    for _ in range(2):
        publishing_card.publish(office.desk, manager, wanted(office), command_id=once)
    (event,) = office.events(CardPublished)
    shown = {one.measure: one.families for one in event.figures}
    assert (shown["referred"], shown["parents-worker"], event.teams) == (12, 0, ("Engage",))
    assert figure(period_card.published(office.desk, evaluator, wanted(office))) == [12]
    far = somebody(office, "evaluator", "Deter")
    assert figure(period_card.published(office.desk, far, wanted(office))) == []
    with pytest.raises(Refused, match="published already"):
        publishing_card.publish(office.desk, manager, wanted(office))
    with pytest.raises(Denied, match="allocate workers"):
        publishing_card.publish(office.desk, evaluator, wanted(office))
    nowhere = wanted(office, teams=("Nowhere",))
    with pytest.raises(Refused, match="a team called Nowhere"):
        publishing_card.publish(office.desk, office.reader, nowhere)
    with pytest.raises(Refused, match="has ended") as refused:
        publishing_card.publish(office.desk, manager, wanted(office, until=date(2011, 12, 31)))
    assert refused.value.field == "until"


@pytest.mark.usually_on("sqlite")
def test_a_published_card_has_table_one_of_its_teams_and_of_no_other(office: Office) -> None:
    """What a team offers is no figure of families: an evaluator reads it beside withheld ones."""
    for team in ("Engage", "Deter"):
        stated = ServiceStated(team, "training", "offered", date(2011, 1, 1), "schools")
        team_statements.state_service(office.desk, office.reader, stated)
    referred(office, 2)
    office.later(24 * 30)
    publishing_card.publish(office.desk, somebody(office, "manager"), wanted(office))
    card = period_card.published(office.desk, somebody(office, "evaluator"), wanted(office))
    assert figure(card) == ["withheld"]
    said = {(one.team, one.activity): (one.answer, one.whom) for one in card.services}
    assert said["Engage", "training"] == ("yes", "schools")
    assert said["Engage", "peer-support"] == ("NK", None)
    assert {team for team, _ in said} == {"Engage"}


@pytest.mark.usually_on("sqlite")
def test_a_second_card_tells_no_difference_from_the_first(office: Office) -> None:
    """Twelve referrals are published until March; a card until April would reveal that there were
    two more, so it hides them.
    """
    referred(office, 12)
    office.later(24 * 20)
    referred(office, 2, date(2011, 4, 5))
    office.later(24 * 60)
    publishing_card.publish(office.desk, office.reader, wanted(office))
    longer = wanted(office, until=date(2011, 4, 30))
    publishing_card.publish(office.desk, office.reader, longer)
    card = period_card.published(office.desk, office.reader, longer)
    assert figure(card) == [12, "withheld"]


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("changes", [0, 1])
def test_a_longer_card_tells_of_no_record_that_was_taken_out_since(
    office: Office, changes: int
) -> None:
    """A card of January to March is published with twelve families; after one is restricted, a
    longer card does not reveal it.
    """
    referred(office, 12)
    office.later(24 * 30)
    publishing_card.publish(office.desk, office.reader, wanted(office))
    referred(office, 20, date(2011, 4, 5))
    office.later(24 * 30)
    with office.system.reading() as db:
        case = next(iter(cases.of_teams(db)))[0]
    for _ in range(changes):
        told = office.desk, office.reader, [case], "he contests it"
        retention.restrict(*told, ground="part-3-s47-3")
    longer = wanted(office, until=date(2011, 4, 30))
    publishing_card.publish(office.desk, office.reader, longer)
    card = period_card.published(office.desk, office.reader, longer)
    assert figure(card) == [12, "withheld" if changes else 32]


@pytest.mark.usually_on("sqlite")
def test_the_card_of_a_year_tells_no_difference_from_what_was_published(office: Office) -> None:
    referred(office, 12)
    office.later(24 * 30)
    publishing_card.publish(office.desk, office.reader, wanted(office))
    referred(office, 2, date(2011, 4, 5))
    office.later(24 * 365)
    now = office.desk.clock()
    card = report_card.read(office.desk, office.reader, now, 2011)
    assert [row.how_many for row in card.figures if row.measure == "referred"] == ["withheld"]
    assert not card.children, "their groups add up to the fourteen who were referred"
    assert not card.early


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(
    ("protection", "refused", "shown"),
    [
        ("longer-periods", "at least 12 months", None),
        ("pooling-teams", "name at least two", None),
        ("rounding", None, 10),
    ],
)
def test_the_chosen_protection_counts_and_the_card_names_it(
    office: Office, protection: str, refused: str | None, shown: int | None
) -> None:
    referred(office, 12)
    office.later(24 * 30)
    chosen = CardProtectionChosen(protection, "small teams")  # type: ignore[arg-type]
    with pytest.raises(Denied):
        publishing_card.choose(office.desk, somebody(office, "evaluator"), chosen)
    publishing_card.choose(office.desk, office.reader, chosen)
    if refused:
        with pytest.raises(Refused, match=refused):
            publishing_card.publish(office.desk, office.reader, wanted(office))
        return
    publishing_card.publish(office.desk, office.reader, wanted(office))
    card = period_card.published(office.desk, office.reader, wanted(office))
    assert figure(card) == [shown]
    assert any("rounded to multiples of 5" in note for note in card.notes)


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        (ReadCard(since=FIRST), "give both"),
        (ReadCard(since=FIRST, until=date(2010, 1, 1)), "correct one of its days"),
        (ReadCard(since=date(1981, 1, 1), until=LAST), "at most 20 years"),
        (ReadCard(since=date(2012, 1, 1), until=date(2012, 2, 1)), "has not begun"),
        (ReadCard(year=2010, edition="team"), "a year, or a period"),
        (
            ReadCard(since=FIRST, until=LAST, as_known=LAST),
            "only the edition of the team can be shown as known at another date",
        ),
        (
            ReadCard(since=FIRST, until=LAST, edition="team"),
            "give the purpose for which you read the whole figures,",
        ),
        (ReadCard(since=date(2000, 1, 1), until=LAST, by="quarter"), "at most 40"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    office: Office, asked: ReadCard, refused: str
) -> None:
    with pytest.raises(Refused, match=refused):
        asked.told(office.desk, office.reader, office.desk.clock())


@pytest.mark.usually_on("sqlite")
def test_what_leaves_bears_its_marking_and_its_purpose_is_on_record(office: Office) -> None:
    referred(office, 3)
    asked = ReadCard(since=FIRST, until=LAST, edition="team", used_for="the board")
    now, shown = office.desk.clock(), list[object]()
    content = printed(asked, office.desk, office.reader, now, shown.append)
    (copy,) = office.events(ExportMade, "access")
    assert (copy.form, copy.filters["used_for"], len(shown)) == ("paper", "the board", 1)
    first = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "within the team" in first
    assert "for: the board" in first
    book = workbook(asked, asked.told(office.desk, office.reader, now), {})
    with zipfile.ZipFile(io.BytesIO(book)) as sheets:
        names = [name for name in sheets.namelist() if name.startswith("xl/worksheets/sheet")]
        assert all(b"Within the team: read by ds.hart" in sheets.read(name) for name in names)
    with pytest.raises(Refused, match="a report card is printed for a period"):
        printed(ReadCard(year=2010), office.desk, office.reader, now, shown.append)
