"""What every picture and export says about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from network.query.masked_export import MaskedExport
from network.query.safe_text import plain
from network.query.view import NetworkAnswer
from projections.intelligence.links import LinkFilter

MARKING = "OFFICIAL-SENSITIVE"


@dataclass(frozen=True)
class Stamp:
    """`made` is when the export was made (UTC): it shows only where the question names no time of
    its own, so that a map as known then is the same bytes whenever it is drawn again."""

    made: datetime
    synthetic: bool = False
    marking: str = MARKING


def marking(out: MaskedExport, stamp: Stamp) -> str:
    """The marking, and that conditions apply to something in it (handling code C)."""
    conditions = any(tie.pair.handling == "C" for tie in out.ties)
    return f"{stamp.marking} · handling C: conditions apply" if conditions else stamp.marking


def title(out: MaskedExport) -> str:
    """What the picture shows, in a line; masked like everything else in it."""
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
    """As at and as known."""
    asked = picture.asked
    known = moment(asked.as_known or stamp.made)
    return f"{dates(asked, moment, capital=True)} · as known {known}"


def dates(asked: LinkFilter, said: Callable[[datetime], str], *, capital: bool = False) -> str:
    """Of which dates in the world an answer speaks."""
    parts = [f"as at {said(asked.as_at)}"] if asked.as_at else []
    parts += [f"from {said(asked.since)}"] if asked.since else []
    parts += [f"until {said(asked.until)}"] if asked.until else []
    words = " ".join(parts) or "all dates"
    return words[0].upper() + words[1:] if capital else words


def left_out(out: MaskedExport) -> list[str]:
    """What is not in it, each in a few words."""
    picture = out.picture
    if not out.inside:
        never = "ungraded items, ties between children or victims, homes, what an originator has"
        return [f"{never} not consented to: never shown"]
    said = [f"{picture.ungraded} ungraded not shown"]
    if picture.weaker:
        said.append(f"{picture.weaker} below the minimum grade not shown")
    if picture.team:
        said.append(f"only what {plain(picture.team, 60)} asserted")
    if picture.hubs:
        said.append(f"{count(len(picture.hubs), 'thing')} that very many share not followed")
    if out.protected:
        said.append(f"{count(out.protected, 'tie')} between children or victims never shown")
    if out.at_home:
        said.append("homes and placements never shown")
    return said


def sentences(out: MaskedExport, stamp: Stamp) -> list[str]:
    """The whole note: marking, title, times, what is left out, the policy behind strengths."""
    policy = out.picture.policy
    numbers = [f"{code}={worth:g}" for code, worth in policy.source.items()]
    numbers += [f"{code}={worth:g}" for code, worth in policy.information.items()]
    numbers.append(f"exhibit={policy.exhibit:g}")
    faded = f"half-life {policy.half_life_days:g} days" if policy.half_life_days else "no decay"
    said = [marking(out, stamp), title(out), as_of(out.picture, stamp)]
    said += ["SYNTHETIC: no real person or place"] if stamp.synthetic else []
    return [*said, *left_out(out), f"strengths by policy: {' '.join(numbers)}, {faded}"]


def moment(at: datetime) -> str:
    """A time in UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def count(number: int, word: str) -> str:
    """`1 tie`, `2 ties`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
