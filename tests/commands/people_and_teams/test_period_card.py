"""Within the team, a report card of any period shows all figures. Figures that are published are
also recorded as events."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
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
from domain.kernel.envelope import LogName
from domain.kernel.values import Denied, Reader, Refused, Role
from domain.people_and_teams.published_card import CardProtectionChosen, CardPublished
from domain.people_and_teams.store_admin import ExportMade
from domain.people_and_teams.team_service import ServiceStated
from installation import auditing
from ledger import verify
from ledger.proof import auditor_policy
from ledger.proof.receipt import Receipt as LogReceipt
from ledger.store.recorder import LogRecorder
from ledger.witness import signer
from projections.families import cases
from tests.access.rights import Rights
from tests.commands.office import Office
from usecases.families.report_card import ReadCard
from usecases.kernel.csv_tables import csv_tables
from usecases.kernel.numbered_copy import printed
from usecases.kernel.question import document
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
    return period_card.requested_card(since, until, by, teams, as_known, office.desk.clock())


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
        Refused, match="give the purpose for which you read the complete figures,"
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
    """A published report card contains Table One, which lists a team's services, for the teams of
    the card and for no other team."""
    for team in ("Engage", "Deter"):
        stated = ServiceStated(team, "training", "offered", date(2011, 1, 1), "schools")
        team_statements.state_service(office.desk, office.reader, stated)
    referred(office, 2)
    office.later(24 * 30)
    publishing_card.publish(office.desk, somebody(office, "manager"), wanted(office))
    card = period_card.published(office.desk, somebody(office, "evaluator"), wanted(office))
    assert figure(card) == ["withheld"]
    said = {
        (service.team, service.activity): (service.answer, service.whom)
        for service in card.services
    }
    assert said["Engage", "training"] == ("yes", "schools")
    assert said["Engage", "peer-support"] == ("NK", None)
    assert {team for team, _ in said} == {"Engage"}


@pytest.mark.usually_on("sqlite")
def test_a_second_card_tells_no_difference_from_the_first(office: Office) -> None:
    """A report card of January to March is published and shows twelve referrals. A later card of
    January to April would reveal that there were two more, so the later card hides the number of
    referrals.
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
    """A published report card of January to March shows twelve families. If one family's record is
    restricted later, a card of a longer period does not reveal that a family is missing."""
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
            "only the edition team of a report card can be shown as known at another date",
        ),
        (
            ReadCard(since=FIRST, until=LAST, edition="team"),
            "give the purpose for which you read the complete figures,",
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


def read_as_json(office: Office, asked: ReadCard) -> dict[str, Any]:
    """Return the report card of the period `asked` in the form that programs get, as JSON."""
    answer = asked.told(office.desk, office.reader, office.desk.clock())
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document(ReadCard, answer)))
    return found


def test_the_root_on_a_card_is_the_logs_and_a_changed_one_is_found(
    office: Office, tmp_path: Path
) -> None:
    """The JSON of a report card contains the position and the root hash of the log, so that a
    reader can check the card against the log or a signed checkpoint. A changed root hash is
    noticed."""
    referred(office, 3)
    told = read_as_json(office, ReadCard(since=FIRST, until=LAST, edition="team", used_for="a bid"))
    receipt = told["receipt"]
    assert receipt["seq"] == office.system.logs["evidence"].last()
    office.words("Recorded after the card was read")
    with auditing.open_office(office.settings, tmp_path / "public") as auditor:
        records: dict[LogName, LogRecorder] = {"evidence": auditor.records["evidence"]}
        policy = signer.init(tmp_path / "signer", records)
        pinned = auditor_policy.read(policy)["evidence"]
        place = tmp_path / "signer", tmp_path / "public"
        signer.Signer("evidence", records["evidence"], pinned, *place).round()

        def findings(changed: dict[str, Any]) -> list[str]:
            card = tmp_path / "card.json"
            card.write_text(json.dumps(told | {"receipt": receipt | changed}))
            (report,) = auditor.verify(["evidence"], None, [], [card])
            return [finding.words for finding in report.findings]

        def proof(changed: dict[str, Any]) -> list[str]:
            card = tmp_path / "card.json"
            card.write_text(json.dumps(told | {"receipt": receipt}))
            made = auditor.prove_receipt(card)
            return verify.check(made | {"receipt": receipt | changed}, json.loads(policy))

        assert findings({}) == []
        assert "among the" in proof({})[0]
        for changed in ({"root": "00" * 32}, {"seq": receipt["seq"] - 1}, {"leaf": "00" * 32}):
            assert "receipt was given for" in findings(changed)[0]
            with pytest.raises(verify.DoesNotHold):
                proof(changed)


def test_a_card_as_known_on_a_day_has_the_root_of_that_day(office: Office) -> None:
    referred(office, 3)
    log = office.system.logs["evidence"]
    then, day = log.last(), office.desk.today()
    asked = ReadCard(since=FIRST, until=LAST, edition="team", used_for="a bid", as_known=day)
    first = read_as_json(office, asked)
    assert first["receipt"] == log.receipt(1, then).as_json()
    office.later(48)
    referred(office, 2)
    assert read_as_json(office, asked) == first, "later records change neither figures nor root"
    now = read_as_json(office, structs.replace(asked, as_known=None))["receipt"]
    assert now == log.receipt(1, log.last()).as_json()
    nothing = structs.replace(asked, since=date(2010, 1, 1), as_known=date(2010, 6, 1))
    assert read_as_json(office, nothing)["receipt"] is None
    answer = nothing.told(office.desk, office.reader, office.desk.clock())
    assert any("an evidence log without records" in note for note in answer.notes)


@pytest.mark.usually_on("sqlite")
def test_every_form_of_a_card_names_position_and_root(office: Office) -> None:
    referred(office, 12)
    office.later(24 * 30)
    publishing_card.publish(office.desk, somebody(office, "manager"), wanted(office))
    log = office.system.logs["evidence"]
    published = log.receipt(1, log.last())
    office.later(24)
    referred(office, 2)
    now = office.desk.clock()
    editions: list[tuple[ReadCard, LogReceipt]] = [
        (ReadCard(since=FIRST, until=LAST, edition="published"), published),
        (
            ReadCard(since=FIRST, until=LAST, edition="team", used_for="the board"),
            log.receipt(1, log.last()),
        ),
    ]
    for asked, receipt in editions:
        answer = asked.told(office.desk, office.reader, now)
        expected = f"the first {receipt.seq:,} records of the evidence log, with the root "
        expected += f"{receipt.root.hex()}."
        assert document(ReadCard, answer)["receipt"].root == receipt.root.hex()
        assert any(expected in note for note in answer.notes)
        with zipfile.ZipFile(io.BytesIO(csv_tables(asked, answer))) as archive:
            assert expected in archive.read("notes.txt").decode()
        with zipfile.ZipFile(io.BytesIO(workbook(asked, answer, {}))) as sheets:
            texts = sheets.read("xl/sharedStrings.xml").decode()
            assert receipt.root.hex() in texts
        content = printed(asked, office.desk, office.reader, now, list[object]().append)
        words = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        assert receipt.root.hex() in "".join(words.split())
