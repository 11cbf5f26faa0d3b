"""An item's label: all that a decision asks of it beside its id, in one text.

Thousands of items bear the same label, so a label is decided once for a reader and then looked up.
A decision depends on nothing else (`decide` is pure), so what was found stays true: with other
rights somebody is another `Reader`, and an item that changes gets another label.
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
#: So many labels are kept for one reader, of so many readers: some tens of megabytes.
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
    """The label of what is said in these words of `Thing`."""
    return _encode((sort, team, by, case, shared, handling, waiting, assessor)).decode()


def thing(label: str, one: UUID) -> Thing:
    """What is known of an item by its label. Raises msgspec.MsgspecError for what is no label."""
    sort, *rest = _decode(label)
    return Thing(sort, one, *rest)


class Verdicts(dict[str | None, Sort | None]):
    """For each label the sort of what bears it, where the reader sees that; None where not, and
    for what bears none."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        #: What is the reader's by its own id is decided by itself.
        self.own = reader.children | reader.entries

    def __missing__(self, label: str | None) -> Sort | None:
        if len(self) >= LABELS:
            self.clear()
        found = self[label] = self._decided(label, _NO_ITEM)
        return found

    def _decided(self, label: str | None, one: UUID) -> Sort | None:
        try:
            known = thing(label or "", one)
        except msgspec.MsgspecError:
            return None
        return known.sort if see(self.reader, known) else None

    def of(self, label: str | None, one: UUID) -> Sort | None:
        """As by the label, for this item."""
        return self._decided(label, one) if self.own and one in self.own else self[label]


def stands(sort: Sort | None, one: Sort | None = None, other: Sort | None = None) -> bool:
    """Whether something is seen: what joins two others only where both are."""
    return sort is not None and (sort not in JOINS or (one in ENDS and other in ENDS))


@lru_cache(maxsize=READERS)
def verdicts(reader: Reader) -> Verdicts:
    """What was decided for this reader."""
    return Verdicts(reader)
