"""Runs all benchmarks: `python -m bench [EVENTS]` (100,000 unless told).

Figures are ratios within one run; absolute times are this machine's, at this hour. The last table
has the figures that everybody waits for, each beside its aim. The run fails if a fact in the views
became dearer with their size than `folds.GROWTH` allows.
"""

import sys

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


def main() -> None:
    """Run every benchmark and print its table."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    appended = store.measure(events)
    print(f"The event store, {events:,} events\n{store.table(appended)}\n")
    print(f"Writers at once\n{writers.table(writers.measure())}\n")
    proved = integrity.measure(events)
    print(f"Proof and verification\n{integrity.table(proved)}\n")
    print(f"Erasure\n{integrity.table(erasing.measure())}\n")
    told = references.table(references.measure(events))
    print(f"What refers to what, of {events:,} events\n{told}\n")
    print(f"The exchange between forces\n{exchange.table(exchange.measure(events))}\n")
    followed, costs = views.measure(events), folds.measure(events)
    print(f"The views\n{views.table(followed)}\n")
    print(f"What a fact costs each view\n{folds.table(costs)}\n")
    made = generations.table(generations.measure(events))
    print(f"A generation of the views made beside the one that is read\n{made}\n")
    opened = pages.measure(events)
    print(f"Pages and commands of every day\n{pages.table(opened)}\n")
    print(f"Cold commands and a warm process\n{cold.table()}\n")
    print(f"Casework\n{casework.table(casework.measure(events), events)}\n")
    print(f"A report card\n{card.table(card.measure())}\n")
    print(f"What is due\n{due.table(due.measure())}\n")
    print("Words recorded while one process follows")
    recording.main()
    print("\nWords recorded while something long goes on")
    waiting.main(waiting.Sizes(events=min(events, waiting.Sizes.events)))
    imported = ingest.measure()
    print(f"\nImport\n{ingest.table([*imported, *ingest.hubs()])}\n")
    sizes = [police.measure(part) for part in police.PARTS]
    print(f"A police data set\n{police.table(sizes)}\n")
    print(f"Access and who looked\n{access.table(access.measure())}\n")
    print(f"Alerts that had a cause, and false ones\n{alarms.table(alarms.measure())}\n")
    print("Reading words")
    extraction.main([])
    print("\nThe network")
    for line in (*network.report(), *paths.report(), *arrays.report(10_000, 50_000)):
        print(line)
    print(f"\n{who.report()[0]}")
    print("\nThe screens")
    screens.main()
    growth = list(aims.of_growth(costs))
    figures = [*aims.commands(), *aims.server(), *aims.of_folds(costs[1]), *growth]
    figures += [*aims.of_views(followed), *aims.of_imports(imported)]
    figures += [*aims.of_pages(opened), *aims.of_store(appended), *aims.of_integrity(proved)]
    print(f"\nThe aims\n{aims.table(figures)}")
    if not all(one.met for one in growth):
        sys.exit("a fact in the views becomes dearer with their size")


if __name__ == "__main__":
    main()
