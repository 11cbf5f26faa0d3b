"""The brief as sentences to read out, by network and by child. Each sentence has its grade and its
change since the last brief; a small map shows the network before and after; and the decisions that
are needed are listed.

The sentences cover the brief and the network, as far as the reader sees them. Links to homes and
placements, and links between children or victims, are not read out; other pages show them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide
from commands.kernel.display_names import FamilyName, families
from commands.kernel.unit_of_work import Desk
from domain.kernel.values import Reader
from network.over_time import news
from network.over_time.before_after_map import BeforeAfterMap, sketch
from network.over_time.brief_rows import ELSE, Draft, Of, Place, Sentence, WantedDecision
from network.over_time.news import Networks
from projections.intelligence import brief
from projections.intelligence.brief import Brief
from projections.kernel.database import Db
from questions.intelligence import meeting_decisions as wanted

#: The largest number of sentences of each kind; a meeting does not listen to more.
MOST = 100
ELSEWHERE = "Everything else"
#: Sentences that say what the brief leaves out, and where it is shown.
UNTOLD = "{} more links changed: “What changed” in the network lists all changed links."
DUE = "Only the soonest deadlines of each kind are read out: “What is due” lists all deadlines."
LEFT_OUT = "Homes, placements and links between children are left out: see their own pages."


class BriefPart(Struct, frozen=True):
    """A part of a brief, about a network, a child or everything else. It has sentences, and the
    decisions that a meeting has to take."""

    title: str
    of: Of
    sentences: tuple[Sentence, ...]
    wanted: tuple[WantedDecision, ...]
    sketch: BeforeAfterMap | None = None
    #: The people or things that the title of this part of the brief names.
    named: tuple[UUID, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Return every item that the part names, mentions or draws."""
        sentence_ids = [name for sentence in self.sentences for name in sentence.names]
        decision_ids = [name for decision in self.wanted for name in decision.names]
        drawn = self.sketch.ids if self.sketch else ()
        return tuple(dict.fromkeys([*self.named, *sentence_ids, *decision_ids, *drawn]))


