"""Commands by which a person confirms or dismisses possible corroboration between log entries."""

from collections.abc import Callable
from typing import Unpack
from uuid import UUID

from commands.kernel.item_references import ending
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named
from domain.information import shared_mentions
from domain.information.shared_mentions import JoinConfirmed, JoinDecision, JoinDismissed
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.due import said_before as joins
from projections.due.joined import PairRow


def count_others(desk: Desk, reader: Reader, item: UUID) -> int:
    """Return how many other entries may corroborate this entry and still need a person's judgement.
    All of them are counted, without a limit, because a decision about the entry depends on the
    number.
    """
    with desk.deciding() as db:
        return sum(met.state == "open" for met in joins.list_pairs(db, reader, item))


# --- deciding -----------------------------------------------------------------------------------


def confirm(
    desk: Desk, reader: Reader, named: str, reason: str | None, **command: Unpack[Command]
) -> Receipt:
    """Confirm that two log entries concern the same subject. No link is made. Raises what `_judge`
    raises.
    """

    def decided(state: JoinDecision, row: PairRow) -> tuple[Event, ...]:
        return shared_mentions.confirm(state, JoinConfirmed(row.a, row.b, reason))

    return _judge(desk, reader, "join.confirm", named, decided, [reason], **command)


def dismiss(
    desk: Desk, reader: Reader, named: str, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Dismiss a possible corroboration, because the two entries do not concern the same subject.
    Raises what `_judge` raises, and Refused if there is no reason.
    """

    def decided(state: JoinDecision, row: PairRow) -> tuple[Event, ...]:
        return shared_mentions.dismiss(JoinDismissed(row.a, row.b, reason))

    return _judge(desk, reader, "join.dismiss", named, decided, [reason], **command)


def _judge(
    desk: Desk,
    reader: Reader,
    name: str,
    named: str,
    decided: Callable[[JoinDecision, PairRow], tuple[Event, ...]],
    body: list[object],
    **command: Unpack[Command],
) -> Receipt:
    """Record one decision about a pair of log entries; `named` is the pair's id or the end of the
    id. Raises Hidden if the reader may not know of the pair.
    """

    def find() -> PairRow:
        with desk.deciding() as db:
            rows = joins.find(db, reader, named)
        item = ending(named, (row.id for row in rows), "join")
        return next(row for row in rows if row.id == item)

    return act_on_named(
        desk,
        reader,
        name,
        named,
        lambda: find().id,
        JoinDecision(),
        shared_mentions.evolve,
        lambda state: decided(state, find()),
        body,
        **command,
    )
