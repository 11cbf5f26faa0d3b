"""The sheet about a missing child names the men who may be with her, and their outcomes to readers
who may see outcomes. It never names another child."""

from uuid import UUID

import msgspec
import pytest

from access.who_may import scope
from commands.families import casework, rejudging
from commands.information import observation
from commands.intelligence import links
from commands.justice import arrest_to_result
from commands.kernel import entity
from commands.people_and_teams import two_person
from domain.families.referral import Case, MissingReported, evolve
from domain.justice.arrest_to_result import ResultRecorded
from network.people import missing as sheet
from network.people import missing_now
from network.people.missing import MissingLink
from projections.intelligence import brief
from projections.justice import outcomes
from tests.access.staff import Staff
from tests.commands.office import Place
from tests.support.access.missing_sheet import KNOWN, SEEN, Sheet


def test_who_drives_what_she_was_seen_in_is_on_the_sheet(seen: Sheet) -> None:
    people = seen.people("ds.own")
    assert people.keys() == {"Baz", "Gaz", "Nick"}
    baz, nick = people["Baz"], people["Nick"]
    assert (baz.suspect, baz.how, baz.via, baz.grade) == (True, "driver-of", "PK95ABC", "1A")
    assert baz.said == "Baz, driver of PK95ABC (1A): suspect"
    assert (nick.suspect, nick.via, nick.status) == (False, "PK95ABC", None)
    assert "The Arcade, Town B" in (seen.of("ds.own")[0].addresses or "")


@pytest.mark.usually_on("sqlite")
def test_nobody_who_was_sentenced_is_there_as_if_he_were_free(seen: Sheet) -> None:
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
        assert [(person.label, person.suspect, person.via) for person in found.people] == [
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
        (found,) = (row for row in rows if row.case == case)
        assert found.ties == ()


@pytest.mark.usually_on("sqlite")
def test_who_is_open_again_after_no_further_action_is_there_with_why(place: Place) -> None:
    with SEEN(*place) as (office, case):
        desk, reader, staff = office.desk, office.reader, Staff(office)
        child = office.desk.fold(case, Case(), evolve)[0].child
        with office.system.reading() as db:
            found = {
                person.label: person.id for person in sheet.now(db, reader, desk.clock())[0].people
            }
        nick, gaz = found["Nick"], found["Gaz"]
        dc, ds = staff.hire("dc.own", "detective"), staff.now("ds.own")

        def dropped(who: UUID) -> None:
            result = ResultRecorded("nfa-other", who, case, rationale="abroad all that year")
            arrest_to_result.record(desk, dc, result, because_of=KNOWN)
            two_person.confirm(desk, ds, case, "no-further-action")
            office.later(24)

        def people(name: str) -> dict[str, MissingLink]:
            with office.system.reading() as db:
                (row,) = sheet.now(db, staff.now(name), desk.clock())
            return {person.label: person for person in row.people}

        dropped(nick)
        assert people("ds.own")["Nick"].status is None
        words = observation.record(desk, reader, words="He meets her", case=str(case)).id
        links.assert_link(desk, reader, words, str(nick), str(child), "contact")
        dropped(gaz)
        far = msgspec.structs.replace(reader, team="Deter")
        twin = entity.record_person(desk, far, name="Gazza").id
        entity.classify(desk, far, str(twin), "suspect", "named by two")
        words = observation.record(desk, far, words="He drives her about").id
        links.assert_link(desk, far, words, str(gaz), str(child), "contact")
        assert rejudging.reopen(desk) == 2
        told = people("ds.own")
        assert told["Nick"].suspect
        assert (told["Nick"].status or "").endswith(
            "opened again 20 Mar 2011 because of a tie with a child"
        )
        assert (told["Gaz"].status or "").endswith(
            "opened again 20 Mar 2011 because of a record that you may not see"
        )
        assert people("mfh.own")["Gaz"].status == "suspect", "what police decided is not theirs"
        office.later()
        with office.system.reading() as db:
            seen = brief.brief(db, staff.now("ds.own"), None, desk.clock())
            again = outcomes.of_people(db, staff.now("ds.own"), [nick, gaz])
        assert [one.what for one in seen.changed if one.event == "justice.result_reopened"] == [
            "no further action opened again"
        ] * 2
        assert [one.lacked for one in again if one.reopened] == [
            "a tie with a child",
            scope.HIDDEN,
        ]
