"""All that is held about a subject: what the one who answers sees, and what other teams hold.

The search reads the whole evidence log: whatever names the subject, by id or by a name, is found,
in whichever view it stands or in none. What one reader is shown of it is what they see, found by
the names that they know; the rest belongs to the teams that hold it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from access import scope
from commands.desk import Desk
from domain.envelope import Recorded, Regime
from domain.observation import ObservationRead, ObservationRecorded
from domain.subject_request import Decision, Exemption
from domain.values import Reader
from projections import accounts, people
from projections.schema import Db

#: Never given: who told us, through whom, and who works with whom.
NEVER = frozenset(
    {
        "entry", "root", "chain", "origin", "held", "referrer", "worker", "second", "product",
        "produced_by", "giver", "receiver", "location", "recipient", "asked_by", "case", "urn",
    }
)  # fmt: skip
#: What a machine read in the words that may lead to somebody else.
LEADS = frozenset({"phone", "vrm", "vrm_partial", "handle", "postcode"})
OTHER, LEFT_OUT = "[another person]", "[left out]"
PAGE = 1_000


@dataclass
class Held:
    """What is held about the subject in one item: its text without other people, under which law
    it stands, and what is proposed. A person decides."""

    item: UUID
    what: str
    regime: Regime
    controller: str
    text: str
    proposed: Decision
    exemption: Exemption | None
    why: str
    facts: list[Recorded] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Known:
    """Who the subject is for one reader: their ids, what finds their names, and other people's."""

    ids: frozenset[UUID]
    own: re.Pattern[str] | None
    others: re.Pattern[str] | None


@dataclass
class Search:
    """One search for one reader; the log is read once. Who answers asks for `own` and `elsewhere`,
    another team for what is `theirs`."""

    desk: Desk
    db: Db
    reader: Reader
    subject: UUID

    def own(self) -> list[Held]:
        """What the reader sees, found by what they know, in the order in which it was recorded."""
        known = self._known(self.reader)
        found = self._found(known)
        visible = scope.seen(self.db, self.reader, found)
        return [
            _held(item, self._streams[item], known.others, why)
            for item, why in found.items()
            if item in visible
        ]

    def elsewhere(self) -> dict[UUID, str]:
        """What the reader does not see, or would not find, found over everything that is known: by
        the team that holds it. What no team holds, as a file that came in, is left out."""
        if not self.reader.closed:
            return {}
        mine = {one.item for one in self.own()}
        return {item: team for item, team in self._by_team.items() if item not in mine}

    def theirs(self, teams: Collection[str]) -> list[Held]:
        """Of what these teams hold, that about which the reader decides."""
        held = [item for item, team in self._by_team.items() if team in teams]
        shown = scope.seen(self.db, self.reader, held)
        mine = scope.reached(self.db, self.reader, "answer-subject", held) & shown
        names = self._known(self.reader)
        whole = self._whole
        return [
            _held(item, self._streams[item], names.others, whole[item])
            for item in held
            if item in mine
        ]

    def of_teams(self, teams: Collection[str]) -> frozenset[UUID]:
        """All that these teams hold, whoever of them decides about it; of a former team what the
        one holds that it became part of."""
        now = {self._called.get(team, team) for team in teams}
        return frozenset(item for item, team in self._by_team.items() if team in now)

    @cached_property
    def _streams(self) -> dict[UUID, list[Recorded]]:
        found: dict[UUID, list[Recorded]] = {}
        log, after = self.desk.logs["evidence"], 0
        while page := log.read(after, PAGE):
            for fact in page:
                found.setdefault(fact.stream, []).append(fact)
            after = page[-1].seq
        return found

    @cached_property
    def _texts(self) -> dict[UUID, str]:
        return {
            stream: " ".join(msgspec.json.encode(fact.event).decode() for fact in facts)
            for stream, facts in self._streams.items()
        }

    @cached_property
    def _whole(self) -> dict[UUID, str]:
        return self._found(self._known(scope.unlimited(self.reader)))

    @cached_property
    def _by_team(self) -> dict[UUID, str]:
        """Each item found, and the team as it is called now; of several that hold it the first."""
        known = scope.things(self.db, self._whole)
        first = {item: min(thing.team for thing in held) for item, held in known.items()}
        return {item: self._called.get(team, team) for item, team in first.items()}

    @cached_property
    def _called(self) -> dict[str, str]:
        """What each former team is called now."""
        return {old: one.team for one in accounts.teams(self.db) for old in one.formerly}

    def _known(self, reader: Reader) -> Known:
        group = people.clusters(self.db, reader)
        leader = group.get(self.subject, self.subject)
        ids = {one for one, lead in group.items() if lead == leader} | {self.subject}
        everybody = people.entities(self.db, reader)
        own = {name for one in ids if one in everybody for name in everybody[one].names}
        others = {
            name
            for one in everybody.values()
            if one.id not in ids and one.kind == "person"
            for name in one.names
        }
        return Known(frozenset(ids), _names(own), _names(others - own))

    def _found(self, known: Known) -> dict[UUID, str]:
        """Every stream that names the subject, and by what."""
        keys = [str(one) for one in known.ids]
        found: dict[UUID, str] = {}
        for stream, text in self._texts.items():
            if stream in known.ids or any(key in text for key in keys):
                found[stream] = "an id"
            elif known.own and known.own.search(text):
                found[stream] = "a name"
        return found


def _names(names: Collection[str]) -> re.Pattern[str] | None:
    """What finds any of these names, and their longer words, in a text."""
    words = {name for name in names if len(name) > 2}
    words |= {part for name in names for part in name.split() if len(part) > 3}
    any_of = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE) if words else None


def _held(stream: UUID, facts: list[Recorded], others: re.Pattern[str] | None, why: str) -> Held:
    kind = facts[0].event.stored.name.partition(".")[0]
    lines = [line for fact in facts for line in _lines(fact, facts)]
    text = "\n".join(lines)
    if others:
        text = others.sub(OTHER, text)
    proposed: Decision = "give"
    exemption: Exemption | None = None
    if kind == "observation":
        proposed, exemption = "withhold", "source"
    elif OTHER in text or LEFT_OUT in text:
        proposed, exemption = "redact", "others-rights"
    first = facts[0]
    return Held(stream, kind, first.regime, first.controller, text, proposed, exemption, why, facts)


def _lines(fact: Recorded, facts: list[Recorded]) -> Iterator[str]:
    """One fact in words, without what is never given."""
    if isinstance(fact.event, ObservationRead):
        return
    told = msgspec.to_builtins(fact.event)
    if isinstance(fact.event, ObservationRecorded):
        told["words"] = _without_leads(fact.event.words, facts)
    for name, value in told.items():
        if name not in NEVER and value not in (None, [], {}, "", False):
            yield f"{name.replace('_', ' ')}: {_plain(value)}"


def _without_leads(words: str, facts: list[Recorded]) -> str:
    """The words without numbers, plates and accounts that were read in them."""
    read = [m for f in facts if isinstance(f.event, ObservationRead) for m in f.event.mentions]
    for one in sorted(read, key=lambda m: -m.start):
        if one.kind in LEADS:
            words = words[: one.start] + LEFT_OUT + words[one.end :]
    return words


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_plain(v)}" for k, v in value.items() if v is not None)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return _ID.sub("(an item)", str(value))


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
