"""The sheet of a missing child names those who may have them, each with what became of him as far
as its reader may see that; and never another child."""

import msgspec
import pytest

from commands.families import casework
from commands.information import observation
from commands.intelligence import links
from commands.kernel import entity
from domain.families.referral import MissingReported
from network.people import missing as sheet
from network.people import missing_now
from tests.access.staff import Staff
from tests.commands.office import Place
from tests.support.access.missing_sheet import SEEN, Sheet


def test_who_drives_what_she_was_seen_in_stands_on_the_sheet(seen: Sheet) -> None:
    people = seen.people("ds.own")
    assert people.keys() == {"Baz", "Gaz", "Nick"}
    baz, nick = people["Baz"], people["Nick"]
    assert (baz.suspect, baz.how, baz.via, baz.grade) == (True, "driver-of", "PK95ABC", "1A")
    assert baz.said == "Baz, driver of PK95ABC (1A): suspect"
    assert (nick.suspect, nick.via, nick.status) == (False, "PK95ABC", None)
    assert "The Arcade, Town B" in (seen.of("ds.own")[0].addresses or "")


@pytest.mark.usually_on("sqlite")
def test_nobody_who_was_sentenced_stands_there_as_if_he_were_free(seen: Sheet) -> None:
    status = (
        "suspect, arrested 3 Jan 2009, convicted 12 Mar 2010, sentenced 12 Mar 2010 (60 months)"
    )
    assert seen.people("ds.own")["Gaz"].status == status
    assert f"Gaz (2C): {status}" in (seen.of("ds.own")[0].suspects or "")


@pytest.mark.usually_on("sqlite")
def test_what_a_court_did_is_for_those_who_see_outcomes(seen: Sheet) -> None:
    assert seen.people("mfh.own")["Gaz"].status == "suspect"
    assert seen.of("mfh.far") == []


@pytest.mark.parametrize(
    "told",
    [
        {"note": "got into a grey van, pk95 abd, at the arcade"},
        {"seen_with": "a man in PK95ABD"},
        {"seen_where": "PK95-ABD outside school"},
    ],
)
def test_a_plate_that_only_the_report_names_brings_its_driver(
    place: Place, told: dict[str, str]
) -> None:
    with SEEN(*place) as (office, _):
        desk, reader, staff = office.desk, office.reader, Staff(office)
        dean = entity.record_person(desk, reader, name="Dean").id
        entity.classify(desk, reader, str(dean), "suspect", "named by two parents")
        words = observation.record(desk, reader, words="his van").id
        links.assert_link(desk, reader, words, str(dean), "vehicle:PK95 ABD", "driver-of")
        case = office.case("Jade Ashby")
        report = MissingReported(**told)  # type: ignore[arg-type]
        casework.report_missing(desk, reader, str(case), report)
        with office.system.reading() as db:
            own = staff.now("ds.own")
            found = next(one for one in sheet.now(db, own, desk.clock()) if one.case == case)
            lines, _ = missing_now.lines(db, own, desk.clock())
            (line,) = (one for one in lines if one.case == case)
        assert [(one.label, one.how) for one in found.of("vehicle")] == [
            ("PK95ABD", "named-in-the-report")
        ]
        assert [(one.label, one.suspect, one.via) for one in found.people] == [
            ("Dean", True, "PK95ABD")
        ]
        assert line.vehicles == ("PK95ABD, driven by Dean (ungraded: suspect)",)


@pytest.mark.usually_on("sqlite")
def test_a_plate_of_another_teams_words_brings_nobody(place: Place) -> None:
    with SEEN(*place) as (office, _):
        desk, staff = office.desk, Staff(office)
        far = msgspec.structs.replace(office.reader, team="Deter")
        dean = entity.record_person(desk, far, name="Dean").id
        words = observation.record(desk, far, words="his van").id
        links.assert_link(desk, far, words, str(dean), "vehicle:PK95 ABD", "driver-of")
        case = office.case("Jade Ashby")
        report = MissingReported(note="got into PK95 ABD")
        casework.report_missing(desk, office.reader, str(case), report)
        with office.system.reading() as db:
            rows = sheet.now(db, staff.now("ds.own"), desk.clock())
        (found,) = (one for one in rows if one.case == case)
        assert found.ties == ()
