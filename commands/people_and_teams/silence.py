"""What is said while nobody carries on what is due."""

from datetime import datetime, timedelta

from domain.forms.intervals import LONDON

#: After so long without a sign of life nothing is being escalated.
SILENT = timedelta(minutes=5)


def silence(now: datetime, since: timedelta | None, urgent: bool) -> str | None:
    """What receipts and screens say where nobody carries on what is due: `since` is how long ago
    the last sign of life was, None where there never was one; then only where something `urgent`
    waits."""
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
