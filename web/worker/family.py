"""Screens of one family: contacts, the charity's notes, and, for people with the compartment, the
child's health and placements."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.families import casework, charity_support, safe_contact
from questions.families import case as whole
from web.desk import second_person
from web.site import labels
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
Short = Annotated[str, Form(max_length=20_000)]
#: Contacts and notes shown at once, the newest.
MOST = 50
#: Newest rows on the page, if a list of all is a step away.
NEWEST = 5


@router.get("/cases/{case}")
def family(visit: Looking, case: UUID) -> Response:
    """Show the family's page."""
    return _page(visit, case)


def _page(visit: Visit, case: UUID, way: safe_contact.CheckedContact | None = None) -> Response:
    visit.kind_of(case, "case")
    with visit.reading() as db:
        found = whole.shown(visit.desk, db, visit.reader, case, visit.now)
    if found is None:
        raise NotThere("case")
    newest = list(reversed(found.notes[-MOST:]))
    told = [one for one in found.news if one.told][-NEWEST:]
    shown = {
        "contacts": list(reversed(found.contacts))[:NEWEST],
        "told_log": list(reversed(found.told_log))[:NEWEST],
        "invited": list(reversed(found.invited[-MOST:])),
        "asked_how": list(reversed(found.asked_how[-MOST:])),
        "health": found.health[-MOST:],
        "placements": found.placements[-MOST:],
        "decided": found.decided[-MOST:],
        "away": list(reversed(found.away))[:MOST],
        "news": [one for one in found.news if not one.told] + told,
    }
    return visit.page(
        "worker/family.html",
        **(vars(found) | shown),
        earlier={
            "contacts": len(found.contacts) - NEWEST,
            "told": len(found.told_log) - NEWEST,
        },
        facts=[one for one in newest if one.opinion != "opinion"],
        opinions=[one for one in newest if one.opinion == "opinion"],
        way=way,
        proposed=labels.PROPOSED,
        proposed_as=second_person.CHOICES,
        today=visit.now.date(),
        one_for_both=casework.ONE_FOR_BOTH,
    )


@router.post("/cases/{case}/check")
def check(visit: Sending, case: UUID, to: Short = "") -> Response:
    """Check whether a message, letter or call there may reach a person who harms the child."""
    return _page(visit, case, _checked(visit, to))


def _checked(visit: Visit, to: str) -> safe_contact.CheckedContact:
    channel = charity_support.channel(visit.desk, to.strip())
    with visit.reading() as db:
        return safe_contact.check_told(db, visit.reader, channel, to)
