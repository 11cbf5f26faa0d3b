"""Grades, handling codes, the older scheme 5x5x5, and the kinds of things that a link may join are
checked as the standards say.
"""

from itertools import pairwise, product
from typing import get_args

import pytest

from domain.kernel.values import (
    CATEGORIES,
    CLEARED_CATEGORIES,
    CONVERSION_RULE,
    HOME_LINKS,
    INFORMATION_GRADES,
    LINK_KINDS,
    OFFENDER_CATEGORIES,
    PROPOSED,
    SOURCE_GRADES,
    VICTIM_CATEGORIES,
    ActionCode,
    BadHandling,
    Grade,
    Handling,
    HandlingCode,
    HowKnown,
    InformationGrade,
    LinkKind,
    SanitisationCode,
    SourceGrade,
    convert_555,
)


def test_grades_go_by_letter_then_by_digit() -> None:
    """Grades are ordered by the letter, then by the digit: 1A is the best of fifteen, 3E the
    worst.
    """
    best_first = ["1A", "2A", "3A", "1B", "2B", "3B", "1C", "2C", "3C", "1D", "2D", "3D"]
    best_first += ["1E", "2E", "3E"]
    assert [grade.label for grade in sorted(map(Grade.parse, reversed(best_first)))] == best_first


@pytest.mark.parametrize(("source", "letter"), [*product(SOURCE_GRADES, INFORMATION_GRADES)])
def test_every_grade_reads_back(source: SourceGrade, letter: InformationGrade) -> None:
    grade = Grade(letter, source)
    assert Grade.parse(grade.label) == Grade.parse(f" {grade.label.lower()} ") == grade


@pytest.mark.parametrize("told", ["", "2", "C2", "4A", "0A", "2F", "2CC", "²C", "2 C", "??"])
def test_what_is_no_grade_is_refused_with_a_reason(told: str) -> None:
    with pytest.raises(ValueError, match="is not a 3x5x2 grade"):
        Grade.parse(told)


def fits(handling: Handling) -> bool:
    """Return whether the handling codes are valid together by 3x5x2: code P has no others; code C
    has an action code, a sanitisation code and conditions; and action code A3 names its usage.
    """
    further = (handling.action, handling.sanitisation, handling.conditions)
    if handling.code == "P":
        return not any(further) and not handling.usage
    return all(further) and (handling.action != "A3" or bool(handling.usage))


@pytest.mark.parametrize(
    "handling",
    [
        Handling(*codes)
        for codes in product(
            get_args(HandlingCode),
            (None, *get_args(ActionCode)),
            (None, *get_args(SanitisationCode)),
            (None, "", "ask first"),
            (None, "may be read to the suspect"),
        )
    ],
    ids=repr,
)
def test_handling_codes_fit_or_are_refused(handling: Handling) -> None:
    """Each of the 144 combinations of handling codes is accepted as it is or refused, as the
    standard says.
    """
    if fits(handling):
        assert handling.checked() is handling
    else:
        with pytest.raises(BadHandling):
            handling.checked()


def test_a_refusal_names_all_that_is_missing() -> None:
    with pytest.raises(BadHandling, match=r"action code .* sanitisation code .* conditions"):
        Handling("C").checked()
    with pytest.raises(BadHandling, match="A3 permits only some overt use"):
        Handling("C", "A3", "S1", "ask first").checked()
    with pytest.raises(BadHandling, match="P takes no action code"):
        Handling("P", conditions="ask first").checked()


#: The proposed conversion of grades from 5x5x5 to 3x5x2. [verify] There is no official table.
SOURCES = {"A": "1", "B": "1", "C": "2", "D": "3", "E": "2"}
LETTERS = {"1": "A", "2": "A", "3": "B", "4": "D", "5": "E"}
CODES = {"1": "P", "2": "C", "3": "C", "4": "C", "5": "C"}


@pytest.mark.parametrize("old", ["".join(one) for one in product("ABCDE", "12345", "12345")])
def test_a_5x5x5_grading_converts_and_keeps_its_original(old: str) -> None:
    source, information, handling = tuple(old)
    new = convert_555(source.lower(), information, handling, "a neighbouring force")
    assert new.grade.label == SOURCES[source] + LETTERS[information]
    assert new.handling.code == CODES[handling]
    assert new.handling.checked() == new.handling
    assert (new.original, new.rule) == (old, CONVERSION_RULE)
    assert bool(new.needs_review) == (source == "C" or handling != "1")


def test_cannot_be_judged_never_becomes_known_indirectly() -> None:
    """Information graded 4 (cannot be judged) in 5x5x5 becomes "not known" (D) in 3x5x2, and never
    "known indirectly" (C).
    """
    assert {convert_555(source, "4", "1").grade.information for source in "ABCDE"} == {"D"}


def test_conversion_carries_recipients_and_keeps_the_force_to_itself() -> None:
    assert "neighbouring" in (
        convert_555("B", "2", "2", "a neighbouring force").handling.conditions or ""
    )
    own = convert_555("B", "2", "4").handling
    assert (own.sanitisation, own.conditions) == (
        "S2",
        "Originating force only (was 5x5x5 handling 4).",
    )


@pytest.mark.parametrize("old", [("F", "1", "1"), ("A", "6", "1"), ("A", "1", "0"), ("", "1", "1")])
def test_what_is_no_5x5x5_is_refused_with_a_reason(old: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="is not a 5x5x5 grading"):
        convert_555(*old)


def test_every_answer_proposes_a_grade() -> None:
    """Each answer to "How do you know it is true?" proposes a grade: for a child's statement C, for
    a rumour D, for a doubt E.
    """
    assert set(PROPOSED) == set(get_args(HowKnown))
    assert PROPOSED["saw-or-heard"] == PROPOSED["has-item"] == "A"
    assert PROPOSED["child-told"] == PROPOSED["other-told"] == "C"
    assert (PROPOSED["corroborated"], PROPOSED["talked-about"], PROPOSED["doubts"]) == tuple("BDE")


def test_every_kind_of_link_has_a_shape_in_neutral_words() -> None:
    assert set(LINK_KINDS) == set(get_args(LinkKind))
    assert "relationship" not in LINK_KINDS
    for kind, shape in LINK_KINDS.items():
        assert shape.directed or shape.source == shape.target, kind
    for kind in HOME_LINKS:
        assert LINK_KINDS[kind].target == {"place"}


def test_no_category_is_on_two_sides_by_itself() -> None:
    """Each category of a data subject counts as an offender's, as a victim's or as neither; a
    person may have several categories.
    """
    sides = (OFFENDER_CATEGORIES, VICTIM_CATEGORIES, CLEARED_CATEGORIES)
    assert set().union(*sides) <= set(CATEGORIES)
    for one, other in pairwise((*sides, sides[0])):
        assert not one & other
