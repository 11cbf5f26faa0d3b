"""All benchmarks in one run: `python -m tests.bench [EVENTS]` (100,000 unless told).

Figures are ratios within one run; absolute times are this machine's, at this hour.
"""

import sys

from tests.bench import (
    access,
    due,
    erasing,
    extraction,
    generations,
    ingest,
    integrity,
    network,
    pages,
    recording,
    screens,
    store,
    views,
    writers,
)


def main() -> None:
    """Run every benchmark and print its table."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"The event store, {events:,} events\n{store.table(store.measure(events))}\n")
    print(f"Writers at once\n{writers.table(writers.measure())}\n")
    print(f"Proof and verification\n{integrity.table(integrity.measure(events))}\n")
    print(f"Erasure\n{integrity.table(erasing.measure())}\n")
    print(f"The views\n{views.table(views.measure(events))}\n")
    made = generations.table(generations.measure(events))
    print(f"A generation of the views made beside the one that is read\n{made}\n")
    print(f"Pages and commands of every day\n{pages.table(pages.measure(events))}\n")
    print(f"What is due\n{due.table(due.measure())}\n")
    print(f"Words recorded while one process follows\n{recording.table(recording.measure())}\n")
    print(f"Import\n{ingest.table([*ingest.measure(), *ingest.hubs()])}\n")
    print(f"Access and who looked\n{access.table(access.measure())}\n")
    print("Reading words")
    extraction.main([])
    print("\nThe network")
    print("\n".join(network.report()))
    print("\nThe screens")
    screens.main()


if __name__ == "__main__":
    main()
