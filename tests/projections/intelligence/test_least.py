"""A minimum grade means the same on every front."""

import pytest

from projections.intelligence.links import least


@pytest.mark.parametrize(
    ("told", "stages", "meant"),
    [
        (None, (), 14),
        ("graded", (), 14),
        ("2C", (), 7),
        ("any", (), None),
        (None, ("information",), None),
        ("graded", ("information",), 14),
    ],
)
def test_ungraded_links_are_requested_or_information_is(
    told: str | None, stages: tuple[str, ...], meant: int | None
) -> None:
    assert least(told, stages) == meant
