"""Compares two records of people field by field: which fields support, and which contradict, that
both records are of one person.

A field that is empty in one record has no weight. If a record has several values in a field, such
as two phones and five names, the values that match best count.

The file is long because the fields are weighed together: one field may reverse the weight of
another.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import product
from math import log2
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, cast

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from domain import forms
from domain.matching.record import (
    ComparedName,
    Field,
    Held,
    Record,
    name_for_comparison,
    postcode_of,
    years,
)
from domain.matching.weights import Level, Weights

#: Names with at least this similarity (Jaro-Winkler) may be one name in two spellings.
CLOSE = 0.88
#: Two addresses are close if they share at least this part of their trigrams (groups of three
#: characters). From `PART_OF_ADDRESS` on they are partly the same.
CLOSE_ADDRESS = 0.7
PART_OF_ADDRESS = 0.4
#: A person or thing with more links than this is so common that a link to it is no sign that two
#: records are one person.
COMMON = 20
#: The largest difference between two ages, in years, that contradicts nothing, because people state
#: ages loosely.
LEEWAY = 1

#: For each value of a field (such as a phone), the number of people linked to this value.
Ties = Mapping[tuple[Held, str], int]
NO_TIES: Ties = MappingProxyType({})


class FieldComparison(NamedTuple):
    """The comparison of one field of two records: the level of agreement, the values in both
    records, and the weight of this comparison in bits. A weight below 0 contradicts that both
    records are of one person.
    """

    field: Field
    level: Level
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    weight: float


class Comparison(NamedTuple):
    """The comparison of two records: the compared fields in the order of `FIELDS`, and the prior
    weight. If the two records look like those of twins, `most` is the highest weight that a reader
    could compute from fields that do not show this; otherwise it is None.
    """

    prior: float
    steps: tuple[FieldComparison, ...]
    most: float | None = None

    @property
    def weight(self) -> float:
        """Return the total weight, in bits, of the evidence that both records are of one person."""
        return self.prior + sum(step.weight for step in self.steps)

    @property
    def at_most(self) -> float:
        """Return the highest weight that a reader who sees only some fields of both records could
        compute. A field counts as 0 if it contradicts that both records are of one person. First
        name and surname count as 0 if both together contradict it.
        """
        names = sum(step.weight for step in self.steps if step.field in _NAMES)
        if self.most is not None:
            return self.most
        others = (max(0.0, step.weight) for step in self.steps if step.field not in _NAMES)
        return self.prior + max(0.0, names) + sum(others)

    @property
    def probability(self) -> float:
        return probability(self.weight)

    @property
    def by_more_than_names(self) -> bool:
        """Return whether any field besides the names supports that both records are of one
        person.
        """
        return any(step.weight > 0 and step.field not in _NAMES for step in self.steps)


_NAMES = ("given", "family")
#: Fields in which twins agree, too, and which therefore count less. An address is not among them,
#: because the two records of a person who uses two first names have the same address, too.
_OF_TWINS: frozenset[Field] = frozenset({"phone", "companion", "place"})


def probability(weight: float) -> float:
    """Return the probability, from 0 to 1, that two records are one person, for a weight in
    bits."""
    if weight > 60:
        return 1.0
    return float(1 - 1 / (1 + 2.0**weight))


def odds(share: float) -> float:
    """Return the weight in bits for this probability."""
    return log2(share / (1 - share))


def compare(
    first_record: Record, second_record: Record, weights: Weights, ties: Ties = NO_TIES
) -> Comparison:
    """Return the comparison of two records of people. `ties` has the number of people who are
    linked to each shared value; the more people, the lower the value's weight.
    """
    steps = (
        list(_names(first_record, second_record, weights))
        if "name" in first_record and "name" in second_record
        else []
    )
    twins = False
    if born := _best("born", first_record, second_record, weights, _born):
        twins = born.level == "same" and _are_siblings(steps, first_record, second_record)
        steps.append(born)
    elif age := _ages(first_record, second_record, weights):
        steps.append(age)
    for field_name, agrees in _VALUES.items():
        if (
            field_name in first_record
            and field_name in second_record
            and (comparison := _best(field_name, first_record, second_record, weights, agrees))
        ):
            steps.append(_weighed_by_sharing(comparison, ties) if ties else comparison)
    for field_name in _COUNTED:
        if (
            field_name in first_record
            and field_name in second_record
            and (comparison := _common(field_name, first_record, second_record, weights, ties))
        ):
            steps.append(comparison)
    compared = Comparison(odds(weights.prior), tuple(steps))
    return _corrected_for_twins(compared, weights) if twins else compared


_AGES: frozenset[Held] = frozenset({"born", "age"})


def highest_weight(
    first_record: Record, second_record: Record, weights: Weights
) -> tuple[float, bool]:
    """Return two properties of the comparison of two records, `Comparison.at_most` and
    `Comparison.by_more_than_names`. If at least one record has neither an age nor a birth date, the
    function takes a fraction of the time of `compare`.
    """
    if not (_AGES.isdisjoint(first_record) or _AGES.isdisjoint(second_record)):
        comparison = compare(first_record, second_record, weights)
        return comparison.at_most, comparison.by_more_than_names
    bits, by_names, others = _bits_of(weights), 0.0, list[float]()
    theirs = _called(second_record.get("name", ()))
    for mine in _called(first_record.get("name", ())):
        for its in theirs:
            by_names = max(by_names, bits.from_record(mine, its))
    for beside_name in _BESIDE_NAMES:
        if beside_name in first_record and beside_name in second_record:
            pairs = product(first_record[beside_name], second_record[beside_name])
            others += _highest(beside_name, pairs, weights)
    return odds(weights.prior) + by_names + sum(others), bool(others)


def _highest(held: Held, pairs: Iterable[tuple[str, str]], weights: Weights) -> list[float]:
    """Return a list with one number, the weight of the field `held`; or an empty list if the field
    does not support that both records are of one person. Each of `pairs` has a value of the field
    in one record and a value in the other.
    """
    chances = weights.levels[cast(Field, held)]
    if agrees := _VALUES.get(held):
        weight = max([chances[agrees(mine, its)].weight for mine, its in pairs])
    else:
        shared = len({mine for mine, its in pairs if mine == its})
        weight = chances[_level_of(shared)].weight if shared else 0.0
    return [weight] if weight > 0 else []


def most_by_one_word(weights: Weights) -> float:
    """Return the highest possible weight of two records that have only one word of their names in
    common.
    """
    bits = [weights.levels[field][level].weight for field, level in _BY_ONE_WORD]
    for field, shares in (("given", weights.given), ("family", weights.family)):
        rarest = min([weights.rare, *shares.values()])
        bits.append(log2(weights.levels[cast(Field, field)]["same"].m / rarest))
    return odds(weights.prior) + max(bits)


_BY_ONE_WORD: tuple[tuple[Field, Level], ...] = (
    *(("given", level) for level in cast(tuple[Level, ...], ("short", "close", "initial"))),
    ("family", "close"),
)


class _Given(dict[tuple[str, str], float]):
    """A cache of the weights of pairs of first names, because most compared pairs have common
    names.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def __missing__(self, two: tuple[str, str]) -> float:
        if len(self) >= _PAIRS:
            self.clear()
        part: _Part = "given", _given(*two), *two
        self[two] = weight = _part_weight(part, self._weights)
        return weight


