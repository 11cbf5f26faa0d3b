"""Measure how long the pages of casework take with a hundred thousand events of families.

The events of families (entries, contacts, letters, missing nights, a court case) are written
directly into the views of an empty store, without recording them first; then a user opens the pages
of a family and the lists of all families, in this process. The last family has the records of years
of work. Each page is measured with a tenth of the events and with all of them. Since a page shows a
limited number of rows, the two times should be nearly equal; only the time of a year's report card
grows with the number of facts that it counts. Run alone, on files: `python -m bench.casework
[EVENTS]`.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from starlette.testclient import TestClient

from access.database import writing
from bench.pages import ROLES, WHO, _times
from commands.people_and_teams import account
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.family_contact import FamilyAsked, FamilyInvited, FamilyTold, PromiseMade
from domain.families.need import NeedTold
from domain.families.referral import (
    CaseOpened,
    EngagementRecorded,
    MissingFound,
    MissingReported,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.information.observation import ObservationTriaged
from domain.intelligence.entity import PersonClassified, PersonRecorded
from domain.justice.arrest_to_result import ArrestMade, ChargeBrought, ResultRecorded
from domain.justice.court import HearingSet, PleaEntered, StepTaken
from domain.kernel.envelope import Event
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from projections.all_views import VIEWS
from projections.kernel import runner
from projections.kernel.batch import RowBatch
from tests.projections.tale import Tale
from web.app import make_app

#: The aim for a page in milliseconds of processor time, for a store of any size.
AIM = 100.0
START = datetime(2010, 1, 1, tzinfo=UTC)
NOW = datetime(2012, 1, 15, tzinfo=UTC)
#: The time between two facts; with it all facts lie within two years.
STEP = timedelta(minutes=10)
#: The number of facts of the family with the most records.
LARGEST = 600
LISTS = ("card", "cases", "due", "missing", "notices", "patterns", "voices", "waiting-list")
OF_CASE = ("journey", "court-list", "family-list", "costs", "proceedings", "support-list")


@dataclass(frozen=True)
class Took:
    """The milliseconds of one page of casework, in a store with a tenth of the events and in a
    store with all of them.
    """

    what: str
    tenth: float
    whole: float


class Story(Tale):
    """Records the facts of families, one after another."""

    def tell_more(self, *events: Event, about: UUID | None = None) -> UUID:
        """Record events about a family at the time of the next fact; return the id of their
        stream."""
        at = START + STEP * len(self.log.facts)
        return self.tell(*events, about=about, at=min(at, NOW))

    def family(self, number: int) -> UUID:
        """Record the history of one family up to a sentence; return the id of its case."""
        child = self.tell_more(PersonRecorded(known=True, under_18=True, name=f"Child {number}"))
        self.tell_more(PersonClassified("vulnerable-child", "referred"), about=child)
        man = self.tell_more(PersonRecorded(known=True, name=f"Man {number}"))
        case = self.tell_more(CaseOpened(child, "Engage", f"ENG-{number}"), ReferralReceived())
        rating = ThresholdAssessed(("high", "medium", "low")[number % 3], "2026/1")
        workers = WorkerAllocated("psw.ellis", "parents"), WorkerAllocated("csw.lane", "child")
        self.tell_more(rating, *workers, EngagementRecorded("parents", "engaged"), about=case)
        self.work(case)
        if number % 4 == 0:
            self.tell_more(MissingReported(carer_reported=True, risk="high"), about=case)
            self.tell_more(MissingFound(where="Station Hotel"), about=case)
            self.tell_more(ReturnInterviewRecorded("held", "somebody else"), about=case)
        if number % 5 == 0:
            self.tell_more(ArrestMade(man, case))
            self.tell_more(ChargeBrought(man, case, offence="grooming"))
            self.tell_more(HearingSet(case, "trial", START + timedelta(days=400), court="Court 1"))
            self.tell_more(PleaEntered(case, man, "not-guilty"))
            self.tell_more(StepTaken(case, "pre-trial-visit", "done"))
            self.tell_more(ResultRecorded("convicted", man, case))
        return case

    def work(self, case: UUID) -> None:
        """Record the work of one worker with this family in a month."""
        for _ in range(3):
            words = self.words("A red car waits at the gate", case=case, at=self.now)
            self.tell_more(ObservationTriaged("no-value", "heard before"), about=words)
            self.tell_more(ContactMade(case, "emotional-support", "visit", "parents", None, 50))
        note = NoteWritten(
            case, "parent", "view", "opinion", "tired", "psw.ellis", "visits", date(2013, 1, 1)
        )
        self.tell_more(note)
        self.tell_more(FamilyTold(case, "parents", "received", "phone"))
        self.tell_more(PromiseMade(case, "parents", "call back", date(2011, 6, 1)))
        self.tell_more(FamilyInvited(case, "keeping-a-log", "parents", "phone", "came"))
        self.tell_more(FamilyAsked(case, "parents", "answered", ("believed",)))
        self.tell_more(NeedTold(case, "parents", "housing", "two rooms", date(2011, 9, 1)))

    @property
    def now(self) -> datetime:
        """Return the time of the story's next fact."""
        return min(START + STEP * len(self.log.facts), NOW)


