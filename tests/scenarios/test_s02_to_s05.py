"""Scenarios 2 to 5: an online contact, a group and three trials, a girl in care, and two
sisters.
"""

import json
import re
from pathlib import Path

from domain.families.family_contact import FamilyTold
from tests.scenarios.conftest import Told
from tests.told import FIRST_TRIAL, map_then

#: The first bytes of the picture in the sample backup: unencoded, and base64-encoded as in the
#: backup.
PICTURE = (b"\xff\xd8\xff\xe0\x00\x10JFIF", b"/9j/4AAQSkZJRg")


# --- scenario 2: a girl of eleven, and a man whom she never met ----------------------------------


def test_a_child_under_13_is_not_rated_low_without_a_supervisor(told: Told) -> None:
    assert "under 13" in told.rated_low
    assert told.case("ENG-102")["threshold"] == "medium"


def test_a_picture_never_comes_in(told: Told) -> None:
    words = told.event("s02.PICTURE", "observation.recorded")["words"]
    assert re.search(r"SHA-256 [0-9a-f]{64}", words)
    assert "Do not open or forward" in words
    kept = [file for file in told.home.rglob("*") if file.is_file()]
    assert kept
    assert not [file for file in kept if any(part in file.read_bytes() for part in PICTURE)]


def test_only_the_picked_conversation_comes_in(told: Told) -> None:
    assert not told.ask("search", "dentist")
    assert all(b"check-up" not in file.read_bytes() for file in _originals(told))


def _originals(told: Told) -> list[Path]:
    return [file for file in (told.home / "originals").rglob("*") if file.is_file()]


def test_an_exhibit_is_a_hash_and_its_hands(told: Told) -> None:
    events = told.events("s02.TABLET")
    assert len(events[0]["sha256"]) == 64
    assert [event["receiver"] for event in events[1:]] == ["dc.rowe", "high-tech crime unit"]
    wrong = ("--by", "Mrs Nettle", "--to", "dc.rowe")
    assert "continuity" in told.refused("evidence", "transfer", told.id("s02.TABLET"), *wrong)


def test_who_passed_on_the_mothers_text_hears_that_it_led_to_police_action(told: Told) -> None:
    sent = {row["id"]: row["state"] for row in told.ask("--user", "psw.ellis", "mine")}
    assert sent[told.id("s02.TEXT")] == "led-to-police-action"


def test_the_mother_whose_call_began_it_is_told_of_the_arrest(told: Told) -> None:
    arrested = told.event("s02.ARREST", "justice.arrest_made")["recorded"]
    case = told.case("ENG-102")["case"]
    (heard,) = [
        (fact.event.words, fact.recorded)
        for fact in told.store.facts()
        if isinstance(fact.event, FamilyTold) and str(fact.event.case) == case
        if fact.event.became == "acted"
    ]
    words, recorded = heard
    assert words == "It began with your call."
    assert recorded.isoformat() > arrested


# --- scenario 3: one victim, three trials --------------------------------------------------------


def test_the_map_as_known_at_the_first_trial_is_the_same_after_the_third(told: Told) -> None:
    again = map_then(told.store, told.end)
    assert again == told.at_first_trial
    assert "Ellie Crane" in again["network"]


def test_what_became_known_later_is_on_todays_map_alone(told: Told) -> None:
    then = json.loads(told.at_first_trial["--json network"])
    now = told.ask("network", "ego", "Darren Pike")
    assert not any(link["undermined"] for link in then["links"])
    assert any(link["undermined"] for link in now["links"])


def test_three_trials_three_convictions_and_no_invented_sentence(told: Told) -> None:
    for label in ("s03.V1", "s03.V2", "s03.V3"):
        assert told.event(label, "justice.result_recorded")["kind"] == "convicted"
    charged = {told.events(f"s03.C{number}")[0]["person"] for number in (1, 2, 3)}
    assert len(charged) == 3
    trials = [told.event(f"s03.T{number}", "court.hearing_held") for number in (1, 2, 3)]
    assert len({trial["recorded"][:10] for trial in trials}) == 3
    case = told.case("ENG-103")["case"]
    results = (
        told.events(str(fact.stream))[0]
        for fact in told.store.facts()
        if fact.event.stored.name == "justice.result_recorded"
    )
    sentenced = [e for e in results if (e["case"], e["kind"]) == (case, "sentenced")]
    assert sentenced
    assert not any(event.get("sentence_months") for event in sentenced), "its length is not known"


