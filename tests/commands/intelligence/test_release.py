"""If the program marks a part of a report's text as dangerous to the source, the report's release
needs a second officer; an urgent report may be released before that.
"""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.data_protection import disclosure
from commands.erasure import erasure
from commands.intelligence import intelligence_report, release
from commands.people_and_teams import due
from domain.data_protection.disclosure import DisclosureMade
from domain.intelligence.intelligence_report import ProductReleased, ReportDisseminated
from domain.intelligence.release import (
    ReleaseConfirmed,
    ReleaseReviewDue,
    ReleaseReviewed,
    ReleaseTakesTwo,
    send_time,
)
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from ingest.words.record_words import record_entry
from projections import due as due_view
from projections.intelligence import releases
from tests.commands.office import Office
from tests.support.commands.release import CLEAN, OWN, WHY, made, reported, send

SECOND = "di.okoro"


@pytest.fixture
def marked(either: Office) -> tuple[Office, UUID]:
    """Make a report that quotes its source, so that the program marks a part of its text as
    dangerous to the source; return the store and the report's id.
    """
    return either, reported(either)


def released_count(office: Office) -> int:
    return len(office.events(ReportDisseminated))


def test_one_person_releases_what_is_not_marked(office: Office) -> None:
    assert not send(office, reported(office, CLEAN)).proposed
    assert released_count(office) == 1


def test_the_tellers_own_words_do_not_leave_by_one_person(marked: tuple[Office, UUID]) -> None:
    office, report = marked
    with pytest.raises(ReleaseTakesTwo, match="own words"):
        send(office, report)
    assert send(office, report, reason=WHY).proposed
    assert released_count(office) == 0
    for same in (office.reader, office.somebody("DS Hart")):
        with pytest.raises(Refused, match="another officer has to"):
            release.confirm(office.desk, same, report)
    release.confirm(office.desk, office.somebody(SECOND), report)
    office.later(0.25)
    release.send_due_copies(office.desk)
    assert (released_count(office), len(office.events(ProductReleased, "product"))) == (1, 1)
    assert office.events(ReleaseConfirmed) == [ReleaseConfirmed("ds.hart")]
    assert not release.list_waiting(office.desk, office.reader)
    with pytest.raises(Refused, match="no release of this text waits for a second officer"):
        release.confirm(office.desk, office.somebody(SECOND), report)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Kayleigh is collected by car.", "a name of the family"),
        ("Her mother says that a child is collected.", "somebody told us"),
        ("A child is collected in PK95 ABC.", "few households"),
        ("Sandra Tillotson speaks of a car.", "no recorded person's"),
    ],
)
def test_each_of_them_takes_two(office: Office, text: str, why: str) -> None:
    case = str(office.case("Kayleigh Marlow"))
    told = "Kayleigh gets into PK95 ABC"
    item = record_entry(
        office.desk, office.reader, told, office.later(), case=case, heard_from="Sandra Tillotson"
    ).receipt.id
    report = office.assessed(item, "2C").id
    intelligence_report.sanitise(office.desk, office.reader, item, text)
    with pytest.raises(ReleaseTakesTwo, match=why):
        send(office, report)


def test_a_text_that_was_changed_since_is_another_one(office: Office) -> None:
    report = reported(office)
    send(office, report, reason=WHY)
    intelligence_report.sanitise(office.desk, office.reader, report, f"So it is: {OWN}.")
    with pytest.raises(Refused, match="changed since"):
        release.confirm(office.desk, office.somebody(SECOND), report)
    assert released_count(office) == 0
    intelligence_report.sanitise(office.desk, office.reader, report, CLEAN)
    assert not send(office, report).proposed


def test_refused_or_taken_back_nothing_leaves(office: Office) -> None:
    report = reported(office)
    send(office, report, reason=WHY)
    with pytest.raises(Refused, match="already"):
        send(office, report, reason=WHY)
    release.refuse(office.desk, office.somebody(SECOND), report, "say it in other words")
    send(office, report, reason=WHY)
    release.refuse(office.desk, office.reader, report, "I found other words")
    with pytest.raises(Refused, match="no release of this text waits for a second officer"):
        release.confirm(office.desk, office.somebody(SECOND), report)
    assert released_count(office) == 0


