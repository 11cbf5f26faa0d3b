"""Each story is checked at three moments: which events were recorded by then, and which items were
due then."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.kernel.envelope import LogName
from domain.kernel.values import Reader
from projections import due
from projections.all_views import VIEWS
from projections.due import DueFilter
from projections.families import child_timeline
from projections.kernel import runner
from tests.projections.tale import FakeLog
from tests.scenarios.conftest import Told

READER = Reader("ds.hale", "Engage", "police")
#: Kinds of deadline that every open case has, and the audit, for which cases are drawn at random.
EVERYWHERE = {"family-silence", "threshold-reassessment", "no-value-audit"}
#: Kinds of deadline for possible corroborations of a plate or a name, which become due when their
#: log entry is recorded.
EVERYWHERE |= {"said-before", "said-before-urgent"}
#: The items due at the end of a day, by case and day; a ! marks an overdue item.
DUE = {
    "ENG-101": {
        "2010-11-09": "promise",
        "2011-05-17": "hearing! opinion-review victim-updated!",  # the trial is still going on
        "2011-12-01": "aftercare-9 order-ends",
    },
    "ENG-102": {
        "2011-01-19": "",
        "2011-07-05": "aftercare-1 aftercare-3 aftercare-9 debrief feedback",
        "2011-10-04": "aftercare-9",
    },
    "ENG-103": {
        "2010-04-13": "parent-acknowledged! parent-answered!",
        "2011-06-11": "aftercare-1 aftercare-3 aftercare-9 feedback parent-answered",
        "2012-11-27": "aftercare-3 aftercare-9",
    },
    "CHE-104": {
        "2010-09-08": "named-at-risk opinion-review opinion-review",
        "2011-09-12": "parent-answered!",
        "2011-11-28": "parent-answered!",
        "2012-11-06": "marac",
    },
    "ENG-105A": {
        "2011-04-06": "",
        "2011-05-04": "parent-answered words-waiting",
        "2011-07-06": "",
    },
    "ENG-105B": {
        "2011-04-06": "",
        "2011-05-04": "",
        "2011-07-06": "feedback no-action-review review-right",
    },
    "ENG-106": {
        "2011-05-15": "parent-acknowledged parent-answered urgent-words! words-waiting!",
        "2011-06-24": "feedback no-action-review notice-expiry notice-renewal review-right",
        "2011-11-14": "no-action-review notice-expiry notice-renewal",
    },
    "FRE-107": {
        "2011-10-12": "",
        "2011-10-24": "",
        "2012-12-09": "parent-answered promise words-waiting",
    },
    "ENG-108": {
        "2011-03-02": "",
        "2011-05-14": "victim-told victim-updated",
        "2012-03-20": "victim-updated!",  # the result of the trial is not known yet
    },
    "DET-109": {"2011-05-22": "unallocated-child", "2011-05-30": "", "2012-02-13": ""},
    "ENG-110A": {
        "2010-04-28": "parent-answered",
        "2010-09-18": "aftercare-1 aftercare-3 aftercare-9 debrief feedback",
        "2011-01-10": "aftercare-9",
    },
    "ENG-111": {
        "2011-03-14": "",
        "2011-03-20": "return-interview urgent-words! words-waiting",
        "2011-03-22": "missing-plan-review parent-answered",
    },
    "CHE-112": {
        "2011-06-08": "",
        "2012-01-09": "urgent-words!",
        "2012-09-12": "no-action-review",
    },
    "FRE-113": {
        "2012-03-09": "missing-child parent-answered",
        "2012-03-11": "return-interview victim-told victim-updated",
        "2012-10-22": "aftercare-9 alert order-ends parent-answered",
    },
    "ENG-114": {
        "2011-08-09": "parent-answered",
        "2011-08-18": "victim-updated",
        "2012-06-30": "aftercare-9",
    },
    "s15.CASE": {
        "2012-01-23": "opinion-review",
        "2012-02-21": "notice-expiry notice-renewal opinion-review",
        "2012-05-21": "notice-expiry notice-renewal",
    },
}


@dataclass(frozen=True)
class Then:
    """A case as recorded by the end of a day: its events, and its due items."""

    happened: list[child_timeline.JourneyRow]
    due: str


@pytest.fixture(scope="module")
def case_moments(
    told_on_sqlite: Told, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Then]:
    """Return each case at each of its moments, by case and day."""
    told = told_on_sqlite
    cases = {one: UUID(told.id(one) if "." in one else told.case(one)["case"]) for one in DUE}
    facts = told.store.facts()
    engine = runner.open_views(tmp_path_factory.mktemp("moments") / "views.db")
    runner.create(engine, VIEWS)
    found = {}
    for day in sorted({day for days in DUE.values() for day in days}):
        now = datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC)
        known = [fact for fact in facts if fact.recorded <= now]
        logs: dict[LogName, FakeLog] = {
            "evidence": FakeLog(known),
            "access": FakeLog(),
            "sources": FakeLog(),
        }
        runner.catch_up(engine, VIEWS, logs)
        with engine.connect() as db:
            rows = due.listed(db, READER, now, DueFilter())
            for one in (one for one in DUE if day in DUE[one]):
                happened = child_timeline.of_case(db, READER, cases[one])
                items = {row.item for row in happened}
                of_case = [
                    row.clock + "!" * (row.due <= now)
                    for row in rows
                    if row.item in items and row.clock not in EVERYWHERE
                ]
                found[one, day] = Then(happened, " ".join(sorted(of_case)))
    engine.dispose()
    return found


@pytest.mark.parametrize(("case", "day"), [(one, day) for one in DUE for day in DUE[one]])
def test_what_was_due_then(case_moments: dict[tuple[str, str], Then], case: str, day: str) -> None:
    assert case_moments[case, day].due == DUE[case][day]


@pytest.mark.parametrize("case", DUE)
def test_what_was_known_stays_and_grows(
    case_moments: dict[tuple[str, str], Then], case: str
) -> None:
    """Every event that a case shows as known on one day is also shown as known on a later day."""
    last: set[child_timeline.JourneyRow] = set()
    for day in DUE[case]:
        rows = set(case_moments[case, day].happened)
        assert rows > last
        last = rows
