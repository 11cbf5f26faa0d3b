"""Group commit: if several threads write at once, their batches become one transaction, so that
they wait for the disk only once.

One thread of a process writes at a time. Threads that arrive meanwhile wait in a queue, and the
next of them writes all queued batches. A caller gets its answer when that transaction is on the
disk. If no thread is writing, a thread writes without waiting.

Each batch succeeds or fails by itself: if the joint transaction is refused, nothing of it was
written, and each batch is written alone. If the database is full or does not answer, all batches
are refused, and can safely be appended again.
"""

from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from threading import Event, Lock

from domain.kernel.envelope import ClockDiffers, Conflict, LogUnavailable, UniqueTaken
from ledger.database.batch import LogPosition, RecordBatch
from ledger.keys.key_table import StaleKeys
from ledger.store.recorder import LogRecorder

TOGETHER = 100
"""Largest number of facts in a joint transaction. Batches of imports are larger and are written
alone, so that writing again after a refusal costs little."""


class _QueuedBatch:
    """The batch of a thread in the queue. A thread that is woken checks whether its batch is marked
    as written; if it is not marked, the batch was not written.
    """

    __slots__ = ("batch", "leads", "place", "refusal", "settled", "woken")

    def __init__(self, batch: RecordBatch) -> None:
        self.batch, self.woken, self.leads, self.settled = batch, Event(), False, False
        self.place: LogPosition | None = None
        self.refusal: LogUnavailable | None = None


class GroupCommit:
    """Writes the batches of one process to one log."""

    def __init__(self, recorder: LogRecorder) -> None:
        self._recorder = recorder
        self._guard = Lock()
        self._writing = False
        self._line: deque[_QueuedBatch] = deque()

    def insert_batch(self, batch: RecordBatch) -> LogPosition | None:
        """Write a batch to the log, together with the batches of other threads that are waiting."""
        mine = _QueuedBatch(batch)
        with self._guard:
            mine.leads, self._writing = not self._writing, True
            if not mine.leads:
                self._line.append(mine)
        if not mine.leads:
            self._wait(mine)
        if mine.leads:
            self._write(mine)
        if mine.refusal is not None:
            raise mine.refusal
        return mine.place if mine.settled else self._recorder.insert_batch(batch)

    def _wait(self, mine: _QueuedBatch) -> None:
        try:
            mine.woken.wait()
        except BaseException:  # an interrupted thread must not block the others
            with self._guard:
                gone = mine not in self._line
                if not gone:
                    self._line.remove(mine)
            if gone and mine.leads:
                self._hand_over()
            raise

    def _write(self, mine: _QueuedBatch) -> None:
        """Write the batch `mine` and the batches in the queue that fit into the same transaction;
        then let the next thread write.
        """
        others: list[_QueuedBatch] = []
        try:
            with self._guard:
                self._join(mine.batch, others)
            if others:
                self._write_all([mine, *others])
            else:
                mine.place, mine.settled = self._recorder.insert_batch(mine.batch), True
        except (ClockDiffers, Conflict, UniqueTaken, StaleKeys):
            if not others:
                raise
        except LogUnavailable as error:
            for batch in others:
                batch.refusal = type(error)(*error.args)
            raise
        finally:
            self._hand_over()
            for batch in others:
                batch.woken.set()

    def _join(self, first: RecordBatch, others: list[_QueuedBatch]) -> None:
        """Move from the queue to `others` the batches that fit into one transaction with the batch
        `first`.
        """
        facts, counts = len(first.states), {first.shreds}
        while self._line:
            batch = self._line[0].batch
            facts, counts = facts + len(batch.states), counts | {batch.shreds}
            # if keys were destroyed after one of two batches looked up its keys, this batch has to
            # look them up again, so the two cannot share a transaction
            if facts > TOGETHER or len(counts - {None}) > 1:
                break
            others.append(self._line.popleft())

    def _write_all(self, waiting: Sequence[_QueuedBatch]) -> None:
        place = self._recorder.insert_batch(
            _combine([queued_batch.batch for queued_batch in waiting])
        )
        if place is not None:
            begins = accumulate(
                (len(queued_batch.batch.states) for queued_batch in waiting), initial=0
            )
            for batch, before in zip(waiting, begins, strict=False):
                batch.place = LogPosition(place.seq + before, place.recorded + before)
                batch.settled = True

    def _hand_over(self) -> None:
        with self._guard:
            self._writing = bool(self._line)
            if self._line:
                following = self._line.popleft()
                following.leads = True
                following.woken.set()


def _combine(batches: Sequence[RecordBatch]) -> RecordBatch:
    """Return one batch with the content of several, in their order."""
    return RecordBatch(
        [command for batch in batches for command in batch.commands],
        [stream for batch in batches for stream in batch.streams],
        [version for batch in batches for version in batch.versions],
        [topic for batch in batches for topic in batch.topics],
        [state for batch in batches for state in batch.states],
        [pair for batch in batches for pair in batch.unique],
        [key for batch in batches for key in batch.keys],
        next((batch.shreds for batch in batches if batch.shreds is not None), None),
        [row for batch in batches for row in batch.outgoing],
        batches[0].leap,
    )
