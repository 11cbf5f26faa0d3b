"""A legal hold covers the right items, only the right users can place and lift it, and no erasure
removes data that it covers."""

import random
import sqlite3
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.erasure import erasure, retention
from commands.erasure import legal_hold as hold
from commands.erasure.erasure import Progress
from commands.erasure.hold_reach import Reckoning
from commands.families import charity_support, referral
from commands.information import observation, source
from commands.intelligence import identity, intelligence_report, links, release
from commands.kernel import entity
from commands.kernel.references import references
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import facts
from commands.people_and_teams import two_person
from domain.data_protection.erasure import ErasureHeldBack, Redaction
from domain.data_protection.legal_hold import HOLDS, HoldEnded, HoldRegistered, Query
from domain.data_protection.retention import HoldLifted, HoldPlaced, retention_stream
from domain.families.charity_support import ContactMade
from domain.information.observation import ObservationRecorded
from domain.kernel.envelope import LogName, LogUnavailable, Shredded, Submission, Undecodable
from domain.kernel.fields import CHILD, ENTRY
from domain.kernel.values import Denied, Grade, Handling, Hidden, Reader, Refused
from domain.people_and_teams.store_admin import FileReceived, FileReceived1
from ingest.importing.load import import_files
from installation.auditing import open_office
from installation.system import System
from projections import due as due_view
from projections.data_protection import retention as kept_view
from projections.information import queue
from questions.data_protection import hold_proof
from questions.data_protection.certificate import certified
from tests.access.staff import Staff
from tests.commands.office import Office, opened
from tests.fuzz import SEED, TIMES
from tests.ingest.conftest import entry, log_csv
from tests.processes import LIMIT, stands_still, until

SECOND = "di.okoro"
WHY = "the inquiry asked for it"


def place(office: Office, query: Query, by: str | None = None) -> UUID:
    reader = office.somebody(by) if by else office.reader
    return hold.place(office.desk, reader, query, "inquiry", WHY, reference="Order 7").id


def on(office: Office, item: UUID) -> UUID:
    return place(office, hold.items_under_hold(office.desk, item))


def lift(office: Office, one: UUID) -> None:
    hold.lift(office.desk, office.reader, one, "the inquiry is over")
    office.agreed(one, "lift-hold")


def fates(
    office: Office, *subjects: UUID, written: Sequence[Redaction] = (), by: Reader | None = None
) -> dict[UUID, str]:
    made = erasure.plan(office.desk, by or office.reader, subjects, written)
    return {item.id: item.fate for item in made.items}


def erase(office: Office, *subjects: UUID, written: Sequence[Redaction] = ()) -> Progress:
    one, _ = erasure.propose(office.desk, office.reader, subjects, "part-3-s47", written)
    return erasure.approve(office.desk, office.somebody(SECOND), one.id, office.system)


def lost(office: Office) -> set[UUID]:
    """Return the streams (histories of single items) whose data keys an erasure has destroyed."""
    return {destruction.stream for destruction in office.system.destructions()}


def unexplained(office: Office) -> list[object]:
    with open_office(office.system.settings, None) as auditor:
        return [
            finding for report in auditor.verify((), None, (), ()) for finding in report.findings
        ]


# --- which items a hold covers ------------------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_a_mothers_words_in_a_held_case_and_whom_they_name_stay(either: Office) -> None:
    office = either
    case, baz = office.case(), office.person("Baz")
    words = office.words("Baz drives her", case="1", heard_from="Mrs Marlow")
    observation.confirm(office.desk, office.reader, words, str(baz), "Baz")
    on(office, case)
    assert fates(office, words) == {words: "restricted"}
    assert set(fates(office, baz).values()) == {"restricted"}
    (told, root) = source.token_of(office.desk, office.reader, words)
    for one in {told, root or told}:
        assert set(fates(office, one).values()) <= {"restricted"}
    made = erasure.plan(office.desk, office.reader, [words])
    assert made.held.keys() == {words}
    for subject in (words, baz):
        assert erase(office, subject).state == "certified"
    assert lost(office) == set()
    assert office.desk.logs["evidence"].history(words)[0].event.words == "Baz drives her"  # type: ignore[attr-defined]
    assert unexplained(office) == []


def test_a_case_is_held_with_all_that_hangs_on_it(either: Office) -> None:
    office = either
    desk, reader = office.desk, office.reader
    case, baz, ginge = office.case(), office.person("Baz"), office.person("Ginge")
    words = office.words("two men and a car", case="1", heard_from="Mrs Marlow")
    tie = links.assert_link(desk, reader, words, str(baz), str(ginge), "associate").id
    report = office.assessed(words).id
    graded = links.assert_link(desk, reader, report, str(baz), "vehicle:PK95 ABC", "uses").id
    contact = charity_support.make_contact(
        desk, reader, ContactMade(case, "emotional-support", "visit", "parent", words="she cried")
    ).id
    follows = office.words("the same again")
    caused = referral.receive(desk, reader, child="Zoe Dale", because_of=(str(words),)).id
    aside = office.words("nothing of the kind")
    one = on(office, case)
    reach = Reckoning(desk.logs).reached()
    known = Reckoning(desk.logs).references
    (entry,), (child,) = known.items(words, ENTRY), known.items(case, CHILD)
    inside = {case, words, tie, report, graded, contact, caused, baz, ginge, entry, one, HOLDS}
    assert inside <= reach.keys()
    assert child in reach
    assert not {aside, follows} & reach.keys()


