"""Turn drafts from a file into commands, and save them in the store."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct, field, structs

from commands.families import missing, referral
from commands.information import links_form, network_file, observation, pole_forms
from commands.information.source import find_entered
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Desk, index_names
from commands.people_and_teams import store_admin
from domain import forms
from domain.families.referral import CaseFlagged
from domain.information.observation import ObservationFlagged, ObservationRead, ObservationRecorded
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Mention, QualityCode, Reader
from domain.people_and_teams.store_admin import FileReceived
from ingest.files.cells import Flag
from ingest.reading import GRAMMAR, Entry
from ingest.words.drafts import (
    CallDraft,
    Draft,
    FileDraft,
    IncidentDraft,
    LinkDraft,
    MissingDraft,
    ObservationDraft,
    PersonDraft,
    Read,
    ReferralDraft,
    TableDraft,
)
from ingest.words.read_ahead import ReadAhead
from projections.people_and_teams import received_files

#: For each table from another system, the function that records a row.
_ROWS: dict[type[TableDraft], Callable[..., Prepared]] = {
    LinkDraft: links_form.prepare_row,
    PersonDraft: pole_forms.prepare_person,
    IncidentDraft: pole_forms.prepare_incident,
    CallDraft: pole_forms.prepare_call,
}


class PreparedCommand(Struct, frozen=True):
    """A command ready to be saved, its flags, and whether the urgent deadline applies to it."""

    prepared: Prepared
    flags: tuple[QualityCode, ...]
    urgent: bool = False


class DraftTarget(Protocol):
    """Receives the drafts of an import. `prepare` decides about a draft; `save` stores a batch,
    completely or not at all."""

    def identify(self, identity: Sequence[str]) -> UUID: ...

    def already_recorded(self, ids: Collection[UUID]) -> set[UUID]: ...

    def read_ahead(self, drafts: Sequence[Draft], more: int = 0) -> int: ...

    def deciding(
        self, register_answers: bool, drafts: Mapping[UUID, Draft]
    ) -> AbstractContextManager["DraftTarget"]: ...

    def prepare(self, draft: Read, command_id: UUID) -> PreparedCommand: ...

    def receive(self, file: FileReceived, command_id: UUID) -> Prepared: ...

    def received(self, command_id: UUID) -> FileReceived | None: ...

    def datasets(self, sha256: str, form: str) -> Sequence[str]: ...

    def save(self, prepared: Sequence[Prepared]) -> None: ...


class DeskIntake(Struct, frozen=True):
    """Receives the drafts of an import, and stores them through the desk."""

    desk: Desk
    reader: Reader
    now: datetime
    dataset: str
    register_answers: bool = True
    ahead: ReadAhead = field(default_factory=ReadAhead)

    def identify(self, identity: Sequence[str]) -> UUID:
        """Return the command id for the identity of a row, which is the same for every import and
        importer.

        The id is made with a key: if it were a plain hash of the row, a reader of the log could
        guess the few words of a row and compare the hashes.
        """
        return self._keyed("ingest", *identity)

    def already_recorded(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those of the command ids `ids` under which the reader's own teams have recorded
        rows. Rows that were imported before the store had accounts have the id itself; later rows
        have an id that is made from it for the team."""
        if not self.reader.closed:
            return self.desk.known_commands(ids)
        own = {self._own(item, name): item for item in ids for name in index_names(self.reader)}
        found_items = {own[item] for item in self.desk.known_commands(own)}
        return found_items | {
            item for item in self.desk.known_commands(set(ids) - found_items) if self._ours(item)
        }

    def _own(self, item: UUID, name: str) -> UUID:
        """Return the command id under which a team of the reader records a row. `name` is the name
        of the team, `item` the id of the row. If the store has accounts, each team has its own
        command id for the same row, so that the import of one team neither reveals nor changes what
        another team imported.
        """
        return self._keyed("ingest for", name, item.hex) if self.reader.closed else item

    def _ours(self, command_id: UUID) -> bool:
        made = self.desk.logs["evidence"].command(command_id) or ()
        return any(fact.team in self.reader.teams for fact in made)

    def _keyed(self, *parts: str) -> UUID:
        digest = self.desk.keys.digest(msgspec.json.encode(parts))
        return UUID(bytes=digest[:16], version=5)

    def read_ahead(self, drafts: Sequence[Draft], more: int = 0) -> int:
        """Begin to read the texts of these drafts in other processes. `more` is the approximate
        number of rows that follow in the file. Return how many batches of drafts the caller should
        begin to read before it prepares the first batch.
        """
        observation_drafts = [draft for draft in drafts if isinstance(draft, ObservationDraft)]
        self.ahead.begin([self._entry(draft) for draft in observation_drafts], more)
        return self.ahead.batches

    def _entry(self, draft: ObservationDraft) -> Entry:
        written_at = draft.told or (draft.happened and draft.happened.start) or self.now
        return Entry(draft.words, written_at, draft.names, self.desk.policy.places)

    @contextmanager
    def deciding(
        self, register_answers: bool, drafts: Mapping[UUID, Draft]
    ) -> Iterator["DeskIntake"]:
        """Yield an object that prepares the commands for a whole batch of drafts, with views
        (tables that are computed from the logs) that are opened once. Nothing is saved while the
        views are open. `drafts` has each draft by its command id.

        The views may lack earlier batches, unless the batch has referrals or missing episodes,
        which depend on earlier ones of the same child. If the views do not answer, cases are looked
        up in the log only, and recording continues.
        """
        intake = structs.replace(self, register_answers=register_answers)
        own = any(isinstance(draft, ReferralDraft | MissingDraft) for draft in drafts.values())
        entries = [item for item, draft in drafts.items() if isinstance(draft, ObservationDraft)]
        if register_answers:
            of_team = index_names(self.reader)[0]
            find_entered(self.desk, [self._own(entry, of_team) for entry in entries])
        with ExitStack() as open_views:
            try:
                db = open_views.enter_context(self.desk.deciding(own=own))
            except LogUnavailable:
                yield intake
                return
            opened = dataclasses.replace(
                self.desk, deciding=lambda *, own=True: nullcontext(db), indexed={}
            )
            yield structs.replace(intake, desk=opened)

    def save(self, prepared: Sequence[Prepared]) -> None:
        """Save the prepared commands of a batch, either all of them or none. If `prepared` is
        empty, nothing is saved, and commands that were prepared before are discarded."""
        deciding = partial(self.desk.deciding, own=False)
        dataclasses.replace(self.desk, deciding=deciding).save(prepared)

    def receive(self, file: FileReceived, command_id: UUID) -> Prepared:
        """Return the command that records that a file was received."""
        return store_admin.prepare_file(
            self.desk,
            self.reader,
            command_id=self._own(command_id, index_names(self.reader)[0]),
            received=file,
        )

    def received(self, command_id: UUID) -> FileReceived | None:
        """Return the event, recorded under this command id, that says that a file was received;
        None if there is no such event."""
        own = [self._own(command_id, name) for name in index_names(self.reader)]
        for item in dict.fromkeys([*own, command_id]):
            for fact in self.desk.logs["evidence"].command(item) or ():
                if isinstance(fact.event, FileReceived):
                    return fact.event
        return None

    def datasets(self, sha256: str, form: str) -> Sequence[str]:
        """Return the data sets into which the reader's own teams imported this file; none if the
        views do not answer."""
        try:
            with self.desk.deciding(own=False) as db:
                return received_files.datasets(db, self.reader, sha256, form)
        except LogUnavailable:
            return ()

    def prepare(self, read: Read, command_id: UUID) -> PreparedCommand:
        """Return the prepared command for one draft. Raises Refused if it may not be recorded."""
        prepared = self._prepared(read, self._own(command_id, index_names(self.reader)[0]))
        events = [fact.event for sent in prepared.submissions.values() for fact in sent.facts]
        flagged = [e.code for e in events if isinstance(e, ObservationFlagged | CaseFlagged)]
        urgent = any(
            (isinstance(e, ObservationRecorded) and e.urgent)
            or (isinstance(e, ObservationRead) and e.urgency_signs)
            for e in events
        )
        return PreparedCommand(prepared, tuple(flagged), urgent)

    def _prepared(self, read: Read, command_id: UUID) -> Prepared:
        match read.draft:
            case ObservationDraft() as told:
                return self._observation(read, told, command_id)
            case ReferralDraft() as told:
                return referral.prepare(
                    self.desk,
                    self.reader,
                    command_id=command_id,
                    origin=read.origin,
                    **structs.asdict(told),
                )
            case MissingDraft() as told:
                return missing.prepare(
                    self.desk,
                    self.reader,
                    command_id=command_id,
                    origin=read.origin,
                    **structs.asdict(told),
                )
            case FileDraft() as told:
                return network_file.prepare(
                    *(self.desk, self.reader),
                    command_id=command_id,
                    words=told.words,
                    origin=read.origin,
                )
            case LinkDraft() | PersonDraft() | IncidentDraft() | CallDraft() as told:
                fields = {
                    name: value for name, value in structs.asdict(told).items() if name != "flags"
                }
                return _ROWS[type(told)](
                    self.desk,
                    self.reader,
                    command_id=command_id,
                    dataset=self.dataset,
                    origin=read.origin,
                    **fields,
                )

    def _observation(self, item: Read, draft: ObservationDraft, command_id: UUID) -> Prepared:
        reading = self.ahead.read(self._entry(draft))
        draft = structs.replace(
            draft, flags=(*draft.flags, *_plate_flags(draft.words, reading.mentions))
        )
        fields = {name: value for name, value in structs.asdict(draft).items() if name != "names"}
        return observation.prepare(
            self.desk,
            self.reader,
            command_id=command_id,
            origin=item.origin,
            mentions=reading.mentions,
            urgency_signs=reading.urgency_signs,
            drift_signs=reading.drift_signs,
            grammar=GRAMMAR,
            register_answers=self.register_answers,
            **fields,
        )


def _plate_flags(words: str, mentions: Sequence[Mention]) -> list[Flag]:
    """Return flags for plates that were never issued: a parent may have misheard, and the text is
    stored unchanged."""
    flags: list[Flag] = []
    for mention in mentions:
        plate_text = words[mention.start : mention.end]
        plate = forms.plate(plate_text) if mention.kind == "vrm" else None
        if plate and "never-issued" in plate.flags:
            flags.append(("plate-never-issued", "words", plate_text))
    return flags
