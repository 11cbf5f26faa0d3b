"""A person's status on a day follows from the facts recorded by then. Without such a fact, it is
shown as not known."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from commands.families import casework
from commands.justice import arrest_to_result, court
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from domain.families.referral import CaseClosed, MissingFound, MissingReported, WorkerAllocated
from domain.intelligence.entity import CustodyStated
from domain.justice.arrest_to_result import (
    ArrestMade,
    ChargeBrought,
    ResultRecorded,
    ResultReopened,
)
from domain.justice.court import BailEnded, BailSet
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Role
from projections.families import cases
from questions.intelligence import person
from questions.justice.status import of_person as status_of
from questions.justice.status import status
from tests.commands.office import Office, opened
from tests.domain.given import uid

MAN, CASE, ONE, OTHER, THIRD = map(uid, range(1, 6))
START = datetime(2011, 3, 1, 9, tzinfo=UTC)
UNTIL = date(2011, 5, 1)
arrest = (ONE, ArrestMade(MAN))
bail = (OTHER, BailSet(CASE, MAN, "not near her", UNTIL))
charge = (THIRD, ChargeBrought(MAN))
remand = (MAN, CustodyStated("on-remand", date(2011, 2, 28), "the court"))
licence = (MAN, CustodyStated("on-licence", date(2011, 3, 2), "probation", date(2012, 3, 2)))
allocated = (CASE, WorkerAllocated("psw.ellis", "child"))
away = (CASE, MissingReported(START - timedelta(hours=4)))


def facts(*history: tuple[UUID, Event]) -> list[Recorded]:
    """Return facts with these events in these streams, recorded a day apart."""
    return [
        Recorded(
            "evidence",
            number,
            stream,
            1,
            START + timedelta(days=number),
            "ds.hale",
            "Engage",
            "police",
            "part-3",
            (),
            uid(90 + number),
            event,
        )
        for number, (stream, event) in enumerate(history)
    ]


def status_words(*history: tuple[UUID, Event], today: date = date(2011, 4, 1)) -> list[str]:
    return [one.words for one in status(facts(*history), today)]


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ((), []),
        ((arrest,), ["Arrested"]),
        ((arrest, bail), ["On bail to 1 May 2011", "Arrested"]),
        ((arrest, bail, charge), ["On bail to 1 May 2011", "Charged"]),
        ((bail, (OTHER, BailEnded("breached"))), ["On bail to 1 May 2011, breached"]),
        ((arrest, bail, (OTHER, BailEnded("ended"))), ["Arrested"]),
        (((OTHER, BailSet(CASE, MAN, "none")),), ["On bail, no end date recorded"]),
        ((arrest, remand), ["On remand", "Arrested"]),
        ((remand, licence), ["On licence to 2 Mar 2012"]),
        ((remand, (MAN, CustodyStated("ended", date(2011, 3, 3), "the court"))), []),
        (
            ((MAN, CustodyStated("released-under-investigation", UNTIL, "dc.rowe")),),
            ["Released under investigation"],
        ),
        ((bail, (ONE, ResultRecorded("acquitted", MAN))), ["Acquitted"]),
        ((bail, (ONE, ResultRecorded("nfa-no-account", MAN))), ["No further action"]),
        (
            (bail, (ONE, ResultRecorded("sentenced", MAN, sentence_months=30, suspended=True))),
            ["Sentenced: 30 months, suspended"],
        ),
        (((ONE, ResultRecorded("sentenced", MAN)),), ["Sentenced"]),
        (((ONE, ResultRecorded("registered-sex-offender", MAN)),), []),
        (
            (
                bail,
                (ONE, ResultRecorded("nfa-no-account", MAN)),
                (ONE, ResultReopened("a", "b")),
            ),
            ["On bail to 1 May 2011", "No further action, opened again 3 Mar 2011"],
        ),
        ((allocated,), ["Allocated to psw.ellis"]),
        ((allocated, away), ["Missing", "Allocated to psw.ellis"]),
        ((allocated, away, (CASE, MissingFound())), ["Allocated to psw.ellis"]),
        ((allocated, (CASE, CaseClosed("di.moss", 0, "safe"))), []),
        (((CASE, WorkerAllocated("psw.mills", "parents")),), []),
    ],
)
def test_a_status_follows_from_what_was_recorded(
    given: tuple[tuple[UUID, Event], ...], then: list[str]
) -> None:
    assert status_words(*given) == then


def test_a_day_of_bail_that_has_passed_says_so() -> None:
    assert status_words(bail, today=UNTIL) == ["On bail to 1 May 2011"]
    assert status_words(bail, today=date(2011, 5, 2)) == ["On bail to 1 May 2011, which has passed"]


def test_bail_after_a_result_remains() -> None:
    result = (ONE, ResultRecorded("nfa-no-account", MAN))
    assert status_words(result, bail) == ["On bail to 1 May 2011", "No further action"]


def test_a_status_says_who_recorded_it_when_and_since_when() -> None:
    happened = datetime(2011, 2, 27, 7, tzinfo=UTC)
    (one,) = status(facts((ONE, ArrestMade(MAN, None, happened))), UNTIL)
    assert (one.since, one.recorded, one.by, one.item) == (happened, START, "ds.hale", ONE)


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = opened(tmp_path_factory.mktemp("status") / "store")
    yield made
    made.system.close()


def test_a_person_s_status_is_as_known_on_a_day(office: Office) -> None:
    desk, reader, who, case = office.desk, office.reader, office.person(), office.case()
    before = office.later(1)
    office.later(1)
    arrest_to_result.record(desk, reader, ArrestMade(who), because_of=("none-known",))
    after = office.later(24)
    office.later(1)
    court.set_bail(
        desk, reader, BailSet(UNNAMED, UNNAMED, "not near her", UNTIL), str(case), str(who)
    )
    now = office.later(24)

    def known(at: datetime | None) -> list[str]:
        with office.system.reading() as db:
            found = person.read_person(desk, db, reader, who, now, known_at=at)
            assert found is not None
            return [one.words for one in found.status]

    assert known(None) == ["On bail to 1 May 2011", "Arrested"]
    assert (known(after), known(before)) == (["Arrested"], [])


def test_a_child_s_status_comes_from_the_case(office: Office) -> None:
    case = office.case()
    casework.allocate(office.desk, office.reader, str(case), "psw.ellis", "child")
    with office.system.reading() as db:
        row = cases.get(db, office.reader, case)
        assert row
        found = person.read_person(office.desk, db, office.reader, row.child, office.desk.clock())
    assert found
    assert [one.words for one in found.status] == ["Allocated to psw.ellis"]


def test_a_reader_without_outcomes_sees_no_status_of_a_suspect(office: Office) -> None:
    desk, reader, who, case = office.desk, office.reader, office.person("Gaz"), office.case("Jade")
    arrest_to_result.record(desk, reader, ArrestMade(who), because_of=("none-known",))
    bailed = BailSet(UNNAMED, UNNAMED, "not near her", UNTIL)
    court.set_bail(desk, reader, bailed, str(case), str(who))
    entity.state_custody(desk, reader, str(who), "on-remand", "the court")
    far = msgspec.structs.replace(
        reader, name="psw.far", closed=True, roles=frozenset[Role]({"psw"}), team="Elsewhere"
    )
    with office.system.reading() as db:
        seen = status_of(desk, db, reader, [who], now=desk.clock())
        hidden = status_of(desk, db, far, [who], now=desk.clock())
    assert [one.kind for one in seen] == ["custody", "bail", "proceedings"]
    assert hidden == ()
