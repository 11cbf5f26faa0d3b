"""Screens on which a detective inspector reviews whether a source has become a covert source
(CHIS). The decision is about one source and one suspect, for a limited time; it never delays an
entry."""

from uuid import UUID

from fastapi import APIRouter
from markupsafe import Markup

from domain.information.covert_source_review import LONGEST, StatusReviewDue
from domain.kernel.envelope import Recorded
from projections.information import covert_source_review as view
from projections.intelligence import people
from web.records.record_page import RecordPage, Tone, record, steps_of
from web.site import labels
from web.site.object_acts import Acts
from web.site.rendering import clip, dated, stamp, words
from web.site.request_context import NotThere, Visit

router = APIRouter()


def _review(visit: Visit, which: UUID) -> view.Review:
    with visit.reading() as db:
        reviews = [row for row in view.reviews(db, visit.reader, visit.now) if row.id == which]
    if not reviews:
        raise NotThere("review")
    return reviews[0]


@record(router, "/records/reviews/{which}", before="/standing/{which}")
def show(visit: Visit, which: UUID, page: int) -> RecordPage:
    """Show the review of a source's reports about a suspect: who requested it and why, how often
    the source reported, and the decision.
    """
    row = _review(visit, which)
    history = visit.desk.logs["sources"].history(which)
    with visit.reading() as db:
        months = view.pattern(db, visit.reader, row.source, row.suspect)
        suspect = people.entities(db, visit.reader, [row.suspect]).get(row.suspect)
    acts = Acts(visit.reader, f"/records/reviews/{which}")
    acts.add("source drift decide", source=row.source, suspect=row.suspect)
    acts.add("source grade", source=row.source)
    acts.add("source conflict", source=row.source)
    status, tone = _status(row)
    return RecordPage(
        f"Covert source review: a source on {suspect.label if suspect else 'a suspect'}",
        status,
        tone,
        ("/list/source-drift-list", "All covert source reviews"),
        acts,
        {
            "Suspect": _suspect(row.suspect, suspect.label if suspect else ""),
            "Due since": stamp(row.due) if row.due else "",
            "Decided until": dated(str(row.expires)) if row.expires and not row.due else "",
            "A decision lasts": f"at most a year: until {dated(str(visit.now.date() + LONGEST))}",
        },
        [_describe_request(fact) for fact in history if isinstance(fact.event, StatusReviewDue)],
        steps_of(
            history,
            STEPS,
            decision=labels.DRIFT_DECISIONS.__getitem__,
            date=lambda day: dated(str(day)),
        ),
        part="desk/standing_one.html",
        values={
            "row": row,
            "months": months,
            "most": max((month.items for month in months), default=0),
        },
    )


def _suspect(item: UUID, label: str) -> str:
    link = Markup('<a class="govuk-link" href="/people/{}">{}</a>')
    return link.format(item, clip(label, 60)) if label else "no access"


def _describe_request(fact: Recorded) -> str:
    """Return a sentence that says who requested the review, and why."""
    event = fact.event
    assert isinstance(event, StatusReviewDue)  # noqa: S101 (the caller has checked the type)
    entry = Markup(' (<a class="govuk-link" href="/items/{}">log entry</a>)')
    return Markup("{}: {}{}{}{}").format(
        labels.DRIFT_GROUNDS[event.grounds].capitalize(),
        "" if fact.erased else words(event.reason),
        ". The source is under 16" if event.under_16 else "",
        ". The suspect is their own parent" if event.own_parent else "",
        entry.format(event.observation) if event.observation else "",
    )


def _status(row: view.Review) -> tuple[str, Tone]:
    if row.due:
        return ("Decision overdue" if row.late else "Decision due"), "orange"
    if row.late or row.decision is None:
        return "The decision has expired", "orange"
    return labels.DRIFT_DECISIONS[row.decision], "green"


#: The words for each step of the review of a source.
STEPS = {
    "source.status_review_due": "Review requested",
    "source.status_decided": "{decision:decision}, until {expires:date}: {reason}",
}