_PAIRS = 100_000


class _Bits:
    """Computes how much two names support that both are names of one person. The words of the names
    can be paired in several ways; the way with the highest weight counts. The weights of pairs of
    first names are cached.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights, self._given = weights, _Given(weights)
        self._crossed = weights.levels["given"]["crossed"].weight
        self._differ = weights.levels["family"]["differ"].weight

    def from_record(self, first: ComparedName, second: ComparedName) -> float:
        (mine, my_family), (theirs, their_family) = first, second
        given_names = self._given[mine, theirs]
        if not (my_family and their_family):
            if my_family:
                return max(given_names, self._family(my_family, theirs))
            return (
                max(given_names, self._family(mine, their_family)) if their_family else given_names
            )
        both = given_names + self._family(my_family, their_family)
        if mine == my_family:
            return max(both, self._family(my_family, theirs))
        if _fits(mine, their_family) and _fits(my_family, theirs):
            return max(both, self._crossed)
        return both

    def _family(self, mine: str, theirs: str) -> float:
        if mine == theirs or _alike(mine, theirs):
            return _part_weight(("family", _family(mine, theirs), mine, theirs), self._weights)
        return self._differ


@lru_cache(maxsize=2)
def _bits_of(weights: Weights) -> _Bits:
    return _Bits(weights)


def _corrected_for_twins(comparison: Comparison, weights: Weights) -> Comparison:
    """Return a comparison corrected for twins: a shared birth date contradicts that both records
    are of one person, and fields in which twins agree do not support it. `most` is the highest
    weight without this correction, because a reader who sees only some fields may not see that the
    records look like those of twins.
    """
    against = weights.levels["born"]["differ"].weight
    steps = tuple(
        step._replace(weight=against)
        if step.field == "born"
        else step._replace(weight=min(0.0, step.weight))
        if step.field in _OF_TWINS
        else step
        for step in comparison.steps
    )
    return Comparison(comparison.prior, steps, comparison.at_most)


def _are_siblings(
    names: Iterable[FieldComparison], first_record: Record, second_record: Record
) -> bool:
    """Return whether two records with the same surname have different first names, so that with the
    same birth date they would be twins. If a first name in one record is a middle name in the
    other, the first names do not count as different.
    """
    levels = {step.field: step.level for step in names}
    if levels.get("given") != "differ" or levels.get("family") not in ("same", "close"):
        return False
    mine, theirs = (_first_names(record) for record in (first_record, second_record))
    return not any(_fits(a, b) for a in mine for b in theirs)


def _first_names(record: Record) -> set[str]:
    """Return all words of a person's names except the surnames."""
    return {word for name in record.get("name", ()) for word in forms.tokens(name)[:-1]}