def fold(system: System, story: Story, since: int) -> None:
    """Write the story's facts from the position `since` on into all views (the tables computed from
    facts), in the batches of the process that updates views."""
    for start in range(since, len(story.log.facts), runner.BATCH):
        with writing(system.views.engine) as db:
            for view in VIEWS:
                if "evidence" in view.logs:
                    batch = RowBatch(db)
                    for fact in story.log.facts[start : start + runner.BATCH]:
                        view.apply(fact, batch)
                    batch.flush()


def measure(events: int = 100_000) -> list[Took]:
    """Return the milliseconds of each page of casework with a tenth of the events and with all of
    them, on files.
    """
    story, times_by_page, number, folded = Story(), dict[str, list[float]](), 0, 0
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(store=place, home=Path(place), user="adm.stone")
        system = open_system(settings, create=True, synthetic=True, now=NOW)
        try:
            account.add(system.desk, system.reader, WHO, roles=(*ROLES, "psw"), teams=["Engage"])
            system.keep_up(VIEWS)
            largest = story.family(number)
            while len(story.log.facts) < LARGEST:
                story.work(largest)
            for size in (events // 10, events):
                while len(story.log.facts) < size:
                    number += 1
                    story.family(number)
                fold(system, story, folded)
                if not folded:
                    account.assign(system.desk, system.reader, WHO, str(largest))
                    system.keep_up(VIEWS)
                folded = len(story.log.facts)
                for page, ask in pages(system, largest):
                    times_by_page.setdefault(page, []).append(_times(ask)[1])
        finally:
            system.close()
    return [Took(page, *took) for page, took in times_by_page.items()]


def pages(system: System, case: UUID) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield functions that open a page, by name: the pages of the family with the most records, and
    the lists of all families."""
    client = TestClient(make_app(system), base_url="http://127.0.0.1")
    assert client.post("/sign-in", data={"name": WHO}).status_code == 200

    def get(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    paths = {"the largest family": f"/cases/{case}", "my families": "/cases/mine"}
    paths |= {"what is due": "/today/deadlines", "missing now": "/missing", "overview": "/manage"}
    paths |= {f"its {slug}": f"/list/{slug}?case={case}" for slug in OF_CASE}
    paths |= {f"list: {slug}": f"/list/{slug}" for slug in LISTS}
    for page, path in paths.items():
        yield page, lambda path=path: get(path)  # type: ignore[misc]


def table(times: list[Took], events: int) -> str:
    lines = [
        f"{'ms (aim ' + format(AIM, '.0f') + ')':<28}{events // 10:>10,}{events:>10,}{'ratio':>8}"
    ]
    for time in times:
        ratio = time.whole / time.tenth
        lines.append(f"{time.what:<28}{time.tenth:>10,.0f}{time.whole:>10,.0f}{ratio:>8.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(table(measure(many), many))
