"""Users judge that two records are the same person, form chains of such judgements, and undo
them.
"""

from itertools import pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intelligence import identity
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, JudgedPair
from domain.kernel.codes import Judgement
from tests.domain.given import Given, uid

A, B, C, D = map(uid, range(1, 5))
JUDGEMENTS: tuple[Judgement, ...] = ("same", "different", "unsure")
open_pair = Given(JudgedPair(), identity.evolve)


def pairs(*two: tuple[UUID, UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for one, other in two:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


@pytest.mark.parametrize("judgement", JUDGEMENTS)
def test_a_judgement_has_a_reason_and_is_made_once(judgement: Judgement) -> None:
    open_pair.when(identity.judge, A, B, judgement, " ", []).refused("give the reason")
    open_pair.when(identity.judge, A, A, judgement, "seen", []).refused(
        "these two ids name the same record: give two different records"
    )
    made = open_pair.when(identity.judge, A, B, judgement, "one phone", []).then(
        IdentityJudged(A, B, judgement, "one phone")
    )
    made.when(identity.judge, A, B, judgement, "again", []).then()


@pytest.mark.parametrize(("first", "then"), list(permutations(JUDGEMENTS, 2)))
def test_a_pair_may_be_judged_anew(first: Judgement, then: Judgement) -> None:
    judged = open_pair.after(IdentityJudged(A, B, first, "one phone"))
    again = judged.when(identity.judge, A, B, then, "two faces", []).then(
        IdentityJudged(A, B, then, "two faces")
    )
    assert again.state.judgement == then


def test_different_inside_a_cluster_is_refused_with_the_chain() -> None:
    chain = identity.chain_between(pairs((A, C), (C, D), (D, B)), A, B)
    assert chain == [A, C, D, B]
    open_pair.when(identity.judge, A, B, "different", "two faces", chain).refused(
        f"{A} = {C} = {D} = {B}"
    )


def test_the_pair_itself_is_no_chain_but_a_way_round_it_is() -> None:
    assert identity.chain_between(pairs((A, B)), A, B) == []
    assert identity.chain_between(pairs((A, B), (A, C), (C, B)), A, B) == [A, C, B]
    assert identity.chain_between(pairs((A, C)), A, B) == []


def test_same_across_a_difference_is_refused() -> None:
    """If A was judged the same person as C, and C a different person from B, the judgement "A is B"
    is refused, and the refusal shows these earlier judgements."""
    apart = identity.find_judged_different(pairs((A, C)), pairs((C, D)), A, D)
    assert apart == (C, D)
    open_pair.when(identity.judge, A, D, "same", "one phone", [], apart).refused(
        f"{C} and {D} are judged different, and this judgement would merge them"
    )
    open_pair.when(identity.judge, A, D, "unsure", "one phone", [], apart).then(
        IdentityJudged(A, D, "unsure", "one phone")
    )


def test_the_pairs_own_difference_keeps_nobody_apart() -> None:
    assert identity.find_judged_different({}, pairs((A, B)), A, B) is None


def test_a_judgement_is_taken_back_with_a_reason() -> None:
    open_pair.when(identity.revoke, A, B, "mistaken").refused(
        "these two records were not judged, so there is no judgement to revoke"
    )
    judged = open_pair.after(IdentityJudged(A, B, "same", "one phone"))
    judged.when(identity.revoke, A, B, "").refused("give the reason")
    again = judged.when(identity.revoke, A, B, "mistaken").then(IdentityRevoked(A, B, "mistaken"))
    again.when(identity.revoke, A, B, "mistaken").refused(
        "these two records were not judged, so there is no judgement to revoke"
    )


def test_a_pair_has_one_stream_whichever_comes_first() -> None:
    assert identity.pair_stream(A, B) == identity.pair_stream(B, A) != identity.pair_stream(A, C)


people = st.integers(1, 7).map(uid)
edges = st.lists(st.tuples(people, people).filter(lambda two: two[0] != two[1]), max_size=12)


@given(edges, people, people)
def test_a_chain_runs_within_its_cluster(two: list[tuple[UUID, UUID]], a: UUID, b: UUID) -> None:
    """Two records that judgements have merged are connected by a chain of judgements. Records that
    are not merged have no chain."""
    same = pairs(*two)
    chain = identity.chain_between(same, a, b)
    if a == b:
        return
    without = pairs(*(one for one in two if set(one) != {a, b}))
    assert bool(chain) == (b in identity.cluster(without, a))
    if chain:
        assert (chain[0], chain[-1]) == (a, b)
        assert all(other in same[one] for one, other in pairwise(chain))
