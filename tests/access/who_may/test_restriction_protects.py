"""An item under a restriction of use is marked. Its use is limited, but users who protect a child
may still use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from commands.erasure import retention
from commands.families import casework, safe_contact
from commands.families.open_matters import list_open_matters
from commands.information import observation
from commands.intelligence import links
from commands.kernel import entity
from commands.people_and_teams.due import list_due
from domain.families.referral import Case, MissingReported, evolve
from domain.kernel.values import Reader
from network.people import missing as sheet
from network.people.alerts import alerts
from projections import missing
from projections.due import DueFilter
from projections.families import cases
from projections.information import queue
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared
from usecases.families.missing_now import first_lines

PHONE, HOME = "phone:07700 900123", "place:3 Mill Lane, Town A"
TEAM = {
    "dc.reed": "detective",
    "ds.vale": "supervisor",
    "mfh.lane": "missing-coordinator",
    "sw.birch": "social-worker",
    "m.lund": "manager",
    "a.hart": "auditor",
    "do.cole": "disclosure-officer",
}


def _record_missing_girl(office: Office) -> dict[str, UUID]:
    """Record a missing girl, and restricted items about her and a suspect; return ids by name. The
    suspect drives the car in which the girl was seen, and uses the phone of the girl's mother.
    """
    desk, reader = office.desk, office.reader
    case = office.case("Kayleigh Marlow")
    child = desk.fold(case, Case(), evolve)[0].child
    assert child
    words = observation.record(desk, reader, words="he drives her about", case=str(case)).id
    why = [("suspect", "named by two parents")]
    baz = entity.record_person(desk, reader, name="Baz", categories=why).id  # type: ignore[arg-type]
    mother = office.person("Dawn Marlow")

    def tie(one: UUID, other: str, kind: str) -> UUID:
        return links.assert_link(desk, reader, words, str(one), other, kind).id  # type: ignore[arg-type]

    tie(child, "vehicle:PK95 ABC", "passenger-of")
    tie(child, str(baz), "association")
    tie(baz, "vehicle:PK95 ABC", "driver-of")
    tie(mother, str(child), "family")
    tie(mother, PHONE, "uses")
    shares = tie(baz, PHONE, "uses")
    casework.report_missing(desk, reader, str(case), MissingReported(risk="high"))
    staff = Staff(office)
    for name, role in TEAM.items():
        staff.hire(name, role)  # type: ignore[arg-type]
    casework.allocate(desk, staff.now("m.lund"), str(case), "sw.birch", allocated_for="child")
    office.system.keep_up()
    phone = next(row.b for row in office.links() if row.link == shares)
    return {"case": case, "child": child, "baz": baz, "phone": phone, "link": shares}


MISSING = prepared("missing_and_restricted", _record_missing_girl)


@dataclass
class World:
    """A store in which a girl is missing. Its functions restrict items and return what a reader
    sees of the girl."""

    office: Office
    ids: dict[str, UUID]

    def now(self, name: str) -> Reader:
        return Staff(self.office).now(name)

    def restrict(self, *names: str) -> None:
        items = [self.ids[name] for name in names]
        retention.restrict(
            self.office.desk,
            self.now("dc.reed"),
            items,
            "his solicitor wrote",
            ground="part-3-s47-2",
        )

    def told(self, name: str) -> dict[str, object]:
        desk, reader, at = self.office.desk, self.now(name), self.office.desk.clock()
        with desk.asking() as db:
            return {
                "missing now": [row.says for row in first_lines(desk, reader, at).rows],
                "sheet": [(row.name, row.suspects) for row in sheet.now(db, reader, at)],
                "cases": [row.case for row in cases.list_cases(db, reader)],
                "due": sorted(
                    (row.clock, row.item) for row in list_due(desk, reader, at, DueFilter())
                ),
                "alerts": [(row.kind, row.case) for row in alerts(db, reader)],
                "phone": safe_contact.check(db, reader, self.ids["phone"]).verdict,
            }


@pytest.fixture
def world(place: Place) -> Iterator[World]:
    with MISSING(*place) as (office, ids):
        yield World(office, ids)


@pytest.mark.parametrize("name", ["dc.reed", "ds.vale", "mfh.lane", "sw.birch", "m.lund"])
def test_what_protects_her_goes_on_for_those_whose_work_it_is(world: World, name: str) -> None:
    before = world.told(name)
    assert before["missing now"]
    assert before["cases"]
    assert before["phone"] == "unsafe"
    world.restrict(*world.ids)
    after = world.told(name)
    reviews = [row for row in after["due"] if row[0] == "restriction-review"]  # type: ignore[attr-defined]
    after["due"] = [row for row in after["due"] if row not in reviews]  # type: ignore[attr-defined]
    assert after == before


def test_urgent_words_that_nobody_has_read_go_on_waiting_for_somebody(world: World) -> None:
    office = world.office
    told = {"case": str(world.ids["case"])}
    urgent = office.words("He is at her door", urgent_reason="now", **told)
    quiet = office.words("He was there", **told)

    def waiting() -> dict[UUID, bool]:
        with office.desk.asking() as db:
            rows = queue.queue(db, world.now("ds.vale"), office.desk.clock(), queue.Clocks())
        return {row.id: row.restricted for row in rows}

    before = waiting()
    assert (before[urgent], before[quiet]) == (False, False)
    World(office, {"urgent": urgent, "quiet": quiet}).restrict("urgent", "quiet")
    after = waiting()
    assert after[urgent], "it waits, and the queue marks it"
    assert quiet not in after, "its clock goes on"
    observation.triage(office.desk, world.now("dc.reed"), urgent, "safeguard", "officers went")
    assert urgent not in waiting()


@pytest.mark.usually_on("sqlite")
def test_a_restriction_makes_no_way_safe_and_nothing_ready_to_close(world: World) -> None:
    world.restrict(*world.ids)
    assert world.told("sw.birch")["phone"] == "unsafe"
    with world.office.desk.asking() as db:
        open_now = {
            (open_matter.kind, open_matter.id)
            for open_matter in list_open_matters(world.office.desk, world.ids["case"])
        }
        safe = safe_contact.contact_ways_of(db, world.now("sw.birch"), world.ids["case"], "text")
    assert ("suspect", world.ids["baz"]) in open_now
    assert ("missing", world.ids["case"]) in open_now
    assert (safe.unsafe, safe.safe) == (True, ())


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("name", ["a.hart", "do.cole"])
def test_every_other_use_is_limited(world: World, name: str) -> None:
    before = world.told(name)
    world.restrict(*world.ids)
    after = world.told(name)
    assert (after["missing now"], after["sheet"], after["cases"]) == ([], [], [])
    assert name != "a.hart" or before["cases"], "the auditor saw the case"


@pytest.mark.usually_on("sqlite")
def test_figures_and_the_map_leave_out_what_is_restricted(world: World) -> None:
    world.restrict(*world.ids)
    desk, reader = world.office.desk, world.now("dc.reed")
    with desk.asking() as db:
        assert missing.figure(db, reader, desk.clock()).children == 0
        assert cases.load(db, reader).cases == 0
        (row,) = cases.list_cases(db, reader)
        assert row.restricted, "the list marks it"
    assert world.office.links() == [], "every link here names the child, him or his phone"


@pytest.mark.usually_on("sqlite")
def test_a_team_that_never_saw_her_is_shown_nothing_more(world: World) -> None:
    far = Staff(world.office).hire("dc.far", "detective", teams=["Deter"])
    before = world.told(far.name)
    world.restrict(*world.ids)
    after = world.told(far.name)
    assert {row[0] for row in after.pop("due")} == {"restriction-review"}  # type: ignore[attr-defined]
    assert before.pop("due") == []
    assert after == before
    assert (before["missing now"], before["cases"], before["alerts"]) == ([], [], [])
