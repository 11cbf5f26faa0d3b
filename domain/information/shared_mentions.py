"""What others have said: which things named in two sets of words join them, and how strongly.

The machine finds a join and it is nothing by itself: a person confirms it or dismisses it, with a
reason, and neither makes a link. Which kinds of things join, and how far each is trusted, stands in
the tables here. Source: small things join up (report, intelligence sharing: "names, nicknames,
cars, times"); the numbers order a list and are the product's own [verify].
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import log2, prod
from typing import Annotated, ClassVar, Literal, NamedTuple, cast, get_args
from uuid import UUID, uuid5

from domain import forms
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NOT_CHECKED, OWNER, WRITTEN
from domain.kernel.values import Mention, MentionKind, Refused

PAIRS = UUID("c0b6b1f2-7f43-5a0e-9d3c-51f4a7e2d908")
#: What is compared: a person's own name never is.
ClueKind = Literal["vrm", "vrm_partial", "phone", "handle", "place", "nickname", "vehicle"]
CLUE_KINDS: tuple[ClueKind, ...] = get_args(ClueKind)
_READ_AS: dict[MentionKind, ClueKind] = {
    **{kind: kind for kind in CLUE_KINDS},
    "postcode": "place",
}
#: How far the same thing of each kind says that two speak of the same, at most 1. A nickname, a
#: place or a car's description says little alone; two of them together are enough.
TRUST: dict[ClueKind, float] = {
    "vrm": 0.95,
    "phone": 0.95,
    "handle": 0.9,
    "place": 0.25,
    "nickname": 0.2,
    "vehicle": 0.2,
}
#: How far a plate of which so many characters are known in both is trusted.
PARTLY = {3: 0.35, 4: 0.55, 5: 0.7, 6: 0.85}
LEAST_KNOWN = min(PARTLY)
#: From here on a join is told; below it stands in the list alone.
ENOUGH = 0.35
#: Of one team's words that name a thing so many, the newest, are compared with what comes; and of
#: its records of it. What one team recorded never keeps another team's from being compared.
NEWEST = 5
NEWEST_RECORDS = 3
#: Of one team's plates of which a part was caught so many are looked at, those that it named last
#: for the first time, and of all that name one of them the `NEWEST`: a part fits many.
PLATES = 20
#: What more than so many name of whom somebody may know is common, and is not listed beside.
HUB = 20
#: How the key begins under which the plates are found of which a part was caught.
PART = "~"
#: A thing that so many or fewer have named is rare.
RARE = 3
#: Days after which words about the same thing lie half as close.
HALF_CLOSE = timedelta(days=90)


class JoinConfirmed(Event, frozen=True):
    """A person confirmed that two items concern the same subject. It makes no link."""

    stored: ClassVar = Stored("join.confirmed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("assess", "triage"), commands=("join.confirm",))
    a: Annotated[UUID, ABOUT, OWNER]
    b: Annotated[UUID, NOT_CHECKED, OWNER]
    reason: Annotated[str | None, WRITTEN] = None


class JoinDismissed(Event, frozen=True):
    """A person dismissed a possible corroboration, with a reason. It is proposed again if something
    new speaks for it."""

    stored: ClassVar = Stored("join.dismissed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("assess", "triage"), commands=("join.dismiss",))
    a: Annotated[UUID, ABOUT, OWNER]
    b: Annotated[UUID, NOT_CHECKED, OWNER]
    reason: Annotated[str, WRITTEN]


EVENTS = (JoinConfirmed, JoinDismissed)


@dataclass(frozen=True)
class JoinDecision:
    """What was decided last about a pair."""

    event: Event | None = None


def evolve(state: JoinDecision, event: Event) -> JoinDecision:
    match event:
        case JoinConfirmed() | JoinDismissed():
            return JoinDecision(event)
    return state


def pair_id(a: UUID, b: UUID) -> UUID:
    """The id of a join, and the stream of what was decided about it: the same whichever came
    first."""
    return uuid5(PAIRS, "|".join(sorted((str(a), str(b)))))


def confirm(state: JoinDecision, confirmed: JoinConfirmed) -> tuple[Event, ...]:
    """Confirming again changes nothing."""
    return () if isinstance(state.event, JoinConfirmed) else (confirmed,)


def dismiss(dismissed: JoinDismissed) -> tuple[Event, ...]:
    """Raises Refused without a reason."""
    if not dismissed.reason.strip():
        raise Refused("say why they do not speak of the same", field="reason")
    return (dismissed,)


# --- which things join ------------------------------------------------------------------------


class Clue(NamedTuple):
    """A thing that words name, in its normal form."""

    kind: ClueKind
    normal: str


def clues(mentions: Iterable[Mention]) -> tuple[Clue, ...]:
    """What of all that was read in words may join them with others', each once."""
    found: dict[Clue, None] = {}
    for mention in mentions:
        kind = _READ_AS.get(mention.kind)
        if not kind or not mention.normalised:
            continue
        clue = Clue(kind, mention.normalised)
        if kind != "vrm_partial" or partial(mention.normalised):
            found[clue] = None
    return tuple(found)


