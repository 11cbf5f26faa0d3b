"""The query and the layout of a saved map are checked, and the map's state follows from its
events.
"""

from uuid import UUID

import pytest

from domain.intelligence.saved_map import (
    ChartNoted,
    ChartSaved,
    ChartWithdrawn,
    Note,
    SavedMap,
    Shows,
    evolve,
    evolve_note,
    note,
    parse_position,
    save,
    withdraw,
)
from domain.kernel.envelope import Event
from domain.kernel.values import Refused

BAZ, GAZ, TIE, ON = (UUID(int=number) for number in range(1, 5))
MANY = tuple(UUID(int=number) for number in range(10, 41))
SAVED = ChartSaved("The arcade", BAZ, Shows(hops=2), pinned=(BAZ,), spots=((1.0, 2.0),))


def after(*events: Event) -> SavedMap:
    state = SavedMap()
    for event in events:
        state = evolve(state, event)
    return state


def test_a_map_is_saved_under_a_name_and_the_same_again_is_one_fact() -> None:
    assert save(SavedMap(), SAVED) == (SAVED,)
    assert save(after(SAVED), SAVED) == ()
    other = ChartSaved("The arcade in May", BAZ, Shows(hops=2))
    assert save(after(SAVED), other) == (other,)


@pytest.mark.parametrize(
    ("chart", "field"),
    [
        (ChartSaved(" ", BAZ, Shows()), "name"),
        (ChartSaved("x", BAZ, Shows(min_grade="2Z")), "min_grade"),
        (ChartSaved("x", BAZ, Shows(as_known="soon")), "as_known"),
        # this hour occurred twice, because summer time ended
        (ChartSaved("x", BAZ, Shows(since="2011-10-30T01:30")), "since"),
        (ChartSaved("x", BAZ, Shows(), also=MANY), "also"),
        (ChartSaved("x", BAZ, Shows(), pinned=(GAZ, GAZ), spots=((0, 0), (1, 1))), "pins"),
        (ChartSaved("x", BAZ, Shows(), pinned=(GAZ,)), "pins"),
    ],
)
def test_what_a_map_cannot_be_is_refused_beside_its_field(chart: ChartSaved, field: str) -> None:
    with pytest.raises(Refused) as refused:
        save(SavedMap(), chart)
    assert refused.value.field == field


def test_somebody_is_where_they_were_put() -> None:
    assert parse_position("0127f6d3 -12.34 88") == ("0127f6d3", -12.3, 88.0)
    for wrong in ("0127f6d3 12", "0127f6d3 a b", "0127f6d3 nan 1", "0127f6d3 1e9 1"):
        with pytest.raises(Refused, match="position of an item"):
            parse_position(wrong)


def test_a_later_note_takes_the_place_of_one_and_no_words_take_it_away() -> None:
    chart, said = after(SAVED), ChartNoted(ON, TIE, "ask her mother")
    stands = evolve_note(Note(), said)
    assert note(chart, Note(), said) == (said,)
    assert note(chart, stands, said) == ()
    later = ChartNoted(ON, TIE, "she was asked")
    assert note(chart, stands, later) == (later,)
    gone = ChartNoted(ON, TIE, None)
    assert note(chart, stands, ChartNoted(ON, TIE, " ")) == (gone,)
    assert evolve_note(stands, gone) == Note()
    with pytest.raises(Refused, match="there is no earlier note to remove"):
        note(chart, Note(), gone)


def test_what_was_withdrawn_is_changed_no_more() -> None:
    assert withdraw(after(SAVED)) == (ChartWithdrawn(),)
    over = after(SAVED, ChartWithdrawn())
    with pytest.raises(Refused, match="withdrawn"):
        save(over, SAVED)
    with pytest.raises(Refused, match="withdrawn"):
        note(over, Note(), ChartNoted(ON, BAZ, "x"))
    with pytest.raises(Refused, match="withdrawn"):
        withdraw(over)
    with pytest.raises(Refused, match="there is no chart with this id"):
        note(SavedMap(), Note(), ChartNoted(ON, BAZ, "x"))
