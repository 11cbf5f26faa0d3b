"""Messages of workers to a family, promises and invitations, and the family's feedback.

Parents who sought help earlier found that "their concerns were not valued, recognised or responded
to" (report, parents' voices): a family's information is acknowledged and answered, in words that
reveal nothing. These messages are the charity's records, under UK GDPR. The file is long because
events, state and decisions of one stream are read together.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct, structs

from domain.kernel.card_effects import Counts
from domain.kernel.codes import (
    About,
    Answered,
    Became,
    Came,
    Channel,
    ChildsView,
    Offer,
    Private,
    PromiseEnd,
    Valued,
    VictimStep,
)
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, NOT_CHECKED, OWNER, SAID, WRITTEN
from domain.kernel.values import Refused
from domain.language.private import find_private_information

#: The sentence to a parent for each outcome of their information, if the worker does not write one.
WORDING: dict[Became, str] = {
    "received": "We have what you told us, and somebody is reading it.",
    "looked-at": "Somebody has looked at what you told us.",
    "more-needed": "It would help to know a little more. We will ask you.",
    "kept": "We keep what you told us. It may help later, however small it seems.",
    "safeguarding": "What you told us has gone to the people who keep your child safe.",
    "used": "What you told us is being used.",
    "acted": "Something was done because of what you told us. We cannot say what.",
    "nothing-more": "We do not take it further for now. You were right to tell us.",
    "step": "",
    "news-declined": "The family would rather not hear this news.",
    "other": "",
}
#: The sentence to a parent for each step in the case.
OF_STEP: dict[VictimStep, str] = {
    "arrest": "Somebody was arrested.",
    "bail": "Somebody's bail has changed. We told you what keeps you safe.",
    "charge": "There is a decision on whether somebody is charged.",
    "not-pursued": "The case is not taken further for now. You may ask for a review.",
    "hearing": "The court heard the case.",
    "verdict": "There is a verdict.",
    "sentence": "There is a sentence.",
    "order": "The court made an order.",
    "appeal": "There is news of an appeal.",
    "update": "The case goes on. There is no news that we may tell.",
}
#: Outcomes of information that only acknowledge it, so that the family's question stays open.
ACKNOWLEDGES: frozenset[Became] = frozenset({"received", "looked-at", "more-needed"})
#: Outcomes that only give news of the case. They do not answer the information that the family
#: gave.
NEWS: frozenset[Became] = frozenset({"step", "news-declined"})
#: Steps in a case that the police do not make public, unlike the hearings of a court.
OF_POLICE: frozenset[VictimStep] = frozenset({"arrest", "bail", "charge", "not-pursued"})
#: Family members who are informed as the child's carers.
CARERS: frozenset[About] = frozenset({"parent", "parents", "carer", "family"})
#: Offers by which a family learns about grooming, or how to keep a log.
LEARNING: tuple[Offer, ...] = ("grooming-session", "keeping-a-log", "booklet")


class FamilyTold(Event, frozen=True):
    """A family, or the child, was told what came of their information. `carer` is the person who
    was told, if this person is on record. `rests_on` lists the kinds of private information about
    the child in the message; `childs_view` is the child's view on passing this information on, and
    `weighed` says why the family was informed without the child's agreement. `gave_away` is True if
    the message has words to which the checker objects. `steps` are the steps of the case that the
    family heard about, or preferred not to hear about.
    """

    stored: ClassVar = Stored("family.told", "evidence", "record", ("words", "weighed"))
    meaning: ClassVar = Meaning(
        ("support", "outcome"),
        commands=("family.tell",),
        enters=("family-told", "became"),
        reach="support",
        journey=("the family was told", "became"),
        access_request="others-rights",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    whom: About
    became: Became
    channel: Channel
    carer: Annotated[UUID | None, NOT_CHECKED, OWNER] = None
    happened: datetime | None = None
    words: Annotated[str | None, WRITTEN] = None
    rests_on: tuple[Private, ...] = ()
    childs_view: ChildsView | None = None
    weighed: Annotated[str | None, WRITTEN] = None
    gave_away: bool = False
    steps: tuple[VictimStep, ...] = ()


class PromiseMade(Event, frozen=True):
    """A worker promised something to a family by the end of a day: a call back, news, a visit."""

    stored: ClassVar = Stored("family.promised", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.promise",),
        enters=("family-promise", "open"),
        reach="support",
        journey=("promised",),
        access_request="others-rights",
        deadlines=(Begins("promise", due="by"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    whom: About
    words: Annotated[str, WRITTEN]
    by: date


class PromiseEnded(Event, frozen=True):
    """A worker fulfilled a promise to a family, or broke it, with the reason."""

    stored: ClassVar = Stored("family.promise_ended", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.end_promise",),
        turns="kept",
        journey=("promise", "kept"),
        access_request="others-rights",
        deadlines=(Ends("promise"),),
    )
    kept: PromiseEnd
    words: Annotated[str | None, WRITTEN] = None


class FamilyInvited(Event, frozen=True):
    """A family was invited to an event, or got something from the team, such as a booklet. The
    event says how the family was invited (the report found that a letter alone is not enough) and
    whether the family came.
    """

    stored: ClassVar = Stored("family.invited", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.invite",),
        enters=("family-invitation", "came"),
        reach="support",
        journey=("invited", "offer"),
        access_request="others-rights",
        when="held",
        card=(
            Counts("invited-to-learn", "offer", LEARNING),
            Counts("came-to-learn", "learned"),
            Counts("learned-to-log", "learned", ("keeping-a-log",)),
        ),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    offer: Offer
    whom: About
    invited_by: Channel
    came: Came
    held: date | None = None
    words: Annotated[str | None, WRITTEN] = None

    @property
    def learned(self) -> Offer | None:
        """Return what the family was offered, if the family attended and could learn from it, such
        as a course; otherwise None.
        """
        return self.offer if self.offer in LEARNING and self.came == "came" else None


class FamilyAsked(Event, frozen=True):
    """A family gave feedback on the support: which aspects they value and which they do not; or the
    family preferred not to answer. The words of the family may be passed on without names.
    """

    stored: ClassVar = Stored("family.asked", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("family.ask",),
        enters=("family-asked", "answered"),
        reach="support",
        journey=("the family was asked", "answered"),
        access_request="others-rights",
        card=(
            Counts("asked"),
            Counts("answered", "answered", ("answered",)),
        ),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    whom: About
    answered: Answered
    felt: tuple[Valued, ...] = ()
    not_felt: tuple[Valued, ...] = ()
    words: Annotated[str | None, SAID] = None


EVENTS = (FamilyTold, PromiseMade, PromiseEnded, FamilyInvited, FamilyAsked)


class Promise(Struct, frozen=True):
    """The state of one promise to a family: its text and day, and how it ended."""

    made: PromiseMade | None = None
    ended: PromiseEnd | None = None


def evolve(state: Promise, event: Event) -> Promise:
    match event:
        case PromiseMade():
            return Promise(event)
        case PromiseEnded():
            return Promise(state.made, event.kept)
    return state


def private_kinds(message: FamilyTold) -> frozenset[Private]:
    """Return the kinds of private information about the child in a message to a family, from its
    outcome, its steps and its text. The outcome "acted" (something was done) counts as a step of
    the police."""
    tells = message.became == "acted" or (
        message.became == "step" and not OF_POLICE.isdisjoint(message.steps)
    )
    steps: frozenset[Private] = frozenset({"police-step"} if tells else ())
    return (
        frozenset(message.rests_on) | steps | find_private_information(message.words or "").keys()
    )


def tell(message: FamilyTold, marks: Mapping[str, str], *, done: bool = False) -> tuple[Event, ...]:
    """Record a message to a family about their information. `marks` are the words of the message
    that reveal too much, each with the reason.

    Raises Refused:
    - if the outcome is "other" and the message has no text;
    - if a message of news names no steps of the case, or any other message names steps;
    - if a message to another person than the child has private information about the child, and the
      child's view is not recorded, or the child does not agree and no reason is recorded;
    - if the message has marked words. A message that was already given (`done`) is recorded
      nevertheless, with a mark that it had such words.
    """
    if message.became == "other" and not (message.words or "").strip():
        raise Refused("say what the family was told", field="words")
    if (message.became in NEWS) != bool(message.steps):
        raise Refused(
            "say which steps of the case the family was told about, or does not want to be told "
            "about. If the message is not about steps of the case, leave the steps out",
            field="steps",
        )
    if private_kinds(message) and message.whom != "child":
        if message.childs_view is None:
            raise Refused(
                "this text reveals what the child said in confidence, the child's "
                f"health or placement, or what the police do{_private_words(message)}. Ask the "
                "child first, and record the child's view",
                field="childs_view",
            )
        if message.childs_view != "agrees" and not (message.weighed or "").strip():
            raise Refused(
                "the child does not agree, or was not asked: say why the family is told "
                "nevertheless",
                field="weighed",
            )
        read = find_private_information(message.words or "").keys() - message.rests_on
        message = structs.replace(message, rests_on=(*message.rests_on, *sorted(read)))
    if marks and not done:
        named = "; ".join(f"{words!r}: {why}" for words, why in marks.items())
        raise Refused(
            f"this text reveals something that the family should not learn: {named}. Leave that "
            "out",
            field="words",
        )
    return (structs.replace(message, gave_away=bool(marks)),)


def _private_words(event: FamilyTold) -> str:
    """Return the words of a message that reveal private facts, in brackets."""
    private_words = find_private_information(event.words or "").values()
    return f" ({', '.join(map(repr, private_words))})" if private_words else ""


def promise(made: PromiseMade, today: date) -> tuple[Event, ...]:
    """Record a worker's promise to a family. Raises Refused if there are no words, and for a day
    that is past.
    """
    if not made.words.strip():
        raise Refused("say what was promised to the family", field="words")
    if made.by < today:
        raise Refused(
            "the day by which the promise is due is past: give today or a later day", field="by"
        )
    return (made,)


def end_promise(state: Promise, ended: PromiseEnded) -> tuple[Event, ...]:
    """Record how a worker's promise to a family ended. Raises Refused if there is no promise, and
    if the promise was broken and no reason is given. If the promise ended in this way already,
    nothing is recorded.
    """
    if state.made is None:
        raise Refused("there is no promise with this id")
    if state.ended == ended.kept:
        return ()
    if ended.kept == "not-kept" and not (ended.words or "").strip():
        raise Refused("say why the promise was broken, and what the family was told", field="words")
    return (ended,)


def invite(invited: FamilyInvited, today: date) -> tuple[Event, ...]:
    """Record an invitation to a family. Raises Refused for attendance on a day in the future."""
    if invited.came == "came" and invited.held and invited.held > today:
        raise Refused(
            "the day on which the family came is in the future: record them as invited until "
            "they came",
            field="held",
        )
    return (invited,)


def ask(feedback: FamilyAsked) -> tuple[Event, ...]:
    """Record a family's feedback on its support. Raises Refused if the family answered but neither
    points nor a text are recorded, if points are recorded although the family did not answer, and
    if the family both agrees and disagrees with the same point.
    """
    feelings = [*feedback.felt, *feedback.not_felt]
    if feedback.answered == "answered" and not feelings and not (feedback.words or "").strip():
        raise Refused("say what the family answered", field="felt")
    if feedback.answered != "answered" and feelings:
        raise Refused(
            "the family gave no answer: leave out the points that they agree or disagree with",
            field="felt",
        )
    if both := sorted(set(feedback.felt) & set(feedback.not_felt)):
        raise Refused(
            f"the family cannot both agree and disagree with the same point: {', '.join(both)}",
            field="not_felt",
        )
    return (feedback,)
