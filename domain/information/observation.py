"""A log entry (observation): what a parent, a carer or a worker said or saw. All other information
is based on log entries.

A log entry is either a snippet ("names, nicknames, cars, times") or an entry of a provenance log,
which also answers "How do you know it is true?". A log entry is never edited: corrections, moves to
another family and withdrawals are events of their own.

The file is long because it is one aggregate.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from domain import forms
from domain.kernel.card_effects import Counts
from domain.kernel.codes import Noticed, Threatened, WithdrawnFor
from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    CODE,
    CONFIRMED,
    ENTRY,
    FILED,
    IDENTIFYING,
    KNOWER,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OCCURRED,
    SAID,
    WRITTEN,
)
from domain.kernel.values import (
    FactOrOpinion,
    HowKnown,
    Mention,
    Origin,
    QualityCode,
    Refused,
    TakesTwo,
    When,
    WordsForm,
)

Kind = Literal["snippet", "provenance-entry"]
Outcome = Literal["assess", "refer", "safeguard", "more-needed", "no-value"]
Audit = Literal["agree", "assess"]
#: The channels of log entries that import a network: of the one entry about the file, and of the
#: entry of each row. No officer has to assess an entry of a row.
IMPORTED_FILE, IMPORTED_ROW = "network-file", "network-row"
#: The image format of a photograph, recognised by its first bytes.
PictureForm = Literal["jpeg", "png", "webp"]

#: The notice before a user photographs a paper log (Sexual Offences Act 2003 s.45 and Protection of
#: Children Act 1978 s.1: an indecent image of a child must not be made or copied).
PAPER_ONLY = (
    "Paper only. Sexual images of a child on a screen: do not photograph or forward them. Keep the "
    "device safe and ring the police."
)
#: The largest number of photographs of paper on one log entry.
PICTURES = 20

#: Decisions on a log entry that a user may make only after looking at possible corroboration.
ALONE: tuple[Outcome, ...] = ("more-needed", "no-value")

#: Signs of urgency in the text of a log entry, in words for a reader.
URGENCIES: dict[str, str] = {
    "missing-now": "a child may be missing now",
    "with-suspect-now": "a child may be with a suspect now",
    "threat": "a threat",
    "violence": "violence",
    "injury": "an injury",
    "self-harm": "self-harm",
    "at-the-door": "somebody may be there now",
    "weapon": "a weapon",
    "told-to-keep-quiet": "told to keep quiet",
    "sold": "a child may be sold or passed to others",
    "call-for-help": "a call for help",
    "released": "somebody out of prison may be near or in touch",
}
#: Signs of exploitation that parents notice in a child, in words for a reader.
NOTICED: dict[Noticed, str] = {
    "often-bathing": "baths or showers many times a day",
    "stopped-school": "not at school",
    "unexplained-things": "a new phone, clothes or money",
    "older-company": "older company",
    "out-at-night": "out at night",
    "changed-mood": "a changed mood",
    "new-friends": "other friends than before",
    "eating-or-sleeping": "eating or sleeping badly",
}

FIRST_YEAR = 1900
"""No log entry is from before this year."""


class ObservationRecorded(Event, frozen=True):
    """A log entry was recorded. `told` is when a worker heard the information; None if the worker
    recorded it at once. `entry` is the id of the entry's source in the source register, `root` the
    token (random id) of the independent source. `noticed` are the signs of exploitation that were
    ticked on the form.
    """

    stored: ClassVar = Stored(
        "observation.recorded",
        "evidence",
        "record",
        sealed=(
            "words",
            "origin",
            "how_known_words",
            "happened",
            "case_told",
            "urgent_reason",
            "noticed",
        ),
    )
    meaning: ClassVar = Meaning(
        ("record",),
        enters=("observation", "unassessed"),
        step="information",
        journey=("words came in", "form"),
        files=True,
        activity=True,
        when="told",
        card=(Counts("words"),),
        brief="words",
        alone=True,
    )
    kind: Kind
    form: WordsForm
    words: Annotated[str, SAID]
    case: Annotated[UUID | None, NOT_CHECKED, FILED] = None
    told: datetime | None = None
    entry: Annotated[UUID | None, NOT_CHECKED, ENTRY] = None
    root: Annotated[UUID | None, NOT_CHECKED, KNOWER] = None
    chain: Annotated[tuple[UUID, ...], NOT_CHECKED, KNOWER] = ()
    how_known: HowKnown | None = None
    urgent: bool = False
    channel: Annotated[str, CODE] = "typed"
    opinion: FactOrOpinion = "not-known"
    origin: Origin | None = None
    happened: Annotated[When | None, OCCURRED] = None
    how_known_words: Annotated[str | None, SAID] = None
    case_told: Annotated[str | None, IDENTIFYING] = None
    urgent_reason: Annotated[str | None, WRITTEN] = None
    noticed: tuple[Noticed, ...] = ()


class SourceHeld(Event, frozen=True):
    """The source register did not answer, so the source of the log entry is stored here, encrypted,
    until the register answers.
    """

    stored: ClassVar = Stored("observation.source_held", "evidence", "source", sealed=("held",))
    meaning: ClassVar = Meaning(("record",), alone=True)
    entry: Annotated[UUID, NOT_CHECKED, ENTRY]
    held: Annotated[str, SAID]


class SourceTransferred(Event, frozen=True):
    """The source of the log entry is in the source register now; from now on it counts as an
    independent source.
    """

    stored: ClassVar = Stored("observation.source_transferred", "evidence", "none")
    meaning: ClassVar = Meaning(("record",), alone=True)
    entry: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    root: Annotated[UUID | None, NOT_CHECKED, KNOWER] = None
    chain: Annotated[tuple[UUID, ...], NOT_CHECKED, KNOWER] = ()


class ObservationRead(Event, frozen=True):
    """The program read these mentions in the text of a log entry. A mention is a suggestion until a
    person confirms it. `drift_signs` are signs that the source may have become a covert source, for
    which a review is proposed.
    """

    stored: ClassVar = Stored("observation.read", "evidence", "record", sealed=("mentions",))
    meaning: ClassVar = Meaning(("record",), access_request="never", alone=True)
    grammar: Annotated[str, CODE]
    mentions: tuple[Mention, ...] = ()
    urgency_signs: Annotated[tuple[str, ...], CODE] = ()
    drift_signs: Annotated[tuple[str, ...], CODE] = ()


class ObservationFlagged(Event, frozen=True):
    """An inconsistency in the text of a log entry was flagged. The text is never corrected."""

    stored: ClassVar = Stored("observation.flagged", "evidence", "record", sealed=("raw",))
    meaning: ClassVar = Meaning(("record",), access_request="never", alone=True)
    code: QualityCode
    field: Annotated[str, CODE]
    raw: Annotated[str | None, IDENTIFYING] = None


class MentionConfirmed(Event, frozen=True):
    """A person confirmed that the text from `start` to `end` of a log entry names this person or
    thing.
    """

    stored: ClassVar = Stored("observation.mention_confirmed", "evidence", "record", ("mention",))
    meaning: ClassVar = Meaning(
        ("name", "correct"), commands=("observation.confirm",), access_request="never"
    )
    entity: Annotated[UUID, NOT_CHECKED, CONFIRMED]
    mention: Mention | None = None


class MentionMisread(Event, frozen=True):
    """A person rejected the program's reading of the text from `start` to `end`: this text names no
    person or thing.
    """

    stored: ClassVar = Stored("observation.misread", "evidence", "record")
    meaning: ClassVar = Meaning(("name", "correct"), commands=("observation.misread",))
    start: int
    end: int


class ObservationCorrected(Event, frozen=True):
    """A person added a correction to a log entry; the original text remains."""

    stored: ClassVar = Stored("observation.corrected", "evidence", "record", ("words", "reason"))
    meaning: ClassVar = Meaning(
        ("correct",),
        commands=("observation.correct",),
        step="information",
        overtakes="a correction came",
        brief="words",
    )
    words: Annotated[str, SAID]
    reason: Annotated[str | None, WRITTEN] = None


class LogPhotographed(Event, frozen=True):
    """A photograph of a parent's paper log was attached to the log entry. `kept` is the name of the
    original file in the store, and `sha256` the hash of the original; `shown` is the name of a copy
    without camera metadata (place, device). Each file is encrypted with its own secret.
    `shows_writer` means that a name or handwriting identifies the writer of the log.
    """

    stored: ClassVar = Stored(
        "observation.log_photographed",
        "evidence",
        "record",
        ("sha256", "secret", "shown_secret"),
    )
    meaning: ClassVar = Meaning(("correct",), commands=("observation.photograph",))
    form: PictureForm
    size: int
    kept: Annotated[str, CODE]
    shown: Annotated[str, CODE]
    sha256: Annotated[str, CODE]
    secret: Annotated[bytes, CODE]
    shown_secret: Annotated[bytes, CODE]
    shows_writer: bool = True


class ObservationMoved(Event, frozen=True):
    """The log entry is filed under another case, or under none."""

    @property
    def case(self) -> UUID | None:
        """Return the case under which the log entry is filed now."""
        return None


class ObservationRefiled(ObservationMoved, frozen=True):
    """The log entry moved from the wrong family to the right one."""

    stored: ClassVar = Stored("observation.refiled", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("refile",),
        commands=("observation.refile",),
        step="information",
        hides=True,
        files=True,
        activity=True,
    )
    case: Annotated[UUID, NAMED, FILED]
    previous: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    reason: Annotated[str | None, WRITTEN] = None


class ObservationUnfiled(ObservationMoved, frozen=True):
    """The log entry was removed from its family, because a person stated that it belongs to another
    family or was recorded in error. A second person still has to confirm this statement.
    """

    stored: ClassVar = Stored("observation.unfiled", "evidence", "none")
    meaning: ClassVar = Meaning(("correct",), step="information", hides=True)
    previous: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class ObservationWithdrawn(Event, frozen=True):
    """The log entry was withdrawn; it remains on record and counts as withdrawn. `ground` is the
    reason; `threatened` says whether the parent who wishes the withdrawal is under threat.
    """

    stored: ClassVar = Stored(
        "observation.withdrawn", "evidence", "record", ("reason", "threatened")
    )
    meaning: ClassVar = Meaning(
        ("correct",),
        commands=("observation.withdraw",),
        turns="withdrawn",
        step="information",
        journey=("words were taken back",),
        deadlines=(Ends("words-waiting"), Ends("no-value-audit")),
        hides=True,
    )
    reason: Annotated[str, WRITTEN]
    ground: WithdrawnFor | None = None
    threatened: Threatened | None = None


class ObservationTaken(Event, frozen=True):
    """A named person took the log entry to assess it."""

    stored: ClassVar = Stored("observation.taken", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("triage",), commands=("observation.take",), step="information", inside=True, alone=True
    )


class UrgencyChanged(Event, frozen=True):
    """A user marked the log entry as urgent (`raised`), or lowered its urgency, with a reason."""

    raised: ClassVar[bool]
    reason: Annotated[str, WRITTEN]


class UrgencyRaised(UrgencyChanged, frozen=True):
    """A user marked the log entry as urgent."""

    stored: ClassVar = Stored("observation.urgency_raised", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("correct", "triage"), commands=("observation.raise",), step="information"
    )
    raised: ClassVar = True


class UrgencyLowered(UrgencyChanged, frozen=True):
    """A named assessor lowered the urgency of a log entry, with a reason."""

    stored: ClassVar = Stored("observation.urgency_lowered", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("assess",), commands=("observation.lower",), step="information", inside=True
    )
    raised: ClassVar = False


class ObservationTriaged(Event, frozen=True):
    """A person decided what happens next with one log entry (triage). `sampled` marks a no-value
    decision that a second person will audit.
    """

    stored: ClassVar = Stored("observation.triaged", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("triage",),
        commands=("observation.triage",),
        step="information",
        journey=("decided about words", "outcome"),
        inside=True,
        alone=True,
    )
    outcome: Outcome
    reason: Annotated[str, WRITTEN]
    sampled: bool = False


class NoValueAudited(Event, frozen=True):
    """A second person audited a decision that a log entry has no value. They agreed, or the entry
    is put back into the queue for assessment.
    """

    stored: ClassVar = Stored("observation.no_value_audited", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("triage",))
    answer: Audit
    reason: Annotated[str, WRITTEN]


class ObservationAssessed(Event, frozen=True):
    """The log entry was graded as an item of a report: information became intelligence."""

    stored: ClassVar = Stored("observation.assessed", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("assess",),
        turns="assessed",
        step="intelligence",
        journey=("words were graded",),
        deadlines=(Ends("words-waiting"), Ends("no-value-audit")),
        inside=True,
    )
    report: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: int


class ObservationRedacted(Event, frozen=True):
    """A person's redaction replaced the original text of a log entry. The original text was
    destroyed, together with the mentions that the program had read in it. The independent source,
    grades and confirmed names remain.
    """

    stored: ClassVar = Stored("observation.redacted", "evidence", "record", ("words", "happened"))
    meaning: ClassVar = Meaning(("erase",), step="information", hides=True, brief="words")
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    words: Annotated[str, WRITTEN]
    happened: Annotated[When | None, OCCURRED] = None


EVENTS = (
    ObservationRecorded,
    SourceHeld,
    SourceTransferred,
    ObservationRead,
    ObservationFlagged,
    MentionConfirmed,
    MentionMisread,
    ObservationCorrected,
    LogPhotographed,
    ObservationRefiled,
    ObservationUnfiled,
    ObservationWithdrawn,
    ObservationTaken,
    UrgencyRaised,
    UrgencyLowered,
    ObservationTriaged,
    NoValueAudited,
    ObservationAssessed,
    ObservationRedacted,
)


#: A part of a log entry's text, as two positions: of its first character, and of the character
#: after its last.
Span = tuple[int, int]


class Observation(Struct, frozen=True):
    """The state of one log entry."""

    exists: bool = False
    case: UUID | None = None
    unfiled: UUID | None = None
    words: str = ""
    root: UUID | None = None
    how_known: HowKnown | None = None
    happened: When | None = None
    urgent: bool = False
    proposed: bool = False
    withdrawn: bool = False
    triage: Outcome | None = None
    to_audit: bool = False
    assessed: tuple[tuple[UUID, int], ...] = ()
    confirmed: frozenset[UUID] = field(default_factory=frozenset)
    read: frozenset[Span] = frozenset()
    right: frozenset[Span] = frozenset()
    misread: frozenset[Span] = frozenset()
    pictures: frozenset[str] = frozenset()


class OthersSaidIt(Refused):
    """Raised if other log entries may corroborate the log entry about which an officer decides, and
    the officer has not looked at those other entries.
    """


class AlreadyAssessed(Refused):
    """Raised if another officer has graded this log entry already."""


def evolve(state: Observation, event: Event) -> Observation:
    match event:
        case ObservationRecorded():
            return Observation(
                exists=True,
                case=event.case,
                words=event.words,
                root=event.root,
                how_known=event.how_known,
                happened=event.happened,
                urgent=event.urgent,
            )
        case SourceTransferred():
            return replace(state, root=event.root)
        case ObservationRefiled():
            return replace(state, case=event.case, unfiled=None)
        case ObservationUnfiled():
            return replace(state, case=None, unfiled=event.previous)
        case ObservationWithdrawn():
            return replace(state, withdrawn=True)
        case ObservationRead():
            read = state.read | {(mention.start, mention.end) for mention in event.mentions}
            return replace(state, read=read, proposed=state.proposed or bool(event.urgency_signs))
        case UrgencyRaised():
            return replace(state, urgent=True)
        case UrgencyLowered():
            return replace(state, urgent=False, proposed=False)
        case ObservationTriaged():
            return replace(state, triage=event.outcome, to_audit=event.sampled)
        case NoValueAudited():
            decision = state.triage if event.answer == "agree" else None
            return replace(state, triage=decision, to_audit=False)
        case ObservationAssessed():
            return replace(state, assessed=(*state.assessed, (event.report, event.item)))
        case ObservationRedacted():
            return replace(
                state,
                words=event.words,
                happened=event.happened,
                read=frozenset(),
                pictures=frozenset(),
            )
        case LogPhotographed():
            return replace(state, pictures=state.pictures | {event.sha256})
        case MentionConfirmed():
            span = {(event.mention.start, event.mention.end)} if event.mention else set()
            return replace(
                state,
                confirmed=state.confirmed | {event.entity},
                right=state.right | span,
                misread=state.misread - span,
            )
        case MentionMisread():
            return replace(state, misread=state.misread | {(event.start, event.end)})
    return state


def require_current(state: Observation) -> Observation:
    """Return the state of a log entry. Raises Refused if it is not recorded, or is withdrawn."""
    if not state.exists:
        raise Refused("there is no log entry with this id")
    if state.withdrawn:
        raise Refused("this log entry was withdrawn: if it is right after all, record it again")
    return state


def checked_signs(ticked: Collection[str]) -> tuple[Noticed, ...]:
    """Return the ticked signs of exploitation without duplicates, in the order in which the form
    lists them. Raises Refused for a sign that the form does not have.
    """
    if unknown := sorted(set(ticked) - NOTICED.keys()):
        raise Refused(
            f"{unknown[0]!r} is not a sign in the list. Signs: {', '.join(NOTICED)}",
            field="noticed",
        )
    return tuple(sign for sign in NOTICED if sign in ticked)


def correct(
    state: Observation, words: str, reason: str | None, read: ObservationRead | None = None
) -> tuple[Event, ...]:
    """Add a correction to a log entry. `read` has the signs of urgency that the program read in the
    correction; they count like signs in the original text.
    """
    require_current(state)
    if not words.strip():
        raise Refused("write the text of the correction", field="words")
    return (ObservationCorrected(words, reason), *((read,) if read else ()))


def photograph(state: Observation, picture: LogPhotographed, *, paper: bool) -> tuple[Event, ...]:
    """Add a photograph of a paper log to its entry; the same photograph is added only once. Raises
    Refused if the photographer has not confirmed that the photograph shows only paper (`paper` is
    False), and if the entry has too many photographs.
    """
    require_current(state)
    if not paper:
        raise Refused(f"confirm that the photograph shows only paper. {PAPER_ONLY}", field="paper")
    if picture.sha256 in state.pictures:
        return ()
    if len(state.pictures) >= PICTURES:
        raise Refused(
            f"this log entry has {PICTURES} photographs already: make another entry for the "
            "next pages"
        )
    return (picture,)


def refile(state: Observation, case: UUID, reason: str | None) -> tuple[Event, ...]:
    require_current(state)
    if state.case == case:
        raise Refused("this log entry is filed under this case already")
    return (ObservationRefiled(case, state.case, reason),)


def withdraw(
    state: Observation,
    reason: str,
    ground: WithdrawnFor | None,
    threatened: Threatened | None = None,
    *,
    looked_at: bool = False,
    agreed: bool = False,
) -> tuple[Event, ...]:
    """Withdraw a log entry. Raises Refused if the reason or the ground is missing. Raises TakesTwo
    if a second person is needed and none `agreed`. A second person is needed if the ground is that
    the entry was recorded in error, if the entry is urgent, if no other officer has read it
    (`looked_at` is False), or if the parent who gave it is threatened.
    """
    require_current(state)
    if not reason.strip():
        raise Refused("give the reason for withdrawing this log entry", field="reason")
    if ground is None:
        raise Refused(
            "say why the log entry is withdrawn: recorded-in-error (about another "
            "family, or by mistake), or parent-wishes",
            field="ground",
        )
    if ground == "parent-wishes" and threatened is None:
        raise Refused(
            "say whether the parent is threatened: yes, no or could-not-ask", field="threatened"
        )
    weighty = state.urgent or state.proposed or not looked_at or threatened == "yes"
    if (ground == "recorded-in-error" or weighty) and not agreed:
        raise TakesTwo("withdrawing this log entry takes two people")
    return (ObservationWithdrawn(reason, ground, threatened),)


def events_until_decided(
    state: Observation, ground: WithdrawnFor | None, threatened: Threatened | None
) -> tuple[Event, ...]:
    """Return the events that take effect at once, while the withdrawal of a log entry waits for a
    second person. An entry that may belong to another family is removed from its case; an entry by
    a threatened parent becomes urgent.
    """
    events: list[Event] = []
    if ground == "recorded-in-error" and state.case:
        events.append(ObservationUnfiled(state.case))
    if threatened == "yes" and not state.urgent:
        events.append(UrgencyRaised("the parent is threatened and asks to withdraw this"))
    return tuple(events)


def put_back(state: Observation) -> tuple[Event, ...]:
    """Return the event that files a log entry again under the family from which it was removed.
    Return () if the entry was filed under another family in the meantime.
    """
    return (ObservationRefiled(state.unfiled),) if state.unfiled else ()


def take(state: Observation) -> tuple[Event, ...]:
    require_current(state)
    return (ObservationTaken(),)


def raise_urgency(state: Observation, reason: str) -> tuple[Event, ...]:
    """Mark a log entry as urgent; any user may do so."""
    require_current(state)
    if not reason.strip():
        raise Refused("say in a few words why this entry is urgent", field="reason")
    return () if state.urgent else (UrgencyRaised(reason),)


def lower_urgency(
    state: Observation, reason: str, *, assessor: bool, agreed: bool = False
) -> tuple[Event, ...]:
    """Lower the urgency of a log entry. Raises Refused if the user is not an assessor, and if there
    is no reason. Raises TakesTwo if a person, and not the program, marked the entry as urgent and
    no second person `agreed`.
    """
    require_current(state)
    if not assessor:
        raise Refused("only an assessor who acts under their own name can lower the urgency")
    if not reason.strip():
        raise Refused("give the reason for lowering the urgency", field="reason")
    if state.urgent and not agreed:
        raise TakesTwo("lowering an urgency that a person gave takes two people")
    return (UrgencyLowered(reason),) if state.urgent or state.proposed else ()


def triage(
    state: Observation, outcome: Outcome, reason: str, *, sampled: bool, others: int = 0
) -> tuple[Event, ...]:
    """Decide what happens next with a log entry (triage). A later decision replaces an earlier one;
    both remain on record.

    `others` is the number of entries that may corroborate this entry and that the officer has not
    looked at. Raises OthersSaidIt if `others` is above 0 and the decision is that the entry has no
    value, or that more information is needed.
    """
    require_current(state)
    if not reason.strip():
        raise Refused("give the reason of the triage decision", field="reason")
    if others and outcome in ALONE:
        others_said = "another has" if others == 1 else f"{others} others have"
        raise OthersSaidIt(
            f"{others_said} said the same as this entry. Look at the earlier entries first "
            "(said-before ID --as deciding), then decide again and confirm that you have "
            "looked",
            field="looked",
        )
    return (ObservationTriaged(outcome, reason, sampled and outcome == "no-value"),)


def audit(
    state: Observation, answer: Audit | None, reason: str, *, by: str, decider: str
) -> tuple[Event, ...]:
    """Record a second person's answer to the audit of a decision that a log entry has no value.
    Raises Refused if the auditor is the person who made the decision, if no decision waits for an
    audit, and if the answer or its reason is missing.
    """
    require_current(state)
    if not state.to_audit or state.assessed:
        raise Refused("no triage decision about this entry waits for an audit")
    if answer is None:
        raise Refused(
            "answer the audit with agree, or with assess if the entry should have been assessed",
            field="answer",
        )
    if forms.same_person(by, decider):
        raise Refused("you made this triage decision: another person has to audit it")
    if not reason.strip():
        raise Refused("give the reason of the audit's answer", field="reason")
    return (NoValueAudited(answer, reason),)


def assess(state: Observation, report: UUID, item: int) -> tuple[Event, ...]:
    """Record that a log entry was graded as item `item` of `report`. Raises AlreadyAssessed for a
    second grader.
    """
    require_current(state)
    if state.assessed:
        raise AlreadyAssessed(
            f"this entry was assessed already in report {state.assessed[0][0]}: open that "
            "report to grade it again"
        )
    return (ObservationAssessed(report, item),)


def find_words(words: str, part: str) -> int:
    """Return the position at which a quotation begins in the text of a log entry, -1 if it does not
    occur. Whole words are tried before parts of words ("Al" in "Also")."""
    whole = re.search(rf"(?<!\w){re.escape(part)}(?!\w)", words)
    return whole.start() if whole else words.find(part)


def confirm(state: Observation, entity: UUID, mention: Mention | None) -> tuple[Event, ...]:
    require_current(state)
    if mention and not (0 <= mention.start < mention.end <= len(state.words)):
        raise Refused("the mention is outside the text of the entry: give a part of the text")
    return () if entity in state.confirmed else (MentionConfirmed(entity, mention),)


def misread(state: Observation, words: str) -> tuple[Event, ...]:
    """Record that the program misread `words` in a log entry: they are not a name, a plate or the
    like. This applies wherever `words` occur in the entry. Raises Refused if the program did not
    read `words` as a mention, or if a person confirmed that mention.
    """
    require_current(state)
    spans = sorted(one for one in state.read if state.words[slice(*one)] == words)
    if not spans:
        raise Refused(
            f"no mention was read in {words!r}: give the words of a mention as the entry has them",
            field="words",
        )
    if not state.right.isdisjoint(spans):
        raise Refused(
            f"the mention {words!r} was confirmed already: if it is wrong, add a correction",
            field="words",
        )
    return tuple(MentionMisread(*span) for span in spans if span not in state.misread)
