"""Ages and learning disabilities of the child of a case, which limit how the case may be rated.
They are taken from all records that were judged to be this child.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from access.who_may import scope
from commands.kernel.unit_of_work import Desk
from domain import forms
from domain.families import referral
from domain.families.referral import AgeTold
from domain.intelligence.entity import AgeRecorded, LearningDisabilityRecorded, PersonRecorded
from domain.kernel.envelope import Event
from domain.kernel.values import Reader
from projections.families import cases
from projections.intelligence import people
from projections.kernel.database import Db


class Disability(Struct, frozen=True):
    """A statement that a child has, or does not have, a learning disability, with its day and
    source.
    """

    has: bool
    on: date
    source: str


ADULT = 18
#: The text in place of a reason that the reader may not see.
HIDDEN = scope.HIDDEN


class ChildFacts(Struct, frozen=True):
    """The recorded ages and disabilities of a child, in the order of the log."""

    ages: tuple[AgeTold, ...] = ()
    disabilities: tuple[Disability, ...] = ()

    @property
    def learning_disability(self) -> bool:
        """Return whether a learning disability of the child was ever recorded: one record protects
        the child, whatever is recorded later.
        """
        return any(disability.has for disability in self.disabilities)

    @property
    def ages_in_words(self) -> tuple[str, ...]:
        """Return each recorded age of the child in words, with its day."""
        return tuple(_age_in_words(age) for age in self.ages)

    @property
    def conflict(self) -> bool:
        """Return whether two recorded ages of the child contradict each other."""
        born = {age_record.born for age_record in self.ages if age_record.born}
        stated_ages = [
            (age_record.on, age)
            for age_record in self.ages
            if (age := forms.age(age_record.words or ""))
        ]
        adult = [age_record.on for age_record in self.ages if age_record.under_18 is False]
        child = [age_record.on for age_record in self.ages if age_record.under_18]
        return (
            len(born) > 1
            or any(
                abs(forms.age_on(day, on) - age.years) > 1
                for day in born
                for on, age in stated_ages
            )
            or any(forms.age_on(day, on) < ADULT for day in born for on in adult)
            or any(forms.age_on(day, on) >= ADULT for day in born for on in child)
        )

    def years(self, day: date) -> int | None:
        """Return the child's age on a day, from the last recorded date of birth; if there is none,
        from the age that was recorded last.
        """
        born = [age_record.born for age_record in self.ages if age_record.born]
        if born:
            return forms.age_on(born[-1], day)
        stated_ages = [
            (age_record.on, age)
            for age_record in self.ages
            if (age := forms.age(age_record.words or ""))
        ]
        return (
            forms.age_on(forms.latest_birth(stated_ages[-1][1], stated_ages[-1][0]), day)
            if stated_ages
            else None
        )


def _age_in_words(age: AgeTold) -> str:
    if age.born:
        return f"born {age.born.day} {age.born:%B %Y}"
    if age.words:
        return f"{age.words} on {age.on.day} {age.on:%B %Y}"
    return "18 or older" if age.under_18 is False else "under 18"


def all_facts(desk: Desk, child: UUID, further: Sequence[Event] = ()) -> ChildFacts:
    """Return all facts about this child, including facts hidden from the reader, because the rating
    depends on them. `further` are facts that the present command adds.
    """
    with desk.deciding() as db:
        same = people.all_merged_ids(db, Reader("", "", ""), child)
    return _collect_facts(desk, same, further)


def visible_facts(
    desk: Desk, db: Db, reader: Reader, child: UUID, *, until: datetime | None = None
) -> ChildFacts:
    """Return the facts of this child, as known at `until`, from the child's records that the reader
    sees.
    """
    theirs = people.entities(db, reader, people.all_merged_ids(db, reader, child))
    return _collect_facts(desk, theirs, until=until)


def cases_of(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """Return the cases of the child of this case that the reader sees: this case, and the cases
    under other records that were judged to be the same child.
    """
    who = cases.children(db, reader, case).get(case)
    same = people.all_merged_ids(db, reader, who) if who else []
    return list(cases.children_among(db, reader, same, [case]))


def _collect_facts(
    desk: Desk,
    same: Iterable[UUID],
    further: Sequence[Event] = (),
    *,
    until: datetime | None = None,
    team: str | None = None,
) -> ChildFacts:
    today = desk.clock().date()
    facts = [
        fact
        for item in same
        for fact in desk.logs["evidence"].history(item)
        if (until is None or fact.recorded <= until) and team in (None, fact.team)
    ]
    facts.sort(key=lambda fact: fact.seq)
    dated_events = [(fact.recorded.date(), fact.event) for fact in facts if not fact.erased]
    ages: list[AgeTold] = []
    disabilities: list[Disability] = []
    for day, event in [*dated_events, *((today, event_to_add) for event_to_add in further)]:
        match event:
            case PersonRecorded() if event.born or event.under_18 is not None:
                ages.append(AgeTold(day, event.born, None, event.under_18))
            case AgeRecorded():
                on = event.as_of or day
                ages.append(AgeTold(on, event.born, event.words, event.under_18))
            case LearningDisabilityRecorded():
                disabilities.append(Disability(event.has, event.as_of, event.source))
    return ChildFacts(tuple(ages), tuple(disabilities))


def forbids_low(
    desk: Desk, child: UUID, *, then: datetime | None = None, team: str | None = None
) -> str | None:
    """Return the reason why this child may not be rated low without an override; None if there is
    none. With `then`, only facts recorded until that moment count; with `team`, only facts that
    this team recorded.
    """
    with desk.looked() as db:
        same = people.all_merged_ids(db, Reader("", "", ""), child, then)
    child_facts = _collect_facts(desk, same, until=then, team=team)
    day = (then or desk.clock()).date()
    return referral.never_low(child_facts.ages, child_facts.learning_disability, day)


def is_minor(desk: Desk, child: UUID, *, then: datetime | None = None) -> bool:
    """Return whether this child is under 18, by the recorded facts. With `then`, return whether the
    child was under 18 at that time, by the facts recorded until then.
    """
    with desk.looked() as db:
        same = people.all_merged_ids(db, Reader("", "", ""), child, then)
    years = _collect_facts(desk, same, until=then).years((then or desk.clock()).date())
    return years is not None and years < ADULT


def never_low(desk: Desk, reader: Reader, child: UUID, further: Sequence[Event] = ()) -> str | None:
    """Return the reason why this child may not be rated low without a supervisor's override; None
    if the child may be rated low. A reader who may not see the facts behind the reason only gets a
    text that there is one, and whom to contact.
    """
    child_facts, today = all_facts(desk, child, further), desk.clock().date()
    why = referral.never_low(child_facts.ages, child_facts.learning_disability, today)
    if why is None or not reader.closed:
        return why
    with desk.deciding() as db:
        same = scope.visible_items(db, reader, people.all_merged_ids(db, reader, child))
    own = _collect_facts(desk, same, further)
    seen = referral.never_low(own.ages, own.learning_disability, today)
    return why if why == seen else HIDDEN
