"""Run an analysis of the network from beginning to end: choose an engine, read the links, compute,
and store the result.

An analysis reads the network as it was recorded when the analysis began, one portion of the log at
a time. Neither recording nor an erasure waits for an analysis; an erasure removes the views that
the analysis reads (`projections.intelligence.computed`). For Spark, the links are first written to
files, and an interrupted analysis that is started again continues with the files that exist.

The file is long because the steps of one computation follow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import require
from analytics import spark
from analytics.begun import Begun
from analytics.engine import Array, Engine, Ints, run_analysis
from analytics.local import Local
from domain.kernel.codes import GROUP_ANALYSES, Analysis, AnalysisEngine, DirectLayer
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader, Refused
from network.index.growing_columns import Array as Ids
from network.index.growing_columns import uuids
from network.measures.link_stream import LinkPortion, LinkStream, all_ids, count
from projections.intelligence import computed, links
from projections.intelligence.computed import ComputedRow, ValueRow
from projections.intelligence.links import LinkFilter
from projections.kernel.column_types import EPOCH, MICROSECOND, to_micros
from projections.kernel.database import Db
from projections.kernel.schema import read_to

if TYPE_CHECKING:
    from analytics.parts import Parts
    from commands.kernel.unit_of_work import Desk

#: Number of log positions whose links are read at once, and written to one file.
STRETCH = 1_000_000
GONE = (
    "the views were rebuilt while this analysis ran (as after an erasure), or another process "
    "began the same analysis: its result was discarded; start it again"
)
#: A function that receives sentences about the progress of an analysis.
Tell = Callable[[str], None]


class JobDirectory(Protocol):
    """A temporary directory that stays for an hour after the last call of `goes_on`."""

    @property
    def place(self) -> Path: ...

    def goes_on(self) -> None: ...


class JobStore(Protocol):
    """The parts of an open store that an analysis uses: the database for results, and directories
    for temporary files.
    """

    def computing(self) -> AbstractContextManager[Db]: ...

    def staying(self, work: str, within: Path | None) -> AbstractContextManager[JobDirectory]: ...

    def passing(self) -> AbstractContextManager[Path]: ...


class JobRequest(Struct, frozen=True):
    """A requested analysis of one layer of links, such as links between suspects. Only links graded
    `least` or better are analysed; if `least` is None, ungraded links are included.

    The engine `auto` means Spark, at the address `master`, if there are `threshold` links or more,
    and otherwise this process. `within` is a directory that all machines of Spark can read.
    """

    what: Analysis
    layer: DirectLayer = "offender-offender"
    least: int | None = 14
    engine: AnalysisEngine = "auto"
    threshold: int = 20_000_000
    master: str = "local[*]"
    within: Path | None = None

    @property
    def work(self) -> str:
        """Return the analysis's name, by which it is recognised and continued after an
        interruption.
        """
        return f"{self.what}-{self.layer}-{'any' if self.least is None else self.least}"


def compute(
    desk: Desk, store: JobStore, reader: Reader, wanted: JobRequest, tell: Tell = lambda words: None
) -> ComputedRow:
    """Compute the requested analysis and store its result, for readers who see the whole network.

    Raises Denied if the reader does not see the whole network; Refused if Spark is requested and
    missing; OSError if another process is computing the same analysis, or if Spark fails;
    LogUnavailable if the views that the analysis reads no longer exist.
    """
    require(reader, "analyse")
    with desk.asking() as db:
        many = count(db, reader, LinkFilter(min_rank=wanted.least))
    engine, why = choose_engine(wanted, many)
    tell(f"{engine}: {why}")
    with ExitStack() as stack:
        parts = None
        if engine == "spark":
            from analytics.parts import Parts

            stay = stack.enter_context(store.staying(wanted.work, wanted.within))
            parts, tell = Parts(stay.place), _extending_life(stay, tell)
        row, ids = _begin(desk, store, reader, wanted, parts)
        row = replace(row, engine=engine, why=why)
        running = _Running(desk, store, reader, wanted, row, ids, parts, tell)
        try:
            return running.run(stack)
        except Exception as error:
            if running.views_still_exist():
                raise
            if parts:
                parts.clear()
            raise LogUnavailable(GONE) from error


def _extending_life(stay: JobDirectory, tell: Tell) -> Tell:
    """Return a function that calls `tell` and also keeps the analysis's files for another hour."""

    def told(words: str) -> None:
        stay.goes_on()
        tell(words)

    return told