def test_a_person_is_held_with_all_that_names_them(either: Office) -> None:
    office = either
    desk, reader = office.desk, office.reader
    baz, barry = office.person("Baz"), office.person("Barry Holt")
    identity.judge(desk, reader, str(baz), str(barry), "same", "her brother says so")
    confirmed = office.words("a man in a car")
    observation.confirm(desk, reader, confirmed, str(baz))
    named = office.words("Barry Holt waits there")
    report = office.assessed(named).id
    other = office.words("Ginge waits there")
    on(office, baz)
    reach = Reckoning(desk.logs).reached()
    assert {baz, barry, confirmed, named, report} <= reach.keys()
    assert other not in reach
    assert fates(office, named)[named] == "restricted"


def test_a_category_a_period_a_team_and_the_store(either: Office) -> None:
    office = either
    first = office.words("in the spring")
    baz = office.person("Baz")
    office.later(24 * 100)
    second = office.words("in the summer")
    reports = office.assessed(second).id
    other = Reader("dc.far", "Deter", "Police")
    far = observation.record(office.desk, other, words="theirs").id

    def reach(query: Query) -> set[UUID]:
        return Reckoning(office.desk.logs).reach(HOLDS, query)

    assert {first, second, far} <= reach(Query("category", category="words"))
    assert baz not in reach(Query("category", category="words"))
    day = office.system.clock() - timedelta(days=10)
    summer = reach(Query("period", since=day))
    assert {second, reports, far} <= summer
    assert first not in summer
    assert first in reach(Query("period", until=day))
    deter = reach(Query("team", team="Deter"))
    assert far in deter
    assert not {first, second} & deter
    assert {first, second, far, baz, reports} <= reach(Query("store"))


def test_a_time_told_in_a_period_counts_too(office: Office) -> None:
    day = office.system.clock() - timedelta(days=900)
    old = office.words("it was then", told=day)
    found = Reckoning(office.desk.logs).reach(
        HOLDS, Query("period", since=day - timedelta(days=1), until=day + timedelta(days=1))
    )
    assert old in found


def test_a_hold_of_the_first_release_is_honoured_and_cascades(office: Office) -> None:
    case = office.case()
    words = office.words("she told me", case="1")
    stream = retention_stream(case)
    made = facts(office.reader, stream, 0, [HoldPlaced(case, "appeal", "R v Pike")])
    command = office.desk.new_random_id()
    submission = Submission(command, office.desk.digest("hold.place", "then"), made)
    office.desk.save([Prepared(stream, {"evidence": submission}, office.reader)])
    assert fates(office, words) == {words: "restricted"}
    with office.system.reading() as db:
        (row,) = kept_view.holds(db, office.reader)
    assert (row.item, row.former) == (case, True)
    hold.lift(office.desk, office.reader, case, "dismissed")
    assert fates(office, words) == {words: "restricted"}, "one person lifts nothing"
    office.agreed(case, "lift-hold")
    assert len(office.events(HoldLifted)) == 1
    assert fates(office, words) == {words: "destroyed"}


# --- who places, confirms, reviews and lifts a hold ---------------------------------------------


@pytest.fixture
def staff(either: Office) -> Staff:
    return hire_staff(either)


def hire_staff(office: Office) -> Staff:
    people = Staff(office)
    people.hire("dci.moss", "dci")
    people.hire("io.shaw", "intelligence-officer")
    people.hire("m.lund", "manager")
    people.hire("dc.reed", "detective")
    people.hire("dc.lowe", "detective")
    people.hire("dc.far", "detective", teams=["Deter"])
    return people


def test_each_teams_hold_is_its_own(either: Office, staff: Staff) -> None:
    office = either
    desk = office.desk
    words = observation.record(desk, staff.now("dc.reed"), words="He waits").id
    query = hold.items_under_hold(desk, words)
    one = hold.place(desk, staff.now("dc.reed"), query, "inquiry", WHY).id
    other = hold.place(desk, staff.now("io.shaw"), query, "cpia", "the trial").id
    team = hold.place(
        desk, staff.now("dc.far"), Query("team", team="Deter"), "other", WHY, reference="7"
    )
    with pytest.raises(Hidden):
        hold.lift(desk, staff.now("dc.far"), one, "not mine")
    with pytest.raises(Hidden):
        hold.place(desk, staff.now("dc.far"), query, "inquiry", WHY)
    for name in ("dc.reed", "m.lund"):
        with pytest.raises(Denied):
            hold.place(
                desk,
                staff.now("dc.reed"),
                Query("team", team="Deter"),
                "inquiry",
                WHY,
                reference="7",
            )
        hold.place(
            desk, staff.now("m.lund"), Query("team", team="Deter"), "inquiry", WHY, reference=name
        )
    hold.lift(desk, staff.now("dc.reed"), one, "it is over")
    for name in ("dc.reed", "dc.far"):
        with pytest.raises(Refused):
            two_person.confirm(desk, staff.now(name), one, "lift-hold")
    two_person.confirm(desk, staff.now("dc.lowe"), one, "lift-hold")
    assert len(office.events(HoldEnded)) == 1
    assert Reckoning(desk.logs).reached()[words] == {other}, "another's hold stands"
    assert fates(office, words, by=staff.now("io.shaw")) == {words: "restricted"}
    with office.system.reading() as db:
        seen = {
            name: {row.hold for row in kept_view.holds(db, staff.now(name))}
            for name in ("dc.far", "dc.reed", "m.lund")
        }
    assert other not in seen["dc.far"]
    assert team.id in seen["dc.far"]
    assert team.id not in seen["dc.reed"]
    assert {other, team.id} <= seen["m.lund"]


