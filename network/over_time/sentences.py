"""Sentences for reading out records: links between people and things, and events."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from domain.forms.intervals import LONDON
from domain.kernel.values import STAGES, Grade, LinkKind
from network.picture.footer import count
from network.query.link_pairs import LinkPair
from network.query.safe_text import single_line
from projections.intelligence.links import rank
from projections.intelligence.people import Entity

#: The rank of an ungraded link: less certain than the worst grade.
UNGRADED = 15
#: The words that say how the first end of a link is linked to the second.
TIES: Mapping[LinkKind, str] = {
    "associate": "{} is an associate of {}",
    "co-offender": "{} is said to offend with {}",
    "family": "{} is family of {}",
    "association": "{} associates with {}",
    "contact": "{} is in contact with {}",
    "uses": "{} uses {}",
    "owns": "{} owns {}",
    "driver-of": "{} drives {}",
    "passenger-of": "{} was a passenger of {}",
    "lives-at": "{} lives at {}",
    "frequents": "{} is often at {}",
    "placed-at": "{} is placed at {}",
    "seen-at": "{} was seen at {}",
    "co-located": "{} was at one place with {}",
    "other": "{} is linked to {}",
    "involved-in": "{} was involved in {}",
    "suspect-in": "{} is suspected in {}",
    "victim-of": "{} was harmed in {}",
    "witness-to": "{} witnessed {}",
    "dealt-with": "{} dealt with {}",
    "happened-at": "{} happened at {}",
    "lies-in": "{} lies in {}",
}
#: The sentence for each event of a brief: `said` is its text, `who` the person whom it is about.
EVENTS: Mapping[str, str] = {
    "observation.recorded": "We were told: “{said}”",
    "observation.corrected": "A log entry was corrected: “{said}”",
    "observation.unfiled": "A log entry was taken out of the case, to be checked.",
    "observation.refiled": "A log entry was moved to this case from another case.",
    "observation.withdrawn": "A log entry was withdrawn.",
    "observation.redacted": "A log entry was redacted: “{said}”",
    "observation.urgency_raised": "A log entry became urgent.",
    "observation.urgency_lowered": "A log entry is no longer urgent.",
    "case.opened": "The case was opened.",
    "case.referral_received": "The child was referred ({said}).",
    "case.threshold_assessed": "The risk was rated {said}.",
    "case.worker_allocated": "The allocated worker is {said}.",
    "case.missing_reported": "The child was reported MISSING.",
    "case.missing_graded": "The risk to the missing child was graded.",
    "case.missing_found": "The child was found.",
    "case.return_interview_recorded": "A return home interview was recorded.",
    "case.withholding_weighed": "It was decided whether the child's words are passed on.",
    "case.rating_reopened": "A later fact contradicts the risk rating: rate the risk again.",
    "case.exit_reopened": "A later fact contradicts the exit from harm: assess the exit again.",
    "case.exit_assessed": "The child's exit from harm was assessed.",
    "case.closed": "The case was closed.",
    "case.reopened": "The case was opened again.",
    "person.recorded": "{who} was recorded for the first time.",
    "person.alias_added": "{who} is also called {said}.",
    "person.named": "{who} is now recorded by name: {said}.",
    "person.classified": "{who} was recorded as {said}.",
    "person.classification_ended": "A category of {who} was removed.",
    "report.opened": "An intelligence report was opened.",
    "report.item_graded": "An intelligence report was graded.",
    "report.disseminated": "An intelligence report was disseminated.",
    "report.withdrawn": "An intelligence report was withdrawn.",
    "evidence.gathered": "There is new evidence: {said}.",
    "evidence.excluded": "Evidence was excluded.",
    "evidence.undermined": "Evidence was undermined.",
    "evidence.withdrawn": "Evidence was withdrawn.",
    "justice.arrest_made": "{who} was arrested.",
    "justice.charge_brought": "{who} was charged.",
    "justice.notice_served": "{who} was served a notice.",
    "justice.result_recorded": "{who}: {said}.",
    "justice.result_reopened": "{who}: the decision of no further action was reopened.",
    "charging.decided": "A charging decision was made.",
    "charging.review_told": "The review of a charging decision was recorded.",
    "verdict.order_made": "A court made an order.",
    "verdict.appeal_lodged": "An appeal was lodged.",
    "verdict.appeal_decided": "An appeal was decided.",
    "notice.breached": "A notice was breached.",
    "notice.breach_followed_up": "The breach of a notice was followed up.",
    "court.hearing_set": "A hearing was set.",
    "court.hearing_moved": "A hearing was moved.",
    "court.hearing_held": "A hearing was held.",
    "court.bail_set": "Bail was set.",
    "court.bail_ended": "Bail ended.",
    "court.plea_entered": "A plea was entered.",
    "identity.judged": "Two records were compared: {said}.",
    "identity.revoked": "The merge of two records was undone.",
    "meeting.decided": "A meeting made a decision.",
    "meeting.result_told": "The result of a decision was recorded.",
}
#: The largest number of letters of a name in a sentence.
NAME = 80

#: How a link changed since the last brief.
Fresh = Literal["new", "surer", "told again", "less sure", "no longer so"]


def opening(entity: Entity) -> str:
    """Return a name with a capital letter, to begin a sentence with it. Accounts, and names of
    identified people, are not changed."""
    named = entity.kind == "handle" or (entity.kind == "person" and entity.identified)
    if named or not entity.label.partition(" ")[0].islower():
        return entity.label
    return f"{entity.label[0].upper()}{entity.label[1:]}"


def tie(pair: LinkPair, source: str, target: str) -> str:
    """Return a sentence that says how `source` and `target` are linked, with the dates
    of the link.
    """
    sentence = TIES[pair.kind].format(single_line(source, NAME), single_line(target, NAME))
    return f"{sentence}{_when(pair)}."


def describe_grade(pair: LinkPair) -> str:
    """Return the grade of a pair in words, the number of its independent sources, and whether
    its evidence is undermined."""
    parts = [pair.grade or "ungraded"]
    parts.append(count(pair.roots, "independent source") if pair.roots else "source not known")
    if pair.undermined:
        parts.append("UNDERMINED")
    return ", ".join(parts)


def fresh(now: LinkPair | None, was: LinkPair | None) -> Fresh | None:
    """Return in words how a link changed between its former state `was` and its present state
    `now`; None if it did not change.
    """
    if now is None or was is None:
        return "new" if now else "no longer so"
    if now.undermined > was.undermined or _sureness(now) < _sureness(was):
        return "less sure"
    if _sureness(now) > _sureness(was) or now.roots > was.roots:
        return "surer"
    return "told again" if set(now.links) - set(was.links) else None


def since(change: str, moment: datetime | None, now: datetime) -> str:
    """Return the word `change` (such as "new") with the time since which it applies: the date of
    the last brief (`moment`), or its day of the week if it was less than a week ago. If there was
    no earlier brief, return only the word.
    """
    if moment is None:
        return change
    lately = now - moment < timedelta(days=6)
    return (
        f"{change} since {moment.astimezone(LONDON):%A}"
        if lately
        else f"{change} since {day(moment)}"
    )


def day(moment: datetime | date) -> str:
    """Return a day in the words with which it is read out."""
    there = moment.astimezone(LONDON) if isinstance(moment, datetime) else moment
    return f"{there:%A} {there.day} {there:%B %Y}"


def event(name: str, verb: str, text: str, who: str | None) -> str:
    """Return an event of a brief as a sentence. `text` begins with `verb`, followed by details that
    the reader may see; `who` is the person it is about, if known."""
    detail = single_line(text.removeprefix(verb).removeprefix(": "))
    shape = EVENTS.get(name, "{said}.")
    verb_phrase = f"{verb[0].upper()}{verb[1:]}"
    if "{said}" in shape and not detail:
        return f"{verb_phrase}."
    if name not in EVENTS:
        return f"{verb_phrase}: {detail}."
    return shape.format(said=detail, who=single_line(who, NAME) if who else "Somebody")


def _when(pair: LinkPair) -> str:
    first, last = pair.valid_from, pair.valid_to
    if first and last:
        first_day, last_day = day(first), day(last)
        return f" on {first_day}" if first_day == last_day else f" from {first_day} to {last_day}"
    if first:
        return f" from {day(first)} on"
    return f" until {day(last)}" if last else ""


def worth(pair: LinkPair) -> int:
    """Return the sort key of a pair of linked items: pairs with the best grade come first, ungraded
    pairs last.
    """
    return -_sureness(pair)[1]


def _sureness(pair: LinkPair) -> tuple[int, int]:
    """Return how certain a link is, as two numbers: its stage, and its grade; a larger number is
    more certain.
    """
    graded = rank(Grade.parse(pair.grade)) if pair.grade else None
    return STAGES.index(pair.stage), -UNGRADED if graded is None else -graded
