"""A printed trail, which is divided into lanes, never shows more than its reader sees on the
page."""

import re
from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from access.who_may import telling
from commands.erasure import retention
from commands.families import referral
from commands.justice import arrest_to_result, court
from commands.kernel.item_references import UNNAMED
from domain.justice.arrest_to_result import ArrestMade
from domain.justice.court import PleaEntered
from domain.kernel.values import Reader, Refused
from projections.kernel import runner
from tests.access.staff import Staff
from tests.support.access.closed_steps import ARREST, Arrest
from usecases.kernel.numbered_copy import printed
from usecases.kernel.paper import Heading, Paper, Paragraph, Row, Rows
from usecases.kernel.trail import ShowLanes
from usecases.kernel.trail_lanes import traced


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrest]:
    with ARREST(tmp_path_factory.mktemp("trail") / "store", None) as (office, ids):
        staff = Staff(office)
        staff.hire("a.supervisor", "supervisor")
        yield Arrest(office, staff, *ids)


def paper(made: Arrest, name: str, item: UUID) -> Paper:
    desk = made.office.desk
    return ShowLanes(str(item)).paper(desk, made.staff.now(name), desk.clock())


def rows(told: Paper) -> list[Row]:
    return [row for part in told.parts if isinstance(part, Rows) for row in part.rows]


def paper_text(told: Paper) -> str:
    words = [part.words for part in told.parts if isinstance(part, Heading | Paragraph)]
    return "\n".join([*words, *(f"{row.words} | {row.side}" for row in rows(told))])


def person_of(made: Arrest) -> UUID:
    found = made.office.desk.logs["evidence"].history(made.arrest)[0].event.person  # type: ignore[attr-defined]
    assert isinstance(found, UUID)
    return found


def test_it_tells_lane_by_lane_what_led_to_an_arrest(made: Arrest) -> None:
    told = paper(made, "a.intelligence-officer", made.arrest)
    heads = [part.words for part in told.parts if isinstance(part, Heading)]
    assert heads[:4] == ["Information", "Intelligence", "Evidence", "Justice"]
    assert heads[-2:] == ["How to read the trail", "Positions and hashes"]
    told_rows = {row.words: row.side for row in rows(told)}
    assert "1. Log entry received: That red car again." in told_rows
    (graded,) = (one for one in told_rows if one.startswith("3. Log entry graded: "))
    assert re.fullmatch(r".*: Report, Case \d+", graded), "which report, by its case"
    assert "caused by 1 Log entry received" in told_rows[graded]
    arrested = told_rows["5. Arrested (this item)"]
    assert "caused by 2 Report opened, 1 Log entry received" in arrested
    assert arrested.startswith("Recorded ")
    assert "No steps in this lane." in paper_text(told)
    (last,) = re.findall(r"Its last step here: (\S+):1, recorded", paper_text(told))
    assert last in {str(item_id) for item_id in told.ids}
    assert set(told.ids) >= {made.arrest, made.report, made.words}


def test_the_auditor_is_informed_which_steps_are_closed_and_the_place_in_the_log(
    made: Arrest,
) -> None:
    told = paper(made, "a.auditor", made.arrest)
    closed = [row for row in rows(told) if row.hatched]
    assert [row.words for row in closed[:-1]] == ["1. Closed to you", "4. Closed to you"]
    assert closed[0].side.startswith("Log entry received, recorded ")
    with made.office.system.reading() as db:
        at = runner.positions(db)["trail", "evidence"]
    assert f"Evidence log, position {at}" in paper_text(told)
    assert "closed steps included: SHA-256" in paper_text(told)
    assert "red car" not in paper_text(told)
    assert str(made.words) not in str(told)


