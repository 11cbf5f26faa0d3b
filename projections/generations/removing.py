"""Remove the rows about erased or restricted items from a generation, before a reader sees them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from msgspec import Struct

from access.database import reading
from domain.data_protection.erasure import ErasureApproved
from domain.kernel.envelope import Event, LogName, Recorded
from domain.kernel.log import LogReader
from projections.generations import making, taking
from projections.generations.one import Generation
from projections.kernel import runner
from projections.kernel.database import Db, Engine
from projections.kernel.schema import View

#: Seconds for which a process waits for another process, which may hang, to remove erased items.
ALONE = 30.0
#: A view that lacks at most this many facts up to the approval of an erasure reads them at once.
NEAR = 1000


class _RemovedBefore(Struct, frozen=True):
    """The items that were removed from the views before their erasure was approved, and the names
    of the views that certainly have no row with one of these items.
    """

    items: frozenset[UUID] = frozenset()
    views: frozenset[str] = frozenset()

    def among(self, views: Sequence[View]) -> list[View]:
        return [view for view in views if view.name in self.views]

    def besides(self, views: Sequence[View]) -> list[View]:
        return [view for view in views if view.name not in self.views]


_NOTHING = _RemovedBefore()


class Removal:
    """Removes the items of an erasure from `views`. From frozen views, it also removes the items
    that other facts hide, such as a restriction. `gone` returns the items that approved erasures
    removed from the logs.
    """

    def __init__(
        self,
        places: making.Generations,
        logs: runner.Logs,
        gone: Callable[[], runner.ErasedItems],
        views: Sequence[View],
        on_poison: Callable[[runner.UnappliedFact], None],
    ) -> None:
        self._places, self._logs, self._gone = places, logs, gone
        self._views, self._on_poison = views, on_poison
        self._lock = Lock()
        self._gone_from = (0, runner.NOTHING)
        self._read: dict[Engine, dict[tuple[str, LogName], int]] = {}

    @contextmanager
    def before_approval(self, now: Generation, items: Collection[UUID]) -> Iterator[bool]:
        """Remove these items from the views; within this context, the caller approves their
        erasure. At the end, let the views read the approval.

        The items are removed before the approval, because searching the views takes long, and every
        query after the approval would have to wait for the search.

        Yield True if the items were removed. Yield False if another erasure was approved meanwhile:
        then this erasure may be refused.
        """
        erased_before = self._gone()
        with self._places.taking(ALONE):
            if self._gone() != erased_before:
                yield False
                return
            taking.mark(now.engine, self._views)
            struck = frozenset(items) | erased_before.since(self.removed_items(now))
            at: dict[tuple[str, LogName], int] = {}
            for view in now.following(self._views):
                at |= taking.strike_at(now.engine, view, struck)
            yield True
            erased_items = self._gone()
            self._from_followed(
                now, erased_items, _RemovedBefore(struck, self._unnamed(now, at, struck))
            )

    def from_followed(self, now: Generation) -> None:
        """Let all views read the last approval of an erasure and the facts before it, without the
        erased items; until then no reader sees the views. One process at a time does this, because
        several would block each other.
        """
        erased_items = self._gone()
        with self._places.taking(ALONE):
            self._from_followed(now, erased_items)

    def _from_followed(
        self, now: Generation, items: runner.ErasedItems, struck: _RemovedBefore = _NOTHING
    ) -> None:
        lacks = self._lacks(now, items)
        if any(lacking > 0 for lacking in lacks.values()):
            self._take_out(now, items, lacks, struck)
        self._gone_from = now.number, items

    def _lacks(self, now: Generation, items: runner.ErasedItems) -> dict[str, int]:
        """Return, for each view that still gets new facts, how many facts of the evidence log it
        has yet to read up to the last approval of an erasure.
        """
        with reading(now.engine) as db:
            at = runner.positions(db)
        return {
            view.name: items.last - at.get((view.name, "evidence"), 0)
            for view in now.following(self._views)
            if "evidence" in view.logs
        }

    def _unnamed(
        self, now: Generation, at: Mapping[tuple[str, LogName], int], items: Collection[UUID]
    ) -> frozenset[str]:
        """Return the names of the views without a row that names one of the items.

        Up to the positions `at` in its logs, no row of a view names an item. A view is returned if
        none of the facts that it has read after these positions names an item. (Later facts are
        read without the removed items.)
        """
        with reading(now.engine) as db:
            reached = runner.positions(db)
        named: dict[tuple[LogName, int, int], bool] = {}
        unnamed = {view for view, _ in at}
        for (view, log), after in at.items():
            stretch = log, after, reached.get((view, log), 0)
            if stretch not in named:
                named[stretch] = self._named(*stretch, items)
            if named[stretch]:
                unnamed.discard(view)
        return frozenset(unnamed)

    def _named(self, log: LogName, after: int, until: int, items: Collection[UUID]) -> bool:
        """Return whether a fact between two positions of a log names one of the items. If a fact
        cannot be read, or there are too many facts to search, return True.
        """
        if until - after > NEAR:
            return True
        unreadable: list[int] = []
        facts = self._logs[log].read(after, until - after, lambda seq, why: unreadable.append(seq))
        return bool(unreadable) or taking.names_an_item(facts, items)

    def removed_items(self, now: Generation) -> runner.ErasedItems:
        """Return the items that erasures have removed from this generation, up to the approval
        `last`; some of its views may have yet to read the approval. (Another generation may still
        have some of these items, because of a legal hold since.)
        """
        number, erased_items = self._gone_from
        return erased_items if number == now.number else runner.NOTHING

    def _take_out(
        self,
        now: Generation,
        erased_items: runner.ErasedItems,
        lacks: Mapping[str, int],
        struck: _RemovedBefore,
    ) -> None:
        """Remove the items from each view in a transaction of its own, so that other views can be
        written meanwhile. Views that only have to read the approval and the facts before it do so
        in one transaction.
        """
        near = [view for view in self._views if 0 < lacks.get(view.name, 0) <= NEAR]
        # without the views that lack many facts, as during an import, and the views that do not
        # read the evidence log, in which erasures are approved
        others = [
            view
            for view in self._views
            if lacks.get(view.name, 0) > NEAR or "evidence" not in view.logs
        ]
        taking.mark(now.engine, self._views)
        going, read_once = (
            erased_items.since(self.removed_items(now)),
            _ReadOnce(self._logs["evidence"]),
        )

        def strike(db: Db, past: Sequence[View], items: Collection[UUID]) -> None:
            if left := frozenset(items) - struck.items:
                taking.strike_within(db, past, left)

        for lacking in sorted({lacks[view.name] for view in struck.among(near)}):
            together = [view for view in struck.among(near) if lacks[view.name] == lacking]
            self._catch_up(now, erased_items, together, read_once, strike)
        taking.strike(now.engine, struck.among(others), going - struck.items)
        taking.strike(now.engine, struck.besides(others), going)
        for view in struck.besides(near):
            self._catch_up(now, erased_items, [view], read_once, taking.strike_within)

    def _catch_up(
        self,
        now: Generation,
        items: runner.ErasedItems,
        views: Sequence[View],
        evidence: LogReader,
        strike: runner.Strike,
    ) -> None:
        runner.catch_up(
            now.follows,
            views,
            {"evidence": evidence},
            until={"evidence": items.last},
            on_poison=self._on_poison,
            gone=items,
            strike=strike,
        )

    def from_frozen(self, now: Generation) -> None:
        """Remove from the frozen views the items that were removed since they were frozen."""
        frozen = [view for view in self._views if view.name in now.frozen]
        with self._lock:
            reached = dict(self._read.get(now.engine, {}))
            if not reached:
                with reading(now.engine) as db:
                    positions = runner.positions(db)
                wanted = [(view.name, name) for view in frozen for name in view.logs]
                reached = {one: positions.get(one, 0) for one in wanted}
            taken: dict[str, set[UUID]] = {}
            for name in {name for _, name in reached}:
                start = min(at for (_, log), at in reached.items() if log == name)
                for fact in self._since(name, start):
                    item = taking.taken(fact)
                    items = {item} if item else set()
                    if type(fact.event) is ErasureApproved:
                        items |= self._gone().streams
                    for (view, log), at in reached.items():
                        if log == name and at < fact.seq:
                            reached[view, log] = fact.seq
                            taken.setdefault(view, set()).update(items)
            struck = [one for one in frozen if taken.get(one.name)]
            taking.mark(now.engine, struck)
            for one in struck:
                taking.strike(now.engine, [one], taken[one.name])
            self._read = {now.engine: reached}

    def _since(self, name: LogName, after: int) -> Iterator[Recorded]:
        """Yield the facts of a log after a position. Unreadable facts are left out."""
        while facts := self._logs[name].read(after, runner.BATCH, lambda seq, why: None):
            yield from facts
            after = facts[-1].seq


class _ReadOnce:
    """A log that caches the facts read from it, because several views read the same few facts."""

    def __init__(self, log: LogReader) -> None:
        self._log = log
        self._found: dict[tuple[int, int], tuple[list[Recorded], list[tuple[int, str]]]] = {}

    def read(
        self, after: int, limit: int, on_error: Callable[[int, str], None] | None = None
    ) -> list[Recorded]:
        """Return facts as the log returns them, but from the cache if possible."""
        if (after, limit) not in self._found:
            unreadable: list[tuple[int, str]] = []
            facts = self._log.read(after, limit, lambda seq, why: unreadable.append((seq, why)))
            self._found[after, limit] = facts, unreadable
        facts, unreadable = self._found[after, limit]
        for seq, why in unreadable:
            if on_error:
                on_error(seq, why)
        return facts

    def kinds(self, after: int, limit: int) -> list[tuple[int, type[Event] | None]]:
        return self._log.kinds(after, limit)

    def last(self) -> int:
        return self._log.last()

    def wait(self, seconds: float) -> bool:
        return self._log.wait(seconds)
