"""Texts in which the reader recognises mentions and signs."""

from datetime import UTC, datetime

TOLD = datetime(2011, 2, 17, 20, 30, tzinfo=UTC)
#: Fragments of which a long text is made.
PIECES = (
    "a", "A ", "1 ", "_", "?", "black ", "last ", "around about ", "Smurf ", "called ", "at 9 ",
    "plate is ", "mill st ", "\u202e", "a-", "@a.", "'", "Baz and ",
)  # fmt: skip
