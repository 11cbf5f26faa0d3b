"""Record one log entry: clean and read its text, record it, and name its source.

The command line and the screens both use this module, so that mentions and flags do not depend on
where a text was typed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Unpack
from uuid import UUID

from msgspec import Struct

from commands.information import observation, source
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.forms import moment
from domain.information.observation import (
    FIRST_YEAR,
    ObservationFlagged,
    ObservationRead,
    ObservationRecorded,
)
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Mention, Reader, Refused, When
from ingest import reading
from ingest.files.cells import clean
from projections.information import queue

#: Largest number of letters in one log entry: some two hundred pages.
LONGEST = 500_000
#: A worker's clock may be an hour or a day wrong, so an entry may seem to have been heard this far
#: in the future.
AHEAD = timedelta(days=2)
#: The sentence on a receipt for an urgent entry that no worker has taken.
UNREAD = "No assessor has read this entry yet. If a person is in danger, ring 999."


class RecordedWords(Struct, frozen=True):
    """The result of recording a log entry: the receipt, the mentions, and whether the urgent
    deadline applies.

    `words` is the cleaned text, to which the positions of the mentions refer; `drift_signs` propose
    a review of whether the source is covert; `flags` name inconsistencies.
    """

    receipt: Receipt
    words: str
    mentions: Sequence[Mention]
    urgency_signs: tuple[str, ...]
    urgent: bool
    drift_signs: tuple[str, ...] = ()
    flags: tuple[ObservationFlagged, ...] = ()


def record_entry(
    desk: Desk,
    reader: Reader,
    text: str,
    now: datetime,
    *,
    case: str | None = None,
    when: str | None = None,
    at: datetime | None = None,
    told: datetime | None = None,
    how_known: object = None,
    how_known_words: str | None = None,
    urgent_reason: str | None = None,
    odd: Sequence[observation.Flag] = (),
    **further: object,
) -> RecordedWords:
    """Record the text of a log entry and the mentions in it; `further` takes the arguments of
    `commands.information.observation.prepare`.

    `when` says in words when the events happened; if the words can mean two moments, `at` is the
    chosen one. `odd` are flags (inconsistencies) that the caller found. Raises Refused if the text
    has no words, more than `LONGEST` characters or a NUL character; CommandReused if the command id
    was used for other words; LogUnavailable.
    """
    if len(text) > LONGEST:
        raise Refused(
            f"the text has {len(text):,} letters, and at most {LONGEST:,} fit in one "
            "entry: record it in parts, or import it as a file"
        )
    if "\0" in text:
        raise Refused("the text contains a NUL character: remove it")
    words, unclean = clean(text, "words", len(text))
    told, unbelievable = _believable(told, now)
    flags: tuple[observation.Flag, ...] = (*unclean, *odd, *unbelievable)
    happened, changed = _happened(when, told or now, at)
    if happened and happened.start is None:
        flags += (("date-unresolved", "when", when),)
    if changed:
        flags += (("clocks-changed", "when", when),)
    if told and told > now:
        flags += (("told-after-recorded", "told", told.isoformat()),)
    # names that the case already has are recognised with more certainty
    names = observation.find_case_to_file(desk, reader, case)[1] if case else ()
    mentions = reading.read(words, written_at=told or now, names=names, known=desk.policy.places)
    signs = reading.urgency_signs(words)
    drift = reading.drift_signs(words)
    receipt = observation.record(
        desk,
        reader,
        words=words,
        kind="provenance-entry" if how_known or how_known_words else "snippet",
        case=case,
        told=told,
        happened=happened,
        how_known=how_known,
        how_known_words=how_known_words,
        urgent_reason=urgent_reason,
        mentions=mentions,
        urgency_signs=signs,
        drift_signs=drift,
        grammar=reading.GRAMMAR,
        flags=flags,
        **further,
    )
    source.transfer_held(desk, reader, waiting=False)
    urgent = urgent_reason is not None or bool(signs)
    return RecordedWords(receipt, words, mentions, signs, urgent, drift, _flagged(desk, receipt))


def _believable(
    heard_at: datetime | None, now: datetime
) -> tuple[datetime | None, tuple[observation.Flag, ...]]:
    """Return the time (UTC) at which a worker heard the entry, or None if no time is given; and
    flags. If the given time is impossible, because a clock was wrong, return None and a flag; the
    deadline then runs from the time of receipt.
    """
    if heard_at is None:
        return None, ()
    if heard_at.year < FIRST_YEAR:
        return None, (("date-before-1900", "told", heard_at.isoformat()),)
    if heard_at.year > now.year + 1 or heard_at.astimezone(UTC) > now + AHEAD:
        return None, (("date-in-future", "told", heard_at.isoformat()),)
    return heard_at.astimezone(UTC), ()


def correct(
    desk: Desk,
    reader: Reader,
    item: UUID | str,
    words: str,
    reason: str | None,
    **command: Unpack[Command],
) -> Receipt:
    """Add a correction to an entry. Signs of danger in it propose urgency, as in an entry."""
    signs = reading.urgency_signs(words)
    read = ObservationRead(reading.GRAMMAR, (), signs) if signs else None
    return observation.correct(desk, reader, item, words, reason, read, **command)


def _flagged(desk: Desk, receipt: Receipt) -> tuple[ObservationFlagged, ...]:
    """Return the flags of an entry; () if the log no longer answers, because the text is recorded
    already."""
    try:
        history = [fact.event for fact in desk.logs["evidence"].history(receipt.id)]
    except LogUnavailable:
        return ()
    return tuple(event for event in history if isinstance(event, ObservationFlagged))


def _happened(
    words: str | None, heard_at: datetime, at: datetime | None
) -> tuple[When | None, bool]:
    """Return when the events of an entry happened (None if the entry has no words about this), and
    whether this time falls into an hour in which the clocks were changed.
    """
    if not words:
        return None, False
    if at:
        return When(words, at, at + timedelta(minutes=1), "minute"), False
    found_moment = moment(words, heard_at)
    if found_moment is None:
        return When(words), False
    return When(
        words, found_moment.start, found_moment.end, found_moment.precision
    ), "clocks-changed" in found_moment.flags


def find_taker(desk: Desk, reader: Reader, receipt: Receipt) -> str | None:
    """Return the worker who has taken the entry that was just recorded, as far as the views show. A
    new entry has no such worker, but an entry that an earlier run of the same command recorded may
    have one."""
    if ObservationRecorded in desk.recorded:
        return None
    try:
        with desk.asking() as db:
            row = queue.get(db, reader, receipt.id)
    except LogUnavailable:
        return None
    return row.taken_by if row else None
