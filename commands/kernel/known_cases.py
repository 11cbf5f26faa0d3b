"""An in-memory cache of looked-up cases, which makes recording log entries faster.

Before a cached case is used, the new events of the log are read. An erasure removes its cases from
the cache. Any other event empties the cache, except new log entries, and mentions that the program
read in them. So a case that was moved, restricted or erased is never returned from the cache, even
if another process recorded the change.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from msgspec import Struct

from domain.data_protection import erasure
from domain.data_protection.erasure import ErasureApproved
from domain.families.referral import CaseOpened
from domain.kernel.envelope import Event
from domain.kernel.log import LogEnd
from domain.kernel.values import Reader

#: Events that the program records while it carries out an erasure. The cache ignores them, because
#: it has read the approval, which names all erased items.
ACCOMPANYING = frozenset[type[Event]](erasure.EVENTS) - {ErasureApproved}
#: Events that may change which case a name means, because a new case may have the same name, and an
#: erased case no longer has it.
_OPENING: frozenset[type[Event]] = frozenset({CaseOpened, ErasureApproved})
#: The number of new facts from which a new lookup is faster than reading the facts.
_MANY = 1000
#: The largest number of cases in the cache.
_KEPT = 1000


def _moves(kind: type[Event] | None) -> bool:
    """Return whether an event of this class may change a case, a name or access; None stands for an
    unknown class.
    """
    return kind is None or not (kind.meaning.alone or kind in ACCOMPANYING)


class KnownCase(Struct, frozen=True):
    """A case in the cache of looked-up cases, with its child and the child's names."""

    case: UUID
    child: UUID
    names: tuple[str, ...]


#: A function that looks a case up in the views; its argument says whether to wait until the views
#: are up to date. It also returns the log position up to which the view of cases is complete.
Look = Callable[[bool], tuple[KnownCase | None, int]]
#: A function that returns the items of all erasures approved after a log position.
Touched = Callable[[int], Collection[UUID]]


@dataclass
class KnownCases:
    """The cached cases of this process, for recording log entries. Thread-safe. `_opened` is the
    log position of the event that opened the newest case; `_moved` is that of the newest event that
    may change any case.
    """

    log: LogEnd
    touched: Touched
    _reached: int = -1
    _opened: int = 0
    _moved: int = 0
    _known: dict[tuple[Reader, str], KnownCase] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def find(self, reader: Reader, text: str, look: Look) -> KnownCase | None:
        """Return the case that a text names for this reader, from the cache or the views. The views
        are updated first if they do not have the case, or if a case was opened that they have not
        read, because the text may also name the new case. Raises LogUnavailable.
        """
        with self._lock:
            self._look_through()
            cases, opened, moved = self._known, self._opened, self._moved
            if case := cases.get((reader, text)):
                return case
        looked, read_to = look(False)
        if looked is None or read_to < opened:
            looked, read_to = look(True)
        if looked and read_to >= moved:
            with self._lock:
                # another thread may have replaced the dictionary; then this entry is never read
                if len(cases) < _KEPT:
                    cases[reader, text] = looked
        return looked

    def _look_through(self) -> None:
        """Read the new events of the log. For an erasure, remove the erased cases from the cache;
        for any other event that may change a case, empty the cache.
        """
        new = self.log.kinds(self._reached, _MANY) if self._reached >= 0 else None
        if new is None or len(new) >= _MANY:
            self._known = {}
            self._begin()
            return
        for seq, kind in new:
            if kind is ErasureApproved:
                ids = self.touched(self._reached)
                self._known = {
                    cache_key: case
                    for cache_key, case in self._known.items()
                    if case.case not in ids and case.child not in ids
                }
                self._moved = seq
            elif _moves(kind):
                self._known, self._moved = {}, seq
            self._reached = seq
            if kind is None or kind in _OPENING:
                self._opened = seq

    def _begin(self) -> None:
        """Start an empty cache near the end of the log. Only the last facts are read; the position
        before them counts as the newest change to any case."""
        start = max(0, self.log.last() - _MANY)
        tail = self.log.kinds(start, _MANY)
        self._reached = tail[-1][0] if tail else start
        self._moved = max((seq for seq, kind in tail if _moves(kind)), default=start)
        opening = (seq for seq, kind in tail if kind is None or kind in _OPENING)
        self._opened = max(opening, default=start)
