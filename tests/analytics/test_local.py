"""The engine of one process computes the same results as networkx, and label propagation follows
its written definition.
"""

from collections import Counter
from functools import partial

import networkx as nx
import numpy as np
import pytest

from analytics import local, rounds
from analytics.blocks import Block, _mixed, one_way, triangles_of, two_step_paths
from analytics.local import Local
from tests.analytics.graphs import at_random, graph, holds


@pytest.mark.parametrize("seed", range(5))
def test_random_networks(seed: int) -> None:
    a, b = at_random(seed)
    holds(Local(64, a, b), a, b)


def test_ties_that_are_sent_twice_and_a_network_without_ties() -> None:
    a, b = at_random(7)
    holds(Local(64, np.append(a, b), np.append(b, a)), a, b)
    untied = Local(3, np.empty(0, np.int64), np.empty(0, np.int64))
    assert untied.components().tolist() == [0, 1, 2]
    for found in (untied.ranks(), untied.triangles(), untied.cores()):
        assert not found.any()
    assert untied.communities().tolist() == [0, 1, 2]


def test_triangles_are_counted_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = at_random(3)
    whole = Local(64, a, b).triangles()
    monkeypatch.setattr(local, "AT_ONCE", 5)
    assert np.array_equal(Local(64, a, b).triangles(), whole)


def test_triangles_are_those_that_a_tie_closes() -> None:
    """One process counts the same triangles as several machines do."""
    a, b = at_random(5, 200, 900)
    engine = Local(200, a, b)
    led = one_way(Block.from_links(np.append(a, b), np.append(b, a)), engine.degrees())
    who, many = triangles_of(led.ties, two_step_paths(led, engine.degrees()))
    found = np.zeros(200, np.int64)
    found[who] = many
    assert np.array_equal(found, engine.triangles())


def test_cores_in_rounds_are_those_that_are_peeled() -> None:
    for seed in range(5):
        a, b = at_random(seed, 200, 900)
        engine = Local(200, a, b)
        each = partial(
            rounds.apply_to_one_block, Block.from_links(np.append(a, b), np.append(b, a))
        )
        assert np.array_equal(
            rounds.cores(each, engine.degrees(), lambda number: None), engine.cores()
        )


def test_label_propagation_person_by_person() -> None:
    """Label propagation agrees with a plain version of the algorithm: all people choose at the same
    time, each person's own label counts, and a hash decides between equal labels.
    """
    a, b = at_random(11)
    known = graph(a, b)
    labels = {one: one for one in known}
    for step in range(rounds.MOST):
        new = {}
        for one in known:
            votes = Counter(labels[near] for near in [*known[one], one])
            most = max(votes.values())
            drawn = [(int(_mixed(np.array([vote]), step)[0]), vote) for vote in votes]
            new[one] = max(lot for lot in drawn if votes[lot[1]] == most)[1]
        if new == labels:
            break
        labels = new
    found = Local(64, a, b).communities()
    firsts = {label: min(one for one in known if labels[one] == label) for label in labels.values()}
    assert {one: int(found[one]) for one in known} == {one: firsts[labels[one]] for one in known}


def test_label_propagation_finds_what_is_plain() -> None:
    """Label propagation finds two communities in two cliques with one link between the cliques."""
    made = nx.disjoint_union(nx.complete_graph(8), nx.complete_graph(8))
    made.add_edge(0, 8)
    a, b = np.array(sorted(made.edges)).T
    assert Local(16, a, b).communities().tolist() == [0] * 8 + [8] * 8
