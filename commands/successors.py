"""What stands in the place of a redacted text: the same stream, under a new key."""

from collections.abc import Sequence
from uuid import UUID, uuid5

import msgspec

from commands.desk import Desk, Prepared, facts
from domain import intelligence, observation
from domain.envelope import Event, Submission
from domain.erasure import GONE, Erasure, ItemErased, Planned
from domain.intelligence import ItemText, Report, ReportDisseminated, ReportRedacted, Sent
from domain.observation import Observation, ObservationRedacted
from domain.referral import CaseRedacted
from domain.values import Reader


def write(
    desk: Desk, reader: Reader, erasure: UUID, state: Erasure, items: Sequence[Planned]
) -> None:
    """Write every successor, once, and beside it that the item was redacted."""
    words = {(one.id, one.item): one.words for one in state.redactions if one.words is not None}
    gone = {item.id for item in state.items if item.fate in GONE}
    commands = {item.id: uuid5(erasure, f"redact|{item.id}") for item in items}
    done = desk.known(commands.values())
    for item in items:
        command = commands[item.id]
        if command in done:
            continue
        successor = _successor(desk, erasure, item, words, gone)
        version = desk.logs["evidence"].history(item.id)[-1].version
        events = (successor, ItemErased(erasure, item.kind, "redacted"))
        submission = Submission(
            command,
            desk.digest("erasure.redact", [erasure, item.id]),
            facts(reader, item.id, version, events),
            renews=(item.id,),
        )
        desk.save([Prepared(item.id, {"evidence": submission}, reader)])


def _successor(
    desk: Desk,
    erasure: UUID,
    item: Planned,
    words: dict[tuple[UUID, int | None], str],
    gone: set[UUID],
) -> Event:
    if item.kind == "report":
        return _report(desk, erasure, item.id, words, gone)
    if item.kind == "case":
        return CaseRedacted(erasure, words[item.id, None])
    state, _ = desk.fold(item.id, Observation(), observation.evolve)
    if (item.id, None) not in words:  # only who told us goes: the words stand as they were
        return ObservationRedacted(erasure, state.words, state.happened)
    happened = state.happened and msgspec.structs.replace(state.happened, words="")
    return ObservationRedacted(erasure, words[item.id, None], happened)


def _report(
    desk: Desk,
    erasure: UUID,
    report: UUID,
    words: dict[tuple[UUID, int | None], str],
    gone: set[UUID],
) -> ReportRedacted:
    """The items that stand, with the texts written for them; and to whom it was sent."""
    state, _ = desk.fold(report, Report(), intelligence.evolve)
    sent: dict[UUID, Sent] = {}
    for fact in desk.logs["evidence"].history(report):
        match fact.event:
            case ReportDisseminated() as event:
                sent[event.product] = Sent(event.product, event.recipient, event.purpose)
            case ReportRedacted() as event:
                sent |= {one.product: one for one in event.sent}
    return ReportRedacted(
        erasure=erasure,
        dropped=tuple(n for n, item in sorted(state.items.items()) if item.observation in gone),
        items=tuple(
            ItemText(number, words.get((report, number), item.text), item.handling)
            for number, item in sorted(state.items.items())
            if item.observation not in gone
        ),
        sent=tuple(sent.values()),
    )