def test_each_controller_holds_its_own(either: Office) -> None:
    """In a store that a council and the police share, a legal hold of the council covers the
    council's records only. The police can neither lift this hold nor be prevented by it from
    erasing their own records.
    """
    desk, staff = either.desk, Staff(either)
    staff.hire("ca.police", "detective", controller="police")
    staff.hire("ca.council", "detective", teams=["Deter"], controller="council")
    staff.hire("cb.council", "detective", teams=["Deter"], controller="council")
    mine = observation.record(desk, staff.now("ca.council"), words="He waits").id
    theirs = observation.record(desk, staff.now("ca.police"), words="He waits again").id
    one = hold.place(
        desk, staff.now("ca.council"), hold.items_under_hold(desk, mine), "inquiry", WHY
    ).id
    with pytest.raises(Hidden):
        hold.place(
            desk, staff.now("ca.council"), hold.items_under_hold(desk, theirs), "inquiry", WHY
        )
    for act in (hold.lift, hold_proof_of(either)):
        with pytest.raises(Hidden):
            act(desk, staff.now("ca.police"), one, "not ours")
    (ordered,) = desk.logs["evidence"].history(one)[:1]
    assert ordered.controller == "council"
    assert {mine, one} <= Reckoning(desk.logs).reached().keys()
    assert theirs not in Reckoning(desk.logs).reached()
    hold.lift(desk, staff.now("ca.council"), one, "it is over")
    with pytest.raises(Refused):
        two_person.confirm(desk, staff.now("ca.police"), one, "lift-hold")
    two_person.confirm(desk, staff.now("cb.council"), one, "lift-hold")
    assert mine not in Reckoning(desk.logs).reached()


def hold_proof_of(office: Office) -> Callable[..., object]:
    return lambda desk, reader, one, _: prove(office, one, reader)


def test_the_whole_store_is_held_at_once_and_never_lapses(either: Office, staff: Staff) -> None:
    office = either
    desk = office.desk
    words = office.words("anything")
    with pytest.raises(Denied):
        hold.place(desk, staff.now("dc.reed"), Query("store"), "inquiry", WHY, reference="Order 1")
    with pytest.raises(Refused, match="reference"):
        hold.place(desk, staff.now("dci.moss"), Query("store"), "inquiry", WHY)
    one = hold.place(
        desk, staff.now("dci.moss"), Query("store"), "inquiry", WHY, reference="Order 1"
    ).id
    assert fates(office, words, by=staff.now("io.shaw")) == {words: "restricted"}

    def due(name: str) -> dict[str, bool]:
        with office.system.reading() as db:
            found = due_view.listed(
                db, staff.now(name), office.system.clock(), due_view.DueFilter()
            )
        return {row.clock: row.overdue for row in found if row.item == one}

    assert due("m.lund") == {"hold-confirmation": False, "hold-review": False}
    assert due("dc.far") == {}
    office.later(73)
    assert due("m.lund") == {"hold-confirmation": True, "hold-review": False}
    assert fates(office, words, by=staff.now("io.shaw")) == {words: "restricted"}, "it never lapses"
    with pytest.raises(Refused, match="another person confirms it"):
        hold.confirm(desk, staff.now("dci.moss"), str(one))
    with pytest.raises(Denied):
        hold.confirm(desk, staff.now("dc.reed"), str(one))
    with pytest.raises(Hidden):
        hold.confirm(desk, staff.now("dc.far"), str(one))
    hold.confirm(desk, staff.now("m.lund"), str(one))
    assert due("m.lund") == {"hold-review": False}
    office.later(24 * 183)
    assert due("m.lund") == {"hold-review": True}
    day = office.system.clock() + timedelta(days=30)
    hold.review(desk, staff.now("m.lund"), str(one), day, "it still sits")
    assert due("m.lund") == {"hold-review": False}
    hold.lift(desk, staff.now("m.lund"), one, "it reported")
    two_person.confirm(desk, staff.now("io.shaw"), one, "lift-hold")
    assert due("m.lund") == {}
    assert fates(office, words, by=staff.now("io.shaw")) == {words: "destroyed"}


