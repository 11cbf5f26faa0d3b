"""Reads the list of calls of a phone: `calls.xml` of "SMS Backup & Restore".

`<call number duration date type contact_name>` with the duration in seconds, the date in
milliseconds since 1970, and a type: 1 received, 2 made, 3 missed, 4 voicemail, 5 declined, 6 from a
blocked number. The file does not contain the number of the phone from which it comes, so the user
has to give this number.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

from msgspec import Struct

from domain import forms
from domain.kernel.values import Origin
from ingest.files.problems import BadRow, FilePosition, Rejected, Unanswered
from ingest.forms import sms_backup
from ingest.forms.message_plan import PickedPlan
from ingest.forms.messages import ChatMessage, key
from ingest.words.context import Context
from ingest.words.drafts import CallDraft, Read
from ingest.words.occurrences import Occurrences

_MADE = "2"
_TYPES = frozenset("123456")
_LONGEST = 30 * 86_400


class PhoneCall(Struct, frozen=True):
    """A call in the list of a phone's calls. `key` is the phone number at the other end of the
    call, in normal form."""

    place: FilePosition
    key: str
    number: str
    name: str | None
    at: datetime | None
    date: str
    duration: str
    type: str

    def as_message(self) -> ChatMessage:
        """Return the call as a message of a conversation, so that the user can choose it from a
        list of conversations.
        """
        return ChatMessage(self.place, self.key, self.name, True, self.at, self.date, "")


def calls(path: Path) -> Iterator[PhoneCall]:
    """Yield the calls in a file, one at a time. Raises BadFile if the file is incomplete or not
    XML."""
    for element, place in sms_backup.elements(path, ("call",), "calls"):
        at, date = sms_backup.moment(element)
        number = sms_backup.attribute(element, "number")
        yield PhoneCall(
            place=place,
            key=key(number),
            number=number,
            name=sms_backup.attribute(element, "contact_name") or None,
            at=at,
            date=date,
            duration=sms_backup.attribute(element, "duration"),
            type=sms_backup.attribute(element, "type"),
        )


class CallLogPlan(PickedPlan):
    """The plan to import the calls of a phone."""

    form = "calls"

    def reads(self) -> Iterator[Read | Rejected]:
        """Yield the calls whose other number is one that the user chose."""
        occurrences = Occurrences()
        own = own_number(self.path, self.context)
        for call in calls(self.path):
            if call.key in self.picked:
                call_fields = ("call", key(own), call.key, call.date, call.type, call.duration)
                identity = ("calls", self.context.dataset, *call_fields)
                yield self._read(call, own, (*identity, str(occurrences.count(identity))))

    def _read(self, call: PhoneCall, own: str, identity: tuple[str, ...]) -> Read | Rejected:
        cells = {
            "from": own if call.type == _MADE else call.number,
            "to": call.number if call.type == _MADE else own,
            "time": call.at.isoformat() if call.at else call.date,
            "duration": call.duration,
        }
        try:
            draft = _draft(call, cells)
        except BadRow as bad:
            return Rejected(call.place.at(column=bad.column), "calls", bad.reason, identity, cells)
        origin = Origin(self.file.sha256, "calls", call.place.row or 1, None, self.path.name)
        return Read(call.place, origin, draft, identity, lambda: cells)

    def stored_parts(self) -> Iterator[bytes]:
        """Yield only those parts of the file that are about calls with the chosen numbers."""
        yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f"<calls excerpt-of={quoteattr(self.file.sha256)}>\n".encode()
        for call in calls(self.path):
            if call.key in self.picked:
                attribute_texts = {
                    "number": call.number,
                    "date": call.date,
                    "duration": call.duration,
                    "type": call.type,
                    "contact_name": call.name or "",
                }
                attributes = " ".join(
                    f"{name}={quoteattr(text)}" for name, text in attribute_texts.items()
                )
                yield f"  <call {attributes}/>\n".encode("utf-8", "replace")
        yield b"</calls>\n"


def own_number(path: Path, context: Context) -> str:
    """Return the phone number of the phone from which a list of calls comes, as the user gave it.
    Raises Unanswered if the user gave no phone number, or a text that is not one."""
    place = FilePosition(path.name)
    remedy = "give its number with --phone"
    if not context.phone:
        raise Unanswered(
            place, "the file does not say whose phone these calls are from", remedy, "phone"
        )
    if forms.phone(context.phone) is None:
        raise Unanswered(place, f"{context.phone!r} is not a phone number", remedy, "phone")
    return context.phone


def _draft(call: PhoneCall, cells: dict[str, str]) -> CallDraft:
    if not any(letter.isdigit() for letter in call.number):
        raise BadRow(
            "the other number of this call is withheld: correct it, or leave the call out", "from"
        )
    if call.type not in _TYPES:
        raise BadRow(f"{call.type!r} is not a type of call: write a number from 1 to 6", "type")
    if call.at is None:
        raise BadRow(f"{call.date!r} is not a time: write it like 2011-02-14 23:40", "time")
    if not call.duration.isdecimal() or int(call.duration) > _LONGEST:
        raise BadRow(
            f"{call.duration!r} is not a duration: write the duration in seconds", "duration"
        )
    end = call.at + timedelta(seconds=int(call.duration))
    return CallDraft(cells["from"], cells["to"], call.at, end)
