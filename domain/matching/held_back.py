"""Test trained weights on pairs of records that people judged and that were not used for
training."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.kernel.values import Refused
from domain.matching.comparing import compare
from domain.matching.record import Record
from domain.matching.training import Judged, train
from domain.matching.weights import DEFAULT, Weights

#: The smallest number of judged pairs of each kind, "same" and "different", for training. Half of
#: the pairs are used to train, and half to test.
OF_EACH = 10


class Figures(NamedTuple):
    """The quality of weights for deciding whether two records are of one person. `precision` is the
    share of correct pairs among the pairs that the weights call one person; `recall` is the share
    of the one-person pairs that the weights recognise.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}"


def figures(judged: Sequence[Judged], weights: Weights) -> Figures:
    """Return how well the weights judge these pairs of records."""
    compared = [
        (compare(first_record, other, weights).weight >= 0, same)
        for first_record, other, same in judged
    ]
    right = sum(proposed and same for proposed, same in compared)
    proposed, true = sum(proposed for proposed, _ in compared), sum(same for _, same in compared)
    return Figures(right / proposed if proposed else 1.0, right / true if true else 1.0)


def train_tested(
    records: Sequence[Record], judged: Sequence[Judged], before: Weights, version: str
) -> Weights:
    """Return weights for comparing people, trained on these records and on half of the pairs that
    people judged. Raises Refused if there are too few judged pairs, and if the new weights, tested
    on the other half, are not better than the weights `before`.
    """
    _refuse_few(judged)
    learnt_from, test = _halves(judged)
    new = train(records, version, DEFAULT, judged=learnt_from)
    now, then = figures(test, new), figures(test, before)
    if now.precision < then.precision or now.f1 <= then.f1:
        raise Refused(
            f"the matching weights {before.version} stay in use, because the new weights are "
            f"not better. On {len(test)} judged pairs that were held back for testing, the "
            f"weights in use reach {then}, and the new weights, learnt from this store, reach "
            f"{now}"
        )
    return new


def _refuse_few(judged: Sequence[Judged]) -> None:
    same = sum(is_same for *_, is_same in judged)
    missing = {"the same": OF_EACH - same, "different": OF_EACH - (len(judged) - same)}
    if needed := [
        f"{number} more pairs as {word}" for word, number in missing.items() if number > 0
    ]:
        raise Refused(
            f"{len(judged)} judged pairs of people are too few to train and to test new "
            f"matching weights: judge {' and '.join(needed)} first. The matching weights in "
            "use stay"
        )


def _halves(judged: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """Return the pairs that people judged as two halves, one to train on and one to test. The pairs
    judged the same and the pairs judged different are divided separately: each half has every
    second pair, in an order that does not depend on ids.
    """
    in_order = sorted(judged, key=lambda pair: (pair[2], *sorted(map(_text, pair[:2]))))
    kinds = [[pair for pair in in_order if pair[2] is kind] for kind in (True, False)]
    return [p for kind in kinds for p in kind[::2]], [p for kind in kinds for p in kind[1::2]]


def _text(record: Record) -> str:
    return repr(sorted(record.items()))