def choose_engine(wanted: JobRequest, many: int) -> tuple[AnalysisEngine, str]:
    """Return the engine for an analysis of this size, and the reason for choosing it. Raises
    Refused if Spark is requested and is not available.
    """
    lacking = (
        spark.missing_requirement()
        if wanted.engine == "spark" or many >= wanted.threshold
        else None
    )
    match wanted.engine:
        case "local":
            return "local", "as was asked"
        case "spark" if lacking:
            raise Refused(f"Spark cannot be used on this machine: {lacking}")
        case "spark":
            return "spark", f"as was asked, at {wanted.master}"
    if many < wanted.threshold:
        return "local", f"{many:,} links are fewer than {wanted.threshold:,} (analyse_links)"
    more = f"{many:,} links are {wanted.threshold:,} or more (analyse_links)"
    if lacking:
        return "local", f"{more}, but Spark cannot be used on this machine: {lacking}"
    return "spark", f"{more}, at {wanted.master}"


def _begin(
    desk: Desk, store: JobStore, reader: Reader, wanted: JobRequest, parts: Parts | None
) -> tuple[ComputedRow, Ids]:
    """Begin an analysis, or continue an interrupted analysis of the same views if no items were
    restricted since. Return the database row about the analysis, and the ids of the people.
    """
    with desk.asking() as db:
        restricted = computed.out_of_use(links.restricted_items(db))
        begun = parts.begun() if parts else None
        resumes = begun and begun.restricted == restricted and computed.runs(db, UUID(begun.id))
        if not (begun and resumes):
            position = read_to(db, links.VIEW, "evidence")
            begun = Begun(
                str(desk.new_random_id()),
                position,
                to_micros(_recorded(desk, position)),
                to_micros(desk.clock()),
                restricted,
            )
            ids = all_ids(db)
    row = ComputedRow(
        id=UUID(begun.id),
        what=wanted.what,
        layer=wanted.layer,
        least=wanted.least,
        position=begun.position,
        as_known=EPOCH + begun.as_known * MICROSECOND,
        begun=EPOCH + begun.begun * MICROSECOND,
        by=reader.name,
        engine=wanted.engine,
        why="",
        restricted=begun.restricted,
    )
    if parts and resumes:
        return row, parts.people()
    with store.computing() as db:
        computed.begin(db, row)
    if parts:
        parts.begin(begun, ids)
    return row, ids


def _recorded(desk: Desk, position: int) -> datetime:
    facts = desk.logs["evidence"].read(position - 1, 1) if position else ()
    return facts[0].recorded if facts else desk.clock()


