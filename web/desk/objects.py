"""Screens of one person or thing: a person, child, vehicle, place, phone, account or incident."""

from typing import get_args
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from msgspec import Struct, structs

from domain import forms
from domain.intelligence.for_decision import LACKS
from domain.kernel.codes import ResultKind
from domain.kernel.values import ENTITY_KINDS, OFFENDER_CATEGORIES
from projections.kernel.database import Db
from questions.intelligence import for_decision
from questions.intelligence import person as whole
from questions.intelligence.person import Person, PersonContext
from web.desk import act_pages, person_acts, small_map, timeline
from web.site import labels
from web.site.known_at import NOT_YET, AskedDay, asked_day
from web.site.object_acts import Acts
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()


class Gap(Struct, frozen=True):
    """Something that is missing in the evidence before the police can act, and the next question to
    ask about it."""

    words: str
    question: str = ""


def gaps(visit: Visit, db: Db, shown: Person) -> list[Gap] | None:
    """Return what is missing in the evidence about a suspect or vehicle before the police can act,
    if the reader may read the network. Return None for other people and things."""
    if not visit.may_ever("see-network"):
        return None
    if shown.person.kind == "vehicle":
        whole_plate = any(forms.plate(name) for name in shown.person.names)
        owned = any(tie.kind in ("owns", "driver-of") for tie in shown.links if not tie.known_to)
        found_gaps = [] if whole_plate else [Gap(*LACKS["plate"])]
        return found_gaps if owned else [*found_gaps, Gap("no keeper or driver")]
    if shown.person.kind != "person" or not shown.person.categories & OFFENDER_CATEGORIES:
        return None
    row = for_decision.of_person(db, visit.reader, shown.who, visit.now)
    return [Gap(str(gap), gap.question) for gap in row.gaps] if row else None


@router.get("/people/{who}")
def person(visit: Looking, who: UUID, known: str = "", was: str = "", show: str = "") -> Response:
    """Show the page of a person or thing, as of now or of the end of a day. Records that were
    judged the same are shown together. `show` is the part of the page to show in full:
    "timeline" or "links"."""
    visit.require_kind(who, *ENTITY_KINDS)
    day = asked_day(visit, known, was)
    with visit.reading() as db:
        found_person, more, day = _read(visit, db, who, day)
        missing = None if day.at else gaps(visit, db, found_person)
    ties = whole.order_by_evidence(found_person.links)
    own = frozenset(found_person.members)
    values = structs.asdict(found_person) | structs.asdict(more) | {"links": ties}
    del values["status"]
    return visit.page(
        "desk/person.html",
        status=422 if day.fault else 200,
        **values,
        kind=found_person.person.kind,
        own_ids=own,
        others=found_person.others,
        statuses_now=found_person.status,
        acts=person_acts.acts(visit, found_person, more),
        timeline=timeline.timeline(
            timeline.of_person(found_person, more), whole=show == "timeline"
        ),
        all_links=show == "links",
        drawn=small_map.small_map(ties, own, more.names),
        gaps=missing,
        known_on=day.at,
        asked=day.typed,
        fault=day.fault,
    )


def _read(visit: Visit, db: Db, who: UUID, day: AskedDay) -> tuple[Person, PersonContext, AskedDay]:
    """Return a person or thing as of the end of a day. If nothing was recorded by that day, return
    the present state with a note about this. Raises NotThere."""
    found_person = whole.read_person(visit.desk, db, visit.reader, who, visit.now, known_at=day.at)
    if found_person is None and day.at is not None:
        found_person = whole.read_person(visit.desk, db, visit.reader, who, visit.now)
        day = AskedDay(None, day.typed, NOT_YET)
    if found_person is None:
        raise NotThere("person")
    return (
        found_person,
        whole.read_context(visit.desk, db, visit.reader, found_person, visit.now),
        day,
    )


def _acts_of(visit: Visit, who: UUID) -> tuple[Acts, Person, PersonContext]:
    """Return the actions that this reader may do on a person or thing, with the data of its page.
    Raises NotThere."""
    visit.require_kind(who, *ENTITY_KINDS)
    with visit.reading() as db:
        found_person, more, _ = _read(visit, db, who, AskedDay(None, ""))
    return person_acts.acts(visit, found_person, more), found_person, more


@router.get("/people/{who}/do/{act}")
def person_act(visit: Looking, who: UUID, act: str, row: str = "") -> Response:
    """Show the form of one action on a person or thing."""
    acts, found_person, more = _acts_of(visit, who)
    return act_pages.form(
        visit,
        acts,
        found_person.person.label,
        act,
        row,
        results={kind: labels.FOLLOWED[kind] for kind in get_args(ResultKind)},
        causes=person_acts.causes(more),
    )
