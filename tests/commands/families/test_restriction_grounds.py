"""A restriction names its ground in law; a restriction that the data subject requests waits for a
decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from commands.erasure import retention
from commands.families import casework, charity_support
from commands.people_and_teams import due
from domain.data_protection.retention import RestrictionPlaced, RestrictionRequested
from domain.families.charity_support import NoteWritten
from domain.kernel.codes import RestrictionGround
from domain.kernel.values import Denied, Hidden, Reader, Refused, Role
from projections.data_protection.retention import restrictions
from projections.due import DueFilter
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

ROLES: dict[str, Role] = {
    "dc.reed": "detective",
    "ds.vale": "supervisor",
    "dci.moss": "dci",
    "do.cole": "disclosure-officer",
    "sw.birch": "social-worker",
    "io.shaw": "intelligence-officer",
    "m.lund": "manager",
}
CONTESTED: RestrictionGround = "part-3-s47-3"
EVIDENCE: RestrictionGround = "part-3-s47-2"


def _contested(office: Office) -> tuple[UUID, UUID]:
    case = office.case("Kayleigh Marlow")
    words = office.words("He drives a silver Corsa", case=str(case))
    staff = Staff(office)
    for name, role in ROLES.items():
        staff.hire(name, role)
    casework.allocate(office.desk, staff.now("m.lund"), str(case), "sw.birch", "child")
    return case, words


CONTESTS = prepared("a_contested_record", _contested)


@dataclass
class World:
    """A store with a log entry in a case, and a person who disputes the entry."""

    office: Office
    case: UUID
    words: UUID

    def now(self, name: str) -> Reader:
        return Staff(self.office).now(name)

    def place(self, name: str, ground: RestrictionGround | None) -> list[UUID]:
        desk, reader = self.office.desk, self.now(name)
        return retention.restrict(desk, reader, [self.words], "he objects", ground=ground)

    def ask(self, name: str = "dc.reed") -> None:
        told = self.office.desk, self.now(name), str(self.words)
        retention.request_restriction(*told, "his solicitor, by letter", "he objects")

    def refuse(self, name: str) -> None:
        told = self.office.desk, self.now(name), str(self.words)
        retention.refuse_restriction(*told, "to object is no ground under Part 3")

    def restricted(self) -> bool:
        with self.office.desk.asking() as db:
            return self.words in {row.item for row in restrictions(db, self.office.reader)}

    def owed(self, name: str, *, mine: bool = False) -> list[UUID]:
        desk = self.office.desk
        asked = DueFilter(clock="restriction-request", mine=mine)
        return [row.item for row in due.list_due(desk, self.now(name), desk.clock(), asked)]


@pytest.fixture
def world(place: Place) -> Iterator[World]:
    with CONTESTS(*place) as (office, (case, words)):
        yield World(office, case, words)


def test_a_request_changes_nothing_until_it_is_decided(world: World) -> None:
    world.ask()
    assert not world.restricted()
    assert world.owed("ds.vale", mine=True) == [world.words]
    for name in ("dc.reed", "io.shaw"):
        with pytest.raises(Denied, match="supervisor or the data-protection officer decides"):
            world.place(name, CONTESTED)
        with pytest.raises(Denied):
            world.refuse(name)
    with pytest.raises(
        Refused, match="a restriction was requested already, and waits for a decision"
    ):
        world.ask("ds.vale")
    world.place("ds.vale", CONTESTED)
    assert world.restricted()
    assert world.owed("ds.vale") == []


@pytest.mark.usually_on("sqlite")
def test_what_is_refused_goes_on_and_may_be_requested_again(world: World) -> None:
    world.ask("sw.birch")
    world.refuse("dci.moss")
    assert not world.restricted()
    assert world.owed("ds.vale") == []
    with pytest.raises(Refused, match="no request"):
        world.refuse("dci.moss")
    world.ask()
    assert world.owed("dci.moss") == [world.words]


@pytest.mark.usually_on("sqlite")
def test_a_restriction_for_evidence_decides_no_request(world: World) -> None:
    world.ask()
    world.place("dc.reed", EVIDENCE)
    assert world.owed("ds.vale") == [world.words]
    world.place("ds.vale", CONTESTED)
    assert world.owed("ds.vale") == []
    placed = world.office.events(RestrictionPlaced)
    assert [one.ground for one in placed] == [EVIDENCE, CONTESTED]
    assert {one.protects_on for one in placed} == {"part-3-sch8-para4"}


@pytest.mark.usually_on("sqlite")
def test_a_ground_is_named_and_is_one_of_the_records_own_law(world: World) -> None:
    with pytest.raises(Refused, match="name the legal ground"):
        world.place("ds.vale", None)
    with pytest.raises(Refused, match="recorded under Part 3"):
        world.place("ds.vale", "uk-gdpr-art18-1-d")
    desk = world.office.desk
    charity = structs.replace(world.office.reader, regime="uk-gdpr", controller="charity")
    written = NoteWritten(world.case, "parent", "note", "fact", "she moved in with her sister")
    note = charity_support.write_note(desk, charity, written).id
    with pytest.raises(Refused, match="recorded under UK GDPR"):
        retention.restrict(desk, charity, [note], "she objects", ground=CONTESTED)
    both = [note, world.words]
    ground: RestrictionGround = "uk-gdpr-art18-1-d"
    assert retention.restrict(desk, charity, both, "she objects", ground=ground) == [note]
    (placed,) = world.office.events(RestrictionPlaced)
    assert placed.protects_on == "uk-gdpr-art18-2"
    assert not world.restricted()


@pytest.mark.usually_on("sqlite")
def test_another_team_can_neither_ask_nor_learn_that_somebody_did(world: World) -> None:
    far = Staff(world.office).hire("ds.far", "supervisor", teams=["Deter"])
    told = world.office.desk, far, str(world.words)
    for _ in range(2):
        with pytest.raises(Hidden):
            retention.request_restriction(*told, "his solicitor", "he objects")
        with pytest.raises(Hidden):
            retention.refuse_restriction(*told, "no ground")
        if not world.office.events(RestrictionRequested):
            world.ask()


@pytest.mark.usually_on("sqlite")
def test_the_data_protection_officer_decides_where_they_see_it(world: World) -> None:
    world.ask()
    with pytest.raises(Hidden):
        world.refuse("do.cole")


def test_who_obtained_it_is_informed_before_it_is_lifted(world: World) -> None:
    """The person who requested a restriction is informed before it is lifted (UK GDPR art.
    18(3)).
    """
    world.ask()
    world.place("ds.vale", CONTESTED)
    desk = world.office.desk
    today = desk.clock().date()
    untold: list[dict[str, Any]] = [{}, {"told_on": today}, {"told": "by letter", "told_on": None}]
    for told in untold:
        with pytest.raises(Refused, match="tell them before"):
            retention.unrestrict(desk, world.now("dc.reed"), [world.words], "settled", **told)
    later = {"told_on": today + timedelta(days=2), "told": "by letter"}
    with pytest.raises(Refused, match="in the future"):
        retention.unrestrict(desk, world.now("dc.reed"), [world.words], "settled", **later)  # type: ignore[arg-type]
    assert world.restricted()
    retention.unrestrict(
        desk, world.now("dc.reed"), [world.words], "settled", told_on=today, told="by letter"
    )
    assert not world.restricted()


@pytest.mark.usually_on("sqlite")
def test_what_nobody_obtained_is_lifted_without_telling_anybody(world: World) -> None:
    world.place("dc.reed", EVIDENCE)
    retention.unrestrict(world.office.desk, world.now("dc.reed"), [world.words], "tried")
    assert not world.restricted()