def test_two_worlds_that_differ_in_a_closed_step_are_printed_alike(made: Arrest) -> None:
    desk, io = made.office.desk, made.staff.now("a.intelligence-officer")
    arrest = ArrestMade(person_of(made), made.case)
    bare = arrest_to_result.record(desk, io, arrest, because_of=("none-known",)).id
    hidden = arrest_to_result.record(desk, io, arrest, because_of=(str(made.words),)).id

    def shown(item: UUID) -> str:
        return paper_text(paper(made, "a.detective", item)).replace(str(item), "ID")

    assert shown(bare) == shown(hidden)
    assert telling.CLOSED in shown(hidden)
    assert "position" not in shown(hidden), "it moves with what others record"


def test_what_others_record_changes_no_letter_of_it(made: Arrest) -> None:
    """Records of other teams change nothing in a printed trail. In the test, another team has a
    case about the same man, with court steps because of this arrest."""
    before = paper(made, "a.detective", made.arrest)
    desk, io = made.office.desk, made.staff.now("a.intelligence-officer")
    theirs = msgspec.structs.replace(io, team="Deter")
    case = str(referral.receive(desk, theirs, child="Ellie Stone").id)
    plea = PleaEntered(UNNAMED, UNNAMED, "guilty")
    why = (str(made.arrest),)
    court.enter_plea(desk, theirs, plea, case, str(person_of(made)), because_of=why)
    assert paper(made, "a.detective", made.arrest) == before
    hers = paper_text(paper(made, "a.intelligence-officer", made.arrest))
    assert "6. Plea entered" in hers
    assert "led to 6 Plea entered" in hers


def test_a_colleague_who_is_shown_less_is_handed_none(made: Arrest) -> None:
    """A paper is not handed to a colleague who may not see all of it. The supervisor sees the
    report and the arrest, but not the hidden step.
    """

    def handed(name: str, to: str) -> bytes:
        desk, reader = made.office.desk, made.staff.now(name)
        told = ShowLanes(str(made.arrest))
        return printed(told, desk, reader, desk.clock(), lambda ids: None, recipient=to)

    assert handed("a.detective", "a.supervisor").startswith(b"%PDF")
    assert handed("a.auditor", "a.auditor").startswith(b"%PDF")
    for name in ("a.auditor", "a.intelligence-officer"):
        with pytest.raises(Refused, match="does not have access to everything in this copy"):
            handed(name, "a.supervisor")


def test_whom_it_names_is_among_its_items_and_what_is_restricted_is_not_informed(
    made: Arrest,
) -> None:
    """A person whom a printed trail names is among its recorded items, so that an erasure of the
    person finds this copy. Items that were restricted are left out of new copies."""
    desk, reader, suspect = made.office.desk, made.office.reader, person_of(made)
    told = paper(made, "a.intelligence-officer", made.arrest)
    assert "Arrest: Skez" in paper_text(told)
    assert suspect in told.ids
    answer = ShowLanes(str(made.arrest)).told(desk, made.staff.now("a.detective"), desk.clock())
    assert suspect in answer.more["ids"], "a workbook and the record of looks tell it, too"
    retention.restrict(desk, reader, [made.words, suspect], "contested", ground="part-3-s47-2")
    after = paper_text(paper(made, "a.intelligence-officer", made.arrest))
    assert "1. Log entry received" in after
    assert "red car" not in after
    assert "Skez" not in after
    retention.unrestrict(desk, reader, [made.words, suspect], "settled")


def test_a_reader_who_may_not_see_an_item_is_informed_of_none(made: Arrest) -> None:
    outside: Reader = made.staff.hire("dc.far", "detective", teams=("Deter",))
    desk = made.office.desk
    with pytest.raises(Refused, match="there is no item"):
        ShowLanes(str(made.arrest)).paper(desk, outside, desk.clock())


def test_the_trail_of_a_person_goes_on_to_their_arrest(made: Arrest) -> None:
    desk, reader = made.office.desk, made.staff.now("a.intelligence-officer")
    with desk.deciding() as db:
        person = traced(desk, db, reader, person_of(made))
    assert "justice.arrest_made" in [placed.step.event for placed in person.laid.after]
    assert made.arrest in person.ids
