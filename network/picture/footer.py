"""The note of every picture and export: protective marking, title, times, omissions."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from network.query.masked_export import MaskedExport
from network.query.safe_text import single_line
from network.query.view import NetworkAnswer
from projections.intelligence.links import LinkFilter

MARKING = "OFFICIAL-SENSITIVE"


class Stamp(Struct, frozen=True):
    """The time at which an export was made (UTC), to be shown on it.

    The time is shown only if the query is about the present: a map as known at an earlier time has
    the same bytes whenever it is drawn.
    """

    made: datetime
    synthetic: bool = False
    marking: str = MARKING


def marking(out: MaskedExport, stamp: Stamp) -> str:
    """Return the protective marking, with a note if a link has handling code C."""
    conditions = any(tie.pair.handling == "C" for tie in out.ties)
    return f"{stamp.marking} · handling C: conditions apply" if conditions else stamp.marking


def title(out: MaskedExport) -> str:
    """Return the title of the picture in one line; masked like its contents."""
    if len(out.focus) == 1:
        return f"Network around {out.focus[0].label}"
    if len(out.focus) == 2:
        return f"From {out.focus[0].label} to {out.focus[1].label}"
    match out.picture.layer:
        case "all":
            return "Network"
        case "offender-offender":
            return "Network of suspected offenders"
        case "offender-victim":
            return "Suspected offenders and children"
        case "victim-victim":
            return "Network of children and victims"
        case "through":
            return "Suspected offenders and what they share"


def as_of(picture: NetworkAnswer, stamp: Stamp) -> str:
    """Return in words the times to which the picture belongs: the dates in the world to which its
    links are limited, and the moment up to which records count.
    """
    link_filter = picture.link_filter
    moment_text = moment(link_filter.as_known or stamp.made)
    return f"{dates(link_filter, moment, capital=True)} · as known {moment_text}"


def dates(
    link_filter: LinkFilter, format_date: Callable[[datetime], str], *, capital: bool = False
) -> str:
    """Return in words the dates in the world to which a query is limited, or "all dates"."""
    parts = [f"as at {format_date(link_filter.as_at)}"] if link_filter.as_at else []
    parts += [f"from {format_date(link_filter.since)}"] if link_filter.since else []
    parts += [f"until {format_date(link_filter.until)}"] if link_filter.until else []
    words = " ".join(parts) or "all dates"
    return words[0].upper() + words[1:] if capital else words


def describe_left_out(out: MaskedExport) -> list[str]:
    """Return the omissions of the picture, each in a few words."""
    picture = out.picture
    if not out.inside:
        never = "ungraded items, links between children or victims, homes, links"
        return [f"{never} without the originator's consent: never shown"]
    notes = [f"{picture.ungraded} ungraded not shown"]
    if picture.weaker:
        notes.append(f"{picture.weaker} below the minimum grade not shown")
    if picture.team:
        notes.append(f"only links recorded by {single_line(picture.team, 60)}")
    if picture.hubs:
        notes.append(f"{count(len(picture.hubs), 'thing')} shared by very many not followed")
    if out.protected:
        notes.append(f"{count(out.protected, 'link')} between children or victims never shown")
    if out.at_home:
        notes.append("homes and placements never shown")
    return notes


def sentences(out: MaskedExport, stamp: Stamp) -> list[str]:
    """Return the whole note: marking, title, times, omissions, the policy behind strengths."""
    policy = out.picture.policy
    numbers = [f"{code}={worth:g}" for code, worth in policy.source.items()]
    numbers += [f"{code}={worth:g}" for code, worth in policy.information.items()]
    numbers.append(f"exhibit={policy.exhibit:g}")
    faded = f"half-life {policy.half_life_days:g} days" if policy.half_life_days else "no decay"
    notes = [marking(out, stamp), title(out), as_of(out.picture, stamp)]
    notes += ["SYNTHETIC: no real person or place"] if stamp.synthetic else []
    return [*notes, *describe_left_out(out), f"strengths by policy: {' '.join(numbers)}, {faded}"]


def moment(at: datetime) -> str:
    """Return a time as text in UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def count(number: int, word: str) -> str:
    """Return a number with its noun, such as `1 link` or `2 links`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