@dataclass
class _Running:
    """An analysis that is running. It reads the links of the network into files if Spark computes,
    otherwise into memory."""

    desk: Desk
    store: JobStore
    reader: Reader
    wanted: JobRequest
    row: ComputedRow
    ids: Ids
    parts: Parts | None
    tell: Tell

    def views_still_exist(self) -> bool:
        """Return whether the views on which the analysis was begun still exist."""
        with self.desk.asking() as db:
            return computed.runs(db, self.row.id)

    def run(self, stack: ExitStack) -> ComputedRow:
        """Read the links, compute, and store the result; temporary resources are released with
        `stack`."""
        ties, left = self._read()
        people = len(self.ids)
        made: Engine
        if self.parts is None:
            made = Local(people, left.a, left.b, self._round)
        else:
            scratch = stack.enter_context(self.store.passing())
            files = self.parts.files()
            made = stack.enter_context(
                spark.started(self.wanted.master, scratch, people, files, ties, self._round)
            )
        array, degrees = run_analysis(made, self.row.what), made.degrees()
        row = replace(
            self.row,
            people=int(np.count_nonzero(degrees)),
            ties=int(degrees.sum()) // 2,
            ungraded=left.ungraded,
            weaker=left.weaker,
            cleared=len(left.cleared),
            done=self.desk.clock(),
        )
        self.tell(f"keeping what was computed of {row.people:,} people")
        for value in values(row, self.ids, array, degrees):
            with self._keeping() as db:
                computed.store_values(db, value)
        with self._keeping() as db:
            computed.end(db, row)
        return row

    @contextmanager
    def _keeping(self) -> Iterator[Db]:
        """Yield a connection to the views for one short transaction; a long transaction would block
        recording. Raises LogUnavailable if the views that the analysis reads no longer exist."""
        with self.store.computing() as db:
            if not computed.runs(db, self.row.id):
                raise LogUnavailable(GONE)
            yield db

    def _round(self, number: int) -> None:
        # in one process a round takes little time, so only every tenth round is reported
        if self.parts is None and number % 10:
            return
        self.tell(f"round {number}")
        if not self.views_still_exist():
            raise LogUnavailable(GONE)

    def _read(self) -> tuple[int, LinkPortion]:
        """Read the links of the network. Return an upper limit for the number of links, and one
        portion that has the number of links left out and, if the links are in memory and not in
        files, the links themselves.
        """
        link_filter = LinkFilter(min_rank=self.wanted.least, as_known=self.row.as_known)
        stream: LinkStream | None = None
        portions: list[tuple[int, LinkPortion]] = []
        last = self.row.position
        for after in range(0, last, STRETCH):
            until = min(after + STRETCH, last)
            if self.parts and self.parts.file(until).exists():
                self.tell(f"read before: {100 * until // last} %")
                continue
            with self.desk.asking() as db:
                if not computed.runs(db, self.row.id):
                    raise LogUnavailable(GONE)
                stream = stream or LinkStream.begun(
                    db, self.reader, self.ids, link_filter, self.row.layer
                )
                portion = stream.stretch(db, self.reader, after, until)
            if self.parts:
                self.parts.write(until, portion)
            else:
                portions.append((len(portion.a), portion))
            self.tell(f"read: {100 * until // last} %")
        if self.parts:
            portions = list(self.parts.written())
        return sum(many for many, _ in portions), _together(
            [link_portion for _, link_portion in portions]
        )


def _together(portions: list[LinkPortion]) -> LinkPortion:
    none = np.empty(0, np.int64)
    return LinkPortion(
        np.concatenate([none, *(portion.a for portion in portions)]),
        np.concatenate([none, *(portion.b for portion in portions)]),
        np.unique(np.concatenate([none, *(portion.cleared for portion in portions)])),
        sum(portion.ungraded for portion in portions),
        sum(portion.weaker for portion in portions),
    )


def values(row: ComputedRow, ids: Ids, array: Array, degrees: Ints) -> Iterator[list[ValueRow]]:
    """Yield the rows of a result to be stored, in pages, in the order in which the result is shown.
    If the analysis gives each person a figure, the highest figure comes first. If it forms groups,
    the largest group comes first, and the members of a group follow each other.
    """
    who = np.flatnonzero(degrees)
    held_array = array[who]
    if row.what in GROUP_ANALYSES:
        sizes = np.bincount(held_array, minlength=len(array))
        order = np.lexsort((who, held_array, -sizes[held_array]))
        figures, firsts = sizes[held_array[order]], held_array[order]
    else:
        order = np.lexsort((who, -held_array))
        figures, firsts = held_array[order], None
    for start in range(0, len(order), computed.SOME):
        chunk = slice(start, start + computed.SOME)
        names = uuids(ids[who[order[chunk]]])
        within = uuids(ids[firsts[chunk]]) if firsts is not None else [None] * len(names)
        value_rows = zip(names, figures[chunk].tolist(), within, strict=True)
        yield [
            ValueRow(row.id, place, item, float(value), first)
            for place, (item, value, first) in enumerate(value_rows, start=start + 1)
        ]
