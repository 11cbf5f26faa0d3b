"""Scenarios 11 to 15: a text message at night, a crowd, a hotel, a man in a boy's home, and a girl
who might run away.
"""

from tests.scenarios.conftest import Told

# --- scenario 11: a text message at twenty to midnight -------------------------------------------


def test_the_text_keeps_the_hour_at_which_it_was_sent(told: Told) -> None:
    recorded = told.events("s11.TEXT")[0]
    assert recorded["told"] == "2011-03-19T23:40:00Z"
    assert recorded["recorded"].startswith("2011-03-20T00:10")


def test_words_of_a_missing_child_are_urgent_before_anybody_says_so(told: Told) -> None:
    queue = told.ask("replay", "--until", "2011-03-20T00:11")["queue"]
    row = next(row for row in queue if row["id"] == told.id("s11.TEXT"))
    assert row["urgent"]
    assert row["proposed"]
    assert queue[0]["urgent"]


def test_that_the_carer_did_not_report_it_is_flagged(told: Told) -> None:
    reported = told.event("ENG-111", "case.missing_reported")
    assert reported["carer_reported"] is False
    assert reported["by"] == "psw.ellis"
    assert "unreported-missing" in told.case("ENG-111")["flags"]


def test_what_she_told_in_the_interview_was_led_to_by_it(told: Told) -> None:
    interview = told.event("ENG-111", "case.return_interview_recorded")
    assert (interview["state"], interview["told_before"]) == ("held", True)
    weighed = told.event("ENG-111", "case.withholding_weighed")
    assert weighed["decision"] == "passed-on"
    assert told.case("ENG-111")["case"] in told.trail("s11.RETURN", "--back")


def test_three_nights_in_ninety_days_and_two_children_in_one_hotel_wait_for_a_person(
    told: Told,
) -> None:
    found = {row["kind"]: row for row in told.ask("patterns")}
    assert found["repeat"]["names"] == ["Ellie Crane"]
    assert sorted(found["same-place"]["names"]) == ["Ellie Crane", "Megan Stroud"]
    hotel = next(row for row in told.ask("network", "hotspots") if row["found"])
    assert hotel["label"].casefold().startswith("station hotel")
    assert hotel["found"] == 2


def test_the_disclosure_goes_back_to_the_text(told: Told) -> None:
    assert told.id("s11.TEXT") in told.trail("s11.DISCLOSURE", "--back")


def test_the_worker_hears_what_became_of_the_text(told: Told) -> None:
    sent = {row["id"]: row["state"] for row in told.ask("--user", "psw.ellis", "mine")}
    assert sent[told.id("s11.TEXT")] not in ("received", "taken")


# --- scenario 12: not enough evidence ------------------------------------------------------------


def test_the_decision_is_evidential_and_somebody_looks_again(told: Told) -> None:
    decided = told.event("s12.NFA", "justice.result_recorded")
    assert decided["kind"] == "nfa-insufficient-evidence"
    assert decided["review_due"] == "2012-09-12"


def test_excluded_evidence_shows_and_counts_as_excluded(told: Told) -> None:
    assert told.ask("show", told.id("s12.KEYCARD"))["state"] == "excluded"
    assert told.ask("stages")["counts"]["evidence excluded"] == 1


def test_what_is_missing_is_reported_row_by_row(told: Told) -> None:
    """The list of gaps in the evidence has a row for each part of the case. The row says whether
    this part has support besides the child's account."""
    found = told.ask("evidence", "stands", "CHE-112")
    assert [row["what"] for row in found["lacks"]] == ["exhibit", "statement", "tie-on-evidence"]


def test_words_that_come_later_meet_the_case_by_the_plate(told: Told) -> None:
    found = {hit["id"] for hit in told.ask("search", "YC94 KXT")}
    assert {told.id("s07.VAN"), told.id("s12.LIFTS")} <= found
    decided, later = told.event("s12.NFA", "justice.result_recorded"), told.events("s07.VAN")[0]
    assert later["recorded"] > decided["recorded"]
    asked = ("--user", "ds.vane", "said-before", told.id("s07.VAN"), "--deciding")
    joined = {item for row in told.ask(*asked) for item in row["items"]}
    assert told.id("s12.LIFTS") in joined, "who decides about the later words is shown the case's"
    (review,) = (row for row in told.ask("due") if row["item"] == told.id("s12.NFA"))
    assert (review["clock"], review["due"][:10]) == ("no-action-review", "2013-03-12")


def test_one_driver_is_three_families_stranger(told: Told) -> None:
    ids = {told.ask("person", "show", told.id(f"{who}"))["id"] for who in DRIVER}
    assert len(ids) == 1


