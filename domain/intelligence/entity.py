"""An entity (POLE: person, object, location, event): a person, identified or not; a vehicle, a
phone, a place, an online account (handle) or an incident.

Every entity has a random id. A plate or a phone is looked up through a keyed blind index. There is
no such index of people: only a user judges whether two records are of the same person
(`identity.py`).

The file is long because it is one aggregate.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from domain import forms
from domain.kernel.codes import AliasKind, CustodyState, IncidentSort
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import IDENTIFYING, SAID, WRITTEN
from domain.kernel.values import (
    CLEARED_CATEGORIES,
    OFFENDER_CATEGORIES,
    VICTIM_CATEGORIES,
    EntityKind,
    PoleCategory,
    QualityCode,
    Refused,
    TakesTwo,
    When,
)

FIRST_BIRTH = 1900


class AgeStated(Event, frozen=True):
    """Base class of events that record a person or a person's age, with the date of birth if it is
    known.
    """

    @property
    def under_18(self) -> bool | None:
        """Return whether the person is under 18, according to the stated age."""
        raise NotImplementedError

    @property
    def born(self) -> date | None:
        """Return the person's date of birth; None if it is not recorded."""
        raise NotImplementedError

    def latest_birth(self, recorded: datetime) -> date | None:
        """Return the latest possible date of birth of the person, from an age that was stated in
        words and recorded at the moment `recorded`; None if no age was stated.
        """
        return None


class PersonRecorded(AgeStated, frozen=True):
    """A person was recorded, with or without a name. `known` is false for a person such as "the
    tall one with the scar": no name is ever invented, and the description identifies the person
    (POLE: no person without identifying data).
    """

    stored: ClassVar = Stored(
        "person.recorded", "evidence", "subject", ("name", "description", "born", "gender")
    )
    meaning: ClassVar = Meaning(("name", "refer"), brief="called", enters=("person", "state"))
    known: bool
    under_18: bool | None = None
    name: Annotated[str | None, IDENTIFYING] = None
    description: Annotated[str | None, WRITTEN] = None
    born: date | None = None
    gender: Annotated[str | None, IDENTIFYING] = None

    @property
    def called(self) -> str | None:
        """Return the name, or the description of a person without a name."""
        return self.name or self.description

    @property
    def state(self) -> str:
        """Return "known" for a person whose identity is recorded, and "not identified" for any
        other."""
        return "known" if self.known else "not identified"


class NameAdded(Event, frozen=True):
    """A name of a recorded person was recorded."""

    @property
    def name(self) -> str:
        raise NotImplementedError


class AliasAdded(NameAdded, frozen=True):
    """Another name of a person was recorded."""

    stored: ClassVar = Stored("person.alias_added", "evidence", "subject", ("name",))
    meaning: ClassVar = Meaning(("name", "refer"), commands=("person.alias",), brief="name")
    kind: AliasKind
    name: Annotated[str, IDENTIFYING]


class PersonNamed(NameAdded, frozen=True):
    """A name was recorded for a person without a name; links to the person keep their ids."""

    stored: ClassVar = Stored("person.named", "evidence", "subject", ("name",))
    meaning: ClassVar = Meaning(("name",), commands=("person.name",), turns="known", brief="name")
    name: Annotated[str, IDENTIFYING]


class CategoryChanged(Event, frozen=True):
    """A data-subject category of a person began or ended."""

    category: PoleCategory

    def applied_to(self, before: Collection[PoleCategory]) -> tuple[PoleCategory, ...]:
        """Return the person's categories after this event, in order, given the categories before
        it.
        """
        raise NotImplementedError


class PersonClassified(CategoryChanged, frozen=True):
    """A person was put into a data-subject category (DPA 2018 s.38), with the grounds. A person may
    be in several categories at the same time: a child can be suspect and victim.
    """

    stored: ClassVar = Stored("person.classified", "evidence", "subject", ("category", "grounds"))
    meaning: ClassVar = Meaning(
        ("name", "refer"),
        commands=("person.classify",),
        doubts=(
            "exit",
            "result",
        ),
        overtakes="a category was recorded",
        brief="category",
    )
    grounds: Annotated[str, WRITTEN]

    def applied_to(self, before: Collection[PoleCategory]) -> tuple[PoleCategory, ...]:
        return tuple(sorted({*before, self.category}))


class ClassificationEnded(CategoryChanged, frozen=True):
    """A data-subject category of a person ended; the record shows that it applied before."""

    stored: ClassVar = Stored(
        "person.classification_ended", "evidence", "subject", ("category", "reason")
    )
    meaning: ClassVar = Meaning(("name",), commands=("person.end_classification",))
    reason: Annotated[str, WRITTEN]

    def applied_to(self, before: Collection[PoleCategory]) -> tuple[PoleCategory, ...]:
        return tuple(sorted({*before} - {self.category}))


