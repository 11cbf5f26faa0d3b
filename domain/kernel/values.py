"""Values that many modules share: grades, handling, times with a precision, mentions, kinds of
link.

The file is long because these are small types, used everywhere.
"""

from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec

from domain.kernel.decoding import convert
from domain.kernel.fields import AS_IS, CODE, IDENTIFYING, NOT_CHECKED, NOT_REACHED, SAID

Stage = Literal["information", "intelligence", "evidence"]
STAGES: tuple[Stage, ...] = get_args(Stage)


class Refused(Exception):
    """Raised to refuse an action; the message gives the user the reason. `field` is the name of the
    form's field that the reason concerns; None if it concerns no single field. If the refused value
    is the name of an item, `named` is this name as the user typed it, so that a form can mark the
    field that contains the name.
    """

    def __init__(
        self, words: object = "", *, field: str | None = None, named: str | None = None
    ) -> None:
        super().__init__(words)
        self.field, self.named = field, named


class Denied(Refused):
    """Raised if the user may not do an action or see an item."""


class TakesTwo(Refused):
    """Raised if a second person has to confirm an action, because it lowers protection."""


class SignInFirst(Denied):
    """Raised if the user has not signed in."""

    def __init__(self, why: str = "sign in first: continuum login") -> None:
        super().__init__(why)


class Hidden(Denied):
    """Raised if the user may not see an item; the message is the same as for an item that does not
    exist.
    """


# --- grading: 3x5x2 (College of Policing) -------------------------------------------------------

SourceGrade = Literal["1", "2", "3"]
InformationGrade = Literal["A", "B", "C", "D", "E"]
HandlingCode = Literal["P", "C"]
ActionCode = Literal["A1", "A2", "A3"]
SanitisationCode = Literal["S1", "S2"]

SOURCE_GRADES: dict[SourceGrade, str] = {"1": "Reliable", "2": "Untested", "3": "Not reliable"}
INFORMATION_GRADES: dict[InformationGrade, str] = {
    "A": "Known directly",
    "B": "Known indirectly but corroborated",
    "C": "Known indirectly",
    "D": "Not known",
    "E": "Suspected to be false",
}


class Grade(msgspec.Struct, frozen=True, order=True):
    """A grade of intelligence in the scheme 3x5x2: a digit for the source (1 to 3) and a letter for
    the information (A to E). Grades are categories, never percentages.

    Grades are ordered by the information's letter, then by the source's digit: 1A is best, 3E
    worst. An ungraded item has no `Grade` at all; that is not the worst grade.
    """

    information: InformationGrade
    source: SourceGrade

    @property
    def label(self) -> str:
        return f"{self.source}{self.information}"

    @classmethod
    def parse(cls, label: str) -> "Grade":
        """Return the grade in a text like "2C". Raises ValueError for anything else."""
        text = label.strip().upper()
        if len(text) != 2 or text[0] not in SOURCE_GRADES or text[1] not in INFORMATION_GRADES:
            raise ValueError(
                f"{label!r} is not a 3x5x2 grade: write one such as 2C (source 1-3, "
                "information A-E)"
            )
        return convert({"source": text[0], "information": text[1]}, cls)


class BadHandling(Refused):
    """Raised if the handling code and its conditions do not fit each other (3x5x2)."""


class Handling(msgspec.Struct, frozen=True):
    """The handling of intelligence in the scheme 3x5x2: the handling code, the conditions, the
    action code and the sanitisation code. Code P permits lawful sharing; code C permits it under
    conditions. A person chooses the handling each time: there is no default.
    """

    code: HandlingCode
    action: ActionCode | None = None
    sanitisation: SanitisationCode | None = None
    conditions: Annotated[str | None, AS_IS] = None
    usage: Annotated[str | None, AS_IS] = None

    def checked(self) -> "Handling":
        """Return this handling. Raises BadHandling, which says what is missing, if the codes do not
        fit each other.
        """
        extra = [self.action, self.sanitisation, self.conditions, self.usage]
        if self.code == "P":
            if any(extra):
                raise BadHandling(
                    "handling code P takes no action code, sanitisation code or conditions: "
                    "leave them out, or use handling code C"
                )
            return self
        missing = [
            word
            for word, value in (
                ("an action code (A1, A2 or A3)", self.action),
                ("a sanitisation code (S1 or S2)", self.sanitisation),
                ("the handling conditions in words", self.conditions),
            )
            if not value
        ]
        if missing:
            raise BadHandling("handling code C is incomplete: add " + " and ".join(missing))
        if self.action == "A3" and not self.usage:
            raise BadHandling(
                "action code A3 permits only some overt use: say which use the owner of the "
                "information permits"
            )
        return self


