"""Decisions about covert source status, support notes and access compartments record what is
allowed and refuse the rest."""

from datetime import date

from msgspec import structs

from domain.families import charity_support, compartment, protection
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.compartment import (
    CompartmentClosed,
    CompartmentOpened,
    CompartmentState,
    HealthNoted,
    PlacementEnded,
    PlacementMade,
)
from domain.families.protection import AlertAnswered, ReferralConsidered
from domain.information import covert_source_review
from domain.information.covert_source_review import Drift, StatusDecided, StatusReviewDue
from tests.domain.given import Given, begin, uid

MUM, BAZ, CASE = map(uid, range(1, 4))
DAY = date(2011, 3, 18)
LATER = date(2011, 9, 1)
PHONE = StatusReviewDue(MUM, BAZ, "deception", "went through his phone")
SENT = StatusReviewDue(MUM, BAZ, "direction", "asked to follow him")
DECIDED = StatusDecided(MUM, BAZ, "not-covert", LATER, "a mother at home")

# --- reviews whether a source has become a covert source ------------------------------------------

nothing = Given(Drift(), covert_source_review.evolve)
due = nothing.after(PHONE)
decided = due.after(DECIDED)


def test_a_review_is_requested_once_for_the_same_grounds() -> None:
    nothing.when(covert_source_review.review_due, PHONE, DAY).then(PHONE)
    due.when(covert_source_review.review_due, PHONE, DAY).then()
    due.when(covert_source_review.review_due, SENT, DAY).then(SENT)


def test_one_decision_lasts_until_it_runs_out() -> None:
    decided.when(covert_source_review.review_due, PHONE, DAY).then()
    decided.when(covert_source_review.review_due, PHONE, LATER.replace(day=2)).then(PHONE)
    decided.when(covert_source_review.review_due, SENT, DAY).then(SENT)


def test_a_decision_needs_a_question_a_reason_and_an_end_within_a_year() -> None:
    nothing.when(
        covert_source_review.decide, MUM, BAZ, "not-covert", LATER, "a mother", DAY
    ).refused("this review of covert source status was not requested")
    for until in (DAY, date(2012, 6, 1)):
        due.when(
            covert_source_review.decide, MUM, BAZ, "not-covert", until, "a mother", DAY
        ).refused("give the day within a year from today on which this decision expires")
    due.when(covert_source_review.decide, MUM, BAZ, "not-covert", LATER, " ", DAY).refused("reason")
    due.when(
        covert_source_review.decide, MUM, BAZ, "not-covert", LATER, "a mother at home", DAY
    ).then(DECIDED)


def test_a_child_under_16_is_never_used_against_their_own_parent() -> None:
    child = StatusReviewDue(MUM, BAZ, "direction", "asked to look", under_16=True, own_parent=True)
    barred = nothing.after(child)
    barred.when(covert_source_review.decide, MUM, BAZ, "source-unit", LATER, "useful", DAY).refused(
        "own parent"
    )
    barred.when(covert_source_review.decide, MUM, BAZ, "legal-advice", LATER, "stop", DAY).then(
        StatusDecided(MUM, BAZ, "legal-advice", LATER, "stop")
    )


# --- support notes -------------------------------------------------------------------------------

written = Given(charity_support.SupportState(), charity_support.evolve)


def test_an_opinion_says_whose_it_is_on_what_basis_and_until_when() -> None:
    bare = NoteWritten(CASE, "parents", "view", "opinion", "she brings it on herself")
    written.when(begin(charity_support.write_note), bare).refused("on what it is based")
    for lacks, why in (("holder", "whose it is"), ("basis", "based"), ("review", "reviewed")):
        opinion = NoteWritten(
            CASE, "parents", "view", "opinion", "they blame her", "father", "said so", LATER
        )
        incomplete = structs.replace(opinion, **{lacks: None})
        written.when(begin(charity_support.write_note), incomplete).refused(why)
    fact = NoteWritten(CASE, "parents", "attitude", "fact", "they blame her")
    written.when(begin(charity_support.write_note), fact).refused(
        "a note about a person's attitude is an opinion"
    )
    whole = NoteWritten(
        CASE, "parents", "attitude", "opinion", "they blame her", "father", "said so", LATER
    )
    written.when(begin(charity_support.write_note), whole).then(whole)


def test_contacts_last_some_time_or_it_is_not_known() -> None:
    for minutes in (None, 0, 50):
        made = ContactMade(CASE, "advocacy", "phone", "parent", minutes=minutes)
        written.when(begin(charity_support.make_contact), made).then(made)
    odd = ContactMade(CASE, "advocacy", "phone", "parent", minutes=-1)
    written.when(begin(charity_support.make_contact), odd).refused("cannot be negative")


# --- compartments --------------------------------------------------------------------------------

empty = Given(CompartmentState(), compartment.evolve)
BURN = HealthNoted(CASE, "injury", "a burn")
HOME = PlacementMade(CASE, "residential", "Weir House, Town C", "weir house town c")
TARN = CompartmentOpened(CASE, "placement", "csw.tarn", "opened it")
held = empty.after(TARN, HOME)


def test_a_person_who_opens_a_compartment_holds_it_and_no_matter_who_adds_does_not() -> None:
    opened = CompartmentOpened(CASE, "health", "csw.tarn", "opened it")
    more = empty.when(compartment.note_health, BURN, "csw.tarn").then(opened, BURN)
    again = more.when(compartment.note_health, BURN, "csw.moss").then(BURN)
    assert again.state.holders == {"csw.tarn"}


def test_only_a_holder_opens_it_and_others_hear_that_there_is_none() -> None:
    ask = (CASE, "placement", "sw.birch", "her social worker")
    held.when(compartment.open_to, *ask, "psw.ellis").refused(
        "you have no access to the placement compartment of this case"
    )
    empty.when(compartment.open_to, *ask, "psw.ellis").refused(
        "you have no access to the placement compartment of this case"
    )
    opened = held.when(compartment.open_to, *ask, "csw.tarn").then(
        CompartmentOpened(CASE, "placement", "sw.birch", "her social worker")
    )
    opened.when(compartment.open_to, *ask, "csw.tarn").then()


def test_somebody_always_holds_it() -> None:
    held.when(compartment.close_to, CASE, "placement", "csw.tarn", "left", "csw.tarn").refused(
        "the last person with access to this compartment cannot give it up"
    )
    two = held.after(CompartmentOpened(CASE, "placement", "sw.birch", "hers"))
    two.when(compartment.close_to, CASE, "placement", "csw.tarn", "left", "sw.birch").then(
        CompartmentClosed(CASE, "placement", "csw.tarn", "left")
    )


def test_a_new_placement_ends_the_one_before() -> None:
    moved = PlacementMade(CASE, "supported-living", "Flat 4, Town C", "flat 4 town c", LATER)
    held.when(compartment.place, moved, "sw.birch").then(PlacementEnded(CASE, LATER), moved)
    empty.when(compartment.end_placement, PlacementEnded(CASE)).refused(
        "this case has no current placement"
    )


# --- alerts and children to consider -------------------------------------------------------------


def test_an_answer_and_a_child_not_referred_need_a_reason() -> None:
    answers = Given(protection.LastDecision(), protection.evolve)
    answers.when(
        begin(protection.answer), AlertAnswered(CASE, "co-resident", "no-action", " ")
    ).refused("what was done")
    answers.when(begin(protection.consider), ReferralConsidered(BAZ, MUM, "not-now", "")).refused(
        "give the reason, also if the child is not referred"
    )
