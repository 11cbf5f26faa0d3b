"""Trains the weights for comparing people on a store's own records, and on pairs that people
judged.

The method is expectation maximisation (Dempster, Laird & Rubin 1977; for record linkage Winkler
1988). It uses the frequency of each pattern of agreement: among the pairs of records that share a
lookup key, and among pairs drawn at random, which represent all other pairs. The default weights
count as much as `BELIEF` pairs, so that training on few records changes them little.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from random import Random

from domain.kernel.values import Refused
from domain.matching.comparing import compare
from domain.matching.record import Field, Record, keys, name_for_comparison
from domain.matching.weights import DEFAULT, Chance, Level, Weights

#: Two records, and whether a person judged that they describe one person.
Judged = tuple[Record, Record, bool]

#: The smallest number of records on which weights are trained.
LEAST = 30
#: A name that fewer people have than this is not listed in the weights, so that the list identifies
#: nobody.
LISTED = 10
BELIEF = 20.0
ROUNDS = 30
#: The largest number of pairs that share a key, and of pairs drawn at random, that are compared.
PAIRS = 100_000
#: At most this many records are stored under one key. Each further record with this key is paired
#: only with these records.
CROWD = 50
#: The smallest probability of a level of agreement. A smaller probability is raised to this value.
SMALLEST = 1e-6

#: A pattern of agreement: the level of agreement in each field that both records have.
Pattern = tuple[tuple[Field, Level], ...]


def train(
    records: Sequence[Record],
    version: str,
    start: Weights = DEFAULT,
    most: int = PAIRS,
    judged: Iterable[Judged] = (),
) -> Weights:
    """Return weights trained on these records and on the judged pairs. At most twice `most` pairs
    of records are compared. Raises Refused if there are fewer than `LEAST` records.
    """
    if len(records) < LEAST:
        raise Refused(
            f"{len(records)} people are too few to train matching weights: {LEAST} are "
            "needed. The default weights stay in use"
        )
    # the records are sorted, so that their order does not depend on their ids
    records = sorted(records, key=_told)
    named = _names(records, start, version)
    judged_patterns = [
        (_pattern(first_record, other, named), same) for first_record, other, same in judged
    ]
    return learn(patterns(records, named, most), named, judged_patterns)


def _told(record: Record) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((field_name, tuple(sorted(values))) for field_name, values in record.items())


def patterns(records: Sequence[Record], weights: Weights, most: int) -> dict[Pattern, float]:
    """Return, for each pattern of agreement, the number of pairs of these records that have it. The
    numbers are estimated from at most `most` pairs that share a lookup key, and at most `most`
    other pairs.
    """
    draw = Random(len(records))  # noqa: S311 (the same records give the same weights)
    alike = sharing_a_key(records)
    total = len(records) * (len(records) - 1) / 2
    chosen = sorted(draw.sample(sorted(alike), min(len(alike), most)))
    chance: set[tuple[int, int]] = set()
    rest = min(most, int((total - len(alike)) / 2))
    while len(chance) < rest:
        first_number, second_number = sorted(draw.sample(range(len(records)), 2))
        if (first_number, second_number) not in alike:
            chance.add((first_number, second_number))
    pattern_counts: dict[Pattern, float] = defaultdict(float)
    for pairs, stand_for in ((chosen, float(len(alike))), (sorted(chance), total - len(alike))):
        for first_number, second_number in pairs:
            pattern_counts[_pattern(records[first_number], records[second_number], weights)] += (
                stand_for / len(pairs)
            )
    return pattern_counts


def _pattern(first_record: Record, second_record: Record, weights: Weights) -> Pattern:
    return tuple(
        (step.field, step.level) for step in compare(first_record, second_record, weights).steps
    )


def sharing_a_key(records: Sequence[Record]) -> set[tuple[int, int]]:
    """Return the pairs of records that share a key, each as two indexes of the sequence."""
    stored: dict[str, list[int]] = {}
    pairs_found: set[tuple[int, int]] = set()
    for place, record in enumerate(records):
        mine = keys(record)
        for key in mine.sought:
            pairs_found |= {(other, place) for other in stored.get(key, ())}
        for key in mine.stored:
            if len(under := stored.setdefault(key, [])) < CROWD:
                under.append(place)
    return pairs_found


def learn(
    patterns: Mapping[Pattern, float], start: Weights, judged: Sequence[tuple[Pattern, bool]] = ()
) -> Weights:
    """Return the weights for which these patterns of agreement are most likely, computed step by
    step from the weights `start`. A pair that a person judged counts as that person judged it: as
    two records of one person, or of different people.
    """
    weights, total = start, sum(patterns.values())
    for _ in range(ROUNDS):
        same: dict[tuple[Field, Level], float] = defaultdict(float)
        different: dict[tuple[Field, Level], float] = defaultdict(float)
        expected = 0.0
        for pattern, number in patterns.items():
            share = number * _likely(pattern, weights)
            expected += share
            for agreed in pattern:
                same[agreed] += share
                different[agreed] += number - share
        for pattern, is_same in judged:
            for agreed in pattern:
                (same if is_same else different)[agreed] += 1
        levels = {
            field: _levels(field, chances, start.levels[field], same, different)
            for field, chances in weights.levels.items()
        }
        prior = (expected + BELIEF * start.prior) / (total + BELIEF)
        new = Weights(start.version, _rounded(prior), levels, start.given, start.family, start.rare)
        if new == weights:
            break
        weights = new
    return weights


def _likely(pattern: Pattern, weights: Weights) -> float:
    chances = [weights.levels[field][level] for field, level in pattern]
    match_likelihood = weights.prior * prod(chance.m for chance in chances)
    two = (1 - weights.prior) * prod(chance.u for chance in chances)
    return match_likelihood / (match_likelihood + two)


def _levels(
    field: Field,
    chances: Mapping[Level, Chance],
    believed: Mapping[Level, Chance],
    same: Mapping[tuple[Field, Level], float],
    different: Mapping[tuple[Field, Level], float],
) -> dict[Level, Chance]:
    """Return new frequencies of each level of agreement of a field: the frequency among pairs of
    records of one person, and the frequency among pairs of records of two people. In the fields for
    companions and places, a closer agreement never has a lower weight than a looser one.
    """
    of_one = sum(same.get((field, level), 0.0) for level in chances) + BELIEF
    of_two = sum(different.get((field, level), 0.0) for level in chances) + BELIEF
    chances_by_level = {
        level: Chance(
            (same.get((field, level), 0.0) + BELIEF * chance.m) / of_one,
            max(SMALLEST, (different.get((field, level), 0.0) + BELIEF * chance.u) / of_two),
        )
        for level, chance in believed.items()
    }
    if field in _COUNTED:
        least = 0.0
        for level, chance in chances_by_level.items():
            least = max(least, chance.m / chance.u)
            chances_by_level[level] = Chance(least * chance.u, chance.u)
    return {
        level: Chance(_rounded(chance.m), _rounded(chance.u))
        for level, chance in chances_by_level.items()
    }


_COUNTED: tuple[Field, ...] = ("companion", "place")


def _rounded(share: float) -> float:
    """Return a probability rounded to three significant figures. Further figures would depend on
    chance; and because of the rounding, one more record seldom changes the result.
    """
    return float(f"{share:.3g}")


def _names(records: Sequence[Record], start: Weights, version: str) -> Weights:
    """Return the weights with the frequency of each name that enough people have, and one
    frequency for all rarer names.
    """
    given_counts: Counter[str] = Counter()
    family: Counter[str] = Counter()
    for record in records:
        names = [name_for_comparison(text) for text in record.get("name", ())]
        given_counts.update({name.given for name in names if name.given})
        family.update({name.family for name in names if name.family})
    shares = [
        {name: _rounded(n / len(records)) for name, n in sorted(counts.items()) if n >= LISTED}
        for counts in (given_counts, family)
    ]
    others = [n for counts in (given_counts, family) for n in counts.values() if n < LISTED]
    rare = sum(n * n for n in others) / max(1, sum(others)) / len(records)
    unlisted = _rounded(max(rare, SMALLEST))
    return Weights(version, start.prior, start.levels, shares[0], shares[1], unlisted)