def test_an_acquitted_man_is_marked_and_no_key_person(told: Told) -> None:
    acquitted = told.ask("person", "show", "Lee Corrigan")
    assert "acquitted" in acquitted["categories"]
    asked = ("network", "key-people", "--min-grade", "any", "--limit", "99")
    assert acquitted["id"] not in {row["id"] for row in told.ask(*asked)}


def test_nicknames_and_names_are_one_man_by_a_persons_judgement(told: Told) -> None:
    by_name = told.ask("person", "show", "Darren Pike")
    by_nickname = told.ask("person", "show", told.id("s03.DAZ"))
    assert by_name["id"] == by_nickname["id"]
    assert {"Daz", "Darren Pike"} <= set(by_name["names"])


def test_the_study_of_telephones_keeps_its_grades_and_its_lack_of_one(told: Told) -> None:
    ends = told.ask("network", "path", "Ian McCall", "Lee Corrigan", "--kind", "associate")
    assert ends["links"] == []
    any_grade = ("--kind", "associate", "--min-grade", "any")
    (link,) = told.ask("network", "path", "Ian McCall", "Lee Corrigan", *any_grade)["links"]
    assert (link["stage"], link["grade"]) == ("information", None)


# --- scenario 4: a girl in care who is traced again ----------------------------------------------


def test_there_is_no_exit_and_one_person_cannot_close_the_case(told: Told) -> None:
    case = told.case("CHE-104")
    assert (case["exit"], case["closed"], case["threshold"]) == (None, None, "high")
    alone = ("--user", "sw.birch", "close", "CHE-104")
    assert "closing the case is not proposed for this item" in told.refused(*alone, "--confirm")
    typed = ("--reason", "quiet", "--second", "no.body")
    assert "No such option" in told.refused(*alone, *typed), "a name that somebody types is nobody"


def test_a_parents_blame_is_kept_as_his_opinion(told: Told) -> None:
    assert told.event("s04.BLAME", "observation.recorded")["opinion"] == "opinion"
    assert told.event("s04.CHANGED", "observation.recorded")["opinion"] == "opinion"


def test_where_she_is_placed_is_no_hotspot(told: Told) -> None:
    labels = [row["label"] for row in told.ask("network", "hotspots", "--min-grade", "any")]
    assert any("station hotel" in label.casefold() for label in labels)
    assert not any("weir house" in label.casefold() for label in labels)


def test_men_at_her_placement_are_urgent_from_the_first_minute(told: Told) -> None:
    queue = told.ask("replay", "--until", "2011-11-28T22:16")["queue"]
    assert queue[0]["id"] == told.id("s04.TRACED")
    assert queue[0]["urgent"]


def test_a_5x5x5_grading_is_kept_beside_what_it_became(told: Told) -> None:
    graded = told.event("s04.R1", "report.item_graded")
    assert graded["original"] == "B24"
    assert graded["grade"] == {"information": "A", "source": "1"}
    assert graded["handling"]["code"] == "C"
    assert graded["rule"]


def test_at_seventeen_a_marac_hears_of_her_and_makes_a_plan(told: Told) -> None:
    """At seventeen, the girl is referred to a MARAC (a conference about domestic abuse), which
    makes a plan. The program adds the ticked answers of the form to a score."""
    (one,) = told.ask("marac", "list", "CHE-104")
    assert (one["grounds"], one["ticks"], one["how"]) == (["high-score"], 15, "plan")
    assert one["id"] == told.id("s04.MARAC")


def test_the_driver_nobody_knew_has_a_name_in_the_end(told: Told) -> None:
    assert told.ask("person", "show", told.id("s04.TRANSIT"))["label"] == "Morris Tandy"


# --- scenario 5: two sisters ---------------------------------------------------------------------


