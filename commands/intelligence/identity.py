"""Commands that judge whether two records are the same, different or unsure, and revoke such a
judgement.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Unpack
from uuid import UUID

from access.who_may import scope
from access.who_may.event_rules import require_command
from commands.intelligence.judging import Warnings
from commands.kernel.entity import find
from commands.kernel.proposing import made_by, propose
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
from domain.intelligence import identity
from domain.intelligence.identity import (
    NOTHING_SHOWN,
    IdentityJudged,
    IdentityRevoked,
    JudgedPair,
    Shown,
)
from domain.kernel.codes import Judgement
from domain.kernel.envelope import Fact, Submission
from domain.kernel.values import Reader, Refused, TakesTwo
from domain.people_and_teams.two_person import ProposalMade
from projections.intelligence import people

Pairs = Mapping[UUID, set[UUID]]


def _judged(desk: Desk, reader: Reader, judgement: Judgement) -> Pairs:
    """Return, for each person or thing, all others with which it was judged as `judgement` says,
    such as "same". Only current judgements count.
    """
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
    """Judge two people or things the same, different or unsure. `shown` returns the program's own
    comparison of the two, as the reader sees it, which is recorded with the judgement.

    Raises Refused for a person and a thing. Raises Refused if "same" would merge two records that
    were judged different, or if the judgement is "different" but other "same" judgements join the
    two; the message names these judgements.
    """
    name, text, body = f"identity.{judgement}", f"{a}|{b}", [a, b, reason]
    command_id = command.pop("command_id", None) or desk.new_random_id()
    because_of = tuple(command.get("because_of", ()))

    def pair() -> UUID:
        return identity.pair_stream(find(desk, reader, a)[0], find(desk, reader, b)[0])

    def former() -> list[object]:
        return [find(desk, reader, a)[0], find(desk, reader, b)[0], reason]

    if again := earlier_receipt(
        desk, name, text, body, pair, command_id=command_id, because_of=because_of, former=former
    ):
        return again
    require_command(reader, name)
    (first_item, kind), (second_item, other_kind) = find(desk, reader, a), find(desk, reader, b)
    if kind != other_kind:
        raise Refused(
            f"a {kind} and a {other_kind} cannot be the same: give two records of the same kind"
        )
    same, different = (_judged(desk, reader, answer) for answer in ("same", "different"))
    chain = identity.chain_between(same, first_item, second_item)
    apart = identity.find_judged_different(same, different, first_item, second_item)
    before = shown(first_item, second_item)
    with desk.deciding() as db:
        ends = Warnings(db, reader).ends(first_item, second_item, judgement)
    try:
        return act(
            desk,
            reader,
            name,
            identity.pair_stream(first_item, second_item),
            JudgedPair(),
            identity.evolve,
            lambda s: identity.judge(
                s,
                first_item,
                second_item,
                judgement,
                reason,
                chain,
                apart,
                before,
                ends_warning=ends,
            ),
            body,
            target=text,
            command_id=command_id,
            because_of=because_of,
        )
    except TakesTwo:
        _require_both(desk, reader, name, first_item, second_item)
        judged = IdentityJudged(
            first_item, second_item, judgement, reason, before.lines, before.weights
        )
        made = made_by(reader, "judge-identity", first_item, reason, judged=judged)
        digest = desk.digest(name, [text, body, because_of])
        return propose(
            desk,
            reader,
            first_item,
            made,
            lambda new: Submission(command_id, digest, new),
            because_of,
        )


def confirmed_facts(desk: Desk, reader: Reader, made: ProposalMade) -> tuple[Fact, ...]:
    """Return the events that a proposed identity judgement records once a second person confirms
    it. Raises what `judge` raises.
    """
    if made.parted:
        return _revoking_facts(desk, reader, made.parted.a, made.parted.reason)
    judged = made.judged
    assert judged  # noqa: S101 (a proposal of this kind holds one of the two)
    first_item, second_item = judged.a, judged.b
    same, different = (_judged(desk, reader, answer) for answer in ("same", "different"))
    stream = identity.pair_stream(first_item, second_item)
    state, version = desk.fold(stream, JudgedPair(), identity.evolve)
    events = identity.judge(
        state,
        first_item,
        second_item,
        judged.judgement,
        judged.reason,
        identity.chain_between(same, first_item, second_item),
        identity.find_judged_different(same, different, first_item, second_item),
        Shown(judged.shown, judged.weights),
    )
    return facts(reader, stream, version, events)


def _require_both(
    desk: Desk, reader: Reader, name: str, first_item: UUID, second_item: UUID
) -> None:
    """Raise Hidden if the reader may not judge one of these two records."""
    for item in (first_item, second_item):
        if not desk.reaches(reader, name, item):
            raise scope.hidden_error("item", str(item))


def split(
    desk: Desk,
    reader: Reader,
    a: str,
    reason: str,
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Revoke every "same" judgement of this record with another. The receipt is that of the first
    revocation.
    """
    command_id = command_id or desk.new_random_id()
    causes = [tuple(because_of)] if because_of else []
    body = [a, reason, *causes]

    def former() -> list[object]:
        return [find(desk, reader, a)[0], reason, *causes]

    if again := desk.repeated(command_id, "identity.split", body, former=former):
        return again
    item, _ = find(desk, reader, a)
    made = _revoking_facts(desk, reader, item, reason, because_of)
    digest = desk.digest("identity.split", body)
    others = sorted(_judged(desk, reader, "same").get(item, ()))
    with desk.deciding() as db:
        ends = Warnings(db, reader).parted(item, others)
    if ends:
        parted = IdentityRevoked(item, others[0], reason)
        proposal = made_by(reader, "judge-identity", item, reason, parted=parted)
        return propose(
            desk,
            reader,
            item,
            proposal,
            lambda new: Submission(command_id, digest, new),
            because_of,
        )
    submission = Submission(command_id, digest, made)
    return desk.save([Prepared(made[0].originator_id, {"evidence": submission}, reader)])[0]


def _revoking_facts(
    desk: Desk, reader: Reader, first_item: UUID, reason: str, because_of: Sequence[str] = ()
) -> tuple[Fact, ...]:
    """Return the events that revoke every "same" judgement of this record with another. Raises
    Refused if there is none.
    """
    made: tuple[Fact, ...] = ()
    for second_item in sorted(_judged(desk, reader, "same").get(first_item, ())):
        stream = identity.pair_stream(first_item, second_item)
        state, version = desk.fold(stream, JudgedPair(), identity.evolve)
        revoked = identity.revoke(state, first_item, second_item, reason)
        made += facts(reader, stream, version, revoked, because_of)
    if not made:
        raise Refused("this record is not merged with another record, so no merge can be undone")
    return made
