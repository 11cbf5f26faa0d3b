"""Drafts of rows and messages, before a command decides whether to record them, and the reasons why
rows were rejected.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from msgspec import Struct

from commands.information.form_rows import Described
from domain.families.referral import MissingFound, MissingReported, ReturnInterviewRecorded
from domain.information.observation import Kind
from domain.information.source import SourceKind
from domain.kernel.codes import IncidentSort, ReferredEthnicity, Residence
from domain.kernel.values import (
    HowKnown,
    LinkKind,
    Origin,
    PoleCategory,
    Threshold,
    When,
    WordsForm,
)
from ingest.files.cells import Flag
from ingest.files.problems import FilePosition


class ObservationDraft(Struct, frozen=True):
    """The draft of a log entry: a source's words, as the arguments of
    `commands.information.observation.prepare`. `names` are the people whom other cells of the row
    name, so that these people are recognised in the source's words.
    """

    words: str
    kind: Kind = "snippet"
    form: WordsForm = "verbatim"
    case: str | None = None
    heard_from: str | None = None
    source_kind: SourceKind = "not-known"
    relation: str | None = None
    told_by: tuple[str, ...] = ()
    told: datetime | None = None
    happened: When | None = None
    how_known: HowKnown | None = None
    how_known_words: str | None = None
    urgent_reason: str | None = None
    channel: str = "typed"
    names: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


class ReferralDraft(Struct, frozen=True):
    """The draft of a referral: the arguments of `commands.families.referral.prepare`."""

    reference: str | None = None
    child: str | None = None
    age_words: str | None = None
    born: date | None = None
    under_18: bool | None = True
    gender: str | None = None
    team: str | None = None
    source: str = "not-known"
    referrer: str | None = None
    concern: str | None = None
    received: datetime | None = None
    threshold: Threshold | None = None
    definition: str | None = None
    threshold_reason: str | None = None
    override: str | None = None
    learning_disability: bool = False
    residence: Residence | None = None
    ethnicity: ReferredEthnicity | None = None
    missing_before: bool | None = None
    in_care: bool | None = None
    #: The concern together with the text of the monitoring columns, which earlier releases recorded
    #: as one text.
    former_concern: str | None = None
    flags: tuple[Flag, ...] = ()


class LinkDraft(Struct, frozen=True):
    """The draft of a row of the links form: the arguments of
    `commands.information.links_form.prepare_row`.

    `source_id` and `target_id` identify the two ends of the link in their data set; an end without
    such an id is identified by its name. `source_node` and `target_node` are ids in a network file,
    which identify an end together with its name. If `alone` is true, the row has only a node
    without links, as its source, and no target.
    """

    source: str
    target: str
    source_id: str | None = None
    target_id: str | None = None
    source_node: str | None = None
    target_node: str | None = None
    source_kind: str = "person"
    target_kind: str = "person"
    link_kind: LinkKind | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    weight: float = 1.0
    reference: str | None = None
    information: str | None = None
    source_grade: str | None = None
    handling: str | None = None
    masked: tuple[str, ...] = ()
    source_own: Described | None = None
    target_own: Described | None = None
    alone: bool = False
    undermined: bool = False
    flags: tuple[Flag, ...] = ()


class MissingDraft(Struct, frozen=True):
    """The draft of a missing episode: the arguments of `commands.families.missing.prepare`."""

    since: datetime
    report: MissingReported
    reference: str | None = None
    child: str | None = None
    found: MissingFound | None = None
    interview: ReturnInterviewRecorded | None = None
    flags: tuple[Flag, ...] = ()


class PersonDraft(Struct, frozen=True):
    """The draft of a row of the people form: the arguments of
    `commands.information.pole_forms.prepare_person`.
    """

    identifier: str
    name: str | None
    aliases: tuple[str, ...] = ()
    born: date | None = None
    under_18: bool | None = None
    gender: str | None = None
    categories: tuple[PoleCategory, ...] = ()
    description: str | None = None
    flags: tuple[Flag, ...] = ()


class IncidentDraft(Struct, frozen=True):
    """The draft of a row of the incidents form: the arguments of
    `commands.information.pole_forms.prepare_incident`.
    """

    identifier: str
    what: str
    sort: IncidentSort = "other"
    start: datetime | None = None
    end: datetime | None = None
    place: str | None = None
    area: str | None = None
    named: tuple[tuple[str, str, LinkKind], ...] = ()
    information: str | None = None
    source_grade: str | None = None
    handling: str | None = None
    flags: tuple[Flag, ...] = ()


class CallDraft(Struct, frozen=True):
    """The draft of a row of call records: the arguments of
    `commands.information.pole_forms.prepare_call`.
    """

    caller: str
    called: str
    start: datetime
    end: datetime
    count: float = 1.0
    mast: str | None = None
    information: str | None = None
    source_grade: str | None = None
    handling: str | None = None
    flags: tuple[Flag, ...] = ()


class FileDraft(Struct, frozen=True):
    """The draft of the entry about an imported network: the arguments of
    `commands.information.network_file.prepare`.
    """

    words: str
    flags: tuple[Flag, ...] = ()


#: Drafts of rows in tables from another system: each is identified by its position in the file.
TableDraft = LinkDraft | PersonDraft | IncidentDraft | CallDraft
Draft = ObservationDraft | ReferralDraft | MissingDraft | TableDraft | FileDraft


class Read(Struct, frozen=True):
    """A row or message of an imported file, as it was read.

    Two rows with the same `identity` are the same row, even in different files; equal rows of one
    file are distinguished by a counter in their identities. `cells` returns the row's cells by
    heading, for the rejects file. `in_dataset` returns the identity that the row would have in
    another data set; it is None if the data set is not part of the identity.
    """

    place: FilePosition
    origin: Origin
    draft: Draft
    identity: tuple[str, ...]
    cells: Callable[[], dict[str, str]] = dict
    carried_id: str | None = None
    in_dataset: Callable[[str], tuple[str, ...]] | None = None


def own_words(words: str, extras: Sequence[tuple[str, str]]) -> str:
    """Return an entry's text followed by the row's other columns, each on a labelled line."""
    lines = [f"{heading.rstrip(' ?:')}: {text}" for heading, text in extras if text]
    return "\n".join([words, *lines] if words else lines)
