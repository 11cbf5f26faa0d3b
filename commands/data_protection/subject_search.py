"""Search for all records of a data subject, those visible to the answering officer and those of
other teams.

The search reads the whole evidence log and no view. A record is a record of the subject if it
contains the subject's id or name, or, for a child, if it is filed in the child's case. The officer
decides about the records that they may see; this part of the search uses only names that they may
see. Every other record goes to the team that recorded it.

The file is long because one search decides which records each reader may see and which text the
subject may be given.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.data_protection.subject_text import text_of
from commands.kernel.references import References, references
from commands.kernel.unit_of_work import Desk
from domain import catalogue
from domain.data_protection.subject_request import Decision, Exemption
from domain.families.identifier import EVENTS as IDENTIFIER
from domain.information.observation import ObservationRead, ObservationRecorded
from domain.intelligence.redaction import LEFT_OUT, LeftOut, find_omissions
from domain.kernel.envelope import Recorded, Regime
from domain.kernel.fields import Life
from domain.kernel.values import Reader
from projections.intelligence import people
from projections.kernel.database import Db
from projections.people_and_teams import accounts

#: Kinds of mention in a log entry that may identify another person.
LEADS = frozenset({"phone", "vrm", "vrm_partial", "handle", "postcode"})
OTHER = "[another person]"
#: The reason why a record is included in an access request if it is filed in the child's case. Such
#: a record may be about other members of the family only.
CASE = "their case"


@dataclass
class Held:
    """One item about the data subject: its text without other people, the law under which the item
    was recorded, and the program's proposal whether to give it to the subject. A person decides
    about the proposal.
    """

    item: UUID
    what: str
    regime: Regime
    controller: str
    text: str
    proposed: Decision
    exemption: Exemption | None
    why: str
    facts: list[Recorded] = field(default_factory=list, repr=False)


class Known(Struct, frozen=True):
    """The part of the data about a subject that one reader may see: the ids and names of the
    subject's records, a pattern that matches these ids and names, and a pattern that matches other
    people's names.
    """

    ids: frozenset[UUID]
    names: frozenset[str]
    own: re.Pattern[str] | None
    others: re.Pattern[str] | None


@dataclass
class Search:
    """A search for all records about a data subject on behalf of one reader, which reads the log
    once. The answering officer uses the methods `own` and `elsewhere`; a member of another team
    uses `decidable_records`.
    """

    desk: Desk
    db: Db
    reader: Reader
    subject: UUID
    _read: dict[UUID, list[Recorded]] = field(default_factory=dict)

    def own(self) -> list[Held]:
        """Return the records about the subject that the reader sees, searched by names visible to
        them, in recorded order.
        """
        subject = self._known(self.reader)
        reasons_by_item = self._found(subject)
        visible = self._visible(reasons_by_item)
        return self._held(
            {item: why for item, why in reasons_by_item.items() if item in visible}, subject
        )

    def elsewhere(self) -> dict[UUID, str]:
        """Return the records about the subject that the reader does not see, each with its team.
        This search uses all names of the subject, including names hidden from the reader. Records
        of no team, such as an imported file, are left out.
        """
        if not self.reader.closed:
            return {}
        mine = {record.item for record in self.own()}
        return {item: team for item, team in self._by_team.items() if item not in mine}

    def decidable_records(self, teams: Collection[str]) -> list[Held]:
        """Return the records about the subject that these teams have and that the reader decides
        about.
        """
        held_items = [item for item, team in self._by_team.items() if team in teams]
        shown = self._visible(held_items)
        base_items = {self._stands_on(item) for item in held_items}
        mine = scope.reached(self.db, self.reader, "answer-subject", base_items)
        whole = {i: self._whole[i] for i in held_items if i in shown and self._stands_on(i) in mine}
        return self._held(whole, self._known(self.reader))

    def _held(self, reasons: dict[UUID, str], subject: Known) -> list[Held]:
        """Return these items, each with the text that the data subject is given. `reasons` says for
        each item why it is about the subject. If a name or phone number has to be left out of one
        text, it is left out of all of them.
        """
        streams = {item: self._facts(item) for item in reasons}
        texts = {item: text_of(facts) for item, facts in streams.items()}
        others = [
            m[0] for text in texts.values() for m in (subject.others or _NOBODY).finditer(text)
        ]
        leads = [mark for facts in streams.values() for mark in _leads(facts)]
        gone = find_omissions(others, leads, subject.names)
        return [
            find_records(item, streams[item], _redacted_text(texts[item], subject, gone), why)
            for item, why in reasons.items()
        ]

    def _stands_on(self, item: UUID) -> UUID:
        """Return the id by which readers' access to this item is checked. This is the id of the
        person whom the item is about, if the item is of a kind that every reader of the person may
        see; otherwise the item's own id.
        """
        _, kind = self._references.kinds.get(item, ("", None))
        if kind and kind not in _beside_person():
            return item
        event: Any = self._facts(item)[0].event
        on: UUID = event.person if event.meaning.access_request == "beside-person" else item
        return on

    def _visible(self, items: Collection[UUID]) -> set[UUID]:
        """Return the items, among `items`, that the reader sees. A child's NHS number is among them
        only if the reader's duty requires the number.
        """
        base_by_item = {item: self._stands_on(item) for item in items}
        seen = scope.visible_items(self.db, self.reader, set(base_by_item.values()))
        needed = scope.reached(self.db, self.reader, "see-identifier", set(base_by_item.values()))
        return {
            item
            for item, on in base_by_item.items()
            if on in seen
            and (on in needed or not isinstance(self._facts(item)[0].event, IDENTIFIER))
        }

    def all_records_of(self, teams: Collection[str]) -> frozenset[UUID]:
        """Return all records of these teams about the subject, including records about which the
        reader does not decide. Records of a former team count as those of the team into which it
        was merged.
        """
        now = {self._called.get(team, team) for team in teams}
        return frozenset(item for item, team in self._by_team.items() if team in now)

    def teams(self) -> frozenset[str]:
        """Return each team that has records of the subject, searched by all names."""
        return frozenset(self._by_team.values())

    @cached_property
    def _references(self) -> References:
        return references(self.desk.logs, "evidence")

    def _facts(self, item: UUID) -> list[Recorded]:
        if item not in self._read:
            self._read[item] = self.desk.logs["evidence"].history(item)
        return self._read[item]

    @cached_property
    def _whole(self) -> dict[UUID, str]:
        return self._found(self._known(scope.unlimited(self.reader)))

    @cached_property
    def _by_team(self) -> dict[UUID, str]:
        """Return the present name of the team that has each item about the subject. If several
        teams have an item, the team whose name is first in the alphabet is given.
        """
        base_by_item = {item: self._stands_on(item) for item in self._whole}
        things = scope.find_items(self.db, set(base_by_item.values()))
        first = {
            item: min(access_item.team for access_item in things[on])
            for item, on in base_by_item.items()
            if on in things
        }
        return {item: self._called.get(team, team) for item, team in first.items()}

    @cached_property
    def _called(self) -> dict[str, str]:
        """Return the present name of each former team."""
        return {old: team.team for team in accounts.teams(self.db) for old in team.formerly}

    def _known(self, reader: Reader) -> Known:
        group = people.clusters(self.db, reader)
        leader = group.get(self.subject, self.subject)
        ids = {item for item, lead in group.items() if lead == leader} | {self.subject}
        everybody = people.entities(self.db, reader)
        own = {name for item in ids if item in everybody for name in everybody[item].names}
        others = {
            name
            for entity in everybody.values()
            if entity.id not in ids and entity.kind == "person"
            for name in entity.names
        }
        names_and_ids = own | {str(item) for item in ids}
        return Known(frozenset(ids), frozenset(own), _names(names_and_ids), _names(others - own))

    def _found(self, subject: Known) -> dict[UUID, str]:
        """Return every stream that contains an id or a name of the data subject, or that is filed
        in the subject's case. The value is the reason: an id, a name, or the case.
        """
        told = self._references
        about = [reference for who in subject.ids for reference in told.all_references(who)]
        named = subject.ids | {reference.stream for reference in about}
        cases = {reference.stream for reference in about if reference.role is Life.CHILD}
        here = {
            (reference.stream, case) for case in cases for reference in told.all_references(case)
        }
        filed = {stream for stream, case in here if not told.moved(stream, case)}
        reasons_by_stream: dict[UUID, str] = {}
        for stream in told.versions:
            if stream in named:
                reasons_by_stream[stream] = "an id"
            elif subject.own and subject.own.search("\n".join(told.words(stream))):
                reasons_by_stream[stream] = "a name"
            elif stream in filed:
                reasons_by_stream[stream] = CASE
        return reasons_by_stream


@cache
def _beside_person() -> frozenset[str]:
    """Return the kinds of streams in which some events are about a person and are visible to every
    reader who may see that person."""
    return frozenset(
        event.meaning.kind or event.stored.name.partition(".")[0]
        for event in catalogue.events()
        if event.meaning.access_request == "beside-person"
    )


def _names(names: Collection[str]) -> re.Pattern[str] | None:
    """Return a pattern that matches any of these names, or a word of more than three letters from a
    name; None if there are no names.
    """
    words = {name for name in names if len(name) > 2}
    words |= {part for name in names for part in name.split() if len(part) > 3}
    any_of = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE) if words else None


def _redacted_text(text: str, subject: Known, gone: LeftOut) -> str:
    """Return the text that the data subject is given: without other people, and without anything
    that identifies them.
    """
    return gone.redact(subject.others.sub(OTHER, text) if subject.others else text)


def find_records(stream: UUID, facts: list[Recorded], text: str, why: str) -> Held:
    """Return one item of an access request, made from the facts of one stream. `text` is the item's
    text without other people, and `why` is the reason why the item is about the data subject. The
    item also has the program's proposal: give it to the subject, give it with parts left out, or
    withhold it.
    """
    kind = facts[0].event.stored.name.partition(".")[0]
    withheld = facts[0].event.meaning.access_request
    proposed: Decision = "give"
    exemption: Exemption | None = None
    if kind == "observation":
        proposed, exemption = "withhold", "source"
    elif withheld == "others-rights" or why == CASE or OTHER in text or LEFT_OUT in text:
        proposed, exemption = "redact", "others-rights"
    if withheld == "serious-harm":
        proposed, exemption = "withhold", "serious-harm"
    first = facts[0]
    return Held(stream, kind, first.regime, first.controller, text, proposed, exemption, why, facts)


def _leads(facts: list[Recorded]) -> Iterator[str | None]:
    """Yield numbers, plates and accounts read in an item's words, as written and normalised."""
    words = ""
    for fact in facts:
        match fact.event:
            case ObservationRecorded() as event:
                words = event.words
            case ObservationRead() as event if not fact.erased:
                for mention in event.mentions:
                    if mention.kind in LEADS:
                        yield words[mention.start : mention.end]
                        yield mention.normalised


_NOBODY = re.compile(r"(?!)")