@pytest.mark.usually_on("sqlite")
def test_what_cannot_wait_goes_first_and_is_reviewed_within_a_day(
    marked: tuple[Office, UUID],
) -> None:
    office, report = marked
    send(office, report, urgent="she is with him now")
    assert released_count(office) == 1
    (due,) = office.events(ReleaseReviewDue)
    assert due.due == office.desk.clock() + timedelta(hours=24)
    assert due.marks
    (row,) = release.list_waiting(office.desk, office.reader)
    assert (row.item, row.what, row.due, row.by) == (report, "review", due.due, "ds.hart")
    with pytest.raises(Refused, match="another officer has to"):
        release.review(office.desk, office.reader, report, "right", "it was me")
    release.review(office.desk, office.somebody(SECOND), report, "right", "she was found there")
    assert [event.finding for event in office.events(ReleaseReviewed)] == ["right"]
    assert release.list_waiting(office.desk, office.reader) == []


def test_the_review_is_listed_with_all_that_has_a_date_and_answered_there(office: Office) -> None:
    report = reported(office)
    send(office, report, urgent="she is with him now")

    def listed() -> list[due_view.DueItem]:
        with office.system.reading() as db:
            return due_view.listed(db, office.reader, office.desk.clock(), due_view.DueFilter())

    (one,) = listed()
    tomorrow = office.desk.clock() + timedelta(hours=24)
    assert (one.clock, one.item, one.due) == ("release-review", report, tomorrow)
    for by, said in ((office.reader, "done"), (office.somebody(SECOND), "again")):
        with pytest.raises(Refused):
            due.answer(office.desk, by, one.id, said, "so it is")  # type: ignore[arg-type]
    due.answer(office.desk, office.somebody(SECOND), one.id, "done", "she was found there")
    assert listed() == []
    assert release.list_waiting(office.desk, office.reader) == []


def test_sharing_by_disclosure_is_no_way_round(office: Office) -> None:
    report = reported(office)

    def share(**more: Any) -> Any:
        found = disclosure.gather(office.desk, office.reader, report, "law-enforcement")
        return disclosure.disclose(
            office.desk, office.reader, found, basis="law-enforcement", purpose="safety",
            recipients=["Team B"], checked="read it", **more,
        )  # fmt: skip

    with pytest.raises(ReleaseTakesTwo, match="own words"):
        share()
    assert office.events(DisclosureMade, "access") == []
    share(urgent="she is with him now")
    assert [event.by for event in office.events(ReleaseReviewDue)] == ["ds.hart"]
    send(office, report, reason=WHY)
    release.confirm(office.desk, office.somebody(SECOND), report)
    share()
    assert len(office.events(ReleaseReviewDue)) == 1


@pytest.mark.parametrize(
    ("basis", "reviewed"),
    [("safeguarding", True), ("vital-interests", True), ("court-order", False)],
)
def test_what_prevents_harm_goes_at_once_and_is_reviewed(
    office: Office, basis: Any, reviewed: bool
) -> None:
    desk, reader, report = office.desk, office.reader, reported(office)
    words = office.words("He has her at the flat now.", heard_from="Sandra Marlow")
    for item in (report, words):
        found = disclosure.gather(desk, reader, item, basis)
        disclosure.disclose(
            desk, reader, found, basis=basis, purpose="she is there now",
            recipients=["Team B"], checked="read it",
        )  # fmt: skip
    waiting = {row.item for row in release.list_waiting(desk, reader)}
    assert waiting == ({report, words} if reviewed else set())
    if reviewed:
        release.review(desk, office.somebody(SECOND), words, "right", "she was found there")


def test_a_confirmation_that_is_repeated_is_one(office: Office) -> None:
    report, command = reported(office), uuid4()
    send(office, report, reason=WHY)

    def confirm() -> object:
        return release.confirm(office.desk, office.somebody(SECOND), report, command_id=command)

    assert confirm() == confirm()
    office.later(0.25)
    assert release.send_due_copies(office.desk) == 1
    assert confirm()
    assert release.send_due_copies(office.desk) == 0
    assert (released_count(office), len(office.events(ProductReleased, "product"))) == (1, 1)


