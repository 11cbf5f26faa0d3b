"""Count the ungraded links of an imported network, for the log entry about its file."""

from collections import Counter
from dataclasses import dataclass, field

from commands.information import links_form, network_file
from domain.kernel.values import ENTITY_KINDS, EntityKind, Origin
from ingest.files.problems import FilePosition
from ingest.importing.plan import ImportPlan
from ingest.words.drafts import CallDraft, Draft, FileDraft, IncidentDraft, LinkDraft, Read


@dataclass
class UngradedLinks:
    """How many ungraded links of each kind an imported file has, and how often these links name
    each person or thing.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)

    def add(self, draft: Draft) -> None:
        """Count the ungraded links of a row, and how often they name each person or thing. An end
        that is masked in the file is not counted."""
        match draft:
            case LinkDraft(information=None, source_grade=None, alone=False):
                kinds = (_base(draft.source_kind), _base(draft.target_kind))
                self.kinds[draft.link_kind or links_form.default_link(*kinds)] += 1
                for end, name, own in (
                    ("source", draft.source, draft.source_own),
                    ("target", draft.target, draft.target_own),
                ):
                    if end not in draft.masked:
                        self.names[(own and own.name) or name] += 1
            case IncidentDraft(information=None, source_grade=None):
                self.kinds.update(kind for _, _, kind in draft.named)
                self.kinds["happened-at"] += draft.place is not None
                self.names.update(name for name, _, _ in draft.named)
            case CallDraft(information=None, source_grade=None):
                self.kinds["contact"] += 1
                self.names.update((draft.caller, draft.called))

    def entry(self, place: FilePosition, origin: Origin, dataset: str) -> Read | None:
        """Return the log entry about the file; None if the file has no ungraded links."""
        kinds = +self.kinds
        if not kinds:
            return None
        words = network_file.words(origin.name or place.file, dataset, kinds, self.names)
        identity = ("file entry", origin.form, dataset, origin.file)
        return Read(place, origin, FileDraft(words), identity)


def file_entry(plan: ImportPlan, dataset: str) -> Read | None:
    """Return the entry about the ungraded links of a file; None if all links are graded."""
    ungraded = UngradedLinks()
    for read in plan.reads():
        if isinstance(read, Read):
            ungraded.add(read.draft)
    origin = Origin(plan.file.sha256, plan.form, 1, None, plan.path.name)
    return ungraded.entry(FilePosition(plan.path.name), origin, dataset)


def _base(kind: str) -> EntityKind:
    """Return the kind of the person or thing at one end of a link, without the person's categories:
    "person" for "person/child"."""
    return next(
        entity_kind for entity_kind in ENTITY_KINDS if entity_kind == kind.partition("/")[0]
    )
