"""Scenarios 6 to 10: a mother's log, men without names, a home, a car, and a dance school."""

import csv
from pathlib import Path

from tests.scenarios.conftest import Told

# --- scenario 6: an arrest that a parent's observation on a landing led to -----------------------


def test_the_arrest_traces_back_to_a_parents_words(told: Told) -> None:
    trail = told.trail("s06.ARREST", "--back")
    assert "observation.recorded" in trail[told.id("s06.LANDING")]
    assert "report.opened" in trail[told.id("s06.R1")]
    words = told.event("s06.LANDING", "observation.recorded")
    assert words["form"] == "verbatim"
    assert "I saw it with my own eyes" in words["words"]


def test_the_words_trace_forward_to_the_notice(told: Told) -> None:
    assert told.id("s06.NOTICE") in told.trail("s06.LANDING", "--forward")


def test_silence_alone_never_closes(told: Told) -> None:
    quiet = told.events("s06.QUIET")[0]["recorded"]
    left = told.event("ENG-106", "case.exit_assessed")
    asked_apart = told.event("ENG-106", "case.engagement_recorded")
    assert quiet < asked_apart["recorded"] < left["recorded"]
    closed = told.event("ENG-106", "case.closed")
    assert closed["recorded"] > left["recorded"]
    silent = ("--outcome", "no-longer-at-risk", "--reason", " ")
    assert "Silence alone does not show that a child is safe" in told.refused(
        "exit", "ENG-106", *silent
    )


def test_the_notice_ends_on_her_16th_birthday(told: Told) -> None:
    notice = told.event("s06.NOTICE", "justice.notice_served")
    child = told.event(told.case("ENG-106")["child"], "person.recorded")
    assert (child["born"], notice["expires"]) == ("1996-09-30", "2012-09-30")
    assert notice["basis"] == "s2-caa-1984"


def test_what_left_holds_no_hint_of_the_source(told: Told) -> None:
    text = told.event("s06.R1", "report.item_sanitised")["text"]
    for hint in ("mother", "Holt", "Dawn", "landing", "Paige"):
        assert hint not in text
    assert told.event("s06.R1", "report.disseminated")["recipient"] == "roads policing"


# --- scenario 7: men without a known name --------------------------------------------------------


def test_unnamed_men_are_persons_of_interest_without_a_name(told: Told) -> None:
    for label in ("s07.TWO", "s07.MO", "s07.LADS"):
        recorded = told.event(label, "person.recorded")
        assert recorded["known"] is False
        assert told.event(label, "person.classified")["category"] == "person-of-interest"
    assert "name" not in told.event("s07.TWO", "person.recorded")


def test_a_name_found_later_keeps_the_links_that_stood(told: Told) -> None:
    tie = told.id("s07.SCARTIE")
    for as_known in ("2011-11-01", "2012-12-01"):
        asked = ("network", "ego", told.id("s07.BAZ"), "--as-known", as_known)
        assert any(tie in link["ids"] for link in told.ask(*asked)["links"])
    assert told.ask("person", "show", told.id("s07.BAZ"))["label"] == "Barnaby Stock"


def test_two_men_of_one_nickname_are_judged_and_the_judgement_taken_back(told: Told) -> None:
    ego = ("network", "ego", told.id("s07.BAZ"), "--as-known")
    joined = told.ask(*ego, "2011-10-20")["focus"]
    parted = told.ask(*ego, "2011-11-01")["focus"]
    assert joined == [told.id("s03.BAZ")]
    assert parted == [told.id("s07.BAZ")]


def test_the_case_stays_open(told: Told) -> None:
    case = told.case("FRE-107")
    assert (case["exit"], case["closed"]) == (None, None)


# --- scenario 8: a girl who is looked after ------------------------------------------------------


def test_the_cost_of_care_ends_when_she_goes_home(told: Told) -> None:
    """Requirement S8: the costs of a girl's residential care are recorded from 1 March, and end
    when she goes home on 12 November 2011.
    """
    (line,) = told.ask("costs", "ENG-108", "--user", "csw.tarn")
    assert (line["what"], line["number"], line["pounds"]) == ("days in care", 256, 26_420)
    assert told.ask("costs", "ENG-108", "--user", "dc.rowe") == []


def test_whether_placement_came_before_disclosure_is_flagged_as_unclear(told: Told) -> None:
    assert "order-unclear" in told.case("ENG-108")["flags"]


