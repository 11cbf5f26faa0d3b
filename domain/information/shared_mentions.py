"""Possible corroboration: the mentions that two log entries share, and how strongly these connect
the entries.

The program only proposes a pair. A person confirms or dismisses the pair, with a reason; neither
decision makes a link. The tables here say which kinds of mentions are compared ("names, nicknames,
cars, times" in the report), and how far each kind is trusted. The numbers serve only to order a
list; they are this program's own [verify].

The file is long because its rules are read together.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from math import log2, prod
from typing import Annotated, ClassVar, Literal, NamedTuple, cast, get_args
from uuid import UUID, uuid5

from msgspec import Struct

from domain import forms
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NOT_CHECKED, OWNER, WRITTEN
from domain.kernel.values import Mention, MentionKind, Refused

PAIRS = UUID("c0b6b1f2-7f43-5a0e-9d3c-51f4a7e2d908")
#: The kinds of mentions that are compared. A person's own name is not compared.
ClueKind = Literal["vrm", "vrm_partial", "phone", "handle", "place", "nickname", "vehicle"]
CLUE_KINDS: tuple[ClueKind, ...] = get_args(ClueKind)
_READ_AS: dict[MentionKind, ClueKind] = {
    **{kind: kind for kind in CLUE_KINDS},
    "postcode": "place",
}
#: How strongly a shared mention of each kind suggests that two entries have the same subject, at
#: most 1. A nickname, a place or a car's description alone says little; two of them together are
#: enough.
TRUST: dict[ClueKind, float] = {
    "vrm": 0.95,
    "phone": 0.95,
    "handle": 0.9,
    "place": 0.25,
    "nickname": 0.2,
    "vehicle": 0.2,
}
#: The probability that two partial plates are the same plate, by the number of characters that both
#: have.
PARTLY = {3: 0.35, 4: 0.55, 5: 0.7, 6: 0.85}
LEAST_KNOWN = min(PARTLY)
#: Possible corroboration of at least this strength notifies an officer; a weaker one is only
#: listed.
ENOUGH = 0.35
#: A new entry is compared with at most this many entries of each team that mention the same plate,
#: name or place, the newest first. `NEWEST_RECORDS` limits a team's other records in the same way.
#: Each team has its own limit, so that one team's entries never displace another's.
NEWEST = 5
NEWEST_RECORDS = 3
#: A partial plate may match many whole plates. At most this many plates of each team are looked up,
#: the newest first, and of each plate the `NEWEST` entries.
PLATES = 20
#: If more entries than this mention a plate, place or name, it is common, and a shared mention of
#: it is not listed.
HUB = 20
#: The prefix of the lookup keys of partial plates.
PART = "~"
#: A plate, place or name that at most this many entries mention is rare.
RARE = 3
#: If two entries are this far apart in time, their closeness in time is half that of two entries of
#: the same moment.
HALF_CLOSE = timedelta(days=90)

#: The noun for the thing that two entries share ("the phone"), written before its normal form.
CALLED: dict[ClueKind, str] = {
    "vrm": "the plate",
    "vrm_partial": "part of a plate,",
    "phone": "the phone",
    "handle": "the account",
    "place": "the place",
    "nickname": "the nickname",
    "vehicle": "a",
}


class JoinConfirmed(Event, frozen=True):
    """A person confirmed that two items concern the same subject. The confirmation makes no
    link."""

    stored: ClassVar = Stored("join.confirmed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("assess", "triage"), commands=("join.confirm",), doubts=("result",)
    )
    a: Annotated[UUID, ABOUT, OWNER]
    b: Annotated[UUID, NOT_CHECKED, OWNER]
    reason: Annotated[str | None, WRITTEN] = None


class JoinDismissed(Event, frozen=True):
    """A person dismissed a possible corroboration, with a reason. It is proposed again if something
    new supports it.
    """

    stored: ClassVar = Stored("join.dismissed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("assess", "triage"), commands=("join.dismiss",))
    a: Annotated[UUID, ABOUT, OWNER]
    b: Annotated[UUID, NOT_CHECKED, OWNER]
    reason: Annotated[str, WRITTEN]


EVENTS = (JoinConfirmed, JoinDismissed)


class JoinDecision(Struct, frozen=True):
    """The latest decision on whether two items concern the same subject; `event` is None if there
    was no decision.
    """

    event: Event | None = None


def evolve(state: JoinDecision, event: Event) -> JoinDecision:
    match event:
        case JoinConfirmed() | JoinDismissed():
            return JoinDecision(event)
    return state


def pair_id(a: UUID, b: UUID) -> UUID:
    """Return the id of a pair of log entries, which is also the id of the stream of decisions about
    the pair. The order of the entries does not matter.
    """
    first_text, second_text = (str(a), str(b)) if a.int < b.int else (str(b), str(a))
    return uuid5(PAIRS, f"{first_text}|{second_text}")


def confirm(state: JoinDecision, confirmed: JoinConfirmed) -> tuple[Event, ...]:
    """Return the event that a person confirmed that two log entries concern the same subject; () if
    that was confirmed before.
    """
    return () if isinstance(state.event, JoinConfirmed) else (confirmed,)


def dismiss(dismissed: JoinDismissed) -> tuple[Event, ...]:
    """Dismiss a possible corroboration. Raises Refused if there is no reason."""
    if not dismissed.reason.strip():
        raise Refused("say why the two entries are not about the same subject", field="reason")
    return (dismissed,)


# --- which mentions connect entries ---------------------------------------------------------


class Clue(NamedTuple):
    """A number plate, phone, name, place or the like that a log entry mentions, in its normal form;
    it may connect the entry with other entries.
    """

    kind: ClueKind
    normal: str


def clues(mentions: Iterable[Mention]) -> tuple[Clue, ...]:
    """Return the clues of an entry that may connect it with others, without duplicates."""
    distinct: dict[Clue, None] = {}
    for mention in mentions:
        kind = _READ_AS.get(mention.kind)
        if not kind or not mention.normalised:
            continue
        clue = Clue(kind, mention.normalised)
        if kind != "vrm_partial" or partial(mention.normalised):
            distinct[clue] = None
    return tuple(distinct)


def partial(normal: str) -> Clue | None:
    """Return a partial plate as a clue; None if too few of its characters were read."""
    return Clue("vrm_partial", normal) if _longest_run(normal) else None


def _longest_run(partial: str) -> str | None:
    """Return the longest run of known characters in a partly read number plate; None if it is too
    short to compare.
    """
    run = max(forms.confusables(partial).split("*"), key=len)
    return run if len(run) >= LEAST_KNOWN else None


#: The largest number of characters of a partial plate in one lookup key.
_LONGEST = 5
#: Kinds of mention that say little by themselves; they are looked up in pairs.
WEAK: tuple[ClueKind, ...] = ("place", "nickname", "vehicle")
#: The largest number of pairs of weak mentions that are formed for one entry. A long log with many
#: names and places does not describe one meeting, so its pairs say little.
_TWOS = 60


def storage_keys(clues: Collection[Clue]) -> frozenset[str]:
    """Return the keys under which a log entry is stored, so that later entries that mention the
    same can be matched with it. There is a key for each clue (mention), for parts of a number
    plate, and for each pair of weak clues of different kinds.
    """
    keys = {key for clue in clues for key in _stored(clue)}
    return frozenset(keys | set(_pair_keys(clues)))


def all_keys(clues: Collection[Clue]) -> frozenset[str]:
    """Return all keys under which a log entry with these clues (mentions) may be stored, except the
    keys for parts of plates. A stored entry with many weak clues has keys for only some of their
    pairs; this function returns the keys of all pairs.
    """
    keys = {key for clue in clues for key in _stored(clue)} | set(_pair_keys(clues, None))
    return frozenset(key for key in keys if key[:1] != PART)


def lookup_keys(clues: Collection[Clue]) -> frozenset[str]:
    """Return the keys with which to look up the other log entries that may match an entry with
    these clues (mentions). For a number plate these include the keys of the plate's parts, because
    another entry may have only a part of the plate.
    """
    return frozenset({key for clue in clues for key in _sought(clue)} | set(_pair_keys(clues)))


def parts_of(key: str) -> tuple[str, ...]:
    """Return the lookup keys for parts of a number plate; `key` is the key of a whole or partly
    read plate. Return () if `key` belongs to another kind of mention.
    """
    return tuple(f"{PART}{part}" for part in _parts(key[1:])) if key[:1] in ("=", "*") else ()


def watch_keys(kind: str, normal: str) -> frozenset[str]:
    """Return the keys under which a standing search for this name or number is stored."""
    if kind == "name":
        return frozenset({f"name:{normal}"})
    return _stored(Clue(cast(ClueKind, kind), normal))


def watch_lookup_keys(mentions: Collection[Mention], clues: Collection[Clue]) -> frozenset[str]:
    """Return the keys with which to look up the standing searches (saved searches that notify an
    officer) that match a log entry: the keys that `lookup_keys` returns for the entry's clues, and
    a key for each name in the entry.
    """
    names = {
        f"name:{mention.normalised}"
        for mention in mentions
        if mention.kind in ("person", "nickname") and mention.normalised
    }
    return lookup_keys(clues) | names


def listed_only_keys(clues: Collection[Clue]) -> frozenset[str]:
    """Return the keys of the places and vehicle descriptions among these clues (mentions). A place
    or a description alone is too weak to connect two log entries, so a match by one such key is
    only shown in a list, without a notification.
    """
    return frozenset(
        f"{clue.kind}:{clue.normal}" for clue in clues if clue.kind in ("place", "vehicle")
    )


def own_key(clue: Clue) -> str | None:
    """Return the one key that all log entries with this clue (mention) have. Entries with a longer
    part of the same number plate have the key of a partial plate, too. Return None for a kind of
    clue that has no key of its own, such as a nickname.
    """
    if clue.kind == "vrm_partial":
        return f"~{(_longest_run(clue.normal) or '')[:_LONGEST]}"
    both = _stored(clue) & _sought(clue) or listed_only_keys([clue])
    return min(both, default=None)


@lru_cache(maxsize=4096)
def _stored(clue: Clue) -> frozenset[str]:
    match clue.kind:
        case "vrm":
            plate = forms.confusables(clue.normal)
            return frozenset({f"={plate}", *(f"~{part}" for part in _parts(plate))})
        case "vrm_partial":
            run = _longest_run(clue.normal) or ""
            return frozenset({f"*{run}", *(f"~{part}" for part in _parts(run))})
        case "handle":
            return frozenset({f"handle:{forms.handle_name(clue.normal)}"})
        case "nickname":
            return frozenset()
    return frozenset({f"{clue.kind}:{clue.normal}"})


@lru_cache(maxsize=4096)
def _sought(clue: Clue) -> frozenset[str]:
    match clue.kind:
        case "vrm":
            plate = forms.confusables(clue.normal)
            return frozenset({f"={plate}", *(f"*{part}" for part in _parts(plate, len(plate)))})
        case "vrm_partial":
            run = _longest_run(clue.normal) or ""
            part_keys = (f"*{part}" for part in _parts(run, len(run)))
            return frozenset({f"~{run[:_LONGEST]}", *part_keys})
        case "phone" | "handle":
            return _stored(clue)
    return frozenset()


def _pair_keys(clues: Collection[Clue], most: int | None = _TWOS) -> list[str]:
    weak = sorted({clue for clue in clues if clue.kind in WEAK})
    pairs = ((clue, other) for clue in weak for other in weak if clue.kind < other.kind)
    return [f"{clue.normal}|{other.normal}" for clue, other in islice(pairs, most)]


def _parts(plate: str, longest: int = _LONGEST) -> Iterator[str]:
    for size in range(LEAST_KNOWN, longest + 1):
        for at in range(len(plate) - size + 1):
            yield plate[at : at + size]


_PLATES = ("vrm", "vrm_partial")


def trust(first_clue: Clue, second_clue: Clue) -> float:
    """Return how strongly two clues suggest that two log entries concern the same subject; 0 if the
    clues contradict each other.
    """
    if first_clue.kind in _PLATES and second_clue.kind in _PLATES:
        return _plates(first_clue, second_clue)
    if first_clue.kind != second_clue.kind:
        return 0.0
    if first_clue.kind == "handle":
        return _handles(first_clue.normal, second_clue.normal)
    return TRUST[first_clue.kind] if first_clue.normal == second_clue.normal else 0.0


def _plates(first_clue: Clue, second_clue: Clue) -> float:
    if first_clue.kind == "vrm" and first_clue == second_clue:
        return TRUST["vrm"]
    a, b = forms.confusables(first_clue.normal), forms.confusables(second_clue.normal)
    if first_clue.kind == second_clue.kind == "vrm":
        if a != b:
            return 0.0
        return TRUST["vrm"] if first_clue.normal == second_clue.normal else PARTLY[6]
    if first_clue.kind == second_clue.kind:
        shorter, longer = sorted((_longest_run(a) or "", _longest_run(b) or ""), key=len)
        fits = shorter in longer and _may_be_one_plate(a, b)
        return PARTLY[min(6, len(shorter))] if shorter and fits else 0.0
    partial, whole = (a, b) if first_clue.kind == "vrm_partial" else (b, a)
    if not _longest_run(partial) or not forms.plate_matches(partial, whole):
        return 0.0
    return PARTLY[min(6, len(partial.replace("*", "")))]


def _may_be_one_plate(a: str, b: str) -> bool:
    """Return whether two partial plates can be the same plate, if each shows its beginning or its
    end.
    """
    if len(a) != len(b):
        return True
    return all(x == y or "*" in (x, y) for x, y in zip(a, b, strict=True))


def _handles(first_text: str, second_text: str) -> float:
    """Return how likely it is that two account names mean the same account: a number up to 1. The
    same name on two platforms means two accounts; if one name has no platform, both may be the same
    account.
    """
    if first_text == second_text:
        return TRUST["handle"]
    if forms.handle_name(first_text) != forms.handle_name(second_text) or (
        ":" in first_text and ":" in second_text
    ):
        return 0.0
    return PARTLY[5]


class SharedMention(NamedTuple):
    """A mention that two entries share: the forms in which the first entry (`mine`) and the second
    (`theirs`) have it, and how likely it is that both forms mean the same thing (`trust`).
    """

    kind: ClueKind
    mine: str
    theirs: str
    trust: float


def find_shared(mine: Collection[Clue], theirs: Collection[Clue]) -> tuple[SharedMention, ...]:
    """Return the mentions that two entries share, the most certain match first. `mine` are the
    clues of the first entry, `theirs` those of the second. Each clue of the first entry is paired
    with the clue of the second entry that matches it best.
    """
    by_kind: dict[str, list[Clue]] = {}
    for clue in theirs:
        by_kind.setdefault(_compared_as(clue), []).append(clue)
    matches = []
    for first_clue in mine:
        # a clue is compared only with clues of its own kind, which are few even in a long list
        fitting = [
            (trust(first_clue, clue), clue) for clue in by_kind.get(_compared_as(first_clue), ())
        ]
        score, second_clue = max(fitting, default=(0.0, None))
        if second_clue and score:
            kind = first_clue.kind if first_clue.kind != "vrm_partial" else second_clue.kind
            matches.append(SharedMention(kind, first_clue.normal, second_clue.normal, score))
    return tuple(sorted(matches, key=lambda each: (-each.trust, each)))


def _compared_as(clue: Clue) -> str:
    """Return the kind under which a clue is compared: plates and parts of plates have the same
    kind.
    """
    return "vrm" if clue.kind == "vrm_partial" else clue.kind


def strength(strengths: Iterable[float]) -> float:
    """Return how strongly all the mentions that two log entries share suggest, taken together, that
    both entries concern the same subject. `strengths` has the strength of each shared mention.
    """
    return round(1 - prod(1 - shared_strength for shared_strength in strengths), 3)


def is_strong_enough(mentions: Iterable[SharedMention]) -> bool:
    """Return whether shared mentions of two entries are strong enough to notify an officer."""
    return strength(mention.trust for mention in mentions) >= ENOUGH


# --- the order of the list ------------------------------------------------------------------


def rarity(named: int) -> float:
    """Return the weight of a mention: 1 for a rare mention, and less the more log entries (`named`)
    have it.
    """
    return 1.0 if named <= RARE else 1 / (1 + log2(named / RARE))


def closeness(apart: timedelta) -> float:
    """Return how close two log entries are in time, from 1 for the same time down to 0. The value
    halves with each span of `HALF_CLOSE` (90 days) between them.
    """
    return float(0.5 ** (abs(apart) / HALF_CLOSE))


def rank(shared: Iterable[tuple[float, int]], apart: timedelta, roots: int) -> float:
    """Return the rank of a pair of entries, at most 1, by which a list of pairs is ordered. It is
    computed from the strength and the rarity of each shared mention, the closeness in time, and the
    number of independent sources (`roots`; 0 if unknown).
    """
    combined = strength(trusted * rarity(named) for trusted, named in shared)
    independent = 1.0 if roots > 1 else 0.9
    return round(combined * (0.8 + 0.2 * closeness(apart)) * independent, 3)


def describe_distance(first_moment: datetime, second_moment: datetime) -> str:
    """Return how far two entries are apart in time, in words."""
    first, last = sorted((first_moment, second_moment))
    months = 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)
    if not months:
        days = (last - first).days
        return f"{_many(days, 'day')} apart" if days else "on the same day"
    years, months = divmod(months, 12)
    parts = [
        *([_many(years, "year")] if years else []),
        *([_many(months, "month")] if months else []),
    ]
    return f"{' '.join(parts)} apart"


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
