"""Which case does somebody mean whose words are recorded?

What was found once is kept in memory and used again only after the log was looked through as far as
it goes: as soon as it holds anything but further words, what is read in them and an erasure, all is
looked up again. An erasure moves nothing but what it touches: cases of which nothing is erased stay
known. So no reader is given a case that was moved, restricted or erased one record longer than the
log says, whichever process wrote it.
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

#: What moves no case and no name, changes nothing in who sees them, and comes with each record; and
#: what an erasure writes down beside its approval, which says all that it takes.
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
#: What makes a name that fitted one case fit none, or several.
_OPENING: frozenset[type[Event]] = frozenset({CaseOpened, ErasureApproved})
#: Of so many new facts it is quicker to look a case up than to look them all through.
_MANY = 1000
#: So many cases are kept at most.
_KEPT = 1000


@dataclass(frozen=True)
class KnownCase:
    """A case, its child, and the child's names."""

    case: UUID
    child: UUID
    names: tuple[str, ...]


#: Looks a case up in the views, which are waited for (as for a question) or not; and tells how far
#: the view that knows cases has read the log.
Look = Callable[[bool], tuple[KnownCase | None, int]]
#: What the erasures touch that were approved behind this place in the log.
Touched = Callable[[int], Collection[UUID]]


@dataclass
class KnownCases:
    """The cases that were looked up in this process. Many threads may ask at once. `_opened` is
    where the newest case stands in the log, `_moved` what moved any of them last."""

    log: LogEnd
    touched: Touched
    _reached: int = -1
    _opened: int = 0
    _moved: int = 0
    _known: dict[tuple[Reader, str], KnownCase] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def find(self, reader: Reader, text: str, look: Look) -> KnownCase | None:
        """The case that this reader means, as the views know it. They are waited for only where
        they do not find it, or have not read of a case that may be it as well. Raises
        LogUnavailable."""
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
                if len(known) < _KEPT:  # where all was forgotten meanwhile, this is read no more
                    known[reader, text] = looked
        return looked

    def _look_through(self) -> None:
        """Go on to the end of the log; forget what is touched by an erasure there, and all where
        anything else moves a case."""
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
        """At the end of the log: of what moves cases only the last facts are looked through, and
        what stands before them is taken for one that does."""
        start = max(0, self.log.last() - _MANY)
        tail = self.log.kinds(start, _MANY)
        self._reached = tail[-1][0] if tail else start
        self._moved = max((seq for seq, kind in tail if kind not in PASSING), default=start)
        opening = (seq for seq, kind in tail if kind is None or kind in _OPENING)
        self._opened = max(opening, default=start)
