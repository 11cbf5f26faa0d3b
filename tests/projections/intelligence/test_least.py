"""A chosen minimum grade has the same effect on the command line, on the screens and in the API."""

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
