"""The screen to grade and sanitise an entry: the words on the left, without the source.

The file is long because the routes of one screen share their state.
"""

from collections import Counter
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response
from msgspec import Struct

from commands.information import photograph, source
from commands.intelligence import intelligence_report, link_grades
from domain import language
from domain.information.observation import (
    ObservationAssessed,
    ObservationCorrected,
    ObservationFlagged,
    ObservationRecorded,
    ObservationWithdrawn,
    Outcome,
)
from domain.intelligence.corroboration import NO_SUPPORT, CorroborationJudged, Support
from domain.intelligence.intelligence_report import ItemGraded, ItemSanitised
from domain.kernel.envelope import LogUnavailable, Recorded
from domain.kernel.values import (
    INFORMATION_GRADES,
    PROPOSED,
    SOURCE_GRADES,
    Grade,
    Handling,
    InformationGrade,
    LinkKind,
    Refused,
    SourceGrade,
)
from ingest.words import hints as linter
from projections.information import queue
from web.desk import inbox, mention_chips
from web.site import labels
from web.site.field_parsing import resolve_item
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()


class AssessedItem(Struct, frozen=True):
    """A log entry as an assessor sees it: the text, the flags and the reliability of the source,
    but not the source. `proposed` is the grade that follows from the answer to "How do you know
    it is true?"."""

    id: UUID
    fact: Recorded
    event: ObservationRecorded
    corrections: tuple[Recorded, ...]
    flags: tuple[ObservationFlagged, ...]
    withdrawn: bool
    report: UUID | None
    graded: ItemGraded | None
    judged: CorroborationJudged | None
    text: str | None
    proposed: InformationGrade | None
    named: bool
    reliability: SourceGrade | None
    conflict: bool
    register_down: bool
    link_kinds: Counter[LinkKind]


def item_of(visit: Visit, item: UUID) -> AssessedItem:
    """Return a log entry as its assessor sees it. Raises NotThere if there is no such entry."""
    visit.require_kind(item, "observation")
    history = visit.desk.logs["evidence"].history(item)
    first = history[0]
    if not isinstance(first.event, ObservationRecorded):
        raise NotThere("observation")
    event = first.event
    assessed = [f.event for f in history if isinstance(f.event, ObservationAssessed)]
    report = assessed[-1].report if assessed else None
    graded, judged, text = _graded(visit, report, item)
    reliability, conflict, down = _standing(visit, event)
    return AssessedItem(
        id=item,
        fact=first,
        event=event,
        corrections=tuple(f for f in history if isinstance(f.event, ObservationCorrected)),
        flags=tuple(f.event for f in history if isinstance(f.event, ObservationFlagged)),
        withdrawn=any(isinstance(f.event, ObservationWithdrawn) for f in history),
        report=report,
        graded=graded,
        judged=judged,
        text=text,
        proposed=PROPOSED[event.how_known] if event.how_known else None,
        named=bool(event.chain or event.root),
        reliability=reliability,
        conflict=conflict,
        register_down=down,
        link_kinds=link_grades.kinds_in_file(visit.desk, item) if report is None else Counter(),
    )


def _graded(
    visit: Visit, report: UUID | None, item: UUID
) -> tuple[ItemGraded | None, CorroborationJudged | None, str | None]:
    """Return an item's grade in its report, the judgement about its corroboration if the grade is
    B, and its sanitised text. Each is None if it does not exist."""
    graded: ItemGraded | None = None
    text: str | None = None
    judged: dict[int, CorroborationJudged] = {}
    for fact in visit.desk.logs["evidence"].history(report) if report else ():
        match fact.event:
            case ItemGraded(observation=of) if of == item:
                graded = fact.event
            case ItemSanitised() as event if graded and event.item == graded.item:
                text = event.text
            case CorroborationJudged() as event:
                judged[event.item] = event
    b = graded is not None and graded.grade.information == "B"
    return graded, judged.get(graded.item) if graded and b else None, text


