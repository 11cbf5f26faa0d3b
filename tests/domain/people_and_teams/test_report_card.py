"""A report card counts families, gives the total for each count, and identifies no family."""

from datetime import date
from itertools import product
from typing import get_args
from uuid import UUID

import pytest

from domain.kernel import suppression
from domain.kernel.codes import CardMeasure
from domain.kernel.figures import REGISTER
from domain.kernel.values import Refused
from domain.people_and_teams import report_card
from domain.people_and_teams.costs import CARE, MISSING
from domain.people_and_teams.report_card import COMPLETE, MEASURES, OBJECTIVES, TargetSet

TODAY = date(2011, 3, 18)


def families(many: int, start: int = 1) -> set[UUID]:
    return {UUID(int=start + number) for number in range(many)}


def count_measures(**sets: set[UUID]) -> dict[CardMeasure, tuple[int | None, int | None]]:
    named = {code: sets.get(code.replace("-", "_"), set()) for code in get_args(CardMeasure)}
    return {one.measure: (one.families, one.of) for one in report_card.counted(named)}


def taught(many: int, words: set[UUID]) -> dict[CardMeasure, tuple[int | None, int | None]]:
    """Return the figures of a report card about families who were taught to keep a log: `many`
    families, of whom the families in `words` sent entries."""
    some = families(many)
    return count_measures(
        invited_to_learn=some, came_to_learn=some, learned_to_log=some, words=words
    )


def test_every_measure_is_explained_and_its_whole_comes_before_it() -> None:
    assert set(MEASURES) == set(get_args(CardMeasure))
    places = list(MEASURES)
    for measure, one in MEASURES.items():
        assert one.objective in range(COMPLETE, len(OBJECTIVES) + 1)
        assert one.of is None or places.index(one.of) < places.index(measure)
    assert {one.objective for one in MEASURES.values()} == set(range(len(OBJECTIVES) + 1))


@pytest.mark.parametrize(("many", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (93, 93)])
def test_fewer_than_five_families_are_no_figure(many: int, shown: int | None) -> None:
    assert count_measures(charge=families(many))["charge"] == (shown, None)


def test_a_part_says_where_its_rest_is() -> None:
    whole = families(12)
    assert count_measures(referred=whole, rated=families(7))["rated"] == (7, 12)
    assert count_measures(referred=whole, rated=families(10))["rated"] == (None, 12), (
        "two are not rated"
    )
    assert count_measures(referred=whole, rated=families(12))["rated"] == (12, 12)
    assert count_measures(referred=whole)["rated"] == (0, 12)
    assert count_measures(referred=families(3), rated=families(3))["rated"] == (None, None)


def test_a_part_is_of_the_families_of_its_whole_alone() -> None:
    others = families(9, start=100)
    found = count_measures(referred=families(12), rated=families(6) | others)
    assert found["rated"] == (6, 12)


def test_a_part_of_what_is_hidden_is_hidden() -> None:
    found = count_measures(asked=families(4), answered=families(4))
    assert found["asked"] == (None, None)
    assert found["answered"] == (None, None)


def test_logs_that_came_are_of_those_who_learned_to_keep_them() -> None:
    found = taught(6, words=families(6) | families(20, start=50))
    assert found["logs-came"] == (6, 6)
    assert found["words"] == (26, None)


def test_logs_that_came_are_not_taken_from_all_of_whom_words_came_in() -> None:
    found = taught(30, words=families(24) | families(2, start=50))
    assert (found["words"], found["logs-came"]) == ((26, None), (None, 30)), "two learned nothing"
    found = taught(30, words=families(24) | families(5, start=50))
    assert (found["words"], found["logs-came"]) == ((29, None), (24, 30))


def test_who_learned_to_keep_a_log_is_not_taken_from_all_who_came_to_learn() -> None:
    found = count_measures(
        invited_to_learn=families(9), came_to_learn=families(9), learned_to_log=families(7)
    )
    assert (found["came-to-learn"], found["learned-to-log"]) == ((9, 9), (None, 9))


def test_what_is_hidden_is_not_left_over_by_a_sum() -> None:
    assert suppression.parts([20, 3, 9]) == [20, None, None]
    assert suppression.parts([20, 3, 2, 9]) == [20, None, None, 9]
    assert suppression.parts([20, 1, 1, 9]) == [20, None, None, None]
    assert suppression.parts([3, 0, 0]) == [None, None, None]
    assert suppression.parts([20, 0, 9]) == [20, 0, 9]


def test_every_hidden_part_may_be_another() -> None:
    """A reader who knows a total and the rule for hiding small figures cannot compute any hidden
    figure, because several values are possible for each."""
    could_be: dict[tuple[int, tuple[int | None, ...]], list[tuple[int, ...]]] = {}
    for numbers in product(range(14), repeat=3):
        shown = tuple(suppression.parts(numbers))
        could_be.setdefault((sum(numbers), shown), []).append(numbers)
    for (together, shown), alike in could_be.items():
        for place, one in enumerate(shown):
            if one is None and together >= suppression.FEW:
                assert len({other[place] for other in alike}) > 1, alike