class AgeRecorded(AgeStated, frozen=True):
    """A person's age was recorded: date of birth, under 18 or not, and the words as they were said
    ("14.8 months"), with the source. The age applies on the day `as_of`; if `as_of` is None, on the
    day of recording.
    """

    stored: ClassVar = Stored(
        "person.age_recorded", "evidence", "subject", ("born", "words", "as_of", "source")
    )
    meaning: ClassVar = Meaning(
        ("name", "refer", "rate"),
        commands=("person.age",),
        doubts=(
            "rating",
            "exit",
            "result",
        ),
    )
    under_18: bool | None = None
    born: date | None = None
    words: Annotated[str | None, SAID] = None
    as_of: date | None = None
    source: Annotated[str | None, IDENTIFYING] = None

    def latest_birth(self, recorded: datetime) -> date | None:
        age = forms.age(self.words or "")
        return forms.latest_birth(age, self.as_of or recorded.date()) if age else None


class LearningDisabilityRecorded(Event, frozen=True):
    """It was recorded, for a day and with the source, whether a person has a learning disability. A
    "yes" protects the person: a later "no" is recorded in addition, and removes no protection.
    """

    stored: ClassVar = Stored(
        "person.learning_disability_recorded", "evidence", "subject", ("has", "source", "as_of")
    )
    meaning: ClassVar = Meaning(
        ("name", "refer", "rate"), commands=("person.disability",), doubts=("rating",)
    )
    has: bool
    source: Annotated[str, IDENTIFYING]
    as_of: date


class CustodyStated(Event, frozen=True):
    """A suspect's custody was recorded: where the suspect is held or how they were released, since
    when, until when if that is known, and the source. A later record replaces an earlier one.
    """

    stored: ClassVar = Stored("person.custody_stated", "evidence", "subject", ("source",))
    meaning: ClassVar = Meaning(("outcome",), commands=("person.custody",))
    state: CustodyState
    since: date
    source: Annotated[str, IDENTIFYING]
    until: date | None = None


class ThingRecorded(Event, frozen=True):
    """A vehicle, phone, place or account was recorded, in the source's words and in its normal
    form; or an incident was recorded, with its kind (`sort`) and time (`happened`). The
    participants and the place of an incident are recorded as links.
    """

    stored: ClassVar = Stored(
        "thing.recorded",
        "evidence",
        "record",
        ("told", "normal", "description", "sort", "happened"),
    )
    meaning: ClassVar = Meaning(("name", "correct"), kind="kind", enters=("kind", "known"))
    kind: EntityKind
    told: Annotated[str, IDENTIFYING]
    normal: Annotated[str, IDENTIFYING]
    description: Annotated[str | None, WRITTEN] = None
    flags: tuple[QualityCode, ...] = ()
    sort: IncidentSort | None = None
    happened: When | None = None


EVENTS = (
    PersonRecorded,
    AliasAdded,
    PersonNamed,
    PersonClassified,
    ClassificationEnded,
    AgeRecorded,
    LearningDisabilityRecorded,
    CustodyStated,
    ThingRecorded,
)


class Entity(Struct, frozen=True):
    """The state of one person, vehicle, phone, place, account or incident."""

    kind: EntityKind | None = None
    known: bool = False
    under_18: bool | None = None
    names: frozenset[str] = field(default_factory=frozenset)
    categories: frozenset[PoleCategory] = field(default_factory=frozenset)


def evolve(state: Entity, event: Event) -> Entity:
    match event:
        case PersonRecorded():
            names = frozenset({event.name}) if event.name else frozenset()
            return Entity("person", event.known, event.under_18, names)
        case ThingRecorded():
            return Entity(event.kind, True, None, frozenset({event.normal}))
        case AliasAdded():
            return replace(state, names=state.names | {event.name})
        case PersonNamed():
            return replace(state, known=True, names=state.names | {event.name})
        case CategoryChanged():
            return replace(state, categories=frozenset(event.applied_to(state.categories)))
        case AgeRecorded():
            return replace(state, under_18=event.under_18)
    return state


def record_person(person: PersonRecorded) -> tuple[Event, ...]:
    """Record a person, with or without a name. Raises Refused for a person without any identifying
    data (POLE standard).
    """
    if person.known and not (person.name or "").strip():
        raise Refused(
            "give a name for a known person; if there is no name, describe an unknown person"
        )
    if not person.known and not f"{person.name or ''}{person.description or ''}".strip():
        words = "describe the unknown person: a nickname, or what they look like"
        raise Refused(words, field="description")
    return (person,)


def record_incident(
    text: str, normal: str, sort: IncidentSort, happened: When | None
) -> tuple[Event, ...]:
    """Record an incident, such as a sighting or a party. Raises Refused if there is no description,
    and if the incident would end before it starts.
    """
    if not normal.strip():
        raise Refused("say in a few words what happened in the incident", field="what")
    if happened and happened.start and happened.end and happened.end < happened.start:
        raise Refused("the incident ends before it begins: correct one of the times", field="until")
    return (ThingRecorded("incident", text.strip(), normal, sort=sort, happened=happened),)


def credible_birth(born: date | None, today: date) -> None:
    """Raise Refused for a date of birth that must be mistyped: in the future, or before 1900."""
    if born is None:
        return
    if born > today:
        words = f"the date of birth {born} is in the future: correct it"
        raise Refused(words, field="born")
    if born.year < FIRST_BIRTH:
        words = f"the date of birth {born} is before {FIRST_BIRTH}: correct it"
        raise Refused(words, field="born")


