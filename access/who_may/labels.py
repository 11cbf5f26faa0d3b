"""The access label of an item: all facts about it, except its id, that decide who may see it, as
one text.

Thousands of items have the same label, so each label is decided once for a reader and the result is
cached. A decision depends on nothing else (`decide` is pure), so the result stays valid: a user
with other rights is another `Reader`, and an item that changes gets another label.
"""

from functools import lru_cache
from uuid import UUID

import msgspec

from access.who_may.decide import ENDS, JOINS, Thing, see
from domain.kernel.acts import Sort
from domain.kernel.decoding import decoder
from domain.kernel.values import HandlingCode, Reader

_Told = tuple[Sort, str, str, UUID | None, bool, HandlingCode | None, bool, str | None]
_encode = msgspec.json.Encoder().encode
_decode = decoder(_Told)
#: How many labels are cached for each reader, and for how many readers: together some tens of
#: megabytes.
LABELS, READERS = 20_000, 64
_NO_ITEM = UUID(int=0)


def label(
    sort: Sort,
    team: str,
    by: str,
    case: UUID | None,
    shared: bool,
    handling: HandlingCode | None,
    waiting: bool,
    assessor: str | None,
) -> str:
    """Return the access label of an item: a text with the facts that decide who may see the item,
    such as its sort, team and author.
    """
    return _encode((sort, team, by, case, shared, handling, waiting, assessor)).decode()


def load_label(label: str, item: UUID) -> Thing:
    """Return the item with this id and with the facts in its access label. Raises
    msgspec.MsgspecError for an invalid label.
    """
    sort, *rest = _decode(label)
    return Thing(sort, item, *rest)


class Verdicts(dict[str | None, Sort | None]):
    """The access decisions for one reader, as a mapping from access labels. If the reader sees the
    items with a label, the value is the sort (kind of record) of these items; otherwise the value
    is None.
    """

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        #: single items that the reader may see by id; for these a label is not enough to decide
        self.own = reader.children | reader.entries

    def __missing__(self, label: str | None) -> Sort | None:
        if len(self) >= LABELS:
            self.clear()
        sort = self[label] = self._decided(label, _NO_ITEM)
        return sort

    def _decided(self, label: str | None, item: UUID) -> Sort | None:
        try:
            access_item = load_label(label or "", item)
        except msgspec.MsgspecError:
            return None
        return access_item.sort if see(self.reader, access_item) else None

    def verdict_for(self, label: str | None, item: UUID) -> Sort | None:
        """Return the sort (kind of record) of the item with this access label and id if the reader
        sees the item; otherwise None.
        """
        return self._decided(label, item) if self.own and item in self.own else self[label]


def is_visible(
    sort: Sort | None, first_sort: Sort | None = None, second_sort: Sort | None = None
) -> bool:
    """Return whether the reader sees an item. `sort` is the sort (kind of record) of the item, or
    None if the reader may not see the item. An item that joins two others is visible only if the
    reader also sees both of them: `first_sort` and `second_sort` are their sorts, or None for a
    hidden one.
    """
    return sort is not None and (sort not in JOINS or (first_sort in ENDS and second_sort in ENDS))


@lru_cache(maxsize=READERS)
def verdicts(reader: Reader) -> Verdicts:
    """Return the cached access decisions for this reader."""
    return Verdicts(reader)
