"""Lists of the vehicles, phones, places and arrests that a reader may see."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from domain.kernel.values import EntityKind
from network.query import object_lists
from questions.justice import arrests
from usecases.kernel.question import Place, Question, QuestionText, RowPage
from usecases.kernel.usecase import Ask, Line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from network.query.object_lists import Indexed
    from questions.justice.arrests import Arrested


class _OfThings(Question, frozen=True):
    """A question that lists all items of one kind, the latest recorded first."""

    kind: ClassVar[EntityKind]
    words: Annotated[
        Line | None,
        Ask("Words in the item's name or description", "The beginnings of words are enough"),
    ] = None

    def all(self, desk: "Desk", reader: "Reader") -> "Sequence[Indexed]":
        """Return all rows of the list that fit the query's words and that this reader may see."""
        with desk.asking() as db:
            standing = object_lists.list_sort_keys(db, reader, self.kind, self.words or "")
            return object_lists.rows(db, reader, self.kind, standing)

    def part(
        self, desk: "Desk", reader: "Reader", now: "datetime", skip: int, most: int
    ) -> "tuple[Sequence[Indexed], int]":
        with desk.asking() as db:
            return object_lists.page(db, reader, self.kind, self.words or "", skip, most)

    def some(
        self, desk: "Desk", reader: "Reader", now: "datetime", after: "Place | None", most: int
    ) -> RowPage:
        with desk.asking() as db:
            return RowPage(
                *object_lists.page_after(db, reader, self.kind, self.words or "", after, most)
            )

    @classmethod
    def row(cls) -> "type[Indexed]":
        return object_lists.Indexed


class ListVehicles(_OfThings, frozen=True):
    """List the vehicles that you may see. It shows the latest recorded first, with the number of
    independent accounts behind their links and when each was last seen."""

    named = QuestionText(
        command="vehicle list",
        title="Vehicles",
        empty="No vehicles match.",
        acts=("see-network",),
        address="vehicles",
        shown=200,
    )
    kind = "vehicle"

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Indexed]":
        return self.all(desk, reader)


class ListPhones(_OfThings, frozen=True):
    """List the phones that you may see. It shows the latest recorded first, with the number of
    independent accounts behind their links and when each was last seen."""

    named = QuestionText(
        command="phone list",
        title="Phones",
        empty="No phones match.",
        acts=("see-network",),
        address="phones",
        shown=200,
    )
    kind = "phone"

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Indexed]":
        return self.all(desk, reader)


class ListPlaces(_OfThings, frozen=True):
    """List the places that you may see. It shows the latest recorded first, with the number of
    independent accounts, and leaves out homes of children and families, placements and refuges."""

    named = QuestionText(
        command="place list",
        title="Places",
        empty="No places match.",
        acts=("see-network",),
        address="places",
        shown=200,
    )
    kind = "place"

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Indexed]":
        return self.all(desk, reader)


class ListArrests(Question, frozen=True):
    """List the arrests, latest first. It shows who was arrested, for what, when and in which case,
    as far as you may see it."""

    named = QuestionText(
        command="arrest list",
        title="Arrests",
        empty="No arrests match.",
        acts=("see-outcome",),
        address="arrests",
        shown=200,
    )
    words: Annotated[
        Line | None,
        Ask("Words in the person's name or the offence", "The beginnings of words are enough"),
    ] = None

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[Arrested]":
        with desk.asking() as db:
            return arrests.list_arrests(db, reader, self.words or "")

    @classmethod
    def row(cls) -> "type[Arrested]":
        return arrests.Arrested
