"""The warning that is shown while no process escalates due items."""

from datetime import datetime, timedelta

from domain.forms.intervals import LONDON

#: The time after its last sign of life at which the escalating process counts as stopped.
SILENT = timedelta(minutes=5)


def silence_warning(now: datetime, since: timedelta | None, urgent: bool) -> str | None:
    """Return, for receipts and screens, the warning that due items are not being escalated, or None
    if no warning is needed. `since` is the last sign of life of the escalating process. If there
    never was one (None), the warning is returned only if an `urgent` item waits.
    """
    if since is None:
        when = "" if urgent else None
    elif since > SILENT:
        last = (now - since).astimezone(LONDON)
        far = "" if last.date() == now.astimezone(LONDON).date() else f" on {last:%d %B}"
        when = f" since {last:%H:%M}{far}"
    else:
        when = None
    if when is None:
        return None
    return f"Nothing is being escalated{when}: ask your administrator to start `continuum watch`"
