"""Commands on intelligence reports: assess a log entry, so that it becomes graded intelligence,
sanitise it, ask for consent to its use, and withdraw a report.

The file is long because every act on a report starts from the same state and support.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Unpack
from uuid import UUID

from access.who_may import scope
from commands.information.source import has_conflict
from commands.intelligence import corroboration, link_grades
from commands.intelligence.link_grades import LinkGrade
from commands.kernel.declared import Given, InOrder, ignoring_desk, with_name
from commands.kernel.item_references import about, earlier_receipt_about
from commands.kernel.proposing import made_by
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, LostRace, Receipt, act, facts
from domain.information import observation
from domain.information.observation import Observation
from domain.intelligence import intelligence_report, release
from domain.intelligence.corroboration import NO_SUPPORT, Support
from domain.intelligence.intelligence_report import (
    ItemGraded,
    Report,
    ReportOpened,
    ReportWithdrawn,
    urn,
)
from domain.intelligence.release import Release
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import (
    CONVERSION_RULE,
    FactOrOpinion,
    Grade,
    Handling,
    LinkKind,
    Reader,
    Refused,
    TakesTwo,
)
from domain.people_and_teams import two_person
from domain.people_and_teams.two_person import PendingProposals
from projections.intelligence import links


def assess(
    desk: Desk,
    reader: Reader,
    item: UUID,
    grade: Grade,
    handling: Handling,
    *,
    report: UUID | None = None,
    provenance: Grade | None = None,
    opinion: FactOrOpinion = "not-known",
    original: str | None = None,
    support: Support = NO_SUPPORT,
    kinds: tuple[LinkKind, ...] = (),
    command_id: UUID | None = None,
    because_of: tuple[str, ...] = (),
) -> Receipt:
    """Grade a log entry, as the first item of a new intelligence report or as a further item of
    `report`. The receipt is the report's.

    The entry's new state, the report's item and the grade of each of the entry's links are written
    in one transaction; if two officers assess at once, the second is refused. For the entry of an
    imported network, the grade goes to all ungraded links of the network, or only to links of these
    `kinds`.

    Raises Refused if the entry was assessed, withdrawn or never recorded, or if `kinds` are given
    for an entry that is not that of an imported network. Raises BadHandling if codes and conditions
    disagree, and Uncorroborated for a grade B with fewer than two independent sources and without a
    reason.
    """
    command_id = command_id or desk.new_random_id()
    body = [item, grade, handling, report, provenance, opinion, original, because_of]
    body += _hashed_support(support)
    body += [kinds] if kinds else []
    if again := desk.repeated(command_id, "observation.assess", body):
        link_grades.grade_new_links(desk, reader, item)
        return again
    state, version = desk.current_state(reader, item, Observation(), observation.evolve)
    # a random id, because the usual id contains the time and would reveal when the report was made
    stream = report or desk.new_random_id()
    known_report, reached = desk.current_state(reader, stream, Report(), intelligence_report.evolve)
    if report:
        intelligence_report.require_current(known_report)
    number = max(known_report.items, default=0) + 1
    graded = ItemGraded(
        item=number,
        observation=item,
        grade=grade,
        handling=handling.checked(),
        provenance=provenance,
        root=state.root,
        opinion=opinion,
        original=original,
        rule=CONVERSION_RULE if original else None,
        links=kinds,
    )
    if kinds and not link_grades.kinds_in_file(desk, item):
        raise Refused(
            "this log entry is not an imported network, so it has no links to choose from: "
            "leave out the kinds of links"
        )
    assessed = observation.assess(state, stream, number)
    _refuse_conflicted(desk, item, grade)
    judged = corroboration.judge(desk, reader, number, item, grade, support)
    happened = state.happened.start if state.happened else None
    opened = () if report else (ReportOpened(urn(stream), state.case, happened),)
    submission = Submission(
        command_id,
        desk.digest("observation.assess", body),
        facts(reader, stream, reached, (*opened, *judged, graded), because_of)
        + facts(reader, item, version, assessed, because_of),
    )
    prepared = Prepared(stream, {"evidence": submission}, reader)
    takes = LinkGrade(item, stream, number, grade, graded.handling.code, state.root, kinds)
    drafted = link_grades.prepare(desk, reader, takes, command_id)[: link_grades.BATCH]
    try:
        receipt = desk.save([prepared, *drafted])[0]
    except LostRace:
        if not drafted:
            raise
        # Another user changed one of the links. The entry is graded without its links, which the
        # next call grades.
        receipt = desk.save([prepared])[0]
    link_grades.grade_new_links(desk, reader, item)
    return receipt


def _hashed_support(support: Support) -> list[Support]:
    """Return the part of a command's digest for `support`, an officer's basis for a grade B. It is
    empty if `support` has its default value, so that a command of a release without this field is
    recognised if it is repeated.
    """
    return [] if support == NO_SUPPORT else [support]


def _refuse_conflicted(desk: Desk, item: UUID, grade: Grade) -> None:
    """Raise Refused if the source is graded 1 (reliable) but has a conflict of interest. For
    example, a person who lives with a suspect may not be free to say everything.
    """
    if grade.source == "1" and has_conflict(desk, item):
        raise Refused(
            "a source with a conflict of interest cannot be graded 1 (reliable): give another grade"
        )


def report_of(desk: Desk, reader: Reader, item: UUID) -> tuple[UUID, int]:
    """Return the report in which a log entry was graded, and the number of the entry's item in the
    report. `item` is the log entry, or a report with a single item. Raises Refused if the entry is
    not assessed, or if the report has several items.
    """
    state, version = desk.current_state(reader, item, Report(), intelligence_report.evolve)
    if state.exists:
        if len(state.items) != 1:
            raise Refused(f"the report has {len(state.items)} items: give the id of one log entry")
        return item, next(iter(state.items))
    seen, version = desk.current_state(reader, item, Observation(), observation.evolve)
    if not version or not seen.assessed:
        raise Refused("this log entry was not assessed yet: assess it first")
    return seen.assessed[-1]


def _act_on_item(
    desk: Desk,
    reader: Reader,
    name: str,
    item: UUID | str,
    decide: Callable[[Report, int], tuple[Event, ...]],
    arguments: list[object],
    **command: Unpack[Command],
) -> Receipt:
    """Record a decision about one item of an intelligence report. The user names the graded log
    entry, or the report; the report and the item's number are looked up only if the command is not
    a repetition.
    """

    def find() -> tuple[UUID, int]:
        return report_of(desk, reader, about(desk, reader, item, "observation", "report"))

    if again := earlier_receipt_about(
        desk,
        reader,
        name,
        item,
        ("observation", "report"),
        arguments,
        lambda: find()[0],
        former=lambda: [find()[1], *arguments],
        **command,
    ):
        return again
    report, number = find()
    return act(
        desk,
        reader,
        name,
        report,
        Report(),
        intelligence_report.evolve,
        lambda s: decide(s, number),
        arguments,
        target=str(item),
        **command,
    )


def regrade(
    desk: Desk,
    reader: Reader,
    item: UUID,
    grade: Grade,
    handling: Handling,
    reason: str,
    *,
    provenance: Grade | None = None,
    opinion: FactOrOpinion = "not-known",
    original: str | None = None,
    support: Support = NO_SUPPORT,
    **command: Unpack[Command],
) -> Receipt:
    """Grade an assessed item for a second or further time; the earlier grades remain on record.
    Raises what `assess` does.
    """

    def decide(state: Report, number: int) -> tuple[Event, ...]:
        _refuse_conflicted(desk, item, grade)
        known_item = state.items[number]
        graded = ItemGraded(
            number,
            known_item.observation,
            grade,
            handling,
            provenance,
            known_item.root,
            opinion,
            original,
            CONVERSION_RULE if original else None,
            reason,
        )
        decided = intelligence_report.grade_item(state, graded)
        about = known_item.observation
        judged = corroboration.judge(desk, reader, number, about, grade, support)
        return (*judged, *decided)

    fields: list[object] = [
        grade,
        handling,
        reason,
        provenance,
        opinion,
        original,
        *_hashed_support(support),
    ]
    return _act_on_item(desk, reader, "report.regrade", item, decide, fields, **command)


@dataclass(frozen=True)
class OnAssessed(InOrder[*Given]):
    """A command that records a decision about one item of an intelligence report. The user names
    the graded log entry or, if it has a single item, the report. The rule `decide` is called with
    the state of the report, the number of the item, and the other values that the user gave.
    """

    name: str
    decide: Callable[[Desk, Reader, Report, int, *Given], tuple[Event, ...]]

    def __call__(
        self,
        desk: Desk,
        reader: Reader,
        which: UUID | str,
        *given: *Given,
        **command: Unpack[Command],
    ) -> Receipt:
        return _act_on_item(
            desk,
            reader,
            self.name,
            which,
            lambda state, number: self.decide(desk, reader, state, number, *given),
            list(given),
            **command,
        )


#: Write the sanitised text of an assessed item.
sanitise = OnAssessed("report.sanitise", ignoring_desk(intelligence_report.sanitise))
#: Ask the originator of an assessed item for consent to a use.
ask_consent = OnAssessed("report.ask_consent", with_name(intelligence_report.ask_consent))
#: Consent, as the originator, to the requested use of an assessed item.
give_consent = OnAssessed("report.give_consent", with_name(intelligence_report.give_consent))
#: Refuse, as the originator, the requested use of an assessed item.
refuse_consent = OnAssessed("report.refuse_consent", with_name(intelligence_report.refuse_consent))


def withdraw(
    desk: Desk, reader: Reader, report: UUID, reason: str, **command: Unpack[Command]
) -> Receipt:
    """Withdraw an intelligence report. If anything is based on the report, the withdrawal is only
    proposed, and a second person has to confirm it. Raises what the domain rule for withdrawals of
    reports raises.
    """

    def decided(state: Report) -> tuple[Event, ...]:
        try:
            return intelligence_report.withdraw(
                state, reason, rests=_in_use(desk, reader, report, state)
            )
        except TakesTwo:
            waiting, _ = desk.fold(report, PendingProposals(), two_person.evolve)
            withdrawn = ReportWithdrawn(reason)
            made = made_by(reader, "withdraw-report", report, reason, report=withdrawn)
            return two_person.propose(waiting, made)

    return act(
        desk,
        reader,
        "report.withdraw",
        report,
        Report(),
        intelligence_report.evolve,
        decided,
        [reason],
        **command,
    )


def _in_use(desk: Desk, reader: Reader, report: UUID, state: Report) -> bool:
    """Return whether the withdrawal of this report would affect something else: a link that has its
    grade from the report, a release that waits for confirmation, or a pending consent of the
    originator.
    """
    with desk.deciding() as db:
        linked = links.list_links_resting_on(db, scope.unlimited(reader), report)
    released, _ = desk.fold(report, Release(), release.evolve)
    is_consent_asked = any(item.consent == "asked" for item in state.items.values())
    return bool(linked) or is_consent_asked or released.waiting is not None
