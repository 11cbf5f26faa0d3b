"""Reviews of whether a source has become a covert human intelligence source: the request and the
decision.
"""

from collections.abc import Callable
from datetime import date
from typing import Unpack
from uuid import UUID

from commands.information.source import resolve_source, token_of
from commands.kernel.entity import find
from commands.kernel.unit_of_work import Command, Desk, Receipt, act_on_named
from domain.information import covert_source_review
from domain.information.covert_source_review import Drift, StatusReviewDue
from domain.kernel.codes import DriftDecision, DriftGrounds
from domain.kernel.envelope import Event
from domain.kernel.values import Reader, Refused
from projections.information.covert_source_review import reviews

#: The smallest number of final digits of an id by which a user may name a source.
LEAST_DIGITS = 6


def review_due(
    desk: Desk,
    reader: Reader,
    text: str,
    suspect: str,
    grounds: DriftGrounds,
    reason: str,
    *,
    under_16: bool | None = None,
    own_parent: bool | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record signs that a source has become a covert source (CHIS), about which a detective
    inspector now has to decide. `text` is the source's token, or the log entry with the signs.
    """
    today = desk.clock().date()

    def found() -> StatusReviewDue:
        token, seen_in = token_of(desk, reader, resolve_source(desk, reader, text))
        who, kind = find(desk, reader, suspect)
        if kind != "person":
            raise Refused(f"{suspect!r} is a {kind}, not a person: name the suspect")
        return StatusReviewDue(token, who, grounds, reason, seen_in, under_16, own_parent)

    return _act(
        desk,
        reader,
        "source.status_review",
        f"{text}|{suspect}",
        lambda: (found().source, found().suspect),
        lambda s: covert_source_review.review_due(s, found(), today),
        [grounds, reason, under_16, own_parent],
        former=lambda: [found()],
        **command,
    )


def decide(
    desk: Desk,
    reader: Reader,
    text: str,
    suspect: str,
    decision: DriftDecision,
    expires: date,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Record the decision whether a source has become a covert source (CHIS) about a suspect. The
    decision is valid until the day `expires`.
    """
    today = desk.clock().date()

    def found() -> tuple[UUID, UUID]:
        token, _ = token_of(desk, reader, resolve_source(desk, reader, text))
        who = _pending_suspect(desk, reader, token, suspect) or find(desk, reader, suspect)[0]
        return token, who

    return _act(
        desk,
        reader,
        "source.status_decision",
        f"{text}|{suspect}",
        found,
        lambda s: covert_source_review.decide(s, *found(), decision, expires, reason, today),
        [decision, expires, reason],
        **command,
    )


def _pending_suspect(desk: Desk, reader: Reader, token: UUID, suspect: str) -> UUID | None:
    """Return the suspect whose id is `suspect` or ends with it, if a decision about this source and
    that suspect is pending; None if none fits, or several. Other suspects are not searched, because
    the register's administrator may not see them.
    """
    wanted = suspect.strip().lower().replace("-", "")
    with desk.deciding() as db:
        rows = reviews(db, reader, desk.clock())
    found_items = {row.suspect for row in rows if row.source == token}
    fitting = [
        item for item in found_items if len(wanted) >= LEAST_DIGITS and item.hex.endswith(wanted)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _act(
    desk: Desk,
    reader: Reader,
    name: str,
    text: str,
    find: Callable[[], tuple[UUID, UUID]],
    decide: Callable[[Drift], tuple[Event, ...]],
    body: object,
    *,
    former: Callable[[], object] | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record one decision whether a source has become a covert source about a suspect. The source
    and the suspect are looked up only if the command is not a repetition.
    """

    return act_on_named(
        desk,
        reader,
        name,
        text,
        lambda: covert_source_review.pair(*find()),
        Drift(),
        covert_source_review.evolve,
        decide,
        body,
        former=former,
        log="sources",
        **command,
    )
