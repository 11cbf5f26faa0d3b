"""Suggest pairs of people who may be one person, and pairs named together without a link, for a
person to decide.

Nothing is merged or linked here: suggestions only put pairs into an order and give reasons. A pair
that was judged is suggested again only if there is a new reason.

Views store the pairs sorted by their score over all records. The score by the records that one
reader sees is never higher than the stored one. So pairs are read in the stored order and scored
for the reader, until no later pair can have a higher score than those already chosen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Literal, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain import matching
from domain.kernel.values import Reader
from domain.matching import Comparison
from network.people import compare_people
from network.people.compare_people import Weighed
from projections.information import mentions
from projections.information.mentions import TogetherRow
from projections.intelligence import likely_same_person, links, people
from projections.intelligence.likely_same_person import ENOUGH, PairRow
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import figure

#: Number of stored pairs that are read at once.
SOME = 50
#: Words for probabilities: each with the least probability for which it is used.
LIKELY = (
    (0.99, "Very likely one person"),
    (0.9, "Likely one person"),
    (0.5, "Rather one person than two"),
    (0.0, "Rather two people than one"),
)
EVERY_TIE = links.LinkFilter(min_rank=None)
What = Literal["same", "link"]
K = TypeVar("K", PairRow, TogetherRow)


class Suggestion(Struct, frozen=True):
    """Two people or things, and why somebody should compare them.

    `score` is from 0 to 1. For two records that may mean one person, it is the probability that
    they do, with the reasons in `weighed`. `people` is the number of people in the group that the
    suggested pairs connect and to which these two belong.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("what", "kind"),
        Column("label_a", "first record"),
        Column("a", "a", "id"),
        Column("label_b", "second record"),
        Column("b", "b", "id"),
        Column("score", "score", "figure"),
        Column("people", "people in the group"),
        Column("because", "reasons"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    what: What
    a: UUID
    label_a: str
    b: UUID
    label_b: str
    score: float
    reasons: tuple[str, ...]
    people: int = 2
    weighed: tuple[Weighed, ...] = ()

    @property
    def because(self) -> str:
        """Return the reasons for the suggestion, in one line."""
        return "; ".join(self.reasons)

    @property
    def place(self) -> tuple[float, UUID, UUID]:
        """Return the sort key of a suggestion."""
        return -self.score, self.a, self.b


def suggestions(
    db: Db, reader: Reader, *, limit: int = 20, kind: What | None = None
) -> list[Suggestion]:
    """Return suggestions, the most likely pairs first: pairs of records that may be of the same
    person, and pairs named together that may be linked. With `kind`, return only suggestions of
    this kind.
    """
    found_suggestions: list[Suggestion] = []
    if kind != "link":
        kept_alike = lambda after: likely_same_person.pairs(db, reader, after, SOME)  # noqa: E731
        found_suggestions += _first(limit, kept_alike, lambda some: _same(db, reader, some))
    if kind != "same":
        kept_together = lambda after: mentions.list_named_together(db, reader, after, SOME)  # noqa: E731
        found_suggestions += _first(limit, kept_together, lambda some: _together(db, reader, some))
    found_suggestions = sorted(found_suggestions, key=lambda suggestion: suggestion.place)[:limit]
    size = {end: len(group) for group in gathered(found_suggestions) for end in group}
    return [
        replace(suggestion, people=size.get(suggestion.a, 2)) for suggestion in found_suggestions
    ]


def describe_left_out(db: Db, reader: Reader) -> tuple[str, ...]:
    """Return in words how many people whom the reader sees are not fully compared; () if all are
    compared.
    """
    number = likely_same_person.beyond(db, reader)
    people_are = "1 person is" if number == 1 else f"{figure(number)} people are"
    text = "not compared by a name or thing that too many people share, only by others"
    return (f"{people_are} {text}",) if number else ()


def how_likely(score: float) -> str:
    """Return in words how likely it is that two records mean one person."""
    return next(words for least, words in LIKELY if score >= least)


def gathered(found_suggestions: Iterable[Suggestion]) -> list[set[UUID]]:
    """Return the groups of people whom these suggested pairs connect, directly or through other
    pairs; each group once.
    """
    whose: dict[UUID, set[UUID]] = {}
    for suggestion in found_suggestions:
        if suggestion.what == "same":
            group = whose.get(suggestion.a, {suggestion.a}) | whose.get(
                suggestion.b, {suggestion.b}
            )
            whose |= dict.fromkeys(group, group)
    return list({id(group): group for group in whose.values()}.values())


def _first(
    limit: int,
    read_pairs: Callable[[K | None], list[K]],
    reckoned: Callable[[list[K]], Iterable[Suggestion]],
) -> list[Suggestion]:
    """Return the first suggestions from stored pairs, after reading only as many pairs as
    needed.
    """
    found_suggestions: list[Suggestion] = []
    after: K | None = None
    while pairs := read_pairs(after):
        found_suggestions += reckoned(pairs)
        after = pairs[-1]
        place = after.worth, after.a, after.b
        if (
            len(pairs) < SOME
            or sum(suggestion.place <= place for suggestion in found_suggestions) >= limit
        ):
            break
    return found_suggestions


def _same(db: Db, reader: Reader, rows: list[PairRow]) -> Iterable[Suggestion]:
    ids = {end for pair in rows for end in (pair.a, pair.b)}
    visible_entities = people.visible_names(db, reader, ids)
    leader = people.leaders(db, reader, visible_entities)
    apart = _judged_different(db, reader, leader)
    records, weights = compare_people.records(db, reader, ids), likely_same_person.weights(db)
    for pair in rows:
        if pair.a not in records.records or pair.b not in records.records:
            continue
        both = frozenset((leader[pair.a], leader[pair.b]))
        back = pair.judgement == "different" and {pair.a, pair.b}
        if len(both) == 1 or (both in apart and not (back and apart[both] == [back])):
            continue
        comparison = matching.compare(
            records.records[pair.a], records.records[pair.b], weights, records.ties
        )
        score = round(min(-pair.worth, comparison.probability), 6)
        if score < ENOUGH:
            continue
        reasons = compare_people.reasons(comparison, records.called)
        if pair.judged:
            new = _new_since(db, reader, pair, comparison)
            if not new:
                continue
            named = ", ".join(compare_people.FIELDS[field] for field in new)
            reasons = (f"judged {pair.judgement}; new since then: {named}", *reasons)
        a, b = visible_entities[pair.a], visible_entities[pair.b]
        ends = pair.a, pair.b
        weighed = compare_people.waterfall(comparison, weights.version, records.called, ends)
        yield Suggestion("same", pair.a, a.label, pair.b, b.label, score, reasons, weighed=weighed)


def _judged_different(
    db: Db, reader: Reader, leader: Mapping[UUID, UUID]
) -> dict[frozenset[UUID], list[set[UUID]]]:
    """Return pairs of records that were judged to be of different people. The pairs are grouped by
    the two people to whom the records belong after merges: because of such a pair, these two people
    cannot be one person.
    """
    pairs_by_people: dict[frozenset[UUID], list[set[UUID]]] = defaultdict(list)
    for pair in people.judged_different(db, reader, leader):
        if pair <= leader.keys():
            pairs_by_people[frozenset(leader[item] for item in pair)].append(set(pair))
    return pairs_by_people


def _new_since(
    db: Db, reader: Reader, pair: PairRow, now: Comparison
) -> tuple[matching.Field, ...]:
    """Return the fields (such as the name) that, for this reader, have come to support that two
    people are the same since the pair was last judged.
    """
    then = compare_people.records(db, reader, (pair.a, pair.b), as_known=pair.judged).records
    first_texts, second_texts = then.get(pair.a, {}), then.get(pair.b, {})
    return matching.find_new_support(
        matching.compare(first_texts, second_texts, likely_same_person.weights(db)), now
    )


def _together(db: Db, reader: Reader, rows: list[TogetherRow]) -> Iterable[Suggestion]:
    ids = {end for pair in rows for end in (pair.a, pair.b)}
    visible_entities = people.visible_names(db, reader, ids)
    linked = {frozenset((row.a, row.b)) for row in links.among(db, reader, ids, EVERY_TIE)}
    words = mentions.words(db, reader, ids)
    for pair in rows:
        number = len(words[pair.a] & words[pair.b])
        if not number or pair.a not in visible_entities or pair.b not in visible_entities:
            continue
        if frozenset((pair.a, pair.b)) in linked:
            continue
        score = round(1 - 0.5**number, 3)
        why = f"named together in {number} observation{'s' if number > 1 else ''}"
        a, b = visible_entities[pair.a].label, visible_entities[pair.b].label
        yield Suggestion("link", pair.a, a, pair.b, b, score, (why,))
