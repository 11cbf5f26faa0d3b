"""Run the benchmarks of the figures that have an aim: `python -m bench [EVENTS]` (EVENTS is 100,000
if left out). `python -m bench rest [EVENTS]` runs all other benchmarks.

The last table shows each figure beside its aim and is also written to `REPORT`. If a benchmark
fails, the others still run, but the exit status is an error. It is also an error if the cost of an
event in the views (tables computed from events) grew with their size by more than `folds.GROWTH`.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from bench import (
    access,
    aims,
    alarms,
    arrays,
    card,
    casework,
    cold,
    due,
    erasing,
    exchange,
    extraction,
    folds,
    generations,
    ingest,
    integrity,
    network,
    pages,
    paths,
    plans,
    police,
    recording,
    references,
    screens,
    store,
    views,
    waiting,
    who,
    writers,
)

#: The most minutes that a whole run should take, by the number of events.
MINUTES = {100_000: 6.0, 1_000_000: 20.0}
REPORT = Path(__file__).parents[1] / "docs" / "measured" / "bench.md"
#: Two numbers of events: the first for benchmarks that do not depend on the size of the store, the
#: second for those with an aim at this size.
APPENDED, LARGE = 30_000, 100_000
#: The most events in the store on which the uses of indexes are counted.
INDEXED = 10_000


@dataclass
class Run:
    """The results of some benchmarks: the seconds that each took, the titles of those that failed,
    and the figures that have an aim."""

    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    figures: list[aims.Figure] = field(default_factory=list)

    @contextmanager
    def part(self, title: str) -> Iterator[None]:
        """Print the title of one benchmark, run the block, and print its seconds. An exception ends
        this benchmark only, and its title is added to `failed`.
        """
        print(title, flush=True)
        begun = time.monotonic()
        try:
            yield
        except Exception:  # noqa: BLE001 (the benchmarks after a failed one still run)
            traceback.print_exc(file=sys.stdout)
            self.failed.append(title)
        self.seconds[title] = time.monotonic() - begun
        print(f"({self.seconds[title]:,.0f} s)\n", flush=True)

    def report(self, events: int) -> str:
        """Return a page of the documentation with the figures and the seconds of each benchmark."""
        rows = [
            f"| {figure.what} | {aims.short(figure.value)} | {'≥ ' if figure.least else ''}"
            f"{aims.short(figure.aim)} | {'met' if figure.met else '**missed**'} |"
            for figure in self.figures
        ]
        why = "[Why an aim is missed](../measured.md#why-an-aim-is-missed)"
        slowest = sorted(self.seconds.items(), key=itemgetter(1), reverse=True)
        return "\n".join(
            [
                "# The last run of the bench\n",
                f"`make bench` wrote this page. It measured a store of {events:,} events. {why}\n",
                "| what | figure | aim | |",
                "|---|---|---|---|",
                *rows,
                "\n| part | seconds |",
                "|---|---|",
                *(f"| {title} | {seconds:,.0f} |" for title, seconds in slowest),
                *(f"\n**{title}** failed." for title in self.failed),
                "",
            ]
        )


def main(words: list[str]) -> None:
    """Run the benchmarks with an aim, print their tables and write their page; or run the other
    benchmarks.
    """
    events = next((int(word) for word in words if word.isdigit()), LARGE)
    run = Run()
    if "rest" in words:
        _measure_rest(run, events)
    else:
        _measure_aims(run, events)
        if events in MINUTES:
            minutes = sum(run.seconds.values()) / 60
            run.figures.append(aims.Figure("a whole run, minutes", minutes, MINUTES[events]))
        print(f"The aims\n{aims.table(run.figures)}")
        REPORT.write_text(run.report(events), "utf-8")
    if run.failed:
        sys.exit(f"these parts failed: {', '.join(run.failed)}")
    if not all(figure.met for figure in run.figures if figure.growth):
        sys.exit("a fact in the views becomes dearer with their size")


def _measure_aims(run: Run, events: int) -> None:
    with run.part("Commands and a server from their start"):
        run.figures += [*aims.commands(), *aims.server()]
    with run.part("The event store"):
        appended = store.measure(min(events, APPENDED))
        print(store.table(appended))
        run.figures += aims.of_store(appended)
    with run.part("Records without a key"):
        without = integrity.keyless()
        print(integrity.table([without]))
        run.figures += aims.of_integrity(without)
    with run.part("The views beside the bare driver"):
        followed = views.measure(min(events, LARGE))
        print(views.table(followed))
        run.figures += aims.of_views(followed)
    with run.part(f"A fact in each view, {events:,} events"):
        costs = folds.measure(events)
        print(folds.table(costs))
        run.figures += aims.of_folds(costs)
    with run.part("A rebuild, and lists that grew"), tempfile.TemporaryDirectory() as place:
        system = pages.filled(Path(place), None, min(events, LARGE))
        run.figures += aims.of_rebuild(pages.rebuilt(system))
        opened = pages.measured("SQLite", system, aims.PAGES)
        print(pages.table(opened))
        run.figures += aims.of_pages(opened)
    with run.part("Which indexes are used"), tempfile.TemporaryDirectory() as place:
        print(plans.table(plans.measure(pages.filled(Path(place), None, min(events, INDEXED)))))
    with run.part("Import"):
        imported = ingest.measure(min(events // 10, 10_000))
        print(ingest.table(imported))
        run.figures += aims.of_imports(imported)


def _measure_rest(run: Run, events: int) -> None:
    _measure_logs(run, events)
    _measure_pages(run, events)
    _measure_reading(run)


def _measure_logs(run: Run, events: int) -> None:
    with run.part("Writers at once"):
        print(writers.table(writers.measure()))
    with run.part("Proof and verification"):
        print(integrity.table(integrity.measure(events)))
    with run.part("Erasure"):
        print(integrity.table(erasing.measure()))
    with run.part(f"References, of {events:,} events"):
        print(references.table(references.measure(events)))
    with run.part("The exchange between forces"):
        print(exchange.table(exchange.measure(min(events, exchange.TOKENS))))
    with run.part("A generation of the views made beside the one that is read"):
        print(generations.table(generations.measure(events)))


def _measure_pages(run: Run, events: int) -> None:
    with run.part("Pages and commands of every day"):
        print(pages.table(pages.measure(events)))
    with run.part("Cold commands and a warm process"):
        print(cold.table())
    with run.part("Casework"):
        print(casework.table(casework.measure(events), events))
    with run.part("A report card"):
        print(card.table(card.measure(min(10 * events, 1_000_000))))
    with run.part("What is due"):
        print(due.table(due.measure(min(events, 100_000))))
    with run.part("Words recorded while one process follows"):
        recording.main()
    with run.part("Words recorded while something long goes on"):
        waiting.main(waiting.Sizes(events=min(events, waiting.Sizes().events)))
    with run.part("Access and who looked"):
        print(access.table(access.measure()))


def _measure_reading(run: Run) -> None:
    with run.part("Hubs imported"):
        print(ingest.table(ingest.hubs()))
    with run.part("A police data set"):
        print(police.table([police.measure(part) for part in police.PARTS]))
    with run.part("Alerts that had a cause, and false ones"):
        print(alarms.table(alarms.measure()))
    with run.part("Reading words"):
        extraction.main([])
    with run.part("The network"):
        for line in (*network.report(), *paths.report(), *arrays.report(10_000, 50_000)):
            print(line)
        print(f"\n{who.report()[0]}")
    with run.part("The screens"):
        screens.main()


if __name__ == "__main__":
    main(sys.argv[1:])
