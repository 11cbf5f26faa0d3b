"""Alerts: a suspect near a placement, a suspect in a child's home, an arrest of a victim or of a
parent, a message through a channel that a suspect shares, a contact with the child by a person who
was convicted or sentenced before.

An alert is raised as soon as the link or the arrest is recorded. It stays until a worker answers
it, even if meanwhile the case is closed or moved, the link ends or is retracted, the suspect is
cleared, or an item is restricted. A child's placement is shown only to people admitted to that
compartment. (The inquiry reports describe suspects who traced children after a move, and victims
and parents who were arrested while the child was exploited.)
"""

from collections import defaultdict
from typing import Unpack
from uuid import UUID

from msgspec.structs import replace

from access.who_may import scope
from commands.families.protection import Warned, answer_alert
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families.protection import Ringing
from domain.kernel.codes import AlertAnswer
from domain.kernel.values import Reader
from network.people.alert import Alert
from network.people.alert_signs import Signs
from projections.kernel.database import Db

__all__ = ["SOMEBODY", "Alert", "alerts", "answer", "list_alerts", "ringing", "unanswered"]

SOMEBODY = "a person whom the team looks at: ask the sergeant"


def alerts(db: Db, reader: Reader, case: UUID | None = None) -> list[Alert]:
    """Return the alerts that the reader may see, of all cases or only of `case`, with or without an
    answer: unanswered alerts first, and newer alerts before older ones.
    """
    shown = _named(db, reader, Signs(db, reader, case).answered())
    return sorted(
        shown, key=lambda alert: (alert.answer is not None, -alert.since.timestamp(), alert.id)
    )


def list_alerts(db: Db, reader: Reader, *, include_all: bool = False) -> list[Alert]:
    """Return the alerts that have no answer yet; with `include_all`, also the answered alerts."""
    return [alert for alert in alerts(db, reader) if include_all or alert.answer is None]


def answer(
    desk: Desk,
    reader: Reader,
    which: str,
    alert_answer: AlertAnswer,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Record the answer to an alert, which is given by its id or the end of its id. Raises Hidden
    if the reader may not see the alert, Refused if the answer has no reason.
    """

    def find() -> Warned:
        with desk.deciding() as db:
            found_alerts = {alert.id: alert for alert in alerts(db, reader)}
        chosen_alert = found_alerts[item_references.ending(which, found_alerts, "alert")]
        return chosen_alert.id, chosen_alert.case, chosen_alert.kind

    return answer_alert(desk, reader, which, find, alert_answer, reason, **command)


def unanswered(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """Return the unanswered alerts of one case."""
    return [alert.id for alert in alerts(db, reader, case) if alert.answer is None]


def ringing(db: Db, reader: Reader) -> list[Ringing]:
    """Return the unanswered alerts, each with the ids that it had before its suspect was judged the
    same as another person."""
    looking = Signs(db, reader, None)
    found_alerts = [alert for alert in looking.answered() if alert.answer is None]
    former = defaultdict[UUID, list[UUID]](list)
    for before, now in looking.former_ids(found_alerts).items():
        if before != now:
            former[now].append(before)
    return [
        Ringing(alert.id, alert.case, alert.kind, alert.since, tuple(former[alert.id]))
        for alert in found_alerts
    ]


def _named(db: Db, reader: Reader, found_alerts: list[Alert]) -> list[Alert]:
    """Return the alerts, each with the names of its suspect and of the linked thing, and with the
    link, if the reader may see these.
    """
    named = {
        item for alert in found_alerts for item in (alert.subject, alert.via, *alert.links) if item
    }
    seen = scope.visible_items(db, reader, named)
    return [_shown(alert, seen) for alert in found_alerts]


def _shown(alert: Alert, seen: set[UUID]) -> Alert:
    """Return the alert without the facts that the reader may not see: its suspect, the thing
    through which the suspect is linked, and its links. A reader who may not know the place gets
    neither the thing nor the links.
    """
    who, place_is_visible = alert.subject in seen, not (alert.holders or alert.unheld)
    return replace(
        alert,
        subject=alert.subject if who else None,
        subject_label=_called(alert, seen),
        via=alert.via
        if place_is_visible and alert.via in seen and (who or alert.subject is None)
        else None,
        links=tuple(link for link in alert.links if link in seen)
        if place_is_visible and who
        else (),
    )


def _called(alert: Alert, seen: set[UUID]) -> str:
    if alert.subject is None:
        return alert.subject_label
    return alert.subject_label if alert.subject in seen else SOMEBODY