# --- names ----------------------------------------------------------------------------------------


#: One part of the comparison of two names: the field, the level of agreement, and the two words
#: compared.
_Part: TypeAlias = tuple[Field, Level, str, str]


def _names(
    first_record: Record, second_record: Record, weights: Weights
) -> Iterable[FieldComparison]:
    best: tuple[_Part, ...] = ()
    most = float("-inf")
    theirs = _called(second_record.get("name", ()))
    for mine in _called(first_record.get("name", ())):
        for its in theirs:
            for parts in _ways(mine, its):
                total = sum([_part_weight(part, weights) for part in parts])
                if total > most:
                    best, most = parts, total
    return [FieldComparison(p[0], p[1], (p[2],), (p[3],), _part_weight(p, weights)) for p in best]


@lru_cache(maxsize=50_000)
def _called(names: tuple[str, ...]) -> tuple[ComparedName, ...]:
    return tuple([found_name for name in names if (found_name := name_for_comparison(name)).given])


def _ways(first_name: ComparedName, second_name: ComparedName) -> list[tuple[_Part, ...]]:
    """Return the ways in which the words of two names can be paired: first name with first name and
    last with last; or first with last and last with first; or, for a name of one word, this word
    with the last name of the other.
    """
    (mine, my_family), (theirs, their_family) = first_name, second_name
    level = _given(mine, theirs)
    if level == "differ" and not (my_family and their_family):
        # proves little: a first name that equals a last name, or a nickname that equals a name
        level = "single"
    given_part: _Part = "given", level, mine, theirs
    ways: list[tuple[_Part, ...]] = [(given_part,)]
    if my_family and their_family:
        last: _Part = "family", _family(my_family, their_family), my_family, their_family
        ways = [(given_part, last)]
        if mine != my_family:
            if _fits(mine, their_family) and _fits(my_family, theirs):
                ways.append((("given", "crossed", _whole(first_name), _whole(second_name)),))
            return ways
    if my_family and (level := _family(my_family, theirs)) != "differ":
        ways.append((("family", level, my_family, theirs),))
    elif not my_family and their_family and (level := _family(mine, their_family)) != "differ":
        ways.append((("family", level, mine, their_family),))
    return ways


