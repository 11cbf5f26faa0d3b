"""Texts in which the program recognises mentions and signs."""

from datetime import UTC, datetime

TOLD = datetime(2011, 2, 17, 20, 30, tzinfo=UTC)
#: Fragments from which the tests make a long text.
PIECES = (
    "a", "A ", "1 ", "_", "?", "black ", "last ", "around about ", "Smurf ", "called ", "at 9 ",
    "plate is ", "mill st ", "\u202e", "a-", "@a.", "'", "Baz and ",
)  # fmt: skip
