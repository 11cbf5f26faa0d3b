"""Who somebody is: names, categories and their grounds, age; and somebody who is new."""

from typing import Annotated, Literal, get_args
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands import entity
from domain.entity import AliasKind
from domain.values import PoleCategory, Refused
from projections import people
from web import labels
from web.asking import day, said
from web.visit import Sending, Visit

router = APIRouter()
Short = Annotated[str, Form(max_length=500)]
Words = Annotated[str, Form(max_length=20_000)]
CommandId = Annotated[UUID, Form()]
Young = Literal["", "yes", "no"]
YOUNG: dict[Young, bool | None] = {"": None, "yes": True, "no": False}
CHOICES: dict[str, dict[str, str]] = {
    "aliases": {
        "nickname": "A nickname",
        "name": "A name",
        "former-name": "A former name",
        "misspelling": "A misspelling",
    },
    "categories": {code: labels.CATEGORIES[code] for code in get_args(PoleCategory)},
    "new_categories": {"": "Nothing yet"} | labels.CATEGORIES,
    "young": {"": "Not known", "yes": "Yes", "no": "No"},
}


@router.post("/people")
def add(
    visit: Sending,
    command_id: CommandId,
    name: Short = "",
    nickname: Short = "",
    description: Words = "",
    category: Annotated[PoleCategory | Literal[""], Form()] = "",
    grounds: Words = "",
    young: Annotated[Young, Form()] = "",
) -> Response:
    """Somebody new; without a name it is a person not known yet, and none is invented."""
    called, other = said(name), said(nickname)
    receipt = entity.record_person(
        visit.desk,
        visit.reader,
        command_id=command_id,
        name=called or other,
        known=bool(called),
        description=said(description),
        under_18=YOUNG[young],
        categories=[(category, grounds)] if category else [],
        aliases=[("nickname", other)] if called and other else [],
    )
    return visit.go(f"/people/{receipt.id}", "Recorded. Say next whom or what they are tied to.")


@router.post("/people/{who}/alias")
def alias(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    kind: Annotated[AliasKind, Form()],
    name: Short = "",
) -> Response:
    """Another name."""
    visit.kind_of(who, "person")
    entity.add_alias(visit.desk, visit.reader, str(who), kind, name.strip(), command_id=command_id)
    return visit.go(f"/people/{who}", "Added.")


@router.post("/people/{who}/name")
def name_person(visit: Sending, who: UUID, command_id: CommandId, name: Short = "") -> Response:
    """A person not known until now has a name; ties keep their ids."""
    visit.kind_of(who, "person")
    entity.name_person(visit.desk, visit.reader, str(who), name.strip(), command_id=command_id)
    return visit.go(f"/people/{who}", "Named.")


@router.post("/people/{who}/category")
def classify(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    category: Annotated[PoleCategory, Form()],
    grounds: Words = "",
) -> Response:
    """A category, with its grounds; several may stand together."""
    visit.kind_of(who, "person")
    entity.classify(visit.desk, visit.reader, str(who), category, grounds, command_id=command_id)
    return visit.go(f"/people/{who}", f"Recorded as {labels.CATEGORIES[category].lower()}.")


@router.post("/people/{who}/category/end")
def end_category(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    category: Annotated[PoleCategory, Form()],
    grounds: Words = "",
) -> Response:
    """No longer in this category, under whichever of their ids it stands."""
    visit.kind_of(who, "person")
    for one in _recorded_as(visit, who, category):
        entity.end_classification(
            visit.desk,
            visit.reader,
            str(one),
            category,
            grounds,
            command_id=uuid5(command_id, one.hex),
        )
    return visit.go(f"/people/{who}", f"No longer {labels.CATEGORIES[category].lower()}.")


def _recorded_as(visit: Visit, who: UUID, category: PoleCategory) -> list[UUID]:
    with visit.reading() as db:
        known = people.entities(db, visit.reader, people.together(db, visit.reader, who))
    found = sorted(one for one, row in known.items() if category in row.categories)
    if not found:
        raise Refused(f"nobody here is recorded as {labels.CATEGORIES[category].lower()}")
    return found


@router.post("/people/{who}/age")
def age(
    visit: Sending,
    who: UUID,
    command_id: CommandId,
    born: Annotated[str, Form()] = "",
    young: Annotated[Young, Form()] = "",
    words: Words = "",
) -> Response:
    """An age as it is known."""
    visit.kind_of(who, "person")
    entity.record_age(
        visit.desk,
        visit.reader,
        str(who),
        YOUNG[young],
        day(born),
        said(words),
        command_id=command_id,
    )
    return visit.go(f"/people/{who}", "The age is recorded.")