def as_person(state: Entity) -> Entity:
    if state.kind != "person":
        raise Refused("there is no person with this id")
    return state


def add_alias(state: Entity, kind: AliasKind, name: str) -> tuple[Event, ...]:
    as_person(state)
    if not name.strip():
        raise Refused("give the name of the alias", field="name")
    return () if name in state.names else (AliasAdded(kind, name),)


def name_person(state: Entity, name: str) -> tuple[Event, ...]:
    as_person(state)
    if state.known:
        raise Refused("this person has a name already: add an alias")
    if not name.strip():
        raise Refused("give the name of the person", field="name")
    return (PersonNamed(name),)


def classify(
    state: Entity, category: PoleCategory, grounds: str, *, clears: bool = False
) -> tuple[Event, ...]:
    """Put a person into a data-subject category, such as suspect or victim. A suspect needs
    reasonable, objective grounds; a person of whom only a nickname is recorded becomes a person of
    interest. A child who recruits others ("side-steps personal risk by recruiting siblings",
    report) is recorded as a victim as well.

    Raises Refused if there are no grounds, and if the category is recruiter and the person is not a
    child. Raises TakesTwo if the category clears a suspect (`clears`) and no second person agreed.
    """
    as_person(state)
    if not grounds.strip():
        raise Refused("write the grounds for this category", field="grounds")
    if category in state.categories:
        return ()
    if clears:
        raise TakesTwo(
            f"the category {category} clears a suspect, so a second person has to confirm it"
        )
    still = state.categories & VICTIM_CATEGORIES
    if category != "recruiter" or still:
        return (PersonClassified(category, grounds),)
    if state.under_18 is False:
        words = "an adult who recruits others is a suspect: give that category, with its grounds"
        raise Refused(words, field="category")
    return PersonClassified("vulnerable-child", grounds), PersonClassified(category, grounds)


def ends_suspicion(categories: Collection[PoleCategory], category: PoleCategory) -> bool:
    """Return whether a person with these categories is no longer suspected once `category` ends.
    Then warnings about the person end, too.
    """
    current = set(categories)
    warned = current & OFFENDER_CATEGORIES
    return not current & CLEARED_CATEGORIES and warned == {category}


def clears_suspicion(categories: Collection[PoleCategory], category: PoleCategory) -> bool:
    """Return whether the new category `category` clears a person who is suspected or convicted
    according to `categories`. If it does, warnings about the person end, too.
    """
    current = set(categories)
    return category in CLEARED_CATEGORIES and is_warned_about(current)


def is_warned_about(categories: Collection[PoleCategory]) -> bool:
    """Return whether a person with these categories is suspected or convicted, and not cleared."""
    current = set(categories)
    return bool(current & OFFENDER_CATEGORIES) and not current & CLEARED_CATEGORIES


def end_classification(state: Entity, category: PoleCategory, reason: str) -> tuple[Event, ...]:
    as_person(state)
    if category not in state.categories:
        raise Refused(f"this person is not recorded as {category}", field="category")
    if not reason.strip():
        raise Refused("give the reason for ending this category", field="grounds")
    victim = state.categories & VICTIM_CATEGORIES
    if "recruiter" in state.categories and victim == {category}:
        raise Refused(
            "a child who recruits others is still a victim: end the category “recruiter” first",
            field="category",
        )
    return (ClassificationEnded(category, reason),)


def credible_age(words: str | None) -> None:
    """Raise Refused for an age that cannot be right because it is below zero."""
    if (words or "").strip().startswith(("-", "\u2212")):
        raise Refused(f"{words} is not an age: an age is not below zero", field="age_words")


def record_age(state: Entity, age: AgeRecorded) -> tuple[Event, ...]:
    as_person(state)
    credible_age(age.words)
    if age.under_18 is None and age.born is None and not (age.words or "").strip():
        raise Refused(
            "say what is known of the person's age: a date of birth, whether they are "
            "under 18, or a description",
            field="words",
        )
    return (age,)


def record_learning_disability(
    state: Entity, has: bool, source: str, as_of: date
) -> tuple[Event, ...]:
    as_person(state)
    if not source.strip():
        raise Refused("say who told us about the learning disability", field="source")
    return (LearningDisabilityRecorded(has, source, as_of),)


def state_custody(state: Entity, stated: CustodyStated, today: date) -> tuple[Event, ...]:
    """Record where a suspect is held, or how they were released. Raises Refused if there is no
    source, if a day is in the future, and if the custody would end before it begins.
    """
    as_person(state)
    if not stated.source.strip():
        raise Refused(
            "say who states where the suspect is held: a custody record, the court or an officer",
            field="source",
        )
    if stated.since > today:
        raise Refused(
            "the first day of this custody status is in the future: record the status on that day",
            field="since",
        )
    if stated.until and stated.until < stated.since:
        raise Refused("this status ends before it begins: correct one of the days", field="until")
    return (stated,)