def test_a_decision_not_to_prosecute_needs_reasons_and_the_familys_views(told: Told) -> None:
    bare = ("--case", "ENG-105B", "--because-of", "none-known")
    said = told.refused("outcome", "result", "not-prosecuted-best-interests", *bare)
    for word in ("rationale", "parents' view", "child's view", "who decided"):
        assert word in said
    decided = told.event("s05.NFA", "justice.result_recorded")
    assert decided["parents_view"]
    assert decided["childs_view"].startswith("not recorded")
    assert len(decided["decided_by"]) == 2


def test_no_exit_is_recorded_for_either_sister_and_the_doubt_is_flagged(told: Told) -> None:
    for reference in ("ENG-105A", "ENG-105B"):
        case = told.case(reference)
        assert case["exit"] is None
        assert "outcome-of-one-of-several" in case["flags"]


def test_the_intelligence_stays_graded_after_the_decision(told: Told) -> None:
    links = told.ask("network", "ego", "Craig Dunmore", "--as-at", "2012-12-01")["links"]
    assert {link["grade"] for link in links} == {"2C"}


def test_two_children_two_cases_one_suspect(told: Told) -> None:
    nodes = told.ask("network", "ego", "Craig Dunmore")["nodes"]
    children = {node["label"] for node in nodes if node["is_child"]}
    assert children == {"Rosie Fallow", "Erin Fallow"}
    assert told.case("ENG-105A")["child"] != told.case("ENG-105B")["child"]


def test_withdrawn_words_stay_and_count_and_carry_no_link(told: Told) -> None:
    assert told.ask("show", told.id("s05.OTHER"))["state"] == "withdrawn"
    assert told.ask("stages")["counts"]["information withdrawn"] == 1
    ego = ("network", "ego", "Craig Dunmore", "--min-grade", "any", "--as-known")
    then, now = (told.ask(*ego, day)["links"] for day in ("2011-05-04", "2012-12-01"))
    golf = told.id("s05.GOLF")
    assert any(golf in link["ids"] for link in then)
    assert not any(golf in link["ids"] for link in now)


def test_a_child_with_a_learning_disability_is_never_low(told: Told) -> None:
    low = ("low", "--reason", "settled")
    assert "learning disability" in told.refused("threshold", "ENG-105B", *low)


def test_the_decision_can_be_opened_again(told: Told) -> None:
    assert told.event("s05.NFA", "justice.result_recorded")["review_due"] == "2012-07-06"
    (waits,) = (one for one in told.ask("due") if one["item"] == told.id("s05.NFA"))
    assert told.case("ENG-105B")["closed"], "it comes back although the case is closed"
    assert (waits["clock"], waits["due"][:10]) == ("no-action-review", "2013-07-02")


def test_the_first_trial_lies_between_what_was_known_before_and_after(told: Told) -> None:
    before = told.ask("replay", "--until", "2010-04-12")
    after = told.ask("replay", "--until", FIRST_TRIAL)
    assert before["counts"]["intelligence"] == 0
    assert after["counts"]["intelligence"] > 20
    assert after["hash"] == told.ask("replay", "--until", FIRST_TRIAL)["hash"]


def test_the_card_of_the_team_flags_by_rule_what_contradicts_itself_in_the_stories(
    told: Told,
) -> None:
    """The team's report card flags the contradictions in the report's first, fourth and fifth story
    (A7: 8, 9, 10) by rules, beside the figures that count these stories."""
    period = ("--from", "2010-01-01", "--until", "2012-12-31", "--edition", "team")
    card = told.ask("card", *period, "--used-for", "the board")
    flags = {(row["team"], row["measure"]): row["flags"] for row in card["period"]}
    unclear = "1 with a reported age that can be read in more than one way"
    assert [row["of"] for row in card["monitoring"] if unclear in row["flags"]] == [
        "age when referred"
    ]
    risen = "1 without an exit, and rated higher at last than at first"
    assert risen in flags["Cherish", "out-of-harm"]
    assert "1 with a brother or sister of whom none is recorded" in flags["Engage", "result"]