def _standing(visit: Visit, event: ObservationRecorded) -> tuple[SourceGrade | None, bool, bool]:
    """Return the worst reliability grade of the entry's sources (None for readers who may not see
    it), whether a source has a conflict of interest, and whether the source register failed to
    answer."""
    tokens = [item for item in dict.fromkeys((*event.chain, event.root)) if item]
    try:
        sources = [source.read_reliability(visit.desk, token) for token in tokens]
    except LogUnavailable:
        return None, False, True
    # other readers do not see the source handler's grade, which would influence their own judgement
    whose = visit.may_ever("see-source")
    grades = [entry_source.grade for entry_source in sources if entry_source.exists and whose]
    return max(grades, default=None), any(entry_source.conflict for entry_source in sources), False


@router.get("/assess/{item}")
def form(visit: Looking, item: UUID, after: UUID | None = None) -> Response:
    """Show a log entry beside the form that grades and sanitises it. `after` is an entry that the
    user has just graded; the page then also shows the grade and the possible corroboration of
    `after`."""
    return _page(visit, item_of(visit, item), {}, assessed=inbox.just_assessed(visit, after))


@router.get("/others/{item}")
def lead_to_entry(visit: Looking, item: UUID) -> Response:
    """Redirect from a former address, which showed the possible corroboration of an entry, to the
    entry.
    """
    return visit.go(f"/assess/{item}#graded")


@router.get("/assess/{item}/corroboration")
def corroboration(
    visit: Looking, item: UUID, same_entry: bool = False, deciding: bool = False
) -> Response:
    """Return the part of a page that shows an entry's grade and possible corroboration.
    `same_entry` means that this is the page of the same entry; `deciding` means that the user is
    about to decide without a grade."""
    assessed = inbox.assessed(visit, item, visit.desk.deciding(), deciding=deciding)
    return visit.part(
        "desk/graded.html",
        touched=assessed.touched if assessed else None,
        graded=assessed,
        same_entry=same_entry,
        deciding=deciding,
        not_shown=queue.NOT_SHOWN,
    )


def decide_again(visit: Visit, item: UUID, outcome: Outcome, reason: str) -> Response:
    """Before a decision without a grade is recorded, show the entry's possible corroboration and
    the form with the user's decision and reason again. The user then confirms the decision."""
    seen = item_of(visit, item)
    assessed = inbox.assessed(visit, item, visit.desk.deciding(), deciding=True)
    return _page(visit, seen, {"reason": reason}, assessed=assessed, deciding=outcome)


def _page(
    visit: Visit,
    item: AssessedItem,
    given: dict[str, Any],
    error: str | None = None,
    assessed: inbox.Assessed | None = None,
    deciding: Outcome | None = None,
) -> Response:
    assessed = assessed or inbox.assessed(visit, item.id, visit.reading())
    history = visit.desk.logs["evidence"].history(item.id)
    with visit.reading() as db:
        photographs = photograph.list_attached(db, visit.reader, history)
        row = queue.get(db, visit.reader, item.id)
    return visit.page(
        "desk/assess.html",
        status=422 if error or deciding else 200,
        touched=assessed.touched if assessed else None,
        graded=assessed,
        same_entry=assessed is not None and assessed.item == item.id,
        deciding=deciding,
        row=row,
        outcomes=labels.OUTCOMES,
        not_shown=queue.NOT_SHOWN,
        item=item,
        given=given,
        error=error,
        source_grades=SOURCE_GRADES,
        information_grades=INFORMATION_GRADES,
        item_id=item.id,
        photographs=photographs,
        closed_photograph=photograph.CLOSED,
        **mention_chips.page_of(visit, item.id),
    )


def _or_none(text: str) -> str | None:
    return text.strip() or None