def _whole(name: ComparedName) -> str:
    return f"{name.given} {name.family}".strip()


@lru_cache(maxsize=100_000)
def _given(mine: str, theirs: str) -> Level:
    if mine == theirs:
        return "same"
    stands_for = [frozenset(forms.given_names(word)) for word in (mine, theirs)]
    if stands_for[0] & stands_for[1]:
        return "short"
    if any(_fits(theirs, given_name) for given_name in stands_for[0]):
        return "short"
    if any(_fits(mine, given_name) for given_name in stands_for[1]):
        return "short"
    if 1 in (len(mine), len(theirs)):
        return "initial" if mine[0] == theirs[0] else "differ"
    return "close" if _alike(mine, theirs) else "differ"


def _family(mine: str, theirs: str) -> Level:
    if mine == theirs:
        return "same"
    return "close" if _alike(mine, theirs) else "differ"


def _fits(mine: str, theirs: str) -> bool:
    return mine == theirs or _alike(mine, theirs)


def _alike(mine: str, theirs: str) -> bool:
    return bool(JaroWinkler.similarity(mine, theirs, score_cutoff=CLOSE))


def _part_weight(part: _Part, weights: Weights) -> float:
    field, level, mine, _ = part
    chance = weights.levels[field][level]
    return log2(chance.m / weights.share(field, mine)) if level == "same" else chance.weight


# --- birth and age -----------------------------------------------------------------------


def _born(mine: str, theirs: str) -> Level:
    if mine == theirs:
        return "same"
    (year, month, day), (other_year, other_month, other_day) = mine.split("-"), theirs.split("-")
    if year == other_year and (month, day) == (other_day, other_month):
        return "turned"
    if DamerauLevenshtein.distance(mine, theirs, score_cutoff=1) <= 1:
        return "slip"
    return "year" if year == other_year else "differ"


def _ages(first_record: Record, second_record: Record, weights: Weights) -> FieldComparison | None:
    """Return the comparison of a birth date with an age, or of two ages, if not both birth dates
    are recorded.
    """
    mine, theirs = (_years(record) for record in (first_record, second_record))
    if not mine or not theirs:
        return None
    near = any(
        first[0] <= second[1] + LEEWAY and second[0] <= first[1] + LEEWAY
        for first in map(years, mine)
        for second in map(years, theirs)
    )
    return FieldComparison(
        "age", *_told("age", "near" if near else "differ", mine, theirs, weights)
    )


def _years(record: Record) -> tuple[str, ...]:
    births = tuple(f"{text[:4]}-{text[:4]}" for text in record.get("born", ()))
    return births or record.get("age", ())


def _told(
    field: Field, level: Level, mine: tuple[str, ...], theirs: tuple[str, ...], weights: Weights
) -> tuple[Level, tuple[str, ...], tuple[str, ...], float]:
    return level, mine, theirs, weights.levels[field][level].weight


# --- things and addresses -----------------------------------------------------------


def _phone(mine: str, theirs: str) -> Level:
    return "same" if mine == theirs else "differ"


def _handle(mine: str, theirs: str) -> Level:
    if mine == theirs:
        return "same"
    return "part" if forms.handle_name(mine) == forms.handle_name(theirs) else "differ"


def _plate(mine: str, theirs: str) -> Level:
    if mine == theirs:
        return "same"
    return "part" if forms.confusables(mine) == forms.confusables(theirs) else "differ"


