"""Who is who: same, different, unsure, and taking a judgement back."""

from collections import defaultdict
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from commands.desk import Desk, Receipt, act
from commands.entity import find
from domain import identity
from domain.identity import Judgement, Pair
from domain.values import Reader, Refused
from projections import people


def _same(desk: Desk, reader: Reader) -> dict[UUID, set[UUID]]:
    pairs: dict[UUID, set[UUID]] = defaultdict(set)
    with desk.reading() as db:
        for row in people.judgements(db, reader):
            if row.judgement == "same":
                pairs[row.a].add(row.b)
                pairs[row.b].add(row.a)
    return pairs


def judge(
    desk: Desk, reader: Reader, a: str, b: str, judgement: Judgement, reason: str, **command: Any
) -> Receipt:
    """Judge two entities same, different or unsure. Raises Refused for "different" inside a
    cluster, with the chain, and for two entities of different kinds."""
    (one, kind), (other, other_kind) = find(desk, reader, a), find(desk, reader, b)
    if kind != other_kind:
        raise Refused(f"a {kind} and a {other_kind} are never the same")
    chain = identity.chain_between(_same(desk, reader), one, other)
    return act(
        desk,
        reader,
        f"identity.{judgement}",
        identity.pair_stream(one, other),
        Pair(),
        identity.evolve,
        lambda s: identity.judge(s, one, other, judgement, reason, chain),
        [one, other, reason],
        **command,
    )


def split(
    desk: Desk, reader: Reader, a: str, reason: str, *, command_id: UUID | None = None
) -> list[Receipt]:
    """Take back every "same" that names this entity itself."""
    command_id = command_id or desk.new_random_id()
    one, _ = find(desk, reader, a)
    others = sorted(_same(desk, reader).get(one, ()))
    if not others:
        raise Refused("no judgement says that this is the same as another")
    return [
        act(
            desk,
            reader,
            "identity.revoke",
            identity.pair_stream(one, other),
            Pair(),
            identity.evolve,
            partial(identity.revoke, a=one, b=other, reason=reason),
            [one, other, reason],
            command_id=uuid5(command_id, str(other)),
        )
        for other in others
    ]