@router.post("/assess/{item}")
def assess(
    visit: Sending,
    item: UUID,
    command_id: Annotated[UUID, Form()],
    source_grade: Annotated[Literal["", "1", "2", "3"], Form()] = "",
    information: Annotated[Literal["", "A", "B", "C", "D", "E"], Form()] = "",
    handling: Annotated[Literal["", "P", "C"], Form()] = "",
    action: Annotated[Literal["", "A1", "A2", "A3"], Form()] = "",
    sanitisation: Annotated[Literal["", "S1", "S2"], Form()] = "",
    conditions: Annotated[str, Form(max_length=20_000)] = "",
    usage: Annotated[str, Form(max_length=20_000)] = "",
    opinion: Annotated[Literal["fact", "opinion", "not-known"], Form()] = "not-known",
    text: Annotated[str, Form(max_length=500_000)] = "",
    reason: Annotated[str, Form(max_length=20_000)] = "",
    corroborated_by: Annotated[str, Form(max_length=20_000)] = "",
    one_root: Annotated[str, Form(max_length=20_000)] = "",
    links: Annotated[tuple[LinkKind, ...], Form()] = (),
    then: Annotated[Literal["", "next"], Form()] = "",
) -> Response:
    """Grade the item, or change its grade with a reason, and store the sanitised text if there is
    one. If `then` is "next", open the next entry."""
    seen = item_of(visit, item)
    fields = {
        "source_grade": source_grade,
        "information": information,
        "handling": handling,
        "action": action,
        "sanitisation": sanitisation,
        "conditions": conditions,
        "usage": usage,
        "opinion": opinion,
        "text": text,
        "reason": reason,
        "corroborated_by": corroborated_by,
        "one_root": one_root,
        "links": links,
    }
    if not source_grade or not information:
        return _page(visit, seen, fields, "Give both grades: the source's and the information's.")
    if not handling:
        return _page(
            visit,
            seen,
            fields,
            "Say how the information may be shared: lawfully, or under conditions.",
        )
    try:
        grade = Grade(information, source_grade)
        codes = Handling(
            handling,
            action or None,
            sanitisation or None,
            _or_none(conditions),
            _or_none(usage),
        )
        others = tuple(
            resolve_item(visit, reference, "observation") for reference in corroborated_by.split()
        )
        support = Support(others, _or_none(one_root))
        _grade(visit, seen, grade, codes, opinion, support, links, reason, command_id)
        if text.strip() and text.strip() != seen.text:
            intelligence_report.sanitise(
                visit.desk,
                visit.reader,
                item,
                text.strip(),
                command_id=uuid5(command_id, "sanitised"),
            )
    except Refused as refused:
        return _page(visit, item_of(visit, item), fields, str(refused))
    if then:
        return visit.go(inbox.next_address(visit, item))
    return visit.go(f"/assess/{item}")


def _grade(
    visit: Visit,
    item: AssessedItem,
    grade: Grade,
    handling: Handling,
    opinion: Any,
    support: Support,
    kinds: tuple[LinkKind, ...],
    reason: str,
    command_id: UUID,
) -> None:
    """Record the item's first grade, or a changed grade with its reason. If the grade and the
    handling code are unchanged, and `support` names no further corroboration, record nothing."""
    arguments: dict[str, Any] = {"opinion": opinion, "support": support, "command_id": command_id}
    if item.graded is None or visit.desk.known_commands([command_id]):
        intelligence_report.assess(
            visit.desk, visit.reader, item.id, grade, handling, kinds=kinds, **arguments
        )
    elif (item.graded.grade, item.graded.handling) != (grade, handling) or support != NO_SUPPORT:
        why = reason.strip()
        intelligence_report.regrade(
            visit.desk, visit.reader, item.id, grade, handling, why, **arguments
        )


@router.post("/assess/{item}/hints")
def hints(
    visit: Sending, item: UUID, text: Annotated[str, Form(max_length=500_000)] = ""
) -> Response:
    """Show, while the user types the sanitised text, its hints at the source and the words that
    blame a child."""
    visit.require_kind(item, "observation")
    with visit.reading() as db:
        raw, family = linter.read_drawn_from(db, visit.reader, [item])
        marks = linter.hints(db, visit.reader, text, written_at=visit.now, raw=raw, family=family)
    blaming = [phrase for phrase in language.find_blame(text) if not phrase.quoted]
    return visit.part(
        "desk/hints.html", marks=marks, blaming=blaming, text=text, parts=_parts(text, marks)
    )


def _parts(text: str, marks: list[linter.Hint]) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether the checker marked the piece as a hint."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in linter.spans(marks):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]
