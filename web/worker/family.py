"""One family: what the charity did with them and how it sees them, and, for those who hold them,
the child's health and placements."""

from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.families import casework, member, parent, same_child, support, ways
from commands.families import child as child_facts
from commands.justice import notices
from commands.kernel.called import with_children
from domain.kernel.codes import Compartment
from projections import missing
from projections.composed import odd
from projections.due import victims
from projections.families import (
    cases,
    compartments,
    families,
    marac,
    needs,
    profiles,
    publications,
    waiting,
)
from projections.families import support as view
from projections.intelligence import meetings, people
from projections.justice import charging, court, outcomes, reporting, victim_requests
from projections.kernel.database import Db
from questions import sufficiency
from web.desk import proposing
from web.site import labels
from web.site.visit import Looking, NotThere, Sending, Visit

router = APIRouter()
Short = Annotated[str, Form(max_length=20_000)]
#: Contacts and notes shown at once, the newest.
MOST = 50
#: So many of the newest stand on the page, where a list of all is one step away.
NEWEST = 5
#: What is decided about a charge, ordered and appealed in a case.
CHARGED = (charging.decisions, charging.orders, charging.appeals)


def _case(visit: Visit, case: UUID) -> cases.Case:
    visit.kind_of(case, "case")
    with visit.reading() as db:
        found = cases.get(db, visit.reader, case)
    if found is None:
        raise NotThere("case")
    return found


@router.get("/cases/{case}")
def family(visit: Looking, case: UUID) -> Response:
    """The family's page."""
    return _page(visit, case)


def _page(visit: Visit, case: UUID, way: ways.Checked | None = None) -> Response:
    row = _case(visit, case)
    with visit.reading() as db:
        child = people.entities(db, visit.reader, [row.child]).get(row.child)
        notes = view.notes(db, visit.reader, case)[-MOST:]
        made = view.contacts(db, visit.reader, case)
        told_log = families.told(db, visit.reader, case)
        promised = families.promises(db, visit.reader, case)
        invited = families.invitations(db, visit.reader, case)[-MOST:]
        asked_how = families.asked(db, visit.reader, case)[-MOST:]
        carers = people.entities(db, visit.reader, [one.carer for one in told_log if one.carer])
        health = compartments.health(db, visit.reader, case)[-MOST:]
        placed = compartments.placements(db, visit.reader, case)[-MOST:]
        holders = {
            which: compartments.holders(db, visit.reader, case, which)
            for which in get_args(Compartment)
        }
        followed = outcomes.of_case(db, visit.reader, case)
        heard = _court(db, visit, case)
        decided = meetings.decisions(db, visit.reader, about=case)
        rests = {one for row in decided for one in (*row.rests_on, *row.became)}
        grounds = with_children(db, visit.reader, rests)
        charged = tuple(one(db, visit.reader, case) for one in CHARGED)
        handles = sufficiency.open_to(db, visit.reader, case)
        stands = sufficiency.of_case(db, visit.reader, case) if handles else None
        news = victims.steps(db, visit.reader, case)
        news = [one for one in news if not one.told] + [one for one in news if one.told][-NEWEST:]
        warned = notices.of_child(db, visit.reader, visit.now, row.child)
        asked_for = victim_requests.of_case(db, visit.reader, case)
        duties = reporting.of_case(db, visit.reader, case)
        tried = (*followed, *heard["hearings"], *heard["bails"], *heard["pleas"])
        tried += tuple(each for rows in charged for each in rows)
        whose = [one.person for one in tried if one.person]
        names = people.entities(db, visit.reader, whose)
        doubts = odd.said(db, visit.reader, [one.item for one in followed])
        waits = proposing.of_case(db, visit, case)
        models = profiles.models(db, visit.reader, case)
        endangered = parent.of_case(db, visit.reader, case)
        its = member.of_family(visit.desk, db, visit.reader, case)
        away = missing.of_case(db, visit.reader, case)
        missing_in = same_child.missing_in(db, visit.reader, case)
        plan = missing.plans(db, visit.reader, [case]).get(case) if child else None
        lives = _lives(db, visit, case)
        rates = visit.may("rate") or visit.may("work")
        told = child_facts.shown(visit.desk, db, visit.reader, row.child) if rates else None
        offered = _workers(db, visit) if visit.may("allocate") else []
    return visit.page(
        "worker/family.html",
        row=row,
        child=child,
        contacts=list(reversed(made))[:NEWEST],
        told_log=list(reversed(told_log))[:NEWEST],
        earlier={"contacts": len(made) - NEWEST, "told": len(told_log) - NEWEST},
        promised=promised,
        invited=list(reversed(invited)),
        asked_how=list(reversed(asked_how)),
        carers=carers,
        facts=[one for one in reversed(notes) if one.opinion != "opinion"],
        opinions=[one for one in reversed(notes) if one.opinion == "opinion"],
        health=health,
        placements=placed,
        holders=holders,
        way=way,
        told=told,
        waits=waits,
        away=list(reversed(away))[:MOST],
        missing_in=missing_in,
        plan=plan,
        proposed=labels.PROPOSED,
        proposed_as=proposing.CHOICES,
        today=visit.now.date(),
        offered=offered,
        followed=followed,
        odd=doubts,
        names=names,
        heard=heard,
        decided=decided[-MOST:],
        grounds=grounds,
        its=its,
        endangered=endangered,
        models=models,
        one_for_both=casework.ONE_FOR_BOTH,
        warned=warned,
        news=news,
        stands=stands,
        charged=charged,
        asked_for=asked_for,
        duties=duties,
        lives=lives,
    )


def _lives(db: Db, visit: Visit, case: UUID) -> dict[str, list[Any]]:
    """What the family lives with: needs, threats, moves, no worker, what is published."""
    asked = (db, visit.reader, case)
    return {
        "needs": needs.needs(*asked),
        "threats": needs.threats(*asked),
        "moves": needs.moves(*asked),
        "waiting": waiting.of_case(*asked),
        "published": publications.published(*asked),
        "texts": publications.texts(*asked),
        "maracs": marac.of_case(*asked),
    }


def _court(db: Db, visit: Visit, case: UUID) -> dict[str, list[Any]]:
    """What a court does in the case, and what is seen to around it."""
    return {
        "hearings": court.hearings(db, visit.reader, case),
        "bails": court.bails(db, visit.reader, case),
        "pleas": court.pleas(db, visit.reader, case),
        "measures": court.measures(db, visit.reader, case),
        "accounts": court.accounts(db, visit.reader, case),
        "steps": court.steps(db, visit.reader, case),
    }


@router.post("/cases/{case}/check")
def check(visit: Sending, case: UUID, to: Short = "") -> Response:
    """May a message, letter or call there reach somebody who harms the child?"""
    return _page(visit, case, _checked(visit, to))


def _checked(visit: Visit, to: str) -> ways.Checked:
    channel = support.channel(visit.desk, to.strip())
    with visit.reading() as db:
        return ways.check_told(db, visit.reader, channel, to)


def _workers(db: Db, visit: Visit) -> list[str]:
    """Who works on the cases that this person sees: offered where one is to be named."""
    return sorted(worker for worker, _ in cases.load(db, visit.reader).by_worker)
