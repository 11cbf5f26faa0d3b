"""Find other data sets into which the importer's teams have imported the same file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.forms.table_plan import PLACED
from ingest.importing.plan import ImportPlan
from ingest.words.drafts import Read
from ingest.words.recording import DraftTarget


@dataclass
class OtherDatasets:
    """The other data sets into which the same file was imported before. The class compares them
    with the file that is being imported, and counts how many rows of the file each of them already
    has.
    """

    intake: DraftTarget
    plan: ImportPlan
    dataset: str
    names: list[str] = field(init=False)
    _rows: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        before = self.intake.datasets(self.plan.file.sha256, self.plan.form)
        self.names = [name for name in before if name != self.dataset]

    def have(self, item: Read) -> bool:
        """Return whether another data set has this row already, and count it if so."""
        if item.in_dataset is None or item.carried_id:
            return False
        for name in self.names:
            if self.intake.already_recorded([self.intake.identify(item.in_dataset(name))]):
                self._rows[name] += 1
                return True
        return False

    def notes(self) -> Iterator[str]:
        """Yield a note for each other data set that has rows of this file."""
        for name in self.names:
            if self.plan.form in PLACED:
                yield (
                    f"this file came in before, in the data set {name!r}: its people and things "
                    "are recorded again in this one"
                )
            elif rows := self._rows[name]:
                which = "1 row" if rows == 1 else f"{rows} rows"
                yield f"{which} came in with this file before, in the data set {name!r}"