# --- the report's own scheme: 5x5x5 -------------------------------------------------------------

CONVERSION_RULE = "5x5x5-to-3x5x2/1"


class Converted(msgspec.Struct, frozen=True):
    """A 5x5x5 grading converted to 3x5x2, with the parts that a person still has to decide.

    The conversion loses detail, so the original grading is stored, too, with the version of the
    rule. The rule is this program's proposal, because no official table is available [verify].
    """

    grade: Grade
    handling: Handling
    needs_review: tuple[str, ...]
    original: str
    rule: str = CONVERSION_RULE


def convert_555(
    source: str, information: str, handling: str, recipients: str | None = None
) -> Converted:
    """Return a 5x5x5 grading such as B, 2, 4 converted to 3x5x2. Raises ValueError for an unknown
    code.
    """
    sources: dict[str, SourceGrade] = {"A": "1", "B": "1", "C": "2", "D": "3", "E": "2"}
    letters: dict[str, InformationGrade] = {"1": "A", "2": "A", "3": "B", "4": "D", "5": "E"}
    original = f"{source}{information}{handling}".upper()
    source, information, handling = source.upper(), information.upper(), handling.upper()
    if source not in sources or information not in letters or handling not in letters:
        raise ValueError(
            f"{original!r} is not a 5x5x5 grading: write one such as B24 (source A-E, "
            "information 1-5, handling 1-5)"
        )
    review: list[str] = []
    if source == "C":
        review.append("source C (sometimes reliable) has no equal: grade the source by hand")
    if handling == "1":
        handled = Handling("P")
    elif handling == "4":
        review.append("handling 4 (originating force only): confirm the action code")
        handled = Handling("C", "A1", "S2", "Originating force only (was 5x5x5 handling 4).")
    else:
        review.append(f"handling {handling}: confirm recipients and action code")
        words = f"Recipients as under 5x5x5 handling {handling}: {recipients or 'not stated'}."
        handled = Handling("C", "A1", "S2", words)
    grade = Grade(letters[information], sources[source])
    return Converted(grade, handled, tuple(review), original)


# --- how a source knows -------------------------------------------------------------------------

HowKnown = Literal[
    "saw-or-heard", "has-item", "child-told", "other-told", "corroborated", "talked-about", "doubts"
]
#: The grade to propose for an answer to "How do you know it is true?". A person decides on the
#: grade.
PROPOSED: dict[HowKnown, InformationGrade] = {
    "saw-or-heard": "A",
    "has-item": "A",
    "child-told": "C",
    "other-told": "C",
    "corroborated": "B",
    "talked-about": "D",
    "doubts": "E",
}
WordsForm = Literal["verbatim", "paraphrase", "own-observation"]
FactOrOpinion = Literal["fact", "opinion", "not-known"]


# --- times --------------------------------------------------------------------------------------

Precision = Literal["minute", "hour", "day", "week", "around"]


class When(msgspec.Struct, frozen=True):
    """The time at which something happened, as a person claimed it: an interval in UTC with its
    precision, and the person's words. `start` and `end` are None if it is not clear which time the
    words mean.
    """

    words: Annotated[str, SAID]
    start: datetime | None = None
    end: datetime | None = None
    precision: Precision = "around"


#: Grounds for a legal hold.
HoldGround = Literal["inquiry", "appeal", "cpia", "other"]


# --- mentions -----------------------------------------------------------------------------------

MentionKind = Literal[
    "person",
    "nickname",
    "phone",
    "vrm",
    "vrm_partial",
    "vehicle",
    "postcode",
    "place",
    "handle",
    "when",
]