def partial(normal: str) -> Clue | None:
    """A part of a plate, where enough of it was caught to compare it."""
    return Clue("vrm_partial", normal) if _run(normal) else None


def _run(partial: str) -> str | None:
    """The longest run of characters of a plate that was caught in part, if it is long enough."""
    run = max(forms.confusables(partial).split("*"), key=len)
    return run if len(run) >= LEAST_KNOWN else None


#: Characters of a part of a plate by which it is looked up, at most.
_LONGEST = 5
#: What says little alone: it is looked up in twos.
WEAK: tuple[ClueKind, ...] = ("place", "nickname", "vehicle")
#: So many twos of one text are kept: a long log of many names is no sign of one meeting.
_TWOS = 60


def stored_under(told: Collection[Clue]) -> frozenset[str]:
    """The keys under which others find these clues: each of them, of a plate its parts too, and of
    those that say little two of different kinds together."""
    keys = {key for one in told for key in _stored(one)}
    return frozenset(keys | set(_twos(told)))


def looked_up(told: Collection[Clue]) -> frozenset[str]:
    """The keys under which these clues find others that are told of: of a plate also the parts
    that others caught of it."""
    return frozenset({key for one in told for key in _sought(one)} | set(_twos(told)))


def parts_of(key: str) -> tuple[str, ...]:
    """The keys of the parts of the plate that this key names; none where it names no plate."""
    return tuple(f"{PART}{part}" for part in _parts(key[1:])) if key[:1] in ("=", "*") else ()


def watched(kind: str, normal: str) -> frozenset[str]:
    """The keys by which words meet what somebody watches for."""
    if kind == "name":
        return frozenset({f"name:{normal}"})
    return frozenset(_stored(Clue(cast(ClueKind, kind), normal)))


def watched_by(mentions: Collection[Mention], told: Collection[Clue]) -> frozenset[str]:
    """The keys by which words are found by those who watch: a name too."""
    names = {
        f"name:{one.normalised}"
        for one in mentions
        if one.kind in ("person", "nickname") and one.normalised
    }
    return looked_up(told) | names


def beside(told: Collection[Clue]) -> frozenset[str]:
    """The keys of what is only listed: a place, and what a car looks like, alone."""
    return frozenset(f"{one.kind}:{one.normal}" for one in told if one.kind in ("place", "vehicle"))


def itself(clue: Clue) -> str | None:
    """The key that all share who name this clue, or more of it; None for a nickname, which is no
    key alone."""
    if clue.kind == "vrm_partial":
        return f"~{(_run(clue.normal) or '')[:_LONGEST]}"
    both = _stored(clue) & _sought(clue) or beside([clue])
    return min(both, default=None)


def _stored(clue: Clue) -> set[str]:
    match clue.kind:
        case "vrm":
            plate = forms.confusables(clue.normal)
            return {f"={plate}", *(f"~{part}" for part in _parts(plate))}
        case "vrm_partial":
            run = _run(clue.normal) or ""
            return {f"*{run}", *(f"~{part}" for part in _parts(run))}
        case "handle":
            return {f"handle:{forms.handle_name(clue.normal)}"}
        case "nickname":
            return set()
    return {f"{clue.kind}:{clue.normal}"}


def _sought(clue: Clue) -> set[str]:
    match clue.kind:
        case "vrm":
            plate = forms.confusables(clue.normal)
            return {f"={plate}", *(f"*{part}" for part in _parts(plate, len(plate)))}
        case "vrm_partial":
            run = _run(clue.normal) or ""
            return {f"~{run[:_LONGEST]}", *(f"*{part}" for part in _parts(run, len(run)))}
        case "phone" | "handle":
            return _stored(clue)
    return set()