def test_the_mothers_blame_is_an_opinion_that_was_never_graded(told: Told) -> None:
    events = [event["event"] for event in told.events("s08.ATTITUDE")]
    assert told.events("s08.ATTITUDE")[0]["opinion"] == "opinion"
    assert "observation.assessed" not in events


def test_the_result_of_the_trial_is_not_invented(told: Told) -> None:
    forward = told.trail("s08.CHARGE", "--forward")
    assert not any("justice.result_recorded" in events for events in forward.values())


def test_a_new_grade_is_beside_the_first(told: Told) -> None:
    grades = [e for e in told.events("s08.R1") if e["event"] == "report.item_graded"]
    assert [grade["grade"]["source"] for grade in grades] == ["2", "1"]
    assert grades[1]["reason"]


# --- scenario 9: a plate that other families know ------------------------------------------------


def test_one_plate_however_it_is_written(told: Told) -> None:
    for written in ("PK95 ABX", "pk95abx", "PK95ABX"):
        hits = told.ask("search", written)
        assert hits[0]["kind"] == "vehicle"
        assert hits[0]["label"] == "PK95ABX"


def test_what_others_told_about_the_plate_before_comes_up(told: Told) -> None:
    found = {hit["id"] for hit in told.ask("search", "PK95 ABX")}
    assert {told.id(label) for label in ("s03.DOOR", "s07.CORNER", "s09.STOP")} <= found


def test_a_look_alike_letter_proposes_and_merges_nothing(told: Told) -> None:
    (car,) = [hit for hit in told.ask("search", "PK9S") if hit["kind"] == "vehicle"]
    assert car["label"] == "PK95ABX"
    assert "fits" in car["why"]
    tied = told.ask("network", "ego", "vehicle:PK95ABX", "--min-grade", "any")["links"]
    assert told.id("s09.PARTIAL") not in {one for link in tied for one in link["evidence"]}


def test_a_correction_is_beside_the_first_words(told: Told) -> None:
    first, *later = told.events("s09.PARTIAL")
    assert "PK9S" in first["words"]
    assert any("PK95" in event.get("words", "") for event in later)


def test_the_car_is_a_hotspot_over_several_families(told: Told) -> None:
    car = next(row for row in told.ask("network", "hotspots") if row["label"] == "PK95ABX")
    assert car["people"] >= 5


# --- scenario 10: five girls and one teacher -----------------------------------------------------


def test_children_at_risk_through_the_suspect_are_referrals_to_consider(told: Told) -> None:
    rows = told.ask("network", "victims", "Adrian Voss")
    assert {row["label"] for row in rows} == {
        "Holly Ashby",
        "Grace Pellow",
        "Mia Tarrant",
        "Zoe Wickham",
        "Abigail Rusk",
    }


def test_the_five_are_never_tied_to_each_other_and_never_named_outside(
    told: Told, tmp_path: Path
) -> None:
    file = tmp_path / "voss.csv"
    kept = ("--conditions-met", "without what health told")
    asked = ("--around", "Adrian Voss", "--out", str(file), *kept)
    told.ask("network", "export", "--format", "csv", *asked)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    ends = [(row["source"], row["target"]) for row in rows]
    children = {end for pair in ends for end in pair if end.startswith("Child ")}
    assert len(children) == 5
    assert not [pair for pair in ends if set(pair) <= children]
    picture = tmp_path / "voss.svg"
    around = ("--around", "Adrian Voss", "--out", str(picture), *kept)
    told.ask("network", "export", "--format", "svg", *around)
    drawn = picture.read_text(encoding="utf-8")
    central = told.ask("network", "key-people", "--min-grade", "any")
    assert central
    for name in ("Ashby", "Pellow", "Tarrant", "Wickham", "Rusk", "Holly", "Zoe"):
        assert name not in drawn
        assert name not in str(central)


def test_key_people_are_no_children(told: Told) -> None:
    labels = {row["label"] for row in told.ask("network", "key-people", "--limit", "99")}
    assert not labels & {"Holly Ashby", "Leah Brack", "Megan Stroud"}


def test_what_health_holds_stays_with_health(told: Told) -> None:
    graded = [
        event
        for event in told.events("s10.R1")
        if event["event"] == "report.item_graded" and event["item"] == 4
    ]
    assert graded[0]["handling"]["code"] == "C"
    words = told.events("s10.HEALTH")[0]["words"].casefold()
    assert "pregnan" not in words
    assert told.ask("--user", "health.penn", "health", "list", "ENG-110D")
    for user in ("psw.ellis", "psw.frost", "csw.dale", "sw.birch"):
        assert told.ask("--user", user, "health", "list", "ENG-110D") == [], user