class ReadOut(Struct, frozen=True):
    """A brief that is read out (`brief`), divided into parts.

    `untold` is the number of changed links that are not read out. `unseen` are the items of which
    the reader may know only that they exist. `dues` are the ids of the deadlines in the parts;
    `more_due` says whether there are further deadlines.
    """

    brief: Brief
    parts: tuple[BriefPart, ...]
    untold: int
    unseen: tuple[UUID, ...]
    dues: tuple[UUID, ...]
    more_due: bool

    @property
    def since(self) -> datetime | None:
        """Return the moment after which the brief begins; None if it covers the whole record."""
        return self.brief.since

    @property
    def until(self) -> datetime:
        """Return the moment at which the brief ends and the next one begins."""
        return self.brief.until

    @property
    def more(self) -> bool:
        """Return whether the next brief begins with items that are left out of this one."""
        return bool(self.brief.more.new or self.brief.more.changed)

    def first(self, sentences: int, decisions: int) -> tuple[BriefPart, ...]:
        """Return the parts, cut to at most this many sentences and decisions in all."""
        parts = []
        for part in self.parts:
            sentences_shown, wanted = part.sentences[:sentences], part.wanted[:decisions]
            if sentences_shown or wanted:
                parts.append(replace(part, sentences=sentences_shown, wanted=wanted))
            sentences, decisions = sentences - len(sentences_shown), decisions - len(wanted)
        return tuple(parts)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return all sentences in the order of reading, each with its number and part."""
        titled = ((part.title, sentence) for part in self.parts for sentence in part.sentences)
        return tuple(
            replace(sentence, number=number, part=title)
            for number, (title, sentence) in enumerate(titled, start=1)
        )

    @property
    def wanted(self) -> tuple[WantedDecision, ...]:
        """Return all decisions that are needed, each with its number and part."""
        titled = ((part.title, decision) for part in self.parts for decision in part.wanted)
        return tuple(
            replace(decision, number=number, part=title)
            for number, (title, decision) in enumerate(titled, start=1)
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the sentences that say what the brief leaves out."""
        ties = (UNTOLD.format(self.untold),) if self.untold else ()
        dues = (DUE,) if self.more_due else ()
        return (LEFT_OUT, *ties, *dues)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Return every item in the brief."""
        return tuple(dict.fromkeys(item for part in self.parts for item in part.ids))


def read_out(
    desk: Desk,
    db: Db,
    reader: Reader,
    since: datetime | None,
    now: datetime,
    *,
    most: int = MOST,
    maps: bool = True,
) -> ReadOut:
    """Return the brief that is read out at a meeting of the reader's team. It covers changes since
    a moment, or the whole record if `since` is None. `maps` draws a map of each changed network."""
    changes = brief.brief(db, reader, since, now, most=most, beyond=0)
    drafts: dict[Place, Draft] = defaultdict(Draft)
    networks, untold = None, 0
    if decide(reader, "see-network").allowed:
        networks = Networks(db, reader, since, changes.until)
        untold = news.ties(drafts, networks, since, now, most)
    unseen = news.events(db, reader, drafts, networks, changes, now)
    dues, more_due = wanted.dues(desk, db, reader, drafts, networks, since, now, most)
    if networks:
        wanted.people_for_decision(db, reader, drafts, networks, now, most)
    parts = tuple(_parts(db, reader, drafts, networks, maps=maps))
    return ReadOut(changes, parts, untold, unseen, dues, more_due)


def _parts(
    db: Db, reader: Reader, drafts: Mapping[Place, Draft], networks: Networks | None, *, maps: bool
) -> Iterator[BriefPart]:
    """Yield the parts of the brief: networks, those with news first, then the largest; children by
    their case; and everything else.
    """
    numbers = [
        number_or_id
        for of, number_or_id in drafts
        if of == "network" and isinstance(number_or_id, int)
    ]
    if networks:
        networks.meet(numbers)
    for number in sorted(numbers, key=lambda one: (not drafts["network", one].sentences, one)):
        if networks:
            draft, drawn = drafts["network", number], None
            if draft.changed and maps:
                who = set(networks.people[number])
                drawn = sketch(db, reader, networks.told, who, draft.changed)
            yield BriefPart(
                networks.title(number),
                "network",
                _once(draft.sentences),
                _together(draft.wanted),
                drawn,
                networks.naming_people(number),
            )
    ids = [item for of, item in drafts if of == "child" and isinstance(item, UUID)]
    names = families(db, reader, ids)
    hidden = FamilyName(0, "A case")
    for case in sorted(ids, key=lambda item: (names.get(item, hidden).number, item)):
        draft, title = drafts["child", case], names.get(case, hidden).said
        yield BriefPart(title, "child", _once(draft.sentences), _together(draft.wanted))
    if rest := drafts.get(ELSE):
        yield BriefPart(ELSEWHERE, "else", _once(rest.sentences), _together(rest.wanted))


def _once(rows: Collection[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences of a brief, without repetitions. If several sentences about hidden items
    have the same words, there is one sentence that says how many times it applies.
    """
    same: dict[object, list[Sentence]] = defaultdict(list)
    for number, sentence in enumerate(rows):
        same[number if sentence.item else (sentence.words, sentence.fresh)].append(sentence)
    return tuple(
        first if not others else replace(first, words=_times(first.words, len(others) + 1))
        for first, *others in same.values()
    )


def _times(words: str, times: int) -> str:
    return f"{words.rstrip('.')} ({times} times)."


def _together(rows: Collection[WantedDecision]) -> tuple[WantedDecision, ...]:
    """Return the decisions that a brief lists, by the time when they are due. Several decisions
    with the same words and the same owner are returned as one decision, which says how many there
    are.
    """
    same: dict[tuple[str, str], list[WantedDecision]] = defaultdict(list)
    for decision in sorted(rows, key=lambda row: (row.by, row.item)):
        same[decision.words, decision.owner].append(decision)
    return tuple(
        first
        if not others
        else replace(
            first,
            words=_times(first.words, len(others) + 1),
            names=tuple(
                dict.fromkeys([*first.names, *(i for other in others for i in other.names)])
            ),
        )
        for first, *others in same.values()
    )