def test_a_repeated_proposal_is_one(office: Office) -> None:
    report, command = reported(office), uuid4()
    assert send(office, report, reason=WHY, command_id=command) == send(
        office, report, reason=WHY, command_id=command
    )


# --- copies are sent together every quarter of an hour --------------------------------------------


@pytest.mark.usually_on("sqlite")
def test_nothing_that_a_recipient_holds_tells_the_order_or_time_of_the_making(
    either: Office,
) -> None:
    """Reports that are released within the same quarter of an hour reach their recipient in an
    order that does not reveal when, or in which order, they were made."""
    office = either
    at_quarter(office)
    reports = [reported(office, f"A child is collected by car {n}.") for n in range(6)]
    sent: list[UUID] = []
    for report in random.Random(7).sample(reports, 6):
        office.later(1 / 60)
        release.disseminate(office.desk, office.reader, report, "Team B", "safety")
        sent.append(report)
    assert release.send_due_copies(office.desk) == 0
    assert made(office) == []
    office.later(0.25)
    assert release.send_due_copies(office.desk) == 6
    copies = made(office)
    ids = [fact.stream for fact in copies]
    assert ids == sorted(ids)
    assert {one.version for one in (*ids, *reports)} == {4}
    first, last = copies[0].recorded, copies[-1].recorded
    assert last - first == timedelta(microseconds=5)
    assert release.send_due_copies(office.desk) == 0
    assert len(made(office)) == 6
    of = {
        event.product: fact.stream
        for fact in office.facts()
        if isinstance(event := fact.event, ReportDisseminated)
    }
    assert {of[item_id] for item_id in ids} == set(reports)
    with office.system.reading() as db:
        (mine,) = releases.copies(db, office.reader, reports[0])
    assert (mine.left, of[mine.product]) == (True, reports[0])


def at_quarter(office: Office) -> None:
    """Set the clock to the start of a quarter of an hour."""
    now = office.desk.clock()
    office.later((send_time(now) - now) / timedelta(hours=1))


def test_what_is_urgent_leaves_at_once(office: Office) -> None:
    send(office, reported(office, CLEAN), urgent="she is with him now")
    assert len(made(office)) == 1
    office.later(0.5)
    assert release.send_due_copies(office.desk) == 0


@pytest.mark.parametrize("falls", ["withdrawn", "another text"])
def test_a_copy_leaves_as_it_was_released_and_not_if_the_report_fell(
    office: Office, falls: str
) -> None:
    report = reported(office, CLEAN)
    send(office, report)
    if falls == "withdrawn":
        intelligence_report.withdraw(office.desk, office.reader, report, "it was another child")
    else:
        intelligence_report.sanitise(office.desk, office.reader, report, "Another text.")
    office.later(0.5)
    release.send_due_copies(office.desk)
    assert [one.event.texts for one in made(office)] == (  # type: ignore[attr-defined]
        [] if falls == "withdrawn" else [(CLEAN,)]
    )


def test_a_copy_that_the_log_did_not_take_leaves_with_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(office, reported(office, CLEAN))
    office.later(0.25)

    def down(*_: object) -> object:
        raise LogUnavailable("out of reach")

    monkeypatch.setattr(office.system.logs["product"], "append", down)
    with pytest.raises(LogUnavailable):
        release.send_due_copies(office.desk)
    monkeypatch.undo()
    assert (release.send_due_copies(office.desk), len(made(office))) == (1, 1)


def test_an_erasure_before_its_quarter_is_over_lets_no_copy_leave(office: Office) -> None:
    item = office.words("Sandra here, he has a car.", heard_from="Sandra Marlow")
    report = office.assessed(item, "2C").id
    intelligence_report.sanitise(office.desk, office.reader, item, CLEAN)
    send(office, report)
    one, _ = erasure.propose(office.desk, office.reader, [item], "part-3-s47", [])
    erasure.approve(office.desk, office.somebody(SECOND), one.id, office.system)
    office.later(0.5)
    release.send_due_copies(office.desk)
    assert made(office) == []