def _twos(told: Collection[Clue]) -> list[str]:
    weak = sorted({one for one in told if one.kind in WEAK})
    pairs = ((one, other) for one in weak for other in weak if one.kind < other.kind)
    return [f"{one.normal}|{other.normal}" for one, other in islice(pairs, _TWOS)]


def _parts(plate: str, longest: int = _LONGEST) -> Iterator[str]:
    for size in range(LEAST_KNOWN, longest + 1):
        for at in range(len(plate) - size + 1):
            yield plate[at : at + size]


def trust(one: Clue, other: Clue) -> float:
    """How far these two say that both speak of the same; 0 where they do not fit."""
    plates = {"vrm", "vrm_partial"}
    if one.kind in plates and other.kind in plates:
        return _plates(one, other)
    if one.kind != other.kind:
        return 0.0
    if one.kind == "handle":
        return _handles(one.normal, other.normal)
    return TRUST[one.kind] if one.normal == other.normal else 0.0


def _plates(one: Clue, other: Clue) -> float:
    a, b = forms.confusables(one.normal), forms.confusables(other.normal)
    if one.kind == other.kind == "vrm":
        if a != b:
            return 0.0
        return TRUST["vrm"] if one.normal == other.normal else PARTLY[6]
    if one.kind == other.kind:
        shorter, longer = sorted((_run(a) or "", _run(b) or ""), key=len)
        fits = shorter in longer and _together(a, b)
        return PARTLY[min(6, len(shorter))] if shorter and fits else 0.0
    partial, whole = (a, b) if one.kind == "vrm_partial" else (b, a)
    if not _run(partial) or not forms.plate_matches(partial, whole):
        return 0.0
    return PARTLY[min(6, len(partial.replace("*", "")))]


def _together(a: str, b: str) -> bool:
    """Whether two parts can be of one plate, where both tell how many characters it has."""
    if len(a) != len(b):
        return True
    return all(x == y or "*" in (x, y) for x, y in zip(a, b, strict=True))


def _handles(one: str, other: str) -> float:
    """A name on two platforms is two accounts; where one platform is not told, it may be one."""
    if one == other:
        return TRUST["handle"]
    if forms.handle_name(one) != forms.handle_name(other) or (":" in one and ":" in other):
        return 0.0
    return PARTLY[5]


class SharedMention(NamedTuple):
    """A thing that both name: as the one says it, as the other does, and how far it is trusted."""

    kind: ClueKind
    mine: str
    theirs: str
    trust: float


def shared(mine: Collection[Clue], theirs: Collection[Clue]) -> tuple[SharedMention, ...]:
    """What both name, each of mine by what fits it best; the most trusted first."""
    found = []
    for one in mine:
        score, other = max(((trust(one, each), each) for each in theirs), default=(0.0, None))
        if other and score:
            kind = one.kind if one.kind != "vrm_partial" else other.kind
            found.append(SharedMention(kind, one.normal, other.normal, score))
    return tuple(sorted(found, key=lambda each: (-each.trust, each)))


def strength(each: Iterable[float]) -> float:
    """How far several things together say that both speak of the same."""
    return round(1 - prod(1 - one for one in each), 3)


def tells(found: Iterable[SharedMention]) -> bool:
    """Whether what both name is enough to tell somebody."""
    return strength(one.trust for one in found) >= ENOUGH


# --- in which order they are looked at --------------------------------------------------------


def rarity(named: int) -> float:
    """What a thing says that so many have named: all of it while it is rare, then less and less."""
    return 1.0 if named <= RARE else 1 / (1 + log2(named / RARE))


def closeness(apart: timedelta) -> float:
    """How close two tellings lie in time: 1 on the same day, half of it after `HALF_CLOSE`."""
    return float(0.5 ** (abs(apart) / HALF_CLOSE))


def rank(each: Iterable[tuple[float, int]], apart: timedelta, roots: int) -> float:
    """Where a join stands: by how far each thing is trusted and how many have named it, how close
    in time they were told, and by how many independent roots (0: not known). At most 1."""
    told = strength(trusted * rarity(named) for trusted, named in each)
    independent = 1.0 if roots > 1 else 0.9
    return round(told * (0.8 + 0.2 * closeness(apart)) * independent, 3)


def apart(one: datetime, other: datetime) -> str:
    """How far two tellings lie apart, in words."""
    days = abs(one - other).days
    return "on the same day" if not days else "a day apart" if days == 1 else f"{days} days apart"
