"""An item of evidence: an exhibit with its continuity, a statement, a recorded interview.

An item of evidence refers to the log entry that led to it, and never replaces a sanitised text.
Evidence may be gathered without an intelligence report first: a carer brings a phone, and an arrest
follows on the same day.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.card_effects import Counts
from domain.kernel.codes import EvidenceKind, EvidenceStatus
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    BASIS,
    CODE,
    IDENTIFYING,
    MENTION,
    NAMED,
    OCCURRED,
    RESTS_ON,
    WRITTEN,
)
from domain.kernel.values import Refused, TakesTwo


class EvidenceGathered(Event, frozen=True):
    """An item of evidence was gathered: an exhibit, a statement or a recorded interview. `mark`
    consists of the producer's initials and a number (AB1). Images are never stored here: `sha256`
    is the hash of a file that stays in police storage.
    """

    stored: ClassVar = Stored(
        "evidence.gathered", "evidence", "record", ("description", "produced_by", "location")
    )
    meaning: ClassVar = Meaning(
        ("evidence",),
        reach="evidence",
        step="evidence",
        journey=("evidence", "kind"),
        files=True,
        activity=True,
        when="gathered",
        card=(Counts("evidence"),),
        brief="exhibit",
        kind="kind",
        enters=("kind", "live"),
    )
    kind: EvidenceKind
    mark: Annotated[str, CODE]
    observations: Annotated[tuple[UUID, ...], NAMED, BASIS, RESTS_ON] = ()
    case: Annotated[UUID | None, ABOUT, MENTION] = None
    gathered: Annotated[datetime | None, OCCURRED] = None
    sha256: Annotated[str | None, CODE] = None
    description: Annotated[str | None, WRITTEN] = None
    produced_by: Annotated[str | None, IDENTIFYING] = None
    location: Annotated[str | None, IDENTIFYING] = None

    @property
    def exhibit(self) -> str:
        """Return the kind of a piece of evidence and its mark, in words: "exhibit AB1"."""
        return f"{self.kind} {self.mark}"


class EvidenceTransferred(Event, frozen=True):
    """An exhibit was handed over (continuity): from whom to whom, when, and where it is stored."""

    stored: ClassVar = Stored(
        "evidence.transferred", "evidence", "record", ("giver", "receiver", "place")
    )
    meaning: ClassVar = Meaning(("evidence",), commands=("evidence.transfer",), step="evidence")
    transferred: datetime | None = None
    giver: Annotated[str | None, IDENTIFYING] = None
    receiver: Annotated[str | None, IDENTIFYING] = None
    place: Annotated[str | None, IDENTIFYING] = None


class EvidenceStatusChanged(Event, frozen=True):
    """An item of evidence was excluded, undermined or withdrawn, with a reason."""

    status: ClassVar[Literal["excluded", "undermined", "withdrawn"]]
    reason: Annotated[str, WRITTEN]


class EvidenceExcluded(EvidenceStatusChanged, frozen=True):
    """An item of evidence was excluded: a court or the prosecution will not use it. The item is
    shown and counted as excluded.
    """

    stored: ClassVar = Stored("evidence.excluded", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("evidence",), commands=("evidence.status",), turns="excluded", step="evidence"
    )
    status: ClassVar = "excluded"


class EvidenceUndermined(EvidenceStatusChanged, frozen=True):
    """An item of evidence was undermined: a fact contradicts it. The item is shown and counted as
    undermined."""

    stored: ClassVar = Stored("evidence.undermined", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("evidence",), turns="undermined", step="evidence")
    status: ClassVar = "undermined"


class EvidenceWithdrawn(EvidenceStatusChanged, frozen=True):
    """An item of evidence was withdrawn by the person who gathered it. The item is shown and
    counted as withdrawn.
    """

    stored: ClassVar = Stored("evidence.withdrawn", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("evidence",), turns="withdrawn", step="evidence", hides=True)
    status: ClassVar = "withdrawn"


EVENTS = (
    EvidenceGathered,
    EvidenceTransferred,
    EvidenceExcluded,
    EvidenceUndermined,
    EvidenceWithdrawn,
)


#: The text for a user who records the statement of a person who gave information (report: "Parents
#: may be interviewed as witnesses"; CPIA 1996 and its Code).
WITNESS = (
    "a person who gives a statement is a witness: a disclosure officer decides about the "
    "information that they gave before, and the defence may learn who they are. If they gave it in "
    "confidence, ask the source handler before it is used"
)


def consequence(kind: EvidenceKind) -> str | None:
    """Return the text for a user who records evidence of this kind: the consequence of the evidence
    for disclosure. Return None if no such text is needed.
    """
    return WITNESS if kind == "statement" else None


class Evidence(Struct, frozen=True):
    """The state of one item of evidence."""

    exists: bool = False
    status: EvidenceStatus = "live"
    holder: str | None = None


def evolve(state: Evidence, event: Event) -> Evidence:
    match event:
        case EvidenceGathered():
            return Evidence(True, holder=event.produced_by)
        case EvidenceTransferred():
            return replace(state, holder=event.receiver)
        case EvidenceExcluded():
            return replace(state, status="excluded")
        case EvidenceUndermined():
            return replace(state, status="undermined")
        case EvidenceWithdrawn():
            return replace(state, status="withdrawn")
    return state


def gather(item: EvidenceGathered) -> tuple[Event, ...]:
    if not item.mark.strip():
        raise Refused("give the exhibit mark of the item of evidence, such as AB1", field="mark")
    return (item,)


def transfer(state: Evidence, move: EvidenceTransferred) -> tuple[Event, ...]:
    """Record that an exhibit was handed over. Raises Refused if the giver is not the current
    holder, because continuity would break.
    """
    if not state.exists:
        raise Refused("there is no item of evidence with this id")
    if not (move.receiver or "").strip():
        raise Refused("say who received the item of evidence", field="receiver")
    if state.holder and move.giver and move.giver != state.holder:
        raise Refused(
            "the continuity record says that another person holds this item: record the "
            "missing hand-over first",
            field="giver",
        )
    return (move,)


def change_status(
    state: Evidence, status: EvidenceStatus, reason: str, *, rests: bool = False
) -> tuple[Event, ...]:
    """Change the status of an item of evidence. Raises TakesTwo for withdrawing or excluding the
    only support of a link (`rests`)."""
    if not state.exists:
        raise Refused("there is no item of evidence with this id")
    if not reason.strip():
        raise Refused("give the reason for changing the status of this item", field="reason")
    if state.status == status:
        return ()
    if rests and status in ("excluded", "withdrawn"):
        raise TakesTwo(
            "a link is based on this item alone, so a second person has to confirm the change"
        )
    match status:
        case "excluded":
            return (EvidenceExcluded(reason),)
        case "undermined":
            return (EvidenceUndermined(reason),)
        case "withdrawn":
            return (EvidenceWithdrawn(reason),)
        case "live":
            raise Refused("an item of evidence cannot become live again: gather it again")