DRIVER = ("s04.TRANSIT", "s07.MO", "s12.MO")


def test_an_unsure_pair_stays_apart(told: Told) -> None:
    other = told.ask("person", "show", told.id("s03.MO"))["id"]
    assert other != told.ask("person", "show", told.id("s12.MO"))["id"]


# --- scenario 13: the hotel ----------------------------------------------------------------------


def test_the_hotel_is_the_first_hotspot(told: Told) -> None:
    first = told.ask("network", "hotspots")[0]
    assert first["label"].casefold().startswith("station hotel")
    toller = told.ask("person", "show", "Ryan Toller")["id"]
    assert toller in first["suspects"]


def test_two_nights_missing(told: Told) -> None:
    case = told.case("FRE-113")
    assert case["nights_missing"] == 2
    assert case["missing"] is False
    (line,) = told.ask("costs", "FRE-113")
    assert (line["what"], line["number"], line["pounds"]) == ("nights missing", 2, 2_600)


def test_contact_after_the_sentence_is_urgent_and_led_to_a_second_charge(told: Told) -> None:
    queue = told.ask("replay", "--until", "2012-10-22T20:12")["queue"]
    assert queue[0]["id"] == told.id("s13.AGAIN")
    assert told.id("s13.CHARGE2") in told.trail("s13.AGAIN", "--forward")
    case = told.case("FRE-113")["case"]
    # these users are the officer in the case and the family's worker
    for user in ("dc.lund", "psw.ellis"):
        raised = [a for a in told.ask("--user", user, "alerts") if a["case"] == case]
        kinds = [(alert["kind"], alert["subject_label"]) for alert in raised]
        assert kinds == [("contact-after-sentence", "Ryan Toller")]


# --- scenario 14: a boy, and a man in his home ---------------------------------------------------


def test_a_boy_is_a_child_like_any_other(told: Told) -> None:
    rows = told.ask("network", "victims", "Stuart Penrose")
    assert [row["label"] for row in rows] == ["Callum Reeve"]


def test_the_suspect_lives_where_the_child_lives_and_it_is_no_hotspot(told: Told) -> None:
    home = told.ask("network", "ego", "place:4 Fern Close, Town C")
    living = {link["source"] for link in home["links"] if link["kind"] == "lives-at"}
    assert len(living) == 2
    labels = {row["label"] for row in told.ask("network", "hotspots", "--min-grade", "any")}
    assert not any("fern close" in label.casefold() for label in labels)


def test_evidence_raises_the_link_that_the_words_made(told: Told) -> None:
    links = told.ask("network", "ego", "Stuart Penrose")["links"]
    (tie,) = [link for link in links if link["kind"] == "association"]
    assert (tie["stage"], tie["grade"]) == ("evidence", "2C")
    assert told.id("s14.ABE") in tie["evidence"]


# --- scenario 15: a girl who might run away ------------------------------------------------------


def test_objection_and_fear_are_recorded(told: Told) -> None:
    (declined,) = [
        event
        for event in told.events(told.id("s15.CASE"))
        if event["event"] == "case.engagement_recorded" and event["engagement"] == "declined"
    ]
    assert "run away" in declined["note"]


def test_that_he_abuses_her_is_an_opinion_with_its_review(told: Told) -> None:
    (row,) = told.ask("exploitation", "list", told.id("s15.CASE"))
    assert set(row["partner_abuse"]) == {"violent-or-threatening", "controlling-or-coercive"}
    assert row["by"] == "psw.ellis"


def test_a_named_decision_to_safeguard_is_taken_the_same_day(told: Told) -> None:
    recorded, decided = told.events("s15.FIRST")[0], told.event("s15.FIRST", "observation.triaged")
    assert decided["outcome"] == "safeguard"
    assert decided["by"] == "ds.hale"
    assert decided["recorded"][:10] == recorded["recorded"][:10]


def test_a_notice_to_a_boy_of_17_needs_a_supervisors_rationale(told: Told) -> None:
    served = told.event("s15.NOTICE", "justice.notice_served")
    assert served["recipient_under_18"] is True
    assert served["rationale"]
    bare = ("--child", "Chloe Winnard", "--because-of", "none-known")
    assert "rationale" in told.refused("outcome", "notice", "Liam Tasker", *bare)


def test_the_cousin_is_the_man_of_another_family(told: Told) -> None:
    cousin = told.ask("person", "show", told.id("s15.WAYNE"))
    assert cousin["id"] == told.ask("person", "show", "Wayne Skerritt")["id"]
