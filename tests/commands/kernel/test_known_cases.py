"""A case that a command looked up stays in the cache until an event is recorded that may change the
case.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from commands.families import referral
from commands.kernel.known_cases import KnownCase, KnownCases
from domain.data_protection.erasure import (
    ErasureApproved,
    ErasureCertified,
    ItemErased,
    KeysDestroyed,
)
from domain.data_protection.retention import RestrictionPlaced
from domain.families.referral import CaseOpened
from domain.information.observation import ObservationFlagged, ObservationRead, ObservationRecorded
from domain.intelligence.entity import PersonNamed
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.generations import removing
from tests.commands.office import Office
from tests.support.projections.taking import approved

ELLIS, MOSS = Reader("psw.ellis", "Engage", "police"), Reader("dc.moss", "Deter", "police")
WORDS: Event = ObservationRecorded(
    "snippet", "verbatim", "seen again", None, datetime(2011, 3, 18, tzinfo=UTC)
)
CASE = KnownCase(uuid4(), uuid4(), ("Ann Ash",))


class Told:
    """A stand-in for a log that stores only the classes of its events, and for the view that reads
    this log."""

    def __init__(self) -> None:
        self.events: list[type[Event] | None] = []
        self.looks = 0
        self.behind = 0
        self.erased: set[UUID] = set()
        self.known = KnownCases(self, lambda after: self.erased)

    def last(self) -> int:
        return len(self.events)

    def kinds(self, after: int, limit: int) -> list[tuple[int, type[Event] | None]]:
        return list(enumerate(self.events, start=1))[after : after + limit]

    def find(self, reader: Reader = ELLIS, text: str = "12") -> KnownCase | None:
        return self.known.find(reader, text, self._look)

    def _look(self, waiting: bool) -> tuple[KnownCase | None, int]:
        """Look up a case in the cache; return it with the log position of the view. If `waiting`,
        the view has read the whole log, otherwise all but the last `behind` events."""
        self.looks += 1
        return CASE, self.last() - (0 if waiting else self.behind)


@pytest.fixture
def class_log() -> Told:
    one = Told()
    one.events += [CaseOpened]
    assert one.find() == CASE
    return one


def test_words_and_what_is_read_in_them_leave_it_known(class_log: Told) -> None:
    for kind in (ObservationRecorded, ObservationRead, ObservationFlagged):
        class_log.events.append(kind)
        assert class_log.find() == CASE
    assert class_log.looks == 1


@pytest.mark.parametrize("kind", [CaseOpened, RestrictionPlaced, None])
def test_whatever_else_is_recorded_makes_it_be_looked_up_again(
    class_log: Told, kind: type[Event] | None
) -> None:
    class_log.events.append(kind)
    class_log.find()
    class_log.find()
    assert class_log.looks == 2


def test_an_erasure_of_others_leaves_it_known(class_log: Told) -> None:
    class_log.erased = {uuid4()}
    for kind in (ErasureApproved, KeysDestroyed, ItemErased, ErasureCertified):
        class_log.events.append(kind)
        assert class_log.find() == CASE
    assert class_log.looks == 1


@pytest.mark.parametrize("erased", [CASE.case, CASE.child])
def test_one_of_the_case_or_its_child_does_not(class_log: Told, erased: UUID) -> None:
    class_log.erased = {erased}
    class_log.events.append(ErasureApproved)
    class_log.find()
    assert class_log.looks == 2


def test_so_do_more_words_than_are_quickly_looked_through(class_log: Told) -> None:
    class_log.events += [ObservationRecorded] * 2_000
    class_log.find()
    assert class_log.looks == 2


@pytest.mark.parametrize("words", [3, 2_000])
def test_a_view_that_lacks_only_words_will_do_for_one_that_begins(words: int) -> None:
    told = Told()
    told.events += [CaseOpened] + [ObservationRecorded] * words
    told.behind = 2
    for _ in range(2):
        assert told.find() == CASE
    assert told.looks == 1


def test_one_that_begins_keeps_nothing_by_a_view_that_lacks_more_than_words() -> None:
    told = Told()
    told.events += [CaseOpened, PersonNamed, ObservationRecorded]
    told.behind = 2
    for _ in range(2):
        told.find()
    assert told.looks == 2


@pytest.mark.parametrize("kind", [ErasureApproved, CaseOpened, None])
def test_one_that_begins_waits_for_a_view_that_may_lack_a_case(kind: type[Event] | None) -> None:
    told = Told()
    told.events += [CaseOpened, kind, ObservationRecorded]
    told.behind = 2
    for _ in range(2):
        told.find()
    assert told.looks == 2, "once as it stood, once waited for, and kept"


def test_each_reader_is_answered_as_they_see_it(class_log: Told) -> None:
    class_log.find(MOSS)
    class_log.find(text="13")
    assert class_log.looks == 3


def test_a_view_that_lacks_only_words_will_do(class_log: Told) -> None:
    class_log.events += [PersonNamed, ObservationRecorded]
    class_log.behind = 1
    class_log.find()
    class_log.find()
    assert class_log.looks == 2


def test_one_that_may_lack_a_case_of_the_same_name_is_waited_for(class_log: Told) -> None:
    class_log.events += [CaseOpened, ObservationRecorded]
    class_log.behind = 2
    class_log.find()
    class_log.find()
    assert class_log.looks == 3


def test_one_that_lacks_a_name_is_not_waited_for_and_its_answer_not_kept(class_log: Told) -> None:
    class_log.events += [PersonNamed, ObservationRecorded]
    class_log.behind = 2
    class_log.find()
    class_log.find()
    assert class_log.looks == 3


def test_what_is_not_found_is_waited_for_and_looked_for_each_time(class_log: Told) -> None:
    waited: list[bool] = []

    def nothing(waiting: bool) -> tuple[None, int]:
        waited.append(waiting)
        return None, class_log.last()

    for _ in range(2):
        assert class_log.known.find(ELLIS, "none", nothing) is None
    assert waited == [False, True] * 2


def test_a_case_that_another_process_opened_just_now_is_found(either: Office) -> None:
    """A case that another process has just opened is found by its reference and by its number,
    although no view contains the case yet.
    """
    with either.hasty() as other:
        case = referral.receive(other.desk, other.reader, reference="E-12", child="Ann Ash").id
    for text in ("E-12", "1", "e-12"):
        (told, *_) = either.desk.logs["evidence"].history(either.words(case=text))
        assert isinstance(told.event, ObservationRecorded)
        assert told.event.case == case


def test_an_erasure_of_others_holds_no_words_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user can record an entry without waiting for an erasure that another process approved. The
    next question no longer shows the erased items."""
    case, gone = office.case("Ann Ash"), office.words("Fluxmarrow waits")
    office.words("she waits", case=str(case))
    approved(office, gone)
    taken: list[None] = []
    monkeypatch.setattr(removing.Removal, "from_followed", lambda *given: taken.append(None))
    (told, *_) = office.desk.logs["evidence"].history(office.words("she waits", case=str(case)))
    assert isinstance(told.event, ObservationRecorded)
    assert told.event.case == case
    assert not taken
