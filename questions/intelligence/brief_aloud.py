"""The brief as sentences to read out: by network and by child, each with its grade and what is new
in it since the team last looked; a small map before and after; and what has to be decided.

It tells what the brief tells and what its reader sees of the network, and counts nothing else. Ties
to homes and placements, and between children or victims, stand on their own pages.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from access.who_may.decide import decide
from commands.kernel.display_names import FamilyName, families
from commands.kernel.unit_of_work import Desk
from domain.kernel.values import Reader
from network.over_time import news
from network.over_time.before_after_map import Sketch, sketch
from network.over_time.brief_rows import ELSE, Draft, Of, Place, Sentence, WantedDecision
from network.over_time.news import Networks
from projections.intelligence import brief
from projections.intelligence.brief import Brief
from projections.kernel.database import Db
from questions.intelligence import meeting_decisions as wanted

#: Sentences of each kind: a meeting hears no more.
MOST = 100
ELSEWHERE = "Everything else"
#: What is not read out, and where it stands.
UNTOLD = "Of {} more ties something became: “What changed” in the network has all of them."
DUE = "Of what is due the soonest of each kind are told: “What is due” has all of it."
LEFT_OUT = "Homes, placements and ties between children are read on their own pages."


@dataclass(frozen=True)
class BriefPart:
    """A network, a child, or what is about neither: what is said, and what is to be decided."""

    title: str
    of: Of
    sentences: tuple[Sentence, ...]
    wanted: tuple[WantedDecision, ...]
    sketch: Sketch | None = None
    #: Who or what the title names.
    named: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Every item that it names, speaks of or draws."""
        said = [one for each in self.sentences for one in each.names]
        asked = [one for each in self.wanted for one in each.names]
        drawn = self.sketch.ids if self.sketch else ()
        return tuple(dict.fromkeys([*self.named, *said, *asked, *drawn]))


@dataclass(frozen=True)
class ReadOut:
    """A `brief` by its parts, which says of each whether there is more. `untold` counts the ties of
    which something became and that are not read out. `unseen` are the items of which its reader is
    told only that they are there, `dues` the ids of what is due: others may not be told of them;
    and `more_due`, whether there is more of any kind."""

    brief: Brief
    parts: tuple[BriefPart, ...]
    untold: int
    unseen: tuple[UUID, ...]
    dues: tuple[UUID, ...]
    more_due: bool

    @property
    def since(self) -> datetime | None:
        """After which moment it begins; None: at the beginning of the record."""
        return self.brief.since

    @property
    def until(self) -> datetime:
        """Up to which moment it goes: the next one begins there."""
        return self.brief.until

    @property
    def more(self) -> bool:
        """Whether the next one begins with what is not in this."""
        return bool(self.brief.more.new or self.brief.more.changed)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All of them, in the order in which they are read out, each with its number and part."""
        told = ((part.title, one) for part in self.parts for one in part.sentences)
        return tuple(
            replace(one, number=number, part=title)
            for number, (title, one) in enumerate(told, start=1)
        )

    @property
    def wanted(self) -> tuple[WantedDecision, ...]:
        """All decisions wanted, likewise."""
        asked = ((part.title, one) for part in self.parts for one in part.wanted)
        return tuple(
            replace(one, number=number, part=title)
            for number, (title, one) in enumerate(asked, start=1)
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not in it, in so many words."""
        ties = (UNTOLD.format(self.untold),) if self.untold else ()
        dues = (DUE,) if self.more_due else ()
        return (LEFT_OUT, *ties, *dues)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Every item in it."""
        return tuple(dict.fromkeys(one for part in self.parts for one in part.ids))


def read_out(
    desk: Desk, db: Db, reader: Reader, since: datetime | None, now: datetime, *, most: int = MOST
) -> ReadOut:
    """What a meeting of the reader's team is read, since then (None: ever)."""
    told = brief.brief(db, reader, since, now, most=most, beyond=0)
    drafts: dict[Place, Draft] = defaultdict(Draft)
    networks, untold = None, 0
    if decide(reader, "see-network").allowed:
        networks = Networks(db, reader, since, told.until)
        untold = news.ties(drafts, networks, since, now, most)
    unseen = news.events(db, reader, drafts, networks, told, now)
    dues, more_due = wanted.dues(desk, db, reader, drafts, networks, since, now, most)
    if networks:
        wanted.people_for_decision(db, reader, drafts, networks, now, most)
    parts = tuple(_parts(db, reader, drafts, networks))
    return ReadOut(told, parts, untold, unseen, dues, more_due)


def _parts(
    db: Db, reader: Reader, drafts: Mapping[Place, Draft], networks: Networks | None
) -> Iterator[BriefPart]:
    """The networks, those first of which something is new, then the largest; children by their
    case; and the rest."""
    numbers = [one for of, one in drafts if of == "network" and isinstance(one, int)]
    if networks:
        networks.meet(numbers)
    for number in sorted(numbers, key=lambda one: (not drafts["network", one].sentences, one)):
        if networks:
            draft, drawn = drafts["network", number], None
            if draft.changed:
                who = set(networks.people[number])
                drawn = sketch(db, reader, networks.told, who, draft.changed)
            yield BriefPart(
                networks.title(number),
                "network",
                _once(draft.sentences),
                _together(draft.wanted),
                drawn,
                networks.named(number),
            )
    ids = [one for of, one in drafts if of == "child" and isinstance(one, UUID)]
    known = families(db, reader, ids)
    hidden = FamilyName(0, "A case")
    for case in sorted(ids, key=lambda one: (known.get(one, hidden).number, one)):
        draft, title = drafts["child", case], known.get(case, hidden).said
        yield BriefPart(title, "child", _once(draft.sentences), _together(draft.wanted))
    if rest := drafts.get(ELSE):
        yield BriefPart(ELSEWHERE, "else", _once(rest.sentences), _together(rest.wanted))


def _once(rows: Collection[Sentence]) -> tuple[Sentence, ...]:
    """What its reader is told only to be there stands once, with how often."""
    same: dict[object, list[Sentence]] = defaultdict(list)
    for number, one in enumerate(rows):
        same[number if one.item else (one.words, one.fresh)].append(one)
    return tuple(
        first if not others else replace(first, words=_times(first.words, len(others) + 1))
        for first, *others in same.values()
    )


def _times(words: str, times: int) -> str:
    return f"{words.rstrip('.')} ({times} times)."


def _together(rows: Collection[WantedDecision]) -> tuple[WantedDecision, ...]:
    """Soonest first; what is the same for the same person stands once, with how often."""
    same: dict[tuple[str, str], list[WantedDecision]] = defaultdict(list)
    for one in sorted(rows, key=lambda row: (row.by, row.item)):
        same[one.words, one.owner].append(one)
    return tuple(
        first
        if not others
        else replace(
            first,
            words=_times(first.words, len(others) + 1),
            names=tuple(dict.fromkeys([*first.names, *(i for one in others for i in one.names)])),
        )
        for first, *others in same.values()
    )
