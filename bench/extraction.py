"""Measure how well names, plates and other mentions are read: precision, recall and F1 per kind, on
snippets with labels.

A hit is a mention that overlaps a label of the same kind in the text (person and nickname are one
kind). Developers have read most of these snippets, so a new set would give more reliable scores.
They have not read one half of `snippets-voices.jsonl`, nor the snippets with an even id in
`snippets-forty.jsonl`; this file and `snippets-spoken.jsonl` were written before the rules. Seconds
are processor time. Run alone: `python -m bench.extraction [FILE.jsonl …]`.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain import forms
from ingest.reading import read

DATA = Path(__file__).parents[1] / "tests" / "data"
_KIND = {"nickname": "person"}


@dataclass
class Report:
    """The counts of right and wrong mentions by kind, and the scores computed from these counts."""

    snippets: int = 0
    seconds: float = 0.0
    hits: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)

    def scores(self, kinds: Iterable[str] | None = None) -> tuple[float, float, float]:
        """Return the precision, recall and F1 score of these kinds; without `kinds`, of all
        mentions together.
        """
        chosen = list(self.labelled | self.suggested) if kinds is None else list(kinds)
        hits, labelled, suggested = (
            sum(counts[k] for k in chosen) for counts in (self.hits, self.labelled, self.suggested)
        )
        precision = hits / suggested if suggested else 0.0
        recall = hits / labelled if labelled else 0.0
        f1 = 2 * hits / (labelled + suggested) if labelled + suggested else 0.0
        return precision, recall, f1

    @property
    def normalised(self) -> float:
        """Return the share of the right mentions whose normal form is equal to the form in the
        label.
        """
        return self.equal.total() / self.hits.total() if self.hits else 0.0

    @property
    def per_second(self) -> float:
        return self.snippets / self.seconds if self.seconds else 0.0

    def lines(self) -> list[str]:
        rows = [f"{'kind':<12}{'labelled':>9}{'precision':>11}{'recall':>8}{'F1':>7}{'normal':>8}"]
        for kind in [*sorted(self.labelled | self.suggested), "all"]:
            precision, recall, f1 = self.scores(None if kind == "all" else [kind])
            count = self.labelled.total() if kind == "all" else self.labelled[kind]
            hits = self.hits.total() if kind == "all" else self.hits[kind]
            equal = self.equal.total() if kind == "all" else self.equal[kind]
            share = f"{equal / hits:.2f}" if hits else "-"
            rows.append(f"{kind:<12}{count:>9}{precision:>11.2f}{recall:>8.2f}{f1:>7.2f}{share:>8}")
        rows.append(f"{self.snippets} snippets, {self.per_second:,.0f} a second of processor time")
        return rows


def measure(path: Path, reader: Callable[..., Any] = read) -> Report:
    """Return the counts for a JSON-lines file of labelled snippets; `reader` reads each snippet."""
    report = Report()
    with path.open(encoding="utf-8") as file:
        snippets = [json.loads(line) for line in file if line.strip()]
    # the function `reader` loads its tables at its first call, so this first call is not measured
    if snippets:
        reader("Kayleigh, 07700 900123", written_at=datetime(2011, 1, 1, tzinfo=UTC))
    for snippet in snippets:
        written_at = datetime.fromisoformat(snippet["written_at"])
        start = time.process_time()
        mentions = reader(snippet["text"], written_at=written_at)
        report.seconds += time.process_time() - start
        report.snippets += 1
        for label, mention in pairs(snippet["mentions"], mentions):
            count(report, label, mention)
    return report


def pairs(labels: list[dict[str, Any]], mentions: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Pair each label of a snippet with the mention that overlaps it in the text. In a pair, None
    stands for the missing mention of a label or the missing label of a mention.
    """
    free = list(mentions)
    joined: list[tuple[Any, Any]] = []
    for label in labels:
        kind = _KIND.get(label["kind"], label["kind"])
        match = next(
            (
                m
                for m in free
                if _KIND.get(m.kind, m.kind) == kind
                and m.start < label["end"]
                and label["start"] < m.end
            ),
            None,
        )
        if match is not None:
            free.remove(match)
        joined.append((label, match))
    return [*joined, *((None, m) for m in free)]


def count(report: Report, label: Any, mention: Any) -> None:
    if label is not None:
        kind = _KIND.get(label["kind"], label["kind"])
        report.labelled[kind] += 1
        if mention is not None:
            report.hits[kind] += 1
            report.equal[kind] += _folded(kind, label["normalised"]) == mention.normalised
    if mention is not None:
        report.suggested[_KIND.get(mention.kind, mention.kind)] += 1


def _folded(kind: str, labelled: str | None) -> str | None:
    """Return a labelled normal form without the punctuation that is ignored in names and places."""
    fold = {"person": forms.name, "place": forms.place}.get(kind)
    return fold(labelled) if fold and labelled else labelled


def main(paths: list[str]) -> None:
    for path in [Path(path_text) for path_text in paths] or sorted(DATA.glob("snippets-*.jsonl")):
        print(path.name)
        print("\n".join(measure(path).lines()))


if __name__ == "__main__":
    main(sys.argv[1:])