class Mention(msgspec.Struct, frozen=True):
    """A person, place or thing that a text names in text[start:end]. A mention is a suggestion
    until a person confirms it.
    """

    start: int
    end: int
    kind: MentionKind
    normalised: Annotated[str | None, IDENTIFYING]
    confidence: float


# --- people, things, links ----------------------------------------------------------------------

#: The data standard POLE calls an incident an event: a sighting, a party, a call, a journey, a
#: crime.
EntityKind = Literal["person", "vehicle", "phone", "place", "handle", "incident"]
ENTITY_KINDS: tuple[EntityKind, ...] = get_args(EntityKind)

PoleCategory = Literal[
    "suspect",
    "person-of-interest",
    "victim",
    "vulnerable-child",
    "vulnerable-adult",
    "witness",
    "subject",
    "involved-party",
    "associate",
    "missing-person",
    "recruiter",
    "convicted",
    "acquitted",
    "eliminated",
]
CATEGORIES: tuple[PoleCategory, ...] = get_args(PoleCategory)
#: Data Protection Act 2018 s.38(3): the categories between which a record must distinguish.
OFFENDER_CATEGORIES: frozenset[PoleCategory] = frozenset(
    {"suspect", "person-of-interest", "convicted"}
)
VICTIM_CATEGORIES: frozenset[PoleCategory] = frozenset(
    {"victim", "vulnerable-child", "missing-person"}
)
CLEARED_CATEGORIES: frozenset[PoleCategory] = frozenset({"eliminated", "acquitted"})

LinkKind = Literal[
    "associate",
    "co-offender",
    "family",
    "association",
    "contact",
    "uses",
    "owns",
    "driver-of",
    "passenger-of",
    "lives-at",
    "frequents",
    "placed-at",
    "seen-at",
    "co-located",
    "other",
    "involved-in",
    "suspect-in",
    "victim-of",
    "witness-to",
    "dealt-with",
    "happened-at",
    "lies-in",
]


class LinkShape(msgspec.Struct, frozen=True):
    """The kinds of people and things that a link may join, and whether the link has a direction."""

    source: frozenset[EntityKind]
    target: frozenset[EntityKind]
    directed: bool


_PEOPLE: frozenset[EntityKind] = frozenset({"person"})
_ANY: frozenset[EntityKind] = frozenset(ENTITY_KINDS)
_PLACES: frozenset[EntityKind] = frozenset({"place"})
_INCIDENTS: frozenset[EntityKind] = frozenset({"incident"})
#: Each kind of link, in neutral words: a child and an adult have an "association", never a
#: "relationship".
LINK_KINDS: dict[LinkKind, LinkShape] = {
    "associate": LinkShape(_PEOPLE, _PEOPLE, False),
    "co-offender": LinkShape(_PEOPLE, _PEOPLE, False),
    "family": LinkShape(_PEOPLE, _PEOPLE, False),
    "association": LinkShape(_PEOPLE, _PEOPLE, False),
    "contact": LinkShape(
        frozenset({"person", "phone", "handle"}), frozenset({"person", "phone", "handle"}), False
    ),
    "uses": LinkShape(_PEOPLE, frozenset({"vehicle", "phone", "handle", "place"}), True),
    "owns": LinkShape(_PEOPLE, frozenset({"vehicle", "phone", "handle", "place"}), True),
    "driver-of": LinkShape(_PEOPLE, frozenset({"vehicle"}), True),
    "passenger-of": LinkShape(_PEOPLE, frozenset({"vehicle"}), True),
    "lives-at": LinkShape(_PEOPLE, _PLACES, True),
    "frequents": LinkShape(_PEOPLE, _PLACES, True),
    "placed-at": LinkShape(_PEOPLE, _PLACES, True),
    "seen-at": LinkShape(frozenset({"person", "vehicle", "phone"}), _PLACES, True),
    "co-located": LinkShape(_ANY, _ANY, False),
    "other": LinkShape(_ANY, _ANY, False),
    # Links that state the part of a person or thing in one incident. They put no person into a
    # data-subject category.
    "involved-in": LinkShape(_ANY - {"incident", "place"}, _INCIDENTS, True),
    "suspect-in": LinkShape(_PEOPLE, _INCIDENTS, True),
    "victim-of": LinkShape(_PEOPLE, _INCIDENTS, True),
    "witness-to": LinkShape(_PEOPLE, _INCIDENTS, True),
    "dealt-with": LinkShape(_PEOPLE, _INCIDENTS, True),
    "happened-at": LinkShape(_INCIDENTS, _PLACES, True),
    "lies-in": LinkShape(_PLACES, _PLACES, True),
}
#: The parts that a person or thing can have in an incident.
PARTS: tuple[LinkKind, ...] = (
    "involved-in",
    "suspect-in",
    "victim-of",
    "witness-to",
    "dealt-with",
)
#: Links to a home or a placement. Such a place is never shown as a hotspot, and is in no exported
#: picture.
HOME_LINKS: frozenset[LinkKind] = frozenset({"lives-at", "placed-at"})