def test_a_target_is_set_before_its_year_has_ended_and_is_no_small_figure() -> None:
    def target(**changed: object) -> TargetSet:
        given = {"team": "Engage", "measure": "asked", "year": 2011, "number": 30, "funder": "Fund"}
        return TargetSet(**(given | changed))  # type: ignore[arg-type]

    assert report_card.set_target(target(), TODAY) == (target(),)
    for wrong, field in (
        ({"year": 2010}, "year"),
        ({"year": 2022}, "year"),
        ({"number": 4}, "number"),
        ({"funder": " "}, "funder"),
    ):
        with pytest.raises(Refused) as refused:
            report_card.set_target(target(**wrong), TODAY)
        assert refused.value.field == field


def test_a_card_says_that_a_team_contributes_and_is_no_cause() -> None:
    """Each report card says that a team contributes to a result and is not its cause. The report
    says: "it is impossible to disaggregate data" (requirement W41).
    """
    assert "contributes" in report_card.CAUTION[0]
    assert "they do not show a cause" in report_card.CAUTION[0]


#: Every figure of the report (appendix A6) with its period, which is "not said" if the report gives
#: none.
OF_THE_REPORT = [
    ("579, NK, 310, NK", "October 2010 to October 2012"),
    ("72, 5, 12, 4", "October 2010 to October 2012"),
    ("27, 1, 0, 3", "October 2010 to October 2012"),
    ("46, then 127", "last quarters of 2009 and 2012"),
    ("100 a quarter", "not said"),
    ("636", "2012"),
    ("about 100, a quarter of them with a Parent Support Worker", "2009 to 2012"),
    ("more than two years", "not said"),
    ("7 months", "not said"),
    ("9 months", "not said"),
    ("300 to 400", "not said"),
    ("1,750", "2011-12"),
    ("305", "2009"),
    ("5, then 38", "2009 and 2012"),
    ("1", "before 2008"),
    ("12 and 25, then 44 and about 19", "last quarters of 2009 and 2012"),
    ("police almost two thirds, parents or carers 18%", "July to September 2012"),
    ("White British 85%, Asian 13%", "July to September 2012"),
    ("at home 83%, children's or foster home 15%", "July to September 2012"),
    ("under 12: 6%, 13 to 15: 79%, 16 and over: 15%", "July to September 2012"),
    ("£1,300", "not said"),
    ("£37,669", "2009/10"),
    ("£6 or £12 for £1", "2011"),
]


def test_the_register_has_every_figure_of_the_report_with_its_period_and_quotation() -> None:
    registered = [(one.value, one.period) for one in REGISTER]
    assert [one for one in OF_THE_REPORT if registered.count(one) != 1] == []
    assert all(one.quote and one.where for one in REGISTER)
    tabled = [one.value for one in REGISTER if one.where == "Table Two"]
    assert tabled == ["579, NK, 310, NK", "72, 5, 12, 4", "27, 1, 0, 3"]
    assert (MISSING.pounds, CARE.pounds) == (1_300, 37_669)
    assert {MISSING, CARE} <= set(REGISTER)


@pytest.mark.parametrize(
    ("years", "said"),
    [(None, "not known"), (11, "under 13"), (12, "under 13"), (13, "13 to 15"), (17, "16 or over")],
)
def test_no_age_falls_between_two_bands(years: int | None, said: str) -> None:
    """Each age belongs to exactly one age group, including 12, which the report's groups left out
    (contradiction 6 of its appendix A7).
    """
    assert report_card.band(years) == said


def test_others_who_are_counted_with_the_groups_do_not_follow_from_them() -> None:
    assert report_card.visible_separate_numbers([(7, 0), (9, 5)], 0) == [(7, 0), (9, None)], (
        "four are not out of it"
    )
    assert report_card.visible_separate_numbers([(7, 0), (10, 5)], 2) == [(None, None), (10, 5)]
    assert report_card.visible_separate_numbers([(7, 0), (10, 5)], 6) == [(7, 0), (10, 5)]


def test_groups_that_share_families_tell_nothing_by_what_is_left() -> None:
    assert report_card.visible_numbers([(10, 5), (20, 10)], 40) == [(10, 5), (20, 10)]
    assert report_card.visible_numbers([(10, 5), (20, 8), (12, 2)], 42) == [
        (10, None),
        (20, 8),
        (12, None),
    ]
    assert report_card.visible_numbers([(38, 9)], 40) == [(None, None)], "two are of no group"
    assert report_card.visible_numbers([(10, 9), (20, 9)], 40) == [(10, None), (20, 9)], (
        "one is not out of it"
    )
    assert report_card.visible_numbers([(3, 0), (8, 0), (30, 0)], 60)[:2] == [
        (None, None),
        (None, None),
    ]
