"""The letter that answers an access request when no data is held: its recipient, the request, and
the answer."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct

from commands.kernel import item_references
from commands.kernel.unit_of_work import Desk
from domain.data_protection.request_intake import NIL_ANSWER
from domain.forms.local import format_day
from domain.kernel.values import Reader
from projections.data_protection import request_intakes
from projections.kernel.columns import Column

COMPLAIN = (
    "You may ask us to look again, complain to us or to the Information Commissioner, and you may "
    "go to court."
)


class NilAnswer(Struct, frozen=True):
    """One line of the letter that answers an access request."""

    columns: ClassVar[tuple[Column, ...]] = (Column("what", "field"), Column("said", "content"))
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    what: str
    said: str

    def __str__(self) -> str:
        return f"{self.what}: {self.said}"


def letter(desk: Desk, reader: Reader, which: str) -> Sequence[NilAnswer]:
    """Return the lines of the letter that answers an access request with "no data"; an empty list
    if the request was not answered in this way. Raises Hidden if the reader is not responsible for
    the search of this request.
    """
    with desk.looked() as db:
        rows = {row.id: row for row in request_intakes.to_search(db, reader)}
    row = rows[item_references.ending(which, rows, "request")]
    if row.nil is None:
        return []
    answers = (
        ("To", row.requester),
        ("Your request", f"received on {format_day(row.received)}"),
        ("Our answer", NIL_ANSWER),
        ("If you disagree", COMPLAIN),
    )
    return [
        NilAnswer(number, subject, answer) for number, (subject, answer) in enumerate(answers, 1)
    ]
