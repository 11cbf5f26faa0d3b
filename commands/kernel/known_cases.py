"""An in-memory cache of case lookups for recording log entries.

A cached case is used only after the log was read to its end: if it holds anything but further
entries, mentions read in them and an erasure, the cache is emptied. An erasure removes only the
cases that it touches. So no reader is given a case that was moved, restricted or erased any longer
than the log allows, whichever process wrote the change.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from domain.data_protection import erasure
from domain.data_protection.erasure import ErasureApproved
from domain.families.referral import CaseOpened
from domain.information import observation
from domain.kernel.envelope import Event
from domain.kernel.log import LogEnd
from domain.kernel.values import Reader
from domain.people_and_teams import store_admin

#: Events that come with each entry and move no case and no name, nor change access; and events that
#: accompany an approved erasure, which itself names everything erased.
PASSING: frozenset[type[Event]] = frozenset(
    {
        erasure.ErasureCertified,
        erasure.ErasureHeldBack,
        erasure.ErasurePlanned,
        erasure.ErasureProposed,
        erasure.ErasureRefused,
        erasure.ItemErased,
        erasure.KeysDestroyed,
        erasure.RedactionsWritten,
        store_admin.FileReceived,
        store_admin.KeysMoving,
        store_admin.KeysRotated,
        observation.ObservationFlagged,
        observation.ObservationRead,
        observation.ObservationRecorded,
        observation.ObservationTaken,
        observation.SourceHeld,
        observation.SourceTransferred,
    }
)
#: Events after which a name that meant one case may mean none, or several.
_OPENING: frozenset[type[Event]] = frozenset({CaseOpened, ErasureApproved})
#: From this many new facts on, a new lookup is quicker than reading them all.
_MANY = 1000
#: The most cases in the cache.
_KEPT = 1000


@dataclass(frozen=True)
class KnownCase:
    """A case in the cache, its child, and the child's names."""

    case: UUID
    child: UUID
    names: tuple[str, ...]


#: A function that looks a case up in the views, and waits for them (as a question does) or not; it
#: returns how far the view of cases has read the log.
Look = Callable[[bool], tuple[KnownCase | None, int]]
#: A function that returns the items of erasures that were approved after this log position.
Touched = Callable[[int], Collection[UUID]]


@dataclass
class KnownCases:
    """The cached cases of this process, for recording log entries. Thread-safe. `_opened` is the
    log position of the newest case, `_moved` that of the last change to any case.
    """

    log: LogEnd
    touched: Touched
    _reached: int = -1
    _opened: int = 0
    _moved: int = 0
    _known: dict[tuple[Reader, str], KnownCase] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def find(self, reader: Reader, text: str, look: Look) -> KnownCase | None:
        """Return the reader's case that the text names, from the cache or the views. Waits for the
        views only if they do not have it, or have not yet read a newer case that may also fit.
        Raises LogUnavailable.
        """
        with self._lock:
            self._look_through()
            known, opened, moved = self._known, self._opened, self._moved
            if found := known.get((reader, text)):
                return found
        looked, read_to = look(False)
        if looked is None or read_to < opened:
            looked, read_to = look(True)
        if looked and read_to >= moved:
            with self._lock:
                # if another thread has replaced the dictionary, this one is no longer read
                if len(known) < _KEPT:
                    known[reader, text] = looked
        return looked

    def _look_through(self) -> None:
        """Read the log to its end; remove from the cache the cases that an erasure there concerns,
        or all of them after any other event that may change a case.
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
                    asked: one
                    for asked, one in self._known.items()
                    if one.case not in ids and one.child not in ids
                }
                self._moved = seq
            elif kind not in PASSING:
                self._known, self._moved = {}, seq
            self._reached = seq
            if kind is None or kind in _OPENING:
                self._opened = seq

    def _begin(self) -> None:
        """Start the cache at the end of the log: only the last facts are checked for changes, and
        the position before them counts as one.
        """
        start = max(0, self.log.last() - _MANY)
        tail = self.log.kinds(start, _MANY)
        self._reached = tail[-1][0] if tail else start
        self._moved = max((seq for seq, kind in tail if kind not in PASSING), default=start)
        opening = (seq for seq, kind in tail if kind is None or kind in _OPENING)
        self._opened = max(opening, default=start)
