"""The API's operations that are made from declared use cases: address, body, description."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from commands.kernel.unit_of_work import Receipt
from domain.kernel.codes import EvidenceKind
from domain.kernel.values import Refused
from usecases.kernel.fields import Declaration, Field, find_silent_hits, make_use_case
from usecases.kernel.registry import USE_CASES
from usecases.kernel.usecase import perform
from web.api.call import ApiCall
from web.api.operation import Operation

#: A pattern of a text that is not blank. It lists U+001C to 1F and U+0085, which are blank
#: characters in Python, but not in JSON Schema's patterns (ECMA-262).
NOT_BLANK = r"[^\s\x1c-\x1f\x85]"
#: For each kind of item, the word with which addresses of such items begin; "item" means any kind.
SEVERAL = {
    "case": "cases",
    "person": "people",
    "evidence": "evidence",
    "observation": "observations",
    "link": "links",
    "item": "items",
    "family-promise": "promises",
    "interview": "study-interviews",
    "family-need": "needs",
    "threat": "threats",
    "waiting": "waiting",
    "publication": "publications",
    "marac": "maracs",
    "at-risk": "at-risk",
    "parent-risk": "parent-risks",
    "hearing": "hearings",
    "bail": "bails",
    "charging-decision": "charging-decisions",
    "appeal": "appeals",
    "notice": "notices",
    "breach": "breaches",
    "victim-request": "victim-requests",
    "reporting-duty": "reporting-duties",
    "standing-search": "standing-searches",
    "chart": "charts",
    "standing-pattern": "standing-patterns",
    "meeting": "meetings",
    "decision": "decisions",
}
#: The words with which addresses begin for copies, deadlines and duties, which are not items of the
#: record. For these three kinds, the command itself checks whether the user has access.
ELSEWHERE = {"copy": "copies", "due": "due", "duty": "rota"}
#: For a placeholder in an address that accepts several kinds of item: the accepted kinds; () means
#: any kind.
KINDS: dict[str, tuple[str, ...]] = {"evidence": get_args(EvidenceKind), "item": ()}


def operation(name: Declaration) -> Operation:
    """Return the operation that performs this use case. Its address contains the id of the item
    that the use case is about."""
    last = name.named.address or name.named.slug
    about = name.about.name if name.about else None
    kind = str(name.named.about)
    several = (SEVERAL | ELSEWHERE).get(kind, f"{kind}s")
    first = f"/{several}/{{{about}}}" if about else ""

    def does(call: ApiCall, given: Mapping[str, object], **parts: UUID) -> Receipt:
        # a command that was recorded before gets its first receipt again, even if the caller can no
        # longer see its item
        if kind in SEVERAL and not call.desk.known_commands([call.command_id]):
            for part in parts.values():
                call.require_kind(part, *KINDS.get(kind, (kind,)))
        use = make_use_case(name, {part: str(item) for part, item in parts.items()} | dict(given))
        try:
            return perform(use, call.desk, call.reader, call.command_id)
        except Refused as refused:
            call.touched = find_silent_hits(use, call.desk, call.reader)
            field = name.where(use, refused)
            refused.field = field.name if field else None
            raise

    does.__doc__ = name.sentence
    return Operation(
        method="POST",
        path=f"{first}/{last}",
        name=name.named.slug.replace("-", "_"),
        asks=name.named.command,
        does=does,
        parts=(about,) if about else (),
        asked=None,
        given=_body(name),
        answer=Receipt,
        takes="application/json",
        gives="application/json",
        repeatable=True,
        declared=True,
    )


def _body(name: Declaration) -> type[msgspec.Struct]:
    """Return the class of the request's body, from which its schema is made."""
    fields = [_described(field) for field in name.fields if field != name.about]
    several = isinstance(name.use.named, tuple)
    called = name.named.command.title() if several else name.use.__name__
    return msgspec.defstruct(
        re.sub(r"\W", "", called),
        sorted(fields, key=lambda each: len(each) > 2),
        frozen=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": name.sentence},
    )


def _described(field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
    words = f"{field.ask.label} {field.ask.hint}".strip()
    annotated: Any = Annotated
    pattern = NOT_BLANK if field.required and field.form == "text" else None
    kind = annotated[field.type, Meta(description=words, pattern=pattern)]
    return (field.name, kind) if field.required else (field.name, kind, field.default)


OPERATIONS = tuple(map(operation, USE_CASES.values()))
