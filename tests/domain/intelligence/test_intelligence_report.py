"""An intelligence report has graded items and a sanitised text, and is released."""

import pytest

from domain.intelligence import intelligence_report
from domain.intelligence.intelligence_report import (
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    ItemGraded,
    ItemSanitised,
    ProductReleased,
    Report,
    ReportDisseminated,
    ReportOpened,
    ReportWithdrawn,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Grade, Handling
from tests.domain.given import Given, uid

WORDS, OTHER, PRODUCT = map(uid, range(1, 4))
FIRST = ItemGraded(1, WORDS, Grade.parse("2A"), Handling("P"))
ASKING = Handling("C", "A1", "S2", "ask first")
nothing = Given(Report(), intelligence_report.evolve)
opened = nothing.after(ReportOpened("IR00000001"))
graded = opened.after(FIRST)
sanitised = graded.after(ItemSanitised(1, "A man uses a Corsa."))
gone = graded.after(ReportWithdrawn("made up"))


def test_nothing_is_done_with_a_report_that_does_not_stand() -> None:
    for report, words in (
        (nothing, "there is no intelligence report with this id"),
        (gone, "was withdrawn"),
    ):
        report.when(intelligence_report.grade_item, FIRST).refused(words)
        report.when(intelligence_report.sanitise, 1, "text").refused(words)
        report.when(intelligence_report.disseminate, "Team B", "safety", PRODUCT).refused(words)
        report.when(intelligence_report.withdraw, "why").refused(words)


def test_an_item_is_graded_apart_and_again_only_with_a_reason() -> None:
    opened.when(intelligence_report.grade_item, FIRST).then(FIRST)
    graded.when(intelligence_report.grade_item, FIRST).refused(
        "give the reason for the new grade of this item"
    )
    again = ItemGraded(1, WORDS, Grade.parse("2D"), Handling("P"), reason="it is only talked about")
    regraded = graded.when(intelligence_report.grade_item, again).then(again)
    assert regraded.state.items[1].grade.label == "2D"


def test_an_item_keeps_its_words_and_its_handling_fits() -> None:
    stray = ItemGraded(1, OTHER, Grade.parse("2A"), Handling("P"), reason="mixed up")
    graded.when(intelligence_report.grade_item, stray).refused("about another log entry")
    loose = ItemGraded(2, OTHER, Grade.parse("2A"), Handling("C"))
    graded.when(intelligence_report.grade_item, loose).refused("handling code C is incomplete")


def test_a_new_grade_keeps_the_sanitised_text() -> None:
    again = ItemGraded(1, WORDS, Grade.parse("2D"), Handling("P"), reason="talk")
    assert sanitised.after(again).state.items[1].text == "A man uses a Corsa."


def test_sanitised_text_is_text_of_an_item() -> None:
    graded.when(intelligence_report.sanitise, 2, "text").refused("no item 2")
    graded.when(intelligence_report.sanitise, 1, " ").refused("is empty")
    graded.when(intelligence_report.sanitise, 1, "text").then(ItemSanitised(1, "text"))


def test_only_what_is_sanitised_leaves() -> None:
    opened.when(intelligence_report.disseminate, "Team B", "safety", PRODUCT).refused("no items")
    graded.when(intelligence_report.disseminate, "Team B", "safety", PRODUCT).refused(
        "item 1 has no san"
    )
    sanitised.when(intelligence_report.disseminate, "", "safety", PRODUCT).refused(
        "say who receives the report and for what purpose"
    )
    sanitised.when(intelligence_report.disseminate, "Team B", " ", PRODUCT).refused("what purpose")
    sanitised.when(intelligence_report.disseminate, "Team B", "safety", PRODUCT).then(
        ReportDisseminated("Team B", "safety", PRODUCT, (1,)),
        ProductReleased(("2A",), "P", ("A man uses a Corsa.",)),
    )


def test_what_leaves_carries_the_strictest_handling() -> None:
    second: tuple[Event, ...] = (
        ItemGraded(2, OTHER, Grade.parse("1B"), ASKING),
        ItemSanitised(2, "He waits at the arcade."),
        ConsentAsked(2, "dc.moss", "safety"),
        ConsentGiven(2),
    )
    sanitised.after(*second).when(
        intelligence_report.disseminate, "Team B", "safety", PRODUCT
    ).then(
        ReportDisseminated("Team B", "safety", PRODUCT, (1, 2)),
        ProductReleased(
            ("2A", "1B"), "C", ("A man uses a Corsa.", "He waits at the arcade."), ("ask first",)
        ),
    )


def test_withdrawing_a_report_needs_a_reason() -> None:
    graded.when(intelligence_report.withdraw, " ").refused(
        "give the reason for withdrawing the report"
    )
    graded.when(intelligence_report.withdraw, "made up").then(ReportWithdrawn("made up"))


def test_text_for_an_item_that_history_never_graded_is_passed_over() -> None:
    assert opened.after(ItemSanitised(7, "text")).state.items == {}


# --- the originator's consent --------------------------------------------------------------------

bound = opened.after(ItemGraded(1, WORDS, Grade.parse("2A"), ASKING), ItemSanitised(1, "A car."))
asked = bound.after(ConsentAsked(1, "dc.moss", "an arrest"))


def test_what_is_under_a1_or_s2_leaves_only_with_the_originators_consent() -> None:
    for report in (bound, asked, asked.after(ConsentRefused(1, "he would know"))):
        report.when(intelligence_report.disseminate, "Team B", "safety", PRODUCT).refused(
            "their consent"
        )
    asked.after(ConsentGiven(1)).when(
        intelligence_report.disseminate, "Team B", "safety", PRODUCT
    ).then(
        ReportDisseminated("Team B", "safety", PRODUCT, (1,)),
        ProductReleased(("2A",), "C", ("A car.",), ("ask first",)),
    )


def test_what_is_urgent_waits_for_no_consent() -> None:
    sent, released = intelligence_report.disseminate(
        bound.state, "Team B", "safety", PRODUCT, urgent="she is with him"
    )
    assert (sent.urgent_reason, released.urgent) == ("she is with him", True)


def test_consent_is_requested_once_there_are_conditions_and_never_answered_by_who_asked() -> None:
    graded.when(intelligence_report.ask_consent, 1, "an arrest", "dc.moss").refused("handling P")
    bound.when(intelligence_report.give_consent, 1, None, "ds.hart").refused(
        "this consent was not requested"
    )
    asked.when(intelligence_report.give_consent, 1, None, "dc.moss").refused("the person who asks")
    asked.when(intelligence_report.give_consent, 1, "not before Friday", "ds.hart").then(
        ConsentGiven(1, "not before Friday")
    )
    asked.when(intelligence_report.refuse_consent, 1, " ", "ds.hart").refused("give the reason")


@pytest.mark.parametrize(
    ("looser", "rises"),
    [
        (Handling("P"), False),
        (Handling("C", "A2", "S2", "ask first"), False),
        (Handling("C", "A1", "S1", "ask first"), False),
        (Handling("C", "A1", "S2", "ask first, and tell nobody"), True),
    ],
)
def test_handling_only_rises_without_consent(looser: Handling, rises: bool) -> None:
    again = ItemGraded(1, WORDS, Grade.parse("2A"), looser, reason="a new look")
    if rises:
        bound.when(intelligence_report.grade_item, again).then(again)
    else:
        bound.when(intelligence_report.grade_item, again).refused("cannot be relaxed")
        asked.after(ConsentGiven(1)).when(intelligence_report.grade_item, again).then(again)
