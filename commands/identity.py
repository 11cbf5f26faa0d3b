"""Who is who: same, different, unsure, and taking a judgement back."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Unpack
from uuid import UUID

from commands.desk import Command, Desk, Prepared, Receipt, act, asked_before, facts
from commands.entity import find
from domain import identity
from domain.codes import Judgement
from domain.envelope import Fact, Submission
from domain.identity import NOTHING_SHOWN, Pair, Shown
from domain.values import Reader, Refused
from projections import people

Pairs = Mapping[UUID, set[UUID]]


def _judged(desk: Desk, reader: Reader, judgement: Judgement) -> Pairs:
    """Who is judged so with whom, today."""
    pairs: dict[UUID, set[UUID]] = defaultdict(set)
    with desk.deciding() as db:
        for row in people.judgements(db, reader):
            if row.judgement == judgement:
                pairs[row.a].add(row.b)
                pairs[row.b].add(row.a)
    return pairs


def judge(
    desk: Desk,
    reader: Reader,
    a: str,
    b: str,
    judgement: Judgement,
    reason: str,
    shown: Callable[[UUID, UUID], Shown] = lambda one, other: NOTHING_SHOWN,
    **command: Unpack[Command],
) -> Receipt:
    """Judge two entities same, different or unsure; `shown` tells what the program says of them to
    the one who judges, which is kept with it. Raises Refused for "different" inside a
    cluster, with the chain; for "same" that would bring together two judged different; and for
    two entities of different kinds."""
    name, told, body = f"identity.{judgement}", f"{a}|{b}", [a, b, reason]

    def pair() -> UUID:
        return identity.pair_stream(find(desk, reader, a)[0], find(desk, reader, b)[0])

    def former() -> list[object]:
        return [find(desk, reader, a)[0], find(desk, reader, b)[0], reason]

    if again := asked_before(desk, name, told, body, pair, former=former, **command):
        return again
    (one, kind), (other, other_kind) = find(desk, reader, a), find(desk, reader, b)
    if kind != other_kind:
        raise Refused(f"a {kind} and a {other_kind} are never the same")
    same, different = (_judged(desk, reader, known) for known in ("same", "different"))
    chain = identity.chain_between(same, one, other)
    apart = identity.kept_apart(same, different, one, other)
    before = shown(one, other)
    return act(
        desk,
        reader,
        name,
        identity.pair_stream(one, other),
        Pair(),
        identity.evolve,
        lambda s: identity.judge(s, one, other, judgement, reason, chain, apart, before),
        body,
        told=told,
        **command,
    )


def split(
    desk: Desk,
    reader: Reader,
    a: str,
    reason: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Take back every "same" that names this entity itself; the receipt is the first one's."""
    command_id = command_id or desk.new_random_id()
    causes = [tuple(because_of)] if because_of else []
    body = [a, reason, *causes]

    def former() -> list[object]:
        return [find(desk, reader, a)[0], reason, *causes]

    if again := desk.repeated(command_id, "identity.split", body, former=former):
        return again
    one, _ = find(desk, reader, a)
    made: tuple[Fact, ...] = ()
    for other in sorted(_judged(desk, reader, "same").get(one, ())):
        stream = identity.pair_stream(one, other)
        state, version = desk.fold(stream, Pair(), identity.evolve)
        revoked = identity.revoke(state, one, other, reason)
        made += facts(reader, stream, version, revoked, because_of)
    if not made:
        raise Refused("no judgement says that this is the same as another")
    submission = Submission(command_id, desk.digest("identity.split", body), made)
    return desk.save([Prepared(made[0].originator_id, {"evidence": submission}, reader)])[0]
