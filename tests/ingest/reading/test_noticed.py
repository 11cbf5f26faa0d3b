"""Signs of exploitation are read in the words of parents and shown to a worker, and never make an
entry urgent by themselves.
"""

from typing import get_args

import pytest

from domain.information.observation import NOTICED
from domain.kernel.codes import Noticed
from ingest.reading import noticed, urgency_signs


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        (
            "three baths a day, stopped school, new phone, older lads",
            ("often-bathing", "stopped-school", "unexplained-things", "older-company"),
        ),
        ("she is in the shower all the time now", ("often-bathing",)),
        ("hasnt been, she is refusing school again", ("stopped-school",)),
        ("she has two phones and I dont know who pays", ("unexplained-things",)),
        ("cash in her drawer she cant explain", ("unexplained-things",)),
        ("her boyfriend is 24", ("older-company",)),
        ("came in at 3am again", ("out-at-night",)),
        ("she is not herself, mood swings", ("changed-mood",)),
        ("she has dropped all her old friends", ("new-friends",)),
        ("she isnt eating and has nightmares", ("eating-or-sleeping",)),
        ("she had a bath and went to school", ()),
        ("she likes her college course", ()),
        ("no new phone that we know of", ()),
        ("", ()),
    ],
)
def test_what_parents_notice_is_read(text: str, signs: tuple[str, ...]) -> None:
    assert noticed(text) == signs


def test_what_parents_notice_is_not_urgent_by_itself() -> None:
    assert urgency_signs("three baths a day, stopped school, new phone, older lads") == ()


def test_each_sign_has_a_name_for_people() -> None:
    assert set(NOTICED) == set(get_args(Noticed))
