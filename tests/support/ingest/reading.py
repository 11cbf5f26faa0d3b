"""Words with what is proposed from them."""

from datetime import UTC, datetime

TOLD = datetime(2011, 2, 17, 20, 30, tzinfo=UTC)
#: Parts of which a long text is made.
PIECES = (
    "a", "A ", "1 ", "_", "?", "black ", "last ", "around about ", "Smurf ", "called ", "at 9 ",
    "plate is ", "mill st ", "\u202e", "a-", "@a.", "'", "Baz and ",
)  # fmt: skip
