"""The program suggests signs that a source may have become a covert source, and never decides
whether it has.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import drift_signs


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("I went through his phone while he slept", ("deception",)),
        ("I followed him to the arcade", ("deception",)),
        ("Made a fake profile and he added it", ("deception",)),
        ("I messaged him as my daughter", ("deception",)),
        ("He trusts me so he told me where they go", ("relationship",)),
        ("We are all friends with the school", ()),
        ("I got friendly with them to see who comes", ("relationship",)),
        ("she asked me to find out where he lives", ("direction",)),
        ("The officer said we should follow the van", ("direction",)),
        ("They told me to watch him, I pretended to be out", ("deception", "direction")),
        ("The PSW told me to write down the plates", ()),
        ("I looked in her phone and found his number", ()),
        ("He followed her home", ()),
        ("I never followed him", ()),
        ("Dad took the plate down from the window", ()),
        ("She asked me to ring if he comes back", ()),
    ],
)  # fmt: skip
def test_what_is_proposed(text: str, signs: tuple[str, ...]) -> None:
    assert drift_signs(text) == signs


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    drift_signs(text)