Threshold = Literal["low", "medium", "high", "unknown"]
#: An order of the ratings, to compare how much each rating protects a case; "unknown" gives no
#: protection.
RATED: dict[Threshold, int] = {"unknown": 0, "low": 1, "medium": 2, "high": 3}


class Matter(msgspec.Struct, frozen=True, order=True):
    """An open matter of a case: an undecided suspect, an unanswered alert, an unassessed log entry,
    a missing child (then `id` is the id of the case), an unanswered threat, a hearing without its
    outcome, another child at risk without a decision.
    """

    kind: Literal["suspect", "alert", "words", "missing", "threat", "hearing", "at-risk"]
    id: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


#: The words for a value that is not known. Such a value is never shown as zero or as an empty text.
NOT_KNOWN = "not known"

QualityCode = Literal[
    "age-ambiguous",
    "age-gap-in-bands",
    "plate-never-issued",
    "date-unresolved",
    "date-in-future",
    "date-before-1900",
    "clocks-changed",
    "case-unknown",
    "told-after-recorded",
    "unreported-missing",
    "outcome-of-one-of-several",
    "order-unclear",
    "rating-not-taken",
    "control-characters",
    "bidi-characters",
    "other",
]


class Origin(msgspec.Struct, frozen=True):
    """Where an imported fact comes from: the file (by its SHA-256), sheet and row, and the form of
    the file.
    """

    file: Annotated[str, CODE]
    form: Annotated[str, CODE]
    row: int
    sheet: Annotated[str | None, IDENTIFYING] = None
    name: Annotated[str | None, IDENTIFYING] = None


# --- people who use the record -------------------------------------------------------------------

Role = Literal[
    "psw",
    "detective",
    "intelligence-officer",
    "source-handler",
    "social-worker",
    "childrens-support-worker",
    "manager",
    "disclosure-officer",
    "auditor",
    "administrator",
    "supervisor",
    "dci",
    "missing-coordinator",
    "health-worker",
    "charity-worker",
    "evaluator",
]
ROLES: tuple[Role, ...] = get_args(Role)


class Reader(msgspec.Struct, frozen=True):
    """The user of a command or query: account, roles, teams and cases.

    If a store has no accounts, `name` is an unchecked label, `closed` is False and nothing is
    hidden. On a store with accounts, `closed` is True and the access rules use all fields:
    - `teams`: the reader's own teams and their predecessors.
    - `cases` and `children`: the cases and children that the reader works with.
    - For a limited time, `glass`: cases opened as emergency access; `audited`: cases that the
      reader may see as an auditor; `disclosed`: cases that the reader may see as a disclosure
      officer; `entries`: opened entries of the source register.
    - `keeps_for`: the controller in the reader's account. The rules ignore a controller that a user
      gives with a command.
    - `charity`: the controller of the charity's records on this installation.
    """

    name: str
    team: str
    controller: str
    regime: Literal["part-3", "uk-gdpr"] = "part-3"
    assessor: bool = True
    closed: bool = False
    roles: frozenset[Role] = frozenset()
    teams: frozenset[str] = frozenset()
    cases: frozenset[UUID] = frozenset()
    children: frozenset[UUID] = frozenset()
    glass: frozenset[UUID] = frozenset()
    audited: frozenset[UUID] = frozenset()
    disclosed: frozenset[UUID] = frozenset()
    entries: frozenset[UUID] = frozenset()
    keeps_for: str | None = None
    charity: str = "charity"