def test_the_register_of_holds_takes_two_at_once(either: Office) -> None:
    office = either
    words = [office.words(f"words {number}") for number in range(6)]
    placed: list[UUID] = []
    threads = [
        threading.Thread(target=lambda one=one: placed.append(on(office, one))) for one in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {event.hold for event in office.events(HoldRegistered)} == set(placed)
    assert len(placed) == len(words)
    assert set(words) <= Reckoning(office.desk.logs).reached().keys()


def test_a_command_given_twice_is_one_hold(office: Office) -> None:
    words, command = office.words("once"), office.desk.new_random_id()
    query = hold.items_under_hold(office.desk, words)
    for _ in range(2):
        hold.place(office.desk, office.reader, query, "inquiry", WHY, command_id=command)
    assert len(office.events(HoldRegistered)) == 1


# --- what a hold permits and forbids ----------------------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_what_publishes_nothing_goes_on_under_a_hold(either: Office) -> None:
    office = either
    case = office.case()
    words = office.words("Baz waits at 1 Mill Lane", case="1")
    baz = office.person("Baz")
    on(office, case)
    observation.correct(office.desk, office.reader, words, "it was 2 Mill Lane", "misheard")
    assert retention.restrict(
        office.desk, office.reader, [words], "contested", ground="part-3-s47-2"
    ) == [words]
    retention.unrestrict(office.desk, office.reader, [words], "settled")
    written = [Redaction(words, words="somebody waits")]
    assert fates(office, baz, written=written)[words] == "restricted"
    erase(office, baz, written=written)
    first = office.desk.logs["evidence"].history(words)[0]
    assert first.event.words == "Baz waits at 1 Mill Lane"  # type: ignore[attr-defined]
    report = office.assessed(words).id
    intelligence_report.sanitise(office.desk, office.reader, report, "A man waits at a house.")
    # the text of a shared item is redacted, but items under a hold stay unchanged
    release.disseminate(office.desk, office.reader, report, "school", "s47")
    told = str(case)
    with pytest.raises(Refused, match="a legal hold covers this item, so it cannot be disposed of"):
        retention.decide_review(office.desk, office.reader, told, "dispose", "clear for ten years")
    retention.decide_review(office.desk, office.reader, told, "retain", "still needed")


def test_an_original_that_a_held_file_shares_is_not_purged(office: Office) -> None:
    desk, reader = office.desk, office.reader
    place_kept = office.system.originals.directory
    place_kept.mkdir(exist_ok=True)
    (place_kept / "ab").write_text("a log")

    def received() -> UUID:
        stream = desk.new_id()
        made = facts(
            reader, stream, 0, [FileReceived1("provenance-log", 5, "ab", sha256="ab" * 32)]
        )
        submission = Submission(desk.new_random_id(), desk.digest("t", str(stream)), made)
        desk.save([Prepared(stream, {"evidence": submission}, reader)])
        return stream

    one, other = received(), received()
    on(office, other)
    made = erasure.plan(desk, reader, [one])
    assert made.originals == ()
    office.system.purge(["ab"])
    assert (place_kept / "ab").exists()


@pytest.mark.usually_on("sqlite", "postgres")
def test_keys_are_moved_under_a_hold_and_still_open(either: Office) -> None:
    words = either.words("kept through a rotation")
    place(either, Query("store"))
    before = either.system.shredder().status()
    either.system.shredder().rotate()
    after = either.system.shredder().status()
    assert all(len(one.epochs) == 1 for one in after)
    assert [one.epochs for one in before] != [one.epochs for one in after]
    assert either.again().desk.logs["evidence"].history(words)[0].event.words  # type: ignore[attr-defined]
    assert lost(either) == set()


# --- a hold that is placed between the approval of an erasure and the destruction ----------------


@dataclass
class Late:
    """A store in which an erasure calls the function `first` just before it destroys data."""

    office: Office
    first: Callable[[], object]

    def taking_out(self, items: Collection[UUID]) -> AbstractContextManager[None]:
        return self.office.system.taking_out(items)

    def shred(
        self,
        doomed: Mapping[LogName, Collection[UUID]],
        keep_newest: Collection[UUID],
        holds: Reckoning,
    ) -> tuple[Shredded, ...]:
        self.first()
        return self.office.system.shred(doomed, keep_newest, holds)

    def purge(self, originals: Sequence[str]) -> bool:
        return self.office.system.purge(originals)


@pytest.mark.usually_on("sqlite")
def test_a_hold_placed_after_approval_wins(either: Office) -> None:
    office = either
    case, baz = office.case(), office.person("Baz")
    words = office.words("Baz drives her", case="1", heard_from="Mrs Marlow")
    aside = office.words("a bus")
    written = [Redaction(words, words="somebody drives her")]
    subjects = [baz, aside]
    one, _ = erasure.propose(office.desk, office.reader, subjects, "part-3-s47", written)
    late = Late(office, lambda: on(office, case))
    done = erasure.approve(office.desk, office.somebody(SECOND), one.id, late)
    assert done.certificate
    fate = {item.id: item.fate for item in done.items}
    assert fate == {baz: "destroyed", words: "restricted", aside: "destroyed"}
    assert words not in lost(office)
    assert {baz, aside} <= lost(office)
    first = office.desk.logs["evidence"].history(words)[0]
    assert first.event.words == "Baz drives her"  # type: ignore[attr-defined]
    (told,) = office.events(ErasureHeldBack)
    assert {item.id for item in told.items} == {words}
    (standing,) = told.holds
    assert done.certificate.items["restricted"] == 1
    (kept,) = (line.said for line in certified(office.desk, done.id) if line.what == "Kept")
    assert kept.startswith("1 item is kept and restricted: a legal hold reached")
    assert office.system.views.compare() == []
    assert unexplained(office) == []
    lift(office, standing)
    again = erase(office, words)
    assert {item.id: item.fate for item in again.items}[words] == "destroyed"
    assert words in lost(office)
    assert unexplained(office) == []


def test_a_late_hold_on_the_store_keeps_everything(office: Office) -> None:
    words = office.words("she said it", heard_from="Mrs Marlow")
    report = office.assessed(words).id
    one, _ = erasure.propose(office.desk, office.reader, [words], "part-3-s47")
    late = Late(office, lambda: place(office, Query("store")))
    done = erasure.approve(office.desk, office.somebody(SECOND), one.id, late)
    assert {item.fate for item in done.items} == {"restricted"}
    assert lost(office) == set()
    assert office.desk.logs["evidence"].history(report)[0].erased is False
    assert office.system.views.compare() == []


@pytest.mark.usually_on("sqlite")
def test_what_a_late_hold_kept_is_followed_on(either: Office) -> None:
    """An erasure leaves out items on which a legal hold is placed while the erasure runs. Once
    their restriction is lifted, every process shows these items again, even a process that hid them
    when the erasure was approved."""
    words, stays = either.words("she said it"), either.words("a bus")
    one, _ = erasure.propose(either.desk, either.reader, [words], "part-3-s47")
    with either.hasty() as other:
        queue_entries(other)

        def first() -> None:
            place(either, Query("store"))
            queue_entries(other)

        late = Late(either, first)
        erasure.approve(either.desk, either.somebody(SECOND), one.id, late)
        assert queue_entries(either.system) == queue_entries(other) == {stays}
        retention.unrestrict(either.desk, either.reader, [words], "the inquiry needs it")
        observation.take(either.desk, either.reader, words)
        assert queue_entries(other) == queue_entries(either.system) == {words, stays}
        assert [one.views.compare() for one in (other, either.system)] == [[], []]


def queue_entries(system: System) -> set[UUID]:
    """Return the ids of the log entries that this process shows in the queue."""
    with system.reading() as db:
        now = system.clock()
        return {item.id for item in queue.queue(db, system.reader, now, queue.Clocks())}


@pytest.mark.usually_on("sqlite", "postgres")
def test_no_hold_comes_between_the_check_and_the_destruction(either: Office) -> None:
    """While an erasure selects and destroys data keys, a user who places a legal hold must wait.
    The hold takes effect after the keys are destroyed.
    """
    office = either
    words = office.words("two at once")
    holds = Reckoning(office.desk.logs)
    placed: list[UUID] = []

    def placing() -> None:
        placed.append(on(office, words))

    def spare() -> Collection[UUID]:
        thread.start()
        until(stands_still(thread), "it neither waits nor ends")
        assert not placed, "a hold was placed between the check and the destruction"
        return holds.reached_last()

    thread = threading.Thread(target=placing)
    office.system.shredder().shred({"evidence": {words}}, (), spare)
    thread.join(LIMIT)
    assert placed
    ordered = office.desk.logs["evidence"].history(placed[0])[0]
    (gone,) = [
        destruction for destruction in office.system.destructions() if destruction.stream == words
    ]
    assert gone.at
    if office.system.settings.store.startswith("postgres"):
        # on a server the key table has the server's time, but a synthetic store has its own time
        return
    assert gone.at <= ordered.recorded


def test_while_nobody_can_write_nothing_is_reckoned_that_no_hold_asks_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure computes which items legal holds cover before it stops other users from recording.
    So users wait less, and a hold that was placed in the meantime is still respected."""
    words, other = office.words("the first"), office.words("the second")
    holds = Reckoning(office.desk.logs)
    holds.reached()
    reach, reckoned = Reckoning.reach, list[Query]()

    def counted(one: Reckoning, hold: UUID, query: Query) -> set[UUID]:
        reckoned.append(query)
        return reach(one, hold, query)

    monkeypatch.setattr(Reckoning, "reach", counted)
    office.words("recorded since")
    assert not holds.reached_last()
    assert not reckoned
    on(office, words)
    assert words in holds.reached_last()
    assert other not in holds.reached_last()
    assert len(reckoned) == 1


def test_who_erases_and_who_holds_at_once_one_wins_whole(either: Office) -> None:
    """If one user carries out an erasure while another places a legal hold, one of the two takes
    effect completely."""
    office = either
    for number in range(TIMES if office.settings.store.startswith("postgresql") else 3):
        words = office.words(f"at once {number}", heard_from="Mrs Marlow")
        report = office.assessed(words).id
        one, _ = erasure.propose(office.desk, office.reader, [words], "part-3-s47")
        start = threading.Barrier(2)

        def placing(words: UUID = words, start: threading.Barrier = start) -> None:
            start.wait(LIMIT)
            on(office, words)

        thread = threading.Thread(target=placing)
        thread.start()
        late = Late(office, lambda start=start: start.wait(LIMIT))  # type: ignore[misc]
        done = erasure.approve(office.desk, office.somebody(SECOND), one.id, late)
        thread.join(LIMIT)
        gone = {words, report} & lost(office)
        assert gone in (set(), {words, report}), "all of it, or nothing"
        fate = {item.id: item.fate for item in done.items}
        assert (fate[words] == "destroyed") == (words in gone)
    assert unexplained(office) == []


# --- the command `hold prove` -------------------------------------------------------------------


def prove(office: Office, one: UUID, reader: Reader | None = None) -> hold_proof.HoldProof:
    return hold_proof.prove(
        office.desk,
        reader or office.reader,
        one,
        office.system,
        office.system.clock(),
    )


@pytest.mark.usually_on("sqlite")
def test_a_proof_says_what_is_covered_and_that_it_is_whole(either: Office) -> None:
    office = either
    case = office.case()
    before = office.words("erased before", case="1")
    erase(office, before)
    words = office.words("still there", case="1")
    one = on(office, case)
    told = prove(office, one)
    assert told.whole
    assert {kind.kind: kind.count for kind in told.covers}["observation"] == 1
    assert words in {item_id for kind in told.covers for item_id in kind.ids}
    said = "\n".join(hold_proof.in_words(told))
    assert "No covered item has lost a data key since the hold was placed" in said
    assert "Order 7" in said
    # an attacker who has only the keys would do this
    office.system.shredder().shred({"evidence": {words}})
    told = prove(office, one)
    assert (told.whole, told.lost, told.lost_ids) == (False, 1, (words,))
    assert "NOT WHOLE" in "\n".join(hold_proof.in_words(told))


@pytest.mark.parametrize(
    "change", ["overwritten", "exchanged", "of another epoch", "of another id", "gone"]
)
def test_a_proof_opens_each_key_anew(either: Office, change: str) -> None:
    """After a data key was changed in the store, a process that used this key before reports that
    the key is damaged.
    """
    office = either
    words, other = office.words("a held one", heard_from="Mrs Marlow"), office.words("another")
    one = on(office, words)
    assert prove(office, one).whole
    table = office.system.logs["evidence"].key_table
    (row, *_), (alien, *_) = table.select([words.bytes]), table.select([other.bytes])
    if change in ("overwritten", "exchanged"):
        wrapped = bytes(60) if change == "overwritten" else alien.wrapped
        table.rewrap([row._replace(wrapped=wrapped)])
    elif change == "of another epoch":
        table.rewrap([row._replace(epoch=row.epoch + 1)])
    else:
        statement = "DELETE FROM {}" if change == "gone" else "UPDATE {} SET key_id = %s"
        change_key_table(
            office, statement + " WHERE stream = %s AND number = 1", [bytes(16), words.bytes]
        )
    told = prove(office, one)
    assert not told.whole
    assert {*told.unopened_ids, *told.lost_ids} == {words}
    assert "NOT WHOLE" in "\n".join(hold_proof.in_words(told))
    office.again()
    with pytest.raises((Undecodable, LogUnavailable)):
        prove(office, one)


def change_key_table(office: Office, statement: str, values: Sequence[bytes]) -> None:
    """Change the key table of the evidence log directly, as the owner of the database could."""
    values = values[-statement.count("%s") :]
    if office.settings.store.startswith("postgresql"):
        with psycopg.connect(office.settings.store) as server:
            said = statement.format("evidence.evidence_keys")
            last = UUID(bytes=values[-1])
            server.execute(said.encode(), [*values[:-1], last])
        return
    with closing(sqlite3.connect(Path(office.settings.store) / "log.db")) as file, file:
        file.execute(statement.format("evidence_keys").replace("%s", "?"), values)


def test_what_was_erased_after_a_hold_was_lifted_is_no_loss(office: Office) -> None:
    case = office.case()
    words = office.words("kept until then", case="1")
    one = on(office, case)
    lift(office, one)
    office.later()
    erase(office, words)
    assert prove(office, one).whole


@pytest.mark.usually_on("sqlite")
def test_a_proof_tells_nothing_of_what_is_closed(either: Office, staff: Staff) -> None:
    office = either
    desk = office.desk

    def told_of(name: str) -> None:
        reader = staff.now(name)
        words = observation.record(desk, reader, words=f"{name}: PK95 ABC again").id
        man = entity.record_person(desk, reader, name="Baz", known=False).id
        links.assert_link(desk, reader, words, str(man), "vehicle:PK95 ABC", "uses")

    told_of("dc.reed")
    one = hold.place(
        desk, staff.now("dc.reed"), Query("team", team="Engage"), "inquiry", WHY, reference="7"
    ).id
    before = prove(office, one, staff.now("dc.lowe"))
    assert {kind.kind for kind in before.covers} >= {"observation", "link", "vehicle"}
    told_of("dc.far")
    assert prove(office, one, staff.now("dc.lowe")) == before
    with pytest.raises(Hidden):
        prove(office, one, staff.now("dc.far"))


# --- random sequences of recording, placing holds and erasing ------------------------------------

NAMES = ("Zyxwora", "Quibblet", "Fluxmar")


class Story:
    """A random sequence of recording, placing holds, lifting holds and erasing. After each step,
    every item that a current hold covers must be complete.
    """

    def __init__(self, office: Office, draw: random.Random) -> None:
        self.office, self.draw = office, draw
        self.people = [office.person(name) for name in NAMES]
        self.cases = [office.case(name) for name in ("Vorpalw Dale", "Jabberh Dale")]
        self.words: list[UUID] = []
        self.others: list[UUID] = []  # entries of the source register, and imported files
        self.ties: list[UUID] = []
        self.holds: list[UUID] = []
        self.gone: set[UUID] = set()

    def step(self) -> None:
        ways = [self.record, self.record, self.hold, self.erase, self.erase, self.lift]
        ways += [self.bring, self.tie, self.judge, self.refile]
        # the command may be refused, for example because the person was erased before
        with suppress(Refused):
            self.draw.choice(ways)()

    def record(self) -> None:
        office, draw = self.office, self.draw
        named = draw.sample(range(len(NAMES)), k=draw.randint(0, 2))
        text = f"words {len(self.words)} " + " ".join(NAMES[one] for one in named)
        filed = draw.choice([None, *(str(case) for case in self.cases if case not in self.gone)])
        words = office.words(text, case=filed, heard_from=draw.choice([None, "Mrs Snarkfi"]))
        self.words.append(words)
        self.others += references(office.desk.logs).items(words, ENTRY)
        for one in named:
            if self.people[one] not in self.gone and draw.random() < 0.5:
                observation.confirm(
                    office.desk, office.reader, words, str(self.people[one]), NAMES[one]
                )
        if draw.random() < 0.5:
            intelligence_report.assess(
                office.desk, office.reader, words, Grade.parse("2C"), Handling("P")
            )

    def hold(self) -> None:
        kind = self.draw.choice(["item", "case", "person", "category", "period", "team", "store"])
        items = {"item": self.words, "case": self.cases, "person": self.people}.get(kind)
        if items is not None:
            left = [item for item in items if item not in self.gone]
            if left:
                self.holds.append(on(self.office, self.draw.choice(left)))
            return
        if kind == "store" and self.draw.random() < 0.7:
            return
        queries = {
            "category": Query("category", category=self.draw.choice(["reports", "sources"])),
            "period": Query("period", until=self.office.system.clock() - timedelta(hours=3)),
            "team": Query("team", team="Deter"),
            "store": Query("store"),
        }
        self.holds.append(place(self.office, queries[kind]))

    def bring(self) -> None:
        """Import a file that contains a log entry; the store saves the file as the original of the
        import.
        """
        office, number = self.office, len(self.others)
        row = entry(f"{NAMES[0]} again {number}")
        file = log_csv(office.system.home / f"told-{number}.csv", row)
        before = office.count()["evidence"]
        brought = import_files(
            office.desk,
            office.reader,
            [file],
            originals=office.system.originals,
            now=office.system.clock(),
            form="provenance-log",
        )
        assert brought.files
        for fact in office.facts()[before:]:
            if isinstance(fact.event, FileReceived):
                self.others.append(fact.stream)
            elif isinstance(fact.event, ObservationRecorded):
                self.words.append(fact.stream)

    def tie(self) -> None:
        """Link two people, or retract their link."""
        desk, reader = self.office.desk, self.office.reader
        if self.ties and self.draw.random() < 0.5:
            links.retract(desk, reader, self.ties.pop(), "mistaken")
            return
        a, b = map(str, self.draw.sample(self.people, k=2))
        words = self.draw.choice(self.words)
        self.ties.append(links.assert_link(desk, reader, words, a, b, "associate").id)

    def judge(self) -> None:
        """Judge that two records are one person, or that they are two."""
        desk, reader = self.office.desk, self.office.reader
        a, b = map(str, self.draw.sample(self.people, k=2))
        if self.draw.random() < 0.5:
            identity.judge(desk, reader, a, b, "same", "one nickname")
        else:
            identity.split(desk, reader, a, "another man")

    def refile(self) -> None:
        words, case = self.draw.choice(self.words), str(self.draw.choice(self.cases))
        observation.refile(self.office.desk, self.office.reader, words, case, "wrong family")

    def lift(self) -> None:
        if self.holds:
            lift(self.office, self.holds.pop(self.draw.randrange(len(self.holds))))

    def erase(self) -> None:
        office = self.office
        every = (*self.words, *self.people, *self.cases, *self.others)
        left = [one for one in every if one not in self.gone]
        subject = self.draw.choice(left)
        made = erasure.plan(office.desk, office.reader, [subject])
        written = [Redaction(one.id, one.item, "somebody") for one in made.needed]
        made = erasure.plan(office.desk, office.reader, [subject], written)
        if made.refused or made.needed:
            return
        one, _ = erasure.propose(office.desk, office.reader, [subject], "part-3-s47", written)
        nothing: Callable[[], object] = lambda: None  # noqa: E731
        late = Late(office, self.hold if self.draw.random() < 0.4 else nothing)
        done = erasure.approve(office.desk, office.somebody(SECOND), one.id, late)
        self.gone |= {item.id for item in done.items if item.fate in ("destroyed", "disappears")}

    def live(self) -> dict[UUID, set[str]]:
        """Return the data keys that are not destroyed, by their stream (the history of an item)."""
        found: dict[UUID, set[str]] = {}
        for log in self.office.system.logs.values():
            streams = {fact.stream.bytes for fact in log.read(0, max(log.last(), 1))}
            for row in log.key_table.select(streams):
                if row.wrapped is not None:
                    found.setdefault(UUID(bytes=row.stream), set()).add(row.key_id.hex())
        return found


def live_events(office: Office, one: UUID) -> list[object]:
    return [
        (fact.ref, fact.event)
        for log in office.desk.logs.values()
        for fact in log.history(one)
        if not fact.erased
    ]


def whatever_happens(office: Office, seed: int, steps: int = 9) -> None:
    story = Story(office, random.Random(seed))
    for _ in range(3):
        story.record()
    for _ in range(steps):
        office.later()
        standing = dict(Reckoning(office.desk.logs).reached())
        keys = story.live()
        words = {one: live_events(office, one) for one in standing}
        before = set(story.holds)
        story.step()
        still = before & set(story.holds)  # holds that this step lifted are left out
        now = story.live()
        for one, holds in standing.items():
            if holds & still:
                assert keys.get(one, set()) <= now.get(one, set()), "a held key was destroyed"
                after = live_events(office, one)
                assert [told for told in words[one] if told not in after] == []
    for one in story.holds:
        assert prove(office, one).whole
    assert unexplained(office) == []


@settings(max_examples=2 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_nothing_that_a_standing_hold_reaches_ever_loses_a_key_or_a_word(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    office = opened(tmp_path_factory.mktemp("store"))
    try:
        whatever_happens(office, seed)
    finally:
        office.system.close()


@pytest.mark.postgres
def test_nor_on_a_server(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    for number in range(TIMES):
        office = opened(tmp_path / f"store-{number}", fresh_database())
        try:
            whatever_happens(office, SEED + number)
        finally:
            office.system.close()


def test_a_team_that_nobody_works_in_is_no_team_to_hold(office: Office) -> None:
    """A hold on a team without users, such as a misspelt name, is refused, because it would cover
    nothing.
    """
    office.words("Baz waits")
    team = office.reader.team
    with pytest.raises(Refused, match="exactly one team"):
        place(office, Query("team", team="Enggage"))
    for spelled in (team.upper(), f"  {team} "):
        one = place(office, Query("team", team=spelled))
        assert len(Reckoning(office.desk.logs).standing[one].query.team or "") == len(team)


def test_what_is_filed_elsewhere_under_a_hold_stays_held(office: Office) -> None:
    """One person can move an entry under a legal hold to another case, but the entry stays under
    the hold, because only two people can lift it."""
    case, other = office.case(), office.case("Zoe Dale")
    before = office.words("Baz drives her", case="1")
    observation.refile(office.desk, office.reader, before, str(other), "wrong family")
    words = office.words("Baz drove her again", case="1")
    on(office, case)
    observation.refile(office.desk, office.reader, words, str(other), "wrong family")
    assert fates(office, words) == {words: "restricted"}
    assert fates(office, before) == {before: "destroyed"}, "it was elsewhere when the hold came"
    erase(office, words)
    assert lost(office) == set()


def test_a_link_that_is_retracted_under_a_hold_keeps_its_ends(office: Office) -> None:
    desk, reader = office.desk, office.reader
    case, baz, ginge = office.case(), office.person("Baz"), office.person("Ginge")
    words = office.words("two men and a car", case="1")
    tie = links.assert_link(desk, reader, words, str(baz), str(ginge), "associate").id
    one = on(office, case)
    links.retract(desk, reader, tie, "mistaken")
    assert {tie, baz, ginge} <= Reckoning(desk.logs).reach(one, Query("case", case))
    for who in (baz, ginge):
        assert fates(office, who)[who] == "restricted"
    lift(office, one)
    assert fates(office, baz)[baz] == "destroyed"


def test_two_people_who_are_distinguished_under_a_hold_stay_held(office: Office) -> None:
    desk, reader = office.desk, office.reader
    baz, barry = office.person("Baz"), office.person("Barry Poole")
    identity.judge(desk, reader, str(baz), str(barry), "same", "one nickname")
    on(office, baz)
    identity.split(desk, reader, str(barry), "another man")
    assert fates(office, barry)[barry] == "restricted"
