"""Writes the replacement texts of an erasure, into the stream of each item, encrypted with a new
key.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

import msgspec

from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, facts
from domain.data_protection.erasure import GONE, Erasure, ItemErased, Planned
from domain.families.referral import CaseRedacted
from domain.forms import tokens
from domain.information import observation
from domain.information.observation import Observation, ObservationRedacted
from domain.intelligence import intelligence_report
from domain.intelligence.intelligence_report import (
    GradedItem,
    ItemText,
    Recipient,
    Report,
    ReportDisseminated,
    ReportRedacted,
)
from domain.intelligence.redaction import find_omissions
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Reader, When


def write(
    desk: Desk, reader: Reader, erasure_id: UUID, state: Erasure, items: Sequence[Planned]
) -> None:
    """Write each replacement text of an erasure into the stream of its item, together with the
    event that the item was redacted. A repeated call writes only the texts that are missing.
    """
    words = {
        (redaction.id, redaction.item): redaction.words
        for redaction in state.redactions
        if redaction.words is not None
    }
    gone = {item.id for item in state.items if item.fate in GONE}
    commands = {item.id: uuid5(erasure_id, f"redact|{item.id}") for item in items}
    known_commands = desk.known_commands(commands.values())
    for item in items:
        command = commands[item.id]
        if command in known_commands:
            continue
        successor = _successor(desk, erasure_id, item, words, gone)
        version = desk.logs["evidence"].history(item.id)[-1].version
        events = (successor, ItemErased(erasure_id, item.kind, "redacted"))
        submission = Submission(
            command,
            desk.digest("erasure.redact", [erasure_id, item.id]),
            facts(reader, item.id, version, events),
            renews=(item.id,),
        )
        desk.save([Prepared(item.id, {"evidence": submission}, reader)])


def _successor(
    desk: Desk,
    erasure_id: UUID,
    item: Planned,
    words: dict[tuple[UUID, int | None], str],
    gone: set[UUID],
) -> Event:
    if item.kind == "report":
        return _report(desk, erasure_id, item.id, words, gone)
    if item.kind == "case":
        return CaseRedacted(erasure_id, words[item.id, None])
    state, _ = desk.fold(item.id, Observation(), observation.evolve)
    # only the entry's source is erased, so the entry's text remains
    if (item.id, None) not in words:
        return ObservationRedacted(erasure_id, state.words, state.happened)
    text = words[item.id, None]
    return ObservationRedacted(erasure_id, text, _remaining_time(state, text))


def _remaining_time(state: Observation, text: str) -> When | None:
    """Return the time of the incident if the replacement text of a log entry still states it;
    otherwise None, because a time read from erased text is erased, too.
    """
    when = state.happened
    time_words = when and when.words and f" {' '.join(tokens(when.words))} "
    return when if time_words and time_words in f" {' '.join(tokens(text))} " else None


def _text(number: int, item: GradedItem, remaining: str | None) -> ItemText:
    """Return an item of a report with the text that remains after an erasure. Names and numbers
    removed from the text are also removed from the item's handling conditions.
    """
    if remaining is None or item.text is None:
        return ItemText(number, remaining or item.text, item.handling)
    leading = [w for w in item.text.split() if w[0].isupper() or any(map(str.isdigit, w))]
    gone = find_omissions(leading, keep=[remaining])
    handling = item.handling
    words = {name: getattr(handling, name) for name in ("conditions", "usage")}
    clean = {name: gone.redact(text) for name, text in words.items() if text}
    return ItemText(number, remaining, msgspec.structs.replace(handling, **clean))


def _report(
    desk: Desk,
    erasure_id: UUID,
    report: UUID,
    words: dict[tuple[UUID, int | None], str],
    gone: set[UUID],
) -> ReportRedacted:
    """Return the remaining items of a report, with their replacement texts, and the recipients of
    the report.
    """
    state, _ = desk.fold(report, Report(), intelligence_report.evolve)
    sent: dict[UUID, Recipient] = {}
    for fact in desk.logs["evidence"].history(report):
        match fact.event:
            case ReportDisseminated() as event:
                sent[event.product] = Recipient(event.product, event.recipient, event.purpose)
            case ReportRedacted() as event:
                sent |= {recipient.product: recipient for recipient in event.sent}
    return ReportRedacted(
        erasure=erasure_id,
        dropped=tuple(n for n, item in sorted(state.items.items()) if item.observation in gone),
        items=tuple(
            _text(number, item, words.get((report, number)))
            for number, item in sorted(state.items.items())
            if item.observation not in gone
        ),
        sent=tuple(sent.values()),
    )
