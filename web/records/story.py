"""The demo's story: a family in twelve sentences, each with the page to open and the
words to type.
"""

import shlex
from functools import cache, partial
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response

from demo.family import FamilySentence, family
from demo.story import StoryStep, stories
from web.made import listing
from web.site.navigation import opens
from web.site.request_context import Looking, NotThere, Visit

router = APIRouter()


@router.get("/story")
def shown(visit: Looking) -> Response:
    """Show the story on the demo's store. Raises NotThere on any other store."""
    return visit.page(
        "records/story.html",
        sentences=_sentences(visit),
        shown=shlex.join,
        may_open=partial(_may_open, visit),
    )


def is_due(visit: Visit) -> bool:
    """Return whether the reader is redirected to the demo's story now. Each reader is redirected
    once, and only on a server that was started with the story.
    """
    led = visit.house.led_to_story
    if led is None or visit.reader.name in led:
        return False
    led.add(visit.reader.name)
    try:
        return bool(_sentences(visit))
    except NotThere:
        return False


def _may_open(visit: Visit, page: str) -> bool:
    """Return whether the reader may open the page that a sentence of the demo's story names."""
    path = urlsplit(page).path
    if path.startswith("/list/"):
        try:
            listing.question_of(visit, path.removeprefix("/list/"))
        except NotThere:
            return False
    return opens(visit.reader, path)


def _sentences(visit: Visit) -> list[FamilySentence]:
    """Return the sentences of the story, with the ids that the demo's items have in this store.
    Raises NotThere if the store does not have these items.
    """
    log = visit.system.logs["evidence"]

    def id_of(label: str) -> str:
        facts = log.command(_labelled()[label].command_id) if visit.system.synthetic else None
        if not facts:
            raise NotThere("page")
        return str(facts[0].stream)

    return family(id_of)


@cache
def _labelled() -> dict[str, StoryStep]:
    """Return those steps of the demo's stories that have a label, by label."""
    return {f"{step.story}.{step.label}": step for step in stories() if step.label}