def _address(mine: str, theirs: str) -> Level:
    if mine == theirs:
        return "same"
    alike = _overlap(mine, theirs)
    if alike >= CLOSE_ADDRESS:
        return "close"
    code = postcode_of(mine)
    if code and code == postcode_of(theirs):
        return "postcode"
    return "part" if alike >= PART_OF_ADDRESS else "differ"


@lru_cache(maxsize=50_000)
def _threes(address: str) -> frozenset[str]:
    """Return the character trigrams of an address without blanks, because a blank is easily
    misplaced.
    """
    plain = forms.squash(address)
    return frozenset(plain[at : at + 3] for at in range(max(1, len(plain) - 2)))


def _overlap(mine: str, theirs: str) -> float:
    """Return the share of trigrams that two addresses have in common (Dice)."""
    own_threes, others = _threes(mine), _threes(theirs)
    return 2 * len(own_threes & others) / (len(own_threes) + len(others))


_VALUES: Mapping[Held, Callable[[str, str], Level]] = MappingProxyType(
    {"phone": _phone, "handle": _handle, "plate": _plate, "address": _address}
)


def _best(
    field_name: Held,
    first_record: Record,
    second_record: Record,
    weights: Weights,
    agrees: Callable[[str, str], Level],
) -> FieldComparison | None:
    field = cast(Field, field_name)
    chances = weights.levels[field]
    best: FieldComparison | None = None
    for mine in first_record.get(field_name, ()):
        for theirs in second_record.get(field_name, ()):
            level = agrees(mine, theirs)
            if best is None or chances[level].weight > best.weight:
                best = _step(field, level, mine, theirs, weights)
    return best


def _step(field: Field, level: Level, mine: str, theirs: str, weights: Weights) -> FieldComparison:
    return FieldComparison(field, level, (mine,), (theirs,), weights.levels[field][level].weight)


def _weighed_by_sharing(step: FieldComparison, ties: Ties) -> FieldComparison:
    """Return the comparison of a field, with a lower weight if more than two people share the
    value. For example, the children of a home share its telephone.
    """
    number = max((ties.get((cast(Held, step.field), text), 2) for text in step.mine), default=2)
    if step.weight <= 0 or number <= 2:
        return step
    return step._replace(weight=max(0.0, step.weight - log2(number - 1)))


# --- companions and places ------------------------------------------------------------

_COUNTED: tuple[Held, ...] = ("companion", "place")
_MANY: tuple[Level, ...] = ("one", "two", "three")
_BESIDE_NAMES: tuple[Held, ...] = (*_VALUES, *_COUNTED)


def _level_of(shared: int) -> Level:
    """Return the level of agreement of two records with this many common companions or places."""
    return _MANY[min(shared, len(_MANY)) - 1]


def _common(
    field_name: Held, first_record: Record, second_record: Record, weights: Weights, ties: Ties
) -> FieldComparison | None:
    both = set(first_record.get(field_name, ())).intersection(second_record.get(field_name, ()))
    rare = tuple(sorted(value for value in both if ties.get((field_name, value), 2) <= COMMON))
    if not rare:
        return None
    level = _level_of(len(rare))
    return FieldComparison(
        cast(Field, field_name), *_told(cast(Field, field_name), level, rare, rare, weights)
    )


# --- changes since a judgement ----------------------------------------------------------------


def supporting_fields(comparison: Comparison) -> frozenset[tuple[Field, str]]:
    """Return the fields that indicate that two records are of one person, each with the matching
    values.
    """
    return frozenset(
        (step.field, value)
        for step in comparison.steps
        if step.weight > 0
        for value in (step.mine if step.mine == step.theirs else (*step.mine, *step.theirs))
    )


def find_new_support(before: Comparison, now: Comparison) -> tuple[Field, ...]:
    """Return the fields that are new evidence that two records are of one person: fields that match
    in the comparison `now` and did not match with these values in the comparison `before`, which a
    user saw when judging the records.
    """
    new = {field for field, _ in supporting_fields(now) - supporting_fields(before)}
    return tuple(step.field for step in now.steps if step.field in new)
