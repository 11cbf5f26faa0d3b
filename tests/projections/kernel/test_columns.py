"""A row's columns accept values of their own types and refuse other values."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from projections.kernel.columns import Column, cells

Sign = Literal["self-harm", "runs-away", "psw"]


@dataclass(frozen=True)
class Row:
    columns: ClassVar[tuple[Column, ...]] = (
        Column("one", "one"),
        Column("several", "several"),
        Column("told", "told", "code"),
        Column("said", "said"),
    )
    order: ClassVar[tuple[str, ...]] = ("one",)
    one: Sign
    several: tuple[Sign, ...]
    told: tuple[str, ...]
    said: str


def test_codes_are_reported_in_words_one_by_one_and_words_stay() -> None:
    row = Row("psw", ("self-harm", "runs-away"), ("self-harm", "runs-away"), "half-term")
    in_words = "self-harm, runs away"
    assert cells(row, Row.columns) == ["PSW", in_words, in_words, "half-term"]
    assert cells(Row("psw", (), (), ""), Row.columns) == ["PSW", None, None, None]
